"""Every golden folder: an export gives exactly the records, rejections and warnings that stand beside it.

And whatever stands in one field of an export, no record disappears and nothing stops the reader.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import exports
import golden
import pytest
from exports import lines, save, table
from needs import examples

from kit import loaders
from kit.errors import InputError
from kit.loaders import FORMATS

GOLDEN = {one.name: one for one in golden.goldens()}


@pytest.mark.parametrize("name", GOLDEN)
def test_an_export_gives_what_stands_beside_it(name: str) -> None:
    one = GOLDEN[name]
    found, expected = golden.read(one), one.lines()
    for told, line in zip(found, expected, strict=False):
        assert told == line
    assert len(found) == len(expected)


@pytest.mark.parametrize("name", [n for n, one in GOLDEN.items() if "format" not in one.options])
def test_an_export_is_recognised_by_one_format_alone(name: str) -> None:
    one = GOLDEN[name]
    expected = [line["format"] for line in one.lines() if "format" in line]
    takers = [
        [format_.name for format_ in FORMATS.values() if format_.sniff(source.head())]
        for source in loaders.sources(one.file, one.options)
    ]
    if "columns" in one.options:  # the column map says what it is
        assert (expected, takers) == (["table"], [[]])
    else:
        assert takers == [[format_] for format_ in expected]


def test_a_format_is_recognised_behind_a_long_beginning(tmp_path: Path) -> None:
    """What says which format it is may stand far from the start."""
    (video,) = golden.objects("yt_dlp/whole")
    video["formats"] = [{"format_id": str(n), "url": "x" * 2000} for n in range(50)]
    assert exports.recognised(save(tmp_path, "a.info.json", json.dumps(video))) == ["yt_dlp"]
    (archive,) = golden.objects("telegram_desktop/archive")
    archive["contacts"]["list"] = [{"user_id": n, "first_name": "x" * 100} for n in range(2500)]
    assert exports.recognised(save(tmp_path, "result.json", json.dumps(archive, indent=1))) == [
        "telegram_desktop"
    ]


def test_a_golden_folder_bears_the_name_of_its_format() -> None:
    for one in GOLDEN.values():
        formats = {line["format"] for line in one.lines() if "format" in line}
        assert one.name.partition("/")[0] in formats, one.name


def test_every_expectation_has_its_export() -> None:
    beside = {one.expected for one in GOLDEN.values()}
    assert sorted(set(golden.FOLDER.rglob(f"*{golden.ENDING}")) - beside) == []
    assert len(beside) == len(GOLDEN), "two exports of one name"


#: sites whose addresses a format is made of, and the ending of all others
SITES = (
    "bsky.app facebook.com instagram.com linkedin.com livejournal.com medium.com purl.org redd.it reddit.com tiktok.com "
    "truthsocial.com twitter.com w3.org weibo.com weixin.qq.com x.com youtube.com example"
).split()


def test_exports_lead_to_invented_sites_alone() -> None:
    """What somebody received is no test data: an export is written anew, with invented names."""
    found = set()
    for path in (
        path for path in golden.FOLDER.rglob("*") if path.is_file() and golden.ENDING not in path.name
    ):
        written = path.read_text(encoding="utf-8", errors="replace").replace("[.]", ".")
        hosts = re.findall(r"https?:(?:\\?/){2}([a-z\d-]+(?:\.[a-z\d-]+)+)", written, re.IGNORECASE)
        found |= {(path.name, host) for host in hosts}
    assert [
        one for one in found if not f".{one[1].lower()}".endswith(tuple(f".{site}" for site in SITES))
    ] == []


# --- junk in any field
#: exports in lines, of which each line is read by itself
LINES = (
    "bluesky_accounts/profile bluesky_jetstream/posts_and_reposts bluesky_posts/feed bluesky_posts/post_view "
    "bluesky_posts/quoted_posts_that_cannot_be_seen facebook_graph/comments facebook_graph/post "
    "facebook_graph_pages/page fourcat_ndjson/instagram_nodes instagram_graph/comments instagram_graph/discovery "
    "instaloader/whole instaloader_comments/whole instaloader_profiles/profile mastodon_accounts/account "
    "mastodon_posts/boost mastodon_posts/every_column_of_a_post telegram_telethon/forwards telegram_telethon/media "
    "telegram_telethon/message tiktok_research/videos tiktok_research_comments/whole "
    "tiktok_research_users/user_a_line truthsocial_accounts/account truthsocial_posts/whole wechat_json/whole "
    "x_snscrape/whole x_v1/lines x_v2_users/whole x_web/lines x_web_users/about_this_account_is_kept "
    "youtube_api/search youtube_api/threads youtube_api/videos youtube_api_channels/whole "
    "youtube_comment_downloader/object yt_dlp/lines yt_dlp/playlist yt_dlp/whole zeeschuimer/capture_of_comments "
    "zeeschuimer/douyin zeeschuimer/facebook zeeschuimer/instagram zeeschuimer/rednote zeeschuimer/rednote_comments "
    "zeeschuimer/truth_social_capture zeeschuimer/whole zeeschuimer/x"
).split()
#: exports that are one document
DOCUMENTS = (
    "medium_json/answer_behind_its_guard_2 medium_json/whole reddit_accounts/whole reddit_api/whole "
    "reddit_api/page_of_comments_in_the_order_of_the_page reddit_dump/whole telegram_desktop/one_chat weibo_json/whole"
).split()
#: what a warning counts that is no record and no rejection
PASSED = ("service", "gone", "private", "album", "not read", "no posts", "could not reach")


def counted(source: loaders.Source) -> int:
    """How many records were passed over and counted."""
    return sum(n for what, n in source.warnings.items() if any(word in what for word in PASSED))


@pytest.mark.parametrize("name", LINES)
def test_junk_in_any_value_of_a_line_ends_in_a_record_or_a_rejection(tmp_path: Path, name: str) -> None:
    format_ = name.partition("/")[0]
    copies = [copy for one in golden.objects(name) for copy in exports.wrecked(one, examples(5))]
    path = save(tmp_path, "a", lines(*copies))
    source, _, found = exports.load(path, format=format_, **golden.golden(name).options)
    seen = {item.line for item in found}
    gone = [copy for number, copy in enumerate(copies, 1) if number not in seen]
    assert len([one for one in gone if not emptied(one)]) <= counted(source)
    for record in exports.kept(found):
        (record.values.get("text") or "").encode()


def emptied(thing: Any) -> bool:
    """Whether a list of records was wrecked, at any depth, so that nothing is left in it."""
    if isinstance(thing, dict):
        lists = [thing[key] for key in ("data", "media") if key in thing]
        if any(one in (None, "", 0, {}, {"x": {}}, [[]]) for one in lists):
            return True
    inside = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
    return thing == [] or any(emptied(one) for one in inside)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_junk_in_any_value_of_a_document_stops_nothing(tmp_path: Path, name: str) -> None:
    for one in golden.objects(name):
        for copy in exports.wrecked(one, 1):
            path = save(tmp_path, "a.json", json.dumps(copy))
            with contextlib.suppress(InputError):  # what stands there says what the file is
                exports.load(path, format=name.partition("/")[0], **golden.golden(name).options)


CELLS = ["", "x", "-1", "1e400", "NaN", "None", "[]", "=1+1", "9" * 400, "\u202e", "2024-13-45", '"', "\\",
         "13月45日 99:99"]  # fmt: skip


def tables() -> dict[str, tuple[str, list[list[str]]]]:
    """Samples that are tables: their delimiter and their rows, the header first."""
    found = {}
    for name, (_, format_, data) in golden.samples().items():
        text = data.decode("utf-8-sig", "replace")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        if (
            text[0] not in "{[<w"
            and len(rows[0]) > 2
            and len({len(row) for row in rows}) == 1
            and format_ != "table"
        ):
            found[name] = delimiter, rows
    return found


@pytest.mark.parametrize("name", tables())
def test_junk_in_any_cell_ends_in_a_record_or_a_rejection(tmp_path: Path, name: str) -> None:
    delimiter, (header, *rows) = tables()[name]
    wrecked = [
        {**dict(zip(header, row, strict=True)), column: CELLS[(n + m) % len(CELLS)]}
        for row in rows
        for n, column in enumerate(header)
        for m in range(5)
    ]
    one = golden.golden(name)
    path = save(tmp_path, one.file.name, table(wrecked, delimiter))
    source, _, found = exports.load(path, format=name.partition("/")[0], **one.options)
    passed = sum(n for what, n in source.warnings.items() if "the tool made for itself" in what)
    assert len(found) + passed == len(wrecked)


# --- one post through many formats

#: exports that hold the same post, and the columns in which all of them agree
SAME = {
    "a message of Telegram": (
        "post_id account_id created_at text",
        "telegram_desktop/one_message telegram_desktop/one_message_in_an_archive telegram_telethon/one_message",
    ),
    "a post of Truth Social": (
        "post_id account_id created_at",
        "zeeschuimer/truth_social_capture truthsocial_posts/whole fourcat_truthsocial/whole",
    ),
    "a post of Bluesky": (
        "post_id account_id reply_to_id quoted_id text",
        "bluesky_jetstream/one_post bluesky_posts/one_post fourcat_bluesky/whole",
    ),
    "a post of Instagram": (
        "post_id account_id created_at",
        "zeeschuimer/one_post fourcat_ndjson/instagram_nodes fourcat_instagram/whole instaloader/one_post",
    ),
    "a post of X": (
        "post_id account_id created_at",
        "zeeschuimer/x fourcat_ndjson/x fourcat_x/zeeschuimer_x_csv x_web/one_post",
    ),
    "a video of YouTube": (
        "post_id account_id created_at",
        "youtube_api/videos yt_dlp/whole youtube_data_tools_videos/whole youtube_data_tools_video/facts",
    ),
    "a comment of YouTube": (
        "post_id account_id created_at reply_to_id",
        "youtube_api/threads youtube_data_tools_comments/whole youtube_data_tools_comments/bare",
    ),
    "a video of TikTok": (
        "post_id created_at",
        "tiktok_research/videos zeeschuimer/whole fourcat_tiktok/videos",
    ),
}


@pytest.mark.parametrize("what", SAME)
def test_one_post_through_many_formats_is_one_post_at_one_time(what: str) -> None:
    columns, names = (words.split() for words in SAME[what])
    told = {name: [line["posts"] for line in GOLDEN[name].lines() if "posts" in line] for name in names}
    first = {name: tuple(posts[0][column] for column in columns) for name, posts in told.items()}
    assert len(set(first.values())) == 1, first
