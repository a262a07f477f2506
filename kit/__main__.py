"""The command line: `kit run sample` and its companions."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn


def _at_once(_number: int, _frame: FrameType | None) -> NoReturn:
    """Ctrl-C while the program itself is loaded: the same line and exit code as later."""
    os.write(2, b"kit: interrupted; nothing half-made was left.\n")
    os._exit(130)


_usual = signal.getsignal(signal.SIGINT)
if _usual is signal.default_int_handler and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, _at_once)

import click  # noqa: E402

from kit.errors import (  # noqa: E402
    EXIT,
    KitError,
    OutputError,
    ReleaseError,
    ReportError,
    nearest,
    no_such_file,
    printable,
)
from kit.locale import LANGUAGES  # noqa: E402
from kit.version import __version__  # noqa: E402

if signal.getsignal(signal.SIGINT) is _at_once:
    signal.signal(signal.SIGINT, _usual)

# What is heavy (tables, notebooks) is imported by the command that needs it, inside the place where Ctrl-C
# and errors become one line.
EDITIONS = ("public", "internal")


class _Commands(click.Group):
    """Commands whose errors are one line and a documented exit code."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _one_line():
            return super().invoke(ctx)


class _Stopped(BaseException):
    """A signal asks the program to end."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextlib.contextmanager
def _one_line() -> Iterator[None]:
    """However the work inside ends, the reader sees one line at most and gets a documented exit code."""
    before = _listen()
    try:
        yield
    except KitError as error:
        _stop(printable_line(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        what = printable(" ".join(error.format_message().split()), 1000)
        _stop(what + (f" Try '{error.ctx.command_path} --help'." if error.ctx else ""), EXIT["input"])
    except (KeyboardInterrupt, click.Abort):
        _stop("interrupted; nothing half-made was left.", EXIT["interrupted"])
    except _Stopped as signalled:
        name = signal.Signals(signalled.number).name
        _stop(f"stopped by {name}; nothing half-made was left.", 128 + signalled.number)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT["ok"])
    except MemoryError:
        _stop("out of memory. Narrow the exports or close other programs.", EXIT["memory"])
    except OSError as error:
        what, where = error.strerror or str(error), printable(error.filename or "", 200)
        hint = "Check that the disk is not full and the folder is writable."
        _stop(printable_line(OutputError(what, where=where, hint=hint)), EXIT["disk"])
    except Exception as error:
        if type(error).__name__ != "OutOfMemoryException":  # of DuckDB, which need not be loaded here
            raise
        _stop("out of memory. Narrow the exports or close other programs.", EXIT["memory"])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen() -> dict[int, Any]:
    """Let SIGTERM and SIGHUP end the work as Ctrl-C does (but not under nohup); returns all handlers before."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise _Stopped(number)

    before: dict[int, Any] = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number in (signal.SIGTERM, signal.SIGHUP):
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, stop)
    return before


