"""One page never contradicts itself: sentences, tables, charts' descriptions, CSV and JSON say the same of one number.

Over whole pages: of crowds made to break the public edition, of a crowd whose days are few and full, and of the sample.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crowd
import crowds
import pages
import pytest
from pages import Number, Rows, numbers
from shared import once
from worlds import desk

from kit import report as reports
from kit import words
from kit.disclosure import PEOPLE
from kit.notebook import kept
from kit.publish.run import run

ROOT = Path(__file__).resolve().parent.parent
SEED = 2
EVERY = sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))


def _crowds(home: Path) -> str:
    crowds.write(home, "crowds", crowds.crowd(SEED))
    return "crowds"


def _crowd(home: Path) -> str:
    crowd.crowd(home, "crowd", notebooks=EVERY, audience_zones="not known")
    return "crowd"


def _sample(home: Path) -> str:
    shutil.copytree(
        ROOT / "reports" / "sample", home / "reports" / "sample", ignore=shutil.ignore_patterns("out")
    )
    (home / "data").mkdir()
    (home / "data" / "sample").symlink_to(ROOT / "data" / "sample")
    return "sample"


@dataclass
class Built:
    """A page, and what its numbers said to the auditor."""

    page: pages.Page
    quantities: list[dict[str, Any]]


def built(home: Path, name: str) -> Built:
    with desk(home):
        (page,) = run(reports.load(name), languages=["en"])
        stages = sorted((home / "reports" / name / "out" / ".stages").glob("public*/*"))
    return Built(pages.read(page.parent), [one for stage in stages for one in kept.quantities(stage)])


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(_crowds, id="crowds"),
        pytest.param(_crowd, id="crowd", marks=pytest.mark.slow),
        pytest.param(_sample, id="sample", marks=pytest.mark.slow),
    ],
)
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    make = request.param
    _folder, found = once(tmp_path_factory, f"agree{make.__name__}", lambda home: built(home, make(home)))
    return found


# --- the numbers of a table, of an entry and of a text


def of_table(rows: Rows) -> Iterator[float]:
    for row in rows:
        for cell in row.values():
            yield from (number.value for number in numbers(cell))
            yield from _plain(cell)


def _plain(cell: str) -> Iterator[float]:
    try:
        yield float(cell)
    except ValueError:
        return


def of_entry(value: Any) -> Iterator[float]:
    """Every number of a fact or finding but those of its sentence."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from of_entry(inner) if key != "text" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from of_entry(inner)
    elif isinstance(value, str):
        yield from of_table([{"": value}])
    elif value is not None and not isinstance(value, bool):
        yield float(value)


def elsewhere(number: Number, known: Iterable[float]) -> bool:
    """Whether a number is one of those known, rounded as it is written, whatever its sign."""
    return any(number.may_be(other) or number.may_be(abs(other)) for other in known)


def beside(number: Number, known: Iterable[float]) -> list[float]:
    """The numbers that it can only be by mistake: nearly the same, and not the same."""
    large = number.value >= 20 or number.written.endswith("%")
    return [other for other in known if large and 0 < abs(number.value - abs(other)) <= 0.03 * abs(other)]


# --- what the page says


def test_a_table_on_the_page_is_its_csv(one: Built) -> None:
    compared, wrong = 0, []
    for shown in one.page.shown:
        rows = one.page.tables[shown.csv]
        columns = [c for c in (rows[0] if rows else ()) if not c.endswith("_shown") and c != "not_recorded"]
        assert not shown.cells or {len(cells) for cells in shown.cells} == {len(columns)}, shown.csv
        for row, cells in zip(rows, shown.cells, strict=False):
            for column, cell in zip(columns, cells, strict=True):
                compared += bool(numbers(cell))
                if not same(cell, row[column], row.get(f"{column}_shown") or ""):
                    wrong.append((shown.csv, column, cell, row[column], row.get(f"{column}_shown")))
    assert not wrong
    assert compared > 100


def same(cell: str, value: str, word: str) -> bool:
    """Whether a cell of the page says what the CSV has: a number, or the words that stand for one."""
    found = numbers(cell)
    kind, *more = word.split() or [""]
    if kind == "of":
        return [n.value for n in found] == [float(x) for x in more]
    if kind in ("under", "over"):
        return len(found) == 1 and found[0].may_be(float(more[0]))
    if kind in ("small", "all_but"):
        return 10.0 in [n.value for n in found]
    if kind in ("withheld", "unknown"):
        return not found
    if not list(_plain(value)) or len(found) != 1 or found[0].written != cell:
        return True  # a name, a day, a sentence
    return found[0].may_be(float(value))


