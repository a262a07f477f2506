"""Every bad input of the catalogue has a test that carries its id, or stands here with the reason why not yet."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from badinputs import Catalogue

ID = re.compile(r"(?<![A-Za-z])([A-Z]{2})[-_](\d\d)(?!\d)")
HERE = Path(__file__).resolve().parent

_PDF = "the kit writes no PDF yet"
_XLSX = "the kit writes no XLSX yet"
_FETCH = "the kit fetches nothing yet, so no address is ever asked"

#: parts of the kit that do not exist yet, and the cases that wait for them
LATER: dict[str, str] = {
    "NT-01": _FETCH,
    "NT-02": _FETCH,
    "NT-03": _FETCH,
    "NT-04": _FETCH,
    "PD-01": _PDF,
    "PD-02": _PDF,
    "PD-03": _PDF,
    "PD-04": _PDF,
    "PD-05": _PDF,
    "PD-06": _PDF,
    "EX-04": _XLSX,
    "EX-05": _XLSX,
    "EX-06": _XLSX,
    "EX-07": _XLSX,
    "PR-10": "no media is ever shown, so no flag of media is read yet: incidents come with the notebook on harms",
    "PR-13": "retention is stated in words and not yet a date: `purge` comes with the ledger",
    "PR-14": "there is no ledger of outputs yet in which a command could find an account",
}

#: cases whose test stands with its neighbours: id -> file, test and, where it has several, the one meant
ELSEWHERE: dict[str, tuple[str, str, str]] = {
    "HT-01": ("test_browser.py", "test_hostile_pages_run_nothing_and_ask_for_nothing", "hostile()"),
    "HT-10": ("test_browser.py", "test_a_long_report_opens_quickly", "rows_total=50_000"),
    "TL-05": ("test_cli.py", "test_any_terminal_will_do", "env"),
    "VA-20": ("test_coordination_actions.py", "test_VA_20_the_file_of_variants_holds_one_page", "VA-20"),
    "ME-10": (
        "test_coordination_actions.py",
        "test_ME_10_a_hub_is_counted_and_its_pairs_are_exact",
        "3000 * 2999 // 2",
    ),
    "EX-10": (
        "test_coordination_metrics.py",
        "test_the_network_is_the_same_on_every_run_and_opens_in_other_programs",
        "fromstring",
    ),
    "NT-05": ("test_hostile.py", "test_nothing_needs_the_network", "getaddrinfo"),
    "NB-04": ("test_faults.py", "test_a_notebook_that_does_not_end_is_named_with_its_cell", '"prints"'),
    "NB-05": ("test_faults.py", "test_a_notebook_that_does_not_end_is_named_with_its_cell", '"loops"'),
    "NB-06": ("test_faults.py", "test_papermill_is_not_believed", '"out of order"'),
}


def _tested() -> set[str]:
    """Ids that stand in the name of a test or in its parameters."""
    found = set()
    for path in HERE.glob("test_bad_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = [node.name.removeprefix("test_")]
                for decorator in node.decorator_list:
                    words += [w.value for w in ast.walk(decorator) if isinstance(w, ast.Constant)]
                found |= {"-".join(match) for w in words if isinstance(w, str) for match in ID.findall(w)}
    return found


@pytest.mark.real
def test_every_case_of_the_catalogue_is_tested_or_waits_for_a_reason(catalogue: Catalogue) -> None:
    known = {entry["id"] for entry in catalogue.index}
    assert len(known) == len(catalogue.index) == 237
    tested = _tested() | set(ELSEWHERE)
    assert not sorted(known - tested - set(LATER)), "neither a test nor a reason"
    assert not sorted((tested | set(LATER)) - known), "no such case"
    assert not sorted(tested & set(LATER)), "tested already"
    assert all(len(reason) > 20 for reason in LATER.values())


@pytest.mark.parametrize("id_", ELSEWHERE)
def test_a_test_that_stands_elsewhere_is_there(id_: str) -> None:
    file, name, words = ELSEWHERE[id_]
    text = (HERE / file).read_text("utf-8")
    names = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert name in names
    assert words in text
