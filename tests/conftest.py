"""Shared by all tests: where the real data is, and nothing of the reader's own settings."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import badinputs
import matplotlib
import needs
import pytest
from hypothesis import settings

from kit import edition, locale

ROOT = Path(__file__).resolve().parent.parent

# The kernels that tests start inherit the environment: a backend set there swallows pictures, and another
# home or output folder would send results elsewhere.
for name in ("MPLBACKEND", "DAYLIGHT_HOME", "DAYLIGHT_OUT"):
    os.environ.pop(name, None)
matplotlib.use("Agg")

# What a test that names no number of examples draws.
settings.register_profile("daylight", max_examples=needs.examples(200), deadline=None)
settings.load_profile("daylight")

# A job that a shell runs in the background ignores Ctrl-C, and so would every command that a test stops.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: files that take long, by the CPU seconds that were measured, most first: in the long form (`make check`), or in
#: the short one where that is all there is; `test_faults` is worth 370 and 35, a notebook what its kernel needs
LONG = (
    "test_synchrony_worlds",
    "test_timing_worlds",
    "test_faults",
    "test_copying_worlds",
    "test_hostile",
    "test_royal_thai_army",
    "test_media_films",
    "test_benchmarks",
    "test_figures",
    "04_texts",
    "test_bad_metrics",
    "test_french",
    "test_metrics_narratives",
    "06_coordination",
    "test_coordination_metrics",
    "test_case",
    "test_timing_metrics",
    "test_metrics_targets",
    "test_media_case",
    "test_coordination_actions",
    "test_metrics_near_duplicates",
    "02_posting_time",
    "test_coaction_pairs",
    "test_bulk",
    "test_cli",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, or one of two workers is left with it at the end."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: (place.get(item.path.stem, len(LONG)), not item.get_closest_marker("slow")))


def pytest_report_header() -> str:
    """Says at once what is missing, and so skipped."""
    return needs.head()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real data; a test that needs it is skipped where there is none, but never in CI."""
    folder = Path(os.environ.get("DAYLIGHT_DATA") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        if os.environ.get("DAYLIGHT_REQUIRE_DATA") == "1":
            pytest.fail(f"DAYLIGHT_REQUIRE_DATA is set, but there is no data in {folder}")
        pytest.skip("no real data here; name its folder in DAYLIGHT_DATA")
    return folder


@pytest.fixture(scope="session")
def catalogue(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> badinputs.Catalogue:
    """The catalogue of bad inputs, made once for all tests and all processes that run them."""
    return badinputs.make(real_data / "badinputs" / "make_badinputs.py", tmp_path_factory)


@pytest.fixture(autouse=True)
def _clean_desk() -> Iterator[None]:
    """Each test starts in English, in a process that no run started and that opened nothing, and leaves no figure open."""
    edition.opened.clear()
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
    if locale := sys.modules.get("kit.locale"):
        locale.use("en")


@pytest.fixture
def own_catalogue(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The French catalogue `PO` of the test's module in place of the kit's."""
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "kit.po").write_text(request.module.PO, encoding="utf-8")
    monkeypatch.setattr(locale, "_FOLDER", tmp_path)
    locale.catalogue.cache_clear()
    yield
    locale.catalogue.cache_clear()
