"""Synthetic campaigns: the planted facts stand in the exports, follow the arguments, and never change by machine.

Read with plain pandas, never with a metric of the kit: metrics are tested against this truth.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

import simulation as room
from kit.errors import InputError
from kit.report.codebook import read_codebook
from simulation import Campaign, honest, scripts, simulate, tiny, truth

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
REPORT = ROOT / "reports" / "sample"
#: content of every file of the sample, and of a tiny world in all formats; the same on Python 3.11 to 3.13
SAMPLE_SHA256 = "88cc88fad750b0b517eb65a98933a66ec50b582604b144aab4d4232c27364700"
TINY_SHA256 = "d73b320c10b93a033317da53f6bf53e994032f2e975cfdacead75f15fbcc31cf"


def content(folder: Path) -> str:
    """SHA-256 over names and uncompressed contents: compressors differ between machines, contents may not."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("README.md", "report.yml") and path.suffix != ".jpg":
            data = path.read_bytes()
            digest.update(path.name.encode() + b"\0")
            digest.update(gzip.decompress(data) if path.name.endswith(".gz") else data)
    return digest.hexdigest()


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


@pytest.fixture(scope="module")
def labels() -> pd.DataFrame:
    return table(REPORT / "labels.csv")


@pytest.fixture(scope="module")
def posts(labels: pd.DataFrame) -> pd.DataFrame:
    """The studied accounts' posts in the period, read from the committed files under one set of names."""
    names = {
        "x_replies": (
            "tweet_id",
            "user_id",
            "posted_at",
            "full_text",
            "in_reply_to_tweet",
            "in_reply_to_user",
            "x",
        ),
        "x_timelines": (
            "tweet_id",
            "user_id",
            "posted_at",
            "full_text",
            "in_reply_to_tweet",
            "in_reply_to_user",
            "x",
        ),
        "facebook_comments": (
            *("Comment ID", "Profile ID", "Created", "Message", "Answers", "Answered profile"),
            "facebook",
        ),
        "youtube_comments": (
            *("commentId", "authorChannelId", "publishedAt", "textOriginal", "answersId", "answersChannelId"),
            "youtube",
        ),
    }
    parts = []
    for name, columns in names.items():
        part = table(SAMPLE / f"{name}.csv.gz")
        if name == "x_replies":
            whole = (
                part["tweet_id"].str.fullmatch(r"\d{15,20}") & part["posted_at"].ne("") & part["lang"].ne("")
            )
            part = part[whole].drop_duplicates("tweet_id")
        part = part.rename(
            columns=dict(zip(columns, ["id", "account", "time", "text", "answers", "target"], strict=False))
        )
        parts.append(part.assign(platform=columns[-1]))
    out = pd.concat(parts, ignore_index=True)
    out["time"] = pd.to_datetime(out["time"], utc=True, format="ISO8601")
    day = out["time"].dt.tz_convert("America/Toronto").dt.date
    studied = out["account"].isin(labels["account"])
    return out[studied & day.between(dt.date(2023, 8, 7), dt.date(2023, 9, 11))].assign(day=day)


@pytest.fixture(scope="module")
def facts() -> dict:
    return json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


# ------------------------------------------------------------------ the committed sample


def test_sample_is_what_the_generator_makes(tmp_path: Path) -> None:
    entries = room.make_sample(tmp_path)
    assert content(tmp_path) == SAMPLE_SHA256
    committed, fresh = (
        sorted(p.name for p in SAMPLE.iterdir()),
        sorted(p.name for p in (tmp_path / "data/sample").iterdir()),
    )
    assert committed == sorted([*fresh, "README.md"])
    assert content(SAMPLE) == content(tmp_path / "data" / "sample")
    held = sorted(path.name for path in (SAMPLE / "media").iterdir())
    assert held == sorted(path.name for path in (tmp_path / "data" / "sample" / "media").iterdir())
    for name in held:  # pictures are compared by their pixels: encoders may differ between machines
        one, other = (
            np.asarray(Image.open(p / "media" / name), float) for p in (SAMPLE, tmp_path / "data" / "sample")
        )
        assert one.shape == other.shape
        assert np.abs(one - other).mean() < 2
    for name in (
        "labels.csv",
        "roster.csv",
        "events.csv",
        "coder_a.csv",
        "coder_b.csv",
        "media_labels.csv",
        "media_review.csv",
    ):
        assert (REPORT / name).read_bytes() == (tmp_path / "reports" / "sample" / name).read_bytes()
    report = yaml.safe_load((REPORT / "report.yml").read_text(encoding="utf-8"))
    assert report["exports"] == entries
    assert report["synthetic"] is True


