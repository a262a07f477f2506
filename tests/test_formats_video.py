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

import golden
import pytest
from exports import has, kept, load, rejected, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from needs import examples
from worlds import desk, report

import kit
from kit.errors import InputError
from kit.loaders import objects
from kit.loaders.youtube import escaped, fields

VIDEO, OWNER, TOP = "aB3dE5gH7kI", f"UC{'o' * 22}", "UgyTopTopTopTopTop4AaABAg"
TIKTOK, CLIP, CLIP_REPLY = "7106594312292453675", "7106594400000000001", "7106594500000000002"
COMMENT_ROW, REPLY_ROW = golden.rows("youtube_data_tools_comments/whole")
#: samples of both platforms
SAMPLES = {
    name: sample
    for name, sample in golden.samples().items()
    if name.startswith(("youtube", "yt_dlp", "tiktok", "fourcat_tiktok")) or name == "zeeschuimer/whole"
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


# --- youtube-comment-downloader


@pytest.mark.parametrize(
    "name,video",
    [
        (f"{VIDEO}.json", VIDEO),
        (f"comments_{VIDEO}.jsonl", VIDEO),
        (f"{VIDEO}-comments.json", VIDEO),
        (f"videoinfo_{VIDEO}_2024_06_01-10_00_00_comments.csv", VIDEO),
        (f"videoinfo_{OWNER}_{VIDEO}_2024_06_01-10_00_00_comments.tab", VIDEO),
        ("ScMzIvxBSi4.json", "ScMzIvxBSi4"),
        ("my_comments.json", None),
        ("Comments_24.json", None),
        ("export_2024.json", None),
        ("2024_Videos.json", None),
        ("ResearchLog.json", None),
        ("comments.json", None),
        ("aB3dE5gH7kJ.json", None),  # no identifier ends so
        (f"{VIDEO}x.json", None),
    ],
)
def test_the_video_is_read_from_a_name_that_can_be_nothing_else(
    tmp_path: Path, name: str, video: str | None
) -> None:
    path = save(tmp_path, name, golden.data("youtube_comment_downloader/lines"))
    source, _, found = load(path, format="youtube_comment_downloader")
    assert [record.values["root_id"] for record in kept(found)] == [video, video]
    assert [record.values["reply_to_id"] for record in kept(found)] == [video, TOP]
    assert source.warnings[fields.NO_VIDEO] == (0 if video else 2)


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
    _, _, found = load(save(tmp_path, "a.csv", php_table(rows, delimiter)))
    assert [(r.values["post_id"], r.values["text"]) for r in kept(found)] == [
        (COMMENT_ROW["id"], COMMENT_ROW["text"]),
        ("UgyOdd", text),
        (REPLY_ROW["id"], REPLY_ROW["text"]),
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


def test_tools_facts_that_are_cut(tmp_path: Path) -> None:
    cut = golden.text("youtube_data_tools_video/facts").splitlines(keepends=True)[:3]
    with pytest.raises(InputError, match="the row 'title' is missing"):
        load(save(tmp_path, "c.csv", "".join(cut)))


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
@given(name=st.sampled_from(sorted(SAMPLES)), data=st.data())
def test_cut_files_never_stop_a_reader(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Half a download: records, rejections or one clear error, never a crash."""
    file, format_, raw = SAMPLES[name]
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
        for number, (name, (file, format_, data)) in enumerate(SAMPLES.items()):
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
        save(home / "reports" / "nobody", "a.json", golden.data("tiktok_research_comments/whole"))
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
        "youtube_data_tools_comments/whole",
        "youtube_data_tools_videos/whole",
        "youtube_data_tools_channels/whole",
        "youtube_data_tools_video/facts",
        "tiktok_pyktok/whole",
        "fourcat_tiktok_comments/whole",
    ):
        file, format_, _ = SAMPLES[name]
        data = golden.text(name)
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
    half = golden.text("zeeschuimer/whole").replace("clip #Tag @Other.One", "clip \\ud83d #Tag")
    source, _, found = load(save(tmp_path, "a.ndjson", half))
    assert kept(found)[0].values["text"] == "clip \ufffd #Tag"
    assert sum(source.warnings.values()) == 1
    emoji = {**COMMENT_ROW, "text": "👩‍👩‍👧 https://news.example/é ‮right to left"}
    _, _, found = load(save(tmp_path, "a.csv", php_table([emoji])))
    has(
        kept(found)[0].values,
        text=emoji["text"],
        urls=[{"url": "https://news.example/é", "expanded_url": None}],
    )
