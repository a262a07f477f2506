"""Many accounts, few repeats: who shares several prepared texts, more than a control does, and is odd in other ways too?"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from kit import inference
from kit.disclosure.rule import STEP
from kit.inference import outcomes
from kit.inference.coaction import copying as test
from kit.inference.coaction.copying import Copying, power_near
from kit.locale import N_
from kit.locale.later import Text, joined, later
from kit.metrics import metric, positive
from kit.metrics.coordination.actions import doers, doers_of_things, inferred, key_of
from kit.metrics.texts.near_duplicates import near_duplicates

LONG = 8.0  # words from which a text is too long to be said alike by chance
SMALL = 300  # control accounts with three posts below which large networks cannot be seen
OUTSIDE = 30  # accounts in no group, below which nobody is left to say whom a group differs from
STRONG = 0.8  # share of a network that must be found before nothing found is called not found
COPIED = 0.05  # by how much more the studied may copy than the control, so that nothing found means something
PLANTED = 150  # texts of the network that the power is told for
_KEPT = 16
#: the further indicators, in words
INDICATORS = {
    "created": N_("made in the same weeks"),
    "no_reaction": N_("hardly any reaction to their posts"),
    "same_hours": N_("posts at the same hours"),
    "spread": N_("answers to opposed camps"),
}
_results: dict[str, Found] = {}


_NAMES = {"hours": "same_hours"}


class Indicators(str):
    """Indicators that hold, written in the reader's language when they are formatted; as plain text their names."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return format(self.later, spec)

    @property
    def later(self) -> Text:
        """The same for a reader whose language is not known yet."""
        return joined((later(INDICATORS[indicator]) for indicator in self.split()), none=later("none"))


class Found(NamedTuple):
    """The test on one case: its result, the accounts behind it, and how many could have been found."""

    result: Copying
    group: pd.Series  # group by account_key, accounts with a post of their own
    control_accounts: int  # with three posts or more
    posts: pd.DataFrame


def found(
    case: Any, *, similarity: float = 0.75, long: float = LONG, indicators: int = 3, sources: bool = True
) -> Found:
    """The test on studied and context accounts together, blind to which is which, with the control group beside.

    A family is a cluster of near-equal texts (`near_duplicates`) of at least `long` words; families with a visible source
    (`near_duplicate_sources`) are set aside unless `sources` is false.
    """
    key = key_of(case, similarity, long, indicators, sources)
    if key not in _results:
        posts = _posts(case, similarity, positive("long", long))
        control = posts[posts["group"] == "control"]
        mine = posts[posts["group"] != "control"]
        result = test.detect(
            mine,
            mine.drop_duplicates("account").set_index("account")[["created_day"]],
            control if len(control) else None,
            given=_seen(mine) if sources else None,
            indicators_needed=indicators,
        )
        while len(_results) >= _KEPT:
            del _results[next(iter(_results))]
        group = posts.drop_duplicates("account").set_index("account")["group"]
        counts = control.groupby("account").size()
        _results[key] = Found(result, group, int((counts >= 3).sum()), posts)
    return _results[key]


