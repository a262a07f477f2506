"""What a run of a report costs, against the state before a notebook was executed once for all languages.

    .venv/bin/python -m benchmarks.run [--before FOLDER | --no-before]

measures copies of this checkout and of the one before (revision 70ab8a0, set up by its own `make setup`;
`--before` names a folder where that was done) in turn, on two cores: the sample's notebooks and both pages
without compiled kernels, as set-up leaves them, and warm; after an edit that runs nothing; a report of
generated posts; the answers of the command. Set-up and the case are never in a figure. Then it compares what
both states found. Nothing is changed in either checkout: files are edited in the copies, which go at the end.
Only ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks import equal

ROOT = Path(__file__).resolve().parent.parent
BEFORE = "70ab8a0"
CORES = 2
CELL_SECONDS = 900  # the limit of a cell
CATALOGUE = "kit/locale/fr/LC_MESSAGES/kit.po"
STYLE = "kit/publish/templates/page.css"
#: a title of one notebook's facts, and a word that stands in the legend of most figures
WORDS = {"one word of one notebook": "posts in the period", "one word of most figures": "studied"}
COMMANDS = ("--help", "nonsense", "run no-such-report", "run sample --language xx")
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "*.nb[ci]", ".*_cache", ".hypothesis", "cases", "out")
#: set by whoever starts the benchmark; they would make one state slower or faster than it is at a desk
_DROPPED = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "MPLBACKEND",
    "DAYLIGHT_HOME",
    "DAYLIGHT_DATA",
)
#: what every notebook imports: its bytecode is written, and matplotlib looks at the fonts of the machine
_IMPORTED = "import kit.notebook, ipykernel.kernelapp, matplotlib.font_manager, papermill, seaborn"
_SUBREAPER = 36  # prctl: whoever loses its parent below this process becomes its child


@dataclass
class State:
    """A copy of a checkout, with the interpreter that has its packages; its kernels are kept in `kernels`."""

    name: str
    root: Path
    python: str
    scratch: Path
    kernels: Path = field(init=False)

    def __post_init__(self) -> None:
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.kernels = self.scratch / "kernels"
        startup = self.scratch / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "benchmarks" / "cells.py", startup / "00-cells.py")

    def environment(self) -> dict[str, str]:
        """What its processes find around them: this copy first, and nothing of whoever measures."""
        kept = {k: v for k, v in os.environ.items() if k not in _DROPPED and not k.endswith("_NUM_THREADS")}
        return kept | {
            "PYTHONPATH": str(self.root),
            "NUMBA_CACHE_DIR": str(self.kernels),
            "IPYTHONDIR": str(self.scratch / "ipython"),
            "DAYLIGHT_KEYS": str(self.scratch.parent / "keys"),  # one for all: the same pseudonyms
            "DAYLIGHT_CELLS": str(self.scratch / "cells"),
        }

    def case(self, report: str) -> Path:
        """Where the case of a report is."""
        return self.root / "data" / "cases" / report

    def out(self, report: str) -> Path:
        """Where the results and pages of a report are."""
        return self.root / "reports" / report / "out"

    def kit(self, *words: str, **environment: str) -> dict[str, Any]:
        """`kit WORDS`: seconds, CPU seconds, exit code, last line of its errors, and the cells that ran."""
        cells = self.scratch / "cells"
        shutil.rmtree(cells, ignore_errors=True)
        cells.mkdir()
        done = timed([self.python, "-m", "kit", *words], self.root, self.environment() | environment)
        ran = [json.loads(line) for path in cells.iterdir() for line in path.read_text("utf-8").splitlines()]
        return done | {"cells": ran, "notebooks": len(list(cells.iterdir()))}

    def run(self, report: str, *words: str) -> dict[str, Any]:
        """`kit run REPORT`, which must succeed."""
        done = self.kit("run", report, "--quiet", *words)
        if done["code"]:
            raise SystemExit(f"{self.name}: kit run {report} ended with {done['code']}: {done['error']}")
        return done


# --- one command ------------------------------------------------------------------------------


def timed(command: list[str], folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Run a command on two cores: seconds, and CPU seconds of all its processes, also those it left behind."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(command, str(folder), environment, theirs))
    process.start()
    theirs.close()
    result = ours.recv()
    process.join()
    return dict(result)


def _child(command: list[str], folder: str, environment: dict[str, str], answer: Connection) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    nowhere = subprocess.DEVNULL
    with tempfile.TemporaryFile() as errors:  # no pipe: whoever is left behind would hold it open
        started = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=nowhere, stdout=nowhere, stderr=errors, check=False
        )
        seconds = time.perf_counter() - started
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = spent.ru_utime + spent.ru_stime
    answer.send({"seconds": seconds, "cpu": cpu, "code": done.returncode, "error": said[-1] if said else ""})


# --- the two states ---------------------------------------------------------------------------


def copied(name: str, folder: Path, python: str, scratch: Path) -> State:
    """A state that may be run and edited: the files of a checkout, without what was built in it."""
    root = scratch / name / "checkout"
    shutil.copytree(folder, root, ignore=NOT_COPIED, symlinks=True)
    return State(name, root, python, scratch / name)


def before(given: Path | None, scratch: Path) -> State:
    """The state before, from a folder where it is set up, or set up here."""
    folder = given or scratch / "revision"
    if not given:
        subprocess.run(["git", "clone", "-q", "--no-checkout", str(ROOT), str(folder)], check=True)
        subprocess.run(["git", "-C", str(folder), "checkout", "-q", BEFORE], check=True)
        subprocess.run(["make", "-C", str(folder), "setup"], check=True, stdout=subprocess.DEVNULL)
    return copied("before", folder, str(folder.resolve() / ".venv" / "bin" / "python"), scratch)


def prepare(state: State, report: str, *, kernels: bool = True) -> None:
    """Everything that is no part of a figure: bytecode, the case, kernels where set-up makes them, one run."""
    for words in (["-m", "compileall", "-q", "kit"], ["-W", "ignore", "-c", _IMPORTED]):
        subprocess.run(
            [state.python, *words], cwd=state.root, env=state.environment(), check=True, capture_output=True
        )
    done = state.kit("plan", report)  # builds the case
    if done["code"]:
        raise SystemExit(f"{state.name}: the case of '{report}' could not be built: {done['error']}")
    _put(state.case(report), state.scratch / f"case-{report}")
    if kernels and not (at_setup := state.scratch / "kernels-at-setup").exists():
        state.kernels.mkdir(exist_ok=True)
        if (state.root / "kit" / "kernels.py").exists():
            command = [state.python, "-m", "kit.kernels"]
            subprocess.run(command, cwd=state.root, env=state.environment(), check=True)
        _put(state.kernels, at_setup)


def cold(state: State, report: str, *, kernels: bool) -> None:
    """As if nothing had been run: the case as it was built, and the kernels of set-up or none."""
    _put(state.scratch / f"case-{report}", state.case(report))
    shutil.rmtree(state.out(report), ignore_errors=True)
    if kernels:
        _put(state.scratch / "kernels-at-setup", state.kernels)
    else:
        shutil.rmtree(state.kernels, ignore_errors=True)


def warm(state: State, report: str) -> None:
    """Kernels and derived tables stay; what notebooks found goes."""
    shutil.rmtree(state.out(report))


def _put(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


# --- edits ------------------------------------------------------------------------------------


@contextlib.contextmanager
def edited(path: Path, text: str) -> Iterator[None]:
    """A file of a copy holds `text` for as long as this lasts."""
    whole = path.read_text("utf-8")
    try:
        path.write_text(text, "utf-8")
        yield
    finally:
        path.write_text(whole, "utf-8")


def reworded(catalogue: str, message: str) -> str:
    """The catalogue with another last word in the translation of one message."""
    head, found, rest = catalogue.partition(f'\nmsgid "{message}"\nmsgstr "')
    assert found, message
    translation, quote, rest = rest.partition('"')
    assert translation, message
    return f"{head}{found}{translation}s{quote}{rest}"


def edits(state: State, report: str) -> dict[str, dict[str, Any]]:
    """Runs after which a reader finds the same results: nothing changed, then one edit more each time.

    Each result says whether the French page is another one than before.
    """
    found: dict[str, dict[str, Any]] = {}

    def run(what: str) -> None:
        before = page.read_bytes()
        found[what] = state.run(report)
        found[what]["changed"] = page.read_bytes() != before

    page = state.out(report) / "public" / "fr" / "index.html"
    catalogue, style = state.root / CATALOGUE, state.root / STYLE
    run("nothing changed")
    with contextlib.ExitStack() as stack:
        for what, message in WORDS.items():
            stack.enter_context(edited(catalogue, reworded(catalogue.read_text("utf-8"), message)))
            run(what)
        stack.enter_context(edited(style, style.read_text("utf-8") + "\n.edited { color: inherit; }\n"))
        run("one style sheet")
    return found


# --- the parts of the benchmark ---------------------------------------------------------------

Runs = dict[str, dict[str, list[dict[str, Any]]]]  # what was done -> state -> one result a repeat


def _note(runs: Runs, what: str, state: State, result: dict[str, Any]) -> None:
    runs.setdefault(what, {}).setdefault(state.name, []).append(result)
    print(
        f"{state.name}: {what}: {result['seconds']:.1f} s, {result['cpu']:.1f} CPU s",
        file=sys.stderr,
        flush=True,
    )


def sample(states: list[State], report: str, repeats: int, runs: Runs) -> None:
    """A report with all its notebooks and pages, cold, warm, and after edits, the states in turn."""
    for state in states:
        prepare(state, report)
        cold(state, report, kernels=True)
        state.run(report)  # the bytecode of all that is imported, the fonts of the machine
        _put(state.out(report), state.scratch / "found")
    for _repeat in range(repeats):
        for state in states:
            cold(state, report, kernels=False)
            _note(runs, "no compiled kernels", state, state.run(report))
            if any((state.scratch / "kernels-at-setup").iterdir()):
                cold(state, report, kernels=True)
                _note(runs, "as set-up leaves it", state, state.run(report))
            warm(state, report)
            _note(runs, "warm, the first language only", state, state.run(report, "--language", "en"))
            warm(state, report)
            _note(runs, "warm", state, state.run(report))
            if state.name == "before":  # whatever is edited there, everything runs again
                _note(runs, "nothing changed", state, state.run(report))
                continue
            for what, result in edits(state, report).items():
                _note(runs, what, state, result)


def generated(state: State, posts: int, notebooks: list[str], languages: tuple[str, ...] = ("en",)) -> str:
    """A report of that many generated posts, without targets, media files or a control; returns its name."""
    name = f"generated-{posts}"
    folder = state.root / "reports" / name
    folder.mkdir(exist_ok=True)
    source = state.scratch.parent / f"posts-{posts}.csv"
    if not source.exists():
        from benchmarks import ingest  # not above: the process that measures imports this module each time

        ingest.generate(source, posts)
    content = {
        "title": "Benchmark",
        "languages": list(languages),
        "exports": [{"path": str(source), "group": "studied"}],
        "notebooks": notebooks,
        "audience_zones": "not known",
    }
    (folder / "report.yml").write_text(json.dumps(content), "utf-8")
    return name


def many(states: list[State], posts: int, repeats: int, runs: Runs) -> None:
    """The report of generated posts, as set-up leaves the kernels and without derived tables."""
    notebooks = sorted(path.stem for path in (states[0].root / "notebooks").glob("[0-9]*.ipynb"))
    for state in states:
        prepare(state, generated(state, posts, notebooks))
    for _repeat in range(repeats):
        for state in states:
            report = generated(state, posts, notebooks)
            cold(state, report, kernels=True)
            _note(runs, f"{posts:,} generated posts", state, state.run(report))


def command(states: list[State], repeats: int, runs: Runs) -> None:
    """Help and wrong arguments, where neither the kit nor any package is compiled beforehand."""
    nothing = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": os.devnull}
    for _repeat in range(repeats):
        for state in states:
            for words in COMMANDS:
                _note(runs, f"`kit {words}`", state, state.kit(*words.split(), **nothing))


# --- what is printed --------------------------------------------------------------------------

GOALS = {
    "no compiled kernels": "time ÷ 3; 90 s",
    "as set-up leaves it": "time ÷ 3; 90 s",
    "warm": "time ÷ 4; 60 s",
    "nothing changed": "2 s",
    "one word of one notebook": "5 s, no notebook",
    "one word of most figures": "5 s, no notebook",
    "one style sheet": "no notebook",
}


def medians(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of each figure; the longest cell and the most notebooks of any run."""
    cells = [cell for one in results for cell in one["cells"]]
    return {
        "seconds": statistics.median(one["seconds"] for one in results),
        "cpu": statistics.median(one["cpu"] for one in results),
        "notebooks": max(one["notebooks"] for one in results),
        "longest": max(cells, key=lambda cell: cell["seconds"], default=None),
    }


