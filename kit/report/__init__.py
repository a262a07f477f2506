"""The report folder: read it, check it, say what is misspelt.

A report is a folder with `report.yml` and what belongs to it. `load("sample")`
reads one and returns a `Report`; whatever is wrong in it is a `ReportError` of
one line that names the file, the key and what to write instead.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import ReportError, nearest, printable
from kit.locale import LANGUAGES
from kit.report import checks
from kit.report.checks import check_keys, texts
from kit.report.codebook import CODER_COLUMNS, CODER_REQUIRED, read_codebook, read_coders
from kit.report.media import MEDIA_KEYS, Media, read_media
from kit.report.questions import HARM
from kit.report.readers import read_readers
from kit.schema import GROUPS, PLATFORMS, TABLES

CODE = Path(__file__).resolve().parent.parent.parent

#: what the analyst writes for the front; read by `kit.report.hand`, and no notebook runs again for it
HAND_KEYS = {
    "deck": (str, dict),
    "institution": (str, dict),
    "version": str,
    "noun": str,
    "targets_noun": (str, dict),
    "takeaways": list,
    "unknown": (str, dict),
    "glance": list,
    "intro": (str, dict),
    "chapters": list,
    "how": (str, dict),
    "attribution": (str, dict),
    "exhibits": list,
    "recommendations": list,
    "licence": (str, dict),
    "corrections": list,
    "warning": (str, dict),
}
KEYS = {
    "title": (str, dict),
    "summary": (str, dict),
    "authors": list,
    "contact": str,
    "clock": str,
    "period": dict,
    "languages": list,
    "inclusion": dict,
    "exports": list,
    "labels": str,
    "roster": (str, dict),
    "events": str,
    "codebook": str,
    "coders": list,
    "readers": list,
    "open_coordinators": (str, dict),
    "published": list,
    "notebooks": list,
    "audience_zones": (list, str),
    "retention": str,
    "date": str,
    "harm": dict,
    "allow_words": dict,
    "synthetic": bool,
    "content_note": (str, dict),
    "evidence": dict,
    "exact": dict,
    **MEDIA_KEYS,
    **HAND_KEYS,
}
APPROVALS = "approvals.csv"  # in the report's folder: who answers for which exhibit
LEDGER = "publications.json"  # in the report's folder: what left the house, and when
REQUIRED = ("title", "exports", "notebooks")
EXPORT_KEYS = {
    "path": str,
    "shown_as": str,
    "group": str,
    "format": str,
    "platform": str,
    "table": str,
    "columns": dict,
    "time": dict,
    "lists": dict,
    "sheet": str,
    "sqlite_table": str,
    "constants": dict,
    "encoding": str,
    "nulls": (list, dict),
    "delimiter": str,
    "header_line": int,
    "unescape": bool,
    "from_text": list,
    "limits": dict,
    "sha256": str,
    "source": str,
    "collected": str,
}
INCLUSION_KEYS = {"rule": (str, dict), "selected_on": list, "ground": str}
GROUNDS = ("platform_notice", "authority_notice", "researchers")
LABEL_COLUMNS = ("account", "platform", "group", "reason", "coder", "date")
ROSTER_COLUMNS = (
    *"name role category party platform account_id handle account_kind may_be_named".split(),
    *(f"{name}_{code}" for name in ("role", "category", "party") for code in LANGUAGES),
)
OPEN_COLUMNS = ("account", "platform", "why")
EVENT_COLUMNS = ("date", "end_date", "label", "kind", *(f"label_{code}" for code in LANGUAGES))
PUBLISHED_KEYS = {"id": str, "value": (str, int, float), "source": str, "note": str}
_TRUTHS = {c.name for t in ("posts", "accounts") for c in TABLES[t] if c.type == "BOOLEAN"}


#: what notebooks may read of a report beside its data: a change of it runs those again that did
PARTS = frozenset(
    "title summary authors contact clock start end languages inclusion_rule selected_on labels roster events published"
    " audience_zones synthetic content_note retention prose evidence codebook coders media open_coordinators"
    " readers exact date harm allow_words".split()
)
#: those that this process has read, but for what a case is made of
READ: set[str] = set()


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
    audience_zones: tuple[str, ...] | str | None  # "not known" is an answer, None is none
    synthetic: bool
    content_note: str
    retention: str
    files: tuple[Path, ...] = field(default=())
    #: title, summary, inclusion_rule and content_note, each by language; the first is also above
    prose: dict[str, dict[str, str]] = field(default_factory=dict)
    #: what prose may cite: id -> what, source, supports
    evidence: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: the codes of the codebook, and the rows of each coder's file (see `kit.report.codebook`)
    codebook: tuple[dict[str, Any], ...] = ()
    coders: tuple[tuple[dict[str, str], ...], ...] = ()
    media: Media = field(default_factory=Media)
    #: platform and account of those who are known to act together in the open, such as a news desk
    open_coordinators: tuple[tuple[str, str], ...] = ()
    #: group -> where a platform published the list of its accounts, so that anybody can count them
    exact: dict[str, dict[str, str]] = field(default_factory=dict)
    #: what the last published version showed of each number, by its id (see `kit.disclosure`); none of `PARTS`,
    #: for what stands in the stages when a version leaves is that version (`kit.publish.ledger` sees to it)
    shown_before: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    #: the rows of each reader's file (see `kit.report.readers`)
    readers: tuple[tuple[dict[str, str], ...], ...] = ()
    #: day of publication
    date: dt.date | None = None
    #: answers to the questions about harm, by language (see `kit.report.questions`)
    harm: dict[str, dict[str, str]] = field(default_factory=dict)
    #: words that a release may hold though they are somebody's private value too, each with its reason
    allow_words: dict[str, str] = field(default_factory=dict)
    #: the keys of `HAND_KEYS` that are given, and the title, as they stand in the file
    hand: dict[str, Any] = field(default_factory=dict)
    #: on what ground the studied accounts were chosen, one of `GROUNDS`; empty where it does not say
    ground: str = ""

    def __getattribute__(self, name: str) -> Any:
        if name in PARTS:
            READ.add(name)
        return object.__getattribute__(self, name)

    def part(self, name: str) -> str:
        """SHA-256 of what the report says under `name`, one of `PARTS`: another one when that changed."""
        value = object.__getattribute__(self, name)
        said = value.said() if isinstance(value, Media) else value
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def out(self) -> Path:
        """Folder of built pages."""
        return self.folder / "out"

    def event_labels(self, label: str) -> dict[str, str]:
        """The label of an event by language, where events.csv has one in the column `label_fr` and the like."""
        named = [event for event in self.events if event["label"] == label]
        return {code: next((t for e in named if (t := e.get(f"label_{code}"))), label) for code in LANGUAGES}

    def roster_labels(self, column: str) -> dict[str, dict[str, str]]:
        """For each role, category or party of roster.csv its name by language: `party_fr` and the like, else itself."""
        found: dict[str, dict[str, str]] = {}
        for row in self.roster:
            if value := row.get(column):
                named = found.setdefault(value, dict.fromkeys(LANGUAGES, value))
                named |= {code: said for code in LANGUAGES if (said := row.get(f"{column}_{code}"))}
        return found

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


def _path(text: str, folder: Path) -> Path:
    if text.startswith("$DAYLIGHT_DATA"):
        root = Path(os.environ.get("DAYLIGHT_DATA") or CODE.parent / "shared")
        return Path(str(root) + text.removeprefix("$DAYLIGHT_DATA"))
    return folder / text


def _export(entry: Any, number: int, folder: Path, where: str) -> Export:
    here = f"{where}, export {number}"
    if not isinstance(entry, dict):
        raise ReportError("an export is a mapping with at least 'path'", where=here, found=entry, hint="")
    check_keys(entry, EXPORT_KEYS, here)
    if not entry.get("path"):
        raise ReportError("key 'path' is missing", where=here, hint="Name the file or folder of the export.")
    for key, valid in (("group", GROUPS), ("platform", PLATFORMS), ("table", ("posts", "accounts"))):
        if entry.get(key) is not None and entry[key] not in valid:
            raise ReportError(f"unknown {key}", where=here, found=entry[key], hint=nearest(entry[key], valid))
    checks.sha256(entry.get("sha256"), here)
    columns = entry.get("columns") or {}
    for part, kinds in (("columns", (str, int)), ("lists", (str,))):
        for key, value in (entry.get(part) or {}).items():
            checks.check_kind(value, kinds, f"'{part}.{printable(key)}'", here)
    for key, value in (entry.get("constants") or {}).items():
        truth = (bool,) if str(key).removeprefix("author.") in _TRUTHS else ()
        checks.check_kind(value, (str, int, float, *truth), f"'constants.{printable(key)}'", here)
    texts(entry.get("from_text"), "from_text", here)
    nulls = entry.get("nulls") or []
    for words in nulls.values() if isinstance(nulls, dict) else [nulls]:
        if not isinstance(words, str):
            checks.check_kind(words or [], (list,), "'nulls'", here)
            texts(words, "nulls", here)
    _time(entry.get("time") or {}, columns, here, "time")
    checks.needs_map(entry, here)
    path = _path(entry["path"], folder)
    return Export(path, entry["path"], entry.get("group"), {k: v for k, v in entry.items() if v is not None})


def _time(declared: dict[str, Any], columns: dict[str, Any], where: str, name: str) -> None:
    """How times are written: for the whole export, or for one of its columns."""
    for key, value in declared.items():
        if isinstance(value, dict) and key in columns:
            _time(value, {}, where, f"{name}.{key}")
        elif key not in ("format", "zone"):
            hint = nearest(key, ("format", "zone", *columns))
            raise ReportError(f"unknown key '{name}.{printable(key)}'", where=where, hint=hint)
        elif value is not None:
            checks.check_kind(value, (str,), f"'{name}.{key}'", where)
            if key == "zone":
                checks.zone(value, where, f"{name}.zone")


def _notebooks(entries: list[Any], where: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    out: list[tuple[str, dict[str, Any]]] = []
    here = f"{where}, notebooks"
    for entry in entries:
        if isinstance(entry, dict) and len(entry) == 1:
            ((name, parameters),) = entry.items()
        else:
            name, parameters = entry, {}
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):
            raise ReportError("is not the name of a notebook", where=here, found=name, hint="")
        if not isinstance(parameters or {}, dict):
            what, hint = (
                f"parameters of '{name}' must be a mapping",
                "Write `- 01_account_age: {days_new: 90}`.",
            )
            raise ReportError(what, where=where, found=parameters, hint=hint)
        if name in dict(out):
            hint = "A notebook runs once in a report: copy it under another name."
            raise ReportError(f"'{name}' stands twice", where=here, hint=hint)
        out.append((name, dict(parameters or {})))
    return tuple(out)


def _published(rows: list[Any] | None, where: str) -> tuple[dict[str, Any], ...]:
    for number, row in enumerate(rows or (), 1):
        here = f"{where}, published {number}"
        if not isinstance(row, dict):
            what = "a published value is a mapping of id, value, source and note"
            raise ReportError(what, where=here, found=row, hint="")
        check_keys(row, PUBLISHED_KEYS, here)
        if not row.get("id"):
            raise ReportError("key 'id' is missing", where=here, hint="Name the fact it belongs to.")
    return tuple(rows or ())


def _lists(content: dict[str, Any], folder: Path, where: str) -> dict[str, tuple[dict[str, str], ...]]:
    """labels, roster, events and open coordinators, every row checked."""
    wanted = {
        "labels": (("account", "group"), LABEL_COLUMNS),
        "roster": (("name",), ROSTER_COLUMNS),
        "events": (("date", "label"), EVENT_COLUMNS),
        "open_coordinators": (("account", "why"), OPEN_COLUMNS),
    }
    found: dict[str, tuple[dict[str, str], ...]] = dict.fromkeys(wanted, ())
    for key, (required, known) in wanted.items():
        if not content.get(key):
            continue
        listed = _listed(content[key], required, known, f"{where}, {key}")
        path = _path(listed["path"], folder)
        renamed = {name: listed.get(name) for name in ("columns", "constants")}
        found[key] = rows = checks.read_list(path, listed["path"], required, known, where, **renamed)
        for column, valid in (("group", GROUPS), ("platform", PLATFORMS)):
            checks.one_of(rows, column, valid, path)
        for row in rows:
            if empty := [name for name in required if not row[name]]:
                hint = "Every row must give it."
                raise ReportError(
                    f"field '{empty[0]}' is empty", where=f"{path}, line {row['line']}", hint=hint
                )
        if key == "events":
            checks.check_days(rows, path)
    return found


def _listed(value: Any, required: Iterable[str], known: Iterable[str], where: str) -> dict[str, Any]:
    """A list named by its file, or a mapping with a column map for a file of somebody else's."""
    if isinstance(value, str):
        return {"path": value}
    checks.check_kind(value, (dict,), "a list that is no file name", where)
    check_keys(value, {"path": str, "columns": dict, "constants": dict}, where)
    if not value.get("path"):
        raise ReportError("key 'path' is missing", where=where, hint="Name the file of the list.")
    columns, constants = value.get("columns") or {}, value.get("constants") or {}
    for part, given in (("columns", columns), ("constants", constants)):
        for name in given:
            if name not in known:
                raise ReportError(
                    f"unknown name '{printable(name)}' in '{part}'", where=where, hint=nearest(name, known)
                )
    for name, column in columns.items():
        for word in column if isinstance(column, list) else [column]:
            checks.check_kind(word, (str,), f"'columns.{name}'", where)
    for name, constant in constants.items():
        checks.check_kind(constant, (str, int, float), f"'constants.{name}'", where)
    for name in required if columns else ():
        if name not in columns | constants:
            hint = f"Say which column of the file holds it: `columns: {{{name}: …}}`."
            raise ReportError(f"'{name}' is missing in 'columns'", where=where, hint=hint)
    return dict(value)


