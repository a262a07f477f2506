"""Formats of Facebook and Instagram: field values, what has no author, and what a file does not say."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import exports
import golden
import openpyxl
import pytest
from exports import has, kept, load, rejected, save, table

from kit.errors import InputError
from kit.ids import time_of
from kit.loaders import zones
from kit.loaders.meta import addresses


def test_facepager_of_another_platform_is_not_taken(tmp_path: Path) -> None:
    rows = [{**golden.rows("facebook_facepager/whole")[1], "query_type": "YouTube:/videos"}]
    assert exports.recognised(save(tmp_path, "a.csv", table(rows))) == []


def test_another_workbook_is_not_taken(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Name", "Comment"])
    book.save(tmp_path / "a.xlsx")
    assert exports.recognised(tmp_path / "a.xlsx") == []


# --- CrowdTangle


def test_crowdtangle_zone_is_refused_until_declared_then_read(tmp_path: Path) -> None:
    (row,) = golden.rows("facebook_crowdtangle/pages")
    rows = [{**row, "Post Created": f"2021-11-07 01:30:00 {zone}"} for zone in ("CDT", "CST")]
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


def test_exportcomments_are_read_when_dates_and_zone_are_stated(tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", golden.data("facebook_exportcomments/csv"))
    with pytest.raises(InputError, match="how dates are written is not stated"):
        load(path)
    with pytest.raises(InputError, match="a time without a zone"):
        load(path, time={"format": "%d.%m.%y %H:%M:%S"})
    path = save(tmp_path, "a.xlsx", golden.data("facebook_exportcomments/xlsx"))
    with pytest.raises(InputError, match="a time without a zone"):
        load(path)


def test_exportcomments_damaged_workbook(tmp_path: Path) -> None:
    data = golden.data("facebook_exportcomments/xlsx")
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
    """C1hWCZLPQ9T is its shortcode."""
    assert time_of("instagram", "3269991725941985107") == datetime(2023, 12, 31, 14, 36, 52, 207000)
