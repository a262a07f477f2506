"""What is kept is believed only as it was written: anything else is made again, and the numbers stay the same."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from shell import at_home
from worlds import content_of, desk, post, report

from kit import case as cases
from kit.case import memo, seal
from kit.errors import ReportError
from kit.metrics import texts
from kit.publish.render import check

SAID = "A quiet evening by the lake is worth more than all of these long speeches about the harbour, number"
ASK = "import kit; from kit.metrics import texts; t = texts.near_duplicate_posts(kit.open('copied')); print(t.to_json())"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a report of repeated texts, with its case and its derived tables."""
    home = tmp_path_factory.mktemp("caches")
    rows = [
        post(
            i,
            f"u{i % 30}",
            f"2024-03-{i % 28 + 1:02d}T12:00:{i % 60:02d}Z",
            f"{SAID} {i % 7} said",
            links="https://a.example/b",
        )
        for i in range(1, 121)
    ]
    with desk(home):
        report(
            home,
            "copied",
            posts={
                "studied": rows,
                "control": [post(900 + i, f"k{i}", "2024-03-05", f"own words {i} here") for i in range(20)],
            },
        )
        answers()
    for name in ("data", "keys"):
        shutil.copytree(home / name, home / "aside" / name)
    return home


@pytest.fixture
def home(whole: Path) -> Iterator[Path]:
    """The home as it was at first, which no process has looked at yet."""
    for name in ("data", "keys"):
        shutil.rmtree(whole / name)
        shutil.copytree(whole / "aside" / name, whole / name)
    with desk(whole):
        forget()
        yield whole
    forget()


def forget() -> None:
    """Nothing of what was read stays in memory: as a new process would begin."""
    memo._kept.clear()
    cases._connection.cache_clear()


def answers() -> list[str]:
    """What a metric and every table say."""
    forget()
    case = cases.open("copied")
    said = [
        texts.near_duplicate_posts(case).to_json(),
        *(case.derived(t).to_json() for t in ("shared_objects", "languages")),
    ]
    return [*said, json.dumps(content_of(case))]


def kept(home: Path, kind: str) -> list[Path]:
    folder = home / "data/cases/copied"
    return sorted(folder.rglob(kind))


# --- a table that was worked out


def emptied(path: Path) -> None:
    pd.read_parquet(path).head(0).to_parquet(path)


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def with_other_rows(path: Path) -> None:
    pq.write_table(pq.read_table(path).slice(1), path)


