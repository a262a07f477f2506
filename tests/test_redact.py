"""What leaves the house: visible controls, inert CSV that reads back equal, no small cells."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples
from test_render import hostile

from kit.redact import (
    csv_text,
    defang,
    mixed_scripts,
    read_csv_back,
    safe_csv,
    safe_text,
    visible,
)
from kit.redact.sheets import guarded, unguarded
from kit.redact.text import COMMON, _kind, unmark

ANY_TEXT = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("=+-@\t\r\n;|, \"'＝＋－＠[]U+202E\u202e")
)

# ---------------------------------------------------------------------------
# text


@pytest.mark.parametrize(
    "value, shown",
    [
        ("plain", "plain"),
        ("Montréal, 反送中, مرحبا", "Montréal, 反送中, مرحبا"),
        ("abc\u202egpj.exe\u202c", "abc[U+202E]gpj.exe[U+202C]"),
        ("pay\u200bpal", "pay[U+200B]pal"),
        ("a\x00b\x1b[2J", "a[U+0000]b[U+001B][2J"),
        ("a\ud800b", "a[U+D800]b"),
        ("a\uffff", "a[U+FFFF]"),
        ("ok\U000e0068", "ok[U+E0068]"),
        ("a\ufe0f", "a[U+FE0F]"),
        ("☀\ufe0f", "☀\ufe0f"),
        ("one\ntwo\r\nthree\rfour", "one ↵ two ↵ three[U+000D]four"),
        ("a\u2028b\u3164", "a[U+2028]b[U+3164]"),
        ("Z" + "\u0301" * 9, "Z" + "\u0301" * 4 + "[+5]"),
        ("n\u00a0!", "n\u00a0!"),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (3, "3"),
    ],
)
def test_hidden_characters_become_marks(value: object, shown: str) -> None:
    assert safe_text(value) == shown


def test_the_fast_way_out_lets_only_plain_characters_through() -> None:
    through = [chr(code) for code in range(0x110000) if COMMON.fullmatch(chr(code))]
    assert len(through) > 40_000
    assert {_kind(char) for char in through} == {"plain"}


def test_long_text_is_cut_before_it_costs_time() -> None:
    assert safe_text("A" * 100_000, 10) == "A" * 9 + "…"
    assert safe_text("A" * 10, 10) == "A" * 10


@given(ANY_TEXT)
def test_safe_text_hides_nothing_and_settles(text: str) -> None:
    shown = safe_text(text)
    shown.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in shown)
    assert safe_text(shown) == shown
    runs = "".join("m" if unicodedata.category(c) in ("Mn", "Me") else " " for c in shown).split()
    assert max(map(len, runs), default=0) <= 5  # four, and one selector behind a symbol


@given(ANY_TEXT)
def test_exact_marks_are_undone_exactly(text: str) -> None:
    assert unmark(visible(text, exact=True)) == text
    assert unmark(visible(text, keep="\n\t", exact=True)) == text


@pytest.mark.parametrize(
    "text, shown",
    [
        ("see https://bad.invalid/path?utm_id=1", "see hxxps://bad[.]invalid/path?utm_id=1"),
        ("HTTP://Bad.Invalid", "HXXP://Bad[.]Invalid"),
        ("https://bank.example@bad.invalid/", "hxxps://bank[.]example@bad[.]invalid/"),
        ("hxxps://bad[.]invalid/", "hxxps://bad[.]invalid/"),
        ("example.org and a.b", "example.org and a.b"),
    ],
)
def test_addresses_are_broken(text: str, shown: str) -> None:
    assert defang(text) == shown
    assert defang(shown) == shown


def test_mixed_scripts() -> None:
    assert mixed_scripts("раypal")  # the first two letters are Cyrillic
    assert not mixed_scripts("paypal")
    assert not mixed_scripts("Москва")
    assert not mixed_scripts("反送中abc")
    assert not mixed_scripts("مرحبا123")


# ---------------------------------------------------------------------------
# CSV


@pytest.mark.parametrize(
    "text, cell",
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-5", "'-5"),
        ("@SUM(1,1)", "'@SUM(1,1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'[U+000D]=1"),
        ("＝1＋1", "'＝1＋1"),
        ("－1", "'－1"),
        ("'=1", "''=1"),
        ("'quoted'", "'quoted'"),
        ("a;=1+1", "a;'=1+1"),  # where the semicolon separates, the second half is a cell
        ('a;"=1', "a;\"'=1"),
        ("a\n=1", "a\n'=1"),
        ("a=1", "a=1"),
        ("a,=1", "a,=1"),
        ("900000000000000001", "900000000000000001"),
    ],
)
def test_formulas_get_an_apostrophe(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


LIVE = tuple("=+-@\t\r＝＋－＠")


@settings(max_examples=examples(500))
@given(ANY_TEXT)
def test_no_cell_starts_a_formula_in_any_spreadsheet_and_all_read_back(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell.startswith(LIVE)
    for separator in ";|\t\n":
        assert not any(part.lstrip(' "').startswith(LIVE) for part in cell.split(separator)[1:])


CELLS = st.one_of(
    st.none(),
    ANY_TEXT,
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False).map(lambda x: float(f"{x:.6g}")),
    st.dates(),
    st.datetimes(),
)


@settings(max_examples=examples(300))
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6), st.lists(ANY_TEXT, min_size=3, max_size=3)
)
def test_every_table_reads_back_equal(rows: list, names: list[str]) -> None:
    table = pd.DataFrame(rows, columns=pd.Index(names, dtype=object), dtype=object)
    text = csv_text(table)
    back = read_csv_back(io.StringIO(text))
    assert list(back.columns) == names
    for before, after in zip(table.to_numpy().ravel(), back.to_numpy().ravel(), strict=True):
        if isinstance(before, float):
            assert after == before  # a whole number in a column of floats comes back as an integer
        else:
            assert after == before
            assert type(after) is type(before)
    text.encode("utf-8")


def test_the_hostile_catalogue_reads_back_equal(tmp_path) -> None:
    table = pd.DataFrame({"name": list(hostile()), "text": list(hostile().values())}, dtype=object)
    safe_csv(table, tmp_path / "t.csv")
    back = read_csv_back(tmp_path / "t.csv")
    assert back["text"].tolist() == table["text"].tolist()
    plain = pd.read_csv(tmp_path / "t.csv", keep_default_na=False)  # other readers see the same rows
    assert len(plain) == len(table)


def test_numbers_are_not_prefixed_and_ids_stay_text() -> None:
    table = pd.DataFrame(
        {
            "account_id": ["900000000000000001", "00123"],
            "n": [-5, 1_234_567],
            "share": [-0.123456789, 1e-9],
            "maybe": [1_234_567.0, np.nan],
            "count": pd.array([3, None], dtype="Int64"),
            "yes": [True, False],
            "day": pd.to_datetime(["2024-03-01", "2024-03-02"]),
            "moment": pd.to_datetime(["2024-03-01 12:00", None]),
        }
    )
    assert csv_text(table).splitlines() == [
        '"account_id","n","share","maybe","count","yes","day","moment"',
        '"900000000000000001",-5,-0.123457,1234567,3,true,2024-03-01,2024-03-01T12:00:00',
        '"00123",1234567,1e-09,,,false,2024-03-02,',
    ]


def test_an_empty_table_and_an_empty_text() -> None:
    assert csv_text(pd.DataFrame({"a": [], "b": []})) == '"a","b"\n'
    assert csv_text(pd.DataFrame({"a": ["", None]})) == '"a"\n""\n\n'
    assert read_csv_back(io.StringIO('"a"\n""\n\n'))["a"].tolist() == ["", None]


def test_bytes_do_not_depend_on_the_machine(tmp_path) -> None:
    safe_csv(pd.DataFrame({"a": ["é"], "b": [dt.date(2024, 3, 1)]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == '"a","b"\n"é",2024-03-01\n'.encode()
