"""Delimited text: one Row or one Fault for each record, values exact, neighbours kept, nothing lost."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from needs import examples

from kit.errors import InputError
from kit.loaders.files import Source, delimited, lines, sources
from kit.loaders.files.delimited import Fault, Row

HEAD = b"id,who,text\n"


def source_of(folder: Path, data: bytes, **options: Any) -> Source:
    path = folder / "a.csv"
    path.write_bytes(data)
    (source,) = sources(path, options)
    return source


def read(folder: Path, data: bytes, header_line: int = 1) -> list[Row | Fault]:
    return list(delimited.rows(source_of(folder, data), header_line))


def cells(found: list[Row | Fault]) -> list[list[str]]:
    return [row.cells for row in found if isinstance(row, Row)]


def faults(found: list[Row | Fault]) -> list[Fault]:
    return [row for row in found if isinstance(row, Fault)]


# --- whole files


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    found = read(tmp_path, end.join(["id,text", "1,a", '"2","b"', ""]).encode())
    assert cells(found) == [["1", "a"], ["2", "b"]]
    assert [row.line for row in found] == [2, 3]


def test_mixed_line_ends_and_signs_that_are_none(tmp_path: Path) -> None:
    found = read(tmp_path, 'id,text\r\n1,"a\u2028b\x85c\x0bd"\r2,x\n3,y\x1ez'.encode())
    assert cells(found) == [["1", "a\u2028b\x85c\x0bd"], ["2", "x"], ["3", "y\x1ez"]]


def test_line_breaks_inside_quotes_stay_as_they_are(tmp_path: Path) -> None:
    found = read(tmp_path, b'id,text\n1,"a\nb\r\nc\rd"\n2,e\n')
    assert cells(found) == [["1", "a\nb\r\nc\rd"], ["2", "e"]]
    assert [(row.number, row.line) for row in found] == [(1, 2), (2, 6)]


@pytest.mark.parametrize("data", [b"id,text", b"id,text\n", b"\xef\xbb\xbfid,text\r\n\r\n"])
def test_a_header_alone_is_no_error(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == []
    assert delimited.header(source_of(tmp_path, data)) == ["id", "text"]


def test_blank_lines_are_no_records(tmp_path: Path) -> None:
    found = read(tmp_path, b"\n\nid,text\n\n1,a\n   \n\r\n2,b\n\n")
    assert [(row.number, row.line) for row in found] == [(1, 5), (2, 8)]


def test_an_empty_cell_of_a_single_column_is_a_record(tmp_path: Path) -> None:
    assert cells(read(tmp_path, b'id\n1\n""\n\n2\n')) == [["1"], [""], ["2"]]


def test_words_stay_words(tmp_path: Path) -> None:
    words = ["NA", "null", "None", "nan", "N/A", "TRUE", "1E5", "007", "MAR1", "0x1F", "1_000", "+5", " x "]
    found = read(tmp_path, b"id,who\n" + "".join(f"{n},{word}\n" for n, word in enumerate(words)).encode())
    assert [row[1] for row in cells(found)] == words


def test_a_field_of_five_megabytes(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + b'1,a,"' + b"A" * 5_000_000 + b'"\n2,b,c\n')
    assert len(cells(found)[0][2]) == 5_000_000
    assert len(found) == 2


def test_a_field_beyond_the_limit_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = csv.field_size_limit(1000)
    try:
        found = read(tmp_path, HEAD + b"1,a,b\n2,c," + b"A" * 2000 + b"\n3,d,e\n")
    finally:
        csv.field_size_limit(before)
    assert [row.number for row in found] == [1, 2, 3]
    assert "longer than" in faults(found)[0].reason


def test_a_line_beyond_the_limit_refuses_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINE_LIMIT", 1 << 20)
    with pytest.raises(InputError, match=r"a\.csv, line 3: a line longer than"):
        read(tmp_path, HEAD + b"1,a,b\n" + b"x" * (3 << 20) + b"\n")


# --- headers


def test_names_lose_white_space_and_the_mark(tmp_path: Path) -> None:
    assert delimited.header(source_of(tmp_path, b"\xef\xbb\xbf id ,Text,\n1,2,\n")) == ["id", "Text", ""]


@pytest.mark.parametrize(
    "head,word",
    [
        (b"id,text,text\n", "two columns have the same name, found 'text'"),
        (b"id, text,text \n", "found 'text'"),
        (",".join(f"c{n}" for n in range(2001)).encode(), "more than 2,000 columns"),
        (b'id,"text\n1,2\n', "the header cannot be read"),
    ],
)
def test_headers_that_cannot_be(tmp_path: Path, head: bytes, word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        delimited.header(source_of(tmp_path, head))
    assert "a.csv, line 1" in str(caught.value)


def test_lines_of_title_before_the_header(tmp_path: Path) -> None:
    data = b"Export\nby someone\n\nid,text\n1,a\n"
    source = source_of(tmp_path, data, delimiter=",")
    assert delimited.header(source, 4) == ["id", "text"]
    assert [(row.number, row.line) for row in delimited.rows(source, 4)] == [(1, 5)]
    with pytest.raises(InputError, match="no header"):
        delimited.header(source, 9)


# --- damaged records: one Fault, its neighbours kept

GOOD = [b"1,ann,hello\n", b"9,bob,bye\n"]


@pytest.mark.parametrize(
    "row,field,reason",
    [
        (b"2,x,y,z\n", "", "4 fields where the header has 3"),
        (b"2,x\n", "text", "2 fields where the header has 3"),
        (b"Total: 1 row\n", "who", "1 fields"),
        (b"id,who,text\n", "id", "the header again"),
        (b"2,x,a\0b\n", "text", "a NUL character"),
        (b"2,caf\xe9,y\n", "who", "not utf-8 text (line 3, byte 29)"),
        (b"2,\xc0\xaf,y\n", "who", "not utf-8"),
        (b"2,x,\xed\xa0\x80\n", "text", "not utf-8"),
        (b'2,"x"y,z\n', "who", "closing quote"),
    ],
)
def test_one_damaged_record(tmp_path: Path, row: bytes, field: str, reason: str) -> None:
    found = read(tmp_path, HEAD + GOOD[0] + row + GOOD[1])
    assert [r.number for r in found] == [1, 2, 3]
    bad = found[1]
    assert isinstance(bad, Fault)
    assert (bad.line, bad.field, bad.raw) == (3, field, row)
    assert reason in bad.reason
    assert cells(found) == [["1", "ann", "hello"], ["9", "bob", "bye"]]
    assert len(bad.found) <= 40
    assert bad.found.isprintable()


def test_a_stray_quote_inside_a_field_is_text(tmp_path: Path) -> None:
    assert cells(read(tmp_path, HEAD + b'1,x,5" nails\n' + GOOD[1])) == [
        ["1", "x", '5" nails'],
        ["9", "bob", "bye"],
    ]


def test_a_quote_never_closed_swallows_nothing_unseen(tmp_path: Path) -> None:
    rows = [b'"%d","x","y"\n' % n for n in range(3, 501)]
    found = read(tmp_path, HEAD + b'"1","x","y"\n"2","x","open,\n' + b"".join(rows))
    assert len(cells(found)) == 499
    (bad,) = faults(found)
    assert (bad.number, bad.line, bad.field, bad.raw) == (2, 3, "text", b'"2","x","open,\n')
    assert [row.number for row in found] == list(range(1, 501))


def test_a_quote_never_closed_among_unquoted_rows(tmp_path: Path) -> None:
    rows = b"".join(b"%d,x,y\n" % n for n in range(3, 501))
    found = read(tmp_path, HEAD + b'1,x,y\n2,x,"open\n' + rows)
    assert len(cells(found)) == 499
    assert "never closed" in faults(found)[0].reason


def test_lines_that_read_as_nothing_go_with_the_damaged_record(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + b'1,x,"open\nmore text\nand more\n2,x,y\n')
    (bad,) = faults(found)
    assert bad.raw == b'1,x,"open\nmore text\nand more\n'
    assert "3 lines, up to line 4, set aside" in bad.reason
    assert cells(found) == [["2", "x", "y"]]


def test_two_open_quotes_that_close_each_other_are_counted_as_odd(tmp_path: Path) -> None:
    rows = b"".join(b"%d,x,y\n" % n for n in range(3, 50))
    source = source_of(tmp_path, HEAD + b'1,x,"open\n' + rows + b'50,x,close"\n51,x,y\n')
    found = list(delimited.rows(source))
    # what is read is right by the rules of CSV; the reader is told that it hardly can be
    assert len(found) + source.warnings.total() > 2
    assert any("look like records" in warning for warning in source.warnings) or len(found) > 40


@pytest.mark.parametrize("cut", [b'2,x,"open', b"2,x", b'2,"x'])
def test_a_cut_last_record(tmp_path: Path, cut: bytes) -> None:
    source = source_of(tmp_path, HEAD + GOOD[0] + cut)
    found = list(delimited.rows(source))
    assert len(cells(found)) == 1
    (bad,) = faults(found)
    assert bad.raw == cut
    assert "may be cut" in bad.reason
    assert source.warnings.total() == 1


def test_no_line_end_behind_the_last_record_is_no_damage(tmp_path: Path) -> None:
    source = source_of(tmp_path, HEAD + b"1,a,b\n2,c,d")
    assert len(cells(list(delimited.rows(source)))) == 2
    assert not source.warnings


def test_every_row_one_field_too_long_is_never_shifted(tmp_path: Path) -> None:
    assert [type(row) for row in read(tmp_path, HEAD + b"1,a,b,c\n2,d,e,f\n")] == [Fault, Fault]


def test_damage_does_not_slow_reading(tmp_path: Path) -> None:
    started = time.process_time()
    found = read(tmp_path, HEAD + b'"x\n' * 30_000)
    assert time.process_time() - started < 5
    assert b"".join(row.raw for row in found) == b'"x\n' * 30_000


# --- properties

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
NASTY = st.text(st.sampled_from('",\n\r; ab\té'), max_size=12)


def written(rows: list[list[str]], **dialect: Any) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, **dialect).writerows(rows)
    return buffer.getvalue().encode()


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.lists(TEXT | NASTY, min_size=3, max_size=3), max_size=8),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@example([["a", "b", 'x\n"1",2,3\n"4",5,6\ny']], csv.QUOTE_MINIMAL, "\n")
@example([["", "", ""]], csv.QUOTE_ALL, "\n")
def test_what_a_csv_writer_wrote_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], quoting: Any, end: str
) -> None:
    if quoting == csv.QUOTE_MINIMAL:
        end = "\r\n"  # with another end, older Python leaves CR unquoted, which no reader can take back
    data = b"id,who,text\n" + written(rows, quoting=quoting, lineterminator=end)
    found = read(tmp_path_factory.mktemp("csv"), data)
    if ["id", "who", "text"] not in rows:
        assert cells(found) == rows
        assert b"id,who,text\n" + b"".join(row.raw for row in found) == data


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.sampled_from([*GOOD, b"\n"]), max_size=6),
    st.integers(0, 6),
    st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"").replace(b"\r", b"")),
)
@example([GOOD[0]] * 3, 1, b'"')
@example([GOOD[0]] * 3, 1, b'2,x,"')
@example([GOOD[0]] * 3, 1, b'"""')
def test_a_hostile_line_changes_only_its_own_fate(
    tmp_path_factory: pytest.TempPathFactory, rows: list[bytes], place: int, hostile: bytes
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    rows = [*rows, *GOOD * 20]  # in a file of few lines, one can make the whole look like another encoding
    place = min(place, len(rows))
    without = read(folder, HEAD + b"".join(rows))
    with_it = read(folder, HEAD + b"".join(rows[:place]) + hostile + b"\n" + b"".join(rows[place:]))
    kept = [c for c in cells(with_it) if c in cells(without)]
    assert len(kept) >= len(cells(without))


@settings(max_examples=examples(150), deadline=None)
@given(st.binary(max_size=200) | st.text(st.sampled_from('",\n\r;ab\0é'), max_size=80).map(str.encode))
def test_any_bytes_end_in_records_that_give_the_file_back(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    try:
        found = read(tmp_path_factory.mktemp("csv"), b"id,who\n" + data)
    except InputError:
        return
    assert [row.number for row in found] == list(range(1, len(found) + 1))
    # every byte is in exactly one record, but for blank lines
    left = b"".join(row.raw for row in found)
    assert sorted(left.replace(b"\n", b"").replace(b"\r", b"").split()) == sorted(
        data.replace(b"\n", b"").replace(b"\r", b"").split()
    )


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.lists(NASTY, min_size=2, max_size=2), min_size=1, max_size=12), st.integers(1, 40))
def test_block_size_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], size: int
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    data = b"id,who\n" + written(rows, lineterminator="\r\n") + b'5,"open\r\n6,x\r\n'
    whole = read(folder, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_BLOCK", size)
        assert read(folder, data) == whole
