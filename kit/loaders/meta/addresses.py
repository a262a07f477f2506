"""What addresses of Facebook say: the post, the comment, the account."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

_HOST = re.compile(r"(?:[a-z0-9-]+\.)*facebook\.com", re.IGNORECASE)
#: first words of a path that are no account
_PLACES = frozenset(
    "groups permalink.php story.php photo.php photo watch video.php events hashtag profile.php pages media share "
    "reel reels stories p people marketplace help l.php sharer sharer.php login plugins".split()
)
_KINDS = frozenset("posts permalink videos photos reel reels".split())
_POST = re.compile(r"(?:\d{3,}|pfbid\w+)")


class Address(NamedTuple):
    """Parts of an address of Facebook, each None where it does not say."""

    post: str | None = None
    account: str | None = None  # number of the account
    handle: str | None = None
    comment: str | None = None
    reply: str | None = None  # number of an answer to the comment


def read(url: str | None) -> Address | None:
    """The parts of an address; None where it is none of Facebook."""
    try:
        parts = urlsplit((url or "").strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    try:
        query = {key: found[0] for key, found in parse_qs(parts.query, max_num_fields=50).items()}
    except ValueError:
        query = {}
    path = [unquote(part) for part in parts.path.split("/") if part]
    post = query.get("story_fbid") or query.get("fbid") or query.get("v") or _post_in(path)
    account = query.get("id") if path and path[0] in _PLACES else None
    handle = None
    if path and path[0] not in _PLACES:
        account, handle = (path[0], None) if path[0].isdigit() else (account, path[0])
    elif len(path) > 2 and path[0] in ("pages", "people") and path[-1].isdigit():
        account = path[-1]
    return Address(post, account, handle, query.get("comment_id"), query.get("reply_comment_id"))


def _post_in(path: list[str]) -> str | None:
    """The last part of a path that looks like a post's, behind a word such as `posts`."""
    if not any(part in _KINDS for part in path[:-1]):
        return None
    return path[-1] if _POST.fullmatch(path[-1]) else None
