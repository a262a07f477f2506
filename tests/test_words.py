"""What a reader sees of columns, terms, units and numbers: one home, and no column without its row."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from worlds import desk, post, report, tiny_world

import kit
from kit import locale, metrics, words
from kit.claims import CLAIMS
from kit.metrics import METRICS
from simulation.media import bordered, picture, saved

KIT = Path(words.__file__).resolve().parents[1]
#: columns of words that data or reports may add to
OPEN = {"language", "stated", "label", "kind", "sentence"}
#: how values are written and measured
UNITS = {
    "count",
    "number",
    "share",
    "percent",
    "p",
    "ratio",
    "days",
    "hours",
    "seconds",
    "hour",
    "date",
    "time",
    "yes or no",
    "word",
    "sentence",
    "group",
    "platform",
    "language",
    "id",
    "text",
    words.DECLARED,
}
ROLES = set(
    "key group category class setting count size share estimate low high measure p date verdict text".split()
)
#: roles of columns that always count something
COUNTING = {"count", "size", "share"}


def test_every_row_keeps_to_the_vocabulary() -> None:
    counted = {row.name for row in words.TERMS if row.role == "counted"} | {words.DECLARED}
    for row in words.COLUMNS.values():
        assert row.unit in UNITS, row
        assert row.role in ROLES, row
        assert not row.counts or row.counts in counted, row
        assert row.counts or row.role not in COUNTING, f"{row.name}: what does it count?"
    for term in words.TERMS:
        assert term.unit in UNITS | {"minutes", ""}, term
        assert not term.counts or term.counts in counted, term


def test_a_name_has_one_label() -> None:
    """Whatever its role: a reader meets one word for one thing."""
    labels: dict[str, set[str]] = {}
    for row in words.TERMS:
        if row.role != "fact":
            labels.setdefault(row.name, set()).add(row.label)
    assert not {name: found for name, found in labels.items() if len(found) > 1}


@pytest.mark.parametrize(
    "name,values,expected",
    [
        ("accounts", [1, 2], "count"),
        ("accounts", pd.array([1, None], dtype="Int64"), "count"),
        ("share", [0.5], "share"),
        ("prevalence_share", [None], "share"),
        ("false_alarm_low", [0.01], "share"),
        ("p", [0.5], "p"),
        ("p_holm", [0.5], "p"),
        ("expected", [0.5], "number"),
        ("day", pd.to_datetime(["2023-08-07"]), "date"),
        ("first_day", ["2023-08-07"], "date"),
        ("time_a", pd.to_datetime(["2023-08-07 10:11"]), "text"),
        ("reason", ["a"], "sentence"),
        ("verdict", ["found"], "word"),
        ("group", ["studied"], "group"),
        ("event", ["a"], "text"),
        ("gap", [True], "text"),
        ("rank", [1, 2], "count"),
        ("pseudonym", ["a"], "text"),
        ("value", [1, 2.5], "number"),
        # somebody's own: only the values tell
        ("mean", [0.5], "number"),
        ("bots", [1, 2], "count"),
        ("zero_share", [0.5], "number"),
        ("verified", [True], "text"),
        ("seen_at", pd.to_datetime(["2023-08-07"]), "date"),
        ("founded_year", [1998], "year"),
        ("remark", ["a"], "text"),
        ("nothing", [], "text"),
    ],
)
def test_columns_are_written_by_their_kind(name: str, values: Any, expected: str) -> None:
    assert words.kind(name, pd.Series(values)) == expected
    if not isinstance(values, pd.DatetimeIndex):
        assert words.kind(name, list(values)) == expected


def test_a_metric_says_the_unit_of_its_estimate() -> None:
    assert words.kind("estimate", [0.5], declared="share of posts") == "share"
    assert words.kind("low", [0.5], declared="ratio") == "number"
    assert words.kind("estimate", [0.5]) == "number"
    assert words.label("estimate", unit="minutes") == "estimate (minutes)"
    assert words.label("estimate", unit="ratio") == "estimate"


def test_what_a_column_counts() -> None:
    assert words.counts("accounts") == "accounts"
    assert words.counts("n", n_unit="posts") == "posts"
    assert words.counts("n", n_unit="edges") == "pairs of accounts"
    assert words.counts("n") == "", "a metric that does not say counts nothing known"
    assert words.counts("n", "targeted_sweep") == "posts"
    assert words.counts("estimate", unit="share of accounts", n_unit="posts") == "accounts"
    assert words.counts("value", unit="accounts addressed") == "targets"
    assert words.counts("members", "roster_shares") == "people"
    assert words.counts("members", "shared_templates") == "accounts"
    assert words.counts("day") == words.counts("somebody's own") == ""


def test_values_are_written_for_readers() -> None:
    assert words.written(None, "count") == "–"
    assert words.written(1234, "count") == "1,234"
    assert words.written(0.894, "share") == "89.4%"
    assert words.written(2.468, "number") == "2.47"
    assert words.written(0.0001, "p") == "< 0.001"
    assert words.written("2023-08-07", "date") == "7 August 2023"
    assert words.written("", "date") == ""
    assert words.written(True, "text") == "yes"
    assert words.written("cannot_tell", "word") == "cannot tell"
    assert words.written("not_of_the_kit", "word") == "not_of_the_kit"
    assert words.written("studied", "group") == "Studied"
    assert words.written("2,000 rows", "share") == "2,000 rows", "text where a number was promised"
    assert words.label("accounts") == "accounts"
    assert words.label("my_own_column") == "my own column"


def test_an_empty_label_keeps_its_french() -> None:
    """A label that only writes spaces for `_` is left out of the table, not out of the catalogue."""
    with locale.within("fr"):
        assert words.label("first_day") == "premier jour"
        assert words.label("edges") == "edges", "no column of a metric"
        assert words.term("share_button") == "bouton de partage"
        assert words.written("found", "word") == "trouvé"


def test_ends_of_a_count_are_one_field() -> None:
    names = ["unique_low", "unique_high", "ratio_low", "ratio_high", "first_day_low", "first_day_high", "low"]
    assert words.ranges(names) == {"unique": ("unique_low", "unique_high")}


def test_settings_are_written_by_their_names() -> None:
    assert words.written(0.5, words.setting_kind("least", 0.5)) == "50%"
    assert words.written(5, words.setting_kind("k", 5)) == "5"
    assert words.written("fr", words.setting_kind("language", "fr")) == "French"
    assert words.written("fr", words.setting_kind("evidence", "fr")) == "fr"


# --- every column of every metric

START = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
CODEBOOK = """\
codes:
  - {id: ferry, label: The ferry, kind: campaign, terms: {en: [ferry]}}
  - {id: lunch, label: Lunch, kind: everyday, terms: {en: [lunch]}}
