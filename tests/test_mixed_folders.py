"""Folders and archives that hold more than exports: what is set aside, what stops the build, nothing lost."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exports import BESIDE, PNG, fill
from worlds import POSTS, desk, post, report, write_csv

import kit
from kit import case as cases
from kit import loaders
from kit.case.inspect import inspect
from kit.errors import InputError, NotAnExport
from kit.loaders import FORMATS
from kit.metrics import intake

PAGE = json.dumps({"data": [{"id": "1394735776701816833", "author_id": "1", "text": "x"}]})
#: files that are damaged, or are called what they are not, and a word of the error
DAMAGED: dict[str, tuple[bytes, str]] = {
    "2.json": (b"<html><body>502 Bad Gateway</body></html>", "a web page or XML"),
    "3.csv": (b"", "the file is empty"),
    "4.json": (b"   \n", "holds no text"),
    "5.csv": (bytes(range(32)) * 40, "binary file"),
    "6.xlsx": (PNG, "PNG image"),
    "7.tar": (bytes(257) + b"ustar" + bytes(300), "tar archive"),
    "8.pickle": (b"\x80\x04\x95" + bytes(50), "pickle"),
    "9.xls": (b"\xd0\xcf\x11\xe0" + bytes(600), "old Office document"),
}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def mixed() -> dict[str, bytes]:
    return {"posts.json": PAGE.encode()} | {name: data for name, (data, _) in BESIDE.items()}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("home")) as folder:
        yield folder


def case_of(home: Path, name: str, path: str, **more: Any) -> cases.Case:
    entry = {"path": path, "group": "studied"} | more
    report(home, name, exports=[entry])
    return kit.open(name, edition="internal")


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_files_that_are_no_exports_are_set_aside_by_name(home: Path, kind: str) -> None:
    name = f"mixed-{kind}"
    beside = home / "reports" / name
    path = (
        fill(beside / "received", mixed()) if kind == "folder" else packed(beside / "received.zip", mixed())
    )
    case = case_of(home, name, path.name)
    start = "" if kind == "folder" else "received.zip/"
    found = case.sql("SELECT * FROM set_aside").set_index("source_file")
    assert found["kind"].to_dict() == {start + name: kind_ for name, (_, kind_) in BESIDE.items()}
    assert "'campaign', 'spend'" in found.loc[f"{start}ads.csv", "reason"]
    assert {one["source_file"] for one in case.manifest["set_aside"]} == set(found.index)
    assert len(case.manifest["inputs"]) + len(found) == len(mixed()), "each file is read or set aside"
    assert case.sql("SELECT count(*) AS n FROM all_posts")["n"].tolist() == [1]
    public = kit.open(name)
    assert public.sql("SELECT * FROM set_aside").columns.tolist() == ["kind"], (
        "names of files can name people"
    )
    counted = intake.set_aside(public).set_index("kind")["files"]
    assert counted.sum() == len(BESIDE)
    assert counted["text without columns"] == 2
    lines = list(inspect(path))
    assert all(good for _, good in lines)
    assert sum(line.startswith("  set aside: ") for line, _ in lines) == len(BESIDE)


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_damaged_export_still_stops_the_build(tmp_path: Path, name: str, kind: str) -> None:
    data, word = DAMAGED[name]
    files = mixed() | {name: data}
    path = fill(tmp_path / "f", files) if kind == "folder" else packed(tmp_path / "f.zip", files)
    with pytest.raises(InputError, match=word) as caught:
        list(loaders.open_exports(path, aside=lambda *_: None))
    assert name in str(caught.value)
    assert not isinstance(caught.value, NotAnExport)


def test_a_format_that_lacks_a_column_or_breaks_off_stops_the_build(tmp_path: Path) -> None:
    near = next(f for f in FORMATS.values() if f.name == "x_archive_accounts")
    header = ",".join(near.columns[1:]) + "\n"
    with pytest.raises(InputError, match=r"the column .* is missing") as caught:
        list(loaders.open_exports(fill(tmp_path / "a", mixed() | {"near.csv": header.encode()}), aside=print))
    assert not isinstance(caught.value, NotAnExport)
    files = mixed() | {"cut.json.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + b"\x01\x02"}
    with pytest.raises(InputError, match=r"cut\.json\.gz: the gzip data"):
        list(loaders.open_exports(fill(tmp_path / "b", files), aside=print))


@pytest.mark.parametrize("name", ["ads.csv", "README.md", "media/1.png", "_SUCCESS"])
def test_a_file_that_was_named_itself_is_an_error(home: Path, tmp_path: Path, name: str) -> None:
    path = fill(tmp_path, {name: BESIDE[name][0]}) / name
    with pytest.raises(NotAnExport):
        list(loaders.open_exports(path, aside=print))
    ((_, good),) = inspect(path)
    assert good is False


def test_nothing_but_foreign_files_is_an_error(home: Path) -> None:
    fill(home / "reports" / "foreign" / "one", {"README.md": b"words\n"})
    with pytest.raises(NotAnExport, match=r"README\.md: no known format"):
        case_of(home, "foreign", "one")
    fill(home / "reports" / "foreign" / "two", {"README.md": b"words\n", "b.png": PNG})
    with pytest.raises(
        InputError, match=r"two: holds no file to read; 2 are no exports. README\.md: no known"
    ):
        case_of(home, "foreign", "two")
    assert [good for _, good in inspect(home / "reports" / "foreign" / "two")][-1] is False


def test_a_column_map_reads_every_file_that_promises_data(home: Path) -> None:
    folder = home / "reports" / "mapped" / "received"
    folder.mkdir(parents=True)
    write_csv(folder / "a.csv", [post("1", "a", "2023-08-08 10:00:00")])
    write_csv(folder / "b.txt", [post("2", "a", "2023-08-08 10:00:00")])
    fill(folder, {"README.md": b"words\n", "notes.txt": b"who,what\nme,this\n", "p.png": PNG})
    entry = {"columns": dict(POSTS), "time": {"zone": "UTC"}, "platform": "x"}
    entry["lists"] = {"hashtags": " ", "urls": " ", "mentions": "json", "media": " "}
    case = case_of(home, "mapped", "received", **entry)
    assert [one["name"] for one in case.manifest["inputs"]] == ["a.csv", "b.txt"]
    assert [one["source_file"] for one in case.manifest["set_aside"]] == ["README.md", "notes.txt", "p.png"]
    fill(folder, {"part2.csv": b"3,a,2023-08-08 10:00:00,words\n"})  # a part without the header
    with pytest.raises(InputError, match=r"part2\.csv.*is missing"):
        case_of(home, "mapped", "received", **entry)


def test_a_stated_format_sets_aside_prose_only(tmp_path: Path) -> None:
    files = {"a.txt": PAGE.encode(), "README.md": b"words\n", "p.png": PNG}
    beside: list[str] = []
    found = loaders.open_exports(
        fill(tmp_path, files), {"format": "x_v2"}, aside=lambda source, _: beside.append(source.name)
    )
    assert [source.name for source, *_ in found] == ["a.txt"]
    assert beside == ["README.md", "p.png"]
