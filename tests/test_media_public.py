"""What the public edition tells of placements: no few accounts, items as they are only where no account makes the number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import desk, post, report

import kit
from kit import figures, words
from kit.disclosure import PEOPLE
from kit.metrics import media
from kit.notebook import protection
from kit.notebook.findings import fact_objects, finding_object

PUBLIC = [name for name in media.__all__ if name not in ("candidates", "media_facts")]
LABELS = "item,label,reviewer_1,reviewer_2,date,source\n"


def placed(who: str, n: int, item: str, day: str = "2024-03-05", first: int = 0) -> list[dict[str, str]]:
    """One placement of `item` by each of `n` accounts."""
    return [
        post(
            f"{who}{item}{i}{day}",
            f"{who}{first + i}",
            f"{day} 10:00:00",
            files=f"https://m.invalid/{item}.jpg",
        )
        for i in range(n)
    ]


def shared() -> list[dict[str, str]]:
    """Three items of 40, 15 and 12 accounts on several days, one of four accounts, and two of one account each."""
    rows = placed("s", 40, "a") + placed("s", 15, "b", "2024-03-12") + placed("s", 12, "c", "2024-03-13")
    rows += (
        placed("s", 4, "d", "2024-03-20")
        + placed("s", 1, "e", "2024-03-27")
        + placed("s", 1, "f", "2024-03-28", first=9)
    )
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("placed")) as folder:
        control = [
            row
            for i in range(30)
            for row in placed("c", 1, f"own{i}", f"2024-03-{i % 28 + 1:02d}", first=i % 20)
        ]
        own = placed("s", 40, "a") + placed("s", 15, "b", "2024-03-12") + placed("s", 12, "c", "2024-03-13")
        report(folder, "shared", posts={"studied": own, "control": control})
        report(folder, "mixed", posts={"studied": shared(), "control": control})
        report(folder, "tiny", posts={"studied": placed("s", 3, "a") + placed("s", 1, "b", "2024-03-09")})
        heavy = [
            row
            for i in range(60)
            for row in placed("s", 1, "a", f"2024-0{1 + i % 6}-{1 + i % 28:02d}", first=0)
        ]
        heavy = [r | {"id": f"{r['id']}-{n}"} for n, r in enumerate(heavy)]
        report(folder, "heavy", posts={"studied": heavy + placed("s", 11, "b", first=1)})
        facebook = placed("f", 12, "a", "2024-03-06") + placed("f", 3, "b", "2024-03-14")
        report(folder, "across", posts={"studied": own, "studied@facebook": facebook})
        labels = {"media_labels": LABELS + "https://m.invalid/a.jpg,confirmed,AB,CD,2024-04-01,x\n"}
        report(folder, "labelled", posts={"studied": own, "control": control}, lists=labels)
        yield folder


def told(case: kit.Case, table: pd.DataFrame) -> pd.DataFrame:
    return protection.shown(case, table)[0]


def people_columns(table: pd.DataFrame) -> list[str]:
    metric, said = table.attrs["name"], {k: table.attrs.get(k, "") for k in ("unit", "n_unit")}
    counted = [c for c in map(str, table.columns) if words.counts(c, metric, **said) in PEOPLE]
    return [c for c in counted if (row := words.column(c, metric)) and row.role in ("count", "size")]


@pytest.mark.parametrize("world", ["shared", "mixed", "tiny", "heavy", "across", "labelled"])
@pytest.mark.parametrize("name", PUBLIC)
def test_no_few_accounts_stand_in_a_table_or_its_description(home: Path, world: str, name: str) -> None:
    case = kit.open(world)
    table = getattr(media, name)(case)
    shown = told(case, table)
    for column in people_columns(shown):
        true = pd.to_numeric(table[column], errors="coerce").reset_index(drop=True)
        assert (shown[column].dropna() % 10 == 0).all(), column
        assert shown[column].isna()[true.between(1, 9)].all(), column
        few = true.between(1, 9)
        others = [c for c in ("placements", "posts", "unique_low", "unique_high") if c in shown]
        assert shown.loc[few, others].isna().all(axis=None), (
            "nothing else is told of a row about few accounts"
        )
    if (plot := figures.of(shown)) is not None:
        text = figures.describe(plot)(shown)
        assert "nan" not in text
        plot(shown)


@pytest.mark.parametrize("world", ["mixed", "tiny", "heavy"])
def test_facts_and_findings_tell_no_few_accounts(home: Path, world: str) -> None:
    case = kit.open(world)
    for fact in fact_objects(case, media.media_facts(case)):
        if words.unit_counts(fact["unit"]) in PEOPLE:
            assert fact["value"] is None or fact["value"] % 10 == 0, fact["id"]
    vary: dict[str, list[Any]] = {"accounts": [2, 5, 10], "alike": ["reviewed", "identical"]}
    found = finding_object("media_reuse", media.media_reuse, case, vary, {})
    assert found["n"] is None or found["n"] % 10 == 0


def test_items_of_several_accounts_each_are_told_as_they_are(home: Path) -> None:
    shown = told(kit.open("shared"), media.unique_items(kit.open("shared"))).set_index("group")
    assert shown.loc["studied", ["unique_low", "unique_high", "named_items"]].tolist() == [3, 3, 3]
    assert shown.loc["control", "unique_high"] == 30, "each by one account: rounded to tens"
    mixed = told(kit.open("mixed"), media.unique_items(kit.open("mixed"))).set_index("group")
    assert mixed.loc["studied", "unique_high"] == 10, "two of six hang on one account"


def test_what_one_account_placed_most_of_is_withheld(home: Path) -> None:
    case = kit.open("heavy")
    shown = told(case, media.unique_items(case))
    assert shown.placements.isna().all()
    assert shown.attrs["shown"]["placements"] == {0: ["withheld"]}
    assert "withheld" in figures.describe(figures.of(shown))(shown)


def test_an_item_of_few_accounts_has_no_row(home: Path) -> None:
    public, inside = (media.items(kit.open("mixed", edition=e)) for e in ("public", "internal"))
    assert public[public["group"] == "studied"].accounts.tolist() == [40, 15, 12]
    assert inside[inside["group"] == "studied"].accounts.tolist() == [40, 15, 12, 4]
    assert "first_day" not in public
    assert public.first_week.dt.day_of_week.eq(0).all()
    shown = told(kit.open("mixed"), public)
    assert str(shown.first_week.iloc[0])[:10] == "2024-03-04", "the Monday before 5 March"


def test_a_platform_of_few_accounts_is_in_no_order(home: Path) -> None:
    public, inside = (media.first_seen(kit.open("across", edition=e)) for e in ("public", "internal"))
    assert public[["item", "platform"]].values.tolist() == [[1, "x"], [1, "facebook"]]
    assert public.lag_hours_low.tolist() == [0, 0], "24 hours less a second, in whole days"
    assert (public.lag_hours_high % 24 == 0).all()
    assert len(inside) == 4


def test_days_are_joined_until_ten_accounts_stand_in_each_stretch(home: Path) -> None:
    for world in ("mixed", "shared", "across"):
        public, inside = (
            media.placements_per_day(kit.open(world, edition=e)) for e in ("public", "internal")
        )
        for group, mine in public.groupby("group"):
            whole = inside[inside["group"] == group]
            for name in ("placements", "unique_low", "unique_high"):
                assert mine[name].sum() == whole[name].sum(), name
            assert mine.accounts.eq(0).sum() + mine.accounts.ge(10).sum() == len(mine)
            beside = mine.day.iloc[1:].to_numpy() - mine.day_to.iloc[:-1].to_numpy()
            assert (beside == np.timedelta64(1, "D")).all(), "a pause is a row of 0, no gap"
        assert "day_to" not in inside
        assert inside.day.nunique() == (inside.day.max() - inside.day.min()).days + 1


def test_placements_a_day_follow_from_the_number_that_is_shown(home: Path) -> None:
    case = kit.open("labelled")
    (row,) = told(case, media.synthetic_per_day(case)).query("group == 'studied'").to_dict("records")
    assert (row["placements"], row["days"], row["unique_high"]) == (40, 9, 1)
    assert row["estimate"] == pytest.approx(40 / 9, abs=0.005)
    vary: dict[str, list[Any]] = {
        "lowest": ["suspected", "confirmed"],
        "alike": ["reviewed", "identical", "candidates"],
    }
    found = finding_object("synthetic_per_day", media.synthetic_per_day, case, vary, {})
    assert (found["value"], found["n"]) == (row["estimate"], row["n"])
    assert "made 40 placements" in found["text"]["en"]
    assert "(different items: 1)" in found["text"]["en"]


@pytest.mark.slow
def test_what_hangs_on_one_account_is_what_its_absence_changes(home: Path) -> None:
    rng = np.random.default_rng(8)
    rows = [
        post(
            i,
            f"s{int(rng.integers(0, 14))}",
            "2024-03-05 10:00:00",
            files=f"https://m.invalid/{int(60 * rng.random() ** 2)}.jpg",
        )
        for i in range(90)
    ]
    report(home, "whole", posts={"studied": rows})
    whole = media.unique_items(kit.open("whole", edition="internal"))
    (_key, behind), *_ = whole.attrs["behind"]["rows"]
    names = ("placements", "named_items", "unique_low", "unique_high")
    most = dict.fromkeys(names, 0)
    for n, gone in enumerate(sorted({r["user"] for r in rows})):
        report(home, f"less{n}", posts={"studied": [r for r in rows if r["user"] != gone]})
        other = media.unique_items(kit.open(f"less{n}", edition="internal"))
        most = {name: max(most[name], int(whole[name].item() - other[name].item())) for name in names}
    assert most == {name: behind[f"{name}__largest"] for name in names}
