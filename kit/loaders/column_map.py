"""Any table, read by the column map of the report file.

`columns:` says which of the file's columns holds what; nothing is guessed from names:

    columns: {post_id: id, account_id: author, created_at: date, text: body, author.handle: user}
    time: {format: "%d/%m/%Y %H:%M", zone: America/Toronto}
    lists: {hashtags: " ", urls: json}      # a separator, json, or python
    constants: {platform: facebook}         # also account_id: one author of all posts, or ""
    nulls: {text: ["[deleted]"]}            # words that stand for a missing value
    from_text: [hashtags, urls, mentions]   # read out of the text, where the file does not list them
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kit.errors import InputError, nearest, printable
from kit.loaders import tables, times
from kit.loaders.contract import Format, Record, Rejection, each
from kit.loaders.convert import EXACT_DIGITS, LISTS, Convert, converter, side_of, type_of
from kit.loaders.files import Source
from kit.loaders.files.delimited import Fault, Row
from kit.loaders.objects import hashtags_in, links_in, mentions_in
from kit.loaders.values import BadValue
from kit.schema import KINDS, PLATFORMS, TABLES

_LOOKED_AT = 50  # records read ahead, to refuse a file whose times would all have to be guessed
_TABBED = re.compile(r"\.(?:tsv|tab)(?:\.\w+)?$", re.IGNORECASE)
_OPTIONS = {"time": dict, "lists": dict, "constants": dict, "columns": dict}
_FROM_TEXT: dict[str, Callable[[str | None, str], list[Any]]] = {
    "hashtags": lambda text, _platform: hashtags_in(text),
    "urls": lambda text, _platform: links_in(text),
    "mentions": mentions_in,
}


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Records of the table, by the column map in `options`."""
    plan = _plan(source, options)
    found = tables.rows(source, options, plan.columns)
    return each(source, plan.table, _ahead(found, plan, source), plan.build)


class _Plan:
    """What to do with each column: made once for a file, then asked for each row."""

    def __init__(self, table: str, source: Source) -> None:
        self.table, self.where = table, source.where()
        self.columns: list[str] = []
        self.steps: list[tuple[str, str, Convert]] = []  # where it goes, column of ours, how to read it
        self.times: list[tuple[int, Convert]] = []
        self.constants: dict[str, dict[str, Any]] = {"row": {}, "author": {}}
        self.posts = table == "posts"
        self.from_text: list[str] = []

    def build(self, row: Row) -> Record:
        row_values: dict[str, Any] = dict(self.constants["row"])
        author: dict[str, Any] = dict(self.constants["author"])
        for (side, name, convert), cell in zip(self.steps, row.cells, strict=True):
            to = author if side == "author" else row_values
            to[name] = convert(cell)
            if name == "created_at":
                to[name], precision = to[name]
                if side == "row" and self.posts:
                    to["time_source"], to["time_precision"] = (
                        ("field", precision) if precision else (None, None)
                    )
                else:
                    to["created_precision"] = precision
            elif isinstance(to[name], tuple):
                to[name] = to[name][0]
        if self.posts:
            _finish(row_values)
            for name in self.from_text:
                row_values[name] = _FROM_TEXT[name](row_values.get("text"), row_values["platform"])
            if author:
                author = {
                    "platform": row_values["platform"],
                    "account_id": row_values["account_id"],
                    **author,
                }
        return Record(self.table, row.number, row.line, row_values, author or None)


def _finish(row: dict[str, Any]) -> None:
    """Kind of a post, and whether it is a repost, reply or quote, from what it refers to, where the map gives any of that."""
    told = {
        "is_repost": ("reposted_id", "reposted_account_id"),
        "is_reply": ("reply_to_id", "target_account_id"),
        "is_quote": ("quoted_id",),
    }
    for flag, sources in told.items():
        if row.get(flag) is None and any(name in row for name in sources):
            row[flag] = any(row.get(name) for name in sources)
    if row.get("kind") is None:
        flags = [row.get(flag) for flag in told]
        if any(flag is not None for flag in flags):
            row["kind"] = next(
                (kind for kind, on in zip(("repost", "reply", "quote"), flags, strict=True) if on), "post"
            )
    elif row["kind"] not in KINDS:
        raise BadValue("kind", f"the kind must be one of {', '.join(KINDS)}", row["kind"])


