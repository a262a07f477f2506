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
import exports
import pytest
import zstandard
from exports import has, kept, lines, load, recognised, rejected, save, table

from kit import loaders
from kit.errors import InputError
from kit.loaders import Rejection
from kit.loaders.markup import links_in, read_html, titled


def explained(found: list[Any]) -> list[Any]:
    """Records; every rejection says why."""
    assert all(item.reason and item.raw for item in found if isinstance(item, Rejection))
    return kept(found)


# --- Reddit

SECONDS, WHEN = 1474842803, datetime(2016, 9, 25, 22, 33, 23)
SUBMISSION: dict[str, Any] = {
    "name": "t3_54hhwl",
    "id": "54hhwl",
    "author": "Sample_One",
    "author_fullname": "t2_abc1",
    "title": "fish &amp; chips",
    "selftext": "see [this](https://news.invalid/a_(b)), and https://news.invalid/c. Thanks u/other_one",
    "selftext_html": '&lt;!-- SC_OFF --&gt;&lt;div class="md"&gt;&lt;p&gt;',
    "is_self": True,
    "domain": "self.sample",
    "url": "https://www.reddit.com/r/sample/comments/54hhwl/fish/",
    "created": SECONDS + 8 * 3600.0,
    "created_utc": float(SECONDS),
    "edited": False,
    "score": 12,
    "hide_score": False,
    "num_comments": 2,
    "num_crossposts": 1,
    "subreddit": "sample",
    "subreddit_id": "t5_2qh1i",
    "removed_by_category": None,
}


def comment(number: str, parent: str, replies: Any = "", **more: Any) -> dict[str, Any]:
    return {
        "kind": "t1",
        "data": {
            "name": f"t1_{number}",
            "id": number,
            "author": "Other_One",
            "author_fullname": "t2_abc2",
            "body": f"text {number}",
            "body_html": '<div class="md"><p>',
            "created": SECONDS + 8 * 3600.0,
            "created_utc": float(SECONDS),
            "edited": float(SECONDS + 60),
            "parent_id": parent,
            "link_id": "t3_54hhwl",
            "score": 1,
            "score_hidden": False,
            "replies": replies,
            **more,
        },
    }


def listing(*children: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"modhash": "", "children": list(children), "after": None, **more}}


def submission(**more: Any) -> dict[str, Any]:
    return {"kind": "t3", "data": {**SUBMISSION, **more}}


def more(count: int, *children: str, id: str = "x1") -> dict[str, Any]:
    return {
        "kind": "more",
        "data": {"count": count, "id": id, "name": f"t1_{id}", "children": list(children)},
    }


def reddit(tmp_path: Path, thing: Any, **options: Any) -> tuple[Any, list[Any]]:
    source, format_, found = load(save(tmp_path, "reddit.json", json.dumps(thing)), **options)
    assert format_.name == "reddit_api"
    return source, found


def test_reddit_post(tmp_path: Path) -> None:
    source, found = reddit(tmp_path, listing(submission()))
    (record,) = found
    has(
        record.values,
        platform="reddit",
        post_id="t3_54hhwl",
        account_id="t2_abc1",
        created_at=WHEN,
        time_source="field",
        time_precision="second",
        kind="post",
        is_reply=False,
        is_quote=False,
        is_repost=False,
        root_id="t3_54hhwl",
        text="fish & chips\n\n" + SUBMISSION["selftext"],
        place="sample",
        likes=12,
        replies=2,
        reposts=1,
        status=None,
        urls=[
            {"url": "https://news.invalid/a_(b)", "expanded_url": None},
            {"url": "https://news.invalid/c", "expanded_url": None},
        ],
        mentions=[{"account_id": None, "handle": "other_one"}],
        media=[],
    )
    has(record.author, account_id="t2_abc1", handle="Sample_One")
    assert not source.warnings


def test_reddit_page_of_comments_in_the_order_of_the_page(tmp_path: Path) -> None:
    deep = comment("c3", "t1_c2")
    tree = comment(
        "c1", "t3_54hhwl", listing(comment("c2", "t1_c1", listing(deep)), more(3, "c8", "c9", "ca"))
    )
    page = [listing(submission()), listing(tree, comment("c4", "t3_54hhwl"), more(7, "d1"), more(0, id="_"))]
    source, found = reddit(tmp_path, page)
    assert [r.values["post_id"] for r in found] == ["t3_54hhwl", "t1_c1", "t1_c2", "t1_c3", "t1_c4"]
    assert [r.number for r in found] == [1, 2, 3, 4, 5]
    assert [r.values.get("reply_to_id") for r in found] == [None, "t3_54hhwl", "t1_c1", "t1_c2", "t3_54hhwl"]
    assert {r.values["root_id"] for r in found} == {"t3_54hhwl"}
    has(
        found[1].values,
        kind="reply",
        is_reply=True,
        text="text c1",
        account_id="t2_abc2",
        likes=1,
        created_at=WHEN,
    )
    assert source.warnings[loaders.reddit.NOT_LOADED] == 10
    assert source.warnings["threads that go on below where the page was cut"] == 1


def test_reddit_replies_nest_deep_without_recursion(tmp_path: Path) -> None:
    tree: Any = ""
    for n in range(38, -1, -1):
        tree = listing(comment(f"c{n}", f"t1_c{n - 1}" if n else "t3_54hhwl", tree))
    _, found = reddit(tmp_path, [listing(submission()), tree])
    assert len(kept(found)) == 40
    assert not rejected(found)


def test_reddit_more_comments_response_and_single_objects(tmp_path: Path) -> None:
    answer = {"json": {"errors": [], "data": {"things": [comment("c1", "t3_54hhwl"), more(2, "c2", "c3")]}}}
    source, found = reddit(tmp_path, answer)
    assert [r.values["post_id"] for r in found] == ["t1_c1"]
    assert source.warnings[loaders.reddit.NOT_LOADED] == 2
    _, found = reddit(tmp_path, comment("c1", "t3_54hhwl"))
    assert [r.values["post_id"] for r in found] == ["t1_c1"]
    path = save(tmp_path, "pages.jsonl", lines(listing(submission()), listing(comment("c1", "t3_54hhwl"))))
    assert [r.values["post_id"] for r in kept(load(path)[2])] == ["t3_54hhwl", "t1_c1"]
    assert reddit(tmp_path, listing())[1] == []


def test_reddit_authors_who_are_gone_are_never_one_account(tmp_path: Path) -> None:
    gone = {"author": "[deleted]", "author_fullname": None}
    source, found = reddit(
        tmp_path,
        listing(
            submission(**gone, id="a1", name="t3_a1", selftext="[deleted]", selftext_html=None),
            submission(**gone, id="a2", name="t3_a2", removed_by_category="moderator", selftext="[removed]"),
            comment("c1", "t3_a1", **gone, body="[removed]"),
            comment("c2", "t3_a1", author=None, author_fullname=None, body="I left, my text stayed"),
            comment("c3", "t3_a1", author="[deleted]", body="[deleted]"),
            comment("c4", "t3_a1", author_fullname=None),
        ),
    )
    assert [r.values["account_id"] for r in found] == [None, None, None, None, "t2_abc2", "@other_one"]
    assert [r.author is None for r in found] == [True, True, True, True, False, False]
    assert [r.values["status"] for r in found] == ["deleted", "removed", "removed", None, "deleted", None]
    # the word that stands where a text was is no text, and a title outlives it
    assert [r.values["text"] for r in found][:4] == ["fish & chips"] * 2 + [None, "I left, my text stayed"]
    assert found[4].author["handle"] is None
    assert source.warnings["posts and comments whose author is gone: they have no account"] == 4


@pytest.mark.parametrize(
    "category,status",
    [
        ("deleted", "deleted"),
        ("author", "deleted"),
        ("moderator", "removed"),
        ("automod_filtered", "removed"),
        ("reddit", "removed"),
        ("copyright_takedown", "removed"),
    ],
)
def test_reddit_who_removed_a_post(tmp_path: Path, category: str, status: str) -> None:
    (record,) = reddit(tmp_path, listing(submission(removed_by_category=category)))[1]
    has(record.values, status=status, account_id="t2_abc1")


