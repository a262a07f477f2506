"""Small reports for tests: exports written by hand with a column map, and worlds from `simulation`.

`desk(folder)` makes `folder` the home of reports, cases and keys for a while; `report(...)` writes one
report there. Every account, name and text is invented.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from shared import once

from kit.schema import TABLES
from simulation import Campaign, simulate, tiny, write_exports, write_report

SAMPLE = Path(__file__).resolve().parent.parent / "reports" / "sample"
POSTS = {
    "post_id": "id",
    "account_id": "user",
    "created_at": "time",
    "text": "text",
    "language": "lang",
    "reply_to_id": "re_post",
    "target_account_id": "re_user",
    "reposted_id": "rt_post",
    "likes": "like",
    "replies": "reply",
    "reposts": "share",
    "quotes": "quote",
    "quoted_id": "qt_post",
    "root_id": "thread",
    "reposted_account_id": "rt_user",
    "hashtags": "tags",
    "urls": "links",
    "mentions": "names",
    "media": "files",
    "captured_at": "captured",
}
ACCOUNTS = {
    "account_id": "id",
    "handle": "handle",
    "display_name": "name",
    "bio": "bio",
    "location": "place",
    "profile_url": "url",
    "created_at": "made",
    "followers": "followers",
    "following": "following",
    "status": "state",
    "captured_at": "captured",
}
LISTS = {"hashtags": " ", "urls": " ", "mentions": "json", "media": " "}


@contextmanager
def desk(folder: Path) -> Iterator[Path]:
    """`folder` as home of reports, cases and keys."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYLIGHT_HOME", str(folder))
        patch.setenv("DAYLIGHT_KEYS", str(folder / "keys"))
        for name in ("DAYLIGHT_EDITION", "DAYLIGHT_LANGUAGE", "DAYLIGHT_OUT"):
            patch.delenv(name, raising=False)
        yield folder


def post(id: object, user: str, time: str = "", text: str = "a", **more: object) -> dict[str, str]:
    """One row of a posts file; `more` are columns of the file."""
    row = dict.fromkeys(POSTS.values(), "") | {"id": str(id), "user": user, "time": time, "text": text}
    return row | {k: str(v) for k, v in more.items()}


def account(id: str, made: str = "", **more: object) -> dict[str, str]:
    """One row of an accounts file."""
    row = dict.fromkeys(ACCOUNTS.values(), "") | {"id": id, "made": made}
    return row | {k: str(v) for k, v in more.items()}


def write_csv(path: Path, rows: list[dict[str, str]], columns: list[str] | None = None) -> None:
    names = columns or list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def export(table: str, name: str, group: str | None = "studied", **more: Any) -> dict[str, Any]:
    """The entry of `exports:` for a file written by `report`."""
    entry: dict[str, Any] = {"path": name, "platform": "x", "table": table}
    if group:
        entry["group"] = group
    entry["columns"] = dict(POSTS if table == "posts" else ACCOUNTS)
    entry["time"] = {"format": "iso", "zone": "UTC"}
    return entry | ({"lists": dict(LISTS)} if table == "posts" else {}) | more


def report(
    home: Path,
    name: str,
    *,
    posts: dict[str, list[dict[str, str]]] | None = None,
    accounts: dict[str, list[dict[str, str]]] | None = None,
    lists: dict[str, str] | None = None,
    **keys: Any,
) -> Path:
    """Write `reports/NAME` with its exports beside report.yml; returns the folder.

    `posts` and `accounts` give rows by group ("none" for an export without a group; "control@facebook" for
    one of another platform), `lists` the text of labels, roster and events, `keys` further keys of report.yml.
    """
    folder = home / "reports" / name
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for table, files in (("posts", posts or {}), ("accounts", accounts or {})):
        for words, rows in files.items():
            group, _at, platform = words.partition("@")
            file = f"{table}_{words}.csv"
            columns = POSTS if table == "posts" else ACCOUNTS
            write_csv(folder / file, rows, list(columns.values()))
            given = None if group == "none" else group
            entries.append(export(table, file, given, platform=platform or "x"))
    content = {"title": name, "exports": entries, "notebooks": ["00_intake"]}
    for key, text in (lists or {}).items():
        (folder / f"{key}.csv").write_text(text, encoding="utf-8")
        content[key] = f"{key}.csv"
    text = yaml.safe_dump(content | keys, sort_keys=False, allow_unicode=True)
    (folder / "report.yml").write_text(text, encoding="utf-8")
    if keys.get("synthetic"):
        same_names(folder)
    return folder


