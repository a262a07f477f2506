"""Known or not known: what no export could tell is never 0, in no table, sentence, file, chart or alt text.

Every column that a metric needs is taken away in turn from a report that has them all, and every metric and every
finding of the notebooks is asked again. What could be told and is truly nothing stays 0.
"""

from __future__ import annotations

import ast
import datetime as dt
import functools
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import golden
import pandas as pd
import pytest
import yaml
from worlds import POSTS, account, desk, post, report

import kit
from kit import loaders, words
from kit.claims import CLAIMS
from kit.claims.model import UNTESTED
from kit.errors import MetricError
from kit.loaders import FORMATS, Record
from kit.loaders.carried import declared
from kit.metrics import METRICS
from kit.metrics.needs import Need, names_of
from kit.notebook import findings, output, protection, speech
from kit.words import recorded

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
for _room in ("accounts", "coordination", "intake", "media", "targets", "texts", "timing"):
    importlib.import_module(f"kit.metrics.{_room}")

#: need -> what is taken away so that nothing tells it: columns of posts and of accounts, or keys of the report
TAKEN: dict[str, tuple[str, ...]] = {
    "posts": ("posts",),
    "posts.account_key": ("posts.account_id",),
    "posts.created_at": ("posts.created_at",),
    "posts.text": ("posts.text",),
    "posts.language": ("posts.language",),
    "posts.is_reply": ("posts.reply_to_id", "posts.target_account_id"),
    "posts.reply_to_key": ("posts.reply_to_id",),
    "posts.target_key": ("posts.target_account_id",),
    "posts.reply_to_created_at": ("posts.reply_to_created_at",),
    "posts.is_repost": ("posts.reposted_id", "posts.reposted_account_id"),
    "posts.reposted_key": ("posts.reposted_id",),
    "posts.reposted_account_key": ("posts.reposted_account_id",),
    "posts.quoted_id": ("posts.quoted_id",),
    "posts.engagement": ("posts.likes", "posts.replies", "posts.reposts", "posts.quotes"),
    "posts.shared": tuple(
        f"posts.{name}"
        for name in "reposted_id quoted_id urls hashtags media text reply_to_id target_account_id".split()
    ),
    "links": ("posts.urls",),
    "hashtags": ("posts.hashtags",),
    "mentions": ("posts.mentions",),
    "placements": ("posts.media",),
    "accounts.listed": ("accounts",),
    "accounts.created_at": ("accounts.created_at",),
    "accounts.followers": ("accounts.followers",),
    "accounts.following": ("accounts.following",),
    "accounts.bio": ("accounts.bio",),
    "accounts.location": ("accounts.location",),
    "accounts.profile_url": ("accounts.profile_url",),
    "report.roster": ("report.roster",),
    "report.codebook": ("report.codebook", "report.coders"),
    "report.coders": ("report.coders",),
    "report.readers": ("report.readers",),
    "report.media_labels": ("report.media_labels",),
    "report.calendar": ("report.calendar",),
}
NUMBERS = ("count", "size", "share", "estimate", "low", "high", "measure", "p")
CODEBOOK = {
    "version": 1,
    "codes": [
        {"id": "bell", "label": "Bells", "kind": "campaign", "terms": {"en": ["bell"]}},
        {"id": "soup", "label": "Soup", "kind": "everyday", "terms": {"en": ["soup"]}},
    ],
}


def needed() -> list[str]:
    """Every name that a metric of the kit needs."""
    return sorted({name for metric in METRICS.values() for name in names_of(metric.needs)})  # type: ignore[attr-defined]


def test_everything_that_is_needed_is_taken_away() -> None:
    assert set(needed()) == set(TAKEN)
    assert set(needed()) <= set(recorded.NAMES), "say in words what is missing"


#: metrics that count the records received, or what is missing of them: there 0 is an answer whatever the exports carry
OF_RECORDS = {
    *(f"intake.{name}" for name in "accounting set_aside rejected sources clock_check time_coverage".split()),
    *("intake.author_coverage", "intake.membership", "timing.posts.precision", "comparing.comparability"),
}


def test_every_metric_says_what_it_needs() -> None:
    without = {name for name, metric in METRICS.items() if not metric.needs}  # type: ignore[attr-defined]
    assert without == OF_RECORDS


# --- a report that has everything, and one that lacks something


