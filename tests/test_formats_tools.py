"""Zeeschuimer and 4CAT: one envelope for many platforms, and the CSV both map from it."""

from __future__ import annotations

import copy
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import exports
import pytest
from exports import has, kept, lines, load, rejected, save, table

from kit.loaders import captures
from kit.loaders.objects import Made

A, B, C = "1394735776701816833", "1394735776701800001", "1394735776701700002"
EXACT = datetime(2021, 5, 18, 19, 24, 56, 760000)
MEDIA, CODE = "3269991725941985107", "C1hWCZLPQ9T"
MEDIA_TIME = datetime(2023, 12, 31, 14, 36, 52, 207000)
SECONDS = 1704033415
TAKEN = datetime(2023, 12, 31, 14, 36, 55)
SEEN, SEEN_LAST = datetime(2024, 1, 2, 3, 4, 5, 678000), datetime(2024, 1, 2, 3, 5, 5, 678000)

X_POST: dict[str, Any] = {
    "__typename": "Tweet",
    # a number of JavaScript: the envelope's item_id inherits the damage
    "id": 1394735776701816800,
    "rest_id": A,
    "core": {
        "user_results": {
            "result": {
                "rest_id": "2",
                "core": {"screen_name": "other", "name": "Other"},
                "relationship_counts": {"followers": 5, "following": 6},
            }
        }
    },
    "legacy": {
        "user_id_str": "2",
        "created_at": "Tue May 18 19:24:56 +0000 2021",
        "conversation_id_str": B,
        "in_reply_to_status_id_str": B,
        "full_text": "fish &amp; chips",
        "entities": {"hashtags": [], "urls": [], "user_mentions": []},
        "favorite_count": 1,
    },
    "promoted": False,
}
ITEM: dict[str, Any] = {
    "pk": MEDIA,
    "id": f"{MEDIA}_333",
    "code": CODE,
    "taken_at": SECONDS,
    "media_type": 8,
    "user": {"pk": "333", "id": "333", "username": "Sample.One", "full_name": "Sample", "is_verified": True},
    "caption": {"text": "caption #Tag"},
    "like_count": 9,
    "comment_count": 5,
    "play_count": None,
    "view_count": 7,
    "carousel_media": [
        {
            "id": "11_333",
            "media_type": 1,
            "image_versions2": {
                "candidates": [
                    {"url": "https://cdn.invalid/big.jpg"},
                    {"url": "https://cdn.invalid/small.jpg"},
                ]
            },
        },
        {
            "id": "12_333",
            "media_type": 2,
            "image_versions2": {"candidates": [{"url": "https://cdn.invalid/still.jpg"}]},
            "video_versions": [{"url": "https://cdn.invalid/1.mp4"}],
        },
    ],
    "usertags": {"in": [{"user": {"id": "77", "username": "other"}}]},
    "coauthor_producers": [{"id": "78", "username": "second"}],
    "_zs_partial": False,
    "_zs_instagram_view": "user_posts",
}
GRAPH_NODE: dict[str, Any] = {
    "__typename": "GraphVideo",
    "id": MEDIA,
    "shortcode": CODE,
    "taken_at_timestamp": SECONDS,
    "owner": {"id": "333", "username": "Sample.One"},
    "edge_media_to_caption": {"edges": [{"node": {"text": "caption #Tag"}}]},
    "edge_media_preview_like": {"count": 9},
    "edge_media_preview_comment": {"count": 5},
    "video_url": "https://cdn.invalid/1.mp4",
    "display_url": "https://cdn.invalid/1.jpg",
    "video_view_count": 7,
}
GRID: dict[str, Any] = {
    "__typename": "XIGPolarisVideoMedia",
    "id": MEDIA,
    "code": CODE,
    "user": {"id": "333", "username": "Sample.One"},
    "_zs_partial": True,
}


def envelope(platform: str, data: Any, **more: Any) -> dict[str, Any]:
    """A line of Zeeschuimer."""
    return {
        "id": 1,
        "nav_index": "1:2:3",
        "item_id": data.get("id") if isinstance(data, dict) else None,
        "timestamp_collected": 1704164645678,
        "source_platform": platform,
        "source_platform_url": "https://x.invalid/search?q=what-the-investigator-looked-for",
        "source_url": "https://x.invalid/api",
        "user_agent": "the investigator's browser",
        "data": data,
        **more,
    }


