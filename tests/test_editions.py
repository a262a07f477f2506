"""Editions cannot mix: what a run is for is fixed when it starts, and no door leads from the public edition to names."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from shell import LOOK, at_home, here, kit, put_in, refused, small, working_in, write_notebook
from worlds import desk

import kit as package
from kit import case as cases
from kit import edition
from kit import notebook as showing
from kit.case import asking
from kit.errors import KitError, MetricError
from kit.publish.crew import Crew

ONE_LINE = "a public run cannot open the internal edition"
#: ways to write the handle of an account into a table called "mixed"
SHOWN = "kit.show(other.sql('SELECT handle FROM accounts'), name='mixed')"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("editions")) as folder:
        small(folder)
        cases.open("small")
        yield folder


@pytest.fixture
def public(home: Path) -> cases.Case:
    return package.open("small")


@pytest.fixture
def internal(home: Path) -> cases.Case:
    return package.open("small", edition="internal")


# --- a run has one edition

TRIES = {
    "by argument": "other = kit.open(report, edition='internal')",
    "by the environment": "import os\n\nos.environ['DAYLIGHT_EDITION'] = 'internal'\nother = kit.open(report)",
    "by both": "import os\n\nos.environ['DAYLIGHT_EDITION'] = 'internal'\nother = kit.open(report, edition='internal')",
    "by a variable that is gone": "import os\n\ndel os.environ['DAYLIGHT_EDITION']\nother = kit.open(report, edition='internal')",
    "by replacing": "import dataclasses\n\nother = dataclasses.replace(case, edition='internal')",
    "by hand": "other = kit.Case(case.report, case.folder, 'internal', 'en', case.manifest)",
    "by force": "other = case\nobject.__setattr__(other, 'edition', 'internal')",
    "by the room": "from kit import case as cases\n\nother = cases.open(report, edition='internal')",
    "by force, a derived table": "object.__setattr__(case, 'edition', 'internal')\nother = case\n"
    "other.derived('languages')",
    "by another process": "import os, subprocess, sys\n\n"
    "code = \"import kit; print(kit.open('small', edition='internal').sql('SELECT handle FROM accounts'))\"\n"
    "done = subprocess.run([sys.executable, '-c', code], env=os.environ | {'DAYLIGHT_EDITION': 'internal'},\n"
    "                      capture_output=True, text=True)\n"
    "assert not done.stdout, done.stdout\nraise ValueError(done.stderr.strip().splitlines()[-1])",
    "by another process without the variable": "import os, subprocess, sys\n\n"
    "env = {k: v for k, v in os.environ.items() if k != 'DAYLIGHT_EDITION'}\n"
    "code = \"import kit; kit.open('small', edition='internal')\"\n"
    "done = subprocess.run([sys.executable, '-c', code], env=env, capture_output=True, text=True)\n"
    "raise ValueError(done.stderr.strip().splitlines()[-1])",
}
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in list(TRIES)[1:-2]]


@pytest.mark.parametrize("name", [next(iter(TRIES)), *SLOW, *list(TRIES)[-2:]])
@pytest.mark.parametrize("forks", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_public_run_cannot_open_the_internal_edition(
    home: Path, name: str, forks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries ends with one line, in forks as in plain processes."""
    if not forks:
        monkeypatch.setattr("kit.publish.crew.can_fork", lambda: False)
    write_notebook(home / "reports/small/look.ipynb", put_in(f"{TRIES[name]}\n{SHOWN}"))
    code = 3 if "process" in name else 2
    line = refused(here("run", "small"), code)
    assert line.startswith("look, cell 6 (Method): ")
    assert ONE_LINE in line or "DAYLIGHT_EDITION counts as it was at the start" in line
    assert not (home / "reports/small/out/public").exists()


def test_the_same_tries_in_one_process(public: cases.Case) -> None:
    """The quick form of the test above, for every way that needs no process of its own."""
    for name, code in TRIES.items():
        if "process" in name:
            continue
        with pytest.MonkeyPatch.context() as patch, working_in("public"):
            patch.setenv(edition.VARIABLE, "public")
            case = dataclasses.replace(public)
            with pytest.raises(MetricError) as caught:
                exec(f"{code}\n{SHOWN}", {"kit": package, "case": case, "report": "small"})
            line = str(caught.value)
            assert ONE_LINE in line or "counts as it was at the start" in line, name
            assert "\n" not in line


