"""The traces of a case (who shared which object, in which post, when), pairs of posts on one object, and their weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from kit import inference
from kit.disclosure.rule import STEP
from kit.errors import MetricError, nearest
from kit.inference.coaction import pairs as kernel
from kit.inference.coaction import peers
from kit.locale import N_
from kit.metrics import at_one_size, estimates, measured, metric, one_of, positive
from kit.metrics.needs import in_rows, with_setting
from kit.schema import TABLES, times

#: trace -> the table its objects come from, and SQL of object, source, time of the object itself, and which posts count
_SHARED = ("shared_objects", "s.object_key", "s.source_key", "s.origin_ms")
_TEXT = "NOT p.is_repost AND c.{} IS NOT NULL"
TRACES: dict[str, tuple[str, str, str, str, str]] = {
    "repost": (*_SHARED, "s.source_key IS DISTINCT FROM p.account_key"),
    "quote": (*_SHARED, "NOT p.is_repost"),
    "url": (*_SHARED, "NOT p.is_repost"),
    "domain": (*_SHARED, "NOT p.is_repost"),
    "hashtag": (*_SHARED, "NOT p.is_repost"),
    "hashtag_sequence": (*_SHARED, "NOT p.is_repost"),
    "text": ("near_duplicates", "c.text_key", "NULL", "NULL", _TEXT.format("text_key")),
    "near_text": (
        "near_duplicates",
        "c.near_duplicate_key",
        "NULL",
        "NULL",
        _TEXT.format("near_duplicate_key"),
    ),
    "media": ("media", "m.agreed_key", "NULL", "NULL", "NOT p.is_repost"),
    "reply_post": (*_SHARED, "NOT p.is_repost AND s.source_key IS DISTINCT FROM p.account_key"),
    "reply_account": (*_SHARED, "NOT p.is_repost AND s.object_key IS DISTINCT FROM p.account_key"),
}
#: trace -> what the exports must tell for it
TOLD = {
    "repost": ["posts.reposted_key"],
    "quote": ["posts.quoted_id"],
    "url": ["links"],
    "domain": ["links"],
    "hashtag": ["hashtags"],
    "hashtag_sequence": ["hashtags"],
    "text": ["posts.text"],
    "near_text": ["posts.text"],
    "media": ["placements"],
    "reply_post": ["posts.reply_to_key"],
    "reply_account": ["posts.target_key"],
}
#: columns of posts that cannot be a trace, because they are numbers of single posts or times
_NOT_TRACES = {
    "post_key",
    "post_id",
    "account_key",
    "account_id",
    "created_at",
    "identifier_time",
    "captured_at",
}


_BYTES = 1 << 26  # of actions kept in memory: one page asks for the same ones many times
_kept: dict[str, pd.DataFrame] = {}


def key_of(case: Any, *settings: Any) -> str:
    """Everything that a result depends on: the case as it is opened and narrowed, and the settings."""
    opened = (case.folder, case.view, case.manifest["content"], str(case.manifest["stamp"]))
    return repr((*opened, sorted(case.filters.items()), case.left_out, *settings))


def trace_of(name: str) -> str:
    """`name` if it is a trace: one of `TRACES`, or `column:` and a column of posts; else an error."""
    columns = {c.name for c in TABLES["posts"]} - _NOT_TRACES
    if name in TRACES or (name.startswith("column:") and name[7:] in columns):
        return name
    options = [*TRACES, *(f"column:{c}" for c in sorted(columns))]
    raise MetricError("unknown trace", found=name, hint=nearest(name, options))


def actions(case: Any, trace: str, *, window_s: float = 60) -> pd.DataFrame:
    """Who shared which object of `trace`, in which post, when: the input of every measure of this room.

    Columns: object, account, post (keys), at_ms (milliseconds since 1970, UTC), origin_ms (when the object
    itself was made; missing where not known), source (where the object comes from), group. One row for
    each object of each post, by object and time.
    Left out: posts without author; times that are missing, estimated or coarser than `window_s`; an
    account that passes on or answers itself; texts of which only names and links are left; objects
    without a key. A repost shares the post it passes on and nothing of what stands in it.
    """
    positive("window_s", window_s)
    if case.view == "public":  # asked from a notebook, not by a metric
        hint = "Ask a metric, or open the case with edition='internal'."
        raise MetricError("'actions' are rows of single accounts", hint=hint)
    key = key_of(case, trace, float(window_s))
    if key not in _kept:
        table = _asked(case, trace, window_s)
        size = int(table.memory_usage().sum())
        while _kept and size + sum(int(old.memory_usage().sum()) for old in _kept.values()) > _BYTES:
            del _kept[next(iter(_kept))]
        _kept[key] = table
    return _kept[key].copy(deep=False)  # what a caller changes is a copy's


def _asked(case: Any, trace: str, window_s: float) -> pd.DataFrame:
    query, tables = _query(case, trace_of(trace))
    table = case.sql(
        f"""
        SELECT object, account, post, at_ms, origin_ms, source, "group" FROM ({query})
        WHERE timed AND step <= $window ORDER BY object, at_ms, post""",
        tables=tables,
        window=float(window_s),
    )
    for name in ("object", "account", "post", "at_ms"):
        table[name] = table[name].astype("int64")
    return table


def inferred(table: pd.DataFrame) -> pd.DataFrame:
    """The table, marked as worked out here: that a platform published a list of accounts does not make this public."""
    table.attrs["inferred"] = True
    return table


#: how many accounts of each group, where a row is about all of them
OF_GROUPS = ("studied_accounts", "control_accounts", "context_accounts")


def held_totals(case: Any, table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The table with totals over all groups withheld where they, or the accounts of a group beside them, are 1 to 9.

    *Fewer than 10* of all and *fewer than 10* of each of two groups would say that each has 8 at most; a total of 10
    beside a group of 10 would say that another has 4 at most. A case with one group has nothing to work out.
    """
    if len(case.groups) < 2:
        return table
    counts = table.reindex(columns=list({*names, *OF_GROUPS})).apply(pd.to_numeric).fillna(0)
    few = counts.apply(lambda n: n.between(1, STEP - 1))
    beside = few[list(OF_GROUPS)].any(axis=1)
    return table.assign(**{f"{name}__held": (few[name] | beside).astype(int) for name in names})


