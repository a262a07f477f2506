"""Which images, videos and sounds are placed, how often, where from, and by how many accounts?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.disclosure import STEP, rule
from kit.inference import outcomes
from kit.locale import N_
from kit.metrics import at_one_size, estimates, facts, measured, metric, one_of, positive
from kit.metrics.joining import spans
from kit.metrics.needs import in_rows
from kit.schema import GROUPS, group_order, times
from kit.schema.times import LOCAL_DAY

__all__ = [
    "candidates",
    "first_seen",
    "hosts",
    "items",
    "labels",
    "media_coverage",
    "media_facts",
    "media_reuse",
    "placements_per_day",
    "synthetic_per_day",
    "unique_items",
]


#: when two items count as one -> the column that says so
ALIKE = {"identical": "item_key", "copies": "copy_key", "reviewed": "agreed_key", "candidates": "open_key"}
#: a repost passes on a placement and is none
PLACED = f"""
    placed AS (
        SELECT p.post_key, p.account_key, p."group", p.platform, {LOCAL_DAY} AS day, {times.timed()} AS timed,
               {times.earliest()} AS earliest, {times.latest()} AS latest, p.is_reply, p.target_key,
               m.way, m.host, item_key, copy_key, loose_key, agreed_key, open_key
        FROM media_placements m JOIN posts p USING (post_key) JOIN media_clusters c USING (item_key)
        WHERE NOT p.is_repost)"""
#: unique items: fewest with candidates merged, most with copies only; the same after review
RANGE = {"unique_low": "loose_key", "unique_high": "copy_key"}
REVIEWED = {"reviewed_low": "open_key", "reviewed_high": "agreed_key"}


def counted(source: str, by: Sequence[str], things: Mapping[str, str]) -> str:
    """SQL of accounts, placements and different `things` by the columns `by` of `source`, with who stands behind them.

    `things` names for each column of the answer what is counted differently. How many of them hang on one
    account are those that it alone placed; unknown authors are one, and nobody.
    """
    keys, who = ", ".join(by), "coalesce(account_key, -1)"
    alone = [
        f"""(SELECT {keys}, max(n) AS {name}__largest FROM (
                SELECT {keys}, one, count(*) AS n FROM (
                    SELECT {keys}, {key} AS thing, min({who}) AS one FROM ({source}) GROUP BY {keys}, {key} HAVING min({who}) = max({who}))
                GROUP BY {keys}, one) GROUP BY {keys})"""
        for name, key in things.items()
    ]
    each = f"(SELECT {keys}, account_key, count(*) AS n FROM ({source}) GROUP BY {keys}, account_key)"
    joins = " ".join(f"LEFT JOIN {part} USING ({keys})" for part in alone)
    told = "".join(
        f", any_value({name}) AS {name}, count(account_key) AS {name}__people, coalesce(any_value({name}__largest), 0) AS {name}__largest"
        for name in things
    )
    numbers = "".join(f", count(DISTINCT {key}) AS {name}" for name, key in things.items())
    return f"""SELECT {keys}, count(account_key) AS accounts, CAST(sum(n) AS BIGINT) AS placements,
                      count(account_key) AS placements__people, max(n) AS placements__largest{told}
               FROM {each} JOIN (SELECT {keys}{numbers} FROM ({source}) GROUP BY {keys}) USING ({keys}) {joins} GROUP BY {keys}"""


def ask(
    case: Any, query: str, more: Mapping[str, pd.DataFrame] | None = None, **parameters: Any
) -> pd.DataFrame:
    """The answer to a query over `placed`, `media_items`, the tables of the case, and `more`."""
    tables = {name: case.derived(name) for name in ("media_placements", "media_clusters", "media_items")}
    tables |= more or {}
    found = tables["media_items"]
    found["has_fingerprint"] = found["sound"].notna()
    tables["media_items"] = found.drop(columns=["views", "sound"])
    return case.sql(f"WITH {PLACED} {query}", tables=tables, clock=case.clock, **parameters)


def key_of(alike: str) -> str:
    """The column of `ALIKE`."""
    return ALIKE[one_of("alike", alike, ALIKE)]


def labelled(alike: str) -> str:
    """SQL of a table `labelled`: the strongest label of each cluster (0 none, 1 suspected, 2 confirmed)."""
    key = key_of(alike)
    return f"""labelled AS (
        SELECT c.{key} AS cluster, max(CASE label WHEN 'confirmed' THEN 2 WHEN 'suspected' THEN 1 WHEN 'none' THEN 0 END) AS strength
        FROM media_items JOIN media_clusters c USING (item_key) GROUP BY 1)"""


#: why a file was rejected, or something about it is not known
REASONS = {
    "not_media": N_("by its first bytes no picture, video or sound"),
    "empty": N_("holds nothing"),
    "too_large": N_("larger than 2 GB"),
    "too_many_pixels": N_("more than 25 million pixels"),
    "damaged": N_("damaged"),
    "memory": N_("needs too much memory"),
    "time": N_("takes too long"),
    "failed": N_("its decoder failed"),
    "link": N_("is a link, not a file"),
    "unreadable": N_("cannot be read"),
    "no_ffmpeg": N_("ffmpeg is not installed"),
    "no_fpcalc": N_("fpcalc is not installed"),
    "no_c2pa": N_("c2pa-python is not installed"),
}


@metric(N_("Media: facts"), needs=("placements",), over=("placements",))
def media_facts(case: Any) -> pd.DataFrame:
    """How often were images, videos and sounds placed, on how many posts, by how many accounts?

    Columns: id, group, value, unit, label, n. A placement is one item on one post; n counts posts.
    Formula: counts over posts in the period, reposts left out.
    Missing: media that the export does not name are not counted.
    In public: accounts in tens, the others rounded to the most of one account.
    Source: none needed.
    A high number does not prove anything about an account: it is a count of what was received.

    >>> media.media_facts(case)[["id", "group", "value"]].head(3)
                     id    group value
    0  media_placements  studied    34
    1       media_posts  studied    34
    2    media_accounts  studied    30
    """
    table = ask(
        case,
        f""", whole AS (
            SELECT "group", CAST(sum(n) AS BIGINT) AS n, count(account_key) AS n__people, max(n) AS n__largest
            FROM (SELECT "group", account_key, count(*) AS n FROM posts WHERE NOT is_repost GROUP BY 1, 2) GROUP BY 1)
        SELECT * FROM whole LEFT JOIN ({counted("SELECT * FROM placed", ['"group"'], {"posts": "post_key"})}) USING ("group")""",
    ).set_index("group")
    table = table.fillna(0)
    rows: list[tuple] = []
    behind = []
    for group in [g for g in case.groups if g in table.index]:
        r = table.loc[group]
        whole = {"n__people": r.n__people, "n__largest": r.n__largest}
        for name, unit in (("placements", "placements"), ("posts", "posts"), ("accounts", "accounts")):
            rows.append((f"media_{name}", group, int(r[name]), unit, None, int(r.n)))
            own = {
                f"value__{what}": r[f"{name}__{what}"] for what in ("people", "largest") if unit != "accounts"
            }
            behind.append(whole | own)
    return facts(rows).join(pd.DataFrame(behind, dtype=object))


@metric(N_("Which media could be looked at"), needs=in_rows("state", {"named": ["placements"]}))
def media_coverage(case: Any) -> pd.DataFrame:
    """For how many of the items that exports name is a file held, and what became of each file?

    Columns: state, reason (why a file was rejected or not looked at), items, placements (in the period).
    States: named (by an export), held (with a file), kept (decoded), rejected, not_computed (a program is
    missing), flat (quality below 50: matches nothing), truncated, gps (stated a place, which is not read),
    no_sound (videos), no_fingerprint (sound not looked at), unplaced (files that belong to no post), and
    one for each state of content credentials.
    Formula: counts of items; an item is what a file holds, else what an address names.
    Missing: this table is the count of what is missing.
    In public: rounded to what one account placed; items that several accounts place, or nobody, as they are.
    Source: C2PA specification 2; PDQ (Davis and Rosen 2019) for quality.
    A valid credential without a list of trusted issuers does not prove origin: anybody can make one. And
    one that is missing says nothing.

    >>> media.media_coverage(case)[["state", "items", "placements"]]
       state  items  placements
    0  named    215         203
    1   held      0           0
    2   kept      0           0
    """
    found = ask(
        case,
        """, used AS (SELECT item_key, count(*) AS placements FROM placed GROUP BY 1)
        SELECT i.*, coalesce(used.placements, 0) AS placements FROM media_items i LEFT JOIN used USING (item_key)
        ORDER BY item_key""",
    )
    placed = ask(
        case,
        "SELECT item_key, coalesce(account_key, -1) AS account, count(*) AS n FROM placed GROUP BY 1, 2 ORDER BY 1, 2",
    )
    named, kept, film = found["named"].astype(bool), found["status"] == "kept", found["kind"] == "video"

    def where(column: str, value: Any) -> pd.Series:
        return (found[column] == value).fillna(False).astype(bool)

    held, heard = found["status"] != "not_held", where("has_sound", True)
    unheard = kept & heard & ~found["has_fingerprint"].astype(bool)
    parts: list[tuple[str, str | None, pd.Series]] = [
        ("named", None, named),
        ("held", None, held & named),
        ("kept", None, kept),
    ]
    for state in ("rejected", "not_computed"):
        reasons = sorted(found.loc[found["status"] == state, "refused_reason"].dropna().unique())
        mine = where("status", state)
        parts += [(state, REASONS.get(r, r), mine & where("refused_reason", r)) for r in reasons]
    parts += [
        ("flat", None, kept & (found["quality"] < 50).fillna(False).astype(bool)),
        ("truncated", None, kept & where("truncated", True)),
        ("gps", None, kept & where("had_gps", True)),
        ("no_sound", None, kept & film & where("has_sound", False)),
        ("no_fingerprint", REASONS["no_fpcalc"], kept & heard & where("refused_reason", "no_fpcalc")),
        ("no_fingerprint", None, unheard & ~where("refused_reason", "no_fpcalc")),
        ("unplaced", None, held & ~named),
    ]
    credentials = sorted(found.loc[kept, "c2pa_status"].dropna().unique())
    parts += [
        (f"c2pa_{w}", REASONS["no_c2pa"] if w == "not_computed" else None, kept & where("c2pa_status", w))
        for w in credentials
    ]
    always = ("named", "held", "kept")
    rows = []
    for state, reason, mine in parts:
        if mine.any() or state in always:
            row: dict[str, Any] = {
                "state": state,
                "reason": reason,
                "items": int(mine.sum()),
                "placements": int(found["placements"][mine].sum()),
            }
            rows.append(row | _placed_by(placed, found["item_key"][mine], files=state != "named"))
    return pd.DataFrame(rows)


def _placed_by(placed: pd.DataFrame, items: pd.Series, *, files: bool) -> dict[str, int]:
    """Who stands behind some items and their placements.

    Of which `files` are held, and what became of them, is the researcher's doing: how many they are hangs on no account.
    """
    mine = placed[placed["item_key"].isin(items)]
    alone = mine[~mine["item_key"].duplicated(keep=False)].iloc[: 0 if files else None]
    people = (mine if len(mine) else placed)["account"]
    return {
        "items__people": int(people[people >= 0].nunique()),
        "items__largest": int(alone["account"].value_counts().max()) if len(alone) else 0,
        "placements__people": int(mine["account"][mine["account"] >= 0].nunique()),
        "placements__largest": int(mine.groupby("account")["n"].sum().max()) if len(mine) else 0,
    }


@metric(N_("How many different items were placed"), needs=("placements",))
def unique_items(case: Any) -> pd.DataFrame:
    """How many different items stand behind a group's placements?

    Columns: group, accounts, placements, named_items (files or addresses as they are), unique_low
    (copies and candidates merged), unique_high (copies merged), reviewed_low, reviewed_high (the same after
    two reviewers decided candidates; what they left open is merged in the low one).
    Formula: clusters in the shape of stars (`kit.media.matches`): every member is tied to the centre itself.
    Missing: items without a file match by their address only, so copies among them count twice; reposts
    are left out.
    In public: items rounded to those that one account alone places; as they are where each is placed by several.
    Source: PDQ (Davis and Rosen 2019); thresholds in docs/media.md.
    A small number does not prove a common source: people share what they like; compare the control.

    >>> media.unique_items(case)[["group", "placements", "unique_low", "unique_high"]]
         group  placements  unique_low  unique_high
    0  studied          34          10           10
    1  control           8           8            8
    2  context         161         161          161
    """
    return ask(
        case,
        f"""SELECT * FROM ({counted("SELECT * FROM placed", ['"group"'], {"named_items": "item_key", **RANGE, **REVIEWED})})
            ORDER BY {group_order()}""",
    )


@metric(N_("Items placed most"), needs=("placements",))
def items(case: Any, *, top: int = 20, minimum: int = 2) -> pd.DataFrame:
    """Which items are placed most, by how many accounts, where and when?

    Columns: group, item (number of the cluster, in the order of all placements), kind, files (different
    files or addresses), accounts, placements, posts, platforms, first_day, last_day (in the report's
    clock), label (none, suspected or confirmed synthetic, by two reviewers; empty where nobody looked).
    Formula: counts by cluster of copies and reviewed pairs; the `top` of studied and of control among those
    that at least `minimum` accounts of the group place.
    Missing: as `unique_items`.
    In public: items that ten accounts of the group place; first_week, last_week (Mondays of the weeks by which ten
    accounts had placed it, and since which ten still did) instead of days.
    Source: as `unique_items`.
    A high place does not prove a campaign: popular pictures are placed by many; compare the control.

    >>> media.items(internal, top=2)[["group", "item", "kind", "placements"]].head(3)
         group  item   kind  placements
    0  studied     1  video          12
    1  studied     2  image           7
    """
    dates = "first_day, last_day"
    if not _told_by_day(case, ("studied", "control")):
        dates = f"first_week, last_week, {STEP} AS first_week__people, {STEP} AS last_week__people"
    return ask(
        case,
        f""", {labelled("reviewed")}, {_NUMBERED},
        told AS (SELECT * FROM ({counted("SELECT * FROM mine", ['"group"', "item"], {"files": "item_key", "posts": "post_key"})})),
        dates AS (SELECT "group", item, min(day) AS first_day, max(day) AS last_day FROM mine GROUP BY 1, 2),
        weeks AS (SELECT "group", item, account_key, date_trunc('week', min(day)) AS first, date_trunc('week', max(day)) AS last
                  FROM mine WHERE account_key IS NOT NULL AND day IS NOT NULL GROUP BY ALL),
        tenth AS (SELECT "group", item, CAST(list_sort(list(first))[{STEP}] AS DATE) AS first_week,
                         CAST(list_reverse_sort(list(last))[{STEP}] AS DATE) AS last_week FROM weeks GROUP BY 1, 2),
        about AS (SELECT "group", item, min(i.kind) AS kind, string_agg(DISTINCT platform, ', ' ORDER BY platform) AS platforms,
                         CASE any_value(strength) WHEN 2 THEN 'confirmed' WHEN 1 THEN 'suspected' WHEN 0 THEN 'none' END AS label
                  FROM mine JOIN media_items i USING (item_key) LEFT JOIN labelled l ON l.cluster = mine.agreed_key GROUP BY 1, 2)
        SELECT "group", item, kind, files, accounts, placements, posts, platforms, {dates}, label,
               placements__people, placements__largest, files__people, files__largest, posts__people, posts__largest
        FROM told JOIN about USING ("group", item) JOIN dates USING ("group", item) LEFT JOIN tenth USING ("group", item)
        WHERE "group" <> 'context' AND accounts >= {_fewest(case, minimum)}
        QUALIFY row_number() OVER (PARTITION BY "group" ORDER BY placements DESC, item) <= {int(positive("top", top))}
        ORDER BY {group_order()}, placements DESC, item""",
    )


#: placements with the number of their item, in the order of all placements
_NUMBERED = """
    numbered AS (SELECT agreed_key, row_number() OVER (ORDER BY count(*) DESC, agreed_key) AS item FROM placed GROUP BY 1),
    mine AS (SELECT * FROM placed JOIN numbered USING (agreed_key))"""


def _told_by_day(case: Any, groups: Sequence[str]) -> bool:
    """Whether single days of these groups may be told: inside, and where a platform published the lists of all."""
    return case.edition != "public" or {g for g in groups if g in case.groups} <= set(case.report.exact)


def _fewest(case: Any, minimum: int) -> str:
    """SQL of how many accounts must place an item for a row of its own: in public ten, but of a published list."""
    least = int(positive("minimum", minimum))
    if case.edition != "public":
        return str(least)
    known = ", ".join(f"'{group}'" for group in case.report.exact) or "''"
    return f"""CASE WHEN "group" IN ({known}) THEN {least} ELSE {max(least, STEP)} END"""


@metric(N_("Where items appeared first"), needs=("placements", "posts.created_at"))
def first_seen(case: Any, *, top: int = 20) -> pd.DataFrame:
    """On which platform was each item placed first, and how long after did it reach the others?

    Columns: item (number as in `items`), platform, group (of whoever placed it first there; empty where two groups'
    times overlap), accounts, placements, first_day (in the report's clock), seen (first, later, or cannot_tell
    where its time overlaps another platform's), lag_hours_low, lag_hours_high (least and most that can lie between it
    and its first placement anywhere; empty where the order cannot be told). Items seen on at least two platforms,
    the `top` by placements.
    Formula: earliest placement in the period by cluster and platform. A time known to the minute, hour or day is the
    whole of it, a day in any clock on Earth (50 hours); first is only who surely was.
    Missing: placements without a time or with an estimated one are left out, also of the counts; what was not
    collected may be earlier.
    In public: where ten accounts placed an item, on two platforms at least; whole days of 24 hours, and first_week (Monday of
    the week by which ten accounts had placed it there) instead of the day.
    Source: none needed.
    A first place does not prove origin: it is the first in this case, and collection decides what is in it.

    >>> media.first_seen(internal)[["item", "platform", "first_day", "seen"]].head(3)
       item  platform  first_day   seen
    0     1         x 2023-08-15  first
    1     1  facebook 2023-08-22  later
    2     2  facebook 2023-08-15  first
    """
    fewest, day = 0, "first_day"
    low, high = "(earliest - sure) / 3600", "(latest - start) / 3600"
    if not _told_by_day(case, GROUPS):
        fewest, day = STEP, f"first_week, {STEP} AS first_week__people"
        low, high = f"24 * floor({low} / 24)", f"24 * ceil({high} / 24)"
    return ask(
        case,
        f""", {_NUMBERED}, dated AS (SELECT * FROM mine WHERE timed),
        groups AS (SELECT item, platform, "group", min(earliest) AS earliest, min(latest) AS latest FROM dated GROUP BY ALL),
        groups_first AS (SELECT item, platform, "group" FROM groups g WHERE NOT EXISTS (
            SELECT 1 FROM groups o WHERE o.item = g.item AND o.platform = g.platform AND o."group" <> g."group"
            AND o.earliest < g.latest)),
        found AS (
            SELECT item, platform, count(DISTINCT account_key) AS accounts, count(*) AS placements,
                   min(earliest) AS earliest, min(latest) AS latest, first(day ORDER BY latest, post_key) AS first_day
            FROM dated GROUP BY 1, 2),
        each AS (SELECT item, platform, account_key, count(*) AS n, date_trunc('week', min(day)) AS week FROM dated GROUP BY ALL),
        behind AS (SELECT item, platform, max(n) AS placements__largest,
                          CAST(list_sort(list(week) FILTER (account_key IS NOT NULL))[{STEP}] AS DATE) AS first_week
                   FROM each GROUP BY 1, 2),
        several AS (SELECT item FROM found WHERE accounts >= {fewest} GROUP BY 1 HAVING count(*) > 1
                    ORDER BY item LIMIT {int(positive("top", top))}),
        told AS (
            SELECT *, min(earliest) OVER (PARTITION BY item) AS start, min(latest) OVER (PARTITION BY item) AS sure,
                   CASE WHEN NOT EXISTS (SELECT 1 FROM found o WHERE o.item = f.item AND o.platform <> f.platform
                                         AND o.earliest < f.latest) THEN 'first'
                        WHEN EXISTS (SELECT 1 FROM found o WHERE o.item = f.item AND o.latest <= f.earliest) THEN 'later'
                        ELSE 'cannot_tell' END AS seen
            FROM found f WHERE item IN (SELECT item FROM several))
        SELECT item, platform, g."group", accounts, placements, {day}, seen,
               CASE seen WHEN 'first' THEN 0 WHEN 'later' THEN {low} END AS lag_hours_low,
               CASE seen WHEN 'first' THEN 0 WHEN 'later' THEN {high} END AS lag_hours_high,
               accounts AS placements__people, placements__largest
        FROM told LEFT JOIN groups_first g USING (item, platform) JOIN behind USING (item, platform)
        WHERE accounts >= {fewest} ORDER BY item, latest, earliest, platform""",
    )


@metric(N_("Placements and different items by day"), needs=("placements", "posts.created_at"))
def placements_per_day(case: Any) -> pd.DataFrame:
    """How many placements were there each day, and of how many different items?

    Columns: group, day (in the report's clock), accounts, placements, unique_low (copies and candidates
    merged), unique_high (copies merged). Days between the first and last without a placement are rows.
    Formula: counts by day; an item that is placed on two days counts on both.
    Missing: posts without a time and reposts are left out; items as in `unique_items`.
    In public: days are joined until each stretch, from `day` to `day_to`, has ten accounts or none.
    Source: as `unique_items`.
    Many placements of few items do not prove coordination: one popular picture makes the same chart.

    >>> media.placements_per_day(case).groupby("group", sort=False)["placements"].sum()
    group
    studied    34
    control     8
    Name: placements, dtype: int64
    """
    table = _by_stretch(case)
    return _with_pauses(table) if case.edition == "public" else _every_day(table)


def _by_stretch(case: Any) -> pd.DataFrame:
    """Placements and items by group and day; in public by stretch of days, an item counted on each of its days."""
    rows = ask(
        case,
        """SELECT "group", day, day AS on_day, account_key, count(*) AS placements FROM placed
           WHERE day IS NOT NULL AND "group" <> 'context' GROUP BY ALL ORDER BY "group", day, account_key""",
    )
    joined = spans(case, rows, ["group"], "day", "day_to", ["placements"])
    keys = ["day", "day_to"] if case.edition == "public" else ["day"]
    joined = joined.assign(**{name: pd.to_datetime(joined[name]) for name in (*keys, "on_day")})
    stretches = joined[["group", "on_day", *keys]].drop_duplicates()
    source = f"""SELECT p.account_key, p."group", {", ".join(f"CAST(s.{k} AS DATE) AS {k}" for k in keys)},
                        (loose_key, p.day) AS loose_day, (copy_key, p.day) AS copy_day
                 FROM placed p JOIN stretches s ON s."group" = p."group" AND CAST(s.on_day AS DATE) = p.day"""
    told = counted(source, ['"group"', *keys], {"unique_low": "loose_day", "unique_high": "copy_day"})
    return ask(
        case, f"""SELECT * FROM ({told}) ORDER BY {group_order()}, day""", more={"stretches": stretches}
    )


def _with_pauses(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a row of 0 for each stretch of days on which a group placed nothing, from the first day of all to the last."""
    if table.empty:
        return table
    one, first, last = pd.Timedelta(days=1), table["day"].min(), table["day_to"].max()
    rows = []
    for group, mine in table.groupby("group", sort=False):
        starts, ends = [first, *(mine["day_to"] + one)], [*(mine["day"] - one), last]
        pauses = [(a, b) for a, b in zip(starts, ends, strict=True) if a <= b]
        rows.append(mine)
        if pauses:
            empty = pd.DataFrame(pauses, columns=["day", "day_to"]).assign(group=group)
            rows.append(empty.reindex(columns=table.columns, fill_value=0))
    order = {group: place for place, group in enumerate(table["group"].unique())}
    return pd.concat(rows).sort_values(
        ["group", "day"], key=lambda c: c.map(order) if c.name == "group" else c, ignore_index=True
    )


