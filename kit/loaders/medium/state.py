"""The data inside Medium's pages: saved pages, the state they hold, answers of its GraphQL and older interfaces.

A saved page assigns its data to `window.__APOLLO_STATE__`, sometimes more than once; the
assignment is cut out and read as JSON, never evaluated, and the one with paragraphs is
taken. Older answers begin with a line that stops other sites from running them. Objects name
each other by reference. Posts with their paragraphs are records; where there are some, the
other posts on the page were only recommended there and are context.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kit.errors import InputError
from kit.loaders import values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source, jsons
from kit.loaders.files.delimited import Fault
from kit.loaders.markup import titled, web_address
from kit.loaders.medium import pages
from kit.loaders.objects import (
    Made,
    RecordDict,
    beside,
    field_time,
    from_objects,
    identifier,
    inner,
    kind_flags,
    millis,
    number,
    raw,
    record_dicts,
    text,
    word,
)
from kit.loaders.values import BadValue

_ASSIGNED = re.compile(r"window\.__APOLLO_STATE__\s*+=\s*+(?=\{)")
_GUARD = re.compile(r"\s*+[\])}'\";]*+while\s*+\(1\);?(?:</x>)?\s*+(?=\{)")
_TYPED = re.compile(r"\"__typename\"\s*+:\s*+\"Post\"")
_POST_KEYS = re.compile(r"\"(?:firstPublishedAt|mediumUrl|clapCount|inResponseToPostResult|uniqueSlug)\"")
_SITE = re.compile(r"com\.medium\.reader|https://(?:cdn-client|miro)\.medium\.com/")
_DEPTH = 60  # levels of an answer that are looked through for posts


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts of a page or answer with their authors; posts only recommended on it are context."""
    return from_objects(source, "posts", lambda post: _made(post, source.warnings), _posts_in, _items(source))


