"""The house rules of the package, held by reading its own source."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import inspect
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

import kit
from kit.schema import PLATFORMS

ROOT = Path(__file__).resolve().parent.parent
KIT = ROOT / "kit"
MODULES = sorted(KIT.rglob("*.py"))
SIMULATION = sorted((ROOT / "simulation").rglob("*.py"))

#: who may import whom; every room may use the free ones
FREE = {"errors", "schema", "locale", "version", "closure", "threads", "compiled", "edition"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "schema": set(),
    "locale": set(),
    "version": set(),
    "closure": set(),
    "threads": set(),
    "compiled": set(),
    "edition": set(),
    "kernels": {"inference", "texts"},
    "ids": set(),
    "loaders": {"ids"},
    "wording": set(),
    "report": {"wording", "words"},
    "texts": set(),
    "media": set(),
    "case": {"report", "loaders", "ids", "texts", "media"},
    "inference": set(),
    "redact": set(),
    "words": set(),
    "claims": {"inference", "wording", "words"},
    "disclosure": {"inference", "redact", "words"},
    "metrics": {"case", "inference", "disclosure", "words"},
    "figures": {"disclosure", "inference", "redact", "words"},
    # a finding asks the metrics with whom the studied accounts are compared
    "notebook": {"disclosure", "figures", "claims", "inference", "metrics", "redact", "words"},
    "publish": {
        "wording",
        "words",
        "notebook",
        "figures",
        "claims",
        "inference",
        "redact",
        "disclosure",
        "case",
        "report",
        "loaders",
        "kernels",
    },
    "__init__": {"notebook", "case", "report"},
}


def room_of(path: Path) -> str:
    """The room of a module: its name, or its folder under kit/."""
    return path.relative_to(KIT).parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> list[tuple[int, str]]:
    """Line and full dotted name of everything a module imports, at any depth."""
    found = []
    package = list(path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base += node.module.split(".") if node.module else []
            found += [(node.lineno, ".".join([*base, alias.name])) for alias in node.names]
    return found


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]


def place(path: Path, node: ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


# --- who may import whom


def test_every_room_has_its_rule() -> None:
    assert {room_of(p) for p in MODULES} - {"__main__"} <= set(MAY_IMPORT), "give the new room a rule here"


def test_imports_go_downward() -> None:
    wrong = []
    rooms = {room_of(p) for p in MODULES} - {"__init__"}
    for path in MODULES:
        room = room_of(path)
        if room == "__main__":
            continue
        for line, name in imported(path):
            first, _, rest = name.partition(".")
            if first != "kit":
                continue
            target = rest.split(".")[0]
            if target not in rooms:  # a public name of the package itself: refused below
                continue
            if target != room and target not in FREE | MAY_IMPORT[room]:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {room} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_the_package_itself() -> None:
    """`import kit` would be an arrow upwards: its public names live in the rooms, its version in `kit.version`."""
    public = {f"kit.{name}" for name in ("__version__", *kit.__all__)}
    wrong = []
    for path in MODULES:
        wrong += [
            f"{path.relative_to(ROOT)}:{line}: {name}"
            for line, name in imported(path)
            if name == "kit" or name in public
        ]
    assert not wrong, "\n".join(wrong)


def test_no_circle_of_imports() -> None:
    """At any depth: an import inside a function, or for a type only, closes a circle as well."""
    arrows = {module_name(p): {m for _, name in imported(p) if (m := module_of(name))} for p in MODULES}
    left = {name: targets - {name} for name, targets in arrows.items()}
    while free := {name for name, targets in left.items() if not targets & set(left)}:
        left = {name: targets for name, targets in left.items() if name not in free}
    assert not left, "a circle among, or leading to: " + ", ".join(sorted(left))


def module_name(path: Path) -> str:
    """The dotted name of a module of the kit."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def module_of(name: str) -> str:
    """The module of the kit that an imported name belongs to; empty for others."""
    known = {module_name(p) for p in MODULES}
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def test_the_generator_stands_outside() -> None:
    """What measures and what is measured know nothing of each other."""
    inside = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in MODULES
        for line, name in imported(path)
        if name.split(".")[0] in {"simulation", "tests", "benchmarks"}
    ]
    assert not inside, "\n".join(inside)
    outside = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in SIMULATION
        for line, name in imported(path)
        if name.split(".")[0] == "kit" and name.split(".")[1:2] not in (["errors"], ["ids"], ["schema"])
    ]
    assert not outside, "\n".join(outside)