def _every_day(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a row for each day of each group, from the first to the last of all."""
    if table.empty:
        return table
    days = pd.date_range(table["day"].min(), table["day"].max(), unit=table["day"].dt.unit)
    rows = pd.MultiIndex.from_product([table["group"].unique(), days], names=["group", "day"])
    return table.set_index(["group", "day"]).reindex(rows, fill_value=0).reset_index()


@metric(N_("Where items are hosted, and where they are placed"), needs=("placements", "posts.is_reply"))
def hosts(case: Any) -> pd.DataFrame:
    """Which platform serves the items, and on which platform and under whose posts are they placed?

    Columns: group, host (platform that serves the item, web for any other site), platform (of the post),
    place (own_post, roster_reply: under a post of the roster, other_reply), accounts, placements,
    unique_low, unique_high (as in `unique_items`).
    Formula: counts. A video on YouTube that is linked under a post on X has host youtube, platform x.
    Missing: an item without an address counts as hosted where it is placed; replies whose target is not
    stated are other replies.
    In public: as `unique_items`.
    Source: none needed.
    A host does not prove who uploaded an item.

    >>> media.hosts(case)[["group", "host", "platform", "placements"]].head(3)
         group host  platform  placements
    0  studied  web         x          21
    1  studied  web  facebook          13
    2  control  web         x           6
    """
    return ask(
        case,
        f""", roster_accounts AS (SELECT DISTINCT account_key FROM roster WHERE account_key IS NOT NULL),
        placed_at AS (
            SELECT p.*, CASE WHEN NOT is_reply THEN 'own_post' WHEN r.account_key IS NOT NULL THEN 'roster_reply' ELSE 'other_reply' END AS place
            FROM placed p LEFT JOIN roster_accounts r ON r.account_key = p.target_key)
        SELECT * FROM ({counted("SELECT * FROM placed_at", ['"group"', "host", "platform", "place"], RANGE)})
        ORDER BY {group_order()}, placements DESC, host, platform, place""",
    )


@metric(
    N_("Share of placements of items that other accounts place too"),
    unit="share of placements",
    n_unit="accounts",
    needs=("placements",),
)
def media_reuse(case: Any, *, accounts: int = 2, alike: str = "reviewed") -> pd.DataFrame:
    """What share of a group's placements shows an item that at least `accounts` accounts of the group place?

    Columns: group, n (accounts compared: the same number in each group), estimate, low, high (mean over
    accounts of the share of their placements), all_accounts (accounts of the group that place media). `alike` says when two items
    are one: identical, copies, reviewed (copies and what two reviewers call the same), candidates.
    Formula: of each account, placements of such items / placements; told as it is among as many accounts as the
    smaller group has, because more of them meet more often by chance. Interval over accounts and items: a picture
    that many place is one event (`kit.inference.Copied`).
    Missing: reposts, posts without author; items without a file match by their address only.
    In public: rounded to the part of the placements that one account made.
    Source: Keller, Schoch and others (2022) on co-posting; PDQ (Davis and Rosen 2019).
    A high share does not prove coordination: pictures of an event or a joke are placed by many; compare
    the control.

    >>> media.media_reuse(case, accounts=5)[["group", "n", "estimate"]].round(2)
         group  n  estimate
    0  studied  7      0.05
    1  control  7      0.00
    """
    least, key = int(positive("accounts", accounts)), key_of(alike)
    found = ask(
        case,
        f"""SELECT "group", account_key, {key} AS cluster, count(*) AS placements FROM placed
            WHERE account_key IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    )
    each = found.groupby(["group", "account_key"])["placements"].sum().reset_index()
    place = pd.Series(each.index, index=each["account_key"])
    measure = inference.Copied(
        each["account_key"],
        each["group"] == "studied",
        found["account_key"].map(place),
        found["cluster"],
        found["placements"],
        each["placements"],
        least=least,
    )
    rows = at_one_size(case, each, measure)
    for row in rows:
        row["estimate__weight"] = 1 / row["n"] if row["n"] else 0.0
    return measured(estimates(rows, ["group"]), measure)


