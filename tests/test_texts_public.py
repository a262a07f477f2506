"""Texts in the public edition: nothing of few is told by any table, chart or sentence, and nothing told is untrue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from shared import once
from worlds import desk, post, report, tiny_world

import kit
from kit import words
from kit.errors import MetricError
from kit.figures import texts as figures
from kit.metrics import METRICS, texts
from kit.metrics.texts.languages import TOLD
from kit.notebook import protection
from kit.notebook.findings import finding_object
from kit.texts import languages

THAI = "เรือข้ามฟากลำเก่าของเมืองนี้มาสายอีกแล้วในวันนี้"
FINNISH = "Vanha lautta on taas kerran myöhässä tänään aamulla satamassa"
ENGLISH = "The old ferry of this town is late once again this morning"
NAMES = sorted(
    name for name in texts.__all__ if name not in ("templates", "camouflage_accounts", "text_facts")
)
SETTINGS: dict[str, dict[str, Any]] = {"language_days": {"step": "week"}, "narrative_days": {"step": "week"}}
CODEBOOK = """codes:
  - {id: ferry, label: {en: The ferry, fr: Le traversier}, kind: campaign, terms: {en: [ferry], th: [เรือ]}}
  - {id: lunch, label: {en: Lunch, fr: Le repas}, kind: everyday, terms: {en: [lunch]}}