def test_an_internal_run_opens_its_own(home: Path) -> None:
    write_notebook(home / "reports/small/look.ipynb", put_in("assert case.edition == 'internal'"))
    done = here("run", "small", "--edition", "internal")
    assert (done.exit_code, done.stderr) == (0, "")
    write_notebook(home / "reports/small/look.ipynb", LOOK)


def test_a_process_below_a_public_one_is_public(home: Path) -> None:
    """What stands above a process counts, whatever its own environment says."""
    code = "import kit; kit.open('small', edition='internal')"
    inner = f"import os, subprocess, sys; os.environ['DAYLIGHT_EDITION'] = 'internal'; sys.exit(subprocess.run([sys.executable, '-c', {code!r}]).returncode)"
    done = subprocess.run(
        [sys.executable, "-c", inner],
        env=at_home(home, DAYLIGHT_EDITION="public"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith("kit.errors.MetricError: DAYLIGHT_EDITION counts as it was")
    )


def test_the_whole_command_is_public_where_the_shell_says_so(home: Path) -> None:
    done = kit(home, "run", "small", "--edition", "internal", env={"DAYLIGHT_EDITION": "public"})
    assert ONE_LINE in refused(done, 2)


def test_an_edition_that_is_none_is_named(home: Path) -> None:
    with working_in("pubic"), pytest.raises(MetricError, match=r"unknown edition.*did you mean 'public'"):
        cases.open("small", edition="internal")


def test_the_edition_is_fixed_once() -> None:
    with working_in("public"), pytest.raises(MetricError, match="is fixed"):
        edition.fix("internal")


# --- JupyterLab: a person may open either, and shows nothing as public after both


@pytest.mark.parametrize("order", [("public", "internal"), ("internal", "public")])
def test_a_notebook_that_opened_both_shows_nothing_as_public(
    home: Path, order: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAYLIGHT_OUT", str(home / "lab"))
    opened = {name: package.open("small", edition=name) for name in order}
    showing.opened(opened["public"])
    with pytest.raises(MetricError, match="nothing more is shown as public") as caught:
        package.show(opened["internal"].sql("SELECT handle FROM accounts"), name="mixed")
    assert "\n" not in str(caught.value)
    for way in (lambda: package.note("a"), lambda: package.colophon(opened["public"])):
        with pytest.raises(MetricError, match="nothing more is shown as public"):
            way()
    showing.opened(opened["internal"])
    package.note("as internal it may")


def test_a_case_of_the_other_edition_made_by_hand_counts_as_opened(public: cases.Case) -> None:
    dataclasses.replace(public, edition="internal")
    with pytest.raises(MetricError, match="nothing more is shown as public"):
        package.note("a")


def test_the_last_mark_names_all_editions_opened(home: Path, public: cases.Case) -> None:
    """What a kernel could not refuse is refused when its notebook is read."""
    from kit.errors import RunError
    from kit.publish.render import extract

    def closed(editions: list[str]) -> dict[str, Any]:
        mark = {"edition": "public", "editions": editions}
        outputs = [{"output_type": "display_data", "data": {"application/vnd.daylight.colophon+json": mark}}]
        cell = {"cell_type": "code", "source": "1", "execution_count": 1, "outputs": outputs}
        return {"cells": [cell]}

    extract(closed(["public"]), "own")
    with pytest.raises(
        RunError, match="own, cell 1: opened the internal edition in a notebook of the public one"
    ):
        extract(closed(["internal", "public"]), "own")


# --- a query reads the tables of its edition and nothing else

REFUSED = [
    "SELECT * FROM read_parquet('{internal}/accounts.parquet')",
    "SELECT * FROM '{internal}/accounts.parquet'",
    "SELECT * FROM read_parquet('{public}/accounts.parquet')",
    "SELECT * FROM '{public}/accounts.parquet'",
    "SELECT * FROM parquet_scan('{internal}/*.parquet')",
    "SELECT * FROM parquet_metadata('{public}/accounts.parquet')",
    "SELECT * FROM parquet_schema('{public}/accounts.parquet')",
    "SELECT * FROM read_csv('{folder}/manifest.json')",
    "SELECT * FROM read_text('{folder}/manifest.json')",
    "SELECT * FROM read_blob('{internal}/accounts.parquet')",
    "SELECT * FROM read_json('{folder}/manifest.json')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM glob('{public}/*')",
    "SELECT (SELECT max(file) FROM glob('{public}/*')) FROM accounts",
    "WITH files AS (SELECT * FROM glob('{public}/*')) SELECT * FROM files",
    "SELECT getenv('HOME')",
    "SELECT current_setting('temp_directory')",
    "SELECT CURRENT_SETTING('allowed_directories') FROM posts",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_views()",
    "SELECT sql FROM duckdb_views",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM information_schema.tables",
    "SELECT pg_get_viewdef(0)",
    "SELECT * FROM pg_catalog.pg_views",
    "SELECT * FROM (DESCRIBE duckdb_views)",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('accounts')",
    "SELECT * FROM pragma_storage_info('accounts')",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "ATTACH '{folder}/x.duckdb' AS other",
    "COPY accounts TO '{folder}/x.csv'",
    "COPY (SELECT 1) TO '/tmp/x.csv'",
    "EXPORT DATABASE '{folder}/x'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access=true",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "CREATE TABLE x AS SELECT 1",
    "CREATE MACRO f() AS TABLE SELECT 1",
    "EXPLAIN SELECT 1",
    "SELECT 1; SELECT 2",
    "CALL duckdb_settings()",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM sibling",  # a table of Python's: it is not given
]


@pytest.mark.parametrize("query", REFUSED)
def test_a_query_opens_no_file_and_tells_no_setting(home: Path, query: str) -> None:
    sibling = pd.DataFrame({"a": [1]})  # DuckDB would take it by its name
    for name in edition.EDITIONS:
        case = cases.open("small", edition=name)
        text = query.format(
            folder=case.folder, internal=case.folder / "internal", public=case.folder / "public"
        )
        with pytest.raises(MetricError) as caught:
            case.sql(text)
        assert "\n" not in str(caught.value)
    assert len(sibling) == 1


def test_no_function_gives_rows_but_those_that_read_nothing(public: cases.Case) -> None:
    """Every table function that this DuckDB has, whatever it will be called."""
    con = duckdb.connect()
    found = con.execute(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro')"
    ).fetchall()
    names = {name for (name,) in found} - asking.ROWS
    assert len(names) > 50
    for name in sorted(names):
        with pytest.raises(MetricError):
            public.sql(f"SELECT * FROM {name}('accounts')")


def test_duckdb_itself_is_locked(home: Path) -> None:
    """Where a query were not read first, the connection would still open no file of another edition."""
    for name, other in (("public", "internal"), ("internal", "public")):
        case = cases.open("small", edition=name)
        connection = cases._connection(*case._scope()).cursor()
        for query in (
            f"SELECT * FROM read_parquet('{case.folder}/{other}/accounts.parquet')",
            "SELECT * FROM read_text('/etc/passwd')",
            f"COPY (SELECT 1) TO '{home}/x.csv'",
            "SET enable_external_access=true",
            f"ATTACH '{home}/x.duckdb'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) AS n FROM accounts",
        "WITH a AS (SELECT * FROM posts), b AS (SELECT * FROM a) SELECT count(*) AS n FROM b",
        "SELECT n FROM unnest([1, 2]) t(n)",
        "SELECT range AS n FROM range(3)",
        "SELECT column_name FROM (DESCRIBE accounts)",
        "SELECT * FROM (SUMMARIZE SELECT followers FROM accounts)",
        "FROM all_posts SELECT count(*)",
        "SELECT count(*) FROM given JOIN accounts USING (account_key)",
        "SELECT log(2), version() IS NOT NULL, pg_typeof(1)",
    ],
)
def test_what_asks_the_tables_is_answered(public: cases.Case, query: str) -> None:
    given = pd.DataFrame({"account_key": [1, 2]})
    assert len(public.sql(query, tables={"given": given}))


def test_connections_and_answers_are_kept_apart(home: Path) -> None:
    query = "SELECT account_id FROM accounts ORDER BY 1"
    inner, outer = cases.open("small", edition="internal"), cases.open("small")
    for _ in range(2):  # the second answer comes from memory
        assert inner.sql(query)["account_id"].tolist() != outer.sql(query)["account_id"].tolist()
    assert cases._connection(*inner._scope()) is not cases._connection(*outer._scope())


def test_a_crew_of_plain_processes_is_what_this_file_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.publish.crew.can_fork", lambda: False)
    assert not Crew()._forks
    assert os.environ.get(edition.VARIABLE) is None
    with pytest.raises(KitError):
        edition.check("both")
