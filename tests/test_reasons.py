"""Why records are rejected and files set aside: kept in English, shown in the reader's language."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import golden
import pytest
from badinputs import COLUMNS, Catalogue
from exports import BESIDE, damaged, fill

from kit import loaders, locale, words
from kit.case.build import CONFLICT
from kit.errors import InputError, NotAnExport
from kit.loaders.files import delimited, jsons
from kit.locale import catalogues, extract
from kit.publish.render import view

KIT = Path(locale.__file__).resolve().parents[1]
FRENCH = catalogues.translations(extract.place("kit", "fr"), "fr")
#: words of the kit's English that are no French ones, and what data and formats may say in any language
ENGLISH = re.compile(r"\b(the|was|is|of|with|than|found|list|object|where|file|lines|number)\b")
GIVEN = re.compile(r"`[^`]*`|'[^']*'")

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "no author"
msgstr "aucun auteur"

msgid "a list"
msgstr "une liste"

msgid "a time; write `{zone: …}`"
msgstr "une heure ; écrivez `{zone: …}`"

msgid "the file may be cut"
msgstr "le fichier a pu être coupé"

msgid "{} lines, up to {}, as one"
msgstr "lignes : {}, jusqu’à {}, ensemble"

msgid "text, found {}"
msgstr "du texte ; trouvé : {}"

msgid "text, found a value of type {}"
msgstr "du texte ; trouvé : une valeur de type {}"

msgid "{reason}; {more}"
msgstr "{reason} ; {more}"
"""


def why(path: Path, **options: object) -> Iterator[str]:
    """Every reason, and every kind of file, that reading `path` gives."""
    found: list[NotAnExport] = []
    try:
        for _source, _format, items in loaders.open_exports(
            path, options, aside=lambda _, error: found.append(error)
        ):
            yield from (item.reason for item in items if isinstance(item, loaders.Rejection))
    except NotAnExport as error:
        found.append(error)
    except InputError:
        pass  # the file stops the build: its line is shown to the researcher, and on no page
    for error in found:
        yield from (error.what, error.kind)


def untranslated(reasons: set[str]) -> list[str]:
    """Those that a French page would show in English, whole or in part."""
    with locale.within("fr"):
        said = {text: locale.reason(text) for text in reasons}
    same = [text for text in said if said[text] == text and text not in FRENCH]
    return sorted(same + [new for new in said.values() if ENGLISH.search(GIVEN.sub("", new))])


@pytest.mark.real
def test_the_reasons_of_the_bad_inputs_are_translated(catalogue: Catalogue) -> None:
    found: set[str] = set()
    for entry in catalogue.index:
        if "file" in entry:
            path = catalogue.folder / entry["file"]
            found |= set(why(path, platform="x", columns=dict(COLUMNS), lists={"urls": " "})) | set(why(path))
    assert len(found) > 40
    assert not untranslated(found)


def test_the_reasons_of_damaged_exports_are_translated(tmp_path: Path) -> None:
    found: set[str] = set()
    for name, (file, format_, data) in golden.samples().items():
        for seed in range(3):
            path = tmp_path / file
            path.write_bytes(damaged(data, seed))
            found |= set(why(path, **golden.options().get(format_, {}), format=format_))
            assert not untranslated(found), (name, seed)
    assert len(found) > 40


def test_why_files_were_set_aside_is_translated(tmp_path: Path) -> None:
    found = set(why(fill(tmp_path, {name: data for name, (data, _) in BESIDE.items()})))
    assert {kind for _, kind in BESIDE.values()} < found
    assert not untranslated(found)


def test_english_left_on_a_page_would_be_found() -> None:
    assert untranslated({"a reason nobody translated"}) == ["a reason nobody translated"]
    assert untranslated({"text was expected, found the object"})


def test_words_of_decoders_are_translated() -> None:
    """Python's own words, which its next version may change."""
    bad = [
        '{"a" 1}',
        '{"a":}',
        '{"a":1 "b"}',
        "{a:1}",
        '{"a":"x',
        r'{"a":"\q"}',
        r'{"a":"\u12"}',
        '{"a":"\n"}',
    ]
    items = [jsons.item(1, 1, text.encode(), delimited.Counter(), cut=True) for text in [*bad, "{} {}"]]
    reasons = {item.reason for item in items if isinstance(item, delimited.Fault)}
    assert len(reasons) == len(bad) + 1
    assert not untranslated(reasons)


# --- templates


@pytest.fixture
def french(own_catalogue: None) -> Iterator[None]:
    """French, with the catalogue above in place of the kit's."""
    with locale.within("fr"):
        yield


