"""Whatever loader: a text or count that is put into a good file comes back as exactly that text or count.

Where a value stands in a file is found out by putting another one there and looking which column changes, so
that nothing here repeats what the loaders know. Formats whose texts are markup are left to tests of their own.
"""

from __future__ import annotations

import copy
import csv
import functools
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import golden
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from needs import examples

from kit import loaders
from kit.errors import InputError
from kit.loaders import Record

Place = tuple[Any, ...]
TEXTS = ("text", "display_name", "bio", "location", "note", "tactic", "technique", "procedure")
COUNTS = (
    "likes",
    "reactions",
    "replies",
    "reposts",
    "quotes",
    "views",
    "followers",
    "following",
    "posts_stated",
)
PROBE, NUMBER = "probe \u5b57 \u00e9", 7_654_321
MOST = 40  # places that are tried for one value


def dumped(content: Any) -> str:
    """JSON as it is; with escapes where half a character could not be written otherwise."""
    text = json.dumps(content, ensure_ascii=False)
    return json.dumps(content) if any("\ud800" <= sign <= "\udfff" for sign in text) else text


class Held:
    """The objects or cells of a file, which can be changed and written again."""

    def __init__(self, data: bytes) -> None:
        self.mark = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
        text = data.decode(self.mark, "surrogatepass")
        self.before = ""
        if text.startswith("window."):
            self.before, _equals, text = text.partition("=")
            self.before += "="
        try:
            self.content, self.write = json.loads(text), self._json
        except ValueError:
            try:
                self.content, self.write = (
                    [json.loads(line) for line in text.splitlines() if line],
                    self._lines,
                )
            except ValueError:
                first = text.partition("\n")[0]
                self.delimiter = max(",;\t", key=first.count)
                self.content = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))
                self.write = self._table
                if len({len(row) for row in self.content if row}) != 1 or len(self.content[0]) < 2:
                    raise ValueError("neither JSON nor a table") from None

    def _json(self, content: Any) -> str:
        return self.before + dumped(content)

    def _lines(self, content: Any) -> str:
        return "".join(dumped(line) + "\n" for line in content)

    def _table(self, content: Any) -> str:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter, quoting=csv.QUOTE_ALL).writerows(content)
        return out.getvalue()

    def places(self) -> Iterator[tuple[Place, Any]]:
        """Every value of the file with the way to it; names of columns are none."""

        def walk(at: Any, way: Place) -> Iterator[tuple[Place, Any]]:
            inside = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else None
            if inside is None:
                yield way, at
                return
            for key, one in inside:
                yield from walk(one, (*way, key))

        skip = self.write == self._table
        yield from ((way, one) for way, one in walk(self.content, ()) if not (skip and way[0] == 0))

    def changed(self, way: Place, value: Any) -> bytes:
        """The file with `value` at the end of `way`, as text where text stood there."""
        content = copy.deepcopy(self.content)
        at = content
        for step in way[:-1]:
            at = at[step]
        at[way[-1]] = str(value) if isinstance(at[way[-1]], str) else value
        return self.write(content).encode(self.mark, "surrogatepass")


def read(path: Path, format_: str, data: bytes) -> list[Any]:
    path.write_bytes(data)
    options = golden.options().get(format_, {}) | ({"format": format_} if format_ != "table" else {})
    return [item for _, _, items in loaders.open_exports(path, options) for item in items]


def columns_of(items: list[Any], wanted: tuple[str, ...]) -> dict[tuple[int, str, str], Any]:
    """What the records hold in the wanted columns: by number of the record, its own or its author's, and name."""
    found = {}
    for number, item in enumerate(items):
        if isinstance(item, Record):
            for whose, values in (("", item.values), ("author", item.author or {})):
                found |= {(number, whose, c): values[c] for c in wanted if values.get(c) not in (None, "")}
    return found


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Any, ...]]:
    """For a good file: its content, where it is put, and for each column found in it one place that it is read from."""

    @functools.cache
    def found(name: str) -> tuple[Any, ...]:
        file, format_, data = golden.samples()[name]
        path = tmp_path_factory.mktemp("kept") / file
        held = Held(data)
        try:
            items = read(path, format_, held.write(held.content).encode(held.mark, "surrogatepass"))
        except InputError:
            return held, path, format_, 0, ()  # more has to be stated, or lie beside it
        places = list(held.places())
        told: dict[tuple[str, str], tuple[tuple[int, str, str], Place]] = {}
        for wanted, probe in ((TEXTS, PROBE), (COUNTS, NUMBER)):
            for key, value in columns_of(items, wanted).items():
                ways = [way for way, one in places if not isinstance(one, bool) and str(one) == str(value)]
                for way in ways[:MOST]:
                    if key[1:] in told:
                        break
                    try:
                        again = columns_of(read(path, format_, held.changed(way, probe)), wanted)
                    except InputError:
                        continue  # what stands there says what the file is
                    if again.get(key) == probe:
                        told[key[1:]] = key, way
        return held, path, format_, len(items), tuple(told.values())

    return found


def readable() -> list[str]:
    """Good files that are JSON or tables."""
    names = []
    for name, (_file, _format, data) in golden.samples().items():
        try:
            Held(data)
        except (ValueError, csv.Error, IndexError):
            continue
        names.append(name)
    return names


#: formats without texts and counts, or whose texts are markup and read in tests/test_formats_forum.py
NOT_HELD = (
    "medium_export",
    "medium_export_other",
    "medium_export_profile",
    "medium_page",
    "medium_rss",
    "x_compliance",
    "x_compliance_accounts",
    "x_minet_attrition",
    "youtube_data_tools_authors",
)
CEILING = 1_000_000  # what Weibo writes for a million and more: no exact number, and read as none
COLUMNS = 539  # columns told in all files together
WORDS = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="&<>", include_characters=" "),
    max_size=30,
).map(lambda text: f"w {text.strip()} w")


def test_which_formats_are_held_to_this(sources: Callable[[str], tuple[Any, ...]]) -> None:
    told = {name: len(sources(name)[4]) for name in readable()}
    held = {golden.samples()[name][1] for name in told if told[name]}
    assert sorted(set(loaders.FORMATS) - held) == sorted(NOT_HELD)
    assert sum(told.values()) >= COLUMNS, "a column that was read from these files is read no more"


@pytest.mark.parametrize("name", readable())
def test_what_is_kept_is_what_stood_there(sources: Callable[[str], tuple[Any, ...]], name: str) -> None:
    held, path, format_, count, told = sources(name)

    @settings(max_examples=examples(6), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(words=WORDS, number=st.integers(1, 2**31 - 1).filter(lambda n: n != CEILING))
    def exactly(words: str, number: int) -> None:
        for key, way in told:
            put: Any = words if key[2] in TEXTS else number
            items = read(path, format_, held.changed(way, put))
            assert len(items) == count, key
            assert columns_of(items, (key[2],)).get(key) == put, key

    exactly()
