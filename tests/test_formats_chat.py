"""Telegram, Bluesky, Mastodon and Truth Social, each through every shape in which its exports come."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import exports
import golden
import pytest
from exports import has, kept, lines, load, rejected, save

from kit.errors import InputError
from kit.loaders import Source
from kit.loaders.files import tree

# --- Telegram Desktop

WHEN = datetime(2023, 6, 1, 10, 30, 5)


def message(number: int, text: str = "hello") -> dict[str, Any]:
    (one,) = golden.objects("telegram_desktop/chat")[0]["messages"]
    return {**one, "id": number, "text": text}


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {**golden.objects("telegram_desktop/chat")[0], "messages": list(messages), **more}


def archive(*chats: Any) -> dict[str, Any]:
    """A whole export, which begins with what belongs to its owner alone."""
    return {**golden.objects("telegram_desktop/archive")[0], "chats": {"about": "…", "list": list(chats)}}


def document(value: Any) -> str:
    """JSON as Telegram Desktop writes it, a space a level."""
    return json.dumps(value, indent=1, ensure_ascii=False)


def test_telegram_desktop_time_without_unix_seconds_needs_a_zone(tmp_path: Path) -> None:
    old = message(1)
    del old["date_unixtime"]
    path = save(tmp_path, "result.json", document(chat(old)))
    with pytest.raises(InputError, match=r"declare `time: \{zone: UTC\}`") as caught:
        load(path)
    assert "result.json, column 'date'" in str(caught.value)
    _, _, found = load(path, time={"zone": "Europe/Berlin"})
    has(kept(found)[0].values, created_at=WHEN, time_source="field", time_precision="second")
    with pytest.raises(InputError, match="unknown time zone"):
        load(path, time={"zone": "Berlin"})


def test_telegram_desktop_damage(tmp_path: Path) -> None:
    whole = document(chat(message(1), message(2), message(3)))
    source, _, found = load(save(tmp_path, "a", whole[: whole.index('"id": 3') + 20]))
    assert len(kept(found)) == 2
    assert [r.number for r in rejected(found)] == [3]
    assert "the file may be cut" in rejected(found)[0].reason
    assert source.warnings == {"the last record is damaged: the file may be cut": 1}
    between = whole[: whole.index("{", whole.index('"id": 2'))].rstrip().rstrip(",")
    source, _, found = load(save(tmp_path, "b", between))
    assert (len(kept(found)), rejected(found)) == (2, [])
    assert source.warnings == {"the document is not closed: the file may be cut": 1}
    twice = whole.replace('"type": "message",', '"type": "message", "type": "service",', 1)
    _, _, found = load(save(tmp_path, "c", twice))
    assert [(r.reason, r.field) for r in rejected(found)] == [("a key stands twice", "type")]
    with pytest.raises(InputError, match="a key stands twice"):
        load(save(tmp_path, "d", whole.replace('"name"', '"id": 5, "name"', 1)))
    for odd, match in (
        ({"messages": {"x": 1}, "type": "public_channel"}, "a list of messages"),
        ({"messages": 5}, "a list of messages"),
        ([chat(message(1))], "one JSON object"),
    ):
        with pytest.raises(InputError, match=match):
            load(save(tmp_path, "e", document(odd)), format="telegram_desktop")


def test_a_large_document_is_walked_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document larger than any value may be is read, a message at a time."""
    monkeypatch.setattr(tree, "LINE_LIMIT", 4_000)
    path = save(tmp_path, "a.json", document(archive(chat(*(message(n, "x" * 100) for n in range(1, 500))))))
    assert path.stat().st_size > 100_000
    _, _, found = load(path)
    assert [r.values["post_id"] for r in kept(found)] == [f"channel1234567890-{n}" for n in range(1, 500)]
    written = path.read_text(encoding="utf-8").splitlines()
    for record in kept(found):  # each begins with a bracket and its number
        number = record.values["post_id"].rpartition("-")[2]
        assert (written[record.line - 1].strip(), written[record.line].strip()) == ("{", f'"id": {number},')
    with pytest.raises(InputError, match="one JSON value longer than 4,000 bytes"):
        load(save(tmp_path, "b.json", document(chat(message(1, "x" * 2_000_000)))))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_a_document_is_walked_alike_whatever_the_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    value = {"a": [1, -2.5e3, True, None, 'x\\"]}'], "b": {"c": [{"d": ["}"]}, {}], "e": []}, "ü\n": "{"}
    data = json.dumps(value, indent=1).encode()
    path = save(tmp_path, "a.json", data)
    monkeypatch.setattr(
        tree, "as_utf8", lambda *_: (data[at : at + size] for at in range(0, len(data), size))
    )
    inside = {(), ("a",), ("b",), ("b", "c")}
    found = [
        (p.path, json.loads(p.raw)) for p in tree.parts(Source(path, "a.json"), inside.__contains__) if p.raw
    ]
    assert found == [
        *((("a", "*"), one) for one in value["a"]),
        (("b", "c", "*"), {"d": ["}"]}),
        (("b", "c", "*"), {}),
        (("b", "e"), []),
        (("ü\n",), "{"),
    ]


