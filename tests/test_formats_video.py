"""Formats of YouTube and TikTok: field values, times that are no times, authors that are missing, odd escapes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from exports import has, kept, lines, load, rejected, save, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from needs import examples
from worlds import desk, report

import kit
from kit.errors import InputError
from kit.loaders import objects
from kit.loaders.youtube import escaped, fields

VIDEO, OTHER = "aB3dE5gH7kI", "zY9xW7vU5tA"
OWNER, ANN, BOB = (f"UC{letter * 22}" for letter in "oab")
TOP, REPLY = "UgyTopTopTopTopTop4AaABAg", "UgyTopTopTopTopTop4AaABAg.9reply9reply9"
# 7106594312292453675 >> 32 is this second
TIKTOK, TIKTOK_TIME = "7106594312292453675", datetime(2022, 6, 7, 20, 15, 27)
TIKTOK_SECONDS = 1654632927
CLIP, CLIP_REPLY = "7106594400000000001", "7106594500000000002"

# --- YouTube Data API


def comment(id_: str, author: str, name: str, text: str | None, **more: Any) -> dict[str, Any]:
    snippet = {
        "authorDisplayName": name,
        "authorChannelUrl": f"http://www.youtube.com/channel/{author}",
        "authorChannelId": {"value": author},
        "textDisplay": "shown",
        "textOriginal": text,
        "likeCount": 3,
        "publishedAt": "2024-05-01T10:20:30.000Z",
        "updatedAt": "2024-05-01T10:20:30.000Z",
        **more,
    }
    return {"kind": "youtube#comment", "id": id_, "snippet": snippet}


THREAD: dict[str, Any] = {
    "kind": "youtube#commentThread",
    "id": TOP,
    "snippet": {
        "channelId": OWNER,
        "videoId": VIDEO,
        "topLevelComment": comment(
            TOP, ANN, "@Ann-Example", "look https://news.invalid/a(b), #Tag", channelId=OWNER, videoId=VIDEO
        ),
        "totalReplyCount": 7,
    },
    "replies": {"comments": [comment(REPLY, BOB, "@bob", "@Ann-Example no", parentId=TOP)]},
}
VIDEO_ITEM: dict[str, Any] = {
    "kind": "youtube#video",
    "id": VIDEO,
    "snippet": {
        "publishedAt": "2024-04-30T08:00:00Z",
        "channelId": OWNER,
        "title": "A title &amp; more",
        "description": "Described.\nhttps://news.invalid/b. #Über",
        "channelTitle": "Owner Example",
        "tags": ["hidden"],
        "defaultLanguage": "en",
        "defaultAudioLanguage": "fr",
    },
    "statistics": {"viewCount": "9007199254740993", "likeCount": "12", "commentCount": "0"},
    "status": {"privacyStatus": "unlisted"},
}
SEARCH: dict[str, Any] = {
    "kind": "youtube#searchListResponse",
    "items": [
        {
            "kind": "youtube#searchResult",
            "id": {"kind": "youtube#video", "videoId": VIDEO},
            "snippet": {
                "publishedAt": "2024-04-30T08:00:00Z",
                "channelId": OWNER,
                "title": "It&#39;s &lt;new&gt;",
                "description": "cut ...",
                "channelTitle": "Owner Example",
            },
        },
        {
            "kind": "youtube#searchResult",
            "id": {"kind": "youtube#channel", "channelId": OWNER},
            "snippet": {"publishedAt": "2010-01-02T03:04:05Z", "channelId": OWNER, "title": "Owner &amp; Co"},
        },
        {
            "kind": "youtube#searchResult",
            "id": {"kind": "youtube#playlist", "playlistId": "PL1"},
            "snippet": {},
        },
    ],
}
CHANNEL: dict[str, Any] = {
    "kind": "youtube#channel",
    "id": OWNER,
    "snippet": {
        "title": "Owner Example",
        "description": "We report.",
        "customUrl": "@Owner.Example",
        "publishedAt": "2010-01-02T03:04:05Z",
        "country": "CA",
    },
    "statistics": {
        "viewCount": "5",
        "subscriberCount": "1230",
        "hiddenSubscriberCount": False,
        "videoCount": "41",
    },
}


def page(kind: str, *items: Any) -> dict[str, Any]:
    return {"kind": f"youtube#{kind}ListResponse", "items": list(items), "nextPageToken": "x"}


# --- yt-dlp

INFO: dict[str, Any] = {
    "id": VIDEO,
    "title": "A title",
    "formats": [{"format_id": "sb0", "url": "https://expires.invalid"}],
    "description": "Described. #Tag https://news.invalid/b",
    "uploader": "Owner Example",
    "uploader_id": "@Owner.Example",
    "channel": "Owner Example",
    "channel_id": OWNER,
    "channel_follower_count": 1230,
    "timestamp": 1714464000,
    "upload_date": "20240430",
    "view_count": 99,
    "like_count": 12,
    "comment_count": 3,
    "availability": "public",
    "webpage_url": f"https://www.youtube.com/watch?v={VIDEO}",
    "extractor_key": "Youtube",
    "epoch": 1719828000,
    "_type": "video",
    "comments": [
        {
            "id": TOP,
            "parent": "root",
            "text": "first https://news.invalid/c",
            "like_count": 1200,
            "author": "@Ann-Example",
            "author_id": ANN,
            "author_is_verified": True,
            "timestamp": 1711929600,
            "_time_text": "3 months ago (edited)",
        },
        {
            "id": REPLY,
            "parent": TOP,
            "text": "@Ann-Example no",
            "like_count": None,
            "author": "@bob",
            "author_id": BOB,
            "timestamp": 1711929600,
            "_time_text": "3 months ago",
        },
        {"id": "UgyGone", "parent": "root", "text": "x", "author": "", "author_id": None, "timestamp": None},
    ],
}
TIKTOK_INFO: dict[str, Any] = {
    "id": TIKTOK,
    "title": "clip #Tag…",
    "description": "clip #Tag and the rest",
    "uploader": "Clip.Maker",
    "uploader_id": "6800000000000000001",
    "channel": "Clip Maker",
    "channel_id": "MS4wLjABAAAA",
    "timestamp": TIKTOK_SECONDS,
    "repost_count": 4,
    "webpage_url": f"https://www.tiktok.com/@Clip.Maker/video/{TIKTOK}",
    "extractor_key": "TikTok",
}
X_INFO = {
    "id": "1394735776000000000",
    "display_id": "1394735776701816833",
    "title": "Some One - words",
    "description": "words",
    "uploader": "Some One",
    "uploader_id": "SomeOne",
    "timestamp": 1621365896,
    "webpage_url": "https://x.invalid/1",
    "extractor_key": "Twitter",
}
PLAYLIST = {
    "id": "PL1",
    "_type": "playlist",
    "extractor_key": "YoutubeTab",
    "webpage_url": "https://www.youtube.com/playlist?list=PL1",
    "entries": [
        {k: v for k, v in INFO.items() if k != "comments"},
        None,
        {"_type": "url", "ie_key": "Youtube", "id": OTHER, "title": "flat", "view_count": 5},
        {"_type": "playlist", "id": "PL2", "entries": [{**INFO, "id": "bB3dE5gH7kI", "comments": None}]},
    ],
}

# --- youtube-comment-downloader

DOWNLOADED: list[dict[str, Any]] = [
    {
        "cid": TOP,
        "text": "voilà https://news.invalid/d",
        "time": "il y a 2 mois (modifié)",
        "author": "@Ann-Example",
        "channel": ANN,
        "votes": "1.2K",
        "replies": "2",
        "photo": "https://photo.invalid",
        "heart": False,
        "reply": False,
        "time_parsed": 1711929600.498626,
    },
    {
        "cid": REPLY,
        "text": "@Ann-Example 不",
        "time": "2 年前",
        "author": "@bob",
        "channel": BOB,
        "votes": "168",
        "replies": "",
        "heart": True,
        "reply": True,
    },
]

# --- YouTube Data Tools

COMMENT_ROW: dict[str, Any] = {
    "id": TOP,
    "replyCount": "1",
    "likeCount": "3",
    "publishedAt": "2024-05-01 10:20:30",
    "authorName": "@Ann-Example",
    "text": "one line, with a comma",
    "authorChannelId": ANN,
    "authorChannelUrl": f"http://www.youtube.com/channel/{ANN}",
    "isReply": "0",
    "isReplyTo": "",
    "isReplyToName": "",
}
REPLY_ROW = {
    **COMMENT_ROW,
    "id": REPLY,
    "replyCount": "",
    "authorName": "@bob",
    "authorChannelId": BOB,
    "authorChannelUrl": f"http://www.youtube.com/channel/{BOB}",
    "isReply": "1",
    "isReplyTo": TOP,
    "isReplyToName": "@Ann-Example",
}
NEWER_ROW = {
    "videoId": VIDEO,
    "id": REPLY,
    "totalReplyCount": "",
    "inferredReplyCount": "0",
    "inferredLevel": "1",
    "likeCount": "3",
    "publishedAt": "2024-05-01 10:20:30",
    "authorName": "@bob",
    "authorChannelId": BOB,
    "isChannelOwner": "no",
    "text": 'she said "no"',
    "isReply": "1",
    "threadId": TOP,
    "isReplyToId": TOP,
    "isReplyToName": "@Ann-Example",
}
VIDEO_ROW: dict[str, Any] = {
    "channelId": OWNER,
    "channelTitle": "Owner Example",
    "videoId": VIDEO,
    "publishedAt": "2024-04-30T08:00:00Z",
    "publishedAtSQL": "2024-04-30 08:00:00",
    "videoTitle": "A title",
    "videoDescription": "Described. https://news.invalid/b #Tag",
    "tags": "hidden",
    "duration": "PT1H0M5S",
    "durationSec": "5",
    "defaultLanguage": "",
    "defaultLAudioLanguage": "en-US",
    "viewCount": "99",
    "likeCount": "",
    "dislikeCount": "",
    "favoriteCount": "0",
    "commentCount": "7",
}
CHANNEL_ROW: dict[str, Any] = {
    "position": "1",
    "id": OWNER,
    "title": "Owner Example",
    "description": "We report.",
    "publishedAt": "2010-01-02T03:04:05Z",
    "defaultLanguage": "en",
    "country": "CA",
    "viewCount": "5",
    "subscriberCount": "1230",
    "videoCount": "41",
    "thumbnail": "https://photo.invalid",
    "keywords": "a|b",
    "topicDetails": "Politics",
}
FACTS = {
    "id": VIDEO,
    "published": "2024-04-30 08:00:00",
    "published_unix": "1714464000",
    "title": "A title",
    "description": "Described.",
    "channelId": OWNER,
    "channelTitle": "Owner Example",
    "duration": "PT1H0M5S",
    "viewCount": "99",
    "likeCount": "12",
    "commentCount": "7",
}


def php(value: str, delimiter: str = ",") -> str:
    """A cell as PHP writes it: a quote is doubled unless a backslash stands right before it."""
    if not re.search(r'[\s"\\' + delimiter + "]", value):
        return value
    out, bare = "", False
    for sign in value:
        out += '""' if sign == '"' and not bare else sign
        bare = sign == "\\"
    return f'"{out}"'


def php_table(rows: list[dict[str, Any]], delimiter: str = ",") -> str:
    whole = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(delimiter.join(php(cell, delimiter) for cell in row) + "\n" for row in whole)


def bare_table(rows: list[dict[str, Any]]) -> str:
    """The oldest layout: tabs, and quotes that mean nothing."""
    return "".join("\t".join(row) + "\n" for row in [list(rows[0]), *(list(row.values()) for row in rows)])


# --- TikTok

RESEARCH: dict[str, Any] = {
    "id": int(TIKTOK),
    "username": "Clip.Maker",
    "video_description": "clip #Tag",
    "create_time": TIKTOK_SECONDS + 3,
    "region_code": "US",
    "hashtag_names": ["Tag", "Über"],
    "video_mention_list": ["@Other.One", ""],
    "music_id": 7106590000000000009,
    "view_count": 1050,
    "like_count": 9,
    "comment_count": 2,
    "share_count": 1,
    "favourites_count": 4,
}
RESEARCH_COMMENTS: list[dict[str, Any]] = [
    {
        "id": int(CLIP),
        "video_id": int(TIKTOK),
        "text": "so true #Tag @Other.One",
        "create_time": TIKTOK_SECONDS + 60,
        "like_count": 50,
        "reply_count": 10,
        "parent_comment_id": int(TIKTOK),
    },
    {
        "id": int(CLIP_REPLY),
        "video_id": int(TIKTOK),
        "text": "no",
        "create_time": TIKTOK_SECONDS + 90,
        "like_count": 0,
        "reply_count": 0,
        "parent_comment_id": int(CLIP),
    },
]
RESEARCH_USER = {
    "bio_description": "bio",
    "is_verified": False,
    "likes_count": 27155089,
    "video_count": 44,
    "avatar_url": "https://photo.invalid",
    "follower_count": 232,
    "following_count": 45,
    "display_name": "Clip Maker",
}


def research(**data: Any) -> dict[str, Any]:
    return {"data": {**data, "cursor": 100, "has_more": True}, "error": {"code": "ok", "message": ""}}


PYKTOK: dict[str, Any] = {
    "video_id": TIKTOK,
    "video_timestamp": "2022-06-07T16:15:27",
    "video_duration": "15.0",
    "video_locationcreated": "US",
    "video_diggcount": "9.0",
    "video_sharecount": "",
    "video_commentcount": "2",
    "video_playcount": "1050",
    "video_description": "clip, #Tag",
    "video_is_ad": "False",
    "video_stickers": "a;b",
    "author_username": "Clip.Maker",
    "author_name": "Clip Maker",
    "author_followercount": "232",
    "author_followingcount": "45",
    "author_heartcount": "27155089",
    "author_videocount": "44",
    "author_diggcount": "1",
    "author_verified": "False",
    "poi_name": "",
    "poi_address": "",
    "poi_city": "",
}
WEB: dict[str, Any] = {
    "id": TIKTOK,
    "desc": "clip #Tag @Other.One",
    "createTime": str(TIKTOK_SECONDS + 3),
    "textLanguage": "un",
    "locationCreated": "FR",
    "author": {
        "id": "6800000000000000001",
        "uniqueId": "Clip.Maker",
        "nickname": "Clip Maker",
        "signature": "bio",
        "verified": False,
        "privateAccount": False,
        "secUid": "MS4wLjABAAAA",
    },
    "authorStats": {
        "followerCount": 232,
        "followingCount": 45,
        "videoCount": 44,
        "diggCount": 1,
        "heartCount": 2,
    },
    "stats": {
        "diggCount": 2147483647,
        "commentCount": 2,
        "shareCount": 1,
        "playCount": 1050,
        "collectCount": 4,
    },
    "statsV2": {"diggCount": "2400000000", "commentCount": "2", "shareCount": "1", "playCount": "1050"},
    "challenges": [{"id": "1", "title": "Über"}],
    "textExtra": [
        {"hashtagName": "Tag", "userId": "", "userUniqueId": ""},
        {"hashtagName": "", "userId": "6800000000000000002", "userUniqueId": "Other.One"},
    ],
    "music": {
        "id": "7106590000000000009",
        "title": "sound",
        "playUrl": "https://cdn.invalid/1.mp3?x-expires=1",
    },
    "video": {"duration": 15, "downloadAddr": "https://cdn.invalid/1.mp4?x-expires=1"},
    "duetInfo": {"duetFromId": "0"},
    "isAd": False,
}
WEB_COMMENT: dict[str, Any] = {
    "cid": CLIP,
    "id": CLIP,
    "aweme_id": TIKTOK,
    "reply_id": "0",
    "reply_to_reply_id": "0",
    "text": "so true #Tag @Other.One",
    "create_time": TIKTOK_SECONDS + 60,
    "digg_count": 50,
    "reply_comment_total": 10,
    "comment_language": "en",
    "user": {"uid": "6800000000000000003", "unique_id": "ann.example", "nickname": "Ann", "sec_uid": "MS4"},
    "text_extra": [{"user_id": "6800000000000000002", "sec_uid": "MS5", "hashtag_name": ""}],
    "share_info": {"url": f"https://m.tiktok.com/v/{TIKTOK}.html?secret", "title": "clip"},
    "author_pin": False,
    "stick_position": 0,
    "reply_comment": [
        {
            "cid": CLIP_REPLY,
            "aweme_id": TIKTOK,
            "reply_id": CLIP,
            "reply_to_reply_id": "0",
            "text": "no",
            "create_time": TIKTOK_SECONDS + 90,
            "user": {"uid": "6800000000000000004", "nickname": "Bob"},
        }
    ],
}
CSV_POST: dict[str, Any] = {
    "collected_from_url": "https://www.tiktok.com/search?q=secret",
    "id": TIKTOK,
    "thread_id": TIKTOK,
    "author": "Clip.Maker",
    "author_full": "Clip Maker",
    "author_followers": "232",
    "author_likes": "1",
    "author_videos": "44",
    "body": "clip #Tag",
    "timestamp": "2022-06-07 20:15:30",
    "unix_timestamp": str(TIKTOK_SECONDS + 3),
    "is_duet": "yes",
    "is_ad": "no",
    "music_id": "7106590000000000009",
    "music_url": "https://cdn.invalid/1.mp3",
    "video_url": "https://cdn.invalid/1.mp4?a=1,2",
    "tiktok_url": f"https://www.tiktok.com/@Clip.Maker/video/{TIKTOK}",
    "likes": "9",
    "comments": "0",
    "shares": "1",
    "plays": "1050",
    "hashtags": "Tag",
    "challenges": "Über,Tag",
    "missing_fields": "comments",
}
CSV_COMMENT: dict[str, Any] = {
    "id": CLIP_REPLY,
    "thread_id": CLIP,
    "author": "@6800000000000000004",
    "author_full": "Bob",
    "body": "no",
    "timestamp": "2022-06-07 22:16:57",
    "unix_timestamp": str(TIKTOK_SECONDS + 90),
    "likes": "0",
    "replies": "0",
    "post_id": TIKTOK,
    "comment_url": "https://m.tiktok.com/v/1.html",
    "is_comment_on_comment": "yes",
    "language_guess": "en",
    "missing_fields": "author,replies",
}


def envelope(platform: str, data: Any) -> dict[str, Any]:
    about = {
        "id": 1,
        "nav_index": "1:2:3",
        "item_id": "1",
        "timestamp_collected": 1704164645678,
        "source_platform": platform,
        "source_platform_url": "https://www.tiktok.com/search?q=secret",
        "source_url": "https://www.tiktok.com/api",
        "user_agent": "the investigator's browser",
    }
    return {**about, "data": data}


NAMED = f"videoinfo_{VIDEO}_2024_06_01-10_00_00_comments"
#: name of the file, format that must claim it, content
FIXTURES: dict[str, tuple[str, str, str]] = {
    "api threads": ("a.json", "youtube_api", json.dumps(page("commentThread", THREAD), indent=1)),
    "api list of pages": (
        "a.json",
        "youtube_api",
        json.dumps([page("video", VIDEO_ITEM), page("commentThread", THREAD)]),
    ),
    "api thread a line": ("a.jsonl", "youtube_api", lines(THREAD)),
    "api comments": ("a.json", "youtube_api", json.dumps(page("comment", THREAD["replies"]["comments"][0]))),
    "api videos": ("a.json", "youtube_api", json.dumps(page("video", VIDEO_ITEM))),
    "api search": ("a.json", "youtube_api", json.dumps(SEARCH)),
    "api empty page": ("a.json", "youtube_api", json.dumps(page("commentThread"))),
    "api channels": ("a.json", "youtube_api_channels", json.dumps(page("channel", CHANNEL))),
    "api search for channels": (
        "a.json",
        "youtube_api_channels",
        json.dumps({**SEARCH, "items": SEARCH["items"][1:2]}),
    ),
    "yt-dlp": ("a.info.json", "yt_dlp", json.dumps(INFO)),
    "yt-dlp cut before its extractor": (
        "a.info.json",
        "yt_dlp",
        json.dumps({**INFO, "formats": [{"format_id": str(n), "url": "x" * 2000} for n in range(50)]}),
    ),
    "yt-dlp playlist": ("a.info.json", "yt_dlp", json.dumps(PLAYLIST)),
    "yt-dlp lines": ("a.jsonl", "yt_dlp", lines(INFO, TIKTOK_INFO, X_INFO)),
    "downloader lines": (f"{VIDEO}.json", "youtube_comment_downloader", lines(*DOWNLOADED)),
    "downloader object": (
        f"{VIDEO}.json",
        "youtube_comment_downloader",
        json.dumps({"comments": DOWNLOADED}, indent=4),
    ),
    "tools comments": (f"{NAMED}.csv", "youtube_data_tools_comments", php_table([COMMENT_ROW, REPLY_ROW])),
    "tools comments, tabs": (
        f"{NAMED}.tab",
        "youtube_data_tools_comments",
        php_table([COMMENT_ROW, REPLY_ROW], "\t"),
    ),
    "tools comments, bare": (
        f"{NAMED}.tab",
        "youtube_data_tools_comments",
        bare_table([COMMENT_ROW, REPLY_ROW]),
    ),
    "tools comments, newer": ("a.csv", "youtube_data_tools_comments", table([NEWER_ROW])),
    "tools videos": ("videolist.csv", "youtube_data_tools_videos", php_table([VIDEO_ROW])),
    "tools videos, bare": ("videolist.tab", "youtube_data_tools_videos", bare_table([VIDEO_ROW])),
    "tools channels": ("channelsearch.csv", "youtube_data_tools_channels", php_table([CHANNEL_ROW])),
    "tools facts": (
        "videoinfo_x_basicinfo.csv",
        "youtube_data_tools_video",
        "".join(f"{name},{php(value)}\n" for name, value in FACTS.items()),
    ),
    "research videos": ("a.json", "tiktok_research", json.dumps(research(videos=[RESEARCH]), indent=1)),
    "research pages": (
        "a.json",
        "tiktok_research",
        json.dumps([research(videos=[RESEARCH]), research(videos=[])]),
    ),
    "research video a line": ("a.jsonl", "tiktok_research", lines(RESEARCH)),
    "research empty": ("a.json", "tiktok_research", json.dumps(research(videos=[]))),
    "research comments": (
        "a.json",
        "tiktok_research_comments",
        json.dumps(research(comments=RESEARCH_COMMENTS)),
    ),
    "research comment a line": ("a.jsonl", "tiktok_research_comments", lines(*RESEARCH_COMMENTS)),
    "research user": (
        "a.json",
        "tiktok_research_users",
        json.dumps({"data": RESEARCH_USER, "error": {"code": "ok"}}),
    ),
    "research user a line": (
        "a.jsonl",
        "tiktok_research_users",
        lines({"username": "Clip.Maker", **RESEARCH_USER}),
    ),
    "pyktok": ("a.csv", "tiktok_pyktok", table([PYKTOK])),
    "zeeschuimer": (
        "a.ndjson",
        "zeeschuimer",
        lines(envelope("tiktok.com", WEB), envelope("tiktok-comments", WEB_COMMENT)),
    ),
    "4cat videos": ("a.csv", "fourcat_tiktok", table([CSV_POST])),
    "zeeschuimer videos": ("a.csv", "fourcat_tiktok", table([CSV_POST], delimiter=";")),
    "4cat comments": ("a.csv", "fourcat_tiktok_comments", table([CSV_COMMENT])),
}


def read(tmp_path: Path, name: str, **options: Any) -> tuple[Counter[str], list[Any]]:
    file, _, data = FIXTURES[name]
    source, _, found = load(save(tmp_path, file, data), **options)
    return source.warnings, found


# --- YouTube Data Tools


ODD = [
    "ends in a backslash \\",
    'a quote behind one \\" in the middle',
    'ends in both \\"',
    '\\"\\"',
    'says "no", she \\ said',
    "\\",
    '"',
    '"" \\\\"',
    'a\\"",b',
    "tab\\\\ and , comma\\",
]


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("text", ODD)
def test_tools_backslashes_before_quotes(tmp_path: Path, text: str, delimiter: str) -> None:
    rows = [COMMENT_ROW, {**COMMENT_ROW, "id": "UgyOdd", "text": text}, REPLY_ROW]
    _, _, found = load(save(tmp_path, f"{NAMED}.csv", php_table(rows, delimiter)))
    assert [(r.values["post_id"], r.values["text"]) for r in kept(found)] == [
        (TOP, COMMENT_ROW["text"]),
        ("UgyOdd", text),
        (REPLY, COMMENT_ROW["text"]),
    ]


def test_tools_a_line_is_read_in_the_dialect_that_fits() -> None:
    assert escaped._cells(b'"a\\""""', ",", 1, True) == ['a\\""']  # PHP's
    assert escaped._cells(b'"a\\"""', ",", 1, True) == ['a\\"']  # an ordinary table's
    assert escaped._cells(b'"a\\",","b\\","c"', ",", 3, True) == [
        'a\\",',
        "b\\",
        "c",
    ]  # of two, the one that fits