@pytest.mark.parametrize(
    "room,foreign",
    [
        ("metrics", {"matplotlib", "seaborn", "IPython"}),
        ("inference", {"matplotlib", "seaborn", "IPython", "duckdb"}),
        ("figures", {"scipy", "statistics", "duckdb", "random"}),
        ("loaders", {"pandas", "matplotlib", "seaborn", "IPython"}),
        ("case", {"matplotlib", "seaborn", "IPython"}),
        ("report", {"matplotlib", "seaborn", "IPython", "pandas"}),
    ],
)
def test_rooms_keep_to_their_trade(room: str, foreign: set[str]) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in MODULES
        if room_of(path) == room
        for line, name in imported(path)
        if name.split(".")[0] in foreign
    ]
    assert not wrong, "\n".join(wrong)


def test_every_package_used_is_named_as_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + extras["lang"] + extras["media"]
    named = {re.split(r"[^A-Za-z0-9._-]", d)[0].lower().replace("_", "-") for d in wanted}
    named |= {"ipython", "jupyter-client", "markupsafe"}  # ipykernel, nbclient and jinja2 are made of them
    named |= {"ahocorasick"}  # what pyahocorasick is imported as, also where it is not installed yet
    providers = importlib.metadata.packages_distributions()
    missing = set()
    for path in MODULES:
        for line, name in imported(path):
            top = name.split(".")[0]
            if top == "kit" or top in sys.stdlib_module_names:
                continue
            given_by = {d.lower().replace("_", "-") for d in providers.get(top, [top])}
            if not given_by & named:
                missing.add(f"{path.relative_to(ROOT)}:{line}: {top}")
    assert not missing, "\n".join(sorted(missing))


# --- what modules may not do

OUTPUT_METHODS = {"write", "write_text", "write_bytes", "writelines", "savefig", "display", "show"}


def test_metrics_do_not_draw_print_or_write() -> None:
    wrong = []
    for path in (p for p in MODULES if room_of(p) in ("metrics", "inference")):
        for call in calls(path):
            f = call.func
            named = isinstance(f, ast.Name) and f.id in {"print", "open", "display"}
            method = isinstance(f, ast.Attribute) and (
                f.attr in OUTPUT_METHODS or re.match(r"to_(csv|parquet|json|excel|pickle|html|sql)$", f.attr)
            )
            if named or method:
                wrong.append(place(path, call))
    assert not wrong, "\n".join(wrong)


def test_inference_knows_no_platform() -> None:
    words = "|".join(p for p in PLATFORMS if p not in ("x", "web", "medium", "discord"))
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in MODULES
        if room_of(path) == "inference"
        for found in re.finditer(rf"\b({words}|tweets?)\b", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_run_begins_without_what_takes_long() -> None:
    """Each of these takes a second or more to load, in every process of a run."""
    code = "import sys, kit.publish.run; print(*sorted({'seaborn', 'scipy.stats', 'lark', 'numba', 'networkx'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_kernels_come_through_one_door() -> None:
    """`kit.compiled` keeps machine code under the code it was made from; numba alone would keep old code."""
    direct = {
        path.relative_to(KIT).as_posix()
        for path in MODULES
        for _line, name in imported(path)
        if name.split(".")[0] == "numba"
    }
    assert direct == {"compiled.py"}


def test_no_star_imports_and_no_utils() -> None:
    stars = [
        f"{p.relative_to(ROOT)}:{n}"
        for p in MODULES + SIMULATION
        for n, name in imported(p)
        if name.endswith(".*")
    ]
    assert not stars, stars
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "parts"}
    assert not [
        p
        for p in MODULES + SIMULATION
        if vague & {part.removesuffix(".py") for part in p.relative_to(ROOT).parts}
    ]


def safe_loaders(path: Path) -> set[str]:
    """Classes of a module that only narrow yaml's safe loader."""
    return {
        node.name
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and [ast.unparse(b) for b in node.bases] == ["yaml.SafeLoader"]
    }


