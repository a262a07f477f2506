"""What went wrong, where, and what to do: one line, one exit code, no traceback.

Every error a researcher can cause or meet is a `KitError`. Text from the data is
escaped before it reaches the line, and cut, so that a hostile handle can neither
forge a log line nor drive a terminal.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

#: exit codes of the command line; documented in the README
EXIT = {
    "ok": 0,
    "input": 2,  # a file, a report or a parameter is wrong
    "notebook": 3,  # a cell failed, a kernel died, a run did not finish
    "memory": 4,
    "disk": 5,  # full, read-only or missing output folder
    "busy": 6,  # another run holds this report
    "changed": 7,  # an input changed while it was read
    "refused": 8,  # a release: a question is not answered, or something private stands in it
    "interrupted": 130,
}


def printable(value: object, limit: int = 40) -> str:
    """`value` as one line that is safe in a terminal, a log and a message.

    Control, bidirectional and private characters become visible escapes; the
    result is at most `limit` characters, ending in `…` where it was cut.
    """
    text = value if isinstance(value, str) else str(value)
    out = []
    for char in text[: limit + 1]:
        if char == " " or unicodedata.category(char)[0] not in "CZ":
            out.append(char)
        elif ord(char) > 0xFFFF:
            out.append(f"\\U{ord(char):08x}")
        elif ord(char) > 0xFF:
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(f"\\x{ord(char):02x}")
    shown = "".join(out)
    return shown if len(text) <= limit and len(shown) <= limit else shown[: limit - 1] + "…"


def nearest(word: str, options: Iterable[str]) -> str:
    """A hint naming the closest of `options`, or all of them when none is close."""
    names = sorted(map(str, options))
    close = difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{printable(close[0], 80)}'?"
    return "use one of: " + ", ".join(printable(name, 80) for name in names) if names else ""


class KitError(Exception):
    """Base of every error with a reason the reader can act on; as text it is the one line to show.

    Parameters
    ----------
    what : str
        What happened.
    where : str, optional
        File, line or field.
    found : object, optional
        What stood there; shown escaped and cut.
    hint : str, optional
        What to do.

    Examples
    --------
    >>> try:
    ...     accounts.new_accounts(case, day=7)
    ... except kit.KitError as error:
    ...     print(error)
    'new_accounts' has no setting called 'day'. did you mean 'days'?
    """

    exit_code = EXIT["input"]

    def __init__(self, what: str, *, where: str = "", found: object = None, hint: str = "") -> None:
        self.what, self.where, self.found, self.hint = what, where, found, hint
        parts = [f"{where}: {what}" if where else what]
        if found is not None:
            parts.append(f"found '{printable(found)}'")
        line = ", ".join(parts)
        super().__init__(f"{line}. {hint}" if hint else line)


class InputError(KitError):
    """A file the researcher handed in cannot be read as it is."""


def no_such_file(path: Path) -> InputError:
    """The error that nothing is at `path`, with the name that was meant where there is one like it."""
    beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    hint = nearest(path.name, beside) if beside else "the folder does not exist either"
    hint = hint if hint.startswith(("did", "the folder")) else "look at the path in the report file"
    return InputError("no such file", where=printable(path.name, 120), hint=hint)


class NotAnExport(InputError):
    """A file that holds no export: an error where it was named, set aside where it stands among others.

    `kind` says in a word or two what it is.
    """

    def __init__(
        self, what: str, *, kind: str, where: str = "", found: object = None, hint: str = ""
    ) -> None:
        super().__init__(what, where=where, found=found, hint=hint)
        self.kind = kind


class ReportError(KitError):
    """The report file, a label, a roster or a parameter is wrong."""


class MetricError(KitError):
    """A metric was asked for something that the case or its settings cannot give."""


class RunError(KitError):
    """A notebook did not run to its end."""

    exit_code = EXIT["notebook"]


class OutputError(KitError):
    """Results cannot be written where they should go."""

    exit_code = EXIT["disk"]


class BusyError(KitError):
    """Another run works on the same report."""

    exit_code = EXIT["busy"]


class ChangedError(KitError):
    """An input changed while it was being read."""

    exit_code = EXIT["changed"]


class ReleaseError(KitError):
    """A report may not be published as it is; `lines` say each reason, one line each."""

    exit_code = EXIT["refused"]

    def __init__(self, what: str, *, lines: Iterable[str] = (), where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.lines = tuple(lines)
