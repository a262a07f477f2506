"""Formats of Reddit, LinkedIn, Medium and Weibo: field values, traps of each, and what a file does not say."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import badinputs
import golden
import pytest
import zstandard
from exports import has, kept, lines, load, rejected, save, table

from kit.errors import InputError
from kit.loaders import Rejection
from kit.loaders.markup import links_in, read_html, titled


def explained(found: list[Any]) -> list[Any]:
    """Records; every rejection says why."""
    assert all(item.reason and item.raw for item in found if isinstance(item, Rejection))
    return kept(found)


# --- Reddit


def test_reddit_dump_asks_for_its_window(tmp_path: Path) -> None:
    """A month's file wants up to 2 GB to unpack: refused until the report file allows it, then read over all frames."""
    (comment, _) = golden.objects("reddit_dump/whole")
    packer = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    )

    def frame(start: int) -> bytes:
        out = io.BytesIO()
        with packer.stream_writer(out, closefd=False) as writer:
            numbers = range(start, start + 400)
            writer.write(lines(*({**comment, "id": f"d{n}", "body": "é" * 997} for n in numbers)).encode())
        return out.getvalue()

    path = save(tmp_path, "RC_2016-09.zst", frame(0) + frame(400))
    with pytest.raises(InputError, match=r"limits: \{window: 268435456\}"):
        load(path)
    _, format_, found = load(path, limits={"window": 1 << 28})
    assert format_.name == "reddit_dump"
    assert len(kept(found)) == len(found) == 800
    assert {r.values["text"] for r in found} == {"é" * 997}


# --- Medium: feeds


def feed(
    *items: str,
    start: str = '<?xml version="1.0" encoding="UTF-8"?>',
    link: str = "@sample?source=rss-310eb3bcba4c------2",
) -> str:
    return (
        f'{start}<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">\n<channel><title>Stories</title>'
        f"<link>https://medium.com/{link}</link><image><url>x</url><title>not this</title><link>nor this</link></image>"
        f"<generator>Medium</generator>{''.join(items)}</channel></rss>"
    )


def item(guid: str = "4c57cf14bce5", **fields: str) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item><guid>https://medium.com/p/{guid}</guid>{inside}</item>"


def medium(tmp_path: Path, data: str, **options: Any) -> tuple[Any, list[Any]]:
    source, format_, found = load(save(tmp_path, "feed.xml", data), **options)
    assert format_.name == "medium_rss"
    return source, found


