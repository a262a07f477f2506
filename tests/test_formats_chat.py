"""Telegram, Bluesky, Mastodon and Truth Social, each through every shape in which its exports come."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import exports
import pytest
from exports import has, kept, lines, load, rejected, save, table

from kit.errors import InputError
from kit.loaders import Source
from kit.loaders.files import tree

# --- Telegram Desktop

WHEN, SECONDS = datetime(2023, 6, 1, 10, 30, 5), "1685615405"


def message(number: int, text: Any = "hello", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2023-06-01T12:30:05",  # two hours off: the clock of the computer that exported
        "date_unixtime": SECONDS,
        "from": "Somebody",
        "from_id": "user111",
        "text": text,
        **more,
    }


RICH: list[Any] = [
    "\U0001f680 read ",
    {"type": "bold", "text": "this"},
    ": ",
    {"type": "link", "text": "https://a.invalid/1"},
    " and ",
    {"type": "text_link", "text": "that", "href": "https://b.invalid/2"},
    " by ",
    {"type": "mention", "text": "@Other"},
    ", ",
    {"type": "mention_name", "text": "A Person", "user_id": 222},
    " ",
    {"type": "hashtag", "text": "#Straße"},
    " ",
    {"type": "email", "text": "a@b.invalid"},
]
SAID = "\U0001f680 read this: https://a.invalid/1 and that by @Other, A Person #Straße a@b.invalid"
ENTITIES = [one if isinstance(one, dict) else {"type": "plain", "text": one} for one in RICH]
MARKED: dict[str, Any] = {
    "hashtags": ["strasse"],
    "urls": [
        {"url": "https://a.invalid/1", "expanded_url": None},
        {"url": "https://b.invalid/2", "expanded_url": None},
    ],
    "mentions": [
        {"account_id": None, "handle": "Other"},
        {"account_id": "user222", "handle": None},
    ],
}


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {
        "name": "A Channel",
        "type": "public_channel",
        "id": 1234567890,
        "messages": list(messages),
        **more,
    }


def archive(*chats: Any, left: tuple[Any, ...] = (), **more: Any) -> dict[str, Any]:
    """A whole export, which begins with what belongs to its owner alone."""
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "first_name": "The Owner", "phone_number": "+0 000"},
        "contacts": {
            "about": "…",
            "list": [
                {"user_id": 2, "first_name": "A Friend", "phone_number": "+0 001"},
                {"first_name": "Another Friend", "phone_number": "+0 002"},
            ],
        },
        "sessions": {"list": [{"last_ip": "192.0.2.1"}]},
        "chats": {"about": "…", "list": list(chats)},
        "left_chats": {"about": "…", "list": list(left)},
        **more,
    }


def document(value: Any) -> str:
    """JSON as Telegram Desktop writes it, a space a level."""
    return json.dumps(value, indent=1, ensure_ascii=False)


def test_telegram_desktop_one_chat(tmp_path: Path) -> None:
    first = message(25, RICH, text_entities=ENTITIES, author="a signature", edited="2023-06-01T13:00:00")
    answer = message(
        26,
        "yes",
        reply_to_message_id=25,
        via_bot="@helper",
        reactions=[{"type": "emoji", "count": 3, "emoji": "👍"}, {"type": "custom_emoji", "count": 4}],
    )
    forward = message(27, "", forwarded_from="Another Channel", photo="photos/photo_1@01-06-2023.jpg")
    own = message(28, "from the channel")
    del own["from"], own["from_id"]
    source, format_, found = load(save(tmp_path, "result.json", document(chat(first, answer, forward, own))))
    assert format_.name == "telegram_desktop"
    assert rejected(found) == []
    one, two, three, four = kept(found)
    has(
        one.values,
        platform="telegram",
        post_id="channel1234567890-25",
        account_id="user111",
        created_at=WHEN,
        time_source="field",
        time_precision="second",
        kind="post",
        is_reply=False,
        is_repost=False,
        text=SAID,
        likes=None,
        views=None,
        client=None,
        **MARKED,
    )
    has(one.author, account_id="user111", display_name="Somebody", handle=None, status=None)
    assert (one.line, two.number) == (6, 2)
    has(two.values, kind="reply", reply_to_id="channel1234567890-25", likes=7, client="@helper", text="yes")
    has(
        three.values,
        kind="repost",
        is_repost=True,
        reposted_id=None,
        reposted_account_id=None,
        text="",
        media=[
            {"media_id": "channel1234567890-27/photo", "kind": "image", "url": None, "alt_text": None},
        ],
    )
    has(four.values, account_id="channel1234567890")
    has(four.author, account_id="channel1234567890", display_name="A Channel", status=None)
    assert source.warnings == {}
    assert "photo_1" not in repr(found)


@pytest.mark.parametrize(
    "text,entities,said",
    [
        ("plain", None, "plain"),
        ("", None, ""),
        ([], None, ""),
        (["a", {"type": "bold", "text": "b"}, "c"], None, "abc"),
        (None, [{"type": "plain", "text": "a"}, {"type": "italic", "text": "b"}], "ab"),
        ("plain", [{"type": "plain", "text": "plain"}], "plain"),
        (None, None, None),
    ],
)
def test_telegram_desktop_text(tmp_path: Path, text: Any, entities: Any, said: str | None) -> None:
    given = message(1, text) | ({"text_entities": entities} if entities is not None else {})
    if text is None:
        del given["text"]
    _, _, found = load(save(tmp_path, "result.json", document(chat(given))))
    has(kept(found)[0].values, text=said, hashtags=[], urls=[], mentions=[])


@pytest.mark.parametrize("key", ["text", "text_entities"])
def test_telegram_desktop_entities_stand_in_either_field(tmp_path: Path, key: str) -> None:
    """JS-13: the joined text is the visible one, and the marks are kept."""
    given = message(1, RICH) if key == "text" else message(1, SAID, text_entities=ENTITIES)
    _, _, found = load(save(tmp_path, "result.json", document(chat(given))))
    has(kept(found)[0].values, text=SAID, **MARKED)


def test_telegram_desktop_whole_archive_passes_over_what_is_private(tmp_path: Path) -> None:
    secret = message(1, "nobody may read this")
    whole = archive(
        chat(message(1, "public one"), id=5),
        {"type": "saved_messages", "id": 1, "messages": [secret]},
        chat(secret, secret, type="personal_chat", name="A Friend", id=2),
        chat(secret, type="bot_chat", id=3),
        chat(secret, type="private_group", id=6),
        chat(secret, type="private_supergroup", id=7),
        chat(secret, type="private_channel", id=8),
        chat(secret, type=None, id=9),
        chat(message(2, "a group"), type="public_supergroup", id=10),
        left=(chat(message(3, "left"), id=11), chat(secret, type="private_channel", id=12)),
    )
    source, _, found = load(save(tmp_path, "result.json", document(whole)))
    assert [(r.values["post_id"], r.values["text"], r.number) for r in kept(found)] == [
        ("channel5-1", "public one", 1),
        ("channel10-2", "a group", 2),
        ("channel11-3", "left", 3),
    ]
    assert rejected(found) == []
    assert source.warnings == {
        "contacts of whoever exported, passed over": 2,
        "messages of private talks, passed over": 4,
        "messages of private groups and channels in a whole archive, passed over; export the one studied alone": 4,
        "messages of chats of an unknown kind in a whole archive, passed over": 1,
    }
    assert "nobody" not in repr(found) + repr(source.warnings)
    assert "Friend" not in repr(found)


@pytest.mark.parametrize("kind", ["personal_chat", "saved_messages", "bot_chat"])
def test_telegram_desktop_a_private_talk_alone_gives_nothing(tmp_path: Path, kind: str) -> None:
    source, format_, found = load(save(tmp_path, "result.json", document(chat(message(1), type=kind))))
    assert (format_.name, found) == ("telegram_desktop", [])
    assert source.warnings == {"messages of private talks, passed over": 1}


def test_telegram_desktop_a_private_group_exported_alone_is_read(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "result.json", document(chat(message(1), type="private_group", id=77))))
    has(kept(found)[0].values, post_id="chat77-1", account_id="user111")


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


def test_telegram_desktop_unix_seconds_come_before_the_declared_zone(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "a", document(chat(message(1)))), time={"zone": "Asia/Tokyo"})
    has(kept(found)[0].values, created_at=WHEN)


def test_telegram_desktop_numbers_of_old_exports(tmp_path: Path) -> None:
    """Until 2021 a kind stood above 32 bits of an identifier: 1 for users, 2 for groups and channels."""

    def old(number: int, **more: Any) -> dict[str, Any]:
        found = message(number, **more)
        del found["date_unixtime"]
        return found

    here = (2 << 32) | 1234567890
    rows = [
        old(1, from_id=111),
        old(2, from_id=(1 << 32) | 111),
        old(3, from_id=here),
        old(4, from_id=(2 << 32) | 1000000005),
        old(5, from_id="user111"),
    ]
    path = save(tmp_path, "a", document(chat(*rows, type="public_supergroup", id=here)))
    _, _, found = load(path, time={"zone": "UTC"})
    assert [(r.values["post_id"], r.values["account_id"]) for r in kept(found)] == [
        ("channel1234567890-1", "user111"),
        ("channel1234567890-2", "user111"),
        ("channel1234567890-3", "channel1234567890"),
        ("channel1234567890-4", "channel1000000005"),
        ("channel1234567890-5", "user111"),
    ]
    path = save(
        tmp_path, "b", document(chat(old(1, from_id=(2 << 32) | 99), type="private_group", id=(2 << 32) | 99))
    )
    _, _, found = load(path, time={"zone": "UTC"})
    has(kept(found)[0].values, post_id="chat99-1", account_id="chat99")
    # today such a number is one like any other
    _, _, found = load(save(tmp_path, "c", document(chat(message(1), id=here))))
    has(kept(found)[0].values, post_id=f"channel{here}-1")


def test_telegram_desktop_authors_who_are_gone_or_unnamed(tmp_path: Path) -> None:
    gone = message(1, **{"from": None})
    unnamed, only_a_name = message(2), message(3)
    del unnamed["from"], unnamed["from_id"], only_a_name["from_id"]
    path = save(tmp_path, "a", document(chat(gone, unnamed, only_a_name, type="public_supergroup")))
    source, _, found = load(path)
    one, two, three = kept(found)
    has(one.author, account_id="user111", display_name=None, status="deleted")
    for record in (two, three):
        has(record.values, account_id=None)
        assert record.author is None
    assert source.warnings == {"messages whose author has no number": 2}


def test_telegram_desktop_service_messages_are_counted_and_no_posts(tmp_path: Path) -> None:
    service = {
        "id": 1,
        "type": "service",
        "date": "2023-06-01T12:30:05",
        "actor": "A Person",
        "action": "pin_message",
    }
    unsupported = {"id": 2, "type": "unsupported"}
    odd = message(4, type="telegram")
    source, _, found = load(save(tmp_path, "a", document(chat(service, unsupported, message(3), odd))))
    assert [r.values["post_id"] for r in kept(found)] == ["channel1234567890-3"]
    assert [(r.field, r.found, r.number) for r in rejected(found)] == [("type", "telegram", 2)]
    assert source.warnings == {
        "service messages (joined, pinned, renamed, …), which are no posts": 1,
        "messages that the exporting application could not read": 1,
    }


@pytest.mark.parametrize(
    "more,kind",
    [
        ({"photo": "(File not included. Change data exporting settings to download.)"}, "image"),
        ({"file": "video_files/a.mp4", "media_type": "video_file", "mime_type": "video/mp4"}, "video"),
        ({"file": "a", "media_type": "video_message"}, "video"),
        ({"file": "a", "media_type": "animation", "mime_type": "video/mp4"}, "animation"),
        ({"file": "a", "media_type": "voice_message"}, "audio"),
        ({"file": "a", "media_type": "audio_file"}, "audio"),
        ({"file": "a", "media_type": "sticker"}, "other"),
        ({"file": "a", "mime_type": "image/png"}, "image"),
        ({"file": "a", "mime_type": "image/gif"}, "animation"),
        ({"file": "a", "mime_type": "application/pdf"}, "other"),
        ({"file": "a"}, "other"),
    ],
)
def test_telegram_desktop_media(tmp_path: Path, more: dict[str, Any], kind: str) -> None:
    _, _, found = load(save(tmp_path, "a", document(chat(message(1, "", **more)))))
    (item,) = kept(found)[0].values["media"]
    assert (item["kind"], item["url"]) == (kind, None)


def test_telegram_desktop_forwards_replies_elsewhere_and_contacts(tmp_path: Path) -> None:
    rows = [
        message(1, forwarded_from=None),
        message(2, forwarded_from="A Channel", forwarded_from_id="channel55"),
        message(3, reply_to_message_id=7, reply_to_peer_id="channel66"),
        message(4, contact_information={"phone_number": "+0 003"}, poll={"question": "?"}),
    ]
    source, _, found = load(save(tmp_path, "a", document(chat(*rows))))
    one, two, three, four = kept(found)
    has(one.values, kind="repost", reposted_account_id=None)
    has(two.values, kind="repost", reposted_account_id="channel55", reposted_id=None)
    has(three.values, kind="reply", reply_to_id="channel66-7")
    assert source.warnings == {"contacts that were shared in a message, not read": 1}
    assert "+0 003" not in repr(four)


def test_telegram_desktop_keys_in_another_order(tmp_path: Path) -> None:
    """Sorted by another tool, a chat says what it is behind its messages."""
    one = json.dumps(chat(message(1, RICH)), sort_keys=True)
    _, _, found = load(save(tmp_path, "a", one))
    has(kept(found)[0].values, post_id="channel1234567890-1", text=SAID)
    whole = archive(
        chat(message(1, "in"), id=5),
        chat(message(1, "out"), type="personal_chat", id=6),
        chat(message(1, "in too"), id=7),
    )
    source, _, found = load(save(tmp_path, "b", json.dumps(whole, sort_keys=True, indent=2)))
    assert [(r.values["post_id"], r.values["text"]) for r in kept(found)] == [
        ("channel5-1", "in"),
        ("channel7-1", "in too"),
    ]
    assert source.warnings["messages of private talks, passed over"] == 1


@pytest.mark.parametrize(
    "field,bad",
    [
        ("id", None),
        ("id", 1.5),
        ("id", "x"),
        ("id", []),
        ("id", -1),
        ("date_unixtime", "yesterday"),
        ("date_unixtime", "5"),
        ("date_unixtime", "99999999999"),
        ("from_id", 1.5),
        ("from_id", "somebody"),
        ("from_id", {"user": 1}),
        ("from", ["x"]),
        ("text", 5),
        ("text", {"type": "bold", "text": "x"}),
        ("text", ["a", 5]),
        ("text", [{"type": "bold"}]),
        ("text", [{"type": "bold", "text": ["x"]}]),
        ("text_entities", "x"),
        ("text_entities", [{"type": "bold", "text": 1}]),
        ("reactions", {"count": 1}),
        ("reactions", [{"count": "many"}]),
        ("reply_to_message_id", "x"),
        ("reply_to_peer_id", "somewhere"),
        ("photo", 5),
        ("via_bot", ["x"]),
        ("type", 5),
    ],
)
def test_telegram_desktop_wrong_values_are_rejected_alone(tmp_path: Path, field: str, bad: Any) -> None:
    broken = message(2) | {field: bad}
    _, _, found = load(save(tmp_path, "a", document(chat(message(1), broken, message(3)))))
    assert [r.values["post_id"] for r in kept(found)] == ["channel1234567890-1", "channel1234567890-3"]
    (one,) = rejected(found)
    assert one.number == 2
    assert one.field.split(".")[0] in (field, "text")
    assert json.loads(one.raw) == broken


def test_telegram_desktop_what_is_no_message_and_a_chat_without_a_number(tmp_path: Path) -> None:
    path = save(
        tmp_path, "a", document(chat(message(1), 5, "x", None, [], message(2), {"id": 3, "type": "message"}))
    )
    _, _, found = load(path, time={"zone": "UTC"})
    assert [r.values["post_id"][-1] for r in kept(found)] == ["1", "2", "3"]
    assert [(r.number, r.reason) for r in rejected(found)] == [(n, "not a JSON object") for n in (2, 3, 4, 5)]
    has(kept(found)[2].values, created_at=None, time_source=None, text=None)
    nameless = chat(message(1))
    del nameless["id"]
    _, _, found = load(save(tmp_path, "b", document(nameless)))
    assert [(r.field, r.number) for r in rejected(found)] == [("chat.id", 1)]
    for bad in (1.5, "x", [], -5):
        _, _, found = load(save(tmp_path, "c", document(chat(message(1), id=bad))))
        assert [r.field.removeprefix("chat.") for r in rejected(found)] == ["id"]


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


def test_telegram_desktop_hostile_text_and_names(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>\u202e\x1b[0m=HYPERLINK()"
    path = save(
        tmp_path,
        "a",
        document(chat(message(1, hostile, **{"from": hostile}), name="\ud800x")).replace("\ud800", "\\ud800"),
    )
    _, _, found = load(path)
    has(kept(found)[0].values, text=hostile)
    has(kept(found)[0].author, display_name=hostile)
    nul = document(chat(message(1, "a\x00b"), message(2)))
    _, _, found = load(save(tmp_path, "b", nul))
    assert (len(kept(found)), [r.reason for r in rejected(found)]) == (1, ["a NUL character"])


def test_telegram_desktop_any_value_anywhere(tmp_path: Path) -> None:
    rich = message(
        5,
        RICH,
        text_entities=ENTITIES,
        reactions=[{"count": 1}],
        photo="x",
        reply_to_message_id=1,
        forwarded_from_id="channel5",
    )
    copies = exports.wrecked(rich)
    source, _, found = load(save(tmp_path, "a", document(chat(*copies))), time={"zone": "UTC"})
    assert len(found) + sum(n for what, n in source.warnings.items() if "service" in what) == len(copies)


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


# --- Telethon


def telethon(number: int, text: str = "hello", **more: Any) -> dict[str, Any]:
    return {
        "_": "Message",
        "id": number,
        "peer_id": {"_": "PeerChannel", "channel_id": 1234567890},
        "from_id": {"_": "PeerUser", "user_id": 111},
        "date": "2023-06-01T10:30:05+00:00",
        "message": text,
        "post": False,
        "entities": [],
        "fwd_from": None,
        "reply_to": None,
        "views": None,
        "forwards": None,
        "media": None,
        "grouped_id": None,
        **more,
    }


def entity(name: str, said: str, within: str = SAID, **more: Any) -> dict[str, Any]:
    """A mark on `said`, its place counted in UTF-16 units."""
    before = within[: within.index(said)]
    return {
        "_": f"MessageEntity{name}",
        "offset": len(before.encode("utf-16-le")) // 2,
        "length": len(said.encode("utf-16-le")) // 2,
        **more,
    }


MARKS = [
    entity("Bold", "this"),
    entity("Url", "https://a.invalid/1"),
    entity("TextUrl", "that", url="https://b.invalid/2"),
    entity("Mention", "@Other"),
    entity("MentionName", "A Person", user_id=222),
    entity("Hashtag", "#Straße"),
    entity("Email", "a@b.invalid"),
]


def fourcat(number: int, text: str = "hello", **more: Any) -> dict[str, Any]:
    """The same message as 4CAT saves it."""
    found = telethon(number, text, **more)
    del found["_"]
    return {
        **found,
        "peer_id": {"_type": "PeerChannel", "channel_id": 1234567890},
        "from_id": {"_type": "PeerUser", "user_id": 111},
        "date": 1685615405.0,
        "action": None,
        "_chat": {
            "_type": "Channel",
            "id": 1234567890,
            "username": "achannel",
            "title": "A Channel",
            "broadcast": True,
        },
        "_sender": {
            "_type": "User",
            "id": 111,
            "username": "Some",
            "first_name": "Some",
            "last_name": "Body",
            "phone": "0",
        },
        **more,
    }


@pytest.mark.parametrize("make", [telethon, fourcat])
def test_telethon_message(tmp_path: Path, make: Any) -> None:
    given = [{k: v for k, v in one.items() if make is telethon or k != "_"} for one in MARKS]
    one = make(
        25,
        SAID,
        entities=given,
        views=100,
        forwards=5,
        replies={"replies": 3},
        reply_to={"reply_to_msg_id": 20, "reply_to_top_id": 7},
        reactions={"results": [{"reaction": {"emoticon": "👍"}, "count": 3}, {"reaction": "x", "count": 1}]},
        media={
            "_" if make is telethon else "_type": "MessageMediaPhoto",
            "photo": {"id": 5551234567890123456},
        },
        via_bot_id=99,
    )
    _, format_, found = load(save(tmp_path, "a", lines(one)))
    assert (format_.name, rejected(found)) == ("telegram_telethon", [])
    (record,) = kept(found)
    has(
        record.values,
        platform="telegram",
        post_id="channel1234567890-25",
        account_id="user111",
        created_at=WHEN,
        time_source="field",
        time_precision="second",
        kind="reply",
        reply_to_id="channel1234567890-20",
        root_id="channel1234567890-7",
        text=SAID,
        client="bot 99",
        views=100,
        reposts=5,
        replies=3,
        likes=4,
        media=[{"media_id": "5551234567890123456", "kind": "image", "url": None, "alt_text": None}],
        **MARKED,
    )
    if make is fourcat:
        has(record.author, handle="Some", display_name="Some Body")
        assert "phone" not in repr(record)


@pytest.mark.parametrize(
    "where,chat_id",
    [
        ({"peer_id": {"_": "PeerChannel", "channel_id": 1234567890}}, "channel1234567890"),
        ({"peer_id": {"_": "PeerChannel", "channel_id": -1001234567890}}, "channel1234567890"),
        ({"peer_id": {"_": "PeerChannel", "channel_id": "1234567890"}}, "channel1234567890"),
        ({"peer_id": -1001234567890}, "channel1234567890"),
        ({"peer_id": None, "to_id": {"_": "PeerChannel", "channel_id": 1234567890}}, "channel1234567890"),
        ({"peer_id": None, "chat_id": -1001234567890}, "channel1234567890"),
        ({"peer_id": {"_": "PeerChat", "chat_id": 77}}, "chat77"),
        ({"peer_id": -77}, "chat77"),
        ({"peer_id": None, "_chat": {"_type": "Channel", "id": 5}}, "channel5"),
        ({"peer_id": None, "_chat": {"_type": "Chat", "id": 5}}, "chat5"),
    ],
)
def test_telethon_bare_and_marked_numbers_are_one(
    tmp_path: Path, where: dict[str, Any], chat_id: str
) -> None:
    _, _, found = load(save(tmp_path, "a", lines(telethon(1, **where))))
    has(kept(found)[0].values, post_id=f"{chat_id}-1")


def test_telethon_authors(tmp_path: Path) -> None:
    rows = [
        telethon(1, from_id=None, post=True),
        telethon(2, from_id=None),
        telethon(3, from_id={"_": "PeerChannel", "channel_id": 55}),
        telethon(4, from_id=111),
        fourcat(5, from_id=None, _sender=None),
        fourcat(6, from_id=None, _sender={"_type": "Channel", "id": 56, "title": "Linked"}),
        fourcat(7, _sender={"_type": "User", "id": 111, "deleted": True}),
        fourcat(8, _sender={"_type": "User", "id": 111, "usernames": [{"username": "new", "active": True}]}),
    ]
    source, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [r.values["account_id"] for r in kept(found)] == [
        "channel1234567890",
        None,
        "channel55",
        "user111",
        "channel1234567890",
        "channel56",
        "user111",
        "user111",
    ]
    authors = [r.author for r in kept(found)]
    assert authors[1] is None
    has(authors[4], handle="achannel", display_name="A Channel")
    has(authors[5], display_name="Linked")
    has(authors[6], status="deleted", display_name=None)
    has(authors[7], handle="new")
    assert source.warnings == {"messages whose author has no number": 1}


def test_telethon_forwards(tmp_path: Path) -> None:
    origin = {"_": "PeerChannel", "channel_id": 55}
    rows = [
        telethon(1, views=900, forwards=3, fwd_from={"from_id": origin, "channel_post": 8, "date": "…"}),
        telethon(2, views=900, fwd_from={"from_id": {"_": "PeerUser", "user_id": 5}}),
        telethon(3, views=900, fwd_from={"from_name": "Hidden", "from_id": None}),
        telethon(4, fwd_from={"from_id": None, "channel_id": 55, "channel_post": 8}),
        fourcat(5, fwd_from={"_type": "MessageFwdHeader", "from_id": {"user": {"id": 6}}}),
    ]
    _, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [
        tuple(r.values[name] for name in ("kind", "reposted_account_id", "reposted_id", "views"))
        for r in kept(found)
    ] == [
        ("repost", "channel55", "channel55-8", None),
        ("repost", "user5", None, 900),
        ("repost", None, None, 900),
        ("repost", "channel55", "channel55-8", None),
        ("repost", "user6", None, None),
    ]
    assert "Hidden" not in repr(found)


def test_telethon_replies_in_forums_and_elsewhere(tmp_path: Path) -> None:
    rows = [
        telethon(1, reply_to={"reply_to_msg_id": 7, "forum_topic": True}),
        telethon(2, reply_to={"reply_to_msg_id": 8, "reply_to_top_id": 7, "forum_topic": True}),
        telethon(
            3, reply_to={"reply_to_msg_id": 9, "reply_to_peer_id": {"_": "PeerChannel", "channel_id": 66}}
        ),
        fourcat(4, reply_to_msg_id=3),
    ]
    _, _, found = load(save(tmp_path, "a", lines(*rows)))
    here = "channel1234567890"
    assert [tuple(r.values[name] for name in ("kind", "reply_to_id", "root_id")) for r in kept(found)] == [
        ("post", None, f"{here}-7"),
        ("reply", f"{here}-8", f"{here}-7"),
        ("reply", "channel66-9", None),
        ("reply", f"{here}-3", None),
    ]


def test_telethon_albums_are_one_post(tmp_path: Path) -> None:
    def picture(number: int, text: str, group: Any, **more: Any) -> dict[str, Any]:
        media = {"_": "MessageMediaPhoto", "photo": {"_": "Photo", "id": 1000 + number}}
        return telethon(number, text, grouped_id=group, media=media, **more)

    newest_first = [
        picture(14, "", 13000000000000001),
        picture(
            13,
            "the caption #Tag",
            13000000000000001,
            entities=[entity("Hashtag", "#Tag", "the caption #Tag")],
            views=7,
        ),
        picture(12, "", 13000000000000001, views=8),
        picture(11, "another", 13000000000000002),
        telethon(10, "alone"),
        picture(9, "", 13000000000000003, peer_id={"_": "PeerChannel", "channel_id": 5}),
        picture(8, "", 13000000000000003),
    ]
    source, _, found = load(save(tmp_path, "a", json.dumps(newest_first)))
    assert [(r.values["post_id"], r.values["text"], len(r.values["media"])) for r in kept(found)] == [
        ("channel1234567890-12", "the caption #Tag", 3),
        ("channel1234567890-11", "another", 1),
        ("channel1234567890-10", "alone", 0),
        ("channel5-9", "", 1),
        ("channel1234567890-8", "", 1),
    ]
    first = kept(found)[0].values
    assert [one["media_id"] for one in first["media"]] == ["1012", "1013", "1014"]
    has(first, hashtags=["tag"], views=8)
    assert source.warnings == {"further messages of an album, joined to its first": 2}
    _, _, same = load(save(tmp_path, "b", json.dumps(newest_first[::-1])))
    assert {r.values["post_id"]: r.values for r in kept(same)} == {
        r.values["post_id"]: r.values for r in kept(found)
    }


def test_telethon_service_gone_and_private_messages(tmp_path: Path) -> None:
    rows = [
        {
            "_": "MessageService",
            "id": 1,
            "peer_id": {"channel_id": 5},
            "action": {"_": "MessageActionPinMessage"},
        },
        {"_": "MessageEmpty", "id": 2},
        fourcat(3, action={"_type": "MessageActionChatAddUser"}),
        telethon(4, "nobody may read this", peer_id={"_": "PeerUser", "user_id": 5}),
        telethon(5),
        telethon(6, media={"_": "MessageMediaContact", "phone_number": "+0 001"}),
        telethon(7, _="Dialog"),
    ]
    source, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [r.values["post_id"] for r in kept(found)] == ["channel1234567890-5", "channel1234567890-6"]
    assert [(r.field, r.found) for r in rejected(found)] == [("_", "Dialog")]
    assert source.warnings == {
        "service messages (joined, pinned, renamed, …), which are no posts": 2,
        "messages that are gone: nothing but their number is left": 1,
        "messages of private talks, passed over": 1,
        "contacts that were shared in a message, not read": 1,
    }
    assert "nobody" not in repr(found)
    assert "+0 001" not in repr(found)


def test_telethon_offsets_count_utf_16_units(tmp_path: Path) -> None:
    text = "\U0001f1fa\U0001f1e6\U0001f680 #Tag end"
    mark = entity("Hashtag", "#Tag", text)
    assert mark["offset"] == 7  # three characters of two units each, and a space
    rows = [
        telethon(1, text, entities=[mark]),
        telethon(2, text, entities=[{**mark, "offset": 100}, mark]),
        telethon(3, text, entities=[{**mark, "offset": None}]),
        telethon(4, text, entities=[{**mark, "length": -1}]),
        telethon(5, text),
    ]
    source, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [r.values["hashtags"] for r in kept(found)] == [["tag"]] * 3
    assert source.warnings == {"entities that point outside the text, not read": 1}
    assert [(r.number, r.field) for r in rejected(found)] == [(3, "entities"), (4, "length")]


@pytest.mark.parametrize(
    "media,kind",
    [
        ({"_": "MessageMediaDocument", "document": {"id": 1, "mime_type": "video/mp4"}}, "video"),
        (
            {
                "_": "MessageMediaDocument",
                "document": {
                    "id": 1,
                    "mime_type": "video/mp4",
                    "attributes": [{"_": "DocumentAttributeAnimated"}],
                },
            },
            "animation",
        ),
        (
            {
                "_": "MessageMediaDocument",
                "document": {
                    "id": 1,
                    "mime_type": "image/webp",
                    "attributes": [{"_": "DocumentAttributeSticker"}],
                },
            },
            "other",
        ),
        ({"_": "MessageMediaDocument", "document": {"id": 1, "mime_type": "audio/ogg"}}, "audio"),
        ({"_": "MessageMediaWebPage", "webpage": {"url": "https://c.invalid"}, "photo": {"id": 1}}, None),
        ({"_": "MessageMediaGeo", "geo": {"lat": 1.5}}, None),
        (None, None),
    ],
)
def test_telethon_media(tmp_path: Path, media: Any, kind: str | None) -> None:
    _, _, found = load(save(tmp_path, "a", lines(telethon(1, media=media))))
    value = kept(found)[0].values
    assert [one["kind"] for one in value["media"]] == ([kind] if kind else [])
    assert [one["url"] for one in value["urls"]] == (
        ["https://c.invalid"] if "webpage" in (media or {}) else []
    )


def test_telethon_answer_of_the_interface_names_authors(tmp_path: Path) -> None:
    page = {
        "_": "messages.ChannelMessages",
        "messages": [telethon(1), telethon(2, from_id=None, post=True), 5],
        "users": [{"_": "User", "id": 111, "username": "Some", "first_name": "Some"}],
        "chats": [{"_": "Channel", "id": 1234567890, "username": "achannel", "participants_count": 12}],
    }
    _, format_, found = load(save(tmp_path, "a", json.dumps(page)))
    assert format_.name == "telegram_telethon"
    has(kept(found)[0].author, handle="Some", display_name="Some")
    has(kept(found)[1].author, handle="achannel", followers=12)
    assert [r.number for r in rejected(found)] == [3]


def test_telethon_accounts(tmp_path: Path) -> None:
    rows = [
        {
            "_": "User",
            "id": 111,
            "username": "Some",
            "first_name": "A",
            "last_name": "B",
            "phone": "+0 1",
            "verified": True,
        },
        {"_": "User", "id": 112, "deleted": True, "username": None},
        {"_": "Channel", "id": 55, "title": "A Channel", "participants_count": 9},
        {"_": "Chat", "id": 66, "title": "A Group"},
        {"_": "Dialog", "id": 1, "title": "x"},
    ]
    _, format_, found = load(save(tmp_path, "a", lines(*rows)))
    assert format_.name == "telegram_telethon_accounts"
    assert [(r.values["account_id"], r.values["display_name"], r.values["status"]) for r in kept(found)] == [
        ("user111", "A B", None),
        ("user112", None, "deleted"),
        ("channel55", "A Channel", None),
        ("chat66", "A Group", None),
    ]
    has(kept(found)[0].values, handle="Some", verified=True)
    has(kept(found)[2].values, followers=9)
    assert [r.field for r in rejected(found)] == ["_"]
    assert "+0 1" not in repr(found)


@pytest.mark.parametrize(
    "field,bad",
    [
        ("id", None),
        ("id", "x"),
        ("peer_id", None),
        ("peer_id", "somewhere"),
        ("peer_id", {"channel_id": 1.5}),
        ("from_id", {"user_id": "x"}),
        ("date", "2023-06-01T10:30:05"),
        ("date", "yesterday"),
        ("date", True),
        ("message", ["x"]),
        ("entities", "x"),
        ("views", "1.2K"),
        ("reply_to", 5),
        ("fwd_from", "x"),
        ("media", "x"),
        ("replies", 5),
        ("reactions", {"results": 5}),
        ("grouped_id", 1.5),
    ],
)
def test_telethon_wrong_values_are_rejected_alone(tmp_path: Path, field: str, bad: Any) -> None:
    _, _, found = load(save(tmp_path, "a", lines(telethon(1), telethon(2) | {field: bad}, telethon(3))))
    assert [r.values["post_id"] for r in kept(found)] == ["channel1234567890-1", "channel1234567890-3"]
    (one,) = rejected(found)
    assert (one.number, one.field.split(".")[0]) == (2, field)


def test_telethon_any_value_anywhere(tmp_path: Path) -> None:
    rich = fourcat(
        5,
        SAID,
        entities=MARKS,
        media={
            "_type": "MessageMediaDocument",
            "document": {"id": 1, "mime_type": "video/mp4", "attributes": []},
        },
        reply_to={"reply_to_msg_id": 1},
        fwd_from={"from_id": {"channel_id": 5}, "channel_post": 1},
        reactions={"results": [{"count": 1}]},
        replies={"replies": 1},
    )
    copies = [one for whole in (rich, telethon(5, SAID, entities=MARKS)) for one in exports.wrecked(whole)]
    source, _, found = load(save(tmp_path, "a", lines(*copies)), format="telegram_telethon")
    passed = ("service", "gone", "private", "album")
    counted = sum(n for what, n in source.warnings.items() if any(word in what for word in passed))
    assert len(found) + counted == len(copies)


def test_one_message_through_every_format_is_one_post_at_one_time(tmp_path: Path) -> None:
    files = {
        "a.json": document(chat(message(25, SAID))),
        "b.json": document(archive(chat(message(25, SAID)))),
        "c.json": json.dumps([telethon(25, SAID)]),
        "d.ndjson": lines(fourcat(25, SAID)),
    }
    found = {
        tuple(r.values[name] for name in ("post_id", "account_id", "created_at", "text"))
        for name, data in files.items()
        for r in kept(load(save(tmp_path, name, data))[2])
    }
    assert found == {("channel1234567890-25", "user111", WHEN, SAID)}


# --- Bluesky

DID, OTHER, THIRD = (
    "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa",
    "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb",
    "did:web:third.invalid",
)
KEY = "3mptbyoeyc22k"
KEY_TIME = datetime(2026, 7, 4, 14, 38, 6, 240000)
URI = f"at://{DID}/app.bsky.feed.post/{KEY}"
PARENT, ROOT = (
    f"at://{OTHER}/app.bsky.feed.post/3mpsjbtci2c2o",
    f"at://{THIRD}/app.bsky.feed.post/3mpsjbtci2c2a",
)
QUOTED = f"at://{OTHER}/app.bsky.feed.post/3mpsjbtci2c2q"
TIME_US, SEEN = 1783175888090631, datetime(2026, 7, 4, 14, 38, 8, 90631)
CONTENT, CONTENT2 = (
    "bafkreias7oxbr6swsuggccmtnqpoeami4jza5x4w3urltn6gzhqf4k6k2e",
    "bafkreic3cp5ky525vsukjvrzxsc2h3jka2gud74l2h",
)


def facet(said: str, within: str, **feature: Any) -> dict[str, Any]:
    """A mark on `said`, its place counted in bytes of UTF-8."""
    start = within.encode().index(said.encode())
    return {"index": {"byteStart": start, "byteEnd": start + len(said.encode())}, "features": [feature]}


SKY = "\U0001f680é see @other.invalid www.a.invalid/lon… #Straße"
SKY_FACETS = [
    facet("@other.invalid", SKY, **{"$type": "app.bsky.richtext.facet#mention", "did": OTHER}),
    facet(
        "www.a.invalid/lon…",
        SKY,
        **{"$type": "app.bsky.richtext.facet#link", "uri": "https://www.a.invalid/longer"},
    ),
    facet("#Straße", SKY, **{"$type": "app.bsky.richtext.facet#tag", "tag": "Straße"}),
]
SKY_MARKED: dict[str, Any] = {
    "hashtags": ["outline", "strasse"],
    "urls": [{"url": "https://www.a.invalid/longer", "expanded_url": None}],
    "mentions": [{"account_id": OTHER, "handle": "other.invalid"}],
}
IMAGES: dict[str, Any] = {
    "$type": "app.bsky.embed.images",
    "images": [
        {
            "alt": "a cat",
            "image": {"$type": "blob", "ref": {"$link": CONTENT}, "mimeType": "image/jpeg", "size": 9},
        },
        {"alt": "", "image": {"$type": "blob", "ref": {"$link": CONTENT2}, "mimeType": "image/gif"}},
    ],
}


def sky_record(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {
        "$type": "app.bsky.feed.post",
        "createdAt": "2026-07-04T14:38:06.240Z",
        "langs": ["en"],
        "text": text,
        **more,
    }


RICH_RECORD = sky_record(
    SKY,
    tags=["Outline"],
    facets=SKY_FACETS,
    reply={"parent": {"uri": PARENT, "cid": "x"}, "root": {"uri": ROOT, "cid": "x"}},
    embed={
        "$type": "app.bsky.embed.recordWithMedia",
        "media": IMAGES,
        "record": {"$type": "app.bsky.embed.record", "record": {"uri": QUOTED, "cid": "x"}},
    },
)
RICH_VALUES: dict[str, Any] = {
    "platform": "bluesky",
    "post_id": URI,
    "account_id": DID,
    "kind": "reply",
    "is_reply": True,
    "is_quote": True,
    "is_repost": False,
    "reply_to_id": PARENT,
    "root_id": ROOT,
    "target_account_id": OTHER,
    "quoted_id": QUOTED,
    "text": SKY,
    "language": "en",
    **SKY_MARKED,
}


def event(
    operation: str = "create", collection: str = "app.bsky.feed.post", record: Any = None, **more: Any
) -> dict[str, Any]:
    commit = {
        "rev": "x",
        "operation": operation,
        "collection": collection,
        "rkey": KEY,
        "record": record,
        "cid": "x",
    }
    if record is None:
        del commit["record"], commit["cid"]
    return {"did": DID, "time_us": TIME_US, "kind": "commit", "commit": commit} | more


REPOST_RECORD = {
    "$type": "app.bsky.feed.repost",
    "createdAt": "2026-07-04T14:38:07.594Z",
    "subject": {"uri": PARENT, "cid": "x"},
}


def test_jetstream_posts_and_reposts(tmp_path: Path) -> None:
    rows = [
        event(record=RICH_RECORD),
        event(collection="app.bsky.feed.repost", record=REPOST_RECORD),
        event(
            record=sky_record(
                embed={"$type": "app.bsky.embed.video", "video": {"ref": {"$link": CONTENT}}, "alt": "v"}
            )
        ),
        event(
            record=sky_record(
                embed={"$type": "app.bsky.embed.external", "external": {"uri": "https://b.invalid"}}
            )
        ),
        event(
            record=sky_record(
                embed={"record": {"uri": f"at://{OTHER}/app.bsky.feed.generator/x"}}, langs=["pt", "en"]
            )
        ),
    ]
    source, format_, found = load(save(tmp_path, "a", lines(*rows)))
    assert (format_.name, rejected(found)) == ("bluesky_jetstream", [])
    post, repost, video, link, feed = kept(found)
    has(
        post.values,
        **RICH_VALUES,
        created_at=SEEN,
        time_source="field",
        time_precision="millisecond",
        captured_at=SEEN,
        media=[
            {"media_id": CONTENT, "kind": "image", "url": None, "alt_text": "a cat"},
            {"media_id": CONTENT2, "kind": "animation", "url": None, "alt_text": None},
        ],
    )
    assert post.author is None  # an event says nothing of who an account is
    has(
        repost.values,
        post_id=f"at://{DID}/app.bsky.feed.repost/{KEY}",
        kind="repost",
        is_reply=False,
        reposted_id=PARENT,
        reposted_account_id=OTHER,
        created_at=SEEN,
        text=None,
    )
    has(video.values, media=[{"media_id": CONTENT, "kind": "video", "url": None, "alt_text": "v"}])
    has(link.values, urls=[{"url": "https://b.invalid", "expanded_url": None}], kind="post", is_quote=False)
    has(feed.values, kind="post", quoted_id=None, language="pt")
    assert source.warnings == {"posts with several languages, of which the first was taken": 1}


def test_jetstream_every_other_event_is_counted_or_an_account_s_status(tmp_path: Path) -> None:
    def account(active: Any, status: Any = None) -> dict[str, Any]:
        about = {"active": active, "did": DID, "seq": 1} | ({"status": status} if status else {})
        return {"did": DID, "time_us": TIME_US, "kind": "account", "account": about}

    rows = [
        event(collection="app.bsky.feed.like", record={"subject": {"uri": PARENT}}),
        event(collection="app.bsky.graph.follow", record={"subject": OTHER}),
        event("delete", "app.bsky.graph.follow"),
        event(collection="app.bsky.graph.block", record={"subject": OTHER}),
        event("delete"),
        event("delete", "app.bsky.feed.repost"),
        event("update", "fm.teal.alpha.actor.status", {"x": 1}),
        {
            "did": DID,
            "time_us": TIME_US,
            "kind": "identity",
            "identity": {"did": DID, "handle": "new.invalid"},
        },
        *(account(False, status) for status in ("takendown", "suspended", "deleted", "deactivated")),
        account(True),
        account(False, "throttled"),
        account(False),
        event("update", "app.bsky.actor.profile", {"displayName": "A Name", "description": "a bio"}),
        # none of these is an event that is known
        account(False, "vanished"),
        account(None),
        {"did": DID, "time_us": TIME_US, "kind": "sync"},
        event("move", record=sky_record()),
        event(collection=None, record=sky_record()),
    ]
    source, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [
        (r.table, r.values["account_id"], r.values["status"], r.values["captured_at"]) for r in kept(found)
    ] == [("accounts", DID, status, SEEN) for status in ("suspended", "suspended", "deleted", "deactivated")]
    assert [r.field for r in rejected(found)] == [
        "account.status",
        "account.status",
        "kind",
        "commit.operation",
        "commit.collection",
    ]
    assert source.warnings == {
        "likes, not read": 1,
        "follows, not read": 1,
        "follows, deleted": 1,
        "blocks, not read": 1,
        "posts deleted, of which only the address is given": 1,
        "reposts deleted, of which only the address is given": 1,
        "records of other kinds, not read": 1,
        "events of a changed handle or key, not read": 1,
        "profiles, not read": 1,
        "accounts that are active, not read": 1,
        "accounts that are inactive for a technical reason, or for none given, not read": 2,
    }
    assert len(kept(found)) + len(rejected(found)) + sum(source.warnings.values()) == len(rows)


@pytest.mark.parametrize(
    "declared,warning",
    [
        ("2026-07-04T14:38:06.240Z", ""),
        ("2026-07-04T14:37:30Z", ""),
        ("2026-07-04T16:38:06+02:00", ""),
        (
            "2019-01-01T00:00:00Z",
            "posts dated more than a minute before a server saw them; the server's time was taken",
        ),
        (
            "2026-07-04T14:40:06.240Z",
            "posts dated more than a minute after a server saw them; the server's time was taken",
        ),
        ("2026-07-04T14:38:06.240", "times declared by the author's client that are none, or lack a zone"),
        ("0000-01-01T00:00:00Z", "times declared by the author's client that are none, or lack a zone"),
        ("soon", "times declared by the author's client that are none, or lack a zone"),
    ],
)
def test_bluesky_time_is_the_server_s_and_a_gap_is_counted(
    tmp_path: Path, declared: str, warning: str
) -> None:
    source, _, found = load(save(tmp_path, "a", lines(event(record=sky_record(createdAt=declared)))))
    has(kept(found)[0].values, created_at=SEEN, time_source="field", time_precision="millisecond")
    assert source.warnings == ({warning: 1} if warning else {})


@pytest.mark.parametrize(
    "declared,key,expected",
    [
        ("2026-07-04T14:38:06.240Z", KEY, (KEY_TIME, "field", "millisecond")),
        ("2026-07-04T14:38:06+00:00", KEY, (datetime(2026, 7, 4, 14, 38, 6), "field", "second")),
        ("2026-07-04T14:38:06.24", KEY, (KEY_TIME, "identifier", "millisecond")),
        ("2011-07-04T14:38:06Z", KEY, (KEY_TIME, "identifier", "millisecond")),
        (None, KEY, (KEY_TIME, "identifier", "millisecond")),
        ("soon", "self", (None, None, None)),
    ],
)
def test_bluesky_record_alone_has_the_declared_time_or_its_key_s(
    tmp_path: Path, declared: str | None, key: str, expected: tuple[Any, ...]
) -> None:
    value = {k: v for k, v in sky_record(createdAt=declared).items() if v is not None}
    thing = {"uri": f"at://{DID}/app.bsky.feed.post/{key}", "cid": "x", "value": value}
    _, format_, found = load(save(tmp_path, "a", document(thing)))
    assert format_.name == "bluesky_posts"
    record = kept(found)[0].values
    assert (record["created_at"], record["time_source"], record["time_precision"]) == expected


def test_bluesky_places_count_bytes(tmp_path: Path) -> None:
    said = "\U0001f680\U0001f680 @other.invalid"
    good = facet("@other.invalid", said, **{"$type": "app.bsky.richtext.facet#mention", "did": OTHER})
    assert good["index"]["byteStart"] == 9
    # places as another program would count them: characters
    wrong = {**good, "index": {"byteStart": 3, "byteEnd": 17}}
    beyond = {**good, "index": {"byteStart": 900, "byteEnd": 905}}
    rows = [event(record=sky_record(said, facets=[one])) for one in (good, wrong, beyond)]
    source, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [r.values["mentions"][0] for r in kept(found)] == [
        {"account_id": OTHER, "handle": handle} for handle in ("other.invalid", None, None)
    ]
    assert source.warnings == {"mentions that do not stand where the text has a handle": 2}


AUTHOR = {
    "did": DID,
    "handle": "some.invalid",
    "displayName": "Some",
    "createdAt": "2023-04-26T19:05:34.249Z",
    "viewer": {"following": f"at://{THIRD}/app.bsky.graph.follow/x"},
    "labels": [],
}
THEIRS = {"did": OTHER, "handle": "handle.invalid"}


def view(record: Any = None, uri: str = URI, author: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "uri": uri,
        "cid": "x",
        "author": author or AUTHOR,
        "record": record or sky_record(),
        "replyCount": 1,
        "repostCount": 2,
        "likeCount": 3,
        "quoteCount": 4,
        "indexedAt": "2026-07-04T14:38:08.090Z",
        "labels": [],
        **more,
    }


INDEXED = datetime(2026, 7, 4, 14, 38, 8, 90000)
SHOWN = {
    "$type": "app.bsky.embed.recordWithMedia#view",
    "media": {
        "$type": "app.bsky.embed.images#view",
        "images": [
            {
                "thumb": "https://cdn.invalid/t",
                "fullsize": f"https://cdn.invalid/img/{DID}/{CONTENT}@jpeg",
                "alt": "a cat",
            },
            {
                "thumb": "https://cdn.invalid/t",
                "fullsize": f"https://cdn.invalid/img/{DID}/{CONTENT2}@jpeg",
                "alt": "",
            },
        ],
    },
    "record": {
        "record": {
            "$type": "app.bsky.embed.record#viewRecord",
            "uri": QUOTED,
            "author": THEIRS,
            "value": sky_record("quoted"),
            "indexedAt": "2026-07-01T00:00:00.000Z",
        }
    },
}


def snake(value: Any) -> Any:
    """The same value as Bluesky's client for Python dumps it."""
    if isinstance(value, dict):
        names = {"$type": "py_type", "$link": "link"}
        return {
            names.get(key, "".join(f"_{c.lower()}" if c.isupper() else c for c in key)): snake(one)
            for key, one in value.items()
        }
    return [snake(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("spelling", [lambda one: one, snake], ids=["camelCase", "snake_case"])
def test_bluesky_post_view(tmp_path: Path, spelling: Any) -> None:
    given = spelling(view(RICH_RECORD, embed=SHOWN))
    given |= {"4CAT_metadata": {"collected_at": 1783180000.5, "query": "x", "rank": 0}}
    source, format_, found = load(save(tmp_path, "a", lines(given)))
    assert (format_.name, rejected(found)) == ("bluesky_posts", [])
    (post,) = kept(found)
    has(
        post.values,
        **RICH_VALUES,
        created_at=INDEXED,
        time_source="field",
        likes=3,
        replies=1,
        reposts=2,
        quotes=4,
        captured_at=datetime(2026, 7, 4, 15, 46, 40, 500000),
        media=[
            {
                "media_id": CONTENT,
                "kind": "image",
                "url": f"https://cdn.invalid/img/{DID}/{CONTENT}@jpeg",
                "alt_text": "a cat",
            },
            {
                "media_id": CONTENT2,
                "kind": "animation",
                "url": f"https://cdn.invalid/img/{DID}/{CONTENT2}@jpeg",
                "alt_text": None,
            },
        ],
    )
    has(
        post.author,
        account_id=DID,
        handle="some.invalid",
        display_name="Some",
        created_at=datetime(2023, 4, 26, 19, 5, 34, 249000),
        created_precision="millisecond",
    )
    (quoted,) = kept(found, context=True)
    has(quoted.values, post_id=QUOTED, account_id=OTHER, created_at=datetime(2026, 7, 1))
    assert source.warnings == {}


@pytest.mark.parametrize(
    "notice",
    [
        {"$type": "app.bsky.embed.record#viewNotFound", "uri": QUOTED, "notFound": True},
        {
            "$type": "app.bsky.embed.record#viewBlocked",
            "uri": QUOTED,
            "blocked": True,
            "author": {"did": OTHER},
        },
        {"$type": "app.bsky.embed.record#viewDetached", "uri": QUOTED, "detached": True},
    ],
    ids=["not found", "blocked", "detached"],
)
@pytest.mark.parametrize("spelling", [lambda one: one, snake], ids=["camelCase", "snake_case"])
def test_bluesky_quoted_posts_that_cannot_be_seen(
    tmp_path: Path, spelling: Any, notice: dict[str, Any]
) -> None:
    embed = {"$type": "app.bsky.embed.record#view", "record": notice}
    source, _, found = load(save(tmp_path, "a", lines(spelling(view(embed=embed)))))
    has(kept(found)[0].values, kind="quote", is_quote=True, quoted_id=QUOTED)
    assert kept(found, context=True) == []
    assert source.warnings == {"quoted posts that are blocked, deleted or detached": 1}


def test_bluesky_feed_with_reposts_and_answers(tmp_path: Path) -> None:
    by = {"did": THIRD, "handle": "third.invalid"}
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": by, "indexedAt": "2026-07-05T00:00:00.500Z"}
    own = f"at://{THIRD}/app.bsky.feed.repost/3mptbyplj5d2a"
    parent = view(uri=PARENT, author=THEIRS, indexedAt="2026-07-04T00:00:00.000Z")
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": ROOT, "notFound": True}
    page = {
        "cursor": "x",
        "feed": [
            {"post": view(RICH_RECORD), "reply": {"root": gone, "parent": parent}},
            {"post": view(RICH_RECORD), "reason": reason},
            {"post": view(), "reason": {**reason, "uri": own}},
            {"post": view(), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}},
        ],
    }
    _, format_, found = load(save(tmp_path, "a", document(page)))
    assert (format_.name, rejected(found)) == ("bluesky_posts", [])
    answer, repost, named, pinned = kept(found)
    has(answer.values, post_id=URI, kind="reply", likes=3)
    has(
        repost.values,
        post_id=f"repost:{THIRD}:{URI}",
        account_id=THIRD,
        kind="repost",
        is_reply=False,
        created_at=datetime(2026, 7, 5, 0, 0, 0, 500000),
        reposted_id=URI,
        reposted_account_id=DID,
        text=SKY,
        likes=None,
        **SKY_MARKED,
    )
    has(repost.author, account_id=THIRD, handle="third.invalid")
    has(named.values, post_id=own)
    has(pinned.values, post_id=URI, kind="post")
    beside = [(r.values["post_id"], r.values["created_at"]) for r in kept(found, context=True)]
    assert beside == [(PARENT, datetime(2026, 7, 4)), (URI, INDEXED), (URI, INDEXED)]


def test_bluesky_threads_are_walked_whatever_their_depth(tmp_path: Path) -> None:
    def at(number: int) -> str:
        return f"at://{DID}/app.bsky.feed.post/{number}"

    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": at(90), "notFound": True}
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": at(91), "blocked": True}
    below: dict[str, Any] = {"post": view(uri=at(60)), "replies": []}
    for number in range(59, 4, -1):
        below = {"post": view(uri=at(number)), "replies": [below]}
    thread = {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": view(uri=at(3)),
        "parent": {"post": view(uri=at(2)), "parent": {"post": view(uri=at(1)), "parent": gone}},
        "replies": [{"post": view(uri=at(4))}, blocked, below],
    }
    for number, page in enumerate(({"thread": thread}, thread)):
        _, format_, found = load(save(tmp_path, f"{number}.json", json.dumps(page)))
        assert format_.name == "bluesky_posts"
        assert [r.values["post_id"] for r in kept(found)] == [at(n) for n in (1, 2, 3, 4, *range(5, 61))]
        assert [(r.number, r.field) for r in rejected(found)] == [(1, "$type"), (6, "$type")]


def test_bluesky_thread_as_a_list(tmp_path: Path) -> None:
    items = [
        {
            "uri": URI,
            "depth": 0,
            "value": {"$type": "app.bsky.unspecced.defs#threadItemPost", "post": view()},
        },
        {"uri": PARENT, "depth": 1, "value": {"$type": "app.bsky.unspecced.defs#threadItemNotFound"}},
    ]
    _, format_, found = load(save(tmp_path, "a", document({"thread": items})))
    assert format_.name == "bluesky_posts"
    assert [r.values["post_id"] for r in kept(found)] == [URI]
    assert [r.field for r in rejected(found)] == ["$type"]


def test_bluesky_pages_lists_and_records(tmp_path: Path) -> None:
    record = {"uri": URI, "cid": "x", "value": sky_record()}
    like = {"uri": f"at://{DID}/app.bsky.feed.like/x", "cid": "x", "value": {"$type": "app.bsky.feed.like"}}
    repost = {"uri": f"at://{DID}/app.bsky.feed.repost/{KEY}", "cid": "x", "value": REPOST_RECORD}
    shapes = {
        "posts": (document({"posts": [view(), view(uri=PARENT, author=THEIRS)]}), 2),
        "lines": (lines(view(), view(uri=PARENT, author=THEIRS)), 2),
        "array": (json.dumps([view()]), 1),
        "lines of pages": (lines({"posts": [view()]}, {"posts": []}, {"posts": [view(), view()]}), 3),
        "records": (document({"records": [record, like, repost]}), 2),
    }
    for name, (data, number) in shapes.items():
        source, format_, found = load(save(tmp_path, f"{name}.json", data))
        assert (format_.name, len(kept(found)), rejected(found)) == ("bluesky_posts", number, []), name
        assert source.warnings == ({"records of other kinds, not read": 1} if name == "records" else {})
    has(
        kept(found)[1].values,
        kind="repost",
        reposted_id=PARENT,
        created_at=datetime(2026, 7, 4, 14, 38, 7, 594000),
    )
    _, _, found = load(tmp_path / "posts.json")
    has(kept(found)[1].author, account_id=OTHER, handle=None)


@pytest.mark.parametrize("spelling", [lambda one: one, snake], ids=["camelCase", "snake_case"])
def test_bluesky_accounts(tmp_path: Path, spelling: Any) -> None:
    detailed = {
        **AUTHOR,
        "description": "a bio",
        "followersCount": 5,
        "followsCount": 6,
        "postsCount": 7,
        "verification": {"verifiedStatus": "valid"},
    }
    page = {"followers": [spelling(detailed), {"did": "nobody", "handle": "x"}], "subject": spelling(THEIRS)}
    _, format_, found = load(save(tmp_path, "a", document(page)))
    assert format_.name == "bluesky_accounts"
    subject, account = kept(found)
    has(subject.values, account_id=OTHER, handle=None)
    has(
        account.values,
        account_id=DID,
        handle="some.invalid",
        bio="a bio",
        followers=5,
        following=6,
        posts_stated=7,
        verified=True,
        created_at=datetime(2023, 4, 26, 19, 5, 34, 249000),
    )
    assert [r.field for r in rejected(found)] == ["did"]
    assert "graph.follow" not in repr(found)
    _, format_, found = load(save(tmp_path, "b", lines(spelling(detailed), spelling(AUTHOR))))
    assert (format_.name, len(kept(found))) == ("bluesky_accounts", 2)
    odd = {**AUTHOR, "createdAt": "0001-01-01T00:00:00.000Z"}
    _, _, found = load(save(tmp_path, "c", lines(odd)))
    has(kept(found)[0].values, created_at=None, created_precision=None)


@pytest.mark.parametrize(
    "field,broken",
    [
        ("did", event(record=sky_record(), did="somebody")),
        ("did", event(record=sky_record(), did=None)),
        ("time_us", event(record=sky_record(), time_us="now")),
        ("time_us", event(record=sky_record(), time_us=1783175888)),
        ("time_us", event(record=sky_record(), time_us=2**62)),
        ("text", event(record=sky_record(["x"]))),  # type: ignore[arg-type]
        ("langs", event(record=sky_record(langs="en"))),
        ("facets", event(record=sky_record(facets={"x": 1}))),
        ("createdAt", event(record=sky_record(createdAt=5))),
        ("reply.parent.uri", event(record=sky_record(reply={"parent": {"uri": "https://x.invalid"}}))),
        ("subject.uri", event(collection="app.bsky.feed.repost", record={"createdAt": "x"})),
        (
            "commit.rkey",
            event(record=sky_record()) | {"commit": {**event(record=sky_record())["commit"], "rkey": "a/b"}},
        ),
        ("commit.record", event(record={})),
        ("uri", view(uri="https://x.invalid")),
        ("author.did", view(uri=PARENT)),
        ("likeCount", view(likeCount=-1)),
        ("indexedAt", view(indexedAt="2026-07-04T14:38:08")),
        ("record", view() | {"record": "x"}),
        ("record.$type", view({"$type": "app.bsky.feed.generator"})),
    ],
)
def test_bluesky_wrong_values_are_rejected_alone(tmp_path: Path, field: str, broken: dict[str, Any]) -> None:
    good = event(record=sky_record()) if "kind" in broken else view()
    _, _, found = load(save(tmp_path, "a", lines(good, broken, good)))
    assert len(kept(found)) == 2
    assert [(r.number, r.field) for r in rejected(found)] == [(2, field)]


@pytest.mark.parametrize(
    "name,whole",
    [
        ("bluesky_jetstream", event(record=RICH_RECORD)),
        ("bluesky_jetstream", event(collection="app.bsky.feed.repost", record=REPOST_RECORD)),
        ("bluesky_posts", view(RICH_RECORD, embed=SHOWN)),
        (
            "bluesky_posts",
            snake({"post": view(), "reason": {"by": AUTHOR, "indexedAt": "2026-07-05T00:00:00Z"}}),
        ),
        ("bluesky_posts", {"uri": URI, "cid": "x", "value": RICH_RECORD}),
        ("bluesky_accounts", AUTHOR),
    ],
)
def test_bluesky_any_value_anywhere(tmp_path: Path, name: str, whole: dict[str, Any]) -> None:
    copies = exports.wrecked(whole)
    source, _, found = load(save(tmp_path, "a", lines(*copies)), format=name)
    counted = sum(n for what, n in source.warnings.items() if "not read" in what)
    assert len(kept(found)) + len(rejected(found)) + counted == len(copies)


# --- Mastodon

HOME, AWAY = "https://home.invalid", "https://away.invalid"


def person(name: str = "some", host: str = HOME, number: str = "43", **more: Any) -> dict[str, Any]:
    """An account as home.invalid shows it: those of its own without their server."""
    return {
        "id": number,
        "username": name,
        "acct": name if host == HOME else f"{name}@{host.removeprefix('https://')}",
        "display_name": "Some Body",
        "locked": False,
        "bot": False,
        "created_at": "2017-02-03T00:00:00.000Z",
        "note": '<p>a <b>bio</b> &amp; more</p><p>second</p><script>alert("x")</script>',
        "url": f"{host}/@{name}",
        "uri": f"{host}/users/{name}",
        "followers_count": 5,
        "following_count": 6,
        "statuses_count": 7,
        "fields": [{"name": "Web", "value": '<a href="https://own.invalid/">own.invalid</a>'}],
        **more,
    }


TOOT_HTML = (
    '<p><span class="h-card"><a href="https://away.invalid/@other" class="u-url mention">@<span>other</span></a></span> '
    'fish &amp; chips<br>two &lt;3 \U0001f680</p><p>see <a href="https://long.invalid/address/whole" rel="nofollow">'
    '<span class="invisible">https://</span><span class="ellipsis">long.invalid/addr</span><span class="invisible">ess/whole'
    '</span></a> <a href="https://home.invalid/tags/Tag" class="mention hashtag" rel="tag">#<span>Tag</span></a> '
    '<a href="javascript:alert(1)">no</a></p>'
)
TOOT_TEXT = "@other fish & chips\ntwo <3 \U0001f680\nsee https://long.invalid/address/whole #Tag no"


def toot(number: str = "110446223051565765", host: str = HOME, **more: Any) -> dict[str, Any]:
    author = person() if host == HOME else person("other", host, "99")
    return {
        "id": number,
        "created_at": "2023-05-28T12:06:50.293Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "de",
        "uri": f"{author['uri']}/statuses/{number}",
        "url": f"{author['url']}/{number}",
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
        "quotes_count": 4,
        "content": "<p>hello</p>",
        "reblog": None,
        "application": {"name": "A Client"},
        "account": author,
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "quote": None,
        "card": None,
        **more,
    }


RICH_TOOT = toot(
    content=TOOT_HTML,
    spoiler_text="a warning",
    in_reply_to_id="111",
    in_reply_to_account_id="99",
    mentions=[{"id": "99", "username": "other", "acct": "other@away.invalid", "url": f"{AWAY}/@other"}],
    tags=[{"name": "tag", "url": f"{HOME}/tags/tag"}, {"name": "Straße"}],
    card={"url": "https://card.invalid/"},
    media_attachments=[
        {
            "id": "5",
            "type": "gifv",
            "url": f"{HOME}/cache/a.mp4",
            "remote_url": f"{AWAY}/a.mp4",
            "description": "a cat",
        },
        {"id": "6", "type": "image", "url": f"{HOME}/b.png", "remote_url": None, "description": None},
        {"id": "7", "type": "unknown", "url": None, "remote_url": f"{AWAY}/c"},
    ],
)
TOOT_URI = f"{HOME}/users/some/statuses/110446223051565765"
TOOT_TIME = datetime(2023, 5, 28, 12, 6, 50, 293000)


def test_mastodon_post(tmp_path: Path) -> None:
    source, format_, found = load(save(tmp_path, "a", document(RICH_TOOT)))
    assert (format_.name, rejected(found)) == ("mastodon_posts", [])
    (post,) = kept(found)
    has(
        post.values,
        platform="mastodon",
        post_id=TOOT_URI,
        account_id=f"{HOME}/@some",
        created_at=TOOT_TIME,
        time_source="field",
        time_precision="millisecond",
        kind="reply",
        is_quote=False,
        is_repost=False,
        reply_to_id="111",
        target_account_id=f"{AWAY}/@other",
        text=f"a warning\n\n{TOOT_TEXT}",
        language="de",
        client="A Client",
        hashtags=["tag", "strasse"],
        urls=[
            {"url": "https://long.invalid/address/whole", "expanded_url": None},
            {"url": "https://card.invalid/", "expanded_url": None},
        ],
        mentions=[{"account_id": f"{AWAY}/@other", "handle": "other@away.invalid"}],
        media=[
            {"media_id": None, "kind": "animation", "url": f"{AWAY}/a.mp4", "alt_text": "a cat"},
            {"media_id": None, "kind": "image", "url": f"{HOME}/b.png", "alt_text": None},
            {"media_id": None, "kind": "other", "url": f"{AWAY}/c", "alt_text": None},
        ],
        likes=3,
        replies=1,
        reposts=2,
        quotes=4,
    )
    has(
        post.author,
        account_id=f"{HOME}/@some",
        handle="some@home.invalid",
        display_name="Some Body",
        bio="a bio & more\nsecond",
        profile_url="https://own.invalid/",
        created_at=datetime(2017, 2, 3),
        created_precision="day",
        followers=5,
        following=6,
        posts_stated=7,
        status="active",
    )
    assert source.warnings == {
        "answers to posts that are not in the file, named by their number on the server that answered": 1,
        "addresses that are neither http nor https, left out of the links": 1,
    }


def test_mastodon_shapes(tmp_path: Path) -> None:
    first, second = toot("1"), toot("2", AWAY)
    shapes = {
        "object": (document(first), 1),
        "array": (json.dumps([first, second]), 2),
        "pretty array": (document([first, second]), 2),
        "lines": (lines(first, second), 2),
        "context": (document({"ancestors": [first], "descendants": [second]}), 2),
        "empty context": (document({"ancestors": [], "descendants": []}), 0),
        "search": (document({"accounts": [], "statuses": [first], "hashtags": []}), 1),
    }
    for name, (data, number) in shapes.items():
        _, format_, found = load(save(tmp_path, "a.json", data))
        assert (format_.name, len(kept(found)), rejected(found)) == ("mastodon_posts", number, []), name
    assert exports.recognised(save(tmp_path, "b", json.dumps([first]))) == ["mastodon_posts"]


def test_mastodon_boosts_and_quotes(tmp_path: Path) -> None:
    original = toot("7", AWAY, content=TOOT_HTML, tags=[{"name": "tag"}])
    boost = toot(
        "8", content="", reblog=original, uri=f"{HOME}/users/some/statuses/8/activity", replies_count=0
    )
    re_line = '<p>look<span class="quote-inline"><br><br>RE: <a href="https://away.invalid/@other/7">https://away.invalid/@other/7</a></span></p>'
    quote = toot("9", content=re_line, quote={"state": "accepted", "quoted_status": original})
    fork = toot("10", quote=original, quote_id="7")
    shallow = toot("11", quote={"state": "accepted", "quoted_status_id": "7"})
    lone = toot("12", quote_id="555")
    revoked = toot("13", quote={"state": "revoked", "quoted_status": None})
    source, _, found = load(save(tmp_path, "a", lines(boost, quote, fork, shallow, lone, revoked)))
    one, *quotes = kept(found)
    uri = f"{AWAY}/users/other/statuses/7"
    has(
        one.values,
        post_id=f"{HOME}/users/some/statuses/8/activity",
        account_id=f"{HOME}/@some",
        kind="repost",
        reposted_id=uri,
        reposted_account_id=f"{AWAY}/@other",
        text=TOOT_TEXT,
        hashtags=["tag"],
        likes=None,
        replies=None,
    )
    assert [(r.values["kind"], r.values["is_quote"], r.values["quoted_id"]) for r in quotes] == [
        ("quote", True, uri),
        ("quote", True, uri),
        ("quote", True, uri),
        ("quote", True, "555"),
        ("quote", True, None),
    ]
    has(quotes[0].values, text="look")
    assert [
        (r.values["post_id"], r.values["account_id"], r.values["created_at"])
        for r in kept(found, context=True)
    ] == [(uri, f"{AWAY}/@other", TOOT_TIME)] * 3
    assert source.warnings == {"quoted posts that are withheld, revoked or deleted": 1}


def test_mastodon_numbers_of_a_server_are_looked_up_in_the_file(tmp_path: Path) -> None:
    """A timeline is newest first: what an answer answers stands behind it."""
    answer = toot("3", in_reply_to_id="2", in_reply_to_account_id="99")
    own = toot("2", AWAY)
    unknown = toot("4", in_reply_to_id="1000", in_reply_to_account_id="1001")
    source, _, found = load(save(tmp_path, "a", json.dumps([answer, own, unknown])))
    has(kept(found)[0].values, reply_to_id=own["uri"], target_account_id=f"{AWAY}/@other")
    has(kept(found)[2].values, kind="reply", reply_to_id="1000", target_account_id=None)
    assert sum(source.warnings.values()) == 1
    # two servers gave one number to two posts
    both = [answer, own, {**toot("2"), "uri": f"{HOME}/elsewhere"}]
    _, _, found = load(save(tmp_path, "b", json.dumps(both)))
    has(kept(found)[0].values, reply_to_id="2")


def test_mastodon_one_post_seen_by_two_servers_is_one(tmp_path: Path) -> None:
    here = toot("2", AWAY)
    there = {
        **here,
        "id": "9ufXNcmE2tYpGvx",  # numbers of other servers' software are words
        "account": {**here["account"], "id": "1", "acct": "other", "followers_count": 900},
        "favourites_count": 77,
    }
    _, _, found = load(save(tmp_path, "a", lines(here, there)))
    first, second = kept(found)
    for name in ("post_id", "account_id", "created_at"):
        assert first.values[name] == second.values[name]
    assert (first.values["likes"], second.values["likes"]) == (3, 77)
    assert first.author is not None
    assert second.author is not None
    assert first.author["handle"] == second.author["handle"] == "other@away.invalid"


def test_mastodon_direct_messages_are_passed_over(tmp_path: Path) -> None:
    rows = [
        toot("1", visibility="direct", content="<p>nobody may read this</p>"),
        toot("2", visibility="private"),
        toot("3", visibility="unlisted"),
    ]
    source, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert len(kept(found)) == 2
    assert "nobody" not in repr(found)
    assert source.warnings == {
        "messages sent to those named alone, passed over": 1,
        "posts for followers alone, seen by whoever collected": 1,
    }


def test_mastodon_accounts(tmp_path: Path) -> None:
    rows = [
        person(),
        person("gone", AWAY, suspended=True, created_at="2020-05-06T07:08:09.123Z", note="", fields=[]),
        person("quiet", AWAY, limited=True, followers_count=-1, uri=None),
        person("bare", AWAY, url=None),
        {"id": "1", "following": True, "note": ""},
    ]
    _, format_, found = load(save(tmp_path, "a", json.dumps(rows)))
    assert format_.name == "mastodon_accounts"
    one, gone, quiet, bare = kept(found)
    has(
        one.values,
        account_id=f"{HOME}/@some",
        bio="a bio & more\nsecond",
        created_precision="day",
        status="active",
    )
    has(
        gone.values,
        status="suspended",
        created_at=datetime(2020, 5, 6, 7, 8, 9, 123000),
        created_precision="millisecond",
        bio="",
        profile_url=None,
    )
    has(quiet.values, status="withheld", followers=None, handle="quiet@away.invalid")
    has(bare.values, account_id=f"{AWAY}/users/bare")
    assert [r.field for r in rejected(found)] == ["account.url"]
    _, format_, found = load(save(tmp_path, "b", document({"accounts": [person()]})))
    assert (format_.name, len(kept(found))) == ("mastodon_accounts", 1)


def test_mastodon_text_as_typed_and_hostile(tmp_path: Path) -> None:
    typed = toot("1", text="a <b> & c")
    del typed["content"]
    rows = [
        typed,
        toot(
            "2", content='<p>a<script>alert("x")</script><style>p{}</style>b<img src=x onerror=alert(1)></p>'
        ),
        toot("3", content="<p>never closed <a href='https://x.invalid'"),
        toot("4", content="no tags, <3 & more"),
        toot("5", content=None),
        toot("6", content="<p></p>"),
    ]
    _, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [r.values["text"] for r in kept(found)][:2] == ["a <b> & c", "ab"]
    assert [r.values["text"] for r in kept(found)][3:] == ["no tags, <3 & more", None, ""]
    assert "alert" not in repr(found)


TRUTH_POST: dict[str, Any] = {
    "id": "110446223051565765",
    "created_at": "2023-05-28T12:06:50.293Z",
    "in_reply_to_id": "110446223051565000",
    "in_reply_to_account_id": "108",
    "in_reply_to": {
        "id": "110446223051565000",
        "created_at": "2023-05-28T11:00:00.000Z",
        "content": "before",
        "account": {"id": "108", "username": "other", "acct": "other"},
    },
    "visibility": "public",
    "language": "en",
    "uri": "https://truthsocial.com/@some/110446223051565765",
    "url": "https://truthsocial.com/@some/110446223051565765",
    "content": "fish & chips <3 #Tag",  # the tool takes the tags out
    "account": {
        "id": "107",
        "username": "some",
        "acct": "some",
        "display_name": "Some",
        "created_at": "2022-04-01T10:11:12.345Z",
        "note": "<p>bio</p>",
        "url": "https://truthsocial.com/@some",
        "followers_count": 5,
        "following_count": 6,
        "statuses_count": 7,
        "verified": True,
        "website": "https://own.invalid",
    },
    "media_attachments": [{"id": "900", "type": "tv", "url": "https://cdn.invalid/thumb.jpg"}],
    "mentions": [
        {"id": "108", "username": "other", "acct": "other", "url": "https://truthsocial.com/@other"}
    ],
    "tags": [{"name": "tag"}],
    "quote_id": None,
    "group": {"id": "1"},
    "replies_count": 1,
    "reblogs_count": 2,
    "favourites_count": 3,
}


def captured(data: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "nav_index": "1:2:3",
        "item_id": "x",
        "timestamp_collected": 1704164645678,
        "source_platform": "truthsocial.com",
        "source_platform_url": "https://truthsocial.com/what-the-investigator-read",
        "source_url": "https://truthsocial.com/api",
        "user_agent": "the investigator's browser",
        "data": data,
        **more,
    }


def test_truth_social_in_the_envelope_and_alone(tmp_path: Path) -> None:
    about = {k: v for k, v in captured(None).items() if k != "data"}
    files = {
        "zeeschuimer": lines(captured(TRUTH_POST)),
        "fourcat_ndjson": lines({**TRUTH_POST, "__import_meta": about}),
        "truthsocial_posts": lines(TRUTH_POST),
    }
    for name, data in files.items():
        path = save(tmp_path, name, data)
        assert exports.recognised(path) == [name]
        _, _, found = load(path)
        (post,), (before,) = kept(found), kept(found, context=True)
        has(
            post.values,
            platform="truthsocial",
            post_id="110446223051565765",
            account_id="107",
            created_at=TOOT_TIME,
            kind="reply",
            reply_to_id="110446223051565000",
            target_account_id="108",
            text="fish & chips <3 #Tag",
            hashtags=["tag"],
            mentions=[{"account_id": "108", "handle": "other"}],
            media=[
                {"media_id": "900", "kind": "video", "url": "https://cdn.invalid/thumb.jpg", "alt_text": None}
            ],
            likes=3,
            replies=1,
            reposts=2,
            captured_at=None if name.startswith("truth") else datetime(2024, 1, 2, 3, 4, 5, 678000),
        )
        has(
            post.author,
            handle="some",
            created_at=datetime(2022, 4, 1, 10, 11, 12, 345000),
            created_precision="millisecond",
            verified=True,
            profile_url="https://own.invalid",
            bio="bio",
        )
        has(before.values, post_id="110446223051565000", account_id="108")
        assert "investigator" not in repr(found)


def test_truth_social_quotes_boosts_and_accounts(tmp_path: Path) -> None:
    quote = {**TRUTH_POST, "id": "2", "in_reply_to": None, "in_reply_to_id": None, "quote_id": "77"}
    boost = {**TRUTH_POST, "id": "3", "content": "", "reblog": {**TRUTH_POST, "id": "4"}}
    direct = {**TRUTH_POST, "id": "5", "visibility": "direct"}
    _, _, found = load(save(tmp_path, "a", lines(*map(captured, (quote, boost, direct)))))
    has(kept(found)[0].values, kind="quote", quoted_id="77", target_account_id="108")
    has(kept(found)[1].values, kind="repost", reposted_id="4", text="fish & chips <3 #Tag", reply_to_id=None)
    assert [r.field for r in rejected(found)] == ["visibility"]
    _, format_, found = load(save(tmp_path, "b", lines(TRUTH_POST["account"])))
    assert format_.name == "truthsocial_accounts"
    has(kept(found)[0].values, platform="truthsocial", account_id="107", followers=5)


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


@pytest.mark.parametrize(
    "name,whole",
    [
        ("mastodon_posts", RICH_TOOT),
        ("mastodon_posts", toot("8", content="", reblog=toot("9"), quote={"quoted_status": toot("7")})),
        ("truthsocial_posts", TRUTH_POST),
        ("mastodon_accounts", person()),
        ("zeeschuimer", captured(TRUTH_POST)),
    ],
)
def test_mastodon_any_value_anywhere(tmp_path: Path, name: str, whole: dict[str, Any]) -> None:
    copies = exports.wrecked(whole)
    _, _, found = load(save(tmp_path, "a", lines(*copies)), format=name)
    assert len(kept(found)) + len(rejected(found)) == len(copies)


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


# --- 4CAT and Zeeschuimer, rows

CSV_TELEGRAM: dict[str, Any] = {
    "id": "achannel-25",
    "thread_id": "achannel",
    "chat": "achannel",
    "author": "111",
    "author_username": "Some",
    "author_name": "Some Body",
    "author_is_bot": "no",
    "body": "see https://a.invalid/1, #Straße",
    "is_reply": "yes",
    "reply_to": "20",
    "views": "100",
    "reactions": "👍👍",
    "timestamp": "2023-06-01 12:30:05",  # of the server
    "unix_timestamp": SECONDS,
    "author_forwarded_from_name": "",
    "author_forwarded_from_username": "",
    "author_forwarded_from_id": "",
    "entities_mentioned": "Other,third",
    "unix_timestamp_forwarded_from": "",
    "link_attached": "https://card.invalid/a,b",
    "attachment_type": "photo",
    "attachment_data": '{"id": 5551234567890123456, "dc_id": 2, "file_reference": "00"}',
    "missing_fields": "",
}
HASH = "0123456789abcdef" * 4


def test_fourcat_telegram(tmp_path: Path) -> None:
    rows = [
        CSV_TELEGRAM,
        CSV_TELEGRAM
        | {"id": "26", "author": "999", "author_username": "AChannel", "author_name": "", "reply_to": ""},
        CSV_TELEGRAM
        | {"id": "None-27", "chat": "77", "author": "112", "author_username": "", "author_name": ""},
        CSV_TELEGRAM | {"id": "achannel-28", "author": HASH, "author_username": HASH, "author_name": HASH},
        CSV_TELEGRAM | {"id": "achannel-29", "author": "", "views": "", "attachment_type": "contact"},
        CSV_TELEGRAM
        | {
            "id": "a-b-30",
            "author_forwarded_from_username": "origin",
            "author_forwarded_from_id": "5",
            "reply_to": "",
        },
        CSV_TELEGRAM
        | {"id": "achannel-31", "unix_timestamp_forwarded_from": "1685615000", "attachment_data": "{"},
    ]
    source, format_, found = load(save(tmp_path, "a.csv", table(rows)))
    assert (format_.name, rejected(found)) == ("fourcat_telegram", [])
    one, channel, unnamed, hashed, nobody, forward, hidden = kept(found)
    has(
        one.values,
        platform="telegram",
        post_id="achannel-25",
        account_id="user111",
        created_at=WHEN,
        time_source="field",
        kind="reply",
        reply_to_id="achannel-20",
        text="see https://a.invalid/1, #Straße",
        hashtags=["strasse"],
        urls=[
            {"url": "https://a.invalid/1", "expanded_url": None},
            {"url": "https://card.invalid/a,b", "expanded_url": None},
        ],
        mentions=[{"account_id": None, "handle": "Other"}, {"account_id": None, "handle": "third"}],
        media=[{"media_id": "5551234567890123456", "kind": "image", "url": None, "alt_text": None}],
        views=100,
        likes=None,
    )
    has(one.author, handle="Some", display_name="Some Body")
    has(channel.values, post_id="achannel-26", account_id="channel999", kind="post")
    has(unnamed.values, post_id="77-27", account_id="112")
    has(hashed.author, account_id=HASH, handle=None, display_name=None)
    has(nobody.values, account_id=None, views=None, media=[])
    has(forward.values, post_id="achannel-30", kind="repost", reposted_account_id="@origin", views=None)
    has(hidden.values, kind="repost", reposted_account_id=None)
    has(hidden.values["media"][0], media_id="achannel-achannel-31")
    assert source.warnings == {
        "authors who may be a person or a channel, named by their number alone": 1,
        "messages whose author has no number": 1,
        "contacts that were shared in a message, not read": 1,
    }


@pytest.mark.parametrize(
    "field,bad",
    [
        ("chat", "unknown"),
        ("id", "achannel-x"),
        ("id", ""),
        ("author", "somebody"),
        ("views", "1.2K"),
        ("reply_to", "x"),
        ("unix_timestamp", "5"),
        ("unix_timestamp", "yesterday"),
    ],
)
def test_fourcat_telegram_wrong_values(tmp_path: Path, field: str, bad: str) -> None:
    path = save(tmp_path, "a.csv", table([CSV_TELEGRAM, CSV_TELEGRAM | {field: bad}, CSV_TELEGRAM]))
    _, _, found = load(path)
    assert len(kept(found)) == 2
    assert [(r.number, r.field) for r in rejected(found)] == [(2, field)]


CSV_BLUESKY: dict[str, Any] = {
    "collected_at": "2026-07-04T18:00:00",
    "query": "what-the-investigator-searched",
    "rank": "0",
    "id": URI,
    "thread_id": ROOT,
    "created_at": "2026-07-04T14:38:06.240000+00:00",
    "author": "some.invalid",
    "author_id": DID,
    "body": SKY,
    "link": "https://bsky.app/profile/some.invalid/post/x",
    "tags": "Straße,two",
    "like_count": "3",
    "quote_count": "4",
    "reply_count": "1",
    "repost_count": "2",
    "quoted_post": f"https://bsky.app/profile/{OTHER}/post/3mpsjbtci2c2q",
    "quoted_user": "",
    "replied_to_post": f"https://bsky.app/profile/{OTHER}/post/3mpsjbtci2c2o",
    "replied_to_user": OTHER,
    "mentions": f"other.invalid,{THIRD}",
    "links": "https://a.invalid/1,2,https://b.invalid",
    "images": f"https://cdn.invalid/img/{DID}/{CONTENT}@jpeg",
    "languages": "pt,en",
    "author_display_name": "Some",
    "author_created_at": "2023-04-26T19:05:34.249000+00:00",
    "timestamp": "1783175886.24",
}


def test_fourcat_bluesky(tmp_path: Path) -> None:
    handles = {
        "replied_to_post": "https://bsky.app/profile/other.invalid/post/3mpsjbtci2c2o",
        "replied_to_user": "Other.invalid",
        "quoted_post": "DELETED",
    }
    alone = {
        "replied_to_post": "",
        "quoted_post": "",
        "thread_id": URI,
        "languages": "N/A",
        "author_created_at": "N/A",
    }
    naive = {**alone, "created_at": "2026-07-04T14:38:06.240000"}
    hashed = {"author": HASH, "author_id": HASH, "author_display_name": HASH}
    path = save(
        tmp_path, "a.csv", table([CSV_BLUESKY | more for more in ({}, handles, alone, naive, hashed)])
    )
    source, format_, found = load(path)
    assert (format_.name, rejected(found)) == ("fourcat_bluesky", [])
    one, by_handle, single, timed, pseudonym = kept(found)
    has(
        one.values,
        platform="bluesky",
        post_id=URI,
        account_id=DID,
        created_at=KEY_TIME,
        time_source="field",
        kind="reply",
        is_quote=True,
        reply_to_id=PARENT,
        target_account_id=OTHER,
        root_id=ROOT,
        quoted_id=QUOTED,
        text=SKY,
        language="pt",
        hashtags=["strasse", "two"],
        urls=[
            {"url": "https://a.invalid/1,2", "expanded_url": None},
            {"url": "https://b.invalid", "expanded_url": None},
        ],
        mentions=[{"account_id": None, "handle": "other.invalid"}, {"account_id": THIRD, "handle": None}],
        likes=3,
        replies=1,
        reposts=2,
        quotes=4,
        captured_at=None,
    )
    has(one.values["media"][0], media_id=CONTENT, kind="image")
    has(
        one.author,
        handle="some.invalid",
        display_name="Some",
        created_at=datetime(2023, 4, 26, 19, 5, 34, 249000),
    )
    has(
        by_handle.values,
        kind="reply",
        reply_to_id=None,
        target_account_id="@other.invalid",
        is_quote=True,
        quoted_id=None,
    )
    has(single.values, kind="post", root_id=None, language=None)
    has(single.author, created_at=None)
    has(timed.values, created_at=KEY_TIME, time_source="identifier")
    has(pseudonym.author, account_id=HASH, handle=None, display_name=None)
    assert source.warnings["quoted posts that are blocked, deleted or detached"] == 1
    assert "investigator" not in repr(found)
    broken = table(
        [CSV_BLUESKY | more for more in ({"id": ""}, {"id": "x"}, {"author_id": ""}, {"like_count": "x"}, {})]
    )
    _, _, found = load(save(tmp_path, "b.csv", broken))
    assert [r.field for r in rejected(found)] == ["id", "id", "author_id", "like_count"]
    assert len(kept(found)) == 1


CSV_TRUTH: dict[str, Any] = {
    "id": "110446223051565765",
    "created_at": "2023-05-28T12:06:50.293Z",
    "body": "<p>fish &amp; chips</p>",
    "url": "https://truthsocial.com/@some/110446223051565765",
    "reblogs_count": "2",
    "replies_count": "1",
    "account_id": "107",
    "account_username": "some",
    "account_display_name": "Some",
    "account_verified": "True",
    "account_followers": "5",
    "account_following": "6",
    "mentions": "other,third",
    "hashtags": "tag",
    "images": "https://cdn.invalid/1.jpg,https://cdn.invalid/2.jpg",
    "video_urls": "https://cdn.invalid/1.mp4",
    "group_id": "",
    "thread_id": "110446223051565765",
    "timestamp": "2023-05-28 12:06:50",
}


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_fourcat_truth_social(tmp_path: Path, delimiter: str) -> None:
    other = CSV_TRUTH | {
        "thread_id": "1",
        "body": "plain <3 & more",
        "account_verified": "",
        "account_followers": "",
    }
    rows = [CSV_TRUTH, other, CSV_TRUTH | {"account_id": ""}, CSV_TRUTH | {"created_at": "2023-05-28"}]
    wide = [{"collected_from_url": "https://x.invalid/secret", **row} for row in rows]
    source, format_, found = load(
        save(tmp_path, "a.csv", table(wide if delimiter == ";" else rows, delimiter=delimiter))
    )
    assert format_.name == "fourcat_truthsocial"
    one, thread, day = kept(found)
    has(
        one.values,
        platform="truthsocial",
        post_id="110446223051565765",
        account_id="107",
        created_at=TOOT_TIME,
        kind="post",
        is_reply=False,
        text="fish & chips",
        hashtags=["tag"],
        mentions=[{"account_id": None, "handle": "other"}, {"account_id": None, "handle": "third"}],
        reposts=2,
        replies=1,
        likes=None,
    )
    assert [(m["kind"], m["url"]) for m in one.values["media"]] == [
        ("image", "https://cdn.invalid/1.jpg"),
        ("image", "https://cdn.invalid/2.jpg"),
        ("video", "https://cdn.invalid/1.mp4"),
    ]
    has(one.author, handle="some", followers=5, following=6, verified=True)
    has(thread.values, is_reply=None, is_quote=None, text="plain <3 & more")
    has(thread.author, followers=None, verified=None)
    has(day.values, time_precision="day")
    assert [r.field for r in rejected(found)] == ["account.url"]
    assert source.warnings == {"posts that answer or quote another, which the tool does not tell apart": 1}
    assert "secret" not in repr(kept(found))
    old = {k: v for k, v in CSV_TRUTH.items() if k not in ("images", "video_urls", "mentions", "hashtags")}
    old |= {"media_id": "900", "media_type": "image", "media_url": "https://cdn.invalid/9.jpg"}
    _, _, found = load(save(tmp_path, "b.csv", table([old], delimiter=delimiter)))
    has(kept(found)[0].values["media"][0], media_id="900", kind="image")


def test_one_post_of_truth_social_and_of_bluesky_through_every_format(tmp_path: Path) -> None:
    files = {
        "a": lines(captured(TRUTH_POST)),
        "b": lines(TRUTH_POST),
        "c.csv": table([CSV_TRUTH]),
    }
    names = ("post_id", "account_id", "created_at")
    found = {
        tuple(r.values[name] for name in names)
        for name, data in files.items()
        for r in kept(load(save(tmp_path, name, data))[2])
    }
    assert found == {("110446223051565765", "107", TOOT_TIME)}
    files = {
        "d": lines(event(record=RICH_RECORD)),
        "e": lines(view(RICH_RECORD)),
        "f": lines(snake(view(RICH_RECORD))),
        "g": lines({"uri": URI, "cid": "x", "value": RICH_RECORD}),
        "h.csv": table([CSV_BLUESKY]),
    }
    names = ("post_id", "account_id", "reply_to_id", "quoted_id", "text")
    found = {
        tuple(r.values[name] for name in names)
        for name, data in files.items()
        for r in kept(load(save(tmp_path, name, data))[2])
    }
    assert found == {(URI, DID, PARENT, QUOTED, SKY)}


EVERY: dict[str, tuple[str, str]] = {
    "telegram chat": ("telegram_desktop", document(chat(message(1)))),
    "telegram chat on one line": ("telegram_desktop", json.dumps(chat(message(1)))),
    "telegram empty chat": ("telegram_desktop", document(chat())),
    "telegram archive": ("telegram_desktop", document(archive(chat(message(1))))),
    "telegram archive that begins with many contacts": (
        "telegram_desktop",
        document(archive(chat(message(1)), contacts={"list": [{"first_name": "x" * 40}] * 5_000})),
    ),
    "telethon lines": ("telegram_telethon", lines(telethon(1), telethon(2))),
    "telethon list": ("telegram_telethon", json.dumps([telethon(1)])),
    "telethon service first": ("telegram_telethon", lines({"_": "MessageService", "id": 1}, telethon(2))),
    "4cat telegram": ("telegram_telethon", lines(fourcat(1))),
    "telethon users": ("telegram_telethon_accounts", lines({"_": "User", "id": 1, "first_name": "x"})),
    "4cat telegram csv": ("fourcat_telegram", table([CSV_TELEGRAM])),
    "jetstream": ("bluesky_jetstream", lines(event(record=sky_record()))),
    "jetstream account first": (
        "bluesky_jetstream",
        lines({"did": DID, "time_us": TIME_US, "kind": "account", "account": {"active": True}}),
    ),
    "bluesky post": ("bluesky_posts", document(view())),
    "bluesky feed": ("bluesky_posts", document({"feed": [{"post": view()}]})),
    "4cat bluesky": ("bluesky_posts", lines(snake(view()))),
    "bluesky profile": ("bluesky_accounts", document(AUTHOR)),
    "4cat bluesky csv": ("fourcat_bluesky", table([CSV_BLUESKY])),
    "mastodon post": ("mastodon_posts", document(toot())),
    "mastodon boost": ("mastodon_posts", json.dumps([toot("8", reblog=toot("9"))])),
    "mastodon account": ("mastodon_accounts", document(person())),
    "truth social": ("truthsocial_posts", lines(TRUTH_POST)),
    "truth social account": ("truthsocial_accounts", document(TRUTH_POST["account"])),
    "truth social capture": ("zeeschuimer", lines(captured(TRUTH_POST))),
    "truth social csv": ("fourcat_truthsocial", table([CSV_TRUTH])),
    "truth social csv by zeeschuimer": ("fourcat_truthsocial", table([CSV_TRUTH], delimiter=";")),
}


@pytest.mark.parametrize("name", EVERY)
def test_each_file_is_recognised_by_one_format_alone(tmp_path: Path, name: str) -> None:
    expected, data = EVERY[name]
    assert exports.recognised(save(tmp_path, "export", data)) == [expected]


def test_a_packed_archive_of_telegram_is_walked_too(tmp_path: Path) -> None:
    data = gzip.compress(document(archive(chat(message(1)))).encode())
    _, format_, found = load(save(tmp_path, "a.gz", data))
    assert (format_.name, len(kept(found))) == ("telegram_desktop", 1)
    _, _, found = load(save(tmp_path, "b", document(chat(message(1))).encode("utf-16")))
    has(kept(found)[0].values, text="hello")


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
