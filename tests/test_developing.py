"""The page for contributors: its code is taken out of it and run, its table of rooms is the tested one."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import golden
import pytest
from test_house import FREE, MAY_IMPORT
from worlds import desk, tiny_world

import kit
from kit import claims, figures, loaders
from kit.claims import targets as claims_of_targets
from kit.figures import targets as figures_of_targets
from kit.loaders import about
from kit.metrics import METRICS, targets

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "developing.md").read_text(encoding="utf-8")
#: a line that ends in a colon, and the blocks of code that follow it at once
BLOCKS = re.compile(r"^([^\n|].*:)\n\n((?:```\w+\n(?:.*\n)*?```\n)+)", re.MULTILINE)
#: where the metric and its figure go
APPENDED = ("At the end of `kit/metrics/targets.py`", "At the end of `kit/figures/targets.py`")


def blocks(begins: str) -> list[str]:
    """The code below the only line of the page that begins with these words."""
    (found,) = [code for line, code in BLOCKS.findall(PAGE) if line.startswith(begins)]
    return re.findall(r"```\w+\n(.*?)```\n", found, re.DOTALL)


def block(begins: str) -> str:
    (found,) = blocks(begins)
    return found


# --- the rooms


def test_the_rooms_are_those_that_the_house_holds() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+? \| (.+?) \|$", PAGE, re.MULTILINE)
    told = {room: set(re.findall(r"`(\w+)`", names)) for room, names in rows}
    held = {room: names for room, names in MAY_IMPORT.items() if room not in FREE | {"__init__"}}
    wrong = [
        f"docs/developing.md: the row of `{room}` should be: {', '.join(sorted(held.get(room, {'no row'})))}"
        for room in sorted(set(told) | set(held))
        if told.get(room) != held.get(room)
    ]
    assert not wrong, "\n".join(wrong)
    free = re.search(r"Anybody may import (.+?);", PAGE, re.DOTALL)
    assert free is not None
    assert set(re.findall(r"`(\w+)`", free[1])) == FREE


def test_what_the_page_names_is_there() -> None:
    """Files, targets of make and tests; but not what the walks make."""
    made = {"kit/loaders/heron.py", "kit/loaders/heron", "kit/locale/es/LC_MESSAGES/kit.po"}
    named = set(re.findall(r"`((?:kit|tests|docs|data|notebooks|reports)/[\w/.]+\w)`", PAGE)) - made
    named = {name for name in named if not re.search(r"NAME|NN_|heron", name)}
    assert len(named) > 20
    assert not [name for name in named if not (ROOT / name).exists()]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets_of_make = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make (\w+)", PAGE, re.MULTILINE)) <= targets_of_make
    for link in re.findall(r"\]\(([\w/.]+)\)", PAGE):
        assert (ROOT / "docs" / link).exists(), link


def test_the_code_of_the_page_is_written_as_the_house_writes(tmp_path: Path) -> None:
    for number, begins in enumerate(("New file `kit/loaders/heron.py`", *APPENDED)):
        (tmp_path / f"block{number}.py").write_text(block(begins), "utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--no-cache", "--diff"]
    done = subprocess.run(
        [*command, "--config", str(ROOT / "pyproject.toml"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- the format


@pytest.fixture
def heron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The loader of the page, in the list of formats; its golden folder."""
    file = tmp_path / "heron.py"
    file.write_text(block("New file `kit/loaders/heron.py`"), "utf-8")
    spec = importlib.util.spec_from_file_location("kit.loaders.heron", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (format_,) = module.FORMATS
    monkeypatch.setitem(loaders.FORMATS, format_.name, format_)
    folder = tmp_path / "heron"
    folder.mkdir()
    for name in ("whole.csv", "whole.expected.jsonl"):
        (folder / name).write_text(block(f"New file `tests/formats/heron/{name}`"), "utf-8")
    return module, golden.Golden("heron/whole", folder / "whole.csv")


def test_the_format_of_the_page_reads_its_export(heron: Any) -> None:
    module, one = heron
    assert golden.read(one) == one.lines()
    head = next(iter(loaders.sources(one.file, {}))).head()
    assert [f.name for f in loaders.FORMATS.values() if f.sniff(head)] == ["heron"]
    assert ast.get_docstring(ast.parse(inspect.getsource(module)))
    assert "### Heron, Mastodon posts" in about.page(), "`make dictionary` writes it into the documents"


@pytest.mark.parametrize(
    "row,reason",
    [
        ("1103,71,a,02/03/2024 08:21,a,,1", "day and month in an order nobody declared"),
        ("1.104E3,71,a,2024-03-02T08:22:00Z,a,,1", "identifier in scientific notation"),
        ("1105,,a,2024-03-02T08:22:00Z,a,,1", "no identifier"),
        ("1106,71,a,2024-03-02T08:22:00Z,a,,many", "a whole number from 0 on was expected"),
    ],
)
def test_damage_is_refused_with_its_reason(heron: Any, row: str, reason: str) -> None:
    _module, one = heron
    one.file.write_text(f"{one.file.read_text('utf-8')}{row}\n", "utf-8")
    refused = golden.read(one)[-1]
    assert refused["rejected"] == "posts"
    assert refused["reason"].startswith(reason)


def test_a_format_that_is_not_listed_is_told(heron: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _module, one = heron
    monkeypatch.delitem(loaders.FORMATS, "heron")
    with pytest.raises(loaders.NotAnExport, match="no known format; the columns are 'note_ref'"):
        golden.read(one)


# --- the metric, its figure and its finding


@pytest.fixture
def single_target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The metric, figure and claim of the page, each in the module where the page puts it."""
    for module, begins in zip((targets, figures_of_targets), APPENDED, strict=True):
        names = dict(vars(module))
        exec(compile(block(begins), module.__file__ or "", "exec"), names)
        for name in set(names) - set(vars(module)):
            monkeypatch.setattr(module, name, names[name], raising=False)
    written = block("Into `CLAIMS` in `kit/claims/targets.py`")
    new = eval("{" + written + "}", dict(vars(claims_of_targets)))
    for name, claim in new.items():
        monkeypatch.setitem(claims.CLAIMS, name, claim)
    figures.registry.cache_clear()
    yield vars(targets)["single_target"]
    del METRICS["targets.single_target"]
    figures.registry.cache_clear()


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[kit.Case]:
    with desk(tiny_world(tmp_path_factory)[0]):
        monkeypatch.setenv("DAYLIGHT_OUT", str(tmp_path_factory.mktemp("out")))
        yield kit.open("tiny")


def test_the_example_of_the_metric_is_its_answer(single_target: Any, tiny: kit.Case) -> None:
    (example,) = doctest.DocTestFinder().find(
        single_target, "single_target", globs={"targets": targets, "case": tiny}
    )
    told: list[str] = []
    assert doctest.DocTestRunner().run(example, out=told.append).failed == 0, "".join(told)


def test_the_figure_and_the_finding_are_said(
    single_target: Any, tiny: kit.Case, capsys: pytest.CaptureFixture[str]
) -> None:
    table = single_target(tiny)
    assert figures.of(table) is vars(figures_of_targets)["plot_single_target"]
    assert "control" in figures.describe(figures.of(table))(table)
    (cell,) = blocks("**5. The notebook.** In the cells")
    exec(cell, {"kit": kit, "targets": targets, "case": tiny})
    assert "Accounts that answer one account alone" in capsys.readouterr().out


def test_the_cells_of_the_notebook_run(
    single_target: Any, tiny: kit.Case, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = blocks("In the cells of a new notebook")
    names: dict[str, Any] = {}
    for cell in (cells[0].replace('"sample"', '"tiny"'), *cells[1:]):
        exec(cell, names)
    assert names["case"].name == "tiny"
    assert names["least"] == 3


@pytest.mark.parametrize(
    "wrong,said",
    [
        (
            "targets.single_target(case, last=2)",
            "'single_target' has no setting called 'last'. did you mean 'least'?",
        ),
        ("case.sql('SELECT grop FROM posts')", "did you mean 'group'?"),
        (
            "case.sql('SELECT handle FROM accounts')",
            "Columns that name or quote people need the internal edition",
        ),
        ("kit.finding('single_targe', targets.single_target, case, vary={})", "no finding is called"),
        (
            "kit.finding('single_target', targets.single_target, case, vary={'least': [3, 2]})",
            "needs at least three other settings",
        ),
    ],
)
def test_the_errors_of_the_page_are_those_one_meets(
    single_target: Any, tiny: kit.Case, wrong: str, said: str
) -> None:
    with pytest.raises(kit.KitError) as told:
        exec(wrong, {"kit": kit, "targets": targets, "case": tiny})
    assert said in str(told.value)

    assert said in PAGE
