"""Figures: every plot draws every metric's table, also an empty one, and its description speaks of that table."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from worlds import desk, report, tiny_world

import kit
from kit import figures, locale
from kit.disclosure import rule
from kit.figures import style
from kit.inference.coaction import groups
from kit.metrics import METRICS, accounts, coordination, intake, media, targets, texts, timing


def network_of(accounts: int) -> pd.DataFrame:
    """A network as `coordination.network` gives it: clusters of uneven size, three groups."""
    rng = np.random.default_rng(accounts)
    cluster = np.sort((accounts / 12 * rng.random(accounts) ** 3).astype(int))
    ends = []
    for number in np.unique(cluster):
        inside = np.flatnonzero(cluster == number)
        ends += [(int(a), int(b)) for a in inside for b in rng.choice(inside, min(4, len(inside))) if a < b]
    edges = np.array(ends)
    place = groups.layout(edges, np.ones(len(edges)))
    part, group = (
        groups.components(edges),
        rng.choice(["studied", "control", "context"], accounts, p=[0.7, 0.1, 0.2]),
    )
    columns = {
        "a": edges[:, 0],
        "b": edges[:, 1],
        "weight": 1,
        "component": part.reindex(edges[:, 0]).to_numpy(),
    }
    columns["community"] = columns["component"]
    for end in ("a", "b"):
        columns[f"group_{end}"] = group[columns[end]]
        columns |= {f"{axis}_{end}": place[axis].reindex(columns[end]).to_numpy() for axis in ("x", "y")}
    return pd.DataFrame(columns)


def together(case: Any) -> pd.DataFrame:
    """The network of the case, which is empty here; twenty accounts where there is anybody at all."""
    table = coordination.network(case)
    return network_of(20) if case.groups and table.empty else table


#: tables that a plot is tried on where its metric, asked as it is, would take long or find nothing
OWN: dict[str, Callable[[Any], pd.DataFrame]] = {
    "synchronised_grid": lambda case: coordination.synchronised_grid(case, windows=(60, 600), repeats=(2, 3)),
    "synchronised_power": lambda case: coordination.synchronised_power(
        case, groups=(10,), repeats=(5, 25), seeds=1
    ),
    "network": together,
    "rule_of_thumb": lambda case: coordination.rule_of_thumb(case, trace="reply_post"),
}


def tables_of_plots() -> dict[str, Callable[[Any], pd.DataFrame]]:
    """For each plot what gives its table: the metric that has its name, in the module that has its module's name."""
    rooms = {
        m.__name__.rpartition(".")[2]: m
        for m in (accounts, coordination, intake, media, targets, texts, timing)
    }
    found = {}
    for asked in figures.registry():
        room, _dot, name = asked.partition(".")
        found[name] = OWN.get(name) or getattr(rooms[room], name, None)
    return found


TABLES = tables_of_plots()


def plots() -> dict[str, tuple[Callable[..., Axes], Callable[[pd.DataFrame], str]]]:
    """Every plot of the kit with its description, by name."""
    return {
        metric.partition(".")[2]: (plot, figures.describe(plot))
        for metric, plot in figures.registry().items()
    }


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    home, _world = tiny_world(tmp_path_factory)
    with desk(home):
        yield kit.open("tiny")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with desk(tmp_path_factory.mktemp("empty")) as home:
        report(home, "empty", posts={"studied": []}, accounts={"studied": []})
        yield kit.open("empty")


@pytest.fixture(scope="module")
def tables(case: Any) -> Callable[[str], pd.DataFrame]:
    """The table of a plot; each metric is computed once for both languages."""
    return functools.cache(lambda name: TABLES[name](case))


def test_every_plot_has_its_metric() -> None:
    lacking = [
        f"kit/figures: plot_{name} draws no metric; give it the name of one, in the module of that name"
        for name, table in TABLES.items()
        if table is None
    ]
    assert not lacking, "\n".join(lacking)
    assert set(OWN) <= set(TABLES)


def test_every_plot_draws_one_metric_and_every_metric_has_one_name() -> None:
    asked = [f"{name.partition('.')[0]}.{name.rpartition('.')[2]}" for name in METRICS]
    assert len(set(asked)) == len(asked)
    assert set(figures.registry()) <= set(asked)
    rooms = [m for m in pkgutil.walk_packages(figures.__path__) if m.name not in ("fonts", "style")]
    written = [n for m in rooms for n in vars(importlib.import_module(f"kit.figures.{m.name}"))]
    assert sum(name.startswith("plot_") for name in written) == len(figures.registry()), "all are found"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_knows_its_figure(tables: Callable[[str], pd.DataFrame], name: str) -> None:
    table = tables(name)
    if "metric" not in table.attrs:  # made here
        assert name == "network"
        return
    assert figures.of(table) is plots()[name][0]
    assert figures.of(table.rename(columns={})) is plots()[name][0], "a changed copy still knows"
    assert figures.of(pd.DataFrame({"a": [1]})) is None