def test_sample_is_small() -> None:
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()) < 3_000_000
    assert sum(p.stat().st_size for p in (SAMPLE / "media").iterdir()) < 300_000


def test_sample_has_the_published_sizes(posts: pd.DataFrame, labels: pd.DataFrame, facts: dict) -> None:
    assert len(labels) == 2000
    assert len(posts) == 15_000
    assert posts["id"].is_unique
    assert posts.groupby("platform").size().to_dict() == {"x": 10_500, "facebook": 3000, "youtube": 1500}
    assert posts["account"].nunique() == 2000 - facts["studied_silent"] == 1880
    assert set(posts["day"]) == {dt.date(2023, 8, 7) + dt.timedelta(days=k) for k in range(36)}


def test_sample_addresses_fifty_members(posts: pd.DataFrame, facts: dict) -> None:
    roster = table(REPORT / "roster.csv")
    accounts = table(SAMPLE / "x_accounts.csv.gz").set_index("username")["id"]
    roster["account_id"] = roster["account_id"].where(
        roster["account_id"].ne(""), roster["handle"].map(accounts)
    )
    hit = posts[posts["target"].ne("")].merge(
        roster, left_on=["platform", "target"], right_on=["platform", "account_id"]
    )
    assert len(hit) == posts["target"].ne("").sum() == facts["studied_replies"]
    counts = hit["name"].value_counts()
    assert len(counts) == 50
    assert counts.to_dict() == facts["targets"]
    assert set(hit["account_kind"]) == {"official", "personal"}
    assert 0.09 < counts.iloc[0] / counts.sum() < 0.16
    assert roster["name"].nunique() == 90


def test_sample_hardly_gets_reactions(posts: pd.DataFrame) -> None:
    columns = [
        "like_count",
        "reply_count",
        "repost_count",
        "quote_count",
        "Reactions",
        "Comments",
        "Shares",
        "likeCount",
    ]
    reacted = posts[columns].apply(lambda column: pd.to_numeric(column).fillna(0)).sum(axis=1) > 0
    assert 0.04 < reacted.mean() < 0.06
    control = table(SAMPLE / "x_control.csv.gz")
    assert pd.to_numeric(control["like_count"]).gt(0).mean() > 0.45


def test_sample_swells_over_the_long_weekend(posts: pd.DataFrame) -> None:
    per_day = posts.groupby("day").size()
    assert sorted(per_day.nlargest(3).index) == [dt.date(2023, 9, d) for d in (2, 3, 4)]


def test_sample_keeps_the_crews_hours(posts: pd.DataFrame) -> None:
    local = (posts["time"] + pd.Timedelta(hours=8)).dt.hour
    assert local.between(9, 17).mean() > 0.95
    noon = local.eq(12).sum() / ((local.eq(11).sum() + local.eq(13).sum()) / 2)
    assert noon < 0.65