def _posts(group: str, full: bool) -> list[dict[str, str]]:
    """Twelve accounts a group, four posts each: in `full` every kind of post, else nothing but plain ones."""
    rows = []
    for n in range(12):
        for k in range(4):
            time = dt.datetime(2024, 3, 4, 8) + dt.timedelta(days=3 * k, minutes=7 * n)
            more: dict[str, Any] = {"lang": "en", "like": n % 3, "reply": 0, "share": 1, "thread": ""}
            if full:
                asked = (dt.datetime(2024, 3, 4, 6) + dt.timedelta(days=3 * k)).isoformat()
                more |= [
                    {"re_post": f"9{k}", "re_user": f"80{n % 2}", "re_time": asked},
                    {"rt_post": "95", "rt_user": "805"},
                    {"qt_post": "96", "files": f"https://media.example/{n % 4}.jpg"},
                    {
                        "tags": "bells",
                        "links": "https://news.example/a",
                        "names": json.dumps([{"account_id": "806", "handle": "someone"}]),
                    },
                ][k]
            words_ = (
                "the old bell rings over the harbour" if k % 2 else f"soup of day {n} with bread and leeks"
            )
            key = f"{'studied control context'.split().index(group) + 1}{n:02d}{k}"
            rows.append(post(key, f"{group[:2]}{n}", time.isoformat(), words_, **{"re_time": "", **more}))
    return rows


def _accounts(group: str, full: bool) -> list[dict[str, str]]:
    profile = {"bio": "I like soup", "place": "Here", "url": "https://a.example"} if full else {}
    numbers = {"followers": "5", "following": "7"} if full else {"followers": "0", "following": "0"}
    return [
        account(
            f"{group[:2]}{n}", f"2020-01-{n + 1:02d}T00:00:00", handle=f"h{group}{n}", **numbers, **profile
        )
        for n in range(14 if full else 12)
    ]


def world(home: Path, name: str, taken: tuple[str, ...] = (), full: bool = True) -> None:
    """A report with three groups; `taken` columns are in no column map, `taken` keys not in the report."""
    folder = home / "reports" / name
    folder.mkdir(parents=True)
    (folder / "codebook.yml").write_text(yaml.safe_dump(CODEBOOK), encoding="utf-8")
    coded = "post,platform,code,coder,date\n"
    rows = [
        f"1{n:02d}{k},x,{'bell' if k % 2 else 'soup'},{{}},2024-04-01" for n in range(12) for k in range(4)
    ]
    for coder in ("ab", "cd"):
        (folder / f"{coder}.csv").write_text(coded + "\n".join(rows).format(*[coder] * len(rows)), "utf-8")
    label = (
        "item,label,reviewer_1,reviewer_2,date,source\nhttps://media.example/1.jpg,none,AB,CD,2024-04-01,x\n"
    )
    (folder / "labels_of_media.csv").write_text(label, encoding="utf-8")
    roster = "name,role,category,party,platform,account_id,handle,account_kind,may_be_named\n"
    roster += "".join(f"Person {n},,{'mill' if n else 'dam'},,x,80{n},,official,true\n" for n in range(2))
    keys: dict[str, Any] = {"codebook": "codebook.yml", "coders": ["ab.csv", "cd.csv"]}
    keys |= {"media_labels": "labels_of_media.csv", "audience_zones": ["UTC"], "languages": ["en", "fr"]}
    keys["clock"] = "UTC" if "report.calendar" in taken else "Asia/Bangkok"  # no country's, so no holidays
    groups = ("studied", "control", "context")
    report(
        home,
        name,
        posts={g: _posts(g, full) for g in groups} if "posts" not in taken else None,
        accounts={g: _accounts(g, full) for g in groups} if "accounts" not in taken else None,
        lists={} if "report.roster" in taken else {"roster": roster},
        **{key: value for key, value in keys.items() if f"report.{key}" not in taken},
    )
    path = folder / "report.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry in content["exports"]:
        table = entry["table"]
        for column in [c for c in entry["columns"] if f"{table}.{c}" in taken]:
            del entry["columns"][column]
            entry.get("lists", {}).pop(column, None)
        if table == "posts" and "account_id" not in entry["columns"]:
            entry["constants"] = {"account_id": ""}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("known")) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setitem(POSTS, "reply_to_created_at", "re_time")
        world(folder, "whole")
        world(folder, "nothing", full=False)
        for need, taken in TAKEN.items():
            world(folder, _name(need), taken)
        yield folder


