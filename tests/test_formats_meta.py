"""Formats of Facebook and Instagram: field values, what has no author, and what a file does not say."""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import exports
import openpyxl
import pytest
from exports import has, kept, lines, load, rejected, save, table

from kit.errors import InputError
from kit.ids import time_of
from kit.loaders import zones
from kit.loaders.meta import addresses

# C1hWCZLPQ9T is the shortcode of this number
MEDIA, CODE = "3269991725941985107", "C1hWCZLPQ9T"
MEDIA_TIME = datetime(2023, 12, 31, 14, 36, 52, 207000)
SECONDS = 1704033415  # three seconds after the upload began
TAKEN = datetime(2023, 12, 31, 14, 36, 55)

# --- CrowdTangle

CROWD: dict[str, Any] = {
    "Page Name": "Sample Page",
    "User Name": "SamplePage",
    "Facebook Id": "7533944086.0",
    "Page Category": "NEWS_SITE",
    "Page Admin Top Country": "US",
    "Page Description": "about us",
    "Page Created": "2008-01-10 18:20:58",
    "Likes at Posting": "9",
    "Followers at Posting": "10",
    "Post Created": "2021-07-06 16:45:20 EDT",
    "Post Created Date": "2021-07-06",
    "Post Created Time": "16:45:20",
    "Type": "Link",
    "Total Interactions": "1,234",
    "Likes": "1",
    "Comments": "2",
    "Shares": "3",
    "Love": "4",
    "Video Length": "N/A",
    "Post Views": "0",
    "URL": "https://www.facebook.com/7533944086/posts/10158371815748553",
    "Message": "two\nlines & #Straße #2 C#",
    "Link": "https://short.invalid/x",
    "Final Link": "https://news.invalid/a?b=1,2",
    "Image Text": "",
    "Overperforming Score (weighted  —  Likes 1x Shares 3x Comments 2x )": "8.57",
}
CROWD_GROUP = {("Group Name" if k == "Page Name" else k): v for k, v in CROWD.items()}
CROWD_INSTAGRAM: dict[str, Any] = {
    "Account": "Sample",
    "User Name": "Sample.One",
    "Followers at Posting": "",
    "Post Created": "2023-12-31 06:36:55 PST",
    "Post Created Date": "2023-12-31",
    "Post Created Time": "06:36:55",
    "Type": "Photo",
    "Total Interactions": "5",
    "Likes": "-1",
    "Comments": "2",
    "Views": "0",
    "URL": f"https://www.instagram.com/p/{CODE}/",
    "Link": "",
    "Photo": "https://cdn.invalid/1.jpg",
    "Title": "",
    "Description": "caption #Tag",
    "Image Text": "",
    "Sponsor Id": "",
    "Sponsor Name": "",
    "Overperforming Score": "1",
}

# --- Meta Content Library

LIBRARY: dict[str, Any] = {
    "id": "9007199254740993",
    "creation_time": "2023-05-01T10:20:30+00:00",
    "modified_time": "2023-05-01T10:20:30+00:00",
    "content_type": "photos",
    "lang": "en",
    "mcl_url": "https://library.invalid/1",
    "multimedia": '[{"type": "photo", "id": "55", "url": "https://signed.invalid"}, {"type": "video", "duration": 3}]',
    "post_owner.type": "facebook_page",
    "post_owner.id": "111",
    "post_owner.name": "Sample Page",
    "post_owner.username": "SamplePage",
    "surface.id": "222",
    "surface.name": "A group",
    "surface.type": "group",
    "shared_post_id": "",
    "link_attachment.link": "https://news.invalid/a",
    "statistics.like_count": "1",
    "statistics.comment_count": "2",
    "statistics.share_count": "3",
    "statistics.reaction_count": "9",
    "statistics.views": "",
    "statistics.views_date_last_refreshed": "",
    "text": "text #Tag",
}
LIBRARY_INSTAGRAM: dict[str, Any] = {
    "content_type": "reels",
    "creation_time": "2023-05-01T10:20:30+0000",
    "hashtags": "['one', 'Zwei']",
    "id": "9007199254740995",
    "is_branded_content": "False",
    "lang": "de",
    "match_type": "1",
    "mcl_url": "https://library.invalid/2",
    "modified_time": "",
    "multimedia": "[{'type': 'reel', 'id': 66, 'title': \"it's\", 'seen': None}]",
    "post_owner.type": "instagram_account",
    "post_owner.id": "333",
    "post_owner.name": "Sample",
    "post_owner.username": "Sample.One",
    "statistics.comment_count": "2",
    "statistics.like_count": "1",
    "statistics.views": "77",
    "statistics.views_date_last_refreshed": "2023-06-01",
    "text": "text #three",
}
LIBRARY_COMMENT: dict[str, Any] = {
    "id": "444",
    "post_id": "9007199254740993",
    "parent_comment_id": "443",
    "text": "a comment",
    "creation_time": "2023-05-02T10:20:30+00:00",
    "owner.id": "555",
    "owner.username": "",
    "owner.name": "Somebody",
    "owner.type": "facebook_profile",
    "statistics.reaction_count": "4",
    "statistics.comment_count": "1",
    "statistics.top_level_reply_count": "1",
    "link_attachment.link": "",
}

# --- Graph API

