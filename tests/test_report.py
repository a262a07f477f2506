"""A report file is read whole or refused with one line that says where and what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from needs import examples

from kit import report as reports
from kit.errors import ReportError
from kit.report import checks

GOOD = """\
title: "A report"
summary: "  What it is about.  "
authors: ["A. Author", "B. Author"]
contact: "desk@example.org"
clock: America/Toronto
period: {start: 2023-08-07, end: 2023-09-11}
languages: [en, fr]
inclusion:
  rule: "All accounts of the notice."
  selected_on: [account_age]
exports:
  - path: posts.csv
    group: studied
  - path: $DAYLIGHT_DATA/more.csv
    group: control
    platform: x
    table: posts
    columns: {post_id: id, account_id: user, created_at: time}
    time: {format: iso, zone: America/Toronto}
    constants: {language: en}
audience_zones: [America/Toronto, UTC]
published:
  - {id: accounts, value: "926", source: "Somebody, 2020", note: "all"}
  - {id: posts, value: 5.5}
notebooks:
  - 00_intake
  - 01_account_age: {days_new: 90}
synthetic: true
"""
LABELS = "account,platform,group,reason,coder,date\n10,x,studied,named,AB,2023-10-01\n"
ROSTER = "name,role,platform,account_id,may_be_named\nInvented Member,member,x,77,yes\n"
EVENTS = "date,end_date,label,kind\n2023-09-02,2023-09-04,Long weekend,event\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAYLIGHT_HOME", str(tmp_path))
    (tmp_path / "reports" / "one").mkdir(parents=True)
    return tmp_path


def write(home: Path, text: str | bytes, name: str = "one", **lists: str | bytes) -> Path:
    folder = home / "reports" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in {"report.yml": text, **{f"{k}.csv": v for k, v in lists.items()}}.items():
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def refused(home: Path, text: str | bytes, **lists: str | bytes) -> str:
    """The one line with which a report is refused."""
    write(home, text, **lists)
    with pytest.raises(ReportError) as caught:
        reports.load("one")
    line = str(caught.value)
    assert "\n" not in line
    assert caught.value.exit_code == 2
    return line


E1 = """\
evidence:
  E1: {what: Notice of the platform, source: "Platform, 2023", supports: [coordinated, attributed]}
  E22: {what: A letter, source: "archive, folder 7"}
