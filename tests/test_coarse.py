"""What a query of the public edition sees belongs to ten accounts or more; the kit's own metrics count exactly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import account, desk, post, report, tiny_world

from kit import case as cases
from kit.case import coarse
from kit.errors import MetricError
from kit.metrics import METRICS, accounts, intake, metric
from kit.schema import DERIVED, TABLES

LEAST = 10


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place, _world = tiny_world(tmp_path_factory)
    with desk(place):
        yield place


@pytest.fixture(scope="module")
def case(home: Path) -> cases.Case:
    return cases.open("tiny")


@pytest.fixture(scope="module")
def lumpy(tmp_path_factory: pytest.TempPathFactory) -> cases.Case:
    """A case of uneven groups: crowds on some days and in some classes, single accounts in others."""
    draw = random.Random(6)
    people, sent = [], []
    for i in range(90):
        made = f"20{draw.choice([10, 10, 15, 20]):02d}-{draw.choice([1, 1, 1, 5, 9]):02d}-{draw.randrange(1, 28):02d}"
        people.append(account(f"a{i}", made, handle=f"h{i}", followers=draw.choice([0, 3, 7, 80, 4403, 99_999]),
                              following=draw.randrange(5), state=draw.choice(["active"] * 3 + ["suspended"])))  # fmt: skip
        for k in range(draw.randrange(1, 6)):
            day = draw.choice([1, 1, 1, 2, draw.randrange(8, 12), draw.randrange(1, 28)])
            sent.append(post(f"{i}{k}", f"a{i}", f"2024-0{draw.choice([1, 1, 3])}-{day:02d}T{draw.randrange(24):02d}:05:09Z",
                             "word " * draw.randrange(1, 9), lang=draw.choice(["en"] * 20 + ["fr", "fr", "th"]), like=draw.choice([0, 0, 1, 4, 333]),
                             links=f"https://{draw.choice(['many', 'many', 'many', f'own{i}'])}.example/a"))  # fmt: skip
    place = tmp_path_factory.mktemp("lumpy")
    with desk(place):
        report(place, "lumpy", posts={"studied": sent}, accounts={"studied": people},
               clock="America/Toronto", period={"start": "2024-01-01", "end": "2024-01-20"})  # fmt: skip
        return cases.open("lumpy")


def people_by(case: cases.Case, table: str, column: str) -> list[tuple[Any, int]]:
    """Every value of a coarse column that is told, with how many accounts it belongs to."""
    within = {"accounts": ["platform"], "posts": ["platform"], "links": [], "roster": []}[table]
    if column == "created_at":
        within = [*within, *(["group", "created_precision"] if table == "accounts" else ["time_precision"])]
    names = ", ".join(f't."{name}"' for name in [*within, column])
    source = {
        "posts": "all_posts t",
        "links": "links t JOIN all_posts p USING (post_key)",
        "roster": "roster t WHERE NOT may_be_named",
    }
    who = {"links": "p.account_key", "roster": "t.member_key"}.get(table, "t.account_key")
    query = (
        f"SELECT {names}, count(DISTINCT {who}) AS people FROM {source.get(table, f'{table} t')} GROUP BY ALL"
    )
    return [tuple(row[-2:]) for row in case.sql(query).itertuples(index=False) if not pd.isna(row[-2])]


COARSE = [
    (table, c.name) for table, columns in TABLES.items() for c in columns if c.coarse not in ("", "unseen")
]


@pytest.mark.parametrize("table,column", COARSE)
def test_what_is_told_belongs_to_ten_accounts(
    case: cases.Case, lumpy: cases.Case, table: str, column: str
) -> None:
    for one in (case, lumpy):
        for value, people in people_by(one, table, column):
            assert people >= LEAST, (one.name, value, people)


def test_something_is_told(lumpy: cases.Case) -> None:
    """The test above would hold of nothing at all."""
    told = {pair: len(people_by(lumpy, *pair)) for pair in COARSE}
    for pair in (("accounts", "created_at"), ("accounts", "followers"), ("accounts", "status"), ("posts", "created_at"),
                 ("posts", "likes"), ("posts", "text_length"), ("posts", "language"), ("links", "domain")):  # fmt: skip
        assert told[pair], pair
    precisions = set(lumpy.sql("SELECT DISTINCT time_precision FROM all_posts")["time_precision"].dropna())
    assert {"day", "week"} <= precisions
    assert set(
        lumpy.sql("SELECT DISTINCT created_precision FROM accounts")["created_precision"].dropna()
    ) >= {"month"}


@pytest.mark.parametrize("table", TABLES)
def test_what_singles_out_is_no_column(case: cases.Case, table: str) -> None:
    shown = case.sql(f"SELECT * FROM {'all_posts' if table == 'posts' else table}")
    assert list(shown) == coarse.columns(table)
    for column in (c for c in TABLES[table] if c.coarse == "unseen"):
        with pytest.raises(MetricError, match="single an account out need the internal edition"):
            case.sql(f'SELECT "{column.name}" FROM {table}')


def test_no_exact_number_and_no_time_of_day_is_in_the_public_files(lumpy: cases.Case) -> None:
    posts = lumpy.sql("SELECT created_at, likes, text_length FROM all_posts")
    assert (posts["created_at"].dropna() == posts["created_at"].dropna().dt.normalize()).all()
    found = set(lumpy.sql("SELECT followers FROM accounts")["followers"].dropna())
    assert not found & {4403, 99_999}
    assert 333 not in set(posts["likes"].dropna())


def test_rows_and_the_period_are_the_same_in_every_view(lumpy: cases.Case, case: cases.Case) -> None:
    for one in (lumpy, case):
        for table in ("posts", "all_posts", "accounts", "links"):
            counts = {
                view.sql(f"SELECT count(*) AS n FROM {table}")["n"][0]
                for view in (
                    one,
                    one._exact(),
                    cases.open(one.name, edition="internal") if one is case else one,
                )
            }
            assert len(counts) == 1, table
    assert 0 < len(lumpy.sql("SELECT 1 FROM posts")) < len(lumpy.sql("SELECT 1 FROM all_posts"))


# --- the door of the kit's own metrics


@pytest.mark.parametrize(
    "name",
    [
        "accounts.account_facts",
        "accounts.new_accounts",
        "accounts.no_followers",
        "intake.post_facts",
        "intake.sources",
    ],
)
def test_metrics_count_exactly_in_both_editions(case: cases.Case, name: str) -> None:
    module, function = {"accounts": accounts, "intake": intake}[name.split(".")[0]], name.split(".")[1]
    ask = getattr(module, function, None)
    if ask is None:
        pytest.fail(f"{name} is gone: name another")
    internal = cases.open("tiny", edition="internal")
    asked = [ask(one).drop(columns="source_file", errors="ignore") for one in (case, internal)]
    assert asked[0].to_csv() == asked[1].to_csv()


def test_a_metric_of_a_researchers_own_sees_what_her_queries_see(case: cases.Case) -> None:
    @metric("Mine")
    def mine(case: cases.Case) -> pd.DataFrame:
        return case.sql('SELECT "group", followers FROM accounts WHERE followers IS NOT NULL')

    METRICS.pop(next(name for name in METRICS if name.endswith(".mine")))
    seen = set(mine(case)["followers"])
    exact = set(case._exact().sql("SELECT followers FROM accounts")["followers"].dropna())
    assert seen == set(case.sql("SELECT followers FROM accounts")["followers"].dropna())
    assert seen < exact | {0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000}
    assert len(seen) < len(exact)


def test_the_exact_view_has_no_names_and_texts(case: cases.Case) -> None:
    inside = case._exact()
    for table, columns in TABLES.items():
        for column in (c for c in columns if c.private):
            with pytest.raises(MetricError, match="name or quote people"):
                inside.sql(f'SELECT "{column.name}" FROM {table}')
    assert inside.edition == "public"
    assert inside.where(platform="x").view == "exact", "narrowing keeps the view"
    assert case.where(platform="x").view == "public"
    with pytest.raises(duckdb.Error):
        cases._connection(*inside._scope()).execute(
            f"SELECT * FROM '{case.folder}/internal/accounts.parquet'"
        )


def test_answers_of_the_two_views_are_kept_apart(case: cases.Case) -> None:
    query = "SELECT followers FROM accounts ORDER BY account_key"
    for _ in range(2):
        assert case.sql(query)["followers"].tolist() != case._exact().sql(query)["followers"].tolist()


def test_fingerprints_and_lengths_are_no_columns_of_tables_worked_out(case: cases.Case) -> None:
    internal = cases.open("tiny", edition="internal")
    for name in ("near_duplicates", "shared_objects"):
        unseen = {c.name for c in DERIVED[name] if c.coarse == "unseen"}
        assert unseen
        assert not unseen & set(case.derived(name))
        assert unseen <= set(case._exact().derived(name))
        assert unseen <= set(internal.derived(name))


def test_where_filters_by_nothing_that_is_told_in_classes(case: cases.Case) -> None:
    for name in ("followers", "created_at", "identifier_time", "handle"):
        with pytest.raises(MetricError, match=f"cannot filter on '{name}'"):
            case.where(**{name: 1})
    assert cases.open("tiny", edition="internal").where(followers=1)


# --- the rules themselves

CLASSES = st.dictionaries(
    st.integers(0, 40), st.sets(st.integers(0, 60), min_size=1, max_size=25), max_size=12
)


@given(CLASSES)
def test_joined_classes_hold_ten_accounts(held: dict[int, set[int]]) -> None:
    told = coarse.joined(sorted(held.items()))
    assert told.keys() == held.keys()
    for shown in set(told.values()) - {None}:
        mine = [low for low in held if told[low] == shown]
        assert len(set().union(*(held[low] for low in mine))) >= LEAST
        assert shown == min(mine)
    values = [told[low] for low in sorted(held) if told[low] is not None]
    assert values == sorted(values), "the order of numbers stays"
    if len(set().union(*held.values())) >= LEAST * max(1, len(held)):
        assert None not in told.values()


@given(
    st.dictionaries(
        st.one_of(st.none(), st.sampled_from("abcdef")), st.sets(st.integers(0, 60), min_size=1, max_size=25)
    )
)
def test_words_that_are_kept_leave_none_or_ten(held: dict[Any, set[int]]) -> None:
    kept = coarse.kept(held)
    assert all(len(held[value]) >= LEAST for value in kept)
    left = {value for value in held if value is not None} - set(kept)
    if left and kept:
        others = [held[v] for v in left] + [held.get(None, set())]
        assert len(set().union(*others)) >= LEAST


@pytest.mark.parametrize(
    "value,low",
    [(0, 0), (1, 1), (2, 2), (4, 2), (5, 5), (9, 5), (10, 10), (19, 10), (20, 20), (99, 50), (100, 100), (4403, 2000), (999_999, 500_000), (10**15, 10**15), (-3, 0)],
)  # fmt: skip
def test_the_lower_end_of_a_class(value: int, low: int) -> None:
    found = (
        duckdb.connect()
        .execute(f"SELECT {coarse._lower_end('v')} FROM (SELECT CAST({value} AS BIGINT) AS v)")
        .fetchone()
    )
    assert found == (low,)
