"""Counts of fewer than ten people, withheld so that they cannot be worked out either."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.locale import N_
from kit.locale.later import Text, joined, later_n

#: counts of people below this are withheld in the public edition
THRESHOLD = 10

_MEASURED = re.compile(
    r"(.*_)?(accounts|posts|n|k|estimate|low|high|share|rate|ratio|mean|median|p|q|count|value|score)(_.*)?"
)


#: ends of a class, which say nothing of how many are in it
_BOUND = re.compile(r".*_(from|to)(_days)?")


def _numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def people_columns(table: pd.DataFrame) -> list[str]:
    """Columns that count people: `accounts`, `*_accounts`, and `n` where it counts accounts.

    `n` counts accounts unless `table.attrs["n_unit"]` names another unit or the table
    has a column `accounts` of its own.
    """
    names = [c for c in table.columns if c == "accounts" or str(c).endswith("_accounts")]
    if (
        "n" in table.columns
        and "accounts" not in names
        and table.attrs.get("n_unit", "accounts") == "accounts"
    ):
        names.append("n")
    return [c for c in names if _numeric(table[c])]


def _measures(table: pd.DataFrame, keys: set[str]) -> list[str]:
    """Numbers that say something about the row: all from the first measured column on."""
    names = list(table.columns)
    names = [name for name in names if not _BOUND.fullmatch(str(name))]
    start = next((i for i, name in enumerate(names) if _MEASURED.fullmatch(str(name))), len(names))
    return [name for name in names[start:] if name not in keys and _numeric(table[name])]


def _implied(table: pd.DataFrame, name: str, whole: np.ndarray) -> np.ndarray | None:
    """Counts of people that a share of `whole` gives away, where it gives a whole number."""
    is_share = name == "share" or name.endswith("_share")
    if not is_share and not (name == "estimate" and table.attrs.get("unit", "share").startswith("share")):
        return None
    people = table[name].to_numpy(dtype=float, na_value=np.nan) * whole
    near = np.round(people)
    with np.errstate(invalid="ignore"):
        good = (np.abs(people - near) < 1e-6 * np.maximum(whole, 1)) & (near >= 0) & (near <= whole)
    return np.where(good, near, np.nan)


def small_cells(
    table: pd.DataFrame,
    *,
    threshold: int = THRESHOLD,
    within: Sequence[str] | Sequence[Sequence[str]] = ("group",),
) -> tuple[pd.DataFrame, Text | None]:
    """`table` without any count of 1 to `threshold - 1` people, and a note saying what was withheld.

    A small count is set to missing with every number of its row that would give it
    away (shares, intervals, posts, …; the size of the whole it is a part of stays).
    A part is also small when what is left of the whole is. Rows that agree in
    `within` are taken to add up to a total published elsewhere; where totals of several
    kinds are published, `within` may list several such sets of columns. In each such
    block further rows, the smallest first, are withheld until from the total no
    withheld count can be shown to be below the threshold: their sum, less one for
    each of the others, is at least `threshold`. Zeros stay, but in withheld rows.

    The note is None and the table unchanged where nothing is small. Differences
    between tables with different blocks are not looked at.
    """
    people = people_columns(table)
    if not people or table.empty:
        return table, None
    margins = [(m,) if isinstance(m, str) else tuple(m) for m in within] if within else []
    if within and all(isinstance(m, str) for m in within):
        margins = [tuple(map(str, within))]
    margins = [tuple(c for c in m if c in table.columns) for m in margins] or [()]
    measures = _measures(table, {c for m in margins for c in m})
    whole = next((c for c in ("accounts", "n") if c in people), None)

    counts = {c: table[c].to_numpy(dtype=float, na_value=np.nan) for c in people}
    if whole:
        for name in measures:
            if (given := _implied(table, str(name), counts[whole])) is not None:
                counts[f"{name} of {whole}"] = given

    gone = _small_rows(counts, whole, threshold)
    first = gone["all"] | gone["part"]
    if not first.any():
        return table, None
    blocks = [block for margin in margins for block in _blocks(table, margin)]
    _complement(counts, whole, gone, blocks, threshold)

    result = table.copy()
    for name in measures:
        rows = gone["all"] if name == whole else gone["all"] | gone["part"]
        if pd.api.types.is_integer_dtype(result[name]):
            result[name] = result[name].astype("Int64")
        result[name] = result[name].mask(pd.Series(rows, index=result.index))
    return result, _note(int(first.sum()), int((gone["all"] | gone["part"]).sum() - first.sum()), threshold)


def _small_rows(counts: dict[str, np.ndarray], whole: str | None, threshold: int) -> dict[str, np.ndarray]:
    """Rows to withhold for their own sake: `all` with the whole, `part` without it."""

    def small(values: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return (values >= 1) & (values < threshold)

    nothing = np.zeros(len(next(iter(counts.values()))), dtype=bool)
    gone = {"all": small(counts[whole]) if whole else nothing.copy(), "part": nothing.copy()}
    for name, values in counts.items():
        if name != whole:
            gone["part"] |= small(values)
            if whole:
                gone["part"] |= small(counts[whole] - values)
    return gone


def _blocks(table: pd.DataFrame, margin: tuple[str, ...]) -> list[np.ndarray]:
    if not margin:
        return [np.arange(len(table))]
    groups = table.groupby(list(margin), sort=False, dropna=False, observed=True)
    return [np.asarray(rows) for rows in groups.indices.values()]


def _complement(
    counts: dict[str, np.ndarray],
    whole: str | None,
    gone: dict[str, np.ndarray],
    blocks: list[np.ndarray],
    threshold: int,
) -> None:
    """Withhold further rows in `gone` until no block's total gives a withheld count away."""
    changed = True
    while changed:
        changed = False
        for rows in blocks:
            for name, values in counts.items():
                kind = "all" if name == whole else "part"
                hidden = gone["all"] | gone[kind]
                here = rows[values[rows] >= 1]  # zeros and missing counts hide nothing
                held = here[hidden[here]]
                while len(held) and (len(held) == 1 or values[held].sum() - len(held) + 1 < threshold):
                    left = here[~hidden[here]]
                    if not len(left):
                        break  # the total itself is small, or is the one count
                    add = left[np.argmin(values[left])]
                    gone[kind][add] = hidden[add] = changed = True
                    held = here[hidden[here]]


