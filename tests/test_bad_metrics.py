"""Bad inputs ME (metrics) and CH (charts): each by its id, with the outcome it requires."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from badinputs import Catalogue, case_of, staged
from matplotlib import pyplot as plt
from shell import walked, words_of
from test_cli import ends_in_sentences
from worlds import content_of, desk

from kit import redact
from kit.errors import MetricError
from kit.figures import style
from kit.figures.targets import alt_ranking, plot_ranking, plot_roster_shares
from kit.figures.timing import plot_daily
from kit.loaders import objects
from kit.metrics import METRICS, intake, texts
from kit.redact import defang, mixed_scripts, safe_text

pytestmark = pytest.mark.real
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with desk(tmp_path):
        yield tmp_path


def rewritten(case_name: str, home: Path) -> None:
    """Let the report run every notebook, with its export as the studied group."""
    path = home / "reports" / case_name / "report.yml"
    text = path.read_text("utf-8").replace("group: context", "group: studied")
    names = "\n".join(f"- {name}" for name in NOTEBOOKS)
    text = text.replace("notebooks:\n- 00_intake", f"audience_zones: not known\nnotebooks:\n{names}")
    path.write_text(text, "utf-8")


# --- metrics


@pytest.mark.slow
@pytest.mark.parametrize("id_", ["ME-01", "ME-02", "ME-03", "ME-13"])
def test_ME_too_little_is_said_and_no_number_is_made_up(id_: str, catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path(id_), home)
    rewritten(case.name, home)
    page = walked(case.name, home / "page")
    ends_in_sentences(page)
    found = json.loads((page.parent / "findings.json").read_text("utf-8"))
    findings = [item for item in found if item["kind"] == "finding"]
    claimed = [item for item in findings if item["verdict"] not in ("inconclusive", "described")]
    assert findings
    assert not claimed, "nothing is claimed about one account, one second or a gap"
    told = [i for i in findings if i["verdict"] == "described" and i["value"] is not None and i["n"] < 10]
    assert not told, "and what so few do is not told"
    assert not [item for item in found if "inf" in str(item["value"])]


def test_ME_13_a_gap_is_shown_and_is_no_finding(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("ME-13"), home)
    days = intake.coverage(case)
    assert len(days) == 16
    assert days["posts"].eq(0).sum() == 8, "each day of the gap is a row with 0"
    gap = intake.gaps(case).iloc[0]
    assert 8 in gap.tolist()


def test_ME_07_patterns_take_linear_time(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("ME-07"), tmp_path)
    assert [row["text"] for row in read.posts] == [
        catalogue.strings[f"redos_{kind}"] for kind in ("nested", "url", "email")
    ]
    texts = [catalogue.strings[f"redos_{kind}"] for kind in ("nested", "url", "email")]
    looks: list[Any] = [objects.hashtags_in, safe_text, defang, redact.visible]
    looks.append(lambda text: redact.csv_text(pd.DataFrame({"a": [text]})))
    looks.append(lambda text: [mixed_scripts(word) for word in text.split()])
    for text in [*texts, "#" * 40_000, "https://" * 5_000, "&amp" * 10_000, "a;" * 20_000, "[U+" * 13_000]:
        for look in looks:
            seconds = []
            for size in (200_000, 800_000):
                whole = (text * (size // len(text) + 1))[:size]
                started = time.process_time()
                look(whole)
                seconds.append(time.process_time() - started)
            assert seconds[1] < 12 * seconds[0] + 0.5, (text[:10], look, seconds)


def test_ME_08_long_and_odd_texts_are_kept(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("ME-08"), home)
    found = case.sql("SELECT text FROM posts ORDER BY post_id")["text"].tolist()
    assert found == [catalogue.strings[key] for key in ("long", "combining", "long_token_cjk")]


@pytest.mark.slow
def test_ME_08_every_notebook_runs_on_long_and_odd_texts(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("ME-08"), home)
    rewritten(case.name, home)
    ends_in_sentences(walked(case.name, home / "page"))


@pytest.mark.slow
def test_ME_09_the_order_of_rows_does_not_matter(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("ME-09"), home)
    head, *lines = catalogue.path("ME-09").read_text("utf-8").splitlines()
    other = home / "ordered" / catalogue.path("ME-09").name
    other.parent.mkdir()
    other.write_text("\n".join([head, *sorted(lines)]) + "\n", "utf-8")
    assert other.read_bytes() != catalogue.path("ME-09").read_bytes()
    tables = {}
    for name, metric in METRICS.items():
        try:
            tables[name] = redact.csv_text(metric(case))
        except (MetricError, TypeError):  # needs a setting, or more than this case holds
            continue
    rows = content_of(case)
    again = case_of(other, home)
    assert content_of(again) == rows
    assert len(tables) > 20
    for name, text in tables.items():
        if name not in ("intake.rejected", "intake.sources"):  # these tell where a row stood
            assert redact.csv_text(METRICS[name](again)) == text, name


# --- texts


def near_duplicates_of(case: Any) -> pd.DataFrame:
    """Each post's text and what was found of it, in the order of posts."""
    return case.sql(
        "SELECT p.post_id, p.text, c.* EXCLUDE (post_key) FROM all_posts p JOIN near_duplicates c USING (post_key) ORDER BY p.post_key",
        tables={"near_duplicates": case.derived("near_duplicates", similarity=0.75)},
    )


