"""Formats of YouTube and TikTok: field values, times that are no times, authors that are missing, odd escapes."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import exports
import pytest
from exports import kept, lines, load, rejected, save, table

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
        "text": "so true #Tag",
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
WEB_OLDER = {
    **{k: v for k, v in WEB.items() if k not in ("statsV2", "textLanguage", "music")},
    "author": "Clip.Maker",
    "nickname": "Clip Maker",
    "authorId": "6800000000000000001",
    "duetInfo": {"duetFromId": CLIP},
    "createTime": TIKTOK_SECONDS + 3,
}
WEB_COMMENT: dict[str, Any] = {
    "cid": CLIP,
    "id": CLIP,
    "aweme_id": TIKTOK,
    "reply_id": "0",
    "reply_to_reply_id": "0",
    "text": "so true @Other.One",
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


SEEN = datetime(2024, 1, 2, 3, 4, 5, 678000)
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


@pytest.mark.parametrize("name", FIXTURES)
def test_each_file_is_recognised_by_one_format_alone(tmp_path: Path, name: str) -> None:
    file, expected, data = FIXTURES[name]
    assert exports.recognised(save(tmp_path, file, data)) == [expected]


@pytest.mark.parametrize("name", FIXTURES)
def test_every_fixture_is_read_without_a_rejection(tmp_path: Path, name: str) -> None:
    file, expected, data = FIXTURES[name]
    users = {"constants": {"handle": "Clip.Maker"}} if name == "research user" else {}
    _, format_, found = load(save(tmp_path, file, data), **users)
    assert format_.name == expected
    assert [r.reason for r in rejected(found)] == []
    assert kept(found) or "empty" in name


def read(tmp_path: Path, name: str, **options: Any) -> tuple[Counter[str], list[Any]]:
    file, _, data = FIXTURES[name]
    source, _, found = load(save(tmp_path, file, data), **options)
    return source.doubts, found
