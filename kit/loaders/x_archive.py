"""X Information Operations archive, 2018-2021: posts and accounts as CSV.

The export has minutes, the post's identifier has milliseconds: where both name the
same minute the identifier's time is kept, otherwise the field's, and the disagreement
is counted. In the hashed release an account's id, handle and name are one hash; the
hash stays the account's id, handle and name are left out. Texts carry three HTML
entities, which are taken back once. Columns are read by name, in any order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kit.errors import InputError, nearest
from kit.ids import time_of
from kit.loaders import bulk, columns, values
from kit.loaders.columns import Columns
from kit.loaders.contract import Batch, Format, Record, Rejection, each
from kit.loaders.files import Head, Source, blocks, delimited
from kit.loaders.files.delimited import Row
from kit.loaders.lists import items
from kit.loaders.values import BadValue, unescaped

PROFILE = (
    "userid user_display_name user_screen_name user_reported_location user_profile_description user_profile_url "
    "follower_count following_count account_creation_date account_language"
).split()
POST = (
    "tweetid tweet_language tweet_text tweet_time tweet_client_name in_reply_to_userid in_reply_to_tweetid "
    "quoted_tweet_tweetid is_retweet retweet_userid retweet_tweetid quote_count reply_count like_count "
    "retweet_count hashtags urls user_mentions"
).split()
_UNUSED = {"latitude", "longitude", "poll_choices"}
_MINUTE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?", re.ASCII)
_WITH_SECONDS = len("2020-01-01 00:00:00")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LONGEST = 20  # digits of an identifier; a hash has 40 signs or more
_DIFFERS = "time in the identifier differs from the time given; the time given was kept"
_PROFILES_KEPT = 50_000  # profiles remembered, so that one account's posts share one


def _pick(source: Source, wanted: list[str]) -> Callable[[list[str]], tuple[str, ...]]:
    """A function that takes the `wanted` cells out of a row, whatever the order of its columns."""
    names = delimited.header(source)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise InputError(
            f"the column '{missing[0]}' is missing",
            where=source.where(1),
            found=", ".join(names[:8]),
            hint=nearest(missing[0], names) if len(names) > 1 else "is this the whole file?",
        )
    for name in names:
        if name and name not in POST and name not in PROFILE and name not in _UNUSED:
            source.warnings[f"column not known to this format, not read: {name[:40]}"] += 1
    return itemgetter(*(names.index(name) for name in wanted))


def read_accounts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Accounts, each with status suspended: everything in the archive was removed by the platform."""
    pick = _pick(source, PROFILE)
    day = _days(options)

    def build(row: Row) -> Record:
        return Record("accounts", row.number, row.line, _profile(pick(row.cells), day))

    return each(source, "accounts", delimited.rows(source), build)


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts with the profile of their author beside each."""
    return each(source, "posts", delimited.rows(source), _builder(source, options))


def read_posts_in_bulk(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection | Batch]:
    """The same, in batches where that can be proven to lose nothing."""
    if not blocks.fit(source):
        return read_posts(source, options)
    author = partial(_profile, day=_days(options))
    plan = bulk.Plan("posts", _builder(source, options), _columns, (*POST, *PROFILE), tuple(PROFILE), author)
    return bulk.read(source, plan)


def _builder(source: Source, options: Mapping[str, Any]) -> Callable[[Row], Record]:
    """A function that makes a post of a row, and its author's profile beside it."""
    profile_of, post_of = _pick(source, PROFILE), _pick(source, POST)
    day = _days(options)
    known: dict[tuple[str, ...], dict[str, Any]] = {}

    def build(row: Row) -> Record:
        cells = profile_of(row.cells)
        author = known.get(cells)
        if author is None:
            if len(known) >= _PROFILES_KEPT:
                known.clear()
            author = known[cells] = _profile(cells, day)
        value = _post(post_of(row.cells), author["account_id"], source.warnings)
        return Record("posts", row.number, row.line, value, author)

    return build