def test_medium_feed_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    whole = feed(*(item(f"{n:012x}", title="x" * 5000) for n in range(300)))
    assert len(medium(tmp_path, whole)[1]) == 300
    for cut in (len(whole) - 3, len(whole) // 2, 700):
        with pytest.raises(InputError, match=r"feed\.xml, line \d+, column \d+: the XML is not well-formed"):
            medium(tmp_path, whole[:cut])
    with pytest.raises(InputError, match="line 2, column"):
        medium(tmp_path, feed(item(title="a & b")))
    # XML written inside a text is text
    inside = "<![CDATA[<!DOCTYPE html><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;]]>"
    assert medium(tmp_path, feed(item(title=inside)))[1][0].values["text"].startswith("<!DOCTYPE html>")
    with pytest.raises(InputError, match="not an RSS feed"):
        load(save(tmp_path, "atom.xml", "<feed><entry/></feed>"), format="medium_rss")


@pytest.mark.real
def test_catalogue_document_types_are_refused(catalogue: badinputs.Catalogue) -> None:
    for name in ("XM-01", "XM-02", "XM-03", "XM-04"):
        path = catalogue.path(name)
        with pytest.raises(InputError):
            load(path)
        start = time.process_time()
        with pytest.raises(InputError, match="line 1: a document type or entity is declared"):
            load(path, format="medium_rss")
        assert time.process_time() - start < 1


def test_medium_feed_never_reads_another_file(tmp_path: Path) -> None:
    secret = save(tmp_path, "secret.txt", "the content of a file")
    start = f'<!DOCTYPE l [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(InputError, match="document type or entity is declared") as caught:
        medium(tmp_path, feed(item(title="&x;"), start=start))
    assert "the content" not in str(caught.value)


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE l [<!ENTITY a "lol">]>',
        '<!DOCTYPE rss SYSTEM "http://tracker.invalid/x.dtd">',
        '<?xml version="1.0"?>\n<!-- x --><!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_medium_feed_with_a_document_type(tmp_path: Path, start: str) -> None:
    with pytest.raises(InputError, match="document type or entity is declared"):
        medium(tmp_path, feed(item(title="x"), start=start))


@pytest.mark.real
def test_catalogue_of_feeds(catalogue: badinputs.Catalogue) -> None:
    def read(name: str) -> tuple[Any, list[Any]]:
        source, _, found = load(catalogue.path(name), format="medium_rss")
        return source, found

    _, (marked,) = read("XM-05")
    assert marked.values["text"] == "<script>alert(1)</script>t"  # text as it is; whoever shows it escapes it
    source, (script,) = read("XM-06")
    has(script.values, urls=[], post_id="javascript:alert(1)", text="item\n\ntext")
    assert source.warnings["addresses that are neither http nor https, left out of the links"] == 1
    with pytest.raises(InputError, match=r"line 1, column 74: the XML is not well-formed: mismatched tag"):
        read("XM-07")
    _, found = read("XM-08")
    assert [(r.field, r.reason) for r in found] == [("guid", "no identifier")] * 2
    with pytest.raises(InputError, match="this is a web page, not a feed"):
        read("XM-09")
    source, found = read("XM-10")
    assert [(r.values["post_id"], r.values["text"]) for r in found] == [("g", "1"), ("g#2", "2")]
    assert source.warnings["identifiers of two different items: both were kept, the later one with #2"] == 1


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<![CDATA[> ", '<a b="> ', "<!-- > ", "<a =", "<a href='", "<div>", "&", "<"]
)
def test_hostile_html_takes_no_longer_than_its_length(piece: str) -> None:
    """What is opened again and again and never closed is looked at once."""

    def took(times: int) -> float:
        start = time.process_time()
        read_html(piece * times).text()
        return time.process_time() - start

    took(1000)
    assert took(40_000) < 60 * max(took(4000), 0.001)


# --- Medium: account export

SHORT = golden.text("medium_export/whole")


def test_medium_page_takes_its_author_from_the_profile_beside_it(tmp_path: Path) -> None:
    def author() -> str:
        (post,) = load(save(tmp_path, "posts/x.html", SHORT))[2]
        return post.values["account_id"]

    profile = golden.text("medium_export_profile/whole")
    assert author() == "@sample.one"
    save(tmp_path, "profile/profile.html", profile)
    assert author() == "310eb3bcba4c"
    save(tmp_path, "profile/profile.html", profile.replace("@sample.one", "@someone.else"))
    assert author() == "@sample.one"


def test_medium_export_pages_that_lack_something(tmp_path: Path) -> None:
    timeless = re.sub(r" on <a href=[^>]*><time.*?</time></a>", "", SHORT)
    source, _, (post,) = load(save(tmp_path, "posts/x.html", timeless))
    has(post.values, created_at=None, time_source=None, post_id="70c5683f3778")
    assert source.warnings["posts without a time"] == 1
    _, _, (post,) = load(save(tmp_path, "x.html", SHORT.replace("p-author", "other")))
    assert post.values["account_id"] is None
    nameless = SHORT.replace("p-canonical", "other").replace("https://medium.com/p/", "https://x.example/")
    _, _, (found,) = load(save(tmp_path, "2015-02-05_A-title-70c5683f3778.html", nameless))
    assert found.values["post_id"] == "70c5683f3778"
    _, _, (found,) = load(save(tmp_path, "x.html", nameless))
    assert isinstance(found, Rejection)
    for damaged, field in (
        (SHORT.replace("2015-02-05T02", "2015-02-35T02"), "dt-published"),
        (SHORT + "\0", ""),
    ):
        _, _, (found,) = load(save(tmp_path, "x.html", damaged))
        assert isinstance(found, Rejection)
        assert found.field == field
    _, _, (found,) = load(save(tmp_path, "x.html", SHORT.encode() + b"\xff\xfe one bad line"))
    assert "bytes that are not text" in found.reason
    with pytest.raises(InputError, match="a page of more than"):
        load(save(tmp_path, "x.html", SHORT + " " * (17 << 20)))


# --- Medium: pages and answers

PAGE = """<!doctype html><html lang="en"><head><meta data-rh="true" property="al:android:package" content="com.medium.reader"/>
</head><body><script>window.__BUILD_ID__="main"</script><script>window.__APOLLO_STATE__ = {first}</script>
<script>window.__APOLLO_STATE__ = {second}</script><script src="https://cdn-client.medium.com/x.js"></script></body></html>"""


def written(thing: Any) -> str:
    """JSON as a page holds it, its own signs escaped."""
    return json.dumps(thing).replace("<", "\\u003c").replace("/", "\\u002F")


def test_medium_page_is_never_evaluated(tmp_path: Path) -> None:
    for damaged in ('{"a": alert(1)}', '{"Post:1": {"__typename": "Post"', "{" * 100_000):
        _, format_, found = load(save(tmp_path, "page.html", PAGE.format(first=damaged, second=damaged)))
        assert format_.name == "medium_page"
        assert len(found) == len(rejected(found)) == 1
    with pytest.raises(InputError, match="holds no data of Medium"):
        load(save(tmp_path, "page.html", PAGE.replace("__APOLLO_STATE__", "other")))
    page = PAGE.format(first=written({"ROOT_QUERY": {}}), second="{}")
    (none,) = load(save(tmp_path, "page.html", page))[2]
    assert none.reason == "no post of Medium"


@pytest.mark.real
def test_real_medium(real_data: Path) -> None:
    path = real_data / "format-samples" / "medium-rss" / "feed_excerpt.xml"
    _, format_, found = load(path)
    assert format_.name == "medium_rss"
    items = list(ElementTree.parse(path).getroot().iter("item"))
    assert len(found) == len(items) == 1
    for record, item_ in zip(found, items, strict=True):
        value = record.values
        assert value["post_id"] == item_.findtext("guid").rsplit("/", 1)[1]
        assert value["hashtags"] == [one.text for one in item_.iter("category")]
        assert value["created_at"] == parsedate_to_datetime(item_.findtext("pubDate")).replace(tzinfo=None)
        assert value["text"].startswith(item_.findtext("title"))
        assert value["media"] == []  # the only image counts readers
        assert record.author["display_name"] == item_.findtext("{http://purl.org/dc/elements/1.1/}creator")
        assert f"source=rss-{value['account_id']}-" in item_.findtext("link")
    folder = real_data / "format-samples" / "medium-account-export"
    for name in ("claps__claps.html", "lists__lists.html"):
        source, format_, found = load(folder / name)
        assert (format_.name, found) == ("medium_export_other", [])
        assert source.warnings["pages of a Medium export that are no posts: passed over, not read"] == 1
    _, format_, (post,) = load(folder / "posts__basic.html")
    assert format_.name == "medium_export"
    page = (folder / "posts__basic.html").read_text()
    canonical = re.search(r'href="([^"]+)" class="p-canonical"', page)[1]
    assert canonical.endswith("-" + post.values["post_id"])
    assert (
        post.values["created_at"].isoformat(timespec="milliseconds") + "Z"
        == re.search(r'datetime="([^"]+)"', page)[1]
    )
    assert post.author["display_name"] == re.search(r"h-card\">([^<]+)<", page)[1]
    paragraphs = re.findall(r'<p name="\w+"[^>]*>(.*?)</p>', page, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", "", re.sub(r"\s+", " ", one).replace("<br>", "\n")) for one in paragraphs]
    assert post.values["text"] == "\n".join(plain)


# --- Weibo

(WEIBO_ROW,) = golden.rows("weibo_crawler/whole")


def weibo(
    tmp_path: Path, *rows: dict[str, Any], name: str = "1234567890.csv", **options: Any
) -> tuple[Any, list[Any]]:
    source, format_, found = load(save(tmp_path, name, table(list(rows), bom=True)), **options)
    assert format_.name == "weibo_crawler"
    return source, found


def test_weibo_whose_posts_these_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"constants: \{account_id: …\}"):
        weibo(tmp_path, WEIBO_ROW, name="posts.csv")
    _, (record,) = weibo(tmp_path, WEIBO_ROW, name="posts.csv", constants={"account_id": "77"})
    assert record.values["account_id"] == "77"
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("sample/1234567890.csv", table([WEIBO_ROW], bom=True))
    _, _, (record,) = load(tmp_path / "all.zip")
    assert record.values["account_id"] == "1234567890"


@pytest.mark.real
def test_real_weibo(real_data: Path) -> None:
    path = real_data / "format-samples" / "weibo-crawler" / "readme_example.json"
    _, format_, found = load(path)
    assert format_.name == "weibo_json"
    raw = json.loads(path.read_text())
    records, context = explained(found), kept(found, context=True)
    assert not rejected(found)
    assert len(records) == len(raw["weibo"]) == 2
    for record, post in zip(records, raw["weibo"], strict=True):
        value = record.values
        assert (value["post_id"], value["account_id"]) == (str(post["id"]), str(post["user_id"]))
        assert value["text"] == post["text"]
        china = value["created_at"] + timedelta(hours=8)
        assert (china.date().isoformat(), value["time_source"]) == (post["created_at"], "identifier")
        assert (value["likes"], value["replies"]) == (post["attitudes_count"], post["comments_count"])
        assert (post["reposts_count"], value["reposts"]) == (1_000_000, None)
        assert [m["url"] for m in value["media"]] == [url for url in post["pics"].split(",") if url]
        assert record.author["handle"] == raw["user"]["screen_name"]
        assert record.author["followers"] == raw["user"]["followers_count"]
    assert [one.values["post_id"] for one in context] == [str(raw["weibo"][1]["retweet"]["id"])]
    assert records[1].values["quoted_id"] == context[0].values["post_id"]


# --- text of documents


def test_links_written_in_a_text() -> None:
    written = "(https://a.invalid/x), [b](https://b.invalid/y_(z)) **https://c.invalid/** https://a.invalid/x HTTP://D.invalid. javascript:alert(1)"
    assert [one["url"] for one in links_in(written)] == [
        "https://a.invalid/x",
        "https://b.invalid/y_(z)",
        "https://c.invalid/",
        "HTTP://D.invalid",
    ]
    assert links_in(None) == links_in("") == []


def test_text_of_html() -> None:
    page = read_html(
        "<h3>A &amp; B</h3><p>one <b>two</b>\n three<br>four</p><script>alert(1)</script><style>x</style>"
        "<pre>a\n  b</pre></p><p>&lt;script&gt;</p><a href='/x'>l</a><img src=i.png alt='a picture'>"
    )
    assert page.text() == "A & B\none two three\nfour\na\nb\n<script>\nl"
    assert page.links == ["/x"]
    assert page.images == [{"src": "i.png", "alt": "a picture"}]
    assert titled("A", "A\nand more") == "A\nand more"
    assert titled("A", "All") == "A\n\nAll"
    assert titled("A", "B") == "A\n\nB"
    assert titled(None, "B") == "B"
    assert titled("A", "") == "A"


# --- real files, each read a second time by other means


@pytest.mark.real
def test_real_reddit(real_data: Path) -> None:
    folder = real_data / "format-samples" / "reddit-api-json"
    files = sorted(folder.glob("*.json"))
    assert files
    seen = 0
    for path in files:
        _source, format_, found = load(path)
        raw = json.loads(path.read_text())
        if format_.name == "reddit_accounts":
            data = raw.get("data") or {"id": next(iter(raw)), **raw[next(iter(raw))]}
            has(found[0].values, handle=data["name"], account_id="t2_" + data["id"].removeprefix("t2_"))
            assert found[0].values["created_at"] == datetime.fromtimestamp(data["created_utc"], UTC).replace(
                tzinfo=None
            )
            continue
        expected: list[dict[str, Any]] = []

        def collect(thing: Any, into: list[dict[str, Any]]) -> None:
            if isinstance(thing, dict):
                if thing.get("kind") in ("t1", "t3"):
                    into.append(thing["data"])
                for one in thing.values():
                    collect(one, into)
            elif isinstance(thing, list):
                for one in thing:
                    collect(one, into)

        collect(raw, expected)
        records = explained(found)
        assert not rejected(found)
        assert len(records) == len(expected)
        for record, data in zip(records, expected, strict=True):
            seen += 1
            value = record.values
            assert value["post_id"] == data["name"]
            assert value["created_at"] == datetime.fromtimestamp(data["created_utc"], UTC).replace(
                tzinfo=None
            )
            hidden = data.get("score_hidden") or data.get("hide_score")
            assert value["likes"] == (None if hidden or data["score"] < 0 else data["score"])
            assert value.get("reply_to_id") == data.get("parent_id")
            assert value["root_id"] == data.get("link_id", data["name"])
            assert value.get("replies") == data.get("num_comments")
            if data["author"] == "[deleted]":
                assert value["account_id"] is None
            else:
                assert record.author["handle"] == data["author"]
            for field in ("title", "selftext", "body"):
                if data.get(field) and data[field] != "[deleted]":
                    assert data[field] in value["text"]
    assert seen == 25
