"""Text from the data, made visible: no character can hide, reorder or restyle the page."""

from __future__ import annotations

import functools
import math
import re
import unicodedata

import pandas as pd

#: combining marks kept on one base letter; more only serve to draw over the neighbours
MARKS_PER_BASE = 4


@functools.lru_cache(maxsize=8192)
def _kind(char: str) -> str:
    """`plain`, `odd` (becomes a visible mark), `mark` (combining) or `picks` (variation selector)."""
    code, category = ord(char), unicodedata.category(char)
    if 0xFE00 <= code <= 0xFE0F:
        return "picks"
    invisible = (
        category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        or code
        in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)  # letters that draw nothing
        or 0x180B <= code <= 0x180F
        or 0xE0000 <= code <= 0xE0FFF  # tags and further variation selectors
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
    )
    if invisible:
        return "odd"
    return "mark" if category in ("Mn", "Me") else "plain"


#: letters, digits and punctuation of common scripts: nothing odd, no combining marks (the fast way out)
COMMON = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u0621-\u064a\u1e00-\u1fff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9f]*"
)
_LITERAL = re.compile(r"\[(?=U\+[0-9A-F]{4,6}\])")
_MARK = re.compile(r"\[U\+([0-9A-F]{4,6})\]")


def visible(text: str, keep: str = "", *, exact: bool = False) -> str:
    """`text` with every character that cannot be seen written as `[U+202E]`.

    Characters in `keep` stay. With `exact`, `unmark` gives the text again: what already
    looks like such a mark has its bracket marked. Without, marking twice changes nothing.
    """
    if exact and "[U+" in text:
        text = _LITERAL.sub("[U+005B]", text)
    if COMMON.fullmatch(text):
        return text
    out, before = [], ""
    for char in text:
        kind = _kind(char)
        # the selector that asks for a coloured symbol is harmless behind a symbol
        drawn = kind in ("plain", "mark") or char in keep or (kind == "picks" and _symbol(before))
        out.append(char if drawn else f"[U+{ord(char):04X}]")
        before = char
    return "".join(out)


def _symbol(char: str) -> bool:
    return bool(char) and unicodedata.category(char) == "So"


def unmark(text: str) -> str:
    """The inverse of `visible` with `exact`."""
    return _MARK.sub(lambda found: chr(int(found[1], 16)), text)


def safe_text(value: object, limit: int | None = None) -> str:
    """`value` as text that shows what it holds, for pages, figures and alt texts.

    Control, bidirectional, zero-width and private characters and lone surrogates
    become marks such as `[U+202E]`, line ends `↵`; at most four combining marks stay
    on a letter and the rest are counted (`[+296]`). Doing it twice changes nothing. Longer than `limit` characters:
    cut, with `…`. Missing values give an empty text.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA or value is pd.NaT:
        return ""
    text = value if isinstance(value, str) else str(value)
    end = ""
    if limit is not None and len(text) > limit:
        text, end = text[: max(0, limit - 1)], "…"
    text = text.replace("\r\n", "\n")
    return _capped(visible(text, keep="\n")).replace("\n", " ↵ ") + end


def _capped(text: str) -> str:
    if COMMON.fullmatch(text):
        return text
    out: list[str] = []
    run = extra = 0
    for char in [*text, ""]:
        is_mark = bool(char) and _kind(char) in ("mark", "picks")
        run = run + 1 if is_mark else 0
        if run > MARKS_PER_BASE:
            extra += 1
            continue
        if extra:
            out.append(f"[+{extra}]")
            extra = 0
        out.append(char)
    return "".join(out)


_ADDRESS = re.compile(r"\b(https?|ftp|wss?)://([^\s/?#]*)", re.IGNORECASE)


def defang(text: str) -> str:
    """Addresses in `text` so that no program makes a link of them: `hxxps://bad[.]invalid/x`."""

    def broken(found: re.Match[str]) -> str:
        scheme = found[1].replace("t", "x").replace("T", "X") if found[1].lower() != "ws" else found[1]
        return f"{scheme}://{found[2].replace('.', '[.]')}"

    return _ADDRESS.sub(broken, text)


def mixed_scripts(word: str) -> bool:
    """Whether one word mixes Latin letters with lookalikes from Cyrillic or Greek."""
    found = {_script(char) for char in word if char.isalpha()}
    return "LATIN" in found and bool(found & {"CYRILLIC", "GREEK"})


@functools.lru_cache(maxsize=8192)
def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ")[0]
