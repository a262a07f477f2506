"""Many accounts with few repeats each: groups that share several texts, and what else is odd about them.

Two accounts with five posts each can never be told from chance by themselves; two
thousand of them can, because ordinary accounts hardly ever have several uncommon
texts in common. So pairs are not tested. Families with a visible source are set
aside, the copy layer is peeled to its core (`cores`), and the size of the core is
compared with an outside control or, for small groups, its overlap with the copying
around it (`cores.overlap`). That is the text level, and it never says more than "co-active":
fans, supporters and joke circles pass it too. A group is validated only where three of
four further indicators hold (`indicators`).

What it cannot tell: a closed community of newcomers abroad whom nobody answers looks
the same as a network. Without a control, or with a small one, a network that makes
most of the near-duplicates cannot be seen. Measured in docs/copying-acceptance.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kit.errors import MetricError
from kit.inference.coaction import cores, indicators
from kit.inference.coaction.power_table import ORDINARY, ROWS, WORLDS

SHARED = 0.8  # share of a family's posts with one domain, and of a domain's accounts that copy


class Case(NamedTuple):
    """Posts as arrays; accounts and families as positions in their sorted codes."""

    codes: np.ndarray
    family_codes: np.ndarray
    account: np.ndarray
    family: np.ndarray  # -1: none
    domain: np.ndarray
    posts: np.ndarray  # of each account
    seen: indicators.Traits


class Control(NamedTuple):
    """The control's own copy layer."""

    layer: cores.Layer
    posts: np.ndarray  # of each account


def sourced(posts: pd.DataFrame, given: Mapping[int, str] | None = None) -> pd.DataFrame:
    """Which families were shared from a source that anyone could see?

    Rows: family and why. "shared_domain": at least 80 % of the family's posts carry a link of one domain, and
    of all accounts that link it fewer than 80 % copied two or more families, so the public links it too.
    `given` maps further families to the reason the caller knows: the text stands in the post that is answered
    or quoted, on a petition or share button, in a headline, or in an earlier post that was widely answered. A
    reason given comes before the domain's. `posts` as in `copying.detect`.
    """
    account, family = column(posts, "account"), column(posts, "family")
    domain = column(posts, "domain", -1.0)
    use = account >= 0
    account, family, domain = (v[use].astype(np.int64) for v in (account, family, domain))
    names, at = np.unique(account, return_inverse=True)
    codes, own = positions(family)
    copies = cores.layer(at, own, len(names), len(codes))
    users = np.bincount(copies.family, minlength=len(codes))
    copied = np.bincount(copies.account[users[copies.family] >= 2], minlength=len(names))
    linked = domain >= 0
    hosts, host = np.unique(domain[linked], return_inverse=True)
    pair = np.unique(np.stack([host, at[linked]], 1), axis=0)
    linkers = np.bincount(pair[:, 0], minlength=len(hosts))
    repeaters = np.bincount(pair[copied[pair[:, 1]] >= 2, 0], minlength=len(hosts))
    public = repeaters < SHARED * linkers
    rows = np.bincount(own[own >= 0], minlength=len(codes))
    both, count = np.unique(np.stack([own[linked], host], 1)[own[linked] >= 0], axis=0, return_counts=True)
    hit = (count >= SHARED * rows[both[:, 0]]) & public[both[:, 1]]
    why = dict.fromkeys(codes[both[hit, 0]].tolist(), "shared_domain")
    why |= {int(code): str(reason) for code, reason in (given or {}).items()}
    order = sorted(why)
    columns = {
        "family": pd.array(order, dtype="int64"),
        "why": pd.array([why[c] for c in order], dtype="str"),
    }
    return pd.DataFrame(columns)


def read_control(control: pd.DataFrame | None) -> Control | None:
    """The control (account, family; one row per post) as a copy layer of its own; None if there is none."""
    if control is None:
        return None
    account = column(control, "account")
    use = account >= 0
    names, at = np.unique(account[use].astype(np.int64), return_inverse=True)
    codes, own = positions(column(control, "family")[use].astype(np.int64))
    return Control(cores.layer(at, own, len(names), len(codes)), np.bincount(at, minlength=len(names)))


