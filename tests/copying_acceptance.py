"""Measure the group test on shared wording in worlds whose truth is known, and write it down.

`python -m tests.copying_acceptance` (about 15 minutes) writes docs/copying-acceptance.md and
kit/inference/coaction/power_table.py; the slow test measures again and holds the figures to their bars and the
document to what it finds. Nothing here is tuned: the seeds were not used while the settings were
chosen.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from kit.inference.coaction import copying
from kit.inference.coaction.indicators import INDICATORS
from simulation import copying as worlds
from simulation.copying import DISGUISES, HONEST, WORLDS, Network

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "copying-acceptance.md"
TABLE = ROOT / "kit" / "inference" / "coaction" / "power_table.py"
SEED = 20_261_126
KNOWN_FAILURE = "N8 fans abroad, joined together, unanswered"
MIXED = ("N1", "N2", "N3", "N5")
ACCOUNTS, POSTS, TEMPLATES, SHARES = (2000, 200, 50, 20, 10), (3, 5, 7.5, 10), (50, 150, 300), (1.0, 0.6, 0.3)
LARGE, MIDDLE, SMALL = Network(2000, 7.5, 150, 1.0), Network(200, 5, 150, 1.0), Network(50, 7.5, 50, 1.0)
#: what the issue asks, share of the network's accounts with three posts that are found
BARS = (
    (LARGE, 0.95),
    (Network(2000, 7.5, 150, 0.6), 0.9),
    (MIDDLE, 0.8),
)


@dataclass
class Seen:
    """One world: its groups with the kind of most members, and who was found at each level."""

    groups: pd.DataFrame  # of `Copying`, with kind and one column per indicator
    recall: dict[str, float]  # of the network's accounts with three posts
    ordinary: int  # ordinary accounts in validated groups
    warnings: list[str]

    @property
    def honest(self) -> pd.DataFrame:
        return self.groups[self.groups["kind"].isin(HONEST)]


def seen(world: worlds.World, control: pd.DataFrame | None) -> Seen:
    """Run the method on a world."""
    out = copying.detect(world.posts, world.accounts, control)
    kind = world.accounts["kind"].to_numpy(object)
    groups = out.groups.copy()
    group, who = out.members["group"].to_numpy(), out.members["account"].to_numpy(int)
    groups["kind"] = groups["group"].map(_most(group, kind[who]))
    marks = out.indicators[out.indicators["on"].astype(bool)]
    on = set(zip(marks["group"], marks["indicator"], strict=True))
    for indicator in INDICATORS:
        groups[indicator] = [(number, indicator) in on for number in groups["group"]]
    posts = np.bincount(world.posts["account"], minlength=len(kind))
    able = np.flatnonzero((kind == "network") & (posts >= 3))
    reached = pd.Series(group).map(groups.set_index("group")["indicators_on"]).to_numpy()
    levels = {"text": 0, "two indicators": 2, "validated": 3}
    recall = {
        level: float(np.isin(able, who[reached >= least]).mean()) if len(able) else float("nan")
        for level, least in levels.items()
    }
    inside = np.unique(who[(reached >= levels["validated"]) & (kind[who] == "ordinary")])
    return Seen(groups, recall, len(inside), out.warnings)


def _most(group: np.ndarray, kind: np.ndarray) -> dict[Any, str]:
    """The kind of most members of each group; of two that are as many, the first by name."""
    count: dict[Any, Counter[str]] = defaultdict(Counter)
    for number, name in zip(group, kind, strict=True):
        count[number][name] += 1
    return {number: min(names, key=lambda name: (-names[name], name)) for number, names in count.items()}


@cache
def one(
    seed: int,
    parts: tuple[str, ...],
    *,
    hard: bool = False,
    network: Network | None = None,
    no_control: bool = False,
    **more: Any,
) -> Seen:
    """The world of one seed, measured."""
    world = worlds.world(parts, np.random.default_rng([SEED, seed]), hard=hard, network=network, **more)
    return seen(world, None if no_control else world.control)


def many(seeds: int, parts: tuple[str, ...], **more: Any) -> list[Seen]:
    return [one(i, parts, **more) for i in range(seeds)]


def named(name: str, seeds: int) -> list[Seen]:
    """One of `WORLDS`."""
    parts, hard = WORLDS[name]
    return many(seeds, parts, hard=hard)


def mean_recall(found: list[Seen], level: str) -> float:
    return float(np.mean([s.recall[level] for s in found]))


def upper(wrong: int, n: int) -> float:
    """Upper 95 % limit of a share (Clopper and Pearson)."""
    return 1.0 if wrong == n else float(stats.beta.ppf(0.95, wrong + 1, n - wrong))


# --- tables


@dataclass
class Null:
    """An honest world over all its seeds."""

    world: str
    seeds: int
    text: int
    two: int
    validated: int
    ordinary_mean: float
    ordinary_most: int
    who: dict[str, int]
    fired: dict[str, pd.DataFrame]  # the groups of each kind


def null(name: str, seeds: int) -> Null:
    """Worlds with a group of honest accounts at each level; spam is no honest group."""
    found = named(name, seeds)
    at = [sum(bool((s.honest["indicators_on"] >= n).any()) for s in found) for n in (0, 2, 3)]
    who = Counter(k for s in found for k in set(s.groups["kind"]))
    fired: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for s in found:
        for kind, group in s.groups.groupby("kind"):
            fired[str(kind)].append(group)
    ordinary = [s.ordinary for s in found]
    return Null(
        name,
        seeds,
        *at,
        float(np.mean(ordinary)),
        max(ordinary),
        dict(sorted(who.items())),
        {kind: pd.concat(groups) for kind, groups in sorted(fired.items())},
    )


def nulls(seeds: int) -> list[Null]:
    return [null(name, seeds) for name in WORLDS]


def null_lines(rows: list[Null]) -> list[str]:
    lines = [
        "| world | text level | two indicators | validated | upper 95 % limit | ordinary accounts in validated groups, mean / most | found at text level, share of worlds |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in rows:
        name = f"**{r.world}** (known failure)" if r.world == KNOWN_FAILURE else r.world
        who = ", ".join(f"{kind} {n / r.seeds:.2f}" for kind, n in r.who.items()) or "–"
        lines.append(
            f"| {name} | {r.text} | {r.two} | {r.validated} | {upper(r.validated, r.seeds):.3f} | "
            f"{r.ordinary_mean:.3f} / {r.ordinary_most} | {who} |"
        )
    return lines


def mark_lines(rows: list[Null]) -> list[str]:
    lines = [
        "| world | group | groups | "
        + " | ".join(INDICATORS)
        + " | two or more | three or more | promotion |",
        "|" + " --- |" * (6 + len(INDICATORS)),
    ]
    for r in rows:
        for kind, groups in r.fired.items():
            shares = [groups[m].mean() for m in INDICATORS]
            shares += [(groups["indicators_on"] >= n).mean() for n in (2, 3)]
            shares.append((groups["name"] == "promotion").mean())
            lines.append(
                f"| {r.world} | {kind} | {len(groups)} | " + " | ".join(f"{s:.2f}" for s in shares) + " |"
            )
    return lines


def disguise_lines(seeds: int) -> list[str]:
    """What is left of three networks that look ordinary in some of the indicators."""
    sizes = (LARGE, MIDDLE, SMALL)
    heads = [f"{n.accounts} × {n.posts_each:g}, {n.templates} templates" for n in sizes]
    lines = ["| network looks ordinary in | " + " | ".join(heads) + " |", "| --- | --- | --- | --- |"]
    for hidden in [h for k in (0, 1, 2, 4) for h in combinations(DISGUISES, k)]:
        cells = []
        for size in sizes:
            found = many(seeds, MIXED, network=size._replace(disguises=hidden))
            cells.append(" / ".join(f"{mean_recall(found, level):.2f}" for level in found[0].recall))
        lines.append(f"| {', '.join(hidden) or 'nothing'} | " + " | ".join(cells) + " |")
    return lines


def control_lines(seeds: int) -> list[str]:
    """Small controls, none, and a control that copies less than the case does."""
    lines = [
        "| world | control accounts | network | worlds with a group of ordinary accounts at text level | "
        "worlds wrongly validated | found at text level | validated | ordinary in validated, mean / most | worlds warned |",
        "|" + " --- |" * 9,
    ]
    cases: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
        ("N1 + N2 + N3 + N5", MIXED, {"control": size}) for size in (3000, 1000, 300, 100)
    ]
    cases.append(("N1 + N2 + N3 + N5", MIXED, {"no_control": True}))
    cases.append(("N0 quiet", (), {"no_control": True}))
    for text, rates in (
        ("case copies four times as often", (4.0, 1.0)),
        ("case and control four times as often", (4.0, 4.0)),
    ):
        cases += [
            (f"N1 hot, {text}", ("N1", "N1 hot"), {"control": size, "rates": rates}) for size in (3000, 300)
        ]
    for name, parts, settings in cases:
        for network in (None, LARGE, MIDDLE):
            found = many(seeds, parts, network=network, **settings)
            size = "none" if settings.get("no_control") else settings["control"]
            plan = f"{network.accounts} × {network.posts_each:g}" if network else "none"
            ordinary = sum(bool((s.groups["kind"] == "ordinary").any()) for s in found)
            wrong = sum(bool(s.honest["validated"].any()) for s in found)
            told = [f"{mean_recall(found, level):.2f}" if network else "–" for level in ("text", "validated")]
            inside = [s.ordinary for s in found]
            warned = sum(bool({"no_control", "control_small"} & set(s.warnings)) for s in found)
            lines.append(
                f"| {name} | {size} | {plan} | {ordinary} | {wrong} | {told[0]} | {told[1]} | "
                f"{np.mean(inside):.2f} / {max(inside)} | {warned} |"
            )
    return lines


def power_rows(seeds: int) -> list[tuple[int, float, int, float, float, float, int]]:
    """Accounts, posts, templates, share; text level, validated, most ordinary accounts in validated groups."""
    rows = []
    for n in ACCOUNTS:
        for posts in POSTS:
            for templates in TEMPLATES:
                for share in SHARES:
                    found = many(seeds, MIXED, network=Network(n, posts, templates, share))
                    text, validated = (round(mean_recall(found, level), 2) for level in ("text", "validated"))
                    most = max(s.ordinary for s in found)
                    rows.append((n, float(posts), templates, share, text, validated, most))
    return rows


def power_lines(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    by = {row[:4]: row[4:] for row in rows}
    heads = [f"{t} templates, {share:.0%}".replace("%", " %") for t in TEMPLATES for share in SHARES]
    lines = [
        "| accounts | posts each | " + " | ".join(heads) + " | most ordinary |",
        "|" + " --- |" * (3 + len(heads)),
    ]
    for n in ACCOUNTS:
        for posts in POSTS:
            cells = [by[n, posts, t, share] for t in TEMPLATES for share in SHARES]
            shown = " | ".join(f"{text:.2f} / {validated:.2f}" for text, validated, _ in cells)
            lines.append(f"| {n} | {posts:g} | {shown} | {max(c[2] for c in cells)} |")
    return lines


# --- the document

HEAD = """# What shared wording of many accounts can and cannot say: measured

