"""Publish: run the notebooks of a report, render the page, say what may leave the house."""

import sys

# jsonschema, which nbformat brings, builds 38 grammars of internationalised addresses wherever this package is
# installed: seconds of every run, for a format that no schema of notebooks has. Without it that check is left out.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