def copied(platform: str, data: dict[str, Any]) -> dict[str, Any]:
    """The same line as 4CAT keeps it."""
    about = {k: v for k, v in envelope(platform, data).items() if k != "data"}
    return {**data, "__import_meta": about}


# --- Facebook's stories

STORY: dict[str, Any] = {
    "__typename": "Story",
    "sponsored_data": None,
    "comet_sections": {
        "content": {
            "story": {
                "post_id": "700000000000001",
                "wwwURL": "https://www.facebook.com/sample.page/posts/pfbid0abc",
                "message": {"text": "see https://news.invalid/a #Tag"},
                "actors": [
                    {
                        "__typename": "User",
                        "id": "61550000000001",
                        "name": "Sample Page",
                        "url": "https://www.facebook.com/sample.page",
                    }
                ],
                "attachments": [
                    {"target": {"__typename": "Photo", "id": "700000000000002"}},
                    {"target": {"__typename": "Album", "id": "700000000000003"}},
                    {"target": None},
                ],
            }
        },
        "context_layout": {
            "story": {
                "comet_sections": {
                    "metadata": [
                        {"__typename": "CometFeedStoryAudienceStrategy", "story": {"privacy_scope": {}}},
                        {
                            "__typename": "CometFeedStoryMinimizedTimestampStrategy",
                            "story": {
                                "creation_time": 1704067200,
                                "url": "https://www.facebook.com/groups/5/",
                            },
                        },
                    ]
                }
            }
        },
        "feedback": {
            "story": {
                "story_ufi_container": {
                    "story": {
                        "feedback_context": {
                            "feedback_target_with_context": {
                                "comet_ufi_summary_and_actions_renderer": {
                                    "feedback": {"reaction_count": {"count": 9}, "share_count": {"count": 4}}
                                }
                            }
                        }
                    }
                }
            }
        },
    },
}


def story(**more: Any) -> dict[str, Any]:
    """The story with other things in its inner story; None takes one out."""
    made = copy.deepcopy(STORY)
    inner = made["comet_sections"]["content"]["story"]
    inner.update(more)
    for name in [name for name, value in more.items() if value is None]:
        del inner[name]
    return made


CSV_X: dict[str, Any] = {
    "id": A,
    "thread_id": B,
    "timestamp": "2021-05-18 21:24:56",
    "unix_timestamp": "1621373096",  # two hours off, as of a server that is not in UTC
    "link": f"https://x.com/other/status/{A}",
    "body": "fish &amp; chips, two\nlines",
    "author": "other",
    "author_fullname": "Other",
    "author_id": "2",
    "source": "Tool",
    "language_guess": "in",
    "retweet_count": "2",
    "reply_count": "3",
    "like_count": "1",
    "quote_count": "0",
    "impression_count": "",
    "is_retweet": "no",
    "retweeted_user": "",
    "is_quote_tweet": "yes",
    "quote_tweet_id": C,
    "is_reply": "yes",
    "replied_author": "Target",
    "hashtags": "Tag,Straße",
    "urls": "https://a.invalid/1,2,https://b.invalid",
    "images": "https://p.invalid/1.jpg",
    "videos": "",
    "mentions": "Target,third",
    "missing_fields": "quote_count",
}
CSV_X_REPOST = {
    **CSV_X,
    "id": B,
    "is_retweet": "yes",
    "retweeted_user": "Third",
    "body": "RT @Third: the whole original",
    "is_reply": "no",
    "is_quote_tweet": "no",
    "quote_tweet_id": "",
    "replied_author": "",
}
CSV_INSTAGRAM: dict[str, Any] = {
    "id": CODE,
    "thread_id": CODE,
    "body": "caption #Tag",
    "author": "Sample.One",
    "author_id": "333",
    "author_fullname": "Sample",
    "coauthors": "",
    "timestamp": "2023-12-31 15:36:55",
    "unix_timestamp": str(SECONDS),
    "media_type": "photo",
    "num_media": "2",
    "image_urls": "https://cdn.invalid/1.jpg,https://cdn.invalid/2.jpg",
    "media_urls": "https://cdn.invalid/1.jpg,https://cdn.invalid/2.jpg",
    "hashtags": "Tag",
    "usertags": "other",
    "num_likes": "9",
    "likes_hidden": "no",
    "num_comments": "5",
    "partial_item": "no",
    "missing_fields": "",
}
ZEESCHUIMER = {"collected_from_url": "https://x.invalid/search?q=secret", **CSV_X}