def _note(small: int, more: int, threshold: int) -> Text:
    said = [
        later_n(
            "{n} row is withheld because it would count fewer than {threshold} accounts.",
            "{n} rows are withheld because they would count fewer than {threshold} accounts.",
            small,
            threshold=threshold,
        )
    ]
    if more:
        said.append(
            later_n(
                "{n} further row is withheld so that they cannot be worked out from a total.",
                "{n} further rows are withheld so that they cannot be worked out from a total.",
                more,
            )
        )
    return joined(said, " ")


# ---------------------------------------------------------------------------
# facts and findings

_NUMBERS = ("value", "estimate", "low", "high", "n", "k", "p", "q", "difference")


def _is_small(item: dict[str, Any], unit: str, threshold: int) -> bool:
    def given(*names: str) -> float | None:
        found = next((item[name] for name in names if item.get(name) is not None), None)
        if isinstance(found, bool) or not isinstance(found, int | float) or math.isnan(found):
            return None
        return float(found)

    value, n = given("value", "estimate"), given("n")
    if unit == "accounts" or unit.endswith("_accounts"):
        if value is not None and 1 <= value < threshold:
            return True
        return value is not None and n is not None and 1 <= n - value < threshold
    if not unit.startswith("share") or "posts" in unit:
        return False
    if n is not None and 1 <= n < threshold:
        return True
    if value is None or n is None or not 0 <= value <= 1:
        return False
    part = round(value * n)
    if unit != "share of accounts" and abs(value * n - part) > 1e-6 * n:
        return False  # not a share of these accounts
    return 1 <= part < threshold or 1 <= n - part < threshold


def small_fact(fact: dict[str, Any], *, threshold: int = THRESHOLD) -> dict[str, Any]:
    """A fact or finding without any number about 1 to `threshold - 1` accounts.

    Looked at where its unit is `accounts` (or ends in `_accounts`) or a `share…` that
    is not of posts: the count itself, the part and the rest of a share, and its n.
    Control and sensitivity entries are judged one by one. What is withheld loses its
    numbers and gains `withheld` with the words to show, still to be translated; sentences in `text` that
    repeat the numbers, and a difference from a withheld control, go with them. Everything else is returned as it was.
    """
    unit = str(fact.get("unit") or "")
    result = _without_numbers(fact) if _is_small(fact, unit, threshold) else dict(fact)
    for part in ("control", "sensitivity"):
        held = result.get(part)
        if isinstance(held, dict):
            result[part] = small_fact({"unit": unit, **held}, threshold=threshold)
        elif isinstance(held, list):
            result[part] = [
                small_fact({"unit": unit, **entry}, threshold=threshold) if isinstance(entry, dict) else entry
                for entry in held
            ]
    if _withheld_now(fact.get("control"), result.get("control")):
        # the sentence repeats the control's numbers, and value less difference gives them
        result |= {key: {} if key == "text" else None for key in ("text", "difference") if key in result}
    return result


def _withheld_now(before: Any, after: Any) -> bool:
    """Whether a control that was given has lost its numbers just now."""
    pairs = [(before, after)] if isinstance(before, dict) else zip(before or [], after or [], strict=True)
    return any(isinstance(a, dict) and "withheld" in a and "withheld" not in b for b, a in pairs)


def _without_numbers(fact: dict[str, Any]) -> dict[str, Any]:
    result = {key: None if key in _NUMBERS else value for key, value in fact.items()}
    if "text" in result:
        result["text"] = {}
    return result | {"withheld": N_("fewer than 10 accounts")}
