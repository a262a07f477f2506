"""Identity numbers in a text, told by their check digits and, where they have none, by the words before them.

Canada (SIN), United States (SSN, ITIN), United Kingdom (NINO, NHS), France (NIR), Spain (DNI, NIE), Italy (codice fiscale),
Belgium, Brazil (CPF), India (Aadhaar), China, Taiwan, Hong Kong, Thailand; and passports.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

_CUE = re.compile(
    r"(?:\b(?:passports?|passeports?|s\.?i\.?n|n\.?a\.?s|ssn|itin|nino|n\.?i\.? number|social (?:insurance|security)|assurance sociale|"
    r"s[ée]curit[ée] sociale|nir|identity|identit[ée]|id(?:entity)? card|national id|carte d['’ ]identit[ée]|cni|aadhaar|cpf|dni|nie|"
    r"nhs|codice fiscale|tax(?:payer)? id|permis de conduire|driver'?s? licen[cs]e|carte vitale|niss)\b|护照|護照|身份证|身分證|身份號碼|บัตรประชาชน)",
    re.IGNORECASE,
)
_NEAR = 30
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Z0-9]*\d{4})[A-Z]{0,3}\d{5,9}[A-Z]{0,2}\d?(?![A-Za-z0-9_-])|(?<![A-Za-z0-9_-])\d{2}[A-Z]{2}\d{5}(?![A-Za-z0-9_-])"
)
_MACHINE = re.compile(
    r"[PIAV][A-Z<][A-Z]{3}[A-Z<]{10,39}(?:\s+[A-Z0-9<]{28,44})?|(?<![\w<])[A-Z0-9]{9}\d[A-Z]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{2,16}"
)
_UNIT = re.compile(r"\s?(?:%|€|\$|£|¥|EUR|USD|CAD|[a-zà-ÿ]{3,})", re.IGNORECASE)


def identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each number that identifies a person, in `text` with plain digits."""
    for pattern, holds in _NUMBERS:
        for found in pattern.finditer(text):
            if holds(text, found):
                yield found.span()
    yield from (found.span() for found in _MACHINE.finditer(text))
    for cue in _CUE.finditer(text):
        number = _PASSPORT.search(text, cue.end(), cue.end() + _NEAR + 12)
        if number and number.start() - cue.end() <= _NEAR:
            yield number.span()


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 * (d > 9) for d in doubled) % 10 == 0 and len(set(digits)) > 1


def _bare(found: re.Match[str]) -> str:
    return re.sub(r"[\s.()/-]", "", found[0]).upper()


def _told(text: str, found: re.Match[str]) -> bool:
    """Whether a word that names such a number stands before or behind it."""
    around = (
        text[max(0, found.start() - _NEAR) : found.start()] + " | " + text[found.end() : found.end() + 20]
    )
    return bool(_CUE.search(around))


def _canada(text: str, found: re.Match[str]) -> bool:
    if not luhn(_bare(found)):
        return False
    if _told(text, found):
        return True
    if " " not in found[0] and "-" not in found[0]:
        return False
    counts = " " in found[0] and _UNIT.match(text, found.end())  # thousands in French: 123 456 789 vues
    money = re.search(r"[$€£¥#]\s?$", text[: found.start()])
    return found[0][0] != "8" and not counts and not money


def _states(text: str, found: re.Match[str]) -> bool:
    digits = _bare(found)
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    possible = area not in ("000", "666") and group != "00" and serial != "0000"
    return possible and ("-" in found[0] or _told(text, found))


def _kingdom(_text: str, found: re.Match[str]) -> bool:
    code = _bare(found)
    return not (
        set(code[0]) & set("DFIQUV")
        or code[1] in "DFIQUVO"
        or code[:2] in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ")
    )


def _health(text: str, found: re.Match[str]) -> bool:
    digits = _bare(found)
    check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9]) and _told(text, found)


def _france(_text: str, found: re.Match[str]) -> bool:
    code = _bare(found)
    number = code[:13].replace("2A", "19").replace("2B", "18")
    return number.isdecimal() and 97 - int(number) % 97 == int(code[13:])


def _spain(_text: str, found: re.Match[str]) -> bool:
    code = _bare(found)
    number = str("XYZ".find(code[0])) + code[1:8] if code[0] in "XYZ" else code[:8]
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == code[8]


_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True))  # fmt: skip


