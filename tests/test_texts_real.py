"""Near-duplicates in a real network: published numbers are met, and the trap of cut times is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from worlds import desk

import kit
from kit.metrics import texts

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parent.parent
NAME = "royal-thai-army"
SET = Path("data") / "tio-thailand-2020-09" / "thailand_092020_tweets_csv_hashed.csv"


@pytest.fixture(scope="module")
def case(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> kit.Case:
    home = tmp_path_factory.mktemp("thai")
    folder = home / "reports" / NAME
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "reports" / NAME / "report.yml", folder)
    with pytest.MonkeyPatch.context() as patch, desk(home):
        patch.setenv("DAYLIGHT_DATA", str(real_data))
        return kit.open(NAME)


def test_texts_that_are_equal(case: kit.Case, real_data: Path) -> None:
    facts = texts.text_facts(case).set_index("id")["value"]
    raw = pd.read_csv(real_data / SET, dtype=str, keep_default_na=False)
    same = raw["tweet_text"].duplicated(keep=False)
    own = raw.loc[raw["is_retweet"].str.lower() != "true", "tweet_text"]
    assert facts["posts_with_text"] == len(raw) == 21385
    assert facts["posts_same_text"] == same.sum() == 8295
    assert facts["posts_same_text_beyond_first"] == raw["tweet_text"].duplicated().sum() == 6465
    assert facts["posts_same_text_original"] == own.duplicated(keep=False).sum() == 935


def test_accounts_that_say_the_same_soon_after_another(case: kit.Case) -> None:
    table = texts.same_text_windows(case).set_index("window_s")
    assert set(table["n"]) == {455}
    shares = (table["estimate"] * 100).round(1).to_dict()
    assert shares == {60: 30.8, 600: 56.9, 3600: 64.2, 28800: 68.8}


def test_a_minute_taken_for_a_second_joins_more(real_data: Path, tmp_path: Path) -> None:
    """The trap: the archive's column gives minutes; read as exact times, 36.5 % seem to meet within 60 s."""
    folder = tmp_path / "reports" / "cut"
    folder.mkdir(parents=True)
    raw = pd.read_csv(real_data / SET, dtype=str, keep_default_na=False)
    raw["tweet_time"] = raw["tweet_time"].str[:16] + ":00"
    raw["id"] = [f"p{i}" for i in range(len(raw))]  # no identifier from which a second could be had
    raw[["id", "userid", "tweet_time", "tweet_text", "retweet_tweetid"]].to_csv(
        folder / "posts.csv", index=False
    )
    columns = {"post_id": "id", "account_id": "userid", "created_at": "tweet_time", "text": "tweet_text"}
    columns["reposted_id"] = "retweet_tweetid"
    export = {
        "path": "posts.csv",
        "platform": "web",
        "table": "posts",
        "group": "studied",
        "columns": columns,
    }
    export["time"] = {"format": "iso", "zone": "UTC"}
    content = {"title": "cut", "exports": [export], "notebooks": ["04_texts"]}
    (folder / "report.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with desk(tmp_path):
        table = texts.same_text_within(kit.open("cut"), window_s=60)
    assert round(table["estimate"].iloc[0] * 100, 1) == 36.5


def test_near_duplicates_are_told_from_what_is_ready_made(case: kit.Case) -> None:
    kinds = texts.near_duplicate_kinds(case).set_index("text_kind")
    assert set(kinds.index) <= set("plain petition share_button headline".split())
    assert kinds.loc["headline", "clusters"] > 20
    sizes = texts.near_duplicate_sizes(case)
    assert sizes["clusters"].sum() >= kinds.loc["plain", "clusters"]
    assert texts.near_duplicate_posts(case)["estimate"].iloc[0] > 0.1


# --- sets with labels by people: spam against comments, a state's posts against well-known accounts


def labelled(
    home: Path, name: str, rows: pd.DataFrame, studied: pd.Series, columns: dict[str, str], platform: str
) -> kit.Case:
    """A case of a table whose rows somebody labelled: one class studied, the other control."""
    folder = home / "reports" / name
    folder.mkdir(parents=True)
    exports = []
    for group, part in (("studied", rows[studied]), ("control", rows[~studied])):
        part.to_csv(folder / f"{group}.csv", index=False)
        export = {"path": f"{group}.csv", "platform": platform, "table": "posts", "group": group}
        exports.append(export | {"columns": dict(columns), "time": {"format": "iso", "zone": "UTC"}})
    content = {"title": name, "exports": exports, "notebooks": ["04_texts"]}
    (folder / "report.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return kit.open(name)


def test_youtube_spam_repeats_what_a_button_writes(real_data: Path, tmp_path: Path) -> None:
    """Most repeated spam is the text of a share button: told apart, and little is left (docs/texts.md)."""
    files = sorted((real_data / "data" / "youtube-spam-labelled").glob("*.csv"))
    rows = pd.concat([pd.read_csv(f, dtype=str, keep_default_na=False) for f in files], ignore_index=True)
    rows = rows.drop_duplicates("COMMENT_ID")
    rows["AUTHOR"] += " " + rows["CLASS"]  # one author wrote both kinds, and an account has one group
    columns = {"post_id": "COMMENT_ID", "account_id": "AUTHOR", "created_at": "DATE", "text": "CONTENT"}
    with desk(tmp_path):
        case = labelled(tmp_path, "spam", rows, rows["CLASS"] == "1", columns, "youtube")
        kinds = texts.near_duplicate_kinds(case).set_index(["group", "text_kind"])["near_duplicate_posts"]
        plain = texts.near_duplicate_posts(case).set_index("group")
        every = texts.near_duplicate_posts(case, ready_made=True).set_index("group")
    assert kinds["studied", "share_button"] > 2 * kinds["studied", "plain"]
    assert ("control", "share_button") not in kinds
    assert every.low["studied"] > every.high["control"]
    assert plain.low["studied"] < plain.high["control"], "without the button's text nothing stands out"


def test_a_sample_of_posts_of_one_state_shows_little(real_data: Path, tmp_path: Path) -> None:
    """A thousand posts drawn from many repeat one another rarely: a sample hides near-duplicates (docs/texts.md)."""
    [file] = (real_data / "data" / "labelled-russia-vs-real").glob("*.csv")
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    columns = {"post_id": "tweetid", "account_id": "user_screen_name", "created_at": "tweet_time"}
    with desk(tmp_path):
        rows["tweetid"] = [f"{i}" for i in range(len(rows))]
        case = labelled(
            tmp_path, "state", rows, rows["bot_or_not"] == "1", columns | {"text": "tweet_text"}, "web"
        )
        share = texts.near_duplicate_posts(case).set_index("group")
        texts.same_text_within(case, window_s=3600).set_index("group")
    assert share["estimate"].max() < 0.2
