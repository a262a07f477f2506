"""Which signs a text is made of: writing systems, and the two scripts of Chinese."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import opencc

#: writing systems by Unicode block; what stands in none of them is no letter here
BLOCKS: dict[str, tuple[tuple[int, int], ...]] = {
    "latin": ((0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6),
              (0xF8, 0x2AF), (0x1E00, 0x1EFF), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)),
    "greek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "cyrillic": ((0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    "armenian": ((0x531, 0x587),),
    "hebrew": ((0x591, 0x5F4),),
    "arabic": ((0x610, 0x61A), (0x620, 0x65F), (0x66E, 0x6D3), (0x750, 0x77F), (0x8A0, 0x8FF),
               (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    "devanagari": ((0x900, 0x963), (0x970, 0x97F)),
    "bengali": ((0x980, 0x9E3),),
    "gurmukhi": ((0xA01, 0xA5E), (0xA70, 0xA75)),
    "gujarati": ((0xA81, 0xAE3),),
    "tamil": ((0xB82, 0xBD7),),
    "telugu": ((0xC00, 0xC63),),
    "thai": ((0xE01, 0xE3A), (0xE40, 0xE4E)),
    "georgian": ((0x10A0, 0x10FF), (0x1C90, 0x1CBF)),
    "unnamed": ((0x700, 0x74F), (0x780, 0x7BF), (0xC80, 0xDFF), (0xE80, 0xFFF), (0x1000, 0x109F),
                (0x1200, 0x139F), (0x13A0, 0x167F), (0x1780, 0x17DD), (0x1820, 0x18AA)),
    "kana": ((0x3041, 0x309F), (0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)),
    "hangul": ((0x1100, 0x11FF), (0x3131, 0x318E), (0xAC00, 0xD7AF)),
    "han": ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3105, 0x312F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
            (0xF900, 0xFAFF), (0x20000, 0x323AF)),
}  # fmt: skip
SCRIPTS = tuple(BLOCKS)
_CHUNK = 2_000_000  # signs counted at once


@functools.cache
def script_table() -> np.ndarray:
    """For each code point 1 + the place of its writing system in `SCRIPTS`, or 0."""
    table = np.zeros(0x110000, np.uint8)
    for place, blocks in enumerate(BLOCKS.values(), 1):
        for first, last in blocks:
            table[first : last + 1] = place
    return table


@functools.cache
def chinese_table() -> np.ndarray:
    """For each code point 0 no Han sign, 1 in both scripts, 2 only in simplified, 3 only in traditional Chinese.

    Simplified: OpenCC turns it into another sign for traditional text, leaves it in simplified text, and
    Big5, the code of traditional text, lacks it. Traditional: the other way round, with GB 2312. So signs
    that both write (后, 里, 干, 面) count for neither.
    """
    table = (script_table() == 1 + SCRIPTS.index("han")).astype(np.uint8)
    signs = [chr(c) for c in range(0x3400, 0xA000)]
    for to, back, code, kind in (("s2t", "t2s", "big5", 2), ("t2s", "s2t", "gb2312", 3)):
        there, here = (opencc.OpenCC(way).convert("\n".join(signs)).split("\n") for way in (to, back))
        for sign, changed, same in zip(signs, there, here, strict=True):
            if changed != sign and same == sign and not sign.encode(code, "ignore"):
                table[ord(sign)] = kind
    return table


def counts(texts: Sequence[str], table: np.ndarray, kinds: int) -> np.ndarray:
    """How many signs of each of `kinds` kinds in `table` each text has: one row a text."""
    found = np.zeros((len(texts), kinds), np.int64)
    start = 0
    while start < len(texts):
        end, size = start, 0
        while end < len(texts) and (end == start or size + len(texts[end]) <= _CHUNK):
            size += len(texts[end])
            end += 1
        points = np.frombuffer("".join(texts[start:end]).encode("utf-32-le", "surrogatepass"), np.uint32)
        rows = np.repeat(np.arange(end - start), [len(t) for t in texts[start:end]])
        cells = np.bincount(rows * kinds + table[points], minlength=(end - start) * kinds)
        found[start:end] = cells.reshape(end - start, kinds)
        start = end
    return found
