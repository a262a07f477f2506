"""The data dictionary, written from the tables."""

from __future__ import annotations

from kit.schema.derived import ABOUT_DERIVED, DERIVED
from kit.schema.model import GROUPS, KINDS, PLATFORMS, TIME_PRECISIONS, TIME_SOURCES
from kit.schema.tables import ABOUT, TABLES

_WHO = (
    ("internal", "only in the internal edition: it names or quotes people"),
    ("pseudonym", "platform identifier in the internal edition, keyed pseudonym in the public edition"),
    ("both", "in both editions"),
)
_COARSE = {
    "moment": "span",
    "class": "class",
    "common": "shared",
    "unseen": "metrics",
}
_TOLD = (
    (
        "span",
        "both; in public cut to a month, quarter or year (a post: day, week, month) that ten accounts share",
    ),
    ("class", "both; in public the lower end of a class of at least ten accounts"),
    ("shared", "both; in public where ten accounts share it, else empty"),
    ("metrics", "in public the kit's own metrics count with it, and no query finds it"),
)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def dictionary() -> str:
    """The data dictionary as Markdown: `data/README.md` is this text and nothing else."""
    out = [
        "# Data",
        "",
        "Made from `kit/schema/` by `make dictionary`; edit those files, not this one.",
        "",
        "`sample/` holds synthetic exports: invented accounts, invented posts, no real person. `cases/` holds what",
        "the kit builds from a report's exports (Parquet with a manifest); git ignores it. Exports are never changed.",
        "",
        "Times are UTC, without a zone mark. Platform identifiers are text. An empty cell means *not known*, which",
        'is neither zero nor empty text. In SQL, `group` is a reserved word: write `"group"`.',
        "",
        "| word | values |",
        "| --- | --- |",
    ]
    values = {
        "platform": PLATFORMS,
        "group": GROUPS,
        "kind": KINDS,
        "time_source": TIME_SOURCES,
        "time_precision": TIME_PRECISIONS,
    }
    out += [f"| {word} | {', '.join(options)} |" for word, options in values.items()]
    out += ["", "*Filled by*: the `export`, or the `kit` while it builds the case. *Edition*:", ""]
    out += [f"- `{word}`: {meaning};" for word, meaning in (*_WHO, *_TOLD)]
    out[-1] = out[-1].removesuffix(";") + "."
    for table, described in (TABLES | DERIVED).items():
        if table == next(iter(DERIVED)):
            out += [
                "",
                "Tables from here on are worked out from texts and files when a metric first needs them;",
            ]
            out += ["`case.derived(name)` gives them."]
        out += ["", f"## {table}", "", (ABOUT | ABOUT_DERIVED)[table], ""]
        out += ["| column | type | meaning | filled by | edition |", "| --- | --- | --- | --- | --- |"]
        for c in described:
            who = "internal" if c.private else "pseudonym" if c.identity else _COARSE.get(c.coarse, "both")
            filled = "export" if c.loaded else "kit"
            out.append(f"| `{c.name}` | {c.type} | {_cell(c.meaning)} | {filled} | {who} |")
    return "\n".join(out) + "\n"