GRAPH_POST: dict[str, Any] = {
    "id": "111_222",
    "message": "post #Tag",
    "created_time": "2021-08-10T18:45:03+0000",
    "from": {"id": "111", "name": "Sample Page"},
    "shares": {"count": 3},
    "likes": {"data": [], "summary": {"total_count": 1}},
    "comments": {
        "data": [
            {
                "id": "222_333",
                "message": "comment",
                "created_time": "2021-08-10T19:45:03+0200",
                "from": {"id": "9", "name": "Somebody"},
                "like_count": 4,
                "comment_count": 1,
                "comments": {
                    "data": [
                        {
                            "id": "222_334",
                            "message": "answer",
                            "created_time": "2021-08-10T20:00:00+0000",
                            "from": {"id": "8", "name": "Another"},
                        }
                    ]
                },
            }
        ],
        "summary": {"total_count": 2},
    },
}
GRAPH_COMMENTS: dict[str, Any] = {
    "data": [
        {
            "comment_count": 1,
            "created_time": "2021-08-10T18:45:03+0000",
            "like_count": 0,
            "message": "no author, and the number only in the address",
            "permalink_url": "https://www.facebook.com/111/posts/222/?comment_id=335&reply_comment_id=336",
        }
    ],
    "paging": {"next": "https://graph.facebook.com/v11.0/111_222/comments?access_token=SECRET"},
}
GRAPH_OWN = {
    "data": [{"id": "111_223", "message": "m", "created_time": "2021-08-10T18:45:03+0000"}],
    "paging": {"next": "https://graph.facebook.com/v11.0/111/posts?access_token=SECRET"},
}
GRAPH_PAGE = {
    "id": "111",
    "name": "Sample Page",
    "username": "SamplePage",
    "about": "about us",
    "fan_count": 10,
    "followers_count": 12,
    "category": "News",
    "verification_status": "not_verified",
    "website": "https://one.invalid",
}
GRAPH_MEDIA: dict[str, Any] = {
    "data": [
        {
            "id": "17895731045244887",
            "caption": "caption #Tag",
            "comments_count": 1,
            "like_count": 2,
            "media_type": "IMAGE",
            "media_url": "https://cdn.invalid/1.jpg",
            "permalink": "https://www.instagram.com/p/CSgf9BChwVq/",
            "timestamp": "2021-08-13T08:25:28+0000",
        }
    ],
    "paging": {"next": "https://graph.facebook.com/v11.0/17841406338772941/media?access_token=SECRET"},
}
GRAPH_IG_COMMENTS: dict[str, Any] = {
    "data": [
        {
            "id": "17858154961981086",
            "text": "Hello #Tag",
            "timestamp": "2020-06-01T10:56:52+0000",
            "username": "Some.Body",
            "replies": {
                "data": [
                    {
                        "id": "17858154961981087",
                        "text": "yes",
                        "timestamp": "2020-06-01T10:57:52+0000",
                        "from": {"id": "77", "username": "other"},
                    }
                ]
            },
        },
        {"id": "17858154961981088", "text": "nobody", "timestamp": "2020-06-01T10:56:52+0000"},
    ],
    "paging": {"next": "https://graph.facebook.com/v11.0/17846368219941692/comments?access_token=SECRET"},
}
GRAPH_DISCOVERY = {
    "business_discovery": {
        "id": "17841407673135339",
        "username": "Sample.One",
        "followers_count": 12,
        "media": {"data": GRAPH_MEDIA["data"]},
    },
    "id": "17841406338772941",
}

# --- Facepager

FACEPAGER: dict[str, Any] = {
    "level": "1",
    "id": "2",
    "parent_id": "1",
    "object_id": "111_222",
    "object_type": "data",
    "object_key": "data",
    "query_status": "fetched (200)",
    "query_time": "2021-09-01 10:00:00",
    "query_type": "Facebook:/<page-id>/posts",
    "message": "post #Tag",
    "created_time": "2021-08-10T18:45:03+0000",
    "from.name": "None",
    "from.id": "None",
    "comments.summary.total_count": "2",
    "likes.summary.total_count": "None",
    "shares.count": "3",
}
FACEPAGER_ROWS = [
    {**FACEPAGER, "level": "0", "id": "1", "parent_id": "None", "object_id": "111", "object_type": "seed"},
    FACEPAGER,
    {
        **FACEPAGER,
        "level": "2",
        "id": "3",
        "parent_id": "2",
        "object_id": "222_333",
        "query_type": "Facebook:/<post-id>/comments",
        "from.id": "9",
        "from.name": "Somebody",
        "message": "None",
    },
    {**FACEPAGER, "level": "2", "id": "4", "parent_id": "2", "object_type": "offcut"},
    {**FACEPAGER, "id": "5", "query_status": "error (400)"},
    {**FACEPAGER, "id": "6", "query_type": "Facebook:/<page-id>/feed"},
]

# --- minet and ExportComments

MINET: dict[str, Any] = {
    "id": "Y29tbWVudDox",
    "fbid": "333",
    "depth": "0",
    "parent_id": "",
    "author_name": "Somebody",
    "author_short_name": "Some",
    "author_gender": "NEUTER",
    "author_url": "https://www.facebook.com/profile.php?id=100001",
    "author_is_verified": "false",
    "created_time": "1628621103",
    "text": "comment #Tag",
    "reactions": "4",
    "replies": "1",
}
MINET_ANSWER = {
    **MINET,
    "id": "Y29tbWVudDoy",
    "fbid": "334",
    "depth": "1",
    "parent_id": "Y29tbWVudDox",
    "author_url": "https://www.facebook.com/Some.Body",
}
POST_URL = "https://www.facebook.com/SamplePage/posts/222000"
EC_NAMES = ["Name (click to view profile)", "Profile ID", "Date", "Likes", "Live video timestamp", "Comment"]
EC_CSV: dict[str, Any] = {
    "Id": "1",
    "SubId": "",
    "Name (click to view profile)": "Somebody",
    "Date": "10.08.21 20:45:03",
    "Likes": "4",
    "Comment": "comment #Tag",
    "Link": POST_URL + "?comment_id=333",
    "Profile ID": "ID: 100001234567890",
}