def _stop(line: str, code: int) -> NoReturn:
    """Say `line` and end with `code`, whatever is pressed meanwhile, and also where nobody can read it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        click.echo(f"kit: {line}", err=True)
    sys.exit(code)


def printable_line(error: KitError) -> str:
    """The error as one safe line."""
    return printable(str(error), 2000)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="kit")
def main() -> None:
    """Daylight: from exports of posts to a published page.

    \b
    Example:
      kit run sample
    """


@main.command()
@click.argument("name")
@click.option(
    "--edition", type=click.Choice(EDITIONS), multiple=True, help="Editions to make (default: public)."
)
@click.option(
    "--language", "languages", multiple=True, help="Languages to make (default: those of the report)."
)
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NOTEBOOK.NAME=VALUE",
    help="Another value for one parameter.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Notebooks at a time (default: one a processor); each needs up to 1 GB, more for large cases.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def run(
    name: str,
    edition: tuple[str, ...],
    languages: tuple[str, ...],
    parameters: tuple[str, ...],
    jobs: int | None,
    quiet: bool,
) -> None:
    """Run the notebooks of report NAME and render its page; only what changed runs again.

    \b
    Example:
      kit run sample
      kit run sample --edition internal -p 01_account_age.days_new=90
    """
    from kit import report as reports

    known, stated, notebooks = reports.outline(name)
    _known_languages(known, stated, languages)
    given = _given(known, notebooks, parameters)
    report = reports.load(name)
    from tqdm import tqdm

    from kit.publish import run as runs

    with tqdm(
        total=0,
        disable=quiet or sys.stderr is None or not sys.stderr.isatty(),
        bar_format="{desc:<44.44} {bar:30} {n_fmt}/{total_fmt}",
    ) as bar:

        def progress(what: str, done: int, steps: int) -> None:
            bar.total, bar.n = steps, done
            bar.set_description_str(what)

        pages = runs.run(
            report,
            editions=list(edition) or None,
            languages=list(languages) or None,
            given=given,
            jobs=jobs,
            progress=progress,
        )
    from kit.publish.release import is_released

    if "internal" in edition:
        click.echo("The internal edition names people and is never released.")
    if "public" in (edition or ["public"]) and not is_released(report):
        click.echo(
            f"Not released: 'kit publish {report.name}' checks the pages and makes the folder that may leave the house."
        )
    for page in pages:
        click.echo(_near(page))


@main.command()
@click.argument("name")
@click.option("--jobs", type=click.IntRange(1, 64), help="Notebooks at a time (default: one a processor).")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def publish(name: str, jobs: int | None, quiet: bool) -> None:
    """Make the folder of report NAME that may leave the house, or say in one line each what is in the way.

    It runs what is not up to date, asks for the answers of the report file, and looks for every private value
    of the case in every byte. Only reports/NAME/release/ may be published.

    \b
    Example:
      kit publish sample
    """
    from kit import report as reports

    report = reports.load(name)
    from tqdm import tqdm

    from kit.publish.release import release

    with tqdm(
        total=0,
        disable=quiet or sys.stderr is None or not sys.stderr.isatty(),
        bar_format="{desc:<44.44} {bar:30} {n_fmt}/{total_fmt}",
    ) as bar:

        def progress(what: str, done: int, steps: int) -> None:
            bar.total, bar.n = steps, done
            bar.set_description_str(what)

        try:
            made = release(report, jobs=jobs, progress=progress)
        except ReleaseError as error:
            bar.clear()
            for line in error.lines:
                click.echo(f"kit: {printable(line, 2000)}", err=True)
            raise
    counts = made.counts
    click.echo(
        f"Looked for {counts['values']:,} private values in {counts['files']} files: none found."
        f" {counts['public']:,} stand in public words and {counts['too short']:,} are too short; these were left out."
    )
    click.echo(_near(made.folder))


def _known_languages(report: str, known: list[str], languages: tuple[str, ...]) -> None:
    for language in languages:
        if language not in known:
            hint = f"The report is written in: {', '.join(known)}."
            raise ReportError(f"'{report}' has no page in '{language}'", hint=hint)


def _given(report: str, known: list[str], parameters: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    given: dict[str, dict[str, Any]] = {}
    for text in parameters:
        target, found, value = text.partition("=")
        notebook, dot, name = target.partition(".")
        if not found or not dot:
            hint = "Write -p NOTEBOOK.NAME=VALUE, such as 01_account_age.days_new=90"
            raise ReportError("a parameter needs notebook, name and value", found=text, hint=hint)
        if notebook not in known:
            raise ReportError(f"'{report}' has no notebook '{notebook}'", hint=nearest(notebook, known))
        given.setdefault(notebook, {})[name] = value
    return given


def _near(path: Path) -> str:
    """The path as seen from here, short where it can be, safe in a terminal."""
    with contextlib.suppress(ValueError, OSError):
        path = path.relative_to(Path.cwd())
    return printable(path, 4000)


@main.command()
@click.argument("name")
@click.option("--edition", type=click.Choice(EDITIONS), multiple=True, help="Editions (default: public).")
def plan(name: str, edition: tuple[str, ...]) -> None:
    """Say what `kit run NAME` would do, and do nothing (but build the case where it must).

    run: the notebook is executed; say: what it found is said anew; keep: nothing changed.

    \b
    Example:
      kit plan sample
    """
    from kit import report as reports

    report = reports.load(name)
    from kit.publish import run as runs

    for step, edition_, language, notebook in runs.plan(
        report, editions=list(edition) or ["public"], languages=list(report.languages)
    ):
        click.echo(f"{step:<4}  {edition_:<8}  {language}  {notebook}")


@main.command()
@click.argument("name")
@click.option("--report", "report_name", help="For a text file: the report whose evidence it may cite.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of a text file.")
def lint(name: str, report_name: str | None, language: str) -> None:
    """Say which words of report NAME, or of a text file, claim more than they show, and what to write.

    \b
    Example:
      kit lint my-network
      kit lint draft.md --report my-network --language fr
    """
    from kit import report as reports

    if not Path(name).is_file():
        reports.folder_of(name)  # at once, before what takes long to load
    from kit.publish import wording
    from kit.publish.stages import source_of

    if Path(name).is_file():
        evidence = wording.evidence_of(reports.load(report_name)) if report_name else {}
        texts = list(wording.of_file(Path(name), language))
    else:
        report = reports.load(name)
        evidence = wording.evidence_of(report)
        sources = [source_of(report, notebook) for notebook, _parameters in report.notebooks]
        texts = list(wording.texts_of(report, sources))
    found = list(wording.faults(texts, evidence))
    for fault in found:
        click.echo(f"kit: {printable_line(fault)}", err=True)
    if found:
        sys.exit(EXIT["input"])
    click.echo("no word claims more than it shows")


@main.command(name="list")
def list_() -> None:
    """List the reports with their titles.

    \b
    Example:
      kit list
    """
    from kit import report as reports

    for name in reports.names():
        try:
            about = printable(reports.load(name).title, 80)
        except KitError as error:
            about = f"not readable: {printable_line(error)}"
        click.echo(f"{printable(name, 80):<28} {about}")


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Start a report: make reports/NAME/report.yml to fill in.

    \b
    Example:
      kit new my-network
    """
    from kit import report as reports
    from kit.report.template import draft

    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise ReportError(
            "a report's name has letters, digits, - and _", found=name, hint="For example: my-network"
        )
    folder = reports.home() / "reports" / name
    if folder.exists():
        raise ReportError(f"report '{name}' exists already", where=str(folder), hint="Choose another name.")
    try:
        folder.mkdir(parents=True)
        text = draft(name.replace("-", " ").capitalize())
        (folder / "report.yml").write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write ({error.strerror})", where=str(folder), hint="") from None
    click.echo(f"Made {_near(folder / 'report.yml')}. Fill it in, then: kit run {name}")


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--report", "report_name", help="Read it as this report's export (column map, zone, encoding).")
def inspect(path: Path, report_name: str | None) -> None:
    """Say what a file or folder is, its records, time span and what would be rejected; writes nothing.

    \b
    Example:
      kit inspect tweets.csv
      kit inspect downloads/
    """
    if report_name:  # what is wrong is said at once: what reads files takes long to load
        from kit import report as reports

        reports.folder_of(report_name)
    elif not path.exists():
        raise no_such_file(path)
    from kit.case.inspect import inspect as look

    failed = 0
    for line, ok in look(path, report_name):
        click.echo(line if ok else f"kit: {line}", err=not ok)
        failed += not ok
    if failed:
        sys.exit(EXIT["input"])


