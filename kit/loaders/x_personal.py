"""A person's own archive of X: `tweets.js` and `account.js`, JSON behind an assignment.

The assignment is cut off and never evaluated. Posts name no author: their author is in
`account.js` beside them, in the same folder or zip, or in `constants: {account_id: …}`.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from kit.errors import InputError
from kit.loaders import values, x_legacy
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source, jsons
from kit.loaders.files.delimited import Fault
from kit.loaders.objects import (
    Made,
    RecordDict,
    from_objects,
    identifier,
    inner,
    iso,
    kind_flags,
    number,
    raw,
    text,
    word,
)
from kit.loaders.values import BadValue

_ASSIGNMENT = re.compile(rb"\s*window\.YTD\.(\w+)\.part\d+\s*=\s*")
_CUT = "the last record is damaged: the file may be cut"
_NAMED = re.compile(r"window\.YTD\.(\w+)\.part\d+\s*=")
_REPOST = re.compile(r"RT @(\w{1,20}): ")


def read_posts(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The owner's posts; the archive marks reposts only by their text."""
    owner = _owner(source, options)

    def build(thing: RecordDict) -> Made:
        # older archives have the post itself, newer ones wrap it
        return Made(_post(inner(thing, "tweet") or thing, str(owner["account_id"]), source.warnings), owner)

    return from_objects(source, "posts", build, items=_items(source))


def read_account(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """The owner's profile; address and telephone number are left where they are."""
    return from_objects(source, "accounts", lambda thing: Made(_account(thing)), items=_items(source))


def _items(source: Source) -> Iterator[jsons.Item | Fault]:
    """The objects of a script, without what stands before and behind the list."""
    skipped = 0
    for item in jsons.objects(source):
        if not isinstance(item, Fault):
            yield item._replace(number=item.number - skipped)
        elif _ASSIGNMENT.fullmatch(item.raw):
            skipped += 1
        elif item.raw.strip() == b";":
            source.warnings -= Counter({_CUT: 1})  # the statement ends here, and nothing is missing
        else:
            yield dataclasses.replace(item, number=item.number - skipped)


def _owner(source: Source, options: Mapping[str, Any]) -> RecordDict:
    stated = (options.get("constants") or {}).get("account_id")
    if stated:
        return {"platform": "x", "account_id": values.identifier("account_id", stated, required=True)}
    for beside in _accounts_beside(source):
        try:
            for item in _items(beside):
                if not isinstance(item, Fault):
                    return _account(item.value)
        except (InputError, BadValue):
            continue
    hint = (
        "put the archive's account.js beside it, or write `constants: {account_id: …}` in the export's entry"
    )
    raise InputError("nothing says whose posts these are", where=source.where(), hint=hint)


def _accounts_beside(source: Source) -> Iterator[Source]:
    """`account.js` in the same folder, of the disk or of the zip."""
    if source.member:
        name = str(PurePosixPath(source.member).with_name("account.js"))
        yield dataclasses.replace(source, member=name, warnings=Counter(), _head=None, _checked=False)
    else:
        path = source.path.with_name("account.js")
        if path.is_file():
            yield dataclasses.replace(source, path=path, warnings=Counter(), _head=None, _checked=False)


def _account(thing: RecordDict) -> RecordDict:
    account = inner(thing, "account") or thing
    created_at, precision = iso(account, "createdAt", "x")
    return {
        "platform": "x",
        "account_id": identifier(account, "accountId", required=True),
        "handle": values.handle("username", raw(account, "username")),
        "display_name": text(account, "accountDisplayName"),
        "created_at": created_at,
        "created_precision": precision,
    }


def _post(post: RecordDict, owner: str, warnings: Counter[str]) -> RecordDict:
    post_id = identifier(post, "id_str") or identifier(post, "id", required=True)
    written = word(post, "full_text") or text(post, "text")
    reply = x_legacy.answered(post)
    repost = bool(written and _REPOST.match(written))
    if repost:
        warnings["reposts known only by 'RT @', their text cut and their original not named"] += 1
    value = {
        "platform": "x",
        "post_id": post_id,
        "account_id": owner,
        **x_legacy.times_of_post(
            str(post_id), x_legacy.moment("created_at", raw(post, "created_at")), warnings
        ),
        # a quote is only a link to the other post here
        **kind_flags(
            repost=repost, reply=bool(reply["reply_to_id"] or reply["target_account_id"]), quote=None
        ),
        **reply,
        "text": values.unescaped(written) if written is not None else None,
        "language": values.language(word(post, "lang")),
        "client": x_legacy.client(text(post, "source")),
        **x_legacy.whole_entities(post),
    }
    if repost:
        # the first account mentioned is the one passed on
        first = value["mentions"][0] if value["mentions"] else None
        value["reposted_account_id"] = first["account_id"] if first else None
    else:
        value |= {"likes": number(post, "favorite_count"), "reposts": number(post, "retweet_count")}
    return value


def _part(head: Head) -> str:
    found = _NAMED.match(head.text.lstrip("\ufeff \t\r\n")) if head.shape == "script" else None
    return found[1] if found else ""


def _is_posts(head: Head) -> bool:
    return _part(head) in ("tweet", "tweets")


def _is_account(head: Head) -> bool:
    return _part(head) == "account"


_TOOL = "X, download an archive of your data"
FORMATS = (
    Format(
        "x_personal",
        "X personal archive, posts",
        platform="x",
        table="posts",
        tool=_TOOL,
        sniff=_is_posts,
        read=read_posts,
        carries="the owner's posts, replies, hashtags, links, mentions, media, likes and reposts received, clients",
        lacks="the post that a repost passes on or a quote quotes, threads, views; whatever was deleted before",
        caveats=("a person's own archive is theirs: it was given, not collected",),
    ),
    Format(
        "x_personal_account",
        "X personal archive, account",
        platform="x",
        table="accounts",
        tool=_TOOL,
        sniff=_is_account,
        read=read_account,
        carries="the owner's number, names and time of creation; e-mail and telephone are never read",
        lacks="profile text, counts",
    ),
)
