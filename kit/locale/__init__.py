"""The reader's language: English is the source, other languages are gettext catalogues.

`use("fr")` sets the language of everything shown afterwards; `_` translates at
call time, `N_` only marks a text for the catalogue. Numbers, shares and dates
follow the language (Babel, loaded when the first one is said). Catalogues are the `.po` files beside this module,
compiled in memory, so nothing built needs to be kept fresh. `prose` translates the
Markdown cells of notebooks; `kit.locale.extract` keeps the catalogues up to date.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from kit.errors import KitError, MetricError
from kit.locale.catalogues import PLACE, compiled, templates, translations

LANGUAGES = ("en", "fr")
SOURCE = LANGUAGES[0]  # the language of the code and of the notebooks
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
_FOLDER = Path(__file__).parent
JOINT = "; "  # between a reason and a clause appended to it
LONGEST = (
    1_000  # characters of a reason: the kit writes none so long, and a pattern must not search for hours
)
#: what was asked of the catalogues while somebody listens: (language, kind, texts) -> what it was in that language
Heard = dict[tuple[str, str, tuple[str | int, ...]], str]
_current = "en"
_heard: Heard | None = None
_silent = ""  # who may not translate at the moment
_quiet = False  # whether a translation is only for the kit itself
_aloud = False  # whether something was said in words of a language while nobody listened


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue of `language`; the source texts where there is none."""
    return compiled(catalogue_file(language), language)


def catalogue_file(language: str) -> Path:
    """The file of the kit's own texts in a language."""
    return _FOLDER / language / "LC_MESSAGES" / "kit.po"


def use(language: str) -> None:
    """Show everything from now on in `language` (a code of `LANGUAGES`)."""
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"no texts in '{language}'; use one of: {', '.join(LANGUAGES)}")
    _current = language


def current() -> str:
    """The code of the language in use."""
    return _current


def own_name(language: str) -> str:
    """What a language calls itself, as it begins a line: English, Français."""
    from babel import Locale

    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


@contextmanager
def within(language: str) -> Iterator[None]:
    """Run a block in another language, then go back."""
    before = _current
    use(language)
    try:
        yield
    finally:
        use(before)


@contextmanager
def listening() -> Iterator[Heard]:
    """Note every text that is translated inside the block: what was drawn or said stays right as long as
    the catalogues give the same (`still`)."""
    global _heard
    before, _heard = _heard, {}
    try:
        yield _heard
    finally:
        _heard = before


@contextmanager
def silent(who: str) -> Iterator[None]:
    """Inside the block nothing may be translated: a result that holds words of one language is of no use to another."""
    global _silent
    before, _silent = _silent, who
    try:
        yield
    finally:
        _silent = before


@contextmanager
def unheard() -> Iterator[None]:
    """Inside the block nobody listens and translating is allowed: what a text is in the source language."""
    global _heard, _silent, _quiet
    before = _heard, _silent, _quiet
    _heard, _silent, _quiet = None, "", True
    try:
        yield
    finally:
        _heard, _silent, _quiet = before


def still(language: str, kind: str, texts: Sequence[str | int], told: str) -> bool:
    """Whether the catalogue of `language` gives for these texts what it gave before."""
    with within(language), unheard():
        return _ASKED[kind](*texts) == told


def said_aloud() -> bool:
    """Whether this process put something into words of a language while nobody listened: that cannot be said anew."""
    return _aloud


def _loud() -> None:
    global _aloud
    _aloud = _aloud or (_heard is None and not _quiet)
    if _silent:
        what = f"'{_silent}' puts words of one language into its table"
        raise MetricError(what, hint="Use kit.locale.later, which waits for the reader's language.")


def _note(kind: str, texts: tuple[str | int, ...], told: str) -> str:
    if _heard is not None:
        _heard[_current, kind, texts] = told
    return told


def _(text: str) -> str:
    """`text` in the language in use."""
    _loud()
    return _note("one", (text,), catalogue(_current).gettext(text)) if text else text


