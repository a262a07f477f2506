"""No row of a public table is one account: not by its column's name, not by a pseudonym under any other name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from shell import small
from worlds import desk

import kit
from kit.case import Case
from kit.disclosure import rows
from kit.errors import MetricError
from kit.schema import DERIVED, TABLES


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("rows")) as folder:
        small(folder)
        yield folder


@pytest.fixture
def case(home: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("DAYLIGHT_OUT", str(home / "out"))
    return kit.open("small")


OWN = {
    "account_id": "SELECT account_id, count(*) AS posts FROM posts GROUP BY 1",
    "account_key": "SELECT account_key, count(*) AS posts FROM posts GROUP BY 1",
    "pseudonym": "SELECT pseudonym, followers FROM accounts",
    "post_key": "SELECT post_key, likes FROM posts",
    "Account_ID": 'SELECT account_id AS "Account_ID" FROM accounts',
    "account key": 'SELECT account_key AS "account key" FROM accounts',
    "p.account_key": 'SELECT account_key AS "p.account_key" FROM accounts',
    "target_key": "SELECT account_key AS target_key FROM accounts",
    "who": "SELECT pseudonym AS who FROM accounts",
    "Who": 'SELECT upper(pseudonym) AS "Who" FROM accounts',
    "told": "SELECT 'account ' || pseudonym || ' posted' AS told FROM accounts",
    "joined": "SELECT string_agg(pseudonym, ',') AS joined FROM accounts",
    "many": "SELECT list(pseudonym) AS many FROM accounts",
    "one": "SELECT min(pseudonym) AS one, count(*) AS accounts FROM accounts",
}


@pytest.mark.parametrize("column", OWN)
def test_a_table_of_accounts_is_refused_and_its_column_named(case: Case, column: str) -> None:
    table = case.sql(OWN[column])
    with pytest.raises(MetricError) as caught:
        kit.show(table, name="own")
    line = str(caught.value)
    assert line.startswith(f"column '{column}' ")
    assert "\n" not in line


def test_pseudonyms_of_accounts_that_were_only_addressed_are_known(case: Case, home: Path) -> None:
    from worlds import post, report

    sent = [post(i, f"u{i}", "2024-03-01", "a", re_post="9", re_user="asked") for i in range(12)]
    report(home, "asking", posts={"studied": sent})
    other = kit.open("asking")
    with pytest.raises(MetricError, match="column 'whom' holds pseudonyms"):
        kit.show(other.sql("SELECT DISTINCT target_account_id AS whom FROM posts"), name="own")


def test_a_narrowed_case_knows_all_pseudonyms(case: Case) -> None:
    table = case.sql("SELECT pseudonym AS who FROM accounts")
    narrowed = case.where(platform="facebook")
    with pytest.raises(MetricError, match="column 'who'"):
        rows.check(narrowed, table)


def test_what_is_counted_may_be_shown(case: Case) -> None:
    counted = case.sql('SELECT "group", count(DISTINCT account_key) AS accounts FROM posts GROUP BY 1')
    words = pd.DataFrame({"word": ["conversation", "organisation", "abcdefghijkl"], "accounts": [20, 30, 40]})
    for table in (counted, words, case.summary()):
        rows.check(case, table)


def test_the_internal_edition_shows_accounts(case: Case) -> None:
    internal = kit.open("small", edition="internal")
    rows.check(internal, internal.sql("SELECT account_id, pseudonym FROM accounts"))


def test_every_key_of_the_schema_is_judged() -> None:
    keys = {
        c.name for table in (TABLES | DERIVED).values() for c in table if c.name.endswith(("_key", "_id"))
    }
    assert keys == (rows.APART & keys) | (rows.THINGS & keys)
    assert keys >= rows.THINGS
    assert {c.name for table in TABLES.values() for c in table if c.identity} <= rows.APART
