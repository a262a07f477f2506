"""Runs that are stopped, killed or starved: one line, no process left, nothing half-made, the same bytes after.

Real processes on a small report. The long loops are marked slow (`make check`).
"""

from __future__ import annotations

import copy
import errno
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from shell import (
    LOOK,
    at_home,
    end_all,
    gone,
    here,
    kit,
    put_in,
    refused,
    small,
    start,
    state,
    wait_until,
    working_for,
    write_notebook,
)
from worlds import desk, simulated

from kit import case as cases
from kit.errors import RunError
from kit.publish import run as runs
from kit.publish.render import check, extract, verify
from simulation import tiny

ROOT = Path(__file__).resolve().parent.parent
PAGE = Path("reports/small/out/public/en")
STAGE = Path("reports/small/out/.stages/public-en/look")
CASE = Path("data/cases/small")
ALL_NOTEBOOKS = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a report that ran to its end."""
    home = tmp_path_factory.mktemp("whole")
    small(home)
    done = kit(home, "run", "small")
    assert (done.returncode, done.stderr) == (0, "")
    return home


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Iterator[Path]:
    """A home with the case of `whole` but without its pages; whatever still works for it is ended."""
    copied = tmp_path / "home"
    shutil.copytree(whole, copied)  # with times of change: the case need not be built again
    shutil.rmtree(copied / "reports/small/out")
    yield copied
    end_all(copied)


def assert_nothing_half_made(home: Path, before: dict[str, str]) -> None:
    """Page, stage and case are whole, or as they were, or not there."""
    page = home / PAGE
    if page.exists():
        assert check(page) == []
        assert not before or state(page) == before
    else:
        assert not before
    for stage in home.glob("reports/*/out/.stages/*/*"):
        if not stage.name.startswith("."):
            assert check(stage) == []
    if (home / CASE).exists():
        manifest = json.loads((home / CASE / "manifest.json").read_bytes())
        for name, entry in manifest["tables"].items():
            assert (home / CASE / name).stat().st_size == entry["bytes"]


def same_as(whole: Path, home: Path) -> bool:
    """Whether case, stage and page hold the same bytes as after an unbroken run."""
    return all(state(whole / part) == state(home / part) for part in (PAGE, STAGE, CASE))


# --- when to strike: each waits for its moment in the run of `process` and says what shows it


def in_the_case(home: Path, _process: Any) -> bool:
    return (home / "data/cases/.small.new").exists()


def in_the_notebook(home: Path, _process: Any) -> bool:
    return (
        STAGE_NEW := home / "reports/small/out/.stages/public/.look.new/notebook.ipynb"
    ).exists() and STAGE_NEW.stat().st_size > 0


def in_a_kernel(_home: Path, process: psutil.Process) -> bool:
    """Whether a kernel is there: the child of what executes a notebook, which the warm parent's child is."""
    try:
        below = [p for warm in process.children() for job in warm.children() for p in job.children()]
        return bool(below)
    except psutil.Error:
        return False


def at_the_page(home: Path, _process: Any) -> bool:
    return (home / STAGE / "manifest.json").exists()


MOMENTS: dict[str, tuple[Callable[..., bool], int, bool]] = {
    "Ctrl-C while the case is built": (in_the_case, signal.SIGINT, True),
    "Ctrl-C in a notebook": (in_the_notebook, signal.SIGINT, True),
    "SIGTERM with a kernel": (in_a_kernel, signal.SIGTERM, False),
    "SIGHUP at the page": (at_the_page, signal.SIGHUP, True),
}
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def struck(
    home: Path, moment: Callable[..., bool], number: int, group: bool, *more: str
) -> subprocess.CompletedProcess[str]:
    """`kit run small` that gets signal `number` at its `moment`: it alone, or with its whole process group."""
    process = start(home, "run", "small", *more)
    about = psutil.Process(process.pid)
    wait_until(lambda: process.poll() is not None or moment(home, about))
    if process.poll() is None:
        os.killpg(process.pid, number) if group else process.send_signal(number)
    said, told = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, said, told)


def some_slow(cases: Iterable[Any], *slow: Any) -> list[Any]:
    """The cases as parameters; those that others stand for in the short form are marked."""
    assert set(slow) < set(cases)
    return [pytest.param(case, marks=pytest.mark.slow) if case in slow else case for case in cases]


