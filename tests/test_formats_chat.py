"""Telegram, Bluesky, Mastodon and Truth Social, each through every shape in which its exports come."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import exports
import pytest
from exports import has, kept, lines, load, rejected, save

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
    assert source.doubts == {}
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
    assert source.doubts == {
        "contacts of whoever exported, passed over": 2,
        "messages of private talks, passed over": 4,
        "messages of private groups and channels in a whole archive, passed over; export the one studied alone": 4,
        "messages of chats of an unknown kind in a whole archive, passed over": 1,
    }
    assert "nobody" not in repr(found) + repr(source.doubts)
    assert "Friend" not in repr(found)


@pytest.mark.parametrize("kind", ["personal_chat", "saved_messages", "bot_chat"])
def test_telegram_desktop_a_private_talk_alone_gives_nothing(tmp_path: Path, kind: str) -> None:
    source, format_, found = load(save(tmp_path, "result.json", document(chat(message(1), type=kind))))
    assert (format_.name, found) == ("telegram_desktop", [])
    assert source.doubts == {"messages of private talks, passed over": 1}


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
    assert source.doubts == {"messages whose author has no number": 2}


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
    assert source.doubts == {
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
    assert source.doubts == {"contacts that were shared in a message, not read": 1}
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
    assert source.doubts["messages of private talks, passed over"] == 1


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
    assert source.doubts == {"the last record is damaged: the file may be cut": 1}
    between = whole[: whole.index("{", whole.index('"id": 2'))].rstrip().rstrip(",")
    source, _, found = load(save(tmp_path, "b", between))
    assert (len(kept(found)), rejected(found)) == (2, [])
    assert source.doubts == {"the document is not closed: the file may be cut": 1}
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
    assert len(found) + sum(n for what, n in source.doubts.items() if "service" in what) == len(copies)


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
    assert source.doubts == {"messages whose author has no number": 1}


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
    assert source.doubts == {"further messages of an album, joined to its first": 2}
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
    assert source.doubts == {
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
    assert source.doubts == {"marks that point outside the text, not read": 1}
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
    counted = sum(n for what, n in source.doubts.items() if any(word in what for word in passed))
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