def runs_data(call: ast.Call, loaders: set[str]) -> bool:
    """Whether a call can turn text of a file into code, a shell command or an unpickled object."""
    name = ast.unparse(call.func)
    given = {k.arg: ast.unparse(k.value) for k in call.keywords}
    if name in {"yaml.load", "yaml.load_all"}:
        return given.get("Loader", "") not in loaders | {"yaml.SafeLoader"}
    return (
        name in {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
        or name in {"yaml.full_load", "yaml.unsafe_load"}
        or name.rpartition(".")[2] in {"read_pickle", "to_pickle"}
        or given.get("shell", "False") != "False"
        or given.get("allow_pickle", "False") != "False"
    )


def test_nothing_runs_data() -> None:
    wrong = []
    for path in MODULES + SIMULATION:
        for line, name in imported(path):
            if name.split(".")[0] in {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {name}")
        loaders = safe_loaders(path)
        wrong += [place(path, call) for call in calls(path) if runs_data(call, loaders)]
    assert not wrong, "\n".join(wrong)


def test_only_the_notebook_room_displays() -> None:
    """Text of posts reaches a reader through the kit's own objects, never as Markdown or styled HTML."""
    wrong = []
    for path in MODULES:
        for line, name in imported(path):
            if name.startswith("IPython") and room_of(path) != "notebook":
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {name}")
            if re.match(r"IPython\..*\.(HTML|Markdown|Javascript|SVG|IFrame)$", name):
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {name}")
        if room_of(path) != "figures":  # where `plt.style` is something else
            wrong += [
                place(path, node)
                for node in ast.walk(parsed(path))
                if isinstance(node, ast.Attribute) and node.attr == "style"
            ]
    assert not wrong, "\n".join(wrong)


# --- what is documented


def test_every_public_function_says_what_it_does() -> None:
    silent = []
    for path in MODULES + SIMULATION:
        tree = parsed(path)
        if not ast.get_docstring(tree):
            silent.append(f"{path.relative_to(ROOT)}:1: the module")
        public = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name[0] != "_"]
        for own in (n for n in public if isinstance(n, ast.ClassDef) and not n.bases):
            public += [m for m in own.body if isinstance(m, ast.FunctionDef) and m.name[0] != "_"]
        silent += [
            f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
            for node in public
            if not ast.get_docstring(node)
        ]
    assert not silent, "\n".join(silent)


def rooms(name: str) -> list[object]:
    """Every module of a room, imported."""
    package = importlib.import_module(f"kit.{name}")
    names = [m.name for m in pkgutil.walk_packages(package.__path__, f"kit.{name}.")]
    return [package, *map(importlib.import_module, names)]


def test_every_metric_is_documented_in_full() -> None:
    rooms("metrics")
    from kit.metrics import METRICS

    assert METRICS
    parts = {
        "a question": r"\A[^?]{1,300}\?",
        "Columns": r"^\s*Columns:",
        "Formula": r"^\s*Formula[:,]",
        "Missing": r"^\s*Missing:|missing-data rule",
        "Source": r"^\s*Source:|and source: as `",
        "what it does not prove": r"(does|do) not\s+(\w+\s+)?(prove|show|mean|say)|proves? nothing|not proof",
        "an example": r">>> ",
    }
    documents = {name: inspect.getdoc(function) or "" for name, function in METRICS.items()}
    lacking = [
        f"{name} lacks {part}"
        for name, text in documents.items()
        for part, pattern in parts.items()
        if not re.search(pattern, text, re.MULTILINE)
    ]
    known = {name.rpartition(".")[2] for name in METRICS}
    lacking += [
        f"{name} leans on `{other}`, which is no metric"
        for name, text in documents.items()
        for other in re.findall(r"source: as `(\w+)`", text)
        if other not in known
    ]
    assert not lacking, "\n".join(lacking)


def test_metrics_take_settings_by_name() -> None:
    rooms("metrics")
    from kit.metrics import METRICS

    wrong = []
    for name, function in METRICS.items():
        first, *rest = inspect.signature(inspect.unwrap(function)).parameters.values()
        if first.name != "case" or any(p.kind is not p.KEYWORD_ONLY or p.default is p.empty for p in rest):
            wrong.append(name)
    assert not wrong, "a metric is metric(case, *, setting=default, …): " + ", ".join(wrong)


def test_every_figure_has_its_sentence() -> None:
    figures = [(m, n) for m in rooms("figures") for n in vars(m) if n.startswith("plot_")]
    assert figures
    wrong = []
    for module, name in figures:
        plot = getattr(module, name)
        if plot.__module__ != module.__name__:
            continue
        parameters = list(inspect.signature(plot).parameters.values())
        if [p.name for p in parameters[:2]] != ["table", "ax"] or parameters[1].kind is not parameters[
            1
        ].KEYWORD_ONLY:
            wrong.append(f"{name} is not {name}(table, *, ax=None)")
        if not hasattr(module, name.replace("plot_", "alt_", 1)):
            wrong.append(f"{name} has no {name.replace('plot_', 'alt_', 1)}")
    assert not wrong, "\n".join(wrong)


# --- style and types


def tool(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_is_content() -> None:
    tool("ruff", "check", "--no-cache", "--output-format", "concise", ".")
    tool("ruff", "format", "--no-cache", "--check", "kit", "simulation", "tests")


@pytest.mark.slow
def test_types_hold() -> None:
    tool("mypy", "--cache-dir", os.devnull)


@pytest.mark.slow
def test_the_public_names_are_typed() -> None:
    """Whatever `kit` exports has every parameter and result annotated."""
    bare = []
    for name in kit.__all__:
        thing = getattr(kit, name)
        functions = (
            [thing] if inspect.isfunction(thing) else [f for n, f in vars(thing).items() if n[0] != "_"]
        )
        for f in filter(inspect.isfunction, functions):
            signature = inspect.signature(f)
            gaps = [
                p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name != "self"
            ]
            if gaps or signature.return_annotation is signature.empty:
                bare.append(f"{name}.{f.__name__}: {gaps}")
    assert not bare, "\n".join(bare)
