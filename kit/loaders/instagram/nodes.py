"""Instagram's objects of the GraphQL kind, as its old site sent them and Instaloader keeps them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kit.ids import instagram_id, time_of
from kit.loaders import times, values
from kit.loaders.objects import (
    RecordDict,
    by_handle,
    field_time,
    hashtags_in,
    identifier,
    inner,
    kind_flags,
    number,
    raw,
    record_dicts,
    seconds,
    text,
    timed,
    word,
)
from kit.loaders.values import BadValue

_LONGEST = 11  # signs of a shortcode that is a media number alone
HIDDEN = "likes that are hidden"


def media_number(shortcode: str) -> str:
    """The number of a post behind its shortcode; shortcodes of private posts are longer and stay as they are."""
    found = instagram_id(shortcode) if len(shortcode) <= _LONGEST else -1
    return str(found) if found > 0 else shortcode


def post_number(code: str | None, given: str | None, warnings: Counter[str]) -> str:
    """The number of a post by its shortcode and its stated number, which may be `<post>_<owner>`."""
    stated = given.partition("_")[0] if given else None
    coded = media_number(code) if code else None
    if coded and coded.isdigit():
        if stated and stated != coded:
            warnings["numbers of posts that differ from their shortcode, which was taken"] += 1
        return coded
    if stated or coded:
        return str(stated or coded)
    raise BadValue("id", "no identifier", "")


def when(post_id: str, stated: times.Moment) -> RecordDict:
    """The time columns; the number tells when an upload began, so that it only stands in for a missing time."""
    if stated[0] is not None:
        return field_time(stated)
    return timed(time_of("instagram", post_id), stated, Counter())


def likes(thing: RecordDict, path: str, warnings: Counter[str]) -> int | None:
    """Likes; -1 stands for hidden ones."""
    if raw(thing, path) == -1:
        warnings[HIDDEN] += 1
        return None
    return number(thing, path)


def first(thing: RecordDict, *paths: str) -> int | None:
    """The first count that is there."""
    return next((found for path in paths if (found := number(thing, path)) is not None), None)


def profile(user: RecordDict) -> RecordDict:
    """A profile from a user object of either kind."""
    handle = values.handle("username", raw(user, "username"))
    account_id = identifier(user, "id") or identifier(user, "pk") or by_handle(handle)
    if account_id is None:
        raise BadValue("user.id", "no author", "")
    private = values.boolean("is_private", raw(user, "is_private"))
    return {
        "platform": "instagram",
        "account_id": account_id,
        "handle": handle,
        "display_name": text(user, "full_name"),
        "bio": text(user, "biography"),
        "profile_url": text(user, "external_url"),
        "followers": first(user, "edge_followed_by.count", "follower_count"),
        "following": first(user, "edge_follow.count", "following_count"),
        "posts_stated": first(user, "edge_owner_to_timeline_media.count", "media_count"),
        "verified": values.boolean("is_verified", raw(user, "is_verified")),
        "status": None if private is None else "private" if private else "active",
    }


def node(post: RecordDict, warnings: Counter[str]) -> tuple[RecordDict, RecordDict]:
    """A post of the GraphQL kind and its author."""
    post_id = post_number(word(post, "shortcode"), identifier(post, "id"), warnings)
    user = inner(post, "owner") or inner(post, "user")
    author = profile(user)
    stated = seconds(post, "taken_at_timestamp", "instagram")
    if stated[0] is None:
        stated = seconds(post, "date", "instagram")
    written = _caption(post)
    value = {
        "platform": "instagram",
        "post_id": post_id,
        "account_id": author["account_id"],
        **when(post_id, stated),
        **kind_flags(repost=None, reply=False, quote=None),
        "text": written,
        "hashtags": hashtags_in(written),
        "urls": [],
        "mentions": [_tagged(edge) for edge in record_dicts(post, "edge_media_to_tagged_user.edges")],
        "media": _media(post),
        "likes": likes(post, "edge_media_preview_like.count", warnings),
        "replies": first(
            post,
            "edge_media_to_parent_comment.count",
            "edge_media_to_comment.count",
            "edge_media_preview_comment.count",
        ),
        "views": first(post, "video_play_count", "video_view_count"),
    }
    return value, author


def _caption(post: RecordDict) -> str | None:
    edges = record_dicts(post, "edge_media_to_caption.edges")
    if edges:
        return text(edges[0], "node.text")
    found = raw(post, "caption")
    if isinstance(found, dict):
        return text(found, "text")
    return values.text("caption", found)


def _tagged(edge: RecordDict) -> RecordDict:
    handle = values.handle("username", raw(edge, "node.user.username"))
    return {"account_id": identifier(edge, "node.user.id"), "handle": handle}


def _media(post: RecordDict) -> list[RecordDict]:
    children = [inner(edge, "node") for edge in record_dicts(post, "edge_sidecar_to_children.edges")]
    found = []
    for one in children or [post]:
        video = raw(one, "is_video") is True or word(one, "__typename") in ("GraphVideo", "GraphStoryVideo")
        url = (word(one, "video_url") if video else None) or word(one, "display_url")
        item = identifier(one, "id")
        if item or url:
            found.append(
                {"media_id": item, "kind": "video" if video else "image", "url": url, "alt_text": None}
            )
    return found


def is_node(thing: Any) -> bool:
    """Whether an object is a post of the GraphQL kind."""
    return isinstance(thing, dict) and str(thing.get("__typename")).startswith("Graph")
