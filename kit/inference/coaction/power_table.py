"""What was found of planted networks; written by `python -m tests.copying_acceptance`, not by hand."""

ORDINARY = 5000  # accounts around each network
WORLDS = 20  # of each row
#: accounts, posts each, templates, template share; share found at text level, validated; most ordinary
ROWS: tuple[tuple[int, float, int, float, float, float, int], ...] = ()