Written by `python -m tests.copying_acceptance`. Worlds are those of `simulation/copying.py`: 5,000
ordinary accounts with about 20,000 replies to 50 targets in three camps, and a control of 3,000 accounts that
share only the ordinary jokes. How texts are joined into families is not part of these worlds.

**What a group at text level is.** Accounts that repeat the same several texts, more than control accounts
do. Supporters, fans and campaigns do this too: they pass the text level in every world that has them. The
state *validated* needs three of four further indicators, none of which was used to find the group.

**What it cannot notice.** Fans who joined together, live in another time zone and are answered by nobody
are, in these data, the same thing as a network: the row marked as known failure is wrong in nearly every world. A
closed community of newcomers abroad that nobody answers would look the same.

**Read the zeros with care.** Where only ordinary accounts copy, they are a property of the text level. For
fans, supporters, newcomers and circles they follow from the reactions, targets, hours and dates that the
worlds give them: one change of these turns no wrong world into nearly all. The rate on real fans and
party supporters is not known.

**The control is not optional.** A network that writes most of the near-duplicates cannot be its own control: without
one, or with a small one, "nothing found" must not be said.
"""
NULLS = """## Honest worlds

{seeds} seeds a row; numbers are worlds with at least one group of honest accounts. A group counts as
what most of its members are. Spam is not honest.
"""
SECOND = """## How often each indicator is on

