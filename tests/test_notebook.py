"""What leaves a notebook: the kit's own objects, the same rows in picture, table and file, and nothing live."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt
from traitlets.config import Config
from worlds import desk, tiny_world

import kit
from kit import figures, notebook
from kit.claims import VERDICTS
from kit.errors import MetricError
from kit.metrics import accounts, intake
from kit.notebook import card, speech
from kit.notebook.findings import finding_object
from kit.notebook.output import plain, table_object, table_text
from kit.notebook.speech import MIME
from kit.redact import read_csv_back

HOSTILE = "<script>alert(1)</script> $\\frac{$ \u202egnp.exe [x](javascript:1) <img src=x onerror=1> {0} %s"
SENTENCE_KEYS = {
    "id", "group", "kind", "title", "verdict", "value", "label", "low", "high", "n", "unit", "control", "settings",
    "sensitivity", "limits", "by_construction", "text", "table", "shown",
}  # fmt: skip


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    """A running IPython, so that what is displayed is what a notebook would hold."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        settings = Config()
        settings.HistoryManager.enabled = False
        yield InteractiveShell.instance(config=settings)
        InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder, _world = tiny_world(tmp_path_factory)
    with desk(folder):
        yield folder


@pytest.fixture(scope="module")
def inner(home: Path) -> Any:
    return kit.open("tiny", edition="internal")


