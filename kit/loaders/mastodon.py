"""Mastodon and servers that speak like it, and Truth Social, which was made from it.

A post is named by its `uri`, which is the same wherever it is seen; `id` is its number on
the server that answered, so that what it answers is looked up in the same file and else
named by that number. An account is named by the address of its page, which authors and
mentions both have. Truth Social is one server, and its numbers name everything.

Texts are HTML: links are whole, also where a page shows them shortened. What somebody sent
to those named alone ("direct") is passed over. Servers round the day an account was made.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kit.loaders import markup, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source, jsons
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    field_time,
    flag,
    from_objects,
    identifier,
    inner,
    iso,
    kind_flags,
    number,
    raw,
    record_dicts,
    text,
    word,
)
from kit.loaders.values import BadValue

MASTODON, TRUTH = "mastodon", "truthsocial"
_COUNTS = {
    "likes": "favourites_count",
    "replies": "replies_count",
    "reposts": "reblogs_count",
    "quotes": "quotes_count",
}
_MEDIA = {"image": "image", "video": "video", "tv": "video", "gifv": "animation", "audio": "audio"}
_SHARED = ("text", "language", "hashtags", "urls", "mentions", "media")
#: under which an answer lists posts
LISTS = ("ancestors", "statuses", "descendants")
_TAG = re.compile(r"</?(?:p|br|a|span|blockquote|ul|ol|li)\b[^<>]*>", re.IGNORECASE)
#: what a server adds for readers that cannot show a quoted post
_QUOTE_LINE = re.compile(r"(?:\A|\s)RE:\s*https?://\S+\s*\Z")
_DIRECT = "messages sent to those named alone, passed over"
_UNKNOWN = "answers to posts that are not in the file, named by their number on the server that answered"


def read_accounts(source: Source, options: Mapping[str, Any], platform: str) -> Iterator[Record | Rejection]:
    """Accounts, alone or in lists."""
    return from_objects(
        source,
        "accounts",
        lambda one: Made(profile(one, platform)),
        lambda page: record_dicts(page, "accounts") if "accounts" in page and "acct" not in page else [page],
    )


def account_id_of(about: RecordDict, platform: str) -> str | None:
    """The address of an account's page; on Truth Social, which is one server, its number."""
    if platform == TRUTH:
        return identifier(about, "id")
    return identifier(about, "url") or identifier(about, "uri")


def handle_of(about: RecordDict, platform: str) -> str | None:
    """The handle with its server, which answers leave out for accounts of their own."""
    handle = values.handle("acct", raw(about, "acct")) or values.handle("username", raw(about, "username"))
    if handle is None or platform == TRUTH or "@" in handle:
        return handle
    try:
        host = urlsplit(word(about, "url") or word(about, "uri") or "").hostname
    except ValueError:
        host = None
    return f"{handle}@{host}" if host else handle


def profile(about: RecordDict, platform: str) -> RecordDict:
    """A profile; the numbers of another server's accounts are those it last heard of."""
    account_id = account_id_of(about, platform)
    if account_id is None:
        raise BadValue("account.url", "no identifier of the account", "")
    created_at, precision = iso(about, "created_at", platform)
    if created_at is not None and created_at.time() == time.min:
        precision = "day"
    note = text(about, "note")
    gone = flag(about, "suspended")
    return {
        "platform": platform,
        "account_id": account_id,
        "handle": handle_of(about, platform),
        "display_name": text(about, "display_name"),
        "bio": markup.read_html(note).text() if note is not None else None,
        "profile_url": _own_link(about),
        "created_at": created_at,
        "created_precision": precision,
        "followers": count(about, "followers_count"),
        "following": count(about, "following_count"),
        "posts_stated": count(about, "statuses_count"),
        "verified": flag(about, "verified") if platform == TRUTH else None,
        "status": "suspended" if gone else "withheld" if flag(about, "limited") else "active",
    }


def _own_link(about: RecordDict) -> str | None:
    """The first address that the profile states."""
    for field in record_dicts(about, "fields"):
        for link in markup.read_html(text(field, "value") or "").links:
            if found := markup.web_address(link, Counter()):
                return found
    return markup.web_address(word(about, "website"), Counter())