FIXTURES: dict[str, tuple[str, str]] = {
    "zeeschuimer x": ("zeeschuimer", lines(envelope("twitter.com", X_POST))),
    "zeeschuimer instagram": (
        "zeeschuimer",
        lines(*(envelope("instagram.com", one) for one in (ITEM, GRAPH_NODE, GRID))),
    ),
    "zeeschuimer facebook": ("zeeschuimer", lines(envelope("facebook.com", STORY))),
    "4cat facebook": ("fourcat_ndjson", lines(copied("facebook.com", STORY))),
    "zeeschuimer of a platform that cannot be read": (
        "zeeschuimer",
        lines(envelope("gab.com", {"id": "1"})),
    ),
    "4cat x": ("fourcat_ndjson", lines(copied("twitter.com", X_POST))),
    "4cat instagram": ("fourcat_ndjson", lines(copied("instagram.com", ITEM))),
    "4cat instagram nodes": ("fourcat_ndjson", lines(copied("instagram.com", GRAPH_NODE))),
    "4cat x csv": ("fourcat_x", table([CSV_X, CSV_X_REPOST])),
    "4cat instagram csv": ("fourcat_instagram", table([CSV_INSTAGRAM])),
    "zeeschuimer x csv": ("fourcat_x", table([ZEESCHUIMER], delimiter=";")),
    "zeeschuimer instagram csv": (
        "fourcat_instagram",
        table([{"collected_from_url": "", **CSV_INSTAGRAM}], delimiter=";"),
    ),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_each_file_is_recognised_by_one_format_alone(tmp_path: Path, name: str) -> None:
    expected, data = FIXTURES[name]
    assert exports.recognised(save(tmp_path, "export", data)) == [expected]


# --- the envelope


@pytest.mark.parametrize("name", ["zeeschuimer x", "4cat x"])
def test_x_in_the_envelope(tmp_path: Path, name: str) -> None:
    _, _, found = load(save(tmp_path, "a.ndjson", FIXTURES[name][1]))
    (post,) = kept(found)
    has(
        post.values,
        platform="x",
        post_id=A,
        account_id="2",
        created_at=EXACT,
        time_source="identifier",
        kind="reply",
        reply_to_id=B,
        root_id=B,
        text="fish & chips",
        likes=1,
        captured_at=SEEN,
    )
    has(post.author, handle="other", followers=5, captured_at=SEEN)
    assert "investigator" not in repr(post)


def test_each_sight_of_a_post_is_a_record_with_its_own_time(tmp_path: Path) -> None:
    again = copy.deepcopy(X_POST)
    again["legacy"]["favorite_count"] = 2
    rows = [envelope("twitter.com", X_POST), envelope("twitter.com", again, last_updated=1704164705678)]
    _, _, found = load(save(tmp_path, "a.ndjson", lines(*rows)))
    assert [(r.values["post_id"], r.values["likes"], r.values["captured_at"]) for r in kept(found)] == [
        (A, 1, SEEN),
        (A, 2, SEEN_LAST),
    ]


@pytest.mark.parametrize("data", [ITEM, GRAPH_NODE], ids=["item", "graph"])
@pytest.mark.parametrize("wrap", [envelope, copied])
def test_instagram_in_the_envelope(tmp_path: Path, wrap: Any, data: dict[str, Any]) -> None:
    source, _, found = load(save(tmp_path, "a.ndjson", lines(wrap("instagram.com", data))))
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
        likes=9,
        replies=5,
        views=7,
        captured_at=SEEN,
    )
    has(post.author, handle="Sample.One", captured_at=SEEN)
    if data is ITEM:
        has(post.author, display_name="Sample", verified=True)
        has(
            post.values,
            mentions=[{"account_id": "77", "handle": "other"}],
            media=[
                {"media_id": "11", "kind": "image", "url": "https://cdn.invalid/big.jpg", "alt_text": None},
                {"media_id": "12", "kind": "video", "url": "https://cdn.invalid/1.mp4", "alt_text": None},
            ],
        )
        assert source.warnings == {"posts with several authors, of whom the first is kept": 1}
    else:
        has(
            post.values,
            media=[
                {"media_id": MEDIA, "kind": "video", "url": "https://cdn.invalid/1.mp4", "alt_text": None}
            ],
        )