@pytest.mark.parametrize(
    "text", ['{"a" 1}', '{"a": 1} x', "{]", '{"a":}', "{5: 1}", "}", '{"a": {"b": [}}', '{"\\x": 1}']
)
def test_a_document_that_is_no_json_names_the_line(tmp_path: Path, text: str) -> None:
    path = save(tmp_path, "a.json", "\n" + text)
    with pytest.raises(InputError, match=r"a\.json, line 2"):
        list(tree.parts(Source(path, "a.json"), lambda path: path == ()))


# --- Bluesky


def view(uri: str) -> dict[str, Any]:
    return {**golden.objects("bluesky_posts/post")[0], "uri": uri}


def test_bluesky_threads_are_walked_whatever_their_depth(tmp_path: Path) -> None:
    def at(number: int) -> str:
        return f"at://did:plc:{'a' * 24}/app.bsky.feed.post/{number}"

    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": at(90), "notFound": True}
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": at(91), "blocked": True}
    below: dict[str, Any] = {"post": view(at(60)), "replies": []}
    for number in range(59, 4, -1):
        below = {"post": view(at(number)), "replies": [below]}
    thread = {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": view(at(3)),
        "parent": {"post": view(at(2)), "parent": {"post": view(at(1)), "parent": gone}},
        "replies": [{"post": view(at(4))}, blocked, below],
    }
    for number, page in enumerate(({"thread": thread}, thread)):
        _, format_, found = load(save(tmp_path, f"{number}.json", json.dumps(page)))
        assert format_.name == "bluesky_posts"
        assert [r.values["post_id"] for r in kept(found)] == [at(n) for n in (1, 2, 3, 4, *range(5, 61))]
        assert [(r.number, r.field) for r in rejected(found)] == [(1, "$type"), (6, "$type")]


# --- Mastodon


def toot(number: str) -> dict[str, Any]:
    (one,) = golden.objects("mastodon_posts/post")
    return {**one, "id": number, "uri": one["uri"].rpartition("/")[0] + f"/{number}"}


@pytest.mark.parametrize(
    "field,bad",
    [
        ("uri", None),
        ("uri", ["x"]),
        ("account", None),
        ("account", "x"),
        ("created_at", "2023-05-28T12:06:50"),
        ("created_at", "yesterday"),
        ("created_at", 5),
        ("content", ["x"]),
        ("mentions", "x"),
        ("tags", [5]),
        ("media_attachments", {"x": 1}),
        ("favourites_count", "many"),
        ("favourites_count", -5),
        ("reblog", "x"),
        ("quote", 5),
        ("card", "x"),
        ("spoiler_text", 5),
        ("visibility", {}),
        ("application", "x"),
    ],
)
def test_mastodon_wrong_values_are_rejected_alone(tmp_path: Path, field: str, bad: Any) -> None:
    _, _, found = load(save(tmp_path, "a", lines(toot("1"), toot("2") | {field: bad}, toot("3"))))
    assert len(kept(found)) == 2
    (one,) = rejected(found)
    assert (one.number, one.field.split(".")[0]) == (2, field)