def count(one: RecordDict, path: str) -> int | None:
    """A count; -1 stands for one that is hidden."""
    return None if raw(one, path) == -1 else number(one, path)


class _Numbers(NamedTuple):
    """Names of posts and accounts by their number on the server that answered."""

    posts: dict[str, str]
    accounts: dict[str, str]


_NONE = _Numbers({}, {})


def read_posts(source: Source, options: Mapping[str, Any], platform: str) -> Iterator[Record | Rejection]:
    """Posts with their authors; posts that are passed on or quoted as context."""
    known = _numbers(source) if platform == MASTODON else _NONE

    def build(one: RecordDict) -> Made | None:
        if word(one, "visibility") == "direct":
            source.warnings[_DIRECT] += 1
            return None
        return _post(one, platform, known, source.warnings)

    return from_objects(source, "posts", build, _posts_in)


def truth(thing: RecordDict, warnings: Counter[str], captured: datetime | None) -> Made:
    """A post of Truth Social as its page receives it; `captured` is when a tool saved it."""
    if word(thing, "visibility") == "direct":
        raise BadValue("visibility", "a message sent to those named alone", "direct")
    made = _post(thing, TRUTH, _NONE, warnings)
    seen = {"captured_at": captured}
    return made._replace(values=made.values | seen, author=(made.author or {}) | seen)


def _posts_in(page: RecordDict) -> list[Any]:
    """The object itself where it is a post, else those that an answer lists."""
    if "account" in page or not set(LISTS) & set(page):
        return [page]
    return [one for key in LISTS for one in _listed(page, key)]


def _listed(page: RecordDict, key: str) -> list[Any]:
    found = raw(page, key)
    if found is not None and not isinstance(found, list):
        raise BadValue(key, "a list of posts was expected", found)
    return found or []


def _numbers(source: Source) -> _Numbers:
    """Read the file once for the names that stand behind its numbers; a number of two servers names nothing."""
    posts: dict[str, set[str]] = {}
    accounts: dict[str, set[str]] = {}
    for item in jsons.objects(dataclasses.replace(source, warnings=Counter())):
        if not isinstance(item, jsons.Item):
            continue
        waiting: list[Any] = [item.value]
        waiting += [one for key in LISTS if isinstance(item.value.get(key), list) for one in item.value[key]]
        while waiting:
            one = waiting.pop()
            if not isinstance(one, dict):
                continue
            for found, thing in ((posts, one), (accounts, one.get("account"))):
                if isinstance(thing, dict) and isinstance(thing.get("id"), str):
                    name = thing.get("uri") if found is posts else thing.get("url") or thing.get("uri")
                    if isinstance(name, str) and name.strip():
                        found.setdefault(thing["id"], set()).add(name.strip())
            quote = one.get("quote")
            waiting += [
                one.get("reblog"),
                quote,
                quote.get("quoted_status") if isinstance(quote, dict) else None,
            ]
    return _Numbers(
        *({key: name for key, (name, *more) in found.items() if not more} for found in (posts, accounts))
    )


def _post_id(one: RecordDict, platform: str) -> str | None:
    return identifier(one, "uri" if platform == MASTODON else "id")


def _post(one: RecordDict, platform: str, known: _Numbers, warnings: Counter[str]) -> Made:
    if "account" not in one:
        raise BadValue("account", "no post", ", ".join(list(one)[:5]))
    value = _columns(one, platform, known, warnings)
    original = inner(one, "reblog")
    if original:
        passed_on = _columns(original, platform, known, Counter())
        value |= {name: passed_on[name] for name in _SHARED} | {
            **kind_flags(repost=True, reply=False, quote=False),
            **dict.fromkeys(("reply_to_id", "target_account_id", "quoted_id")),
            "reposted_id": passed_on["post_id"],
            "reposted_account_id": passed_on["account_id"],
        }
    else:
        value |= {ours: count(one, theirs) for ours, theirs in _COUNTS.items()}
    if word(one, "visibility") == "private":
        warnings["posts for followers alone, seen by whoever collected"] += 1
    quoted = [_quoted(shown) for shown in (one, original)]
    answered = inner(one, "in_reply_to")
    shown = [found for found in (original, *quoted, answered) if "account" in found]
    context = beside(lambda other: _columns(other, platform, known, Counter()), shown, warnings)
    return Made(value, profile(inner(one, "account"), platform), context)


