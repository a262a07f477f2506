"""CrowdTangle's CSV of Facebook pages, Facebook groups and Instagram accounts (until August 2024).

A post's identifier is the last part of its address. Times carry the abbreviation of the
dashboard's zone, which changes with daylight saving inside one file. In exports of groups
the account is the group: who posted in it is not in the file. An Instagram post's time is
read from its shortcode where the zone cannot be told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kit.ids import time_of
from kit.loaders import times, values, zones
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.instagram.nodes import media_number
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
    refusing,
    timed,
)
from kit.loaders.values import BadValue

_FACEBOOK = ("Facebook Id", "Post Created", "Type", "URL", "Message", "Likes", "Comments", "Shares")
_INSTAGRAM = ("Account", "User Name", "Post Created", "Type", "URL", "Description", "Likes", "Comments")
_REACTIONS = ("Likes", "Love", "Wow", "Haha", "Sad", "Angry", "Care")
_SCORE = "Overperforming Score"  # the rest of the name holds the weights
_FLOAT = re.compile(r"(\d{1,15})\.0+", re.ASCII)
_OWN = {"Photo": "image", "Native Video": "video", "Live Video": "video", "Live Video Complete": "video"}
_SHORTCODE = re.compile(
    r"https?://(?:www\.)?instagram\.com/(?:[^/]+/)?(?:p|reel|reels|tv)/([\w-]+)/?(?:\?.*)?"
)


def read_facebook(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of pages or groups, each with the page or group as its account."""
    when = refusing(source, zones.reader(options, "facebook", source.where()))
    made = zones.reader(options, "facebook", source.where())

    def build(row: RecordDict) -> Made:
        account_id = _account(row["Facebook Id"])
        post = addresses.read(row["URL"])
        post_id = post.post if post else None
        if post_id is None:
            raise BadValue("URL", "no identifier: the address names no post", row["URL"])
        stated = when("Post Created", row["Post Created"])
        shared = _shared(row, account_id)
        value = {
            "platform": "facebook",
            "post_id": post_id,
            "account_id": account_id,
            **field_time(stated),
            **kind_flags(repost=shared is not None, reply=False, quote=None),
            "reposted_id": shared.post if shared else None,
            "reposted_account_id": (shared.account or by_handle(shared.handle)) if shared else None,
            "text": row["Message"],
            "likes": values.count("Likes", row["Likes"]),
            "reactions": _reactions(row),
            "replies": values.count("Comments", row["Comments"]),
            "reposts": values.count("Shares", row["Shares"]),
            "hashtags": hashtags_in(row["Message"]),
            **_links(row),
        }
        if "Video" in row["Type"]:  # every other post has a 0 there
            value["views"] = values.count("Post Views", row.get("Post Views"))
        return Made(value, _page(row, account_id, stated[0], made, source.warnings))

    return from_rows(source, "posts", build, _FACEBOOK)


def _account(cell: str) -> str:
    # a column of whole numbers with blanks is saved with decimals; up to 15 digits nothing is lost
    whole = _FLOAT.fullmatch(cell.strip())
    return str(values.identifier("Facebook Id", whole[1] if whole else cell, required=True))


def _page(
    row: RecordDict, account_id: str, captured: datetime | None, made: times.Reader, warnings: Counter[str]
) -> RecordDict:
    created: times.Moment = (None, None)
    try:
        created = made("Page Created", row.get("Page Created"))
    except times.Undeclared:
        warnings["Page Created has no zone and was not read; declare `time: {zone: …}`"] += 1
    return {
        "platform": "facebook",
        "account_id": account_id,
        "handle": values.handle("User Name", row.get("User Name")),
        "display_name": row.get("Page Name", row.get("Group Name")),
        "bio": row.get("Page Description"),
        "created_at": created[0],
        "created_precision": created[1],
        "followers": values.count("Followers at Posting", row.get("Followers at Posting")),
        "captured_at": captured,  # followers are those at posting
    }


def _shared(row: RecordDict, account_id: str) -> addresses.Address | None:
    """The post of another account that this one passes on."""
    link = addresses.read(row.get("Link"))
    if link is None or link.post is None or not (link.account or link.handle):
        return None
    own = {account_id, (row.get("User Name") or "").casefold()}
    return None if (link.account or link.handle or "").casefold() in own else link