@pytest.fixture
def case(home: Path, shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The public edition, opened, with results in a folder of their own."""
    monkeypatch.setenv("DAYLIGHT_OUT", str(tmp_path / "out"))
    return kit.open("tiny")


def shown(action: Any, *given: Any, **more: Any) -> list[Any]:
    """What `action` displays."""
    with capture_output(stdout=False, stderr=False) as captured:
        action(*given, **more)
    return captured.outputs


def rows_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    names = [c["name"] for c in content["columns"]]
    return [dict(zip(names, row, strict=True)) for row in content["rows"]]


# ---------------------------------------------------------------------------
# show


def test_picture_file_and_rows_are_of_one_table(case: Any, tmp_path: Path) -> None:
    table = accounts.age_at_first_post(case)
    figure, data = shown(kit.show, table)
    content = data.data[MIME.format("table")]
    assert content["name"] == "age_at_first_post"
    assert content["csv"] == "age_at_first_post.csv"
    assert content["title"] == "Age of accounts at their first post here"
    assert content["rows_total"] == len(table)
    file = read_csv_back(tmp_path / "out" / "tables" / content["csv"])
    assert list(table.columns) == [c["name"] for c in content["columns"]]
    assert [c for c in file.columns if not c.endswith("_shown")] == list(table.columns)
    for row, line in zip(rows_of(content), file.to_dict("records"), strict=True):
        for name, value in row.items():
            in_words = line.get(f"{name}_shown") not in (None, "every")
            assert in_words or line[name] == value or pytest.approx(line[name]) == value
    png = (tmp_path / "out" / "figures" / "age_at_first_post.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert figure.data["image/png"] in (png, base64.b64encode(png).decode())
    assert figure.metadata["image/png"]["name"] == "age_at_first_post"
    assert len(figure.metadata["image/png"]["alt"]) > 30
    assert figure.data["text/plain"] == figure.metadata["image/png"]["alt"]
    assert not plt.get_fignums(), "the figure is closed"


def test_the_same_rows_give_the_same_picture(case: Any, tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        shown(kit.show, accounts.age_at_first_post(case))
        found.append((tmp_path / "out" / "figures" / "age_at_first_post.png").read_bytes())
    assert found[0] == found[1]


def test_small_counts_stay_inside(case: Any, inner: Any, tmp_path: Path) -> None:
    table = intake.languages(case)
    assert table["accounts"].between(1, 9).any(), "the test needs small counts"
    (data,) = shown(kit.show, table)
    content = data.data[MIME.format("table")]
    counts = [r["accounts"] for r in rows_of(content)]
    assert {type(c) for c in counts} == {int, str}
    assert all(c % 10 == 0 for c in counts if isinstance(c, int))
    assert "fewer than 10" in counts
    assert "fewer than 10" in data.data["text/plain"]
    file = read_csv_back(tmp_path / "out" / "tables" / "languages.csv")
    assert file["accounts"].isna().tolist() == [isinstance(c, str) for c in counts]
    assert (file["accounts_shown"] == "small").tolist() == [c == "fewer than 10" for c in counts]
    kit.open("tiny", edition="internal")
    (data,) = shown(kit.show, intake.languages(inner))
    content = data.data[MIME.format("table")]
    assert [r["accounts"] for r in rows_of(content)] == table["accounts"].tolist()
    assert content["note"] is None


def test_a_table_may_be_named_and_must_have_a_name(case: Any, tmp_path: Path) -> None:
    table = pd.DataFrame({"a": [20, 30]})
    (data,) = shown(kit.show, table, name="mine", units={"a": "accounts"})
    assert data.data[MIME.format("table")]["title"] == "mine"
    assert (tmp_path / "out" / "tables" / "mine.csv").read_text() == '"a"\n20\n30\n'
    with pytest.raises(MetricError, match=r"needs a name.*kit\.show\(table, name"):
        kit.show(table)


def test_a_long_table_is_whole_in_its_file(case: Any, tmp_path: Path) -> None:
    table = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=500), "score": range(500)})
    (data,) = shown(kit.show, table, name="long", units={"score": "number"})
    content = data.data[MIME.format("table")]
    assert (len(content["rows"]), content["rows_total"]) == (200, 500)
    lines = data.data["text/plain"].splitlines()
    assert lines[-1] == "… 480 more rows in long.csv"
    assert len(lines) == 2 + 20 + 1
    assert len((tmp_path / "out" / "tables" / "long.csv").read_text().splitlines()) == 501
    assert "480 more rows" in data.data["text/html"]


def test_a_picture_needs_its_description(case: Any) -> None:
    def plot_nothing(table: pd.DataFrame, *, ax: Any = None) -> Any:
        raise AssertionError("not reached")

    with pytest.raises(MetricError, match=r"'plot_nothing' has no description.*alt_nothing"):
        kit.show(pd.DataFrame({"a": ["b"]}), plot_nothing)


def test_a_table_is_shown_without_its_figure_where_asked_or_empty(case: Any, tmp_path: Path) -> None:
    table = accounts.age_at_first_post(case)
    for action in (lambda: kit.show(table, plot=False), lambda: kit.show(table.iloc[:0])):
        (data,) = shown(action)
        assert MIME.format("table") in data.data
    assert not (tmp_path / "out" / "figures").exists()


def test_another_figure_may_be_given(case: Any, tmp_path: Path) -> None:
    table = accounts.creations(case, by="month")
    plot = figures.registry()["accounts.creations"]
    figure, _data = shown(kit.show, table.rename(columns={}), plot, name="other")
    assert figure.metadata["image/png"]["name"] == "other"


def test_a_number_of_ones_own_says_what_it_counts_or_is_not_shown(case: Any) -> None:
    table = pd.DataFrame({"language": ["en", "fr"], "people": [3, 412], "of": [400, 415]})
    with pytest.raises(MetricError, match=r"'people', 'of'.*units=\{'people': 'accounts'"):
        kit.show(table, name="mine")
    (data,) = shown(kit.show, table, name="mine", units={"people": "accounts", "of": "accounts"})
    assert [r["people"] for r in rows_of(data.data[MIME.format("table")])] == ["fewer than 10", 410]


def test_a_missing_control_is_seen_beside_every_estimate(case: Any) -> None:
    without = case.where(group=["studied", "context"])
    notebook.opened(without)
    (data,) = shown(kit.show, accounts.silent_accounts(without))
    assert "No control was available." in data.data[MIME.format("table")]["note"]
    (data,) = shown(kit.show, intake.membership(without))
    assert "No control" not in (data.data[MIME.format("table")]["note"] or ""), "a count needs none"
    kit.open("tiny")
    (data,) = shown(kit.show, accounts.silent_accounts(case))
    assert "No control" not in (data.data[MIME.format("table")]["note"] or "")


def test_results_lie_in_the_report_where_nothing_else_is_said(
    case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAYLIGHT_OUT")
    assert notebook.folder() == case.report.out / "lab" / "public-en"
    kit.open("tiny", edition="internal", language="fr")
    assert notebook.folder() == case.report.out / "lab" / "internal-fr"


def test_without_a_case_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "_opened", {})
    with pytest.raises(MetricError, match=r"no case is open.*kit\.open\(report\)"):
        kit.show(pd.DataFrame({"a": [1]}), name="a")


# ---------------------------------------------------------------------------
# facts, findings, notes, colophon

FINDINGS: dict[str, tuple[Any, dict[str, list[Any]]]] = {
    "new_accounts": (accounts.new_accounts, {"days": [30, 7, 90, 365]}),
    "old_accounts": (accounts.old_accounts, {"years": [2.0, 1.0, 3.0, 5.0]}),
    "silent_accounts": (accounts.silent_accounts, {"platform": [None, "x", "facebook", "youtube"]}),
    "empty_profile": (accounts.empty_profile, {"field": ["bio", "location", "profile_url"], "posting_only": [False, True]}),
}  # fmt: skip


def test_facts_are_shown_as_objects_and_sentences(case: Any) -> None:
    (data,) = shown(kit.facts, intake.post_facts(case))
    objects = data.data[MIME.format("facts")]
    assert next(o["id"] for o in objects if o["group"] == "studied") == "posts"
    for item in objects:
        assert set(item) - {"not_recorded"} == SENTENCE_KEYS
        assert item["kind"] == "fact"
        assert item["verdict"] is item["control"] is item["low"] is item["high"] is None
        assert set(item["text"]) == {"en", "fr"}
        assert item["text"]["en"] in data.data["text/plain"]
    json.dumps(objects, allow_nan=False)


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_is_its_metric_under_every_setting(inner: Any, name: str) -> None:
    metric, vary = FINDINGS[name]
    item = finding_object(name, metric, inner, vary, {})
    assert set(item) == SENTENCE_KEYS | {
        "against",
        "apart",
        "difference",
        "outcome",
        "tested",
        "way",
        "within",
    }
    base = {k: v[0] for k, v in vary.items()}
    assert item["settings"] == base

    def values(**settings: Any) -> dict[str, dict[str, Any]]:
        table = metric(inner, **settings).set_index("group")
        return {g: {k: plain(table.loc[g, k]) for k in ("estimate", "low", "high", "n")} for g in table.index}

    found = values(**base)
    assert [item[k] for k in ("value", "low", "high", "n")] == list(found["studied"].values())
    assert [item["control"][k] for k in ("value", "low", "high", "n")] == list(found["control"].values())
    compared = item["difference"] is not None
    assert compared is (item["verdict"] not in ("described", "not_comparable"))
    if compared:
        assert item["difference"]["value"] == pytest.approx(
            item["value"] - item["control"]["value"], abs=2e-6
        )
    others = [(k, v) for k, given in vary.items() for v in given[1:]]
    assert len(item["sensitivity"]) == len(others) >= 3
    for (key, value), tried in zip(others, item["sensitivity"], strict=True):
        assert tried["settings"] == {key: value}
        assert [tried[k] for k in ("value", "low", "high", "n")] == list(
            values(**base | {key: value})["studied"].values()
        )
        assert tried["verdict"] in VERDICTS["compared"]
    assert item["limits"]
    json.dumps(item, allow_nan=False)


def test_a_finding_is_shown_as_object_card_and_text(case: Any) -> None:
    metric, vary = FINDINGS["empty_profile"]
    (data,) = shown(kit.finding, "empty_profile", metric, case, vary=vary)
    item = data.data[MIME.format("finding")]
    assert item["text"]["en"] in data.data["text/plain"]
    assert data.data["text/plain"].startswith(f"[{item['verdict']}]")
    same = sum(t["verdict"] == item["verdict"] for t in item["sensitivity"])
    compared = item["verdict"] != "not_comparable"
    assert (f"{same} of 3 " in data.data["text/plain"]) is compared
    assert (f"{same} of 3" in data.data["text/html"]) is compared


def test_settings_that_are_not_varied_are_kept(inner: Any) -> None:
    vary = {"newcomers_days": [30, 7, 60, 90]}
    item = finding_object("creation_burst", accounts.batches, inner, vary, {"others": "control"})
    assert item["settings"] == {"others": "control", "newcomers_days": 30}
    table = accounts.batches(inner, others="control").set_index("group")
    assert item["value"] == plain(table.loc["studied", "estimate"])


def test_a_setting_that_is_the_base_is_no_other_setting(inner: Any) -> None:
    """As where a parameter of the notebook is among the values that are tried anyway."""
    item = finding_object("new_accounts", accounts.new_accounts, inner, {"days": [90, 30, 90, 7, 180]}, {})
    assert [tried["settings"] for tried in item["sensitivity"]] == [{"days": n} for n in (30, 7, 180)]


@pytest.mark.parametrize("days", [[30], [30, 7], [30, 7, 90]])
def test_fewer_than_three_other_settings_are_no_finding(inner: Any, days: list[int]) -> None:
    with pytest.raises(MetricError, match="'new_accounts' needs at least three other settings"):
        finding_object("new_accounts", accounts.new_accounts, inner, {"days": days}, {})


def test_a_finding_needs_one_number_a_group(inner: Any) -> None:
    vary: dict[str, list[Any]] = {"unused": [1, 2, 3, 4]}

    def metric(case: Any, **_settings: Any) -> pd.DataFrame:
        return accounts.followers(case)

    with pytest.raises(MetricError, match="'followers' gives several rows for one group"):
        finding_object("empty_profile", metric, inner, vary, {})


def test_a_misspelt_setting_names_the_nearest(inner: Any) -> None:
    with pytest.raises(MetricError, match=r"'new_accounts' has no setting called 'day'.*did you mean 'days'"):
        accounts.new_accounts(inner, day=7)
    with pytest.raises(MetricError, match=r"has no setting called 'daze'.*days"):
        finding_object("new_accounts", accounts.new_accounts, inner, {"daze": [30, 7, 90, 365]}, {})
    with pytest.raises(MetricError, match=r"'post_facts' has no setting called 'by'\. It has none"):
        intake.post_facts(inner, by="day")


def test_a_finding_without_a_control_is_seen_to_have_none(inner: Any) -> None:
    metric, vary = FINDINGS["new_accounts"]
    item = finding_object("new_accounts", metric, inner.where(group="studied"), vary, {})
    assert (item["verdict"], item["control"], item["difference"]) == ("described", None, None)
    assert "control" not in item["text"]["en"]
    assert item["way"] == "described", "a statement, no failure"
    nobody = finding_object("new_accounts", metric, inner.where(group="control"), vary, {})
    assert (nobody["verdict"], nobody["value"], nobody["n"]) == ("inconclusive", None, None)


def test_every_fact_and_finding_of_the_notebooks_has_one_name_and_group(case: Any) -> None:
    items = []
    for table in (intake.post_facts(case), accounts.account_facts(case)):
        items += shown(kit.facts, table)[0].data[MIME.format("facts")]
    items += [finding_object(name, *FINDINGS[name][:1], case, FINDINGS[name][1], {}) for name in FINDINGS]
    names = [(i["id"], i["group"]) for i in items]
    assert len(set(names)) == len(names) > 30


def test_a_note_is_shown_as_it_is(shell: InteractiveShell) -> None:
    (data,) = shown(kit.note, HOSTILE, kind="warning")
    assert data.data[MIME.format("note")] == {"text": HOSTILE, "kind": "warning"}
    assert data.data["text/plain"] == HOSTILE.replace("\u202e", "[U+202E]")


DRIVES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
CONTROLS = "\x1b[31mred\x07 \u202egnp.exe \u2066a\u200b \x9b2J \r\b"


def test_nothing_that_is_shown_drives_a_terminal(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind every door: remarks, tables with their titles and columns, pictures, and what all others go through."""
    table = accounts.age_at_first_post(case)
    table.attrs["title"] = CONTROLS
    monkeypatch.setattr(figures, "describe", lambda _plot: lambda _table: CONTROLS)
    bundles = [*shown(kit.note, CONTROLS), *shown(kit.note, {"en": CONTROLS, "fr": CONTROLS}, kind="warning")]
    bundles += shown(kit.show, table)
    assert "image/png" in bundles[2].data
    said = [b.data for b in bundles] + [speech._bundle(kind, {}, CONTROLS, CONTROLS).data for kind in ("facts", "finding", "colophon")]  # fmt: skip
    for data in said:
        for kind in ("text/plain", "text/html"):
            assert not DRIVES.search(data.get(kind, "")), (kind, data[kind])
    assert "[U+001B][31mred" in said[0]["text/plain"]


def test_the_colophon_says_what_it_was_made_from(case: Any, home: Path) -> None:
    (data,) = shown(kit.colophon, case, days_new=30)
    content = data.data[MIME.format("colophon")]
    assert (content["report"], content["edition"], content["language"]) == ("tiny", "public", "en")
    assert (content["kit"], content["clock"], content["seed"]) == (
        kit.__version__,
        "America/Toronto",
        case.seed,
    )
    assert content["parameters"] == {"days_new": 30}
    assert content["content"] == case.manifest["content"]
    assert {e["name"] for e in content["inputs"]} >= {"x_replies.csv", "x_accounts.csv"}
    assert all(len(e["sha256"]) == 64 and e["read"] > 0 for e in content["inputs"])
    assert str(home) not in json.dumps(content) + data.data["text/html"] + data.data["text/plain"]
    json.dumps(content, allow_nan=False)


# ---------------------------------------------------------------------------
# hostile words


class Tags(HTMLParser):
    """Tags, attributes and text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


PLAIN_TAGS = {"b", "br", "div", "i", "li", "p", "small", "table", "tbody", "td", "th", "thead", "tr", "ul"}


def inert(html: str) -> str:
    """The words of a card, once its tags are seen to be the kit's own."""
    found = Tags(html)
    assert found.tags <= PLAIN_TAGS
    assert found.attributes <= {"style"}
    return found.words


def test_hostile_words_are_inert_in_every_card() -> None:
    table = pd.DataFrame({"group": [HOSTILE], HOSTILE: [HOSTILE], "posts": [5]})
    content = table_object(table, "a", HOSTILE)
    assert inert(card.table(content)).count("<script>") == 4
    assert "<script>" in inert(card.note(HOSTILE, "note"))
    assert "<script>" in inert(card.lines([HOSTILE, HOSTILE]))
    assert "<script>" in inert(card.facts([{"text": {"en": HOSTILE}}], "en"))
    item = {"verdict": "found", "title": HOSTILE, "text": {"en": HOSTILE}, "by_construction": True,
            "sensitivity": [{"verdict": "found", "settings": {HOSTILE: 1}}]}  # fmt: skip
    words = inert(card.finding(item, "en"))
    assert words.count("<script>") == 3
    assert "By construction" in words


def test_hostile_words_from_data_are_made_visible(case: Any, tmp_path: Path) -> None:
    table = pd.DataFrame({"group": ["studied"], "field": ["=1+1 \u202eabc\x07"], "score": [12]})
    (data,) = shown(kit.show, table, name="hostile", units={"score": "number"})
    content = data.data[MIME.format("table")]
    assert content["rows"][0][1] == "=1+1 [U+202E]abc[U+0007]"
    text = (tmp_path / "out" / "tables" / "hostile.csv").read_text()
    assert "\u202e" not in text + data.data["text/plain"] + data.data["text/html"]
    assert "\"'=1+1" in text, "no spreadsheet runs it"


def test_a_name_cannot_leave_the_folder(case: Any, tmp_path: Path) -> None:
    with pytest.raises(MetricError, match="not a name for a file"):
        kit.show(pd.DataFrame({"a": [1]}), name="../../elsewhere")
    assert not list(tmp_path.rglob("elsewhere*"))


# ---------------------------------------------------------------------------
# values as plain data and as words


@pytest.mark.parametrize(
    "value,expected",
    [
        (None, None),
        (pd.NA, None),
        (pd.NaT, None),
        (float("nan"), None),
        (float("inf"), None),
        (np.bool_(True), True),
        (np.int64(7), 7),
        (0.123456789, 0.123457),
        (np.float64(1e-9), 1e-9),
        (dt.date(2023, 8, 7), "2023-08-07"),
        (pd.Timestamp("2023-08-07"), "2023-08-07"),
        (pd.Timestamp("2023-08-07 10:11:12"), "2023-08-07 10:11:12"),
        ({"a": np.int64(1), 2: [np.float64("nan")]}, {"a": 1, "2": [None]}),
        ((1, "b"), [1, "b"]),
        ("a\u202eb", "a[U+202E]b"),
    ],
)
def test_plain_data(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)
    json.dumps(found, allow_nan=False)


def test_an_empty_table_is_a_table() -> None:
    table = pd.DataFrame(columns=["group", "accounts"])
    content = table_object(table, "empty", "Nothing")
    assert (content["rows"], content["rows_total"]) == ([], 0)
    assert table_text(content).splitlines()[0] == "Nothing"
    assert inert(card.table(content)).startswith("Nothing")