def test_reddit_links_galleries_and_crossposts(tmp_path: Path) -> None:
    link = {"is_self": False, "selftext": "", "selftext_html": None}
    original = {
        **SUBMISSION,
        "name": "t3_orig",
        "id": "orig",
        "author": "First",
        "author_fullname": "t2_first",
    }
    gallery = {
        "g2": {"id": "g2", "e": "Image", "s": {"u": "https://preview.redd.it/g2.jpg?width=1&amp;s=2"}},
        "g3": {"id": "g3", "e": "AnimatedImage", "s": {"mp4": "https://preview.redd.it/g3.mp4"}},
    }
    source, found = reddit(
        tmp_path,
        listing(
            submission(**link, domain="news.invalid", url="https://news.invalid/x?a=1&amp;b=2"),
            submission(**link, id="b", name="t3_b", domain="i.redd.it", url="https://i.redd.it/abc.jpg"),
            submission(**link, id="c", name="t3_c", domain="v.redd.it", url="https://v.redd.it/xyz"),
            submission(
                **link,
                id="d",
                name="t3_d",
                domain="reddit.com",
                url="https://www.reddit.com/gallery/d",
                media_metadata=gallery,
            ),
            submission(
                **link,
                id="e",
                name="t3_e",
                crosspost_parent="t3_orig",
                crosspost_parent_list=[original],
                url="/r/x/",
            ),
            submission(**link, id="f", name="t3_f", domain="x", url="javascript:alert(1)"),
        ),
    )
    posts = [r.values for r in kept(found)]
    # the text is taken from HTML entities as the address is; nothing else told that they are escaped
    has(posts[0], urls=[{"url": "https://news.invalid/x?a=1&b=2", "expanded_url": None}], media=[])
    image = {"media_id": "abc.jpg", "kind": "image", "url": "https://i.redd.it/abc.jpg", "alt_text": None}
    has(posts[1], urls=[], media=[image])
    has(
        posts[2],
        urls=[],
        media=[{"media_id": "xyz", "kind": "video", "url": "https://v.redd.it/xyz", "alt_text": None}],
    )
    assert [(m["media_id"], m["kind"], m["url"]) for m in posts[3]["media"]] == [
        ("g2", "image", "https://preview.redd.it/g2.jpg?width=1&s=2"),
        ("g3", "animation", "https://preview.redd.it/g3.mp4"),
    ]
    assert posts[3]["urls"] == []
    has(
        posts[4],
        kind="repost",
        is_repost=True,
        reposted_id="t3_orig",
        reposted_account_id="t2_first",
        urls=[],
    )
    (context,) = kept(found, context=True)
    has(context.values, post_id="t3_orig", account_id="t2_first", kind="post")
    has(posts[5], urls=[])
    assert source.warnings["addresses that are neither http nor https, left out of the links"] == 1


@pytest.mark.parametrize(
    "body,html,options,expected",
    [
        ("a &lt; b &amp;amp; c", "&lt;div", {}, "a < b &amp; c"),
        ("a &lt; b", "<div", {}, "a &lt; b"),
        ("a &lt; b", None, {}, "a < b"),
        ("a &lt; b > c", None, {}, "a &lt; b > c"),
        ("&gt; quote & more", None, {}, "&gt; quote & more"),
        ("a &lt; b", None, {"unescape": False}, "a &lt; b"),
        ("a &lt; b", "&lt;div", {"unescape": False}, "a &lt; b"),
    ],
)
def test_reddit_entities(tmp_path: Path, body: str, html: Any, options: Any, expected: str) -> None:
    _, found = reddit(tmp_path, comment("c1", "t3_a", body=body, body_html=html), **options)
    assert found[0].values["text"] == expected


def test_reddit_scores_and_times_that_are_none(tmp_path: Path) -> None:
    source, found = reddit(
        tmp_path,
        listing(
            comment("c1", "t3_a", score=-5),
            comment("c2", "t3_a", score=1, score_hidden=True),
            comment("c3", "t3_a", score=0),
            comment("c4", "t3_a", score=None, created_utc=None),
        ),
    )
    assert [r.values["likes"] for r in found] == [None, None, 0, None]
    has(found[3].values, created_at=None, time_source=None, time_precision=None)
    assert source.warnings == {
        "scores below zero, which are no number of likes": 1,
        "scores that Reddit hid": 1,
        "times that stand only in `created`, which is not UTC, left out": 1,
    }


def test_reddit_wrong_records_are_set_aside_and_neighbours_survive(tmp_path: Path) -> None:
    wrong: list[tuple[Any, str]] = [
        (comment("c1", "t3_a", id="../x", name=None), "id"),
        (comment("c1", "t3_a", name=None, id=None), "id"),
        (comment("c1", "not a parent"), "parent_id"),
        (comment("c1", "t3_a", link_id=["x"]), "link_id"),
        (comment("c1", "t3_a", body={"a": 1}), "body"),
        (comment("c1", "t3_a", author=5), "author"),
        (comment("c1", "t3_a", author_fullname="7"), "author_fullname"),
        (comment("c1", "t3_a", created_utc="yesterday"), "created_utc"),
        (comment("c1", "t3_a", created_utc=SECONDS * 1000), "created_utc"),
        (comment("c1", "t3_a", score="many"), "score"),
        (comment("c1", "t3_a", replies=7), "replies"),
        (comment("c1", "t3_a", replies={"kind": "Listing", "data": {"children": {}}}), "replies"),
        (submission(num_comments=1.5), "num_comments"),
        (submission(promoted=True), "promoted"),
        (submission(crosspost_parent=5), "crosspost_parent"),
        ({"kind": "t5", "data": {"id": "x"}}, "kind"),
        ({"kind": "t1", "data": "x"}, "data"),
        ({"kind": ["t1"], "data": {}}, "kind"),
        (None, ""),
        ("t1_c1", ""),
    ]
    good = [comment("good1", "t3_a"), comment("good2", "t3_a")]
    for one, field in wrong:
        _, found = reddit(tmp_path, listing(good[0], one, good[1]))
        assert [r.values["post_id"] for r in kept(found)] == ["t1_good1", "t1_good2"], one
        assert [r.field for r in rejected(found)] == [field]
    for page in ({"kind": "Listing", "data": {"children": 5}}, {"kind": "Listing", "data": []}):
        path = save(tmp_path, "reddit.json", lines(page, good[0]))
        found = load(path, format="reddit_api")[2]
        assert (len(kept(found)), len(rejected(found))) == (1, 1)


def test_reddit_junk_in_any_field(tmp_path: Path) -> None:
    page = listing(
        submission(
            crosspost_parent="t3_orig",
            crosspost_parent_list=[SUBMISSION],
            media_metadata={"g": {"id": "g", "e": "Image", "s": {"u": "https://i.redd.it/g"}}},
        ),
        comment("c1", "t3_a", listing(comment("c2", "t1_c1"), more(1, "x"))),
    )
    for one in exports.wrecked(page):
        load(save(tmp_path, "reddit.json", json.dumps(one)), format="reddit_api")
    dumped = {
        **SUBMISSION,
        "_meta": {"removal_type": "deleted", "retrieved_2nd_on": SECONDS},
        "retrieved_on": SECONDS,
    }
    for one in exports.wrecked(dumped):
        load(save(tmp_path, "dump.json", json.dumps(one)), format="reddit_dump")
    for one in exports.wrecked(ACCOUNT):
        load(save(tmp_path, "account.json", json.dumps(one)), format="reddit_accounts")


ACCOUNT: dict[str, Any] = {
    "kind": "t2",
    "data": {
        "name": "Sample_One",
        "id": "abc1",
        "created": 1322581753.0,
        "created_utc": 1322552953.0,
        "link_karma": 1,
        "verified": True,
        "has_verified_email": True,
        "subreddit": {"title": "Sample", "public_description": "about me", "subscribers": 4, "name": "t5_1"},
    },
}