def _profile(cells: tuple[str, ...], day: Callable[[str], datetime | None]) -> dict[str, Any]:
    account, name, handle, location, bio, url, followers, following, created, language = cells
    account_id = values.identifier("userid", account, required=True)
    hashed = handle == account and (len(account) > _LONGEST or not account.isdigit())
    created_at = day(created)
    return {
        "platform": "x",
        "account_id": account_id,
        "handle": None if hashed else values.handle("user_screen_name", handle),
        "display_name": None if hashed else name,
        "bio": bio,
        "location": location,
        "profile_url": url,
        "created_at": created_at,
        "created_precision": "day" if created_at else None,
        "followers": values.count("follower_count", followers),
        "following": values.count("following_count", following),
        "profile_language": values.language(language),
        "status": "suspended",
    }


def _days(options: Mapping[str, Any]) -> Callable[[str], datetime | None]:
    """How creation dates are read: year-month-day, or as `time: {format: …}` declares."""
    declared = (options.get("time") or {}).get("format")

    @lru_cache(maxsize=8192)
    def day(cell: str) -> datetime | None:
        field = "account_creation_date"
        if not cell:
            return None
        try:
            if _DAY.fullmatch(cell):
                return values.plausible(field, datetime.fromisoformat(cell), "x", cell)
            if declared and "%" in declared:
                return values.plausible(field, datetime.strptime(cell, declared), "x", cell)
        except BadValue:
            raise
        except ValueError:
            raise BadValue(field, "no such day", cell) from None
        if "/" in cell:
            reason = (
                "day and month in an order nobody declared; write `time: {format: '%m/%d/%Y'}` or the like"
            )
            raise BadValue(field, reason, cell)
        raise BadValue(field, "a day as YYYY-MM-DD was expected", cell)

    return day


def _post(cells: tuple[str, ...], account_id: str, warnings: Counter[str]) -> dict[str, Any]:
    post, language, text, when, client, reply_account, reply, quoted, is_repost = cells[:9]
    repost_account, repost, quotes, replies, likes, reposts, hashtags, urls, mentions = cells[9:]
    post_id = _number("tweetid", post)
    if post_id is None:
        raise BadValue("tweetid", "no identifier", "")
    created_at, time_source, precision = _time(post_id, when, warnings)
    passed_on = bool(_boolean("is_retweet", is_repost))
    answers, quotes_other = bool(reply or reply_account), bool(quoted)
    reply_to_id = _number("in_reply_to_tweetid", reply) if reply else None
    return {
        "platform": "x",
        "post_id": post_id,
        "account_id": account_id,
        "created_at": created_at,
        "time_source": time_source,
        "time_precision": precision,
        "time_stated": bool(when),
        "kind": "repost" if passed_on else "reply" if answers else "quote" if quotes_other else "post",
        "is_reply": answers,
        "is_quote": quotes_other,
        "is_repost": passed_on,
        "reply_to_id": reply_to_id,
        "reply_to_created_at": time_of("x_post", reply_to_id) if reply_to_id else None,
        "target_account_id": _account("in_reply_to_userid", reply_account) if reply_account else None,
        "quoted_id": _number("quoted_tweet_tweetid", quoted) if quoted else None,
        "reposted_id": _number("retweet_tweetid", repost) if repost else None,
        "reposted_account_id": _account("retweet_userid", repost_account) if repost_account else None,
        "text": unescaped(text),
        "language": _language(language),
        "client": client or None,
        "likes": _count("like_count", likes),
        "replies": _count("reply_count", replies),
        "reposts": _count("retweet_count", reposts),
        "quotes": _count("quote_count", quotes),
        "hashtags": _hashtags(hashtags) if hashtags != "[]" else [],
        "urls": _urls(urls) if urls != "[]" else [],
        "mentions": _mentions(mentions) if mentions != "[]" else [],
    }


def _hashtags(cell: str) -> list[str]:
    return [values.hashtag(word) for word in items("hashtags", cell)]


def _urls(cell: str) -> list[dict[str, Any]]:
    return [{"url": url, "expanded_url": None} for url in items("urls", cell)]