def folder_of(name: str | Path) -> Path:
    """Folder of a report: a name in `reports/`, or a path to a folder that holds report.yml."""
    named = home() / "reports" / str(name)
    for folder in (named, Path(name)):
        if (folder / "report.yml").is_file():
            return folder.resolve()
    raise ReportError(f"no report '{name}'", where=str(home() / "reports"), hint=nearest(str(name), names()))


def outline(name: str | Path) -> tuple[str, list[str], list[str]]:
    """Name, languages and notebooks of a report, hardly checked: enough to refuse a wrong argument at once."""
    folder, content = _content(name)
    languages, listed = content.get("languages") or ["en"], content.get("notebooks") or []
    named = [entry for one in listed for entry in (one if isinstance(one, dict) else [one])]
    return folder.name, [str(code) for code in languages], [str(notebook) for notebook in named]


def _content(name: str | Path) -> tuple[Path, dict[str, Any]]:
    """Folder of a report and what its file says, under known keys and of the right kinds."""
    folder = folder_of(name)
    path = folder / "report.yml"
    content = checks.read_yaml(path)
    check_keys(content, KEYS, _shown(path))
    return folder, content


def _shown(path: Path) -> str:
    return str(path.relative_to(home())) if path.is_relative_to(home()) else str(path)


def check_notebooks(names: Iterable[str]) -> dict[str, Path]:
    """Name -> file of the project's notebooks; an error where one of `names` is none of them."""
    known = {path.stem: path for path in sorted((CODE / "notebooks").glob("*.ipynb"))}
    for name in names:
        if name not in known:
            raise ReportError(f"no notebook '{name}'", hint=nearest(name, known))
    return known


