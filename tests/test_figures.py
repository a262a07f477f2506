"""Figures: every plot draws every metric's table, also an empty one, and its description speaks of that table."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from worlds import desk, report, tiny_world

import kit
from kit import figures, locale
from kit.metrics import accounts, intake, media, targets, texts, timing

TABLES: dict[str, Callable[[Any], pd.DataFrame]] = {
    "creations": accounts.creations,
    "age_at_first_post": accounts.age_at_first_post,
    "empty_profiles": accounts.empty_profiles,
    "followers": accounts.followers,
    "coverage": intake.coverage,
    "ranking": targets.ranking,
    "reply_domination": targets.reply_domination,
    "discovery": targets.discovery,
    "roster_shares": targets.roster_shares,
    "unique_items": media.unique_items,
    "items": media.items,
    "placements_per_day": media.placements_per_day,
    "hosts": media.hosts,
    "first_seen": media.first_seen,
    "heatmap": timing.heatmap,
    "weekend": timing.weekend,
    "daily": timing.daily,
    "holidays": timing.holidays,
    "waiting": timing.waiting,
    "meal_gap": timing.meal_gap,
    "usual_chart": timing.usual_chart,
    "narratives": texts.narratives,
    "narrative_targets": texts.narrative_targets,
    "narrative_days": texts.narrative_days,
    "camouflage": texts.camouflage,
    "camouflage_weeks": texts.camouflage_weeks,
    "copy_sizes": texts.copy_sizes,
    "copy_days": texts.copy_days,
    "copied_windows": texts.copied_windows,
    "language_mix": texts.language_mix,
    "language_days": texts.language_days,
    "traces": texts.traces,
}


def plots() -> dict[str, tuple[Callable[..., Axes], Callable[[pd.DataFrame], str]]]:
    """Every plot of the kit with its description, by name."""
    found = {}
    for module in pkgutil.walk_packages(figures.__path__, "kit.figures."):
        room = importlib.import_module(module.name)
        for name in vars(room):
            if name.startswith("plot_"):
                found[name[5:]] = (getattr(room, name), getattr(room, "alt_" + name[5:]))
    return found


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


def test_every_plot_has_a_metric_here() -> None:
    assert set(plots()) == set(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_plot_draws_the_table_and_describes_it(case: Any, name: str, language: str, tmp_path: Path) -> None:
    plot, alt = plots()[name]
    table = TABLES[name](case)
    with locale.within(language):
        ax = plot(table)
        text = alt(table)
    assert isinstance(ax, Axes)
    assert ax.has_data() or ax.texts
    assert len(text) > 20
    assert "nan" not in text.lower().split()
    assert "{" not in text
    with locale.within(language):  # ticks are written when the picture is drawn
        for file in ("figure.png", "again.png"):
            plot(table).get_figure().savefig(tmp_path / file, metadata={"Software": None})
    assert (tmp_path / "figure.png").read_bytes() == (tmp_path / "again.png").read_bytes()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_nothing_to_show_is_a_sentence_not_a_crash(empty: Any, name: str) -> None:
    plot, alt = plots()[name]
    table = TABLES[name](empty)
    ax = plot(table)
    assert isinstance(ax, Axes)
    assert len(alt(table)) > 20


def test_a_plot_draws_into_axes_it_is_given(case: Any) -> None:
    for name in ("age_at_first_post", "coverage", "empty_profiles"):
        _figure, ax = plt.subplots()
        assert plots()[name][0](TABLES[name](case), ax=ax) is ax