def test_reddit_accounts(tmp_path: Path) -> None:
    _source, format_, found = load(save(tmp_path, "about.json", json.dumps(ACCOUNT)))
    assert format_.name == "reddit_accounts"
    has(
        found[0].values,
        platform="reddit",
        account_id="t2_abc1",
        handle="Sample_One",
        display_name="Sample",
        bio="about me",
        followers=4,
        created_at=datetime(2011, 11, 29, 7, 49, 13),
        created_precision="second",
        status=None,
        verified=None,
    )
    suspended = {"kind": "t2", "data": {"name": "Gone_One", "is_suspended": True, "awardee_karma": 0}}
    found = load(
        save(tmp_path, "users.json", json.dumps(listing(ACCOUNT, suspended, submission()))),
        format="reddit_accounts",
    )[2]
    has(kept(found)[1].values, account_id="@gone_one", handle="Gone_One", status="suspended", created_at=None)
    assert [r.field for r in rejected(found)] == ["kind"]
    named = {"t2_abc1": {"name": "Sample_One", "created_utc": 1322552953.0}, "t2_abc3": 5}
    found = load(save(tmp_path, "ids.json", json.dumps({"t2_abc1": named["t2_abc1"]})))[2]
    has(found[0].values, account_id="t2_abc1", handle="Sample_One")
    found = load(save(tmp_path, "ids.json", json.dumps(named)), format="reddit_accounts")[2]
    assert (len(kept(found)), len(rejected(found))) == (1, 1)
    assert load(save(tmp_path, "users.json", json.dumps(listing(ACCOUNT))))[1].name == "reddit_accounts"


def dump_comment(number: int, **more: Any) -> dict[str, Any]:
    return {
        "author": "Other_One",
        "body": "text é &gt; all",
        "created_utc": str(SECONDS),
        "id": f"d{number}",
        "link_id": "t3_54hhwl",
        "parent_id": "t3_54hhwl",
        "retrieved_on": SECONDS + 100,
        "score": 3,
        **more,
    }


def test_reddit_dumps_of_every_age(tmp_path: Path) -> None:
    post = {k: v for k, v in SUBMISSION.items() if k not in ("name", "selftext_html", "hide_score")}
    meta = {
        "retrieved_2nd_on": SECONDS + 129_600,
        "was_deleted_later": True,
        "removal_type": "removed by reddit",
    }
    path = save(
        tmp_path,
        "RC_2016-09",
        lines(
            dump_comment(1),  # text for a time, no number of the author: 2005 to 2010
            dump_comment(
                2, created_utc=SECONDS, author_fullname="t2_abc2", author_created_utc=SECONDS - 1000
            ),
            dump_comment(3, created_utc=float(SECONDS), _meta=meta, author_fullname="t2_abc2"),
            dump_comment(4, _meta={"was_initially_deleted": True}, author="[deleted]", body="[deleted]"),
            dump_comment(5, _meta={"removal_type": "deleted", "corrupted_body": "\u0001"}),
            {**post, "retrieved_utc": SECONDS + 7, "removed_by_category": "automod_filtered"},
            dump_comment(1, score=9, retrieved_on=SECONDS + 200),  # again, from another dump
        ),
    )
    _source, format_, found = load(path)
    assert format_.name == "reddit_dump"
    assert recognised(path) == ["reddit_dump"]
    rows = [r.values for r in kept(found)]
    assert not rejected(found)
    assert [r["post_id"] for r in rows] == ["t1_d1", "t1_d2", "t1_d3", "t1_d4", "t1_d5", "t3_54hhwl", "t1_d1"]
    assert {r["created_at"] for r in rows} == {WHEN}
    assert [r["account_id"] for r in rows][:4] == ["@other_one", "t2_abc2", "t2_abc2", None]
    assert [r["status"] for r in rows] == [None, None, "removed", "deleted", "deleted", "removed", None]
    has(rows[0], text="text é > all", likes=3, captured_at=datetime(2016, 9, 25, 22, 35, 3), kind="reply")
    has(rows[2], captured_at=datetime(2016, 9, 27, 10, 33, 23))
    has(rows[6], likes=9, captured_at=datetime(2016, 9, 25, 22, 36, 43))
    has(kept(found)[1].author, created_at=datetime(2016, 9, 25, 22, 16, 43), created_precision="second")


def test_reddit_dump_asks_for_its_window(tmp_path: Path) -> None:
    """A month's file wants up to 2 GB to unpack: refused until the report file allows it, then read over all frames."""
    packer = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    )

    def frame(start: int) -> bytes:
        out = io.BytesIO()
        with packer.stream_writer(out, closefd=False) as writer:
            writer.write(
                lines(*(dump_comment(n, body="é" * 997) for n in range(start, start + 400))).encode()
            )
        return out.getvalue()

    path = save(tmp_path, "RC_2016-09.zst", frame(0) + frame(400))
    with pytest.raises(InputError, match=r"limits: \{window: 268435456\}"):
        load(path)
    _, format_, found = load(path, limits={"window": 1 << 28})
    assert format_.name == "reddit_dump"
    assert len(kept(found)) == len(found) == 800
    assert {r.values["text"] for r in found} == {"é" * 997}


def test_reddit_dump_records_that_are_none(tmp_path: Path) -> None:
    data = lines(dump_comment(1), {"created_utc": 1, "id": "x"}, dump_comment(2)) + '{"author": "cut'
    source, _, found = load(save(tmp_path, "RC", data))
    assert [r.values["post_id"] for r in kept(found)] == ["t1_d1", "t1_d2"]
    assert [r.field for r in rejected(found)] == ["body", ""]
    assert source.warnings["the last record is damaged: the file may be cut"] == 1


# --- Medium: feeds

ITEM = """<item>
  <title><![CDATA[A title & more]]></title>
  <link>https://medium.com/@sample/a-title-4c57cf14bce5?source=rss-310eb3bcba4c------2</link>
  <guid isPermaLink="false">https://medium.com/p/4c57cf14bce5</guid>
  <category><![CDATA[Sample-Tag]]></category><category>sample-tag</category><category>two</category>
  <dc:creator><![CDATA[Sample One]]></dc:creator>
  <pubDate>Sun, 20 Feb 2022 08:01:19 GMT</pubDate>
  <atom:updated>2022-03-20T08:01:19.360Z</atom:updated>
  <content:encoded><![CDATA[<h3>A title &amp; more</h3><p>One <strong>two</strong><br>three 😀
    <a href="https://news.invalid/x?a=1&amp;b=2">link</a> <a href="javascript:alert(1)">bad</a>
    <a href="https://medium.com/u/aabbccddeeff">a name</a></p><script>alert(1)</script>
    <img alt="a picture" src="https://cdn-images-1.medium.com/max/1024/1*abc.jpeg" />
    <img src="https://medium.com/_/stat?event=post.clientViewed&referrerSource=full_rss" width="1" height="1" alt="">]]></content:encoded>
</item>"""


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


def test_medium_feed(tmp_path: Path) -> None:
    source, (record,) = medium(tmp_path, feed(ITEM))
    has(
        record.values,
        platform="medium",
        post_id="4c57cf14bce5",
        account_id="310eb3bcba4c",
        created_at=datetime(2022, 2, 20, 8, 1, 19),
        time_source="field",
        time_precision="second",
        kind="post",
        is_reply=None,
        text="A title & more\nOne two\nthree 😀 link bad a name",
        hashtags=["sample-tag", "two"],
        urls=[{"url": "https://news.invalid/x?a=1&b=2", "expanded_url": None}],
        mentions=[{"account_id": "aabbccddeeff", "handle": None}],
        media=[
            {
                "media_id": "1*abc.jpeg",
                "kind": "image",
                "url": "https://cdn-images-1.medium.com/max/1024/1*abc.jpeg",
                "alt_text": "a picture",
            }
        ],
    )
    has(record.author, account_id="310eb3bcba4c", handle="sample", display_name="Sample One")
    assert record.line == 2
    assert source.warnings == {"addresses that are neither http nor https, left out of the links": 1}


def test_medium_feed_of_a_publication_names_no_account(tmp_path: Path) -> None:
    publication = ITEM.replace("medium.com/@sample/", "pub.invalid/").replace(
        "rss-310eb3bcba4c------2", "rss----7f60cf5620c9---4"
    )
    data = feed(publication, link="pub?source=rss----7f60cf5620c9---4").replace(
        "https://medium.com/pub", "https://pub.invalid"
    )
    source, (record,) = medium(tmp_path, data)
    assert record.values["account_id"] is None
    assert record.author is None
    assert source.warnings["items that name their author by display name alone: they have no account"] == 1
    named = ITEM.replace("source=rss-310eb3bcba4c------2", "source=rss----7f60cf5620c9---4")
    _, (record,) = medium(tmp_path, feed(named, link="pub"))
    has(record.author, account_id="@sample", handle="sample")


