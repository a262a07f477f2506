"""The benchmarks run on something small; what they time is never asserted."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import coordination, ingest

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
