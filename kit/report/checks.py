"""Read the files of a report folder strictly: YAML without surprises, lists with known columns."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from kit.errors import ReportError, nearest, printable
from kit.wording import RUNGS

_KINDS = {
    str: "text",
    list: "a list",
    dict: "a mapping",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}
PROSE = ("title", "summary", "content_note")  # may be given in each language
QUOTE = "Put text between quotation marks."
DAY = "Write it as 2023-08-07."


class _Strict(yaml.SafeLoader):
    """SafeLoader that refuses duplicate keys and aliases, and keeps dates as text."""

    def compose_node(self, parent, index):  # type: ignore[no-untyped-def]
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not used in report files", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_scalar(self, node):  # type: ignore[no-untyped-def]
        value = super().construct_scalar(node)
        if any("\ud800" <= char <= "\udfff" for char in value):  # no file could hold it
            raise yaml.MarkedYAMLError(problem="half of a character", problem_mark=node.start_mark)
        return value

    def construct_mapping(self, node, deep=False):  # type: ignore[no-untyped-def]
        seen: dict[Any, int] = {}
        for key_node, _value in node.value:
            mark = key_node.start_mark
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be one word", problem_mark=mark)
            key, line = self.construct_object(key_node), mark.line + 1
            if key in seen:
                problem = f"key '{printable(key)}' stands on line {seen[key]} and again on line {line}"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
            seen[key] = line
        return super().construct_mapping(node, deep)


_Strict.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping that a report file holds."""
    where = str(path)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506 (a SafeLoader)
    except OSError as error:
        raise ReportError("cannot be read", where=where, found=error.strerror) from None
    except UnicodeDecodeError as error:
        raise ReportError("is not UTF-8 text", where=where, hint="Save it as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = printable(error.problem, 200)
        raise ReportError(what, where=f"{path}, line {line}", hint="Correct that line.") from None
    except (yaml.YAMLError, ValueError, AttributeError) as error:  # the last two: a tag that does not fit
        hint = printable(str(error).splitlines()[0], 120)
        raise ReportError("is not valid YAML", where=where, hint=hint) from None
    except RecursionError:
        raise ReportError("is nested too deeply", where=where, hint="Close the brackets.") from None
    if not isinstance(content, dict):
        raise ReportError("holds no keys", where=where, hint="Start from `kit new NAME`.")
    return content


def check_keys(content: Mapping[Any, Any], keys: Mapping[str, Any], where: str) -> None:
    """Unknown keys and wrong types are errors that name the nearest valid key."""
    for key, value in content.items():
        if key not in keys:
            raise ReportError(f"unknown key '{printable(key)}'", where=where, hint=nearest(key, keys))
        if value is not None:
            kinds = keys[key] if isinstance(keys[key], tuple) else (keys[key],)
            check_kind(value, kinds, f"key '{key}'", where)


def check_kind(value: Any, kinds: tuple[type, ...], what: str, where: str) -> None:
    """Refuse a value of another type; `no` and `yes` are no numbers here, though Python says so."""
    if isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)):
        return
    raise ReportError(f"{what} must be {_KINDS[kinds[0]]}", where=where, found=value, hint=QUOTE)


def sha256(value: str | None, where: str) -> None:
    """Refuse what cannot be a SHA-256."""
    if value and not re.fullmatch("[0-9A-Fa-f]{64}", value):
        hint = "Write the 64 signs that `sha256sum` gives for the file."
        raise ReportError("no SHA-256", where=where, found=value, hint=hint)


def needs_map(entry: dict[str, Any], where: str) -> None:
    """Refuse what is said about the columns of an export that has no column map: it would do nothing."""
    for key in ("lists", "nulls", "from_text"):
        if entry.get(key) and not entry.get("columns"):
            hint = "Write the column map, or leave it out."
            raise ReportError(f"'{key}' does nothing without 'columns'", where=where, hint=hint)


def texts(values: Iterable[Any] | None, key: str, where: str) -> tuple[str, ...]:
    """A list of text; YAML reads a bare NO as false, so anything else is refused."""
    values = tuple(values or ())
    for value in values:
        check_kind(value, (str,), f"every entry of '{key}'", where)
    return values