def _columns(one: RecordDict, platform: str, known: _Numbers, warnings: Counter[str]) -> RecordDict:
    """The columns of a post, without its counts."""
    post_id = _post_id(one, platform)
    if post_id is None:
        raise BadValue("uri" if platform == MASTODON else "id", "no identifier", "")
    account_id = account_id_of(inner(one, "account"), platform)
    if account_id is None:
        raise BadValue("account.url", "no author", "")
    quoted_id = _quoted_id(one, platform, known, warnings)
    quote = quoted_id is not None or bool(inner(one, "quote"))
    written, page = _text(one, quote=quote)
    return {
        "platform": platform,
        "post_id": post_id,
        "account_id": account_id,
        **field_time(iso(one, "created_at", platform)),
        **_answered(one, platform, known, warnings, quote=quote),
        "quoted_id": quoted_id,
        "text": written,
        "language": values.language(word(one, "language")),
        "client": word(one, "application.name"),
        "hashtags": [
            values.hashtag(tag) for found in record_dicts(one, "tags") if (tag := word(found, "name"))
        ],
        "urls": _links(one, page, warnings),
        "mentions": [_mention(found, platform) for found in record_dicts(one, "mentions")],
        "media": _media(one, platform),
    }


def _answered(
    one: RecordDict, platform: str, known: _Numbers, warnings: Counter[str], *, quote: bool
) -> RecordDict:
    """What a post answers, and whom."""
    above = inner(one, "in_reply_to")
    local = identifier(one, "in_reply_to_id") or identifier(above, "id")
    whom = identifier(one, "in_reply_to_account_id") or identifier(above, "account.id")
    reply_to, target = local, whom
    if platform == MASTODON:
        reply_to = known.posts.get(local or "", local)
        if local is not None and local not in known.posts:
            warnings[_UNKNOWN] += 1
        named = {
            identifier(found, "id"): account_id_of(found, platform) for found in record_dicts(one, "mentions")
        }
        target = (named.get(whom) or known.accounts.get(whom)) if whom else None
    return {
        **kind_flags(repost=False, reply=local is not None, quote=quote),
        "reply_to_id": reply_to,
        "target_account_id": target,
    }


def _quoted(one: RecordDict) -> RecordDict:
    """The post quoted, as servers show it: inside a statement of its state, or by itself."""
    quote = inner(one, "quote")
    return inner(quote, "quoted_status") if "account" not in quote else quote


def _quoted_id(one: RecordDict, platform: str, known: _Numbers, warnings: Counter[str]) -> str | None:
    quoted = _quoted(one)
    if quoted:
        return _post_id(quoted, platform)
    quote = inner(one, "quote")
    local = identifier(quote, "quoted_status_id") or identifier(one, "quote_id")
    if local is None and quote:
        warnings["quoted posts that are withheld, revoked or deleted"] += 1
    return known.posts.get(local or "", local)


def _text(one: RecordDict, *, quote: bool) -> tuple[str | None, markup.Page]:
    """Warning and text of a post as plain text; one without tags is plain already, as tools leave it."""
    content = text(one, "content")
    page = markup.read_html(content if content and _TAG.search(content) else "")
    written = page.text() if content and _TAG.search(content) else content
    if content is None:
        written = text(one, "text")  # what the author typed, where the server gives that alone
    if quote and written:
        written = _QUOTE_LINE.sub("", written)
    return markup.titled(word(one, "spoiler_text"), written), page


def _links(one: RecordDict, page: markup.Page, warnings: Counter[str]) -> list[RecordDict]:
    """Addresses in the text that are neither a mention nor a hashtag, and the one of the card."""
    given = [
        anchor["href"]
        for anchor in page.anchors
        if not {"mention", "hashtag"} & set(anchor.get("class", "").split()) and anchor.get("rel") != "tag"
    ]
    given.append(word(one, "card.url") or "")
    found = [address for one_ in given if (address := markup.web_address(one_, warnings))]
    return [{"url": address, "expanded_url": None} for address in dict.fromkeys(found)]