"""


def shares(who: str, at: dt.datetime, link: object, number: int) -> dict[str, str]:
    text = "lunch again" if number % 3 else "the ferry is late"
    return post(f"{who}-{number}", who, at.isoformat(), text, links=f"https://news.invalid/{link}")


def crowd(group: str, accounts: int, days: int, each: int, seed: int) -> list[dict[str, str]]:
    """Accounts that share popular links at hours of their own."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in (f"{group}{n}" for n in range(accounts)):
        hour = rng.integers(0, 24)
        for number in range(each):
            at = START + dt.timedelta(days=int(rng.integers(0, days)), hours=(hour + rng.normal(0, 2)) % 24)
            rows.append(shares(who, at, int(300 * rng.random() ** 2), number))
    return rows


def crew(accounts: int = 10, times: int = 25) -> list[dict[str, str]]:
    """Accounts that share the same links within half a minute, day after day, and first of all their lunch."""
    rows = []
    for n in range(accounts):
        who = f"crew{n}"
        rows += [
            post(f"{who}-l{i}", who, (START + dt.timedelta(hours=i)).isoformat(), "lunch") for i in range(9)
        ]
        for time in range(times):
            at = START + dt.timedelta(days=1 + time * 1.1, hours=time * 7 % 20, seconds=n * 3)
            rows.append(shares(who, at, 10_000 + time, 3 * time))
    return rows


