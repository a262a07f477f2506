"""What posts share with other posts: the objects of the traces, as keys without names.

A trace is what two accounts can have in common (`kit.schema`): a reposted post, a link, a
hashtag. Two addresses of one page are one object: see `page`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from kit import ids
from kit.media import addresses

#: version of the rules below: a change makes other objects
RULES = 1
#: parts of a query that say who passed an address on, not which page it is
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok|"
    r"_hs(enc|mi)|__twitter_impression|ref_src|ref_url|cmpid|ocid|smid|smtyp|spm|share_(id|token|source|medium)|"
    r"amp|outputtype|feature|si|fb_(action|source|ref)\w*|wt_mc|xtor|at_\w+|s_cid|ns_\w+)$",
    re.IGNORECASE,
)
_OWN_POST = re.compile(r"^(?:twitter|x)\.com/[^/]+/status/(\d+)(?:/.*)?$")
_AMP = re.compile(r"^(?:google\.\w+/amp/(?:s/)?|[\w-]+\.cdn\.ampproject\.org/[cv]/(?:s/)?)")
_PART = 200_000
#: fewest hashtags of a post whose order is a trace (Pacheco and others 2021)
_SEQUENCE = 2


def page(address: str) -> str | None:
    """One way of writing the address of a page, offline; None for anything that is no address of the web.

    Left away: scheme, `www.`, `m.`, `mobile.` and `amp.` in front, the wrapping of AMP caches and
    `/amp` in the path, fragments, a slash at the end, and parts of the query that say who passed it
    on. Parts that are kept stand in the order of their names. A shortened address stays as it is:
    nothing is opened.
    """
    name = addresses.canonical(address, _TRACKING)
    if name is None:
        return None
    if (inner := _AMP.sub("", name)) != name:
        name = addresses.canonical(f"https://{inner}", _TRACKING) or name
    name = name.removeprefix("amp.")
    path, mark, query = name.partition("?")
    path = re.sub(r"(?:/amp|\.amp)(?:/|\.html)?$|(?<=[^/])/amp(?=/)", "", path)
    if found := _OWN_POST.match(path):
        return f"x:{found.group(1)}"
    return path + ("" if "/" in path or ":" in path else "/") + mark + query


def produce(read: Callable[..., Iterator[pd.DataFrame]]) -> pd.DataFrame:
    """The derived table `shared_objects`."""
    parts = [*_posts(read), *_links(read), *_hashtags(read)]
    names = ["post_key", "trace", "object_key", "source_key", "origin_ms"]
    if not parts:
        return pd.DataFrame(columns=names)
    table = pd.concat(parts, ignore_index=True)
    for name in ("source_key", "origin_ms"):
        table[name] = table[name].astype("Int64")
    return table.sort_values(["trace", "post_key", "object_key"], ignore_index=True)[names]


def _posts(read: Callable[..., Iterator[pd.DataFrame]]) -> Iterator[pd.DataFrame]:
    """Posts passed on, quoted and answered, with their authors and times."""
    kinds = (
        ("repost", "p.is_repost", "p.reposted_id", "p.reposted_account_key", "NULL"),
        ("quote", "p.is_quote", "p.quoted_id", "NULL", "NULL"),
        ("reply_post", "p.is_reply", "p.reply_to_id", "p.target_key", "epoch_ms(p.reply_to_created_at)"),
    )
    for trace, is_so, id_, source, stated in kinds:
        # the identifier tells the millisecond; what an export states comes second
        query = f"""
            WITH named AS (SELECT platform, id, row_number() OVER (ORDER BY platform, id) AS object_key FROM (
                SELECT DISTINCT platform, {id_} AS id FROM all_posts p WHERE {is_so} AND {id_} <> ''))
            SELECT p.post_key, '{trace}' AS trace, n.object_key, {source} AS source_key,
                   coalesce(epoch_ms({ids.posts_sql("p.platform", id_)}), {stated}, epoch_ms(o.created_at)) AS origin_ms
            FROM all_posts p JOIN named n ON n.platform = p.platform AND n.id = {id_}
            LEFT JOIN (SELECT platform, post_id, min(created_at) AS created_at FROM all_posts GROUP BY 1, 2) o
                ON o.platform = p.platform AND o.post_id = {id_}
            WHERE {is_so} ORDER BY p.post_key"""
        yield from read(query, rows=_PART)
    yield from read(
        """SELECT post_key, 'reply_account' AS trace, target_key AS object_key, NULL AS source_key, NULL AS origin_ms
           FROM all_posts WHERE is_reply AND target_key IS NOT NULL ORDER BY post_key""",
        rows=_PART,
    )


def _links(read: Callable[..., Iterator[pd.DataFrame]]) -> Iterator[pd.DataFrame]:
    """Pages and sites linked to."""
    query = "SELECT post_key, coalesce(expanded_url, url) AS url FROM links ORDER BY post_key, url"
    parts = list(read(query, rows=_PART))
    if not parts:
        return
    table = pd.concat(parts, ignore_index=True)
    code, urls = pd.factorize(table["url"])
    pages = pd.array([page(str(url)) for url in urls], "string")
    table["page"] = pages[code] if len(urls) else pages
    table = table[(code >= 0) & table["page"].notna()]
    table["site"] = table["page"].str.replace(r"[/?].*$|:.*$", "", regex=True)
    keys = {name: pd.factorize(table[name], sort=True)[0] for name in ("page", "site")}
    for trace, name in (("url", "page"), ("domain", "site")):
        out = pd.DataFrame({"post_key": table["post_key"], "trace": trace, "object_key": keys[name]})
        out["source_key"] = keys["site"] if trace == "url" else pd.NA
        yield out.assign(origin_ms=pd.NA).drop_duplicates(["post_key", "object_key"])


def _hashtags(read: Callable[..., Iterator[pd.DataFrame]]) -> Iterator[pd.DataFrame]:
    """Hashtags, and the order of all hashtags of a post that has several."""
    for trace, query in (
        (
            "hashtag",
            "SELECT DISTINCT post_key, hashtag AS name FROM hashtags WHERE hashtag <> '' ORDER BY 1, 2",
        ),
        (
            "hashtag_sequence",
            f"""SELECT post_key, string_agg(hashtag, chr(31) ORDER BY position) AS name FROM hashtags
                WHERE hashtag <> '' GROUP BY 1 HAVING count(*) >= {_SEQUENCE} ORDER BY 1""",
        ),
    ):
        parts = list(read(query, rows=_PART))
        if parts:
            table = pd.concat(parts, ignore_index=True)
            key = np.asarray(pd.factorize(table["name"], sort=True)[0])
            out = pd.DataFrame({"post_key": table["post_key"], "trace": trace, "object_key": key})
            yield out.assign(source_key=pd.NA, origin_ms=pd.NA)


def coordinators(
    read: Callable[..., Iterator[pd.DataFrame]], *, listed: tuple[tuple[str, str], ...]
) -> pd.DataFrame:
    """The derived table `open_coordinators`: accounts of the case that the report lists, by identifier or handle."""
    names = {(platform, name.lower().removeprefix("@")) for platform, name in listed}
    found: list[int] = []
    query = "SELECT account_key, platform, account_id, handle FROM accounts ORDER BY account_key"
    for part in read(query, rows=_PART) if names else ():
        for row in part.itertuples(index=False):
            known = {str(name).lower() for name in (row.account_id, row.handle) if name is not None}
            if any((platform, name) in names for platform in ("", row.platform) for name in known):
                found.append(int(row.account_key))
    return pd.DataFrame({"account_key": pd.array(found, "int64")})
