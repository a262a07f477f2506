"""Every committed notebook keeps the shape of a notebook, and holds nothing of anybody.

That the stored results are what the kit computes today is checked by nbval (`make test`).
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tokenize
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import pytest

import kit
from kit.claims import VERDICTS
from kit.report import load

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MIME = "application/vnd.daylight.{}+json"

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


@cache
def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def source(path: Path, kind: str) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == kind]


def code_lines(path: Path) -> list[str]:
    lines = "\n".join(source(path, "code")).splitlines()
    return [line for line in lines if line.strip() and not line.strip().startswith("#")]


def outputs(path: Path) -> list[tuple[int, Any]]:
    """Place of the cell, and output, of every output."""
    return [(n, o) for n, cell in enumerate(read(path).cells, 1) for o in cell.get("outputs", [])]


def shown(path: Path) -> str:
    """All text of a notebook as a reader could see it: prose, code, outputs and metadata, without pictures."""
    found: list[str] = []

    def walk(value: Any, key: str = "") -> None:
        if isinstance(value, dict):
            for k, v in value.items():
                walk(v, k)
        elif isinstance(value, list):
            for v in value:
                walk(v, key)
        elif not key.startswith("image/"):
            found.append(str(value))

    walk(json.loads(read_bytes(path)))
    return "\n".join(found)


def read_bytes(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS
    numbers = [p.stem[:2] for p in NOTEBOOKS]
    assert numbers == [f"{n:02d}" for n in range(len(NOTEBOOKS))], "numbered from 00, without a gap"


@every_notebook
def test_it_is_a_valid_notebook(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "papermill" not in notebook.metadata, "times and paths of one run: make notebooks"
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


@every_notebook
def test_it_was_run_on_the_sample_in_the_public_edition(path: Path) -> None:
    stamp = read(path).metadata.get("daylight", {})
    assert (stamp.get("report"), stamp.get("edition")) == ("sample", "public"), "make notebooks"


@every_notebook
def test_it_was_run_from_top_to_bottom(path: Path) -> None:
    counts = [cell.execution_count for cell in read(path).cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), "make notebooks"


# --- the skeleton


@every_notebook
def test_its_title_is_a_question(path: Path) -> None:
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert re.fullmatch(r"# [A-Z].*\?", first.source.splitlines()[0])


@every_notebook
def test_its_sections_stand_in_order(path: Path) -> None:
    prose = "\n".join(source(path, "markdown"))
    headings = re.findall(r"^## (.+)$", prose, re.MULTILINE)
    assert [h for h in headings if h in ("Data", "Method", "Limits")] == ["Data", "Method", "Limits"]
    (cell,) = [cell for cell in source(path, "markdown") if cell.startswith("## Method")]
    method = cell.split("\n## ")[0].removeprefix("## Method")
    assert len(method.split()) <= 150, "the method in under 150 words"


@every_notebook
def test_its_parameters_are_typed_and_explained(path: Path) -> None:
    tagged = [c for c in read(path).cells if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    text = tagged[0].source
    tokens = tokenize.generate_tokens(StringIO(text + "\n").readline)
    comments = {
        token.start[0]: token.string.strip("# ") for token in tokens if token.type == tokenize.COMMENT
    }
    names = []
    for statement in ast.parse(text).body:
        assert isinstance(statement, ast.AnnAssign), f"give it a type: {ast.unparse(statement)}"
        assert statement.value is not None
        ast.literal_eval(statement.value)
        name = ast.unparse(statement.target)
        assert len(comments.get(statement.end_lineno or 0, "").split()) >= 3, f"say what {name} is"
        names.append(name)
    assert names[0] == "report"
    assert names == [n for n in names if n.isidentifier()]


@every_notebook
def test_its_code_is_short_and_plain(path: Path) -> None:
    for cell in source(path, "code"):
        tree = ast.parse(cell)  # fails on magics, which other tools cannot read
        for node in ast.walk(tree):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef), ast.unparse(
                node
            )
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                assert not [n for n in names if n.startswith(("IPython", "kit.publish", "kit.__main__"))]
    lines = code_lines(path)
    words = re.findall(r"[^\W\d_]{2,}", " ".join(source(path, "markdown")))
    assert len(lines) <= 120
    assert len(words) >= 2 * len(lines)


@every_notebook
def test_it_ends_with_its_colophon(path: Path) -> None:
    last = read(path).cells[-1]
    assert last.cell_type == "code"
    colophons = [o for o in last.outputs if MIME.format("colophon") in o.get("data", {})]
    assert len(colophons) == 1


# --- its outputs


@every_notebook
def test_nothing_went_wrong_in_it(path: Path) -> None:
    for number, output in outputs(path):
        assert output.output_type != "error", f"cell {number}"
        if output.output_type == "stream":
            assert output.name != "stderr", f"cell {number}: {output.text[:200]}"


@every_notebook
def test_every_picture_is_described_and_has_its_table(path: Path) -> None:
    for number, cell in enumerate(read(path).cells, 1):
        data = [o for o in cell.get("outputs", []) if "data" in o]
        tables = {
            o.data[MIME.format("table")]["name"]: o.data[MIME.format("table")]
            for o in data
            if MIME.format("table") in o.data
        }
        for picture in (o for o in data if any(kind.startswith("image/") for kind in o.data)):
            assert [k for k in picture.data if k.startswith("image/")] == ["image/png"], f"cell {number}"
            about = picture.metadata.get("image/png", {})
            alt = about.get("alt", "")
            assert len(alt) >= 20, f"cell {number}: no words for who cannot see the picture"
            assert "no description" not in alt.lower(), f"cell {number}"
            assert tables, f"cell {number}: a picture without its table"
            name = about.get("name", next(iter(tables)))
            assert tables[name]["csv"] == f"{name}.csv", f"cell {number}"
            assert tables[name]["rows"], f"cell {number}: a picture of an empty table"


@every_notebook
def test_every_finding_has_a_control_settings_and_limits(path: Path) -> None:
    for number, output in outputs(path):
        finding = output.get("data", {}).get(MIME.format("finding"))
        if finding is None:
            continue
        assert finding["verdict"] in VERDICTS[finding["way"]], f"cell {number}"
        assert len(finding["sensitivity"]) >= 3, f"cell {number}: at least three other settings"
        assert finding["limits"], f"cell {number}"
        assert set(finding["text"]) == set(load("sample").languages), f"cell {number}"


@every_notebook
def test_it_holds_no_path_of_a_machine(path: Path) -> None:
    roots = "home|root|Users|work|tmp|var|usr|opt|mnt|private|etc"
    absolute = re.compile(rf"(?<![\w.:/<])/({roots})/\S+|\b[A-Z]:\\\w+|\bfile://\S+")
    text = shown(path)
    assert not [found.group() for found in absolute.finditer(text)]
    assert str(ROOT) not in text
    assert str(Path.home()) + "/" not in text


# --- nobody is named


@pytest.fixture(scope="module")
def people() -> dict[str, set[str]]:
    """Whatever could name or quote somebody of the sample, as the internal edition holds it."""
    case = kit.open("sample", edition="internal")

    def column(query: str) -> set[str]:
        return {str(v).casefold() for v in case.sql(query).iloc[:, 0].dropna()}

    return {
        "handles": column("SELECT DISTINCT handle FROM accounts UNION SELECT DISTINCT handle FROM mentions"),
        "identifiers": column("SELECT account_id FROM accounts UNION SELECT post_id FROM all_posts"),
        "names": column("SELECT DISTINCT display_name FROM accounts")
        - column("SELECT name FROM roster WHERE may_be_named"),
        "texts": column("SELECT DISTINCT text FROM all_posts") | column("SELECT DISTINCT bio FROM accounts"),
    }


@every_notebook
def test_it_names_and_quotes_nobody(path: Path, people: dict[str, set[str]]) -> None:
    assert len(people["handles"]) > 1000
    assert len(people["texts"]) > 1000
    text = re.sub(r"\s+", " ", shown(path)).casefold()
    words = {word.strip(".-") for word in re.findall(r"[\w.-]+", text)}
    for kind in ("handles", "identifiers"):
        assert not {p for p in people[kind] if len(p) >= 6} & words, kind
    named = [n for n in people["names"] if len(n) >= 6 and n in text]
    assert not [n for n in named if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text)]
    size = 24  # a text is quoted where so many of its first characters stand in a row
    seen = {text[i : i + size] for i in range(len(text) - size + 1)}
    starts = {re.sub(r"\s+", " ", t).strip()[:size] for t in people["texts"]}
    assert not {s for s in starts if len(s) == size} & seen


@pytest.mark.slow
def test_a_notebook_runs_alone_and_leaves_the_repository_as_it_was(tmp_path: Path) -> None:
    """Bare papermill and bare nbval, in a clone of what is committed, as a researcher would type them."""
    clone = tmp_path / "clone"
    git = ("git", "-C", str(clone))
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    environment = os.environ | {"PYTHONPATH": str(clone)}
    bare: list[list[str]] = [
        [
            "papermill",
            "notebooks/01_account_age.ipynb",
            str(tmp_path / "out.ipynb"),
            "-p",
            "report",
            "sample",
        ],
        ["pytest", "-q", "--nbval", "notebooks/01_account_age.ipynb", "notebooks/03_targets.ipynb"],
    ]
    for words in bare:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=clone,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "kit.show" in (tmp_path / "out.ipynb").read_text("utf-8")
    left = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout
    assert left == ""


@every_notebook
def test_its_remarks_wait_for_the_language_of_the_reader(path: Path) -> None:
    """What `kit.note` is given as a plain text stands in that language on every page."""
    for code in source(path, "code"):
        for call in ast.walk(ast.parse(code)):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "note":
                told = [
                    n for argument in call.args for n in ast.walk(argument) if isinstance(n, ast.Constant)
                ]
                assert not told, ast.unparse(call)
