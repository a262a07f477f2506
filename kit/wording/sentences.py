"""Prose as the linter sees it: without code and addresses, sentence by sentence, offsets kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: what is no prose: fenced and inline code, comments and tags, addresses, the target of a link, handles
_HIDDEN = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|``.*?``|`[^`\n]*`|<!--.*?-->|</?[a-zA-Z][^<>\n]*>|"
    r"(?<=\])\([^()\s]*\)|\b(?:https?|hxxps?|ftp)://[^\s<>)\]]+|\bwww\.[^\s<>)\]]+|(?<!\w)@[\w.]+",
    re.DOTALL,
)
_CITATION = re.compile(r"\[(?:E\d+|finding: ?\w+)(?:[,;] ?(?:E\d+|finding: ?\w+))*\]")
_SHORT = (
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bDr)(?<!\bMr)(?<!\bMme)(?<!\bM)(?<!\bvs)(?<!\bNo)(?<!\bp)(?<!\bal)"
)
#: a sentence ends at its stop, after quotes and citations; at a blank line; before a list item, heading or row
_END = re.compile(
    rf"{_SHORT}[.!?…]+[\"”’»)*_]*(?:[ \u00a0\u202f]*»)?(?:\s*{_CITATION.pattern}\.?)*\s+(?=[^\sa-zà-ÿ])"
    r"|\n\s*\n|\n(?=\s*(?:[-*+#|>]|\d+\.)\s*)|(?<=[^|\n])\|(?=[^|\n])"
)


def visible(text: str) -> str:
    """`text` with everything that is no prose blanked out, every character in its place."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"\S", "\x00", found.group()).replace("\x00", " ")

    text = _HIDDEN.sub(blank, text)
    return re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff]", "_", text).replace("’", "'")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence of `text` (which went through `visible`)."""
    start = 0
    for end in [*(m.end() for m in _END.finditer(text)), len(text)]:
        if text[start:end].strip():
            yield start, end
        start = end


def cited(sentence: str) -> list[str]:
    """Ids of the evidence and findings that a sentence cites: `[E1, E2]`, `[finding: creation_burst]`."""
    found = (part for m in _CITATION.finditer(sentence) for part in re.split(r"[,;]", m.group()[1:-1]))
    return [re.sub(r":\s*", ": ", part.strip()) for part in found]


def squeezed(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """A sentence with single spaces, and for each of its characters its place in `text`."""
    places = [
        i for i in range(start, end) if not (text[i].isspace() and (i == start or text[i - 1].isspace()))
    ]
    return "".join(" " if text[i].isspace() else text[i] for i in places), places