LEVELS = {"suspected": 1, "confirmed": 2}
_COVERED = 0.8  # share of placements that must show a labelled item before none is an answer


@metric(N_("Placements by label"), needs=("placements",))
def labels(case: Any, *, alike: str = "reviewed") -> pd.DataFrame:
    """How many placements show items that two reviewers labelled, and how?

    Columns: group, label (confirmed, suspected, none, unlabelled), accounts, placements, unique_low,
    unique_high. Copies have the strongest label of their cluster; `alike` as in `media_reuse`.
    Formula: counts. Labels come from the report's `media_labels` alone, each with two reviewers, a day
    and a source; the kit detects nothing.
    Missing: unlabelled items are those nobody looked at.
    In public: as `unique_items`.
    Source: none needed.
    A label is a judgement of people and does not prove how an item was made.

    >>> media.labels(case)[["group", "label", "placements"]]
         group       label  placements
    0  studied  unlabelled          34
    1  control  unlabelled           8
    2  context  unlabelled         161
    """
    return ask(
        case,
        f""", {labelled(alike)}, told AS (
            SELECT placed.*, coalesce(strength, -1) AS strength,
                   CASE strength WHEN 2 THEN 'confirmed' WHEN 1 THEN 'suspected' WHEN 0 THEN 'none' ELSE 'unlabelled' END AS label
            FROM placed LEFT JOIN labelled l ON l.cluster = placed.{key_of(alike)})
        SELECT * EXCLUDE (strength) FROM ({counted("SELECT * FROM told", ['"group"', "label", "strength"], RANGE)})
        ORDER BY {group_order()}, strength DESC""",
    )


