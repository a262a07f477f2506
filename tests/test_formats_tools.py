"""Zeeschuimer and 4CAT: one envelope for many platforms, and the CSV both map from it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from exports import has, kept, lines, load, rejected, save

from kit.loaders import captures
from kit.loaders.objects import Made

SEEN = datetime(2024, 1, 2, 3, 4, 5, 678000)


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


# --- the envelope


def test_a_platform_is_added_with_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def post(thing: dict[str, Any], warnings: Any, captured: datetime | None) -> Made:
        author = {"platform": "weibo", "account_id": "1"}
        return Made({**author, "post_id": thing["mid"], "kind": "post", "captured_at": captured}, author)

    monkeypatch.setitem(captures.READERS, "weibo.com", post)
    _, _, found = load(save(tmp_path, "a", lines(envelope("weibo.com", {"mid": "5"}))))
    has(kept(found)[0].values, platform="weibo", post_id="5", captured_at=SEEN)


# --- CSV


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
