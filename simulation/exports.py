"""Writes a synthetic world as exports with each platform's own column names, and as a report folder."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import yaml

from simulation.clocks import ZONES
from simulation.draws import Draws
from simulation.world import truth

CAPTURED = "2023-09-20T12:00:00Z"
NOTICE = "named in the platform's notice of 2023-10-20 (synthetic)"

#: our column -> (the file's column, the table's column); the report's column maps are made from these
POSTS = {
    "x": {
        "post_id": ("tweet_id", "post_id"),
        "account_id": ("user_id", "account_id"),
        "created_at": ("posted_at", "created_at"),
        "text": ("full_text", "text"),
        "language": ("lang", "language"),
        "reply_to_id": ("in_reply_to_tweet", "reply_to_id"),
        "target_account_id": ("in_reply_to_user", "target_account_id"),
        "root_id": ("conversation", "root_id"),
        "likes": ("like_count", "likes"),
        "replies": ("reply_count", "replies"),
        "reposts": ("repost_count", "reposts"),
        "quotes": ("quote_count", "quotes"),
        "views": ("view_count", "views"),
        "hashtags": ("tags", "hashtags"),
        "urls": ("links", "urls"),
        "media": ("media_urls", "media"),
    },
    "facebook": {
        "post_id": ("Comment ID", "post_id"),
        "account_id": ("Profile ID", "account_id"),
        "created_at": ("Created", "created_at"),
        "text": ("Message", "text"),
        "language": ("Language", "language"),
        "reply_to_id": ("Answers", "reply_to_id"),
        "target_account_id": ("Answered profile", "target_account_id"),
        "root_id": ("Post ID", "root_id"),
        "likes": ("Reactions", "likes"),
        "replies": ("Comments", "replies"),
        "reposts": ("Shares", "reposts"),
        "urls": ("Link", "urls"),
        "media": ("Attachment", "media"),
    },
    "youtube": {
        "post_id": ("commentId", "post_id"),
        "account_id": ("authorChannelId", "account_id"),
        "created_at": ("publishedAt", "created_at"),
        "text": ("textOriginal", "text"),
        "reply_to_id": ("answersId", "reply_to_id"),
        "target_account_id": ("answersChannelId", "target_account_id"),
        "root_id": ("videoId", "root_id"),
        "likes": ("likeCount", "likes"),
        "replies": ("totalReplyCount", "replies"),
    },
}
#: YouTube does not state a language; Facebook does not state when a profile was made
ACCOUNTS = {
    "x": {
        "account_id": ("id", "account_id"),
        "handle": ("username", "handle"),
        "display_name": ("name", "display_name"),
        "bio": ("description", "bio"),
        "location": ("location", "location"),
        "profile_url": ("url", "profile_url"),
        "created_at": ("created", "created_at"),
        "followers": ("followers_count", "followers"),
        "following": ("following_count", "following"),
        "posts_stated": ("tweet_count", "posts_stated"),
        "verified": ("verified", "verified"),
        "status": ("state", "status"),
        "captured_at": ("captured", "captured_at"),
    },
    "facebook": {
        "account_id": ("Profile ID", "account_id"),
        "handle": ("Vanity name", "handle"),
        "display_name": ("Profile name", "display_name"),
        "bio": ("Intro", "bio"),
        "location": ("Current city", "location"),
        "followers": ("Followers", "followers"),
        "captured_at": ("Captured", "captured_at"),
    },
    "youtube": {
        "account_id": ("channelId", "account_id"),
        "display_name": ("channelTitle", "display_name"),
        "bio": ("channelDescription", "bio"),
        "created_at": ("channelPublishedAt", "created_at"),
        "followers": ("subscriberCount", "followers"),
        "captured_at": ("retrievedAt", "captured_at"),
    },
}
LISTS = {"hashtags": " ", "urls": " ", "media": " "}
WORDS = {"x": ("x_replies", "x_accounts"), "facebook": ("facebook_comments", "facebook_profiles")}
WORDS["youtube"] = ("youtube_comments", "youtube_channels")


def write_exports(world: dict[str, pd.DataFrame], folder: str | Path, *, compress: bool = True) -> list[dict]:
    """Write the world's exports and its truth into `folder`; return the report's `exports` entries.

    Three files of posts for each platform: the posts of the members, everything
    answering the members that the network answers (studied accounts and others,
    told apart by the labels), and what the control group posted; two files of
    accounts: control, and all others. On X also the network's other posts, with what
    former owners wrote. `truth.json` and `truth_accounts.csv` hold what was planted; no
    report names them.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ending = ".csv.gz" if compress else ".csv"
    facts = truth(world)
    clock = ZoneInfo(facts["campaign"]["clock"])  # type: ignore[index]
    posts = world["posts"]
    members = set(world["roster"]["account_id"])
    by_member = posts["account_id"].isin(members)
    entries = []
    for platform in (p for p in POSTS if (posts["platform"] == p).any()):
        here = posts["platform"].eq(platform)
        answers, profiles = WORDS[platform]
        lonely = here & posts["group"].eq("studied") & posts["kind"].eq("post")
        files = [
            (answers, "context", here & ~by_member & ~posts["group"].eq("control") & ~lonely),
            (f"{platform}_timelines", None, lonely),
            (f"{platform}_control", "control", here & posts["group"].eq("control")),
            (f"{platform}_members", "context", here & by_member),
        ]
        for name, group, rows in files:
            if rows.any():
                lines = list(_rows(posts[rows], POSTS[platform], platform, clock))
                if name == "x_replies":
                    lines = _flawed(lines, facts)
                _write(folder / (name + ending), lines)
                entries.append(_entry(name + ending, platform, "posts", group))
        accounts = world["accounts"][world["accounts"]["platform"].eq(platform)].assign(captured_at=CAPTURED)
        control = accounts["group"].eq("control")
        for name, group, rows in (
            (profiles, "context", ~control),
            (f"{profiles}_control", "control", control),
        ):
            if rows.any():
                _write(folder / (name + ending), _rows(accounts[rows], ACCOUNTS[platform], platform, clock))
                entries.append(_entry(name + ending, platform, "accounts", group))
    _truth(world, folder, facts, ending)
    return entries


