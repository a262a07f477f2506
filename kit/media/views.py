"""Views of one picture: whole, without its border, the panel inside it, each turned, and its middle.

A copy may have gained a border, sit inside a screenshot, be turned left to right or be cut.
Each view has a hash; two pictures are as far apart as their nearest views.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image

from kit.media import pdq

#: rows of `Prints.hashes`: whole, trimmed, panel, each beside its mirror image; then the middle of the panel
ASKED = (0, 2, 4)  # views with which a picture asks whether another holds it
PANEL = 4  # first row that shows the panel alone
ROWS = 10
_MIDDLES = (0.1, 0.2)  # shares of width and height cut away


class Prints(NamedTuple):
    """Hashes of the views of one picture, its quality, and the share of it that the panel fills."""

    hashes: np.ndarray  # ROWS x 4 numbers of 64 bits
    quality: int
    panel_share: float


def prints(image: Image.Image) -> Prints:
    """All views of a picture."""
    whole = pdq.shrunk(image)
    inside = trim(whole)
    part = trim(panel(inside))
    hashes: list[np.ndarray] = []
    quality, known = 0, {}
    for look in (whole, inside, part, *(_middle(part, cut) for cut in _MIDDLES)):
        if id(look) not in known:
            known[id(look)] = pdq.waves(look), look  # kept, so that no other look can have its id
        frequencies, good = known[id(look)][0]
        quality = max(quality, good) if len(hashes) <= PANEL else quality
        hashes += [pdq.bits(frequencies), pdq.bits(pdq.mirrored(frequencies))]
    share = part.width * part.height / (whole.width * whole.height)
    return Prints(np.array(hashes), quality, share)


def trim(image: Image.Image, *, tolerance: int = 14, least: float = 0.25) -> Image.Image:
    """Without borders of one colour; the picture itself where too little would be left."""
    grey = np.asarray(image.convert("L"), np.int16)
    height, width = grey.shape
    top, bottom, left, right = (_even(side, tolerance) for side in (grey, grey[::-1], grey.T, grey.T[::-1]))
    if top + bottom > height * (1 - least) or left + right > width * (1 - least):
        return image
    if not top + bottom + left + right:
        return image
    return image.crop((left, top, width - right, height - bottom))


def _even(lines: np.ndarray, tolerance: int) -> int:
    """How many of the first lines hold hardly anything but the colour of the first."""
    uneven = (np.abs(lines - np.median(lines[0])) > tolerance).mean(1) > 0.02
    return int(np.argmax(uneven)) if uneven.any() else len(lines)


def panel(image: Image.Image, *, tolerance: int = 18, filled: float = 0.6) -> Image.Image:
    """The largest block that differs from the colour of the edges: the picture inside a screenshot.

    The picture itself where its edges have no common colour or no block stands out.
    """
    pixels = np.asarray(image.convert("RGB"), np.int16)
    height, width = pixels.shape[:2]
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(edge, 0)
    if np.mean(np.abs(edge - ground).max(1) <= tolerance) < 0.5:
        return image
    other = np.abs(pixels - ground).max(2) > tolerance
    left, right = _longest(other.mean(0) > 0.15, width)
    if right - left < width * 0.3:
        return image
    top, bottom = _longest(other[:, left:right].mean(1) > filled, height)
    if bottom - top < height * 0.15:
        return image
    left, right = _longest(other[top:bottom].mean(0) > filled, width)
    small = min(right - left, bottom - top) < 64 or (right - left) * (bottom - top) < 0.06 * width * height
    return image if small else image.crop((left, top, right, bottom))


def _longest(marked: np.ndarray, size: int) -> tuple[int, int]:
    """Start and end of the longest run of marked lines; gaps of about one hundredth are part of a run."""
    at = np.flatnonzero(marked)
    if not len(at):
        return 0, 0
    cuts = np.flatnonzero(np.diff(at) > max(2, int(size * 0.01)))
    starts, ends = at[np.insert(cuts + 1, 0, 0)], at[np.append(cuts, len(at) - 1)] + 1
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best])


def _middle(image: Image.Image, cut: float) -> Image.Image:
    width, height = image.size
    across, down = int(width * cut / 2), int(height * cut / 2)
    return image.crop((across, down, width - across, height - down))
