"""The command line as a user meets it: processes, exit codes and lines; and a report that runs in seconds."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import psutil
from click.testing import CliRunner, Result
from matplotlib.text import Text
from worlds import account, post, report

from kit import edition as editions
from kit import notebook as showing
from kit import report as reports
from kit.__main__ import main
from kit.figures.fonts import make_drawable
from kit.notebook import speech
from kit.publish.phrase import phrase
from kit.publish.render import render_page
from kit.publish.run import translator
from kit.publish.stages import source_of

KIT = [sys.executable, "-m", "kit"]
#: what a terminal may be driven with: control characters but the line end, and bidirectional marks
CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

LOOK = [
    "# What is here?\n\nA notebook for tests.\n\n## Data",
    'report: str = "small"  # a folder in reports/\nword: str = "a"  # any text\nk: int = 5  # a number\n'
    "x: float = 0.5  # another number\nflag: bool = False  # yes or no",
    "import kit\n\ncase = kit.open(report)",
    "## Method",
    "kit.show(case.summary())",
    "## Limits",
    "kit.colophon(case, word=word, k=k, x=x, flag=flag)",
]


def write_notebook(path: Path, cells: Iterable[str] = tuple(LOOK)) -> None:
    """A notebook: cells that begin with # and a space are prose, the one that begins with report: declares."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for number, text in enumerate(cells):
        prose = re.match("#+ ", text)
        cell = nbformat.v4.new_markdown_cell(text) if prose else nbformat.v4.new_code_cell(text)
        cell["id"] = f"cell-{number}"
        if text.startswith("report:"):
            cell["metadata"]["tags"] = ["parameters"]
        book["cells"].append(cell)
    nbformat.write(book, path)


def put_in(cell: str, where: int = 5) -> list[str]:
    """The cells of `LOOK` with one more, by default behind the table."""
    return [*LOOK[:where], cell, *LOOK[where:]]


def small(home: Path, name: str = "small", cells: Iterable[str] = tuple(LOOK), **keys: Any) -> Path:
    """A report of 24 posts by 12 accounts with one notebook of its own, `look`; returns its folder."""
    days = [f"2023-08-{day:02d}T10:00:00Z" for day in range(7, 19)]
    rows = [post(1000 + i, f"u{i % 12}", days[i % 12], f"words {i}") for i in range(24)]
    people = [account(f"u{i}", "2020-01-01", handle=f"h{i}") for i in range(12)]
    options: dict[str, Any] = {"synthetic": True, "notebooks": ["look"], "languages": ["en"]} | keys
    options = {"posts": {"studied": rows}, "accounts": {"studied": people}} | options
    folder = report(home, name, **options)
    write_notebook(folder / "look.ipynb", cells)
    return folder


def at_home(home: Path, **more: str) -> dict[str, str]:
    """The environment of a process whose reports, cases and keys are in `home`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DAYLIGHT_")}
    return kept | {"DAYLIGHT_HOME": str(home), "DAYLIGHT_KEYS": str(home / "keys")} | more


def kit(
    home: Path, *arguments: str, env: Mapping[str, str] | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """`kit ARGUMENTS` as a process of its own."""
    options: dict[str, Any] = {
        "capture_output": True,
        "text": True,
        "timeout": 300,
        "stdin": subprocess.DEVNULL,
    }
    return subprocess.run(
        [*KIT, *arguments], env=at_home(home, **(env or {})), check=False, **(options | more)
    )


def start(home: Path, *arguments: str, **more: Any) -> subprocess.Popen[str]:
    """`kit ARGUMENTS` started in a process group of its own, as a shell does it."""
    options: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }
    options |= {"env": at_home(home), "text": True, "process_group": 0} | more
    return subprocess.Popen([*KIT, *arguments], **options)


def here(*arguments: str, **more: Any) -> Result:
    """`kit ARGUMENTS` inside this process: quicker, and what is patched holds."""
    result = CliRunner().invoke(main, list(arguments), prog_name="kit", **more)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(result: Result | subprocess.CompletedProcess[str], code: int = 2) -> str:
    """The one line of a command that was refused with `code`; nothing else may have been said."""
    given = result.exit_code if isinstance(result, Result) else result.returncode
    assert given == code, (given, result.stdout, result.stderr)
    assert result.stdout == ""
    assert result.stderr.startswith("kit: ")
    assert result.stderr.endswith("\n")
    line = result.stderr.removesuffix("\n").removeprefix("kit: ")
    assert "\n" not in line, result.stderr
    assert "Traceback" not in line
    assert not CONTROLS.search(line)
    return line


def state(folder: Path, *, but: str = "") -> dict[str, str]:
    """Every file below `folder` with the hash of its content; `but` is a pattern of paths to leave out."""
    files = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.items()
        if not (but and re.search(but, name))
    }


def working_for(home: Path) -> list[psutil.Process]:
    """Every process that works for reports in `home`: runs, those that hold a notebook, and kernels."""
    found = []
    for process in psutil.process_iter():
        try:
            if (
                process.environ().get("DAYLIGHT_HOME") == str(home)
                and process.status() != psutil.STATUS_ZOMBIE
            ):
                found.append(process)
        except psutil.Error:
            continue
    return found


def wait_until(what: Any, seconds: float = 300) -> Any:
    """The first true answer of `what()`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := what():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"did not happen within {seconds} seconds")