def test_medium_feed_times(tmp_path: Path) -> None:
    dates = {
        "1" * 12: ("", None),
        "2" * 12: ("<pubDate>Fri, 01 Mar 2024 12:00:00 CST</pubDate>", None),
        "3" * 12: ("<pubDate>Fri, 01 Mar 2024 12:00:00 +0800</pubDate>", datetime(2024, 3, 1, 4)),
        "4" * 12: ("<pubDate>1 Mar 2024 12:00 UT</pubDate>", datetime(2024, 3, 1, 12)),
        "5" * 12: ("<pubDate>2024-03-01T12:00:00</pubDate>", None),
        "6" * 12: ("<pubDate>Fri, 01 Mar 2024 12:00:00 -0000</pubDate>", None),
    }
    items = [
        f"<item><guid>https://medium.com/p/{g}</guid><title>t</title>{d}</item>"
        for g, (d, _) in dates.items()
    ]
    source, found = medium(tmp_path, feed(*items))
    assert [r.values["created_at"] for r in kept(found)] == [when for _, when in dates.values()]
    assert [r.values["time_source"] for r in kept(found)] == [when and "field" for _, when in dates.values()]
    assert source.warnings["items without a date"] == 1
    assert source.warnings["items whose date names no moment: no zone, an unknown one, or another form"] == 3
    wrong = feed(
        item(pubDate="Fri, 32 Mar 2024 12:00:00 GMT"),
        item(pubDate="Fri, 01 Mar 2094 12:00:00 GMT"),
        item(pubDate="Fri, 01 Mar 1994 12:00:00 GMT"),
        item(title="good"),
    )
    _, found = medium(tmp_path, wrong)
    assert [r.field for r in rejected(found)] == ["pubDate"] * 3
    assert rejected(found)[0].raw.startswith(b"<item><guid>")
    assert rejected(found)[0].raw.endswith(b"</pubDate></item>")
    assert [r.values["text"] for r in kept(found)] == ["good"]


def test_medium_feed_teasers(tmp_path: Path) -> None:
    teaser = (
        '<div class="medium-feed-item"><p class="medium-feed-snippet">The start</p>'
        '<p class="medium-feed-link"><a href="https://medium.com/x">Continue reading on Medium »</a></p></div>'
    )
    source, (record,) = medium(tmp_path, feed(item(title="T", description=f"<![CDATA[{teaser}]]>")))
    has(record.values, text="T\n\nThe start", urls=[])
    assert source.warnings["items with a teaser or no text, as for members only"] == 1


def test_medium_feed_same_number_twice(tmp_path: Path) -> None:
    source, found = medium(
        tmp_path, feed(item(title="one"), item(title="two"), item(title="one"), item(title="two"))
    )
    assert [r.values["post_id"] for r in found] == ["4c57cf14bce5", "4c57cf14bce5#2"] * 2
    assert source.warnings["identifiers of two different items: both were kept, the later one with #2"] == 2


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
        medium(tmp_path, feed(ITEM, start=start))


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

