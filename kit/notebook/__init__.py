"""The only ways out of a notebook: show, facts, finding, note, colophon.

Each makes a record that knows no language, displays what it says for the person in JupyterLab
and, beside it, an object of the kit's own type. Only those objects and the pictures reach the
page. In the public edition every number passes `kit.disclosure` first.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes

from kit import edition
from kit.disclosure import Quantity
from kit.errors import MetricError
from kit.locale import current, listening
from kit.locale.later import by_language, joined, later, tree_of
from kit.notebook import graph, kept, protection
from kit.notebook.findings import fact_records, finding_record
from kit.notebook.speech import Desk, name_of, place, speak
from kit.version import __version__
from kit.words import recorded

_opened: dict[str, Any] = {}  # the case opened last: where files go, which edition holds
_said: dict[str, int] = {}  # how many records a run has kept in its folder


def opened(case: Any) -> None:
    """Note the case whose tables and findings are shown from now on."""
    _opened["case"] = case


def _case() -> Any:
    if "case" not in _opened:
        raise MetricError("no case is open", hint="Start with: case = kit.open(report)")
    edition.unmixed(_opened["case"].edition)
    return _opened["case"]


def folder() -> Path:
    """Where pictures and tables of this run are saved."""
    case = _case()
    default = case.report.out / "lab" / f"{case.edition}-{current()}"
    return Path(os.environ.get("DAYLIGHT_OUT") or default)


def show(
    table: pd.DataFrame,
    plot: Callable[..., Axes] | bool | None = True,
    *,
    name: str | None = None,
    units: Mapping[str, str] | None = None,
) -> None:
    """Draw a table, save picture and CSV under one name, and print the rows.

    Picture, CSV and printed rows come from the same numbers: in the public edition as they may be
    shown (see `kit.disclosure`). An empty table draws nothing. Where the exports could not tell, the cell says
    so; a table of which nothing is recorded becomes one line.

    Parameters
    ----------
    table : DataFrame
        What a metric answered, or a table of your own with a `name`.
    plot : callable or bool, default True
        True draws the figure of the metric, where it has one; a function `plot_x(table)` with
        `alt_x(table)` beside it draws another; False draws none.
    name : str, optional
        Name of the files; by default that of the metric.
    units : mapping, optional
        What each column of a table of your own counts, such as ``{"people": "accounts"}``; the public
        edition shows no number without it. A metric of the kit says so itself.

    Raises
    ------
    KitError
        Where the table has no name, the figure no description; in public where a number has no unit
        or its rows are accounts.

    Examples
    --------
    >>> kit.show(accounts.new_accounts(case, days=90))
    Share of accounts that were new at their first post here
    group     n     estimate  95 % low  95 % high
    Studied  90     50 in 90     45.3%      65.4%
    Control  50           0%        0%       7.1%
    Context  90  under 11.8%      0.2%      17.9%
    """
    case = _case()
    given = plot if callable(plot) else None
    name = name or table.attrs.get("name") or (given.__name__.removeprefix("plot_") if given else None)
    if not name:
        raise MetricError("a table needs a name", hint="Say kit.show(table, name='…').")
    if not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):
        raise MetricError("not a name for a file", found=name, hint="Use letters, digits and _.")
    shown, quantities = protection.shown(case, table, units)
    if missing := recorded.nothing(shown):
        title = later(str(table.attrs.get("title") or name))
        return note(joined([title, recorded.sentence(missing)], ": "))
    own = given if given and name_of(given) is None else None  # drawn here and now: nobody else has it
    record = {
        "kind": "show",
        "name": name,
        "title": table.attrs.get("title", ""),
        "no_control": _lacks_control(case, shown),
        "plot": name_of(given) if given else bool(plot),  # True: that of the metric, found when it is drawn
        "own": own is not None and not shown.empty,
    }
    _say(record, shown, own, quantities=quantities)


def _say(
    record: dict[str, Any],
    table: pd.DataFrame | None = None,
    plot: Callable[..., Axes] | None = None,
    *,
    quantities: Iterable[Quantity] = (),
) -> None:
    """Keep a record where a run asks for it, and display what it says in the language in use."""
    out, about = os.environ.get("DAYLIGHT_OUT"), {}
    with listening() as heard:
        bundles = speak(record, table, Desk(folder(), _case().report.languages), plot)
    if out:
        number = _said[out] = _said.get(out, -1) + 1
        kept.keep(Path(out), number, record, table, heard)
        kept.keep_quantities(Path(out), number, quantities)
        about = {"daylight": {"said": number}}
    for data, metadata in bundles:
        display(data, metadata=metadata | about, raw=True)


def _lacks_control(case: Any, table: pd.DataFrame) -> bool:
    """Whether an estimate of the studied stands without a control beside it."""
    return (
        {"group", "estimate"} <= set(table.columns)
        and "studied" in case.groups
        and "control" not in case.groups
    )


def facts(table: pd.DataFrame) -> None:
    """State each row of a table of facts as a sentence.

    Parameters
    ----------
    table : DataFrame
        Columns id, group, value, unit, label and n, as `accounts.account_facts` gives them.

    Raises
    ------
    KitError
        Where a fact has an unknown id; the nearest is named.

    Examples
    --------
    >>> kit.facts(intake.post_facts(case).head(2))
    Studied: posts in the period: 500.
    Studied: share of posts that are reposts: not recorded.
    """
    case = _case()
    objects, quantities = fact_records(case, table)
    if not objects:
        return note(later("The data hold nothing to count here."))
    return _say({"kind": "facts", "items": objects}, quantities=quantities)


def finding(
    id: str,
    metric: Callable[..., pd.DataFrame],
    case: Any,
    *,
    vary: dict[str, list[Any]],
    **settings: Any,
) -> None:
    """State a finding: computed by a metric, repeated under other settings, beside the control.

    The verdict follows from the numbers by the rule of the claim's kind (described, compared or tested), and the
    sentence from the verdict. A comparison is with others who answer the same posts where they were collected.

    Parameters
    ----------
    id : str
        Name of a claim in `kit.claims`.
    metric : callable
        The metric that gives its numbers: one row for each group.
    case : Case
        What the metric asks.
    vary : dict
        For each setting the value used first, then other values to try; at least three others in all.
    **settings
        Settings of the metric that are not varied.

    Raises
    ------
    KitError
        Where no claim has this name, the metric has no such setting, or too few values are tried.

    Examples
    --------
    >>> kit.finding("old_accounts", accounts.old_accounts, case, vary={"years": [2, 1, 3, 5]})
    [not_comparable] 40 in 90 of the studied accounts that posted were older than 2 years at their first post here (34.6% to 54.7%, n = 90). The control answers other posts, so the two are not compared.
    """
    record, quantities = finding_record(id, metric, case, vary, settings)
    _say({"kind": "finding"} | record, quantities=quantities)


def network(edges: pd.DataFrame, accounts: pd.DataFrame, *, name: str = "network") -> None:
    """Save a network for Gephi (GraphML and GEXF) beside the tables; internal edition only, for it names accounts.

    Parameters
    ----------
    edges : DataFrame
        The table of `coordination.network`.
    accounts : DataFrame
        The table of `coordination.network_accounts`.
    name : str, default "network"
        Name of the files.

    Raises
    ------
    KitError
        In the public edition.

    Examples
    --------
    >>> internal = kit.open("sample", edition="internal")
    >>> kit.network(coordination.network(internal), coordination.network_accounts(internal))
    For Gephi: networks/network.graphml, networks/network.gexf.
    """
    case = _case()
    if case.edition != "internal":
        raise MetricError("a network names accounts", hint="Open the case with edition='internal'.")
    files, lost = graph.write(place(folder(), "networks", name).parent, name, edges, accounts)
    said = later("For Gephi: {files}.", files=", ".join(f"networks/{path.name}" for path in files))
    note(joined([said, *([graph.lost_signs(lost)] if lost else [])], " "))


def note(text: str | Mapping[str, str], *, kind: str = "note") -> None:
    """Show a remark to the reader.

    Parameters
    ----------
    text : str or mapping
        Plain words; the linter reads them as it reads the prose. A mapping gives them by language,
        such as ``{"en": "One week.", "fr": "Une semaine."}``.
    kind : {"note", "warning"}, default "note"
        How it stands out.

    Examples
    --------
    >>> kit.note("Replies were collected for one week only.", kind="warning")
    Replies were collected for one week only.
    """
    plain = protection.remark(_case(), text)
    said = by_language(plain) if isinstance(plain, Mapping) else plain
    _say({"kind": "note", "text": tree_of(said), "note": kind})


def colophon(case: Any, **parameters: Any) -> None:
    """Close the notebook: what it was made from, so that a stranger can make it again.

    This mark must be the last cell's: a run without it is not whole and is never rendered.

    Parameters
    ----------
    case : Case
        The case that was asked.
    **parameters
        The notebook's parameters, as they were used.

    Examples
    --------
    >>> kit.colophon(case, days_new=30)  # doctest: +ELLIPSIS
    Made by Daylight ... from 16 exports (content ...).
    Edition: public. Clock: America/Toronto. Seed: ....
    """
    content = {
        "report": case.name,
        "kit": __version__,
        "edition": case.edition,
        "editions": sorted(edition.opened),
        "clock": case.clock,
        "seed": case.seed,
        "content": case.manifest["content"],
        "parameters": parameters,
        "inputs": [
            {"name": e["name" if case.edition == "internal" else "shown_as"]}
            | {k: e[k] for k in ("sha256", "bytes", "format", "title", "read")}
            for e in case.manifest["inputs"]
        ],
    }
    _say({"kind": "colophon", "content": content, "reads": case.parts_read})