@pytest.mark.real
def test_real_mastodon(real_data: Path) -> None:
    folder = real_data / "format-samples" / "mastodon-api-json"
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    formats: Counter[str] = Counter()
    for name, raw in files.items():
        known = exports.recognised(folder / name)
        if not known:
            # an empty list, and what one account has to do with another
            assert raw == [] or {"following", "blocking"} <= set(raw), name
            continue
        assert len(known) == 1, name
        formats[known[0]] += 1
        _, format_, found = load(folder / name)
        assert rejected(found) == [], name
        if format_.table == "accounts":
            for record, one in zip(kept(found), raw if isinstance(raw, list) else [raw], strict=True):
                has(
                    record.values,
                    account_id=one["url"],
                    followers=one["followers_count"],
                    created_at=datetime.fromisoformat(one["created_at"]).replace(tzinfo=None),
                    created_precision="day",
                    display_name=one["display_name"],
                )
            continue
        listed = raw.get("ancestors", [raw]) + raw.get("descendants", [])
        for record, one in zip(kept(found), listed, strict=True):
            has(
                record.values,
                post_id=one["uri"],
                account_id=one["account"]["url"],
                created_at=datetime.fromisoformat(one["created_at"]).replace(tzinfo=None),
                likes=one["favourites_count"],
                replies=one["replies_count"],
                language=one["language"],
                hashtags=[tag["name"] for tag in one["tags"]],
                mentions=[{"account_id": m["url"], "handle": m["acct"]} for m in one["mentions"]],
                is_quote=one["quote"] is not None,
                is_reply=one["in_reply_to_id"] is not None,
                client=(one.get("application") or {}).get("name"),
            )
            said = one.get("content") or one.get("text") or ""
            for word in re.sub(r"<[^>]*>", " ", said).replace("RE:", "").split():
                if word.isalnum():
                    assert word in record.values["text"]
            assert "<" not in record.values["text"]
    assert formats == {"mastodon_posts": 11, "mastodon_accounts": 5}
    one = files["test_entity_quote.0.json"]
    _, _, found = load(folder / "test_entity_quote.0.json")
    quoted = one["quote"]["quoted_status"]
    has(kept(found)[0].values, quoted_id=quoted["uri"], kind="reply")
    assert kept(found, context=True)[0].values["post_id"] == quoted["uri"]
    one = files["test_entity_status.0.json"]
    _, _, found = load(folder / "test_entity_status.0.json")
    has(
        kept(found)[0].values,
        media=[
            {
                "media_id": None,
                "kind": "animation",
                "url": one["media_attachments"][0]["remote_url"],
                "alt_text": one["media_attachments"][0]["description"],
            }
        ],
    )
    assert kept(found)[0].values["text"].startswith(one["spoiler_text"] + "\n\n@halcy you're a")


# --- real files


@pytest.mark.real
def test_real_telegram_desktop(real_data: Path) -> None:
    folder = real_data / "format-samples" / "telegram-desktop-export"
    _, format_, found = load(folder / "test_single_export.json")
    assert format_.name == "telegram_desktop"
    raw = json.loads((folder / "test_single_export.json").read_text(encoding="utf-8"))
    # the sample is made for a reader of times and texts: neither its chat nor its messages have a number
    assert [(r.field, json.loads(r.raw)) for r in rejected(found)] == [
        ("chat.id", one) for one in raw["messages"]
    ]
    assert len(found) == len(raw["messages"])
    _, format_, found = load(folder / "test_batch_export.json")
    assert (format_.name, found) == ("telegram_desktop", [])


@pytest.mark.real
def test_real_telegram_desktop_messages_in_a_chat_with_numbers(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "format-samples" / "telegram-desktop-export"
    for name in ("test_single_export.json", "test_batch_export.json"):
        raw = json.loads((folder / name).read_text(encoding="utf-8"))
        messages = raw["messages"] if "messages" in raw else raw["chats"]["list"][0]["messages"]
        numbered = [{"id": n, **one} for n, one in enumerate(messages, 1)]
        _, _, found = load(save(tmp_path, name, document(chat(*numbered, type="public_supergroup"))))
        assert rejected(found) == []
        for record, one in zip(kept(found), messages, strict=True):
            pieces = one["text"] if isinstance(one["text"], list) else [one["text"]]
            has(
                record.values,
                created_at=datetime(1970, 1, 1) + timedelta(seconds=int(one["date_unixtime"])),
                text="".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces),
                urls=[
                    {"url": piece["text"], "expanded_url": None}
                    for piece in pieces
                    if isinstance(piece, dict) and piece["type"] == "link"
                ],
                account_id=None,  # only a name says who wrote
            )