def _plan(source: Source, options: Mapping[str, Any]) -> _Plan:
    where = source.where()
    for key, kind in _OPTIONS.items():
        if options.get(key) is not None and not isinstance(options[key], kind):
            raise InputError(f"`{key}` must be a map (name: value)", where=where, found=options[key])
    table = options.get("table") or "posts"
    if table not in ("posts", "accounts"):
        raise InputError("`table` must be posts or accounts", where=where, found=table)
    plan = _Plan(table, source)
    names = tables.header(source, options)
    constants = dict(options.get("constants") or {})
    if options.get("platform"):
        constants.setdefault("platform", options["platform"])
    columns = options.get("columns") or {}
    _check_targets([*columns, *constants], table, where)
    _check_declared(options, columns, where)
    plan.from_text = _from_text(options.get("from_text") or [], table, columns, where)
    platform = str(constants.get("platform") or "")
    if "platform" not in columns and platform not in PLATFORMS:
        hint = nearest(platform, PLATFORMS) if platform else "write `platform: x` in the export's entry"
        raise InputError("the platform is not stated", where=where, found=platform or None, hint=hint)
    for need in ("post_id", "account_id") if table == "posts" else ("account_id",):
        if need not in columns and not (need == "account_id" and need in constants):
            hint = f"write `columns: {{{need}: …}}` with one of: " + _shown(names)
            if need == "account_id" and table == "posts":
                hint += '; where the table names no author, `constants: {account_id: ""}`'
            raise InputError(f"the column map names no column for '{need}'", where=where, hint=hint)
    for target, column in columns.items():
        plan.columns.append(_column(str(column), target, names, source, options))
        plan.steps.append((*side_of(target), converter(target, source, options, platform)))
    if len(set(columns.values())) < len(columns):
        source.warnings["one column of the file fills several of ours"] += 1
    for target, value in constants.items():
        side, name = side_of(target)
        try:
            made = converter(target, source, options, platform)(value)
        except BadValue as bad:
            raise InputError(f"the constant for '{target}': {bad.reason}", where=where, found=value) from None
        plan.constants[side][name] = made[0] if isinstance(made, tuple) else made
    plan.times = [(i, step[2]) for i, step in enumerate(plan.steps) if type_of(step[1]) == "TIMESTAMP"]
    _refuse_numbers(source, plan)
    _note_dialect(source)
    return plan


def _note_dialect(source: Source) -> None:
    """Count as warnings what was found out about the header and not stated in the report file."""
    head = source.head()
    if head.shape != "table":
        return
    if source.delimiter:
        pass  # stated
    elif head.delimiter != ",":
        sign = {"\t": "tab"}.get(head.delimiter, head.delimiter)
        source.warnings[f"fields split at '{printable(sign)}', as the header shows"] += 1
    elif len(head.header) > 1 and _TABBED.search(source.name):
        source.warnings[
            "fields split at ',', as the header shows, although the name is one of a file with tabs"
        ] += 1
    if spaced := sum(name != name.strip() for name in head.header):
        source.warnings["names of columns with white space around them, left out"] += spaced


def _check_targets(targets: list[str], table: str, where: str) -> None:
    known = {c.name for c in TABLES[table] if c.loaded}
    if table == "posts":
        known |= {f"author.{c.name}" for c in TABLES["accounts"] if c.loaded} | set(LISTS)
    for target in targets:
        if target not in known:
            raise InputError(
                f"no column of ours is called '{printable(target)}'", where=where, hint=nearest(target, known)
            )


def _check_declared(options: Mapping[str, Any], columns: Mapping[str, Any], where: str) -> None:
    """Raise for a declaration about a column that the map does not have: it would do nothing."""
    for key in ("lists", "nulls"):
        for name in options.get(key) or () if isinstance(options.get(key), Mapping) else ():
            if name not in columns or (key == "lists" and name not in LISTS):
                hint = nearest(name, [c for c in columns if key == "nulls" or c in LISTS])
                raise InputError(
                    f"`{key}` names '{printable(name)}', which is no such column", where=where, hint=hint
                )


def _from_text(wanted: list[str], table: str, columns: Mapping[str, Any], where: str) -> list[str]:
    """What is to be read out of texts: nothing that the map takes from a column, and not without a text."""
    for name in wanted:
        if name not in _FROM_TEXT:
            hint = nearest(name, _FROM_TEXT)
            raise InputError(f"`from_text` names '{printable(name)}'", where=where, hint=hint)
        if name in columns:
            raise InputError(
                f"`from_text` and `columns` both name '{name}'", where=where, hint="leave one out"
            )
    if wanted and (table != "posts" or "text" not in columns):
        hint = "`columns: {text: …}` names the column of texts"
        raise InputError("`from_text` without texts", where=where, hint=hint)
    return wanted