def _mention(found: RecordDict, platform: str) -> RecordDict:
    return {"account_id": account_id_of(found, platform), "handle": handle_of(found, platform)}


def _media(one: RecordDict, platform: str) -> list[RecordDict]:
    """Attachments by the address where their author's server has them, as a number is one server's own."""
    found = []
    for item in record_dicts(one, "media_attachments"):
        media_id = identifier(item, "id") if platform == TRUTH else None
        url = word(item, "remote_url") or word(item, "url")
        if media_id or url:
            kind = _MEDIA.get(text(item, "type") or "", "other")
            found.append(
                {"media_id": media_id, "kind": kind, "url": url, "alt_text": word(item, "description")}
            )
    return found


def _is_account(one: Any) -> bool:
    return isinstance(one, dict) and {"id", "username", "acct"} <= set(one)


def _is_status(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and {"id", "created_at", "account"} <= set(one)
        and _is_account(one["account"])
        and bool({"content", "text", "reblog", "visibility", "favourites_count"} & set(one))
    )


def _of_truth(one: RecordDict) -> bool:
    about = one.get("account") if isinstance(one.get("account"), dict) else one
    addresses = [thing.get(key) for thing in (one, about or {}) for key in ("url", "uri")]
    return any(isinstance(found, str) and found.startswith("https://truthsocial.com/") for found in addresses)


def _is_posts(head: Head, platform: str) -> bool:
    for page in head.objects[:5]:
        if "__import_meta" in page or "source_platform" in page:
            continue
        if platform == MASTODON and set(page) == {"ancestors", "descendants"} and not any(page.values()):
            return True
        listed = [one for key in LISTS if isinstance(page.get(key), list) for one in page[key][:5]]
        if any(_is_status(one) and _of_truth(one) == (platform == TRUTH) for one in (page, *listed)):
            return True
    return False


def _is_accounts(head: Head, platform: str) -> bool:
    for page in head.objects[:5]:
        listed = page.get("accounts")
        for one in (page, *(listed[:5] if isinstance(listed, list) and "statuses" not in page else ())):
            if _is_account(one) and "followers_count" in one and _of_truth(one) == (platform == TRUTH):
                return True
    return False


def _formats(platform: str, name: str, tool: str, lacks: str, caveats: tuple[str, ...]) -> tuple[Format, ...]:
    return (
        Format(
            f"{platform}_posts",
            f"{name}, posts",
            platform=platform,
            table="posts",
            tool=tool,
            sniff=partial(_is_posts, platform=platform),
            read=partial(read_posts, platform=platform),
            carries="posts, authors, replies, boosts, quotes, hashtags, links, mentions, media, counts, the application "
            "where the server says it",
            lacks=lacks
            + "; when a post was changed; polls; messages sent to those named alone, which are passed over",
            caveats=caveats,
        ),
        Format(
            f"{platform}_accounts",
            f"{name}, accounts",
            platform=platform,
            table="accounts",
            tool=tool,
            sniff=partial(_is_accounts, platform=platform),
            read=partial(read_accounts, platform=platform),
            carries="handles, names, texts, the day the account was made, counts, that it is suspended or limited",
            lacks="the hour the account was made; whether it says to be a bot, for which there is no column",
        ),
    )


FORMATS = (
    *_formats(
        MASTODON,
        "Mastodon",
        "clients of Mastodon's interface, such as Mastodon.py, and of servers that speak like it",
        "posts that the server asked had not heard of",
        (
            "counts are those that the server asked had heard of, and so are other servers' followers",
            "a post answered that is not in the file is named by its number on the server asked, and joins to nothing",
            "every account of a day seems made at the same time: only the day is known",
        ),
    ),
    *_formats(
        TRUTH,
        "Truth Social",
        "truthbrush and other tools that save what Truth Social's page receives",
        "views",
        ("every account of a day may seem made at the same time: where only the day is known, it says so",),
    ),
)
