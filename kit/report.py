"""The report folder: read it, check it, say what is misspelt.

A report is a folder with `report.yml` and what belongs to it. `load("sample")`
reads one and returns a `Report`; whatever is wrong in it is a `ReportError` of
one line that names the file, the key and what to write instead.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
import re
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kit.errors import ReportError, nearest
from kit.locale import LANGUAGES
from kit.schema import GROUPS, PLATFORMS

CODE = Path(__file__).resolve().parent.parent

KEYS = {
    "title": str,
    "summary": str,
    "authors": list,
    "contact": str,
    "clock": str,
    "period": dict,
    "languages": list,
    "inclusion": dict,
    "exports": list,
    "labels": str,
    "roster": str,
    "events": str,
    "published": list,
    "notebooks": list,
    "audience_zones": (list, str),
    "retention": str,
    "synthetic": bool,
    "content_note": str,
}
REQUIRED = ("title", "exports", "notebooks")
EXPORT_KEYS = {
    "path": str,
    "group": str,
    "format": str,
    "platform": str,
    "table": str,
    "columns": dict,
    "time": dict,
    "lists": dict,
    "sheet": str,
    "constants": dict,
    "encoding": str,
    "nulls": (list, dict),
    "delimiter": str,
    "source": str,
    "collected": str,
}
LABEL_COLUMNS = ("account", "group")
ROSTER_COLUMNS = "name role category party platform account_id handle account_kind may_be_named".split()
EVENT_COLUMNS = ("date", "label")


@dataclass(frozen=True)
class Export:
    """One entry of `exports:`: where the file is and how to read it."""

    path: Path
    name: str
    group: str | None
    options: dict[str, Any]


@dataclass(frozen=True)
class Report:
    """A checked report folder."""

    name: str
    folder: Path
    title: str
    summary: str
    authors: tuple[str, ...]
    contact: str
    clock: str
    start: dt.date | None
    end: dt.date | None
    languages: tuple[str, ...]
    inclusion_rule: str
    selected_on: tuple[str, ...]
    exports: tuple[Export, ...]
    labels: tuple[dict[str, str], ...]
    roster: tuple[dict[str, str], ...]
    events: tuple[dict[str, str], ...]
    published: tuple[dict[str, Any], ...]
    notebooks: tuple[tuple[str, dict[str, Any]], ...]
    audience_zones: tuple[str, ...] | None
    synthetic: bool
    content_note: str
    retention: str
    files: tuple[Path, ...] = field(default=())

    @property
    def out(self) -> Path:
        """Folder of built pages."""
        return self.folder / "out"

    def fingerprint(self) -> str:
        """SHA-256 over the report file and what belongs to it."""
        digest = hashlib.sha256()
        for path in self.files:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()


def home() -> Path:
    """The folder that holds `reports/` and `data/`: $DAYLIGHT_HOME, else the project."""
    return Path(os.environ.get("DAYLIGHT_HOME") or CODE)


def names() -> list[str]:
    """Names of the reports in `reports/`."""
    folder = home() / "reports"
    return sorted(p.parent.name for p in folder.glob("*/report.yml"))


class _Strict(yaml.SafeLoader):
    """SafeLoader that refuses duplicate keys and aliases, and keeps dates as text."""

    def compose_node(self, parent, index):  # type: ignore[no-untyped-def]
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not used in report files", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):  # type: ignore[no-untyped-def]
        seen: dict[Any, int] = {}
        for key_node, _value in node.value:
            key, line = self.construct_object(key_node), key_node.start_mark.line + 1
            if key in seen:
                problem = f"key '{key}' stands on line {seen[key]} and again on line {line}"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key_node.start_mark)
            seen[key] = line
        return super().construct_mapping(node, deep)


_Strict.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506 (a SafeLoader)
    except UnicodeDecodeError as error:
        raise ReportError("is not UTF-8 text", where=str(path), hint="Save it as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ReportError(
            str(error.problem), where=f"{path}, line {line}", hint="Correct that line."
        ) from None
    except yaml.YAMLError as error:
        raise ReportError("is not valid YAML", where=str(path), hint=str(error).splitlines()[0]) from None
    if not isinstance(content, dict):
        raise ReportError("holds no keys", where=str(path), hint="Start from `kit new NAME`.")
    return content


def _check(content: dict[str, Any], keys: dict[str, Any], where: str) -> None:
    """Unknown keys and wrong types are errors that name the nearest valid key."""
    for key, value in content.items():
        if key not in keys:
            raise ReportError(f"unknown key '{key}'", where=where, hint=nearest(key, keys))
        if value is not None and not isinstance(value, keys[key]):
            wanted = keys[key] if isinstance(keys[key], type) else keys[key][0]
            kind = {str: "text", list: "a list", dict: "a mapping", bool: "true or false"}[wanted]
            raise ReportError(
                f"key '{key}' must be {kind}",
                where=where,
                found=value,
                hint="Put text between quotation marks.",
            )


def _path(text: str, folder: Path) -> Path:
    if text.startswith("$DAYLIGHT_DATA"):
        root = Path(os.environ.get("DAYLIGHT_DATA") or CODE.parent / "shared")
        return Path(str(root) + text.removeprefix("$DAYLIGHT_DATA"))
    return folder / text


def _export(entry: Any, number: int, folder: Path, where: str) -> Export:
    here = f"{where}, export {number}"
    if not isinstance(entry, dict):
        raise ReportError("an export is a mapping with at least 'path'", where=here, found=entry, hint="")
    _check(entry, EXPORT_KEYS, here)
    if not entry.get("path"):
        raise ReportError("key 'path' is missing", where=here, hint="Name the file or folder of the export.")
    for key, valid in (("group", GROUPS), ("platform", PLATFORMS), ("table", ("posts", "accounts"))):
        if entry.get(key) is not None and entry[key] not in valid:
            raise ReportError(f"unknown {key}", where=here, found=entry[key], hint=nearest(entry[key], valid))
    for part, sub in (("time", ("format", "zone")),):
        for key in entry.get(part) or {}:
            if key not in sub:
                raise ReportError(f"unknown key '{part}.{key}'", where=here, hint=nearest(key, sub))
    zone_ = (entry.get("time") or {}).get("zone")
    if zone_ is not None:
        _zone(zone_, here, "time.zone")
    path = _path(entry["path"], folder)
    return Export(path, entry["path"], entry.get("group"), {k: v for k, v in entry.items() if v is not None})


def _zone(name: Any, where: str, key: str) -> str:
    try:
        zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = nearest(str(name), zoneinfo.available_timezones()).split(", use")[0]
        hint = hint if hint.startswith("did") else "Use a name such as America/Toronto, Asia/Bangkok or UTC."
        raise ReportError(f"unknown time zone in '{key}'", where=where, found=name, hint=hint) from None
    return str(name)


def _day(value: Any, where: str, key: str) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise ReportError(
            f"key '{key}' is not a day", where=where, found=value, hint="Write it as 2023-08-07."
        ) from None


def _csv(
    folder: Path, name: str | None, required: tuple[str, ...], known: Any, where: str
) -> tuple[dict, ...]:
    """Rows of a small table that belongs to the report, every column checked."""
    if not name:
        return ()
    path = _path(name, folder)
    here = str(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = [h.strip() for h in reader.fieldnames or []]
            reader.fieldnames = header
            rows = []
            for row in reader:
                if None in row or any(v is None for v in row.values()):
                    raise ReportError(
                        "row has another number of fields than the header",
                        where=f"{here}, line {reader.line_num}",
                        hint=f"The header has {len(header)} columns.",
                    )
                rows.append({k: v.strip() for k, v in row.items()} | {"line": str(reader.line_num)})
    except FileNotFoundError:
        raise ReportError(f"file '{name}' does not exist", where=where, hint="Check its name.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReportError(
            f"is not a readable CSV ({error})", where=here, hint="Save it as UTF-8 CSV."
        ) from None
    for column in required:
        if column not in header:
            raise ReportError(
                f"column '{column}' is missing",
                where=f"{here}, line 1",
                hint="Columns found: " + ", ".join(header),
            )
    for column in header:
        if column not in known:
            raise ReportError(
                f"unknown column '{column}'", where=f"{here}, line 1", hint=nearest(column, known)
            )
    return tuple(rows)


def _notebooks(entries: list[Any], where: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    out = []
    for entry in entries:
        if isinstance(entry, dict) and len(entry) == 1:
            ((name, parameters),) = entry.items()
        else:
            name, parameters = entry, {}
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):
            raise ReportError(
                "is not the name of a notebook", where=f"{where}, notebooks", found=name, hint=""
            )
        if not isinstance(parameters or {}, dict):
            hint = "Write `- 01_account_age: {days_new: 90}`."
            raise ReportError(
                f"parameters of '{name}' must be a mapping", where=where, found=parameters, hint=hint
            )
        out.append((name, dict(parameters or {})))
    return tuple(out)


def _labels(rows: tuple[dict, ...], path: str) -> None:
    for row in rows:
        here = f"{path}, line {row['line']}"
        if row["group"] not in GROUPS:
            raise ReportError(
                "unknown group", where=here, found=row["group"], hint=nearest(row["group"], GROUPS)
            )
        if not row["account"]:
            raise ReportError("field 'account' is empty", where=here, hint="Give the account's identifier.")


def folder_of(name: str | Path) -> Path:
    """Folder of a report: a name in `reports/`, or a path to a folder that holds report.yml."""
    named = home() / "reports" / str(name)
    for folder in (named, Path(name)):
        if (folder / "report.yml").is_file():
            return folder.resolve()
    raise ReportError(f"no report '{name}'", where=str(home() / "reports"), hint=nearest(str(name), names()))


def load(name: str | Path) -> Report:
    """Read and check the report `name` (a folder in `reports/`, or a path).

    Raises `ReportError` for anything missing, unknown or misspelt.
    """
    folder = folder_of(name)
    path = folder / "report.yml"
    where = str(path.relative_to(home())) if path.is_relative_to(home()) else str(path)
    content = _read_yaml(path)
    _check(content, KEYS, where)
    for key in REQUIRED:
        if not content.get(key):
            raise ReportError(f"key '{key}' is missing or empty", where=where, hint="See `kit new --help`.")
    inclusion = content.get("inclusion") or {}
    _check(inclusion, {"rule": str, "selected_on": list}, f"{where}, inclusion")
    period = content.get("period") or {}
    _check(period, {"start": str, "end": str}, f"{where}, period")
    start, end = (_day(period.get(k), where, f"period.{k}") for k in ("start", "end"))
    if start and end and end < start:
        raise ReportError("the period ends before it starts", where=where, found=f"{start} to {end}", hint="")
    languages = tuple(map(str, content.get("languages") or ["en"]))
    for language in languages:
        if language not in LANGUAGES:
            raise ReportError(
                "unknown language", where=where, found=language, hint=nearest(language, LANGUAGES)
            )
    zones = content.get("audience_zones")
    if isinstance(zones, str) and zones != "not known":
        raise ReportError(
            "audience_zones is a list of zones or 'not known'", where=where, found=zones, hint=""
        )
    known_labels = (*LABEL_COLUMNS, "platform", "reason", "coder", "date", "line")
    labels = _csv(folder, content.get("labels"), LABEL_COLUMNS, known_labels, where)
    _labels(labels, str(content.get("labels")))
    published = tuple(content.get("published") or ())
    for row in published:
        _check(
            row, {"id": str, "value": (str, int, float), "source": str, "note": str}, f"{where}, published"
        )
    extra = [content.get(k) for k in ("labels", "roster", "events")]
    return Report(
        name=folder.name,
        folder=folder,
        title=content["title"],
        summary=(content.get("summary") or "").strip(),
        authors=tuple(map(str, content.get("authors") or ())),
        contact=content.get("contact") or "",
        clock=_zone(content.get("clock") or "UTC", where, "clock"),
        start=start,
        end=end,
        languages=languages,
        inclusion_rule=(inclusion.get("rule") or "").strip(),
        selected_on=tuple(map(str, inclusion.get("selected_on") or ())),
        exports=tuple(_export(e, i, folder, where) for i, e in enumerate(content["exports"], 1)),
        labels=labels,
        roster=_csv(folder, content.get("roster"), ("name",), (*ROSTER_COLUMNS, "line"), where),
        events=_csv(
            folder, content.get("events"), EVENT_COLUMNS, (*EVENT_COLUMNS, "end_date", "kind", "line"), where
        ),
        published=published,
        notebooks=_notebooks(content["notebooks"], where),
        audience_zones=tuple(_zone(z, where, "audience_zones") for z in zones)
        if isinstance(zones, list)
        else None,
        synthetic=bool(content.get("synthetic")),
        content_note=content.get("content_note") or "",
        retention=content.get("retention") or "",
        files=(path, *(_path(name, folder) for name in extra if name)),
    )
