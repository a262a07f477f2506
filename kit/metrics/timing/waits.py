"""How long replies wait, by the hour of the post they answer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import MetricError
from kit.inference import outcomes, rhythm
from kit.locale import N_
from kit.metrics import metric
from kit.metrics.timing.posts import arrays, by_group, clock_of

_MINUTES = N_("minutes")


def _answered(case: Any) -> dict[str, pd.DataFrame]:
    """Replies whose own time and whose target's time are known."""
    return {
        group: posts[posts["target"].notna()] for group, posts in by_group(case, subset="replies").items()
    }


@metric(N_("How long replies wait, by the hour of the post they answer"))
def waiting(case: Any, *, clock: str = "UTC") -> pd.DataFrame:
    """At which hours of the targets' posts do the replies come at once, and when do they wait?

    Columns: group, hour_utc (hour_local where another `clock` is asked for), n (replies), targets
    (posts answered), estimate, low, high (median minutes waited). 24 rows a group.
    Formula: median over replies that came within 48 hours; interval by resampling target posts
    (from 5 on). Posts made after a crew's day wait for the next one: the wait jumps at the
    end of its day and falls by an hour an hour until the next begins.
    Missing: replies whose own or whose target's time is unknown or coarser than a minute.
    Source: docs/timing-acceptance.md; no template of a working day is needed.
    A jump does not prove where anybody is: it gives hours of a clock, and a timer has them too.

    >>> waiting(case, clock="Asia/Bangkok")  # doctest: +SKIP
    """
    name = "hour_utc" if clock_of(case, clock) == "UTC" else "hour_local"
    rows = []
    for group, posts in _answered(case).items():
        utc, target, key = arrays(posts, "utc", "target", "reply_to_key")
        hour = _hours(target, clock)
        for h, middle, low, high, n, m in rhythm.waiting_by_hour(utc, target, key, hour, seed=case.seed):
            rows.append((group, h, n, m, middle, low, high))
    table = pd.DataFrame(rows, columns=["group", name, "n", "targets", "estimate", "low", "high"])
    table.attrs |= {"clock": clock, "n_unit": "replies", "unit": _MINUTES}
    return table


def _hours(minutes: np.ndarray, clock: str) -> np.ndarray:
    moments = pd.DatetimeIndex((minutes * 60e9).astype("int64")).tz_localize("UTC").tz_convert(clock)
    return np.asarray(moments.hour)


@metric(N_("Do replies wait for certain hours?"), outcomes=outcomes.ENOUGH)
def waiting_test(case: Any, *, harmonics: int = 2, within_h: float = 48, draws: int = 499) -> pd.DataFrame:
    """Do the repliers have hours of their own, or do replies come as fast at every hour?

    Columns: group, n (replies), targets (posts answered), estimate (median minutes waited), low, high
    (empty), p, accounts, verdict (present at p <= 0.01, else cannot_tell).
    Formula: median log wait per target post, of replies within `within_h` hours, regressed on `harmonics` of
    its UTC hour; waits shuffled among target posts, `draws` times; 30 target posts are needed.
    Missing: as `waiting`.
    Source: docs/timing-acceptance.md: always-on repliers reject in 0.02-0.07 at 0.05.
    A small p does not prove people at work: schedules wait too.

    >>> waiting_test(case)  # doctest: +SKIP
    """
    if harmonics not in range(1, 12) or not 0 < within_h <= 48:
        raise MetricError(
            "harmonics from 1 to 11, and hours above 0 up to 48", found=f"{harmonics}, {within_h}"
        )
    rows = []
    for group, posts in _answered(case).items():
        times = arrays(posts, "utc", "target", "reply_to_key")
        test = rhythm.waiting_test(
            *times, harmonics=harmonics, longest=within_h * 60, draws=draws, seed=case.seed
        )
        verdict = "present" if test.p <= 0.01 else "cannot_tell"
        sentence = "too_few" if math.isnan(test.p) else verdict
        size = (test.replies, test.targets, test.median, math.nan, math.nan, test.p)
        rows.append((group, *size, posts["account_key"].nunique(), verdict, sentence))
    names = "group n targets estimate low high p accounts verdict sentence".split()
    table = pd.DataFrame(rows, columns=names)
    table.attrs |= {"n_unit": "replies", "unit": _MINUTES}
    return table
