"""In which form text and tables leave the house: visible controls, inert CSV.

Two promises, each kept by pure functions:

- `safe_text`: no character of the data can hide, reorder or restyle what a reader sees;
- `safe_csv`: a spreadsheet that opens the file finds text and numbers, never a formula.

Which numbers leave it is the matter of `kit.disclosure`.
"""

from kit.redact.sheets import csv_text, read_csv_back, safe_csv
from kit.redact.text import defang, mixed_scripts, safe_text, visible

__all__ = [
    "csv_text",
    "defang",
    "mixed_scripts",
    "read_csv_back",
    "safe_csv",
    "safe_text",
    "visible",
]