def _name(need: str) -> str:
    return "without-" + re.sub(r"[^a-z]", "-", need)


def opened(name: str, edition: str = "internal") -> Any:
    return kit.open(name, edition=edition, language="en")


# --- what a case knows


def test_a_whole_report_could_tell_everything(home: Path) -> None:
    case = opened("whole")
    lacking = [name for name in needed() if not case.knows(name, group=None)]
    assert lacking in ([], ["report.readers"])


@pytest.mark.parametrize("need", [name for name in TAKEN if name != "report.readers"])
def test_what_is_taken_away_is_not_known(home: Path, need: str) -> None:
    case = opened(_name(need))
    assert not case.knows(need)
    assert not any(case.knows(need, group=group) for group in case.groups)
    assert opened("whole").knows(need, group="studied")


def test_nothing_is_an_answer_where_it_could_be_told(home: Path) -> None:
    """No reply, no link, no mention: but the exports have the columns."""
    case = opened("nothing")
    for name in (
        "posts.is_reply",
        "posts.reply_to_key",
        "posts.target_key",
        "links",
        "mentions",
        "placements",
    ):
        assert case.knows(name, group="studied"), name


def test_an_unknown_need_is_an_error(home: Path) -> None:
    for name in ("posts.reply_too", "report.rooster", "pots.text", "text"):
        with pytest.raises(MetricError):
            opened("whole").knows(name)


# --- every metric


def calls(need: str) -> list[tuple[str, dict[str, Any], Need]]:
    """Every metric with the settings under which it needs something, and for which of its rows and columns."""
    found = []
    for name, metric in METRICS.items():
        for one in metric.needs:  # type: ignore[attr-defined]
            asked = Need((one,)) if isinstance(one, str) else one
            if need in asked.names:
                settings = dict([asked.setting]) if asked.setting else {}
                found.append((name, settings, asked))
    return found


def of_numbers(table: pd.DataFrame, metric: str) -> list[str]:
    """Columns that hold what was counted or measured, as `kit/words/columns.csv` says."""
    named = [(str(c), words.column(str(c), metric)) for c in table.columns]
    return [name for name, row in named if row is not None and row.role in NUMBERS]


def meant(table: pd.DataFrame, asked: Need) -> pd.DataFrame:
    """The rows that a need is about."""
    return table if asked.row is None else table[table[asked.row[0]] == asked.row[1]]


#: the room whose tests take long
SLOW = "coordination"


def in_rooms() -> list[Any]:
    """Every need, and whether it is tried on the slow room or on the others that have it."""
    found: list[Any] = []
    for need in sorted(TAKEN):
        rooms = {name.partition(".")[0] for name, *_rest in calls(need)}
        found += [(need, False)] * bool(rooms - {SLOW})
        found += [pytest.param(need, True, marks=pytest.mark.slow)] * (SLOW in rooms)
    return found