def test_facts_and_findings_stand_alike_in_json_and_csv(one: Built) -> None:
    facts = {(row["id"], row["group"]): row for row in one.page.tables["facts.csv"]}
    findings = {
        row["id"]: row for row in reversed(one.page.tables.get("findings.csv", [])) if row["row"] == "studied"
    }
    wrong = []
    for entry in one.page.entries:
        row = facts[entry["id"], entry["group"]] if entry["kind"] == "fact" else findings[entry["id"]]
        for name in {"value", "low", "high", "n", "verdict"} & row.keys():
            said = "" if entry[name] is None else entry[name]
            alike = (
                str(said) == row[name]
                if isinstance(said, str)
                else said == pytest.approx(float(row[name] or "nan"), rel=2e-5)
            )
            if not alike:
                wrong.append((entry["id"], name, said, row[name]))
        assert row["text"] == entry["text"]["en"]
    assert one.page.entries
    assert not wrong


def test_a_finding_is_the_row_of_its_table(one: Built) -> None:
    """Where the notebook shows the metric of a finding, both say one number, also of the control."""
    wrong = []
    for entry in one.page.entries:
        rows = one.page.tables.get(f"{entry['metric']}.csv", [])
        for group, said in ((entry["group"], entry), ("control", entry.get("control"))):
            mine = [row for row in rows if row.get("group") == group]
            if entry["kind"] == "fact" or not said or len(mine) != 1 or entry["settings"] != {}:
                continue
            for name, column in (("value", "estimate"), ("low", "low"), ("high", "high"), ("n", "n")):
                if column in mine[0] and said.get(name) != pytest.approx(
                    next(_plain(mine[0][column]), None), rel=2e-5
                ):
                    wrong.append((entry["id"], group, name, said.get(name), mine[0][column]))
    assert not wrong


def test_a_sentence_says_no_other_number_than_its_finding(one: Built) -> None:
    """What is nearly a number of the finding is that number; a share stands in the finding or in a table of its metric."""
    wrong = []
    for entry in one.page.entries:
        own = [*of_entry(entry), *of_table(one.page.tables.get(f"{entry['metric']}.csv", []))]
        for number in numbers(entry["text"]["en"]):
            if not elsewhere(number, own) and (near := beside(number, own)):
                wrong.append((entry["id"], number.written, near[:3], entry["text"]["en"]))
    assert not wrong


def test_a_description_says_no_other_number_than_its_chart(one: Built) -> None:
    wrong, described = [], 0
    for shown in one.page.shown:
        own = list(of_table(one.page.tables[shown.csv]))
        own += [n - 1 for n in own if n == int(n)]  # a class to 90 days is said as 0 to 89
        for number in numbers(shown.alt):
            described += 1
            other = not elsewhere(number, own)
            if other and (number.written.endswith("%") or beside(number, own)):
                wrong.append((shown.csv, number.written, shown.alt))
    assert described
    assert not wrong


def test_one_number_is_shown_in_one_way(one: Built) -> None:
    """Wherever it stands: a number has one name in all tables, facts and findings."""
    said: dict[str, set[Any]] = defaultdict(set)
    for quantity in one.quantities:
        if quantity["kind"] not in ("unknown", "withheld"):  # which say nothing
            said[quantity["id"]].add(quantity.get("value", quantity["kind"]))
    assert len(said) > 100
    assert not {name: values for name, values in said.items() if len(values) > 1}


def test_a_share_of_people_is_its_shown_part_of_its_shown_whole(one: Built) -> None:
    """660 of 697 does not stand beside 94 %: where a row has a share and both its counts, they agree."""
    wrong = []
    for name, rows in one.page.tables.items():
        for row in rows:
            for share, part, whole in _shares(name.removesuffix(".csv"), row):
                said, k, n = (next(_plain(row[column]), None) for column in (share, part, whole))
                if None not in (said, k, n) and n and abs(said - min(1, k / n)) > 1e-4:  # type: ignore[operator]
                    wrong.append((name, share, said, k, n))
    assert not wrong


def _shares(metric: str, row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """The shares of people in a row, each with the columns of its part and its whole."""
    for column in row:
        known = words.column(column, metric)
        if known is None or known.role not in ("share", "estimate") or known.counts not in PEOPLE:
            continue
        part = words.column(known.of, metric)
        whole = "n" if known.role == "estimate" else part.of if part else ""
        if metric == "roster_shares":  # of all who were addressed, whatever their category
            continue
        if known.of in row and whole in row:
            yield column, known.of, whole
