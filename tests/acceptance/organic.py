"""Real people of whom nobody suspects anything: sets under $DAYLIGHT_DATA, read where they lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
Frames = tuple[pd.DataFrame, pd.DataFrame | None]


def data() -> Path:
    """Where the sets lie."""
    return Path(os.environ.get("DAYLIGHT_DATA") or ROOT.parent / "shared") / "data"


def members() -> Frames:
    """Posts of members of parliament on Bluesky, one month."""
    raw = pd.read_csv(data() / "bluesky-canadian-mps" / "all_mp_posts.csv", dtype=str, keep_default_na=False)
    raw = raw.drop_duplicates("uri")
    names = {
        "uri": "id",
        "author_handle": "user",
        "text": "text",
        "indexed_at": "time",
        "in_reply_to": "re_post",
    }
    posts = raw[list(names)].rename(columns=names)
    posts["re_post"] = posts["re_post"].replace("NA", "")
    return posts.assign(rt=raw["is_reskeet"].str.lower(), like=raw["like_count"]), None


def known_people() -> Frames:
    """Posts of 35 verified accounts of X; the other half of the set, of a state's accounts, is left out."""
    raw = pd.read_csv(
        data() / "labelled-russia-vs-real" / "russian_unseen.csv", dtype=str, keep_default_na=False
    )
    raw = raw[raw["bot_or_not"] == "0"].drop_duplicates("tweetid")
    when = pd.to_datetime(raw["tweet_time"], utc=True).dt.strftime("%Y-%m-%dT%H:%M:%S")
    posts = pd.DataFrame({"id": raw["tweetid"], "user": raw["user_screen_name"], "time": when})
    posts["text"] = raw["tweet_text"]
    who = raw.drop_duplicates("user_screen_name")
    made = pd.to_datetime(who["account_creation_date"], format="%a %b %d %H:%M:%S %z %Y").dt.strftime(
        "%Y-%m-%d"
    )
    accounts = pd.DataFrame(
        {"id": who["user_screen_name"], "made": made, "bio": who["user_profile_description"]}
    )
    return posts, accounts.assign(place=who["user_reported_location"], followers=who["follower_count"])


def viewers() -> Frames:
    """Comments under five films that people marked as no spam."""
    parts = []
    for path in sorted((data() / "youtube-spam-labelled").glob("Youtube*.csv")):
        raw = pd.read_csv(path, dtype=str, keep_default_na=False)
        parts.append(raw[raw["CLASS"] == "0"].assign(re_post=path.stem, re_user=f"channel {path.stem}"))
    raw = pd.concat(parts).drop_duplicates("COMMENT_ID")
    names = {"COMMENT_ID": "id", "AUTHOR": "user", "DATE": "time", "CONTENT": "text"}
    return raw[[*names, "re_post", "re_user"]].rename(columns=names), None


SETS: dict[str, Callable[[], Frames]] = {
    "members": members,
    "known people": known_people,
    "viewers": viewers,
}