def table(runs: Runs) -> str:
    """The medians as Markdown, before and now side by side, with the goals."""
    lines = ["| run | before, s | CPU s | notebooks | now, s | CPU s | notebooks | s ÷ | CPU s ÷ | goal |"]
    lines.append("|---|" + "--:|" * 8 + "---|")
    # where set-up compiles nothing, it leaves what is there without kernels
    bare = runs.get("no compiled kernels", {}).get("before")
    for what, by_state in runs.items():
        old, new = by_state.get("before"), by_state.get("now")
        if what == "as set-up leaves it":
            old = old or bare
        lines.append("| " + " | ".join([what, *_cells(old, new), _goal(what)]) + " |")
    return "\n".join(lines)


def _cells(old: list[dict[str, Any]] | None, new: list[dict[str, Any]] | None) -> list[str]:
    then, now = (medians(one) if one else None for one in (old, new))
    cells = []
    for one in (then, now):
        cells += (
            [f"{one['seconds']:.1f}", f"{one['cpu']:.2f}", str(one["notebooks"])] if one else ["", "", ""]
        )
    for figure in ("seconds", "cpu"):
        cells.append(f"{then[figure] / now[figure]:.1f}" if then and now else "")
    return cells


def _goal(what: str) -> str:
    if "generated" in what:
        return "CPU s ÷ 3"
    return GOALS.get(what, "0.5 CPU s" if what.startswith("`kit") else "")


