"""From what a notebook has to say to what a reader sees, in the language in use.

A record (see `kit.notebook.kept`) becomes the bundles that a notebook displays: pictures with
their descriptions, the kit's own objects for the page, HTML for the person in JupyterLab, and text.
The same record gives the same bytes in the notebook's own process and, later, in another
language without running anything again.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from kit import figures, redact
from kit.errors import MetricError, OutputError
from kit.figures.fonts import WANTED, lacks, make_drawable
from kit.figures.style import fit_labels, only_said, remark
from kit.locale import N_, _, current
from kit.locale.later import Text, later, say
from kit.notebook import card
from kit.notebook.findings import finding_text, told_fact, told_finding
from kit.notebook.output import picture, table_object, table_text, with_kinds
from kit.words import recorded

MIME = "application/vnd.daylight.{}+json"
NO_FONT = N_(
    "Characters of this chart could not be drawn and stand as marks: a font such as {font} is missing."
)


class Bundle(NamedTuple):
    """What one call of `display` shows: data by MIME type, and their metadata."""

    data: dict[str, Any]
    metadata: dict[str, Any]


class Desk(NamedTuple):
    """Where the files of a notebook go, and the languages that its report is written in."""

    folder: Path
    languages: tuple[str, ...]


def speak(
    record: dict[str, Any], table: pd.DataFrame | None, desk: Desk, plot: Callable[..., Axes] | None = None
) -> list[Bundle]:
    """The bundles of a record in the language in use; `plot` is the researcher's own, which has no name here."""
    return _SPEAK[record["kind"]](record, table, desk, plot)


def _show(record: dict[str, Any], table: Any, desk: Desk, plot: Callable[..., Axes] | None) -> list[Bundle]:
    shown, name = _in_words(table), record["name"]
    content = table_object(shown, name, _(record["title"]), no_control=record["no_control"])
    redact.safe_csv(with_kinds(shown), place(desk.folder, "tables", content["csv"]))
    told = _recorded(shown)
    plot = None if told.empty else plot or _plot_of(record["plot"], shown)
    drawn, lacking = _drawn(told, plot, name, desk, recorded.note(shown)) if plot is not None else ([], False)
    bundles = [*drawn, _bundle("table", content, card.table(content), table_text(content))]
    if lacking:
        bundles += _note({"text": later(NO_FONT, font=WANTED).tree, "note": "warning"})
    return bundles


def name_of(plot: Callable[..., Axes]) -> str | None:
    """Where a figure of the kit is found again; None for a researcher's own."""
    inside = plot.__module__.startswith("kit.figures.")
    return f"{plot.__module__}:{plot.__name__}" if inside else None


def _plot_of(plot: str | bool | None, table: pd.DataFrame) -> Callable[..., Axes] | None:
    """The figure of a record: the one that was named, or that of the table's metric as it is now."""
    if not isinstance(plot, str):
        return figures.of(table) if plot else None
    module, _colon, function = plot.partition(":")
    found = getattr(importlib.import_module(module), function, None)
    if found is None:
        raise MetricError(
            f"there is no figure '{function}' in {module} any more", hint="Change the notebook."
        )
    return found


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the words that its metric kept for every language (`kit.locale.later.words`)."""
    shown = table.copy()
    for column, said in table.attrs.get("words", {}).items():
        if column in shown:
            names = {value: say(Text(tree)) for value, tree in said.items()}
            shown[column] = [names.get(v, v) if isinstance(v, str) else v for v in shown[column]]
            shown[column] = shown[column].astype(table[column].dtype)
    shown.attrs = dict(table.attrs)
    return shown


def _recorded(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that hold something: what is not recorded is said in words and not drawn, neither as 0 nor as withheld."""
    unknown = recorded.rows(table)
    if not unknown.any():
        return table
    kept = [place for place, gone in enumerate(unknown) if not gone]
    told = table.iloc[kept].reset_index(drop=True)
    said = {
        name: {kept.index(place): kind for place, kind in held.items() if place in set(kept)}
        for name, held in table.attrs.get("shown", {}).items()
    }
    told.attrs = {**table.attrs, "shown": said}
    return told


def _drawn(
    table: pd.DataFrame, plot: Callable[..., Axes], name: str, desk: Desk, unknown: str
) -> tuple[list[Bundle], bool]:
    """A picture with its description, saved too; and whether characters were lacking a font.

    `unknown` says what of the table is not recorded, and so not drawn.
    """
    alt = " ".join(filter(None, (figures.describe(plot)(table), unknown)))
    ax = plot(table)
    if sentence := only_said(ax):  # no picture of nothing
        plt.close("all")
        return _note({"text": " ".join(filter(None, (sentence, unknown))), "note": "note"}), False
    fit_labels(ax)
    if unknown:
        remark(ax, unknown)
    lacking = bool(lacks(ax, make_drawable(ax)))
    data, metadata = picture(ax, alt, name)
    place(desk.folder, "figures", f"{name}.png").write_bytes(data)
    plt.close("all")
    return [Bundle({"image/png": data, "text/plain": metadata["image/png"]["alt"]}, metadata)], lacking


def place(folder: Path, kind: str, name: str) -> Path:
    """Where a file of results goes; nothing is written through a link."""
    path = folder / kind / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        raise OutputError(
            "is a link, not a file", where=str(path), hint="Remove it: nothing is written through it."
        )
    return path


def _bundle(kind: str, content: Any, html: str, text: str) -> Bundle:
    """What is said of an object, for the page and for eyes; what terminal or lab shows can drive neither."""
    html, text = (redact.visible(said, keep="\n") for said in (html, text))
    return Bundle({MIME.format(kind): content, "text/html": html, "text/plain": text}, {})


def _facts(record: dict[str, Any], _table: Any, desk: Desk, _plot: Any) -> list[Bundle]:
    items = [told_fact(item, desk.languages) for item in record["items"]]
    text = "\n".join(item["text"].get(current(), "") for item in items)
    return [_bundle("facts", items, card.facts(items, current()), text)]


def _finding(record: dict[str, Any], _table: Any, desk: Desk, _plot: Any) -> list[Bundle]:
    item = told_finding(record, desk.languages)
    return [_bundle("finding", item, card.finding(item, current()), finding_text(item, current()))]


def _note(record: dict[str, Any], *_others: Any) -> list[Bundle]:
    text, kind = say(Text(record["text"])), record["note"]
    return [_bundle("note", {"text": text, "kind": kind}, card.note(text, kind), text)]


def _colophon(record: dict[str, Any], *_others: Any) -> list[Bundle]:
    content = record["content"] | {"language": current()}
    lines = [
        _("Made by Daylight {version} from {n} exports (content {hash}).").format(
            version=content["kit"], n=len(content["inputs"]), hash=content["content"][:12]
        ),
        _("Edition: {edition}. Clock: {clock}. Seed: {seed}.").format(
            edition=content["edition"], clock=content["clock"], seed=content["seed"]
        ),
    ]
    return [_bundle("colophon", content, card.lines(lines), "\n".join(lines))]


_SPEAK: dict[str, Callable[..., list[Bundle]]] = {
    "show": _show,
    "facts": _facts,
    "finding": _finding,
    "note": _note,
    "colophon": _colophon,
}
