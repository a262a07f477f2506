"""Formats of Douyin, RedNote and WeChat, and of Weibo by Bazhuayu: field values, and what a file does not say."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import exports
import pytest
from exports import JUNK, has, kept, lines, load, rejected, save
from test_formats_tools import SEEN, copied, envelope

from kit.loaders import Rejection

# --- Douyin

VIDEO: dict[str, Any] = {
    "aweme_id": "7300000000000000001",
    "group_id": "7300000000000000001",
    "desc": "看 #样本 @某人",
    "create_time": 1704067200,
    "author": {
        "uid": "1000000000001",
        "sec_uid": "MS4wLjABAAAA",
        "nickname": "样本一",
        "signature": "简介",
        "follower_count": 12,
        "following_count": 3,
    },
    "statistics": {
        "digg_count": 5,
        "comment_count": 2,
        "share_count": 1,
        "play_count": 0,
        "collect_count": 4,
    },
    "text_extra": [
        {"hashtag_name": "样本", "start": 2},
        {"user_id": "1000000000002", "sec_uid": "MS4wLjABBBB"},
        {"user_id": "0"},
    ],
    "video": {"play_addr": {"url_list": ["https://v.invalid/1", "https://v.invalid/2"]}},
    "images": None,
    "music": {"mid": "88"},
    "is_ads": False,
}
#: the same out of a page, with pictures
EMBEDDED: dict[str, Any] = {
    "ZS_collected_from_embed": True,
    "awemeId": "7300000000000000002",
    "desc": "图",
    "createTime": 1704067201,
    "authorInfo": {"uid": "1000000000001", "secUid": "x", "nickname": "样本一"},
    "stats": {"diggCount": 5, "commentCount": 2, "shareCount": 1, "playCount": 70},
    "textExtra": [{"hashtagName": "图片"}],
    "images": [{"uri": "tos/1", "urlList": ["https://p.invalid/1.jpg"]}],
    "video": {"bitRateList": []},
    "cellRoom": "$undefined",
    "music": "$undefined",
    "isAds": "$undefined",
}


@pytest.mark.parametrize("wrapped", [envelope, copied])
def test_douyin(tmp_path: Path, wrapped: Any) -> None:
    source, _, found = load(
        save(tmp_path, "a", lines(*(wrapped("douyin.com", v) for v in (VIDEO, EMBEDDED))))
    )
    video, pictures = kept(found)
    has(
        video.values,
        platform="douyin",
        post_id="7300000000000000001",
        account_id="1000000000001",
        created_at=datetime(2024, 1, 1),
        time_source="field",
        kind="post",
        text="看 #样本 @某人",
        hashtags=["样本"],
        mentions=[{"account_id": "1000000000002", "handle": None}],
        media=[
            {
                "media_id": "7300000000000000001",
                "kind": "video",
                "url": "https://v.invalid/1",
                "alt_text": None,
            },
            {"media_id": "88", "kind": "audio", "url": None, "alt_text": None},
        ],
        likes=5,
        replies=2,
        reposts=1,
        views=None,  # 5 likes without a view: it is not told
        captured_at=SEEN,
    )
    has(video.author, display_name="样本一", bio="简介", followers=12, following=3, handle=None)
    has(
        pictures.values,
        post_id="7300000000000000002",
        account_id="1000000000001",
        created_at=datetime(2024, 1, 1, 0, 0, 1),
        hashtags=["图片"],
        media=[{"media_id": "tos/1", "kind": "image", "url": "https://p.invalid/1.jpg", "alt_text": None}],
        views=70,
    )
    assert not source.doubts


def test_douyin_streams_advertisements_and_unknown_authors(tmp_path: Path) -> None:
    rows = [
        {"rawdata": "{}", "aweme_id": "1"},
        {**EMBEDDED, "cellRoom": {"rawdata": {"title": "live"}}},
        {**VIDEO, "is_ads": True},
        {**VIDEO, "author": None},
        {**VIDEO, "aweme_id": None},
    ]
    source, _, found = load(save(tmp_path, "a", lines(*(envelope("douyin.com", row) for row in rows))))
    (alone,) = kept(found)
    has(alone.values, account_id=None)
    assert [(r.number, r.field) for r in rejected(found)] == [
        (1, "rawdata"),
        (2, "rawdata"),
        (3, "is_ads"),
        (5, "aweme_id"),
    ]
    assert source.doubts == {"posts whose author is not named by a number: they have no account": 1}


# --- RedNote

NOTE_ID = "6591f80000000000abcdef01"  # its first eight signs are 2023-12-31 23:23:44
NOTE: dict[str, Any] = {
    "id": NOTE_ID,
    "xsec_token": "secret",
    "note_card": {
        "type": "video",
        "display_title": "题目",
        "desc": "正文 #样本[话题]#",
        "time": 1704067200123,
        "user": {"user_id": "5f0000000000000000000001", "nickname": "样本一"},
        "interact_info": {"liked_count": "1.2万", "comment_count": "10+", "share_count": "3"},
        "tag_list": [{"name": "样本", "type": "topic"}],
        "at_user_list": [{"user_id": "5f0000000000000000000002", "nickname": "样本二"}],
        "image_list": [
            {"url_default": "https://p.invalid/1"},
            {
                "info_list": [
                    {"image_scene": "WB_PRV", "url": "https://p.invalid/s"},
                    {"image_scene": "WB_DFT", "url": "https://p.invalid/2"},
                ]
            },
        ],
    },
}
#: the same out of a page
EMBEDDED_NOTE = {
    "id": NOTE_ID,
    "note": {
        "title": "题目",
        "desc": "正文 #甲[话题]# #乙[话题]#",
        "time": 1704067200000,
        "xsecToken": "secret",
        "user": {"userId": "5f0000000000000000000001", "nickName": "样本一"},
        "interactInfo": {"likedCount": "7"},
        "imageList": [{"urlDefault": "https://p.invalid/1"}],
    },
}
TITLE_ALONE = {"id": NOTE_ID, "_zs-origin": "html", "title": "题目", "author_name": "样本一", "likes": "8"}
COMMENT: dict[str, Any] = {
    "id": "6591f90000000000abcdef02",
    "note_id": NOTE_ID,
    "content": "好 #样本",
    "create_time": 1704067260000,
    "ip_location": "某地",
    "user_info": {"user_id": "5f0000000000000000000003", "nickname": "样本三"},
    "like_count": "4",
    "sub_comment_count": "1",
    "at_users": [],
    "sub_comments": [
        {
            "id": "6591f90000000000abcdef03",
            "note_id": NOTE_ID,
            "content": "谢",
            "create_time": 1704067320000,
            "user_info": {"user_id": "5f0000000000000000000001", "nickname": "样本一"},
            "target_comment": {
                "id": "6591f90000000000abcdef02",
                "user_info": {"user_id": "5f0000000000000000000003"},
            },
        }
    ],
}


def test_rednote(tmp_path: Path) -> None:
    rows = [envelope("xiaohongshu.com", row) for row in (NOTE, EMBEDDED_NOTE, TITLE_ALONE)]
    source, _, found = load(save(tmp_path, "a", lines(*rows)))
    note, embedded, title = kept(found)
    has(
        note.values,
        platform="rednote",
        post_id=NOTE_ID,
        account_id="5f0000000000000000000001",
        created_at=datetime(2024, 1, 1, 0, 0, 0, 123000),
        time_source="field",
        time_precision="millisecond",
        text="题目\n\n正文 #样本[话题]#",
        hashtags=["样本"],
        mentions=[{"account_id": "5f0000000000000000000002", "handle": None}],
        media=[
            {"media_id": None, "kind": "image", "url": "https://p.invalid/1", "alt_text": None},
            {"media_id": None, "kind": "image", "url": "https://p.invalid/2", "alt_text": None},
            {"media_id": NOTE_ID, "kind": "video", "url": None, "alt_text": None},
        ],
        likes=None,
        replies=None,
        reposts=3,
        captured_at=SEEN,
    )
    has(note.author, display_name="样本一", handle=None)
    has(
        embedded.values,
        account_id="5f0000000000000000000001",
        created_at=datetime(2024, 1, 1),
        time_precision="second",
        hashtags=["甲", "乙"],
        likes=7,
    )
    has(
        title.values,
        account_id=None,
        text="题目",
        likes=8,
        created_at=datetime(2023, 12, 31, 23, 23, 44),
        time_source="estimate",
    )
    assert source.doubts == {
        "counts that RedNote shortens (1.2万): missing, as they are no numbers": 2,
        "notes of which the page held only a part": 1,
        "notes and comments whose author is not named by a number: they have no account": 1,
        "times read out of the number of a note, as an estimate": 1,
    }


def test_rednote_tiles_are_set_aside(tmp_path: Path) -> None:
    rows = [{"id": NOTE_ID, "cover": {"url": "https://p.invalid"}}, {"note_card": {"title": "题目"}}]
    _, _, found = load(save(tmp_path, "a", lines(*(envelope("xiaohongshu.com", row) for row in rows))))
    assert [(r.field, r.reason) for r in rejected(found)] == [
        ("", "a tile without anything of the note in it"),
        ("id", "no identifier"),
    ]


def test_rednote_comments(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "a", lines(envelope("xiaohongshu-comments", COMMENT))))
    (comment,) = kept(found)
    has(
        comment.values,
        post_id="6591f90000000000abcdef02",
        account_id="5f0000000000000000000003",
        created_at=datetime(2024, 1, 1, 0, 1),
        kind="reply",
        reply_to_id=NOTE_ID,
        root_id=NOTE_ID,
        text="好 #样本",
        hashtags=["样本"],
        likes=4,
        replies=1,
        captured_at=SEEN,
    )
    (below,) = kept(found, context=True)
    has(
        below.values,
        post_id="6591f90000000000abcdef03",
        reply_to_id="6591f90000000000abcdef02",
        target_account_id="5f0000000000000000000003",
    )


# --- all of them

FIXTURES: dict[str, tuple[str, str | bytes]] = {
    "zeeschuimer douyin": (
        "zeeschuimer",
        lines(envelope("douyin.com", VIDEO), envelope("douyin.com", EMBEDDED)),
    ),
    "4cat douyin": ("fourcat_ndjson", lines(copied("douyin.com", VIDEO))),
    "zeeschuimer rednote": (
        "zeeschuimer",
        lines(*(envelope("xiaohongshu.com", row) for row in (NOTE, EMBEDDED_NOTE, TITLE_ALONE))),
    ),
    "zeeschuimer rednote comments": ("zeeschuimer", lines(envelope("xiaohongshu-comments", COMMENT))),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_each_file_is_recognised_by_one_format_alone(tmp_path: Path, name: str) -> None:
    expected, data = FIXTURES[name]
    assert exports.recognised(save(tmp_path, "export", data)) == [expected]


@pytest.mark.parametrize(
    ("platform", "whole"),
    [
        ("douyin.com", VIDEO),
        ("douyin.com", EMBEDDED),
        ("xiaohongshu.com", NOTE),
        ("xiaohongshu-comments", COMMENT),
    ],
)
def test_junk_in_any_field_never_stops_a_file(tmp_path: Path, platform: str, whole: dict[str, Any]) -> None:
    """Each field of an object, also of the objects in it, with each kind of value that does not belong there."""
    wounded = []
    for name, value in whole.items():
        for junk in JUNK:
            wounded.append({**whole, name: junk})
            if isinstance(value, dict):
                wounded += [{**whole, name: {**value, inner: junk}} for inner in value]
    found = load(save(tmp_path, "a", lines(*(envelope(platform, one) for one in wounded))))[2]
    assert len([item for item in found if isinstance(item, Rejection) or not item.context]) == len(wounded)