EXPORT = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>A title</title>
<style>* {{ font-family: Georgia, Cambria, "Times New Roman", Times, serif; }}</style></head><body><article class="h-entry">
<header><h1 class="p-name">A title</h1></header>
<section data-field="subtitle" class="p-summary">never twice</section>
<section data-field="body" class="e-content"><section name="1"><div class="section-inner"><p class="graf">One<br>two &amp; three</p>
<p class="graf graf--p">see <a href="https://news.invalid/x" data-href="https://news.invalid/x" class="markup--anchor">here</a>
<a href="https://medium.com/u/aabbccddeeff" data-user-id="aabbccddeeff" class="markup--user">Name</a></p>
<figure><img src="https://cdn-images-1.medium.com/max/800/1*abc.jpeg" data-image-id="1*abc.jpeg"><figcaption>below</figcaption></figure>
</div></section></section>
<footer><p>By <a href="https://medium.com/@Sample.One" class="p-author h-card">Sample One</a>{on}.</p>
<p><a href="https://medium.com/@Sample.One/a-title-70c5683f3778" class="p-canonical">Canonical link</a></p>
<p>Exported from <a href="https://medium.com">Medium</a> on April 5, 2022.</p></footer></article></body></html>"""
ON = ' on <a href="https://medium.com/p/70c5683f3778"><time class="dt-published" datetime="2015-02-05T02:56:45.739Z">F</time></a>'
PROFILE = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>Profile</title></head>
<body><section class="h-card"><h3 class="p-name">Sample One</h3><h4>Account info</h4><ul>
<li><b>Profile:</b> <a class="u-url" href="https://medium.com/@sample.one">@sample.one</a></li>
<li><b>Display name:</b> Sample One</li><li><b>Email address:</b> private@example.com</li>
<li><b>Medium user ID:</b> 310eb3bcba4c</li><li><b>Created at:</b> 2013-08-14 11:54 pm</li></ul></section></body></html>"""
OTHER = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>S’s {what}, page 1</title>
</head><body><section><h3>S’s {what}</h3><ul><li>IP: 127.0.0.1</li></ul></section></body></html>"""
SHORT = EXPORT.format(on=ON)


def test_medium_export_zip(tmp_path: Path) -> None:
    """Posts, a draft, and folders that hold none."""
    path = tmp_path / "export.zip"
    lists = SHORT.replace(' class="e-content"', "").replace("p-canonical", "other")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("posts/2015-02-05_A-title-70c5683f3778.html", SHORT)
        archive.writestr("posts/draft_Later-80c5683f3779.html", EXPORT.format(on=""))
        archive.writestr("profile/profile.html", PROFILE)
        archive.writestr("lists/a.html", lists)
        for what in ("claps", "ips", "sessions", "bookmarks", "highlights", "blocks"):
            archive.writestr(f"{what}/{what}-0001.html", OTHER.format(what=what))
    found = {s.name.partition("/")[2]: (s, f.name, list(items)) for s, f, items in loaders.open_exports(path)}
    assert len(found) == 10
    assert sum(name == "medium_export_other" for _, name, _ in found.values()) == 7
    assert (
        sum(
            s.warnings["pages of a Medium export that are no posts: passed over, not read"]
            for s, *_ in found.values()
        )
        == 7
    )
    source, name, (post,) = found["posts/2015-02-05_A-title-70c5683f3778.html"]
    assert name == "medium_export"
    has(
        post.values,
        platform="medium",
        post_id="70c5683f3778",
        account_id="310eb3bcba4c",
        created_at=datetime(2015, 2, 5, 2, 56, 45, 739000),
        time_source="field",
        time_precision="millisecond",
        kind="post",
        is_reply=None,
        text="A title\n\nOne\ntwo & three\nsee here\nName\nbelow".replace("here\nName", "here Name"),
        urls=[{"url": "https://news.invalid/x", "expanded_url": None}],
        mentions=[{"account_id": "aabbccddeeff", "handle": None}],
    )
    assert [m["media_id"] for m in post.values["media"]] == ["1*abc.jpeg"]
    has(post.author, account_id="310eb3bcba4c", handle="Sample.One", display_name="Sample One")
    assert not source.warnings
    _, _, (draft,) = found["posts/draft_Later-80c5683f3779.html"]
    assert isinstance(draft, Rejection)
    assert "never published" in draft.reason
    source, name, (profile,) = found["profile/profile.html"]
    assert name == "medium_export_profile"
    has(
        profile.values,
        account_id="310eb3bcba4c",
        handle="sample.one",
        display_name="Sample One",
        created_at=None,
    )
    assert "private@example.com" not in str(profile)
    assert len(source.warnings) == 1


def test_medium_export_page_alone(tmp_path: Path) -> None:
    source, _, (post,) = load(save(tmp_path, "posts/x.html", SHORT))
    has(post.values, account_id="@sample.one", post_id="70c5683f3778")
    assert source.warnings == {
        "posts without the profile beside them: their author is known by name alone": 1
    }
    save(tmp_path, "profile/profile.html", PROFILE)
    _, _, (post,) = load(tmp_path / "posts/x.html")
    assert post.values["account_id"] == "310eb3bcba4c"
    save(tmp_path, "profile/profile.html", PROFILE.replace("@sample.one", "@someone.else"))
    _, _, (post,) = load(tmp_path / "posts/x.html")
    assert post.values["account_id"] == "@sample.one"
    found = load(save(tmp_path, "profile.html", PROFILE), time={"zone": "UTC"})[2]
    has(found[0].values, created_at=datetime(2013, 8, 14, 23, 54), created_precision="minute")


def test_medium_export_pages_that_lack_something(tmp_path: Path) -> None:
    source, _, (post,) = load(save(tmp_path, "posts/x.html", EXPORT.format(on="")))
    has(post.values, created_at=None, time_source=None, post_id="70c5683f3778")
    assert source.warnings["posts without a time"] == 1
    _, _, (post,) = load(save(tmp_path, "x.html", SHORT.replace("p-author", "other")))
    assert post.values["account_id"] is None
    nameless = SHORT.replace("p-canonical", "other").replace("https://medium.com/p/", "https://x.invalid/")
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

STATE: dict[str, Any] = {
    "ROOT_QUERY": {
        "__typename": "Query",
        'postResult({"id":"4c57cf14bce5"})': {"__ref": "Post:4c57cf14bce5"},
    },
    "User:310eb3bcba4c": {
        "__typename": "User",
        "id": "310eb3bcba4c",
        "username": "sample",
        "name": "Sample One",
        "bio": "about me",
        "socialStats": {"followerCount": 12},
    },
    "Tag:politics": {"__typename": "Tag", "id": "politics", "normalizedTagSlug": "politics"},
    "Post:4c57cf14bce5": {
        "__typename": "Post",
        "id": "4c57cf14bce5",
        "title": "A title",
        "firstPublishedAt": 1645344079123,
        "latestPublishedAt": 1645444079123,
        "clapCount": 57,
        "voterCount": 4,
        "postResponses": {"__typename": "PostResponses", "count": 3},
        "creator": {"__ref": "User:310eb3bcba4c"},
        "tags": [{"__ref": "Tag:politics"}, {"__ref": "Tag:not-in-the-file"}],
        "inResponseToPostResult": None,
        'content({"postMeteringOptions":{}})': {
            "bodyModel": {"paragraphs": [{"__ref": f"Paragraph:{n}"} for n in range(4)]},
        },
    },
    "Paragraph:0": {"__typename": "Paragraph", "type": "H3", "text": "A title", "markups": []},
    "Paragraph:1": {
        "__typename": "Paragraph",
        "type": "P",
        "text": "😀😀 a link and a name",
        "markups": [
            {"type": "A", "start": 7, "end": 11, "href": "https://news.invalid/x"},
            {"type": "A", "anchorType": "USER", "userId": "aabbccddeeff", "href": None},
            {"type": "A", "href": "javascript:alert(1)"},
            {"type": "STRONG", "start": 0, "end": 2},
        ],
    },
    "Paragraph:2": {
        "__typename": "Paragraph",
        "type": "IMG",
        "text": "below",
        "metadata": {"__ref": "ImageMetadata:1*abc.jpeg"},
    },
    "Paragraph:3": {
        "type": "MIXTAPE_EMBED",
        "text": "more",
        "mixtapeMetadata": {"href": "https://news.invalid/y"},
    },
    "ImageMetadata:1*abc.jpeg": {"__typename": "ImageMetadata", "id": "1*abc.jpeg", "alt": "a picture"},
    "Post:5c57cf14bce6": {
        "__typename": "Post",
        "id": "5c57cf14bce6",
        "title": "Recommended",
        "firstPublishedAt": 1645344079000,
        "creator": {"__ref": "User:410eb3bcba4d"},
        "clapCount": 1,
    },
}
PAGE = """<!doctype html><html lang="en"><head><meta data-rh="true" property="al:android:package" content="com.medium.reader"/>
</head><body><script>window.__BUILD_ID__="main"</script><script>window.__APOLLO_STATE__ = {first}</script>
<script>window.__APOLLO_STATE__ = {second}</script><script src="https://cdn-client.medium.com/x.js"></script></body></html>"""


def written(thing: Any) -> str:
    """JSON as a page holds it, its own signs escaped."""
    return json.dumps(thing).replace("<", "\\u003c").replace("/", "\\u002F")


def check_state(found: list[Any]) -> None:
    (post,) = kept(found)
    has(
        post.values,
        platform="medium",
        post_id="4c57cf14bce5",
        account_id="310eb3bcba4c",
        created_at=datetime(2022, 2, 20, 8, 1, 19, 123000),
        time_source="field",
        time_precision="millisecond",
        kind="post",
        is_reply=False,
        reply_to_id=None,
        text="A title\n😀😀 a link and a name\nbelow\nmore",
        hashtags=["politics", "not-in-the-file"],
        urls=[{"url": u, "expanded_url": None} for u in ("https://news.invalid/x", "https://news.invalid/y")],
        mentions=[{"account_id": "aabbccddeeff", "handle": None}],
        media=[{"media_id": "1*abc.jpeg", "kind": "image", "url": None, "alt_text": "a picture"}],
        likes=57,
        replies=3,
    )
    has(post.author, handle="sample", display_name="Sample One", bio="about me", followers=12)
    (other,) = kept(found, context=True)
    has(other.values, post_id="5c57cf14bce6", account_id="410eb3bcba4d", text="Recommended", likes=1)


def test_medium_state_and_pages(tmp_path: Path) -> None:
    _, format_, found = load(save(tmp_path, "state.json", json.dumps(STATE)))
    assert format_.name == "medium_json"
    check_state(found)
    page = PAGE.format(first=written({"ROOT_QUERY": {}, "x": "</script>"}), second=written(STATE))
    source, format_, found = load(save(tmp_path, "page.html", page))
    assert format_.name == "medium_page"
    check_state(found)
    assert source.warnings["addresses that are neither http nor https, left out of the links"] == 1
    swapped = PAGE.format(first=written(STATE), second=written({"ROOT_QUERY": {}}))
    check_state(load(save(tmp_path, "page.html", swapped))[2])


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


def test_medium_graphql_answers_and_responses(tmp_path: Path) -> None:
    post = {
        "__typename": "Post",
        "id": "6c57cf14bce7",
        "title": "A response",
        "firstPublishedAt": 1645344079123,
        "clapCount": 0,
        "creator": {"__typename": "User", "id": "310eb3bcba4c", "username": "sample"},
        "inResponseToPostResult": {"__typename": "Post", "id": "4c57cf14bce5"},
        "content": {"bodyModel": {"paragraphs": [{"type": "P", "text": "I agree"}]}},
    }
    gone = {**post, "id": "7c57cf14bce8", "creator": None}
    wrong = {**post, "id": "8c57cf14bce9", "clapCount": "many"}
    answers = [
        {"data": {"postResult": post}},
        {"data": {"posts": [gone, wrong, {**post, "id": "9c57cf14bcea"}]}},
        {"error": 1},
    ]
    for data in (json.dumps(answers), lines(*answers)):
        source, format_, found = load(save(tmp_path, "answers.json", data))
        assert format_.name == "medium_json"
        assert [r.values["post_id"] for r in kept(found)] == ["6c57cf14bce7", "7c57cf14bce8", "9c57cf14bcea"]
        has(
            kept(found)[0].values,
            kind="reply",
            is_reply=True,
            reply_to_id="4c57cf14bce5",
            likes=0,
            text="A response\n\nI agree",
        )
        has(kept(found)[1].values, account_id=None)
        assert kept(found)[1].author is None
        assert [r.field for r in rejected(found)] == ["clapCount", "Post"]
        assert source.warnings["posts whose author is gone: they have no account"] == 1


def test_medium_answer_behind_its_guard(tmp_path: Path) -> None:
    answer = {
        "success": True,
        "payload": {
            "value": {
                "id": "4c57cf14bce5",
                "creatorId": "310eb3bcba4c",
                "title": "A title",
                "firstPublishedAt": 1645344079123,
                "inResponseToPostId": "",
                "content": {
                    "bodyModel": {
                        "paragraphs": [
                            {"type": 1, "text": "Text", "markups": [{"type": 3, "href": "https://a.invalid"}]}
                        ]
                    }
                },
                "virtuals": {"totalClapCount": 9, "responsesCreatedCount": 2, "tags": [{"slug": "politics"}]},
            },
            "references": {
                "User": {
                    "310eb3bcba4c": {"userId": "310eb3bcba4c", "username": "sample", "name": "Sample One"}
                }
            },
        },
    }
    for data in ("])}while(1);</x>" + json.dumps(answer), json.dumps(answer)):
        _, format_, found = load(save(tmp_path, "answer.json", data))
        assert format_.name == "medium_json"
        (post,) = found
        has(
            post.values,
            post_id="4c57cf14bce5",
            account_id="310eb3bcba4c",
            created_at=datetime(2022, 2, 20, 8, 1, 19, 123000),
            text="A title\n\nText",
            likes=9,
            replies=2,
            hashtags=["politics"],
            urls=[{"url": "https://a.invalid", "expanded_url": None}],
        )
        has(post.author, handle="sample", display_name="Sample One")
    for one in exports.wrecked(answer, each=3):
        load(save(tmp_path, "answer.json", json.dumps(one)), format="medium_json")


def test_medium_junk_in_any_field(tmp_path: Path) -> None:
    for one in exports.wrecked(STATE, each=3):
        load(save(tmp_path, "state.json", json.dumps(one)), format="medium_json")


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


# --- LinkedIn

ACTIVITY, ACTIVITY_TIME = "6960882777168695296", datetime(2022, 8, 4, 9, 3, 1, 25000)
SHARED = "6960882777168695000"
UPDATE: dict[str, Any] = {
    "id": f"urn:li:fsd_update:(urn:li:activity:{ACTIVITY},FEED_DETAIL,EMPTY,DEFAULT,false)",
    "preDashEntityUrn": f"urn:li:fs_feedUpdate:(urn:li:activity:{ACTIVITY},FEED)",
    "updateMetadata": {"urn": f"urn:li:activity:{ACTIVITY}", "shareUrn": "urn:li:share:6960882776111111111"},
    "actor": {
        "navigationContext": {"actionTarget": "https://www.linkedin.com/in/sample-one-42?miniProfileUrn=x"},
        "name": {"text": "Sample One"},
        "description": {"text": "Head of samples"},
        "subDescription": {"text": "6 mnd • Bewerkt •"},
    },
    "commentary": {
        "text": {
            "text": "Hello Other One #Samples https://news.invalid/own",
            "attributesV2": [
                {"detailData": {"*hashtag": {"trackingUrn": "urn:li:hashtag:samples"}}},
                {"detailData": {"*profileFullName": {"publicIdentifier": "other-one", "firstName": "Other"}}},
                {"detailData": {"*companyName": {"universalName": "acme", "name": "Acme"}}},
                {"detailData": {"style": "BOLD"}},
            ],
        }
    },
    "content": {
        "articleComponent": {"navigationContext": {"actionTarget": "https://news.invalid/a"}},
        "images": [
            {
                "attributes": [
                    {
                        "vectorImage": {
                            "rootUrl": "https://media.invalid/dms/image/C4E22AQabcdef/feedshare-",
                            "artifacts": [
                                {"width": 20, "fileIdentifyingUrlPathSegment": "shrink_20/0?e=1"},
                                {"width": 800, "fileIdentifyingUrlPathSegment": "shrink_800/0?e=1"},
                            ],
                        }
                    }
                ]
            }
        ],
    },
    "*socialDetail": {"*totalSocialActivityCounts": {"numLikes": 7, "numComments": 2, "numShares": 0}},
    "header": {"text": {"text": "Somebody likes this"}},
}


def capture(platform: str, data: Any) -> dict[str, Any]:
    return {
        "nav_index": "1:2:3",
        "item_id": "x",
        "timestamp_collected": 1704164645678,
        "source_platform": platform,
        "source_platform_url": "https://www.linkedin.com/feed/",
        "data": data,
    }


def linkedin(tmp_path: Path, *updates: Any) -> tuple[Any, list[Any]]:
    path = save(tmp_path, "zeeschuimer.ndjson", lines(*(capture("linkedin.com", one) for one in updates)))
    source, format_, found = load(path)
    assert format_.name == "zeeschuimer"
    return source, found


def test_linkedin_update(tmp_path: Path) -> None:
    source, (record,) = linkedin(tmp_path, UPDATE)
    has(
        record.values,
        platform="linkedin",
        post_id=ACTIVITY,
        account_id="@in/sample-one-42",
        created_at=ACTIVITY_TIME,
        time_source="identifier",
        time_precision="millisecond",
        kind="post",
        is_repost=False,
        text="Hello Other One #Samples https://news.invalid/own",
        hashtags=["samples"],
        mentions=[
            {"account_id": "@in/other-one", "handle": "in/other-one"},
            {"account_id": "@company/acme", "handle": "company/acme"},
        ],
        urls=[
            {"url": u, "expanded_url": None} for u in ("https://news.invalid/a", "https://news.invalid/own")
        ],
        media=[
            {
                "media_id": "C4E22AQabcdef",
                "kind": "image",
                "url": "https://media.invalid/dms/image/C4E22AQabcdef/feedshare-shrink_800/0?e=1",
                "alt_text": None,
            }
        ],
        likes=7,
        replies=2,
        reposts=0,
        captured_at=datetime(2024, 1, 2, 3, 4, 5, 678000),
    )
    has(record.author, handle="in/sample-one-42", display_name="Sample One", bio="Head of samples")
    assert not source.warnings
    copy_ = {**UPDATE, "__import_meta": {k: v for k, v in capture("linkedin.com", 0).items() if k != "data"}}
    _, format_, (again,) = load(save(tmp_path, "4cat.ndjson", lines(copy_)))
    assert format_.name == "fourcat_ndjson"
    assert again.values == record.values


def test_linkedin_older_form_companies_and_aggregates(tmp_path: Path) -> None:
    urn = f"urn:li:aggregate:(urn:li:activity:{ACTIVITY},urn:li:activity:{SHARED})"
    company = {
        **UPDATE,
        "updateMetadata": {"urn": urn},
        "actor": {
            "navigationContext": {"actionTarget": "https://nl.linkedin.com/company/acme/posts?x=1"},
            "name": {"text": "Acme"},
            "description": {"text": "12.345 volgers"},
            "subDescription": {"text": "18h •"},
        },
        "commentary": {
            "text": {
                "text": "text",
                "attributes": [
                    {"type": "HASHTAG", "trackingUrn": "urn:li:hashtag:Old"},
                    {"type": "PROFILE_MENTION", "*miniProfile": {"publicIdentifier": "other-one"}},
                    {"type": "COMPANY_NAME", "*miniCompany": {"universalName": "acme"}},
                ],
            }
        },
        "*socialDetail": {
            "comments": {"paging": {"total": 4}},
            "totalShares": 5,
            "likes": {"paging": {"total": 6}},
        },
    }
    bare = {
        k: v
        for k, v in UPDATE.items()
        if k not in ("updateMetadata", "content", "commentary", "*socialDetail")
    }
    unresolved = {
        **UPDATE,
        "*socialDetail": "urn:li:fsd_socialDetail:x",
        "*resharedUpdate": "urn:li:x",
        "content": None,
    }
    source, found = linkedin(tmp_path, company, bare, unresolved)
    has(
        found[0].values,
        post_id=ACTIVITY,
        account_id="@company/acme",
        likes=6,
        replies=4,
        reposts=5,
        hashtags=["old"],
        mentions=[
            {"account_id": "@in/other-one", "handle": "in/other-one"},
            {"account_id": "@company/acme", "handle": "company/acme"},
        ],
    )
    has(found[0].author, bio=None, followers=None)
    assert source.warnings["bundles of several activities for one post, of which the first is taken"] == 1
    has(found[1].values, post_id=ACTIVITY, text=None, likes=None, media=[], urls=[])
    has(found[2].values, likes=None, replies=None, kind="post")


def test_linkedin_reshares(tmp_path: Path) -> None:
    original = {
        **UPDATE,
        "updateMetadata": {"urn": f"urn:li:activity:{SHARED}"},
        "actor": {**UPDATE["actor"]},
    }
    original["actor"]["navigationContext"] = {"actionTarget": "https://www.linkedin.com/in/first"}
    quoting = {**UPDATE, "*resharedUpdate": original}
    passing = {**UPDATE, "*resharedUpdate": original, "commentary": None}
    _, found = linkedin(tmp_path, quoting, passing)
    first, second = kept(found)
    has(first.values, kind="quote", quoted_id=SHARED, is_repost=False, post_id=ACTIVITY)
    has(second.values, kind="repost", reposted_id=SHARED, reposted_account_id="@in/first", text=None)
    assert [r.values["post_id"] for r in kept(found, context=True)] == [SHARED, SHARED]


def test_linkedin_what_is_set_aside(tmp_path: Path) -> None:
    advertisement = {**UPDATE, "actor": {**UPDATE["actor"], "subDescription": {"text": "Promoted"}}}
    share = {
        **UPDATE,
        "updateMetadata": {"urn": "urn:li:ugcPost:6960882777168695296"},
        "preDashEntityUrn": None,
        "id": "urn:li:share:1",
    }
    future = {**UPDATE, "updateMetadata": {"urn": f"urn:li:activity:{2**63 - 1}"}}
    wrong = {**UPDATE, "*socialDetail": {"*totalSocialActivityCounts": {"numLikes": "many"}}}
    nobody = {**UPDATE, "actor": {"subDescription": {"text": "1d"}}}
    script = {**UPDATE, "content": {"navigationContext": {"actionTarget": "javascript:alert(1)"}}}
    source, found = linkedin(tmp_path, UPDATE, advertisement, share, future, wrong, {}, "x", nobody, script)
    assert [r.field for r in rejected(found)] == [
        "actor.subDescription",
        "updateMetadata.urn",
        "updateMetadata.urn",
        "numLikes",
        "data",
        "data",
    ]
    assert len(kept(found)) == 3
    assert kept(found)[1].values["account_id"] is None
    assert kept(found)[1].author is None
    assert [one["url"] for one in kept(found)[2].values["urls"]] == ["https://news.invalid/own"]
    assert source.warnings["addresses that are neither http nor https, left out of the links"] == 1
    for one in exports.wrecked({**UPDATE, "*resharedUpdate": UPDATE}, each=3):
        linkedin(tmp_path, one)


LINKEDIN_ROW: dict[str, Any] = {
    "id": ACTIVITY,
    "thread_id": ACTIVITY,
    "body": "Hello, two\nlines https://news.invalid/own",
    "timestamp": "2022-02-04 00:00:00",  # months off
    "timestamp_collected": "2022-08-06 00:00:00",
    "timestamp_ago": "6mo",
    "is_promoted": "no",
    "author": "in/Sample-One-42",
    "author_name": "Sample One",
    "author_description": "Head of samples",
    "author_mentions": "other-one,acme",
    "hashtags": "Samples,two",
    "image_urls": "https://media.invalid/1.jpg?a=1,2,https://media.invalid/2.jpg",
    "link_url": "https://news.invalid/a",
    "comments": "2",
    "shares": "0",
    "reactions": "7",
    "inclusion_context": "",
    "unix_timestamp": "1643932800",
}


def test_linkedin_table_of_4cat(tmp_path: Path) -> None:
    rows = [
        LINKEDIN_ROW,
        {**LINKEDIN_ROW, "is_promoted": "yes"},
        {**LINKEDIN_ROW, "id": "12345", "reactions": ""},
        {
            **LINKEDIN_ROW,
            "id": SHARED,
            "author": "a" * 64,
            "author_name": "b" * 64,
            "author_mentions": "c" * 64,
        },
        {**LINKEDIN_ROW, "reactions": "1.2K"},
        {**LINKEDIN_ROW, "id": str(2**63 - 1)},
    ]
    source, format_, found = load(save(tmp_path, "linkedin.csv", table(rows)))
    assert format_.name == "fourcat_linkedin"
    first, second, third = kept(found)
    has(
        first.values,
        post_id=ACTIVITY,
        account_id="@in/sample-one-42",
        created_at=ACTIVITY_TIME,
        time_source="identifier",
        time_precision="millisecond",
        text=LINKEDIN_ROW["body"],
        hashtags=["samples", "two"],
        mentions=[{"account_id": None, "handle": "other-one"}, {"account_id": None, "handle": "acme"}],
        urls=[
            {"url": u, "expanded_url": None} for u in ("https://news.invalid/a", "https://news.invalid/own")
        ],
        likes=7,
        replies=2,
        reposts=0,
    )
    assert [m["url"] for m in first.values["media"]] == [
        "https://media.invalid/1.jpg?a=1,2",
        "https://media.invalid/2.jpg",
    ]
    has(first.author, handle="in/Sample-One-42", display_name="Sample One")
    has(
        second.values,
        created_at=datetime(2022, 2, 4),
        time_source="estimate",
        time_precision="day",
        likes=None,
    )
    has(third.values, account_id="a" * 64, mentions=[])
    has(third.author, handle=None, display_name=None)
    assert [r.field for r in rejected(found)] == ["is_promoted", "reactions", "id"]
    assert source.warnings["times worked out from words such as 18mo, which can be months off"] == 1


# --- Weibo

MID, BID, MID_TIME = "4454572602912349", "ImTGkcdDn", datetime(2019, 12, 28, 12, 32, 13)
WEIBO_ROW: dict[str, Any] = {
    "id": MID,
    "bid": BID,
    "正文": "今天的#样本#  ",
    "头条文章url": "https://weibo.com/ttarticle/p/show?id=1",
    "原始图片url": "https://wx3.sinaimg.invalid/large/abc1.jpg,https://wx4.sinaimg.invalid/large/abc2.jpg?x=1",
    "视频url": "https://f.video.invalid/1.mp4?Expires=1",
    "Live Photo视频url": "",
    "位置": "",
    "日期": "2019-12-28",
    "工具": "微博 weibo.com",
    "点赞数": "551894",
    "评论数": "0",
    "转发数": "10万+",
    "话题": "样本,Second",
    "@用户": "甲,乙",
    "完整日期": "2019-12-28 20:32:13",
    "是否编辑过": "False",
    "编辑次数": "0",
    "是否原创": "True",
    "源用户id": "",
    "源用户昵称": "",
    "源微博id": "",
    "源微博bid": "",
    "源微博正文": "",
}


def weibo(
    tmp_path: Path, *rows: dict[str, Any], name: str = "1234567890.csv", **options: Any
) -> tuple[Any, list[Any]]:
    source, format_, found = load(save(tmp_path, name, table(list(rows), bom=True)), **options)
    assert format_.name == "weibo_crawler"
    return source, found


def test_weibo_crawler(tmp_path: Path) -> None:
    source, (record,) = weibo(tmp_path, WEIBO_ROW)
    has(
        record.values,
        platform="weibo",
        post_id=MID,
        account_id="1234567890",
        created_at=MID_TIME,
        time_source="field",
        time_precision="second",
        kind="post",
        is_repost=False,
        is_quote=False,
        text="今天的#样本#  ",
        hashtags=["样本", "second"],
        mentions=[{"account_id": None, "handle": "甲"}, {"account_id": None, "handle": "乙"}],
        urls=[{"url": "https://weibo.com/ttarticle/p/show?id=1", "expanded_url": None}],
        client="微博 weibo.com",
        likes=551894,
        replies=0,
        reposts=None,
    )
    assert [(m["media_id"], m["kind"]) for m in record.values["media"]] == [
        ("abc1", "image"),
        ("abc2", "image"),
        (None, "video"),
    ]
    assert source.warnings == {loaders.weibo.posts.SHORTENED: 1}


def test_weibo_whose_posts_these_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"constants: \{account_id: …\}"):
        weibo(tmp_path, WEIBO_ROW, name="posts.csv")
    _, (record,) = weibo(tmp_path, WEIBO_ROW, name="posts.csv", constants={"account_id": "77"})
    assert record.values["account_id"] == "77"
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("sample/1234567890.csv", table([WEIBO_ROW], bom=True))
    _, _, (record,) = load(tmp_path / "all.zip")
    assert record.values["account_id"] == "1234567890"


def test_weibo_times(tmp_path: Path) -> None:
    day = {**WEIBO_ROW, "完整日期": ""}
    source, found = weibo(
        tmp_path,
        day,
        {**day, "日期": "2019-12-27"},  # not the day of the number
        {**WEIBO_ROW, "完整日期": "2019-12-28 23:32:13"},
        {**day, "id": "201110410216293360", "bid": ""},  # an old number without a time
        {**day, "日期": "5分钟前"},
        {**WEIBO_ROW, "完整日期": "2019-02-30 20:32:13"},
        {**WEIBO_ROW, "id": "", "bid": BID},
        {**WEIBO_ROW, "id": "", "bid": ""},
        {**WEIBO_ROW, "点赞数": "很多"},
    )
    assert [
        (r.values["created_at"], r.values["time_source"], r.values["time_precision"]) for r in kept(found)
    ] == [
        (MID_TIME, "identifier", "second"),
        (datetime(2019, 12, 27), "field", "day"),
        (datetime(2019, 12, 28, 15, 32, 13), "field", "second"),
        (datetime(2019, 12, 28), "field", "day"),
        (MID_TIME, "field", "second"),
    ]
    assert kept(found)[4].values["post_id"] == MID
    assert [r.field for r in rejected(found)] == ["日期", "完整日期", "id", "点赞数"]
    assert source.warnings["time in the identifier differs from the time given; the time given was kept"] == 2
    _, (record,) = weibo(
        tmp_path, {**WEIBO_ROW, "完整日期": "2019-12-28 07:32:13"}, time={"zone": "America/New_York"}
    )
    assert record.values["created_at"] == MID_TIME
    _, (record,) = weibo(tmp_path, {**WEIBO_ROW, "id": "\t" + MID})
    assert record.values["post_id"] == MID


@pytest.mark.parametrize(
    "cell,count",
    [
        ("10万+", None),
        ("1.2万", None),
        ("100万+", None),
        ("1000000", None),
        ("3亿", None),
        ("999999", 999999),
        ("", None),
    ],
)
def test_weibo_counts(tmp_path: Path, cell: str, count: int | None) -> None:
    source, (record,) = weibo(tmp_path, {**WEIBO_ROW, "点赞数": cell, "转发数": "1"})
    has(record.values, likes=count, reposts=1)
    assert source.warnings[loaders.weibo.posts.SHORTENED] == (count is None and cell != "")


def test_weibo_reposts(tmp_path: Path) -> None:
    other = {"是否原创": "False", "源用户id": "99", "源微博id": "4454028484570123", "源微博bid": "ImFwIjaTF"}
    gone = {**other, "源用户id": "", "源用户昵称": ""}
    source, found = weibo(
        tmp_path,
        {**WEIBO_ROW, **other, "正文": "转发微博"},
        {**WEIBO_ROW, **other, "正文": "说得好//@甲:转发"},
        {**WEIBO_ROW, **other, "正文": "//@甲:转发"},
        {**WEIBO_ROW, **gone, "正文": "转发微博"},
        {**WEIBO_ROW, "是否原创": "False", "正文": "转发微博"},
    )
    has(
        found[0].values,
        kind="repost",
        reposted_id="4454028484570123",
        reposted_account_id="99",
        quoted_id=None,
    )
    has(found[1].values, kind="quote", quoted_id="4454028484570123", reposted_id=None)
    has(found[2].values, kind="repost", reposted_id="4454028484570123")
    has(found[3].values, kind="repost", reposted_account_id=None)
    has(found[4].values, kind="repost", is_repost=True, reposted_id=None)
    assert source.warnings["reposts whose original is gone: its author is not known"] == 2


def test_weibo_search(tmp_path: Path) -> None:
    row = {
        "id": MID,
        "bid": BID,
        "user_id": "99",
        "用户昵称": "某人",
        "微博正文": "文字",
        "头条文章url": "",
        "发布位置": "",
        "艾特用户": "甲",
        "话题": "样本",
        "转发数": "1",
        "评论数": "2",
        "点赞数": "3",
        "发布时间": "2019-12-28 20:32",
        "发布工具": "iPhone",
        "微博图片url": "https://wx1.sinaimg.invalid/orj360/abc1.jpg",
        "微博视频url": "",
        "retweet_id": "",
        "ip": "发布于 北京",
        "user_authentication": "蓝V",
    }
    rows = [
        row,
        {**row, "retweet_id": "4454028484570123", "微博正文": "转发微博", "user_authentication": "普通用户"},
        {
            **row,
            "user_id": "",
            "用户昵称": "",
            "发布时间": "2019-12-28 10:00",
            "user_authentication": "",
            "ip": "",
        },
        {**row, "发布时间": "昨天 12:00"},
    ]
    path = save(tmp_path, "样本.csv", table(rows, bom=True))
    source, format_, found = load(path)
    assert format_.name == "weibo_search"
    assert recognised(path) == ["weibo_search"]
    has(
        found[0].values,
        post_id=MID,
        account_id="99",
        created_at=MID_TIME,
        time_source="identifier",
        time_precision="second",
        likes=3,
        replies=2,
        reposts=1,
        client="iPhone",
        hashtags=["样本"],
        kind="post",
        posted_from="北京",
    )
    has(found[0].author, handle="某人", display_name="某人", verified=True)
    has(found[1].values, kind="repost", reposted_id="4454028484570123")
    assert found[1].author["verified"] is False
    has(
        found[2].values,
        account_id=None,
        created_at=datetime(2019, 12, 28, 2),
        time_source="field",
        time_precision="minute",
        posted_from=None,
    )
    assert [r.field for r in rejected(found)] == ["发布时间"]
    assert source.warnings["posts whose author is gone: they have no account"] == 1


WEIBO_JSON: dict[str, Any] = {
    "user": {
        "id": "99",
        "screen_name": "某人",
        "description": "简介",
        "location": "上海",
        "registration_time": "2010-07-02",
        "statuses_count": 1121,
        "followers_count": "1.2万",
        "follow_count": 250,
        "verified": True,
    },
    "weibo": [
        {
            "user_id": 99,
            "screen_name": "某人",
            "id": int(MID),
            "bid": BID,
            "text": "文字",
            "pics": "https://wx3.sinaimg.invalid/large/abc1.jpg",
            "video_url": "",
            "created_at": "2019-12-28",
            "source": "",
            "attitudes_count": 5,
            "comments_count": 6,
            "reposts_count": 1000000,
            "topics": "样本",
            "at_users": "",
            "retweet": {
                "user_id": 77,
                "screen_name": "别人",
                "id": 4454028484570123,
                "text": "原文",
                "created_at": "2019-12-27",
            },
        },
        {
            "user_id": 99,
            "id": 4454081098040623,
            "text": "转发微博",
            "created_at": "2019-12-27",
            "retweet": {"user_id": 0, "text": "抱歉，此微博已被删除。"},
        },
        {"user_id": 99, "id": 4454081098040624, "text": {"a": 1}},
        5,
    ],
}


def test_weibo_json(tmp_path: Path) -> None:
    source, format_, found = load(save(tmp_path, "99.json", json.dumps(WEIBO_JSON)))
    assert format_.name == "weibo_json"
    first, second = kept(found)
    has(
        first.values,
        post_id=MID,
        account_id="99",
        created_at=MID_TIME,
        time_source="identifier",
        kind="quote",
        quoted_id="4454028484570123",
        likes=5,
        replies=6,
        reposts=None,
    )
    has(
        first.author,
        account_id="99",
        handle="某人",
        bio="简介",
        location="上海",
        created_at=datetime(2010, 7, 2),
        created_precision="day",
        followers=None,
        following=250,
        posts_stated=1121,
        verified=True,
    )
    (context,) = kept(found, context=True)
    has(context.values, post_id="4454028484570123", account_id="77", text="原文")
    has(
        second.values, post_id="4454081098040623", kind="repost", is_repost=True, reposted_id=None, likes=None
    )
    assert source.warnings["reposts whose original is gone: its author is not known"] == 1
    assert [r.field for r in rejected(found)] == ["text", ""]
    for one in exports.wrecked(WEIBO_JSON, each=3):
        load(save(tmp_path, "99.json", json.dumps(one)), format="weibo_json")


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