def _mentions(cell: str) -> list[dict[str, Any]]:
    return [
        {"account_id": _account("user_mentions", one), "handle": None} for one in items("user_mentions", cell)
    ]


def _time(post: str, when: str, warnings: Counter[str]) -> tuple[datetime | None, str | None, str | None]:
    """Time, its source and precision: the identifier's where it falls in the minute given, else the field's."""
    precise = time_of("x_post", post)
    if precise is not None and precise.isoformat(" ", "minutes") == when:
        return _past(precise, when), "identifier", "millisecond"
    if not when:
        # the identifier alone tells the time, unless it is from before November 2010
        return (precise, "identifier", "millisecond") if precise else (None, None, None)
    if not _MINUTE.fullmatch(when):
        raise BadValue("tweet_time", "a time as YYYY-MM-DD HH:MM was expected", when)
    try:
        stated = datetime.fromisoformat(when)
    except ValueError:
        raise BadValue("tweet_time", "no such time", when) from None
    if precise is not None:
        if len(when) == _WITH_SECONDS and precise.replace(microsecond=0) == stated:
            return _past(precise, when), "identifier", "millisecond"
        warnings[_DIFFERS] += 1
    return _past(stated, when), "field", "second" if len(when) == _WITH_SECONDS else "minute"


def _past(moment: datetime, found: str) -> datetime:
    return values.plausible("tweet_time", moment, "x", found)


def _account(field: str, cell: str) -> str | None:
    """An account's identifier, digits or a hash."""
    return cell if cell.isdigit() else values.identifier(field, cell)


def _number(field: str, cell: str) -> str | None:
    """A post's identifier: digits only, in every release."""
    if cell.isdigit() and cell.isascii():
        return cell
    number = values.identifier(field, cell)
    if number is not None and not (number.isascii() and number.isdigit()):
        raise BadValue(field, "a post's identifier of digits was expected", cell)
    return number


# the same few values stand in most rows
_count = lru_cache(maxsize=4096)(values.count)
_boolean = lru_cache(maxsize=64)(values.boolean)
_language = lru_cache(maxsize=1024)(values.language)


def _client(cell: str) -> str | None:
    return cell or None


def _mentioned(cell: str) -> list[str | None]:
    return [mention["account_id"] for mention in _mentions(cell)]


def _columns(found: Columns) -> None:
    """Whole columns of posts, each as `_post` makes it of one record."""
    made, cell = found.made, found.cell
    made["platform"] = found.constant("x")
    made["post_id"] = found.mostly("tweetid", columns.DIGITS, partial(_number, "tweetid"))
    found.refused |= columns.mask(pc.is_null(made["post_id"]))
    _times(found)
    number = {
        field: partial(_number, field)
        for field in ("in_reply_to_tweetid", "quoted_tweet_tweetid", "retweet_tweetid")
    }
    account = {field: partial(_account, field) for field in ("in_reply_to_userid", "retweet_userid")}
    passed_on = columns.mask(found.by_value("is_retweet", partial(_boolean, "is_retweet"), pa.bool_()))
    answers = ~columns.mask(
        pc.and_(pc.equal(cell("in_reply_to_tweetid"), ""), pc.equal(cell("in_reply_to_userid"), ""))
    )
    quotes_other = ~columns.mask(pc.equal(cell("quoted_tweet_tweetid"), ""))
    kinds = np.select([passed_on, answers, quotes_other], [0, 1, 2], 3)
    made["kind"] = columns.chosen(["repost", "reply", "quote", "post"], kinds)
    made["is_reply"], made["is_quote"], made["is_repost"] = map(pa.array, (answers, quotes_other, passed_on))
    for name, field in (
        ("reply_to_id", "in_reply_to_tweetid"),
        ("quoted_id", "quoted_tweet_tweetid"),
        ("reposted_id", "retweet_tweetid"),
    ):
        made[name] = found.mostly(field, columns.DIGITS, number[field])
    for name, field in (
        ("target_account_id", "in_reply_to_userid"),
        ("reposted_account_id", "retweet_userid"),
    ):
        made[name] = found.mostly(field, columns.IDENTIFIER, account[field])
    made["reply_to_created_at"] = columns.moments(columns.times("x_post", made["reply_to_id"]))
    made["text"] = columns.unescaped(cell("tweet_text"), values.ENTITIES)
    made["language"] = found.by_value("tweet_language", _language, pa.string())
    made["client"] = found.by_value("tweet_client_name", _client, pa.string())
    for name, field in (
        ("likes", "like_count"),
        ("replies", "reply_count"),
        ("reposts", "retweet_count"),
        ("quotes", "quote_count"),
    ):
        made[name] = found.by_value(field, partial(_count, field), pa.int64())
    made["hashtags"] = found.lists("hashtags", columns.WORD, _hashtags, pc.utf8_lower)
    made["urls"] = columns.structs(
        found.lists("urls", columns.ADDRESS, partial(items, "urls")), "url", ["expanded_url"]
    )
    mentions = found.lists("user_mentions", columns.IDENTIFIER, _mentioned)
    made["mentions"] = columns.structs(mentions, "account_id", ["handle"])


