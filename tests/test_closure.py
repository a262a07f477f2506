"""What a module depends on, found from its imports: never less than what it loads."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import kit
from kit import closure

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small package in place of the kit."""
    package = tmp_path / "kit"
    texts = {
        "__init__.py": """
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from kit.above import show
            def open(report):
                from kit import case
            """,
        "above/__init__.py": "from .shown import show",
        "above/shown.py": '"""Nothing like:\n\nimport kit.case\n"""',
        "case.py": "import os\n\ndef lazily():\n    from kit.below import (  # why\n        deep,\n    )",
        "below/__init__.py": "from kit import free",
        "below/deep.py": "",
        "below/units.csv": "a,b\n",
        "below/page.css": "",
        "free.py": "import kit\n\nkit.__version__",
        "shows.py": "import kit\n\nkit.show",
        "unused.py": "",
    }
    for name, text in texts.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("\n".join(line.removeprefix(" " * 12) for line in text.splitlines()))
    monkeypatch.setattr(closure, "ROOT", package)
    return package


def names(*modules: str) -> set[str]:
    return {path.relative_to(closure.ROOT).as_posix() for path in closure.files(*modules)}


@pytest.mark.parametrize(
    "module,expected",
    [
        ("kit.unused", "unused.py"),
        ("kit.free", "free.py"),
        ("kit.case", "case.py below/__init__.py below/deep.py below/units.csv free.py"),
        ("kit.below.deep", "below/__init__.py below/deep.py below/units.csv free.py"),
        ("kit.shows", "shows.py above/__init__.py above/shown.py case.py below/__init__.py below/deep.py below/units.csv free.py"),
    ],
)  # fmt: skip
def test_a_closure_is_what_imports_reach(small: Path, module: str, expected: str) -> None:
    # the sentence in above/shown.py that looks like an import makes it wider: that is the safe side
    assert names(module) == {"__init__.py", *expected.split()}


@pytest.mark.parametrize(
    "code,expected",
    [
        ("import kit", ""),
        ("import kit\ncase = kit.open('x')\n%time\n!ls", "kit.case"),
        ("import kit as k\nk.show(1)", "kit.above"),
        ("import kit\nkit.below.deep", "kit.below.deep"),
        ("from kit import case, show", "kit.above kit.case"),
        ("from kit.below import deep as d", "kit.below.deep"),
        ("if 1:\n    import kit.free", "kit.free"),
        ("import kit\ngetattr(kit, name)", "kit.above kit.case"),
        ("import importlib\nimportlib.import_module('kit.unused')", "kit.unused"),
        ("import pandas\nkit = pandas\nkit.show", ""),
    ],
)
def test_a_cell_asks_for_modules(small: Path, code: str, expected: str) -> None:
    assert closure.imported_by(code) == expected.split()


def test_a_cell_that_cannot_be_read_depends_on_everything(small: Path) -> None:
    assert "kit.unused" in closure.imported_by("for")


def test_a_digest_changes_with_each_file_it_depends_on_and_no_other(small: Path) -> None:
    before = closure.digest("kit.case")
    for name, changes in (("unused.py", False), ("below/page.css", False), ("below/units.csv", True), ("free.py", True)):  # fmt: skip
        (small / name).write_text("# changed\n")
        now = closure.digest("kit.case")
        assert (now != before) == changes, name
        before = now


def test_no_import_of_the_kit_is_overlooked() -> None:
    """What a quick look finds is what the parsed module says."""
    for path in sorted(closure.ROOT.rglob("*.py")):
        if path == closure.ROOT / "__init__.py":
            continue
        name = closure._module(path)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        wanted = {module for node in nodes for module in closure._asked(node, package)}
        assert wanted <= set(closure._imports(path)), path


LOADED = """
import json, os, sys
import IPython.display, matplotlib.pyplot, pandas, scipy.stats

def loaded(code):
    ways, told = os.pipe()
    if not os.fork():
        exec(code, {})
        files = [getattr(module, "__file__", None) for name, module in sys.modules.items() if name.split(".")[0] == "kit"]
        os.write(told, json.dumps(files).encode())
        os._exit(0)
    os.close(told)
    with os.fdopen(ways) as answer:
        return json.load(answer)

print(json.dumps([loaded(code) for code in json.load(sys.stdin)]))
"""


def test_a_notebook_loads_nothing_that_its_closure_lacks() -> None:
    books = sorted((ROOT / "notebooks").glob("*.ipynb"))
    codes, reached = [], []
    for book in books:
        cells = [c for c in json.loads(book.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
        first = ast.parse(next(source for source in sources if "import kit" in source)).body
        imports = [ast.unparse(node) for node in first if isinstance(node, ast.Import | ast.ImportFrom)]
        codes.append("\n".join([*imports, "kit.open, kit.show"]))
        modules = closure.imported_by("\n".join(sources))
        reached.append({str(path) for path in closure.files(*modules)})
    given = {"input": json.dumps(codes), "capture_output": True, "text": True, "check": True, "cwd": ROOT}
    done = subprocess.run([sys.executable, "-c", LOADED], **given)
    for book, files, known in zip(books, json.loads(done.stdout), reached, strict=True):
        assert len(files) > 5
        assert set(files) <= known, book.name


def test_every_public_name_says_where_it_lives() -> None:
    """`kit` reads its names on first use; the closure follows what it declares for type checkers."""
    homes = closure._homes(Path(kit.__file__).read_text(encoding="utf-8"))
    assert set(kit.__all__) <= set(homes)
    for name, home in kit._HOMES.items():
        assert homes[name] == (f"kit.{home}",), name