def _posts(case: Any, similarity: float, long: float) -> pd.DataFrame:
    """Own posts with author: account, group, family, reactionless, hour (UTC), camp of the target, domain, created_day, and the
    source that its text had among clusters at the usual similarity."""
    table = case.sql(
        """
        WITH camps AS (
            SELECT account_key, dense_rank() OVER (ORDER BY category) - 1 AS camp FROM (
                SELECT account_key, min(category) AS category FROM roster
                WHERE account_key IS NOT NULL AND category IS NOT NULL GROUP BY 1)),
        sites AS (
            SELECT post_key, min(d.code) AS domain FROM links JOIN (
                SELECT domain, row_number() OVER (ORDER BY domain) - 1 AS code FROM (SELECT DISTINCT domain FROM links)) d
            USING (domain) GROUP BY 1)
        SELECT p.account_key AS account, p."group",
               CASE WHEN c.words >= $long THEN coalesce(c.near_duplicate_key, -1) ELSE -1 END AS family,
               CASE WHEN coalesce(p.likes, p.replies, p.reposts, p.quotes) IS NOT NULL
                    THEN coalesce(p.likes, 0) + coalesce(p.replies, 0) + coalesce(p.reposts, 0) + coalesce(p.quotes, 0) = 0
                    END AS reactionless,
               CASE WHEN p.time_source IS DISTINCT FROM 'estimate' AND p.time_precision NOT IN ('day')
                    THEN hour(p.created_at) END AS hour,
               coalesce(k.camp, -1) AS camp, coalesce(s.domain, -1) AS domain,
               epoch(a.created_at) / 86400 AS created_day, w.source
        FROM posts p JOIN accounts a USING (account_key) LEFT JOIN near_duplicates c USING (post_key)
        LEFT JOIN camps k ON k.account_key = p.target_key LEFT JOIN sites s USING (post_key)
        LEFT JOIN usual u USING (post_key)
        LEFT JOIN (SELECT near_duplicate_key, min(source) AS source FROM near_duplicate_sources GROUP BY 1) w ON w.near_duplicate_key = u.near_duplicate_key
        WHERE NOT p.is_repost AND p.account_key IS NOT NULL ORDER BY p.post_key""",
        tables=near_duplicates(case, similarity)
        | {
            "usual": case.derived("near_duplicates"),
            "near_duplicate_sources": case.derived("near_duplicate_sources"),
        },
        long=float(long),
    )
    table["family"] = table["family"].fillna(-1).astype("int64")
    table["reactionless"] = table["reactionless"].astype("boolean")
    return table


def _seen(posts: pd.DataFrame) -> dict[int, str]:
    """The source of each family that has one: that of at least half of its posts."""
    repeated = posts[posts["family"] >= 0]
    with_source = repeated.dropna(subset=["source"])
    counts = with_source.groupby(["family", "source"]).size().rename("n").reset_index()
    whole = repeated.groupby("family").size()
    counts = counts[counts["n"] * 2 >= counts["family"].map(whole)]
    first = counts.sort_values(["family", "n", "source"], ascending=[True, False, True]).drop_duplicates(
        "family"
    )
    return dict(zip(first["family"].astype(int), first["source"].astype(str), strict=True))


@metric(N_("Groups of accounts that share prepared texts"), needs=("posts.text", "posts.account_key"))
def template_groups(
    case: Any, *, similarity: float = 0.75, long: float = LONG, indicators: int = 3
) -> pd.DataFrame:
    """Which accounts repeat the same several long texts, more than control accounts do?

    Columns: number, state (co_active: up to one indicator; co_active_unusual: two; validated: `indicators` or more), template_name
    (shared_templates, or promotion where most posts carry a link), studied_accounts, context_accounts (with two texts of the
    group or more), families (of near-equal texts), purity_share (of all uses of these texts, by the
    core), passed_by (the route by which it passes the text level: more_accounts than the control holds, or more_texts in common
    than popularity gives), p (of that route), indicators_on, control_core_accounts (control accounts that would
    pass for a core of their own).
    Formula: `kit.inference.coaction.copying`. The other route is not needed: a group that writes most of the near-duplicates
    cannot be its own control, and by texts in common its p is 1 however clear it is.
    Missing: reposts, posts without author, texts under `long` words, texts with a visible source.
    Public: accounts in tens, texts and shares rounded to those of one account, p to two digits; groups of fewer than ten
    accounts are one row, of which nothing but their accounts is said (number 0, fewer_than_ten).
    Source: docs/coordination.md; simulated false alarms and power: docs/copying-acceptance.md.
    A group does not prove coordination: fans, party supporters and joke circles pass the text level too, and a
    closed community of newcomers abroad whom nobody answers passes the indicators.

    >>> coordination.template_groups(case)[["state", "studied_accounts", "indicators_on"]]
           state  studied_accounts  indicators_on
    0  validated               103              4
    """
    run = found(case, similarity=similarity, long=long, indicators=indicators)
    columns = (
        "number state template_name studied_accounts context_accounts families purity_share passed_by p"
        " indicators_on control_core_accounts families__people families__largest purity_share__weight"
        " families__held purity_share__held"
    ).split()
    rows = _rows(run)
    if case.edition == "public":
        rows = _pooled(rows)
    table = pd.DataFrame(rows, columns=columns)
    return inferred(table.assign(p=_coarse(case, table["p"])))