def longest(runs: Runs) -> str:
    """The longest cell of each state over all runs of generated posts, beside the limit."""
    lines = []
    for what, by_state in runs.items():
        for name, results in by_state.items() if "generated" in what else ():
            if cell := medians(results)["longest"]:
                lines.append(
                    f"longest cell, {name}: {cell['seconds']:.1f} s of {CELL_SECONDS} ({cell['notebook']}: {cell['cell']})"
                )
    return "\n".join(lines)


def main() -> None:
    """Copy the states, measure what was asked for, print one table and the differences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--before", type=Path, help=f"a folder with revision {BEFORE} and its .venv")
    state.add_argument("--no-before", action="store_true", help="measure this checkout alone")
    parser.add_argument("--repeats", type=int, default=3, help="of which the median is taken")
    parser.add_argument(
        "--posts", type=lambda text: int(float(text)), default=1_000_000, help="generated; 0: none"
    )
    parser.add_argument("--repeats-posts", type=int, default=3, help="the same for generated posts")
    parser.add_argument("--folder", type=Path, help="where to write; default: a temporary folder")
    parser.add_argument("--skip", action="append", default=[], choices=("sample", "posts", "command"))
    given = parser.parse_args()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        scratch = Path(temporary).resolve()
        states = [] if given.no_before else [before(given.before, scratch)]
        states.append(copied("now", ROOT, sys.executable, scratch))
        runs: Runs = {}
        if "command" not in given.skip:
            command(states, given.repeats, runs)
        if "sample" not in given.skip:
            sample(states, "sample", given.repeats, runs)
        if "posts" not in given.skip and given.posts:
            many(states, given.posts, given.repeats_posts, runs)
        print("\n".join(part for part in (table(runs), longest(runs)) if part))
        if "sample" not in given.skip and len(states) == 2:
            found = [one.scratch / "found" / "public" / "en" for one in states]
            print(equal.told(equal.differences(*found, equal.renames())))


if __name__ == "__main__":
    main()
