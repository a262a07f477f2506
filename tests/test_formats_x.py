"""Formats of X beyond the archive and API v2: field values, and every shape that a tool has saved."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import golden
import pytest
from exports import has, kept, lines, load, rejected, save, table
from worlds import desk, report

from kit import case as cases
from kit.errors import InputError, MetricError

V1 = golden.objects("x_v1/lines")[2]
TWEETS_JS = golden.text("x_personal/whole")
GONE = golden.text("x_compliance/posts").splitlines(keepends=True)
ATTRITION = golden.rows("x_minet_attrition/whole")

# --- web client


def about_response(**about: Any) -> str:
    (page,) = golden.objects("x_web_users/about_this_account_is_kept")
    page["data"]["user_result_by_screen_name"]["result"]["about_profile"].update(about)
    return json.dumps(page)


def test_about_this_account_goes_through_the_case_and_stays_out_of_public(tmp_path: Path) -> None:
    """The profile seen before and the one seen after its country changed are one account."""
    plain = lines(golden.objects("x_web_users/whole")[0])
    moved = about_response(account_based_in="Elsewhere")
    for name, text in (("1", plain), ("2", about_response()), ("3", moved)):
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
    with pytest.raises(MetricError):
        public.sql("SELECT handle_changes, based_in_accurate FROM accounts")


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
    save(tmp_path, "received/c.jsonl", GONE[0])
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
