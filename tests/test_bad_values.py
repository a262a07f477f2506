"""Bad inputs VA (values) and CF (report files, parameters), and what is odd in a case: each by its id."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from badinputs import COLUMNS, GOOD, Catalogue, case_of, good, refused, staged
from shell import here, kit, put_in, small, walked, words_of, write_notebook
from shell import refused as line_of
from worlds import desk

from kit.errors import MetricError, ReportError
from kit.loaders import times
from kit.loaders.values import BadValue
from kit.metrics import accounts, intake, targets
from kit.publish.execute import _literal
from kit.publish.parameters import parameters_of

pytestmark = pytest.mark.real

BARE = {"post_id": "post_id", "account_id": "post_id"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with desk(tmp_path):
        yield tmp_path


# --- identifiers


def test_VA_01_scientific_notation(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("VA-01"), tmp_path)
    assert read.ids == ["1002"]
    assert (read.one["line"], read.one["field"], read.one["found"]) == (2, "post_id", "1.23457E+18")
    assert read.one["reason"].startswith("identifier in scientific notation")


def test_VA_02_zeros_in_front(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-02"), home)
    assert sorted(case.sql("SELECT post_id FROM posts")["post_id"]) == ["000123", "123"]


def test_VA_03_identifiers_that_look_rounded(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("VA-03"), tmp_path)
    assert len(read.ids) == read.entry["read"] == 100, "the share is 40 of 100"
    assert "40 × identifiers look rounded: they end in 000, as after a spreadsheet" in read.warnings


def test_VA_04_identifiers_that_are_missing(catalogue: Catalogue, home: Path) -> None:
    """A post without an author is kept and counted, and never an account; one without an identifier is not."""
    case = case_of(catalogue.path("VA-04"), home)
    assert case.sql("SELECT post_id FROM posts WHERE account_id IS NULL")["post_id"].tolist() == ["0"]
    assert case.sql("SELECT account_id FROM accounts")["account_id"].tolist() == ["9"]
    assert any("author" in warning for warning in case.manifest["warnings"])
    empty = home / "empty.csv"
    empty.write_text(catalogue.path("VA-04").read_text("utf-8").replace('"1","9"', '"","9"'), "utf-8")
    read = staged(empty, home)
    assert (read.one["line"], read.one["field"], read.one["reason"]) == (3, "post_id", "no identifier")


def test_VA_05_the_same_row_twice(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-05"), home)
    counts = case.sql("SELECT read, kept, duplicates, rejected FROM accounting").iloc[0]
    assert counts.tolist() == [2, 1, 1, 0]


def test_VA_06_one_identifier_two_texts(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-06"), home)
    assert case.sql("SELECT text FROM posts")["text"].tolist() == ["hello"], "the first by place is kept"
    row = case.sql("SELECT * FROM rejected").iloc[0]
    assert (row["line"], row["field"], row["found"]) == (3, "post_id", "1001")
    assert (row["reason"], bytes(row["raw"])) == ("identifier seen before with other content", b"other")


def test_VA_07_one_account_two_handles(catalogue: Catalogue, home: Path) -> None:
    made = home / "VA-07_made.csv"
    lines = catalogue.path("VA-07").read_text("utf-8").splitlines()
    made.write_text(
        f"{lines[0]},made\n{lines[1]},2020-01-01T00:00:00Z\n{lines[2]},2021-01-01T00:00:00Z\n", "utf-8"
    )
    case = case_of(made, home, columns=COLUMNS | {"author.created_at": "made"})
    assert case.sql("SELECT handle FROM accounts")["handle"].tolist() == ["user_one"]
    other = case.sql('SELECT field, value, source_record FROM observations WHERE "table" = $t', t="accounts")
    assert other.values.tolist() == [["created_at", "2021-01-01 00:00:00", 2], ["handle", "renamed", 2]]
    warnings = [
        warning
        for warning in case.manifest["warnings"]
        if warning.startswith("1 accounts appear with several")
    ]
    assert len(warnings) == 2
    assert "read = kept" in str(intake.accounting.__doc__), "and it is no record of its own"


def test_VA_08_one_handle_in_four_spellings(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-08"), home)
    assert case.sql("SELECT handle FROM accounts")["handle"].tolist() == ["User_One"]
    other = case.sql("SELECT value FROM observations WHERE field = 'handle'")["value"].tolist()
    assert other == ["user_one"], "sign and white space are no part of a handle; case as given is kept"


def test_EN_14_one_handle_in_two_forms_of_unicode(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("EN-14"), home)
    assert case.sql("SELECT handle FROM accounts")["handle"].tolist() == ["caf\u00e9"]
    assert case.sql("SELECT value FROM observations")["value"].tolist() == ["cafe\u0301"]
    assert any(
        warning.startswith("1 accounts appear with several handles") for warning in case.manifest["warnings"]
    )


# --- times


def test_VA_09_only_the_declared_way_is_read(catalogue: Catalogue, tmp_path: Path) -> None:
    ways = {
        "iso": "0",
        "%a, %d %b %Y %H:%M:%S %z": "1",
        "epoch_s": "2",
        "epoch_ms": "3",
        "%a %b %d %H:%M:%S %z %Y": "4",
        "%Y年%m月%d日 %H:%M": "5",
    }
    for way, id_ in ways.items():
        read = staged(catalogue.path("VA-09"), tmp_path, time={"format": way, "zone": "UTC"})
        assert read.ids == [id_], way
        good(read.posts[0])
        assert {row["field"] for row in read.rejected} == {"created_at"}
        assert len(read.rejected) == 5, "never guessed row by row"


@pytest.mark.parametrize(
    "id_,reason,found",
    [
        ("VA-10", "day and month in an order nobody declared", "01/02/2024 10:00"),
        ("VA-11", "a time without a zone", "2024-03-01 12:00:00"),
        ("VA-12", "a number where a time was expected", "1709294400000"),
        ("VA-15", "a time without a zone", "2024-03-10 02:30:00"),
        ("VA-16", "a time without a zone", "2024-03-01 12:00"),
    ],
)
def test_VA_times_that_would_have_to_be_guessed(
    id_: str, reason: str, found: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    line = refused(catalogue.path(id_), tmp_path)
    assert line.startswith(f"{catalogue.path(id_).name}, column 'created_at': {reason}")
    assert "declare `time:" in line or "write `time:" in line
    assert f"found '{found}'" in line


def test_VA_10_and_VA_11_once_declared(catalogue: Catalogue, tmp_path: Path) -> None:
    options: dict[str, Any] = {"time": {"format": "%d/%m/%Y %H:%M", "zone": "Europe/Paris"}}
    read = staged(catalogue.path("VA-10"), tmp_path, **options)
    assert [str(row["created_at"]) for row in read.posts] == ["2024-02-01 09:00:00", "2024-03-02 09:00:00"]
    read = staged(catalogue.path("VA-11"), tmp_path, time={"zone": "Asia/Bangkok"})
    assert str(read.posts[0]["created_at"]) == "2024-03-01 05:00:00"


def test_VA_12_milliseconds_read_as_seconds(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("VA-12"), tmp_path, time={"format": "epoch_s"})
    assert not read.posts
    assert [row["reason"] for row in read.rejected] == [
        "a time out of range: seconds or milliseconds?",
        "a time before the platform existed: wrong unit or column?",
        "a time before the platform existed: wrong unit or column?",
    ]
    right = staged(catalogue.path("VA-12"), tmp_path, time={"format": "epoch_ms"})
    assert right.ids == ["0"]
    good(right.posts[0])


def test_VA_13_times_ahead_of_now(catalogue: Catalogue, home: Path) -> None:
    read = staged(catalogue.path("VA-13"), home)
    assert (read.one["field"], read.one["reason"]) == ("created_at", "a time in the future")
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = home / "VA-13_soon.csv"
    path.write_text(catalogue.path("VA-13").read_text("utf-8").replace("2099-01-01T00:00:00Z", soon), "utf-8")
    case = case_of(path, home)
    assert len(case.sql("SELECT * FROM posts")) == 1
    assert (
        "1 posts are dated ahead of the moment they were read: a clock is wrong" in case.manifest["warnings"]
    )


def test_VA_14_times_that_never_were(catalogue: Catalogue, tmp_path: Path) -> None:
    """24:00 ends a day and second 60 is a leap second: both are read, by a rule that is told."""
    read = staged(catalogue.path("VA-14"), tmp_path)
    assert [(row["line"], row["field"], row["reason"]) for row in read.rejected] == [
        (n, "created_at", "no such time") for n in (2, 5)
    ]
    assert [str(row["created_at"]) for row in read.posts] == ["2024-03-02 00:00:00", "2017-01-01 00:00:00"]
    assert "1 × times of 24:00, read as the midnight that ends the day" in read.warnings
    assert "1 × leap seconds, read as the second that follows, as computers count" in read.warnings


@pytest.mark.parametrize(
    "written,moment",
    [
        ("2024-02-29T24:00+01:00", "2024-02-29 23:00:00"),
        ("2024-12-31T24:00:00.000Z", "2025-01-01 00:00:00"),
        ("2024-03-01T24:00:01Z", None),
        ("2024-03-01T24:00:00.5Z", None),
        ("2024-03-01T24:01Z", None),
        ("2024-03-01T25:00Z", None),
        ("2016-12-31T18:59:60-05:00", "2017-01-01 00:00:00"),
        ("2016-12-31T23:59:60.5Z", "2017-01-01 00:00:00.500000"),
        ("2016-12-31T23:59:60+02:00", None),
        ("2016-12-30T23:59:60Z", None),
        ("2016-12-31T23:58:60Z", None),
        ("2016-12-31T23:59:61Z", None),
    ],
)
def test_VA_14_where_the_day_and_the_minute_end(written: str, moment: str | None) -> None:
    read = times.reader({}, "x", Counter(), "")
    if moment is None:
        with pytest.raises(BadValue, match="no such time"):
            read("created_at", written)
    else:
        assert str(read("created_at", written)[0]) == moment


def test_VA_15_where_clocks_are_changed(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("VA-15"), tmp_path, time={"zone": "America/Toronto"})
    assert (read.one["line"], read.one["reason"]) == (2, "the clocks of America/Toronto skipped this time")
    assert [str(row["created_at"]) for row in read.posts] == ["2024-11-03 05:30:00"]
    assert "1 × the clocks of America/Toronto showed this time twice; the first was taken" in read.warnings


def test_VA_16_the_exactness_of_each_time_is_kept(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-16"), home, time={"zone": "UTC"})
    table = intake.time_coverage(case)
    assert table[["time_precision", "posts"]].values.tolist() == [["minute", 1], ["second", 1]]


def test_VA_17_a_post_older_than_its_account(catalogue: Catalogue, home: Path) -> None:
    columns = COLUMNS | {"author.created_at": "account_created_at"}
    case = case_of(catalogue.path("VA-17"), home, columns=columns)
    table = accounts.age_coverage(case)
    assert table["post_before_account_accounts"].tolist() == [1]


# --- other values


def test_VA_18_counts_that_are_none(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("VA-18"), tmp_path, columns=BARE | {"likes": "likes"}, lists={})
    assert [row["found"] for row in read.rejected] == ["-1", "1.5", "1.2K", "12万"]
    assert {(row["field"], row["reason"]) for row in read.rejected} == {
        ("likes", "a whole number from 0 on was expected")
    }


def test_VA_19_odd_addresses(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-19"), home)
    links = case.sql("SELECT url, domain FROM links JOIN posts USING (post_key) ORDER BY post_id")
    assert links["domain"].fillna("").tolist() == [
        "bad.invalid",  # what stands before @ is no host
        "\u0440\u0430ypal.invalid",
        "a.invalid",
        "a.invalid",
        "",
        "",
        "",
    ]
    assert links["url"].str.len().max() > 5000, "kept as it is"
    assert any(warning.startswith("3 links have no host name") for warning in case.manifest["warnings"])
    row = case.sql("SELECT line, field, reason FROM rejected").iloc[0]
    assert row.tolist() == [9, "url", "a NUL character"]


def test_VA_21_hashed_identifiers_stay_apart(catalogue: Catalogue, home: Path) -> None:
    case = case_of(catalogue.path("VA-21"), home)
    found = case.sql("SELECT account_id FROM accounts ORDER BY 1")["account_id"].tolist()
    assert found == ["900000000000000001", "a" * 64, "b" * 64]


def test_VA_22_codes_of_languages(catalogue: Catalogue, home: Path) -> None:
    columns = BARE | {"language": "lang"}
    path = home / "VA-22_more.csv"
    path.write_bytes(catalogue.path("VA-22").read_bytes() + b"6,Chinese (of some kind)\n")
    case = case_of(path, home, columns=columns, lists={})
    found = case.sql("SELECT language FROM posts ORDER BY post_id")["language"].tolist()
    assert found == ["und", "zh-CN", "id", "he", "zh-Hans", "Chinese (of some kind)"]
    assert "1 posts state their language in words that are no code" in case.manifest["warnings"]


def test_VA_23_entities_are_taken_back_once(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("VA-23"), tmp_path)
    assert read.posts[0]["text"] == "a &amp;amp; b &lt;c&gt;"
    assert any("unescape: true" in warning for warning in read.warnings)
    read = staged(catalogue.path("VA-23"), tmp_path, unescape=True)
    assert read.posts[0]["text"] == "a &amp; b <c>"


# --- files without rows


@pytest.mark.parametrize("id_", ["EN-02", "BN-04"])
def test_a_file_without_rows(id_: str, catalogue: Catalogue, home: Path) -> None:
    columns = COLUMNS if id_ == "EN-02" else BARE | {"text": "text"}
    lists = {"urls": " "} if id_ == "EN-02" else {}
    case = case_of(catalogue.path(id_), home, columns=columns, lists=lists)
    assert case.sql("SELECT read, kept FROM accounting").values.tolist() == [[0, 0]]
    assert any("1 × no records" in warning for warning in case.manifest["warnings"])
    page = walked(case.name, home / "page")
    words = words_of(page.read_text("utf-8"))
    assert "The data hold nothing to count here." in words
    assert not re.search(r"\b(nan|NaN|None)\b", words)


# --- report files


CONFIGS = {
    "CF-01": ", line 1: could not determine a constructor for the tag 'tag:yaml.org,2002:python/object/apply",
    "CF-02": ", line 2: aliases are not used in report files",
    "CF-03": ", line 2: key 'window' stands on line 1 and again on line 2",
    "CF-04": ": unknown key 'country'",
    "CF-05": ": unknown key 'windwo'. use one of: ",
    "CF-06": ": unknown key 'window'",
    "CF-13": ": unknown key 'api_key'",
}


@pytest.mark.parametrize("id_", ["CF-01", "CF-02", "CF-03", "CF-04", "CF-05", "CF-06", "CF-13"])
def test_CF_a_report_file_that_is_refused(id_: str, catalogue: Catalogue, home: Path) -> None:
    folder = home / "reports" / "bad"
    folder.mkdir(parents=True)
    (folder / "report.yml").write_bytes(catalogue.path(id_).read_bytes())
    line = line_of(here("run", "bad"))
    assert line.startswith("reports/bad/report.yml" + CONFIGS[id_]) or CONFIGS[id_] in line, line
    assert "sk-test" not in line, "a value that may be secret is never repeated"
    assert not list(home.rglob("PWNED"))
    assert not (folder / "out").exists()


def test_CF_04_no_is_not_norway(home: Path) -> None:
    small(home, languages=["en"])
    path = home / "reports/small/report.yml"
    text = path.read_text("utf-8")
    for key, wrong in {"contact: ": "NO", "retention: ": "12:30:45", "summary: ": "1_000"}.items():
        path.write_text(f"{text}\n{key}{wrong}\n", "utf-8")
        line = line_of(here("run", "small"))
        assert f"key '{key[:-2]}' must be text" in line
        assert "found '" in line
        assert "Put text between quotation marks." in line


def test_CF_05_a_misspelt_key_and_parameter(home: Path) -> None:
    small(home, notebooks=[{"look": {"wrod": "b"}}])
    assert "'look' has no parameter 'wrod'. did you mean 'word'?" in line_of(here("run", "small"))
    small(home, sumary="x")
    assert "unknown key 'sumary'. did you mean 'summary'?" in line_of(here("run", "small"))


def test_CF_06_settings_out_of_range(catalogue: Catalogue, home: Path) -> None:
    small(home, clock="Mars/Olympus")
    assert "unknown time zone in 'clock', found 'Mars/Olympus'" in line_of(here("run", "small"))
    case = case_of(catalogue.path("VA-05"), home)
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        (accounts.new_accounts, {"days": -1}, "'days' must be a number above 0, found '-1'"),
        (targets.ranking, {"top": 0}, "'top' must be a number above 0, found '0'"),
        (targets.ranking, {"way": "repli"}, "unknown value for 'way', found 'repli'"),
    ]
    for metric, settings, words in wrong:
        with pytest.raises(MetricError, match=re.escape(words)):
            metric(case, **settings)


# --- parameters


def declared(folder: Path) -> Path:
    path = folder / "p.ipynb"
    write_notebook(path, ['report: str = "a"\nword: str = ""\nk: int = 5\nmany: list = []'])
    return path


def test_CF_07_a_name_that_is_code(tmp_path: Path) -> None:
    evil = "k = 1\nopen('PWNED', 'w')\nx"
    with pytest.raises(ReportError) as caught:
        parameters_of(declared(tmp_path), {evil: 1}, "here")
    assert "has no parameter 'k = 1\\x0aopen(" in str(caught.value)
    assert not Path("PWNED").exists()


@pytest.mark.parametrize(
    "value", [Path('a"; open("PWNED")'), (1, 2), {1}, dt.date(2024, 1, 1), b"a", object], ids=str
)
def test_CF_08_CF_10_values_of_other_types(value: Any, tmp_path: Path) -> None:
    """CF-08 and CF-10."""
    path = declared(tmp_path)
    for name, kind in (("word", "str"), ("many", "list"), ("k", "int")):
        with pytest.raises(ReportError, match=f"parameter '{name}' must be of type {kind}"):
            parameters_of(path, {name: value}, "here")
    for inside in ([value], [{"a": [value]}]):
        with pytest.raises(ReportError, match="parameter 'many' must be of type list"):
            parameters_of(path, {"many": inside}, "here")


@pytest.mark.slow
def test_CF_09_texts_reach_the_kernel_unchanged(home: Path) -> None:
    texts = ["a'b\"c\\", "x\r\ny\u2028z", "a\x00b", "{{ x }} {0} %s $", "A" * 2_000_000, "\\"]
    cell = "import hashlib\n\nprint(hashlib.sha256(ascii([word, *many]).encode()).hexdigest())"
    small(home, cells=put_in(cell), notebooks=["look"])
    book = nbformat.read(home / "reports/small/look.ipynb", as_version=4)
    book["cells"][1]["source"] += "\nmany: list = []"
    nbformat.write(book, home / "reports/small/look.ipynb")
    given = home / "reports/small/report.yml"
    content = json.dumps({"look": {"word": texts[0], "many": texts[1:]}})
    given.write_text(
        given.read_text("utf-8").replace("notebooks:\n- look", f"notebooks:\n- {content}"), "utf-8"
    )
    done = kit(home, "run", "small")
    assert done.returncode == 0, done.stderr
    ran = (home / "reports/small/out/.stages/public-en/look/notebook.ipynb").read_text("utf-8")
    assert hashlib.sha256(ascii(texts).encode()).hexdigest() in ran


def test_CF_09_half_a_character_is_refused_before_anything_runs(home: Path) -> None:
    folder = small(home)
    text = (folder / "report.yml").read_text("utf-8")
    (folder / "report.yml").write_text(text.replace("- look", '- look: {word: "a\\ud800"}'), "utf-8")
    line = line_of(here("run", "small"))
    assert re.search(r"report\.yml, line \d+: half of a character", line)
    with pytest.raises(ReportError, match="parameter 'word' holds bytes that are no text"):
        parameters_of(declared(home), {"word": "a\udcff"}, "here")


def test_CF_11_braces_are_no_template() -> None:
    assert _literal("{handle}/../x").format(handle="../../outside") == "{handle}/../x"


@pytest.mark.parametrize("scheme", ["http", "https", "s3", "gs", "file"])
def test_CF_12_only_local_files(scheme: str, home: Path) -> None:
    folder = small(home)
    text = (folder / "report.yml").read_text("utf-8")
    path = re.sub(r"path: posts_studied\.csv", f"path: {scheme}://tracker.invalid/posts.csv", text)
    (folder / "report.yml").write_text(path, "utf-8")
    line = line_of(here("run", "small"))
    assert f"export '{scheme}://tracker.invalid/posts.csv' does not exist" in line
    small(home, notebooks=[f"{scheme}://tracker.invalid/a"])
    assert "is not the name of a notebook" in line_of(here("run", "small"))
    assert GOOD["text"] not in line