def _italy(_text: str, found: re.Match[str]) -> bool:
    code = _bare(found)
    even = sum(int(c) if c.isdecimal() else ord(c) - 65 for c in code[1:15:2])
    return chr(65 + (even + sum(_ODD[c] for c in code[0:15:2])) % 26) == code[15]


def _belgium(text: str, found: re.Match[str]) -> bool:
    digits = _bare(found)
    check = int(digits[9:])
    right = any(97 - int(century + digits[:9]) % 97 == check for century in ("", "2"))
    return (
        right
        and 1 <= int(digits[2:4]) <= 12
        and 1 <= int(digits[4:6]) <= 31
        and ("." in found[0] or _told(text, found))
    )


def _brazil(text: str, found: re.Match[str]) -> bool:
    digits = _bare(found)
    for n in (9, 10):
        check = sum(int(d) * (n + 1 - i) for i, d in enumerate(digits[:n])) * 10 % 11 % 10
        if check != int(digits[n]):
            return False
    return len(set(digits)) > 1 and ("." in found[0] or "-" in found[0] or _told(text, found))


_TURNS = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
_TABLE = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043",
    "8765932104", "9876543210",
)  # fmt: skip


def _india(text: str, found: re.Match[str]) -> bool:
    digits, check = _bare(found), 0
    for i, d in enumerate(reversed(digits)):
        check = int(_TABLE[check][int(_TURNS[i % 8][int(d)])])
    counts = _UNIT.match(text, found.end()) and not _told(text, found)
    return check == 0 and (" " in found[0] or "-" in found[0] or _told(text, found)) and not counts


def _china(_text: str, found: re.Match[str]) -> bool:
    code = _bare(found)
    try:
        dt.date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return False
    weighed = sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(code[:17]))
    return "10X98765432"[weighed % 11] == code[17]


def _taiwan(_text: str, found: re.Match[str]) -> bool:
    code = _bare(found)
    city = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(code[0]) + 10
    digits = [city // 10, city % 10, *map(int, code[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d * w for d, w in zip(digits, weights, strict=True)) % 10 == 0


def _hong_kong(_text: str, found: re.Match[str]) -> bool:
    code = _bare(found)
    letters = re.match("[A-Z]+", code)
    assert letters
    values = (
        [36] * (2 - len(letters[0]))
        + [ord(c) - 55 for c in letters[0]]
        + [int(d) for d in code[len(letters[0]) : -1]]
    )
    rest = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11
    return code[-1] == "0A987654321"[rest] if rest != 1 else code[-1] == "A"


def _thailand(text: str, found: re.Match[str]) -> bool:
    digits = _bare(found)
    check = (11 - sum(int(d) * (13 - i) for i, d in enumerate(digits[:12])) % 11) % 10
    return (
        digits[0] != "0"
        and check == int(digits[12])
        and ("-" in found[0] or " " in found[0] or _told(text, found))
    )


_EDGE, _END = r"(?<![A-Za-z0-9_.,/#-])", r"(?![A-Za-z0-9_]|[-.,]\d)"
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], bool]], ...] = tuple(
    (re.compile(_EDGE + pattern + _END, re.IGNORECASE), holds)
    for pattern, holds in (
        (r"[1-8]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dX]", _china),
        (r"[1278][ ]?\d{2}[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d{2}", _france),
        (r"[A-Z]{6}\d{2}[A-EHLMPRST][0-7]\d[A-Z]\d{3}[A-Z]", _italy),
        (r"\d[ -]\d{4}[ -]\d{5}[ -]\d{2}[ -]\d|\d{13}", _thailand),
        (r"[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}", _india),
        (r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", _brazil),
        (r"\d{2}\.?\d{2}\.?\d{2}-?\d{3}[.-]?\d{2}", _belgium),
        (r"\d{3}[ -]\d{3}[ -]\d{3}|\d{9}", _canada),
        (r"\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}|\d{9}", _states),
        (r"\d{3}[ -]?\d{3}[ -]?\d{4}", _health),
        (r"[A-Z]{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D]", _kingdom),
        (r"(?:\d{8}|[XYZ]-?\d{7})[ -]?[A-Z]", _spain),
        (r"[A-Z][1289]\d{8}", _taiwan),
        (r"[A-Z]{1,2}\d{6}[ ]?\(?[\dA]\)?", _hong_kong),
    )
)  # fmt: skip
