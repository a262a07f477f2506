"""What leaves the house: visible controls, inert CSV that reads back equal, no small cells."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import math
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples
from test_render import hostile

from kit.locale import within
from kit.publish.render import Block, entries, view
from kit.redact import (
    THRESHOLD,
    csv_text,
    defang,
    mixed_scripts,
    people_columns,
    read_csv_back,
    safe_csv,
    safe_text,
    small_cells,
    small_fact,
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


# ---------------------------------------------------------------------------
# small cells


def counts(values: list[int | None], **more: list) -> pd.DataFrame:
    return pd.DataFrame(
        {"group": "studied", "year": range(2010, 2010 + len(values)), "accounts": values} | more
    )


def test_small_counts_go_with_their_row_and_one_more() -> None:
    table = counts([3, 0, 40, 50], share=[0.03, 0.0, 0.43, 0.54], median_age_days=[1.0, None, 5.0, 9.0])
    table.attrs["title"] = "T"
    shown, note = small_cells(table)
    assert shown["accounts"].tolist() == [pd.NA, 0, pd.NA, 50]
    assert shown["share"].isna().tolist() == [True, False, True, False]
    assert shown["median_age_days"].isna().tolist() == [True, True, True, False]
    assert shown["year"].tolist() == [2010, 2011, 2012, 2013]  # a key, not a count
    assert shown.attrs["title"] == "T"
    assert note == (
        "1 row is withheld because it would count fewer than 10 accounts. "
        "1 further row is withheld so that they cannot be worked out from a total."
    )
    assert table["accounts"].tolist() == [3, 0, 40, 50]  # the researcher's table is untouched


def test_the_ends_of_a_class_stay() -> None:
    """They say nothing of how many are in it, and without them nobody knows what is withheld."""
    table = counts([3, 40, 50], share=[0.03, 0.43, 0.54])
    table.insert(1, "share_from", [0.0, 0.25, 0.5])
    table.insert(2, "share_to", [0.25, 0.5, 1.0])
    shown, note = small_cells(table)
    assert note
    assert shown[["share_from", "share_to"]].equals(table[["share_from", "share_to"]])
    assert shown["share"].isna().tolist() == [True, True, False]


def test_nothing_small_nothing_changed() -> None:
    table = counts([10, 0, 400])
    shown, note = small_cells(table)
    assert shown is table
    assert note is None
    assert small_cells(counts([]))[1] is None
    assert small_cells(pd.DataFrame({"group": ["studied"], "posts": [3]}))[1] is None


def test_groups_are_blocks_of_their_own() -> None:
    table = pd.DataFrame({"group": ["studied"] * 2 + ["control"] * 2, "accounts": [4, 60, 70, 80]})
    shown, _note = small_cells(table)
    assert shown["accounts"].isna().tolist() == [True, True, False, False]


def test_totals_of_several_kinds_are_kept_safe() -> None:
    rows = [
        ("x", "en", 50),
        ("x", "fr", 3),
        ("x", "de", 30),
        ("y", "en", 20),
        ("y", "fr", 8),
        ("y", "de", 60),
    ]
    table = pd.DataFrame(rows, columns=["platform", "language", "accounts"]).assign(group="studied")
    shown, _note = small_cells(table, within=(("group",), ("group", "platform")))
    gone = shown.assign(gone=shown["accounts"].isna()).groupby("platform")["gone"].sum()
    assert gone.tolist() == [2, 2]


def test_n_counts_accounts_unless_said_otherwise() -> None:
    table = pd.DataFrame({"group": ["studied", "control"], "n": [7, 400], "estimate": [0.5, 0.25]})
    assert people_columns(table) == ["n"]
    shown, note = small_cells(table)
    assert shown.iloc[0, 1:].isna().all()
    assert shown["n"].tolist()[1] == 400
    assert note is not None
    table.attrs["n_unit"] = "posts"
    assert small_cells(table)[1] is None


def test_a_share_that_gives_a_small_part_away_is_withheld_and_its_n_stays() -> None:
    table = pd.DataFrame(
        {
            "group": ["studied", "control", "context"],
            "n": [200, 300, 300],
            "estimate": [0.02, 0.98, 0.5],  # 4 accounts; all but 6; 150
            "low": [0.01, 0.9, 0.4],
            "high": [0.05, 0.99, 0.6],
        }
    )
    shown, _note = small_cells(table)
    assert shown["n"].tolist() == [200, 300, 300]
    assert shown["estimate"].isna().tolist() == [True, True, False]
    assert shown["low"].isna().tolist() == shown["high"].isna().tolist() == [True, True, False]
    table.attrs["unit"] = "days"
    assert small_cells(table)[1] is None


def test_a_part_is_small_when_its_rest_is() -> None:
    table = pd.DataFrame({"group": ["studied"], "accounts": [100], "silent_accounts": [96]})
    shown, _note = small_cells(table)
    assert shown["accounts"].tolist() == [100]
    assert shown["silent_accounts"].isna().all()


def derivable(values: list[int], shown: pd.Series, threshold: int) -> bool:
    """Whether somebody who knows the total can say of a withheld count that it is small, or what it is."""
    gone = shown.isna().to_numpy()
    hidden = [v for v, g in zip(values, gone, strict=True) if g and v]
    if not hidden:
        return False
    return len(hidden) == 1 or sum(hidden) - (len(hidden) - 1) < threshold


@given(st.lists(st.integers(0, 30), min_size=1, max_size=9), st.integers(2, 12))
def test_no_withheld_count_can_be_worked_out_from_the_total(values: list[int], threshold: int) -> None:
    shown, _note = small_cells(counts(values), threshold=threshold)
    left = shown["accounts"].dropna()
    assert ((left == 0) | (left >= threshold)).all()
    if (left > 0).any():  # where every count is withheld, so is the total
        assert not derivable(values, shown["accounts"], threshold)
    zeros = [i for i, v in enumerate(values) if v == 0]
    assert shown["accounts"].iloc[zeros].notna().all()
    again, _note = small_cells(shown, threshold=threshold)
    assert again["accounts"].isna().tolist() == shown["accounts"].isna().tolist()


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(st.integers(0, 7), min_size=2, max_size=4))
def test_by_enumeration_every_withheld_count_has_another_possible_value(values: list[int]) -> None:
    """The attacker knows the total, what is visible, and that withheld counts are not zero."""
    threshold = 4
    shown, _note = small_cells(counts(values), threshold=threshold)
    gone = [i for i, missing in enumerate(shown["accounts"].isna()) if missing]
    if not gone or not (shown["accounts"].dropna() > 0).any():
        return
    total = sum(values[i] for i in gone)
    worlds = [w for w in itertools.product(range(1, total + 1), repeat=len(gone)) if sum(w) == total]
    for place in range(len(gone)):
        possible = {world[place] for world in worlds}
        assert len(possible) > 1
        assert max(possible) >= threshold


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8))
def test_parts_and_rests_of_a_whole_never_show_a_small_one(pairs: list[tuple[int, int]]) -> None:
    table = counts(
        [a + b for a, b in pairs], new_accounts=[a for a, _b in pairs], old_accounts=[b for _a, b in pairs]
    )
    shown, _note = small_cells(table)
    for column in ("accounts", "new_accounts", "old_accounts"):
        left = shown[column].dropna()
        assert ((left == 0) | (left >= THRESHOLD)).all()
    both = shown.dropna()
    rest = both["accounts"] - both["new_accounts"]
    assert ((rest == 0) | (rest >= THRESHOLD)).all()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_shares_of_a_group_give_no_small_count_away(values: list[int]) -> None:
    whole = sum(values)
    table = counts(values, share=[v / whole if whole else math.nan for v in values])
    shown, _note = small_cells(table)
    assert (shown["share"].isna() | shown["accounts"].notna()).all()


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.randoms())
def test_order_of_rows_does_not_matter_where_counts_differ(values: list[int], random) -> None:
    values = list(dict.fromkeys(values))
    order = list(range(len(values)))
    random.shuffle(order)
    table = counts(values)
    one = small_cells(table)[0].set_index("year")["accounts"]
    other = small_cells(table.iloc[order].reset_index(drop=True))[0].set_index("year")["accounts"]
    assert one.isna().to_dict() == other.isna().to_dict()


# ---------------------------------------------------------------------------
# facts and findings


@pytest.mark.parametrize(
    "unit, value, n, withheld",
    [
        ("accounts", 9, None, True),
        ("accounts", 10, None, False),
        ("accounts", 0, None, False),
        ("new_accounts", 3, None, True),
        ("accounts", 96, 100, True),  # all but four
        ("posts", 3, None, False),
        ("share of accounts", 0.5, 9, True),
        ("share of accounts", 0.02, 200, True),
        ("share of accounts", 0.98, 200, True),
        ("share of accounts", 0.5, 200, False),
        ("share of accounts", 0.0, 200, False),
        ("share of accounts", 1.0, 200, False),
        ("share", 0.02, 200, True),
        ("share", 0.0212, 200, False),  # no whole number of these accounts
        ("share of posts", 0.02, 200, False),
        ("days", 3, 200, False),
        (None, 3, None, False),
    ],
)
def test_small_facts(unit: str | None, value: float, n: int | None, withheld: bool) -> None:
    fact = {
        "id": "f",
        "group": "studied",
        "value": value,
        "unit": unit,
        "label": "2019",
        "n": n,
        "text": {"en": "…"},
    }
    shown = small_fact(fact)
    if withheld:
        assert shown["withheld"] == "fewer than 10 accounts"
        assert shown["value"] is None
        assert shown["n"] is None
        assert shown["text"] == {}
        assert shown["label"] == "2019"
        assert fact["value"] == value
        assert small_fact(shown) == shown
    else:
        assert shown == fact


def test_a_small_control_takes_its_difference_and_sentence_along() -> None:
    finding = {
        "id": "f",
        "unit": "share of accounts",
        "value": 0.5,
        "n": 400,
        "control": {"value": 0.5, "low": 0.1, "high": 0.9, "n": 6},
        "difference": [0.0, -0.4, 0.4],
        "sensitivity": [
            {"settings": {"k": 1}, "value": 0.01, "n": 400},
            {"settings": {"k": 2}, "value": 0.4, "n": 400},
        ],
        "text": {"en": "50%, in the control 50%."},
    }
    shown = small_fact(finding)
    assert shown["value"] == 0.5
    assert shown["control"]["value"] is None
    assert shown["control"]["n"] is None
    assert shown["difference"] is None
    assert shown["text"] == {}
    assert [bool(entry.get("withheld")) for entry in shown["sensitivity"]] == [True, False]


def test_what_is_withheld_is_said_in_the_language_of_the_page() -> None:
    held = {"id": "a", "group": "studied", "unit": "accounts", "value": 3, "n": 3, "text": {}}
    control = {"value": 4, "n": 4}
    fact = small_fact(held | {"control": control, "sensitivity": [dict(control)]})
    assert fact["withheld"] == "fewer than 10 accounts", "a result knows no language"
    with within("fr"):
        (told,) = entries(
            [("look", [Block("finding", held | {"control": control, "sensitivity": [control]}, 1)])]
        )
        said = [told["withheld"], told["control"]["withheld"], told["sensitivity"][0]["withheld"]]
        card = view.finding(told | {"verdict": "absent", "title": "T"}, "fr")
    assert said == ["moins de 10 comptes"] * 3
    assert card["withheld"] == card["tried"][0]["value"] == "moins de 10 comptes"
    assert "fewer than" not in str(card)
