"""Hashes of the frames of an item as text of hexadecimal digits, so that a table can hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from kit.media.views import ROWS, Prints

_FRAME = np.dtype([("second", ">u2"), ("quality", "u1"), ("panel", "u1"), ("hashes", "u8", (ROWS, 4))])


class Frames(NamedTuple):
    """Frames of one item, those too flat left out."""

    seconds: np.ndarray
    panel_share: np.ndarray
    hashes: np.ndarray  # frames x ROWS x 4
    total: int  # frames with those too flat


def packed(frames: Iterable[tuple[int, Prints]]) -> str:
    """Frames as text: the second, the quality, the panel's share in 1/255, and the hashes."""
    rows = [(second, p.quality, round(255 * p.panel_share), p.hashes) for second, p in frames]
    return np.array(rows, _FRAME).tobytes().hex()


def unpacked(text: str | None, *, least: int = 0) -> Frames:
    """Frames of at least quality `least`."""
    rows = np.frombuffer(bytes.fromhex(text or ""), _FRAME)
    kept = rows[rows["quality"] >= least]
    return Frames(kept["second"].astype(int), kept["panel"] / 255, kept["hashes"], len(rows))


def quality(text: str | None) -> int | None:
    """The best quality of any frame; None where there is none."""
    rows = np.frombuffer(bytes.fromhex(text or ""), _FRAME)
    return int(rows["quality"].max()) if len(rows) else None


def panel_share(text: str | None) -> float | None:
    """The middle of the shares that panels fill."""
    rows = np.frombuffer(bytes.fromhex(text or ""), _FRAME)
    return round(float(np.median(rows["panel"])) / 255, 3) if len(rows) else None
