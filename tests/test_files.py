"""What researchers hand in: files, folders, archives, damaged and hostile ones."""

from __future__ import annotations

import bz2
import contextlib
import csv
import gzip
import hashlib
import io
import lzma
import os
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples

from kit.errors import InputError
from kit.loaders.files import Source, delimited, sources

TABLE = b"id,text\n1,hello\n2,there\n"


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zst,
}


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(*members: tuple[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def cells(source: Source) -> list[list[str]]:
    rows = list(delimited.rows(source))
    assert all(isinstance(row, delimited.Row) for row in rows), rows
    return [row.cells for row in rows if isinstance(row, delimited.Row)]


def only(path: Path, **options: object) -> Source:
    (source,) = sources(path, options)
    return source


def read_all(path: Path, **options: object) -> None:
    for source in sources(path, options):
        source.head()
        list(delimited.rows(source))


def refusal(path: Path, **options: object) -> str:
    """The message with which a path is refused, whether by name, by head or by content."""
    with pytest.raises(InputError) as caught:
        read_all(path, **options)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- plain and compressed


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "no suffix", "odd %20{}.csv"])
def test_plain(tmp_path: Path, name: str) -> None:
    source = only(write(tmp_path, name, TABLE))
    assert source.name == name
    assert cells(source) == [["1", "hello"], ["2", "there"]]
    assert source.sha256() == hashlib.sha256(TABLE).hexdigest()


@pytest.mark.parametrize("kind", PACK)
def test_compressed_whatever_the_name(tmp_path: Path, kind: str) -> None:
    packed = PACK[kind](TABLE)
    source = only(write(tmp_path, "a.csv", packed))
    assert cells(source) == [["1", "hello"], ["2", "there"]]
    assert source.sha256() == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize("kind", PACK)
def test_several_members_end_to_end(tmp_path: Path, kind: str) -> None:
    data = PACK[kind](TABLE) + PACK[kind](b"3,three\n") + PACK[kind](b"4,four\n")
    assert len(cells(only(write(tmp_path, "a", data)))) == 4


def test_a_zstandard_frame_to_skip_and_one_with_checksum(tmp_path: Path) -> None:
    skip = (0x184D2A50).to_bytes(4, "little") + (5).to_bytes(4, "little") + b"notes"
    sum_ = zstandard.ZstdCompressor(write_checksum=True, write_content_size=False).compress(TABLE)
    assert len(cells(only(write(tmp_path, "a", skip + sum_ + skip)))) == 2


def test_zeros_behind_a_gzip_are_padding(tmp_path: Path) -> None:
    assert len(cells(only(write(tmp_path, "a.gz", PACK["gz"](TABLE) + bytes(700))))) == 2


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("cut", [1, 5, 40])
def test_cut_archives_give_no_row(tmp_path: Path, kind: str, cut: int) -> None:
    data = b"id,text\n" + b"".join(b"%d,%s\n" % (n, os.urandom(8).hex().encode()) for n in range(2000))
    path = write(tmp_path, f"a.csv.{kind}", PACK[kind](data)[:-cut])
    seen = []
    with pytest.raises(InputError, match=r"a\.csv.*byte|damaged") as caught:
        seen += list(delimited.rows(only(path)))
    assert not seen
    assert "fetch the file again" in str(caught.value)


@pytest.mark.parametrize("kind", PACK)
def test_rubbish_behind_an_archive(tmp_path: Path, kind: str) -> None:
    packed = PACK[kind](TABLE)
    assert "byte" in refusal(write(tmp_path, f"a.{kind}", packed + b"junk that is no archive"))


@pytest.mark.parametrize("kind", PACK)
def test_one_changed_byte_gives_no_row(tmp_path: Path, kind: str) -> None:
    data = b"id,text\n" + b"".join(
        b"%d,%s\n" % (n, hashlib.sha256(b"%d" % n).hexdigest().encode()) for n in range(500)
    )
    if kind == "zst":
        packed = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(data))
    else:
        packed = bytearray(PACK[kind](data))
    packed[len(packed) // 2] ^= 0xFF
    seen = []
    with pytest.raises(InputError):
        seen += list(delimited.rows(only(write(tmp_path, "a", bytes(packed)))))
    assert not seen


@pytest.mark.parametrize("kind", PACK)
def test_bombs_stop_early(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, "bomb", PACK[kind](b"0" * 120_000_000))
    started = time.process_time()
    message = refusal(path)
    assert "200 times" in message
    assert "limits: {ratio" in message
    assert time.process_time() - started < 5


def test_a_bomb_in_a_zip(tmp_path: Path) -> None:
    message = refusal(write(tmp_path, "bomb.zip", zipped(("a.csv", b"0" * 120_000_000))))
    assert "bomb.zip/a.csv" in message
    assert "200 times" in message


def test_limits_can_be_raised_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "big.gz", gzip.compress(b"id\n" + b"0\n" * 200_000, mtime=0))
    assert "holds more than 1,000 bytes" in refusal(path, limits={"bytes": 1000})
    assert len(cells(only(path, limits={"bytes": 10_000_000}))) == 200_000
    assert "did you mean 'ratio'" in refusal(path, limits={"rato": 3})
    assert "whole number above 0" in refusal(path, limits={"ratio": True})


