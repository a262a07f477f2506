"""One execution for all languages: what is kept, said again, and what makes anything run again."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shell import kit, put_in, small, state, walked, write_notebook
from worlds import desk

from kit import case as cases
from kit import closure, locale, metrics
from kit import report as reports
from kit.errors import MetricError
from kit.locale import within
from kit.locale.later import by_language, counted, joined, later, later_n, say, territories
from kit.notebook import kept
from kit.publish import crew
from kit.publish import run as runs
from kit.publish.phrase import still_right
from kit.publish.stages import code_cells, code_of

ROOT = Path(__file__).resolve().parent.parent
OWN = """\
from kit.metrics import accounts

kit.show(accounts.creations(case, by="day"))
kit.facts(accounts.account_facts(case))
kit.note({"en": "A word.", "fr": "Un mot."})"""
#: words of a language that are chosen in a cell, before anybody keeps them
ALOUD = """\
from kit import locale

kit.note(locale.percent(0.125))"""
MINE = """\
import matplotlib.pyplot as plt


def plot_mine(table, *, ax=None):
    ax = ax or plt.gca()
    ax.bar(table["group"], table["accounts"])
    return ax


def alt_mine(table):
    return "Accounts by group."


import __main__

__main__.alt_mine = alt_mine  # as in a kernel, where cells run
kit.show(case.summary(), plot_mine, name="mine")
print("for the person at the desk only")"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A report in two languages that ran: one notebook of ours, one that asks for the language."""
    home = tmp_path_factory.mktemp("two")
    cells = put_in(OWN)
    cells.insert(6, MINE)
    folder = small(home, "two", cells, languages=["en", "fr"], notebooks=["look", "asks", "aloud"])
    write_notebook(folder / "asks.ipynb", put_in("kit.note('said in ' + case.language)"))
    write_notebook(folder / "aloud.ipynb", put_in(ALOUD))
    done = kit(home, "run", "two")
    assert (done.returncode, done.stderr) == (0, "")
    return home


def built(home: Path, *parts: str) -> Path:
    return home.joinpath("reports/two/out", *parts)


# --- what is kept


VALUES = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.dates() | st.datetimes()
)  # fmt: skip


@given(st.lists(VALUES, max_size=6))
def test_a_table_comes_back_as_it_was(values: list[Any]) -> None:
    n = len(values)
    table = pd.DataFrame({"any": pd.Series(values, dtype=object)})
    table["number"] = pd.Series(np.arange(n) / 3 if n else [], dtype="float64")
    table["whole"] = pd.array([None if i % 2 else i for i in range(n)], dtype="Int64")
    table["text"] = pd.Series([f"é{i}" for i in range(n)], dtype="str")
    table["when"] = pd.to_datetime([dt.datetime(2023, 9, 1 + i) for i in range(n)])
    table["kind"] = pd.Categorical(["a"] * n)
    table.attrs = {"within": (("group",), ("group", "day")), "outcome": {"studied": np.int64(3)}, 4: None}
    back = kept.unpacked(kept.packed(table))
    pd.testing.assert_frame_equal(back, table)
    assert back.attrs == table.attrs
    assert isinstance(back.attrs["within"], tuple)


def test_half_characters_and_no_number_come_back() -> None:
    table = pd.DataFrame({"a": pd.Series(["\ud800", None], dtype=object), "b": [float("nan"), float("inf")]})
    pd.testing.assert_frame_equal(kept.unpacked(kept.packed(table)), table)


# --- texts that wait


def test_a_text_waits_for_its_language() -> None:
    text = joined(
        [
            later("No control was available."),
            counted(1204.5),
            territories(["FR", "DE"]),
            by_language({"en": "a", "fr": "b"}),
        ]
    )
    assert text == f"No control was available., {locale.number(1204.5)}, France, Germany, a"
    with within("fr"):
        assert say(text).startswith("Aucun")
        assert say(text).endswith("Allemagne, France, b")
        assert f"{text}" == say(text)
    rows = later_n("{n} row is withheld because it would count fewer than {threshold} accounts.",
                   "{n} rows are withheld because they would count fewer than {threshold} accounts.", 1, threshold=10)  # fmt: skip
    assert rows.startswith("1 row ")


def test_a_metric_that_translates_is_an_error() -> None:
    @metrics.metric("A table")
    def bad(case: Any) -> pd.DataFrame:
        """Bad?"""
        return pd.DataFrame({"group": [locale._("No control was available.")]})

    metrics.METRICS.pop(next(name for name, f in metrics.METRICS.items() if f is bad))
    with pytest.raises(MetricError, match="'bad' puts words of one language into its table"):
        bad(None)
    assert locale._("No control was available."), "outside a metric nothing is forbidden"


def test_listening_tells_what_would_change_the_words() -> None:
    with locale.listening() as heard, within("fr"):
        said = locale._("No control was available.")
    assert heard == {("fr", "one", ("No control was available.",)): said}
    ((language, kind, texts),) = heard
    assert locale.still(language, kind, texts, said)
    assert not locale.still(language, kind, texts, "Autre chose.")


# --- one execution


