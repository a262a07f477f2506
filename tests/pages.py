"""A built page as a reader has it: its tables with the CSV files behind them, charts with their descriptions, and sentences."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rows = list[dict[str, str]]
_BLOCK = re.compile(
    r'<figure class="chart">.*?</figure>|<div class="tabled">(?:(?!<div class="tabled">|<figure).)*?</table>\s*</div>\s*<p class="under">.*?</p></div>',
    re.DOTALL,
)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t([hd])[^>]*>(.*?)</t\1>", re.DOTALL)


@dataclass
class Shown:
    """A table on the page, or the numbers below a chart: its cells, its CSV, and the chart's description."""

    csv: str
    cells: list[list[str]]
    alt: str


@dataclass
class Page:
    """What left the house in one language."""

    tables: dict[str, Rows]
    shown: list[Shown]
    entries: list[dict[str, Any]]
    text: str


def read(folder: Path) -> Page:
    """The page of a folder that `kit run` built."""
    tables = {
        path.name: list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        for path in sorted((folder / "tables").glob("*.csv"))
    }
    page = (folder / "index.html").read_text(encoding="utf-8")
    page = re.sub(r'src="data:[^"]*"', "", page)
    entries = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    return Page(tables, [_shown(block) for block in _BLOCK.findall(page)], entries, _text(page))


def _shown(block: str) -> Shown:
    link = re.search(r'href="tables/([^"]+)"', block)
    alt = re.search(r' alt="([^"]*)"', block)
    table = re.search(r"<table.*?</table>", block, re.DOTALL)
    rows = _ROW.findall(table[0]) if table else []
    cells = [[_text(cell) for _kind, cell in _CELL.findall(row)] for row in rows]
    return Shown(link[1] if link else "", cells[1:], html.unescape(alt[1]) if alt else "")


def _text(block: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", block)).split())


_NUMBER = re.compile(
    r"(?<![\w.,:/-])[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|(?<![\w.,:/-])[-−]?\d+(?:\.\d+)?%?(?![\w:/]|-\d)"
)


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b(?:\d{{1,2}} )?(?:{_MONTHS})(?: \d{{4}})?\b")


@dataclass(frozen=True)
class Number:
    """A number as it is written: its value, and by how much it may differ from what it was rounded from."""

    written: str
    value: float
    half: float

    def may_be(self, other: float) -> bool:
        """Whether it can be another number, rounded."""
        return abs(self.value - other) <= self.half * 1.0001 + 1e-9 * abs(other)


def numbers(text: str) -> list[Number]:
    """The numbers of a text, percentages as shares; no days, and no hours."""
    found = []
    for written in _NUMBER.findall(_DAY.sub(" ", text)):
        plain = written.replace(",", "").replace("−", "-")
        per = 0.01 if plain.endswith("%") else 1.0
        plain = plain.rstrip("%")
        digits = len(plain.partition(".")[2])
        whole = len(plain.lstrip("-").partition(".")[0])
        zeros = len(plain) - len(plain.rstrip("0")) if not digits else 0
        unit = 10.0 ** min(zeros, max(0, whole - 3)) if not digits else 10.0**-digits  # three digits are told
        found.append(Number(written, float(plain) * per, per * unit / 2))
    return found