def _links(row: RecordDict) -> RecordDict:
    link, final = row.get("Link"), row.get("Final Link")
    if not link:
        return {"urls": [], "media": []}
    kind = _OWN.get(row["Type"])
    if kind and addresses.read(link):  # the address of the page's own photo or video
        return {"urls": [], "media": [{"media_id": link, "kind": kind, "url": link, "alt_text": None}]}
    return {"urls": [{"url": link, "expanded_url": final or None}], "media": []}


def read_instagram(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of Instagram accounts, which the file names by handle alone."""
    when = zones.reader(options, "instagram", source.where())

    def build(row: RecordDict) -> Made:
        handle = values.handle("User Name", row["User Name"])
        account_id = by_handle(handle)
        found = _SHORTCODE.fullmatch(row["URL"].strip())
        if found is None:
            raise BadValue("URL", "no identifier: the address names no post", row["URL"])
        post_id = media_number(found[1])
        likes = row["Likes"].strip()
        if likes == "-1":
            source.warnings["likes that are hidden"] += 1
        photo = row.get("Photo")
        value = {
            "platform": "instagram",
            "post_id": post_id,
            "account_id": account_id,
            **_time(row["Post Created"], post_id, when, source.warnings),
            **kind_flags(repost=None, reply=False, quote=None),
            "text": row["Description"],
            "likes": None if likes == "-1" else values.count("Likes", likes),
            "replies": values.count("Comments", row["Comments"]),
            "views": values.count("Views", row.get("Views")) if "Video" in row["Type"] else None,
            "hashtags": hashtags_in(row["Description"]),
            "urls": [],
            "media": [{"media_id": None, "kind": None, "url": photo, "alt_text": None}] if photo else [],
        }
        author = {
            "platform": "instagram",
            "account_id": account_id,
            "handle": handle,
            "display_name": row["Account"],
            "followers": values.count("Followers at Posting", row.get("Followers at Posting")),
            "captured_at": value["created_at"],
        }
        return Made(value, author)

    return from_rows(source, "posts", build, _INSTAGRAM)


def _time(cell: str, post_id: str, when: times.Reader, warnings: Counter[str]) -> RecordDict:
    try:
        stated = when("Post Created", cell)
    except times.Undeclared:
        decoded = time_of("instagram", post_id)
        if decoded is None:
            raise
        warnings["times whose zone is not clear, taken from the identifier instead"] += 1
        return timed(decoded, (None, None), warnings)
    return field_time(stated)


def _reactions(row: RecordDict) -> int | None:
    """The seven kinds together; None where the export leaves one out."""
    counts = [values.count(name, row.get(name)) for name in _REACTIONS]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _is_facebook(head: Head) -> bool:
    names = header_names(head)
    scored = any(name.startswith(_SCORE) for name in names)
    return scored and {"Facebook Id", "Message", "Post Created"} <= names


def _is_instagram(head: Head) -> bool:
    return {"Account", "User Name", "Followers at Posting", "Photo", "Description"} <= header_names(head)


FORMATS = (
    Format(
        "facebook_crowdtangle",
        "CrowdTangle, Facebook pages and groups",
        platform="facebook",
        table="posts",
        tool="CrowdTangle, export of Facebook posts",
        sniff=_is_facebook,
        read=read_facebook,
        carries="posts of pages and groups, page profiles, followers at posting, links, shares of other pages, counts, "
        "likes and the seven reactions together",
        lacks="who posted in a group; comments; media beyond an address; each kind of reaction apart",
        caveats=(
            "in exports of groups the account is the group",
            "counts are those at export",
            "a page's number can change over time",
        ),
        columns=_FACEBOOK,
    ),
    Format(
        "instagram_crowdtangle",
        "CrowdTangle, Instagram",
        platform="instagram",
        table="posts",
        tool="CrowdTangle, export of Instagram posts",
        sniff=_is_instagram,
        read=read_instagram,
        carries="posts, handles, followers at posting, one picture, likes, comments and views",
        lacks="numbers of accounts, which are known by handle alone; comments; further pictures",
        caveats=("counts are those at export", "likes of -1 are hidden, not zero"),
        columns=_INSTAGRAM,
    ),
)