def of_another_table(path: Path) -> None:
    other = next(p for p in path.parent.glob("*.parquet") if p != path)
    path.write_bytes(other.read_bytes())


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "without rows": emptied,
    "cut": halved,
    "one bit": flipped,
    "other rows": with_other_rows,
    "another table": of_another_table,
    "nothing in it": lambda path: path.write_bytes(b""),
    "gone": Path.unlink,
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "its seal is gone": lambda path: seal.beside(path).unlink(),
    "its seal is a list": lambda path: seal.beside(path).write_text("[]"),
    "its seal is nothing": lambda path: seal.beside(path).write_text("null"),
    "its seal is of numbers": lambda path: seal.beside(path).write_text('{"bytes": "1", "sha256": 5}'),
    "its seal is cut": lambda path: seal.beside(path).write_text('{"bytes": 1'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_derived_table_that_is_not_as_it_was_is_made_again(home: Path, damage: str) -> None:
    wanted = answers()
    for path in kept(home, "derived/*.parquet"):
        if damage == "a folder":
            continue
        good = path.read_bytes()
        DAMAGES[damage](path)
        assert answers() == wanted, path.name
        assert path.read_bytes() == good, path.name
        assert seal.kept(path)


def test_a_new_process_makes_it_again_too(home: Path) -> None:
    """The reproduction of the review: the answer is that of before, whoever asks."""

    def asked() -> str:
        done = subprocess.run(
            [sys.executable, "-c", ASK], env=at_home(home), capture_output=True, text=True, check=True
        )
        return done.stdout

    before = asked()
    for path in kept(home, "derived/near_duplicates-*.parquet"):
        emptied(path)
    assert asked() == before
    assert json.loads(before)["n"]["0"] == 20


def test_the_process_that_builds_a_case_keeps_its_tables_where_others_look(home: Path) -> None:
    shutil.rmtree(home / "data")
    answers()
    made = kept(home, "derived/*.parquet")
    subprocess.run([sys.executable, "-c", ASK], env=at_home(home), capture_output=True, check=True)
    assert kept(home, "derived/*.parquet") == made
    forget()
    assert cases.open("copied").lacking("near_duplicates") == []


def test_a_table_that_is_not_as_it_was_is_lacking(home: Path) -> None:
    case = cases.open("copied")
    assert case.lacking("near_duplicates") == []
    emptied(kept(home, "derived/near_duplicates-*.parquet")[0])
    assert case.lacking("near_duplicates") == ["near_duplicates"]


# --- the case

SHAPES: dict[str, Any] = {
    "a list": [],
    "nothing": None,
    "a number": 5,
    "a text": "manifest",
    "empty": {},
    "only a hash": {"sha256": "0" * 64},
    "lists inside": {"sha256": [], "tables": [], "stamp": [], "key": {}, "inputs": {}},
}


TEXTS = [*map(json.dumps, SHAPES.values()), "[" * 100_000, "{", '{"a": 1} {"b": 2}', "\x00" * 40, "NaN", ""]


def test_a_manifest_of_another_shape_is_made_again(home: Path) -> None:
    wanted = answers()
    (path,) = kept(home, "manifest.json")
    good = path.read_bytes()
    for text in TEXTS:
        path.write_text(text)
        assert cases._manifest(path.parent) is None, text[:40]
    path.write_text("[]")
    assert answers() == wanted
    assert path.read_bytes() == good


@pytest.mark.parametrize(
    "part,value",
    [("inputs", []), ("tables", {}), ("tables", []), ("content", "0"), ("warnings", ["other"]), ("kit", 1)],
)
def test_a_manifest_that_says_something_else_is_none(home: Path, part: str, value: Any) -> None:
    (path,) = kept(home, "manifest.json")
    good = json.loads(path.read_bytes())
    path.write_text(json.dumps(good | {part: value}))
    assert cases._manifest(path.parent) is None
    path.write_text(json.dumps(good))
    assert cases._manifest(path.parent) == {k: v for k, v in good.items() if k != "sha256"}


TORN = [
    pytest.param(table, damage, marks=[] if damage == here else pytest.mark.slow)
    for table, here in (
        ("public/posts", "without rows"),
        ("internal/posts", "one bit"),
        ("public/accounts", "cut"),
        ("internal/links", "gone"),
    )
    for damage in ("without rows", "cut", "one bit", "other rows", "nothing in it", "gone")
]


@pytest.mark.parametrize("table,damage", TORN)
def test_a_table_of_a_case_that_is_not_as_it_was_is_made_again(home: Path, damage: str, table: str) -> None:
    wanted = answers()
    path = home / f"data/cases/copied/{table}.parquet"
    good = path.read_bytes()
    DAMAGES[damage](path)
    assert answers() == wanted
    assert path.read_bytes() == good


def test_a_key_that_is_gone_is_missed_also_where_the_manifest_is_damaged(home: Path) -> None:
    """Otherwise all pseudonyms would change in silence."""
    (path,) = kept(home, "manifest.json")
    path.write_text("[]")
    for key in (home / "keys").iterdir():
        key.unlink()
    forget()
    with pytest.raises(ReportError, match="the key of the pseudonyms is gone"):
        cases.open("copied")


@pytest.mark.parametrize("many", [6, pytest.param(1000, marks=pytest.mark.slow)])
def test_random_flips_anywhere_change_no_number(home: Path, many: int) -> None:
    """F-16: each flip alone, and the answers of a process that has read nothing yet."""
    wanted, draw = answers(), random.Random(16)
    files = [p for p in kept(home, "*") if p.is_file() and not p.name.endswith(".lock")]
    assert {p.suffix for p in files} == {".json", ".parquet", ".seal"}
    for number in range(many):
        path = draw.choice(files)
        data = bytearray(path.read_bytes())
        for _ in range(draw.choice([1, 1, 1, 8])):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        path.write_bytes(data)
        assert answers() == wanted, (number, path)


# --- large files


def test_a_large_file_costs_the_same_and_is_still_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "BLOCK", 100)
    monkeypatch.setattr(seal, "BLOCKS", 10)
    monkeypatch.setattr(seal, "WHOLE", 5_000)
    path, draw = tmp_path / "large", random.Random(4)
    path.write_bytes(draw.randbytes(20_000))
    sealed = seal.of(path)
    good = path.read_bytes()
    assert seal.holds(path, sealed)
    assert seal.all_hold(tmp_path, {"large": sealed})
    for bad in (
        good[:-1],
        good + b"a",
        good[:1] + b"\0" * 19_999,
        draw.randbytes(20_000),
        good[:-1] + b"\0",
        b"",
    ):
        path.write_bytes(bad)
        assert not seal.holds(path, sealed)
        assert not seal.all_hold(tmp_path, {"large": sealed})
    read = []
    real = Path.open

    def counting(self: Path, *given: Any, **more: Any) -> Any:
        file = real(self, *given, **more)
        taken = file.read
        file_read = lambda n=-1: read.append(n) or taken(n)  # noqa: E731
        return _Counting(file, file_read)

    path.write_bytes(good)
    monkeypatch.setattr(Path, "open", counting)
    assert seal.holds(path, sealed)
    assert sum(read) == 1_000, "ten blocks, however large the file is"


class _Counting:
    def __init__(self, file: Any, read: Any) -> None:
        self.file, self.read, self.seek = file, read, file.seek

    def __enter__(self) -> _Counting:
        return self

    def __exit__(self, *_error: Any) -> None:
        self.file.close()


def test_small_tables_of_a_large_case_are_looked_at_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "BLOCK", 10)
    monkeypatch.setattr(seal, "BLOCKS", 4)
    monkeypatch.setattr(seal, "WHOLE", 3_000)
    sizes = {"a": 1_000, "b": 1_500, "c": 9_000}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(random.Random(name).randbytes(size))
    seals = {name: seal.of(tmp_path / name) for name in sizes}
    assert seal.all_hold(tmp_path, seals)
    for name in ("a", "b"):
        good = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(good[:400] + bytes([good[400] ^ 1]) + good[401:])
        assert not seal.all_hold(tmp_path, seals), name
        (tmp_path / name).write_bytes(good)


# --- results of a run


@pytest.mark.parametrize(
    "text", ["[]", "null", '{"files": []}', '{"files": null}', '{"files": 3}', "[" * 100_000]
)
def test_results_with_a_manifest_of_another_shape_are_not_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    assert check(tmp_path) == ["manifest.json: missing or unreadable, the build did not finish"]
