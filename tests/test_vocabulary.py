"""What comes free from data passes into the public edition as a number, a time or a word known beforehand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from worlds import desk, post, report

from kit import case as cases
from kit.loaders import spelt
from kit.schema import TABLES, vocabulary
from kit.schema.vocabulary import language, rule

#: columns of the schema that no map may fill with words
_NUMBERS = {"BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP", "DATE", "BLOB"}


def canary(*path: str) -> str:
    return "canary" + "x".join(path).replace("_", "z")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with desk(tmp_path) as folder:
        yield folder


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def mapped(table: str) -> dict[str, str]:
    """Every column of ours that a column map may name, by the column of the file: its own name."""
    names = {c.name: c.name for c in TABLES[table] if c.loaded and not c.name.startswith("source_")}
    if table == "posts":
        names |= {f"author.{c.name}": f"author {c.name}" for c in TABLES["accounts"] if c.loaded}
        names |= {name: name for name in ("hashtags", "urls", "mentions", "media")}
        names = {ours: theirs for ours, theirs in names.items() if "source_" not in ours}
    return names


def filled(table: str, number: int, *, wrong: str = "") -> dict[str, str]:
    """A row whose every cell of words is a canary; `wrong` is one whose cell is a canary although it takes none."""
    row = {}
    for ours, theirs in mapped(table).items():
        side, _dot, name = ours.rpartition(".")
        column = next((c for c in TABLES["accounts" if side else table] if c.name == name), None)
        if column is not None and column.type == "TIMESTAMP":
            row[theirs] = "2024-03-01T10:00:00Z"
        elif name == "platform":
            row[theirs] = "x"  # a platform that is none is rejected
        elif column is None or column.type in _NUMBERS:
            row[theirs] = ""
        else:
            row[theirs] = canary(table, ours.replace(".", ""), str(number))
    if table == "posts":
        row |= {"hashtags": canary("tag"), "urls": f"https://{canary('host')}.example/{canary('path')}"}
        row |= {"media": f"https://media.example/{canary('media')}.jpg", "mentions": "@" + canary("mention")}
        row |= {"created_at": "2024-03-01T10:00:00Z", "kind": "post"}
    row |= {wrong: canary("wrong", wrong)} if wrong else {}
    return row


@pytest.fixture
def everywhere(home: Path) -> cases.Case:
    """A case with a canary in every field that an export can fill, kept or rejected."""
    folder = home / "reports" / "free"
    folder.mkdir(parents=True)
    exports = []
    for table in ("posts", "accounts"):
        rows = [filled(table, n) for n in range(3)]
        rows += [
            filled(table, 10 + n, wrong=c.name)
            for n, c in enumerate(TABLES[table])
            if c.name in mapped(table) and (c.type in _NUMBERS or c.name in ("kind", "platform"))
        ]
        write(folder / f"{table}.csv", rows)
        entry = {"path": f"{table}.csv", "table": table, "group": "studied", "columns": mapped(table)}
        lists = {"hashtags": " ", "urls": " ", "media": " ", "mentions": " "}
        exports.append(
            entry
            | {"time": {"format": "iso", "zone": "UTC"}}
            | ({"lists": lists} if table == "posts" else {})
        )
    listed = {
        name: canary("list", name.lower())
        for name in ("Tactic", "Technique", "Procedure", "Indicator", "Note")
    }
    addresses = (f"twitter[.]com/{canary('list', 'handle')}", f"{canary('list', 'domain')}[.]example/a")
    file = f"{canary('list', 'file')}.csv"
    write(folder / file, [listed | {"Indicator": f"hxxps://{address}"} for address in addresses])
    exports.append({"path": file})
    good = '{"id": "8", "author": "a", "text": "b"'
    (folder / "twice.jsonl").write_text(
        f'{good}}}\n{good}, "{canary("key")}": 1, "{canary("key")}": 2}}\n{good}, "{canary("odd")}": NaN}}\n',
        encoding="utf-8",
    )
    exports.append(
        {"path": "twice.jsonl", "platform": "x", "table": "posts", "group": "studied",
         "columns": {"post_id": "id", "account_id": "author", "text": "text"}, "constants": {"created_at": "2024-03-01"},
         "time": {"format": "iso", "zone": "UTC"}}
    )  # fmt: skip
    content = {"title": "Free", "exports": exports, "notebooks": ["00_intake"]}
    (folder / "report.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return cases.open("free")


def values_of(case: cases.Case) -> dict[tuple[str, str], set[str]]:
    """Every value of every column of every table, as text."""
    found = {}
    for table in TABLES:
        rows = case.sql(f"SELECT * FROM {'all_posts' if table == 'posts' else table}")
        for column in rows.columns:
            found[table, column] = {str(value) for value in rows[column].dropna()}
    return found


def test_no_column_of_the_public_edition_passes_a_free_word(everywhere: cases.Case) -> None:
    inner = values_of(cases.open("free", edition="internal"))
    planted = {pair for pair, values in inner.items() if any("canary" in v.casefold() for v in values)}
    # what is looked for is there: canaries stood in every column of words that a map fills
    for table in ("posts", "accounts"):
        taken = {c.name for c in TABLES[table] if c.loaded and c.type == "VARCHAR"} - {
            "platform", "time_source", "time_precision", "created_precision", "kind", "source_file"
        }  # fmt: skip
        assert {(table, name) for name in taken} <= planted, table
    assert {
        ("rejected", "field"),
        ("rejected", "found"),
        ("hashtags", "hashtag"),
        ("media", "url"),
    } <= planted
    listed = {"list", "tactic", "technique", "procedure", "domain", "indicator", "note", "source_file"}
    assert {("indicators", name) for name in listed} <= planted
    for case in (everywhere, everywhere._exact()):
        shown = values_of(case)
        leaks = {pair: v for pair, values in shown.items() for v in values if "canary" in v.casefold()}
        assert leaks == {}
    assert shown["posts", "platform"] == {"x"}
    assert shown["posts", "language"] == {"und"}
    assert shown["posts", "status"] == {"other"}
    assert "other" in shown["rejected", "field"]


def test_no_byte_of_the_public_tables_holds_a_free_word(everywhere: cases.Case) -> None:
    import pyarrow.parquet as pq

    for path in sorted(
        p for view in ("public", "exact") for p in (everywhere.folder / view).glob("*.parquet")
    ):
        assert b"canary" not in path.read_bytes().lower(), path.name
        assert b"canary" not in pq.read_table(path).to_pandas().to_csv().lower().encode(), path.name


def test_what_is_not_told_is_accounted_for(everywhere: cases.Case) -> None:
    said = " ".join(everywhere.manifest["warnings"])
    assert "rows of posts state a language that is no known word: in public und" in said
    assert "rows of rejected state a field that is no known word: in public other" in said
    assert "canary" not in said.casefold()


def test_every_public_column_of_words_is_closed_or_written_by_the_kit_or_the_researcher() -> None:
    for table, columns in TABLES.items():
        for column in columns:
            if column.type != "VARCHAR" or column.private or column.identity:
                continue
            pair = (table, column.name)
            ways = [
                rule(*pair) is not None,
                pair in vocabulary.REPORT,
                pair in vocabulary.KIT,
                pair == ("links", "domain"),
            ]
            assert sum(ways) == 1, pair


@pytest.mark.parametrize(
    "given,told",
    [
        ("en", "en"), ("EN", "EN"), ("zh-Hant", "zh-Hant"), ("zh_CN", "zh_CN"), ("pt-BR", "pt-BR"), ("es-419", "es-419"),
        ("yue", "yue"), ("in", "in"), ("zxx", "zxx"), ("und", "und"), ("", "und"), ("klingon", "und"), ("marie", "und"),
        ("en-marie", "und"), ("en-Mari", "en"), ("en-QQ", "en"), ("xq", "und"), ("en-US-x-marie", "und"), (" fr ", "fr"),
        ("fr\n", "fr"), ("ab1", "und"), ("@inv", "und"), ("日本", "und"),
    ],
)  # fmt: skip
def test_a_language_is_one_that_is_known(given: str, told: str) -> None:
    assert language(given) == told


def test_known_words_pass_and_counts_do_not_change(home: Path) -> None:
    rows = [
        post(i, f"u{i % 12}", "2024-03-01", "a", lang=lang)
        for i, lang in enumerate(["en", "zh-TW", "th", "qme"] * 9)
    ]
    report(home, "plain", posts={"studied": rows})
    case = cases.open("plain")._exact()
    assert not [w for w in case.manifest["warnings"] if "known word" in w]
    found = dict(
        case.sql("SELECT language, count(*) FROM posts GROUP BY 1").itertuples(index=False, name=None)
    )
    assert found == {"en": 9, "zh-TW": 9, "th": 9, "und": 9}


def test_fields_that_a_map_or_a_loader_names_are_told() -> None:
    told = rule("rejected", "field", spelt.fields() | {"Beitrag"})
    assert told is not None
    for name in (
        "",
        "created_at",
        "snippet.publishedAt",
        "legacy.id_str",
        "data.videos",
        "完整日期",
        "Beitrag",
        "Post Created",
    ):
        assert told(name) == name
    for name in ("Marie Dupont", "inv2068", "users.inv2068", "inv2068.id_str", "users[inv2068]"):
        assert told(name) == "other"
