"""What the worlds said, counted: a share with its interval for each finding and kind of world."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from . import plan
from .plan import Cell

LIMIT, UPPER, LEAST, CLEAN = 0.05, 0.08, 0.8, 0.95
HEADS = {
    "splits": "Random splits of simulated reply trees",
    "real": "Random splits of real people",
    "communities": "Innocent communities",
}

Rows = list[dict[str, Any]]


def wilson(k: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %."""
    if not n:
        return 0.0, 1.0
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(k: int, n: int) -> str:
    """A share with its interval and counts, as the table writes it."""
    low, high = wilson(k, n)
    return f"{k}/{n} = {k / n:.3f} ({low:.3f}–{high:.3f})" if n else "–"


def false_ones(row: dict[str, Any], cell: Cell) -> set[str]:
    """Findings that say something of people of whom there is nothing to say."""
    return plan.spoke(row) - set(cell.aside)


def by_finding(rows: Rows, cells: dict[str, Cell]) -> dict[str, tuple[int, int]]:
    """How often each finding spoke falsely, of the pages on which it tested anything."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        false = false_ones(row, cells[row["cell"]])
        for id_ in row["said"]:
            if id_ not in cells[row["cell"]].aside and row["tested"].get(id_, True):
                found[id_][0] += id_ in false
                found[id_][1] += 1
    return {id_: (k, n) for id_, (k, n) in found.items()}


def failing(results: Rows) -> list[tuple[str, str, str]]:
    """Each cell that breaks a promise: what, in which world, how often."""
    cells, broken = {cell.name: cell for cell in plan.cells()}, []
    for kind in HEADS:
        rows = [row for row in results if row["kind"] == kind]
        for id_, (k, n) in by_finding(rows, cells).items():
            if k / n > LIMIT:
                broken.append((id_, kind, rate(k, n)))
        pages = sum(bool(false_ones(row, cells[row["cell"]])) for row in rows)
        if rows and pages / len(rows) > LIMIT:
            broken.append(("the page", kind, rate(pages, len(rows))))
    for cell in cells.values():
        rows = [row for row in results if row["cell"] == cell.name]
        for ids in cell.expects:
            k = sum(bool(plan.spoke(row, ids)) for row in rows)
            if rows and cell.promised and k / len(rows) < LEAST:
                broken.append((" or ".join(ids), cell.name, rate(k, len(rows))))
    for error, many in Counter(row["error"] for row in results if row.get("error")).items():
        broken.append((f"no page: {error}", "all worlds", rate(many, len(results))))
    dirty = sum(row["joined"] > 0 for row in results)
    if results and 1 - dirty / len(results) < CLEAN:
        broken.append(("innocents joined", "all worlds", rate(dirty, len(results))))
    return broken


def _lines(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def _false_table(rows: Rows, cells: dict[str, Cell], by: str) -> str:
    """False verdicts by finding, one column for each world of `by`."""
    names = list(dict.fromkeys(_world(row, by) for row in rows))
    counts = {name: by_finding([r for r in rows if _world(r, by) == name], cells) for name in names}
    ids = list(dict.fromkeys(id_ for row in rows for id_ in row["said"]))
    whole = by_finding(rows, cells)
    body = [
        [f"`{id_}`", rate(*whole[id_]), _lower(rows, id_), *(_short(counts[name].get(id_)) for name in names)]
        for id_ in ids
        if id_ in whole
    ]
    pages = [
        sum(bool(false_ones(r, cells[r["cell"]])) for r in rows if _world(r, by) == name) for name in names
    ]
    sizes = [sum(_world(r, by) == name for r in rows) for name in names]
    body.append(["**a page**", rate(sum(pages), len(rows)), "", *map(_short, zip(pages, sizes, strict=True))])
    return _lines(["finding", "all of these", "lower", *names], body)


def _lower(rows: Rows, id_: str) -> int:
    """On how many pages a finding says that the studied have less."""
    return sum(row["said"].get(id_, [""])[0] == "lower" for row in rows)


def _world(row: dict[str, Any], by: str) -> str:
    """The world of a row as a column: its share, its set, or its whole name."""
    name, _comma, share = row["cell"].partition(", ")
    if by == "set":
        return name
    return f"no clock {share}" if by == "share" and name.startswith("without") else share or name


def _short(count: tuple[int, int] | None) -> str:
    return f"{count[0]}/{count[1]}" if count else "–"


def _found_table(results: Rows) -> str:
    """Planted groups: which of the findings spoke, how much of the group was joined, and whether anybody else was."""
    body = []
    for cell in plan.cells():
        rows = [row for row in results if row["cell"] == cell.name]
        for ids in cell.expects if rows else ():
            k = sum(bool(plan.spoke(row, ids)) for row in rows)
            each = ", ".join(f"`{id_}` {len([r for r in rows if plan.spoke(r, (id_,))])}" for id_ in ids)
            share = sum(row["found"] for row in rows) / max(1, sum(row["planted"] for row in rows))
            clean = sum(row["joined"] > 0 for row in rows)
            goal = "≥ 0.80" if cell.promised else "none"
            body.append([cell.name, each, rate(k, len(rows)), goal, f"{share:.2f}", f"{clean}/{len(rows)}"])
    return _lines(
        ["planted", "findings", "found", "goal", "members joined", "worlds with innocents joined"], body
    )


def document(results: Rows, about: str) -> str:
    """The table as docs/acceptance.md has it."""
    cells = {cell.name: cell for cell in plan.cells()}
    parts = [HEAD.format(about=about, aside=", ".join(f"`{id_}`" for id_ in plan.OF_PEOPLE))]
    for kind, head in HEADS.items():
        rows = [row for row in results if row["kind"] == kind]
        by = {"splits": "share", "real": "set", "communities": "name"}[kind]
        dirty = sum(row["joined"] > 0 for row in rows)
        parts += [f"## {head}", _false_table(rows, cells, by)]
        parts.append(f"Worlds in which anybody was joined to a group: {rate(dirty, len(rows))}.")
    parts += ["## Planted groups", _found_table(results), "## Promises that did not hold", _broken(results)]
    return "\n\n".join(parts) + "\n"


def _broken(results: Rows) -> str:
    """What failed, and what these worlds are too few to show."""
    broken = failing(results)
    said = _lines(["finding", "world", "rate"], broken) if broken else "None in these worlds."
    open_ = unshown(results)
    return f"{said}\n\nNot shown yet, for want of worlds: {'; '.join(open_)}." if open_ else said


def unshown(results: Rows) -> list[str]:
    """Where nothing speaks against a promise, but the interval is too wide to say that it holds."""
    cells, found = {cell.name: cell for cell in plan.cells()}, []
    for kind, head in HEADS.items():
        counts = by_finding([row for row in results if row["kind"] == kind], cells).values()
        wide = sum(k / n <= LIMIT and wilson(k, n)[1] > UPPER for k, n in counts)
        if wide or not counts:
            found.append(
                f"{head.lower()}: {wide} of {len(counts)} findings have an upper end above {UPPER:.0%}"
            )
    names = {row["cell"] for row in results}
    if missing := sum(cell.name not in names for cell in cells.values() if cell.expects):
        found.append(f"planted groups: {missing} kinds have no world")
    return found


HEAD = """# Findings in worlds whose truth is known

