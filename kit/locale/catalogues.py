"""Catalogue files: read, compiled in memory, written so that the same texts give the same bytes.

The kit's own texts are in `kit/locale/LANGUAGE/LC_MESSAGES/kit.po`, the prose of a
notebook in `locale/LANGUAGE/NOTEBOOK.po` beside it, one message a Markdown cell.
"""

from __future__ import annotations

import functools
import gettext
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

# Babel takes long to load, and a command that shows nothing needs none of it
if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PLACE = "{}"  # what stands for a part of an f-string

# No date, no line numbers, no program: a catalogue changes when a text does.
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def read(po: Path, language: str) -> Catalog:
    """The messages of a catalogue file; none where there is no file."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not po.exists():
        return Catalog(locale=language)
    with po.open("rb") as file:
        return read_po(file, locale=language)


def write(po: Path, messages: Catalog, language: str) -> None:
    """Write a catalogue file: messages in the order given, unwrapped, with the files they stand in."""
    from babel.messages.plurals import get_plural
    from babel.messages.pofile import write_po

    body = io.BytesIO()
    write_po(body, messages, width=0, omit_header=True, include_lineno=False)
    head = _HEADER.format(language=language, plural=get_plural(language))
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(head.encode("utf-8") + body.getvalue().lstrip(b"\n"))


def compiled(po: Path, language: str) -> gettext.NullTranslations:
    """A catalogue file ready for `gettext`; the source texts where there is no file."""
    from babel.messages.mofile import write_mo

    if not po.exists():
        return gettext.NullTranslations()
    mo = io.BytesIO()
    write_mo(mo, read(po, language))
    mo.seek(0)
    return gettext.GNUTranslations(mo)


class Template(NamedTuple):
    """A text with open places, as a pattern of what fills it in, and its translation."""

    pattern: re.Pattern[str]
    said: str


@functools.cache
def templates(po: Path, language: str) -> tuple[Template, ...]:
    """Every finished message with `{}` in it; the one with the longest fixed text first."""
    known = {text: said for text, said in translations(po, language).items() if PLACE in text}
    return tuple(
        Template(re.compile("(.+?)".join(map(re.escape, text.split(PLACE))), re.DOTALL), known[text])
        for text in sorted(known, key=lambda text: (-len(text.replace(PLACE, "")), text))
    )


@functools.lru_cache(maxsize=64)
def translations(po: Path, language: str) -> dict[str, str]:
    """Source and translation of every finished message without a plural."""
    return {
        message.id: message.string
        for message in read(po, language)
        if isinstance(message.id, str) and isinstance(message.string, str)
        if message.id and message.string and not message.fuzzy
    }
