"""How many items are there, how often is each placed, and where was it first?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.locale import N_
from kit.metrics import facts, metric, positive
from kit.metrics.media.placed import RANGE, REVIEWED, ask, labelled
from kit.schema import group_order

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


@metric(N_("Media: facts"))
def media_facts(case: Any) -> pd.DataFrame:
    """How often were images, videos and sounds placed, on how many posts, by how many accounts?

    Columns: id, group, value, unit, label, n. A placement is one item on one post; n counts posts.
    Formula: counts over posts in the period, reposts left out.
    Missing: media that the export does not name are not counted.
    Source: none needed.
    A high number does not prove anything about an account: it is a count of what was received.

    >>> media_facts(case).set_index("id").value["media_placements"]  # doctest: +SKIP
    """
    table = ask(
        case,
        """, whole AS (SELECT "group", count(*) AS n FROM posts WHERE NOT is_repost GROUP BY 1)
        SELECT w."group", w.n, count(p.post_key) AS placements, count(DISTINCT p.post_key) AS posts,
               count(DISTINCT p.account_key) AS accounts
        FROM whole w LEFT JOIN placed p ON p."group" = w."group" GROUP BY 1, 2""",
    ).set_index("group")
    rows: list[tuple] = []
    for group in [g for g in case.groups if g in table.index]:
        r = table.loc[group]
        for name, value, unit in (
            ("media_placements", r.placements, "placements"),
            ("media_posts", r.posts, "posts"),
            ("media_accounts", r.accounts, "accounts"),
        ):
            rows.append((name, group, int(value), unit, None, int(r.n)))
    return facts(rows)


@metric(N_("Which media could be looked at"))
def media_coverage(case: Any) -> pd.DataFrame:
    """For how many of the items that exports name is a file held, and what became of each file?

    Columns: state, reason (why a file was rejected or not looked at), items, placements (in the period).
    States: named (by an export), held (with a file), kept (decoded), rejected, not_computed (a program is
    missing), flat (quality below 50: matches nothing), truncated, gps (stated a place, which is not read),
    no_sound (videos), no_fingerprint (sound not looked at), unplaced (files that belong to no post), and
    one for each state of content credentials.
    Formula: counts of items; an item is what a file holds, else what an address names.
    Missing: this table is the count of what is missing.
    Source: C2PA specification 2; PDQ (Davis and Rosen 2019) for quality.
    A valid credential without a list of trusted issuers does not prove origin: anybody can make one. And
    one that is missing says nothing.

    >>> media_coverage(case)  # doctest: +SKIP
    """
    found = ask(
        case,
        """, used AS (SELECT item_key, count(*) AS placements FROM placed GROUP BY 1)
        SELECT i.*, coalesce(used.placements, 0) AS placements FROM media_items i LEFT JOIN used USING (item_key)
        ORDER BY item_key""",
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
    rows = [
        (state, reason, int(mine.sum()), int(found["placements"][mine].sum()))
        for state, reason, mine in parts
        if mine.any() or state in always
    ]
    return pd.DataFrame(rows, columns=["state", "reason", "items", "placements"])


@metric(N_("How many different items were placed"))
def unique_items(case: Any) -> pd.DataFrame:
    """How many different items stand behind a group's placements?

    Columns: group, accounts, placements, named_items (files or addresses as they are), unique_low
    (copies and candidates merged), unique_high (copies merged), reviewed_low, reviewed_high (the same after
    two reviewers decided candidates; what they left open is merged in the low one).
    Formula: clusters in the shape of stars (`kit.media.stars`): every member is tied to the centre itself.
    Missing: items without a file match by their address only, so copies among them count twice; reposts
    are left out.
    Source: PDQ (Davis and Rosen 2019); thresholds in docs/media.md.
    A small number does not prove a common source: people share what they like; compare the control.

    >>> unique_items(case)  # doctest: +SKIP
    """
    return ask(
        case,
        f"""SELECT "group", count(DISTINCT account_key) AS accounts, count(*) AS placements,
                   count(DISTINCT item_key) AS named_items, {RANGE}, {REVIEWED}
            FROM placed GROUP BY 1 ORDER BY {group_order()}""",
    )


@metric(N_("Items placed most"))
def items(case: Any, *, top: int = 20, minimum: int = 2) -> pd.DataFrame:
    """Which items are placed most, by how many accounts, where and when?

    Columns: group, item (number of the cluster, in the order of all placements), kind, files (different
    files or addresses), accounts, placements, posts, platforms, first_day, last_day (in the report's
    clock), label (none, suspected or confirmed synthetic, by two reviewers; empty where nobody looked).
    Formula: counts by cluster of copies and reviewed pairs; the `top` of studied and of control among those
    that at least `minimum` accounts of the group place.
    Missing: as `unique_items`.
    Source: as `unique_items`.
    A high place does not prove a campaign: popular pictures are placed by many; compare the control.

    >>> items(case, top=10)  # doctest: +SKIP
    """
    return ask(
        case,
        f""", {labelled("reviewed")},
        numbered AS (SELECT agreed_key, row_number() OVER (ORDER BY count(*) DESC, agreed_key) AS item FROM placed GROUP BY 1)
        SELECT "group", item, min(i.kind) AS kind, count(DISTINCT p.item_key) AS files, count(DISTINCT account_key) AS accounts,
               count(*) AS placements, count(DISTINCT post_key) AS posts, string_agg(DISTINCT platform, ', ' ORDER BY platform) AS platforms,
               min(day) AS first_day, max(day) AS last_day,
               CASE any_value(strength) WHEN 2 THEN 'confirmed' WHEN 1 THEN 'suspected' WHEN 0 THEN 'none' END AS label
        FROM placed p JOIN numbered USING (agreed_key) JOIN media_items i USING (item_key)
        LEFT JOIN labelled l ON l.cluster = p.agreed_key
        WHERE "group" <> 'context' GROUP BY "group", item HAVING count(DISTINCT account_key) >= {int(positive("minimum", minimum))}
        QUALIFY row_number() OVER (PARTITION BY "group" ORDER BY placements DESC, item) <= {int(positive("top", top))}
        ORDER BY {group_order()}, placements DESC, item""",
    )


@metric(N_("Where items appeared first"))
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
    Source: none needed.
    A first place does not prove origin: it is the first in this case, and collection decides what is in it.

    >>> first_seen(case)  # doctest: +SKIP
    """
    return ask(
        case,
        f""", numbered AS (SELECT agreed_key, row_number() OVER (ORDER BY count(*) DESC, agreed_key) AS item FROM placed GROUP BY 1),
        dated AS (SELECT * FROM placed JOIN numbered USING (agreed_key) WHERE timed),
        groups AS (SELECT item, platform, "group", min(earliest) AS earliest, min(latest) AS latest FROM dated GROUP BY ALL),
        groups_first AS (SELECT item, platform, "group" FROM groups g WHERE NOT EXISTS (
            SELECT 1 FROM groups o WHERE o.item = g.item AND o.platform = g.platform AND o."group" <> g."group"
            AND o.earliest < g.latest)),
        found AS (
            SELECT item, platform, count(DISTINCT account_key) AS accounts, count(*) AS placements,
                   min(earliest) AS earliest, min(latest) AS latest, first(day ORDER BY latest, post_key) AS first_day
            FROM dated GROUP BY 1, 2),
        several AS (SELECT item FROM found GROUP BY 1 HAVING count(*) > 1 ORDER BY item LIMIT {int(positive("top", top))}),
        told AS (
            SELECT *, min(earliest) OVER (PARTITION BY item) AS start, min(latest) OVER (PARTITION BY item) AS sure,
                   CASE WHEN NOT EXISTS (SELECT 1 FROM found o WHERE o.item = f.item AND o.platform <> f.platform
                                         AND o.earliest < f.latest) THEN 'first'
                        WHEN EXISTS (SELECT 1 FROM found o WHERE o.item = f.item AND o.latest <= f.earliest) THEN 'later'
                        ELSE 'cannot_tell' END AS seen
            FROM found f WHERE item IN (SELECT item FROM several))
        SELECT item, platform, g."group", accounts, placements, first_day, seen,
               CASE seen WHEN 'first' THEN 0 WHEN 'later' THEN (earliest - sure) / 3600 END AS lag_hours_low,
               CASE seen WHEN 'first' THEN 0 WHEN 'later' THEN (latest - start) / 3600 END AS lag_hours_high
        FROM told LEFT JOIN groups_first g USING (item, platform) ORDER BY item, latest, earliest, platform""",
    )