def _rows(run: Found) -> list[dict[str, Any]]:
    return [_group_row(run, row) for row in run.result.groups.to_dict("records")]


def _group_row(run: Found, row: dict[str, Any]) -> dict[str, Any]:
    """One group, with who stands behind its texts."""
    inside = run.result.members.loc[run.result.members["group"] == row["group"], "account"]
    by_group = run.group.reindex(inside).value_counts()
    families = run.result.families.loc[run.result.families["group"] == row["group"], "family"]
    people, largest = _users(run, families)
    most = doers(_used(run, families).drop_duplicates(["account", "family"])["account"])[1]
    overlap = row["p_overlap"] < row["p_prevalence"]
    return {
        "number": row["group"],
        "state": row["state"],
        "template_name": row["name"],
        "studied_accounts": int(by_group.get("studied", 0)),
        "context_accounts": int(by_group.get("context", 0)),
        "families": row["families"],
        "purity_share": row["purity_found"],
        "passed_by": "more_texts" if overlap else "more_accounts",
        "p": min(row["p_prevalence"], row["p_overlap"]),
        "indicators_on": row["indicators_on"],
        "control_core_accounts": row["control_core"],
        "families__people": people,
        "families__largest": largest,
        "purity_share__weight": most / row["all_uses"],
    }


def _users(run: Found, families: pd.Series) -> tuple[int, int]:
    """How many accounts stand behind these texts, and how many texts are no longer shared if one of them goes."""
    used = _used(run, families)
    return doers_of_things(used["account"], used["family"], least=2)


def _used(run: Found, families: pd.Series) -> pd.DataFrame:
    """Posts of these texts, without the control, which stands outside."""
    return run.posts[run.posts["family"].isin(families) & run.posts["group"].ne("control")]


def _few(row: dict[str, Any]) -> bool:
    """Whether a group has fewer than ten accounts of those whom it is about."""
    return max(row["studied_accounts"], row["context_accounts"]) < STEP


