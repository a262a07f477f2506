"""The version of the kit: what cases and colophons were made with."""

__version__ = "0.1.0"