def doers(accounts: np.ndarray | pd.Series) -> tuple[int, int]:
    """How many accounts stand behind rows that have one each, and the most rows of one of them."""
    counts = pd.Series(accounts).value_counts()
    return len(counts), int(counts.max()) if len(counts) else 0


def doers_of_things(accounts: pd.Series, things: pd.Series, least: int = 1) -> tuple[int, int]:
    """How many accounts stand behind different things, and how many things are gone if one of them goes.

    A thing counts from `least` accounts on. There are never more accounts behind than things: fewer than ten things are
    not told, whoever shares them.
    """
    pairs = pd.DataFrame({"account": accounts.to_numpy(), "thing": things.to_numpy()}).drop_duplicates()
    sharers = pairs.groupby("thing")["account"].transform("size")
    own = pairs.loc[sharers == least, "account"].value_counts()
    return min(pairs["account"].nunique(), pairs["thing"].nunique()), int(own.max()) if len(own) else 0


def acted_on(days: pd.Series, accounts: pd.Series, day: Any) -> int:
    """How many accounts acted on a day."""
    return int(accounts[(days == day).to_numpy()].nunique())


def local_days(at_ms: pd.Series, clock: str) -> pd.Series:
    """The days of moments in milliseconds since 1970, in a clock, as text."""
    return pd.to_datetime(at_ms, unit="ms", utc=True).dt.tz_convert(clock).dt.date.astype(str)


def _query(case: Any, trace: str) -> tuple[str, dict[str, pd.DataFrame]]:
    """SQL of all rows of a trace that have an author, and the tables it needs."""
    if trace.startswith("column:"):
        name = trace.removeprefix("column:")
        found = "o"
        kind, source, origin, where = "column", "NULL", "NULL", f'p."{name}" IS NOT NULL'
        objects = f"""JOIN (SELECT value, row_number() OVER (ORDER BY value) AS key FROM (
            SELECT DISTINCT CAST("{name}" AS VARCHAR) AS value FROM posts)) o ON o.value = CAST(p."{name}" AS VARCHAR)"""
        key = f"{found}.key"
        tables: dict[str, pd.DataFrame] = {}
    else:
        kind, key, source, origin, where = TRACES[trace]
        objects, tables = _objects(case, kind, trace)
    return (
        f"""
        SELECT {key} AS object, p.account_key AS account, p.post_key AS post, epoch_ms(p.created_at) AS at_ms,
               CAST({origin} AS BIGINT) AS origin_ms, CAST({source} AS BIGINT) AS source, p."group",
               {times.timed()} AS timed, {times.step()} AS step, p.time_source
        FROM posts p {objects}
        WHERE p.account_key IS NOT NULL AND {key} IS NOT NULL AND {where}""",
        tables,
    )