def _items(source: Source) -> Iterator[jsons.Item | Fault]:
    head = source.text_head()
    if head.shape in ("lines", "array", "document"):
        yield from jsons.objects(source)
        return
    data = pages.whole(source)
    try:
        written = data.decode(head.encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(
            "the page is not text", where=source.where(), found=f"byte {error.start:,}"
        ) from None
    if guard := _GUARD.match(written):
        yield jsons.item(
            1, 1, written[guard.end() :].encode("utf-8", "surrogatepass"), source.warnings, cut=False
        )
        return
    states = [_state(written, found.end()) for found in _ASSIGNED.finditer(written)]
    if not states:
        hint = "save the page as its source, before scripts run"
        raise InputError("the page holds no data of Medium", where=source.where(), hint=hint)
    # the others hold settings and what is recommended
    line, best = max(states, key=lambda one: (one[1].count('"Paragraph:'), one[1].count('"Post:')))
    yield jsons.item(1, line, best.encode("utf-8", "surrogatepass"), source.warnings, cut=False)


def _state(written: str, start: int) -> tuple[int, str]:
    """Line and text of the JSON value at a place; up to the end of the script where it does not end as JSON."""
    line = written.count("\n", 0, start) + 1
    try:
        _, end = json.JSONDecoder().raw_decode(written, start)
    except (ValueError, RecursionError):
        end = written.find("</script", start)
        end = end if end > 0 else len(written)
    return line, written[start:end]


# --- posts out of the tree


def _posts_in(root: RecordDict) -> list[Any]:
    """Every post of an answer, with what it refers to put in its place."""
    found = _old(root) if isinstance(root.get("payload"), dict) else _new(root)
    if not found:
        raise BadValue("Post", "no post of Medium", ", ".join(list(root)[:5]))
    shown = [post for post in found if post["paragraphs"]]
    if shown and len(shown) < len(found):
        shown[0]["beside"] = [post for post in found if not post["paragraphs"]]
    return shown or found


def _new(root: RecordDict) -> list[RecordDict]:
    kept: dict[str, RecordDict] = {}
    stack: list[tuple[Any, int]] = [(root, 0)]
    while stack:
        at, depth = stack.pop()
        if isinstance(at, dict):
            if at.get("__typename") == "Post" and "id" in at and set(at) - {"__typename", "id", "__ref"}:
                post = _resolved(at, root)
                known = kept.get(str(at["id"]))
                if known is None or len(post["paragraphs"]) > len(known["paragraphs"]):
                    kept[str(at["id"])] = post
            inside: Any = list(at.values())
        else:
            inside = at if isinstance(at, list) else ()
        if depth < _DEPTH:
            stack += [(one, depth + 1) for one in reversed(inside) if isinstance(one, dict | list)]
    return list(kept.values())


def _resolved(post: RecordDict, root: RecordDict) -> RecordDict:
    """A post without references."""
    body = next((one for key, one in post.items() if key.partition("(")[0] == "content"), None)
    body = _follow(_follow(body, root, "bodyModel"), root, "paragraphs")
    listed = body if isinstance(body, list) else []
    paragraphs = [_whole(one, root, ("metadata", "mixtapeMetadata")) for one in listed]
    plain = {
        key: one for key, one in post.items() if key.partition("(")[0] not in ("content", "previewContent")
    }
    for key in ("creator", "inResponseToPostResult", "postResponses", "tags"):
        if key in plain:
            one = plain[key]
            plain[key] = [_at(tag, root) for tag in one] if isinstance(one, list) else _at(one, root)
    return {**plain, "paragraphs": paragraphs}


def _at(one: Any, root: RecordDict) -> Any:
    """What a reference names; the number in it where the answer does not hold the object."""
    if not isinstance(one, dict) or not isinstance(one.get("__ref"), str):
        return one
    found = root.get(one["__ref"])
    return found if isinstance(found, dict) else {"id": one["__ref"].partition(":")[2]}


def _follow(one: Any, root: RecordDict, key: str) -> Any:
    at = _at(one, root)
    return at.get(key) if isinstance(at, dict) else None


def _whole(one: Any, root: RecordDict, keys: tuple[str, ...]) -> Any:
    at = _at(one, root)
    if not isinstance(at, dict):
        return at
    return {**at, **{key: _at(at[key], root) for key in keys if key in at}}


def _old(root: RecordDict) -> list[RecordDict]:
    """Posts of the interface before GraphQL, brought into the newer form."""
    payload = inner(root, "payload")
    users = inner(payload, "references.User")
    listed = [payload.get("value"), payload.get("post"), *inner(payload, "references.Post").values()]
    for key in ("posts", "value"):
        several = payload.get(key)
        listed += several if isinstance(several, list) else []
    found: dict[str, RecordDict] = {}
    for post in listed:
        if not isinstance(post, dict) or "creatorId" not in post or str(post.get("id")) in found:
            continue
        counts = inner(post, "virtuals")
        body = raw(post, "content.bodyModel.paragraphs") if isinstance(post.get("content"), dict) else None
        user = users.get(str(post["creatorId"])) or {}
        found[str(post.get("id"))] = {
            "id": post.get("id"),
            "title": post.get("title"),
            "firstPublishedAt": post.get("firstPublishedAt"),
            "creator": {"id": post["creatorId"], **user} if isinstance(user, dict) else user,
            "clapCount": counts.get("totalClapCount"),
            "postResponses": {"count": counts.get("responsesCreatedCount")},
            "tags": counts.get("tags"),
            "inResponseToPostResult": {"id": one} if (one := post.get("inResponseToPostId")) else None,
            "paragraphs": body if isinstance(body, list) else [],
        }
    return list(found.values())


# --- a post


def _made(post: RecordDict, warnings: Counter[str]) -> Made:
    author = _author(post)
    if author is None:
        warnings["posts whose author is gone: they have no account"] += 1
    context = beside(lambda one: _value(one, _author(one), Counter()), record_dicts(post, "beside"), warnings)
    return Made(_value(post, author, warnings), author, context)


def _value(post: RecordDict, author: RecordDict | None, warnings: Counter[str]) -> RecordDict:
    published = millis(post, "firstPublishedAt", "medium")
    answered = inner(post, "inResponseToPostResult")
    said = "inResponseToPostResult" in post
    paragraphs = record_dicts(post, "paragraphs")
    if not paragraphs:
        warnings["posts of which only title and counts are in the file"] += 1
    body = "\n".join(line for one in paragraphs if (line := (text(one, "text") or "").strip()))
    return {
        "platform": "medium",
        "post_id": identifier(post, "id", required=True),
        "account_id": author["account_id"] if author else None,
        **field_time((published, "millisecond" if published else None)),
        **kind_flags(repost=False, reply=bool(answered) if said else None, quote=None),
        "reply_to_id": identifier(answered, "id") if answered else None,
        "text": titled(word(post, "title"), body or None),
        "hashtags": [tag for one in record_dicts(post, "tags") if (tag := _tag(one))],
        "urls": [{"url": one, "expanded_url": None} for one in _links(paragraphs, warnings)],
        "mentions": [{"account_id": one, "handle": None} for one in _mentioned(paragraphs)],
        "media": [one for paragraph in paragraphs if (one := _image(paragraph))],
        "likes": number(post, "clapCount"),
        "replies": number(post, "postResponses.count"),
    }


def _author(post: RecordDict) -> RecordDict | None:
    user = inner(post, "creator")
    account_id = identifier(user, "id") or identifier(user, "userId")
    if account_id is None:
        return None
    return {
        "platform": "medium",
        "account_id": account_id,
        "handle": values.handle("creator.username", raw(user, "username")),
        "display_name": text(user, "name"),
        "bio": text(user, "bio"),
        "followers": number(user, "socialStats.followerCount"),
    }


def _tag(one: RecordDict) -> str:
    return values.hashtag(word(one, "normalizedTagSlug") or word(one, "slug") or identifier(one, "id") or "")


def _links(paragraphs: list[RecordDict], warnings: Counter[str]) -> list[str]:
    """Addresses that a text links to; the places of the marks, counted in UTF-16, are not needed."""
    found: dict[str, None] = {}
    for paragraph in paragraphs:
        given = [word(one, "href") for one in record_dicts(paragraph, "markups")]
        given.append(word(paragraph, "mixtapeMetadata.href"))
        for address in given:
            if address and not address.startswith("#") and (kept := web_address(address, warnings)):
                found[kept] = None
    return list(found)


def _mentioned(paragraphs: list[RecordDict]) -> list[str]:
    found = (
        identifier(one, "userId") for paragraph in paragraphs for one in record_dicts(paragraph, "markups")
    )
    return list(dict.fromkeys(one for one in found if one))


def _image(paragraph: RecordDict) -> RecordDict | None:
    name = identifier(paragraph, "metadata.id")
    if not name:
        return None
    return {"media_id": name, "kind": "image", "url": None, "alt_text": word(paragraph, "metadata.alt")}


# --- recognition


def _is_page(head: Head) -> bool:
    """A saved page of a post: its data stand far behind what a look at the file shows."""
    return head.shape == "markup" and "<script" in head.text and bool(_SITE.search(head.text))


def _is_json(head: Head) -> bool:
    if _GUARD.match(head.text.lstrip("\ufeff")):
        return bool(_POST_KEYS.search(head.text))
    if head.shape not in ("lines", "array", "document") or not _POST_KEYS.search(head.text):
        return False
    first = head.objects[0] if head.objects else {}
    return bool(_TYPED.search(head.text)) or (isinstance(first.get("payload"), dict) and "success" in first)


FORMATS = (
    Format(
        "medium_page",
        "Medium, saved page of a post",
        platform="medium",
        table="posts",
        tool="a browser's copy of the page's source",
        sniff=_is_page,
        read=read,
        carries="the post with title, text, tags, links, images, mentions, claps, number of responses, what it answers, "
        "author; posts recommended beside it as context",
        lacks="addresses of images; when the page was saved; who clapped",
        caveats=("what is recommended on a page is chosen for whoever saved it",),
    ),
    Format(
        "medium_json",
        "Medium, GraphQL answers and page state",
        platform="medium",
        table="posts",
        tool="Medium's own interfaces, as JSON",
        sniff=_is_json,
        read=read,
        carries="posts with title, tags, claps, number of responses, author; text, links and images where it was asked for",
        lacks="addresses of images; when the answer came; who clapped",
        caveats=("text, links and images are missing from lists of posts",),
    ),
)
