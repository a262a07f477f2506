"""Formats of X beyond the archive and API v2: field values, and every shape that a tool has saved."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from exports import has, kept, lines, load, rejected, save, table
from worlds import desk, report

from kit import case as cases
from kit.errors import InputError, MetricError

A, B, C, D = "1394735776701816833", "1394735776701800001", "1394735776701700002", "1394735776701600003"
WHEN = "Tue May 18 19:24:56 +0000 2021"
ANCHOR = '<a href="https://app.invalid" rel="nofollow">Tool &amp; Co</a>'

# --- API v1.1

USER: dict[str, Any] = {
    "id": 900000000000000001,
    "id_str": "900000000000000001",
    "screen_name": "Sample_One",
    "name": "Sample & One",
    "location": "",
    "description": "bio",
    "url": "https://t.invalid/u",
    "entities": {"url": {"urls": [{"url": "https://t.invalid/u", "expanded_url": "https://one.invalid"}]}},
    "created_at": "Wed Aug 05 10:00:01 +0000 2015",
    "followers_count": 5,
    "friends_count": 6,
    "statuses_count": 7,
    "lang": "zh-cn",
    "verified": False,
    "protected": True,
}
OTHER = {**USER, "id": 2, "id_str": "2", "screen_name": "other", "protected": False}
EMPTY: dict[str, Any] = {"hashtags": [], "urls": [], "user_mentions": []}
PHOTO = {"id_str": "71", "type": "photo", "media_url_https": "https://p.invalid/1.jpg", "ext_alt_text": "alt"}
VIDEO = {
    "id_str": "72",
    "type": "video",
    "media_url_https": "https://p.invalid/2.jpg",
    "video_info": {
        "variants": [
            {"content_type": "application/x-mpegURL", "url": "https://v.invalid/l"},
            {"bitrate": 256000, "url": "https://v.invalid/small"},
            {"bitrate": 2176000, "url": "https://v.invalid/big"},
        ]
    },
}
V1: dict[str, Any] = {
    "created_at": WHEN,
    # the number lost its last digits on the way, the text beside it did not
    "id": 1394735776701816800,
    "id_str": A,
    "text": "fish &amp; chips … https://t.invalid/cut",
    "truncated": True,
    "extended_tweet": {
        "full_text": "fish &amp; chips &amp;amp; &lt;b&gt; 😀 to the end #Straße",
        "entities": {
            "hashtags": [{"text": "Straße"}],
            "urls": [{"url": "https://t.invalid/1", "expanded_url": "https://a.invalid/1,2"}],
            "user_mentions": [{"id_str": "2", "screen_name": "other"}],
        },
        "extended_entities": {"media": [PHOTO, VIDEO]},
    },
    "source": ANCHOR,
    "user": USER,
    "in_reply_to_status_id_str": B,
    "in_reply_to_user_id_str": "2",
    "is_quote_status": True,
    "quoted_status_id_str": C,
    "quoted_status": {"id_str": C, "created_at": WHEN, "text": "q", "user": OTHER, "entities": EMPTY},
    "entities": {"hashtags": [], "urls": [{"url": "https://t.invalid/cut"}], "user_mentions": []},
    "favorite_count": 1,
    "retweet_count": 2,
    "reply_count": 3,
    "quote_count": 4,
    "lang": "in",
    "timestamp_ms": "1621365896760",
}

# --- web client

NEW_USER: dict[str, Any] = {
    "__typename": "User",
    "rest_id": "900000000000000001",
    "core": {"screen_name": "Sample_One", "name": "One", "created_at": "Wed Aug 05 10:00:01 +0000 2015"},
    "legacy": {},
    "relationship_counts": {"followers": 5, "following": 6},
    "tweet_counts": {"tweets": 7, "media_tweets": 1},
    "location": {"location": "somewhere"},
    "profile_bio": {
        "description": "bio",
        "entities": {"url": {"urls": [{"expanded_url": "https://b.invalid"}]}},
    },
    "website": {"url": "https://t.invalid/w"},
    "is_blue_verified": True,
    "verification": {"verified": False},
    "privacy": {"protected": False},
}


# --- personal archive

PERSONAL = [
    {
        "tweet": {
            "id": A,
            "id_str": A,
            "created_at": WHEN,
            "full_text": "fish &amp; chips #Tag",
            "source": ANCHOR,
            "lang": "en",
            "favorite_count": "1",
            "retweet_count": "2",
            "in_reply_to_status_id_str": B,
            "in_reply_to_user_id_str": "2",
            "entities": {
                **EMPTY,
                "hashtags": [{"text": "Tag"}],
                "user_mentions": [
                    {"id_str": "2", "screen_name": "other"},
                    {"id_str": "-1", "screen_name": "gone"},
                ],
            },
            "extended_entities": {
                "media": [
                    {
                        **VIDEO,
                        "video_info": {
                            "variants": [
                                {"bitrate": "9", "url": "https://v.invalid/9"},
                                {"bitrate": "10", "url": "https://v.invalid/10"},
                            ]
                        },
                    }
                ]
            },
        }
    },
    {
        "tweet": {
            "id_str": D,
            "created_at": WHEN,
            "full_text": "RT @other: fish…",
            "favorite_count": "0",
            "retweet_count": "50",
            "entities": {**EMPTY, "user_mentions": [{"id_str": "2", "screen_name": "other"}]},
        }
    },
]
TWEETS_JS = "window.YTD.tweets.part0 = " + json.dumps(PERSONAL, indent=2)

# --- what became of posts and accounts

GONE_POSTS: list[dict[str, Any]] = [
    {
        "id": A,
        "action": "delete",
        "created_at": "2021-05-18T19:24:56.760Z",
        "redacted_at": "2021-08-17T17:26:15.788Z",
        "reason": "suspended",
    },
    {"id": B, "action": "delete", "created_at": "2021-05-18T19:24:56.760Z", "reason": "protected"},
    {"id": C, "action": "scrub_geo", "created_at": "2021-05-18T19:24:56.760Z", "reason": "deleted"},
    {"id": D, "action": "bounce", "created_at": "2021-05-18T19:24:56.760Z", "reason": "deleted"},
    {"id": D, "action": "delete", "created_at": "2021-05-18T19:24:56.760Z", "reason": "tired"},
]
ATTRITION = [
    {"tweet_id": A, "user_id": "900000000000000001", "tweet_current_status": "suspended_user"},
    {"tweet_id": B, "user_id": "2", "tweet_current_status": "unavailable_retweet"},
    {"tweet_id": C, "user_id": "", "tweet_current_status": "available_tweet"},
    {"tweet_id": D, "user_id": "3", "tweet_current_status": "blocked_by_tweet_author"},
    {"tweet_id": A, "user_id": "3", "tweet_current_status": ""},
    {"tweet_id": A, "user_id": "3", "tweet_current_status": "gone_fishing"},
]


# --- web client


ABOUT = {
    "account_based_in": "Somewhere",
    "affiliate_username": "other",
    "created_country_accurate": True,
    "location_accurate": False,
    "source": "Somewhere App Store",
    "username_changes": {"count": "3", "last_changed_at_msec": "1690335192280"},
}


def about_response(**about: Any) -> str:
    user = {**NEW_USER, "about_profile": about}
    return json.dumps({"data": {"user_result_by_screen_name": {"result": user}}})


def test_about_this_account_goes_through_the_case_and_stays_out_of_public(tmp_path: Path) -> None:
    """The profile seen before and the one seen after its country changed are one account."""
    moved = {**ABOUT, "account_based_in": "Elsewhere"}
    plain = json.dumps({"data": {"user_result_by_screen_name": {"result": NEW_USER}}})
    for name, text in (("1", plain), ("2", about_response(**ABOUT)), ("3", about_response(**moved))):
        save(tmp_path, f"received/{name}.json", text)
    with desk(tmp_path):
        report(tmp_path, "about", exports=[{"path": str(tmp_path / "received"), "group": "context"}])
        case = cases.open("about", edition="internal")
        public = cases.open("about")
    names = "based_in, based_in_accurate, created_in_accurate, connected_via, handle_changes"
    (row,) = case.sql(f"SELECT {names}, handle_changed_at FROM accounts").itertuples(index=False)
    assert tuple(row)[:5] == ("Somewhere", False, True, "Somewhere App Store", 3)
    assert row.handle_changed_at == datetime(2023, 7, 26, 1, 33, 12, 280000)
    seen = case.sql("SELECT value FROM observations WHERE field = 'based_in' ORDER BY ALL")
    assert seen["value"].tolist() == ["Elsewhere", "Somewhere"]
    books = case.sql("SELECT sum(kept)::INT AS kept, sum(observations)::INT AS again FROM accounting")
    assert books.values.tolist() == [[1, 2]]
    with pytest.raises(MetricError):
        public.sql("SELECT based_in FROM accounts")
    with pytest.raises(MetricError):
        public.sql("SELECT connected_via, handle_changed_at FROM accounts")
    assert public.sql("SELECT handle_changes, based_in_accurate FROM accounts").values.tolist() == [
        [3, False]
    ]


# --- personal archive


def test_personal_without_its_owner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tweets\.js: nothing says whose posts these are.*account\.js"):
        load(save(tmp_path, "tweets.js", TWEETS_JS))
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("tweets.js", TWEETS_JS)
    with pytest.raises(InputError, match="nothing says whose posts"):
        load(archive)


# --- what became of posts and accounts


def test_what_became_of_a_post_is_an_observation_of_it(tmp_path: Path) -> None:
    """The post keeps its text, the account the state in which it was seen first."""
    save(tmp_path, "received/a.json", lines(V1))
    save(tmp_path, "received/b.csv", table(ATTRITION[:1]).replace("900000000000000001", V1["user"]["id_str"]))
    save(tmp_path, "received/c.jsonl", lines(*GONE_POSTS[:1]))
    with desk(tmp_path):
        report(tmp_path, "gone", exports=[{"path": str(tmp_path / "received"), "group": "studied"}])
        case = cases.open("gone", edition="internal")
    assert case.sql("SELECT kind, text IS NOT NULL AS said FROM posts").values.tolist() == [["reply", True]]
    seen = case.sql(
        """SELECT "table", value, CAST(captured_at AS VARCHAR) AS at FROM observations
           WHERE field = 'status' ORDER BY ALL"""
    )
    assert seen.astype(object).where(seen.notna(), None).values.tolist() == [
        ["accounts", "suspended", None],
        ["posts", "removed", "2021-08-17 17:26:15.788"],
        ["posts", "removed", None],
    ]
    assert not [warning for warning in case.manifest["warnings"] if "state alone" in warning]


def test_posts_known_by_their_state_alone_are_counted(tmp_path: Path) -> None:
    path = save(tmp_path, "received/b.csv", table(ATTRITION[:3]))
    with desk(tmp_path):
        report(tmp_path, "alone", exports=[{"path": str(path), "group": "context"}])
        case = cases.open("alone", edition="internal")
    rows = case.sql("SELECT status, text, kind FROM posts ORDER BY post_id DESC")
    assert rows["status"].tolist() == ["removed", "removed", "available"]
    assert rows["text"].isna().all()
    assert [warning for warning in case.manifest["warnings"] if "state alone" in warning] == [
        "3 posts are known by their state alone: no other export holds them, and their kind is a guess"
    ]
    states = case.sql("SELECT account_id, status FROM accounts ORDER BY 1")
    assert states.astype(object).where(states.notna(), None).values.tolist() == [
        ["2", None],
        ["900000000000000001", "suspended"],
    ]


# --- real files

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def stated(written: str) -> datetime:
    _, month, day, clock, zone, year = written.split()
    assert zone == "+0000"
    hour, minute, second = map(int, clock.split(":"))
    return datetime(int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second)


@pytest.mark.real
def test_real_v1(real_data: Path) -> None:
    path = real_data / "format-samples" / "twitter-v11-json" / "stream-excerpt.jsonl"
    _, format_, found = load(path)
    assert format_.name == "x_v1"
    assert rejected(found) == []
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [r.values["post_id"] for r in kept(found)] == [one["id_str"] for one in raw]
    for record, one in zip(kept(found), raw, strict=True):
        value = record.values
        assert value["account_id"] == one["user"]["id_str"]
        assert value["created_at"].replace(microsecond=0) == stated(one["created_at"])
        milli = datetime.fromtimestamp(int(one["timestamp_ms"]) / 1000, UTC).replace(tzinfo=None)
        assert abs((value["created_at"] - milli).total_seconds()) < 0.001
        assert value["reply_to_id"] == one["in_reply_to_status_id_str"]
        assert value["target_account_id"] == one["in_reply_to_user_id_str"]
        assert value["reposted_id"] == one.get("retweeted_status", {}).get("id_str")
        assert record.author is not None
        assert record.author["followers"] == one["user"]["followers_count"]
        assert record.author["created_at"] == stated(one["user"]["created_at"])
        if "retweeted_status" not in one:
            assert (value["likes"], value["reposts"]) == (one["favorite_count"], one["retweet_count"])
            assert value["quoted_id"] == one.get("quoted_status_id_str")
        inner = one.get("retweeted_status", one)
        full = inner.get("extended_tweet", inner)
        text = full.get("full_text") or full["text"]
        assert value["text"] == text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert len(value["media"]) == len(full.get("extended_entities", {}).get("media", []))


@pytest.mark.real
def test_real_web(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-graphql-raw"
    path = folder / "tweet_results_first5.ndjson"
    _, format_, found = load(path)
    assert (format_.name, rejected(found)) == ("x_web", [])
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record, one in zip(kept(found), raw, strict=True):
        legacy, user = one["legacy"], one["core"]["user_results"]["result"]
        has(
            record.values,
            post_id=one["rest_id"],
            account_id=legacy["user_id_str"],
            root_id=legacy["conversation_id_str"],
            reply_to_id=legacy.get("in_reply_to_status_id_str"),
            likes=legacy["favorite_count"],
            replies=legacy["reply_count"],
            views=int(one["views"]["count"]),
        )
        assert record.values["created_at"].replace(microsecond=0) == stated(legacy["created_at"])
        has(
            record.author,
            handle=user["core"]["screen_name"],
            followers=user["relationship_counts"]["followers"],
            created_at=stated(user["core"]["created_at"]),
        )


@pytest.mark.real
def test_real_web_responses(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-graphql-raw"
    expected = {
        "_issue_42.json": (1, 1),
        "card_audiospace.json": (1, 1),
        "manual_tweet_with_video_1.json": (11, 0),
    }
    for name, (posts, context) in expected.items():
        _, format_, found = load(folder / name)
        assert (format_.name, rejected(found)) == ("x_web", [])
        assert (len(kept(found)), len(kept(found, context=True))) == (posts, context)
        raw = (folder / name).read_text(encoding="utf-8")
        for record in kept(found):
            assert f'"rest_id": "{record.values["post_id"]}"' in raw.replace('":"', '": "')
            # the older layout of profiles
            assert record.author is not None
            assert record.author["handle"]
    whole = json.loads((folder / "_issue_42.json").read_text(encoding="utf-8"))
    result = whole["content"]["itemContent"]["tweet_results"]["result"]
    other = result["legacy"]["retweeted_status_result"]["result"]
    (repost,) = kept(load(folder / "_issue_42.json")[2])
    has(repost.values, post_id=result["rest_id"], reposted_id=other["rest_id"], kind="repost")
    has(repost.author, followers=result["core"]["user_results"]["result"]["legacy"]["followers_count"])
    for name in ("raw_user_about.json", "raw_user_by_login.json"):
        source, format_, found = load(folder / name)
        (account,) = kept(found)
        assert format_.name == "x_web_users"
        assert account.values["account_id"] == "2244994945"
        assert account.values["created_at"] == datetime(2013, 12, 14, 4, 35, 55)
        assert not source.warnings
        result = json.loads((folder / name).read_text(encoding="utf-8"))["data"]
        about = next(iter(result.values()))["result"].get("about_profile") or {}
        assert bool(about) == ("about" in name)
        changes = about.get("username_changes") or {}
        has(
            account.values,
            based_in=about.get("account_based_in"),
            based_in_accurate=about.get("location_accurate"),
            created_in_accurate=about.get("created_country_accurate"),
            connected_via=about.get("source"),
            handle_changes=int(changes["count"]) if changes else None,
        )
        if changes:
            moment = account.values["handle_changed_at"].replace(tzinfo=UTC)
            assert round(moment.timestamp() * 1000) == int(changes["last_changed_at_msec"])


@pytest.mark.real
def test_real_compliance(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-twarc2-jsonl"
    states = {"protected": "private", "deactivated": "removed", "suspended": "removed", "deleted": "removed"}
    for name, format_name in (("tweets", "x_compliance"), ("users", "x_compliance_accounts")):
        path = folder / f"{name}_compliance.jsonl"
        told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        _, format_, found = load(path)
        assert (format_.name, len(found), rejected(found)) == (format_name, len(told), [])
        for record, line in zip(kept(found), told, strict=True):
            value = record.values
            assert value.get("post_id", value.get("account_id")) == line["id"]
            assert value["created_at"] == datetime.fromisoformat(line["created_at"]).replace(tzinfo=None)
            assert name == "users" or value["status"] == states[line["reason"]]
            removed = line.get("redacted_at")
            when = datetime.fromisoformat(removed).replace(tzinfo=None) if removed else None
            assert value["captured_at"] == when


@pytest.mark.real
def test_real_archive_mirror(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-io-archive"
    _, format_, found = load(folder / "consolidated_mirror_users_SHAPE.csv", time={"format": "%m/%d/%Y"})
    assert format_.name == "x_archive_accounts"
    (account,) = kept(found)
    assert (account.values["created_at"], account.values["followers"]) == (datetime(2018, 8, 11), 4)
    # a number that a spreadsheet ruined, and the header again
    assert [r.field for r in rejected(found)] == ["userid", "userid"]
    _, format_, found = load(folder / "consolidated_mirror_tweets_SHAPE.csv")
    assert (format_.name, rejected(found)) == ("x_archive_posts", [])
    assert [r.values["post_id"] for r in kept(found)] == ["898925911294132224", "861871665780846592"]
    milli = (898925911294132224 >> 22) + 1288834974657
    assert kept(found)[0].values["created_at"] == datetime.fromtimestamp(milli / 1000, UTC).replace(
        tzinfo=None
    )