def told(home: Path) -> Any:
    """A case in which there is something to say for every metric that a small campaign leaves without an answer."""
    early = crowd("early", 20, 30, 3, seed=1)
    late = [row | {"time": row["time"].replace("2024-03", "2024-04")} for row in crowd("late", 40, 30, 30, 2)]
    folder = report(
        home,
        "told",
        posts={"studied": crew() + crowd("studied", 40, 30, 12, 3), "control": early + late},
        codebook="codebook.yml",
        coders=["one.csv", "two.csv"],
        readers=["three.csv", "four.csv"],
    )
    (folder / "codebook.yml").write_text(CODEBOOK, "utf-8")
    codes = "".join(f"crew0-{3 * n},x,{'ferry' if n % 5 else 'lunch'},AB,\n" for n in range(25))
    read = "".join(f"url:e{n}:f,{'together' if n % 5 else 'explained'},AB,\n" for n in range(25))
    for name in ("one", "two"):
        (folder / f"{name}.csv").write_text(
            "post,platform,code,coder,date\n" + codes.replace("AB", name), "utf-8"
        )
    for name in ("three", "four"):
        (folder / f"{name}.csv").write_text("edge,label,reader,date\n" + read.replace("AB", name), "utf-8")
    return kit.open("told", edition="internal")