def test_a_notebook_is_executed_once_for_all_languages(home: Path) -> None:
    assert (built(home, ".stages/public/look/notebook.ipynb")).exists()
    assert not built(home, ".stages/public@fr/look").exists()
    assert built(home, ".stages/public@fr/asks/notebook.ipynb").exists(), "this one asked for the language"
    pages = {code: built(home, "public", code, "index.html").read_text("utf-8") for code in ("en", "fr")}
    assert "said in en" in pages["en"]
    assert "said in fr" in pages["fr"]
    assert "12.5%" in pages["en"]
    assert "12,5\u202f%" in pages["fr"] or "12,5\xa0%" in pages["fr"], (
        "so did this one, by saying something itself"
    )
    assert "A word." in pages["en"]
    assert "Un mot." in pages["fr"]
    for page in pages.values():
        assert "Accounts by group." in page, "a picture of the researcher's own stands in every language"
        assert "person at the desk" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_said_is_what_a_notebook_in_that_language_shows(
    language: str, home: Path, tmp_path: Path
) -> None:
    """The page by way of what was kept, and the one by notebooks whose case was opened in that language."""
    with desk(home):
        page = walked("two", tmp_path, language=language)
    wanted, given = state(page.parent), state(built(home, "public", language))
    mine = {
        name for name in wanted if "mine" in name and language == "fr"
    }  # drawn once, in the first language
    assert {n: h for n, h in given.items() if n not in mine and n != "manifest.json"} == {
        n: h for n, h in wanted.items() if n not in mine and n != "manifest.json"
    }


def test_the_executed_language_is_taken_as_it_is(home: Path) -> None:
    executed, said = (
        built(home, ".stages", part, "look", "notebook.ipynb") for part in ("public", "public-en")
    )
    outputs = [
        [cell["outputs"] for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "code"]
        for path in (executed, said)
    ]
    assert outputs[0] == outputs[1]


# --- what makes a stage run again


