"""The published page: executed notebooks in, one folder with one self-contained page out.

The page asks nothing of any machine (no script, no font, no address is fetched; a
content policy forbids it as well) and says the same in print. Only the blocks of
`blocks.extract` reach it. The folder is built beside its final name and swapped in
whole, with a manifest of SHA-256 written last; the same input gives the same bytes.
"""

from __future__ import annotations

import base64
import io
import json
import math
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit import words
from kit.disclosure import PEOPLE, STEP
from kit.errors import OutputError, RunError
from kit.locale import within
from kit.publish.render.blocks import Block, extract, verify
from kit.publish.render.folder import check, fresh, swap_in
from kit.publish.render.page import page_html
from kit.publish.render.prose import slug
from kit.publish.render.stated_csv import TABLES, stated_tables
from kit.redact import csv_text, read_csv_back

__all__ = ["Block", "check", "entries", "extract", "fresh", "render_page", "swap_in", "verify"]


def render_page(
    report: Mapping[str, Any] | Any,
    notebooks: Sequence[Mapping[str, Any]],
    out: Path,
    language: str = "en",
    *,
    edition: str = "public",
    files: Path | None = None,
    translate: Callable[[str, str], str] = lambda _notebook, text: text,
    languages: Sequence[str] | None = None,
    together: Mapping[str, int] = types.MappingProxyType({}),
) -> Path:
    """Build the page folder `out` of a report and return the path of its `index.html`.

    report: the keys of `report.yml` (or a `kit.report.Report`). notebooks: in reading
    order, each `{"name": …, "notebook": executed notebook}` (or `"blocks"` in its place),
    with `"folder"`: where `kit.show` wrote its `tables/*.csv` and `figures/*.png`; those
    the notebook names are copied (`files` is the folder of notebooks without one). translate: (notebook, Markdown cell) -> the cell
    in the page's language. languages: those built beside this one, for the links. together: what is said of all
    comparisons (`kit.claims.whole`).

    Raises `RunError` for a notebook that did not finish, ran on other inputs than the
    rest, or in another edition, and for a count of fewer than ten people in a public page.
    """
    meta = _meta(report)
    with within(language):
        parts = [
            (
                str(item["name"]),
                item["blocks"] if "blocks" in item else extract(item["notebook"], item["name"]),
            )
            for item in notebooks
        ]
        colophons = _colophons(parts, edition, language)
        guarded = edition == "public" and not meta.get("exact")
        found = entries(parts, guarded=guarded)
        if guarded:
            _no_small_tables(parts)
        contents = {
            f"tables/{name}.csv": csv_text(table).encode("utf-8")
            for name, table in stated_tables(found, language).items()
        }
        for i, (item, (name, blocks)) in enumerate(zip(notebooks, parts, strict=True)):
            if (folder := item.get("folder", files)) is not None:
                parts[i] = (name, _with_files(name, blocks, Path(folder), contents, guarded=guarded))
        html = page_html(meta, parts, colophons, found, language, edition, translate, languages, together)
        body = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        contents["index.html"] = html.encode("utf-8")
        contents["findings.json"] = _whole(body).encode("utf-8") + b"\n"
        temp = fresh(out)
        _write(temp, contents)
    return swap_in(temp, out) / "index.html"


def _meta(report: Any) -> dict[str, Any]:
    if isinstance(report, Mapping):
        return dict(report)
    keys = (
        "authors",
        "contact",
        "clock",
        "languages",
        "published",
        "synthetic",
        "evidence",
        "allow_words",
        "retention",
        "date",
        "exact",
    )
    meta = {key: getattr(report, key) for key in keys}
    meta |= {key: report.prose[key] for key in ("title", "summary", "content_note")}
    meta["period"] = {"start": report.start, "end": report.end}
    meta["inclusion"] = {"rule": report.prose["inclusion_rule"], "selected_on": report.selected_on}
    return meta


def entries(parts: Iterable[tuple[str, Sequence[Block]]], *, guarded: bool = True) -> list[dict[str, Any]]:
    """Every fact and finding, in order, as `findings.json` holds them; (id, group) is unique.

    `table` is the published table with its numbers, `metric` the one of the kit that gave them.
    """
    found: list[dict[str, Any]] = []
    seen: dict[tuple[str, str], str] = {}
    for name, blocks in parts:
        for block in blocks:
            if block.kind not in ("facts", "finding"):
                continue
            items = block.data["facts"] if block.kind == "facts" else [block.data]
            for item in items:
                kind = "fact" if block.kind == "facts" else "finding"
                told = {"kind": kind, "notebook": name, "metric": item.get("table"), "table": TABLES[kind]}
                entry = {"group": None, **_finite(item), **told}
                key = (str(entry.get("id")), str(entry["group"]))
                if key in seen:
                    what = f"'{key[0]}' for group '{key[1]}' is stated twice, in {seen[key]} and {name}"
                    raise RunError(what, hint="State each fact and finding once in a report.")
                seen[key] = name
                if guarded:
                    _no_small_item(entry, name)
                found.append(entry)
    return found