def column(table: pd.DataFrame, name: str, absent: float | None = None) -> np.ndarray:
    """A column as floats, missing values as `absent` (-1 for codes, NaN for values)."""
    if name not in table:
        if absent is None:
            raise MetricError("a column is missing", where=name, hint="see the columns of `detect`")
        return np.full(len(table), absent)
    raw = table[name]
    fill = -1.0 if absent is None else absent
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind in "biuf":
        values = raw.to_numpy(float)
        return np.where(np.isnan(values), fill, values)
    if raw.dtype == object:
        raw = raw.astype("boolean" if name == "reactionless" else "Float64")
    values = raw.astype("Float64").to_numpy(float, na_value=np.nan)
    return np.where(np.isnan(values), fill, values)


def positions(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted codes from 0 on, and the position of each entry in them (-1 for what is below 0)."""
    known = codes >= 0
    names, place = np.unique(codes[known], return_inverse=True)
    at = np.full(len(codes), -1, np.int64)
    at[known] = place
    return names, at


def read(posts: pd.DataFrame, accounts: pd.DataFrame) -> Case:
    """Posts of known accounts as arrays; the columns are those of `copying.detect`.

    Raises MetricError for an hour outside 0 to 23.
    """
    account, family = column(posts, "account"), column(posts, "family")
    use = account >= 0
    hour = column(posts, "hour", np.nan)
    if ((hour < 0) | (hour >= 24)).any():
        raise MetricError("an hour lies between 0 and 23", where="hour", found=np.nanmax(np.abs(hour)))
    domain, camp = (column(posts, name, -1.0)[use].astype(np.int64) for name in ("domain", "camp"))
    names, at = np.unique(account[use].astype(np.int64), return_inverse=True)
    codes, own = positions(family[use].astype(np.int64))
    created = column(accounts, "created_day", np.nan)
    by_code = pd.Series(created, index=accounts.index).reindex(names).to_numpy(float)
    silent = column(posts, "reactionless", np.nan)[use]
    seen = indicators.traits(at, by_code, silent, hour[use], camp)
    return Case(names, codes, at, own, domain, np.bincount(at, minlength=len(names)), seen)


SETTINGS = ((3, 0.7), (3, 0.5), (2, 0.7))  # families an account needs, purity of a family; strict first
CONTROL = 300  # control accounts with three posts below which the control is called small
LINKED = 0.5  # share of posts with a link from which a group is called promotion
STATES = ("co_active", "co_active_unusual", "validated")
WARNINGS = ("no_control", "control_small", "split_skipped", "marks_missing", "validation_impossible")

_GROUPS = {
    "group": "int64",
    "state": "str",
    "name": "str",
    "core_accounts": "int64",
    "member_accounts": "int64",
    "families": "int64",
    "b": "int64",
    "purity": "float64",
    "uses": "int64",
    "all_uses": "int64",
    "purity_found": "float64",
    "p_prevalence": "float64",
    "p_overlap": "float64",
    "control_core": "int64",
    "control_accounts": "int64",
    "text_level": "bool",
    "indicators_on": "int64",
    "validated": "bool",
    "link_share": "float64",
}
_MEMBERS = {"group": "int64", "account": "int64", "core": "bool"}
_FAMILIES = {"family": "int64", "group": "int64", "users": "int64", "sourced": "bool", "why": "str"}
_MARKS = {
    "group": "int64",
    "indicator": "str",
    "available": "bool",
    "p": "float64",
    "effect": "float64",
    "control_value": "float64",
    "start": "float64",
    "on": "bool",
}


class Copying(NamedTuple):
    """Groups that pass the text level, with their accounts, families and indicators, and what to be warned of.

    `groups`: one row per group, numbered from 1, strictest setting and largest core first. `b` and `purity`
    are the setting; `uses` of the families' `all_uses` are by core accounts (`purity_found` their ratio);
    `control_core` of `control_accounts` control accounts lie in the control's own core; `state` is co_active
    (0 or 1 indicator), co_active_unusual (2) or validated (`indicators_needed`); `name` is promotion where half of
    the core's posts of these families carry a link, else shared_templates. `text_level` is true in
    every row: it is there so that the table can be read alone.
    `members`: group, account, core. A member has `attach` families of the group; it may be in two groups.
    `families`: every family with two users; group (-1: in none), users, sourced, why ("shared_domain", the
    reason given, or "").
    `indicators`: four rows per group (`indicators.Indicator`).
    `warnings`: codes of `WARNINGS`. With "no_control" or "control_small" an empty result is not "nothing
    found".
    """

    groups: pd.DataFrame
    members: pd.DataFrame
    families: pd.DataFrame
    indicators: pd.DataFrame
    warnings: list[str]


class _Found(NamedTuple):
    core: np.ndarray
    members: np.ndarray
    families: np.ndarray
    setting: tuple[int, float]
    uses: int
    all_uses: int
    p_prevalence: float
    p_overlap: float
    control: tuple[int, int]


class _Rules(NamedTuple):
    settings: tuple[tuple[int, float], ...]
    alpha: float
    least_accounts: int
    least_families: int
    attach: int
    margin: float

    @property
    def level(self) -> float:
        """Two routes and several settings share `alpha`."""
        return self.alpha / 2 / len(self.settings)


def detect(
    posts: pd.DataFrame,
    accounts: pd.DataFrame,
    control: pd.DataFrame | None,
    *,
    settings: Sequence[tuple[int, float]] = SETTINGS,
    alpha: float = 0.01,
    least_accounts: int = 5,
    least_families: int = 3,
    attach: int = 2,
    margin: float = 1.5,
    indicators_needed: int = 3,
    given: Mapping[int, str] | None = None,
) -> Copying:
    """Which accounts repeat the same several texts, more than a control does, and are they odd in other ways?

    `posts`, one row per post, also of posts that copy nothing: account (code), family (of long near-equal
    texts, -1 none), reactionless (true, false, NA), hour (0-23 UTC, NA), camp (of the target, -1 unknown),
    domain (-1 none); the last four may be missing. `accounts`, indexed by account code: created_day (days,
    NaN). `control`: account, family, one row per post, also of posts that copy nothing, of accounts who
    answer other targets in the same weeks and languages, collected by the same rule. It is peeled alone, so
    its families may be numbered apart or with the case's: only which control posts share a text counts.
    `given` names families with a visible source (see `sourced`).
    A group passes the text level where one of its two p is at most alpha / 2 / number of settings. What it
    proves: more shared wording than copying at the control's rate gives. It does not show who, why or where.
    Raises MetricError for a missing column or impossible setting.
    """
    rules = _rules(settings, alpha, least_accounts, least_families, attach, margin)
    case = read(posts, accounts)
    sources = sourced(posts, given)
    own = np.where(_is_sourced(case, sources), -1, case.family)
    copies = cores.layer(case.account, own, len(case.codes), len(case.family_codes))
    outside = read_control(control)
    found, skipped = _search(copies, case.posts, outside, rules)
    signs = _signs(found, case)
    missing = [not indicators.fields(case.seen)[m] for m in indicators.INDICATORS]
    lacking = any(missing) or any(not indicator.available for group in signs for indicator in group)
    impossible = missing.count(False) < indicators_needed or any(
        sum(indicator.available for indicator in group) < indicators_needed for group in signs
    )
    small = outside is not None and int((outside.posts >= 3).sum()) < CONTROL
    said = (outside is None, small, skipped, lacking, impossible)
    return Copying(
        _group_table(found, signs, case, own, indicators_needed),
        _member_table(found, case),
        _family_table(found, case, sources),
        _indicator_table(signs),
        [code for code, is_so in zip(WARNINGS, said, strict=True) if is_so],
    )


def _rules(settings: Sequence[tuple[int, float]], alpha: float, *rest: Any) -> _Rules:
    chosen = tuple((int(b), float(purity)) for b, purity in settings)
    if not chosen or any(b < 2 or not 0 < purity <= 1 for b, purity in chosen):
        raise MetricError(
            "a setting is a number of families, 2 or more, and a purity above 0 and at most 1",
            where="settings",
            found=settings,
        )
    if not 0 < alpha < 1:
        raise MetricError("alpha lies between 0 and 1", where="alpha", found=alpha)
    return _Rules(chosen, alpha, *rest)


def _is_sourced(case: Case, sources: pd.DataFrame) -> np.ndarray:
    """For each post, whether its family has a visible source."""
    hidden = np.append(np.isin(case.family_codes, sources["family"].to_numpy(np.int64)), False)
    return hidden[case.family]  # -1 is the last


def _search(
    copies: cores.Layer, posts: np.ndarray, outside: Control | None, rules: _Rules
) -> tuple[list[_Found], bool]:
    """Groups of all settings, strict first; what one finds is taken out before the next."""
    found: list[_Found] = []
    skipped = False
    free, open_ = np.ones(copies.accounts, bool), np.ones(copies.families, bool)
    for setting in rules.settings:
        left = cores.kept_of(copies, free[copies.account] & open_[copies.family])
        core = cores.kept_of(left, cores.peel(left, *setting))
        parts = cores.pieces(core, accounts=rules.least_accounts)
        skipped |= parts.skipped
        beside = _control_core(outside, setting)
        able = int((free & (posts >= setting[0])).sum())
        tested = [
            _judge(copies, left, cores.kept_of(core, part), setting, beside, able, rules)
            for part in parts.edges
        ]
        new = [g for g in tested if g is not None]
        found += sorted(
            new, key=lambda g: (-len(g.core), -len(g.families), -g.uses, -len(g.members), g.core[0])
        )
        for group in new:
            free[group.members], open_[group.families] = False, False
    return found, skipped


def control_core(control: pd.DataFrame, setting: tuple[int, float] = SETTINGS[0]) -> tuple[int, int]:
    """How many control accounts (account, family; one row per post) lie in a core of their own, and of how many?

    `setting` is that of the group it stands beside, by default the strictest; the second number counts
    accounts with posts enough to be in the core.
    """
    return _control_core(read_control(control), setting)


def _control_core(outside: Control | None, setting: tuple[int, float]) -> tuple[int, int]:
    """Control accounts in the control's own core, and those with enough posts to be."""
    if outside is None:
        return 0, 0
    inside = cores.peel(outside.layer, *setting)
    return len(np.unique(outside.layer.account[inside])), int((outside.posts >= setting[0]).sum())


def _judge(
    copies: cores.Layer,
    left: cores.Layer,
    part: cores.Layer,
    setting: tuple[int, float],
    beside: tuple[int, int],
    able: int,
    rules: _Rules,
) -> _Found | None:
    """The group that a piece of the core makes, if it is large enough and passes the text level."""
    core, families = np.unique(part.account), np.unique(part.family)
    if len(core) < rules.least_accounts or len(families) < rules.least_families:
        return None
    users = np.bincount(copies.family, minlength=copies.families)
    held = np.bincount(copies.account[users[copies.family] >= 2], minlength=copies.accounts)
    ours = np.isin(left.family, families)
    uses = int(np.isin(left.account[ours], core).sum())
    all_uses = int(users[families].sum())
    share = rules.margin * held[core].sum() / held.sum()
    by_size = cores.prevalence(len(core), able, *beside)
    by_overlap = cores.overlap(
        uses,
        all_uses,
        share,
        (len(families), int((users >= 2).sum())),
        (len(core), int((held >= setting[0]).sum())),
    )
    if min(by_size, by_overlap) > rules.level:
        return None
    attached = np.bincount(left.account[ours], minlength=copies.accounts)
    members = np.union1d(core, np.flatnonzero(attached >= rules.attach))
    return _Found(core, members, families, setting, uses, all_uses, by_size, by_overlap, beside)


def _signs(found: list[_Found], case: Case) -> list[list[indicators.Indicator]]:
    """The indicators of each group against accounts with two posts that are in none."""
    ordinary = case.posts >= 2
    for group in found:
        ordinary[group.members] = False
    return indicators.read(case.seen, [group.core for group in found], np.flatnonzero(ordinary))


def _group_table(
    found: list[_Found], signs: list[list[indicators.Indicator]], case: Case, family: np.ndarray, needed: int
) -> pd.DataFrame:
    rows = []
    for number, (group, read_indicators) in enumerate(zip(found, signs, strict=True), 1):
        on = sum(indicator.on for indicator in read_indicators)
        validated = on >= needed
        ours = np.isin(case.account, group.core) & np.isin(family, group.families)
        linked = float(np.mean(case.domain[ours] >= 0))
        rows.append(
            {
                "group": number,
                "state": STATES[2] if validated else STATES[1] if on >= 2 else STATES[0],
                "name": "promotion" if linked >= LINKED else "shared_templates",
                "core_accounts": len(group.core),
                "member_accounts": len(group.members),
                "families": len(group.families),
                "b": group.setting[0],
                "purity": group.setting[1],
                "uses": group.uses,
                "all_uses": group.all_uses,
                "purity_found": group.uses / group.all_uses,
                "p_prevalence": group.p_prevalence,
                "p_overlap": group.p_overlap,
                "control_core": group.control[0],
                "control_accounts": group.control[1],
                "text_level": True,
                "indicators_on": on,
                "validated": validated,
                "link_share": linked,
            }
        )
    return _table(rows, _GROUPS)


def _member_table(found: list[_Found], case: Case) -> pd.DataFrame:
    columns = {
        "group": np.repeat(np.arange(len(found)) + 1, [len(group.members) for group in found]),
        "account": case.codes[np.concatenate([np.array([], int), *(group.members for group in found)])],
        "core": np.concatenate(
            [np.array([], bool), *(np.isin(group.members, group.core) for group in found)]
        ),
    }
    return _table(columns, _MEMBERS)


def _family_table(found: list[_Found], case: Case, sources: pd.DataFrame) -> pd.DataFrame:
    """Families with two users, sourced or not."""
    copies = cores.layer(case.account, case.family, len(case.codes), len(case.family_codes))
    users = np.bincount(copies.family, minlength=copies.families)
    group = np.full(copies.families, -1)
    for number, one in enumerate(found, 1):
        group[one.families] = number
    shared = np.flatnonzero(users >= 2)
    codes = case.family_codes[shared]
    reasons = dict(zip(sources["family"].tolist(), sources["why"].tolist(), strict=True))
    columns = {
        "family": codes,
        "group": group[shared],
        "users": users[shared],
        "sourced": np.isin(codes, list(reasons)),
        "why": [reasons.get(code, "") for code in codes.tolist()],
    }
    return _table(columns, _FAMILIES)


def _indicator_table(signs: list[list[indicators.Indicator]]) -> pd.DataFrame:
    rows = [
        {"group": number} | indicator._asdict()
        for number, group in enumerate(signs, 1)
        for indicator in group
    ]
    return _table(rows, _MARKS)


def _table(values: list[dict[str, Any]] | dict[str, Any], kinds: dict[str, str]) -> pd.DataFrame:
    """Rows or columns as a table with the types of `kinds`, also where there is none."""
    columns = values if isinstance(values, dict) else {name: [row[name] for row in values] for name in kinds}
    return pd.DataFrame({name: pd.array(columns[name], dtype=kind) for name, kind in kinds.items()})


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
