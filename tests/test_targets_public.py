"""What the public edition tells of the people addressed: persons and not accounts, nobody who may not be named, no few."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import desk, post, report

import kit
from kit import figures, words
from kit.disclosure import PEOPLE
from kit.inference.envelopes import envelope
from kit.metrics import replies, targets
from kit.metrics.ways import WAYS, pooled
from kit.notebook import protection
from kit.notebook.findings import fact_objects, finding_object

HEAD = "name,role,category,party,platform,account_id,handle,account_kind,may_be_named"


def roster(*members: tuple[str, str, list[str], str]) -> str:
    """Lines of a roster: name, category, accounts as platform:id, whether each of them may be named (y, n …)."""
    rows = [HEAD]
    for name, category, accounts, named in members:
        for account, may in zip(accounts, named, strict=True):
            platform, id_ = account.split(":")
            rows.append(
                f"{name},member,{category},,{platform},{id_},,official,{'yes' if may == 'y' else 'no'}"
            )
    return "\n".join(rows) + "\n"


def answers(target: str, n: int, first: int, who: str = "s", day: str = "2023-08-11") -> list[dict[str, str]]:
    """One answer to `target` by each of `n` accounts."""
    return [
        post(
            f"{target}-{who}{i}",
            f"{who}{first + i}",
            f"{day}T10:00:00Z",
            re_post=f"p-{target}",
            re_user=target,
        )
        for i in range(n)
    ]


#: two accounts on two platforms beat one account of another person; ten members may not be named, one speaker neither
MEMBERS = [
    ("Odd Lantern", "north", ["x:m1", "facebook:f1"], "yy"),
    ("Even Harbour", "north", ["x:m2"], "y"),
    ("Half Named", "north", ["x:h1", "x:h2"], "yn"),
    ("Mild Orchard", "speaker", ["x:sp"], "n"),
    *[(f"Hidden Person {i}", "south", [f"x:q{i}"], "n") for i in range(10)],
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("targets")) as folder:
        x = answers("m1", 40, 0) + answers("m2", 60, 0) + answers("h1", 90, 0) + answers("h2", 15, 0)
        x += answers("sp", 25, 0)
        for i in range(10):
            x += answers(f"q{i}", 3, 10 * i)
        for i in range(12):
            x += answers(f"out{i}", 2, 5 * i)
        facebook = answers("f1", 40, 0, who="f")
        control = answers("m2", 30, 0, who="c") + answers("q1", 4, 0, who="c")
        report(
            folder,
            "people",
            posts={"studied": x, "studied@facebook": facebook, "control": control},
            lists={"roster": roster(*MEMBERS)},
        )
        report(folder, "without", posts={"studied": x, "control": control})
        few = [("Odd Lantern", "north", ["x:m1"], "y"), ("Mild Orchard", "speaker", ["x:sp"], "n")]
        report(
            folder,
            "few",
            posts={"studied": answers("m1", 40, 0) + answers("sp", 25, 0)},
            lists={"roster": roster(*few)},
        )
        yield folder


def told(case: kit.Case, table: pd.DataFrame) -> pd.DataFrame:
    return protection.shown(case, table)[0]


# --- persons, not accounts


def test_whoever_is_addressed_most_is_a_person_with_all_accounts(home: Path) -> None:
    for edition, first in (("public", "Odd Lantern"), ("internal", "Half Named")):
        table = targets.ranking(kit.open("people", edition=edition)).query("group == 'studied'")
        assert table.target.iloc[0] == first, edition
        lantern = table.set_index("target").loc["Odd Lantern"]
        assert (lantern.posts, lantern.accounts, lantern.platforms) == (80, 80, "facebook, x")
    by_platform = targets.ranking_by_platform(kit.open("people")).query("target == 'Odd Lantern'")
    assert dict(zip(by_platform.platform, by_platform.posts, strict=True)) == {"facebook": 40, "x": 40}
    assert by_platform.share.tolist() == [0.5, 0.5]


def test_a_post_that_names_two_accounts_of_one_person_counts_once(home: Path) -> None:
    import json

    both = json.dumps([{"account_id": a, "handle": f"@{a}"} for a in ("m1", "m2")])
    rows = [post(i, f"s{i}", "2023-08-11T10:00:00Z", names=both) for i in range(12)]
    report(
        home,
        "named",
        posts={"studied": rows},
        lists={"roster": roster(("Odd Lantern", "north", ["x:m1", "x:m2"], "yy"))},
    )
    (row,) = targets.ranking(kit.open("named"), way="mention").itertuples()
    assert (row.posts, row.accounts, row.share) == (12, 12, 1.0)


# --- nobody who may not be named


def test_people_who_may_not_be_named_are_one_row_of_ten_or_none(home: Path) -> None:
    table = targets.ranking(kit.open("people")).query("group == 'studied'")
    rows = table.set_index(["who", table.target.fillna("")])
    # Half Named: one of two accounts may not be named; with Mild Orchard and the ten hidden these are twelve
    assert rows.posts.to_dict() == {
        ("member", "Odd Lantern"): 80,
        ("member", "Even Harbour"): 60,
        ("other_members", ""): 90 + 15 + 25 + 30,
        ("outside_roster", ""): 24,
    }
    assert rows.loc[("other_members", "")].category is None or pd.isna(
        rows.loc[("other_members", "")].category
    )
    control = targets.ranking(kit.open("people")).query("group == 'control'")
    assert control.target.tolist() == ["Even Harbour"], "one hidden member is no row"


def test_without_a_roster_all_are_one_row(home: Path) -> None:
    table = targets.ranking(kit.open("without")).query("group == 'studied'")
    assert table.who.tolist() == ["outside_roster"]
    assert figures.describe(figures.of(table))(table).startswith(
        "Nothing to show: Nobody is addressed who may be named."
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("metric", ["ranking", "ranking_by_platform"])
def test_no_row_names_or_tells_apart_whoever_may_not_be(home: Path, metric: str, way: str) -> None:
    case = kit.open("people")
    shown = told(case, getattr(targets, metric)(case, way=way))  # refuses pseudonyms
    text = (
        shown.to_csv() + figures.describe(figures.of(shown))(shown) if metric == "ranking" else shown.to_csv()
    )
    for hidden in ("Half", "Mild", "Hidden", "speaker", "q1", "sp,"):
        assert hidden not in text, hidden


def test_categories_name_nobody(home: Path) -> None:
    table = targets.roster_shares(kit.open("people")).query("group == 'studied'").set_index("category")
    # Half Named and Mild Orchard are two: fewer than ten together, so they are left out
    assert table.members.to_dict() == {"north": 2, "south": 10}
    assert table.posts.to_dict() == {"north": 140, "south": 30}
    inside = targets.roster_shares(kit.open("people", edition="internal")).query("group == 'studied'")
    assert inside.set_index("category").members.to_dict() == {"north": 3, "south": 10, "speaker": 1}


def test_members_of_small_categories_are_ten_together_or_left_out() -> None:
    def members(*sizes: tuple[str, int, bool]) -> pd.DataFrame:
        rows = [(c, named) for c, n, named in sizes for _ in range(n)]
        table = pd.DataFrame(rows, columns=["category", "may_be_named"])
        return table.assign(member=range(len(table)), addressed=range(len(table)))

    few = pooled(members(("a", 9, False), ("a", 3, True), ("b", 1, False), ("c", 12, False)))
    assert few.category.value_counts().to_dict() == {"a": 3, "other members": 10, "c": 12}
    none = pooled(members(("a", 8, False), ("b", 1, False), ("c", 12, True)))
    assert none.category.value_counts().to_dict() == {"c": 12}


def test_posts_of_people_who_may_not_be_named_are_in_no_list(home: Path) -> None:
    members = [("Odd Lantern", "north", ["x:m1"], "y"), ("Mild Orchard", "north", ["x:sp"], "n")]
    rows = answers("m1", 30, 0) + answers("sp", 40, 0)
    others = answers("m1", 12, 0, who="o") + answers("sp", 12, 0, who="o")
    report(home, "filled", posts={"studied": rows, "context": others}, lists={"roster": roster(*members)})
    case = kit.open("filled")
    shown = told(case, targets.filled_posts(case))
    assert shown.studied_replies.tolist() == [30]
    assert len(targets.filled_posts(kit.open("filled", edition="internal"))) == 2
    assert shown.share.tolist() == pytest.approx([0.7]), (
        "30 of 42, to a twentieth: one account wrote a 42nd of them"
    )


# --- the picture and the test of categories say one thing


@settings(max_examples=60)
@given(st.integers(1, 5), st.integers(0, 3), st.integers(0, 10_000))
def test_a_share_lies_beyond_its_range_exactly_where_p_says_so(k: int, ties: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 3 + 40 * ties, size=(400, k)).astype(float)  # many equal numbers, or few
    observed = rng.integers(-3, 6 + 40 * ties, size=k).astype(float)
    p, low, high = envelope(observed, rows)
    assert ((observed < low) | (observed > high)).any() == (p <= 0.05)
    assert (low <= high).all()


def test_the_envelope_keeps_its_level() -> None:
    rng = np.random.default_rng(3)
    ps = [envelope(rng.normal(size=4), rng.normal(size=(999, 4))).p for _ in range(300)]
    assert np.mean(np.array(ps) <= 0.05) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_the_chart_of_categories_says_what_its_test_says(home: Path) -> None:
    for name, edition in product(("people", "few"), ("public", "internal")):
        table = targets.roster_shares(kit.open(name, edition=edition))
        for group, mine in table.groupby("group"):
            beyond = (mine.estimate < mine.dealt_low) | (mine.estimate > mine.dealt_high)
            assert beyond.tolist() == mine.beyond.tolist()
            assert beyond.any() == (mine.p.iloc[0] <= 0.05), group


# --- what hangs on one account, against leaving each account out


def small_world(seed: int) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(160):
        author = f"{'so'[int(rng.random() < 0.35)]}{int(rng.integers(0, 12))}"
        thread = int(rng.integers(0, 14))
        rows.append(post(i, author, "2023-08-11T10:00:00Z", re_post=f"p{thread}", re_user=f"m{thread % 5}"))
    return rows


def world_without(home: Path, name: str, rows: list[dict[str, str]], gone: str | None) -> kit.Case:
    kept = [r for r in rows if r["user"] != gone]
    groups = {
        "studied": [r for r in kept if r["user"][0] == "s"],
        "context": [r for r in kept if r["user"][0] == "o"],
    }
    report(home, name, posts=groups)
    return kit.open(name, edition="internal")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_what_hangs_on_one_account_is_what_its_absence_changes(home: Path, seed: int) -> None:
    rows = small_world(seed)
    whole = world_without(home, f"whole{seed}", rows, None)
    given = {count: replies.drawn(whole, 5, count).loc["studied"] for count in ("replies", "accounts")}
    classes = targets.reply_domination(whole)
    behind = {tuple(k): v for k, v in classes.attrs["behind"]["rows"]}
    changed: dict[str, int] = {}
    for gone in sorted({r["user"] for r in rows}):
        case = world_without(home, f"w{seed}{gone}", rows, gone)
        for count, row in given.items():
            other = replies.drawn(case, 5, count).loc["studied"]
            for name in ("n", "targeted"):
                key = f"{count} {name}"
                changed[key] = max(changed.get(key, 0), int(row[name] - other[name]))
        other = targets.reply_domination(case)
        now = dict(zip(other.share_from, other.posts_answered, strict=True))
        for row in classes.itertuples():
            bound = behind["studied", str(row.share_from), str(row.share_to)]["posts_answered__largest"]
            assert abs(row.posts_answered - now.get(row.share_from, 0)) <= bound, (gone, row)
    for count, row in given.items():
        assert changed[f"{count} n"] == row["n__largest"]
        assert changed[f"{count} targeted"] == row["targeted__largest"]


def test_what_is_shared_by_all_is_told_as_it_is_and_what_hangs_on_one_is_rounded(home: Path) -> None:
    shared = [row for i in range(7) for row in answers(f"t{i}", 30, 0)]
    report(home, "shared", posts={"studied": shared})
    case = kit.open("shared")
    assert told(case, targets.targeted_posts(case)).n.tolist() == [7], "each post is answered by thirty"
    alone = shared + [row for i in range(5) for row in answers(f"u{i}", 1, 0)]
    report(home, "alone", posts={"studied": alone})
    case = kit.open("alone")
    assert told(case, targets.targeted_posts(case)).n.tolist() == [10], "five of twelve hang on one account"


# --- no few people, in no table, fact, finding, chart or alt text


def awkward(name: str) -> list[dict[str, str]]:
    """Few accounts on a day, one that does most, one target of one, targets that come one by one."""
    rows = (
        answers("m1", 14, 0) + answers("m2", 3, 0, day="2023-08-14") + answers("sp", 1, 3, day="2023-08-20")
    )
    for i in range(17):
        rows += answers(f"n{i}", 2, i, day=f"2023-09-{i + 1:02d}")
    rows += [
        post(f"heavy{i}", "s0", "2023-08-16T10:00:00Z", re_post=f"h{i}", re_user="m1") for i in range(60)
    ]
    return rows if name == "awkward" else rows[:18]


@pytest.fixture(scope="module", params=["awkward", "tiny", "people"])
def hostile(request: pytest.FixtureRequest, home: Path) -> kit.Case:
    if request.param != "people":
        context = answers("m1", 5, 0, who="o")
        lists = {"roster": roster(*MEMBERS)}
        report(
            home, request.param, posts={"studied": awkward(request.param), "context": context}, lists=lists
        )
    return kit.open(request.param)


PUBLIC = [name for name in targets.__all__ if name not in ("briefing", "target_facts")]


def people_columns(table: pd.DataFrame) -> list[str]:
    metric, said = table.attrs["name"], {k: table.attrs.get(k, "") for k in ("unit", "n_unit")}
    counted = [c for c in map(str, table.columns) if words.counts(c, metric, **said) in PEOPLE]
    return [c for c in counted if (row := words.column(c, metric)) and row.role in ("count", "size")]


@pytest.mark.parametrize("name", PUBLIC)
def test_no_few_people_stand_in_a_table_or_its_description(hostile: kit.Case, name: str) -> None:
    table = getattr(targets, name)(hostile)
    shown = told(hostile, table)
    if "ranked" in table.attrs:  # shown in the order of what is shown
        rows = [c for c in ("group", "who", "target", "platform") if c in table]
        at = {key: i for i, key in enumerate(table[rows].astype(str).itertuples(index=False, name=None))}
        table = table.iloc[[at[key] for key in shown[rows].astype(str).itertuples(index=False, name=None)]]
    for column in people_columns(shown):
        numbers = shown[column].dropna()
        assert (numbers % 10 == 0).all(), column
        true = pd.to_numeric(table[column], errors="coerce").reset_index(drop=True)
        assert shown[column].isna()[true.between(1, 9)].all(), column
    if (plot := figures.of(shown)) is not None:
        text = figures.describe(plot)(shown)
        assert "nan" not in text
        plot(shown)


def test_facts_and_findings_tell_no_few_people(hostile: kit.Case) -> None:
    for fact in fact_objects(hostile, targets.target_facts(hostile)):
        if words.unit_counts(fact["unit"]) in PEOPLE:
            assert fact["value"] is None or fact["value"] % 10 == 0, fact["id"]
    vary = {"minimum": [1, 2, 3, 5]}
    found = finding_object("target_concentration", targets.same_target, hostile, vary, {})
    assert found["n"] is None or found["n"] % 10 == 0


def test_days_are_joined_until_each_stretch_has_ten_new_targets_or_none(hostile: kit.Case) -> None:
    table = targets.discovery(hostile)
    inside = targets.discovery(kit.open(hostile.name, edition="internal"))
    for group, mine in table.groupby("group"):
        whole = inside[inside["group"] == group]
        assert mine.new_targets.sum() == whole.new_targets.sum()
        assert mine.targets_so_far.iloc[-1] == whole.targets_so_far.iloc[-1]
        assert mine.day.iloc[0] <= whole.day.iloc[0]
        assert mine.day_to.iloc[-1] >= whole.day[whole.new_targets > 0].iloc[-1]
        assert len(mine) == 1 or mine.new_targets.ge(10).all()
        days = inside[inside["group"] == group].set_index("day").new_targets
        for start in mine.day:
            beside = days.get(start, 0) >= 10 or days.get(start - pd.Timedelta(days=1), 0) >= 10
            assert start.day_of_week == 0 or beside, "no stretch begins on a day that tells of one target"


def test_a_first_or_last_day_is_told_only_of_ten_authors(home: Path) -> None:
    rows = answers("m1", 3, 0, day="2023-08-07") + answers("m1", 12, 3, day="2023-08-09")
    rows = [r | {"id": f"{r['id']}-{r['time']}"} for r in rows]
    report(
        home,
        "days",
        posts={"studied": rows},
        lists={"roster": roster(("Odd Lantern", "north", ["x:m1"], "y"))},
    )
    case = kit.open("days")
    (row,) = told(case, targets.ranking(case)).itertuples()
    assert pd.isna(row.first_day)
    assert str(row.last_day)[:10] == "2023-08-09"


def test_shares_of_targets_are_made_of_shown_numbers(home: Path) -> None:
    """Six of 98 on one day only: not 6.25 %, of which a reader makes six."""
    rows = [row for i in range(98) for row in answers(f"t{i}", 2, i)]
    rows += [
        row | {"id": f"{row['id']}b"} for i in range(92) for row in answers(f"t{i}", 2, i, day="2023-09-01")
    ]
    report(home, "lasting", posts={"studied": rows})
    case = kit.open("lasting")
    shown = told(case, targets.persistence(case))
    assert shown.targets.tolist() == [100]
    assert shown.one_day_targets.isna().all()
    assert shown.attrs["shown"]["one_day_targets"] == {0: ["small"]}
    assert shown.attrs["shown"]["one_day_share"][0][0] == "under"
    assert isinstance(shown.attrs["shown"], dict)


def test_numbers_of_one_claim_agree_in_sentence_table_and_item(home: Path) -> None:
    case = kit.open("people")
    vary: dict[str, list[Any]] = {"minimum": [1, 2, 3, 5]}
    found = finding_object("targeted_posts", targets.same_post, case, vary, {})
    (row,) = told(case, targets.same_post(case)).query("group == 'studied'").to_dict("records")
    assert (found["n"], found["value"]) == (row["n"], row["estimate"])
    assert f"in {words.value_of(row['estimate'], 'share of posts')} of cases" in found["text"]["en"]
    assert f"n = {row['n']:.0f} accounts" in found["text"]["en"]