@main.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(name: str, yes: bool) -> None:
    """Remove the case of report NAME and everything derived from it; exports and report.yml stay.

    \b
    Example:
      kit forget my-network
    """
    from kit import report as reports

    report = reports.load(name)
    from kit import case as cases

    if not yes and not click.confirm(f"Remove the case, pages and key of '{report.name}'?"):
        click.echo("nothing was removed")
        return
    removed = cases.forget(report)
    for path in removed:
        click.echo(f"removed {_near(Path(path))}")
    if not removed:
        click.echo("nothing to remove")


@main.command()
def formats() -> None:
    """List the exports that can be read: each with its tool, what it carries, what it lacks.

    \b
    Example:
      kit formats
    """
    from kit.loaders import about

    for line in about.listing():
        click.echo(line)


@main.command()
@click.option("--formats", "page", is_flag=True, help="Print docs/formats.md instead.")
def dictionary(page: bool) -> None:
    """Print the data dictionary, as in data/README.md.

    \b
    Example:
      kit dictionary > data/README.md
      kit dictionary --formats > docs/formats.md
    """
    from kit import schema
    from kit.loaders import about

    click.echo(about.page() if page else schema.dictionary(), nl=False)


@main.command()
@click.argument("names", nargs=-1)
def notebooks(names: tuple[str, ...]) -> None:
    """Run the notebooks in notebooks/ on the sample and save them with their results.

    \b
    Example:
      kit notebooks 01_account_age
    """
    from kit import report as reports

    reports.check_notebooks(names)
    from kit.publish.store_notebooks import store_notebooks

    for path in store_notebooks(list(names)):
        click.echo(_near(path))


if __name__ == "__main__":
    main()