"""


def shown(case: Any, name: str) -> pd.DataFrame:
    table = getattr(texts, name)(case, **SETTINGS.get(name, {}))
    return protection.shown(case, table)[0]


def _write(home: Path) -> None:
    """Thirty accounts in Thai, one busy one, three in Finnish, four of the control that repeat one another; days of few."""
    studied = [
        post(f"t{i}", f"s{i % 30}", f"2024-01-{1 + i % 21:02d}T10:00:00Z", f"{THAI} {i}", lang="th")
        for i in range(240)
    ]
    studied += [
        post(f"b{i}", "s0", f"2024-01-{1 + i % 21:02d}T11:00:00Z", f"{ENGLISH} {i} of lunch", lang="en")
        for i in range(90)
    ]
    studied += [post(f"f{i}", f"s{i}", f"2024-01-0{i + 2}T12:00:00Z", FINNISH, lang="fi") for i in range(3)]
    control = [
        post(
            f"c{i}",
            f"c{i % 40}",
            f"2024-01-{1 + i % 21:02d}T10:00:00Z",
            f"Lunch number {i} was a good one today",
            lang="en",
        )
        for i in range(200)
    ]
    control += [
        post(
            f"r{i}",
            f"c{i}",
            f"2024-01-0{i + 2}T09:00:00Z",
            "The press desk has moved to the second floor today",
        )
        for i in range(4)
    ]
    folder = report(
        home,
        "few",
        posts={"studied": studied, "control": control},
        codebook="codebook.yml",
        languages=["en", "fr"],
    )
    (folder / "codebook.yml").write_text(CODEBOOK, "utf-8")


@pytest.fixture(scope="module", params=["few", "tiny"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    home = (
        tiny_world(tmp_path_factory)[0]
        if request.param == "tiny"
        else once(tmp_path_factory, "texts-few", _write)[0]
    )
    with desk(home):
        yield kit.open(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_no_count_of_people_from_one_to_nine_stands_anywhere(case: Any, name: str) -> None:
    table = shown(case, name)
    metric = table.attrs["name"]
    for column in table.columns:
        known = words.column(str(column), metric)
        counts = words.counts(str(column), metric, table.attrs.get("unit", ""), table.attrs.get("n_unit", ""))
        if known and known.role in ("count", "size") and counts not in ("terms", "patterns", "days", "weeks"):
            numbers = pd.to_numeric(table[column], errors="coerce").dropna()
            assert (numbers % 10 == 0).all(), (column, numbers.tolist())


@pytest.mark.parametrize("name", [n for n in NAMES if hasattr(figures, f"alt_{n}")])
def test_alt_texts_count_what_is_not_told_and_call_nothing_nothing(case: Any, name: str) -> None:
    table = shown(case, name)
    alt = getattr(figures, f"alt_{name}")(table)
    getattr(figures, f"plot_{name}")(table)
    held = any(
        kind[0] in ("withheld", "small", "under", "over")
        for rows in table.attrs["shown"].values()
        for kind in rows.values()
    )
    if "Nothing to show" in alt:
        assert not held, alt
    for day in re.findall(r"\b\d{1,2} \w+ 20\d\d\b", alt):  # every day named is an end of a span of the table
        ends = [c for c in table.columns if str(c).startswith(("day", "period"))]
        assert pd.Timestamp(day) in {pd.Timestamp(v) for c in ends for v in table[c]}, day


def test_facts_of_texts_are_rounded_to_what_one_account_wrote(case: Any) -> None:
    table = texts.text_facts(case)
    for place in range(len(table)):
        row, _quantities = protection.fact(case, table, place)
        for value in (row["value"], row["n"]):
            assert pd.isna(value) or value % 10 == 0


def test_internal_series_keep_their_days_and_public_spans_hold_all_of_them(case: Any) -> None:
    inner = kit.open(case.name, edition="internal")
    for name, count in (
        ("near_duplicate_days", "n"),
        ("language_days", "posts"),
        ("narrative_days", "posts"),
    ):
        single, wide = (
            getattr(texts, name)(inner, **SETTINGS.get(name, {})),
            getattr(texts, name)(case, **SETTINGS.get(name, {})),
        )
        by = [c for c in ("group", "language", "code") if c in single]
        mine, theirs = (t.groupby(by)[count].sum() for t in (single, wide))
        assert mine[mine > 0].to_dict() == theirs[theirs > 0].to_dict(), name
        end = "day_to" if "day" in wide else "period_end"
        assert end not in single
        for _key, rows in wide.groupby(by):
            starts, ends = (
                pd.to_datetime(rows[c]).tolist() for c in (wide.columns[wide.columns.get_loc(end) - 1], end)
            )
            assert all(a < b for a, b in zip(ends, starts[1:], strict=False)), "spans do not overlap"


# --- languages


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with desk(once(tmp_path_factory, "texts-few", _write)[0]):
        yield kit.open("few")


def test_a_language_that_exports_state_is_told_apart_and_said_by_name(few: Any) -> None:
    mix = texts.language_mix(few).query("group == 'studied'").set_index("language")
    assert mix.posts["th"] == 240
    assert mix.posts["other"] == 3, "three accounts in Finnish are not named by their language"
    assert "fi" not in mix.index
    alt = figures.alt_language_mix(shown(few, "language_mix"))
    assert "Thai" in alt
    assert words.written("th", words.kind("language", ["th"])) == "Thai"
    assert words.said("stated", "th") == "Thai"
    assert set(texts.language_mix(few, languages=["en"]).language) == {"en", "other", "und"}
    with pytest.raises(MetricError, match="languages"):
        texts.language_artefact_rate(few, language="fi")


def test_the_languages_that_can_be_told_are_those_of_the_program() -> None:
    assert languages._codes() == TOLD


def test_a_span_in_which_nobody_writes_a_language_is_nought_and_no_gap(few: Any) -> None:
    table = texts.language_days(few, step="week").query("group == 'studied'")
    whole = table.groupby("language")[["period_start", "period_end"]].agg(["min", "max"])
    assert set(table.language) == {"th", "en", "other"} or set(table.language) == {"th", "en", "other", "und"}
    assert whole[("period_start", "min")].nunique() == whole[("period_end", "max")].nunique() == 1, (
        "all over the same time"
    )
    other, kinds = table[table.language == "other"], shown(few, "language_days").attrs["shown"]
    assert other.posts.tolist() == [3], "joined to one span"
    assert "small" in {kind[0] for kind in kinds["accounts"].values()}


# --- categories of the roster


@pytest.mark.parametrize("hidden", [1, 12])
def test_nobody_who_may_not_be_named_is_told_by_a_category_of_one(tmp_path: Path, hidden: int) -> None:
    head = "name,role,category,party,platform,account_id,handle,account_kind,may_be_named\n"
    rows = [
        "Odd Lantern,member,north,A,x,m0,,official,yes",
        "Even Harbour,speaker,speaker,B,x,m1,,official,no",
    ]
    rows += [f"Hidden Quay {i},member,seat {i},B,x,m{i + 1},,official,no" for i in range(1, hidden)]
    posts = [
        post(
            f"p{i}",
            f"s{i % 20}",
            "2024-01-02T10:00:00Z",
            f"{ENGLISH} {i}",
            re_user=f"m{i % (hidden + 1)}",
            re_post=f"q{i}",
        )
        for i in range(130)
    ]
    with desk(tmp_path) as home:
        folder = report(
            home,
            "seats",
            posts={"studied": posts},
            lists={"roster": head + "\n".join(rows)},
            codebook="codebook.yml",
        )
        (folder / "codebook.yml").write_text(CODEBOOK, "utf-8")
        for name in ("language_targets", "narrative_targets"):
            public = getattr(texts, name)(kit.open("seats"))
            assert set(public.category) == ({"north"} if hidden < 10 else {"north", "other members"}), name
            inner = getattr(texts, name)(kit.open("seats", edition="internal"))
            assert {"north", "speaker"} <= set(inner.category)


# --- findings


def test_a_finding_says_what_its_table_says(case: Any) -> None:
    vary = {"accounts": [2, 5], "similarity": [0.75, 0.9], "ready_made": [False, True]}
    found = finding_object("near_duplicate_posts", texts.near_duplicate_posts, case, vary, {})
    row = shown(case, "near_duplicate_posts").iloc[0]
    for ours, theirs in (("value", "estimate"), ("low", "low"), ("high", "high"), ("n", "n")):
        mine, other = found.get(ours), row[theirs]
        assert mine == other or (pd.isna(mine) and pd.isna(other)), ours


def test_every_metric_of_texts_is_tried_here() -> None:
    of_texts = {name.rpartition(".")[2] for name in METRICS if name.startswith("texts.")}
    assert of_texts - {"templates", "camouflage_accounts", "text_facts"} == set(NAMES)