def _objects(case: Any, kind: str, trace: str) -> tuple[str, dict[str, pd.DataFrame]]:
    """SQL that joins posts to their objects, and the tables it needs."""
    if kind == "near_duplicates":
        return "JOIN near_duplicates c USING (post_key)", {
            "near_duplicates": case.derived("near_duplicates", similarity=0.75)
        }
    if kind == "media":
        names = ("media_placements", "media_clusters")
        join = """JOIN (SELECT DISTINCT post_key, agreed_key FROM media_placements JOIN media_clusters USING (item_key)) m
                  USING (post_key)"""
        return join, {name: case.derived(name) for name in names}
    shared = case.derived("shared_objects")
    return "JOIN shared s USING (post_key)", {"shared": shared[shared["trace"] == trace]}


#: what is counted of a trace: name, what, which of its rows, and which of them are gone if one account goes
_COUNTED = (
    ("posts", "post", "TRUE", "TRUE"),
    ("objects", "object", "TRUE", "b.n = 1"),
    ("shared_objects", "object", "b.n >= 2", "b.n = 2"),
    ("no_time_posts", "post", "at_ms IS NULL", "at_ms IS NULL"),
    ("estimate_posts", "post", "at_ms IS NOT NULL AND NOT timed", "at_ms IS NOT NULL AND NOT timed"),
    ("coarse_posts", "post", "timed AND step > $window", "timed AND step > $window"),
    ("used_posts", "post", "timed AND step <= $window", "timed AND step <= $window"),
)


@metric(N_("What accounts can share, by trace"), needs=in_rows("trace", TOLD))
def traces(case: Any, *, window_s: float = 60) -> pd.DataFrame:
    """On which traces could accounts of this case act together, and how many posts say when exactly enough?

    Columns: trace, accounts (that have an object of the trace), posts, objects, shared_objects (of at least two
    accounts), no_time_posts, estimate_posts, coarse_posts (time coarser than `window_s`), used_posts,
    origin_share (share of what they share for which the time of the object itself is known).
    Formula: counts over all groups together.
    Missing: this table is the count of what is missing; posts without author are in none of its columns.
    Public: accounts in tens; posts and objects, and the share, rounded to the most of them by one account.
    Source: Pacheco and others (2021) on traces.
    Many shared objects do not prove coordination: popular posts are passed on by everybody.

    >>> coordination.traces(case).set_index("trace").loc["url", ["accounts", "posts", "objects"]]
    accounts    54
    posts       59
    objects     30
    Name: url, dtype: Int64
    """
    positive("window_s", window_s)
    rows = []
    used = "timed AND step <= $window"
    counts = ", ".join(f"count(DISTINCT {c}) FILTER ({which}) AS {name}" for name, c, which, _own in _COUNTED)
    own = ", ".join(
        f"count(DISTINCT {c}) FILTER ({gone}) AS {name}_own" for name, c, _which, gone in _COUNTED
    )
    behind = ", ".join(
        f"count(*) FILTER (e.{name} > 0) AS {name}__people, max({name}_own) AS {name}__largest"
        for name, *_rest in _COUNTED
    )
    for trace in TRACES:
        query, tables = _query(case, trace)
        row = case.sql(
            f"""
            WITH a AS ({query}), by_object AS (SELECT object, count(DISTINCT account) AS n FROM a GROUP BY 1),
            whole AS (SELECT count(DISTINCT account) AS accounts, {counts},
                             avg(CAST(origin_ms IS NOT NULL AS INTEGER)) FILTER ({used}) AS origin_share FROM a JOIN by_object b USING (object)),
            each AS (SELECT account, {counts}, {own}, count(*) FILTER ({used}) AS used_actions
                     FROM a JOIN by_object b USING (object) GROUP BY 1)
            SELECT whole.*, behind.* FROM whole, (SELECT {behind},
                max(used_actions) / nullif(sum(used_actions), 0) AS origin_share__weight FROM each e) behind""",
            tables=tables,
            window=float(window_s),
        )
        for name in ("objects", "shared_objects"):  # fewer things than ten are not told, whoever shares them
            row[f"{name}__people"] = row[[name, f"{name}__people"]].min(axis=1)
        rows.append(row.assign(trace=trace))
    table = pd.concat(rows, ignore_index=True)
    return held_totals(case, table[["trace", *[c for c in table.columns if c != "trace"]]], "accounts")