@metric(
    N_("Placements a day of items labelled synthetic"),
    unit="placements per day",
    n_unit="accounts",
    outcomes=outcomes.SYNTHETIC,
    needs=("placements", "posts.created_at", "report.media_labels"),
)
def synthetic_per_day(case: Any, *, lowest: str = "suspected", alike: str = "reviewed") -> pd.DataFrame:
    """How many placements a day show an item that two reviewers call synthetic?

    Columns: group, n (accounts that place media), estimate, low, high (placements a day), placements,
    unique_low, unique_high (items behind them), days, covered_share (of the placements: items with any
    label), verdict, sentence. `lowest` is the
    weakest label that counts: suspected (and confirmed) or confirmed alone.
    Formula: placements / days from the first to the last day of the group's posts; interval by bootstrap
    over accounts, at none the rule of three. Verdict: inconclusive without labels, and where there is none and fewer
    than 80 % of the placements are labelled; else described.
    Missing: unlabelled items count as not synthetic, so the number is the least there were.
    In public: placements rounded to the most of one account, and those a day worked out from them.
    Source: none needed.
    A high number does not prove who made an item: it counts placements of what people labelled.

    >>> media.synthetic_per_day(case, lowest="confirmed")[["group", "n", "verdict", "sentence"]]
         group     n       verdict      sentence
    0  studied  <NA>  inconclusive  not_recorded
    1  control  <NA>  inconclusive  not_recorded
    """
    strength = LEVELS[one_of("lowest", lowest, LEVELS)]
    table = ask(
        case,
        f""", {labelled(alike)}
        SELECT "group", account_key, count(*) AS placements, count(strength) AS covered,
               count(*) FILTER (strength >= {strength}) AS hit,
               list(DISTINCT loose_key) FILTER (strength >= {strength}) AS low, list(DISTINCT copy_key) FILTER (strength >= {strength}) AS high
        FROM placed p LEFT JOIN labelled l ON l.cluster = p.{key_of(alike)}
        WHERE account_key IS NOT NULL AND "group" <> 'context' GROUP BY 1, 2 ORDER BY 1, 2""",
    )
    spans = ask(
        case,
        f"""SELECT "group", date_diff('day', min(day), max(day)) + 1 AS days
            FROM (SELECT "group", {LOCAL_DAY} AS day FROM posts) GROUP BY 1""",
    ).set_index("group")["days"]
    rows = []
    for group in [g for g in case.groups if g != "context"]:
        mine = table[table["group"] == group]
        days = int(spans.get(group) or 0) if pd.notna(spans.get(group)) else 0
        hit, whole = int(mine["hit"].sum()), int(mine["placements"].sum())
        covered = float(mine["covered"].sum() / whole) if whole else 0.0
        row = {
            "group": group,
            "n": len(mine),
            "interval": _daily(mine["hit"].to_numpy(float), days, case.seed),
            "placements": hit,
            "unique_low": _different(mine["low"]),
            "unique_high": _different(mine["high"]),
            "days": days,
            "covered_share": covered,
        } | _synthetic_by(mine, whole)
        if case.edition == "public" and group not in case.report.exact and hit and days:
            row |= _from_shown(row, hit, days)
        sentence = "labelled" if hit else "none" if covered >= _COVERED else "few_labelled"
        verdict = "inconclusive" if sentence == "few_labelled" else "described"
        sentence = "no_data" if not whole else "no_labels" if not covered else sentence
        if lowest == "confirmed" and sentence in ("labelled", "none"):
            sentence += "_confirmed"
        rows.append(row | {"verdict": verdict, "sentence": sentence})
    return estimates(rows, ["group"])