@pytest.mark.parametrize("name", some_slow(MOMENTS, *list(MOMENTS)[1:]))
def test_a_stopped_run_says_one_line_and_leaves_nothing(name: str, home: Path, whole: Path) -> None:
    moment, number, group = MOMENTS[name]
    if moment is in_the_case:
        shutil.rmtree(home / "data")
    ended = struck(home, moment, number, group)
    if moment is at_the_page and ended.returncode == 0:
        assert same_as(whole, home)  # the signal came when all was done
        return
    line = refused(ended, CODES[number])
    assert "interrupted" in line or "stopped by SIG" in line
    assert gone(home, 5)
    assert_nothing_half_made(home, {})
    assert not list(home.rglob(".*.new")), "what was begun is taken away"
    if moment is in_the_case:  # once is enough: a run of its own
        again = kit(home, "run", "small")
        assert (again.returncode, again.stderr) == (0, "")
        assert same_as(whole, home)


@pytest.mark.parametrize("name", ["click", "yaml"])
def test_ctrl_c_while_the_program_is_loaded(name: str, tmp_path: Path) -> None:
    """Pressed at once, when the first packages are still being read."""
    code = f"""
import signal, sys
class Pressed:
    def find_spec(self, name, *_more):
        if name == {name!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Pressed())
sys.argv = ["kit", "list"]
from kit.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=at_home(tmp_path), capture_output=True, text=True, check=False
    )
    assert "interrupted" in refused(done, 130)


def test_a_killed_run_takes_its_kernel_along_and_the_last_page_stays(whole: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    before = state(home / PAGE)
    try:
        ended = struck(home, in_a_kernel, signal.SIGKILL, False, "-p", "look.k=6")
        assert ended.returncode == -signal.SIGKILL
        assert gone(home, 8), working_for(home)
        assert_nothing_half_made(home, before)
        again = kit(home, "run", "small")
        assert (again.returncode, again.stderr) == (0, "")
        assert same_as(whole, home)
    finally:
        end_all(home)


# --- notebooks that do not reach their end

BAD: dict[str, tuple[str, int, str]] = {
    "dies": ("import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)", 3, "the kernel died"),
    "raises": ("kit.show(case.sumary())", 3, "AttributeError: 'Case' object has no attribute 'sumary'"),
    "leaves early": ("import sys\n\nsys.exit(0)", 3, "ended in an error"),
    "loops": ("while True:\n    pass", 3, "a cell ran longer than 3 seconds"),
    "prints": ("for _ in range(30):\n    print('a' * 1_000_000)", 3, "a cell printed more than 5 MB"),
    "asks too much": ("case.sql('SELECT handle FROM accounts')", 2, "need the internal edition"),
}


@pytest.mark.parametrize("name", some_slow(BAD, *list(BAD)[1:]))
def test_a_notebook_that_does_not_end_is_named_with_its_cell(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell, code, words = BAD[name]
    place = 2 if name == "loops" else 5  # before anything that takes long, where seconds are counted
    write_notebook(home / "reports/small/look.ipynb", put_in(cell, place))
    if name == "loops":
        monkeypatch.setattr(runs, "CELL_SECONDS", 3)
    with desk(home):
        line = refused(here("run", "small"), code)
    assert line.startswith(f"look, cell {place + 1} ({'Data' if name == 'loops' else 'Method'}): "), line
    assert words in line
    assert gone(home, 5)
    assert_nothing_half_made(home, {})
    assert not (home / STAGE).exists()


@pytest.mark.slow
def test_a_notebook_without_its_last_mark_is_refused(home: Path) -> None:
    write_notebook(home / "reports/small/look.ipynb", [*LOOK[:-1], "1 + 1"])
    with desk(home):
        line = refused(here("run", "small"), 3)
    assert line.startswith("look, cell 7 (Limits): did not reach its last cell's mark")
    assert not (home / PAGE).exists()


def executed(whole: Path) -> Any:
    return nbformat.read(whole / STAGE / "notebook.ipynb", as_version=4)


def test_papermill_is_not_believed(whole: Path) -> None:
    good = executed(whole)
    extract(good, "look")
    code = [i for i, cell in enumerate(good["cells"]) if cell["cell_type"] == "code"]
    changes: dict[str, Callable[[Any], Any]] = {
        "was not run": lambda cells: cells[code[2]].update(execution_count=None),
        "out of order": lambda cells: cells[code[2]].update(execution_count=9),
        "last cell's mark": lambda cells: cells.pop(),
        "ended in an error": lambda cells: cells[code[2]]["outputs"].append(
            nbformat.v4.new_output("error", ename="SystemExit", evalue="0", traceback=[])
        ),
    }
    for words, change in changes.items():
        bad = copy.deepcopy(good)
        change(bad["cells"])
        for cell in bad["cells"]:  # as papermill would say
            cell["metadata"]["papermill"] = {"status": "completed", "exception": False}
        for look in (verify, extract):
            with pytest.raises(RunError, match=words):
                look(bad, "look")


# --- two at once


def test_a_second_run_is_told_who_works(home: Path) -> None:
    with desk(home), cases.lock(home / "reports/small/out", "run", wait=False):
        line = refused(here("run", "small"), 6)
        assert f"process {os.getpid()}" in line
        assert "small" in line
        assert not (home / PAGE).exists()
        line = refused(here("forget", "small", "--yes"), 6)
        assert f"process {os.getpid()}" in line
        assert (home / CASE / "manifest.json").exists()


@pytest.mark.slow
def test_two_real_runs_at_once_never_mix(home: Path, whole: Path) -> None:
    for _ in range(3):
        shutil.rmtree(home / "reports/small/out", ignore_errors=True)
        first, second = start(home, "run", "small"), start(home, "run", "small")
        told = [process.communicate(timeout=300)[1] for process in (first, second)]
        codes = sorted([first.returncode, second.returncode])
        assert codes in ([0, 0], [0, 6]), told
        if 6 in codes:
            assert "process " in "".join(told)
        assert same_as(whole, home)


# --- a full disk


def run_with_little_room(home: Path, size: int) -> subprocess.CompletedProcess[str]:
    """`kit run small` where no file may grow beyond `size` bytes."""
    return kit(
        home, "run", "small", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    )


def assert_full_disk_is_said(ended: subprocess.CompletedProcess[str], home: Path) -> None:
    if ended.returncode:
        line = refused(ended, 5)
        assert "space" in line or "disk" in line
    assert gone(home, 5)
    assert_nothing_half_made(home, {} if ended.returncode else state(home / PAGE))


@pytest.mark.parametrize("size", some_slow([0, 2_000, 9_000], 0, 9_000))
def test_a_full_disk_is_said(size: int, home: Path) -> None:
    if size < 9_000:
        shutil.rmtree(home / "data")
    ended = run_with_little_room(home, size)
    assert ended.returncode
    assert_full_disk_is_said(ended, home)


@pytest.mark.slow
def test_a_disk_that_fills_at_any_point(home: Path, whole: Path) -> None:
    codes = set()
    for size in [*range(500, 12_000, 1_500), *range(12_000, 120_000, 12_000)]:
        for part in ("data", "reports/small/out"):
            shutil.rmtree(home / part, ignore_errors=True)
        ended = run_with_little_room(home, size)
        codes.add(ended.returncode)
        assert_full_disk_is_said(ended, home)
    assert codes == {0, 5}
    assert kit(home, "run", "small").returncode == 0
    assert same_as(whole, home)


# --- the same bytes

PLACES = {"TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "1", "COLUMNS": "40", "TERM": "dumb"}


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
def test_the_same_bytes_at_another_place_in_another_zone_and_locale(whole: Path, tmp_path: Path) -> None:
    home = tmp_path / "odd {k} 'name' é"
    small(home)
    done = kit(home, "run", "small", env=PLACES, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("reports/small/out/public/en/index.html\n")
    # the case's manifest holds times of change of the exports; all else is equal
    for part in (PAGE, STAGE, CASE):
        assert state(home / part, but="^manifest.json$") == state(whole / part, but="^manifest.json$")
    assert state(home / PAGE) == state(whole / PAGE)
    for path in files_below(home / "reports/small/out"):
        content = path.read_bytes()
        assert str(tmp_path).encode() not in content, path
        assert str(ROOT).encode() not in content, path


def test_nothing_changed_nothing_runs(whole: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in files_below(whole / STAGE)}
    page = state(whole / PAGE)
    with desk(whole):
        assert here("run", "small").exit_code == 0
        planned = here("plan", "small")
    assert planned.stdout == "keep  public    en  look\n"
    assert {p: p.stat().st_mtime_ns for p in files_below(whole / STAGE)} == before
    assert state(whole / PAGE) == page


@pytest.mark.slow
def test_the_same_bytes_of_every_notebook(tmp_path: Path) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home, env in zip(homes, ({}, PLACES), strict=True):
        simulated(home, "world", tiny(), notebooks=ALL_NOTEBOOKS, languages=["en", "fr"])
        path = home / "reports/world/report.yml"
        path.write_text(path.read_text("utf-8").replace(str(home), "../.."), encoding="utf-8")
        done = kit(home, "run", "world", env=env, timeout=1800)
        assert (done.returncode, done.stderr) == (0, "")
    pages = [state(home / "reports/world/out/public") for home in homes]
    assert pages[0] == pages[1]
    assert len(pages[0]) > 20
    for path in files_below(homes[0] / "reports/world/out"):
        assert str(tmp_path).encode() not in path.read_bytes(), path


# --- kill -9 at any time


@pytest.mark.slow
def test_killed_at_random_points_nothing_is_half_made(whole: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    begun = time.monotonic()
    shutil.rmtree(home / "reports/small/out")
    shutil.rmtree(home / "data")
    assert kit(home, "run", "small").returncode == 0
    length = time.monotonic() - begun
    draw = random.Random(2023)
    try:
        for number in range(18):
            if number % 3 == 0:
                shutil.rmtree(home / "data")
            if number % 2 == 0:
                shutil.rmtree(home / "reports/small/out", ignore_errors=True)
            before = state(home / PAGE) if (home / PAGE).exists() else {}
            process = start(home, "run", "small", "-p", "look.k=6")
            time.sleep(draw.uniform(0, 1.05 * length))
            process.kill()
            process.communicate(timeout=60)
            if process.returncode == 0:
                continue
            assert gone(home, 8), number
            if check(home / PAGE) == [] and before and state(home / PAGE) != before:
                before = state(home / PAGE)  # the new page was already in place
            assert_nothing_half_made(home, before)
            if number % 4 == 3:
                again = kit(home, "run", "small")
                assert (again.returncode, again.stderr) == (0, ""), number
                assert same_as(whole, home), number
    finally:
        end_all(home)


# --- the clock jumps, the disk answers with an error, what is kept is damaged

JUMPS = """
import os, time
_real, _calls = time.time, [0]
def _jumping():
    _calls[0] += 1
    return _real() + (-3600, 315_360_000, 0)[_calls[0] % 3]