def _pooled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups of ten accounts, and one row for all others."""
    few = [row for row in rows if _few(row)]
    if not few:
        return rows
    summed = ("studied_accounts", "context_accounts")
    together = few[0] | {name: sum(row[name] for row in few) for name in summed}
    unsaid = dict.fromkeys(("state", "passed_by", "p", "indicators_on", "control_core_accounts"))
    held = {"families__held": 1, "purity_share__held": 1}
    told = [row for row in rows if not _few(row)]
    return [*told, together | unsaid | held | {"number": 0, "template_name": "fewer_than_ten"}]


def _coarse(case: Any, p: pd.Series) -> pd.Series:
    """p as the edition gives it: in public to two digits from 0.001, so that no count follows from it."""
    if case.edition != "public":
        return p
    return p.astype(float).map(lambda value: 0.0 if value < 0.001 else float(f"{value:.2g}"))


@metric(
    N_("Further indicators of these groups"),
    within=(),
    needs=(
        "posts.text",
        "posts.account_key",
    ),
)
def template_indicators(case: Any, *, similarity: float = 0.75, long: float = LONG) -> pd.DataFrame:
    """What else is unlike other accounts about a group that shares texts, in things that the texts did not choose?

    Columns: number (of the group), indicator (created: made in the same weeks; no_reaction; same_hours: posts at the same hours; spread:
    answers opposed camps of the roster), available, others_share (the share or mean of accounts in no group), above_share (how far
    the group is above it), p, on.
    Formula: `kit.inference.coaction.indicators`; each p against 0.01 / number of groups, and an effect that matters.
    Missing: a field that the exports do not hold is an indicator that is off.
    Public: of groups of ten accounts; shares rounded to ten accounts of theirs, p to two digits.
    Source: docs/coordination.md.
    One indicator proves nothing: newcomers, and people nobody answers, are many. Three of four are asked for.

    >>> coordination.template_indicators(case)[["indicator", "available", "on"]]
         indicator  available    on
    0      created       True  True
    1  no_reaction       True  True
    2   same_hours       True  True
    3       spread       True  True
    """
    run = found(case, similarity=similarity, long=long)
    table = run.result.indicators
    own = table["indicator"] == "created"  # its effect is the group's own share; the others are differences
    table = table.assign(
        indicator=table["indicator"].replace(_NAMES),
        above_share=table["effect"] - table["control_value"].where(own, 0.0),
    ).rename(columns={"group": "number", "control_value": "others_share"})
    names = ["number", "indicator", "available", "others_share", "above_share", "p", "on"]
    if case.edition == "public":
        told = [row["number"] for row in _rows(run) if not _few(row)]
        table = table[table["number"].isin(told)].reset_index(drop=True)
    sizes = run.result.groups.set_index("group")["core_accounts"].reindex(table["number"]).to_numpy()
    table = table.assign(
        p=_coarse(case, table["p"]),
        others_share__weight=min(1.0, STEP / max(1, _ordinary(run))),
        above_share__weight=(STEP / sizes).clip(max=1.0) if len(table) else 1.0,
    )
    return inferred(table[[*names, "others_share__weight", "above_share__weight"]])


def _ordinary(run: Found) -> int:
    """Accounts with two posts that are in no group: those whom the indicators are held against."""
    mine = run.posts[
        run.posts["group"].ne("control") & ~run.posts["account"].isin(run.result.members["account"])
    ]
    return int((mine.groupby("account").size() >= 2).sum())


@metric(N_("Shared texts, by the source that anybody could see"), needs=("posts.text", "posts.account_key"))
def template_sources(case: Any, *, similarity: float = 0.75, long: float = LONG) -> pd.DataFrame:
    """Which shared texts have a source that explains why several accounts say them?

    Columns: template_source (shared_domain: a headline with its link; petition; share_button; parent or quoted: it stands in the post
    answered or quoted; answered: its first author is widely answered; none: not set aside), families, users_accounts (most accounts behind one
    of them).
    Formula: `kit.inference.coaction.copying` and `kit.texts.near_duplicates`.
    Missing: sources outside this case are not seen: search for the texts before you publish.
    Public: texts rounded to the most of them by one account, accounts in tens.
    Source: docs/coordination.md.
    No visible source does not prove that there is none.

    >>> coordination.template_sources(case)
      template_source  families  users_accounts
    0            none        41              39
    1        answered         4               3
    2        petition         1               6
    """
    run = found(case, similarity=similarity, long=long)
    table = run.result.families
    table = table.assign(template_source=table["why"].fillna("").replace("", "none"))
    out = (
        table.groupby("template_source")
        .agg(families=("family", "size"), users_accounts=("users", "max"))
        .reset_index()
    )
    out = out.sort_values(["families", "template_source"], ascending=[False, True], ignore_index=True)
    behind = [
        _users(run, table.loc[table["template_source"] == name, "family"]) for name in out["template_source"]
    ]
    return inferred(
        out.assign(families__people=[p for p, _ in behind], families__largest=[most for _, most in behind])
    )


@metric(
    N_("Share of accounts in a group that shares prepared texts"),
    unit="share of accounts",
    n_unit="accounts",
    outcomes=outcomes.TEMPLATES,
    needs=("posts.text", "posts.account_key"),
)
def shared_templates(
    case: Any, *, similarity: float = 0.75, long: float = LONG, indicators: int = 3, sources: bool = True
) -> pd.DataFrame:
    """What share of a group's accounts belongs to a group of accounts that repeats the same several texts?

    Columns: group (studied, context, and control, which says how many of its accounts would pass for a core of
    their own), n (accounts with a post of their own; of the control with posts enough), estimate, low, high, state, indicators_on (of
    the group with most accounts of this row), families, members, verdict (found where validated; inconclusive below), sentence,
    indicators_named, control_accounts (with three posts), outside_accounts (with two posts, in no group), copied_share and
    control_copied_share (posts of studied and of control accounts with a text that several of their own post), and of what
    network found_share would have been found: power_accounts, power_posts (the nearest row of the power table) and template_share,
    the least share of its posts from templates for which 80 % would be.
    Verdicts: found where a group is validated. not_found only where the control is large, the studied copy hardly more than it, and
    a network would have been found in 80 %; it speaks of networks of that share and more. Else inconclusive: no_outsiders where a
    group shares texts, but nobody outside of it is in the data to hold it against (a list that is a network through and
    through), copies where the studied copy more than the control and no group stands out, weak where no network of this size is found
    often enough.
    Formula: as `template_groups`; Wilson interval.
    Missing: as `template_groups`; silent accounts are in no denominator, accounts with one post could not be found.
    Public: accounts in tens, shares from them, texts rounded to the most by one account; of fewer than ten members nothing but
    that there are some.
    Source: docs/coordination.md.
    A high share does not prove coordination unless the group is validated, and then one reading is left that only
    a person can rule out.

    >>> coordination.shared_templates(case, similarity=0.9)[["group", "n", "verdict"]]
         group    n       verdict
    0  studied  113         found
    1  context  110  inconclusive
    2  control   41           NaN
    """
    run = found(case, similarity=similarity, long=long, indicators=indicators, sources=sources)
    own = run.posts.groupby("account").size()
    able = run.group.reindex(own.index)
    power = power_of(run)
    rows = []
    for group in [g for g in case.groups if g != "control"]:
        among = able.index[able == group]
        best, inside = _best(run, among)
        n = len(among)
        row = {"group": group, "n": n} | inference.wilson(len(inside), n)._asdict()
        row["indicators_named"] = _indicators(run, best)
        row |= {key: best.get(key) for key in ("state", "indicators_on", "families")} | {
            "members": len(inside)
        }
        copied = _copied(run)
        row |= _said(run, best, n, power, copied) | power | copied
        row |= {"outside_accounts": _ordinary(run)}
        row |= {"control_accounts": run.control_accounts, "members__held": int(0 < n < STEP)}
        rows.append(row | _behind(run, best))
        if case.edition == "public" and 0 < len(inside) < STEP:  # what they are like is theirs alone
            rows[-1] |= {"indicators_named": Indicators(), "state": None, "indicators_on": None}
            rows[-1] |= {"families__held": 1, "sentence": "few"}
    core, n = control_of(run)
    if n:  # how many control accounts such a core would hold anyway
        rows.append(
            {"group": "control", "n": n}
            | inference.wilson(core, n)._asdict()
            | {"indicators_named": Indicators()}
        )
    table = pd.DataFrame(rows)
    if rows:  # as objects: a column of texts would forget that these are indicators
        table["indicators_named"] = pd.Series([row["indicators_named"] for row in rows], dtype=object)
    return inferred(table)


def _behind(run: Found, best: dict[str, Any]) -> dict[str, int]:
    """Who stands behind the texts of a group."""
    families = run.result.families
    people, largest = _users(run, families.loc[families["group"] == best.get("number"), "family"])
    return {"families__people": people, "families__largest": largest}


def _best(run: Found, among: pd.Index) -> tuple[dict[str, Any], set[int]]:
    """The group with most of these accounts, and all of them that are in a group."""
    members = run.result.members[run.result.members["account"].isin(among)]
    if members.empty:
        return {}, set()
    states = run.result.groups.set_index("group")
    sizes = members.groupby("group").size()
    order = pd.DataFrame({"rank": states["indicators_on"].reindex(sizes.index), "size": sizes})
    number = order.sort_values(["size", "rank"], ascending=False).index[0]
    return states.loc[number].to_dict() | {"number": number}, set(members["account"].tolist())


def _indicators(run: Found, best: dict[str, Any]) -> Indicators:
    """The indicators of the group that hold."""
    indicators = run.result.indicators
    indicators = indicators.assign(indicator=indicators["indicator"].replace(_NAMES))
    return Indicators(
        " ".join(indicators.loc[indicators["on"] & (indicators["group"] == best.get("number")), "indicator"])
    )


def _said(
    run: Found, best: dict[str, Any], n: int, power: dict[str, Any], copied: dict[str, float]
) -> dict[str, str]:
    """Verdict and sentence: the only ones that the method allows."""
    return dict(zip(("verdict", "sentence"), _verdict(run, best, n, power, copied), strict=True))


def _verdict(
    run: Found, best: dict[str, Any], n: int, power: dict[str, Any], copied: dict[str, float]
) -> tuple[str, str]:
    if not n:
        return "inconclusive", "no_data"
    if best and best["state"] == "validated":
        return "found", "validated"
    if best:
        return "inconclusive", "no_outsiders" if _ordinary(run) < OUTSIDE else str(best["state"])
    if run.control_accounts == 0:
        return "inconclusive", "no_control"
    if run.control_accounts < SMALL:
        return "inconclusive", "small_control"
    if copied["copied_share"] - copied["control_copied_share"] >= COPIED:
        return "inconclusive", "copies"
    return ("not_found", "none_found") if power["found_share"] >= STRONG else ("inconclusive", "weak")


def _copied(run: Found) -> dict[str, float]:
    """The share of the posts of studied and of control accounts with a text that two of the group's accounts post or more."""
    shares = {}
    for name, group in (("copied_share", "studied"), ("control_copied_share", "control")):
        mine = run.posts[run.posts["group"] == group]
        users = mine[mine["family"] >= 0].groupby("family")["account"].nunique()
        copied = mine["family"].isin(users.index[users >= 2])
        largest = int(mine.loc[copied].groupby("account").size().max()) if copied.any() else 0
        shares[name] = float(copied.mean()) if len(mine) else float("nan")
        shares[f"{name}__weight"] = largest / max(1, len(mine))
    return shares