def _finite(value: Any) -> Any:
    """JSON without NaN and infinity, which other programs cannot read."""
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _whole(text: str) -> str:
    """Lone surrogates cannot be written as UTF-8."""
    return re.sub("[\ud800-\udfff]", "�", text)


# ---------------------------------------------------------------------------
# what must hold before anything is written


def _colophons(
    parts: list[tuple[str, Sequence[Block]]], edition: str, language: str
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, blocks in parts:
        marks = [block.data for block in blocks if block.kind == "colophon"]
        if not marks:
            raise RunError(
                "did not reach its last cell's mark", where=name, hint="Run it again with `kit run`."
            )
        if marks[-1].get("edition") != edition:
            what = f"was not run as the {edition} edition"
            hint = "Each edition is executed separately; run it again with `kit run`."
            raise RunError(what, where=name, found=marks[-1].get("edition"), hint=hint)
        if marks[-1].get("language", language) != language:
            what = f"was not run in the language '{language}'"
            raise RunError(what, where=name, found=marks[-1]["language"], hint="Run it again with `kit run`.")
        found[name] = marks[-1]
    given = {
        json.dumps(mark["inputs"], sort_keys=True, default=str)
        for mark in found.values()
        if mark.get("inputs")
    }
    if len(given) > 1:
        raise RunError(
            "notebooks of one report ran on different inputs", hint="Run them all again with `kit run`."
        )
    return found


def _no_small_tables(parts: list[tuple[str, Sequence[Block]]]) -> None:
    for name, blocks in parts:
        for block in blocks:
            table = block.data if block.kind == "table" else block.data.get("table")
            if block.kind in ("table", "figure") and table:
                where, metric = f"{name}, table '{table.get('name')}'", str(table.get("name"))
                for i, column in enumerate(table["columns"]):
                    _no_small(column.get("name"), metric, [row[i] for row in table["rows"]], where)


def _no_small(column: Any, metric: str, values: Iterable[Any], where: str) -> None:
    """An error where a count of people is none that `kit.disclosure` would show: it came by another door."""
    name, known = str(column), words.column(str(column), metric)
    counts = known is not None and known.role in ("count", "size") and known.unit == "count"
    counted = counts and words.counts(name, metric) in PEOPLE
    if not counted and not (known is None and re.fullmatch(r"(.*_)?accounts", name)):
        return
    small = [v for v in values if words.is_number(v) and 1 <= v < STEP]
    if small:
        what = f"column '{column}' shows a count of fewer than {STEP} people in a public page"
        raise RunError(
            what, where=where, found=small[0], hint="Show tables with kit.show, which protects them."
        )


def _no_small_item(item: Mapping[str, Any], where: str) -> None:
    """The same for a fact or finding, its control and what was tried."""
    if words.unit_counts(str(item.get("unit") or "")) not in PEOPLE:
        return
    share = words.measured(str(item.get("unit"))) == "share"
    for one in (item, item.get("control") or {}, *(item.get("sensitivity") or ())):
        number = one.get("n") if share else one.get("value")
        if words.is_number(number) and 1 <= number < STEP:
            what = f"'{item.get('id')}' tells of fewer than {STEP} people in a public page"
            raise RunError(
                what, where=where, found=number, hint="Use kit.facts and kit.finding, which protect it."
            )


def _with_files(
    name: str, blocks: Sequence[Block], folder: Path, taken: dict[str, bytes], *, guarded: bool
) -> list[Block]:
    """Put the CSV of each table shown, and its picture, into `taken`; returns the blocks.

    A table called like another one of the report, with other rows, is published under
    the notebook's name and its own. Inside one notebook the later would have been written over
    the file of the earlier, whose rows are gone: an error.
    """
    out: list[Block] = []
    mine: dict[str, list[list[str]]] = {}
    for block in blocks:
        table = block.data if block.kind == "table" else block.data.get("table")
        if block.kind not in ("table", "figure") or not table or not table.get("csv"):
            out.append(block)
            continue
        csv = table["csv"]
        if mine.setdefault(csv, table["rows"]) != table["rows"]:
            hint = "Give one of them a name: kit.show(table, name='…')."
            raise RunError(
                f"two different tables are both called '{table.get('name')}'", where=name, hint=hint
            )
        content = _read(folder / "tables" / csv)
        if guarded:
            frame = read_csv_back(io.StringIO(content.decode("utf-8")))
            for i, column in enumerate(frame.columns):
                _no_small(column, str(table.get("name")), frame.iloc[:, i], f"{name}, tables/{csv}")
        if taken.get(f"tables/{csv}", content) != content:
            csv = f"{slug(name)}-{csv}"
        taken[f"tables/{csv}"] = content
        if block.kind == "figure":
            picture = f"{csv.removesuffix('.csv')}.png"
            taken[f"figures/{picture}"] = base64.b64decode(block.data["png"])
        table = {**table, "csv": csv}
        out.append(replace(block, data=table if block.kind == "table" else {**block.data, "table": table}))
    return out


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot be copied: {error.strerror}", where=str(path.name)) from error


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        path = folder / name
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from error
