"""How often the findings speak of equals, and what they miss: measured through the kit's own way, from export to page.

`python -m tests.acceptance` makes worlds whose truth is known, writes each to disk as a report of its own, builds its
case, asks every finding that the notebooks ask, and writes docs/acceptance.md. It goes on where it was stopped.

Nothing here knows how the kit measures: `trees` and `planted` are written from what the words mean, and share no line
with `kit/` or `simulation/`, so that no method was tuned on them.
"""
