"""What the posting times can say about where: a set of clocks, never one country, or a refusal with its reason."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import math
import zoneinfo
from collections.abc import Iterable
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import MetricError
from kit.inference import outcomes, rhythm, weeks
from kit.inference.families import holm
from kit.inference.zone import Outcome, decide, thin
from kit.inference.zone import usual_chart as shares
from kit.locale import N_
from kit.locale.later import Text, joined, later, territories
from kit.metrics import metric, one_of
from kit.metrics.beside import beside
from kit.metrics.needs import in_rows
from kit.metrics.timing.authors import behind, weight
from kit.metrics.timing.posts import SUBSET, TOLD, arrays, audience_offsets, by_group, gaps, part

_NAMED = 15  # an offset with more countries is given by their number, and then every offset is


def offset_name(hours: float) -> str:
    """+7, +5:30, -3:30, 0: as it stands after "UTC"."""
    minutes = round(abs(hours) * 60)
    sign = "-" if hours < 0 else "+"
    return f"{sign}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "") if minutes else "+0"


@functools.cache
def _zones() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every populated zone with the codes of its countries, from the time zone database."""
    text = resources.files("tzdata.zoneinfo").joinpath("zone1970.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((row[2], tuple(code for code in row[0].split(",") if code != "AQ")) for row in rows)


@functools.lru_cache(maxsize=32)
def _inhabited(days: tuple[dt.date, ...]) -> dict[float, frozenset[str]]:
    found: dict[float, set[str]] = {}
    for name, countries in _zones():
        zone = zoneinfo.ZoneInfo(name)
        for day in days:
            offset = dt.datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset() or dt.timedelta()
            found.setdefault(offset.total_seconds() / 3600, set()).update(countries)
    return {hours: frozenset(codes) for hours, codes in found.items() if codes}


def inhabited(low: float, high: float, days: Iterable[dt.date]) -> dict[float, frozenset[str]]:
    """Offsets between `low` and `high` that some zone keeps on one of `days`, with codes of the countries."""
    every = _inhabited(tuple(sorted(set(days))))
    inside = (o for o in sorted(every) if low <= o <= high or low <= o + 24 <= high)
    return {o: every[o] for o in inside}


class Places(str):
    """The clocks inside a range and who keeps them, written in the reader's language when it is formatted.

    As plain text it holds offsets and country codes. Either all countries of every
    offset are named or none: a list cut short, or an offset with one country, would
    point at somebody. None are named where an offset has a single one; where an offset
    has more than fifteen, all offsets give their number.
    """

    __slots__ = ("found",)
    found: dict[float, frozenset[str]]

    def __new__(cls, found: dict[float, frozenset[str]]) -> Places:
        """Text of offsets and codes; `found` is what `inhabited` gave."""
        text = super().__new__(
            cls, "; ".join(f"UTC{offset_name(o)}: {' '.join(sorted(c))}" for o, c in found.items())
        )
        text.found = found
        return text

    def __format__(self, spec: str) -> str:
        return format(self.later, spec)

    @property
    def later(self) -> Text:
        """The same for a reader whose language is not known yet."""
        if not self.found:
            return later("no inhabited clock")
        sizes = [len(codes) for codes in self.found.values()]
        if min(sizes) < 2:
            return joined(f"UTC{offset_name(o)}" for o in self.found)
        if max(sizes) > _NAMED:
            said = {o: later("{n} countries and territories", n=len(c)) for o, c in self.found.items()}
        else:
            said = {o: territories(codes) for o, codes in self.found.items()}
        return joined([joined([f"UTC{offset_name(o)} (", text, ")"], "") for o, text in said.items()], "; ")


THREE = ("all", "originals", "replies")
_NOTHING = math.nan  # no clock is excluded: there is no range, and no bar for it
_TOLD = ("O1", "O1b", "O2", "O2a")


def _outcome(posts: pd.DataFrame, case: Any, audience: Any, declared: str | None, weekend: str) -> Outcome:
    accounts, utc = arrays(posts, "account_key", "utc")
    if not len(utc):
        return Outcome("R1", 0, 0, 0, 0)
    answered = posts[posts["is_reply"] & posts["target"].notna()]
    replies = None
    if 2 * posts["is_reply"].sum() >= len(posts) and len(answered):
        replies = tuple(arrays(answered, "utc", "target", "reply_to_key"))
    offsets = audience_offsets(case, audience, utc.min(), utc.max())
    settings: dict[str, Any] = {"weekend": weekend, "declared": declared}
    return _decided(accounts, utc, audience=offsets, replies=replies, gaps=tuple(gaps(case)), **settings)


_KEPT = 64  # outcomes kept in memory: the table, its parts and every other setting ask for much the same ones
_outcomes_kept: dict[str, Outcome] = {}


def _decided(accounts: np.ndarray, utc: np.ndarray, *, replies: Any, **settings: Any) -> Outcome:
    """What `decide` says, from memory where it was asked just this."""
    asked = hashlib.sha256(repr(sorted(settings.items())).encode())
    for column in (accounts, utc, *(replies or ())):
        asked.update(repr((column.dtype, column.shape)).encode())
        asked.update(np.ascontiguousarray(column).tobytes())
    key = asked.hexdigest()
    if key not in _outcomes_kept:
        while len(_outcomes_kept) >= _KEPT:
            del _outcomes_kept[next(iter(_outcomes_kept))]
        _outcomes_kept[key] = decide(accounts, utc, replies=replies, **settings)
    return _outcomes_kept[key]


def _declaration(declared: str | None, evidence: str | None) -> None:
    if declared is not None and not (evidence or "").strip():
        hint = "Name the document that shows the rhythm, such as evidence='E17'."
        raise MetricError("a declared rhythm needs an evidence id", found=declared, hint=hint)


def _overlap(a: Outcome, b: Outcome) -> bool:
    return bool(set(a.offsets) & set(b.offsets))


def _outcomes(
    posts: pd.DataFrame, case: Any, audience: Any, declared: str | None, weekend: str, subset: str
) -> tuple[Outcome, str]:
    """The outcome of one subset, and for all posts in how many of the three it holds.

    For all posts a set stands only where a second subset with enough data names an overlapping
    one; for a subset a set or a rough band stands only beside an overlapping one of all posts. Otherwise
    the outcome is R9 and the set stays in here: a refusal is not walked around by leaving posts out.
    """
    three = {name: _outcome(part(posts, name), case, audience, declared, weekend) for name in THREE}
    whole = three["all"]
    enough = [o for o in three.values() if o.code != "R1"]
    agree = [o for o in enough if o.code == whole.code and (not whole.told or _overlap(o, whole))]
    if whole.told and len(agree) < 2:
        whole = _withheld(whole)
    if subset == "all":
        return whole, f"{len(agree)}/{len(enough)}"
    found = three.get(subset) or _outcome(part(posts, subset), case, audience, declared, weekend)
    if found.told and not (whole.told and _overlap(found, whole)):
        found = _withheld(found)
    if found.code == "R7" and not (whole.told or whole.code == "R7"):
        found = _withheld(found)
    return found, ""


def _withheld(o: Outcome) -> Outcome:
    """The outcome without its set, because the parts do not agree on it."""
    return Outcome("R9", o.posts, o.units, o.accounts, o.days, details=o.details)


def _row(
    case: Any, group: str, o: Outcome, agreeing: str, posts: pd.DataFrame, words: dict
) -> dict[str, Any]:
    named = o.code in _TOLD or o.code == "R7"
    utc = posts["utc"].to_numpy(dtype=float)
    usual, share = shares(utc)
    top = int(np.argmax(share)) if len(utc) else 0
    moments = np.quantile(utc, (0.025, 0.5, 0.975)).tolist() if len(utc) else []
    days = [dt.datetime.fromtimestamp(float(t) * 60, dt.UTC).date() for t in moments]
    return {
        "group": group,
        "n": o.posts,
        "estimate": o.high - o.low if named else _NOTHING,
        "low": math.nan,
        "high": math.nan,
        "verdict": "found" if o.code in _TOLD else "inconclusive",
        "sentence": "R6w" if o.details.get("shallow_dip") and o.code == "R6" else o.code,
        "from_offset": offset_name(o.low) if named else "",
        "to_offset": offset_name(o.high) if named else "",
        "offsets": " ".join(offset_name(x) for x in o.offsets) if o.code in _TOLD else "",
        "places": Places(inhabited(o.low, o.high, days)) if o.code in _TOLD else Places({}),
        "audience": " ".join(offset_name(x) for x in o.audience),
        "units": o.units,
        "accounts": o.accounts,
        "days": o.days,
        "p": o.details.get("p_rotation", math.nan),
        "spread_hours": o.details.get("spread_hours", math.nan),
        "agreeing": agreeing,
        **words,
        "usual_offset": offset_name(usual[top]) if len(utc) else "",
        "usual_share": float(share[top]) if len(utc) else math.nan,
    } | _who(posts)


def _who(posts: pd.DataFrame) -> dict[str, float]:
    """Who stands behind posts, their account hours, and a share of them."""
    accounts, utc = arrays(posts, "account_key", "utc")
    hours = behind(thin(accounts, utc)[0], "units")
    return behind(accounts) | hours | {"usual_share__weight": weight(accounts)}


@metric(
    N_("What the posting times say about where"),
    outcomes=outcomes.CLOCK,
    needs=("posts.created_at", "posts.account_key", *SUBSET),
)
def zone(
    case: Any,
    *,
    declared: str | None = None,
    evidence: str | None = None,
    subset: str = "all",
    weekend: str = "sat-sun",
    audience: Any = None,
) -> pd.DataFrame:
    """At which UTC offsets would an ordinary working day look like these posts, or can that not be told?

    Columns: group, n (posts), estimate (width of the range in hours; missing where no clock is excluded), low, high
    (empty), verdict (found where a set is named, else inconclusive), sentence (outcome code:
    O1 set, O1b set with unknown audience, O2 and O2a set under a declared rhythm, R1-R9 refusals, R6w where
    the pause at weekends is less deep than that of a working week, worded in `kit.claims.timing`), from_offset, to_offset (ends of the range; R7: a rough band), offsets
    (members of the set), places (inhabited clocks in the range and their countries), audience (its offsets
    in the set), units (first post of an account in an hour), accounts, days (active UTC days), p (day
    rotation), spread_hours (between accounts), agreeing (subsets with the same outcome / subsets with
    enough data), declared, evidence, usual_offset and usual_share (what the usual chart says: the whole offset with the
    largest share Monday to Friday 9-17; it misleads, because it always answers).
    Formula: see `kit.inference.zone`. Premise: an ordinary working day that starts between 8 and 10
    and rests at weekends. A rigidly shifted day cannot be noticed. `declared` (office or shift) needs
    `evidence`, the id of a document that shows it. `audience` are zone names or "not known"; by default
    the report's; missing is an error. For all posts a set needs a second subset that names an
    overlapping one (else R9). Where replies are at least half of the posts, the waiting test (R3) applies.
    Missing: posts whose time is estimated or coarser than a minute; collection gaps leave the exposure.
    Source: docs/timing-acceptance.md, with the measured shares told, wrong and covered.
    Public: posts, account hours and shares of them are rounded by the largest part of one account.
    A named set does not prove where anyone is: late shifts and schedules made for readers
    elsewhere look the same at another clock. Under another `subset` no set is named that all posts refuse.

    >>> timing.zone(case, declared="office", evidence="E17")[["group", "n", "verdict", "sentence"]]
         group    n       verdict sentence
    0  studied  500         found       O2
    1  control  200  inconclusive       R3
    """
    _declaration(declared, evidence)
    one_of("subset", subset, (*THREE, "no_reposts"))
    words = {"declared": declared or "", "evidence": evidence or ""}
    rows = []
    for group, posts in by_group(case).items():
        outcome, agreeing = _outcomes(posts, case, audience, declared, weekend, subset)
        rows.append(_row(case, group, outcome, agreeing, part(posts, subset), words))
    table = pd.DataFrame(rows)
    if rows:
        table["places"] = pd.Series([row["places"] for row in rows], dtype=object)
    table.attrs |= {"n_unit": "posts", "unit": "hours"}
    return table


@metric(
    N_("Outcome for all posts, originals and replies"),
    needs=("posts.created_at", "posts.account_key", *in_rows("subset", TOLD)),
)
def zone_by_subset(
    case: Any,
    *,
    declared: str | None = None,
    evidence: str | None = None,
    subsets: tuple[str, ...] = THREE,
    audience: Any = None,
) -> pd.DataFrame:
    """Does the outcome of `zone` hold for all posts, for originals and for replies?

    Columns: group, subset, outcome (code, see `zone`), from_offset, to_offset (where a set or a rough
    band may be named), posts, units, accounts, days, usual_offset, usual_share.
    Each outcome is the one that `zone` states: R9 where all posts and the parts contradict each other.
    Formula, missing-data rule and source: as `zone`.
    Public: posts, account hours and shares of them are rounded by the largest part of one account.
    The same outcome in all three does not prove it: their times come from the same people.

    >>> timing.zone_by_subset(case)[["group", "subset", "outcome"]].head(3)
         group     subset outcome
    0  studied        all      R6
    1  studied  originals      R1
    2  studied    replies      R6
    """
    _declaration(declared, evidence)
    words = {"declared": declared or "", "evidence": evidence or ""}
    rows = []
    for group, posts in by_group(case).items():
        for subset in subsets:
            outcome, _agreeing = _outcomes(posts, case, audience, declared, "sat-sun", subset)
            mine = part(posts, subset)
            r = _row(case, group, outcome, "", mine, words)
            sizes = [r[name] for name in ("n", "units", "accounts", "days", "usual_offset", "usual_share")]
            rows.append(
                (group, subset, outcome.code, r["from_offset"], r["to_offset"], *sizes, *_who(mine).values())
            )
    names = (
        "group subset outcome from_offset to_offset posts units accounts days usual_offset usual_share "
        "posts__people posts__largest units__people units__largest usual_share__weight"
    )
    return pd.DataFrame(rows, columns=names.split())


@metric(
    N_("The usual chart: share of posts in office hours at each offset"),
    needs=("posts.created_at", "posts.account_key", *SUBSET),
)
def usual_chart(case: Any, *, subset: str = "all") -> pd.DataFrame:
    """Which offset would the usual search for office hours pick?

    Columns: group, offset_hours (-12 to +14), share (of posts Monday to Friday 9:00-16:59 at that
    offset), largest (true for the maximum).
    Formula: counts.
    Missing: posts whose time is estimated or coarser than a minute.
    Source: practice of published reports; shown here only with the warning.
    Public: posts, account hours and shares of them are rounded by the largest part of one account.
    The largest share proves nothing about a clock: there always is one, it has no error
    bar, and on simulated part-time and evening crews it was wrong every time.

    >>> timing.usual_chart(case).query("largest")[["group", "offset_hours", "share"]].round(2)
          group  offset_hours  share
    20  studied           8.0   0.69
    53  control          14.0   0.32
    """
    parts = []
    for group, posts in by_group(case, subset=subset).items():
        if len(posts):
            offsets, share = shares(posts["utc"].to_numpy(dtype=float))
            columns = {
                "group": group,
                "offset_hours": offsets,
                "share": share,
                "largest": share == share.max(),
                "share__weight": weight(posts["account_key"].to_numpy()),
            }
            parts.append(pd.DataFrame(columns))
    empty = pd.DataFrame(columns=["group", "offset_hours", "share", "largest"])
    return pd.concat(parts, ignore_index=True) if parts else empty


@metric(N_("Midday gap at each offset"), needs=("posts.created_at", "posts.account_key", *SUBSET))
def meal_gap(case: Any, *, offsets: Any = None, first_hour: int = 12, subset: str = "all") -> pd.DataFrame:
    """At which clock would the posts pause for a midday meal?

    Columns: group, offset_hours, n (units within 1.5 h of the hour, a unit being the first post of an
    account in an hour), estimate, low, high (rate in the hour from `first_hour` over the rate in the 1.5 h
    on either side), p (one-sided), p_holm (Holm over the offsets tested), level (rate in the quieter
    side over the day's mean; below 1 that "midday" touches the night, is not tested and has no numbers),
    accounts, verdict (found: the interval lies below 1 and p_holm <= 0.05; else inconclusive).
    Formula: log ratio, clusters account x local day, t with days - 1 degrees of freedom.
    Missing: posts whose time is estimated or coarser than a minute. Default `offsets`: every whole one.
    Source: docs/timing-acceptance.md: false 0-0.01; a fall to two thirds is found in 0.34 at 1 000
    posts and 0.96 at 5 000.
    Public: posts, account hours and shares of them are rounded by the largest part of one account.
    A gap does not prove a clock: a late office eats late, and others pause for other reasons.

    >>> timing.meal_gap(case, offsets=[7, 8])[["group", "offset_hours", "n", "verdict"]]
         group  offset_hours    n       verdict
    0  studied           7.0  207  inconclusive
    1  studied           8.0  203  inconclusive
    2  control           7.0    1  inconclusive
    3  control           8.0    5  inconclusive
    """
    if not 0 <= first_hour <= 23:
        raise MetricError("'first_hour' is an hour from 0 to 23", found=first_hour)
    chosen = [float(o) for o in (offsets if offsets is not None else range(-11, 13))]
    rows = []
    for group, posts in by_group(case, subset=subset).items():
        accounts, utc = arrays(posts, "account_key", "utc")
        units = thin(accounts, utc)
        mine = [(o, *rhythm.meal_gap(*units, o, hours=(first_hour, first_hour + 1))) for o in chosen]
        adjusted = holm([r.p if level >= 1 else math.nan for _o, r, level in mine])
        for i, (offset, ratio, level) in enumerate(mine):
            tested = math.isfinite(adjusted[i])
            found = tested and ratio.high < 1 and adjusted[i] <= 0.05
            numbers = (ratio.estimate, ratio.low, ratio.high, ratio.p) if tested else [math.nan] * 4
            size = (ratio.n, *numbers, float(adjusted[i]), level)
            verdict = "found" if found else "inconclusive"
            around = units[0][rhythm.around(units[1], offset, hours=(first_hour, first_hour + 1))]
            who = behind(around).values()
            rows.append((group, offset, *size, len(np.unique(accounts)), verdict, *who))
    names = "group offset_hours n estimate low high p p_holm level accounts verdict n__people n__largest"
    table = pd.DataFrame(rows, columns=names.split())
    table.attrs |= {"first_hour": first_hour, "n_unit": "units", "unit": "ratio"}
    return table


_OPEN = ("O1", "O1b", "O2", "O2a", "R6", "R6w", "R7", "R8", "R9")  # outcomes that leave room for signs
_MOST = 0.8  # of the account hours that the block of hours holds
_LONG = 12  # hours: what is longer is no block
_NEAR = 3  # hours between the end of the block and the jump of the waits


@metric(
    N_("Signs of the clock, taken together"),
    outcomes=outcomes.SIGNS,
    needs=("posts.created_at", "posts.account_key", *SUBSET),
)
def clock_signs(case: Any, *, subset: str = "all", first_hour: int = 12) -> pd.DataFrame:
    """Do the block of posting hours, the midday gap and the waits of replies point to one clock?

    Columns: group, n (posts), estimate (signs that agree, of three), low, high (empty), clock_offset (the one whole offset
    with a midday gap, after "UTC"), from_hour, to_hour (the shortest block that holds 80 % of the account hours, in that clock),
    ratio, ratio_low, ratio_high (the gap: rate in the hour from `first_hour` over the 1.5 h on either side), jump_hour (the hour
    of the posts answered, in that clock, from which replies wait longest for their turn), audience (its offsets, where that clock is
    among them), accounts, beside (verdict on the control), verdict, sentence: three, hours or waits (found: what agrees with the
    gap; with _theirs where the people addressed keep that clock too), different (a gap, and nothing that agrees with it), no_gap (none
    at one single clock), too_few (the outcome of `zone` leaves no room: too little data, no rhythm, hours that
    follow the targets or differ between accounts).
    Formula: hours agree where a weekly rhythm is found (`day_rotation`), the block is at most 12 h long and holds the midday hour;
    the gap as `meal_gap`, present at exactly one offset; waits agree where `waiting_test` finds them and their jump lies within 3 h of
    the end of the block. Two signs are asked for, one of them the gap.
    Missing: as each of the three.
    Public: posts are rounded by the largest part of one account.
    Source: docs/timing-acceptance.md. None of the three needs a template of a working day.
    Signs that agree do not prove where anyone is: a late office eats late, and schedules keep hours for readers.

    >>> timing.clock_signs(case)[["group", "n", "verdict", "sentence"]]
         group    n       verdict sentence
    0  studied  500  inconclusive   no_gap
    1  control  200  inconclusive  too_few
    """
    gaps_ = meal_gap(case, first_hour=first_hour, subset=subset)
    code = {row["group"]: row["sentence"] for row in zone(case, subset=subset).to_dict("records")}
    rows = []
    for group, posts in by_group(case, subset=subset).items():
        accounts, utc = arrays(posts, "account_key", "utc")
        row: dict[str, Any] = {"group": group, "n": len(utc)} | dict.fromkeys(_SIGNS, _NOTHING)
        row |= {"clock_offset": "", "audience": "", "accounts": len(np.unique(accounts))}
        mine = gaps_[(gaps_["group"] == group) & (gaps_["verdict"] == "found")].to_dict("records")
        sentence = "too_few" if not len(utc) or code[group] not in _OPEN else "no_gap"
        if sentence == "no_gap" and len(mine) == 1:
            sentence = _agreeing(case, row, mine[0], posts, first_hour)
        row |= {"verdict": "inconclusive" if sentence in ("too_few", "no_gap", "different") else "found"}
        rows.append(row | {"sentence": sentence} | behind(accounts))
    table = beside(pd.DataFrame(rows))
    table.attrs |= {"n_unit": "posts", "unit": "signs"}
    return table


_SIGNS = ("estimate", "low", "high", "from_hour", "to_hour", "ratio", "ratio_low", "ratio_high", "jump_hour")


def _agreeing(
    case: Any, row: dict[str, Any], gap: dict[str, Any], posts: pd.DataFrame, first_hour: int
) -> str:
    """Which signs agree with the midday gap; their numbers are written into `row`."""
    offset = float(gap["offset_hours"])
    accounts, utc = arrays(posts, "account_key", "utc")
    _who, units = thin(accounts, utc)
    start, length = _block(units, offset)
    hours = (
        rhythm.week_rotation(utc).p <= weeks.LEVEL and length <= _LONG and (first_hour - start) % 24 < length
    )
    answered = posts[posts["is_reply"] & posts["target"].notna()]
    replied, target, ids = arrays(answered, "utc", "target", "reply_to_key")
    waits, jump = False, math.nan
    if rhythm.waiting_weeks(replied, target, ids).p <= weeks.LEVEL:
        jump = _jump(replied, target, ids, offset)
        waits = abs((jump - (start + length) + 12) % 24 - 12) <= _NEAR
    row |= {"clock_offset": offset_name(offset), "ratio": gap["estimate"], "ratio_low": gap["low"]}
    row |= {"ratio_high": gap["high"], "estimate": 1 + hours + waits}
    if hours:
        row |= {"from_hour": start, "to_hour": (start + length) % 24}
    if waits:
        row["jump_hour"] = jump
    if not (hours or waits):
        return "different"
    audience = audience_offsets(case, None, utc.min(), utc.max())
    theirs = audience != "not known" and offset in audience
    row["audience"] = offset_name(offset) if theirs else ""
    which = "three" if hours and waits else "hours" if hours else "waits"
    return which + ("_theirs" if theirs else "")


def _block(units: np.ndarray, offset: float) -> tuple[int, int]:
    """First hour, in the clock of `offset`, and length of the shortest run of hours that holds most of the units."""
    counts = np.bincount(((units / 60 + offset) % 24).astype(int) % 24, minlength=24)
    for length in range(1, 25):
        held = [np.roll(counts, -start)[:length].sum() for start in range(24)]
        if max(held) >= _MOST * counts.sum():
            return int(np.argmax(held)), length
    return 0, 24


def _jump(replied: np.ndarray, target: np.ndarray, ids: np.ndarray, offset: float) -> int:
    """The hour of the posts answered, in the clock of `offset`, at which the median wait rises most from the hour before."""
    hour = ((target / 60 + offset) % 24).astype(int) % 24
    rows = rhythm.waiting_by_hour(replied, target, ids, hour)
    middle = [math.log1p(r[1]) if r[5] >= _ANSWERED else math.nan for r in rows]
    rise = [middle[h] - middle[h - 1] for h in range(24)]
    return int(np.nanargmax(rise)) if not np.isnan(rise).all() else 0


_ANSWERED = 5  # posts answered in an hour from which its median wait counts


@metric(
    N_("Do the posting hours follow summer time?"), needs=("posts.created_at", "posts.account_key", *SUBSET)
)
def clock_change(case: Any, *, reference: str = "America/New_York", subset: str = "all") -> pd.DataFrame:
    """Does the posting hour shift by an hour when summer time begins and ends in a `reference` zone?

    Columns: group, n (units), estimate, low, high (shift of the UTC hour, summer less winter, hours),
    summer_units, winter_units, accounts, answer (changes: the interval holds -1 and not 0; fixed:
    0 and not -1; not told apart), verdict (found for changes, not_found for fixed, else inconclusive).
    Formula: circular deviation from the mean hour, clusters account x day; 50 units on each side.
    Missing: posts whose time is estimated or coarser than a minute.
    Source: docs/timing-acceptance.md: about 2 000 posts over 12 months tell the two apart.
    Public: posts, account hours and shares of them are rounded by the largest part of one account.
    A shift does not prove the zone: schools and readers change their clocks too.

    >>> timing.clock_change(case, reference="Europe/Berlin")[["group", "n", "answer"]]
         group    n          answer
    0  studied  494  not told apart
    1  control  187  not told apart
    """
    try:
        zone_ = zoneinfo.ZoneInfo(reference)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = "Use a name such as America/New_York."
        raise MetricError("unknown reference zone", found=reference, hint=hint) from None
    verdicts = {"changes": "found", "fixed": "not_found", "not told apart": "inconclusive"}
    rows = []
    for group, posts in by_group(case, subset=subset).items():
        accounts, utc = thin(*arrays(posts, "account_key", "utc"))
        days, index = np.unique(np.floor(utc / 1440), return_inverse=True)
        noon = [dt.datetime.fromtimestamp(float(d) * 86_400 + 43_200, zone_) for d in days]
        summer = np.array([bool(t.dst()) for t in noon], dtype=bool)[index]
        r = rhythm.clock_change(accounts, utc, summer)
        size = (len(utc), r.shift, r.low, r.high, r.summer, r.winter, len(np.unique(accounts)))
        who = (
            behind(accounts)
            | behind(accounts[summer], "summer_units")
            | behind(accounts[~summer], "winter_units")
        )
        rows.append((group, *size, r.answer, verdicts[r.answer], *who.values()))
    names = "group n estimate low high summer_units winter_units accounts answer verdict".split()
    behind_ = [
        f"{n}__{what}" for n in ("n", "summer_units", "winter_units") for what in ("people", "largest")
    ]
    table = pd.DataFrame(rows, columns=names + behind_)
    table.attrs |= {"reference": reference, "n_unit": "units", "unit": "hours"}
    return table