def test_ME_04_five_hundred_equal_texts_are_one(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("ME-04"), home)
    assert near_duplicates_of(case)["near_duplicate_key"].tolist() == [0] * 500
    kinds = texts.near_duplicate_kinds(case)
    assert kinds[["accounts", "clusters", "near_duplicate_posts"]].values.tolist() == [[100, 1, 500]]


def test_ME_05_texts_without_a_letter_are_left_out_and_counted(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("ME-05"), home)
    found = near_duplicates_of(case)
    assert found[["text_key", "near_duplicate_key"]].isna().all(axis=None), "never equal to one another"
    coverage = texts.near_duplicate_coverage(case).iloc[0]
    assert coverage["empty_posts"] == len(found) > 2
    assert coverage["compared_posts"] == coverage["alike_posts"] == 0


def test_ME_06_a_greeting_of_everybody_is_no_near_duplicate(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("ME-06"), home)
    coverage = texts.near_duplicate_coverage(case).iloc[0]
    assert (coverage["own_posts"], coverage["compared_posts"], coverage["alike_posts"]) == (200, 0, 0)
    assert texts.text_facts(case).set_index("id")["value"]["posts_same_text"] == 200, "told as a count"


def test_ME_11_evasions_are_seen_through_and_the_texts_kept(catalogue: Catalogue, home: Path) -> None:
    found = near_duplicates_of(case_of(catalogue.path("ME-11"), home))
    assert found["text_key"].nunique() == 1
    assert found["near_duplicate_key"].nunique() == 1
    assert found["text"].nunique() == len(found) == 5


def test_ME_12_scripts_and_widths_are_one_by_the_stated_rule(catalogue: Catalogue, home: Path) -> None:
    found = near_duplicates_of(case_of(catalogue.path("ME-12"), home))
    assert found.groupby("text_key")["text"].nunique().tolist() == [2, 2]


# --- charts


def whole(x: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in x)