def _daily(hits: np.ndarray, days: int, seed: int) -> inference.Interval:
    """Σ hits / days over accounts, by bootstrap over accounts."""
    if not days or not len(hits):
        return inference.Interval(float("nan"), float("nan"), float("nan"))
    if not hits.sum():
        return inference.Interval(0.0, 0.0, 3 / days)
    return inference.bootstrap_ratio(hits, np.full(len(hits), days / len(hits)), seed=seed)


def _different(lists: pd.Series) -> int:
    """How many different keys stand in the lists of the accounts."""
    return len({key for keys in _listed(lists) for key in keys})


def _listed(lists: pd.Series) -> list[Any]:
    """The keys of each account; of one without any, none."""
    return [keys if isinstance(keys, (list, np.ndarray)) else [] for keys in lists]


def _alone(lists: pd.Series) -> int:
    """The most keys that stand in the list of one account only."""
    listed = _listed(lists)
    times = pd.Series([key for keys in listed for key in keys], dtype=object).value_counts()
    return max((sum(times[key] == 1 for key in keys) for keys in listed), default=0)


def _synthetic_by(mine: pd.DataFrame, whole: int) -> dict[str, float]:
    """Who stands behind the numbers of `synthetic_per_day`; `whole` is how many placements there are in all."""
    doers = int((mine["hit"] > 0).sum())
    told: dict[str, float] = {
        "placements__people": doers,
        "placements__largest": int(mine["hit"].max()) if doers else 0,
    }
    for name in ("low", "high"):
        told |= {f"unique_{name}__people": doers, f"unique_{name}__largest": _alone(mine[name])}
    return told | {"covered_share__weight": float(mine["placements"].max() / whole) if whole else 0.0}