def same_names(folder: Path) -> None:
    """Give a synthetic report the same pseudonyms wherever it is built."""
    (folder / "pseudonyms.key").write_text(f"{folder.name} {'5a' * 32}\n", encoding="ascii")


def estimated(folder: Path, comments: list[tuple[str, str, float]], **more: str) -> dict[str, str]:
    """Comments (author, text, seconds since 1970) whose times YouTube shows as words; returns their export."""
    path = folder / "aaaaaaaaaaa.json"
    rows = [
        {
            "cid": f"{n:026d}",
            "text": text,
            "time": "2 days ago",
            "author": f"@{who}",
            "channel": f"UC{who:0>22}",
        }
        | {"votes": "0", "replies": "", "heart": False, "reply": False, "time_parsed": at}
        for n, (who, text, at) in enumerate(comments)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return {"path": path.name, "format": "youtube_comment_downloader", "group": "studied"} | more


def simulated(home: Path, name: str, campaign: Campaign, **report_keys: Any) -> dict[str, Any]:
    """Write the exports and the report of a synthetic campaign; returns its world."""
    world = simulate(campaign)
    entries = write_exports(world, home / f"{name}-exports", compress=False)
    path = write_report(world, home / "reports" / name, home / f"{name}-exports", entries)
    content = yaml.safe_load(path.read_text(encoding="utf-8")) | {"languages": ["en"]} | report_keys
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    same_names(path.parent)
    return world


def tiny_world(factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Home and world of a small campaign with every platform, language and flaw: written once for all tests.

    Its cases and derived tables are shared too: whoever asks first builds them, in any process of the session.
    Times of accounts are whole seconds, as the exports have them; what a platform does not export is missing.
    """
    return once(factory, "tiny-world", _write_tiny_world)


def _write_tiny_world(home: Path) -> dict[str, Any]:
    campaign = tiny(studied_accounts=120, studied_posts=500, bursts=((dt.date(2023, 7, 12), 25),))
    with desk(home):
        world = simulated(home, "tiny", campaign, languages=["en", "fr"], codebook="codebook.yml")
        shutil.copy(SAMPLE / "codebook.yml", home / "reports" / "tiny")
    accounts = world["accounts"]
    accounts["created_at"] = accounts["created_at"].dt.floor("s")
    for platform, columns in UNSTATED.items():
        here = accounts["platform"] == platform
        for column in columns:
            accounts[column] = accounts[column].astype(object).where(~here, None)
    accounts["created_at"] = pd.to_datetime(accounts["created_at"])
    return world


#: what the exports of a platform do not hold (see `simulation.exports`)
UNSTATED = {
    "facebook": ["created_at", "following", "profile_url", "verified", "status"],
    "youtube": ["following", "location", "profile_url", "verified", "status", "handle"],
}

#: columns that say where a row stood, not what it holds
PLACES = {"record", "line", "source_record", "source_line"}


def content_of(case: Any) -> dict[str, list[str]]:
    """Every row of every table without where it stood, each table in an order of its own."""
    found = {}
    for table in TABLES:
        rows = case.sql(f"SELECT * FROM {'all_posts' if table == 'posts' else table}")
        kept = rows[[c for c in rows.columns if c not in PLACES]]
        found[table] = sorted(map(repr, kept.itertuples(index=False, name=None)))
    return found