def drawn(x: str) -> list[str]:
    """Every label of three pictures whose names from data are `x`; a warning while drawing is an error."""
    ranking = pd.DataFrame({"group": ["studied"] * 2, "who": "member", "posts": [5, 3]})
    ranking["target"] = pd.Series([x, "b"], dtype=object)
    shares = pd.DataFrame(
        {
            "group": ["studied"] * 2,
            "category": pd.Series([x, "b"], dtype=object),
            "roster_share": [0.5, 0.5],
            "estimate": [0.4, 0.6],
            "dealt_low": [0.3, 0.5],
            "dealt_high": [0.5, 0.7],
            "beyond": [False, False],
            "p": [0.4, 0.4],
        }
    )
    daily = pd.DataFrame(
        {
            "group": ["studied"] * 3,
            "date": pd.date_range("2024-03-01", periods=3),
            "posts": [1, 2, 3],
            "event": pd.Series([None, x, None], dtype=object),
            "gap": [False] * 3,
        }
    )
    daily.attrs["events"] = [[x, "2024-03-02", "2024-03-02"]]
    found = []
    pictures = [(plot_ranking, ranking), (plot_daily, daily)]
    if whole(x):  # the roster is a file of the report, which cannot hold half a character
        pictures.append((plot_roster_shares, shares))
    for plot, table in pictures:
        ax = plot(table)
        ax.get_figure().savefig(io.BytesIO(), format="png")
        found += [tick.get_text() for tick in ax.get_yticklabels()] + [t.get_text() for t in ax.texts]
        plt.close("all")
    return found


@pytest.mark.parametrize(
    "id_,key,shown",
    [
        ("CH-01", "mathtext", "$\\frac{$"),
        ("CH-02", "dollars", "win $5 or $10 #$AB$C_D$"),
        ("CH-03", "lone_surrogate", "a[U+D800]b"),
        ("CH-04", "nul", "a[U+0000]b"),
        ("CH-05", "long", "A" * 39 + "…"),
        ("CH-06", "under", " _hidden"),
        ("CH-07", "cjk", None),
        ("CH-08", "emoji_zwj", None),
        ("CH-09", "rtl", "[ARABIC ×5] abc 123"),
        ("CH-10", "bidi_override", "abc[U+202E]gpj.exe[U+202C]"),
        ("CH-11", "pct", "%s %d %(x)s {0} {x}"),
        ("CH-12", "combining", None),
    ],
)
def test_CH_labels_are_drawn_as_they_are(id_: str, key: str, shown: str | None, catalogue: Catalogue) -> None:
    x = catalogue.strings[key]
    started = time.process_time()
    labels = drawn(x)
    assert time.process_time() - started < 30, id_
    expected = style.label(x)
    assert shown is None or expected == shown
    assert sum(expected in label for label in labels) >= 2 + whole(x), labels
    for label in labels:
        assert all(style._drawn(char) or char == "\n" for char in label), label
    if id_ == "CH-07":
        assert expected in (x, "[CJK ×3] [CJK ×2]"), "whole where a font has the signs, else counted by name"
    if id_ == "CH-12":
        assert expected.count("\u0301") + expected.startswith("\u0179") <= redact.text.MARKS_PER_BASE + 1
        assert "[+" in expected


def test_CH_06_a_label_with_a_low_line_is_in_the_legend() -> None:
    _figure, ax = plt.subplots()
    ax.plot([1, 2], [1, 2], label=style.label("_hidden"))
    assert [text.get_text() for text in ax.legend().get_texts()] == [" _hidden"]


@pytest.mark.parametrize("case", ["empty", "one", "missing", "many", "far apart"])
def test_CH_13_too_little_and_too_much(case: str) -> None:
    names = {"empty": 0, "one": 1, "missing": 3, "many": 5_000, "far apart": 2}[case]
    posts: Any = {"missing": [np.nan] * 3, "far apart": [0, 1e300]}.get(case, list(range(names, 0, -1)))
    table = pd.DataFrame(
        {"group": "studied", "who": "member", "target": [f"t{n}" for n in range(names)], "posts": posts}
    )
    ax = plot_ranking(table)
    ax.get_figure().savefig(io.BytesIO(), format="png")
    words = alt_ranking(table)
    assert words
    if case == "empty":
        assert [text.get_text() for text in ax.texts] == ["No account addressed is known."]
    if case == "missing":
        assert "marked by crosses: 3" in words, "what is withheld is not nothing"
    if case == "many":
        assert len(ax.get_yticklabels()) == 15, "the first fifteen; the table beside it has them all"
        assert "15" in words
    assert not words_of(words).count("nan")