def _entry(name: str, platform: str, table: str, group: str | None) -> dict:
    mapping = (POSTS if table == "posts" else ACCOUNTS)[platform]
    entry: dict = {"path": name, "shown_as": name, "platform": platform, "table": table}
    if group:
        entry["group"] = group
    entry["columns"] = {ours: theirs for ours, (theirs, _column) in mapping.items()}
    if "created_at" in mapping:
        entry["time"] = {"format": "iso", "zone": "UTC"}
    lists = {column: separator for column, separator in LISTS.items() if column in mapping}
    return entry | ({"lists": lists} if lists and table == "posts" else {})


def _moment(platform: str, clock: ZoneInfo) -> Callable[[pd.Timestamp], str]:
    """How a platform writes a time: with an offset on Facebook, in UTC on X and YouTube, all to the second."""
    if platform == "facebook":
        return lambda t: t.tz_localize("UTC").tz_convert(clock).isoformat(timespec="seconds")
    if platform == "x":
        return lambda t: t.strftime("%Y-%m-%d %H:%M:%S+00:00")
    return lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")


def _rows(table: pd.DataFrame, mapping: dict, platform: str, clock: ZoneInfo) -> Iterable[list[str]]:
    """Header and rows of a table under a platform's column names, every value as text."""
    yield [theirs for theirs, _column in mapping.values()]
    moment = _moment(platform, clock)
    columns = []
    for _theirs, column in mapping.values():
        values = table[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            columns.append([moment(t) for t in values])
        elif values.dtype == bool:
            columns.append(["true" if v else "false" for v in values])
        else:
            columns.append([str(v) for v in values])
    yield from map(list, zip(*columns, strict=True))


def _flawed(lines: list[list[str]], facts: dict) -> list[list[str]]:
    """Records seen twice, and records a spreadsheet or a broken download has damaged."""
    flaws = facts["flaws"]
    draws = Draws(facts["campaign"]["seed"], "flaws")
    header, body = lines[0], lines[1:]
    chosen = draws.order(len(body))[: flaws["duplicate_records"] + flaws["broken_records"]].tolist()
    twice, broken = chosen[: flaws["duplicate_records"]], chosen[flaws["duplicate_records"] :]
    extra = [list(body[i]) for i in twice]
    for k, i in enumerate(broken):
        line = list(body[i])
        if k % 3 == 2:
            line = line[:4]  # the download stopped inside the record
        else:
            line[0] = f"{float(line[0]):.5E}"  # a spreadsheet has rounded the identifier
        extra.append(line)
    return [header, *body, *extra]


def _write(path: Path, rows: Iterable[list[str]]) -> None:
    """A CSV, compressed without name and time so that the same rows give the same bytes."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    data = text.getvalue().encode()
    if path.name.endswith(".gz"):
        packed = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=0) as file:
            file.write(data)
        data = packed.getvalue()
    path.write_bytes(data)


def _truth(world: dict[str, pd.DataFrame], folder: Path, facts: dict, ending: str) -> None:
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / "truth.json").write_bytes(text.encode())
    ours = world["accounts"][world["accounts"]["group"].eq("studied")]
    columns = ["platform", "account_id", "origin", "burst", "silent"]
    _write(folder / f"truth_accounts{ending}", [columns, *ours[columns].astype(str).to_numpy().tolist()])


def write_report(
    world: dict[str, pd.DataFrame],
    folder: str | Path,
    exports: str | Path,
    entries: list[dict],
    *,
    notebooks: tuple[str, ...] = ("00_intake", "01_account_age"),
    title: str = "Synthetic campaign",
) -> Path:
    """Write a whole report folder for exports written by `write_exports`; return its report.yml.

    `exports` is where the exports lie, absolute or as seen from the report folder.
    """
    folder = Path(folder)
    write_lists(world, folder)
    campaign: dict = truth(world)["campaign"]  # type: ignore[assignment]
    content = {
        "title": title,
        "summary": "A synthetic campaign. Every account, name, text and link in it is invented.",
        "authors": ["Daylight contributors"],
        "contact": "",
        "synthetic": True,
        "clock": campaign["clock"],
        "period": {"start": campaign["start"], "end": campaign["end"]},
        "languages": ["en", "fr"],
        "audience_zones": [zone for zone in ZONES if zone != "America/Regina"],
        "inclusion": {"rule": f"Studied: every account {NOTICE}.", "selected_on": []},
        "exports": [entry | {"path": f"{exports}/{entry['path']}"} for entry in entries],
        "labels": "labels.csv",
        "roster": "roster.csv",
        "events": "events.csv",
        "published": [],
        "notebooks": list(notebooks),
        "retention": "Synthetic data, no limit.",
    }
    path = folder / "report.yml"
    path.write_bytes(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100).encode())
    return path


def write_lists(world: dict[str, pd.DataFrame], folder: str | Path) -> None:
    """labels.csv, roster.csv and events.csv of a report."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ours = world["accounts"][world["accounts"]["group"].eq("studied")]
    labels = [["account", "platform", "group", "reason", "coder", "date"]]
    labels += [
        [i, p, "studied", NOTICE, "AB", "2023-10-23"]
        for i, p in zip(ours["account_id"], ours["platform"], strict=True)
    ]
    _write(folder / "labels.csv", labels)
    roster = world["roster"].drop(columns="targeted")
    # a few entries give only the handle, as rosters copied from a web page do
    known = np.where(
        (np.arange(len(roster)) % 12 == 5) & roster["platform"].eq("x"), "", roster["account_id"]
    )
    roster = roster.assign(account_id=known)
    _write(folder / "roster.csv", [list(roster.columns), *roster.astype(str).to_numpy().tolist()])
    _write(folder / "events.csv", [list(world["events"].columns), *world["events"].to_numpy().tolist()])
