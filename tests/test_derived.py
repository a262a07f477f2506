"""Derived tables: made once for one question, whoever asks, whenever, and by however many threads."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from worlds import desk, post, report

import kit
from kit import closure
from kit.case import derived, memo
from kit.schema import DERIVED

ROOT = Path(__file__).resolve().parent.parent
SAID = "A quiet evening by the lake is worth more than all of these long speeches about the harbour"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("derived")) as folder:
        rows = [post(i, f"u{i}", "2024-03-01T12:00:00Z", f"{SAID} number {i % 3}") for i in range(1, 9)]
        report(folder, "small", posts={"studied": rows})
        yield folder


@pytest.fixture
def case(home: Path) -> Iterator[kit.Case]:
    memo._kept.clear()
    opened = kit.open("small", edition="internal")
    yield opened
    for path in kept(opened):
        path.unlink()


def kept(case: kit.Case) -> list[Path]:
    """Files of the derived tables of a case."""
    return sorted((case.folder / "derived").glob("*.parquet"))


def test_a_default_that_is_written_and_one_that_is_left_out_are_the_same_table(case: kit.Case) -> None:
    for settings in ({}, {"similarity": 0.75}, {"similarity": np.float64(0.75)}, {"shortest": np.int64(12)}):
        case.derived("near_duplicates", **settings)
    assert len(kept(case)) == 1
    for same in ({"similarity": 1}, {"similarity": 1.0}):
        case.derived("near_duplicates", **same)
    for same in ({}, {"languages": ["en", "fr", "zh"]}, {"languages": ("en", "fr", "zh")}):
        case.derived("languages", **same)
    assert [path.name.rpartition("-")[0] for path in kept(case)] == ["languages", *["near_duplicates"] * 2]


@pytest.mark.parametrize("name", derived.PRODUCERS)
def test_defaults_are_those_of_the_maker(name: str) -> None:
    module, function = derived._maker(name)
    parameters = inspect.signature(getattr(importlib.import_module(module), function)).parameters.values()
    wanted = {p.name: p.default for p in parameters if p.default is not p.empty and p.name != "kept"}
    assert derived._defaults(module, function) == wanted


def test_every_table_has_a_maker() -> None:
    assert set(derived.PRODUCERS) == set(DERIVED)


def test_two_settings_do_not_wait_for_each_other(case: kit.Case) -> None:
    """The lock is that of the one table: making another with other settings goes on meanwhile."""
    made = []

    def other(_path: Path, name: str, _read: derived.Read, settings: dict[str, float]) -> pd.DataFrame:
        made.append(settings["similarity"])
        if len(made) < 3:
            case.derived(name, similarity=0.1 * len(made))
        return pd.DataFrame()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derived, "produced", other)
        case.derived("near_duplicates")
    assert made == [0.75, 0.1, 0.2]


def test_tables_are_made_before_a_notebook_asks(case: kit.Case) -> None:
    assert case.lacking("near_duplicate_sources") == ["near_duplicates", "near_duplicate_sources"]
    case.prepare("near_duplicate_sources")
    assert case.lacking("near_duplicate_sources", "near_duplicates") == []
    before = kept(case)
    assert len(before) == 2
    case.derived("near_duplicates", similarity=0.75)
    assert kept(case) == before


def test_what_only_a_metric_knows_is_left_to_it(case: kit.Case) -> None:
    assert derived.unsettled("codes", case.report) == {"codebook"}
    assert case.lacking("codes", "coded") == []


def test_a_table_depends_on_the_code_that_makes_it_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.read_bytes

    def changed(end: str) -> bool:
        derived._code.cache_clear()
        before = derived._code("near_duplicates")
        monkeypatch.setattr(
            Path, "read_bytes", lambda p: real(p) + b"#" if p.as_posix().endswith(end) else real(p)
        )
        derived._code.cache_clear()
        after = derived._code("near_duplicates")
        monkeypatch.setattr(Path, "read_bytes", real)
        derived._code.cache_clear()
        return before != after

    assert changed("kit/texts/kernel.py")
    assert changed("kit/compiled.py")
    assert changed("kit/schema/derived.py")
    assert not changed("kit/texts/codebook.py")


def test_later_tables_depend_on_earlier_ones(case: kit.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before, code = case._place("near_duplicate_sources", {}), derived._code
    monkeypatch.setattr(derived, "_code", lambda name: "new" if name == "near_duplicates" else code(name))
    assert case._place("near_duplicate_sources", {}) != before


@pytest.mark.parametrize(
    "notebook,asked",
    [
        ("00_intake", set()),
        ("01_account_age", set()),
        ("02_posting_time", set()),
        ("04_texts", {"near_duplicates", "codes", "coded", "languages", "language_artefacts"}),
        ("05_media", {"media_placements", "media_items", "media_pairs", "media_clusters"}),
        ("06_coordination", {"near_duplicates", "near_duplicate_sources", "shared_objects", "media_placements", "media_clusters", "open_coordinators"}),
    ],
)  # fmt: skip
def test_what_a_notebook_asks_for_is_known_beforehand(notebook: str, asked: set[str]) -> None:
    cells = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    found = set(derived.asked_by(code, *closure.imported_by(code)))
    assert asked <= found
    assert bool(asked) == bool(found)


def test_a_cell_that_asks_itself_is_seen() -> None:
    assert derived.asked_by('case.derived("shared_objects")') == ["shared_objects"]
    assert derived.makers(["media_clusters"]) == [
        "kit.media.items",
        "kit.media.matches",
        "kit.media.placements",
    ]


@pytest.mark.parametrize("many", [1, 2, 4])
def test_the_same_bytes_for_any_number_of_threads(
    case: kit.Case, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.inference.coaction import order, pairs, weights
    from kit.texts import near_duplicates
    from kit.texts.normal import coded

    def answers() -> list[bytes]:
        rng = np.random.default_rng(5)
        words = np.array(SAID.split())
        texts = [" ".join(rng.permutation(words)[:9]) + str(i // 2) for i in range(200)]
        codes, starts = coded(texts)
        near = near_duplicates.near(codes, starts, np.zeros(200, bool), np.ones(200, np.int64), 0.6)
        thing, account, post_, time = (rng.integers(0, most, 3000) for most in (200, 90, 2500, 10**6))
        table = pairs.edges(thing, account, post_, time, 50_000).table
        said = near_duplicates.kernel.hashes(codes, starts)
        return [said.tobytes(), *(part.tobytes() for part in near), table.to_csv().encode()]

    monkeypatch.setattr(order, "_ALONE", 0)
    monkeypatch.setattr(weights.ranges, "__defaults__", (500, 100))
    monkeypatch.setenv("DAYLIGHT_THREADS", str(many))
    mine = answers()
    monkeypatch.setenv("DAYLIGHT_THREADS", "3")
    assert mine == answers()
    assert len(mine[-1]) > 10_000