time.time = _jumping
"""


def test_a_clock_that_jumps_changes_no_result(home: Path, whole: Path, tmp_path: Path) -> None:
    """An hour back, ten years ahead, and right again, at every look (F-20)."""
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(JUMPS, encoding="utf-8")
    done = kit(home, "run", "small", env={"PYTHONPATH": str(tmp_path / "clock")})
    assert (done.returncode, done.stderr) == (0, "")
    assert same_as(whole, home)


@pytest.mark.parametrize("call", ["fsync", "replace", "rename"])
def test_a_disk_that_answers_with_an_error_is_said(
    home: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of `fsync` is an error, not a wish (F-12)."""
    shutil.rmtree(home / "data")
    real = getattr(os, call)

    def broken(*given: Any, **more: Any) -> Any:
        if str(home) in str(given[0]) or call == "fsync":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(*given, **more)

    with desk(home):
        monkeypatch.setattr(os, call, broken)
        line = refused(here("run", "small"), 5)
        monkeypatch.undo()
    assert "Input/output error" in line or "cannot" in line
    assert not (home / CASE).exists()
    assert not (home / PAGE).exists()


def test_a_lock_that_a_dead_process_left_is_taken_over(home: Path, whole: Path) -> None:
    """A lock is held by a process, not by a file (F-14)."""
    for lock in (home / "data/cases/.small.lock", home / "reports/small/out/.run.lock"):
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.write_text("process 999999999", encoding="ascii")
    with desk(home):
        done = here("run", "small")
    assert (done.exit_code, done.stderr) == (0, "")
    assert same_as(whole, home)


