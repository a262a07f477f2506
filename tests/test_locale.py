"""Numbers, shares, days and sentences in the reader's language."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.numbers import get_decimal_symbol, get_group_symbol
from hypothesis import example, given
from hypothesis import strategies as st

from kit import locale
from kit.locale import extract
from kit.locale.catalogues import read

KIT = Path(locale.__file__).resolve().parents[1]
SPACES = "[ \u00a0\u202f]"  # a French number may be written with any of them

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "group"
msgstr "groupe"

msgid "{n} row is withheld."
msgid_plural "{n} rows are withheld."
msgstr[0] "{n} ligne est retenue."
msgstr[1] "{n} lignes sont retenues."
"""


def test_a_text_is_translated_when_it_is_shown(own_catalogue: None) -> None:
    marked = locale.N_("group")
    assert marked == "group"
    assert locale._(marked) == "group"
    locale.use("fr")
    assert locale._(marked) == "groupe"
    assert locale._("not in the catalogue") == "not in the catalogue"
    assert locale._("") == "", "the header of a catalogue is no translation"


def test_each_language_counts_in_its_own_way(own_catalogue: None) -> None:
    forms = ("{n} row is withheld.", "{n} rows are withheld.")
    assert [locale.ngettext(*forms, n) for n in (0, 1, 2)] == [forms[1], forms[0], forms[1]]
    locale.use("fr")
    one, many = "{n} ligne est retenue.", "{n} lignes sont retenues."
    assert [locale.ngettext(*forms, n) for n in (0, 1, 2)] == [one, one, many]


def test_a_language_without_a_catalogue_shows_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locale, "_FOLDER", tmp_path)
    locale.catalogue.cache_clear()
    with locale.within("fr"):
        assert locale._("group") == "group"
    locale.catalogue.cache_clear()


def test_the_language_is_set_and_given_back() -> None:
    assert locale.current() == "en"
    with locale.within("fr"):
        assert locale.current() == "fr"
        with locale.within("en"):
            assert locale.current() == "en"
        assert locale.current() == "fr"
    assert locale.current() == "en"
    with pytest.raises(RuntimeError, match="inside"), locale.within("fr"):
        raise RuntimeError("inside")
    assert locale.current() == "en", "also after an error"


def test_an_unknown_language_changes_nothing() -> None:
    locale.use("fr")
    with pytest.raises(ValueError, match="use one of: " + ", ".join(locale.LANGUAGES)):
        locale.use("de")
    with pytest.raises(ValueError, match="no texts in 'FR'"):
        locale.use("FR")
    assert locale.current() == "fr"


