"""Formats of Facebook and Instagram: field values, what has no author, and what a file does not say."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import exports
import openpyxl
import pytest
from exports import has, kept, load, rejected, save, table

from kit.errors import InputError
from kit.ids import time_of
from kit.loaders import zones
from kit.loaders.meta import addresses

# C1hWCZLPQ9T is the shortcode of this number
MEDIA, CODE = "3269991725941985107", "C1hWCZLPQ9T"
MEDIA_TIME = datetime(2023, 12, 31, 14, 36, 52, 207000)

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

# --- minet and ExportComments

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
