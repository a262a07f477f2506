"""What may leave the house, and in which form: visible controls, inert CSV, no small cells.

Three promises, each kept by pure functions:

- `safe_text`: no character of the data can hide, reorder or restyle what a reader sees;
- `safe_csv`: a spreadsheet that opens the file finds text and numbers, never a formula;
- `small_cells`, `small_fact`: nobody can read, or work out from a published total,
  a count of fewer than ten people.
"""

from kit.redact.cells import THRESHOLD, people_columns, small_cells, small_fact
from kit.redact.sheets import csv_text, read_csv_back, safe_csv
from kit.redact.text import defang, mixed_scripts, safe_text, visible

__all__ = [
    "THRESHOLD",
    "csv_text",
    "defang",
    "mixed_scripts",
    "people_columns",
    "read_csv_back",
    "safe_csv",
    "safe_text",
    "small_cells",
    "small_fact",
    "visible",
]
