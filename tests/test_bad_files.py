"""Bad inputs AR (archives) and EN (encodings): each by its id in the catalogue, with the outcome it requires."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from badinputs import Catalogue, good, refused, staged
from shell import KIT, at_home

pytestmark = pytest.mark.real


# --- archives


def test_AR_01_members_outside_the_archive(catalogue: Catalogue, tmp_path: Path) -> None:
    before = sorted(catalogue.folder.parent.iterdir())
    line = refused(catalogue.path("AR-01"), tmp_path)
    assert "AR-01_slip.zip/../outside.txt: the archive names a file outside itself" in line
    assert sorted(catalogue.folder.parent.iterdir()) == before
    assert not list(tmp_path.rglob("outside*"))


def test_AR_02_an_absolute_name(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-02"), tmp_path)
    assert "/absolute/outside.txt: the archive names a file outside itself" in line
    assert not Path("/absolute").exists()


def test_AR_03_a_symbolic_link(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-03"), tmp_path)
    assert "AR-03_symlink.zip/link.csv: the archive holds a link instead of a file" in line
    assert not [p for p in tmp_path.rglob("*") if p.is_symlink()]


@pytest.mark.parametrize("id_", ["AR-04", "AR-05", "AR-06", "AR-07"])
def test_AR_tar_archives_are_never_unpacked(id_: str, catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path(id_), tmp_path)
    assert "not an export but a tar archive" in line
    assert "unpack it and name the files or the folder" in line
    assert {p.suffix for p in tmp_path.rglob("*") if p.is_file()} <= {".parquet"}, "nothing of it was written"
    assert not (catalogue.folder.parent / "outside.txt").exists()


@pytest.mark.parametrize("id_", ["AR-08", "AR-09", "AR-10"])
def test_AR_bombs_stop_early(id_: str, catalogue: Catalogue, tmp_path: Path) -> None:
    started = time.process_time()
    line = refused(catalogue.path(id_), tmp_path)
    assert "grows more than 200 times" in line
    assert "limits: {ratio: …}" in line
    if id_ == "AR-08":
        assert line.startswith("AR-08_bomb.zip/a.csv: ")
    assert time.process_time() - started < 5


@pytest.mark.slow
@pytest.mark.parametrize("id_", ["AR-08", "AR-09", "AR-10"])
def test_AR_bombs_take_little_memory(id_: str, catalogue: Catalogue, tmp_path: Path) -> None:
    """Little more at any moment than a file of one line takes."""
    small = tmp_path / "small.csv"
    small.write_text("a\n1\n", "utf-8")
    (code, most), (_, least) = (peak(tmp_path, "inspect", str(path)) for path in (catalogue.path(id_), small))
    assert code == 2
    assert most - least < 200_000_000


def peak(home: Path, *arguments: str) -> tuple[int, int]:
    """Exit code of `kit ARGUMENTS`, and the most memory it held at any moment, in bytes."""
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    process = subprocess.Popen([*KIT, *arguments], env=at_home(home), **quiet)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss * 1024


def test_AR_11_an_archive_in_an_archive(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-11"), tmp_path)
    assert line.startswith("AR-11_nested.zip/4.zip: an archive inside an archive, found 'zip'")


def test_AR_12_too_many_members(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-12"), tmp_path)
    assert "more than 10,000 members" in line
    assert "limits: {members: …}" in line


def test_AR_13_two_members_of_one_name(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-13"), tmp_path)
    assert line.startswith("AR-13_duplicate_member.zip/a.csv: two members of the archive have the same name")


def test_AR_14_a_size_that_lies(catalogue: Catalogue, tmp_path: Path) -> None:
    assert refused(catalogue.path("AR-14"), tmp_path).startswith("AR-14_lying_size.zip/a.csv: the archive is")


@pytest.mark.parametrize("id_,at", [("AR-15", "near byte 5,658"), ("AR-16", "at byte 3,402")])
def test_AR_cut_short(id_: str, at: str, catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path(id_), tmp_path)
    assert f"end in the middle, {at}" in line
    assert f"{catalogue.path(id_).stat().st_size:,}" in at
    assert "fetch the file again; nothing was read from it" in line


@pytest.mark.parametrize("id_,ids", [("AR-17", ["1", "2"]), ("AR-18", ["1001", "2"])])
def test_AR_parts_end_to_end(id_: str, ids: list[str], catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path(id_), tmp_path)
    assert read.ids == ids
    assert not read.rejected
    for row in read.posts:
        good(row)


def test_AR_19_rubbish_behind_the_end(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-19"), tmp_path)
    assert "damaged, or followed by something else" in line
    assert f"near byte {catalogue.path('AR-19').stat().st_size - len(b'junk'):,}" in line


def test_AR_20_compressed_under_a_plain_name(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("AR-20"), tmp_path)
    assert read.ids == ["1001"]
    good(read.posts[0])


def test_AR_21_encrypted(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-21"), tmp_path)
    assert line.startswith("AR-21_encrypted.zip/a.csv: the archive is encrypted")


def test_AR_22_a_damaged_member(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-22"), tmp_path)
    assert line.startswith("AR-22_corrupt_crc.zip/a.csv: the archive is damaged")
    assert "nothing was read from it" in line


def test_AR_23_a_window_beyond_memory(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("AR-23"), tmp_path)
    assert "2,147,483,648 bytes of memory" in line
    assert "limits: {window: 2147483648}" in line
    read = staged(catalogue.path("AR-23"), tmp_path, limits={"window": 2147483648})
    assert read.ids == ["1001"]
    good(read.posts[0])


# --- encodings


def test_EN_01_nothing_at_all(catalogue: Catalogue, tmp_path: Path) -> None:
    assert refused(catalogue.path("EN-01"), tmp_path).startswith("EN-01_empty.csv: the file is empty")


def test_EN_03_a_mark_at_the_start(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("EN-03"), tmp_path)
    assert read.ids == ["1001"]
    good(read.posts[0])


def test_EN_04_sixteen_bits_with_a_mark(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("EN-04"), tmp_path)
    assert read.ids == ["1001"]
    good(read.posts[0])


def test_EN_05_sixteen_bits_without_a_mark(catalogue: Catalogue, tmp_path: Path) -> None:
    assert "write `encoding: utf-16-be`" in refused(catalogue.path("EN-05"), tmp_path)
    good(staged(catalogue.path("EN-05"), tmp_path, encoding="utf-16-be").posts[0])


@pytest.mark.parametrize("id_,byte", [("EN-06", b"\xe9"), ("EN-08", b"\xc0\xaf")])
def test_EN_one_damaged_row(id_: str, byte: bytes, catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path(id_), tmp_path)
    whole = catalogue.path(id_).read_bytes()
    assert read.ids == ["1001", "1003"]
    for row in read.posts:
        good(row)
    assert (read.one["line"], read.one["field"]) == (3, "text")
    assert f"line 3, byte {whole.index(byte):,}" in read.one["reason"]
    assert read.one["raw"] == whole.splitlines(keepends=True)[2]


def test_EN_07_another_encoding_is_named_never_misread(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("EN-07"), tmp_path)
    assert line.startswith("EN-07_gb18030.csv, line 3: the text is not UTF-8")
    assert "write `encoding: gb18030`" in line
    read = staged(catalogue.path("EN-07"), tmp_path, encoding="gb18030")
    assert [row["text"] for row in read.posts] == ["hello", catalogue.strings["cjk"], "hello"]


def test_EN_09_half_a_character(catalogue: Catalogue, tmp_path: Path) -> None:
    columns = {"post_id": "post_id", "account_id": "post_id", "text": "text"}
    read = staged(catalogue.path("EN-09"), tmp_path, columns=columns, lists={})
    assert [row["text"] for row in read.posts] == ["a\ufffdb", "ok"], "and it could be written"
    assert "1 × half of a surrogate pair, replaced by U+FFFD" in read.warnings


def test_EN_10_a_nul(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("EN-10"), tmp_path)
    assert read.ids == ["1001", "1003"]
    assert (read.one["line"], read.one["field"], read.one["found"]) == (3, "text", "a\\x00b")
    assert b"a\x00b" in read.one["raw"]


def test_EN_11_old_line_ends(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("EN-11"), tmp_path)
    assert read.ids == ["1001", "2"]
    assert [row["source_line"] for row in read.posts] == [2, 3]
    for row in read.posts:
        good(row)


def test_EN_12_mixed_line_ends_and_signs_that_are_none(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("EN-12"), tmp_path)
    assert read.ids == ["1001", "2"]
    assert read.posts[1]["text"] == catalogue.strings["line_sep"]
    good(read.posts[0])


def test_EN_13_a_picture_named_as_a_table(catalogue: Catalogue, tmp_path: Path) -> None:
    assert "not an export but a PNG image" in refused(catalogue.path("EN-13"), tmp_path)


def test_EN_15_encoded_twice_is_counted_not_mended(catalogue: Catalogue, tmp_path: Path) -> None:
    read = staged(catalogue.path("EN-15"), tmp_path)
    assert read.ids == ["1001", "1002", "1003"]
    assert read.posts[1]["text"] == "caf\u00c3\u00a9 \u00e2\u20ac\u0153x\u00e2\u20ac\u009d"
    assert next(d for d in read.warnings if "encoded twice" in d).startswith("1 × ")
