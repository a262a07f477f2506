"""How exactly the time of a post is known, as SQL: one rule for all that puts posts in order or side by side."""

from __future__ import annotations

from kit.schema.model import TIME_PRECISIONS

#: precision -> seconds that a time of it can mean; a time of unstated precision counts as a day
SECONDS = dict(zip(TIME_PRECISIONS, (0.001, 1.0, 60.0, 3600.0, 86400.0), strict=True))

#: SQL of a post's time and day in the clock `$clock`; a time that is no more than a day stays that day in any clock
LOCAL = "(created_at AT TIME ZONE 'UTC' AT TIME ZONE $clock)"
LOCAL_DAY = f"CAST(CASE WHEN time_precision = 'day' THEN created_at ELSE {LOCAL} END AS DATE)"


def timed(post: str = "p.") -> str:
    """SQL that holds for a time that was recorded and not worked out; `post` stands before its columns."""
    return f"{post}created_at IS NOT NULL AND {post}time_source IS DISTINCT FROM 'estimate'"


def step(post: str = "p.") -> str:
    """SQL of the seconds that a post's time can mean."""
    cases = " ".join(f"WHEN '{name}' THEN {s:g}" for name, s in SECONDS.items() if name != "day")
    return f"CASE {post}time_precision {cases} ELSE {SECONDS['day']:g} END"


def earliest(post: str = "p.") -> str:
    """SQL of the first moment that a post's time can mean, in seconds since 1970.

    A day is that day in whatever clock it was kept: somewhere it begins 14 hours before it does in UTC.
    """
    return f"(epoch({post}created_at) - CASE WHEN {step(post)} >= 86400 THEN 14 * 3600 ELSE 0 END)"


def latest(post: str = "p.") -> str:
    """SQL of the moment by which a post was surely there; a day ends 12 hours after it does in UTC."""
    return f"(epoch({post}created_at) + {step(post)} + CASE WHEN {step(post)} >= 86400 THEN 12 * 3600 ELSE 0 END)"
