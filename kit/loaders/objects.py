"""Turn objects of a JSON export, or rows of a table read by name, into records.

`from_objects` and `from_rows` drive a loader: they number the records, hand each to
a `build` function and turn a `BadValue` into a rejection. The other functions take
one value out of an object by its path (`user.id_str`) and refuse what has the wrong
type, naming the path; a missing value and null are None.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from kit.errors import InputError, nearest
from kit.loaders import times, values
from kit.loaders.contract import Record, Rejection, each
from kit.loaders.files import Head, Source, delimited, jsons
from kit.loaders.files.delimited import Fault, Row
from kit.loaders.values import BadValue

RecordDict = dict[str, Any]
#: a hashtag in running text: letters, digits and underscores, not digits alone, not inside a word or address
_HASHTAG = re.compile(r"(?<![\w&/])[#＃](\w*[^\W\d_]\w*)")
#: an address in running text, and signs behind it that belong to the sentence
_ADDRESS = re.compile(r"https?://[^\s<>\"，。、；：！？）」』】》]+", re.IGNORECASE)
#: a name behind an @ in running text, by platform; not in an address of mail or of the web
_MENTION = {
    "x": re.compile(r"(?<![\w@＠/.])[@＠]([A-Za-z0-9_]{1,15})(?![\w@＠])"),
    "weibo": re.compile(r"(?<![\w@＠/.])[@＠]([\w-]{2,30})"),
    "mastodon": re.compile(r"(?<![\w@/.])@([A-Za-z0-9_](?:[\w.-]{0,62}\w)?(?:@[\w.-]{0,252}\w)?)", re.ASCII),
}
_ANY_MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9_](?:[\w.-]{0,62}\w)?)(?!@)", re.ASCII)
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_SENTENCE = ".,;:!?'’”»…]}*"


class Made(NamedTuple):
    """What one object became: its columns, its author's, and posts shown beside it.

    `table` where it goes to another one than the other records of its file.
    """

    values: RecordDict
    author: RecordDict | None = None
    context: tuple[RecordDict, ...] = ()
    table: str = ""


#: gives None for what is no record, after counting it in the source's warnings
Build = Callable[[RecordDict], Made | None]


def from_objects(
    source: Source,
    table: str,
    build: Build,
    parts: Callable[[RecordDict], Iterable[Any]] | None = None,
    items: Iterable[jsons.Item | Fault] | None = None,
) -> Iterator[Record | Rejection]:
    """A record or a rejection for each object of the source, or for each of the `parts` of each object."""
    number = 0
    for item in jsons.objects(source) if items is None else items:
        if isinstance(item, Fault):
            number += 1
            yield Rejection(table, number, item.line, item.field, item.reason, item.found, item.raw)
            continue
        try:
            found = list(parts(item.value)) if parts else [item.value]
        except BadValue as bad:
            number += 1
            yield Rejection(table, number, item.line, bad.field, bad.reason, bad.found, item.raw)
            continue
        for thing in found:
            number += 1
            try:
                if not isinstance(thing, dict):
                    raise BadValue("", "an object was expected", thing)
                made = build(thing)
            except BadValue as bad:
                raw = item.raw if len(found) == 1 else as_bytes(thing)
                yield Rejection(table, number, item.line, bad.field, bad.reason, bad.found, raw)
                continue
            if made is None:
                number -= 1
                continue
            yield Record(made.table or table, number, item.line, made.values, made.author)
            for beside in made.context:
                yield Record("posts", number, item.line, beside, context=True)


def as_bytes(thing: Any) -> bytes:
    """An object that stands inside another, to be set aside on its own."""
    return json.dumps(thing, ensure_ascii=False).encode("utf-8", "surrogatepass")


def from_rows(
    source: Source,
    table: str,
    build: Build,
    needed: Iterable[str],
    line: int = 1,
    passed: Callable[[RecordDict], str] | None = None,
    split: Callable[[Source, int], Iterator[Row | Fault]] = delimited.rows,
) -> Iterator[Record | Rejection]:
    """A record or a rejection for each row of a delimited file, its cells handed over by column name.

    `passed` says in words why a row is no record, or nothing; such rows are counted as warnings.
    `split` cuts the file into rows, where it has a dialect of its own.
    """
    names = delimited.header(source, line)
    missing = [name for name in needed if name not in names]
    if missing:
        hint = nearest(missing[0], names) if len(names) > 1 else "is this the whole file?"
        found = ", ".join(names[:8])
        raise InputError(
            f"the column '{missing[0]}' is missing", where=source.where(line), found=found, hint=hint
        )

    def rows() -> Iterator[Row | Fault]:
        for row in split(source, line):
            if passed and isinstance(row, Row) and (why := passed(dict(zip(names, row.cells, strict=True)))):
                source.warnings[why] += 1
                continue
            yield row

    def one(row: Row) -> Record:
        made = build(dict(zip(names, row.cells, strict=True)))
        assert made is not None
        return Record(table, row.number, row.line, made.values, made.author)

    return each(source, table, rows() if passed else split(source, line), one)


def refusing(source: Source, read: times.Reader) -> times.Reader:
    """A time reader that refuses the whole file where its first times need a declaration."""
    seen = False

    def reading(field: str, cell: Any) -> times.Moment:
        nonlocal seen
        try:
            moment = read(field, cell)
        except times.Undeclared as undeclared:
            if seen:
                raise
            where = f"{source.where()}, column '{field}'"
            raise InputError(undeclared.reason, where=where, found=undeclared.found) from None
        seen = seen or moment[0] is not None
        return moment

    return reading


def header_names(head: Head) -> set[str]:
    """Names of the columns of a delimited file, for recognising it."""
    return {name.strip() for name in head.header}


def spelt(value: Any, without: str | None = None, depth: int = 6) -> Any:
    """Objects with `someName` written `some_name` down to a depth; values that equal `without` are left out."""
    if isinstance(value, list) and depth:
        return [spelt(one, without, depth - 1) for one in value]
    if not isinstance(value, dict) or not depth:
        return value
    return {
        _CAPITAL.sub(r"_\1", key).lower(): spelt(one, without, depth - 1)
        for key, one in value.items()
        if without is None or one != without
    }


def raw(thing: RecordDict, path: str) -> Any:
    """The value at a path of keys; None where it, or anything on the way, is missing."""
    if "." not in path:
        return thing.get(path)
    found: Any = thing
    for key in path.split("."):
        if found is None:
            return None
        if not isinstance(found, dict):
            raise BadValue(path, "an object was expected on the way to this field", found)
        found = found.get(key)
    return found


def text(thing: RecordDict, path: str) -> str | None:
    """Text at a path."""
    return values.text(path, raw(thing, path))


def word(thing: RecordDict, path: str) -> str | None:
    """Text at a path; None where it is empty."""
    return text(thing, path) or None


def identifier(thing: RecordDict, path: str, *, required: bool = False) -> str | None:
    """An identifier at a path, as text."""
    return values.identifier(path, raw(thing, path), required=required)


def number(thing: RecordDict, path: str) -> int | None:
    """A count at a path."""
    return values.count(path, raw(thing, path))


def flag(thing: RecordDict, path: str) -> bool | None:
    """True or false at a path."""
    return values.boolean(path, raw(thing, path))


def inner(thing: RecordDict, path: str) -> RecordDict:
    """An object at a path, an empty one where it is missing."""
    found = raw(thing, path)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadValue(path, "an object was expected", found)
    return found


def record_dicts(thing: RecordDict, path: str) -> list[RecordDict]:
    """A list of objects at a path, an empty one where it is missing."""
    found = raw(thing, path)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadValue(path, "a list of objects was expected", found)
    return found


def seconds(thing: RecordDict, path: str, platform: str) -> times.Moment:
    """Unix seconds at a path, as a moment in UTC and its precision."""
    return _reader(platform, "epoch_s")(path, raw(thing, path))


def millis(thing: RecordDict, path: str, platform: str) -> datetime | None:
    """Unix milliseconds at a path, as a moment in UTC."""
    return _reader(platform, "epoch_ms")(path, raw(thing, path))[0]


def iso(thing: RecordDict, path: str, platform: str) -> times.Moment:
    """An ISO 8601 time with its zone at a path; milliseconds that are all zero do not count."""
    moment, precision = _reader(platform, "iso")(path, text(thing, path))
    if precision == "millisecond" and moment is not None and not moment.microsecond:
        precision = "second"
    return moment, precision


@cache
def _reader(platform: str, shape: str) -> times.Reader:
    return times.reader({"format": shape}, platform, Counter(), "")


def kind_flags(*, repost: bool | None, reply: bool | None, quote: bool | None) -> RecordDict:
    """Kind of a post and whether it is a repost, reply or quote; None where the export cannot tell."""
    kind = "repost" if repost else "reply" if reply else "quote" if quote else "post"
    return {"kind": kind, "is_repost": repost, "is_reply": reply, "is_quote": quote}


def field_time(moment: times.Moment) -> RecordDict:
    """The time columns of a post whose time is that of a field."""
    created_at, precision = moment
    return {
        "created_at": created_at,
        "time_source": "field" if created_at else None,
        "time_precision": precision,
    }


def timed(decoded: datetime | None, stated: times.Moment, warnings: Counter[str]) -> RecordDict:
    """The time columns: the identifier's time where it names the moment stated, or nothing else does.

    An identifier keeps milliseconds where fields are rounded; where the two differ by more
    than the rounding, the field is kept and the disagreement counted.
    """
    if decoded is None:
        return field_time(stated)
    moment, precision = stated
    if moment is not None:
        cut = {"minute": {"second": 0, "microsecond": 0}, "second": {"microsecond": 0}}.get(
            precision or "", {}
        )
        if decoded.replace(**cut) != moment:  # type: ignore[arg-type]
            warnings["time in the identifier differs from the time given; the time given was kept"] += 1
            return field_time(stated)
    return {
        "created_at": decoded,
        "time_source": "identifier",
        "time_precision": "millisecond",
        "time_stated": moment is not None,
    }


def beside(
    build: Callable[[RecordDict], RecordDict], found: Iterable[RecordDict], warnings: Counter[str]
) -> tuple[RecordDict, ...]:
    """Columns of posts shown beside a collected one; one that cannot be read is counted and left out."""
    made = []
    for one in found:
        try:
            made.append(build(one))
        except BadValue:
            warnings["context posts that could not be read"] += 1
    return tuple(made)


def by_handle(handle: str | None) -> str | None:
    """The account id where an export names an account by its handle alone: `@` and the handle in lower case.

    The sign keeps it apart from the number of any account. An account that was renamed, or
    whose number another export gives, counts as a second one.
    """
    return f"@{handle.casefold()}" if handle else None


def hashtags_in(written: str | None) -> list[str]:
    """Hashtags written in a text, for exports that do not list them."""
    if not written or ("#" not in written and "＃" not in written):
        return []
    return [values.hashtag(match) for match in _HASHTAG.findall(written)]


def mentions_in(written: str | None, platform: str) -> list[RecordDict]:
    """Names behind an @ in a text, each once, for exports that do not list them; whose they are is not checked."""
    if not written or ("@" not in written and "＠" not in written):
        return []
    found = _MENTION.get(platform, _ANY_MENTION).findall(written)
    handles = dict.fromkeys(values.handle("mentions", name) for name in found)
    return [{"account_id": None, "handle": handle} for handle in handles if handle]


def links_in(written: str | None) -> list[RecordDict]:
    """Addresses written in a text, each once, for exports that do not list them."""
    found: dict[str, None] = {}
    for match in _ADDRESS.findall(written or ""):
        end, spare = len(match), match.count(")") - match.count("(")
        while match[end - 1] in _SENTENCE or (match[end - 1] == ")" and spare > 0):
            spare -= match[end - 1] == ")"
            end -= 1
        url = match[:end]
        if "." in url:
            found[url] = None
    return [{"url": url, "expanded_url": None} for url in found]
