"""The shape of a claim."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A finding that can be made.

    `property` names what it is about, for the stamp *by construction* when the
    inclusion rule selected on it. `supports` are the rungs of `kit.wording.RUNGS` that
    prose may claim where it is present; a count never supports more than coordination. `compare` is how the verdict comes about: against
    the `control`, by a `test` against the set's own background, or `given` by the
    metric. `margin` is the smallest difference worth calling present. Sentences are
    English msgids with the fields value, low, high, n, control (with its
    interval), label, p and every setting.
    """

    title: str
    property: str
    unit: str
    sentences: dict[str, str]
    limits: tuple[str, ...]
    compare: str = "control"
    margin: float = 0.05
    alpha: float = 0.01
    supports: tuple[str, ...] = ()
