"""What tests of formats share: write an export, read it, and check that records keep the contract."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

from kit import loaders, schema
from kit.loaders import Format, Record, Rejection, Source

_TYPES: dict[str, type] = {"VARCHAR": str, "BIGINT": int, "BOOLEAN": bool, "TIMESTAMP": datetime}
_LISTS = {
    "hashtags": None,
    "urls": {"url", "expanded_url"},
    "mentions": {"account_id", "handle"},
    "media": {"media_id", "kind", "url", "alt_text"},
}


def lines(*objects: Any) -> str:
    """JSON lines; half a surrogate pair can only stand there escaped."""
    written = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    whole = written.encode("utf-8", "surrogatepass").decode("utf-8", "replace") == written
    return written if whole else "".join(json.dumps(one) + "\n" for one in objects)


def table(rows: list[dict[str, Any]], delimiter: str = ",", bom: bool = False, quoting: int = 0) -> str:
    """Delimited text with the columns of the first row."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out, list(rows[0]), delimiter=delimiter, lineterminator="\n", restval="", quoting=quoting
    )  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return ("\ufeff" if bom else "") + out.getvalue()


def save(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return path


def load(path: Path, **options: Any) -> tuple[Source, Format, list[Record | Rejection]]:
    """Recognise and read one file; every record is checked against the contract."""
    ((source, format_, items),) = loaders.open_exports(path, options)
    found = list(items)
    for item in found:
        conforms(item)
    return source, format_, found


def kept(found: list[Record | Rejection], context: bool = False) -> list[Record]:
    return [item for item in found if isinstance(item, Record) and item.context is context]


def rejected(found: list[Record | Rejection]) -> list[Rejection]:
    return [item for item in found if isinstance(item, Rejection)]


def recognised(path: Path) -> list[str]:
    """Every format that takes the file for its own."""
    (source,) = loaders.sources(path)
    return [name for name, format_ in loaders.FORMATS.items() if format_.sniff(source.head())]


def has(found: dict[str, Any] | None, **expected: Any) -> None:
    """The columns named hold what is expected; the difference is shown whole."""
    assert found is not None
    assert {name: found.get(name) for name in expected} == expected


def conforms(item: Record | Rejection) -> None:
    """Columns of the schema only, with their types; every rejection says why."""
    if isinstance(item, Rejection):
        assert item.reason
        assert item.raw
        assert len(item.found) <= 40
        return
    _columns(item.values, item.table)
    key = "post_id" if item.table == "posts" else "account_id"
    assert item.values[key]
    if item.table == "posts":
        value = item.values
        assert value.get("account_id") is None or value["account_id"]
        assert (value.get("created_at") is None) == (value.get("time_source") is None)
        assert (value.get("created_at") is None) == (value.get("time_precision") is None)
        assert value.get("time_source") in (None, *schema.TIME_SOURCES)
        assert value.get("time_precision") in (None, *schema.TIME_PRECISIONS)
        if "text" in value or value.get("kind"):
            assert value["kind"] in schema.KINDS
        else:
            assert "status" in value, "only what tells the state of a post alone may be silent on its kind"
    if item.author is not None:
        _columns(item.author, "accounts")
        assert item.author["account_id"] == item.values.get("account_id")
    for name, value in item.values.items():
        if name.endswith("_id") or name == "handle":
            assert value is None or value == value.strip() != ""


def _columns(value: dict[str, Any], table: str) -> None:
    types = {c.name: _TYPES[c.type] for c in schema.TABLES[table] if c.loaded}
    for name, one in value.items():
        if name in _LISTS and table == "posts":
            keys = _LISTS[name]
            assert all(isinstance(item, str) if keys is None else set(item) == keys for item in one)
            continue
        assert name in types, f"{name} is no column that a loader fills"
        assert one is None or type(one) is types[name], f"{name}: {one!r}"
        if isinstance(one, datetime):
            assert one.tzinfo is None
    assert value["platform"] in schema.PLATFORMS


#: values that no field of an export should hold, to see that none of them stops a loader
JUNK = (None, "", "x", -1, 0, 1.5, 10**30, True, [], {}, [1], ["x"], [None], {"x": {}}, [{"x": 1}], [[]])


def wrecked(thing: Any, each: int = 5) -> list[Any]:
    """Copies of an object in which one value, at any depth, is junk: `each` of them for each value, in turn."""
    found: list[Any] = []

    def walk(at: Any, path: tuple[Any, ...]) -> None:
        inside = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
        for key, one in inside:
            for _ in range(each):
                copied = copy.deepcopy(thing)
                to = copied
                for step in path:
                    to = to[step]
                to[key] = JUNK[len(found) % len(JUNK)]
                found.append(copied)
            walk(one, (*path, key))

    walk(thing, ())
    return found


#: what a damaged place may hold
TOKENS = [b"", b"\0", b"\xff", b"null", b"{}", b"[]", b"-1", b"1e999", b'""', b'"', b"\n", b",", b"<", b"\\ud800", b"9" * 30,
          "\u202e".encode(), b"true", b"\r", b"</"]  # fmt: skip


def damaged(data: bytes, seed: int) -> bytes:
    """`data` with one to three wounds, the same for the same seed."""
    rng = random.Random(seed)
    wounded = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(wounded) + 1)
        end = min(len(wounded), at + rng.choice([0, 1, 1, 5, 40]))
        kind = rng.randrange(5)
        if kind == 0:
            del wounded[at:end]
        elif kind == 1:
            wounded[at:at] = wounded[at:end]
        elif kind == 2:
            wounded[at:end] = rng.choice(TOKENS)
        elif kind == 3 and at < len(wounded):
            wounded[at] ^= 1 << rng.randrange(8)
        elif rng.random() < 0.2:
            del wounded[at:]
    return bytes(wounded)


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
#: files that lie beside exports, and what each is
BESIDE: dict[str, tuple[bytes, str]] = {
    "README.md": (b"How these files were made.\n\nBy hand.\n", "text without columns"),
    "SHA256SUMS": (b"ab12  posts.json\ncd34  more.json\n", "text without columns"),
    "_SUCCESS": (b"", "empty file"),
    "media/1.png": (PNG, "PNG image"),
    "media/2.mp4": (b"\0\0\0\x20ftypisom" + bytes(5000), "MP4 video"),
    "paper.pdf": (b"%PDF-1.7\n" + bytes(300), "PDF document"),
    "assets/page.html": (b"<html><body>browse your archive</body></html>", "a web page or XML"),
    "data/ad_impressions.js": (b"window.YTD.ad_impressions.part0 = [ ]", "JavaScript"),
    "data/manifest.json": (b'{"userInfo": {"a": "1"}, "other": 2}', "JSON"),
    "ads.csv": (b"campaign,spend\nq,1\n", "a table"),
    "fonts/f.woff": (b"wOFF" + bytes(range(32)) * 40, "binary file"),
}


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder with these files."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
