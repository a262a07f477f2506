"""Putting an edge table together from ranges of accounts, in memory or on disk.

Two threads: one range is being collected while another is added up and a third is being stored.
Where a range begins in the table depends only on the ranges before it, so the table is the same
whichever thread was faster.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from kit.errors import OutputError
from kit.inference.coaction.weights import Work, columns_for, desk, meet, ranges, total

_DESKS, _AHEAD = 4, 2  # ranges in work, and those of them that are being collected

#: place(desk, edges, edges before) -> columns and the row to write them at
Place = Callable[[int, int, int], tuple[dict[str, np.ndarray], int]]
#: take(desk, edges): what was placed is written
Take = Callable[[int, int], None]


def bytes_a_row(work: Work, wide: bool) -> int:
    """Memory of one row of the table."""
    return sum(column.itemsize for column in columns_for(0, wide, work.keys.dtype).values())


def in_memory(work: Work, window: int, room: int, wide: bool) -> pd.DataFrame:
    """The whole table in columns of `room` rows; rows that are never written take no memory."""
    columns = columns_for(room, wide, work.keys.dtype)

    def place(_desk: int, _size: int, before: int) -> tuple[dict[str, np.ndarray], int]:
        return columns, before

    rows = _assemble(work, window, place, lambda _desk, _size: None)
    return pd.DataFrame({name: column[:rows] for name, column in columns.items()}, copy=False)


def on_disk(work: Work, window: int, wide: bool, folder: str | Path | None) -> pd.DataFrame:
    """The whole table, each column in an unnamed temporary file that lives as long as the table does."""
    columns = columns_for(0, wide, work.keys.dtype)
    parts = [columns_for(0, wide, work.keys.dtype) for _ in range(_DESKS)]

    def place(at: int, size: int, _before: int) -> tuple[dict[str, np.ndarray], int]:
        if size > len(parts[at]["pairs"]):
            parts[at] = columns_for(size, wide, work.keys.dtype)
        return parts[at], 0

    def take(at: int, size: int) -> None:
        for name, file in files.items():
            parts[at][name][:size].tofile(file)

    try:
        with ExitStack() as opened:
            files: dict[str, IO[bytes]] = {
                name: opened.enter_context(tempfile.TemporaryFile(dir=folder)) for name in columns
            }
            if rows := _assemble(work, window, place, take):
                for name, file in files.items():
                    mapped = np.memmap(file, columns[name].dtype, mode="c", shape=(rows,))
                    columns[name] = mapped.view(np.ndarray)
    except OSError as error:
        hint = "Give a folder with more room, or a shorter window."
        where, why = str(folder or tempfile.gettempdir()), error.strerror or error
        raise OutputError(f"the edges cannot be kept on disk ({why})", where=where, hint=hint) from None
    return pd.DataFrame(columns, copy=False)


def _assemble(work: Work, window: int, place: Place, take: Take) -> int:
    """Count every range, write it where `place` says, and have it taken in order; returns the rows."""
    pieces = ranges(work)
    room = max((piece.room for piece in pieces), default=0)
    desks = [desk(work, room, window) for _ in range(min(_DESKS, len(pieces)))]
    if len(pieces) == 1:
        n, size = meet(work, desks[0], pieces[0])
        total(work, desks[0], pieces[0], n, 0, *place(0, size, 0))
        take(0, size)
        return size
    rows = 0
    collecting: deque[Future[tuple[int, int]]] = deque()
    writing: deque[tuple[int, int, Future[None]]] = deque()
    with ThreadPoolExecutor(2) as pool:
        for at in range(len(pieces) + _AHEAD):
            if len(writing) > _DESKS - _AHEAD - 1:  # the desk that is needed next
                _finish(writing, take)
            if at < len(pieces):
                collecting.append(pool.submit(meet, work, desks[at % _DESKS], pieces[at]))
            if 0 <= (done := at - _AHEAD) < len(pieces):
                n, size = collecting.popleft().result()
                own = done % _DESKS
                goal = place(own, size, rows)
                writing.append(
                    (own, size, pool.submit(total, work, desks[own], pieces[done], n, rows, *goal))
                )
                rows += size
        while writing:
            _finish(writing, take)
    return rows


def _finish(writing: deque[tuple[int, int, Future[None]]], take: Take) -> None:
    own, size, written = writing.popleft()
    written.result()
    take(own, size)