def test_a_zstandard_window_beyond_memory(tmp_path: Path) -> None:
    params = zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=params).compressobj()
    path = write(tmp_path, "dump.zst", packer.compress(TABLE) + packer.flush())
    message = refusal(path)
    assert "limits: {window: 268435456}" in message
    assert len(cells(only(path, limits={"window": 1 << 28}))) == 2


@settings(max_examples=examples(40), deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(PACK)))
def test_any_bytes_behind_a_magic_number_end_in_rows_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    path = write(tmp_path_factory.mktemp("any"), "a", PACK[kind](b"id\n1\n")[:6] + data)
    with contextlib.suppress(InputError):
        list(delimited.rows(only(path)))


# --- zip archives


def test_members_are_sources_of_their_own(tmp_path: Path) -> None:
    data = zipped(
        ("b/two.csv", TABLE), ("a.csv", TABLE), ("__MACOSX/a.csv", b"x"), (".hidden", b"x"), ("b/", b"")
    )
    found = sources(write(tmp_path, "set.zip", data))
    assert [source.name for source in found] == ["set.zip/a.csv", "set.zip/b/two.csv"]
    assert all(len(cells(source)) == 2 for source in found)
    assert len({source.sha256() for source in found}) == 1


def test_a_hash_that_is_given_up_reads_no_further(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(b"a,b\n1,2\n")
    source, given_up = Source(path, "posts.csv"), Event()
    assert source.sha256(given_up) == hashlib.sha256(path.read_bytes()).hexdigest()
    given_up.set()
    assert source.sha256(given_up) == hashlib.sha256().hexdigest()


@pytest.mark.parametrize(
    "name", ["../outside.csv", "a/../../x.csv", "/absolute.csv", "..\\x.csv", "C:/x.csv"]
)
def test_members_outside_the_archive(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    message = refusal(write(inside, "slip.zip", zipped((name, b"x"))))
    assert "outside itself" in message
    assert "slip.zip/" in message
    assert [p.name for p in tmp_path.rglob("*")] == ["in", "slip.zip"]


def test_a_link_in_an_archive(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    assert "link" in refusal(write(tmp_path, "a.zip", buffer.getvalue()))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(tmp_path: Path) -> None:
    assert "same name" in refusal(write(tmp_path, "a.zip", zipped(("a.csv", TABLE), ("a.csv", b"id\n9\n"))))


def test_an_archive_in_an_archive(tmp_path: Path) -> None:
    for inner in (zipped(("a.csv", TABLE)), PACK["gz"](TABLE)):
        message = refusal(write(tmp_path, "a.zip", zipped(("inner", inner))))
        assert "a.zip/inner: an archive inside an archive" in message
    assert "inside an archive" in refusal(write(tmp_path, "a.gz", PACK["gz"](PACK["gz"](TABLE))))


def test_too_many_members(tmp_path: Path) -> None:
    path = write(tmp_path, "a.zip", zipped(*[(f"{n}.csv", b"") for n in range(30)]))
    assert "more than 20 members" in refusal(path, limits={"members": 20})


@pytest.mark.parametrize("where", ["list", "member"])
def test_encrypted(tmp_path: Path, where: str) -> None:
    data = bytearray(zipped(("a.csv", TABLE)))
    data[data.rfind(b"PK\x01\x02") + 8 if where == "list" else 6] |= 1
    assert "encrypted" in refusal(write(tmp_path, "a.zip", bytes(data)))


def test_a_size_that_lies(tmp_path: Path) -> None:
    data = bytearray(zipped(("a.csv", b"0" * 100_000)))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert "a.zip/a.csv" in refusal(write(tmp_path, "a.zip", bytes(data)))


def test_a_damaged_member_gives_no_row(tmp_path: Path) -> None:
    data = bytearray(zipped(("good.csv", TABLE), ("bad.csv", TABLE * 50)))
    data[data.find(b"bad.csv") + 30] ^= 0xFF
    found = sources(write(tmp_path, "a.zip", bytes(data)))
    seen = []
    with pytest.raises(InputError, match=r"a\.zip/bad\.csv: the archive is damaged"):
        seen += list(delimited.rows(found[0]))
    assert not seen
    assert len(cells(found[1])) == 2


@pytest.mark.parametrize("data", [b"PK\x03\x04 and nothing more", b"PK\x05\x06" + bytes(18)])
def test_no_zip_after_all(tmp_path: Path, data: bytes) -> None:
    assert "archive" in refusal(write(tmp_path, "a.zip", data))


# --- paths


def test_a_folder_is_read_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "sub/c.csv", ".hidden", ".git/x.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path, name, TABLE)
    assert [source.name for source in sources(tmp_path)] == ["a.csv", "b.csv", "sub/c.csv"]


def test_a_pattern(tmp_path: Path) -> None:
    for name in ("a1.csv", "a2.csv", "b.csv"):
        write(tmp_path, name, TABLE)
    assert [source.name for source in sources(tmp_path / "a*.csv")] == ["a1.csv", "a2.csv"]
    with pytest.raises(InputError, match="no file matches"):
        sources(tmp_path / "z*.csv")


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path: Path) -> None:
    assert only(write(tmp_path, "a[1].csv", TABLE)).name == "a[1].csv"


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    started = time.monotonic()
    for name, word in [
        ("empty", "no files"),
        ("pipe", "named pipe"),
        ("missing.csv", "no such file"),
        ("x/y", "does not exist"),
    ]:
        with pytest.raises(InputError, match=word) as caught:
            sources(tmp_path / name)
        assert name.split("/")[-1] in str(caught.value)
        assert str(tmp_path) not in str(caught.value)
    with pytest.raises(InputError, match="a device"):
        sources("/dev/zero")
    with pytest.raises(InputError):
        sources("a\0b")
    assert time.monotonic() - started < 5


def test_a_misspelt_name_is_met_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "tweets.csv", TABLE)
    with pytest.raises(InputError, match=r"did you mean 'tweets\.csv'"):
        sources(tmp_path / "tweet.csv")


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "a.csv", TABLE)
    monkeypatch.setattr("kit.loaders.files.open", deny, raising=False)  # the superuser may read everything
    assert "a.csv: the file cannot be opened, found 'Permission denied'" in refusal(path)


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    source = only(write(tmp_path, "a.csv", TABLE))
    source.path.unlink()
    with pytest.raises(InputError, match="cannot be opened"):
        source.head()