The same worlds; share of the groups of a kind. Promotion: at least half of the posts carry a link.
"""
DISGUISED = """## Networks that look ordinary

{seeds} seeds a cell: share of the network's accounts with three posts or more that are found at text
level / with two indicators / validated. Honest communities around it: N1 + N2 + N3 + N5.
"""
CONTROLS = """## The control: its size, and one that copies less than the case

{seeds} seeds a row. Without a control the network of 200 is found only beside others who copy a lot (N1 + N2 +
N3 + N5), never where they copy little (N0). Warned: no control, or fewer than 300 control accounts with three
posts.
"""
POWER = """## How large a network is found

{seeds} seeds a cell: share of the network's accounts with three posts or more at text level / validated; the
percentage is the share of its posts made from templates. The last column is the largest number of the 5,000
ordinary accounts in validated groups in any world of the row; it is above 2 in {above} of {cells} cells.
`power_near` in `kit/inference/coaction/copying.py` reads this table.
"""


def page(rows: list[Null], disguises: list[str], controls: list[str], power: list[Any], few: int) -> str:
    """The document."""
    parts = [
        HEAD,
        NULLS.format(seeds=rows[0].seeds),
        "\n".join([*null_lines(rows), ""]),
        SECOND,
        "\n".join([*mark_lines(rows), ""]),
        DISGUISED.format(seeds=few),
        "\n".join([*disguises, ""]),
        CONTROLS.format(seeds=few),
        "\n".join([*controls, ""]),
        POWER.format(seeds=few, above=sum(row[-1] > 2 for row in power), cells=len(power)),
        "\n".join([*power_lines(power), ""]),
    ]
    return "\n".join(parts)


def module(power: list[Any], few: int) -> str:
    """The power table as a module, as ruff would format it."""
    head = '''"""What was found of planted networks; written by `python -m tests.copying_acceptance`, not by hand."""

ORDINARY = 5000  # accounts around each network
WORLDS = {few}  # of each row
#: accounts, posts each, templates, template share; share found at text level, validated; most ordinary
ROWS: tuple[tuple[int, float, int, float, float, float, int], ...] = (
'''
    return head.format(few=few) + "".join(f"    {row!r},\n" for row in power) + ")\n"


def written() -> tuple[dict[str, tuple[int, int, int]], dict[tuple[float, ...], tuple[float, float]]]:
    """What the document gives: worlds wrong at each level, and the power of each cell."""
    text = DOCUMENT.read_text(encoding="utf-8")
    nulls_found = {
        row[1]: (int(row[2]), int(row[3]), int(row[4]))
        for row in re.finditer(
            r"^\| \**(N\d[^|*]*?|all honest[^|*]*?)\**(?: \(known failure\))? \| (\d+) \| (\d+) \| (\d+) \| \d\.\d{3} \|",
            text,
            re.MULTILINE,
        )
    }
    columns = [(t, share) for t in TEMPLATES for share in SHARES]
    power = {}
    for line in text.partition("## How large")[2].splitlines():
        cells = re.findall(r"(\d\.\d\d) / (\d\.\d\d)", line)
        if len(cells) == len(columns):
            n, posts = (float(c) for c in line.split("|")[1:3])
            for column, (found, validated) in zip(columns, cells, strict=True):
                power[n, posts, *column] = (float(found), float(validated))
    return nulls_found, power


def main(seeds: int = 200, few: int = 20) -> None:
    """Measure everything and write both files."""
    rows, disguises, controls = nulls(seeds), disguise_lines(few), control_lines(few)
    power = power_rows(few)
    DOCUMENT.write_text(page(rows, disguises, controls, power, few), encoding="utf-8")
    TABLE.write_text(module(power, few), encoding="utf-8")


if __name__ == "__main__":
    main()
