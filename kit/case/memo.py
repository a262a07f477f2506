"""Answers to queries, kept in memory: every other setting of a finding asks much the same of the case once more."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

MOST = 128  # answers kept, those asked for last
ROWS, BYTES = 20_000, 1_000_000  # larger ones are not kept: all together they take at most 128 MB

#: values that are written out whole: an array of numbers is cut in the middle, and two would look like one
_PLAIN = (str, int, float, list, tuple, dt.date, type(None))

_kept: OrderedDict[Hashable, pd.DataFrame] = OrderedDict()


def question(scope: tuple[Any, ...], query: str, values: Mapping[str, Any]) -> Hashable | None:
    """The key of a query with its values; None where the values cannot be told apart for certain."""
    if not all(isinstance(value, _PLAIN) for value in values.values()):
        return None
    return (*scope, query, repr(sorted(values.items())))


def once(key: Hashable | None, ask: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """What `ask` answers, from memory where the answer under `key` is small; a copy, which the caller may change.

    `key` holds everything that the answer depends on; None where that cannot be said.
    """
    if key is None:
        return ask()
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key].copy()
    answer = ask()
    if len(answer) <= ROWS and answer.memory_usage(deep=True).sum() <= BYTES:
        _kept[key] = answer.copy()
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return answer
