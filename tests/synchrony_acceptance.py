"""Measure what the test of pairs that repeat says in worlds whose truth is known, and write it down.

`python -m tests.synchrony_acceptance` (about a quarter of an hour) writes docs/coordination-acceptance.md; the
slow test measures again, holds the figures to their bars and the document to what it finds. Another
processor rounds otherwise, which tips a few seeds in a hundred. Nothing here is tuned: the seeds were not
used while the settings were chosen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta

from kit.inference.coaction import synchrony
from simulation import coaction as worlds
from simulation.coaction import Group, Setting, planted

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "coordination-acceptance.md"
SEED = 20_261_126
ORIGINS = ("known", "unknown")
SEEDS, FEWER, FEW = 200, 100, 10
COMBINED = worlds.WORLDS["combined"]
#: the rows of fans with alerts, where neither star nor origin is known, are those of a group: nothing can part them
IMPOSSIBLE = ("fans of a star who is not in the data", "unknown")
VARIANTS: dict[str, Setting] = {
    "combined, own objects only": planted(COMBINED, Group(kind="own")),
    "combined, existing objects only": planted(COMBINED, Group(kind="existing")),
    "combined, no cover acts": planted(COMBINED, Group(cover=0)),
    "combined, seven others on each object": planted(COMBINED, Group(organic=7)),
    "all of it": planted(worlds.STRESS["all of it"]),
}
BLIND: dict[str, Setting] = {
    "group acts within 10 s of the origin": planted(COMBINED, Group(kind="trigger")),
    "six hours of jitter, five repeats": planted(COMBINED, Group(repeats=5, jitter_s=21_600)),
}
NAMED: dict[str, Setting] = {
    "news desk": worlds.DESK,
    "fans": worlds.WORLDS["fans"],
    "planted": planted(worlds.WORLDS["independent"]),
    "planted, no cover acts": planted(worlds.WORLDS["independent"], Group(cover=0)),
    "planted, most of its objects' accounts": worlds.CONTAMINATED,
    "desk, fans and planted in all nulls": planted(replace(COMBINED, desk=6)),
}
NAMES = {"desk": "feed_automation", "fans": "common_trigger", "group": "unexplained_synchrony"}
GROUPS, REPEATS, JITTERS = (3, 5, 10, 30), (3, 5, 10, 25), (10.0, 60.0, 600.0, 86_400.0)


@dataclass
class Outcome:
    """What was said in one world at each level: edges, share of the group's pairs, innocents.

    `marked`: every validated cluster carries the flag of an unknown origin. `look`: what the clusters of
    desk, fans and group look like, in the worlds of `NAMED`.
    """

    edges: dict[str, int]
    recall: dict[str, float]
    innocents: dict[str, int]
    marked: bool = True
    look: dict[str, dict[str, Any]] = field(default_factory=dict)


def detect(acts: worlds.Acts, origin: str, **settings: Any) -> synchrony.Synchrony:
    began = acts.origin_s if origin == "known" else None
    return synchrony.detect(
        acts.object,
        acts.account,
        acts.time_s,
        origin_s=began,
        source=acts.source,
        accounts=acts.accounts,
        **settings,
    )


@lru_cache(maxsize=1)
def made(setting: Setting, seed: int) -> worlds.Acts:
    return worlds.make(setting, np.random.default_rng([SEED, seed]))


@cache
def run(setting: Setting, seed: int, origin: str) -> Outcome:
    """What was said in one world."""
    acts = made(setting, seed)
    found = detect(acts, origin)
    out = outcome(acts, found)
    if setting in NAMED.values():
        out.look = looks(acts, found)
    return out


def outcome(acts: worlds.Acts, found: synchrony.Synchrony) -> Outcome:
    out = Outcome({}, {}, {})
    size = len(acts.group)
    first, second = found.pairs["a"].to_numpy(), found.pairs["b"].to_numpy()
    for level in ("synchronised", "validated"):
        chosen = found.pairs[level].to_numpy()
        edges = np.unique(np.column_stack([first[chosen], second[chosen]]), axis=0)
        inside = np.isin(edges, acts.group).all(axis=1).sum()
        out.edges[level] = len(edges)
        out.recall[level] = float(inside / (size * (size - 1) / 2)) if size else float("nan")
        out.innocents[level] = len(np.setdiff1d(edges, acts.group))
    if out.edges["validated"] and not size:
        validated = synchrony.clusters(found, "validated")
        looks = [
            synchrony.describe(found, members, level="validated")
            for _, members in validated.groupby("cluster")["account"]
        ]
        out.marked = all(look["origin_unknown"] for look in looks)
    return out


def looks(acts: worlds.Acts, found: synchrony.Synchrony) -> dict[str, dict[str, Any]]:
    """What the clusters of desk, fans and group look like, where they are found."""
    people = synchrony.clusters(found)
    out = {}
    for who in NAMES:
        truth = getattr(acts, who)
        for _, members in people.groupby("cluster")["account"]:
            if len(truth) and members.isin(truth).sum() >= max(3, len(truth) // 2):
                out[who] = synchrony.describe(found, members)
    return out


def outcomes(setting: Setting, seeds: int, origin: str) -> list[Outcome]:
    """The same worlds with the origins known and not; both are run when either is asked for."""
    return [{o: run(setting, seed, o) for o in ORIGINS}[origin] for seed in range(seeds)]


def upper(k: int, n: int) -> float:
    """Upper end of the 95 % Clopper-Pearson interval."""
    return 1.0 if k == n else float(beta.ppf(0.975, k + 1, n - k))


# --- tables


def null_table(seeds: int, fewer: int) -> pd.DataFrame:
    lines = []
    for name, setting in {**worlds.WORLDS, **worlds.STRESS}.items():
        n = seeds if name in worlds.WORLDS else fewer
        for origin in ORIGINS:
            seen = outcomes(setting, n, origin)
            one, two = (sum(o.edges[level] > 0 for o in seen) for level in ("synchronised", "validated"))
            accused = np.mean([o.innocents["validated"] for o in seen])
            marked = sum(o.marked for o in seen)
            lines.append((name, origin, n, one, two, upper(two, n), accused, marked))
    columns = ["world", "origin", "runs", "synchronised", "validated", "upper", "innocents", "marked"]
    return pd.DataFrame(lines, columns=columns)


def planted_table(settings: dict[str, Setting], seeds: int) -> pd.DataFrame:
    lines = []
    for name, setting in settings.items():
        for origin in ORIGINS:
            seen = outcomes(setting, seeds, origin)
            recall = np.array([o.recall["validated"] for o in seen])
            innocents = np.array([o.innocents["validated"] for o in seen])
            first = np.mean([o.recall["synchronised"] for o in seen])
            lines.append(
                (
                    name,
                    origin,
                    seeds,
                    recall.mean(),
                    (recall >= 0.9).mean(),
                    innocents.mean(),
                    innocents.max(),
                    first,
                )
            )
    columns = [
        "world",
        "origin",
        "runs",
        "recall",
        "found",
        "innocents",
        "most_innocents",
        "recall_synchronised",
    ]
    return pd.DataFrame(lines, columns=columns)


def planted_worlds() -> dict[str, Setting]:
    return {name: planted(setting) for name, setting in worlds.WORLDS.items()}


def name_table(seeds: int) -> pd.DataFrame:
    lines = []
    for name, setting in NAMED.items():
        for origin in ORIGINS:
            seen = [o.look for o in outcomes(setting, seeds, origin)]
            for who in NAMES:
                if not len(getattr(made(setting, 0), who)):
                    continue
                own = [look[who] for look in seen if who in look]
                told = Counter(look["name"] for look in own)
                middle = [np.median([look[k] for look in own]) for k in ("coverage", "top_source", "items")]
                share = np.median([look["explained"] for look in own])
                ratio = [look["contamination"] for look in own]
                flags = np.mean([look["contaminated"] for look in own])
                line = (name, origin, who, seeds, len(own), told[NAMES[who]], dict(sorted(told.items())))
                lines.append((*line, *middle, share, np.median(ratio), flags))
    columns = ["world", "origin", "who", "runs", "clusters", "right", "names"]
    return pd.DataFrame(
        lines, columns=[*columns, "coverage", "top_source", "items", "explained", "ratio", "contaminated"]
    )


def power_table(seeds: int) -> pd.DataFrame:
    lines = []
    for size in GROUPS:
        for repeats in REPEATS:
            for jitter in JITTERS:
                setting = planted(COMBINED, Group(size, repeats, jitter))
                for origin in ORIGINS:
                    seen = outcomes(setting, seeds, origin)
                    recall = np.mean([o.recall["validated"] for o in seen])
                    most = max(o.innocents["validated"] for o in seen)
                    lines.append((size, repeats, jitter, origin, seeds, recall, most))
    return pd.DataFrame(
        lines, columns=["group", "repeats", "jitter_s", "origin", "runs", "recall", "most_innocents"]
    )


SWITCHES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "e-values": {"e_values": True},
    "no lag": {"use": ("account", "object", "clock")},
    "no account": {"use": ("lag", "object", "clock")},
    "no object": {"use": ("lag", "account", "clock")},
    "no clock": {"use": ("lag", "account", "object")},
    "margin 1": {"margin": 1.0},
}


def switch_table(seeds: int) -> pd.DataFrame:
    """The settings of the sensitivity runs, where they could matter."""
    cases = {
        "found": planted(COMBINED),
        "found among all of it": planted(worlds.STRESS["all of it"]),
        "accused, habit at eight": worlds.STRESS["twenty with a habit at eight"],
        "accused, all of it": worlds.STRESS["all of it"],
    }
    lines = []
    for name, settings in SWITCHES.items():
        for origin in ORIGINS:
            line: list[Any] = [name, origin, seeds]
            for setting in cases.values():
                seen = []
                for seed in range(seeds):
                    acts = worlds.make(setting, np.random.default_rng([SEED, 1, seed]))
                    seen.append(outcome(acts, detect(acts, origin, **settings)))
                hits = [o.recall["validated"] if setting.group else o.edges["validated"] > 0 for o in seen]
                line.append(np.mean(hits))
            lines.append(line)
    return pd.DataFrame(lines, columns=["setting", "origin", "runs", *cases])


# --- bars


def missed(tables: dict[str, pd.DataFrame]) -> list[str]:
    """What is not as asked for."""
    out = []
    for row in tables["null"].itertuples():
        if (row.world, row.origin) == IMPOSSIBLE:
            if row.marked < row.runs:
                out.append(f"{row.world}: marked in {row.marked} of {row.runs}")
        elif row.validated > 0.05 * row.runs or (row.runs >= 100 and row.upper > 0.08) or row.innocents > 0.1:
            out.append(f"{row.world}, origin {row.origin}: validated in {row.validated} of {row.runs}")
    for row in tables["planted"].itertuples():
        if row.found < 0.8 or row.most_innocents > 1:
            out.append(f"planted in {row.world}, origin {row.origin}: found {row.found:.2f}")
    for row in tables["names"].itertuples():
        if row.clusters < row.runs or row.right < row.clusters:
            out.append(f"{row.world}, {row.who}, origin {row.origin}: {row.names} in {row.runs}")
        if "most of its objects" in row.world and row.contaminated < 0.95:
            out.append(f"{row.world}, origin {row.origin}: contamination noticed in {row.contaminated:.2f}")
    out += [f"power, {row}" for row in tables["power"].itertuples() if row.most_innocents > 1]
    return out


def tables(seeds: int = SEEDS, fewer: int = FEWER, few: int = FEW) -> dict[str, pd.DataFrame]:
    return {
        "null": null_table(seeds, fewer),
        "planted": planted_table(planted_worlds(), fewer),
        "variants": planted_table(VARIANTS, fewer // 2),
        "blind": planted_table(BLIND, fewer // 2),
        "names": name_table(few),
        "power": power_table(few),
        "switches": switch_table(few),
    }


# --- the document

HEAD = """# What the test of pairs that repeat can and cannot say: measured