CELL = st.text(alphabet='ab"\\, ;é\U0001f600', max_size=12)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(CELL, min_size=2, max_size=6), st.sampled_from([",", "\t"]))
def test_what_php_writes_is_read_back_or_set_aside(cells: list[str], delimiter: str) -> None:
    """A line is never read as something else than was written."""
    line = delimiter.join(php(cell, delimiter) for cell in cells)
    try:
        found = escaped._cells(line.encode() + b"\r\n", delimiter, len(cells), True)
    except escaped._Unread:
        assert '\\"' in line
        return
    assert found == cells


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(CELL, min_size=2, max_size=6))
def test_what_the_newest_tool_writes_is_read_back(cells: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    assert escaped._cells(out.getvalue().encode(), ",", len(cells), False) == cells


def test_tools_channels_and_facts(tmp_path: Path) -> None:
    _, found = read(tmp_path, "tools channels")
    has(
        kept(found)[0].values,
        account_id=OWNER,
        display_name="Owner Example",
        bio="We report.",
        location="CA",
        created_at=datetime(2010, 1, 2, 3, 4, 5),
        followers=1230,
        posts_stated=41,
    )
    _, found = read(tmp_path, "tools facts")
    (video,) = kept(found)
    has(
        video.values,
        post_id=VIDEO,
        account_id=OWNER,
        text="A title\n\nDescribed.",
        views=99,
        likes=12,
        replies=7,
    )
    has(video.values, created_at=datetime(2024, 4, 30, 8), time_precision="second")
    cut = "".join(f"{name},{php(value)}\n" for name, value in list(FACTS.items())[:3])
    with pytest.raises(InputError, match="the row 'title' is missing"):
        load(save(tmp_path, "c.csv", cut))


# --- across formats


@pytest.mark.parametrize(
    "text,urls",
    [
        (None, []),
        ("see http://a.invalid, (https://b.invalid/x_(y)) and HTTPS://C.invalid/?q=1#z!", 3),
        (
            "https://a.invalid。还有https://b.invalid/路径，完",
            ["https://a.invalid", "https://b.invalid/路径"],
        ),
        ("https://a.invalid https://a.invalid", ["https://a.invalid"]),
        ("https:// http://localhost javascript:alert(1)", []),
        ('<a href="https://a.invalid/x">', ["https://a.invalid/x"]),
    ],
)
def test_links_in_running_text(text: str | None, urls: Any) -> None:
    found = [link["url"] for link in objects.links_in(text)]
    assert found == (
        ["http://a.invalid", "https://b.invalid/x_(y)", "HTTPS://C.invalid/?q=1#z"] if urls == 3 else urls
    )


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_made_plain(text: str) -> None:
    plain = fields.plain(text) or ""
    assert len(plain) <= len(text) or "&" in text
    fields.links(text, text)
    fields.mentions(text, "@a-b")
    objects.links_in("https://" + text)


def test_hostile_texts_take_no_time() -> None:
    """A million signs of the worst kind: each is read in about one pass."""
    for bad in ("<a ", '<a href="', "<br", "&#", "(" * 3 + ")", "https://a.b" + ")", "@", "<a x='"):
        text = bad * (1_000_000 // len(bad))
        fields.plain(text)
        fields.links(text, text)
        fields.mentions(text, "@a-b")
        objects.links_in(text)
        objects.links_in("https://" + text)


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from(sorted(FIXTURES)), data=st.data())
def test_cut_files_never_stop_a_reader(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Half a download: records, rejections or one clear error, never a crash."""
    file, format_, content = FIXTURES[name]
    raw = content.encode()
    end = data.draw(st.integers(1, len(raw)))
    try:
        _, _, found = load(save(tmp_path, file, raw[:end]), format=format_)
    except InputError:
        return
    assert all(item.number for item in found)


# --- real files


def stated(written: str) -> datetime:
    """A time of the Data API, read on its own."""
    return datetime.fromisoformat(written.replace("Z", "+00:00")).astimezone(UTC).replace(tzinfo=None)


def differing(value: dict[str, Any] | None, **expected: Any) -> list[str]:
    """Names of the columns that differ: real handles and texts stay out of a test's output."""
    return [name for name, one in expected.items() if (value or {}).get(name) != one]


@pytest.mark.real
def test_real_api_threads(real_data: Path) -> None:
    folder = real_data / "format-samples" / "youtube-data-api"
    files = sorted(folder.glob("comment_threads_*.json"))
    assert len(files) == 3
    seen = 0
    for path in files:
        raw = json.loads(path.read_text(encoding="utf-8"))["items"]
        source, format_, found = load(path)
        assert (format_.name, len(rejected(found))) == ("youtube_api", 0)
        assert len(kept(found)) == len(raw)
        for record, thread in zip(kept(found), raw, strict=True):
            said = thread["snippet"]["topLevelComment"]["snippet"]
            video = said.get("videoId")
            wrong = differing(
                record.values,
                post_id=thread["snippet"]["topLevelComment"]["id"],
                account_id=said["authorChannelId"]["value"],
                created_at=stated(said["publishedAt"]),
                time_source="field",
                text=said["textOriginal"],
                likes=said["likeCount"],
                replies=thread["snippet"]["totalReplyCount"],
                reply_to_id=video,
                root_id=video,
                target_account_id=said.get("channelId"),
                is_reply=True,
            )
            assert not wrong + differing(record.author, display_name=said["authorDisplayName"], handle=None)
            seen += 1
        assert sum(source.warnings.values()) == sum("videoId" not in one["snippet"] for one in raw)
    assert seen == 11
    linked = kept(load(folder / "comment_threads_by_video_paged_1.json")[2])[0].values
    assert linked["urls"] == [{"url": "http://google.com/", "expanded_url": None}]


@pytest.mark.real
def test_real_api_replies_videos_search_and_channels(real_data: Path) -> None:
    folder = real_data / "format-samples" / "youtube-data-api"
    raw = {path.name: json.loads(path.read_text(encoding="utf-8"))["items"] for path in folder.glob("*.json")}
    counts = {}
    for name, items in raw.items():
        _, format_, found = load(folder / name)
        assert not rejected(found)
        assert len(kept(found)) == len(items)
        counts[name] = format_.name
        for record, one in zip(kept(found), items, strict=True):
            snippet = one["snippet"]
            if name.startswith("comments_"):
                assert not differing(
                    record.values,
                    post_id=one["id"],
                    reply_to_id=snippet["parentId"],
                    root_id=None,
                    text=snippet["textOriginal"],
                    created_at=stated(snippet["publishedAt"]),
                    account_id=snippet["authorChannelId"]["value"],
                )
            elif name.startswith("videos_"):
                assert not differing(
                    record.values,
                    post_id=one["id"],
                    account_id=snippet["channelId"],
                    text=f"{snippet['title']}\n\n{snippet['description']}",
                    created_at=stated(snippet["publishedAt"]),
                    language=snippet.get("defaultLanguage", "en"),
                    views=None,
                )
                assert not differing(record.author, display_name=snippet["channelTitle"])
            elif name.startswith("search_"):
                assert not differing(
                    record.values,
                    post_id=one["id"]["videoId"],
                    account_id=snippet["channelId"],
                    created_at=stated(snippet["publishedAt"]),
                )
                assert "&#39;" not in record.values["text"]
            elif name.startswith("info_"):
                assert record.table == "accounts"
                assert not differing(
                    record.values,
                    account_id=one["id"],
                    handle=snippet["customUrl"].removeprefix("@"),
                    display_name=snippet["title"],
                    bio=snippet["description"],
                    location=snippet.get("country"),
                    created_at=stated(snippet["publishedAt"]),
                    followers=int(one["statistics"]["subscriberCount"]),
                    posts_stated=int(one["statistics"]["videoCount"]),
                )
    assert Counter(counts.values()) == {"youtube_api": 7, "youtube_api_channels": 1}


@pytest.mark.real
def test_real_downloader(real_data: Path) -> None:
    folder = real_data / "format-samples" / "youtube-comment-downloader"
    raw = [json.loads(line) for line in (folder / "comments.jsonl").read_text(encoding="utf-8").splitlines()]
    assert json.loads((folder / "comments_pretty.json").read_text(encoding="utf-8"))["comments"] == raw
    for name in ("comments.jsonl", "comments_pretty.json"):
        source, format_, found = load(folder / name)
        assert (format_.name, len(rejected(found))) == ("youtube_comment_downloader", 0)
        for record, one in zip(kept(found), raw, strict=True):
            assert not differing(
                record.values,
                post_id=one["cid"],
                account_id=one["channel"],
                text=one["text"],
                likes=int(one["votes"]),
                time_source="estimate",
                time_precision="day",
                root_id=None,
            )
            at = record.values["created_at"].replace(tzinfo=UTC).timestamp()
            assert abs(at - one["time_parsed"]) < 0.001
        assert source.warnings == {fields.NO_VIDEO: 2}


@pytest.mark.real
def test_real_research_api(real_data: Path) -> None:
    folder = real_data / "format-samples" / "tiktok-research-api"
    raw = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    _, format_, found = load(folder / "example_resp_q_videos.json")
    assert (format_.name, len(rejected(found))) == ("tiktok_research", 0)
    for record, one in zip(kept(found), raw["example_resp_q_videos"]["data"]["videos"], strict=True):
        assert not differing(
            record.values,
            post_id=str(one["video_id"]),
            account_id=None,
            created_at=datetime.fromtimestamp(one["create_time"], UTC).replace(tzinfo=None),
            text=one["video_description"],
            hashtags=one["hashtag_names"],
            views=one["view_count"],
            replies=one["comment_count"],
            likes=None,
        )
        assert record.values["media"][1]["media_id"] == str(one["music_id"])
    _, format_, found = load(folder / "example_resp_comments.json")
    assert (format_.name, len(rejected(found))) == ("tiktok_research_comments", 0)
    for record, one in zip(kept(found), raw["example_resp_comments"]["data"]["comments"], strict=True):
        assert not differing(
            record.values,
            post_id=str(one["id"]),
            account_id=None,
            reply_to_id=str(one["parent_comment_id"]),
            root_id=str(one["video_id"]),
            created_at=datetime.fromtimestamp(one["create_time"], UTC).replace(tzinfo=None),
            likes=one["like_count"],
            replies=one["reply_count"],
        )
    user = raw["example_resp_q_user"]["data"]
    _, format_, found = load(folder / "example_resp_q_user.json")
    assert format_.name == "tiktok_research_users"
    assert [r.field for r in rejected(found)] == ["username"]  # the answer does not say whom it is about
    assert len(found) == 1
    _, _, found = load(folder / "example_resp_q_user.json", constants={"handle": "asked.for"})
    assert not differing(
        kept(found)[0].values,
        handle="asked.for",
        display_name=user["display_name"],
        bio=user["bio_description"],
        followers=user["follower_count"],
        following=user["following_count"],
        posts_stated=user["video_count"],
        verified=user["is_verified"],
    )
    with pytest.raises(InputError):  # a question and no answer
        load(folder / "example_query.json")


@pytest.mark.real
@pytest.mark.parametrize("name,rows", [("01-Psy", 350), ("02-KatyPerry", 350), ("03-LMFAO", 438)])
def test_real_comments_by_a_column_map(real_data: Path, name: str, rows: int) -> None:
    path = real_data / "data" / "youtube-spam-labelled" / f"Youtube{name}.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        raw = list(csv.DictReader(file))
    columns = {"post_id": "COMMENT_ID", "account_id": "AUTHOR", "created_at": "DATE", "text": "CONTENT"}
    declared = {"platform": "youtube", "columns": columns, "constants": {"kind": "reply", "is_reply": True}}
    with pytest.raises(InputError, match="without a zone"):
        load(path, **declared)
    _, format_, found = load(path, **declared, time={"zone": "UTC"})
    assert (format_.name, len(rejected(found)), len(kept(found)), len(raw)) == ("table", 0, rows, rows)
    assert len({record.values["post_id"] for record in kept(found)}) == rows
    for record, one in zip(kept(found), raw, strict=True):
        assert not differing(
            record.values,
            post_id=one["COMMENT_ID"],
            account_id=one["AUTHOR"].strip(),
            created_at=datetime.fromisoformat(one["DATE"]),
            text=one["CONTENT"],
            kind="reply",
            time_source="field",
            time_precision="millisecond" if "." in one["DATE"] else "second",
        )


# --- a case made of them


def test_every_export_stands_in_one_case_with_every_record_accounted_for(tmp_path: Path) -> None:
    """Videos and comments of both platforms, with and without authors, joined across tools."""
    with desk(tmp_path / "home") as home:
        entries = []
        for number, (name, (file, format_, data)) in enumerate(FIXTURES.items()):
            save(home / "reports" / "all", f"{number}/{file}", data)
            constants = {"constants": {"handle": "Clip.Maker"}} if "user" in name else {}
            entries.append({"path": f"{number}/{file}", "group": "studied", "format": format_, **constants})
        report(home, "all", exports=entries)
        case = kit.open("all", edition="internal")
        books = case.sql("SELECT read, kept, observations, duplicates, rejected FROM accounting")
        assert (books["read"] == books[["kept", "observations", "duplicates", "rejected"]].sum(axis=1)).all()
        # the fixtures give some posts in other words, and the case says so; nothing else is wrong with them
        reasons = case.sql("SELECT DISTINCT reason FROM rejected")["reason"].tolist()
        assert reasons == ["identifier seen before with other content"]
        assert case.sql("SELECT count(*) AS n FROM posts GROUP BY platform, post_id")["n"].max() == 1
        threads = case.sql(
            f"SELECT reply_to_id, root_id, target_account_id FROM posts WHERE post_id = '{TOP}'"
        )
        assert threads.values.tolist() == [[VIDEO, VIDEO, OWNER]]
        # one tool names the author of a comment, another one nobody: one comment, with its author
        said = case.sql(f"SELECT account_id, reply_to_id, likes FROM posts WHERE post_id = '{CLIP}'")
        assert said.values.tolist() == [["6800000000000000003", TIKTOK, 50]]
        channels = case.sql(f"SELECT handle, followers FROM accounts WHERE account_id = '{OWNER}'")
        assert channels.values.tolist() == [["Owner.Example", 1230]]


def test_comments_without_any_author_make_a_case(tmp_path: Path) -> None:
    with desk(tmp_path / "home") as home:
        save(home / "reports" / "nobody", "a.json", FIXTURES["research comments"][2])
        report(home, "nobody", exports=[{"path": "a.json", "group": "studied"}])
        case = kit.open("nobody", edition="internal")
        kept_ = case.sql(
            "SELECT post_id, account_id, account_key, root_id FROM all_posts ORDER BY created_at"
        )
        assert kept_["post_id"].tolist() == [CLIP, CLIP_REPLY]
        assert kept_["account_id"].isna().all()
        assert set(kept_["root_id"]) == {TIKTOK}
        assert case.sql("SELECT count(*) AS n FROM accounts")["n"].tolist() == [0]


def test_marks_at_the_start_half_characters_and_spreadsheets(tmp_path: Path) -> None:
    """What files go through on their way: a byte order mark, UTF-16, semicolons, half of an emoji."""
    for name in (
        "tools comments",
        "tools videos",
        "tools channels",
        "tools facts",
        "pyktok",
        "4cat comments",
    ):
        file, format_, data = FIXTURES[name]
        plain = [(r.values, r.author) for r in kept(load(save(tmp_path, file, data))[2])]
        for raw in (
            b"\xef\xbb\xbf" + data.encode(),
            data.encode("utf-16"),
            data.replace("\n", "\r\n").encode(),
        ):
            _, found_format, found = load(save(tmp_path, file, raw))
            assert found_format.name == format_
            assert [(r.values, r.author) for r in kept(found)] == plain
            assert not rejected(found)
    half = json.dumps(WEB).replace("clip #Tag @Other.One", "clip \\ud83d #Tag")
    source, _, found = load(
        save(
            tmp_path,
            "a.ndjson",
            json.dumps(envelope("tiktok.com", 0)).replace('"data": 0', f'"data": {half}'),
        )
    )
    assert kept(found)[0].values["text"] == "clip \ufffd #Tag"
    assert sum(source.warnings.values()) == 1
    emoji = {**COMMENT_ROW, "text": "👩‍👩‍👧 https://news.invalid/é ‮right to left"}
    _, _, found = load(save(tmp_path, f"{NAMED}.csv", php_table([emoji])))
    has(
        kept(found)[0].values,
        text=emoji["text"],
        urls=[{"url": "https://news.invalid/é", "expanded_url": None}],
    )
