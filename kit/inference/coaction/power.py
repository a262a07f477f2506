"""How large a network of copiers would have to be to be found: the measured case nearest to one's own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kit.errors import MetricError
from kit.inference.coaction.power_table import ORDINARY, ROWS, WORLDS


class Power(NamedTuple):
    """A planted network and what was found of it.

    `text` and `validated` are the shares of its accounts with three posts or more that were found at each
    level, `most` the largest number of the `ordinary` accounts around it that were in a validated group in
    any of `worlds` worlds.
    """

    accounts: int
    posts_each: float
    templates: int
    template_share: float
    text: float
    validated: float
    most: int
    ordinary: int
    worlds: int


def power_near(accounts: float, posts_each: float, templates: float, template_share: float) -> Power:
    """What would be found of a network of about this shape?

    The row of the measured table (docs/copying-acceptance.md) whose value is nearest on each axis, as a
    ratio; of two as near, the one that is harder to find. The table is a full grid, so there is always such
    a row; a network far outside of it is only said to be like its edge. All four must be above 0, else
    MetricError.
    """
    asked = np.array([accounts, posts_each, templates, template_share], float)
    if not np.all(np.isfinite(asked) & (asked > 0)):
        raise MetricError("the shape of a network is given in numbers above 0", found=asked.tolist())
    grid = np.array([row[:4] for row in ROWS], float)
    near = np.ones(len(grid), bool)
    for axis, harder in enumerate((1, 1, -1, 1)):  # fewer accounts, posts, repeats; more templates
        values = np.unique(grid[:, axis])[::harder]
        away = np.round(np.abs(np.log(values / asked[axis])), 9)
        near &= grid[:, axis] == values[np.argmin(away)]
    return Power(*ROWS[int(np.flatnonzero(near)[0])], ORDINARY, WORLDS)