COMPAT = ("daylight", "coortweet", "toolkit")
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
MOST = 20_000_000  # pairs of posts in one table; `edges` has no such limit


def _arrays(table: pd.DataFrame) -> Arrays:
    thing, account, post, at = (
        table[name].to_numpy(np.int64) for name in ("object", "account", "post", "at_ms")
    )
    return thing, account, post, at


@metric(
    N_("Pairs of posts"),
    internal=True,
    needs=("posts.account_key", "posts.created_at", *with_setting("trace", TOLD)),
)
def pairs(case: Any, *, trace: str = "url", window_s: float = 60, most: int = MOST) -> pd.DataFrame:
    """Which two posts by two accounts share an object of `trace` within `window_s` seconds?

    Columns: object, account_a, account_b, post_a, post_b (keys; a came first), gap_s. Every pair is
    there: the window is inclusive, without bins and without chaining.
    Formula: |time a - time b| <= window.
    Missing: as `actions`. Refused where there are more than `most` pairs, with their number: ask `edges`.
    Source: Righetti and Balluff (CooRTweet); Graham and others (Coordination Network Toolkit).
    A pair does not prove anything: in a world of strangers a third of them have one.

    >>> list(coordination.pairs(internal, trace="reply_post", window_s=10))
    ['object', 'account_a', 'account_b', 'post_a', 'post_b', 'gap_s']
    """
    table = actions(case, trace, window_s=window_s)
    found = kernel.pairs(*_arrays(table), round(window_s * 1000), most=int(positive("most", most)))
    found["gap_s"] = found.pop("gap_ms") / 1000
    return found


@metric(
    N_("Accounts joined by pairs"),
    internal=True,
    needs=("posts.account_key", "posts.created_at", *with_setting("trace", TOLD)),
)
def edges(
    case: Any,
    *,
    trace: str = "url",
    window_s: float = 60,
    compat: str = "daylight",
    least: int = 1,
    edge_weight: float = 0.5,
) -> pd.DataFrame:
    """Which accounts are joined by pairs of posts, and how strongly, in the weights of the field?

    Columns: for `daylight` account_a < account_b (keys), pairs (of posts: the weight of CooRTweet), objects (distinct),
    posts_a, posts_b (posts with at least one match by the other: the weights of the Coordination Network Toolkit),
    mean_gap_s, first_b (pairs in which b came first), lead_share (of its pairs in which a came first). `coortweet` and `toolkit` give the columns, filters and
    orientation of these tools, with platform identifiers: see `kit.inference.coaction.peers`; `least` is then their
    min_participation or min_edge_weight, `edge_weight` CooRTweet's quantile.
    Formula: counts of the pairs of `pairs`; `daylight` keeps edges of at least `least` objects.
    Missing: as `actions`. Objects with too many pairs to list are named in `attrs["unlisted"]`.
    Source: as `pairs`.
    An edge does not prove coordination, whatever its weight: see `synchronised`.

    >>> list(coordination.edges(internal, trace="url", window_s=60, compat="coortweet"))[:4]
    ['account_a', 'account_b', 'weight', 'avg_time_delta']
    """
    one_of("compat", compat, COMPAT)
    positive("least", least)
    table = actions(case, trace, window_s=window_s)
    if compat != "daylight":
        return _as_peer(case, table, window_s, compat, int(least), edge_weight)
    found = kernel.edges(*_arrays(table), round(window_s * 1000))
    out = found.table[found.table["objects"] >= least].reset_index(drop=True)
    out = out.astype({"account_a": np.int64, "account_b": np.int64})  # as the keys of a case are
    out["lead_share"] = out.pop("first_a") / out["pairs"]
    out.attrs = {"plan": found.plan, "unlisted": found.unlisted.to_dict("records")}
    return out


def _as_peer(
    case: Any, table: pd.DataFrame, window_s: float, compat: str, least: int, edge_weight: float
) -> pd.DataFrame:
    """Edges as one of the peers gives them, under the platform's own identifiers."""
    ids = case.sql(
        "SELECT post_key AS post, post_id, account_id FROM posts WHERE account_key IS NOT NULL ORDER BY source_file, source_record"
    )
    rows = ids.merge(table, on="post")
    rows["time"] = rows["at_ms"] / 1000
    if compat == "coortweet":
        rows = rows.rename(columns={"object": "object_id", "post_id": "content_id"})
        found = peers.coortweet(rows, window_s, min_participation=least)
        return peers.coortweet_network(found, edge_weight=edge_weight)
    rows = rows.rename(columns={"object": "key", "post_id": "message_id", "account_id": "user_id"})
    return peers.toolkit(rows, window_s, min_edge_weight=least)


