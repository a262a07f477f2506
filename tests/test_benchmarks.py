"""The benchmarks run on something small; what they time is never asserted."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import coordination, equal, ingest, run

pytestmark = pytest.mark.slow  # what they measure is tested elsewhere

ROOT = Path(__file__).resolve().parent.parent


def test_the_export_is_well_formed_and_seeded(tmp_path: Path) -> None:
    first, again = tmp_path / "a.csv", tmp_path / "b.csv"
    ingest.generate(first, 3_000)
    ingest.generate(again, 3_000)
    assert first.read_bytes() == again.read_bytes()
    with first.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) == len({row["tweetid"] for row in rows}) == 3_000
    assert any("\n" in row["tweet_text"] for row in rows)
    assert any('"' in row["tweet_text"] for row in rows)


@pytest.mark.parametrize(
    "method", [m for m in ingest.METHODS if m.startswith("kit") or "COPY" in m or "pandas" in m]
)
def test_each_method_stores_every_row(tmp_path: Path, method: str) -> None:
    source = tmp_path / "posts.csv"
    ingest.generate(source, 2_000)
    assert ingest.measure(method, source)["rows"] == 2_000


def test_no_damaged_record_is_lost(tmp_path: Path) -> None:
    source = tmp_path / "posts.csv"
    ingest.generate(source, 4_000, damaged=15)
    (out := tmp_path / "out").mkdir()
    found = ingest.damaged(source, out)
    assert found["records"] == 4_000
    assert found["kept"] == 4_000 - 15
    assert found["rejections"] >= 15
    assert found["lost"] == 0


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    arguments = ["--posts", "500", "--folder", str(tmp_path), "--only", "DuckDB bare COPY", "--hurt", "3"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ingest", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "| DuckDB bare COPY |" in done.stdout
    assert "'lost': 0" in done.stdout


def test_the_search_for_copies_is_scored(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.texts", "--posts", "2e3", "--folder", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stdout.splitlines() if line.startswith("kit")]
    _name, _seconds, peak, found, precision, _ratio = line.split()
    assert float(peak) > 0
    assert float(found) >= 0.9
    assert float(precision) >= 0.9


def test_every_way_to_find_pairs_finds_the_same_edges(tmp_path: Path) -> None:
    source = coordination.generate(tmp_path, 3_000)
    given = coordination.load(source)
    facts = {
        name: coordination._facts(make(given, tmp_path)()) for name, make in coordination.METHODS.items()
    }
    tables = {name: one["table"] for name, one in facts.items() if "table" in one}
    assert len(tables) == 3
    assert len(set(tables.values())) == 1
    assert facts["kit: edges"]["edges"] > 300
    assert facts["kit: edges, on disk"]["plan"] == "partitions"


def test_pairs_are_measured_in_a_process_of_their_own(tmp_path: Path) -> None:
    results = []
    for rows in (2_000, 4_000):
        source = coordination.generate(tmp_path, rows)
        results.append(coordination.measure("kit: edges", source, 1) | {"method": "kit: edges", "rows": rows})
    assert all(one["peak_mib"] > 0 for one in results)
    assert "| kit: edges | 4,000 |" in coordination.table(results)
    assert coordination.slopes(results).startswith("kit: edges: ")
    assert coordination.toolkit(f"{sys.executable} -I", source, tmp_path).keys() == {
        "error"
    }  # not installed here


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[run.State, str]:
    """A copy of this checkout, prepared, with a report of one notebook in two languages."""
    state = run.copied("now", ROOT, sys.executable, tmp_path_factory.mktemp("runs"))
    report = run.generated(state, 300, ["00_intake"], ("en", "fr"))
    run.prepare(state, report, kernels=False)
    return state, report


def test_a_run_is_measured_with_its_cells_and_no_edit_executes_a_notebook(
    built: tuple[run.State, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, report = built
    monkeypatch.setattr(run, "WORDS", {"one word": "studied"})
    catalogue = (state.root / run.CATALOGUE).read_bytes()
    whole = state.run(report)
    assert whole["notebooks"] == 1
    assert {cell["notebook"] for cell in whole["cells"]} == {"00_intake"}
    assert whole["cpu"] > 0
    found = run.edits(state, report)
    assert {what: one["changed"] for what, one in found.items()} == {
        "nothing changed": False,
        "one word": True,
        "one style sheet": True,
    }
    assert {one["notebooks"] for one in found.values()} == {0}
    assert (state.root / run.CATALOGUE).read_bytes() == catalogue
    page = state.out(report) / "public" / "fr"
    assert equal.differences(page, page, {kind: {} for kind in equal.renames()}) == []
    assert json.loads((page / "findings.json").read_text("utf-8"))
    run.cold(state, report, kernels=False)
    assert not state.out(report).exists()
    assert (state.case(report) / "manifest.json").exists()


def test_the_copy_is_what_is_run_and_holds_nothing_that_was_built(built: tuple[run.State, str]) -> None:
    state, _report = built
    done = subprocess.run(
        [state.python, "-c", "import kit; print(kit.__file__)"],
        cwd="/", env=state.environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(done.stdout.strip()).is_relative_to(state.root)
    assert not (state.root / ".git").exists()
    assert not (state.root / "reports" / "sample" / "out").exists()


def test_processes_that_are_left_behind_are_counted(tmp_path: Path) -> None:
    work = "import time; end = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
    leave = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}], start_new_session=True)"
    )
    done = run.timed([sys.executable, "-c", leave], tmp_path, {})
    assert done["code"] == 0
    if sys.platform == "linux":
        assert done["cpu"] > 0.5
    failed = run.timed([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path, {})
    assert failed["code"] == 1
    assert failed["error"] == "no such thing"


def test_runs_are_printed_as_medians_with_both_states_side_by_side() -> None:
    def one(seconds: float, longest: float = 1.0) -> dict[str, Any]:
        cell = {"notebook": "02_posting_time", "seconds": longest, "cell": "kit.show(daily)"}
        return {"seconds": seconds, "cpu": seconds / 2, "notebooks": 7, "cells": [cell]}

    runs = {
        "no compiled kernels": {"before": [one(300.0), one(310.0), one(900.0)], "now": [one(100.0)]},
        "as set-up leaves it": {"now": [one(62.0)]},
        "one style sheet": {"now": [one(1.0) | {"notebooks": 0, "cells": []}]},
        "1,000 generated posts": {"before": [one(9.0, 8.0)], "now": [one(3.0), one(3.0, 2.5)]},
    }
    lines = run.table(runs).splitlines()[2:]
    assert (
        lines[0]
        == "| no compiled kernels | 310.0 | 155.00 | 7 | 100.0 | 50.00 | 7 | 3.1 | 3.1 | time ÷ 3; 90 s |"
    )
    assert lines[1].startswith(
        "| as set-up leaves it | 310.0 | 155.00 | 7 | 62.0 |"
    )  # set-up compiled nothing
    assert lines[2] == "| one style sheet |  |  |  | 1.0 | 0.50 | 0 |  |  | no notebook |"
    assert run.longest(runs).splitlines() == [
        "longest cell, before: 8.0 s of 900 (02_posting_time: kit.show(daily))",
        "longest cell, now: 2.5 s of 900 (02_posting_time: kit.show(daily))",
    ]


def test_a_rename_is_no_difference_and_any_other_change_is_named(tmp_path: Path) -> None:
    renamed = {kind: {} for kind in equal.renames()} | {
        "findings": {"in_step": "synchronised"},
        "metrics": {"marks": "indicators"},
        "columns": {"mark": "indicator"},
        "of": {"synchronised": {"settings": {"marks": "indicators"}}},
    }
    item = {
        "id": "in_step", "kind": "finding", "notebook": "06", "group": "studied", "value": 0.25, "metric": "m",
        "table": "findings", "unit": "share of accounts", "label": None, "settings": {"marks": 4}, "text": {"en": "Old."},
    }  # fmt: skip
    before, after = tmp_path / "before", tmp_path / "after"
    _page_folder(before, [item], {"marks": "mark,value\ncreated,1\nnight,2\n"})
    now = item | {"id": "synchronised", "settings": {"indicators": 4}, "text": {"en": "New."}}
    _page_folder(after, [now], {"indicators": "indicator,value\ncreated,1\nnight,2\n"})
    assert equal.differences(before, after, renamed) == []
    assert len(equal.reworded(before, after, renamed)) == 1

    shutil.rmtree(after)
    _page_folder(
        after,
        [now | {"value": 0.250001}],
        {"indicators": "indicator,value\ncreated,1\nnight,3\n", "more": "a\n1\n"},
    )
    assert equal.differences(before, after, renamed) == [
        "06, finding synchronised (studied): value: 0.25 -> 0.250001",
        "table indicators: value: 1 of 2 cells, first 2 -> 3",
        "table more: is new",
    ]
    assert equal.differences(before, before, renamed) != []  # the old names are gone


def _page_folder(folder: Path, findings: list[dict[str, Any]], tables: dict[str, str]) -> None:
    (folder / "tables").mkdir(parents=True)
    (folder / "findings.json").write_text(json.dumps(findings), "utf-8")
    for name, text in tables.items():
        (folder / "tables" / f"{name}.csv").write_text(text, "utf-8")