Made by `python -m tests.acceptance`, through the kit's own way: exports on disk, a case, the findings of the notebooks
at their first settings. {about} Intervals are Wilson's, 95 %. `tests/acceptance/trees.py` and `planted.py` make the
simulated worlds; they share nothing with what the methods were developed on. Laws of the crowds (size, activity, events,
jokes, newcomers, languages) are drawn anew for every seed.

**False** is a finding that says *higher* or *found* of people of whom there is nothing to say; pages on which a finding
tested nothing do not count for it; *lower* is counted beside it. Promised: at most 5 % for a finding and for a page (upper end of the interval at
most 8 %), a planted group of the stated size found in at least 80 %, nobody innocent joined in at least 95 % of worlds.
{aside} are true of people who sleep and talk about events, and are not counted where the crowd does; in the worlds without
a clock only bursts and lasting changes are not, because a post that many answer makes one. Of real people nothing is counted that an office or
a holiday can explain, and each split divides the same people, so that its pages depend on each other. A group without a
goal is shown for what it costs: a crew that answers at once cannot be told from people with a notification, a text in few
posts of few accounts from a joke. A row says how many worlds it rests on; few worlds make wide intervals.

**Seen before.** Worlds 0 to 3 of each kind were looked at while findings were still being mended: the topic of world 0
was called reply flooding, and was measured again after that finding had changed. `level_changes` was set aside, and a
flood said to be of few posts among many, after the first results. Worlds from number 4 on are fresh."""
