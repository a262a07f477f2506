"""JSON lines, lists and documents: one Item or one Fault for each record, neighbours kept."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders
from kit.errors import InputError
from kit.loaders.files import Source, head, jsons, lines, sources
from kit.loaders.files.delimited import Fault
from kit.loaders.files.jsons import Item

GOOD = '{"id": "1", "text": "a"}'


def source_of(folder: Path, data: bytes | str, **options: Any) -> Source:
    path = folder / "a.jsonl"
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    (source,) = sources(path, options)
    return source


def read(folder: Path, data: bytes | str) -> list[Item | Fault]:
    return list(jsons.objects(source_of(folder, data)))


def values(found: list[Item | Fault]) -> list[dict[str, Any]]:
    return [item.value for item in found if isinstance(item, Item)]


# --- shapes

OBJECTS = [{"id": "1", "t": 'a] } \\ " ,'}, {"id": 2, "in": {"x": [1, {"y": None}]}}, {}]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(json.dumps(o) for o in OBJECTS),
        "\r\n".join(json.dumps(o) for o in OBJECTS) + "\r\n",
        "\n   \n\n".join(json.dumps(o) for o in OBJECTS) + "\n\n",
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=2),
        "\ufeff" + json.dumps(OBJECTS),
        "[" + json.dumps(OBJECTS[0]) + "]\n" + json.dumps(OBJECTS[1:]),
        "\n".join(json.dumps(o, indent=1) for o in OBJECTS),
    ],
)
def test_every_shape_gives_the_same_objects(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert values(found) == OBJECTS
    assert [item.number for item in found] == [1, 2, 3]


LONG_TEXTS = ['\\u0061\\"' * 30_000, "ü" * 300_000, "a" * 70_000 + "\\\\"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "wrap", ["%s\n%s\n", "[%s, %s]", "[\n%s,\n%s\n]", '{"data": [%s, %s]}', "\n %s\n %s"]
)
@pytest.mark.parametrize("text", LONG_TEXTS, ids=["escapes", "long", "short"])
def test_an_object_longer_than_the_head_is_known_by_all_its_keys(
    tmp_path: Path, wrap: str, text: str, packed: bool
) -> None:
    """Whatever stands in its first text: what decides may stand behind it."""
    one = f'{{"id": "1", "text": "{text}", "more": {{"bio": "{text}"}}, "author_id": "7"}}'
    data = (wrap % (one, '{"id": "2", "text": "a", "author_id": "7"}')).encode()
    source = source_of(tmp_path, gzip.compress(data, 1) if packed else data)
    assert loaders.recognise(source).name == "x_v2"
    first = source.head().objects[0]
    first = first["data"][0] if "data" in first else first
    assert list(first) == ["id", "text", "more", "author_id"]
    assert (first["text"], first["author_id"]) == ("…", "7")
    assert len(values(list(jsons.objects(source)))) == (1 if "data" in wrap else 2)


def test_a_text_without_end_is_not_read_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "_FURTHEST", 1 << 18)
    asked: list[int] = []

    def more(size: int) -> bytes:
        asked.append(size)
        return b"a" * size

    found = head.look(b'{"id": "1", "text": "' + b"a" * 70_000, "a", "", inside=False, more=more)
    assert found.objects == ({"id": "1"},)
    assert sum(asked) < 1 << 19


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    assert [item.line for item in read(tmp_path, f"\n{GOOD}\n\n{GOOD}\n")] == [2, 4]
    assert [item.line for item in read(tmp_path, f"[\n{GOOD},\n\n{GOOD}\n]")] == [2, 4]


def test_utf16(tmp_path: Path) -> None:
    assert values(read(tmp_path, f'{GOOD}\n{{"é": "😀"}}\n'.encode("utf-16"))) == [
        json.loads(GOOD),
        {"é": "😀"},
    ]


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    (value,) = values(read(tmp_path, '{"a": 1234567890123456789, "b": 1234567890123456789012345}'))
    assert value == {"a": 1234567890123456789, "b": 1234567890123456789012345}


# --- damaged records


@pytest.mark.parametrize(
    "line,field,reason",
    [
        ('{"id":', "", "not JSON: Expecting value at character"),
        ('{"id":"1",} // c', "", "not JSON"),
        ("{'id':'2'}", "", "not JSON"),
        ('{"id":"1"} {"id":"2"}', "", "not JSON: Extra data"),
        ("5", "", "not a JSON object"),
        ('"x"', "", "not a JSON object"),
        ("null", "", "not a JSON object"),
        ("[]", "", "not a JSON object"),
        ('{"id":"1","id":"2"}', "id", "a key stands twice"),
        ('{"a":{"b":1,"b":2}}', "b", "a key stands twice"),
        ('{"likes":NaN}', "likes", "a number that is none"),
        ('{"likes":-Infinity}', "likes", "a number that is none"),
        ('{"likes":' + "1" * 5000 + "}", "likes", "thousands of digits"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "", "nested deeper than 200"),
        ('{"a":' + '{"a":' * 300 + "1" + "}" * 301, "", "nested deeper than 200"),
        ('{"a":' + "[" * 100_000 + "}", "", "nested deeper than 200"),
        ('{"a":"\\u0000"}', "", "NUL"),
    ],
)
def test_one_damaged_line(tmp_path: Path, line: str, field: str, reason: str) -> None:
    started = time.process_time()
    found = read(tmp_path, f"{GOOD}\n{line}\n{GOOD}\n")
    assert time.process_time() - started < 5
    assert [item.number for item in found] == [1, 2, 3]
    bad = found[1]
    assert isinstance(bad, Fault)
    assert (bad.line, bad.field, bad.raw) == (2, field, line.encode() + b"\n")
    assert reason in bad.reason
    assert len(bad.found) <= 40
    assert len(values(found)) == 2


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    found = read(tmp_path, b'{"t":"\xc3\xa9"}\n{"t":"caf\xe9"}\n{"t":"\xc3\xa9"}\n')
    assert [type(item) for item in found] == [Item, Fault, Item]
    assert isinstance(found[1], Fault)
    assert "at byte 9 of the record" in found[1].reason


def test_deep_but_balanced_is_measured_not_counted(tmp_path: Path) -> None:
    assert len(values(read(tmp_path, json.dumps({"a": [[]] * 5000})))) == 1
    deep = '{"a":' * 200 + "1" + "}" * 200
    assert len(values(read(tmp_path, deep))) == 1


def test_half_a_surrogate_pair_becomes_a_mark(tmp_path: Path) -> None:
    source = source_of(tmp_path, '{"t": ["a\\ud800b", "\\ud83d\\ude00", "\\\\ud800"], "\\udc00": 1}\n')
    (item,) = jsons.objects(source)
    assert isinstance(item, Item)
    assert item.value == {"t": ["a\ufffdb", "😀", "\\ud800"], "\ufffd": 1}
    json.dumps(item.value, ensure_ascii=False).encode()
    assert source.warnings.total() == 2
    assert b"\\ud800" in item.raw


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_cut_last_line(tmp_path: Path, cut: int) -> None:
    source = source_of(tmp_path, f"{GOOD}\n{GOOD}"[:-cut])
    found = list(jsons.objects(source))
    assert [type(item) for item in found] == [Item, Fault]
    assert isinstance(found[1], Fault)
    assert "may be cut" in found[1].reason
    assert source.warnings.total() == 1


@pytest.mark.parametrize("cut,items", [(1, 2), (4, 1), (20, 1), (30, 0)])
def test_a_cut_list(tmp_path: Path, cut: int, items: int) -> None:
    source = source_of(tmp_path, f"[{GOOD}, {GOOD}]"[:-cut])
    found = list(jsons.objects(source))
    assert len(values(found)) == items
    assert any("cut" in warning for warning in source.warnings) or isinstance(found[-1], Fault)


def test_values_of_a_list_that_are_no_objects(tmp_path: Path) -> None:
    found = read(tmp_path, f'[5, {GOOD}, "x, {{", null, [1, {{"a": 2}}], {GOOD}, tru]')
    assert [type(item).__name__ for item in found] == [
        "Fault",
        "Item",
        "Fault",
        "Fault",
        "Fault",
        "Item",
        "Fault",
    ]
    assert [item.raw for item in found][2:5] == [b'"x, {"', b"null", b'[1, {"a": 2}]']


def test_a_broken_value_in_a_list_leaves_its_neighbours(tmp_path: Path) -> None:
    found = read(tmp_path, f"[{GOOD}, {{'a': 1}}, {GOOD}]")
    assert [type(item) for item in found] == [Item, Fault, Item]


def test_brackets_that_do_not_match_refuse_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl, line 2: brackets of the JSON text do not match"):
        read(tmp_path, f'[{GOOD},\n {{"a": [1}}, {{"b": 2}}]')


def test_a_value_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsons, "LINE_LIMIT", 1000)
    monkeypatch.setattr(lines, "LINE_LIMIT", 1000)
    with pytest.raises(InputError, match="longer than 1,000 bytes"):
        read(tmp_path, '[{"a": "' + "x" * 600_000 + '"}]')


def test_keys_are_only_keys(tmp_path: Path) -> None:
    line = json.dumps({"__proto__": {"x": 1}, "__class__": 1, "": 2, "k" * 10_000: 3})
    assert values(read(tmp_path, line)) == [json.loads(line)]


# --- properties

#: no half characters: as an escape one is read as U+FFFD (tested above), written out the file is no UTF-8
WRITABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(WRITABLE, max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(WRITABLE, max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECT = st.dictionaries(st.text(WRITABLE, max_size=4), JSON, max_size=4)


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(OBJECT, min_size=1, max_size=5),
    st.sampled_from(["lines", "list", "pretty"]),
    st.booleans(),
    st.integers(1, 60),
)
def test_what_was_written_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory,
    objects: list[dict[str, Any]],
    shape: str,
    escaped: bool,
    size: int,
) -> None:
    if "\\u0000" in json.dumps(objects):
        return
    if shape == "lines":
        text = "\n".join(json.dumps(o, ensure_ascii=escaped) for o in objects)
    else:
        text = json.dumps(objects, ensure_ascii=escaped, indent=2 if shape == "pretty" else None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_BLOCK", size)
        assert values(read(tmp_path_factory.mktemp("json"), text)) == objects


@settings(max_examples=examples(100), deadline=None)
@given(
    st.text(st.sampled_from('{}[]":,\\ \n1ae'), max_size=60)
    | st.binary(max_size=60).map(lambda b: b.decode("latin-1"))
)
@example('[{"a":1}')
@example('[[{"a":1},[')
def test_any_text_ends_in_records_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    try:
        found = read(tmp_path_factory.mktemp("json"), "{" + text)
    except InputError:
        return
    assert [item.number for item in found] == list(range(1, len(found) + 1))


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 3), st.text(st.characters(exclude_characters="\n\r"), max_size=30))
def test_a_hostile_line_changes_only_its_own_fate(
    tmp_path_factory: pytest.TempPathFactory, place: int, hostile: str
) -> None:
    texts = [GOOD] * 30  # in a file of few lines, one can make the whole look like another encoding
    texts.insert(place, hostile)
    text = GOOD + "\n" + "\n".join(texts)
    assert len(values(read(tmp_path_factory.mktemp("json"), text))) >= 31
