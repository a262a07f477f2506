"""Real sets through the case: nothing is validated, and what the page says instead is why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import desk

import kit
from kit.metrics import coordination
from kit.notebook.findings import finding_object

pytestmark = [pytest.mark.real, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
VARY = {"similarity": [0.75, 0.9], "long": [8, 12], "indicators": [3, 4]}


@pytest.fixture(scope="module")
def home(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("real")) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYLIGHT_DATA", str(real_data))
        for name in ("royal-thai-army", "canadian-mps-bluesky"):
            shutil.copytree(
                ROOT / "reports" / name, folder / "reports" / name, ignore=shutil.ignore_patterns("out")
            )
        yield folder


@pytest.fixture(scope="module")
def army(home: Path) -> Any:
    return kit.open("royal-thai-army")


def test_the_army_is_not_validated_and_one_sitting_shows_it(army: Any) -> None:
    table = coordination.synchronised_traces(army)
    assert table["validated_pairs"].sum() == 0
    sitting = coordination.one_sitting(army).set_index("trace").loc["repost"]
    assert 80 <= sitting["pairs"] <= 110, "seven traces are corrected for; alone it is 101 +- 3"
    assert 54 <= sitting["accounts"] <= 70
    alone = coordination.one_sitting(army, traces="repost").iloc[0]
    assert 90 <= alone["pairs"] <= 110
    assert 60 <= alone["accounts"] <= 72


def test_g16_without_a_control_nothing_is_said_of_its_texts(army: Any) -> None:
    found = finding_object("shared_templates", coordination.shared_templates, army, VARY, {})
    assert found["verdict"] == "inconclusive"
    assert "no control was available" in found["text"]["en"]
    assert coordination.template_groups(army).empty
    sources = coordination.template_sources(army).set_index("template_source")
    assert "none" in sources.index


def test_g16_members_of_parliament_are_left_alone(home: Path) -> None:
    case = kit.open("canadian-mps-bluesky")
    assert coordination.synchronised_traces(case)[["synchronised_pairs", "validated_pairs"]].sum().sum() == 0
    assert coordination.one_sitting(case)["pairs"].sum() == 0
    assert coordination.template_groups(case).empty
    for name, metric in (
        ("synchronised", coordination.synchronised),
        ("shared_templates", coordination.shared_templates),
    ):
        vary = VARY if name == "shared_templates" else {"repeats": [3, 5, 10], "alpha": [0.05, 0.01]}
        assert finding_object(name, metric, case, vary, {})["verdict"] == "inconclusive"