def gone(home: Path, seconds: float) -> bool:
    """Whether nobody works for `home` any more within `seconds`."""
    try:
        wait_until(lambda: not working_for(home), seconds)
    except AssertionError:
        return False
    return True


def end_all(home: Path) -> None:
    """End what a test has left behind."""
    for process in working_for(home):
        if process.pid != os.getpid():
            process.send_signal(signal.SIGKILL)


def walked(
    name: str,
    folder: Path,
    *,
    edition: str = "public",
    language: str = "en",
    executed: str | None = None,
    drawn: list[str] | None = None,
) -> Path:
    """The page of report `name` with its notebooks run inside this process, cell by cell; `drawn` gets what charts say.

    With `executed` they run in that language, as in a run, and what they kept is said in `language`.

    Quicker than `kit run`, and a warning in a metric is an error here. What the kernel and papermill do is
    left to the tests that start real runs.
    """
    loaded = reports.load(name)
    parts = []
    for notebook, given in loaded.notebooks:
        place = folder / "stages" / notebook
        place.mkdir(parents=True)
        environment = {"DAYLIGHT_OUT": str(place), "DAYLIGHT_EDITION": edition}
        environment["DAYLIGHT_LANGUAGE"] = executed or language
        source = source_of(loaded, notebook)
        with mock.patch.dict(os.environ, environment), working_in(edition):
            book = nbformat.read(source, as_version=4)
            _walk(book, {"report": name} | given, None if executed else drawn)
        if executed:
            place, book = _said_again(loaded, book, source, place, language, drawn)
        parts.append({"name": notebook, "notebook": book, "folder": place})
    return render_page(
        loaded, parts, folder / "page", language, edition=edition, translate=translator(loaded, language)
    )


def working_in(one: str | None) -> Any:
    """This process as one that a run started for an edition."""
    return mock.patch.multiple(editions, _fixed=[one], opened=set())


def _said_again(
    report: Any, book: Any, source: Path, place: Path, language: str, drawn: list[str] | None
) -> tuple[Path, Any]:
    """What the notebook kept in `place`, said in another language: the folder, and the notebook with its outputs."""
    nbformat.write(book, place / "notebook.ipynb")
    new = place.with_name(f"{place.name}-{language}")
    new.mkdir()
    job = {"executed": place, "source": source, "folder": new, "old": new, "language": language}
    with mock.patch.object(speech, "make_drawable", _drawing(drawn)):
        phrase(job | {"languages": report.languages, "code": ""})
    return new, nbformat.read(new / "notebook.ipynb", as_version=4)


def _drawing(drawn: list[str] | None) -> Any:
    """`make_drawable` that also notes what a chart says."""

    def draw(ax: Any) -> str:
        lost = make_drawable(ax)
        if drawn is not None:  # a drawing of its own, which takes its time
            drawn.extend(_words_of_chart(ax))
        return lost

    return draw


def _words_of_chart(ax: Any) -> list[str]:
    """Every text of the figure of `ax`, labels of ticks too."""
    figure = ax.get_figure(root=True)
    figure.canvas.draw()
    off = [axis for panel in figure.axes if not panel.axison for axis in (panel.xaxis, panel.yaxis)]
    hidden = {label for axis in off for label in axis.findobj(Text)}
    return [t for artist in figure.findobj(Text) if artist not in hidden and (t := artist.get_text().strip())]


def _walk(book: Any, given: dict[str, Any], drawn: list[str] | None) -> None:
    """Run the cells of `book` in one namespace; what they display becomes their output."""
    space: dict[str, Any] = {"__name__": "__main__"}
    shown: list[Any] = []

    def display(data: dict[str, Any], *, metadata: dict[str, Any] | None = None, raw: bool) -> None:
        kept = {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}
        shown.append(nbformat.v4.new_output("display_data", data=kept, metadata=metadata or {}))

    drawing = mock.patch.object(speech, "make_drawable", _drawing(drawn))
    with mock.patch.object(showing, "display", display), drawing:
        for count, cell in enumerate((c for c in book["cells"] if c["cell_type"] == "code"), 1):
            shown.clear()
            exec(compile(cell["source"], f"cell {count}", "exec"), space)
            if "parameters" in cell["metadata"].get("tags", []):
                space |= given
            cell["execution_count"], cell["outputs"] = count, list(shown)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag == "style"
        self.words += [value for name, value in attrs if name in ("alt", "title") and value]

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.words.append(data)


def words_of(html: str) -> str:
    """All a page says, alt texts too, as one line."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return " ".join(" ".join(parser.words).split())
