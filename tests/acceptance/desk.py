"""From a world to its case: exports and a report on disk, opened as any report is."""

from __future__ import annotations

import contextlib
import csv
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import kit

from .trees import World, frames

COLUMNS = {
    "posts": {
        "post_id": "id",
        "account_id": "user",
        "created_at": "time",
        "text": "text",
        "language": "lang",
        "reply_to_id": "re_post",
        "target_account_id": "re_user",
        "reposted_id": "rt_post",
        "reposted_account_id": "rt_user",
        "urls": "links",
        "media": "files",
        "is_repost": "rt",
        "likes": "like",
    },
    "accounts": {
        "account_id": "id",
        "created_at": "made",
        "bio": "bio",
        "location": "place",
        "profile_url": "url",
        "followers": "followers",
        "following": "following",
    },
}


@contextlib.contextmanager
def home(folder: Path) -> Iterator[Path]:
    """`folder` as the place of reports, cases and keys."""
    new = {"DAYLIGHT_HOME": str(folder), "DAYLIGHT_KEYS": str(folder / "keys")}
    old = {name: os.environ.get(name) for name in (*new, "DAYLIGHT_OUT", "DAYLIGHT_LANGUAGE")}
    os.environ.update(new)
    os.environ.pop("DAYLIGHT_OUT", None)
    os.environ.pop("DAYLIGHT_LANGUAGE", None)
    try:
        yield folder
    finally:
        for name, value in old.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


def write(folder: Path, name: str, posts: pd.DataFrame, accounts: pd.DataFrame | None, **keys: Any) -> None:
    """The report `name` with its exports; `label` says who is in which group."""
    place = folder / "reports" / name
    place.mkdir(parents=True, exist_ok=True)
    entries = []
    for table, frame in (("posts", posts), ("accounts", accounts)):
        if frame is None:
            continue
        frame.to_csv(place / f"{table}.csv", index=False, encoding="utf-8")
        known = {own: theirs for own, theirs in COLUMNS[table].items() if theirs in frame}
        entries.append(
            {"path": f"{table}.csv", "platform": "x", "table": table, "group": "context", "columns": known}
            | {"time": {"format": "iso", "zone": "UTC"}}
        )
        if lists := {own: " " for own in ("urls", "media") if own in known}:
            entries[-1]["lists"] = lists
    content = {"title": name, "exports": entries, "labels": "labels.csv", "notebooks": ["00_intake"]}
    content |= {"audience_zones": ["America/Toronto"], "synthetic": True} | keys
    (place / "report.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    (place / "pseudonyms.key").write_text(f"{name} {'6b' * 32}\n", encoding="ascii")


def label(folder: Path, name: str, group: Mapping[str, str]) -> None:
    """Say in the report's labels who is in which group; whoever is not named is context."""
    with (folder / "reports" / name / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("account", "platform", "group", "reason"))
        rows.writerows((who, "x", of, "drawn") for who, of in group.items() if of != "context")


def opened(folder: Path, name: str, group: Mapping[str, str]) -> Any:
    """The case of a report that is written, for these groups."""
    label(folder, name, group)
    return kit.open(name, edition="internal")


def put(folder: Path, name: str, world: World) -> Any:
    """A world written, built and opened."""
    write(folder, name, *frames(world))
    return opened(folder, name, world.group)