# --- what the first bytes show


@pytest.mark.parametrize(
    "data,word",
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\n", "no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG image"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00.", "unsafe"),
        (b"\x93NUMPY\x01\x00v\x00{'descr'", "NumPy"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "xlsx"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "7z archive"),
        (bytes(257) + b"ustar" + bytes(300), "tar archive"),
        (bytes(range(256)) * 8, "binary file"),
        ("id,text\n1,été\n".encode("utf-32"), "UTF-32"),
    ],
)
def test_what_is_no_export(tmp_path: Path, data: bytes, word: str) -> None:
    assert word in refusal(write(tmp_path, "a.csv", data))


@pytest.mark.parametrize("text", ["id,text\n1,h\u00e9 😀\n", 'id,text\n1,"a\u2028b\x85c"\n'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark(tmp_path: Path, text: str, encoding: str) -> None:
    source = only(write(tmp_path, "a.csv", text.encode(encoding)))
    assert delimited.header(source) == ["id", "text"]
    assert cells(source) == list(csv.reader(io.StringIO(text, newline="")))[1:]


def test_utf16_bytes_come_back_and_a_cut_is_named(tmp_path: Path) -> None:
    text = "id,text\n1,é\n2\n3,ok\n"
    rows = list(delimited.rows(only(write(tmp_path, "a.csv", text.encode("utf-16")))))
    assert [type(row).__name__ for row in rows] == ["Row", "Fault", "Row"]
    assert [row.raw.decode("utf-16-le") for row in rows] == ["1,é\n", "2\n", "3,ok\n"]
    assert "from byte" in refusal(write(tmp_path, "b.csv", text.encode("utf-16")[:-1]))


LANGUAGES = {
    "gb18030": "我们在中国的地方有人说这是不对的，他们来了。",
    "big5": "我們在香港的地方有人說這是不對的，他們來了。",
    "shift_jis": "これは日本語のテキストです。とてもいい天気ですね。",
    "euc_kr": "이것은 한국어로 쓴 글이다. 우리는 그것을 알고 있다.",
    "windows-1251": "Это русский текст о том, что происходит в городе.",
    "windows-1252": "Où est passée l’élève ? Déjà à la fenêtre, façon été.",
}


@pytest.mark.parametrize("encoding", LANGUAGES)
def test_another_encoding_is_named_and_can_be_stated(tmp_path: Path, encoding: str) -> None:
    text = "id,text\n" + "".join(f'{n},"{LANGUAGES[encoding]}"\n' for n in range(5))
    path = write(tmp_path, "a.csv", text.encode(encoding))
    message = refusal(path)
    assert f"encoding: {encoding}" in message
    assert "line 2" in message
    rows = cells(only(path, encoding=encoding))
    assert [row[1] for row in rows] == [LANGUAGES[encoding]] * 5


def test_encodings_that_are_none(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TABLE)
    assert "unknown encoding" in refusal(path, encoding="latin-99")
    assert "no text encoding" in refusal(path, encoding="base64")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a.csv", TABLE.decode().encode(encoding))
    assert encoding in refusal(path)
    assert len(cells(only(path, encoding=encoding))) == 2


def test_one_damaged_row_among_utf8_is_set_aside(tmp_path: Path) -> None:
    data = "id,text\n1,é\n".encode() + b"2,caf\xe9\n" + "3,ü\n".encode()
    good, bad, last = delimited.rows(only(write(tmp_path, "a.csv", data)))
    assert isinstance(bad, delimited.Fault)
    assert (bad.number, bad.line, bad.field, bad.raw) == (2, 3, "text", b"2,caf\xe9\n")
    assert f"byte {data.index(0xE9):,}" in bad.reason
    assert (good.number, last.number) == (1, 3)


def test_a_stated_encoding_with_a_byte_it_does_not_have(tmp_path: Path) -> None:
    data = "id,text\n1,é\n".encode("cp1252") + b"2,a\x81b\n" + "3,ü\n".encode("cp1252")
    rows = list(delimited.rows(only(write(tmp_path, "a.csv", data), encoding="cp1252")))
    assert [type(row).__name__ for row in rows] == ["Row", "Fault", "Row"]
    assert rows[1].raw == b"2,a\x81b\n"


def test_text_that_looks_encoded_twice_is_counted_not_mended(tmp_path: Path) -> None:
    twice = "café “x”".encode().decode("cp1252", "replace")
    source = only(write(tmp_path, "a.csv", f"id,text\n1,{twice}\n".encode()))
    assert cells(source)[0][1] == twice
    assert any("encoded twice" in warning for warning in source.warnings)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    data = TABLE.replace(b",", delimiter.encode())
    source = only(write(tmp_path, "a.csv", data))
    assert source.head().delimiter == delimiter
    assert len(cells(source)) == 2


def test_a_stated_delimiter_and_a_wrong_one(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", b"a,b;c\n1,2;3\n")
    assert cells(only(path, delimiter=";")) == [["1,2", "3"]]
    assert cells(only(write(tmp_path, "b.txt", b"a^b\n1^2\n"), delimiter="^")) == [["1", "2"]]
    assert "one character" in refusal(path, delimiter="::")


@pytest.mark.parametrize(
    "text,shape",
    [
        ('{"a": 1}\n{"a": 2}\n', "lines"),
        ('{"a": 1}', "lines"),
        ('{"a": 1}\n{"a": ', "lines"),
        ('[{"a": 1}, {"b": 2}]', "array"),
        ('\ufeff[{"a": 1}]', "array"),
        ('{\n  "a": {"b": 1}\n}\n', "document"),
        ('5\nnull\n{"a": 1}\n', "lines"),
        ("<html><body>log in</body></html>", "markup"),
        ("window.YTD.tweets.part0 = [ {} ]", "script"),
        ("a,b\n1,2\n", "table"),
    ],
)
def test_shapes(tmp_path: Path, text: str, shape: str) -> None:
    assert only(write(tmp_path, "a", text.encode())).head().shape == shape


def test_the_first_object_of_a_long_line_is_seen(tmp_path: Path) -> None:
    line = '{"data": [' + ",".join(f'{{"id": "{n}", "text": "a {{ , ] b"}}' for n in range(9000)) + "]}\n"
    head = only(write(tmp_path, "a.jsonl", line.encode())).head()
    assert head.shape == "lines"
    assert head.objects[0]["data"][0] == {"id": "0", "text": "a { , ] b"}