@pytest.mark.parametrize(("need", "slow"), in_rooms())
def test_no_metric_counts_what_is_not_known(
    home: Path, need: str, slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(_name(need))
    for name, settings, asked in calls(need):
        if slow is not name.startswith(SLOW):
            continue
        table = METRICS[name](case, **settings)
        rows, metric = meant(table, asked), name.rpartition(".")[2]
        if asked.row and rows.empty and "group" not in table:
            continue  # a table that has no such row by default
        for column in [c for c in asked.columns or of_numbers(table, metric) if c in rows]:
            assert rows[column].isna().all(), f"{name}.{column} {settings}: {rows[column].tolist()}"
        if {"id", "value"} <= set(table.columns):
            assert rows[["value", "n"]].isna().all(axis=None), name
        if "verdict" in rows and len(rows) and not asked.columns:
            assert set(rows["verdict"]) <= {"inconclusive", None}, name
        assert recorded.gaps(table), f"{name} does not say that it is not recorded"
        assert need in recorded.because(recorded.gaps(table)), name
        _shown(case, table, asked, name, monkeypatch)


def _shown(case: Any, table: pd.DataFrame, asked: Need, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is displayed of the table and written to files tells of no 0 where nothing is known."""
    if {"id", "value"} <= set(table.columns):
        for item in findings.fact_objects(case, table):
            if asked.row is None or item["id"] == asked.row[1]:
                assert (item["value"], item["n"], item["label"]) == (None, None, None), item
                assert item["not_recorded"]
                assert not re.search(r"\d", item["text"]["en"].replace(words.FACTS[item["id"]], "")), item
        return
    said: list[Any] = []
    monkeypatch.setattr("kit.notebook.display", lambda data, **more: said.append((data, more["metadata"])))
    kit.show(table, name="tried")
    folder = kit.notebook.folder()
    if asked.row is None and not asked.columns:
        assert recorded.nothing(table), name
        assert len(said) == 1, f"{name}: one line instead of a table and a chart"
        text = said[0][0]["text/plain"]
        assert re.search("[Nn]ot (recorded|given)", text), text
        return
    content = said[-1][0][speech.MIME.format("table")]
    names = [c["name"] for c in content["columns"]]
    for row in content["rows"]:
        if asked.row is None or row[names.index(asked.row[0])] == asked.row[1]:
            for column in asked.columns or of_numbers(table, name.rpartition(".")[2]):
                assert row[names.index(column)] == "not recorded", f"{name}.{column}: {row}"
    csv = pd.read_csv(folder / "tables" / "tried.csv", dtype=str, keep_default_na=False)
    rows = meant(csv, asked)
    if rows.empty:
        assert "ot recorded" in content["note"], name
        return
    for column in asked.columns or of_numbers(table, name.rpartition(".")[2]):
        assert set(rows[column]) <= {""}, f"{name}.{column}"
        assert set(rows[f"{column}_shown"]) <= {"unknown"}
    assert rows["not_recorded"].str.contains("ot recorded|ot given").all()
    for data, metadata in said[:-1]:
        if "image/png" in data:
            assert "ot recorded" in metadata["image/png"]["alt"] or "ot given" in metadata["image/png"]["alt"]


@pytest.mark.parametrize("edition", ["public", "internal"])
def test_a_true_nothing_stays_nothing(home: Path, edition: str) -> None:
    case = opened("nothing", edition)
    share = METRICS["targets.reply_share"](case).set_index("group")
    assert share.loc["studied", "estimate"] == 0
    assert share.loc["studied", "n"] == 12
    facts = {
        (f["id"], f["group"]): f for f in findings.fact_objects(case, METRICS["targets.target_facts"](case))
    }
    assert facts["reply_share_original", "studied"]["value"] == 0
    assert facts["replied_to_accounts", "studied"]["value"] == 0
    assert "not recorded" not in facts["replied_to_accounts", "studied"]["text"]["en"]
    assert METRICS["intake.post_facts"](case).query("id == 'repost_share'")["value"].eq(0).all()
    followed = METRICS["accounts.followers"](case).query("statistic == 'mean'")
    assert followed["estimate"].eq(0).all()
    assert METRICS["accounts.empty_profiles"](case)["estimate"].eq(1).all()
    assert METRICS["media.media_facts"](case)["value"].eq(0).all()


# --- every finding of the notebooks


@functools.cache
def stated() -> dict[str, tuple[Any, dict[str, list[Any]], dict[str, Any]]]:
    """Every finding of the notebooks: its metric, what it varies and its settings, with the notebooks' own parameters."""
    from kit.metrics import accounts

    platforms = {"platform": [None, "x", "facebook", "youtube"]}  # a claim that no notebook makes
    found: dict[str, Any] = {"silent_accounts": (accounts.silent_accounts, platforms, {})}
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        cells = [
            "".join(c["source"])
            for c in json.loads(path.read_text("utf-8"))["cells"]
            if c["cell_type"] == "code"
        ]
        names: dict[str, Any] = {}
        exec(cells[0], names)
        for room in re.findall(r"from kit\.metrics import (\w+)", "\n".join(cells)):
            names[room] = importlib.import_module(f"kit.metrics.{room}")
        for cell in cells:
            for node in ast.walk(ast.parse(cell)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "kit.finding":
                    id_, metric = (eval(ast.unparse(arg), names) for arg in node.args[:2])
                    given = {
                        str(k.arg): eval(ast.unparse(k.value), names | {"case": None}) for k in node.keywords
                    }
                    found[id_] = (metric, given.pop("vary"), given)
    return found


def test_every_claim_of_the_kit_is_tried() -> None:
    assert set(stated()) == set(CLAIMS)


def asks(metric: Any, settings: dict[str, Any], need: str) -> bool:
    """Whether a metric needs something under these settings."""
    for one in metric.needs:
        asked = Need((one,)) if isinstance(one, str) else one
        held = asked.setting is None or settings.get(asked.setting[0]) == asked.setting[1]
        if held and need in asked.names and asked.row is None and not asked.columns:
            return True
    return False


def base(id_: str) -> dict[str, Any]:
    _metric, vary, settings = stated()[id_]
    return settings | {name: values[0] for name, values in vary.items()}


NULLS = ("value", "low", "high", "n", "label", "difference")


def asked_of(id_: str, case: Any) -> dict[str, Any]:
    metric, vary, settings = stated()[id_]
    return findings.finding_object(id_, metric, case, _few(vary), settings)


def _few(vary: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The first settings, and as few others as a finding allows."""
    left, few = 3, {}
    for name, values in vary.items():
        few[name] = [v for i, v in enumerate(values) if v not in values[:i]][: 1 + left]
        left -= len(few[name]) - 1
    return few


@pytest.mark.parametrize(
    ("id_", "need"),
    [
        (id_, need)
        for id_, (metric, *_rest) in stated().items()
        for need in sorted(TAKEN)
        if asks(metric, base(id_), need)
    ],
)
def test_a_finding_of_what_is_not_known_has_no_number(home: Path, id_: str, need: str) -> None:
    item = asked_of(id_, opened(_name(need)))
    assert (item["verdict"], item["outcome"], item["tested"]) == ("inconclusive", "not_recorded", False)
    assert [item[name] for name in NULLS] == [None] * len(NULLS)
    assert need in item["not_recorded"]
    assert item["control"] is None
    for tried in item["sensitivity"]:
        if asks(stated()[id_][0], base(id_) | tried["settings"], need):
            assert [tried[name] for name in ("value", "low", "high", "n")] == [None] * 4
    assert item["text"]["en"].startswith(("Not recorded in these data:", "Not given with this report:"))
    assert item["text"]["fr"].startswith(("Ces données ne consignent pas", "Non fourni avec ce rapport"))
    assert not re.search(r"\d", item["text"]["en"] + item["text"]["fr"])


def each_claim() -> list[Any]:
    """Every claim; those of the slow room apart."""
    slow = {id_ for id_, (metric, *_rest) in stated().items() if SLOW in metric.__module__}
    return [pytest.param(id_, marks=pytest.mark.slow) if id_ in slow else id_ for id_ in sorted(CLAIMS)]


@pytest.mark.parametrize("id_", each_claim())
@pytest.mark.parametrize("name", ["nothing", "whole"])
def test_what_was_not_tested_has_no_number(home: Path, id_: str, name: str) -> None:
    """In whatever case: no interval and no n stands for a test that was not made."""
    item = asked_of(id_, opened(name))
    assert item["tested"] is CLAIMS[id_].tests(item["outcome"])
    if not item["tested"]:
        assert [item[key] for key in NULLS] == [None] * len(NULLS), item["outcome"]
        assert item["control"] is None
    else:
        assert item["n"] != 0
    for tried in item["sensitivity"]:
        assert tried["n"] != 0
        assert tried["value"] is None or tried["n"] is not None


def test_no_outcome_without_a_test_can_say_a_number() -> None:
    for claim in CLAIMS.values():
        for outcome in claim.sentences:
            if outcome in UNTESTED or outcome in claim.untested:
                fields = set(re.findall(r"\{(\w+)\}", claim._joined(outcome)))
                assert not fields & {"value", "low", "high", "n", "control", "p"}, (claim.title, outcome)


# --- one group could tell, the other not; one export could, another not


def mixed(home: Path, name: str, without: set[tuple[str, str]], **posts: list[dict[str, str]]) -> Any:
    """A report of posts of which some groups' exports lack some columns: (group, column)."""
    folder = report(home, name, posts=posts, languages=["en", "fr"])
    path = folder / "report.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry, words_ in zip(content["exports"], posts, strict=True):
        for group, column in without:
            if group == words_:
                entry["columns"].pop(column, None)
                entry.get("lists", {}).pop(column, None)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return opened(name)


ASKED = {"reply_to_id", "target_account_id"}


def test_a_control_that_could_not_tell_is_said_to(home: Path) -> None:
    case = mixed(
        home,
        "mute-control",
        {("control", c) for c in ASKED},
        studied=_posts("studied", True),
        control=_posts("control", True),
    )
    item = asked_of("reply_share", case)
    assert (item["verdict"], item["outcome"], item["tested"]) == ("described", "no_record", True)
    assert item["value"] == pytest.approx(1 / 3)
    control = item["control"]
    assert [control[name] for name in ("value", "low", "high", "n")] == [None] * 4
    assert control["not_recorded"] == ["posts.is_reply"]
    assert "The data of the control do not record this" in item["text"]["en"]
    assert "Les données du groupe témoin ne le disent pas" in item["text"]["fr"]
    table = METRICS["targets.reply_share"](case).set_index("group")
    assert pd.isna(table.loc["control", "estimate"])
    assert table.loc["studied", "n"] == 12


def test_an_export_that_cannot_tell_is_left_out_of_a_share(home: Path) -> None:
    """Half of the posts of a group come from an export without the column: a share of all would be half of the truth."""
    rows = _posts("studied", True)
    names = {"studied": rows[:24], "studied@facebook": rows[24:]}
    case = mixed(home, "half", {("studied@facebook", c) for c in ASKED}, **names)
    table = METRICS["targets.reply_share"](case).set_index("group")
    assert table.loc["studied", "n"] == 6
    assert table.loc["studied", "estimate"] == pytest.approx(1 / 3)
    assert table.attrs["left_out"] == 1
    content = output.table_object(table.reset_index(), "reply_share", "")
    assert content["note"] == "The posts of 1 export, which does not record this, are left out."
    assert case.knows("posts.is_reply", platform="x")
    assert not case.knows("posts.is_reply", platform="facebook")
    assert not case.where(platform="facebook").knows("posts.is_reply")


def test_a_chart_draws_no_group_that_could_not_tell(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = {"studied": _posts("studied", True), "control": _posts("control", True)}
    case = mixed(home, "mute-chart", {("control", "text")}, **posts)
    said: list[Any] = []
    monkeypatch.setattr("kit.notebook.display", lambda data, **more: said.append((data, more["metadata"])))
    for name in ("texts.language_mix", "texts.language_days", "texts.near_duplicate_days"):
        said.clear()
        kit.show(METRICS[f"{_room_of(name)}"](case), name="chart")
        alt = next(more["image/png"]["alt"] for data, more in said if "image/png" in data)
        assert "Control: Not recorded in these data: the text of posts." in alt
        assert "Control: Not recorded in these data" in said[-1][0]["text/plain"]


def _room_of(name: str) -> str:
    """The metric's full name in `METRICS`."""
    (found,) = (full for full in METRICS if full.endswith(f".{name.partition('.')[2]}"))
    return found


# --- what the formats carry


@pytest.mark.parametrize("one", golden.goldens(), ids=lambda one: one.name)
def test_no_format_declares_less_than_it_yields(one: golden.Golden) -> None:
    for _source, format_, items in loaders.open_exports(one.file, one.options):
        if format_.name == "table":
            continue
        for item in items:
            if isinstance(item, Record) and not item.context and item.table != "indicators":
                told = {f"{item.table}.{k}" for k, v in item.values.items() if v is not None}
                told |= {f"accounts.{k}" for k, v in (item.author or {}).items() if v is not None}
                left = {name for name in told - declared()[format_.name] if name.split(".")[1] not in _OURS}
                assert not left, (
                    f"{format_.name} yields {sorted(left)}: write it into kit/loaders/carried.csv"
                )


#: what a loader says of a record beside what the export tells
_OURS = {"platform", "time_source", "time_precision", "time_stated", "created_precision"}


def test_every_format_says_what_it_carries() -> None:
    told = set(declared())
    apart = {name for name, format_ in FORMATS.items() if format_.table == "indicators" or name == "table"}
    assert set(FORMATS) - apart - told == {"medium_export_other", "youtube_data_tools_authors"}
    assert told <= set(FORMATS)


def test_protection_keeps_what_is_not_recorded(home: Path) -> None:
    """In the public edition, too, an empty cell is `not recorded` where it is, and nowhere else."""
    posts = {"studied": _posts("studied", True), "control": _posts("control", True)}
    mixed(home, "mute-too", {("control", c) for c in ASKED}, **posts)
    case = opened("mute-too", "public")
    shown, _said = protection.shown(case, METRICS["targets.reply_share"](case))
    place = shown["group"].tolist().index("control")
    assert {name: kinds[place] for name, kinds in shown.attrs["shown"].items() if place in kinds} == {
        name: ["unknown"] for name in ("n", "estimate", "low", "high")
    }
