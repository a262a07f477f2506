"""PDQ, a perceptual hash of 256 bits: alike for pictures that look alike.

After the description of Facebook (Davis & Rosen 2019). A hash is four numbers of 64 bits.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

SIDE = 512  # pixels of the longer side that is looked at
GOOD = 50  # quality below which a picture is too flat to be told from another


def shrunk(image: Image.Image) -> Image.Image:
    """The picture in colour, at most `SIDE` pixels wide and high."""
    image = image.convert("RGB")
    if max(image.size) > SIDE:
        image.thumbnail((SIDE, SIDE), Image.Resampling.BILINEAR)
    return image


def waves(image: Image.Image) -> tuple[np.ndarray, int]:
    """The 16 x 16 lowest frequencies of a picture's light, and its quality from 0 (flat) to 100."""
    light = np.asarray(shrunk(image), np.float64) @ np.array([0.299, 0.587, 0.114])
    rows, columns = light.shape
    for _pass in range(2):
        light = _smooth(_smooth(light, (columns + 127) // 128, 1), (rows + 127) // 128, 0)
    down = ((np.arange(64) + 0.5) * rows / 64).astype(int)
    across = ((np.arange(64) + 0.5) * columns / 64).astype(int)
    block = light[np.ix_(down, across)]
    steps = sum(np.abs(np.trunc(np.diff(block, axis=axis) * 100 / 255)).sum() for axis in (0, 1))
    return _DCT @ block @ _DCT.T, int(min(100, steps // 90))


def bits(frequencies: np.ndarray) -> np.ndarray:
    """The hash: which frequencies lie above their median, as four numbers of 64 bits."""
    return np.packbits(frequencies.ravel() > np.median(frequencies)).view(np.uint64)


def mirrored(frequencies: np.ndarray) -> np.ndarray:
    """The frequencies of the picture turned left to right: odd waves change their sign."""
    return frequencies * _ODD


def _smooth(values: np.ndarray, window: int, axis: int) -> np.ndarray:
    """Means over `window` values along an axis, over fewer at the edges."""
    length, ahead = values.shape[axis], (window + 2) // 2
    sums = np.insert(np.cumsum(values, axis), 0, 0.0, axis)
    at = np.arange(length)
    low, high = np.maximum(0, at - (window - ahead)), np.minimum(length, at + ahead)
    shape = (-1, 1) if axis == 0 else (1, -1)
    return (np.take(sums, high, axis) - np.take(sums, low, axis)) / (high - low).reshape(shape)


_DCT = np.sqrt(2 / 64) * np.cos(np.pi / 128 * np.outer(np.arange(1, 17), 2 * np.arange(64) + 1))
_ODD = np.where(np.arange(16) % 2, 1.0, -1.0)
