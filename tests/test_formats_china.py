"""Formats of Douyin, RedNote and WeChat, and of Weibo by Bazhuayu: field values, and what a file does not say."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import exports
import openpyxl
import pytest
from exports import has, kept, lines, load, rejected, save, table
from test_formats_forum import BID, MID
from test_formats_tools import SEEN, STORY, copied, envelope

from kit.errors import InputError

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
    assert not source.warnings


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
    assert source.warnings == {"posts whose author is not named by a number: they have no account": 1}


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
    assert source.warnings == {
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


# --- WeChat

BIZ = "MzAwMDAwMDAwMQ=="
LONG = f"http://mp.weixin.qq.com/s?__biz={BIZ}&mid=2247483650&idx=1&sn=0a1b&chksm=x#rd"
SHORT = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
ARTICLE: dict[str, Any] = {
    "aid": "2247483650_1",
    "link": LONG,
    "title": "题目",
    "digest": "摘要",
    "cover": "https://p.invalid/cover",
    "create_time": 1704067100,
    "update_time": 1704067200,
    "author_name": "某笔名",
    "readNum": 1200,
    "oldLikeNum": 5,
    "shareNum": 2,
    "likeNum": 9,
    "commentNum": 1,
    "comments": [{"nick_name": "某人", "content": "好"}],
    "_accountName": "样本号",
    "fakeid": BIZ,
}
ARTICLE_ROW: dict[str, Any] = {
    "公众号": "样本号",
    "ID": "2247483650_1",
    "链接": LONG,
    "标题": "题目",
    "封面": "https://p.invalid/cover",
    "摘要": "摘要",
    "创建时间": "2024-01-01 07:58:20",
    "发布时间": "2024-01-01 08:00:00",
    "阅读": 1200,
    "点赞": 5,
    "分享": 2,
    "喜欢": 9,
    "留言": 1,
    "作者": "某笔名",
    "是否原创": "原创",
    "文章类型": "普通图文",
    "所属合集": "",
    "文章内容": "正文第一行\n第二行",
}
CHINA = {"zone": "Asia/Shanghai"}


def workbook(*rows: dict[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_wechat_tables(tmp_path: Path, kind: str) -> None:
    rows = [ARTICLE_ROW, {**ARTICLE_ROW, "链接": SHORT, "阅读": "", "文章内容": ""}]
    data: str | bytes = workbook(*rows) if kind == "xlsx" else table(rows, bom=True)
    source, format_, found = load(save(tmp_path, f"a.{kind}", data), time=CHINA)
    assert format_.name == "wechat_articles"
    article, short = kept(found)
    has(
        article.values,
        platform="wechat",
        post_id=f"{BIZ}_2247483650_1",
        account_id=BIZ,
        created_at=datetime(2024, 1, 1),
        time_source="field",
        time_precision="second",
        kind="post",
        text="题目\n\n正文第一行\n第二行",
        media=[{"media_id": None, "kind": "image", "url": "https://p.invalid/cover", "alt_text": None}],
        likes=5,
        replies=1,
        reposts=2,
        views=1200,
    )
    has(article.author, account_id=BIZ, display_name="样本号", handle=None)
    has(
        short.values,
        post_id="AbCdEfGhIjKlMnOpQrStUv",
        account_id="@样本号",
        text="题目\n\n摘要",
        views=None,
    )
    assert source.warnings == {"accounts known by their name alone: their number is in no address": 1}


def test_wechat_times_without_a_zone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="zone"):
        load(save(tmp_path, "a.csv", table([ARTICLE_ROW])))


def test_wechat_articles_that_nothing_identifies(tmp_path: Path) -> None:
    links = [
        "",
        "https://a.invalid/s/AbCdEfGhIjKlMnOpQrStUv",
        "http://mp.weixin.qq.com/s?__biz=x&mid=1",
        "http://[",
    ]
    rows = [{**ARTICLE_ROW, "链接": link} for link in links]
    _, _, found = load(save(tmp_path, "a.csv", table(rows)), time=CHINA)
    assert kept(found) == []
    assert [r.field for r in rejected(found)] == ["link"] * 4


def test_wechat_json(tmp_path: Path) -> None:
    other = {**ARTICLE, "link": SHORT, "update_time": None, "comments": None}
    source, format_, found = load(save(tmp_path, "a.json", json.dumps([ARTICLE, other], ensure_ascii=False)))
    assert format_.name == "wechat_json"
    article, short = kept(found)
    has(
        article.values,
        post_id=f"{BIZ}_2247483650_1",
        account_id=BIZ,
        created_at=datetime(2024, 1, 1),
        text="题目\n\n摘要",
        likes=5,
        replies=1,
        reposts=2,
        views=1200,
    )
    has(
        short.values,
        post_id="AbCdEfGhIjKlMnOpQrStUv",
        account_id=BIZ,
        created_at=datetime(2023, 12, 31, 23, 58, 20),
    )
    assert source.warnings == {"comments under articles, not read": 1}


# --- Weibo by Bazhuayu

HARVESTED: dict[str, Any] = {
    "标题": "某人",
    "标题链接": "//weibo.com/1234567890?refer_flag=1",
    "图片": "https://p.invalid/1.jpg",
    "from1": "12月28日 20:32",
    "from1_链接": f"//weibo.com/1234567890/{BID}?refer_flag=1",
    "txt": f"说 #样本话题# https://weibo.com/999999/{BID}",
}


def test_bazhuayu(tmp_path: Path) -> None:
    rows = [
        HARVESTED,
        {**HARVESTED, "from1": "2019年12月28日 20:32", "图片": ""},
        {**HARVESTED, "from1": "03月05日 12:30"},
        {**HARVESTED, "from1": "5分钟前", "from1_链接": f"https://weibo.com/1234567890/{MID}"},
        {**HARVESTED, "from1_链接": ""},
        {**HARVESTED, "标题链接": f"//weibo.com/1234567891/{BID}"},
    ]
    source, format_, found = load(save(tmp_path, "a.csv", table(rows, bom=True)))
    assert format_.name == "weibo_bazhuayu"
    first, dated, apart, words = kept(found)
    has(
        first.values,
        platform="weibo",
        post_id=MID,
        account_id="1234567890",
        created_at=datetime(2019, 12, 28, 12, 32, 13),
        time_source="identifier",
        time_stated=False,
        text=HARVESTED["txt"],
        hashtags=["样本话题"],
        media=[{"media_id": None, "kind": "image", "url": "https://p.invalid/1.jpg", "alt_text": None}],
        likes=None,
    )
    has(first.author, handle="某人", display_name="某人")
    has(dated.values, time_source="identifier", time_stated=True, media=[])
    has(apart.values, created_at=datetime(2019, 12, 28, 12, 32, 13))
    has(words.values, post_id=MID)
    assert [(r.number, r.reason) for r in rejected(found)] == [
        (5, "nothing in the row identifies the post: no link to it"),
        (6, "several posts are linked in the row, and nothing tells which it is"),
    ]
    assert source.warnings == {
        "times whose day or minute is another one than that of the post's number, which was taken": 1,
        "times in words such as 5分钟前, not read: the post's number tells the time": 1,
    }


# --- all of them

FIXTURES: dict[str, tuple[str, str | bytes]] = {
    "wechat workbook": ("wechat_articles", workbook(ARTICLE_ROW)),
    "wechat table": ("wechat_articles", table([ARTICLE_ROW])),
    "wechat json": ("wechat_json", json.dumps([ARTICLE])),
    "wechat json lines": ("wechat_json", lines(ARTICLE)),
    "bazhuayu": ("weibo_bazhuayu", table([HARVESTED], bom=True)),
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
    ("format_", "whole"),
    [
        ("zeeschuimer", envelope("douyin.com", VIDEO)),
        ("zeeschuimer", envelope("douyin.com", EMBEDDED)),
        ("zeeschuimer", envelope("xiaohongshu.com", NOTE)),
        ("zeeschuimer", envelope("xiaohongshu.com", EMBEDDED_NOTE)),
        ("zeeschuimer", envelope("xiaohongshu-comments", COMMENT)),
        ("zeeschuimer", envelope("facebook.com", STORY)),
        ("wechat_json", ARTICLE),
    ],
)
def test_any_value_anywhere_gives_records_or_rejections(tmp_path: Path, format_: str, whole: Any) -> None:
    copies = exports.wrecked(whole)
    _, _, found = load(save(tmp_path, "a", lines(*copies)), format=format_)
    assert {item.line for item in found} == set(range(1, len(copies) + 1))


@pytest.mark.parametrize(
    ("format_", "row"), [("wechat_articles", ARTICLE_ROW), ("weibo_bazhuayu", HARVESTED)]
)
def test_any_cell_gives_a_record_or_a_rejection(tmp_path: Path, format_: str, row: dict[str, Any]) -> None:
    junk = ["", "x", "-1", "1e400", "NaN", "9" * 400, "\u202e", "2024-13-45", '"', "\\", "13月45日 99:99"]
    wrecked = [{**row, column: one} for column in row for one in junk]
    _, _, found = load(save(tmp_path, "a.csv", table(wrecked)), format=format_, time=CHINA)
    assert len(found) == len(wrecked)
