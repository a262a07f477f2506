"""Codebooks and coders' files: read whole or refused in one line; codes found in linear time, whatever the text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples

from kit import report as reports
from kit.errors import ReportError
from kit.texts import codebook as room

CODES = """\
version: 1.2
codes:
  - id: ferry
    label: {en: The ferry, fr: Le traversier}
    kind: campaign
    terms: {en: [harbour ferry, ferries], zh: [渡轮], any: ["#HarbourWeek", "C++"]}
    patterns: {en: ['pier \\d+']}
    note: What counts.
  - id: lunch
    label: Lunch
    kind: everyday
    terms: {fr: [crème brûlée, "l'été"]}
"""
ROWS = "post,platform,code,coder,date\n1,x,ferry,AB,2026-01-05\n1,x,lunch,AB,\n2,x,none,AB,\n"
HEAD = "title: t\nexports: [{path: a.csv}]\nnotebooks: [00_intake]\n"
BOTH = HEAD + "codebook: codebook.yml\ncoders: [a.csv, b.csv]\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAYLIGHT_HOME", str(tmp_path))
    (tmp_path / "reports" / "one").mkdir(parents=True)
    return tmp_path


def write(home: Path, report: str = BOTH, codes: str = CODES, **files: str) -> Path:
    folder = home / "reports" / "one"
    (folder / "report.yml").write_text(report, encoding="utf-8")
    (folder / "codebook.yml").write_text(codes, encoding="utf-8")
    for name, text in ({"a": ROWS, "b": ROWS.replace("AB", "CD")} | files).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def refused(home: Path, *needles: str, **changes: str) -> None:
    write(home, **changes)
    with pytest.raises(ReportError) as caught:
        reports.load("one")
    line = str(caught.value)
    assert "\n" not in line
    for needle in needles:
        assert needle in line, line


# ------------------------------------------------------------------ reading


def test_a_codebook_and_its_coders_are_read_whole(home: Path) -> None:
    write(home)
    found = reports.load("one")
    assert [c["id"] for c in found.codebook] == ["ferry", "lunch"]
    assert found.codebook[0]["label"] == {"en": "The ferry", "fr": "Le traversier"}
    assert found.codebook[0]["terms"]["zh"] == ("渡轮",)
    assert found.codebook[1]["label"] == {"en": "Lunch"}
    assert [len(rows) for rows in found.coders] == [3, 3]
    assert found.coders[1][0]["code"] == "ferry"


def test_a_report_needs_neither(home: Path) -> None:
    write(home, report=HEAD)
    assert (reports.load("one").codebook, reports.load("one").coders) == ((), ())
    write(home, report=HEAD + "codebook: codebook.yml\n")
    assert len(reports.load("one").codebook) == 2


def test_the_fingerprint_follows_codebook_and_coders(home: Path) -> None:
    folder = write(home)
    prints = {reports.load("one").fingerprint()}
    for name in ("codebook.yml", "a.csv", "b.csv"):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        prints.add(reports.load("one").fingerprint())
    assert len(prints) == 4


def test_somebody_elses_columns_are_mapped(home: Path) -> None:
    theirs = HEAD + (
        "codebook: codebook.yml\n"
        "coders: [{path: a.csv, columns: {post: ID, code: Topic}, constants: {platform: x}}, b.csv]\n"
    )
    write(home, report=theirs, a="ID,Topic,More\n7,ferry,z\n")
    row = reports.load("one").coders[0][0]
    assert (row["post"], row["platform"], row["code"]) == ("7", "x", "ferry")


@pytest.mark.parametrize(
    ("old", "new", "needles"),
    [
        ("codes:", "code:", ["codebook.yml", "'code'", "did you mean 'codes'"]),
        ("codes:", "codes: []\nnote: x\nversion: 2\nzzz:", ["codebook.yml"]),
        ("id: lunch", "id: ferry", ["code 2", "twice", "ferry"]),
        ("id: lunch", "id: none", ["code 2", "'id'", "'none'"]),
        ("id: lunch", "id: everyday", ["code 2", "'id'"]),
        ("id: lunch", "id: My Lunch", ["code 2", "'id'", "My Lunch"]),
        ("id: lunch", "idd: lunch", ["code 2", "'idd'", "did you mean 'id'"]),
        ("label: Lunch", "label: {en: The ferry}", ["code 2", "one label", "The ferry"]),
        ("label: Lunch", "label: {fr: Midi}", ["lunch", "'label'", "'en'"]),
        ("label: Lunch", "label: {en: Lunch, de: Essen}", ["lunch", "'de'"]),
        ("    label: Lunch\n", "", ["lunch", "'label'", "'en'"]),
        ("kind: everyday", "kind: evryday", ["lunch", "evryday", "did you mean 'everyday'"]),
        ("kind: everyday", "kind: [everyday]", ["code 2", "'kind' must be text"]),
        ("fr: [crème", "french: [crème", ["terms.french", "not the code of a language", "en, fr or zh"]),
        ('[crème brûlée, "l\'été"]', "crème", ["'terms.fr' must be a list", "crème"]),
        ('[crème brûlée, "l\'été"]', "[no]", ["terms.fr", "must be text", "False"]),
        ('[crème brûlée, "l\'été"]', "['…']", ["terms.fr, entry 1", "without a letter"]),
        ('[crème brûlée, "l\'été"]', '["\\u200b"]', ["terms.fr, entry 1", "without a letter", "\\u200b"]),
        ('    terms: {fr: [crème brûlée, "l\'été"]}\n', "", ["lunch", "neither terms nor patterns"]),
        ("'pier \\d+'", "'[pier'", ["ferry", "patterns.en, entry 1", "[pier", "Missing ]"]),
        ("'pier \\d+'", "'a', '(?<!x)b'", ["patterns.en, entry 2", "RE2", "look-around"]),
        ("'pier \\d+'", "'(a)\\1'", ["patterns.en, entry 1", "not a pattern"]),
        ("'pier \\d+'", "'(a{1000}){1000}'", ["patterns.en, entry 1", "not a pattern"]),
        ("'pier \\d+'", "'x*'", ["patterns.en, entry 1", "finds everything"]),
        ("'pier \\d+'", "'" + "a" * 501 + "'", ["patterns.en, entry 1", "too long"]),
    ],
)
def test_a_codebook_is_refused_in_one_line(home: Path, old: str, new: str, needles: list[str]) -> None:
    assert old in CODES
    refused(home, *needles, codes=CODES.replace(old, new))


@pytest.mark.parametrize(
    ("rows", "needles"),
    [
        (ROWS.replace("lunch", "lnch"), ["a.csv, line 3", "codebook does not have", "lnch", "'lunch'"]),
        (ROWS.replace(",lunch", ","), ["a.csv, line 3", "'code' is empty", "'none'"]),
        (ROWS.replace("\n1,x,lunch", "\n,x,lunch"), ["a.csv, line 3", "'post' is empty"]),
        (ROWS.replace("x,none", "twiter,none"), ["a.csv, line 4", "unknown platform", "twiter"]),
        (ROWS.replace("lunch", "ferry"), ["a.csv, line 3", "stand already on line 2"]),
        (ROWS.replace("lunch", "none"), ["a.csv, line 3", "'none' and a code (line 2)"]),
        (ROWS.replace("2026-01-05", "5 Jan"), ["a.csv, line 2", "'date' is not a day", "5 Jan"]),
        (ROWS.replace("lunch,AB", "lunch,XY"), ["a.csv", "2 coders", "a file"]),
        (ROWS.replace("AB", "CD"), ["b.csv", "same coder", "a.csv"]),
        (ROWS.replace("coder,", "codr,"), ["a.csv, line 1", "'codr'", "did you mean 'coder'"]),
        (ROWS.replace("code,", "", 1), ["a.csv, line 1", "'code' is missing"]),
        ("", ["a.csv, line 1", "'post' is missing"]),
    ],
)
def test_a_coders_file_is_refused_in_one_line(home: Path, rows: str, needles: list[str]) -> None:
    refused(home, *needles, a=rows)


def test_keys_of_the_report_are_checked(home: Path) -> None:
    refused(home, "'codebok'", "did you mean 'codebook'", report=HEAD + "codebok: codebook.yml\n")
    refused(home, "codebook they coded by", report=HEAD + "coders: [a.csv]\n")
    refused(home, "'coders' must be a list", report=HEAD + "coders: a.csv\n")
    refused(home, "coders", "mapping", report=HEAD + "codebook: codebook.yml\ncoders: [[a.csv]]\n")
    refused(home, "'c.csv' does not exist", report=BOTH.replace("b.csv", "c.csv"))
    refused(home, "cannot be read", "other.yml", report=BOTH.replace("codebook.yml", "other.yml"))


# ------------------------------------------------------------------ finding


def reader(texts: list[str], rows: int = 100_000) -> Any:
    table = pd.DataFrame({"post_key": range(len(texts)), "text": texts})

    def read(_query: str, **_parameters: Any) -> Iterator[pd.DataFrame]:
        for start in range(0, len(table), rows):
            yield table[start : start + rows]

    return read


def found(texts: list[str], rows: int = 100_000, **words: Any) -> set[tuple[int, str]]:
    """(number of the text, code) under one code `c` with terms and patterns."""
    rules = [{"id": "c", "terms": words.get("terms", {}), "patterns": words.get("patterns", {})}]
    table = room.produce(reader(texts, rows), codebook=json.dumps(rules))
    return {tuple(row) for row in table.itertuples(index=False)}


def hit(text: str, *terms: str) -> bool:
    return bool(found([text], terms={"any": terms}))


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("The Harbour FERRY is late", "harbour ferry", True),
        ("the harbour  \n ferry", "harbour ferry", True),
        ("the harbour\u00a0ferry", "harbour ferry", True),
        ("the harbour ferryman", "harbour ferry", False),
        ("ferry", "ferry", True),
        ("(ferry)", "ferry", True),
        ("ferry's", "ferry", True),
        ("_ferry_", "ferry", False),
        ("ferry2", "ferry", False),
        ("ｆｅｒｒｙ", "ferry", True),  # full-width letters
        ("fe\u200brry", "ferry", True),  # cut by a sign that nobody sees
        ("fe\u00adrry", "ferry", True),
        ("l\u2019été dernier", "l'été", True),
        ("e\u0301te\u0301", "été", True),
        ("étés", "été", False),
        ("ete", "été", False),
        ("STRASSE", "straße", True),
        ("我看见渡轮了", "渡轮", True),
        ("我坐ferry去", "ferry", True),
        ("渡 轮", "渡轮", False),
        ("#harbourweek!", "#HarbourWeek", True),
        ("#harbourweeks", "#HarbourWeek", False),
        ("I write c++.", "C++", True),
        ("a.b", "a.b", True),
        ("axb", "a.b", False),
        ("50% off", "50% off", True),
        ("x \\E y", "\\E", True),
        ("паром", "ПАРОМ", True),
        ("العبارة هنا", "العبارة", True),
        ("🙂 hello", "🙂", True),
    ],
)
def test_terms_are_whole_words_of_any_script(text: str, term: str, expected: bool) -> None:
    assert hit(text, term) is expected


def test_patterns_are_re2_on_the_same_text() -> None:
    texts = ["Pier 12", "pier x", "PIER\u00a07", "nothing"]
    assert found(texts, patterns={"en": [r"Pier \d+"]}) == {(0, "c"), (2, "c")}
    assert found(texts, patterns={"en": ["a|x"]}) == {(1, "c")}


def test_a_post_may_have_several_codes_and_parts_do_not_matter() -> None:
    rules = [
        {"id": "a", "terms": {"en": ["one"]}, "patterns": {}},
        {"id": "b", "terms": {"en": ["two"]}, "patterns": {"en": ["tw."]}},
    ]
    texts = ["one two", "two", "zero", "one"]
    for rows in (1, 2, 100):
        table = room.produce(reader(texts, rows), codebook=json.dumps(rules))
        assert list(table.itertuples(index=False, name=None)) == [(0, "a"), (0, "b"), (1, "b"), (3, "a")]
    assert room.produce(reader([]), codebook=json.dumps(rules)).empty
    assert room.produce(reader(texts), codebook="[]").empty


def test_a_long_list_of_terms_is_found_to_the_last() -> None:
    terms = {"en": [f"word{i} here" for i in range(1500)]}
    texts = ["word1499 here", "word1500 here", "xword7 here"]
    assert found(texts, terms=terms) == {(0, "c")}


HOSTILE = {
    "letters": "a" * 1_000_000,
    "nearly": "term1 " * 166_000,
    "chinese": "渡" * 333_000,
    "marks": "a" + "\u0315\u0300" * 250_000,
    "expanding": "\ufdfa" * 333_000,
    "zero width": "\u200b" * 333_000,
    "spaces": "harbour" + " " * 1_000_000 + "x",
    "emoji": "👩\u200d🚀" * 90_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_hostile_text_takes_less_than_a_second(name: str) -> None:
    words = {
        "terms": {"en": ["harbour ferry", "term2", "渡轮"]},
        "patterns": {"en": ["(a+)+$x", "(x+x+)+y", "(a|aa)+b", "(.*a){12}z"]},
    }
    start = time.process_time()
    assert found([HOSTILE[name]], **words) == set()
    # one second each, with room for a busy machine; a backtracking engine would take hours
    assert time.process_time() - start < 5


def test_odd_signs_break_nothing() -> None:
    texts = ["\x00ferry\x00", "\u202eferry\u202c", "<b>ferry</b>", "", " ", "\ufffe ferry"]
    assert found(texts, terms={"en": ["ferry"]}) == {(0, "c"), (1, "c"), (2, "c"), (5, "c")}


words_ = st.text(st.characters(exclude_categories=["Cs", "Z", "C", "P", "M", "S"]), min_size=1, max_size=6)


@settings(max_examples=examples(25), deadline=None)
@given(words_)
def test_a_word_is_found_where_it_stands_and_in_any_case(word: str) -> None:
    texts = [f"say {word}, please", f"say {word.upper()}, please", "", "say nothing"]
    got = {number for number, _code in found(texts, terms={"any": [word]})}
    assert 0 in got
    assert 2 not in got
    assert 1 in got or room.alike(word.upper()) != room.alike(word)


@settings(max_examples=examples(25), deadline=None)
@given(st.text(max_size=30), st.text(max_size=200))
def test_any_term_is_an_expression_and_any_text_is_searched(term: str, text: str) -> None:
    if any(char.isalnum() for char in term) and not any("\ud800" <= c <= "\udfff" for c in term + text):
        hit(text, term)


# ------------------------------------------------------------------ codes given by people


def test_posts_that_the_case_lacks_are_kept_and_can_be_counted() -> None:
    rows = [[1, "x", "10", "a"], [2, "x", "10", "b"], [1, "x", "99", "a"], [1, "facebook", "10", "a"]]

    def read(_query: str, ids: list[str]) -> Iterator[pd.DataFrame]:
        assert ids == ["10", "99"]
        yield pd.DataFrame({"post_key": [5], "platform": ["x"], "post_id": ["10"]})

    table = room.by_hand(read, coders=json.dumps(rows))
    assert sorted(table["post_key"].fillna(-1)) == [-1, -1, 5, 5]
    assert table["unit"].nunique() == 3
    assert set(table.columns) == {"unit", "post_key", "coder", "code"}