def N_(text: str) -> str:
    """Mark `text` for the catalogue without translating it yet."""
    return text


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many`, as the language in use counts `n`."""
    _loud()
    return _note("many", (one, many, n), catalogue(_current).ngettext(one, many, n))


def reason(text: str) -> str:
    """A reason kept in English, such as why a record was rejected, in the language in use.

    Reasons are not kept translated, because a case does not depend on a language. Known are
    those of the catalogue, those that fill in one of its templates, and either of them with
    clauses appended; any other text comes back as it is.
    """
    _loud()
    if _current == SOURCE or len(text) > LONGEST:
        return text
    return _note("reason", (text,), _reason(text))


def _reason(text: str) -> str:
    if (said := _known(text)) is not None:
        return said
    head, joint, clause = text.rpartition(JOINT)
    if joint and (more := _whole(clause)) is not None:
        return _("{reason}; {more}").format(reason=reason(head), more=more)
    return _filled(text) or text


def _known(text: str) -> str | None:
    """The translation of a whole text of the catalogue."""
    return translations(catalogue_file(_current), _current).get(text)


def _filled(text: str) -> str | None:
    """The translation of the template that `text` fills in, with its parts in place of `{}`."""
    for pattern, said in templates(catalogue_file(_current), _current):
        if found := pattern.fullmatch(text):
            parts = [_part(part) for part in found.groups()]
            return "".join(map("".join, zip_longest(said.split(PLACE), parts, fillvalue="")))
    return None


def _whole(text: str) -> str | None:
    return _known(text) or _filled(text)


def _part(text: str) -> str:
    """What fills in a template: a text of the catalogue, a large number, or the data's own words."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text, re.ASCII):
        return number(int(text.replace(",", "")))
    return _known(text) or text


def prose(notebook: str, source: str, language: str, folder: Path = NOTEBOOKS) -> str:
    """A Markdown cell of `notebook` (a file in `folder`) in `language`.

    A notebook that has a catalogue is translated whole: a cell without its translation
    is an error, because a page must not change language half-way. A report's own
    notebook may have none; then its English stands, and says so under its title.
    """
    if language == SOURCE or not source.strip():
        return source
    po = folder / "locale" / language / f"{notebook}.po"
    if not po.exists() and folder.resolve() != NOTEBOOKS:
        if not source.lstrip().startswith("# "):
            return source
        with within(language):
            return f"{source.rstrip()}\n\n*{_('This section is available in English only.')}*"
    known = translations(po, language)
    if source not in known:
        hint = f"Run `make catalogues`, then translate it in {po.parent.name}/{po.name}."
        raise KitError(
            f"prose without a translation in '{language}'",
            where=notebook,
            found=" ".join(source.split()[:8]),
            hint=hint,
        )
    return known[source]


def _rounded(value: float, digits: int, decimals: int | None = None) -> float:
    """`value` to so many significant digits and, where given, decimals; rounded once, whichever is coarser."""
    if not math.isfinite(value) or value == 0:
        return value
    kept = digits - 1 - math.floor(math.log10(abs(value)))
    if decimals is not None and decimals < kept:
        return round(value, decimals)
    return float(f"{value:.{digits}g}")


def number(value: float | int | None, digits: int = 3) -> str:
    """A number for readers: counts whole, others to `digits` significant digits; `–` where missing."""
    from babel import numbers

    _loud()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if abs(value) >= 1e15 and math.isfinite(value):
        return numbers.format_scientific(value, format="0.##E0", locale=_current)
    whole = float(value).is_integer()
    shown = float(value) if whole else _rounded(float(value), digits)
    decimals = 0 if whole or shown == 0 else max(0, digits - 1 - math.floor(math.log10(abs(shown))))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return numbers.format_decimal(shown, format=pattern, locale=_current)


def between(low: float, high: float) -> str:
    """Two counts as a range for readers, or one number where both are the same: `2 to 3`, `2`."""
    if low == high:
        return number(low)
    return _("{low} to {high}").format(low=number(low), high=number(high))


def percent(share: float | None, digits: int = 3) -> str:
    """A share from 0 to 1 as a percentage with `digits` significant digits, at most one decimal."""
    from babel import Locale, numbers

    _loud()
    if share is None or math.isnan(share):
        return "–"
    shown = _rounded(float(share) * 100, digits, decimals=1)
    sign = Locale.parse(_current).percent_formats[None].suffix[0]  # with its space, where there is one
    pattern = ("#,##0.0" if not shown.is_integer() else "#,##0") + sign
    return numbers.format_percent(shown / 100, format=pattern, locale=_current)


def p_value(p: float | None) -> str:
    """A p-value for readers: at most three decimals, never 0."""
    from babel import numbers

    _loud()
    if p is None or math.isnan(p):
        return "–"
    if p < 0.001:
        return "< " + numbers.format_decimal(0.001, format="0.###", locale=_current)
    return numbers.format_decimal(p, format="0.###", locale=_current)


def date(day: dt.date | dt.datetime | str) -> str:
    """A day in words of the language: 4 September 2023, 4 septembre 2023, 1er octobre 2023."""
    from babel import dates

    _loud()
    if isinstance(day, str):
        day = dt.date.fromisoformat(day[:10])
    first = _current == "fr" and day.day == 1  # an ordinal, for which Babel has no pattern
    pattern = "d'er' MMMM y" if first else "d MMMM y"
    return dates.format_date(day, format=pattern, locale=_current)


def months(label: str) -> str:
    """The label of a date axis, such as Sep or 2023-Sep-04, with the month and the order of the language."""
    from babel import dates

    _loud()
    if _current == SOURCE:
        return label
    names = [dates.get_month_names("abbreviated", locale=code) for code in (SOURCE, _current)]
    told = {english: names[1][number] for number, english in names[0].items()}

    def say(found: re.Match[str]) -> str:
        year, month, day = found["year"], told[found["month"]], found["day"]
        return " ".join(part for part in ((day or "").lstrip("0"), month, year) if part)

    pattern = rf"(?:(?P<year>\d{{4}})-)?\b(?P<month>{'|'.join(told)})\b(?:-(?P<day>\d\d))?"
    return re.sub(pattern, say, label)


_ASKED: dict[str, Callable[..., str]] = {"one": _, "many": ngettext, "reason": reason}
