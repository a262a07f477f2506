"""Every kernel compiled ahead: `python -m kit.kernels`, at set-up or beside the first run.

A kernel compiles when it is first called with a kind of arguments, for seconds, in the middle of a
notebook. Here each question that has kernels is asked of a few made-up rows, of the same kinds as those
of a case; what is compiled is kept (`kit.compiled`). Nothing happens where all is there already.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from kit import compiled

_DONE = "whole"  # the file that says that every kernel is there


def missing() -> bool:
    """Whether some kernel may have to be compiled yet, and could be kept."""
    place = compiled.folder()
    return place is not None and not (place / _DONE).exists()


def compile_all() -> None:
    """Compile every kernel that is not kept yet."""
    _near_equal_texts()
    _synchrony()
    _pairs()
    if place := compiled.folder():
        (place / _DONE).touch()


def compile_in_background() -> subprocess.Popen[bytes] | None:
    """Begin to compile what is missing in a process of its own; None where there is nothing to do.

    A kernel that is needed meanwhile is compiled by whoever needs it; both keep the same.
    """
    if not missing():
        return None
    nowhere = subprocess.DEVNULL
    command = [sys.executable, "-m", "kit.kernels"]
    return subprocess.Popen(  # noqa: S603 (our own module)
        command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )


def _near_equal_texts() -> None:
    from kit.texts import near_duplicates
    from kit.texts.normal import coded

    texts = ["the ferry leaves at nine from the old harbour", "the ferry leaves at ten from the old harbour"]
    codes, starts = coded(texts)
    near_duplicates.kernel.hashes(codes, starts)
    near_duplicates.kernel.gather(codes, starts[:-1], starts)
    near_duplicates.near(codes, starts, np.zeros(2, bool), np.ones(2, np.int64))


def _synchrony() -> None:
    from kit.inference.coaction import synchrony

    thing, account = np.divmod(np.arange(40), 4)
    synchrony.detect(thing, account, thing * 86_400.0 + account, origin_s=thing * 86_400.0)


def _pairs() -> None:
    from kit.inference.coaction import order, pairs, weights

    thing, account = np.divmod(np.arange(12), 3)
    time, window = np.arange(12) * 1000, 60_000
    pairs.preview(thing, account, time, window)
    pairs.preview(thing, account, time * 5 * 10**14, window)  # centuries
    pairs.pairs(thing, account, np.arange(12), time, window)
    pairs.edges(thing, account, np.arange(12), time, window)
    thing, account, time = order.checked(window, {"object": thing, "account": account}, time)
    near = order.neighbours(order.ordered(thing, time, window), account, window)
    weights.ranges(weights.prepared(near, np.arange(12)), part=2, giant=1)


if __name__ == "__main__":
    compile_all()