Written by `python -m tests.synchrony_acceptance`. Worlds are those of `simulation/coaction.py`: 400 accounts,
3 000 objects and 12 000 acts in 30 days unless said. *Synchronised* is level 1, *validated* level 2: beyond
what lag, tempo, habit and heat explain, without the acts that a visible trigger explains. "Origin known" means
that the time at which each object began is given.

**Premise.** Given an object, strangers' acts fall independently once these rates are allowed for, up to a
factor of two.

**What it cannot know.** Fans who get an alert from a star who is not in the data, with no origin given, leave
the rows of a coordinated group. They are validated every time ({impossible}), under the flag *origin unknown*:
an unseen common trigger is not excluded. Supply origin times.

**No finding is not a finding of no coordination.** The power curve below is for this background; that of a
case is computed from its own rows.
"""


def _grid(header: Iterable[str], lines: Iterable[Iterable[object]]) -> list[str]:
    header = list(header)
    rows = ["| " + " | ".join(header) + " |", "| " + " | ".join(["---"] * len(header)) + " |"]
    return rows + ["| " + " | ".join(map(str, line)) + " |" for line in lines]


def _null_lines(table: pd.DataFrame) -> list[str]:
    header = ["world", "origin", "runs", "with a synchronised pair", "with a validated pair"]
    header += ["upper 95 %", "innocents validated, mean", "validated only under *origin unknown*"]
    return _grid(
        header,
        (
            (
                *(
                    r.world,
                    r.origin,
                    r.runs,
                    r.synchronised,
                    r.validated,
                    f"{r.upper:.3f}",
                    f"{r.innocents:.2f}",
                ),
                "yes" if r.validated and r.marked == r.runs else "–",
            )
            for r in table.itertuples()
        ),
    )


def _planted_lines(table: pd.DataFrame) -> list[str]:
    header = ["world", "origin", "runs", "recall", "runs with 0.9 or more"]
    header += ["innocents, mean", "innocents, most", "recall, synchronised"]
    return _grid(
        header,
        (
            (
                *(r.world, r.origin, r.runs, f"{r.recall:.3f}", f"{r.found:.3f}", f"{r.innocents:.3f}"),
                *(r.most_innocents, f"{r.recall_synchronised:.3f}"),
            )
            for r in table.itertuples()
        ),
    )


def _name_lines(table: pd.DataFrame) -> list[str]:
    header = [
        "world",
        "origin",
        "who",
        "runs with its cluster",
        "named",
        "coverage",
        "top source",
        "its items",
    ]
    return _grid(
        [*header, "explained", "rate of everybody / of strangers", "marked contaminated"],
        (
            (
                *(r.world, r.origin, r.who, f"{r.clusters} of {r.runs}"),
                ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in r.names.items()),
                *(f"{v:.2f}" for v in (r.coverage, r.top_source, r.items, r.explained)),
                *(f"{r.ratio:.1f}", f"{r.contaminated:.2f}"),
            )
            for r in table.itertuples()
        ),
    )


def _power_lines(table: pd.DataFrame) -> list[str]:
    words = {10.0: "10 s", 60.0: "60 s", 600.0: "10 min", 86_400.0: "1 day"}
    header = ["group", "repeats", *(f"{words[j]}, {o}" for j in JITTERS for o in ORIGINS), "innocents, most"]
    lines = []
    for (size, repeats), part in table.groupby(["group", "repeats"]):
        recall = part.set_index(["jitter_s", "origin"])["recall"]
        cells = [f"{recall[j, o]:.2f}" for j in JITTERS for o in ORIGINS]
        lines.append((size, repeats, *cells, part["most_innocents"].max()))
    return _grid(header, lines)


def _switch_lines(table: pd.DataFrame) -> list[str]:
    lines = (
        (r["setting"], r["origin"], r["runs"], *(f"{r[c]:.2f}" for c in table.columns[3:]))
        for _, r in table.iterrows()
    )
    return _grid(table.columns, lines)


def page(found: dict[str, pd.DataFrame]) -> str:
    """The document."""
    null = found["null"]
    (hard,) = null[(null["world"] == IMPOSSIBLE[0]) & (null["origin"] == IMPOSSIBLE[1])].itertuples()
    text = HEAD.format(impossible=f"{hard.validated} of {hard.runs} worlds, {hard.innocents:.1f} accounts")
    parts = [
        (
            "Nobody is planted",
            "Bar: validated in at most 5 % of worlds, upper end at most 8 %.",
            _null_lines(null),
        ),
        (
            "A group of 10 planted: 25 repeats within 45 s, 30 other acts each",
            "Bar: recall of 0.9 or more in at least 80 % of worlds, at most one innocent. Half of the objects are"
            " ordinary ones at an ordinary delay, half the group's own.",
            _planted_lines(found["planted"]),
        ),
        ("Other groups", "", _planted_lines(found["variants"])),
        (
            "Known blindness",
            "A group that always answers its patron's post within ten windows is what fans are: synchronised under"
            " the name common trigger, never validated where the origin is known. Jitter of hours leaves no trace in"
            " time.",
            _planted_lines(found["blind"]),
        ),
        (
            "Power: mean recall of a planted group, validated, in the combined world",
            f"{FEW} worlds each.",
            _power_lines(found["power"]),
        ),
        (
            "Names and flags",
            f"{FEW} worlds each; medians. The flag of contamination is up on every true cluster: it says that the"
            " members are most of their objects' accounts, not that they are guilty.",
            _name_lines(found["names"]),
        ),
        (
            "Sensitivity",
            "Mean recall of a planted group, and share of worlds with a validated pair where nobody is planted.",
            _switch_lines(found["switches"]),
        ),
    ]
    lines = [text.rstrip()]
    for title, note, grid in parts:
        lines += ["", f"## {title}", "", *([note, ""] if note else []), *grid]
    return "\n".join([*lines, ""])


def write(found: dict[str, pd.DataFrame]) -> None:
    """Write the document where it changed."""
    text = page(found)
    if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(text, encoding="utf-8")


def numbers(text: str) -> list[list[str]]:
    """The cells of every line of a table."""
    return [[c.strip() for c in line.strip("|").split("|")] for line in re.findall(r"(?m)^\|.*\|$", text)]


def apart(one: str, other: str, tolerance: float = 0.06) -> list[str]:
    """Where two documents differ by more than another processor's rounding."""
    first, second = numbers(one), numbers(other)
    if len(first) != len(second):
        return [f"{len(first)} lines of tables, not {len(second)}"]
    out = []
    for a, b in zip(first, second, strict=True):
        far = len(a) != len(b) or any(_far(x, y, tolerance) for x, y in zip(a, b, strict=True))
        if far:
            out.append(f"{' | '.join(a)}\n{' | '.join(b)}")
    return out


def _far(x: str, y: str, tolerance: float) -> bool:
    if x == y:
        return False
    try:
        a, b = float(x), float(y)
    except ValueError:
        return not (x[:1].isalpha() and re.sub(r"\d+", "", x) == re.sub(r"\d+", "", y))
    return abs(a - b) > tolerance * max(1.0, abs(a))


if __name__ == "__main__":
    write(tables())
