"""minet's CSV of comments under a Facebook post.

A comment's `fbid` is its number; `parent_id` names the other, longer identifier of the
comment it answers, which is looked up among the rows before it. Accounts have an address
and no number: where that address holds one it is taken, else the account's name in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.meta import addresses
from kit.loaders.objects import (
    Made,
    RecordDict,
    by_handle,
    field_time,
    from_rows,
    hashtags_in,
    header_names,
    kind_flags,
)

_NEEDED = ("id", "fbid", "depth", "parent_id", "author_name", "author_url", "created_time", "text")
_ROWS_KEPT = 1_000_000


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Comments with their authors; `constants: {root_id: …}` names the post they stand under."""
    root = values.identifier("root_id", (options.get("constants") or {}).get("root_id"))
    when = times.reader({"format": "epoch_s"}, "facebook", source.warnings, source.where())
    known: dict[str, str] = {}

    def build(row: RecordDict) -> Made:
        comment = values.identifier("fbid", row["fbid"], required=True)
        address = addresses.read(row["author_url"])
        account_id = (address.account or by_handle(address.handle)) if address else None
        parent = row["parent_id"]
        if parent and parent not in known:
            source.warnings["answers to a comment that is not above them in the file"] += 1
        if len(known) < _ROWS_KEPT:
            known[row["id"]] = str(comment)
        value = {
            "platform": "facebook",
            "post_id": comment,
            "account_id": account_id,
            **field_time(when("created_time", row["created_time"])),
            **kind_flags(repost=False, reply=True, quote=False),
            "reply_to_id": known.get(parent) if parent else root,
            "root_id": root,
            "text": row["text"],
            "hashtags": hashtags_in(row["text"]),
            "reactions": values.count("reactions", row.get("reactions")),
            "replies": values.count("replies", row.get("replies")),
        }
        author = {
            "platform": "facebook",
            "account_id": account_id,
            "handle": address.handle if address else None,
            "display_name": row["author_name"],
            "verified": values.boolean("author_is_verified", row.get("author_is_verified")),
        }
        return Made(value, author)

    return from_rows(source, "posts", build, _NEEDED)


def _is_comments(head: Head) -> bool:
    return {"fbid", "depth", "parent_id", "author_short_name", "created_time"} <= header_names(head)


FORMATS = (
    Format(
        "facebook_minet_comments",
        "minet, Facebook comments",
        platform="facebook",
        table="posts",
        tool="minet facebook comments",
        sniff=_is_comments,
        read=read,
        carries="comments, what they answer, names and addresses of authors, reactions and replies received",
        lacks="the post they stand under, unless declared; numbers of accounts; likes apart from other reactions",
        columns=_NEEDED,
    ),
)
