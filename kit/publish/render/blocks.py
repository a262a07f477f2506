"""What may leave an executed notebook, and the proof that it ran to its end.

Only prose, pictures with a description and the kit's own `application/vnd.daylight.*`
objects pass. Text streams, HTML, metadata and everything else stay behind. A
notebook that did not finish raises `RunError`: papermill's own status is not
believed, every code cell must have its number and the last one the colophon's mark.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit.errors import RunError

_PIXELS = 40_000_000  # more than any page shows, and little to a browser
KINDS = ("table", "facts", "finding", "colophon", "note")
MIME = {f"application/vnd.daylight.{kind}+json": kind for kind in KINDS}
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_PNG = b"\x89PNG\r\n\x1a\n"
#: chunks that draw the picture; texts, times and other metadata are left out
_DRAWING = (b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"pHYs", b"IDAT", b"IEND")


@dataclass(frozen=True)
class Block:
    """One piece of a page: its kind (prose, figure, or one of `KINDS`) and what it holds.

    prose: source. figure: png (base64), alt, width, height, table (the table drawn,
    or None). table, facts, finding, note, colophon: the object the kit emitted.
    """

    kind: str
    data: dict[str, Any]
    cell: int


def extract(notebook: Mapping[str, Any], name: str = "notebook") -> list[Block]:
    """The blocks of an executed notebook in reading order; `RunError` if it did not finish."""
    verify(notebook, name)
    blocks: list[Block] = []
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "markdown":
            blocks.append(Block("prose", {"source": _text(cell["source"])}, number))
        elif cell["cell_type"] == "code":
            found = [block for out in cell["outputs"] for block in _output(out, number, name)]
            blocks += _paired(found)
    return blocks


def verify(notebook: Mapping[str, Any], name: str = "notebook") -> None:
    """Raise `RunError` unless every cell ran, in order, without error, to the colophon."""
    rerun = "Run it again with `kit run`; unfinished notebooks are not rendered."
    code = [
        (number, cell)
        for number, cell in enumerate(notebook["cells"], start=1)
        if cell["cell_type"] == "code" and _text(cell["source"]).strip()
    ]
    if not code:
        raise RunError("has no code cells", where=name, hint=rerun)
    for count, (number, cell) in enumerate(code, start=1):
        where = f"{name}, cell {number}"
        if cell.get("execution_count") is None:
            raise RunError("was not run", where=where, hint=rerun)
        if cell["execution_count"] != count:
            what = "was run out of order"
            raise RunError(
                what, where=where, found=cell["execution_count"], hint=f"Expected {count}. {rerun}"
            )
        for out in cell["outputs"]:
            if out["output_type"] == "error":
                found = f"{out.get('ename', '')}: {out.get('evalue', '')}"
                raise RunError("ended in an error", where=where, found=found, hint=rerun)
    marks = [
        mime for out in code[-1][1]["outputs"] for mime in out.get("data", {}) if MIME.get(mime) == "colophon"
    ]
    if not marks:
        hint = f"A notebook ends with kit.colophon(case); where it does: {rerun[0].lower()}{rerun[1:]}"
        raise RunError("did not reach its last cell's mark", where=f"{name}, cell {code[-1][0]}", hint=hint)
    _one_edition(code, name)


def _one_edition(code: list[tuple[int, Mapping[str, Any]]], name: str) -> None:
    """Raise where a notebook opened cases of another edition than it closes with: each mark names them all."""
    for number, cell in code:
        for out in cell["outputs"]:
            for mime, content in out.get("data", {}).items():
                if MIME.get(mime) != "colophon" or not isinstance(content, Mapping):
                    continue
                edition = content.get("edition")
                others = sorted({*content.get("editions", [edition])} - {edition})
                if others:
                    what = f"opened the {others[0]} edition in a notebook of the {edition} one"
                    hint = "Each edition is executed separately; open the case without edition=…."
                    raise RunError(what, where=f"{name}, cell {number}", hint=hint)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _output(out: Mapping[str, Any], number: int, name: str) -> Iterator[Block]:
    if out["output_type"] not in ("display_data", "execute_result"):
        return
    where = f"{name}, cell {number}"
    data, found = out["data"], []
    if "image/png" in data:
        alt = out.get("metadata", {}).get("image/png", {}).get("alt")
        if not isinstance(alt, str) or not alt.strip():
            raise RunError(
                "shows a picture without a description", where=where, hint="Show it with kit.show."
            )
        found.append(
            Block("figure", {**_picture(data["image/png"], where), "alt": alt, "table": None}, number)
        )
    for mime, kind in MIME.items():
        if mime in data:
            content: Any = {"facts": data[mime]} if kind == "facts" else data[mime]
            facts = content.get("facts", []) if isinstance(content, dict) else None
            if not isinstance(facts, list) or not all(isinstance(fact, dict) for fact in facts):
                raise RunError(f"emitted a {kind} object of the wrong shape", where=where, found=data[mime])
            if kind == "table":
                _check_table(content, where)
            found.append(Block(kind, dict(content), number))
    yield from found


def _check_table(table: Mapping[str, Any], where: str) -> None:
    width = len(table.get("columns") or [])
    if not width or any(len(row) != width for row in table.get("rows") or []):
        raise RunError(
            "emitted a table whose rows do not fit its columns", where=where, found=table.get("name")
        )
    csv = table.get("csv")
    if csv is not None and (not _FILE.fullmatch(str(csv)) or not str(csv).endswith(".csv")):
        raise RunError("names a table file that is not a plain name ending in .csv", where=where, found=csv)


def _paired(blocks: list[Block]) -> list[Block]:
    """Join a picture with the table it draws, shown by the same cell before or after it."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if last and block.kind == "table" and last.kind == "figure" and last.data["table"] is None:
            last.data["table"] = block.data
        elif last and block.kind == "figure" and last.kind == "table":
            block.data["table"] = last.data
            out[-1] = block
        else:
            out.append(block)
    return out


def _picture(encoded: str | list[str], where: str) -> dict[str, Any]:
    try:
        clean = clean_png(base64.b64decode(_text(encoded), validate=False))
    except (ValueError, binascii.Error, struct.error) as error:
        raise RunError("shows a picture that is not a whole PNG", where=where, found=error) from None
    width, height = struct.unpack(">II", clean[16:24])
    return {"png": base64.b64encode(clean).decode("ascii"), "width": width, "height": height}


def clean_png(png: bytes) -> bytes:
    """A PNG with the chunks that draw it and nothing else; ValueError when it is not whole."""
    if not png.startswith(_PNG):
        raise ValueError("no PNG signature")
    at, out, kind = len(_PNG), [_PNG], b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        chunk = png[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError(f"damaged {kind.decode('latin-1')} chunk")
        if kind in _DRAWING:
            out.append(chunk)
        at += 12 + length
    if out[1][4:8] != b"IHDR":
        raise ValueError("no header chunk")
    width, height = struct.unpack(">II", out[1][8:16])
    if width * height > _PIXELS:
        raise ValueError(f"a picture of more than {_PIXELS:,} pixels")
    return b"".join(out)