def control_of(run: Found) -> tuple[int, int]:
    """Control accounts in a core of their own, and those with posts enough to be; (0, 0) without any.

    At the setting that found the first group, else at the strictest one.
    """
    control = run.posts[run.posts["group"] == "control"]
    if control.empty:
        return 0, 0
    groups = run.result.groups
    setting = (
        test.SETTINGS[0] if groups.empty else (int(groups["b"].iloc[0]), float(groups["purity"].iloc[0]))
    )
    return test.control_core(control, setting)


def power_of(run: Found) -> dict[str, Any]:
    """What of a network of the size of the studied accounts would be found, at the least share of templates for which most would."""
    mine = run.posts[run.posts["group"] == "studied"]
    counts = mine.groupby("account").size()
    if counts.empty:
        nothing = dict.fromkeys(("template_share", "power_accounts", "power_posts"))
        return {"found_share": float("nan")} | nothing
    shares = (0.3, 0.6, 1.0)
    rows = [power_near(len(counts), float(counts.mean()), PLANTED, share) for share in shares]
    row, share = next(
        ((r, s) for r, s in zip(rows, shares, strict=True) if r.validated >= STRONG), (rows[-1], 1.0)
    )
    return {
        "found_share": row.validated,
        "template_share": share,
        "power_accounts": row.accounts,
        "power_posts": row.posts_each,
    }