def by_language(value: Any, key: str, languages: tuple[str, ...], where: str) -> dict[str, str]:
    """Prose of a report by language, the first language first; a plain text is in the report's first."""
    if not isinstance(value, dict):
        return {languages[0]: value.strip()} if value else {}
    check_keys(value, dict.fromkeys(languages, str), f"{where}, {key}")
    missing = [language for language in languages if not value.get(language)]
    if missing:
        hint = "Give one for each of its languages, or one text for all."
        raise ReportError(f"'{key}' has no text in '{missing[0]}'", where=where, hint=hint)
    return {language: value[language].strip() for language in languages}


def evidence(entries: dict[str, Any], where: str) -> dict[str, dict[str, Any]]:
    """What prose may cite as [E1]: what it is, where it comes from, which rungs it supports."""
    found = {}
    for id_, entry in entries.items():
        here = f"{where}, evidence {printable(id_)}"
        if not re.fullmatch(r"E\d{1,6}", str(id_)):
            raise ReportError("an id of evidence is E and a number", where=here, hint="Such as E1.")
        if not isinstance(entry, dict):
            hint = "Such as {what: Notice of the platform, source: …, supports: [coordinated]}."
            raise ReportError("evidence is a mapping", where=here, found=entry, hint=hint)
        check_keys(entry, {"what": str, "source": str, "supports": list}, here)
        for key in ("what", "source"):
            if not (entry.get(key) or "").strip():
                raise ReportError(f"key '{key}' is missing", where=here, hint="A reader must find it.")
        supports = texts(entry.get("supports"), "supports", here)
        for rung in supports:
            if rung not in RUNGS:
                raise ReportError("unknown claim", where=here, found=rung, hint=nearest(rung, RUNGS))
        found[id_] = {"what": entry["what"], "source": entry["source"], "supports": supports}
    return found


def harm(
    entries: dict[str, Any], questions: Iterable[str], languages: tuple[str, ...], where: str
) -> dict[str, dict[str, str]]:
    """Answers to the questions about harm, each once or by language; whether they answer is asked at a release."""
    check_keys(entries, dict.fromkeys(questions, (str, dict)), f"{where}, harm")
    found = {}
    for key, value in entries.items():
        if isinstance(value, dict):
            check_keys(value, dict.fromkeys(languages, str), f"{where}, harm.{key}")
            found[key] = {code: (value.get(code) or "").strip() for code in languages}
        elif value and value.strip():
            found[key] = {languages[0]: value.strip()}
    return found


def allow_words(entries: dict[str, Any], where: str) -> dict[str, str]:
    """Single words that a release may hold, each with the reason that is printed beside it."""
    here, found = f"{where}, allow_words", {}
    for word, reason in entries.items():
        if not isinstance(word, str) or not re.fullmatch(r"[^\W_](?:[\w’'.-]*[^\W_])?", word.strip()):
            hint = "Several words are allowed one by one; put it between quotation marks."
            raise ReportError("is no single word", where=here, found=word, hint=hint)
        if not isinstance(reason, str) or len(reason.split()) < 3:
            hint = "Write why it tells of nobody, in three words or more: it is printed on the page."
            raise ReportError(f"'{printable(word)}' has no reason", where=here, found=reason, hint=hint)
        found[word.strip()] = reason.strip()
    return found


EXACT_KEYS: dict[str, tuple[type, ...]] = {"list": (str,), "published": (str, dt.date), "address": (str,)}


def exact(groups: dict[str, Any], where: str) -> dict[str, dict[str, str]]:
    """Groups whose list of accounts a platform itself published: only the studied, with list, published and address."""
    found = {}
    for group, entry in groups.items():
        here = f"{where}, exact"
        if group != "studied":
            hint = "Only the studied accounts can be a list that a platform published."
            raise ReportError("is for 'studied' alone", where=here, found=str(group), hint=hint)
        if not isinstance(entry, dict):
            raise ReportError(
                "needs list, published and address", where=f"{here}, {group}", found=str(entry), hint=""
            )
        check_keys(entry, EXACT_KEYS, f"{here}, {group}")
        for key in EXACT_KEYS:
            if not entry.get(key):
                raise ReportError(
                    f"'{key}' is missing",
                    where=f"{here}, {group}",
                    hint="Say which list, when it was published, and where anybody can fetch it.",
                )
            check_kind(
                entry[key],
                EXACT_KEYS[key],
                key,
                f"{here}, {group}",
            )
        found[group] = {key: str(entry[key]) for key in EXACT_KEYS}
    return found