def test_instagram_grid_has_no_time_but_its_number_s(tmp_path: Path) -> None:
    source, _, found = load(save(tmp_path, "a", lines(envelope("instagram.com", GRID))))
    (post,) = kept(found)
    has(
        post.values,
        post_id=MEDIA,
        created_at=MEDIA_TIME,
        time_source="identifier",
        time_precision="millisecond",
        text=None,
        likes=None,
        replies=None,
    )
    assert source.warnings == {"objects of which the page held only a part": 1}


def test_instagram_hidden_counts_advertisements_and_odd_numbers(tmp_path: Path) -> None:
    hidden = {**ITEM, "like_and_view_counts_disabled": True, "like_count": 3, "coauthor_producers": []}
    minus = {**ITEM, "like_count": -1, "coauthor_producers": None}
    rounded = {**ITEM, "pk": None, "id": 3269991725941985300, "coauthor_producers": None}
    private = {**ITEM, "code": "C1hWCZLPQ9T" + "x" * 28, "pk": MEDIA, "coauthor_producers": None}
    ad = {**ITEM, "product_type": "ad"}
    link = {**ITEM, "link": "https://www.facebook.com/ads/ig_redirect/?x"}
    nobody = {**ITEM, "user": None}
    data = (hidden, minus, rounded, private, ad, link, nobody)
    source, _, found = load(save(tmp_path, "a", lines(*(envelope("instagram.com", one) for one in data))))
    assert [(r.values["post_id"], r.values.get("likes"), r.values.get("views")) for r in kept(found)] == [
        (MEDIA, None, None),
        (MEDIA, None, 7),
        (MEDIA, 9, 7),
        (MEDIA, 9, 7),
    ]
    assert [(r.number, r.field) for r in rejected(found)] == [
        (5, "product_type"),
        (6, "product_type"),
        (7, "user.id"),
    ]
    assert source.warnings == {
        "likes that are hidden": 2,
        "numbers of posts that differ from their shortcode, which was taken": 1,
    }


def test_platforms_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    rows = [
        envelope("gab.com", {"id": "1"}),
        envelope("twitter.com", X_POST),
        envelope("twitter.com", {**X_POST, "promoted": True}),
        envelope("twitter.com", None),
        envelope("twitter.com", {"__typename": "TweetTombstone", "tombstone": {}}),
    ]
    _, _, found = load(save(tmp_path, "a", lines(*rows)))
    assert [r.values["post_id"] for r in kept(found)] == [A]
    assert [(r.number, r.field, r.found) for r in rejected(found)] == [
        (1, "source_platform", "gab.com"),
        (3, "promoted", ""),
        (4, "data", ""),
        (5, "__typename", "TweetTombstone"),
    ]


@pytest.mark.parametrize("name", ["zeeschuimer facebook", "4cat facebook"])
def test_facebook_stories(tmp_path: Path, name: str) -> None:
    source, _, found = load(save(tmp_path, "a", FIXTURES[name][1]))
    (post,) = kept(found)
    has(
        post.values,
        platform="facebook",
        post_id="700000000000001",
        account_id="61550000000001",
        created_at=datetime(2024, 1, 1),
        time_source="field",
        time_precision="second",
        kind="post",
        text="see https://news.invalid/a #Tag",
        hashtags=["tag"],
        urls=[{"url": "https://news.invalid/a", "expanded_url": None}],
        media=[{"media_id": "700000000000002", "kind": "image", "url": None, "alt_text": None}],
        place="5",
        likes=None,  # reactions of all kinds are counted together
        reactions=9,
        reposts=4,
        captured_at=SEEN,
    )
    has(post.author, account_id="61550000000001", handle="sample.page", display_name="Sample Page")
    assert not source.warnings


