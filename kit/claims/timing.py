"""Sentences about posting times: what they say about where, and the eight ways of not saying it.

`OUTCOMES` words every outcome of `kit.metrics.timing.zone` by its code. They say
"posting times" and "clock", never where anyone is. The premise, the case that no
statistic on hours can notice and the warning about the usual chart stand here once.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.claims.model import Claim, Sentence, sentence, told
from kit.inference import outcomes
from kit.locale import N_
from kit.locale.later import counted, later, percentage

PREMISE = N_("Premise: an ordinary working day that starts between 8 and 10 and rests at weekends.")
BLIND = N_(
    "A day that is shifted as a whole, such as a late office or a night shift, cannot be noticed: in simulation it gave"
    " a wrong range three to four hours off."
)
USUAL = N_(
    "The usual chart would pick UTC{usual_offset}, where {usual_share} of the posts fall between 9 and 17 o'clock from"
    " Monday to Friday. It misleads: some clock always comes out first, it has no error bar, and it cannot say that it"
    " does not know."
)
MEAL = N_(
    "Within that range, a midday gap at {hour}-{next} h is seen only at UTC{offset} (ratio {ratio}, 95 % {low} to"
    " {high}). This supports, and does not show, that clock."
)
CHOSEN = N_("Hours in the clock {clock}; chosen by whoever wrote the report, not by the data.")
SCHEDULED = N_(
    "Posting times alone cannot show where anyone is: people on late or night shifts, and posts scheduled for readers"
    " elsewhere, would look the same at another clock."
)

OUTCOMES: dict[str, str] = {
    "O1": N_(
        "If this group works an ordinary day that starts between 8 and 10 and rests at weekends, its clock is between"
        " UTC{from_offset} and UTC{to_offset}. This range holds {places}. Posting times alone cannot show where anyone"
        " is: people on late or night shifts, and posts scheduled for readers elsewhere, would look the same at another"
        " clock. Based on {n} posts by {accounts} accounts on {days} days."
    ),
    "O1b": N_(
        "The posts follow a daily clock that fits a working day between UTC{from_offset} and UTC{to_offset}. Who set"
        " that clock, people there or a schedule made for readers there, is not known."
    ),
    "O2": N_(
        "Premise, from evidence {evidence}: this group keeps {declared} hours. If so, its clock is between"
        " UTC{from_offset} and UTC{to_offset}. This range holds {places}. Without that evidence the posting times do not"
        " say this. Posts scheduled for readers elsewhere would look the same at another clock. Based on {n} posts by"
        " {accounts} accounts on {days} days."
    ),
    "O2a": N_(
        "Premise, from evidence {evidence}: this group keeps {declared} hours. If so, its clock is between"
        " UTC{from_offset} and UTC{to_offset}. This range holds {places}. The people they address keep a clock in this"
        " range too (UTC{audience}), so posts scheduled for them would look the same. Without that evidence the posting"
        " times do not say this. Based on {n} posts by {accounts} accounts on {days} days."
    ),
    "R1": N_("Too few posts or days to say anything about time of day: 100 posts on 10 days are needed."),
    "R2": N_(
        "Cannot tell. No daily rhythm was found (p = {p}). Round-the-clock posting, several crews, or too few posts"
        " would all look like this."
    ),
    "R3": N_(
        "Cannot tell. The replies come as fast at every hour, so their times show when the targets post, not when the"
        " repliers are awake."
    ),
    "R4": N_(
        "Cannot tell. The accounts keep different hours (spread {spread_hours} h between accounts); they should be"
        " looked at in groups."
    ),
    "R5": N_("Cannot tell. None of the daily patterns tested fits these posts."),
    "R6": N_(
        "Cannot tell. There is a daily rhythm, but it could be people posting in their spare time or part-time work as"
        " well as a working day, so its start says nothing about the clock."
    ),
    "R6w": N_(
        "Cannot tell. There is a daily rhythm, but no pause at weekends as deep as that of an ordinary working week:"
        " people posting in their spare time or part-time work fit these posts as well as a working day, so its start"
        " says nothing about the clock."
    ),
    "R7": N_(
        "Cannot tell precisely. If people with ordinary days and nights write these posts, their clock is somewhere"
        " between UTC{from_offset} and UTC{to_offset} ({value} hours wide)."
    ),
    "R8": N_(
        "Cannot tell. The posts follow the clock of the people they address (UTC{audience}). Local people, a local crew"
        " and a scheduler abroad would all look like this."
    ),
    "R9": N_(
        "Cannot tell. All posts together would fit a working day, but original posts and replies taken apart do not"
        " agree on it."
    ),
    "no_data": N_("Cannot tell. No post has a time that is exact enough."),
}

_WEEKS = N_("Schools, markets and the people addressed have weekends too.")
_TIMERS = N_("A timer has a daily rhythm as people do.")
_SEEN = N_("Platform exports hold the posts a platform found, not those it missed.")
_EVENTS = N_("Events move everybody: the control and the events of the days come first.")
_LEVEL = N_("Called found at p ≤ 0.02; a week counts once, however many accounts post in it.")
_HOURS = N_("It cannot be told whether the posts keep to certain hours")
_PAUSE = N_("It cannot be told whether the studied accounts post less at weekends")
_REPLIERS = N_("It cannot be told whether the repliers have hours of their own")
_NO_HOLIDAY = N_("The period holds no public holiday that could be compared.")
_NO_BURST = N_("It cannot be told whether there was a burst: three weeks and ten posts are needed.")
_NO_LEVEL = N_(
    "It cannot be told whether the level of posting changed: three weeks and ten posts are needed."
)
_FRAME = N_("{said} {also}")
_LONG_FRAME = N_("{said} {also} {last}")
_LIVES = N_("People with ordinary lives have this too; the same test on the control: {beside}.")
_MOVED = N_("Events move everybody; the same test on the control: {beside}.")
_CONTROL = N_("The same test on the control: {beside}.")
_ONLY = N_(
    "They show hours that somebody keeps, not where anyone is: a schedule has them too, and a late office eats late."
)
_THEIRS = N_(
    "The people addressed keep that clock too: they themselves, a crew among them and a schedule made for them would all"
    " look like this."
)


def _with(said: str, also: str, last: str = "") -> Sentence:
    """What was found of the studied accounts, and what belongs beside it."""
    return (
        sentence(_LONG_FRAME, said=said, also=also, last=last)
        if last
        else sentence(_FRAME, said=said, also=also)
    )


_THREE = N_(
    "Three signs that need no template of a working day point to the clock UTC{clock_offset}: four fifths of the account"
    " hours fall between {from_hour} and {to_hour}; the posts pause at midday at this clock and no other ({ratio} times the hours"
    " beside, {ratio_low} to {ratio_high}); replies to posts made from {jump_hour} on wait for the next day."
)
_AND_HOURS = N_(
    "Two signs that need no template of a working day point to the clock UTC{clock_offset}: the posts pause at midday at this"
    " clock and no other ({ratio} times the hours beside, {ratio_low} to {ratio_high}), and four fifths of the account hours fall"
    " between {from_hour} and {to_hour}. The third sign, how long replies wait, says nothing."
)
_AND_WAITS = N_(
    "Two signs that need no template of a working day point to the clock UTC{clock_offset}: the posts pause at midday at this"
    " clock and no other ({ratio} times the hours beside, {ratio_low} to {ratio_high}), and replies to posts made from {jump_hour} on"
    " wait for the next day. The third sign, the block of posting hours, says nothing."
)

CLAIMS = {
    "office_clock": Claim(
        title=N_("What the posting times say about where"),
        property="posting_time",
        unit="hours wide",
        kind="tested",
        outcomes=outcomes.CLOCK,
        sentences=OUTCOMES,
        limits=(PREMISE, BLIND, SCHEDULED),
    ),
    "clock_signs": Claim(
        title=N_("Signs of the clock, taken together"),
        property="posting_time",
        unit="signs",
        kind="tested",
        outcomes=outcomes.SIGNS,
        sentences={
            "three": _with(_THREE, _ONLY, _CONTROL),
            "three_theirs": _with(_THREE, _THEIRS, _CONTROL),
            "hours": _with(_AND_HOURS, _ONLY, _CONTROL),
            "hours_theirs": _with(_AND_HOURS, _THEIRS, _CONTROL),
            "waits": _with(_AND_WAITS, _ONLY, _CONTROL),
            "waits_theirs": _with(_AND_WAITS, _THEIRS, _CONTROL),
            "different": N_(
                "The signs of the clock do not agree: the posts pause at midday at UTC{clock_offset} and at no other clock, but neither"
                " their block of hours nor the waits of replies fit it."
            ),
            "no_gap": N_(
                "No midday pause was found at one single clock, so the signs of the clock (hours, midday gap, waits of replies) point"
                " to none."
            ),
            "too_few": N_(
                "No sign of the clock can be read: too few posts or days, no common hours, or hours that follow the people answered."
            ),
            "no_data": N_("No sign of the clock can be read: no post has a time that is exact enough."),
        },
        limits=(
            N_(
                "A working day that is shifted as a whole shifts its midday pause with it; the clock named is then wrong."
            ),
            SCHEDULED,
        ),
    ),
    "daily_rhythm": Claim(
        title=N_("A daily rhythm"),
        property="posting_time",
        unit="strength from 0 to 1",
        kind="tested",
        outcomes=outcomes.RHYTHM,
        sentences={
            "found": _with(
                N_(
                    "The studied accounts' posts keep to the same hours of the day, week after week (strength {value} of 1,"
                    " p = {p}; {n} posts in {weeks} weeks)."
                ),
                _LIVES,
            ),
            "not_found": _with(
                N_(
                    "No daily rhythm was found in the studied accounts' posts (p = {p}; {n} posts in {weeks} weeks). One of a strength"
                    " of {findable_strength} of 1 would have been found in at least 80 of 100 such sets; that of an office is 0.6 to"
                    " 0.7. Round-the-clock posting or several crews would look like this."
                ),
                _CONTROL,
            ),
            "inconclusive": _with(
                N_(
                    "It cannot be told whether the studied accounts' posts keep to certain hours (p = {p}; {n} posts in {weeks}"
                    " weeks): their weeks differ too much for all but the strongest rhythm to be seen."
                ),
                _CONTROL,
            ),
            "too_few": told(
                _HOURS,
                N_(
                    "four weeks with posts are needed, and none that holds nearly all of them ({weeks} weeks)"
                ),
            ),
            "no_data": told(_HOURS, N_("no post has an exact time")),
        },
        limits=(_TIMERS, _LEVEL, _SEEN),
    ),
    "weekend_dip": Claim(
        title=N_("Fewer posts at weekends"),
        property="posting_time",
        unit="share of posts",
        kind="tested",
        outcomes=outcomes.WEEKEND,
        sentences={
            "found": _with(
                N_(
                    "{value} of the studied accounts' posts fall on weekends ({low} to {high}, n = {n} posts); equal days"
                    " would give {even_share}. The rate on a weekend day is {ratio} times that of a working day"
                    " ({ratio_low} to {ratio_high}; p = {p}, {weeks} weeks). In the control the share is {control}."
                ),
                _LIVES,
            ),
            "not_found": _with(
                N_(
                    "No pause at weekends was found: {value} of the studied accounts' posts fall on them ({low} to {high},"
                    " n = {n} posts), where equal days would give {even_share} (p = {p}, {weeks} weeks). A fall to a half on weekend days"
                    " would have been found in {power_half} of such sets. In the control the share is {control}."
                ),
                _CONTROL,
            ),
            "inconclusive": _with(
                N_(
                    "It cannot be told whether the studied accounts post less at weekends: {value} of their posts fall on"
                    " them ({low} to {high}, n = {n} posts), where equal days would give {even_share} (p = {p}, {weeks} weeks). Weeks"
                    " of events fall on working days by chance."
                ),
                _CONTROL,
            ),
            "too_few": told(
                _PAUSE, N_("four whole weeks with posts on several days are needed ({weeks} weeks)")
            ),
            "no_data": told(_PAUSE, N_("no post has an exact time")),
        },
        limits=(
            _WEEKS,
            _LEVEL,
            N_("Ends of the interval are approximate for deep dips over a few months."),
            _SEEN,
        ),
    ),
    "replies_wait": Claim(
        title=N_("Replies that wait for certain hours"),
        property="posting_time",
        unit="minutes",
        kind="tested",
        outcomes=outcomes.RHYTHM,
        sentences={
            "found": _with(
                N_(
                    "The studied accounts' replies wait longer for posts made at some hours than at others, week after week"
                    " (p = {p}, {weeks} weeks): the repliers, or their schedule, have hours of their own. Median wait {value} minutes,"
                    " {n} replies to {targets} posts."
                ),
                _LIVES,
            ),
            "not_found": _with(
                N_(
                    "The studied accounts' replies were not found to wait for certain hours (p = {p}, {weeks} weeks; {n} replies to"
                    " {targets} posts). Waits {findable_times} times as long at the slowest hours as at the quickest would have been found in at"
                    " least 80 of 100 such sets. Their times may only show when the targets post."
                ),
                _CONTROL,
            ),
            "inconclusive": _with(
                N_(
                    "It cannot be told whether the repliers have hours of their own (p = {p}, {weeks} weeks; {n} replies to {targets}"
                    " posts): only very large differences in the wait would have been found."
                ),
                _CONTROL,
            ),
            "too_few": told(
                _REPLIERS,
                N_(
                    "replies to 30 posts of known time in four weeks are needed ({targets} posts in {weeks} weeks)"
                ),
            ),
            "no_data": told(_REPLIERS, N_("no export says when the posts they answer were made")),
        },
        limits=(
            N_("Schedules wait as people do."),
            _LEVEL,
            N_("Only replies within 48 hours are counted."),
            _SEEN,
        ),
    ),
    "holiday_dip": Claim(
        title=N_("Fewer posts on public holidays"),
        property="posting_time",
        unit="ratio",
        kind="tested",
        outcomes=outcomes.HOLIDAY,
        sentences={
            "found": _with(
                N_(
                    "On the holidays of the calendar {calendar} the studied accounts made {value} times the posts of matched"
                    " weekdays ({low} to {high}, {n} days in {runs} runs, p = {p}; error about 3-4 %). Other calendars share"
                    " some of these days."
                ),
                _LIVES,
            ),
            "not_found": _with(
                N_(
                    "The studied accounts were not found to pause on the holidays of the calendar {calendar}: {value} times the posts"
                    " of matched weekdays ({low} to {high}, {n} days in {runs} runs). A fall to a half would have been found in"
                    " {power_half} of such sets."
                ),
                _CONTROL,
            ),
            "inconclusive": _with(
                N_(
                    "It cannot be told whether the studied accounts paused on the holidays of the calendar {calendar}:"
                    " {value} times the posts of matched weekdays ({low} to {high}, {n} days in {runs} runs). A fall to a"
                    " half would have been found with a chance of {power_half}."
                ),
                _CONTROL,
            ),
            "too_few": _NO_HOLIDAY,
            "no_data": _NO_HOLIDAY,
        },
        limits=(
            N_("A dip fits a calendar, not a country; neighbours share festivals."),
            N_("A schedule can keep a calendar as people do."),
            _SEEN,
        ),
    ),
    "posting_burst": Claim(
        title=N_("A burst of posts"),
        property="posting_time",
        unit="ratio",
        kind="tested",
        outcomes=outcomes.BURST,
        sentences={
            "found": _with(
                N_(
                    "From {first_day} on, over {days} days, the studied accounts made {value} times the posts that the level of that"
                    " time explains ({low} to {high}, p = {p}, n = {n} posts); most on {busiest_day}, {busiest_posts} posts."
                ),
                _MOVED,
            ),
            "unsized": _with(
                N_(
                    "From {first_day} on, over {days} days, the studied accounts made more posts than the level of that time"
                    " explains (p = {p}, n = {n} posts); most on {busiest_day}, {busiest_posts} posts. How many times as many cannot be"
                    " told: their other days hold too few."
                ),
                _MOVED,
            ),
            "level": _with(
                N_(
                    "No single stretch of days stands out, but from {first_day} on the level of the studied accounts' posts is"
                    " another for good (p = {p}, n = {n} posts); most on {busiest_day}, {busiest_posts} posts."
                ),
                _MOVED,
            ),
            "none_found": _with(
                N_(
                    "No burst was found in the studied accounts' posts (p = {p}, n = {n} posts). Three days at {findable_times} times the"
                    " usual would have been found in at least 80 of 100 such series."
                ),
                _CONTROL,
            ),
            "hidden": _with(
                N_(
                    "It cannot be told whether the studied accounts posted in bursts: no stretch of days stands out (p = {p}, n = {n}"
                    " posts), but their days are so uneven that even three days at ten times the usual could be missed."
                ),
                _CONTROL,
            ),
            "uneven": _with(
                N_(
                    "It cannot be told whether the studied accounts posted in bursts: their days are so uneven that this"
                    " test finds no usual day to hold them against (p = {p}, n = {n} posts)."
                ),
                _CONTROL,
            ),
            "too_few": _NO_BURST,
            "no_data": _NO_BURST,
        },
        limits=(
            _EVENTS,
            N_("A level that rises or falls for good is no burst; such days are listed apart."),
            N_("A burst that is found is on the large side of its true size."),
            _SEEN,
        ),
    ),
    "level_changes": Claim(
        title=N_("A level of posting that rose or fell for good"),
        property="posting_time",
        unit="ratio",
        kind="tested",
        outcomes=outcomes.LEVELS,
        sentences={
            "both": _with(
                N_(
                    "The level of the studied accounts' posts rose on {rise_day} to {value} times the old one ({low} to {high}) and fell on"
                    " {fall_day} to {ratio} times the one before ({ratio_low} to {ratio_high}; p = {p}, n = {n} posts; lasting changes:"
                    " {changes})."
                ),
                _MOVED,
            ),
            "rise": _with(
                N_(
                    "The level of the studied accounts' posts rose for good on {rise_day}, to {value} times the old one ({low} to {high}; p ="
                    " {p}, n = {n} posts; lasting changes: {changes})."
                ),
                _MOVED,
            ),
            "fall": _with(
                N_(
                    "The level of the studied accounts' posts fell for good on {fall_day}, to {ratio} times the old one ({ratio_low} to"
                    " {ratio_high}; p = {p}, n = {n} posts; lasting changes: {changes})."
                ),
                _MOVED,
            ),
            "none_found": _with(
                N_(
                    "No lasting change in the level of the studied accounts' posts was found (n = {n} posts). One to {findable_times} times the"
                    " old level would have been found in at least 80 of 100 such series."
                ),
                _CONTROL,
            ),
            "hidden": _with(
                N_(
                    "It cannot be told whether the level of the studied accounts' posts changed for good (n = {n} posts): their days are so"
                    " uneven that even ten times the old level could be missed."
                ),
                _CONTROL,
            ),
            "too_few": _NO_LEVEL,
            "no_data": _NO_LEVEL,
        },
        limits=(_EVENTS, N_("Accounts that join a collection late raise the level by themselves."), _SEEN),
    ),
}


def _words(row: dict[str, Any]) -> dict[str, Any]:
    return {k: counted(v) if isinstance(v, int | float) else getattr(v, "later", v) for k, v in row.items()}


def outcome(table: pd.DataFrame, group: str = "studied") -> str:
    """The sentence of one group in a table of `zone`; empty without that group."""
    for row in table.to_dict("records"):
        if row["group"] == group:
            declared = row.get("declared") or ""
            words = _words(row) | {
                "value": counted(row["estimate"]),
                "declared": declared and later(declared),
            }
            return later(OUTCOMES[row["sentence"] if row["n"] else "no_data"], **words)
    return ""


def usual(table: pd.DataFrame, group: str = "studied") -> str:
    """What the usual chart would say of one group, with the warning."""
    for row in table.to_dict("records"):
        if row["group"] == group and row["usual_offset"]:
            share = percentage(row["usual_share"])
            return later(USUAL, usual_offset=row["usual_offset"], usual_share=share)
    return later("The usual chart has nothing to show here.")


def meal(table: pd.DataFrame, gaps: pd.DataFrame, group: str = "studied") -> str:
    """The remark on the midday gap: only where a set is named and one single offset in it has a gap."""
    rows = [r for r in table.to_dict("records") if r["group"] == group and r["verdict"] == "found"]
    if not rows:
        return ""
    inside = [_hours(name) for name in rows[0]["offsets"].split()]
    mine = gaps[(gaps["group"] == group) & gaps["offset_hours"].isin(inside)]
    found = mine[mine["verdict"] == "found"].to_dict("records")
    if len(found) != 1:
        return ""
    hour = int(gaps.attrs.get("first_hour", 12))
    name = next(n for n in rows[0]["offsets"].split() if _hours(n) == found[0]["offset_hours"])
    numbers = {k: counted(found[0][v]) for k, v in (("ratio", "estimate"), ("low", "low"), ("high", "high"))}
    return later(MEAL, hour=hour, next=hour + 1, offset=name, **numbers)


def _hours(name: str) -> float:
    """+5:30 as 5.5."""
    whole, _colon, minutes = name.lstrip("+-").partition(":")
    value = float(whole) + float(minutes or 0) / 60
    return -value if name.startswith("-") else value