@pytest.mark.real
@pytest.mark.parametrize(
    "path",
    ["format-samples/bluesky-jetstream/events.jsonl", "data/fixtures-bluesky-jetstream/expected_v1.jsonl"],
)
def test_real_bluesky_jetstream(real_data: Path, path: str) -> None:
    source, format_, found = load(real_data / path)
    assert (format_.name, rejected(found)) == ("bluesky_jetstream", [])
    events = [json.loads(line) for line in (real_data / path).read_text(encoding="utf-8").splitlines()]
    assert len(events) == 152
    made = {
        f"at://{e['did']}/{e['commit']['collection']}/{e['commit']['rkey']}": e
        for e in events
        if e["kind"] == "commit"
        and e["commit"]["operation"] == "create"
        and e["commit"]["collection"] in ("app.bsky.feed.post", "app.bsky.feed.repost")
    }
    posts = {r.values["post_id"]: r for r in kept(found) if r.table == "posts"}
    assert list(posts) == list(made)
    assert Counter(r.values["kind"] for r in posts.values())["repost"] == 15
    for uri, record in posts.items():
        commit, value = made[uri]["commit"], record.values
        body = commit["record"]
        has(
            value,
            account_id=made[uri]["did"],
            created_at=datetime(1970, 1, 1) + timedelta(microseconds=made[uri]["time_us"]),
            text=body.get("text"),
            is_reply="reply" in body,
            reply_to_id=body.get("reply", {}).get("parent", {}).get("uri"),
            root_id=body.get("reply", {}).get("root", {}).get("uri"),
            reposted_id=body.get("subject", {}).get("uri"),
        )
        blobs = [one["image"]["ref"]["$link"] for one in body.get("embed", {}).get("images", [])]
        assert [one["media_id"] for one in value["media"]] == blobs
        features = [one for facet in body.get("facets", []) for one in facet["features"]]
        assert value["hashtags"] == [one["tag"].casefold() for one in features if "tag" in one]
        external = body.get("embed", {}).get("external")
        urls = [one["uri"] for one in features if "uri" in one] + ([external["uri"]] if external else [])
        assert [one["url"] for one in value["urls"]] == list(dict.fromkeys(urls))
    assert [e["account"]["active"] for e in events if e["kind"] == "account"] == [True]
    assert {r.table for r in kept(found)} == {"posts"}
    declared = {
        uri: datetime.fromisoformat(e["commit"]["record"]["createdAt"]).replace(tzinfo=None)
        for uri, e in made.items()
    }
    apart = sum(
        abs(declared[uri] - r.values["created_at"]) > timedelta(minutes=1) for uri, r in posts.items()
    )
    gaps = {what: n for what, n in source.warnings.items() if "more than a minute" in what}
    assert sum(gaps.values()) == apart
    languages = sum(len(e["commit"]["record"].get("langs") or []) > 1 for e in made.values())
    assert source.warnings["posts with several languages, of which the first was taken"] == languages
    # every event is a record or is counted
    counted = sum(n for what, n in source.warnings.items() if "not read" in what or "deleted" in what)
    assert len(found) + counted == len(events)


@pytest.mark.real
def test_real_bluesky_sdk(real_data: Path) -> None:
    folder = real_data / "format-samples" / "bluesky-atproto-sdk"
    raw = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    _, format_, found = load(folder / "thread_view_post_with_embed_media.json")
    assert (format_.name, rejected(found)) == ("bluesky_posts", [])
    one = raw["thread_view_post_with_embed_media.json"]["thread"]["post"]
    (post,), (quoted,) = kept(found), kept(found, context=True)
    image = one["record"]["embed"]["media"]["images"][0]["image"]["ref"]["$link"]
    shown = one["embed"]["record"]["record"]
    has(
        post.values,
        post_id=one["uri"],
        account_id=one["author"]["did"],
        kind="quote",
        quoted_id=shown["uri"],
        created_at=datetime.fromisoformat(one["indexedAt"]).replace(tzinfo=None),
        text="",
        likes=0,
        media=[
            {
                "media_id": image,
                "kind": "image",
                "url": one["embed"]["media"]["images"][0]["fullsize"],
                "alt_text": None,
            }
        ],
    )
    has(post.author, handle=one["author"]["handle"], display_name=one["author"]["displayName"])
    has(
        quoted.values,
        post_id=shown["uri"],
        created_at=datetime.fromisoformat(shown["indexedAt"]).replace(tzinfo=None),
    )
    _, format_, found = load(folder / "get_follows.json")
    assert (format_.name, rejected(found)) == ("bluesky_accounts", [])
    page = raw["get_follows.json"]
    people = [page["subject"], *page["follows"]]
    assert [r.values["account_id"] for r in kept(found)] == [about["did"] for about in people]
    for record, about in zip(kept(found), people, strict=True):
        has(
            record.values,
            handle=about["handle"],
            bio=about.get("description"),
            display_name=about.get("displayName"),
        )
        assert record.values["created_at"] == datetime.fromisoformat(about["createdAt"]).replace(tzinfo=None)
    for name in ("post_record.json", "extended_post_record.json"):
        _, format_, found = load(folder / name)
        assert (format_.name, rejected(found)) == ("bluesky_posts", [])
        has(kept(found)[0].values, post_id=raw[name]["uri"], text=raw[name]["value"]["text"])
        source_ = kept(found)[0].values["time_source"]
        # one declares its zone, the other does not and is timed by its key
        assert source_ == ("field" if raw[name]["value"]["createdAt"].endswith("+00:00") else "identifier")
    for name in (
        "custom_record.json",
        "feed_record.json",
        "like_record.json",
        "did_doc.json",
        "resolve_handle.json",
    ):
        assert exports.recognised(folder / name) == []
