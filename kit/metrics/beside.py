"""What the same test says of the comparison group, beside what it says of the studied one.

People with ordinary lives sleep, rest and answer news: a pattern that the comparison group has too tells nothing about
the studied accounts, and a reader must see that in the same sentence.
"""

from __future__ import annotations

import pandas as pd

NOBODY = "no_group"


def beside(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `beside`: on the row of the studied group the verdict on the control, or that there is none.

    >>> beside(pd.DataFrame({"group": ["studied", "control"], "n": [9, 5], "verdict": ["found", "found"]}))["beside"].tolist()
    ['found', None]
    """
    found = NOBODY
    for row in table.to_dict("records"):
        if row["group"] == "control" and row["n"]:
            found = row["verdict"]
    said = [found if group == "studied" else None for group in table["group"]] if len(table) else []
    return table.assign(beside=pd.Series(said, index=table.index, dtype=object))