"""


def test_evidence_is_read_with_what_it_supports(home: Path) -> None:
    write(home, GOOD + E1)
    found = reports.load("one").evidence
    assert found["E1"]["supports"] == ("coordinated", "attributed")
    assert found["E22"] == {"what": "A letter", "source": "archive, folder 7", "supports": ()}


@pytest.mark.parametrize(
    "entry, needles",
    [
        ("X1: {what: a, source: b}", ["evidence X1", "E1"]),
        ("E: {what: a, source: b}", ["evidence E", "E1"]),
        ("E1: a notice", ["evidence E1", "mapping", "a notice"]),
        ("E1: {what: a}", ["evidence E1", "'source'"]),
        ("E1: {what: ' ', source: b}", ["evidence E1", "'what'"]),
        ("E1: {what: a, source: b, suports: []}", ["suports", "did you mean 'supports'"]),
        ("E1: {what: a, source: b, supports: [coordinatd]}", ["coordinatd", "did you mean 'coordinated'"]),
        ("E1: {what: a, source: b, supports: [guilty]}", ["guilty", "co-active"]),
        ("E1: {what: 7, source: b}", ["'what'", "text"]),
    ],
)
def test_evidence_is_refused_where_nobody_could_look_it_up(
    entry: str, needles: list[str], home: Path
) -> None:
    line = refused(home, GOOD + f"evidence:\n  {entry}\n")
    for needle in needles:
        assert needle in line, line


def test_prose_is_given_once_or_in_every_language(home: Path) -> None:
    write(home, GOOD)
    found = reports.load("one")
    assert found.prose["title"] == {"en": "A report"}
    assert found.prose["content_note"] == {}
    both = GOOD.replace('title: "A report"', 'title: {fr: "Un rapport", en: "A report"}')
    both = both.replace('rule: "All accounts of the notice."', "rule: {en: The notice., fr: L’avis.}")
    write(home, both)
    found = reports.load("one")
    assert found.prose["title"] == {"en": "A report", "fr": "Un rapport"}
    assert found.prose["inclusion_rule"]["fr"] == "L’avis."
    assert (found.title, found.inclusion_rule) == ("A report", "The notice.")
    half = GOOD.replace('title: "A report"', 'title: {en: "A report"}')
    assert "'title' has no text in 'fr'" in refused(home, half)
    third = GOOD.replace('title: "A report"', 'title: {en: "A report", fr: "b", de: "c"}')
    assert "unknown key 'de'" in refused(home, third)


def lines_with(key: str, value: str) -> str:
    """GOOD with the block of one top-level key replaced."""
    out, skip = [], False
    for line in GOOD.splitlines():
        if not line.startswith((" ", "-")):
            skip = line.startswith(f"{key}:")
        if not skip:
            out.append(line)
    return "\n".join([*out, value]) + "\n"


def test_a_good_report_is_read_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYLIGHT_DATA", "/somewhere/else")
    text = GOOD + "labels: labels.csv\nroster: roster.csv\nevents: events.csv\n"
    folder = write(home, text, labels=LABELS, roster=ROSTER, events=EVENTS)
    found = reports.load("one")
    assert (found.name, found.folder, found.title) == ("one", folder.resolve(), "A report")
    assert found.summary == "What it is about."
    assert found.authors == ("A. Author", "B. Author")
    assert (found.start, found.end) == (dt.date(2023, 8, 7), dt.date(2023, 9, 11))
    assert (found.clock, found.languages) == ("America/Toronto", ("en", "fr"))
    assert found.selected_on == ("account_age",)
    assert [e.path for e in found.exports] == [
        folder.resolve() / "posts.csv",
        Path("/somewhere/else/more.csv"),
    ]
    assert [e.group for e in found.exports] == ["studied", "control"]
    assert found.exports[1].options["columns"]["account_id"] == "user"
    assert found.notebooks == (("00_intake", {}), ("01_account_age", {"days_new": 90}))
    assert found.published[0]["value"] == "926"
    assert found.audience_zones == ("America/Toronto", "UTC")
    assert found.synthetic is True
    assert found.labels[0]["account"] == "10"
    assert found.labels[0]["line"] == "2"
    assert found.roster[0]["name"] == "Invented Member"
    assert found.events[0]["label"] == "Long weekend"
    assert found.out == folder.resolve() / "out"


def test_what_is_left_out_has_a_stated_default(home: Path) -> None:
    write(home, "title: t\nexports: [{path: a.csv}]\nnotebooks: [00_intake]\n")
    found = reports.load("one")
    assert (found.clock, found.languages, found.start, found.end) == ("UTC", ("en",), None, None)
    assert (found.labels, found.roster, found.events, found.published) == ((), (), (), ())
    assert found.audience_zones is None
    assert found.synthetic is False


def test_an_audience_that_is_not_known_is_an_answer(home: Path) -> None:
    """Posting times refuse to speak where nothing is said about the audience; that it is not known is said."""
    write(home, lines_with("audience_zones", "audience_zones: not known"))
    assert reports.load("one").audience_zones == "not known"


def test_the_fingerprint_follows_the_report_and_what_belongs_to_it(home: Path) -> None:
    text = GOOD + "labels: labels.csv\n"
    folder = write(home, text, labels=LABELS)
    before = reports.load("one").fingerprint()
    assert reports.load("one").fingerprint() == before
    (folder / "labels.csv").write_text(LABELS.replace("named", "seen"))
    changed = reports.load("one").fingerprint()
    assert changed != before
    (folder / "labels.csv").write_text(LABELS)
    write(home, text + "\n# a comment\n", labels=LABELS)
    assert reports.load("one").fingerprint() != before


def test_names_and_folders(home: Path, tmp_path: Path) -> None:
    write(home, GOOD)
    write(home, GOOD, name="two")
    assert reports.names() == ["one", "two"]
    assert reports.load(str(home / "reports" / "two")).name == "two"
    with pytest.raises(ReportError, match="did you mean 'two'") as caught:
        reports.load("tow")
    assert "\n" not in str(caught.value)


BAD_KEYS = {
    "unknown key": ("titel: x", ["'titel'", "did you mean 'title'?"]),
    "unknown key, nothing near": ("zzz: x", ["'zzz'", "use one of: allow_words, attribution, audience_zones"]),
    "key that is no text": ("5: x", ["'5'"]),
    "key of nothing": ("? \n: x", ["'None'"]),
    "title is a number": ("title: 5", ["'title' must be text", "found '5'", "quotation marks"]),
    "title is the country NO": ("title: NO", ["'title' must be text", "found 'False'", "quotation marks"]),
    "title is a list": ("title: [a]", ["'title' must be text"]),
    "title is empty": ("title: ''", ["'title' is missing or empty"]),
    "contact is a time of day": ("contact: 12:30", ["'contact' must be text", "found '750'"]),
    "clock is off": ("clock: off", ["'clock' must be text", "found 'False'"]),
    "synthetic is a word": ("synthetic: maybe", ["'synthetic' must be true or false", "found 'maybe'"]),
    "authors is text": ("authors: Somebody", ["'authors' must be a list"]),
    "an author is the country NO": ("authors: [Ann Author, no]", ["authors", "found 'False'", "quotation marks"]),
    "an author is a mapping": ("authors: [{name: a}]", ["authors", "must be text"]),
    "languages holds NO": ("languages: [en, no]", ["languages", "found 'False'", "quotation marks"]),
    "unknown language": ("languages: [en, fa]", ["unknown language", "found 'fa'", "use one of: en, fr"]),
    "unknown clock": ("clock: America/Tornto", ["'clock'", "found 'America/Tornto'", "did you mean 'America/Toronto'?"]),
    "clock of no place": ("clock: Nowhere/At/All", ["'clock'", "such as America/Toronto"]),
    "clock is a folder of zones": ("clock: America", ["'clock'", "found 'America'"]),
    "clock leaves its folder": ("clock: ../../etc/passwd", ["'clock'", "found '../../etc/passwd'"]),
    "unknown audience zone": ("audience_zones: [UTC, Asia/Bankok]", ["audience_zones", "did you mean 'Asia/Bangkok'?"]),
    "audience zones in one word": ("audience_zones: everywhere", ["audience_zones", "'not known'"]),
    "period with another key": ("period: {begin: 2023-08-07}", ["period", "unknown key 'begin'"]),
    "period day is no day": ("period: {start: 2023-02-30}", ["period.start", "not a day", "2023-08-07"]),
    "period day is a number": ("period: {start: 2023}", ["'start' must be text", "found '2023'"]),
    "period backwards": ("period: {start: 2023-09-11, end: 2023-08-07}", ["ends before it starts"]),
    "inclusion with another key": ("inclusion: {rules: x}", ["inclusion", "did you mean 'rule'?"]),
    "selected_on holds no": ("inclusion: {selected_on: [no]}", ["selected_on", "found 'False'"]),
    "exports are empty": ("exports: []", ["'exports' is missing or empty"]),
    "export is a word": ("exports: [posts.csv]", ["export 1", "mapping with at least 'path'", "found 'posts.csv'"]),
    "export without a path": ("exports: [{group: studied}]", ["export 1", "'path' is missing"]),
    "export path is a number": ("exports: [{path: 2023}]", ["export 1", "'path' must be text"]),
    "second export has an unknown key": (
        "exports: [{path: a.csv}, {path: b.csv, colums: {}}]",
        ["export 2", "'colums'", "did you mean 'columns'?"],
    ),
    "unknown group": ("exports: [{path: a, group: studid}]", ["export 1", "unknown group", "did you mean 'studied'?"]),
    "group is yes": ("exports: [{path: a, group: yes}]", ["export 1", "'group' must be text", "found 'True'"]),
    "unknown platform": ("exports: [{path: a, platform: facebok}]", ["export 1", "did you mean 'facebook'?"]),
    "unknown table": ("exports: [{path: a, table: post}]", ["export 1", "did you mean 'posts'?"]),
    "unknown key under time": ("exports: [{path: a, time: {zon: UTC}}]", ["export 1", "'time.zon'", "did you mean 'zone'?"]),
    "unknown zone under time": ("exports: [{path: a, time: {zone: Amerika/Toronto}}]", ["export 1", "time.zone", "America/Toronto"]),
    "constant is the language NO": (
        "exports: [{path: a, constants: {language: no}}]",
        ["export 1", "constants.language", "found 'False'", "quotation marks"],
    ),
    "column is the word NO": (
        "exports: [{path: a, columns: {text: no}}]",
        ["export 1", "columns.text", "found 'False'", "quotation marks"],
    ),
    "null word is NO": ("exports: [{path: a, nulls: [no]}]", ["export 1", "nulls", "found 'False'"]),
    "null words without a map": ("exports: [{path: a, nulls: ['-']}]", ["export 1", "'nulls' does nothing without 'columns'"]),
    "a text to read from is NO": ("exports: [{path: a, from_text: [no]}]", ["export 1", "from_text", "found 'False'"]),
    "a hash is cut": ("exports: [{path: a, sha256: abc}]", ["export 1", "no SHA-256", "found 'abc'", "sha256sum"]),
    "header line is a word": ("exports: [{path: a, header_line: third}]", ["export 1", "'header_line' must be a whole number"]),
    "published is no mapping": ("published: [926]", ["published 1", "mapping", "found '926'"]),
    "published with another key": ("published: [{id: a, valu: 5}]", ["published 1", "did you mean 'value'?"]),
    "published value is NO": ("published: [{id: a, value: no}]", ["published 1", "'value'", "found 'False'"]),
    "published without an id": ("published: [{value: 5}]", ["published 1", "'id' is missing"]),
    "notebooks are one word": ("notebooks: 00_intake", ["'notebooks' must be a list"]),
    "notebook is a number": ("notebooks: [5]", ["notebooks", "not the name of a notebook", "found '5'"]),
    "notebook leaves its folder": ("notebooks: ['../evil']", ["notebooks", "found '../evil'"]),
    "notebook of two keys": ("notebooks: [{a: {}, b: {}}]", ["notebooks", "not the name of a notebook"]),
    "parameters are a list": ("notebooks: [{a: [1]}]", ["parameters of 'a' must be a mapping", "days_new"]),
    "a notebook twice": ("notebooks: [a, b, {a: {}}]", ["notebooks", "'a' stands twice"]),
    "labels do not exist": ("labels: nothing.csv", ["'nothing.csv' does not exist"]),
    "labels are a list": ("labels: [a]", ["'labels' must be text"]),
    "labels are a folder": ("labels: .", ["cannot be read"]),
}  # fmt: skip


@pytest.mark.parametrize("value,needles", BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_wrong_key_is_named(home: Path, value: str, needles: list[str]) -> None:
    key = value.split(":")[0]
    line = refused(home, lines_with(key, value))
    assert line.startswith(("reports/one/report.yml", str(home / "reports/one")))
    for needle in needles:
        assert needle in line


BAD_TEXT = {
    "duplicate key": (b"title: a\nnotebooks: [a]\ntitle: b\n", ["line 3", "key 'title' stands on line 1 and again on line 3"]),
    "duplicate key inside": (b"title: a\nperiod:\n  start: a\n  start: b\n", ["line 4", "'start'"]),
    "alias": (b"title: &t a\nsummary: *t\n", ["line 2", "aliases are not used"]),
    "billion laughs": (b"a: &a [x, x]\nb: &b [*a, *a]\n", ["line 2", "aliases"]),
    "python tag": (b"title: !!python/object/apply:os.system ['true']\n", ["line 1", "python/object/apply:os.system"]),
    "python name": (b"title: a\nsummary: !!python/name:os.system\n", ["line 2"]),
    "merge key": (b"<<: {title: a}\n", ["line 1"]),
    "tag of a number on a word": (b"title: !!int abc\n", ["not valid YAML"]),
    "tag of a time on a word": (b"title: !!timestamp abc\n", ["report.yml"]),
    "key that is a list": (b"title: a\n? [x, y]\n: z\n", ["line 2"]),
    "unclosed": (b"title: [a\nnotebooks: x\n", ["line 2"]),
    "tabs": (b"title: a\nperiod:\n\tstart: b\n", ["line 3"]),
    "two documents": (b"title: a\n---\ntitle: b\n", ["line 2"]),
    "not UTF-8": ("title: café\n".encode("latin-1"), ["is not UTF-8 text", "Save it as UTF-8"]),
    "UTF-16": ("title: a\n".encode("utf-16"), ["is not UTF-8 text"]),
    "control character": (b"title: \x07\n", ["not valid YAML"]),
    "NUL": (b"title: a\x00b\n", ["not valid YAML"]),
    "empty": (b"", ["holds no keys", "kit new"]),
    "a list": (b"- a\n- b\n", ["holds no keys"]),
    "a word": (b"hello\n", ["holds no keys"]),
    "nested without end": (b"title: " + b"[" * 5000, ["report.yml"]),
    "missing title": (b"exports: [{path: a}]\nnotebooks: [a]\n", ["'title' is missing"]),
    "missing exports": (b"title: a\nnotebooks: [a]\n", ["'exports' is missing"]),
    "missing notebooks": (b"title: a\nexports: [{path: a}]\n", ["'notebooks' is missing"]),
}  # fmt: skip


@pytest.mark.parametrize("content,needles", BAD_TEXT.values(), ids=BAD_TEXT)
def test_a_damaged_file_is_refused_with_its_line(home: Path, content: bytes, needles: list[str]) -> None:
    line = refused(home, content)
    assert "report.yml" in line
    for needle in needles:
        assert needle in line


def test_a_python_tag_runs_nothing(home: Path) -> None:
    mark = home / "ran"
    refused(home, f"title: !!python/object/apply:os.mkdir ['{mark}']\n")
    assert not mark.exists()


BAD_LISTS = {
    "labels without a column": ("labels", "account,reason\n1,a\n", ["labels.csv, line 1", "column 'group' is missing", "account, reason"]),
    "labels with another column": ("labels", "account,group,note\n1,studied,a\n", ["line 1", "unknown column 'note'"]),
    "labels with a column twice": ("labels", "account,group,group\n1,studied,control\n", ["line 1", "column 'group' stands twice"]),
    "labels of another group": ("labels", "account,group\n1,studied\n2,studyed\n", ["labels.csv, line 3", "unknown group", "did you mean 'studied'?"]),
    "labels without an account": ("labels", "account,group\n ,studied\n", ["labels.csv, line 2", "'account' is empty"]),
    "labels without a group": ("labels", "account,group\n1,\n", ["labels.csv, line 2", "'group' is empty"]),
    "labels of another platform": ("labels", "account,group,platform\n1,studied,twiter\n", ["line 2", "unknown platform", "found 'twiter'"]),
    "labels with a field too many": ("labels", "account,group\n1,studied,a\n", ["labels.csv, line 2", "has 2 columns"]),
    "labels with a field too few": ("labels", "account,group\n1\n", ["labels.csv, line 2", "another number of fields"]),
    "labels with an open quote": ("labels", 'account,group\n"1,studied\n', ["labels.csv", "not a readable CSV"]),
    "labels not UTF-8": ("labels", "account,group\né,studied\n".encode("latin-1"), ["labels.csv", "UTF-8"]),
    "labels empty": ("labels", "", ["labels.csv, line 1", "'account' is missing"]),
    "labels with a column called line": ("labels", "account,group,line\n1,studied,7\n", ["unknown column 'line'"]),
    "roster without names": ("roster", "role\nmember\n", ["roster.csv, line 1", "'name' is missing"]),
    "roster with another column": ("roster", "name,partie\na,b\n", ["roster.csv", "did you mean 'party'?"]),
    "roster of another platform": ("roster", "name,platform\na,facebok\n", ["roster.csv, line 2", "did you mean 'facebook'?"]),
    "events without labels": ("events", "date\n2023-08-01\n", ["events.csv, line 1", "'label' is missing"]),
    "event on no day": ("events", "date,label\n2023-08-01,a\n2023-02-30,b\n", ["events.csv, line 3", "not a day", "found '2023-02-30'"]),
    "event ends on no day": ("events", "date,end_date,label\n2023-08-01,soon,a\n", ["events.csv, line 2", "not a day", "found 'soon'"]),
    "event without a day": ("events", "date,label\n,a\n", ["events.csv, line 2", "'date' is empty"]),
    "event backwards": ("events", "date,end_date,label\n2023-08-03,2023-08-01,a\n", ["events.csv, line 2", "ends before it starts"]),
}  # fmt: skip


@pytest.mark.parametrize("name,content,needles", BAD_LISTS.values(), ids=BAD_LISTS)
def test_a_wrong_list_is_refused_with_its_line(
    home: Path, name: str, content: str | bytes, needles: list[str]
) -> None:
    line = refused(home, GOOD + f"{name}: {name}.csv\n", **{name: content})
    assert f"{name}.csv" in line
    for needle in needles:
        assert needle in line


def test_lists_may_begin_with_a_mark_and_spaces(home: Path) -> None:
    text = "\ufeffaccount , group\n 10 , studied \n\n"
    write(home, GOOD + "labels: labels.csv\n", labels=text)
    (label,) = reports.load("one").labels
    assert (label["account"], label["group"]) == ("10", "studied")


def test_a_quoted_no_stays_text(home: Path) -> None:
    text = lines_with("authors", "authors: ['no', \"yes\"]")
    write(home, text.replace("language: en", "language: 'no'"))
    found = reports.load("one")
    assert found.authors == ("no", "yes")
    assert found.exports[1].options["constants"] == {"language": "no"}


def test_every_option_a_loader_asks_for_may_be_written(home: Path) -> None:
    """Hints of the loaders name `header_line`, `unescape`, `limits` and a time for each column."""
    entry = (
        "exports: [{path: a.csv, platform: x, header_line: 3, unescape: true, limits: {ratio: 500}, delimiter: ';',"
        " columns: {post_id: a, account_id: b, created_at: c, captured_at: d}, nulls: {text: ['-']},"
        " time: {format: iso, zone: UTC, captured_at: {format: epoch_s}}}]"
    )
    write(home, lines_with("exports", entry))
    options = reports.load("one").exports[0].options
    assert options["header_line"] == 3
    assert options["unescape"] is True
    assert options["limits"] == {"ratio": 500}
    assert options["time"]["captured_at"] == {"format": "epoch_s"}


def test_every_key_is_described() -> None:
    """docs/report.md has each key and column once, and no other."""
    parts = (reports.CODE / "docs/report.md").read_text("utf-8").split("\n## ")[1:]
    rows = [re.findall(r"^\| (`[^|]*) \| (.*) \|$", part, re.MULTILINE) for part in parts]
    keys, exports = ([key for first, _ in part for key in re.findall(r"`(\w+)`", first)] for part in rows[:2])
    assert sorted(keys) == sorted(reports.KEYS)
    assert sorted(exports) == sorted(reports.EXPORT_KEYS)
    assert [
        key for part in rows[:2] for first, said in part if "Must be there" in said for key in [first]
    ] == [
        *(f"`{key}`" for key in reports.REQUIRED),
        "`path`",
    ]
    columns = {
        "`labels`": reports.LABEL_COLUMNS,
        "`roster`": reports.ROSTER_COLUMNS,
        "`events`": reports.EVENT_COLUMNS,
        "`open_coordinators`": reports.OPEN_COLUMNS,
    }
    assert {first: tuple(re.findall(r"`(\w+)`", said)) for first, said in rows[2]} == {
        name: tuple(known) for name, known in columns.items()
    }
    with_bold = {first: set(re.findall(r"\*\*`(\w+)`\*\*", said)) for first, said in rows[2]}
    assert with_bold == {
        "`labels`": {"account", "group"},
        "`roster`": {"name"},
        "`events`": {"date", "label"},
        "`open_coordinators`": {"account", "why"},
    }


def test_hostile_words_cannot_forge_a_line(home: Path) -> None:
    line = refused(home, lines_with("clock", 'clock: "UTC\\n\\u202Ekit: all is well\\e[31m"'))
    assert all(char.isprintable() for char in line)
    line = refused(home, GOOD + '"ti\\ntel\\e[31m": x\n')
    assert all(char.isprintable() for char in line)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper") / "reports" / "one"
    folder.mkdir(parents=True)
    return folder


_WORDS = st.sampled_from(
    ["no", "5", "1e3", "~", "[]", "{}", "[a]", "{a: b}", "2023-02-30", "'x'", "[[a]]", "? [a]", "!!int x", "0x", ".inf", "12:30"]
)  # fmt: skip


def told(paper: Path, text: str) -> str:
    """What comes of a report file: its title, or the one line it is refused with."""
    (paper / "report.yml").write_text(text, encoding="utf-8")
    try:
        said = reports.load(paper).title
    except ReportError as error:
        said = str(error)
    assert said
    assert "\n" not in said
    return said


@given(
    key=st.sampled_from(sorted(reports.KEYS)), word=_WORDS, inner=st.sampled_from(["", "path", "id", "zone"])
)
@example(key="exports", word="? [a]", inner="")
@example(key="roster", word="{}", inner="")
@settings(
    max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_value_of_any_key_is_read_or_refused(paper: Path, key: str, word: str, inner: str) -> None:
    """Nothing that YAML can say ends in anything but a report or one clear line."""
    value = f"{{{inner}: {word}}}" if inner else word
    base = "".join(
        f"{k}: {v}\n"
        for k, v in (("title", "t"), ("exports", "[{path: a}]"), ("notebooks", "[a]"))
        if k != key
    )
    told(paper, f"{base}{key}: {value}\n")


@given(data=st.data(), word=_WORDS, inner=st.sampled_from(["", "name", "zone", "format", "ratio"]))
@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_value_inside_an_export_or_a_list_is_read_or_refused(
    paper: Path, data: st.DataObject, word: str, inner: str
) -> None:
    value = f"{{{inner}: {word}}}" if inner else word
    (paper / "r.csv").write_text("name,role,5\nInvented Member,member,x\n", encoding="utf-8")
    export = data.draw(st.sampled_from(sorted(reports.EXPORT_KEYS)))
    told(
        paper,
        f"title: t\nnotebooks: [a]\nexports: [{{path: a, {export}: {value}}}]\n".replace(
            "path: a, path", "path"
        ),
    )
    part = data.draw(st.sampled_from(["path", "columns", "constants"]))
    rest = "" if part == "path" else "path: r.csv, "
    told(paper, f"title: t\nnotebooks: [a]\nexports: [{{path: a}}]\nroster: {{{rest}{part}: {value}}}\n")


def test_a_roster_in_somebody_elses_columns(home: Path) -> None:
    theirs = "First,Last,Office\nInvented,Member,member\n"
    given = (
        "roster: {path: roster.csv, columns: {name: [First, Last], role: Office}, constants: {platform: x}}\n"
    )
    write(home, GOOD + given, roster=theirs)
    (row,) = reports.load("one").roster
    assert (row["name"], row["role"], row["platform"]) == ("Invented Member", "member", "x")
    write(
        home,
        GOOD + "roster: {path: roster.csv, constants: {platform: x}}\n",
        roster="name\nInvented Member\n",
    )
    (row,) = reports.load("one").roster
    assert (row["name"], row["platform"]) == ("Invented Member", "x")
    for wrong, needles in {
        "columns: {role: Office}": ["'name' is missing in 'columns'"],
        "columns: {name: First, role: no}": ["'columns.role'", "found 'False'"],
        "columns: {name: Frist}": ["column 'Frist' is missing", "did you mean 'First'"],
        "constants: {platform: yes}": ["'constants.platform'", "found 'True'"],
    }.items():
        line = refused(home, GOOD + f"roster: {{path: roster.csv, {wrong}}}\n", roster=theirs)
        for needle in needles:
            assert needle in line


@pytest.mark.parametrize(
    "given,match",
    [
        ({"control": {"list": "a", "published": "2020-10-08", "address": "b"}}, "is for 'studied' alone"),
        ({"studied": "the archive"}, "needs list, published and address"),
        ({"studied": {"list": "a", "published": "2020-10-08"}}, "'address' is missing"),
        ({"studied": {"list": "a", "published": "x", "adress": "b"}}, "did you mean 'address'"),
    ],
)
def test_what_is_declared_exact_names_a_list_that_anybody_can_fetch(given: dict, match: str) -> None:
    with pytest.raises(ReportError, match=match):
        checks.exact(given, "a/report.yml")
