"""Sound as a second channel: how many bits of two fingerprints differ where they fit best."""

from __future__ import annotations

import numpy as np

SAME = 0.25  # share of bits that may differ in the same sound
LEAST = 14  # numbers of 32 bits that must overlap, about 1.7 seconds
WINDOW = 40  # numbers of the best stretch looked for, about 5 seconds
_CELLS = 2**25  # comparisons at a time


def bit_error_rate(a: np.ndarray, b: np.ndarray) -> float:
    """Least share of bits that differ, over every way of laying one fingerprint along the other.

    Over the whole overlap, or over its best stretch of `WINDOW` numbers; 1 where either is too short.
    """
    if len(a) > len(b):
        a, b = b, a
    if len(a) < LEAST:
        return 1.0
    # pad the longer one so that every offset with an overlap of at least LEAST is a window of it
    free = len(a) - LEAST
    padded = np.concatenate([np.zeros(free, np.uint32), b, np.zeros(free, np.uint32)])
    held = np.concatenate([np.zeros(free, bool), np.ones(len(b), bool), np.zeros(free, bool)])
    offsets = len(padded) - len(a) + 1
    best, step = 1.0, max(1, _CELLS // len(a))
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(a))
    there = np.lib.stride_tricks.sliding_window_view(held, len(a))
    for start in range(0, offsets, step):
        used = there[start : start + step]
        wrong = np.where(used, np.bitwise_count(windows[start : start + step] ^ a), 0)
        sums, counts = (np.insert(np.cumsum(part, 1, dtype=np.int32), 0, 0, 1) for part in (wrong, used))
        best = min(best, float((sums[:, -1] / counts[:, -1]).min()) / 32)
        if len(a) > WINDOW:
            whole = counts[:, WINDOW:] - counts[:, :-WINDOW] == WINDOW
            stretch = sums[:, WINDOW:] - sums[:, :-WINDOW]
            if whole.any():
                best = min(best, float(stretch[whole].min()) / (WINDOW * 32))
    return best
