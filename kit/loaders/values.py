"""Turn the text of a cell into a value, or say why it is none. Nothing is guessed.

Each function takes the name of the field first, so that a `BadValue` can name it.
An empty cell is None. No other word stands for a missing value here: `NA`, `null`
and `None` are names that people have.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from kit.errors import printable
from kit.locale import N_

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+[eE]\+?|[eE]\+)\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d+\.\d*", re.ASCII)
_COUNT = re.compile(r"(\d{1,19})(?:\.0*)?", re.ASCII)
_TRUE = {"true", "t", "yes", "y", "1"}
_FALSE = {"false", "f", "no", "n", "0"}
_LARGEST = 2**63 - 1

#: before this day a platform had no posts; a time before it is a wrong unit or a wrong column
BIRTH = {
    "x": datetime(2006, 3, 21),
    "facebook": datetime(2004, 2, 4),
    "instagram": datetime(2010, 7, 16),
    "youtube": datetime(2005, 4, 23),
    "reddit": datetime(2005, 6, 23),
    "linkedin": datetime(2003, 5, 5),
    "medium": datetime(2012, 8, 15),
    "telegram": datetime(2013, 8, 14),
    "tiktok": datetime(2014, 4, 1),
    "weibo": datetime(2009, 8, 14),
    "wechat": datetime(2011, 1, 21),
    "douyin": datetime(2016, 9, 1),
    "rednote": datetime(2013, 6, 1),
    "discord": datetime(2015, 1, 1),
    "bluesky": datetime(2022, 1, 1),
    "truthsocial": datetime(2021, 10, 1),
}
_FIRST = datetime(1995, 1, 1)


class BadValue(ValueError):
    """A value that cannot be kept: the field, why, and what was found."""

    def __init__(self, field: str, reason: str, found: Any) -> None:
        super().__init__(reason)
        self.field, self.reason, self.found = field, reason, printable(found)


def identifier(field: str, cell: Any, *, required: bool = False) -> str | None:
    """An identifier as text, exactly as given. One that went through a number is refused."""
    if type(cell) is int:
        return str(cell)
    if isinstance(cell, float):
        raise BadValue(field, "identifier lost precision before it reached us (a number with decimals)", cell)
    if cell is None or cell == "":
        if required:
            raise BadValue(field, "no identifier", "")
        return None
    if not isinstance(cell, str):
        raise BadValue(field, f"an identifier as text was expected, found {_kind(cell)}", cell)
    text = cell.strip()
    if not text:
        return identifier(field, "", required=required)
    if _SCIENTIFIC.fullmatch(text):
        raise BadValue(field, "identifier in scientific notation: its last digits are lost", cell)
    if _DECIMAL.fullmatch(text):
        raise BadValue(field, "identifier as a number with decimals: its last digits may be lost", cell)
    return text


def text(field: str, cell: Any) -> str | None:
    """Text as it stands; None only where the source has none."""
    if cell is None or isinstance(cell, str):
        return cell
    raise BadValue(field, f"text was expected, found {_kind(cell)}", cell)


def count(field: str, cell: Any) -> int | None:
    """A whole number from 0 on; `0.0` is 0; `1.5`, `-1`, `1.2K`, `1,234` are refused."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        whole = _COUNT.fullmatch(cell.strip())
        number = int(whole[1]) if whole else -1
    elif isinstance(cell, bool) or not isinstance(cell, int | float) or cell != cell or cell != cell // 1:
        number = -1
    else:
        number = int(cell)
    if not 0 <= number <= _LARGEST:
        raise BadValue(field, "a whole number from 0 on was expected", cell)
    return number


def boolean(field: str, cell: Any) -> bool | None:
    """True or false, in either case; also yes, no, 1, 0."""
    if cell is None or isinstance(cell, bool):
        return cell
    word = str(cell).strip().lower()
    if not word:
        return None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise BadValue(field, "true or false was expected", cell)


def plausible(field: str, moment: datetime, platform: str, found: Any) -> datetime:
    """`moment`, unless the platform did not exist yet or the day has not come."""
    if not BIRTH.get(platform, _FIRST) <= moment:
        raise BadValue(field, "a time before the platform existed: wrong unit or column?", found)
    # asking the clock for every row would cost more than the rest of the check
    if moment > _SOON and moment > soon():
        raise BadValue(field, "a time in the future", found)
    return moment


def soon() -> datetime:
    """A day from now, in UTC without a zone mark: clocks of servers and of the reader may differ."""
    return datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)


_SOON = soon()


def handle(field: str, cell: Any) -> str | None:
    """A handle without the leading @ and white space around it; case as given."""
    name = text(field, cell)
    return name.strip().removeprefix("@") or None if name is not None else None


def hashtag(word: str) -> str:
    """A hashtag without its sign, case folded, as tables compare it."""
    return word.strip().lstrip("#＃").casefold()


#: codes that platforms use in their own way, as BCP 47 has them; und is "not known"
_LANGUAGES = {
    **dict.fromkeys(("", "unknown"), None),
    **dict.fromkeys(("qme", "qht", "qst", "qam", "qct", "qer", "qid", "xx", "xx-lc"), "und"),
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "zh-cn": "zh-CN",
    "zh-tw": "zh-TW",
    "zh-hk": "zh-HK",
    "en-gb": "en-GB",
    "en-us": "en-US",
    "en-au": "en-AU",
    "pt-br": "pt-BR",
    "fr-ca": "fr-CA",
    "chinese (simplified)": "zh-Hans",
    "chinese (traditional)": "zh-Hant",
    "simplified chinese": "zh-Hans",
    "traditional chinese": "zh-Hant",
}


def language(code: str | None) -> str | None:
    """A language code as BCP 47 writes it where the platform's own is known, else as given."""
    if code is None:
        return None
    return _LANGUAGES.get(code.strip().lower(), code.strip())


#: what X escapes in texts, in the order in which it is taken back
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def unescaped(value: str) -> str:
    """Text of X with its three HTML entities taken back, once."""
    if "&" not in value:
        return value
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_NUMBER = N_("a number")
_KINDS = {
    dict: N_("an object"),
    list: N_("a list"),
    bool: N_("true or false"),
    float: _NUMBER,
    int: _NUMBER,
}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), type(value).__name__)