@pytest.mark.parametrize(
    "english,said",
    [
        ("no author", "aucun auteur"),
        ("no author, or so", "no author, or so"),
        ("", ""),
        ("text, found a list", "du texte ; trouvé : une liste"),
        ("text, found 3,000", "du texte ; trouvé : 3\u202f000"),
        ("text, found 3,00", "du texte ; trouvé : 3,00"),
        ("text, found {} and \\1", "du texte ; trouvé : {} and \\1"),
        ("text, found ", "text, found "),
        ("text, found a value of type int", "du texte ; trouvé : une valeur de type int"),
        ("a time; write `{zone: …}`", "une heure ; écrivez `{zone: …}`"),
        ("no author; the file may be cut", "aucun auteur ; le fichier a pu être coupé"),
        ("new; the file may be cut", "new ; le fichier a pu être coupé"),
        ("text, found x; y", "du texte ; trouvé : x; y"),
        (
            "text, found a list; the file may be cut; 3 lines, up to 9, as one",
            "du texte ; trouvé : une liste ; le fichier a pu être coupé ; lignes : 3, jusqu’à 9, ensemble",
        ),
    ],
)
def test_a_reason_is_translated_whole_by_template_or_by_clause(french: None, english: str, said: str) -> None:
    assert locale.reason(english) == said
    with locale.within("en"):
        assert locale.reason(english) == english


def test_no_text_makes_a_pattern_search_for_long() -> None:
    """Reasons hold parts of files: names of columns, types, time zones."""
    started = time.perf_counter()
    pieces = [
        "; the file may be cut",
        "; n",
        " lines, up to line ",
        "not JSON: ",
        " at character ",
        "(line ",
        "{}",
        "\n",
    ]
    with locale.within("fr"):
        for piece in pieces:
            for count in (10, 1000 // len(piece), 100_000):
                assert isinstance(locale.reason("x" + piece * count), str)
        long = "x; the file may be cut" * 100_000
        assert locale.reason(long) == long
    assert time.perf_counter() - started < 5


def test_templates_have_their_places_in_both_languages() -> None:
    templates = {text: said for text, said in FRENCH.items() if catalogues.PLACE in text}
    assert len(templates) > 15
    assert not [said for text, said in templates.items() if said.count("{}") != text.count("{}")]
    assert not [text for text in templates if re.fullmatch(r"(\W*\{\}\W*)+", text)], "fits any text"


# --- where reasons stand


def test_an_f_string_becomes_a_template() -> None:
    code = """
reason = f"{len(a)} fields where the header has {b:,}"
reason += f"; {n} lines"
raise BadValue("field", "no author" if c else f"{c}: `time: {{zone: …}}`", "")
yield Fault(1, 2, "field", "split", "found", b"")
other = "no reason"
"""
    assert list(extract._reasons(ast.parse(code))) == [
        "{} fields where the header has {}",
        "{} lines",
        "no author",
        "{}: `time: {zone: …}`",
        "split",
    ]


def test_reasons_are_written_where_the_catalogue_finds_them() -> None:
    """No sums and no calls: a text, an f-string, or the name of one."""
    wrong = []
    for path in sorted((KIT / "loaders").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        given = [
            a
            for call in calls
            for i in extract.REASONS.get(extract._called(call), ())
            for a in call.args[i : i + 1]
        ]
        texts = (ast.Constant, ast.JoinedStr, ast.IfExp, ast.Starred)
        named = ("reason", "kind", "EMPTY")
        odd = [
            a
            for a in given
            if not isinstance(a, texts) and getattr(a, "id", getattr(a, "attr", "")) not in named
        ]
        odd += [value for value in extract._told(tree) if isinstance(value, ast.BinOp)]
        wrong += [f"{path.relative_to(KIT)}:{node.lineno}" for node in odd]
    assert not wrong


# --- tables


def test_a_table_is_shown_in_the_language_of_the_page() -> None:
    entry = {
        "name": "rejected",
        "columns": [{"name": name, "label": name, "kind": "text"} for name in ("reason", "field", "kind")],
        "rows": [[CONFLICT, "no author", "empty file"], [None, "kind", "a parquet file"]],
    }
    assert view.table(entry)["rows"][0] == [CONFLICT, "no author", "empty file"]
    with locale.within("fr"):
        assert [words.label(name) for name in ("reason", "kind", "files")] == ["motif", "type", "fichiers"]
        assert view.table(entry)["rows"] == [
            ["identifiant déjà vu, avec un autre contenu", "no author", "fichier vide"],
            ["–", "kind", "fichier Parquet"],
        ]
        assert not any(column["number"] for column in view.table(entry)["columns"])


def test_what_is_kept_is_english_in_every_language(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,who\n1,7\n1,2,3\n", encoding="utf-8")
    options = {"platform": "x", "columns": {"post_id": "id", "account_id": "who"}}
    with locale.within("fr"):
        assert list(why(path, **options)) == ["3 fields where the header has 2"]