def _shown(names: list[str]) -> str:
    return ", ".join(f"'{printable(name)}'" for name in names[:8]) + (", …" if len(names) > 8 else "")


def _column(wanted: str, target: str, names: list[str], source: Source, options: Mapping[str, Any]) -> str:
    """The file's column that the map means; raises naming the nearest one."""
    if wanted in names:
        return wanted
    plain = wanted.strip().casefold()
    alike = [name for name in names if name.strip().casefold() == plain]
    if len(alike) == 1:
        source.warnings[
            f"the column is written '{printable(alike[0])}' in the file, not '{printable(wanted)}'"
        ] += 1
        return alike[0]
    hint = nearest(wanted, names) if len(alike) < 2 else "several are alike but for case: " + _shown(alike)
    if not hint.startswith(("did", "several")):
        hint = f"columns found: {_shown(names)}"
    if source.head().shape == "table" and (line := _header_line(wanted, source)):
        hint = f"the header seems to be on line {line}: write `header_line: {line}` in the export's entry"
    what = f"the column '{printable(wanted)}' for '{target}' is missing"
    raise InputError(what, where=source.where(options.get("header_line")), hint=hint)


def _header_line(wanted: str, source: Source) -> int | None:
    """A line behind the first that holds the column's name between delimiters."""
    for number, line in enumerate(source.head().text.splitlines()[:50], 1):
        for delimiter in ",;\t|":
            if number > 1 and wanted in [part.strip(' "\ufeff') for part in line.split(delimiter)]:
                return number
    return None


def _refuse_numbers(source: Source, plan: _Plan) -> None:
    """Refuse a Parquet file whose identifiers are numbers with decimals: their last digits are gone."""
    kinds = tables.types(source)
    for column, (_, name, _) in zip(plan.columns, plan.steps, strict=True):
        if name.endswith("_id") and str(kinds.get(column, "")) in ("double", "float", "halffloat"):
            raise InputError(
                "identifiers stored as numbers with decimals lost their last digits",
                where=f"{source.where()}, column '{printable(column)}'",
                hint="export the column again as text",
            )


def _ahead(rows: Iterator[Row | Fault], plan: _Plan, source: Source) -> Iterator[Row | Fault]:
    """The rows, once the first ones show that times and identifiers can be read as declared."""
    first: list[Row | Fault] = []
    for row in rows:
        first.append(row)
        if len(first) == _LOOKED_AT:
            break
    warnings = source.warnings.copy()
    for index, convert in plan.times:
        failed: list[times.Undeclared] = []
        for row in first:
            if isinstance(row, Row) and row.cells[index] not in (None, ""):
                try:
                    convert(row.cells[index])
                except times.Undeclared as undeclared:
                    failed.append(undeclared)
                    continue
                except BadValue:
                    pass
                failed = []
                break
        if failed:
            where = f"{source.where()}, column '{printable(plan.columns[index])}'"
            raise InputError(failed[0].reason, where=where, found=failed[0].found)
    source.warnings.clear()  # what looking ahead counted will be counted again
    source.warnings.update(warnings)
    yield from (_checked(row, plan, source) for row in first)
    yield from (_checked(row, plan, source) for row in rows)


def _checked(row: Row | Fault, plan: _Plan, source: Source) -> Row | Fault:
    """The row; refuses the whole workbook where an identifier is a number beyond what a cell can hold."""
    if isinstance(row, Row) and source.head().kind == "zip":
        for cell, column, (_, name, _) in zip(row.cells, plan.columns, plan.steps, strict=True):
            if name.endswith("_id") and isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS:
                raise InputError(
                    f"an identifier of more than {EXACT_DIGITS} digits in a number cell lost its last digits",
                    where=f"{source.where(row.line)}, column '{printable(column)}'",
                    found=cell,
                    hint="export it again as CSV, or with the column as text",
                )
    return row


def _never(_: Any) -> bool:
    return False  # only where the export's entry has `columns:`


FORMATS = (
    Format(
        "table",
        "table with a column map",
        platform="",
        table="posts",
        tool="any tool that saves CSV, TSV, XLSX, Parquet, SQLite or flat JSON",
        sniff=_never,
        read=read,
        carries="what the column map names",
        lacks="everything the column map does not name",
    ),
)