def test_facebook_stories_that_lack_something(tmp_path: Path) -> None:
    shared = {"post_id": "600000000000009"}
    actor = {"name": "Sample", "url": "https://www.facebook.com/profile.php?id=61550000000002"}
    nameless = story(
        post_id=None, wwwURL="https://www.facebook.com/permalink.php?story_fbid=55&id=1", actors=[]
    )
    other = story(message={"text": "look"}, attached_story=shared, actors=[actor, actor])
    timed = copy.deepcopy(STORY)
    timed["comet_sections"]["context_layout"] = None
    timed["comet_sections"]["timestamp"] = {"story": {"creation_time": 1704067201}}
    rows = [
        story(message=None, attached_story=shared),
        other,
        nameless,
        timed,
        story(attached_story={"id": "opaque"}),
        STORY | {"sponsored_data": {"ad_id": "1"}},
        {"__typename": "Story", "id": "x"},
        story(post_id=None, wwwURL=None),
    ]
    source, _, found = load(save(tmp_path, "a", lines(*(envelope("facebook.com", row) for row in rows))))
    passed, quote, without, late, unnamed = kept(found)
    has(passed.values, kind="repost", reposted_id="600000000000009", quoted_id=None, text=None)
    has(quote.values, kind="quote", quoted_id="600000000000009", account_id="61550000000002")
    has(without.values, post_id="55", account_id=None)
    assert without.author is None
    has(late.values, created_at=datetime(2024, 1, 1, 0, 0, 1))
    has(unnamed.values, kind="quote", quoted_id=None)
    assert [(r.number, r.field) for r in rejected(found)] == [
        (6, "sponsored_data"),
        (7, "comet_sections.content.story"),
        (8, "comet_sections.content.story.post_id"),
    ]
    assert source.warnings == {
        "posts with several authors, of whom the first is kept": 1,
        "posts whose author is not named by an address: they have no account": 1,
        "posts that pass another one on and do not say which": 1,
    }


def test_a_platform_is_added_with_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def post(thing: dict[str, Any], warnings: Any, captured: datetime | None) -> Made:
        author = {"platform": "weibo", "account_id": "1"}
        return Made({**author, "post_id": thing["mid"], "kind": "post", "captured_at": captured}, author)

    monkeypatch.setitem(captures.READERS, "weibo.com", post)
    _, _, found = load(save(tmp_path, "a", lines(envelope("weibo.com", {"mid": "5"}))))
    has(kept(found)[0].values, platform="weibo", post_id="5", captured_at=SEEN)


# --- CSV


@pytest.mark.parametrize("name", ["4cat x csv", "zeeschuimer x csv"])
def test_x_csv(tmp_path: Path, name: str) -> None:
    _, _, found = load(save(tmp_path, "a.csv", FIXTURES[name][1]))
    assert rejected(found) == []
    post = kept(found)[0]
    has(
        post.values,
        platform="x",
        post_id=A,
        account_id="2",
        created_at=EXACT,  # not the shifted time of the column
        time_source="identifier",
        kind="reply",
        is_reply=True,
        is_quote=True,
        quoted_id=C,
        root_id=B,
        target_account_id="@target",
        text="fish & chips, two\nlines",
        language="id",
        client="Tool",
        likes=1,
        reposts=2,
        replies=3,
        quotes=None,  # the tool filled it in
        views=None,
        hashtags=["tag", "strasse"],
        urls=[
            {"url": "https://a.invalid/1,2", "expanded_url": None},
            {"url": "https://b.invalid", "expanded_url": None},
        ],
        mentions=[{"account_id": None, "handle": "Target"}, {"account_id": None, "handle": "third"}],
        media=[{"media_id": None, "kind": "image", "url": "https://p.invalid/1.jpg", "alt_text": None}],
    )
    has(post.author, handle="other", display_name="Other")
    assert "secret" not in repr(post)
    if name == "4cat x csv":
        has(
            kept(found)[1].values,
            kind="repost",
            is_reply=False,
            is_quote=False,
            reposted_account_id="@third",
            text="the whole original",
            likes=None,
        )


def test_x_csv_pseudonymised_and_damaged(tmp_path: Path) -> None:
    mark = "0123456789abcdef" * 3
    hashed = {**CSV_X, "author": mark, "author_id": mark[::-1], "author_fullname": mark}
    without = {**CSV_X, "author": mark, "author_id": "", "author_fullname": ""}
    rows = [
        hashed,
        without,
        {**CSV_X, "author": "REDACTED", "author_id": "REDACTED"},
        {**CSV_X, "id": "1.39474E+18"},
        {**CSV_X, "is_retweet": "maybe"},
        {**CSV_X, "id": "20", "unix_timestamp": "1142974214"},
    ]
    _, _, found = load(save(tmp_path, "a.csv", table(rows)))
    first, second, old = kept(found)
    has(first.author, account_id=mark[::-1], handle=None, display_name=None)
    has(second.author, account_id=mark, handle=None)
    # a number without a time: the column's is all there is
    has(
        old.values, created_at=datetime(2006, 3, 21, 20, 50, 14), time_source="field", time_precision="second"
    )
    assert [r.field for r in rejected(found)] == ["author", "id", "is_retweet"]


