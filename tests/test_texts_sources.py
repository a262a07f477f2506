"""Where a repeated text was to be seen: in the post answered or quoted, by a widely answered author, on a form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import desk, post, report

import kit

PARENT = "The bridge over the river will stay closed until the end of the winter season"
QUOTED = "Every library in the old town opens its doors on the first Sunday of the month"
WIDE = "Nobody asked the gardeners before the trees along the avenue were cut down"
FORM = "Sign the petition for a second ferry at noon https://petitions.example/ferry"
OWN = "A quiet evening by the lake is worth more than all of these long speeches"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("sources")) as folder:
        yield folder


def said(first: int, text: str, **more: Any) -> list[dict[str, str]]:
    """Six accounts say the same, a minute apart."""
    return [post(first + i, f"u{first + i}", f"2024-03-01T12:0{i}:00Z", text, **more) for i in range(6)]


def sources(case: Any) -> dict[str, str]:
    """Source by the first words of its texts."""
    table = case.sql(
        """SELECT DISTINCT left(p.text, 10) AS start, s.source FROM posts p JOIN near_duplicates c USING (post_key)
           JOIN near_duplicate_sources s USING (near_duplicate_key)""",
        tables={
            "near_duplicates": case.derived("near_duplicates"),
            "near_duplicate_sources": case.derived("near_duplicate_sources"),
        },
    )
    return dict(zip(table["start"], table["source"], strict=True))


def test_each_source_is_told(home: Path) -> None:
    rows = [
        post(1, "member", "2024-03-01T08:00:00Z", PARENT),
        post(2, "paper", "2024-03-01T08:00:00Z", QUOTED),
    ]
    rows += [post(3, "star", "2024-03-01T08:00:00Z", WIDE)]
    rows += [
        post(100 + i, f"fan{i}", "2024-03-01T09:00:00Z", f"number {i}", re_post=3, re_user="star")
        for i in range(20)
    ]
    rows += said(200, PARENT, re_post=1, re_user="member") + said(300, QUOTED, qt_post=2) + said(400, WIDE)
    rows += said(500, FORM) + said(600, OWN)
    report(home, "told", posts={"studied": rows})
    found = sources(kit.open("told", edition="internal"))
    assert found == {
        PARENT[:10]: "parent",
        QUOTED[:10]: "quoted",
        WIDE[:10]: "answered",
        FORM[:10]: "petition",
    }


def test_what_few_answer_or_few_could_see_is_no_source(home: Path) -> None:
    rows = [post(1, "member", "2024-03-01T08:00:00Z", PARENT), post(3, "star", "2024-03-01T08:00:00Z", WIDE)]
    rows += [
        post(100 + i, f"fan{i}", "2024-03-01T09:00:00Z", f"number {i}", re_post=3, re_user="star")
        for i in range(19)
    ]
    rows += said(200, WIDE)
    answered = said(
        300, "Another sentence entirely about the harbour and its many lights", re_post=1, re_user="member"
    )
    report(home, "few", posts={"studied": rows + answered})
    assert sources(kit.open("few", edition="internal")) == {}


def test_nothing_in_nothing_out(home: Path) -> None:
    report(home, "none", posts={"studied": []})
    assert kit.open("none").derived("near_duplicate_sources").empty