@metric(
    N_("What would be found of a network of this size, by the share of its posts from templates"),
    unit="share of accounts",
    needs=("posts.text", "posts.account_key"),
)
def template_power(
    case: Any, *, templates: Any = (50, 150, 300), template_share: Any = (1.0, 0.6, 0.3)
) -> pd.DataFrame:
    """What share of a network of the size of the studied accounts would have been found, by the share of its posts from templates?

    Columns: planted, posts_each, templates, template_share (of their posts), text_share (found at the text level), estimate
    (validated, of accounts with three posts or more), most_others (ordinary accounts in a validated group, the largest number in any
    world).
    Formula: rows of the simulated power table nearest to the accounts and posts of the studied group.
    Missing: where no studied account posts, the table is empty.
    Public: the same; simulated accounts are nobody's.
    Source: docs/copying-acceptance.md.
    A low share does not prove that such a network is here; it says that one could be.

    >>> coordination.template_power(case)[["planted", "templates", "estimate"]].head(3)
       planted  templates  estimate
    0      200         50      0.99
    1      200         50      0.78
    2      200         50      0.00
    """
    counts = found(case).posts.query("group == 'studied'").groupby("account").size()
    names = [
        "planted",
        "posts_each",
        "templates",
        "template_share",
        "text_share",
        "estimate",
        "most_others",
    ]
    if counts.empty:
        return pd.DataFrame(columns=names)
    rows = [power_near(len(counts), float(counts.mean()), t, s) for t in templates for s in template_share]
    table = pd.DataFrame([tuple(r)[:7] for r in rows], columns=names)
    return table.drop_duplicates(ignore_index=True)