def test_x_identifiers_hold_the_time() -> None:
    for name in ("x_control", "x_members", "x_timelines"):
        part = table(SAMPLE / f"{name}.csv.gz")
        assert part["tweet_id"].str.fullmatch(r"\d{15,19}").all()
        millis = (part["tweet_id"].astype("int64") // 2**22) + 1_288_834_974_657
        stated = pd.to_datetime(part["posted_at"], utc=True).dt.tz_localize(None)
        assert (pd.to_datetime(millis, unit="ms").dt.floor("s") == stated).all()
    accounts = table(SAMPLE / "x_accounts.csv.gz")
    assert accounts["id"].is_unique
    young = accounts[pd.to_datetime(accounts["created"]).dt.year >= 2017]
    millis = (young["id"].astype("int64") // 2**22) + 1_288_834_974_657
    stated = pd.to_datetime(young["created"], utc=True).dt.tz_localize(None)
    assert (pd.to_datetime(millis, unit="ms").dt.floor("s") == stated).all()


def test_times_are_written_as_each_platform_writes_them() -> None:
    assert table(SAMPLE / "facebook_comments.csv.gz")["Created"].str.endswith("-04:00").all()
    assert table(SAMPLE / "youtube_comments.csv.gz")["publishedAt"].str.fullmatch(r"[\d-]+T[\d:]+Z").all()
    assert "created" not in " ".join(table(SAMPLE / "facebook_profiles.csv.gz").columns).lower()
    assert "language" not in " ".join(table(SAMPLE / "youtube_comments.csv.gz").columns).lower()


def test_flaws_are_the_stated_ones(facts: dict) -> None:
    with gzip.open(SAMPLE / "x_replies.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    whole = [row for row in rows[1:] if len(row) == len(rows[0]) and row[0].isdigit()]
    assert len(rows) - 1 - len(whole) == facts["flaws"]["broken_records"] == 3
    assert len(whole) - len({row[0] for row in whole}) == facts["flaws"]["duplicate_records"] == 24


def test_nobody_real_is_addressed() -> None:
    world = simulate(tiny(5))
    known = {handle.lower() for handle in world["accounts"]["handle"]}
    said = {name.lower() for text in world["posts"]["text"] for name in re.findall(r"@(\w+)", text)}
    assert said
    assert said <= known
    hosts = {host for text in world["posts"]["text"] for host in re.findall(r"https?://([^/\s]+)", text)}
    assert hosts
    assert all(host.endswith(".example") for host in hosts)


# ------------------------------------------------------------------ every planted fact follows its argument


def test_same_seed_same_world_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        world = simulate(tiny(seed))
        entries = room.write_exports(world, tmp_path / name, compress=seed == 1)
        room.write_report(world, tmp_path / name, ".", entries)
        room.write_io_archive(world, tmp_path / name)
        room.write_v2_jsonl(world, tmp_path / name)
    assert content(tmp_path / "a") == content(tmp_path / "b") == TINY_SHA256
    assert content(tmp_path / "c") != TINY_SHA256
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize(
    "bursts",
    [(), ((dt.date(2023, 7, 3), 20),), ((dt.date(2023, 6, 26), 6), (dt.date(2023, 8, 20), 14))],
    ids=["absent", "elsewhere", "one during the campaign"],
)
def test_bursts_are_where_they_were_planted(bursts: tuple) -> None:
    world = simulate(tiny(bursts=bursts))
    accounts = world["accounts"]
    crew = accounts[accounts["group"].eq("studied")]
    per_day = crew["created_at"].dt.date.value_counts()
    for day, count in bursts:
        assert 0 <= per_day[day] - count <= 2
    planted = {day for day, _count in bursts}
    assert per_day[~per_day.index.isin(planted)].max() <= 4
    assert truth(world)["studied_burst"] == {day.isoformat(): count for day, count in bursts}
    toronto = crew[crew["burst"].ne("")]["created_at"].dt.tz_localize("UTC").dt.tz_convert("America/Toronto")
    assert set(toronto.dt.date) == planted


@pytest.mark.parametrize("share", [0.0, 0.3, 0.75])
def test_share_of_new_accounts_is_followed(share: float) -> None:
    world = simulate(tiny(share_new=share, bursts=()))
    accounts = world["accounts"]
    crew = accounts[accounts["group"].eq("studied")]
    new = crew["created_at"] >= pd.Timestamp("2023-08-07") - pd.Timedelta(days=45)
    assert new.mean() == pytest.approx(share, abs=0.02)
    assert (new == crew["origin"].eq("new")).all()


def test_changing_one_fact_leaves_the_others() -> None:
    plain, moved = simulate(tiny()), simulate(tiny(share_no_reaction=0.5, crew_lunch=0.0))
    pd.testing.assert_frame_equal(plain["roster"], moved["roster"])
    same = ["account_id", "handle", "created_at", "origin", "followers"]
    pd.testing.assert_frame_equal(plain["accounts"][same], moved["accounts"][same])


def test_hijacked_accounts_were_silent_and_changed_language() -> None:
    world = simulate(tiny(share_hijacked=0.4, dormant_days=900))
    accounts, posts = world["accounts"], world["posts"]
    taken = accounts[accounts["origin"].eq("hijacked") & accounts["platform"].eq("x")]
    before = posts[~posts["in_period"] & posts["account_id"].isin(taken["account_id"])]
    assert set(before["account_id"]) == set(taken["account_id"])
    assert before["created_at"].max() <= pd.Timestamp("2023-08-07") - pd.Timedelta(days=900)
    assert {"es", "id", "pt"} & set(before["language"])
    assert not posts.loc[posts["in_period"], "language"].isin(["es", "id", "pt"]).any()


@pytest.mark.parametrize("offset", [8.0, -1.0])
def test_crew_clock_is_followed(offset: float) -> None:
    posts = simulate(tiny(crew_offset=offset, crew_weekend=0.0, swell=None, crew_offhours=0.0))["posts"]
    crew = posts[posts["group"].eq("studied") & posts["in_period"]]["created_at"] + pd.Timedelta(hours=offset)
    assert crew.dt.hour.between(9, 18).all()
    assert crew.dt.day_of_week.lt(5).mean() > 0.99


def test_posts_that_only_the_network_answers_follow_the_planted_share() -> None:
    share = {}
    for planted in (0.9, 0.0):
        posts = simulate(tiny(share_unanswered=planted, context_posts=900))["posts"]
        replies = posts[
            posts["kind"].eq("reply") & posts["in_period"] & posts["group"].isin(["studied", "context"])
        ]
        ours = replies.assign(ours=replies["group"].eq("studied")).groupby("root_id")["ours"].mean()
        share[planted] = (ours[ours > 0] == 1).mean()
    assert share[0.9] > 0.8
    assert share[0.0] < 0.5


def test_a_world_without_control_and_one_without_network(tmp_path: Path) -> None:
    bare = simulate(tiny(control_accounts=0, control_posts=0))
    assert set(bare["accounts"]["group"]) == {"studied", "context"}
    assert not any("control" in entry["path"] for entry in room.write_exports(bare, tmp_path / "bare"))
    alone = simulate(tiny(control_accounts=0, control_posts=0, context_accounts=0, context_posts=0))
    assert set(alone["posts"]["account_id"]) & set(alone["roster"]["account_id"])
    world = honest(simulate(tiny()))
    studied = world["accounts"][world["accounts"]["group"].eq("studied")]
    assert len(studied) == 40
    assert studied["origin"].eq("organic").all()
    said = world["posts"][world["posts"]["group"].eq("studied")]
    assert set(said["account_id"]) == set(studied["account_id"])
    assert said["template"].eq("").all()
    assert world["posts"]["replies"].ge(0).all()
    entries = room.write_exports(world, tmp_path / "honest")
    assert room.write_report(world, tmp_path / "report", "../honest", entries).is_file()


def test_no_account_posts_before_it_exists_or_answers_the_future() -> None:
    world = simulate(tiny(3))
    posts = world["posts"].merge(world["accounts"], on=["platform", "account_id"], suffixes=("", "_account"))
    assert (posts["created_at"] > posts["created_at_account"]).all()
    answered = posts["reply_to_id"].map(world["posts"].set_index("post_id")["created_at"])
    replies = posts["kind"].eq("reply")
    assert answered[replies].notna().all()
    assert (posts["created_at"] > answered)[replies].all()
    assert posts["post_id"].is_unique
    assert world["accounts"]["account_id"].is_unique


def test_templates_are_long_and_unlike_each_other() -> None:
    texts = room.world.wording.templates(Campaign(templates=(("en", 150), ("fr", 150), ("zh", 150))))
    for language, lines in texts.items():
        assert len(set(lines)) == 150
        for line in lines:
            assert len(line) >= 16 if language == "zh" else len(line.split()) >= 8
        pieces = [{line[i : i + 5] for i in range(len(line) - 4)} for line in lines[:80]]
        likeness = [len(a & b) / len(a | b) for i, a in enumerate(pieces) for b in pieces[:i]]
        assert max(likeness) < 0.6


def test_edits_are_small_and_as_frequent_as_planted() -> None:
    world = simulate(tiny(share_edited=0.5, share_artefact=0.0))
    said = world["posts"][world["posts"]["template"].ne("")]
    assert said["edited"].mean() == pytest.approx(0.5, abs=0.07)
    original = said["template"].map(world["templates"].set_index("template")["text"])
    exact = [a in b for a, b in zip(original, said["text"], strict=True)]
    assert 1 - sum(exact) / len(exact) <= 0.5
    assert not simulate(tiny(share_edited=0.0))["posts"]["edited"].any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"share_new": 1.2}, "between 0 and 1"),
        ({"bursts": ((dt.date(2023, 7, 1), 4000),)}, "more accounts than there are new ones"),
        ({"bursts": ((dt.date(2023, 9, 11), 1),)}, "four days before the end"),
        ({"share_new": 0.7, "share_hijacked": 0.7}, "more than 1 together"),
        ({"studied_posts": 10}, "fewer posts than accounts"),
    ],
)
def test_impossible_campaigns_are_refused(change: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Campaign(**change)


def test_coders_read_the_same_posts_and_differ_as_planted(tmp_path: Path) -> None:
    world = simulate(tiny())
    names = room.write_coders(world, tmp_path, posts=100, differ=10)
    a, b = (table(tmp_path / name) for name in names)
    assert a[["post", "platform"]].equals(b[["post", "platform"]])
    assert len(a) == 100
    posts = world["posts"].assign(right=room.meant(world["posts"])).set_index("post_id").loc[a["post"]]
    assert posts["group"].value_counts().to_dict() == {"studied": 50, "control": 50}
    wrong = [(x["code"].to_numpy() != posts["right"].to_numpy()).sum() for x in (a, b)]
    assert wrong == [5, 5]
    assert (a["code"] != b["code"]).sum() == 10
    again = tmp_path / "again"
    again.mkdir()
    room.write_coders(world, again, posts=100, differ=10)
    assert (again / names[0]).read_bytes() == (tmp_path / names[0]).read_bytes()


def test_every_template_has_a_topic() -> None:
    world = simulate(tiny())
    said = room.meant(world["posts"])
    assert said[world["posts"]["template"].ne("")].isin(room.coding.TOPICS).all()
    named = [
        scripts.code(language, number) for language, count in Campaign().templates for number in range(count)
    ]
    assert {code: named.count(code) for code in scripts.SHARES} == dict.fromkeys(scripts.SHARES, 25)


def test_each_narrative_has_the_share_that_was_planted() -> None:
    world = simulate(tiny(3, studied_posts=2000))
    posts = world["posts"][world["posts"]["template"].ne("")]
    found = room.meant(posts).value_counts(normalize=True)
    for code, share in scripts.SHARES.items():
        assert found[code] == pytest.approx(share / sum(scripts.SHARES.values()), abs=0.03)


def test_two_texts_share_at_most_one_part_and_every_slot_can_change() -> None:
    for language in scripts.PARTS:
        parts = [set(scripts._parts(language, n)) for n in range(scripts.MOST)]
        assert max(len(a & b) for i, a in enumerate(parts) for b in parts[:i]) == 1
        for number in range(scripts.MOST):
            text = scripts.template(language, number)
            assert "{" not in text
            exchanges = scripts.exchanges(language, number)
            assert len(exchanges) == 3
            for old, new in exchanges:
                assert text.count(old) == 1
                assert old != new


def test_a_code_of_the_samples_codebook_finds_its_texts_and_no_others() -> None:
    codes = read_codebook(REPORT / "codebook.yml", ["en", "fr"])
    for language in scripts.PARTS:
        for number in range(scripts.MOST):
            text = scripts.template(language, number).casefold()
            found = {
                code["id"]
                for code in codes
                if any(term.casefold() in text for terms in code["terms"].values() for term in terms)
            }
            assert found == {scripts.code(language, number)}, text


def test_ordinary_people_touch_the_port_and_the_reservoir_as_often_as_planted() -> None:
    posts = simulate(Campaign())["posts"]
    for group in ("context", "control"):
        mine = posts[posts["group"].eq(group) & posts["kind"].eq("reply")]
        share = room.meant(mine).isin(room.coding.TOPICS).mean()
        assert 0.02 < share < 0.04
    posts = simulate(tiny(share_grumble=0.0))["posts"]
    assert not room.meant(posts[posts["group"].ne("studied")]).isin(room.coding.TOPICS).any()


# ------------------------------------------------------------------ other formats, and the rules of the house


def test_archive_layout(tmp_path: Path) -> None:
    world = simulate(tiny())
    tweets, users = room.write_io_archive(world, tmp_path)
    rows = table(tweets)
    assert len(rows.columns) == 30
    assert len(table(users).columns) == 10
    assert rows["userid"].str.len().isin([44]).mean() > 0.9
    millis = (rows["tweetid"].astype("int64") // 2**22) + 1_288_834_974_657
    assert (pd.to_datetime(millis, unit="ms").dt.strftime("%Y-%m-%d %H:%M") == rows["tweet_time"]).all()
    assert set(rows["userid"]) <= set(table(users)["userid"])


def test_flattened_lines(tmp_path: Path) -> None:
    path = room.write_v2_jsonl(simulate(tiny()), tmp_path, posts=50)
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(items) == 50
    for item in items:
        assert item["author"]["id"] == item["author_id"]
        for mention in item.get("entities", {}).get("mentions", ()):
            assert item["text"][mention["start"] : mention["end"]] == "@" + mention["username"]