def _from_shown(row: Mapping[str, Any], hit: int, days: int) -> dict[str, Any]:
    """Placements a day from how many are shown, the interval moved outward to the same step; withheld where they are."""
    step = rule.step_of(row["placements__largest"])
    shown = rule.events(hit, row["placements__people"], row["placements__largest"], step)
    _middle, low, high = row["interval"]
    if shown.value is None:
        return {"estimate__weight": 1.0}
    ends: list[Any] = [rule.outward(end, step / days, up=up) for end, up in ((low, False), (high, True))]
    return {"interval": inference.Interval(shown.value / days, *ends), "estimate__weight": 0.0}


@metric(N_("Pairs of items for two reviewers"), internal=True, needs=("placements",))
def candidates(case: Any, *, top: int = 200) -> pd.DataFrame:
    """Which pairs of items may be copies, and what speaks for it?

    Columns: sha256_a, sha256_b (to be entered in the report's `media_review`), level (candidate, copy,
    same_sound, reviewed), distance (bits of 256), aligned (frames at one offset), shorter (usable frames
    of the shorter video), bit_error (of the sounds), panel_a, panel_b (share that the block inside a frame
    fills), placements (of both), verdict (of two reviewers), note (same, differs_inside, differs_at_edge,
    differs_in_places, not_aligned) with the box of the largest region that differs in percent of the
    picture (left_percent, top_percent, width_percent, height_percent); the first 300 pairs of pictures have one. Undecided candidates come first, those of
    most placements before others; the `top` pairs.
    Formula: see `kit.media.pairs`.
    Missing: items without a file are in no pair.
    Source: thresholds in docs/media.md.
    A candidate is not a copy: different pictures in one screenshot, caption or frame look alike. And the same
    sound does not mean the same video. A note that a region differs says nothing about how it came to differ.

    >>> list(media.candidates(internal))[:4]
    ['sha256_a', 'sha256_b', 'level', 'distance']
    """
    tables = {
        name: case.derived(name) for name in ("media_placements", "media_items", "media_pairs", "media_notes")
    }
    tables["media_items"] = tables["media_items"].drop(columns=["views", "sound"])
    return case.sql(
        f"""
        WITH used AS (SELECT item_key, count(*) AS n FROM media_placements JOIN posts USING (post_key) GROUP BY 1)
        SELECT i.sha256 AS sha256_a, j.sha256 AS sha256_b, level, distance, aligned, shorter, bit_error,
               i.panel_share AS panel_a, j.panel_share AS panel_b, coalesce(x.n, 0) + coalesce(y.n, 0) AS placements, verdict,
               note, t."left" AS left_percent, t.top AS top_percent, t.width AS width_percent, t.height AS height_percent
        FROM media_pairs p LEFT JOIN media_notes t USING (a, b) JOIN media_items i ON i.item_key = p.a JOIN media_items j ON j.item_key = p.b
        LEFT JOIN used x ON x.item_key = p.a LEFT JOIN used y ON y.item_key = p.b
        ORDER BY verdict IS NOT NULL, level <> 'candidate', placements DESC, distance, p.a, p.b LIMIT {int(positive("top", top))}""",
        tables=tables,
    )
