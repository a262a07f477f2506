"""The X part of a synthetic world in the layouts of two public tools, for tests of loaders and metrics."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path

import pandas as pd

from simulation.exports import _write

ARCHIVE = (
    "tweetid userid user_display_name user_screen_name user_reported_location user_profile_description user_profile_url "
    "follower_count following_count account_creation_date account_language tweet_language tweet_text tweet_time "
    "tweet_client_name in_reply_to_userid in_reply_to_tweetid quoted_tweet_tweetid is_retweet retweet_userid "
    "retweet_tweetid latitude longitude quote_count reply_count like_count retweet_count hashtags urls user_mentions"
).split()
CLIENTS = ("Twitter Web App", "Twitter for Android")  # one of them for each account


def _hashed(account_id: str) -> str:
    """An identifier hashed as the archive hashes small accounts: 44 characters ending in '='."""
    return base64.b64encode(hashlib.sha256(f"synthetic {account_id}".encode()).digest()).decode()


def _place(text: str, part: str) -> dict[str, int]:
    """Where `part` stands in `text`, in code points."""
    start = text.index(part)
    return {"start": start, "end": start + len(part)}


def write_io_archive(world: dict[str, pd.DataFrame], folder: str | Path) -> list[Path]:
    """The studied accounts' X posts and profiles in the CSV layout of X's archive of information operations.

    Identifiers, handles and names of accounts with fewer than 5,000 followers are hashed,
    times are cut to the minute, dates of creation to the day, as in the archive. Returns the
    files of posts and of accounts.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    everybody = world["accounts"][world["accounts"]["platform"].eq("x")]
    crew = everybody[everybody["group"].eq("studied")].set_index("account_id")
    public = {i: _hashed(i) if n < 5000 else i for i, n in crew["followers"].items()}
    profiles = {}
    for account_id, row in crew.iterrows():
        mask = public[account_id] != account_id
        profiles[account_id] = [
            public[account_id],
            public[account_id] if mask else row["display_name"],
            public[account_id] if mask else row["handle"],
            row["location"],
            row["bio"],
            row["profile_url"],
            str(row["followers"]),
            str(row["following"]),
            row["created_at"].strftime("%Y-%m-%d"),
            {"zh": "zh-cn"}.get(row["language"], row["language"]),
        ]
    posts = world["posts"]
    posts = posts[posts["platform"].eq("x") & posts["group"].eq("studied")]
    lines = [ARCHIVE]
    for row in posts.itertuples(index=False):
        answered = row.target_account_id
        lines.append(
            [
                row.post_id,
                *profiles[row.account_id],
                row.language,
                row.text,
                row.created_at.strftime("%Y-%m-%d %H:%M"),
                CLIENTS[zlib.crc32(row.account_id.encode()) % 10 // 8],
                answered,
                row.reply_to_id,
                "",
                "false",
                "",
                "",
                "absent",
                "absent",
                str(row.quotes),
                str(row.replies),
                str(row.likes),
                str(row.reposts),
                f"[{row.hashtags}]",
                f"[{row.urls}]",
                f"[{answered}]",
            ]
        )
    files = [
        folder / "synthetic_082023_tweets_csv_hashed.csv",
        folder / "synthetic_082023_users_csv_hashed.csv",
    ]
    _write(files[0], lines)
    _write(files[1], [ARCHIVE[1:11], *profiles.values()])
    return files


def write_v2_jsonl(world: dict[str, pd.DataFrame], folder: str | Path, *, posts: int = 400) -> Path:
    """The last `posts` X posts of the period, one flattened object on each line, as twarc writes them."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    everybody = world["accounts"].set_index("account_id")
    table = world["posts"]
    table = table[table["platform"].eq("x") & table["in_period"]].tail(posts)
    lines = []
    for row in table.itertuples(index=False):
        who = everybody.loc[row.account_id]
        item: dict = {
            "id": row.post_id,
            "text": row.text,
            "lang": row.language,
            "created_at": row.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "author_id": row.account_id,
            "conversation_id": row.root_id,
            "public_metrics": {
                "retweet_count": int(row.reposts),
                "reply_count": int(row.replies),
                "like_count": int(row.likes),
                "quote_count": int(row.quotes),
                "impression_count": int(row.views),
            },
            "author": {
                "id": row.account_id,
                "username": who["handle"],
                "name": who["display_name"],
                "created_at": who["created_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                "description": who["bio"],
                "location": who["location"],
                "url": who["profile_url"],
                "verified": bool(who["verified"]),
                "public_metrics": {
                    "followers_count": int(who["followers"]),
                    "following_count": int(who["following"]),
                    "tweet_count": int(who["posts_stated"]),
                },
            },
        }
        entities: dict = {}
        if row.hashtags:
            entities["hashtags"] = [_place(row.text, f"#{row.hashtags}") | {"tag": row.hashtags}]
        if row.urls:
            entities["urls"] = [_place(row.text, row.urls) | {"url": row.urls, "expanded_url": row.urls}]
        if row.reply_to_id:
            answered = everybody.loc[row.target_account_id]
            item["in_reply_to_user_id"] = row.target_account_id
            item["in_reply_to_user"] = {"id": row.target_account_id, "username": answered["handle"]}
            item["referenced_tweets"] = [{"type": "replied_to", "id": row.reply_to_id}]
            mention = {"username": answered["handle"], "id": row.target_account_id}
            entities["mentions"] = [_place(row.text, f"@{answered['handle']}") | mention]
        if entities:
            item["entities"] = entities
        lines.append(json.dumps(item, ensure_ascii=False))
    path = folder / "x_v2_flattened.jsonl"
    path.write_bytes(("\n".join(lines) + "\n").encode())
    return path