def zone(name: Any, where: str, key: str) -> str:
    """The name of a time zone that exists."""
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = nearest(str(name), zoneinfo.available_timezones())
        hint = hint if hint.startswith("did") else "Use a name such as America/Toronto, Asia/Bangkok or UTC."
        raise ReportError(f"unknown time zone in '{key}'", where=where, found=name, hint=hint) from None
    return str(name)


def day(value: Any, where: str, key: str) -> dt.date | None:
    """A day, or None where none is given."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise ReportError(f"key '{key}' is not a day", where=where, found=value, hint=DAY) from None


def read_list(
    path: Path,
    name: str,
    required: Iterable[str],
    known: Iterable[str],
    where: str,
    *,
    columns: Mapping[str, Any] | None = None,
    constants: Mapping[str, Any] | None = None,
) -> tuple[dict[str, str], ...]:
    """Rows of a small table that belongs to the report, every column checked, each with its `line`.

    With `columns` the file is somebody else's: our name -> its column, or a list of columns
    joined by a space; `constants` are the same for every row.
    """
    here = str(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = [h.strip() for h in reader.fieldnames or []]
            if columns:
                _check_map(header, columns, f"{here}, line 1")
            else:
                _check_header(header, list(required), list(known), f"{here}, line 1")
            reader.fieldnames = header
            rows = []
            for row in reader:
                at = f"{here}, line {reader.line_num}"
                if None in row or any(v is None for v in row.values()):
                    hint = f"The header has {len(header)} columns."
                    raise ReportError("row has another number of fields than the header", where=at, hint=hint)
                values = {k: v.strip() for k, v in row.items()}
                if columns:
                    values = {k: " ".join(values[c] for c in _several(cs)) for k, cs in columns.items()}
                fixed = {k: str(v) for k, v in (constants or {}).items()}
                rows.append(fixed | values | {"line": str(reader.line_num)})
    except FileNotFoundError:
        raise ReportError(
            f"file '{printable(name)}' does not exist", where=where, hint="Check its name."
        ) from None
    except (UnicodeDecodeError, csv.Error) as error:
        what = f"is not a readable CSV ({printable(error, 120)})"
        raise ReportError(what, where=here, hint="Save it as UTF-8 CSV.") from None
    except (OSError, ValueError) as error:
        what = f"file '{printable(name)}' cannot be read"
        raise ReportError(what, where=where, hint=printable(error, 120)) from None
    return tuple(rows)


def _check_header(header: list[str], required: list[str], known: list[str], where: str) -> None:
    for column in required:
        if column not in header:
            hint = "Columns found: " + printable(", ".join(header), 200)
            raise ReportError(f"column '{column}' is missing", where=where, hint=hint)
    for number, column in enumerate(header):
        if column not in known:
            what = f"unknown column '{printable(column)}'"
            raise ReportError(what, where=where, hint=nearest(column, known))
        if column in header[:number]:
            raise ReportError(f"column '{column}' stands twice", where=where, hint="Remove one of them.")


def _several(columns: Any) -> list[str]:
    return [str(c) for c in columns] if isinstance(columns, list) else [str(columns)]


def _check_map(header: list[str], columns: Mapping[str, Any], where: str) -> None:
    for column in (c for cs in columns.values() for c in _several(cs)):
        if column not in header:
            raise ReportError(
                f"column '{printable(column)}' is missing", where=where, hint=nearest(column, header)
            )


def one_of(rows: Iterable[dict[str, str]], column: str, valid: Iterable[str], path: Path) -> None:
    """Refuse a row whose value in `column` is given and none of `valid`."""
    for row in rows:
        if row.get(column) and row[column] not in valid:
            here = f"{path}, line {row['line']}"
            raise ReportError(
                f"unknown {column}", where=here, found=row[column], hint=nearest(row[column], valid)
            )


def check_days(rows: Iterable[dict[str, str]], path: Path) -> None:
    """Refuse events whose days are none, or that end before they begin."""
    for row in rows:
        here = f"{path}, line {row['line']}"
        first = day(row["date"], here, "date")
        last = day(row.get("end_date") or None, here, "end_date")
        if first and last and last < first:
            raise ReportError("the event ends before it starts", where=here, found=last, hint=DAY)