@pytest.mark.parametrize(
    "value,english,french",
    [
        (0, "0", "0"),
        (926, "926", "926"),
        (21385, "21,385", "21 385"),
        (12345678, "12,345,678", "12 345 678"),
        (2.468, "2.47", "2,47"),
        (1.27609, "1.28", "1,28"),
        (0.2599, "0.260", "0,260"),
        (0.0001234, "0.000123", "0,000123"),
        (1234.5, "1,230", "1 230"),
        (99.96, "100", "100"),
        (-2.5, "-2.50", "-2,50"),
        (5.0, "5", "5"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_numbers(value: float | None, english: str, french: str) -> None:
    assert locale.number(value) == english
    locale.use("fr")
    assert re.sub(SPACES, " ", locale.number(value)) == french


@pytest.mark.parametrize(
    "value,english,french",
    [
        (0, "0%", "0%"),
        (1, "100%", "100%"),
        (0.5, "50%", "50%"),
        (0.894, "89.4%", "89,4%"),
        (0.7354, "73.5%", "73,5%"),
        (0.0123, "1.2%", "1,2%"),
        (-0.05, "-5%", "-5%"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_shares(value: float | None, english: str, french: str) -> None:
    assert locale.percent(value) == english
    locale.use("fr")
    assert re.sub(SPACES, "", locale.percent(value)) == french


def test_p_values_are_never_nought() -> None:
    assert [locale.p_value(p) for p in (None, float("nan"), 0.0, 0.0004)] == ["–", "–", "< 0.001", "< 0.001"]
    assert [locale.p_value(p) for p in (0.001, 0.04321, 0.5, 1.0)] == ["0.001", "0.043", "0.5", "1"]
    locale.use("fr")
    assert locale.p_value(0.04321) == "0,043"
    assert locale.p_value(0.0001) == "< 0,001"


def test_days() -> None:
    days = ("2023-09-04", "2023-09-04 10:11:12", dt.date(2023, 9, 4), dt.datetime(2023, 9, 4, 23, 59))
    assert {locale.date(d) for d in days} == {"4 September 2023"}
    locale.use("fr")
    assert {locale.date(d) for d in days} == {"4 septembre 2023"}
    with pytest.raises(ValueError, match="isoformat"):
        locale.date("yesterday")


def test_the_labels_of_date_axes() -> None:
    labels = ("Sep", "2023-Sep", "2023-Sep-04", "09", "2023", "May")
    assert [locale.months(label) for label in labels] == list(labels), "as they are in English"
    locale.use("fr")
    said = ["sept.", "sept. 2023", "4 sept. 2023", "09", "2023", "mai"]
    assert [locale.months(label) for label in labels] == said


def test_a_range_of_one_number_is_that_number() -> None:
    assert locale.between(2, 2) == "2"
    assert locale.between(2, 1200) == "2 to 1,200"
    with locale.within("fr"):
        assert re.sub(SPACES, " ", locale.between(2, 1200)) == "2 à 1 200"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_number_says_what_it_is_to_three_digits(value: float) -> None:
    for language in locale.LANGUAGES:
        with locale.within(language):
            shown = locale.number(value)
        plain = re.sub(SPACES, "", shown).replace(get_group_symbol(language), "")
        plain = plain.replace(get_decimal_symbol(language), ".")
        assert float(plain) == pytest.approx(value, rel=0.0051, abs=1e-300)


@given(st.floats(0, 1))
@example(0.09049463015607585)  # 9.05 in three digits, which is 9.1 only if it is rounded twice
def test_a_share_says_what_it_is_to_a_tenth_of_a_point(value: float) -> None:
    shown = locale.percent(value)
    assert shown.endswith("%")
    assert float(shown[:-1]) == pytest.approx(value * 100, abs=0.0500001)


def test_the_catalogues_are_whole() -> None:
    """Nothing missing, fuzzy, stale or obsolete, in the kit's own texts and in the prose of notebooks."""
    assert not extract.unfinished(), "run: make catalogues"


FIELDS = re.compile(r"\{(\w*)[^{}]*\}")


def test_a_translation_fills_in_what_its_source_does() -> None:
    wrong = []
    for message in read(extract.place("kit", "fr"), "fr"):
        if message.id:
            sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            for source, text in zip(sources, said, strict=False):
                if set(FIELDS.findall(source)) != set(FIELDS.findall(text)):
                    wrong.append(text)
    assert not wrong


def every_french_text() -> Iterator[str]:
    for name in extract.extract():
        for message in read(extract.place(name, "fr"), "fr"):
            if message.id:
                yield from message.string if isinstance(message.string, tuple | list) else (message.string,)


def test_french_is_set_as_french_is() -> None:
    """A space that does not break before : ; ! ? » % and after «; an apostrophe that is one; its own quotes."""
    hard = "\u00a0\u202f"
    wrong = re.compile(rf"[^{hard}][;:!?»](?=\s|$)|[^{hard}]%|«[^{hard}]|\w'\w|[“”]")
    assert all(wrong.search(text) for text in ("oui ;", "oui:", "5 %", "5%", "« oui", "l'âge", "“"))
    texts = [re.sub(r"`[^`]*`", "x", text) for text in every_french_text()]
    assert len(texts) > 400
    assert not [text for text in texts if wrong.search(text)]


def test_no_text_is_translated_before_it_is_shown() -> None:
    """`_("…")` at the top of a module would freeze the language of the import."""
    wrong = []
    for path in sorted(KIT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, (ast.FunctionDef, ast.Lambda))
            for part in (function.body if isinstance(function.body, list) else [function.body])
            for node in ast.walk(part)
        }
        for node in ast.walk(tree):
            called = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "ngettext")
            )
            if called and id(node) not in inner:
                wrong.append(f"{path.relative_to(KIT)}:{node.lineno}")
    assert not wrong, wrong


def test_what_is_translated_is_a_plain_text() -> None:
    """`_(f"…")` and `N_(word)` are in no catalogue."""
    wrong = []
    for path in sorted(KIT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
                given_ = node.args[0]
                joined = isinstance(given_, ast.JoinedStr)
                marked = node.func.id == "N_" and not isinstance(given_, ast.Constant)
                if (joined or marked) and path.parent.name != "locale":
                    wrong.append(f"{path.relative_to(KIT)}:{node.lineno}")
    assert not wrong, wrong