@metric(N_("What the pairs of each trace will cost"), needs=in_rows("trace", TOLD))
def pair_costs(case: Any, *, window_s: float = 60) -> pd.DataFrame:
    """How many pairs of posts are there on each trace, before any of them is made?

    Columns: trace, actions, pairs (exact; of one account with itself too), hottest_share (share of them on the object with most).
    Formula: one pass over the actions in order of object and time.
    Missing: as `actions`.
    Public: rounded to the actions, and the pairs, of one account; withheld where one has more than half of them.
    Source: none needed. Many pairs do not prove anything: one viral post makes millions.

    >>> coordination.pair_costs(case, window_s=3600).set_index("trace").loc["domain", ["actions", "pairs"]]
    actions    59
    pairs      11
    Name: domain, dtype: Int64
    """
    rows = []
    for trace in TRACES:
        table = actions(case, trace, window_s=window_s)
        objects, accounts, _posts, times = _arrays(table)
        found = kernel.preview(objects, accounts, times, round(window_s * 1000))
        most = int(found.per_object["pairs"].max()) if len(found.per_object) else 0
        hottest = most / found.pairs if found.pairs else np.nan
        told = (trace, len(table), int(found.pairs), hottest)
        each = kernel.in_pairs(objects, accounts, times, round(window_s * 1000))
        largest = int(each.max()) if len(each) else 0
        weight = largest / found.pairs if found.pairs else np.nan
        rows.append((*told, *doers(accounts), len(each), largest, weight))
    behind = [f"{name}__{what}" for name in ("actions", "pairs") for what in ("people", "largest")]
    return pd.DataFrame(
        rows, columns=["trace", "actions", "pairs", "hottest_share", *behind, "hottest_share__weight"]
    )


@metric(
    N_("Share of accounts that a rule of repeated pairs would flag"),
    unit="share of accounts",
    n_unit="accounts",
    needs=("posts.account_key", "posts.created_at", *with_setting("trace", TOLD)),
)
def rule_of_thumb(
    case: Any, *, trace: str = "repost", window_s: float = 60, objects: int = 2
) -> pd.DataFrame:
    """What share of a group's active accounts would the usual rule flag: `objects` shared things within `window_s` seconds?

    Columns: group, n (accounts compared: the same number in each group), estimate, low, high (share of accounts), all_accounts
    (accounts of the group that act on the trace).
    Formula: accounts with an edge of at least `objects` objects to an account of their group / accounts, told as it is among
    as many accounts as the smaller group has; interval over accounts and sets of joined ones (`kit.inference.Joined`).
    Missing: as `actions`.
    Public: accounts in tens, shares from them.
    Source: the rule of CooRTweet and others; in simulated worlds without any group it flags 100 to 157 of 400
    accounts.
    A flag does not prove coordination. The control's share is the rule's false-alarm rate here.

    >>> coordination.rule_of_thumb(case, trace="reply_post", window_s=600)[["group", "n", "estimate"]].round(2)
         group   n  estimate
    0  studied  60      0.77
    1  control  60      0.00
    """
    table = actions(case, trace, window_s=window_s)
    compared = [g for g in case.groups if g != "context"]
    parts = {g: table[table["group"] == g] for g in compared}
    each = table.loc[table["group"].isin(compared), ["group", "account"]].drop_duplicates()
    each = each.sort_values("account", ignore_index=True)
    known, ends = each["account"].to_numpy(np.int64), [np.zeros((2, 0), np.int64)]
    for part in parts.values():
        joined = kernel.edges(*_arrays(part), round(window_s * 1000)).table
        joined = joined[joined["objects"] >= objects]
        names = [joined[end].to_numpy(np.int64) for end in ("account_a", "account_b")]
        ends.append(np.array([np.searchsorted(known, name) for name in names]))
    first, second = np.concatenate(ends, axis=1)
    # accounts that are joined, directly or through others, met at one event
    graph = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(len(known),) * 2)
    event = csgraph.connected_components(graph, directed=False)[1][first] if len(first) else first
    one = np.ones(len(known))
    measure = inference.Joined(known, each["group"] == "studied", first, second, event, one)
    rows = [
        row | {"estimate__weight": STEP / row["n"] if row["n"] else None}
        for row in at_one_size(case, each, measure)
    ]
    return measured(inferred(estimates(rows, ["group"])), measure)