def load(name: str | Path) -> Report:
    """Read and check the report `name` (a folder in `reports/`, or a path).

    Raises `ReportError` for anything missing, unknown or misspelt.
    """
    folder, content = _content(name)
    where = _shown(folder / "report.yml")
    for key in REQUIRED:
        if not content.get(key):
            raise ReportError(f"key '{key}' is missing or empty", where=where, hint="See `kit new --help`.")
    inclusion = content.get("inclusion") or {}
    check_keys(inclusion, INCLUSION_KEYS, f"{where}, inclusion")
    if (ground := inclusion.get("ground") or "") and ground not in GROUNDS:
        here = f"{where}, inclusion.ground"
        raise ReportError("unknown ground", where=here, found=ground, hint=nearest(ground, GROUNDS))
    period = content.get("period") or {}
    check_keys(period, {"start": str, "end": str}, f"{where}, period")
    start, end = (checks.day(period.get(k), where, f"period.{k}") for k in ("start", "end"))
    if start and end and end < start:
        raise ReportError("the period ends before it starts", where=where, found=f"{start} to {end}", hint="")
    languages = texts(content.get("languages") or ["en"], "languages", where)
    for language in languages:
        if language not in LANGUAGES:
            raise ReportError(
                "unknown language", where=where, found=language, hint=nearest(language, LANGUAGES)
            )
    written = {"inclusion_rule": inclusion.get("rule")} | {k: content.get(k) for k in checks.PROSE}
    if isinstance(written["title"], dict):  # beside its languages it may say what its numbers rest on
        written["title"] = {code: text for code, text in written["title"].items() if code != "rests_on"}
    prose = {key: checks.by_language(value, key, languages, where) for key, value in written.items()}
    first = {key: next(iter(texts.values()), "") for key, texts in prose.items()}
    zones = content.get("audience_zones")
    if isinstance(zones, str) and zones != "not known":
        raise ReportError(
            "audience_zones is a list of zones or 'not known'", where=where, found=zones, hint=""
        )
    lists = _lists(content, folder, where)
    held = read_media(content, lambda name: _path(name, folder), where)
    extra = [
        e["path"] if isinstance(e, dict) else e
        for key in ("labels", "roster", "events", "codebook", "open_coordinators")
        if (e := content.get(key))
    ]
    codebook = read_codebook(_path(content["codebook"], folder), languages) if content.get("codebook") else ()
    here = f"{where}, coders"
    coded = [_listed(e, CODER_REQUIRED, CODER_COLUMNS, here) for e in content.get("coders") or ()]
    paths = [_path(listed["path"], folder) for listed in coded]
    coders = read_coders(coded, paths, codebook, here) if coded else ()
    named = texts(content.get("readers"), "readers", where)
    read_by = [_path(name, folder) for name in named]
    return Report(
        name=folder.name,
        folder=folder,
        title=first["title"],
        summary=first["summary"],
        authors=texts(content.get("authors"), "authors", where),
        contact=content.get("contact") or "",
        clock=checks.zone(content.get("clock") or "UTC", where, "clock"),
        start=start,
        end=end,
        languages=languages,
        inclusion_rule=first["inclusion_rule"],
        selected_on=texts(inclusion.get("selected_on"), "selected_on", where),
        exports=tuple(_export(e, i, folder, where) for i, e in enumerate(content["exports"], 1)),
        labels=lists["labels"],
        roster=lists["roster"],
        events=lists["events"],
        published=_published(content.get("published"), where),
        notebooks=_notebooks(content["notebooks"], where),
        audience_zones=tuple(checks.zone(z, where, "audience_zones") for z in zones)
        if isinstance(zones, list)
        else zones,
        synthetic=bool(content.get("synthetic")),
        content_note=first["content_note"],
        retention=content.get("retention") or "",
        files=(
            folder / "report.yml",
            *(_path(name, folder) for name in extra),
            *paths,
            *read_by,
            *held.files,
            *_beside(content, folder),
        ),
        prose=prose,
        evidence=checks.evidence(content.get("evidence") or {}, where),
        exact=checks.exact(content.get("exact") or {}, where),
        shown_before=_shown_before(folder),
        codebook=codebook,
        coders=coders,
        media=held,
        open_coordinators=tuple((r.get("platform") or "", r["account"]) for r in lists["open_coordinators"]),
        readers=read_readers(read_by, named, where),
        date=checks.day(content.get("date") or None, where, "date"),
        harm=checks.harm(content.get("harm") or {}, HARM, languages, where),
        allow_words=checks.allow_words(content.get("allow_words") or {}, where),
        hand={key: content[key] for key in ("title", *HAND_KEYS) if content.get(key) is not None},
        ground=ground,
    )


def _beside(content: dict[str, Any], folder: Path) -> list[Path]:
    """What exhibits are made of: their texts, and who approved them; whatever is missing is said by their reader."""
    named = [one.get("text") for one in content.get("exhibits") or () if isinstance(one, dict)]
    paths = [folder / APPROVALS, *(_path(name, folder) for name in named if isinstance(name, str) and name)]
    return [path for path in paths if path.is_file()]


def _shown_before(folder: Path) -> dict[str, tuple[str, float | None]]:
    """What the last published version showed of each number; nothing where nothing was published."""
    path = folder / LEDGER
    if not path.exists():
        return {}
    try:
        versions = json.loads(path.read_text(encoding="utf-8"))["versions"]
        shown = versions[-1]["shown"].items() if versions else ()
        return {
            str(id_): (str(kind), None if value is None else float(value))
            for id_, (kind, value, *_ends) in shown
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        hint = "Put back the file that `kit publish` wrote: without it a new version may give away who was taken out."
        raise ReportError("the ledger of publications is damaged", where=str(path), hint=hint) from None