@pytest.mark.parametrize("name", ["4cat instagram csv", "zeeschuimer instagram csv"])
def test_instagram_csv(tmp_path: Path, name: str) -> None:
    _, _, found = load(save(tmp_path, "a.csv", FIXTURES[name][1]))
    (post,) = kept(found)
    has(
        post.values,
        platform="instagram",
        post_id=MEDIA,
        account_id="333",
        created_at=TAKEN,
        time_source="field",
        text="caption #Tag",
        hashtags=["tag"],
        likes=9,
        replies=5,
        mentions=[{"account_id": None, "handle": "other"}],
        media=[
            {"media_id": None, "kind": "image", "url": "https://cdn.invalid/1.jpg", "alt_text": None},
            {"media_id": None, "kind": "image", "url": "https://cdn.invalid/2.jpg", "alt_text": None},
        ],
    )
    has(post.author, handle="Sample.One", display_name="Sample")


def test_instagram_csv_partial_hidden_and_older(tmp_path: Path) -> None:
    partial = {
        **CSV_INSTAGRAM,
        "unix_timestamp": "",
        "partial_item": "yes",
        "likes_hidden": "yes",
        "num_likes": "0",
    }
    filled = {**CSV_INSTAGRAM, "unix_timestamp": "0", "missing_fields": "unix_timestamp,num_comments"}
    unnamed = {**CSV_INSTAGRAM, "author_id": ""}
    source, _, found = load(save(tmp_path, "a.csv", table([partial, filled, unnamed])))
    first, second, third = kept(found)
    has(first.values, created_at=MEDIA_TIME, time_source="identifier", likes=None)
    has(second.values, created_at=MEDIA_TIME, time_source="identifier", replies=None)
    has(third.values, account_id="@sample.one")
    assert source.warnings == {"likes that are hidden": 1, "objects of which the page held only a part": 1}


def test_one_post_through_many_formats_is_one_post_at_one_time(tmp_path: Path) -> None:
    files = {
        "a": lines(envelope("instagram.com", ITEM)),
        "b": lines(copied("instagram.com", GRAPH_NODE)),
        "c.csv": FIXTURES["4cat instagram csv"][1],
        "d.json": json.dumps({"node": GRAPH_NODE, "instaloader": {"node_type": "Post"}}),
    }
    found = {
        (r.values["post_id"], r.values["account_id"], r.values["created_at"])
        for name, data in files.items()
        for r in kept(load(save(tmp_path, name, data))[2])
    }
    assert found == {(MEDIA, "333", TAKEN)}
    files = {
        "e": lines(envelope("twitter.com", X_POST)),
        "f": lines(copied("twitter.com", X_POST)),
        "g.csv": FIXTURES["zeeschuimer x csv"][1],
        "h": lines(X_POST),
    }
    found = {
        (r.values["post_id"], r.values["account_id"], r.values["created_at"])
        for name, data in files.items()
        for r in kept(load(save(tmp_path, name, data))[2])
    }
    assert found == {(A, "2", EXACT)}


@pytest.mark.parametrize(
    "name,whole",
    [
        ("zeeschuimer", envelope("twitter.com", X_POST)),
        ("zeeschuimer", envelope("instagram.com", ITEM)),
        ("zeeschuimer", envelope("instagram.com", GRID)),
        ("fourcat_ndjson", copied("instagram.com", GRAPH_NODE)),
    ],
)
def test_any_value_anywhere_gives_a_record_or_a_rejection(tmp_path: Path, name: str, whole: Any) -> None:
    copies = exports.wrecked(whole)
    _, _, found = load(save(tmp_path, "a", lines(*copies)), format=name)
    assert len(kept(found)) + len(rejected(found)) == len(copies)


@pytest.mark.real
def test_real_x_objects_in_an_envelope_of_ours(real_data: Path, tmp_path: Path) -> None:
    """No capture of these tools is published; the objects inside are X's own, which are."""
    path = real_data / "format-samples" / "twitter-graphql-raw" / "tweet_results_first5.ndjson"
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    _, _, plain = load(path)
    for wrap in (envelope, copied):
        _, _, found = load(save(tmp_path, "a", lines(*(wrap("twitter.com", one) for one in raw))))
        assert rejected(found) == []
        assert [r.values | {"captured_at": None} for r in kept(found)] == [r.values for r in kept(plain)]