@pytest.mark.parametrize("many", [3, pytest.param(200, marks=pytest.mark.slow)])
def test_damaged_results_are_made_again(whole: Path, tmp_path: Path, many: int) -> None:
    """One byte of a stage, of what it kept, or of the page, anywhere (F-16, F-32)."""
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    draw = random.Random(7)
    results = home / "reports/small/out"
    files = [p for p in files_below(results) if p.name not in (".run.lock",) and p.stat().st_size]
    try:
        for number in range(many):
            path = draw.choice(files)
            data = bytearray(path.read_bytes())
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
            path.write_bytes(data)
            (path.parent / "stray.txt").write_text("left over", encoding="utf-8")
            with desk(home):
                done = here("run", "small")
            assert (done.exit_code, done.stderr) == (0, ""), (number, path)
            (path.parent / "stray.txt").unlink(missing_ok=True)
            assert state(home / PAGE) == state(whole / PAGE), (number, path)
            assert check(home / PAGE) == []
    finally:
        end_all(home)


@pytest.mark.parametrize("name", ["key", ".page.key", ".audited", "spoken.json", "manifest.json"])
def test_what_the_run_wrote_for_itself_may_be_no_text_at_all(whole: Path, tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    files = [p for p in files_below(home / "reports/small/out/.stages") if p.name == name]
    for path in files:
        path.write_bytes(b"\xe5\xff\x00")
    with desk(home):
        done = here("run", "small")
    assert (done.exit_code, done.stderr) == (0, "")
    assert state(home / PAGE) == state(whole / PAGE)
    assert files


# --- inputs that change, and results that do not

GROWS = (
    "from pathlib import Path\n\nfile = Path(case.report.folder) / 'posts_studied.csv'\n"
    "if '9999' not in file.read_text():\n    file.write_text(file.read_text() + '9999,u1,2023-08-09T10:00:00Z,late' + ',' * 25)"
)


def test_an_input_that_changes_in_a_run_gives_the_old_result_or_the_new(home: Path) -> None:
    """A run in which the export grew is told again as a run of the new one, never a mix (F-18)."""
    folder = home / "reports/small"
    width = len((folder / "posts_studied.csv").read_text().splitlines()[0].split(","))
    grows = GROWS.replace("25", str(width - 4))
    write_notebook(folder / "look.ipynb", put_in(grows, 3))
    with desk(home):
        first = here("run", "small")
        assert first.exit_code in (0, 7), first.stderr
        planned = here("plan", "small").stdout
        assert planned == "run   public    en  look\n", "what ran on the old export is not the new one's"
        again = here("run", "small")
        assert (again.exit_code, again.stderr) == (0, "")
        assert here("plan", "small").stdout == "keep  public    en  look\n"
    assert check(home / PAGE) == []
    assert "25" in (home / PAGE / "index.html").read_text("utf-8")


def test_an_export_that_is_gone_is_named(home: Path, whole: Path) -> None:
    (home / "reports/small/posts_studied.csv").unlink()
    with desk(home):
        line = refused(here("run", "small"), 2)
    assert "posts_studied.csv" in line
    assert state(home / CASE) == state(whole / CASE), "the case that was there stays"


def test_a_case_of_other_code_is_built_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the kit, or one other line of it (F-17)."""
    manifest = home / CASE / "manifest.json"
    before = manifest.stat().st_mtime_ns
    with desk(home):
        cases.open("small")
        assert manifest.stat().st_mtime_ns == before
        monkeypatch.setattr(cases, "_sources", lambda: "of another version")
        cases.open("small")
    assert manifest.stat().st_mtime_ns != before


@pytest.mark.parametrize("words", [["formats"], ["list"], ["run", "small"]])
def test_who_stops_reading_hears_no_traceback(home: Path, words: list[str]) -> None:
    """`kit … | head -1`, with a reader that goes at once (F-09)."""
    read, write = os.pipe()
    process = start(home, *words, stdout=write)
    os.close(write)
    os.close(read)
    _said, told = process.communicate(timeout=300)
    assert process.returncode in (0, 141, -signal.SIGPIPE)
    assert told == ""


@pytest.mark.slow
def test_ctrl_c_twice_stops_at_once(home: Path) -> None:
    process = start(home, "run", "small")
    wait_until(lambda: in_a_kernel(home, psutil.Process(process.pid)))
    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    _said, told = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT), "the second may end it while it says its line"
    assert "Traceback" not in told
    assert gone(home, 5)
    assert_nothing_half_made(home, {})


WORLDS: dict[str, dict[str, Any]] = {
    "one thread": {"env": {"DAYLIGHT_THREADS": "1"}},
    "three threads": {"env": {"DAYLIGHT_THREADS": "3"}},
    "no home": {"env": {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}},
    "optimised": {"env": {"PYTHONOPTIMIZE": "2"}},
    "files for oneself": {"preexec_fn": lambda: os.umask(0o077) and None},
    "another seed of hashes": {"env": {"PYTHONHASHSEED": "77"}},
    "another zone": {"env": {"TZ": "Pacific/Kiritimati"}},
    "another language": {"env": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_the_same_bytes_whatever_surrounds_a_run(home: Path, whole: Path, name: str) -> None:
    """F-21: everything is made from the exports on."""
    shutil.rmtree(home / "data")
    done = kit(home, "run", "small", **WORLDS[name])
    assert (done.returncode, done.stderr) == (0, "")
    assert same_as(whole, home)


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", ["a" * 60 + "/" + "b" * 60 + "/" + "c" * 60, "with space/#1 50% & 'q'", "日本/ü"]
)
def test_odd_folders(whole: Path, tmp_path: Path, folder: str) -> None:
    """F-34."""
    home = tmp_path / folder
    home.mkdir(parents=True)
    small(home)
    done = kit(home, "run", "small", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert state(home / PAGE) == state(whole / PAGE)


# --- the catalogue

#: fault -> the tests that inject it; what a fault has none for does not exist here yet (a PDF, approvals)
CATALOGUE = {
    "F-01 killed while the case is built": "test_case:killed_build test_faults:killed_at_random_points",
    "F-02 killed before the manifest": "test_case:killed_build",
    "F-03 the run is killed": "test_faults:killed_run_takes_its_kernel",
    "F-04 a kernel dies": "test_faults:does_not_end",
    "F-07 Ctrl-C": "test_faults:stopped_run_says_one_line test_faults:ctrl_c_twice",
    "F-08 SIGTERM, SIGHUP": "test_faults:stopped_run_says_one_line",
    "F-09 SIGPIPE": "test_faults:who_stops_reading",
    "F-10 a full disk": "test_faults:full_disk_is_said test_faults:disk_that_fills",
    "F-12 an error of the disk": "test_faults:disk_that_answers_with_an_error",
    "F-13 a read-only folder": "test_cli:folder_nobody_may_write",
    "F-14 two runs, a stale lock": "test_faults:two_real_runs test_faults:lock_that_a_dead_process",
    "F-15 two builds of one case": "test_case:two_at_once",
    "F-16 a damaged cache": "test_caches:random_flips test_faults:damaged_results",
    "F-17 a cache of other code": "test_faults:case_of_other_code test_derived:depends_on_the_code",
    "F-18 an input that changes": "test_case:changes_while_it_is_read test_faults:changes_in_a_run",
    "F-19 an input that is gone": "test_faults:export_that_is_gone",
    "F-20 a clock that jumps": "test_faults:clock_that_jumps",
    "F-21 zone, locale, seed, threads": "test_faults:whatever_surrounds test_case:order_of_rows",
    "F-25 a cell without an end": "test_faults:does_not_end",
    "F-28 no network": "test_hostile:nothing_needs_the_network",
    "F-30 the key": "test_pseudonyms:missing_or_another_key test_caches:key_that_is_gone",
    "F-32 older results": "test_faults:damaged_results",
    "F-34 odd folders": "test_faults:odd_folders",
}


def test_every_fault_of_the_catalogue_has_its_tests() -> None:
    for fault, named in CATALOGUE.items():
        for name in named.split():
            module, _colon, words = name.partition(":")
            source = (ROOT / "tests" / f"{module}.py").read_text(encoding="utf-8")
            assert re.search(rf"def test_\w*{words}", source), f"{fault}: {name}"
