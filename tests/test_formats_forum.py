"""Formats of Reddit, LinkedIn, Medium and Weibo: field values, traps of each, and what a file does not say."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import exports
import pytest
import zstandard
from exports import has, kept, lines, load, recognised, rejected, save

from kit import loaders
from kit.errors import InputError
from kit.loaders import Rejection
from kit.loaders.markup import links_in, read_html, titled

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
    assert not source.doubts


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
    assert source.doubts[loaders.reddit.NOT_LOADED] == 10
    assert source.doubts["threads that go on below where the page was cut"] == 1


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
    assert source.doubts[loaders.reddit.NOT_LOADED] == 2
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
    assert source.doubts["posts and comments whose author is gone: they have no account"] == 4


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
    assert source.doubts["addresses that are neither http nor https, left out of the links"] == 1


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
    assert source.doubts == {
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
    assert source.doubts["the last record is damaged: the file may be cut"] == 1


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
    assert titled("A", "A and more") == "A and more"
    assert titled("A", "B") == "A\n\nB"
    assert titled(None, "B") == "B"
    assert titled("A", "") == "A"


# --- real files, each read a second time by other means


def explained(found: list[Any]) -> list[Any]:
    """Records; every rejection says why."""
    assert all(item.reason and item.raw for item in found if isinstance(item, Rejection))
    return kept(found)


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
