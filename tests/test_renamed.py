"""Names that were replaced before 0.1.0 are refused, and the error says the new one."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from kit.case import derived
from kit.case.renamed import RENAMED as TABLES
from kit.claims import CLAIMS, claim
from kit.claims.renamed import RENAMED
from kit.errors import MetricError, ReportError
from kit.metrics import coordination, texts
from kit.metrics.renamed import METRICS, SETTINGS
from kit.publish.parameters import parameters_of
from kit.schema import DERIVED

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_name_of_a_finding_is_told_the_new_one(old: str, new: str) -> None:
    assert new in CLAIMS
    assert old not in CLAIMS
    with pytest.raises(MetricError, match=f"'{old}' is now called '{new}'"):
        claim(old)


@pytest.mark.parametrize(("old", "new"), TABLES.items())
def test_an_old_name_of_a_derived_table_is_told_the_new_one(old: str, new: str) -> None:
    assert new in DERIVED
    assert old not in DERIVED
    with pytest.raises(MetricError, match=f"'{old}' is now called '{new}'"):
        derived.check(old)


def test_a_derived_table_that_never_was_names_the_nearest() -> None:
    with pytest.raises(MetricError, match=r"no derived table is called 'langages'.*did you mean 'languages'"):
        derived.check("langages")
    for name in DERIVED:
        derived.check(name)


def test_an_old_name_of_a_parameter_is_told_the_new_one() -> None:
    path = NOTEBOOKS / "04_texts.ipynb"
    with pytest.raises(ReportError, match="parameter 'trace' of '04_texts' is now called 'artefact'"):
        parameters_of(path, {"trace": "missing_space"}, "report.yml")
    assert parameters_of(path, {"artefact": "missing_space"}, "report.yml") == {"artefact": "missing_space"}
    assert parameters_of(NOTEBOOKS / "06_coordination.ipynb", {"trace": "url"}, "report.yml") == {
        "trace": "url"
    }


@pytest.mark.parametrize(
    ("room", "old", "new"),
    [(room, old, new) for room, names in METRICS.items() for old, new in names.items()],
)
def test_an_old_name_of_a_metric_is_told_the_new_one(room: str, old: str, new: str) -> None:
    module = importlib.import_module(f"kit.metrics.{room}")
    assert hasattr(module, new)
    with pytest.raises(AttributeError, match=f"'{room}.{old}' is now called '{room}.{new}'"):
        getattr(module, old)


@pytest.mark.parametrize(
    ("metric", "old"),
    [(coordination.shared_templates, "marks"), (texts.language_artefact_rate, "trace")],
)
def test_an_old_name_of_a_setting_is_told_the_new_one(metric: Any, old: str) -> None:
    with pytest.raises(MetricError, match=f"'{old}' is now called '{SETTINGS[old]}'"):
        metric(None, **{old: 3})
