"""Texts that wait for their reader's language.

A result knows no language: what it has to say in words is a `Text`, phrased when somebody reads it.

    note = later("{share} of {n} posts.", share=percentage(0.25), n=counted(1204))
    str(note)                     # in English: what files and tests see
    with within("fr"): say(note)  # « 25 % de 1 204 posts. »

What a text is made of (`Text.tree`) is plain data, so that it can be kept in a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kit import locale

#: a text as plain data: a string or number as it stands, or a mapping with one of the keys of `_SAY`
Tree = Any


class Text(str):
    """A text whose words are chosen when it is read; as a plain string it is English."""

    __slots__ = ("tree",)
    tree: Tree

    def __new__(cls, tree: Tree) -> Text:
        """The text that `tree` describes."""
        with locale.within(locale.SOURCE), locale.unheard():
            text = super().__new__(cls, _phrase(tree))
        text.tree = tree
        return text

    def __format__(self, spec: str) -> str:
        return format(_phrase(self.tree), spec)

    def __reduce__(self) -> Any:
        return Text, (self.tree,)


def say(text: str) -> str:
    """A text in the language in use; a plain string is said as it is."""
    return _phrase(text.tree) if isinstance(text, Text) else text


def later(message: str, **fields: Any) -> Text:
    """A message of the catalogue, its fields filled in when it is read; a field may be a text itself."""
    return Text({"say": message, "with": _trees(fields)})


def later_n(one: str, many: str, n: int, **fields: Any) -> Text:
    """`one` or `many`, as the reader's language counts `n`, which is the field `{n}` unless given."""
    return Text({"one": one, "many": many, "count": n, "with": _trees({"n": n} | fields)})


def by_language(texts: Mapping[str, str]) -> Text:
    """A text that somebody wrote in several languages; the first stands where one is missing."""
    return Text({"by": dict(texts)})


def joined(parts: Iterable[str], sep: str = ", ", none: str = "") -> Text:
    """Texts one after another; `none` where there are none."""
    return Text({"parts": [tree_of(part) for part in parts], "sep": sep, "none": tree_of(none)})


def territories(codes: Iterable[str]) -> Text:
    """Names of countries and territories, in the order of the reader's language."""
    return Text({"territories": sorted(codes)})


def counted(value: float | None) -> Text:
    """A number, written as the reader's language does."""
    return Text({"number": value})


def percentage(value: float | None) -> Text:
    """A share from 0 to 1 as a percentage."""
    return Text({"percent": value})


def words(column: str, texts: Iterable[str]) -> dict[str, dict[str, Tree]]:
    """For `table.attrs["words"]`: what the values of a column, kept in English, say in other languages."""
    return {column: {str(text): tree_of(text) for text in texts if isinstance(text, Text)}}


def tree_of(value: Any) -> Tree:
    """A value as plain data: a text as what it is made of."""
    return value.tree if isinstance(value, Text) else value


def _trees(fields: Mapping[str, Any]) -> dict[str, Tree]:
    return {name: tree_of(value) for name, value in fields.items()}


def _phrase(tree: Tree) -> str:
    """What a tree says in the language in use."""
    if not isinstance(tree, Mapping):
        return str(tree)
    (say_it,) = (said for key, said in _SAY.items() if key in tree)
    return say_it(tree)


def _message(tree: Any) -> str:
    return _filled(locale._(tree["say"]), tree["with"])


def _plural(tree: Any) -> str:
    return _filled(locale.ngettext(tree["one"], tree["many"], tree["count"]), tree["with"])


def _filled(template: str, fields: Mapping[str, Tree]) -> str:
    return template.format(**{name: _phrase(value) for name, value in fields.items()}) if fields else template


def _by(tree: Any) -> str:
    return str(tree["by"].get(locale.current()) or next(iter(tree["by"].values()), ""))


def _parts(tree: Any) -> str:
    return tree["sep"].join(map(_phrase, tree["parts"])) or _phrase(tree["none"])


def _territories(tree: Any) -> str:
    from babel import Locale

    names = Locale(locale.current()).territories
    return ", ".join(sorted(names.get(code, code) for code in tree["territories"]))


_SAY = {
    "say": _message,
    "one": _plural,
    "by": _by,
    "parts": _parts,
    "territories": _territories,
    "number": lambda tree: locale.number(tree["number"]),
    "percent": lambda tree: locale.percent(tree["percent"]),
}