def test_processes_that_cannot_fork_give_the_same_bytes(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Path(shutil.copytree(home, tmp_path / "plain"))
    shutil.rmtree(plain / "reports/two/out")
    started: list[list[str]] = []
    process = crew._process

    def noted(module: list[str], *rest: Any, **more: Any) -> Any:
        started.append(module[:1])
        return process(module, *rest, **more)

    monkeypatch.setattr(crew, "can_fork", lambda: False)
    monkeypatch.setattr(crew, "_process", noted)
    with desk(plain):
        runs.run(reports.load("two"), jobs=1)
    assert started
    assert ["kit.publish.warm"] not in started
    assert state(built(plain), but="lock$") == state(built(home), but="lock$")


def test_the_error_is_that_of_the_first_notebook_in_the_report(tmp_path: Path) -> None:
    """Whoever fails first: the second fails at once, the first after a while."""
    folder = small(tmp_path, "two", notebooks=["slow", "quick"])
    write_notebook(folder / "slow.ipynb", put_in("import time\n\ntime.sleep(3)\nraise ValueError('slow')"))
    write_notebook(folder / "quick.ipynb", put_in("raise ValueError('quick')"))
    done = kit(tmp_path, "run", "two", "--jobs", "2")
    assert done.returncode == 3
    assert done.stderr.startswith("kit: slow, cell 6")


def plan(home: Path) -> dict[tuple[str, str], str]:
    """Step by language and notebook."""
    with desk(home):
        listed = runs.plan(reports.load("two"), editions=["public"], languages=["en", "fr"])
        return {(language, notebook): step for step, _edition, language, notebook in listed}


@pytest.fixture
def again(home: Path, tmp_path: Path) -> Path:
    """A copy of the home, to change something in it."""
    return Path(shutil.copytree(home, tmp_path / "home"))


def test_nothing_changed_nothing_runs(again: Path) -> None:
    assert set(plan(again).values()) == {"keep"}


def test_a_word_of_the_report_runs_nothing(again: Path) -> None:
    path = again / "reports/two/report.yml"
    path.write_text(path.read_text("utf-8").replace("title:", "summary: Another\ntitle:", 1), "utf-8")
    assert set(plan(again).values()) == {"keep"}


def test_what_a_notebook_read_of_the_report_runs_it(again: Path) -> None:
    """The mark *by construction* comes from the report file: only a notebook with a finding reads it."""
    folder = again / "reports/two"
    write_notebook(folder / "look.ipynb", put_in(
        "from kit.metrics import accounts\n\n"
        'kit.finding("new_accounts", accounts.new_accounts, case, vary={"days": [30, 7, 90, 180]})'
    ))  # fmt: skip
    assert kit(again, "run", "two").returncode == 0
    assert set(plan(again).values()) == {"keep"}
    path = folder / "report.yml"
    path.write_text(
        path.read_text("utf-8") + "\ninclusion:\n  rule: Chosen.\n  selected_on: [account_age]\n", "utf-8"
    )
    steps = plan(again)
    assert {steps.pop((language, "look")) for language in ("en", "fr")} == {"run"}
    assert set(steps.values()) == {"keep"}


def test_prose_is_said_again_and_code_is_run(again: Path) -> None:
    path = again / "reports/two/look.ipynb"
    before = path.read_text("utf-8")
    path.write_text(before.replace("A notebook for tests.", "Another sentence."), "utf-8")
    assert plan(again)["en", "look"] == "say"
    done = kit(again, "run", "two")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Another sentence." in (again / "reports/two/out/public/en/index.html").read_text("utf-8")
    path.write_text(before.replace("A word.", "Other words."), "utf-8")
    steps = plan(again)
    assert steps["en", "look"] == "run"
    assert steps["fr", "asks"] == "keep"


def test_a_changed_export_runs_everything(again: Path) -> None:
    exports = sorted((again / "reports/two").glob("*.csv"))
    path = next(p for p in exports if "words 3" in p.read_text("utf-8"))
    path.write_text(path.read_text("utf-8").replace("words 3", "other 3", 1), "utf-8")
    assert set(plan(again).values()) == {"run"}


PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "group"
msgstr "ensemble"
"""


def test_a_french_word_says_again_what_was_said_with_it(
    home: Path, own_catalogue: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not still_right(built(home, ".stages/public-fr/look"))
    steps = plan(home)
    assert "run" not in steps.values()
    assert steps["fr", "look"] == "say"


# --- no key is too narrow


def test_whatever_says_results_is_in_the_key_of_what_was_said() -> None:
    said = {
        p.relative_to(closure.ROOT).as_posix()
        for p in closure.files("kit.notebook.speech", "kit.publish.phrase")
    }
    wanted = {
        path.relative_to(closure.ROOT).as_posix()
        for folder in ("figures", "words", "notebook", "locale", "claims")
        for path in (closure.ROOT / folder).rglob("*")
        if path.suffix in (".py", ".csv")
    } - {"notebook/__init__.py", "notebook/graph.py", "locale/extract.py"}
    assert wanted <= said, sorted(wanted - said)


def test_a_figure_is_found_when_it_is_drawn(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that came, went or has another name runs no notebook, and what was kept does not name it."""
    records = [
        kept.load(built(home, ".stages/public/look"), n)[0]
        for n in kept.numbers(built(home, ".stages/public/look"))
    ]
    shown = {r["name"]: r for r in records if r["kind"] == "show"}
    assert shown["creations"]["plot"] is True
    assert shown["mine"]["own"]


def test_opening_the_case_again_forgets_nothing_that_was_read(home: Path) -> None:
    with desk(home):
        reports.READ.clear()
        case = cases.open("two")
        assert "contact" not in case.parts_read
        assert case.report.contact == ""
        again = cases.open("two")
    assert "contact" in again.parts_read


#: what only says results may change without running anything; the closure itself decides nothing but keys
SAYS = ("figures/", "words/", "notebook/speech.py", "notebook/card.py", "closure.py")
TRACE = """
import json, os, sys
seen = set()
def look(frame, event, arg):
    seen.add(frame.f_code.co_filename)
sys.setprofile(look)
import threading
threading.setprofile(look)
os.environ["MPLBACKEND"] = "agg"
from IPython.utils.capture import capture_output
cells = json.loads(sys.argv[1])
space = {"__name__": "__main__"}
with capture_output():
    for cell in cells:
        exec(compile(cell, "cell", "exec"), space)
sys.setprofile(None)
print("\\n".join(sorted(seen)))
"""


def executed_files(cells: list[str], folder: Path) -> set[Path]:
    """The modules of the kit that ran while cells did, seen from outside: by the interpreter's own profile."""
    environment = {"DAYLIGHT_OUT": str(folder), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", TRACE, json.dumps(cells)], capture_output=True, text=True, check=True, cwd=ROOT,
        env=os.environ | environment,
    )  # fmt: skip
    files = {Path(line) for line in done.stdout.splitlines()}
    return {path.resolve() for path in files if path.is_relative_to(ROOT / "kit")}


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(p, id=p.stem, marks=[] if p.stem[:2] in ("00", "03") else pytest.mark.slow)
        for p in NOTEBOOKS
    ],
)
def test_whatever_runs_in_a_notebook_is_in_its_key(path: Path, tmp_path: Path) -> None:
    """Each module that ran is changed in turn, and each time the key is another one."""
    cells = [cell["source"] for cell in code_cells(path)]
    ran = executed_files(cells, tmp_path)
    assert len(ran) > 20
    copy = tmp_path / "kit"
    shutil.copytree(ROOT / "kit", copy, ignore=shutil.ignore_patterns("__pycache__"))
    narrow = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closure, "ROOT", copy)
        before = code_of(cells)
        for file in sorted(ran):
            inside = file.relative_to(ROOT / "kit").as_posix()
            if inside.startswith(SAYS):
                continue
            text = (copy / inside).read_text("utf-8")
            (copy / inside).write_text(text + "\n# changed\n", "utf-8")
            if code_of(cells) == before:
                narrow.append(inside)
            (copy / inside).write_text(text, "utf-8")
    assert not narrow, f"{path.stem} runs these, and a change of them runs it not: {narrow}"