def cut_off(ax: Axes) -> list[str]:
    """Labels of axes that reach over the edge of their picture."""
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()  # a picture is saved at a resolution of its own
    whole = figure.bbox.padded(1)
    labels = [axis.label for panel in figure.axes for axis in (panel.xaxis, panel.yaxis) if panel.axison]
    ends = [(label, label.get_window_extent()) for label in labels if label.get_text()]
    return [
        label.get_text()
        for label, end in ends
        if not whole.contains(*end.min) or not whole.contains(*end.max)
    ]


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.parametrize("language", ["en", pytest.param("fr", marks=pytest.mark.slow)])
def test_a_plot_draws_the_table_and_describes_it(
    tables: Callable[[str], pd.DataFrame], name: str, language: str, tmp_path: Path
) -> None:
    plot, alt = plots()[name]
    table = tables(name)
    files = [tmp_path / "figure.png", tmp_path / "again.png"][: 2 if language == "en" else 1]
    with locale.within(language):  # ticks are written when the picture is drawn
        text = alt(table)
        for file in files:
            ax = plot(table)
            style.fit_labels(ax)
            ax.get_figure().savefig(file, metadata={"Software": None})
        assert cut_off(ax) == []
    assert isinstance(ax, Axes)
    assert ax.has_data() or ax.texts
    assert len(text) > 20
    assert "nan" not in text.lower().split()
    assert "{" not in text
    assert len({file.read_bytes() for file in files}) == 1


@pytest.mark.parametrize("name", sorted(TABLES))
def test_nothing_to_show_is_a_sentence_not_a_crash(empty: Any, name: str) -> None:
    plot, alt = plots()[name]
    table = TABLES[name](empty)
    ax = plot(table)
    assert isinstance(ax, Axes)
    assert len(alt(table)) > 20


@pytest.mark.parametrize("accounts", [20, 2000])
def test_a_network_is_drawn_with_every_account_once(accounts: int) -> None:
    table = network_of(accounts)
    plot, alt = plots()["network"]
    ax = plot(table)
    shown = sum(len(points.get_offsets()) for points in ax.collections[1:])
    drawn = len(set(table["a"]) | set(table["b"]))
    assert shown == drawn
    assert f"{drawn:,}" in alt(table)


def test_a_plot_draws_into_axes_it_is_given(case: Any) -> None:
    for name in ("age_at_first_post", "coverage", "empty_profiles"):
        _figure, ax = plt.subplots()
        assert plots()[name][0](TABLES[name](case), ax=ax) is ax


@pytest.mark.parametrize(
    "name", ["same_text_windows", "camouflage_weeks", "camouflage", "placements_per_day"]
)
def test_what_is_withheld_is_marked(tables: Callable[[str], pd.DataFrame], name: str) -> None:
    whole = tables(name)
    held = whole.copy()
    names = ("accounts", "share", "estimate", "low", "high", "placements", "unique_low", "unique_high")
    numbers = [c for c in held if c in names]
    held[numbers] = held[numbers].astype(float)
    held.loc[held.index[1], numbers] = float("nan")
    held.attrs = whole.attrs
    plot, alt = plots()[name]
    for table, marked in ((whole, False), (held, True)):
        legend = plot(table).get_legend()
        assert legend is not None
        assert any(t.get_text() == "withheld (small count)" for t in legend.get_texts()) == marked
        assert ("marked by crosses: 1." in alt(table)) == marked


def test_numbers_that_stand_in_words_are_bands_and_never_gaps() -> None:
    table = pd.DataFrame(
        {"group": list("abcde"), "share": [0.5, None, None, None, None], "n": [100, 100, 100, 100, 0]}
    )
    table.attrs["shown"] = {"share": {1: ["under", 0.1], 2: ["over", 0.9], 3: ["withheld"]}}
    said = style.kinds(table, "share")
    assert [style.reach(kind) for kind in said] == [None, (0, 0.1), (0.9, 1.0), None, None]
    assert style.reach(["small"]) == (0, rule.STEP)
    _figure, ax = plt.subplots()
    style.bands(ax, range(5), range(1, 6), list(said), "black")
    assert sorted((p.get_x(), p.get_y(), round(p.get_height(), 9)) for p in ax.patches) == [
        (1, 0, 0.1),
        (2, 0.9, 0.1),
    ]
    assert [list(line.get_xdata()) for line in ax.lines] == [[3.5]], "a cross where nothing is said"
    assert style.ranges(said) == (
        " Only a range is said, drawn as hatched bands: 2. Withheld (small count), marked by crosses: 1."
    )
    assert style.untold(said) == "No number may be told"
    assert style.untold(said[:1]) == style.untold(said[4:]) == "Nothing to show"


def test_steps_hold_for_their_span_and_break_where_nothing_is() -> None:
    _figure, ax = plt.subplots()
    style.steps(ax, [0, 2, 5], [2, 4, 6], [1.0, 3.0, 2.0])
    xs, ys = ax.lines[0].get_data()
    assert list(xs) == [0, 2, 2, 4, 4, 5, 6]
    assert [y for y in ys if y == y] == [1, 1, 3, 3, 2, 2]