def received(home: Path) -> Any:
    """Two pictures that are nearly one, and a folder with a file that is no export."""
    posts = [post(n, f"s{n}", f"2024-03-0{n} 12:00:00", files=f"https://m.invalid/{n}.jpg") for n in (1, 2)]
    folder = report(home, "received", posts={"studied": posts}, media=[{"path": "held"}])
    page = {"data": [{"id": "1394735776701816833", "author_id": "1", "text": "x"}]}
    files = {
        "held/1.jpg": saved(picture(1)),
        "held/2.jpg": saved(bordered(picture(1))),
        "folder/posts.json": json.dumps(page).encode(),
        "folder/README.md": b"How these files were made.\n",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    yml = folder / "report.yml"
    content = yaml.safe_load(yml.read_text("utf-8"))
    content["exports"].append({"path": "folder", "group": "studied"})
    yml.write_text(yaml.safe_dump(content), "utf-8")
    return kit.open("received", edition="internal")


@pytest.fixture(scope="module")
def tiny_case(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small campaign with every platform, language and flaw."""
    with desk(tiny_world(tmp_path_factory)[0]):
        return kit.open("tiny", edition="internal")


#: metrics that answer the public edition with other columns
PUBLIC = (
    "coordination.clusters.network",
    "texts.near_duplicates.near_duplicate_clusters",
    "texts.near_duplicates.near_duplicate_days",
)


@pytest.fixture(scope="module")
def tables(tiny_case: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """A table with rows of every metric of the kit, and of the case itself."""
    for module in pkgutil.walk_packages(metrics.__path__, "kit.metrics."):
        importlib.import_module(module.name)
    with desk(tiny_world(tmp_path_factory)[0]):
        found = {name: metric(tiny_case) for name, metric in METRICS.items()}
        found["case.summary"] = tiny_case.summary()  # shown like a metric's, and none
    with desk(tmp_path_factory.mktemp("told")) as folder:
        for make in (told, received):
            case = make(folder)
            for name in [name for name, table in found.items() if table.empty]:
                found[name] = METRICS[name](case)
                found[name].attrs["case"] = case.name
        public = kit.open("told", edition="public")
        found |= {f"{name}, public": METRICS[name](public) for name in PUBLIC}
        for name in PUBLIC:
            found[f"{name}, public"].attrs["case"] = public.name
    with desk(tiny_world(tmp_path_factory)[0]):
        for name in PUBLIC:
            if found[f"{name}, public"].empty:
                found[f"{name}, public"] = METRICS[name](kit.open("tiny", edition="public"))
    return found


def test_every_metric_has_something_to_say_here(tables: dict[str, pd.DataFrame]) -> None:
    """A table without rows can hide columns."""
    assert not [name for name, table in tables.items() if table.empty]


def columns(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Metric's name, its table and a column of it, for all of them."""
    for table in tables.values():
        yield from ((table.attrs["name"], table, str(name)) for name in table.columns)


def test_every_column_of_every_metric_has_its_row(tables: dict[str, pd.DataFrame]) -> None:
    lacking = [
        f"{metric}.{name}" for metric, _table, name in columns(tables) if not words.column(name, metric)
    ]
    assert not lacking, "give them rows in kit/words/columns.csv"


def test_what_is_counted_is_said_by_every_metric(tables: dict[str, pd.DataFrame]) -> None:
    """Also where the metric says it itself: in `n_unit`, and in `unit`, which is a term."""
    lacking = []
    for metric, table, name in columns(tables):
        row = words.column(name, metric)
        said = {key: table.attrs.get(key, "") for key in ("unit", "n_unit")}
        if row and row.role in COUNTING and not words.counts(name, metric, **said):
            lacking.append(f"{metric}.{name} counts what?")
        if (
            row
            and row.unit == words.DECLARED
            and name != "value"
            and not words.unit(name, metric, said["unit"])
        ):
            lacking.append(f"{metric}.{name} is measured how? ({said['unit']})")
    for metric, table, name in columns(tables):
        if name == "unit":
            lacking += [
                f"{metric}: '{unit}'" for unit in set(table[name]) if not words.unit("value", declared=unit)
            ]
    assert not lacking, "\n".join(lacking)


#: endings of names that say what is counted, for readers of tables and of code alike
ENDINGS = {
    "accounts": {"accounts", "simulated accounts"},
    "posts": {"posts"},
    "pairs": {"pairs of accounts", "pairs of posts"},
    "objects": {"objects"},
    "items": {"items"},
    "days": {"days"},
    "replies": {"replies"},
    "targets": {"targets"},
}


def test_a_name_and_its_row_say_the_same() -> None:
    counted = [row for row in words.COLUMNS.values() if row.role == "count"]
    wrong = [
        row
        for row in counted
        for ending, right in ENDINGS.items()
        if row.name.endswith(f"_{ending}") and row.counts not in right
    ]
    assert not wrong


def test_nothing_is_counted_that_the_case_does_not_hold(
    tables: dict[str, pd.DataFrame], tiny_case: Any
) -> None:
    """A count of posts that was called one of accounts would soon be larger than the number of accounts."""
    most = tiny_case.sql("""
        SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM all_posts) AS posts,
               (SELECT count(*) FROM all_posts WHERE is_reply) AS replies,
               (SELECT count(DISTINCT member_key) FROM roster) AS people,
               (SELECT count(DISTINCT target_key) FROM all_posts) AS targets""").iloc[0]
    most["placements"] = len(tiny_case.derived("media_placements"))
    most["items"] = most["placements"]
    assert most.between(1, most["posts"]).all(), "nothing is tried where there is nothing"
    wrong, tried = [], set()
    for metric, table, name in columns({n: t for n, t in tables.items() if "case" not in t.attrs}):
        given = {key: table.attrs.get(key, "") for key in ("unit", "n_unit")}
        counts, row = words.counts(name, metric, **given), words.column(name, metric)
        if row is None or row.role == "class" or words.unit(name, metric, given["unit"]) != "count":
            continue
        if counts in most:
            tried.add(counts)
            if (largest := pd.to_numeric(table[name]).astype(float).max()) > most[counts]:
                wrong.append(f"{metric}.{name}: {largest} {counts} of {most[counts]}")
    assert tried == set(most.index)
    assert not wrong, "\n".join(wrong)


def test_values_are_what_their_row_says(tables: dict[str, pd.DataFrame]) -> None:
    """A share lies between 0 and 1, a count is whole, words of the kit are known, a day is one."""
    wrong = []
    for metric, table, name in columns(tables):
        row = words.column(name, metric)
        values = table[name].dropna()
        if row is None or not fits(words.unit(name, metric, table.attrs.get("unit", "")), values):
            wrong.append(f"{metric}.{name}: {values.head(3).tolist()}")
    assert not wrong, "\n".join(wrong)


def fits(unit: str, values: pd.Series) -> bool:
    """Whether all values can be of this unit."""
    if unit in ("share", "p"):
        return bool(values.astype(float).between(-1 if unit == "share" else 0, 1).all())
    if unit == "count":
        return bool((values.astype(float) % 1 == 0).all())
    if unit in ("number", "ratio", "percent", "days", "hours", "hour", "seconds", "minutes"):
        return bool(pd.to_numeric(values).notna().all())
    if unit == "yes or no":
        return set(values) <= {True, False}
    if unit == "date":
        return all(str(value)[10:] in ("", " 00:00:00") for value in values)
    return True


def test_metrics_name_the_columns_that_they_return(tables: dict[str, pd.DataFrame]) -> None:
    lacking = []
    for key, table in ((key, table) for key, table in tables.items() if key in METRICS):
        said = re.search(r"^Columns: (.*?)^Formula", inspect.getdoc(METRICS[key]) or "", re.M | re.S)
        named = set(re.findall(r"\w+", said.group(1))) if said else set()
        if found := re.search(r"as `(\w+)`", said.group(1) if said else ""):
            other = next(
                function for name, function in METRICS.items() if name.endswith(f".{found.group(1)}")
            )
            named |= set(re.findall(r"\w+", inspect.getdoc(other) or ""))
        lacking += [f"{key} does not name {name}" for name in table.columns if name not in named]
    assert not lacking, "\n".join(lacking)


def test_no_row_that_nothing_uses(tables: dict[str, pd.DataFrame]) -> None:
    used = {words.column(name, metric) for metric, _table, name in columns(tables)}
    spare = [row.name for row in words.COLUMNS.values() if row not in used]
    under_a_clock, in_public = {"hour_local"}, {"day_to", "first_week", "last_week", "period_end"}
    assert set(spare) <= under_a_clock | in_public, spare


def test_words_of_the_kit_are_terms(tables: dict[str, pd.DataFrame]) -> None:
    """What a reader meets in a table of words the kit wrote itself is in `terms.csv`, and so in every language."""
    lacking = set()
    for metric, table, name in columns(tables):
        row = words.column(name, metric)
        if row and row.unit == "word" and name not in OPEN:
            lacking |= {
                f"{metric}.{name}: {value}"
                for value in table[name].dropna()
                if value and not words.is_term(value)
            }
    assert not lacking, "\n".join(sorted(lacking))


def settings() -> set[str]:
    """Every setting of every metric."""
    return {name for metric in METRICS.values() for name in inspect.signature(metric).parameters} - {"case"}


def parameters() -> set[str]:
    """The parameters of the notebooks, which their colophons name."""
    found: set[str] = set()
    for path in (KIT.parent / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if "parameters" in cell["metadata"].get("tags", ()):
                found |= set(re.findall(r"^(\w+)\s*[:=]", "".join(cell["source"]), re.MULTILINE))
    return found - {"report"}


def test_every_setting_has_its_term() -> None:
    known = {row.name for row in words.TERMS if row.role == "setting"}
    assert parameters()
    assert not (settings() | parameters()) - known, "give them rows in kit/words/terms.csv"


def test_no_term_that_nothing_uses(tables: dict[str, pd.DataFrame]) -> None:
    sources = "".join(
        path.read_text("utf-8") for path in KIT.rglob("*.py") if path.parent.name not in ("words", "locale")
    )
    used = {
        "setting": settings() | parameters(),
        "unit": {table.attrs.get(key) for table in tables.values() for key in ("unit", "n_unit")}
        | {unit for table in tables.values() if "unit" in table for unit in table["unit"]}
        | {claim.unit for claim in CLAIMS.values()},
        "counted": {row.counts for row in (*words.COLUMNS.values(), *words.TERMS)},
        "property": {claim.property for claim in CLAIMS.values()},
        "fact": {id_ for table in tables.values() if "id" in table for id_ in table["id"]},
    }
    spare = [row for row in words.TERMS if row.role in used and row.name not in used[row.role]]
    for row in words.TERMS:
        name = re.escape(row.name.removeprefix("c2pa_"))
        if row.role not in used and not re.search(rf"(?<![\w-]){name}(?![\w-])", sources):
            spare.append(row)
    assert not spare, "\n".join(map(str, spare))