def _times(found: Columns) -> None:
    """The columns of time, as `_time` tells them for one record."""
    given = found.cell("tweet_time")
    stated, minutes, seconds = columns.stated(given)
    precise = columns.times("x_post", found.made["post_id"])
    decoded, empty = ~np.isnat(precise), columns.mask(pc.equal(given, ""))
    agree = minutes & (precise.astype("datetime64[m]") == stated) | seconds & (
        precise.astype("datetime64[s]") == stated
    )
    agree = decoded & (agree | empty)
    moment = np.where(agree, precise, stated)
    with np.errstate(invalid="ignore"):
        early, late = moment < np.datetime64(values.BIRTH["x"]), moment > np.datetime64(values.soon())
    found.refused |= ~(minutes | seconds | empty) | ~empty & (early | late)
    found.odd[_DIFFERS] = decoded & ~agree
    told = ~np.isnat(moment)
    found.made["created_at"] = columns.moments(moment)
    found.made["time_source"] = columns.chosen(
        [None, "field", "identifier"], np.select([agree, told], [2, 1], 0)
    )
    precisions = np.select([agree, ~told, seconds], [3, 0, 2], 1)
    found.made["time_precision"] = columns.chosen([None, "minute", "second", "millisecond"], precisions)
    found.made["time_stated"] = pa.array(~empty)


def _is_posts(head: Head) -> bool:
    return {"tweetid", "userid", "tweet_time", "tweet_client_name"} <= {name.strip() for name in head.header}


def _is_accounts(head: Head) -> bool:
    names = {name.strip() for name in head.header}
    needed = {"userid", "user_reported_location", "account_creation_date"}
    return needed <= names and not names & {"tweetid", "tweet_text", "tweet_time"}


_COMMON: dict[str, Any] = {
    "platform": "x",
    "tool": "X Information Operations archive, 2018-2021",
    "lacks": "views, media, and in the hashed release handles and names",
}
FORMATS = (
    Format(
        "x_archive_posts",
        "X Information Operations archive, posts",
        table="posts",
        sniff=_is_posts,
        read=read_posts,
        carries="posts, authors, replies, reposts, quotes, hashtags, links, mentions, counts, clients",
        caveats=(
            "follower counts are those at removal, not at posting",
            "texts of reposts are cut at about 140 characters",
            "mentions inside texts are not hashed and do not join to hashed accounts",
        ),
        columns=(*POST, *PROFILE),
        bulk=read_posts_in_bulk,
        **_COMMON,
    ),
    Format(
        "x_archive_accounts",
        "X Information Operations archive, accounts",
        table="accounts",
        sniff=_is_accounts,
        read=read_accounts,
        carries="profiles with the day of creation, also of accounts that never posted",
        caveats=("accounts of one release can be hashed or not; hashes join only inside one release",),
        columns=tuple(PROFILE),
        **_COMMON,
    ),
)