def workbook() -> bytes:
    """An export as the service writes it: lines above the header, numbers and addresses in links."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Facebook comments"], [], ["URL", POST_URL], ["Comments", 2], ["Made", "today"], []):
        sheet.append(row)
    sheet.append([None, None, *EC_NAMES, "(view source)"])
    when = datetime(2021, 8, 10, 20, 45, 3)
    rows: list[tuple[list[Any], str, str]] = [
        ([1, None, "Somebody", "ID: 100001234567890", when, 4, "-", "comment"], "", "?comment_id=333"),
        (
            [None, 1, "Another", None, when, 0, "-", "=1+1 & more"],
            "https://www.facebook.com/Some.Body?a=1&b=2",
            "?comment_id=333&reply_comment_id=334",
        ),
        ([2, None, "Nobody", None, when, 0, "-", "no profile"], "", "?comment_id=335"),
        ([3, None, "Gone", "ID: 100001234567891", when, 0, "-", "no link"], "", ""),
    ]
    for cells, profile, own in rows:
        sheet.append([*cells, "view" if own else None])
        line = sheet.max_row
        sheet.cell(line, 8).data_type = "s"  # a text that begins with =
        if profile:
            sheet.cell(line, 3).hyperlink = profile
        if own:
            sheet.cell(line, 9).hyperlink = POST_URL + own
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- Instaloader

NODE: dict[str, Any] = {
    "__typename": "GraphSidecar",
    "id": MEDIA,
    "shortcode": CODE,
    "taken_at_timestamp": SECONDS,
    "owner": {"id": "333", "username": "Sample.One"},
    "edge_media_to_caption": {"edges": [{"node": {"text": "caption #Tag"}}]},
    "edge_media_to_tagged_user": {"edges": [{"node": {"user": {"id": "77", "username": "other"}}}]},
    "edge_sidecar_to_children": {
        "edges": [
            {"node": {"__typename": "GraphImage", "id": "1", "display_url": "https://cdn.invalid/1.jpg"}},
            {
                "node": {
                    "__typename": "GraphVideo",
                    "id": "2",
                    "is_video": True,
                    "display_url": "https://cdn.invalid/2.jpg",
                    "video_url": "https://cdn.invalid/2.mp4",
                }
            },
        ]
    },
    "edge_media_preview_like": {"count": -1},
    "edge_media_to_parent_comment": {"count": 5},
    "video_view_count": None,
    "iphone_struct": {
        "like_count": 9,
        "play_count": 10,
        "user": {"pk": "333", "full_name": "Sample", "is_verified": False},
    },
}
INSTALOADER = {"node": NODE, "instaloader": {"version": "4.10", "node_type": "Post"}}
PROFILE = {
    "node": {
        "id": "333",
        "username": "Sample.One",
        "full_name": "Sample",
        "biography": "bio",
        "external_url": None,
        "edge_followed_by": {"count": 12},
        "edge_follow": {"count": 13},
        "edge_owner_to_timeline_media": {"count": 14, "edges": []},
        "is_private": True,
        "is_verified": False,
    },
    "instaloader": {"version": "4.10", "node_type": "Profile"},
}
COMMENTS = [
    {
        "id": 17900000000000001,
        "created_at": SECONDS,
        "text": "half a \ud83d pair",
        "owner": {"id": "77", "username": "other"},
        "likes_count": 1,
        "answers": [
            {
                "id": 17900000000000002,
                "created_at": SECONDS,
                "text": "answer",
                "owner": {"id": "78"},
                "likes_count": 0,
            }
        ],
    }
]

FIXTURES: dict[str, tuple[str, str | bytes]] = {
    "crowdtangle pages": ("facebook_crowdtangle", table([CROWD])),
    "crowdtangle groups": ("facebook_crowdtangle", table([CROWD_GROUP], bom=True)),
    "crowdtangle instagram": ("instagram_crowdtangle", table([CROWD_INSTAGRAM])),
    "library facebook": ("facebook_library", table([LIBRARY], bom=True)),
    "library instagram": ("instagram_library", table([LIBRARY_INSTAGRAM], bom=True)),
    "library comments": ("facebook_library_comments", table([LIBRARY_COMMENT], bom=True)),
    "graph post": ("facebook_graph", json.dumps(GRAPH_POST)),
    "graph comments": ("facebook_graph", json.dumps(GRAPH_COMMENTS)),
    "graph list": ("facebook_graph", json.dumps(GRAPH_OWN, indent=2)),
    "graph page": ("facebook_graph_pages", json.dumps(GRAPH_PAGE)),
    "graph media": ("instagram_graph", json.dumps(GRAPH_MEDIA)),
    "graph instagram comments": ("instagram_graph", json.dumps(GRAPH_IG_COMMENTS)),
    "graph discovery": ("instagram_graph", json.dumps(GRAPH_DISCOVERY)),
    "facepager": (
        "facebook_facepager",
        table(FACEPAGER_ROWS, delimiter=";", bom=True, quoting=csv.QUOTE_ALL).replace("\n", "\r\n"),
    ),
    "facepager selected": ("facebook_facepager", table([{"path": "111", **row} for row in FACEPAGER_ROWS])),
    "minet": ("facebook_minet_comments", table([MINET, MINET_ANSWER])),
    "exportcomments csv": ("facebook_exportcomments", table([EC_CSV])),
    "exportcomments csv with lines above": (
        "facebook_exportcomments",
        f"Facebook comments,,\nURL,{POST_URL},\n\n" + table([EC_CSV]),
    ),
    "exportcomments xlsx": ("facebook_exportcomments", workbook()),
    "instaloader": ("instaloader", json.dumps(INSTALOADER, indent=4)),
    "instaloader xz": ("instaloader", lzma.compress(json.dumps(INSTALOADER).encode())),
    "instaloader profile": ("instaloader_profiles", json.dumps(PROFILE)),
    "instaloader comments": ("instaloader_comments", json.dumps(COMMENTS)),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_each_file_is_recognised_by_one_format_alone(tmp_path: Path, name: str) -> None:
    expected, data = FIXTURES[name]
    assert exports.recognised(save(tmp_path, "export", data)) == [expected]


def test_facepager_of_another_platform_is_not_taken(tmp_path: Path) -> None:
    rows = [{**FACEPAGER, "query_type": "YouTube:/videos"}]
    assert exports.recognised(save(tmp_path, "a.csv", table(rows))) == []


def test_another_workbook_is_not_taken(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Name", "Comment"])
    book.save(tmp_path / "a.xlsx")
    assert exports.recognised(tmp_path / "a.xlsx") == []


# --- CrowdTangle


@pytest.mark.parametrize("row", [CROWD, CROWD_GROUP])
def test_crowdtangle(tmp_path: Path, row: dict[str, Any]) -> None:
    winter = {**row, "Post Created": "2021-12-06 16:45:20 EST", "Type": "Native Video", "Post Views": "50"}
    winter |= {"URL": "https://www.facebook.com/7533944086/videos/123456", "Link": row["URL"]}
    source, _, found = load(save(tmp_path, "a.csv", table([row, winter])))
    post, video = kept(found)
    has(
        post.values,
        platform="facebook",
        post_id="10158371815748553",
        account_id="7533944086",
        created_at=datetime(2021, 7, 6, 20, 45, 20),
        time_source="field",
        time_precision="second",
        kind="post",
        is_reply=False,
        is_repost=False,
        is_quote=None,
        text="two\nlines & #Straße #2 C#",
        hashtags=["strasse"],
        likes=1,
        replies=2,
        reposts=3,
        views=None,
        urls=[{"url": "https://short.invalid/x", "expanded_url": "https://news.invalid/a?b=1,2"}],
        media=[],
    )
    has(
        post.author,
        handle="SamplePage",
        display_name="Sample Page",
        bio="about us",
        created_at=None,
        followers=10,
        captured_at=datetime(2021, 7, 6, 20, 45, 20),
    )
    has(
        video.values,
        post_id="123456",
        created_at=datetime(2021, 12, 6, 21, 45, 20),
        views=50,
        urls=[],
        media=[{"media_id": row["URL"], "kind": "video", "url": row["URL"], "alt_text": None}],
    )
    assert source.warnings == {"Page Created has no zone and was not read; declare `time: {zone: …}`": 2}


def test_crowdtangle_shares_and_damage(tmp_path: Path) -> None:
    share = {**CROWD, "Link": "https://www.facebook.com/Other.Page/posts/555666?x=1"}
    own = {**CROWD, "Link": "https://www.facebook.com/SamplePage/photos/a.1/777888/?type=3", "Type": "Photo"}
    rows = [
        share,
        own,
        {**CROWD, "URL": "https://www.facebook.com/SamplePage"},
        {**CROWD, "Facebook Id": "1.23457E+14"},
        {**CROWD, "Facebook Id": "1234567890123456.0"},
        {**CROWD, "Likes": "1,234"},
        {**CROWD, "Post Created": "2021-07-06 16:45:20 CST"},
        {**CROWD, "Post Created": "06/07/2021 16:45"},
    ]
    _, _, found = load(save(tmp_path, "a.csv", table(rows)))
    first, second = kept(found)
    has(first.values, kind="repost", reposted_id="555666", reposted_account_id="@other.page")
    has(second.values, kind="post", reposted_id=None)
    assert second.values["media"][0]["kind"] == "image"
    assert [r.field for r in rejected(found)] == [
        "URL",
        "Facebook Id",
        "Facebook Id",
        "Likes",
        "Post Created",
        "Post Created",
    ]
    assert "several zones" in rejected(found)[4].reason


def test_crowdtangle_zone_is_refused_until_declared_then_read(tmp_path: Path) -> None:
    rows = [
        {**CROWD, "Post Created": "2021-11-07 01:30:00 CDT"},
        {**CROWD, "Post Created": "2021-11-07 01:30:00 CST"},
    ]
    path = save(tmp_path, "a.csv", table(rows))
    with pytest.raises(InputError, match=r"a\.csv, column 'Post Created': CDT stands for several zones"):
        load(path)
    source, _, found = load(path, time={"zone": "America/Chicago"})
    assert [r.values["created_at"] for r in kept(found)] == [
        datetime(2021, 11, 7, 6, 30),
        datetime(2021, 11, 7, 7, 30),
    ]
    assert kept(found)[0].author is not None
    has(kept(found)[0].author, created_at=datetime(2008, 1, 11, 0, 20, 58), created_precision="second")
    assert source.warnings == {}
    _, _, found = load(path, time={"zone": "Asia/Shanghai"})
    assert "CDT is not what clocks in Asia/Shanghai showed" in rejected(found)[0].reason


@pytest.mark.parametrize(
    "written,zone,hours",
    [
        ("EST", None, 5),
        ("EDT", None, 4),
        ("GMT", None, 0),
        ("CEST", None, -2),
        ("+0530", None, -5.5),
        ("-03", None, 3),
        ("PST", "America/Los_Angeles", 8),
        ("PST", "Asia/Manila", -8),
    ],
)
def test_zone_abbreviations(written: str, zone: str | None, hours: float) -> None:
    summer = written in ("EDT", "CEST")
    read = zones.reader({"time": {"zone": zone}} if zone else {}, "facebook", "a.csv")
    local = datetime(2021, 7 if summer else 1, 6, 16, 45, 20)
    moment, precision = read("t", f"{local} {written}")
    assert moment == local + timedelta(hours=hours)
    assert precision == "second"


def test_crowdtangle_instagram(tmp_path: Path) -> None:
    video = {
        **CROWD_INSTAGRAM,
        "Type": "Video",
        "Views": "9",
        "Likes": "7",
        "URL": "https://www.instagram.com/Sample.One/reel/CSgf9BChwVq/?x=1",
    }
    bad = {**CROWD_INSTAGRAM, "URL": "https://www.instagram.com/Sample.One/"}
    source, _, found = load(save(tmp_path, "a.csv", table([CROWD_INSTAGRAM, video, bad])))
    post, second = kept(found)
    has(
        post.values,
        platform="instagram",
        post_id=MEDIA,
        account_id="@sample.one",
        created_at=MEDIA_TIME,
        time_source="identifier",
        time_precision="millisecond",
        text="caption #Tag",
        hashtags=["tag"],
        likes=None,
        replies=2,
        views=None,
        media=[{"media_id": None, "kind": None, "url": "https://cdn.invalid/1.jpg", "alt_text": None}],
    )
    has(post.author, handle="Sample.One", display_name="Sample", followers=None)
    has(second.values, likes=7, views=9)
    assert [r.field for r in rejected(found)] == ["URL"]
    assert source.warnings["times whose zone is not clear, taken from the identifier instead"] == 2
    assert source.warnings["likes that are hidden"] == 1
    _, _, found = load(tmp_path / "a.csv", time={"zone": "America/Los_Angeles"})
    has(kept(found)[0].values, created_at=TAKEN, time_source="field", time_precision="second")


# --- Meta Content Library


def test_library_facebook(tmp_path: Path) -> None:
    share = {**LIBRARY, "id": "2", "shared_post_id": "1", "statistics.views": "5"}
    rows = [
        LIBRARY,
        share,
        {**LIBRARY, "id": "9.0072E+15"},
        {**LIBRARY, "post_owner.id": "111.0"},
        {**LIBRARY, "id": "3", "multimedia": "[{broken"},
    ]
    source, _, found = load(save(tmp_path, "a.csv", table(rows, bom=True)))
    post, repost, third = kept(found)
    has(
        post.values,
        platform="facebook",
        post_id="9007199254740993",  # 2^53 + 1
        account_id="111",
        created_at=datetime(2023, 5, 1, 10, 20, 30),
        time_source="field",
        time_precision="second",
        kind="post",
        is_repost=False,
        text="text #Tag",
        hashtags=["tag"],
        language="en",
        place="A group",
        likes=1,
        reactions=9,
        replies=2,
        reposts=3,
        views=None,
        urls=[{"url": "https://news.invalid/a", "expanded_url": None}],
        media=[{"media_id": "55", "kind": "image", "url": None, "alt_text": None}],
    )
    has(post.author, account_id="111", handle="SamplePage", display_name="Sample Page")
    has(repost.values, kind="repost", reposted_id="1", views=5)
    assert third.values["media"] == []
    assert [r.field for r in rejected(found)] == ["id", "post_owner.id"]
    assert source.warnings["cells of media that could not be read"] == 1
    assert source.warnings["media known only by a signed address, which names nothing: left out"] == 2


def test_library_posts_on_their_owner_s_own_page_stand_in_no_other_place(tmp_path: Path) -> None:
    rows = [{**LIBRARY, "surface.id": "111"}, {**LIBRARY, "id": "2", "surface.name": ""}]
    own, nameless = kept(load(save(tmp_path, "a.csv", table(rows)))[2])
    has(own.values, place=None)
    has(nameless.values, place="222")


def test_crowdtangle_counts_the_seven_reactions_together(tmp_path: Path) -> None:
    kinds = {"Love": "4", "Wow": "0", "Haha": "2", "Sad": "0", "Angry": "30", "Care": "1"}
    other = {"URL": "https://www.facebook.com/7533944086/posts/10158371815748554", "Care": ""}
    rows = [{**CROWD, **kinds}, {**CROWD, **kinds, **other}]
    whole, unknown = kept(load(save(tmp_path, "a.csv", table(rows)))[2])
    has(whole.values, likes=1, reactions=38)
    has(unknown.values, likes=1, reactions=None)


def test_library_without_text_and_under_the_dictionary_s_names(tmp_path: Path) -> None:
    few = {
        k.replace("post_owner.", "post_owner.data."): v
        for k, v in LIBRARY.items()
        if k not in ("text", "lang")
    }
    _, format_, found = load(save(tmp_path, "a.csv", table([few])))
    assert format_.name == "facebook_library"
    has(kept(found)[0].values, account_id="111", text=None, language=None, hashtags=[])


def test_library_instagram(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "a.csv", table([LIBRARY_INSTAGRAM], bom=True)))
    (post,) = kept(found)
    has(
        post.values,
        platform="instagram",
        post_id="9007199254740995",
        account_id="333",
        created_at=datetime(2023, 5, 1, 10, 20, 30),
        is_repost=None,
        hashtags=["one", "zwei"],
        views=77,
        media=[{"media_id": "66", "kind": "video", "url": None, "alt_text": None}],
    )
    has(post.author, handle="Sample.One")


def test_library_comments(tmp_path: Path) -> None:
    top = {k: v for k, v in LIBRARY_COMMENT.items() if k != "parent_comment_id"} | {"id": "443"}
    private = {**top, "id": "442", "owner.id": "", "owner.type": "private"}
    _, _, found = load(save(tmp_path, "a.csv", table([LIBRARY_COMMENT])))
    (answer,) = kept(found)
    has(
        answer.values,
        platform="facebook",
        post_id="444",
        account_id="555",
        kind="reply",
        is_reply=True,
        reply_to_id="443",
        root_id="9007199254740993",
        text="a comment",
        created_at=datetime(2023, 5, 2, 10, 20, 30),
        reactions=4,
        replies=1,
    )
    has(answer.author, display_name="Somebody", handle=None)
    _, _, found = load(save(tmp_path, "b.csv", table([top, private])))
    has(kept(found)[0].values, reply_to_id="9007199254740993", root_id="9007199254740993")
    has(kept(found)[1].values, post_id="442", account_id=None)
    assert not rejected(found)


# --- Graph API


def test_graph_post_with_its_comments(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "a.json", json.dumps(GRAPH_POST)))
    post, comment, answer = kept(found)
    has(
        post.values,
        post_id="111_222",
        account_id="111",
        created_at=datetime(2021, 8, 10, 18, 45, 3),
        time_precision="second",
        kind="post",
        is_reply=False,
        text="post #Tag",
        hashtags=["tag"],
        likes=1,
        replies=2,
        reposts=3,
    )
    has(post.author, display_name="Sample Page")
    has(
        comment.values,
        post_id="222_333",
        account_id="9",
        created_at=datetime(2021, 8, 10, 17, 45, 3),
        kind="reply",
        reply_to_id="111_222",
        root_id="111_222",
        likes=4,
        replies=1,
    )
    has(answer.values, post_id="222_334", kind="reply", reply_to_id="222_333", root_id="111_222")


def test_graph_lists(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "a.json", json.dumps(GRAPH_OWN)))
    has(kept(found)[0].values, post_id="111_223", account_id="111")
    path = save(tmp_path, "b.json", json.dumps(GRAPH_COMMENTS))
    (nobody,) = kept(load(path)[2])
    has(nobody.values, post_id="222_336", account_id=None)
    (comment,) = kept(load(path, constants={"account_id": "9"})[2])
    has(
        comment.values,
        post_id="222_336",
        account_id="9",
        reply_to_id="222_335",
        root_id="111_222",
        is_reply=True,
        likes=0,
        replies=1,
    )
    assert "SECRET" not in repr(comment)


def test_graph_page(tmp_path: Path) -> None:
    (page,) = kept(load(save(tmp_path, "a.json", json.dumps(GRAPH_PAGE)))[2])
    assert page.table == "accounts"
    has(
        page.values,
        platform="facebook",
        account_id="111",
        handle="SamplePage",
        display_name="Sample Page",
        bio="about us",
        followers=12,
        verified=False,
        profile_url="https://one.invalid",
    )


def test_graph_instagram(tmp_path: Path) -> None:
    (post,) = kept(load(save(tmp_path, "a.json", json.dumps(GRAPH_MEDIA)))[2])
    has(
        post.values,
        platform="instagram",
        post_id="17895731045244887",
        account_id="17841406338772941",
        created_at=datetime(2021, 8, 13, 8, 25, 28),
        time_source="field",
        text="caption #Tag",
        hashtags=["tag"],
        likes=2,
        replies=1,
        media=[{"media_id": None, "kind": "image", "url": "https://cdn.invalid/1.jpg", "alt_text": None}],
    )
    (post,) = kept(load(save(tmp_path, "b.json", json.dumps(GRAPH_DISCOVERY)))[2])
    has(post.author, account_id="17841407673135339", handle="Sample.One", followers=12)
    _, _, found = load(save(tmp_path, "c.json", json.dumps(GRAPH_IG_COMMENTS)))
    comment, answer, nobody = kept(found)
    has(nobody.values, account_id=None, root_id="17846368219941692")
    has(
        comment.values,
        account_id="@some.body",
        kind="reply",
        reply_to_id="17846368219941692",
        root_id="17846368219941692",
        text="Hello #Tag",
        created_at=datetime(2020, 6, 1, 10, 56, 52),
    )
    has(answer.values, account_id="77", reply_to_id="17858154961981086", root_id="17846368219941692")
    assert not rejected(found)
    # numbers of this API hold no time, and one without is not given one
    without = {"data": [{k: v for k, v in GRAPH_MEDIA["data"][0].items() if k != "timestamp"}]}
    (bare,) = kept(load(save(tmp_path, "d.json", json.dumps(without)), constants={"account_id": "1"})[2])
    has(bare.values, created_at=None, time_source=None)


# --- Facepager


@pytest.mark.parametrize("name", ["facepager", "facepager selected"])
def test_facepager(tmp_path: Path, name: str) -> None:
    source, _, found = load(save(tmp_path, "a.csv", FIXTURES[name][1]))
    post, comment, nobody = kept(found)
    has(nobody.values, account_id=None)
    has(
        post.values,
        post_id="111_222",
        account_id="111",
        created_at=datetime(2021, 8, 10, 18, 45, 3),
        kind="post",
        text="post #Tag",
        hashtags=["tag"],
        likes=None,
        replies=2,
        reposts=3,
    )
    has(comment.values, post_id="222_333", account_id="9", kind="reply", reply_to_id="111_222", text="None")
    has(comment.author, display_name="Somebody")
    assert [(r.number, r.field) for r in rejected(found)] == [(5, "query_status")]
    assert source.warnings == {
        "rows that the tool made for itself: seed": 1,
        "rows that the tool made for itself: offcut": 1,
    }


# --- minet


def test_minet(tmp_path: Path) -> None:
    rows = [
        MINET,
        MINET_ANSWER,
        {**MINET, "id": "x", "fbid": "335", "author_url": ""},
        {**MINET, "id": "y", "fbid": "336", "parent_id": "unknown"},
    ]
    path = save(tmp_path, "a.csv", table(rows))
    source, _, found = load(path)
    comment, answer, nobody, stray = kept(found)
    has(nobody.values, post_id="335", account_id=None)
    has(
        comment.values,
        post_id="333",
        account_id="100001",
        created_at=datetime(2021, 8, 10, 18, 45, 3),
        kind="reply",
        reply_to_id=None,
        root_id=None,
        text="comment #Tag",
        hashtags=["tag"],
        reactions=4,
        replies=1,
        likes=None,
    )
    has(comment.author, handle=None, display_name="Somebody", verified=False)
    has(answer.values, account_id="@some.body", reply_to_id="333")
    has(answer.author, handle="Some.Body")
    has(stray.values, reply_to_id=None)
    assert not rejected(found)
    assert source.warnings == {"answers to a comment that is not above them in the file": 1}
    _, _, found = load(path, constants={"root_id": "222"})
    has(kept(found)[0].values, reply_to_id="222", root_id="222")
    has(kept(found)[1].values, reply_to_id="333", root_id="222")


# --- ExportComments

GERMAN = {"format": "%d.%m.%y %H:%M:%S", "zone": "Europe/Berlin"}


def test_exportcomments_csv(tmp_path: Path) -> None:
    link = POST_URL + "?comment_id=333"
    rows = [
        EC_CSV,
        {**EC_CSV, "SubId": "1", "Link": link + "&reply_comment_id=334", "Profile ID": "100001234567891"},
        {**EC_CSV, "Id": "9", "SubId": "1", "Link": link + "&reply_comment_id=336"},
        {**EC_CSV, "Id": "2", "Link": POST_URL},
        {**EC_CSV, "Id": "3", "Profile ID": ""},
        {**EC_CSV, "Id": "4", "Date": "08/10/21 8:45 PM"},
    ]
    path = save(tmp_path, "a.csv", f"Facebook comments,,\nURL,{POST_URL},\n\n" + table(rows))
    with pytest.raises(InputError, match="how dates are written is not stated"):
        load(path)
    with pytest.raises(InputError, match="a time without a zone"):
        load(path, time={"format": GERMAN["format"]})
    source, _, found = load(path, time=GERMAN)
    comment, answer, stray, nobody = kept(found)
    has(nobody.values, account_id=None)
    has(nobody.author, display_name="Somebody")
    has(
        comment.values,
        post_id="222000_333",
        account_id="100001234567890",
        created_at=datetime(2021, 8, 10, 18, 45, 3),
        time_precision="second",
        kind="reply",
        reply_to_id="222000",
        root_id="222000",
        text="comment #Tag",
        hashtags=["tag"],
        likes=4,
    )
    has(comment.author, display_name="Somebody", handle=None)
    has(answer.values, post_id="222000_334", account_id="100001234567891", reply_to_id="222000_333")
    has(stray.values, reply_to_id=None, root_id="222000")
    assert [(r.number, r.field) for r in rejected(found)] == [
        (4, "(view source)"),
        (6, "Date"),
    ]
    assert source.warnings == {"answers to a comment that is not above them in the file": 1}


def test_exportcomments_xlsx(tmp_path: Path) -> None:
    path = save(tmp_path, "a.xlsx", workbook())
    with pytest.raises(InputError, match="a time without a zone"):
        load(path)
    _, _, found = load(path, time={"zone": "Europe/Berlin"})
    comment, answer, nobody = kept(found)
    has(nobody.values, account_id=None)
    has(
        comment.values,
        post_id="222000_333",
        account_id="100001234567890",
        created_at=datetime(2021, 8, 10, 18, 45, 3),
        reply_to_id="222000",
        text="comment",
        likes=4,
    )
    has(
        answer.values,
        post_id="222000_334",
        account_id="@some.body",
        reply_to_id="222000_333",
        text="=1+1 & more",
        likes=0,
    )
    has(answer.author, handle="Some.Body", display_name="Another")
    assert [(r.number, r.line, r.field) for r in rejected(found)] == [(4, 11, "(view source)")]


def test_exportcomments_damaged_workbook(tmp_path: Path) -> None:
    data = workbook()
    path = save(tmp_path, "a.xlsx", data[: len(data) // 2])
    with pytest.raises(InputError, match=r"a\.xlsx"):
        load(path, format="facebook_exportcomments", time={"zone": "UTC"})


# --- Instaloader


@pytest.mark.parametrize("name", ["instaloader", "instaloader xz"])
def test_instaloader(tmp_path: Path, name: str) -> None:
    source, _, found = load(save(tmp_path, "2023-12-31_14-36-55_UTC.json", FIXTURES[name][1]))
    (post,) = kept(found)
    has(
        post.values,
        platform="instagram",
        post_id=MEDIA,
        account_id="333",
        created_at=TAKEN,
        time_source="field",
        time_precision="second",
        kind="post",
        text="caption #Tag",
        hashtags=["tag"],
        mentions=[{"account_id": "77", "handle": "other"}],
        likes=9,
        replies=5,
        views=10,
        media=[
            {"media_id": "1", "kind": "image", "url": "https://cdn.invalid/1.jpg", "alt_text": None},
            {"media_id": "2", "kind": "video", "url": "https://cdn.invalid/2.mp4", "alt_text": None},
        ],
    )
    has(post.author, handle="Sample.One", display_name="Sample", verified=False, followers=None)
    assert source.warnings == {"likes that are hidden": 1}


def test_instaloader_hidden_likes_stay_unknown_and_other_pages_are_set_aside(tmp_path: Path) -> None:
    hidden = {k: v for k, v in NODE.items() if k not in ("iphone_struct", "taken_at_timestamp")}
    plain = {"node": {**hidden, "caption": None}, "instaloader": {"node_type": "Post"}}
    page = {"node": {"id": "1", "name": "tag"}, "instaloader": {"node_type": "Hashtag"}}
    _, _, found = load(save(tmp_path, "a", lines(plain, page)))
    # no time given: the number tells when the upload began
    has(kept(found)[0].values, likes=None, created_at=MEDIA_TIME, time_source="identifier")
    assert [r.found for r in rejected(found)] == ["Hashtag"]


def test_instaloader_profile(tmp_path: Path) -> None:
    (account,) = kept(load(save(tmp_path, "a.json", json.dumps(PROFILE)))[2])
    has(
        account.values,
        account_id="333",
        handle="Sample.One",
        bio="bio",
        followers=12,
        following=13,
        posts_stated=14,
        status="private",
        verified=False,
    )


@pytest.mark.parametrize("where", ["beside", "zip", "alone", "stated"])
def test_instaloader_comments(tmp_path: Path, where: str) -> None:
    stem = "2023-12-31_14-36-55_UTC"
    name, whole = f"{stem}_comments.json", lzma.compress(json.dumps(INSTALOADER).encode())
    options: dict[str, Any] = {"constants": {"root_id": MEDIA}} if where == "stated" else {}
    if where == "zip":
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(f"x/{name}", json.dumps(COMMENTS))
            archive.writestr(f"x/{stem}.json", json.dumps(INSTALOADER))
        from kit import loaders

        opened = {f.name: (s, list(items)) for s, f, items in loaders.open_exports(tmp_path / "a.zip")}
        source, found = opened["instaloader_comments"]
    else:
        if where == "beside":
            save(tmp_path, f"{stem}.json.xz", whole)
        source, _, found = load(save(tmp_path, name, json.dumps(COMMENTS)), **options)
    comment, answer = kept(found)
    root = None if where == "alone" else MEDIA
    has(
        comment.values,
        post_id="17900000000000001",
        account_id="77",
        created_at=TAKEN,
        kind="reply",
        reply_to_id=root,
        root_id=root,
        text="half a \ufffd pair",
        likes=1,
        replies=1,
    )
    has(
        answer.values,
        post_id="17900000000000002",
        account_id="78",
        reply_to_id="17900000000000001",
        root_id=root,
    )
    has(answer.author, handle=None)
    assert source.warnings["comments whose post is not known: its file is not beside theirs"] == (
        where == "alone"
    )
    json.dumps([r.values["text"] for r in kept(found)], ensure_ascii=False).encode()


# --- parts


@pytest.mark.parametrize(
    "url,expected",
    [
        ("https://www.facebook.com/111/posts/222333", ("222333", "111", None, None, None)),
        ("https://m.facebook.com/Some.Page/videos/222333/?a=b", ("222333", None, "Some.Page", None, None)),
        ("https://www.facebook.com/groups/777/permalink/222333/", ("222333", None, None, None, None)),
        ("https://www.facebook.com/story.php?story_fbid=222333&id=111", ("222333", "111", None, None, None)),
        ("https://www.facebook.com/P/posts/pfbid02abcXYZ", ("pfbid02abcXYZ", None, "P", None, None)),
        ("https://www.facebook.com/profile.php?id=111", (None, "111", None, None, None)),
        ("https://www.facebook.com/people/Some-Name/111/", (None, "111", None, None, None)),
        ("https://www.facebook.com/Some.Page", (None, None, "Some.Page", None, None)),
        ("https://evilfacebook.com/111/posts/222333", None),
        ("https://facebook.com.evil.invalid/111/posts/222333", None),
        ("javascript:alert(1)//facebook.com/1/posts/222333", None),
        ("https://[bad/111/posts/222333", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses(url: str | None, expected: tuple[str | None, ...] | None) -> None:
    found = addresses.read(url)
    assert (tuple(found) if found else None) == expected


@pytest.mark.parametrize(
    "name,whole",
    [
        ("facebook_graph", GRAPH_POST),
        ("facebook_graph", GRAPH_COMMENTS),
        ("facebook_graph_pages", GRAPH_PAGE),
        ("instagram_graph", GRAPH_IG_COMMENTS),
        ("instagram_graph", GRAPH_DISCOVERY),
        ("instaloader", INSTALOADER),
        ("instaloader_profiles", PROFILE),
        ("instaloader_comments", COMMENTS[0]),
    ],
)
def test_any_value_anywhere_gives_records_or_rejections(tmp_path: Path, name: str, whole: Any) -> None:
    copies = exports.wrecked(whole)
    _, _, found = load(save(tmp_path, "a", lines(*copies)), format=name)
    # a list whose list was wrecked can be empty, but nothing else disappears
    seen = {r.line for r in found}
    gone = [copies[n - 1] for n in range(1, len(copies) + 1) if n not in seen]
    lists = [
        one.get("data", (one.get("business_discovery") or {"media": {"data": 0}}).get("media"))
        for one in gone
    ]
    assert all(not found_ or found_ in ({}, {"x": {}}) or not found_.get("data") for found_ in lists)


# --- real files


@pytest.mark.real
def test_real_graph_facebook(real_data: Path) -> None:
    folder = real_data / "format-samples" / "facebook-graph-api"
    raw = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    _, format_, found = load(folder / "feed_fields_p1.json")
    assert (format_.name, rejected(found)) == ("facebook_graph", [])
    for record, one in zip(kept(found), raw["feed_fields_p1.json"]["data"], strict=True):
        has(record.values, post_id=one["id"], text=one["message"], account_id=one["id"].split("_")[0])
        assert record.values["created_at"] == datetime.fromisoformat(one["created_time"][:19])
    for name in ("comments_p1.json", "feed_p1.json", "comment_info.json", "single_post_data_fields.json"):
        _, format_, found = load(folder / name)
        assert format_.name == "facebook_graph"
        things = raw[name].get("data", [raw[name]])
        assert {r.values["account_id"] for r in kept(found)} == {None}  # the API named no author
        assert len(kept(found)) == len(found) == len(things)
        _, _, found = load(folder / name, constants={"account_id": "1"})
        for record, one in zip(kept(found), things, strict=True):
            has(record.values, text=one.get("message"))
            assert record.values["created_at"] == datetime.fromisoformat(one["created_time"][:19])
            if "comment" in name:
                has(record.values, likes=one["like_count"], replies=one["comment_count"], is_reply=True)
                number = re.search(r"comment_id=(\d+)$", one["permalink_url"])
                page, post = one["permalink_url"].split("/")[3::2][:2]
                assert number is not None
                assert (
                    record.values["post_id"] == f"{post}_{number[1]}" == one.get("id", f"{post}_{number[1]}")
                )
                above = re.search(r"[?&]comment_id=(\d+)&reply_comment_id", one["permalink_url"])
                parent = f"{post}_{above[1]}" if above else f"{page}_{post}"
                has(record.values, reply_to_id=parent, root_id=f"{page}_{post}")
    _, format_, found = load(folder / "single_default_page.json")
    page = raw["single_default_page.json"]
    assert format_.name == "facebook_graph_pages"
    has(
        kept(found)[0].values,
        account_id=page["id"],
        handle=page["username"],
        bio=page["about"],
        verified=True,
    )


@pytest.mark.real
def test_real_graph_instagram(real_data: Path) -> None:
    folder = real_data / "format-samples" / "instagram-graph-api"
    raw = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    discovery = raw["discovery_medias_p1.json"]["business_discovery"]
    owner = raw["user_medias_p1.json"]["paging"]["next"].split("?")[0].split("/")[-2]
    for name, things, account in (
        ("user_medias_p1.json", raw["user_medias_p1.json"]["data"], owner),
        ("discovery_medias_p1.json", discovery["media"]["data"], discovery["id"]),
    ):
        _, format_, found = load(folder / name)
        assert (format_.name, rejected(found)) == ("instagram_graph", [])
        for record, one in zip(kept(found), things, strict=True):
            has(
                record.values,
                post_id=one["id"],
                account_id=account,
                text=one.get("caption"),
                likes=one["like_count"],
            )
            assert record.values["created_at"] == datetime.fromisoformat(one["timestamp"][:19])
            assert record.values["time_source"] == "field"
    for name in ("comments_p1.json", "hashtag_recent_medias_p1.json"):
        _, format_, found = load(folder / name)
        assert format_.name == "instagram_graph"
        assert {r.values["account_id"] for r in kept(found)} == {None}
        assert len(kept(found)) == len(found) == len(raw[name]["data"])
    _, _, found = load(folder / "comments_p1.json", constants={"account_id": "1"})
    for record, one in zip(kept(found), raw["comments_p1.json"]["data"], strict=True):
        has(record.values, post_id=one["id"], text=one["text"], reply_to_id="17846368219941692")


@pytest.mark.real
def test_real_crowdtangle_header(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "format-samples" / "facebook-crowdtangle" / "header_and_row_EXCERPT.csv"
    _, format_, found = load(path)
    assert format_.name == "facebook_crowdtangle"
    # the sample shows what a notebook showed: its cells of addresses and counts are empty
    assert [(r.field, r.number) for r in rejected(found)] == [("URL", 1)]
    with path.open(encoding="utf-8", newline="") as file:
        header, row = list(csv.reader(file))
    whole = dict(zip(header, row, strict=True)) | {"URL": "https://www.facebook.com/x/posts/123"}
    assert len(header) == 40
    # written again with an address, the rest of the real row is read
    _, _, found = load(save(tmp_path, "a.csv", table([whole])))
    (post,) = kept(found)
    has(
        post.values,
        post_id="123",
        account_id=whole["Facebook Id"],
        created_at=datetime(2021, 7, 6, 20, 45, 20),
        text=whole["Message"],
        likes=None,
        urls=[{"url": whole["Link"], "expanded_url": whole["Final Link"]}],
    )
    has(post.author, handle=whole["User Name"], followers=int(whole["Followers at Posting"]))


@pytest.mark.real
def test_real_library_headers(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "format-samples" / "mcl-csv-headers"
    listed = (folder / "facebook_posts_default_projection.txt").read_text(encoding="utf-8").strip()
    names = [name.strip() for name in listed.split(",")]
    assert exports.recognised(save(tmp_path, "a.csv", ",".join(names) + "\n")) == ["facebook_library"]
    assert load(tmp_path / "a.csv")[2] == []
    assert exports.recognised(folder / "instagram_posts_header.csv") == ["instagram_library"]
    assert load(folder / "instagram_posts_header.csv")[2] == []


def test_the_fixture_s_number_holds_its_time() -> None:
    assert time_of("instagram", MEDIA) == MEDIA_TIME
