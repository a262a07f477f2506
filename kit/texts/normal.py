"""One text, written one way, to be compared; and what somebody wrote without what the platform put there."""

from __future__ import annotations

import functools
import re
import string
import unicodedata
from collections.abc import Iterable

import numpy as np

#: addresses, and accounts with the `RT` before them; the lengths keep hostile texts linear
_TAKEN_OFF = re.compile(r"(?:https?://|www\.)\S{1,2048}|(?:\brt\s{1,4})?[@＠][\w.]{1,64}:?", re.IGNORECASE)
_ASCII_NOISE = bytes(c for c in range(128) if chr(c) not in string.ascii_letters + string.digits)
#: letters of other alphabets that look Latin, written as the Latin ones inside a Latin text
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁɡһкмтвнαοντρικυ", "aeopcyxijsdghkmtbhaovtpiku")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[a-z]")
_ASCII_GAPS = {c: " " for c in range(128) if chr(c) not in string.ascii_letters + string.digits}
_CLOSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_CLOSER = re.compile(r"[\u0e00-\u0eff]")
_WORD = re.compile(r"[^\W_]+")


class _Letters(dict[int, "int | None"]):
    """What each sign becomes: itself, its simplified form, or nothing; filled as signs are met."""

    def __missing__(self, code: int) -> int | None:
        category = unicodedata.category(chr(code))
        kept = category[0] in "LN" or (category in ("Mn", "Mc") and not _selects(code))
        found: int | None = _simplified(code) if kept else None
        self[code] = found
        return found


def _selects(code: int) -> bool:
    """Whether a mark only chooses a form, as of emoji."""
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


@functools.cache
def _converter() -> object:
    import opencc

    return opencc.OpenCC("t2s")


def _simplified(code: int) -> int:
    if not _HAN.match(chr(code)):
        return code
    found = _converter().convert(chr(code))  # type: ignore[attr-defined]
    return ord(found) if len(found) == 1 else code


_LETTERS = _Letters()


def normalise(text: str) -> str:
    """`text` as it is compared: NFKC, case folded, simplified Chinese, only letters, marks and digits.

    Addresses, account names and `RT @name:` go whole; a hashtag keeps its word. A letter
    of another alphabet that looks Latin counts as Latin inside a mostly Latin text.
    Linear in the length of the text; never fails.
    """
    if text.isascii():
        if "@" in text or "//" in text or "www." in text or "WWW." in text:
            text = _TAKEN_OFF.sub(" ", text)
        return text.encode().translate(None, _ASCII_NOISE).decode().lower()
    text = unicodedata.normalize("NFKC", _TAKEN_OFF.sub(" ", text)).casefold().translate(_LETTERS)
    if not text.isascii() and len(_LATIN.findall(text)) * 2 > len(text):
        text = text.translate(_LOOK_ALIKES)
    return text


def words(text: str) -> float:
    """Length of a text in words, without addresses and account names.

    Two Chinese or Japanese signs count as one word, four signs of Thai or Lao too: these are
    written without spaces.
    """
    text = _TAKEN_OFF.sub(" ", text)
    if text.isascii():
        return float(len(text.translate(_ASCII_GAPS).split()))
    close, closer = len(_CLOSE.findall(text)), len(_CLOSER.findall(text))
    rest = _CLOSER.sub(" ", _CLOSE.sub(" ", text)) if close or closer else text
    return len(_WORD.findall(rest)) + close / 2 + closer / 4


def han_share(text: str) -> float:
    """Share of Chinese characters in a normalised text."""
    return 0.0 if text.isascii() or not text else len(_HAN.findall(text)) / len(text)


def coded(texts: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Texts as one array of 16-bit signs and their starts; rarer signs are folded into the private range."""
    listed = list(texts)
    codes = np.frombuffer("".join(listed).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.where(codes < 0x10000, codes, 0xE000 + codes % 6400).astype(np.uint16)
    starts = np.zeros(len(listed) + 1, np.int64)
    np.cumsum([len(text) for text in listed], out=starts[1:])
    return codes, starts


# Every repetition is over one class of signs or has a limit, so the work grows with the text and no faster.
_LINK = re.compile(
    # ends where ASCII ends, for Chinese may follow a link without a space; without http:// it has a path
    r"https?://[!-~]+|(?<![A-Za-z0-9.@-])(?:www\.[!-~]+|(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,20}/[!-~]*)",
    re.IGNORECASE,
)
# a name in Latin letters ends where they end; another (Weibo) at the next sign that is no letter
_MENTION = re.compile(
    r"[@＠](?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}(?:@[A-Za-z0-9-][A-Za-z0-9.-]{0,100})?|\w{1,30})"
)
# #topic# as Weibo writes it, else #tag
_TAG = re.compile(r"[#＃][^#＃\s]{1,60}[#＃](?![A-Za-z0-9_])|[#＃]\w+")
_PASSED_ON = re.compile(r"(?<!\w)RT(?=\s?[@＠:：])")


def plain(text: str) -> str:
    """`text` without links, hashtags, mentions and the "RT" of a repost; the tag goes whole.

    >>> plain("RT @someone: 今天天气很好 https://t.co/abc #weather")
    ': 今天天气很好'
    """
    for pattern in (_LINK, _PASSED_ON, _MENTION, _TAG):
        text = pattern.sub(" ", text)
    return " ".join(text.split())
