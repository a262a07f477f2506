"""Personal data in a text that may be shown: telephone numbers, mail and street addresses, identity and card numbers.

`redacted(text)` puts a mark in the place of each and counts them by kind. It is for whatever shows words that people
wrote: posts, templates, remarks. It looks at how such data are built (numbering plans, check digits, kinds of
streets), in English, French and Chinese first; recall and precision are in docs/publishing.md. Where in doubt it
withholds: a hidden order number costs a reader little, a shown telephone number may cost somebody much.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

from kit.disclosure.identity import identity_numbers, luhn
from kit.locale import _

KINDS = ("mail", "iban", "card", "identity", "telephone", "street")
Span = tuple[int, int]
#: countries whose numbers are told without the country's prefix; all others need their +
REGIONS = ("US", "FR", "GB", "CN", "DE", "TW", "TH", "AU", "IN", "BE", "CH", "HK")
_NORTH_AMERICA = ("US", "CA")


def marks() -> dict[str, str]:
    """What stands in the place of each kind, in the language in use."""
    return {
        "mail": _("[mail address withheld]"),
        "iban": _("[bank account withheld]"),
        "card": _("[card number withheld]"),
        "identity": _("[identity number withheld]"),
        "telephone": _("[telephone number withheld]"),
        "street": _("[street address withheld]"),
    }


def redacted(text: str) -> tuple[str, Counter[str]]:
    """Which personal data does a text hold? The text with marks in their place, and how many there were by kind.

    >>> redacted("Call 416-967-1111 or write to zoe.quill@mail.example")[0]
    'Call [telephone number withheld] or write to [mail address withheld]'
    >>> redacted("About 120 accounts posted 4,321 times on 2023-08-12.")[1]
    Counter()
    """
    found, counts, out, last = spans(text), Counter[str](), [], 0
    said = marks()
    for start, end, kind in found:
        out += [text[last:start], said[kind]]
        counts[kind] += 1
        last = end
    return "".join([*out, text[last:]]), counts


def counted(counts: Mapping[str, int]) -> str:
    """How much was withheld, by kind, in the language in use.

    >>> counted(Counter({"mail": 2, "telephone": 1}))
    'Withheld as personal data: mail addresses (2), telephone numbers (1).'
    """
    kinds = {
        "mail": _("mail addresses"),
        "iban": _("bank accounts"),
        "card": _("card numbers"),
        "identity": _("identity numbers"),
        "telephone": _("telephone numbers"),
        "street": _("street addresses"),
    }
    said = ", ".join(f"{name} ({counts[kind]})" for kind, name in kinds.items() if counts.get(kind))
    return _("Withheld as personal data: {kinds}.").format(kinds=said)


def spans(text: str) -> list[tuple[int, int, str]]:
    """(start, end, kind) of every piece of personal data in `text`, in order, none over another."""
    plain, places = _plain(text)
    taken: list[tuple[int, int, str]] = []
    for kind, find in _FINDERS.items():
        for start, end in find(plain):
            if all(end <= a or b <= start for a, b, _kind in taken):
                taken.append((start, end, kind))
    return [(places[a], places[b - 1] + 1, kind) for a, b, kind in sorted(taken)]


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with plain digits, letters, spaces and dashes, and where each sign stood; what draws nothing is left out."""
    out, places = [], []
    for place, sign in enumerate(text):
        if sign.isascii():
            plain = sign
        elif unicodedata.category(sign) in ("Cf", "Mn", "Cc") and not sign.isspace():
            continue
        elif unicodedata.decimal(sign, None) is not None:
            plain = str(unicodedata.decimal(sign))
        elif unicodedata.category(sign) == "Pd" or sign == "−":
            plain = "-"
        elif sign.isspace():
            plain = " "
        else:
            plain = unicodedata.normalize("NFKC", sign)
            plain = plain if len(plain) == 1 else sign
        out.append(plain)
        places.append(place)
    return "".join(out), places


# --- mail

_LOCAL = r"[^\W_](?:[\w.!#$%&'*+/=?^`{|}~-]{0,62}[\w+-])?"
_AT = r"(?:@|\s?[\[({<]\s?(?:@|at|arobase|chez|a)\s?[\])}>]\s?|\s(?:at|arobase)\s)"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:\.|dot|point|d[o0]t)\s?[\])}>]\s?|\s(?:dot|point)\s)"
_MAIL = re.compile(
    rf"(?<![\w.+@/-])(?P<local>{_LOCAL})(?P<at>{_AT})(?P<host>[^\W_](?:[\w-]{{0,62}})(?:{_DOT}[^\W_][\w-]{{0,62}}){{1,6}})",
    re.IGNORECASE,
)


#: ends of addresses that are spelt in words
_SPOKEN = frozenset(
    "com org net info edu gov io eu fr ca qc uk us cn hk tw de ch be au in example invalid".split()
)


def _mails(text: str) -> Iterator[Span]:
    for found in _MAIL.finditer(text):
        parts = re.split(_DOT, found["host"], flags=re.IGNORECASE)
        said = found["at"].strip().lower() in ("at", "arobase")
        if said and not re.search(r"\s(dot|point)\s|[\[({<]", found["host"], re.IGNORECASE):
            continue  # "at", as people say where they are
        last = parts[-1].strip("-")
        if said and last.lower() not in _SPOKEN:
            continue
        if len(last) >= 2 and last.isalpha():
            yield found.start(), found.end() - (len(parts[-1]) - len(last))


# --- bank accounts and cards

_IBAN_LENGTHS = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23GL18"
        "GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21MC27MD24ME22MK19MR27MT31MU30NL18NO15"
        "PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20",
    )
}
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")


def _ibans(text: str) -> Iterator[Span]:
    for found in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(found[0][:2].upper(), 0)
        at = [i for i, sign in enumerate(found[0]) if sign.isalnum()]
        if not length or len(at) < length:
            continue
        code = "".join(found[0][i] for i in at[:length]).upper()
        end = found.start() + at[length - 1] + 1
        digits = "".join(str(int(sign, 36)) for sign in code[4:] + code[:4])
        if int(digits) % 97 == 1 and not text[end : end + 1].isalnum():
            yield found.start(), end


_CARD = re.compile(r"(?<![A-Za-z0-9_.,-])\d(?:[ .-]?\d){11,18}(?![\d]|[.,]\d)")


def _cards(text: str) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _is_card(digits) and luhn(digits):
            yield found.span()


def _is_card(digits: str) -> bool:
    """Whether a number of this length begins as those of a card network (ISO/IEC 7812)."""
    head, four, n = int(digits[:2]), int(digits[:4]), len(digits)
    return (
        (digits[0] == "4" and n in (13, 16, 19))
        or ((51 <= head <= 55 or 2221 <= four <= 2720) and n == 16)
        or (head in (34, 37) and n == 15)
        or ((four == 6011 or head == 65 or 644 <= int(digits[:3]) <= 649) and n in (16, 19))
        or (head == 62 and 16 <= n <= 19)
        or (3528 <= four <= 3589 and n in (16, 19))
        or ((head in (36, 38, 39) or 300 <= int(digits[:3]) <= 305) and n == 14)
        or ((four in (5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763)) and 12 <= n <= 19)
    )


# --- telephone numbers

_CUE = re.compile(
    r"(?:\b(?:t[eé]l(?:[eé]phon\w*|s)?|phone\w*|cell(?:ulaire)?|mobile|portable|fax|whats\s?app|signal|telegram|viber|wechat|"
    r"call(?:ing)?|ring|sms|text(?:o|s)?|appel\w*|joign\w*|joindre|reach|dial|hotline|num[eé]ro|ph|mob|ext)\b\.?"
    r"|电话|電話|手机|手機|联系方式|联系|聯絡|致电|致電|微信|热线|打给|拨打|传真)",
    re.IGNORECASE,
)
_NEAR = 30
_LOOSE = re.compile(r"(?<![A-Za-z0-9_.,/#-])[+(]?\d(?:[ ()./-]{0,2}\d){6,14}(?!\d|[.,]\d|\s?[%€$£¥])")
_GROUPS = re.compile(r"\(\d{2,5}\)|\d[ .-]\d")
_OTHER = re.compile(
    r"(?:[#№@_=/]|[$€£¥]\s?|\b(?:order|commande|invoice|facture|ref(?:erence)?|r[eé]f[eé]rence|isbn|issn|doi|dossier|"
    r"n[o°º]|id|ticket|tracking|colis|article|case|score|version|v|sku|serial|lot|part)\b[\s.:#№]*(?:n[o°º.]\s?|numbers?\s?|num[eé]ro\s?)?[:\s]*(?:is\s)?|订单号?|编号|单号)[\s:#]*$",
    re.IGNORECASE,
)  # fmt: skip


def _telephones(text: str) -> Iterator[Span]:
    if sum(sign.isdecimal() for sign in text) < 7:
        return
    found: set[Span] = set()
    for region in (None, *REGIONS):
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID, max_tries=10_000):
            span = (match.start, match.end)
            if span not in found and _is_told(text, match, region):
                found.add(span)
    for cue in _CUE.finditer(text):
        near = _LOOSE.search(text, cue.end(), cue.end() + _NEAR + 24)
        if (
            near
            and near.start() - cue.end() <= _NEAR
            and not _is_date(near[0])
            and not _is_other(text, near.start())
        ):
            found.add(near.span())
    yield from sorted(found, key=lambda span: (span[0] - span[1], span))


def _is_told(text: str, match: phonenumbers.PhoneNumberMatch, region: str | None) -> bool:
    """Whether a valid number is written as telephone numbers are, and not as a date, a price or an order."""
    raw = match.raw_string
    digits = re.sub(r"\D", "", raw)
    before, after = text[: match.start], text[match.end :]
    if raw.startswith("+") or before.endswith("+"):
        return True
    if (
        _is_date(raw)
        or _is_other(text, match.start)
        or re.match(r"\s?[%€$£¥]|[.,:]\d|\s?(?:EUR|USD|CAD|GBP|CNY)\b", after)
    ):
        return False
    if any(
        cue.end() <= match.start and match.start - cue.end() <= _NEAR
        for cue in _CUE.finditer(text[: match.start])
    ):
        return True
    if digits.startswith("00") and len(digits) >= 11:
        return True
    if region in _NORTH_AMERICA:
        shape = r"(?:1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}"
        return bool(re.fullmatch(shape, raw))
    if region == "CN" and re.fullmatch(r"(?:86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}", raw):
        return True
    return raw.lstrip("(").startswith("0") and len(digits) >= 9 and not re.search(r"[/]", raw)


def _is_other(text: str, start: int) -> bool:
    return bool(_OTHER.search(text[max(0, start - 24) : start]))


_DATE = re.compile(
    r"(?:19|20)\d\d([-/. ])\d{1,2}\1\d{1,2}(?:\D.*)?|\d{1,2}([-/. ])\d{1,2}\2(?:19|20)\d\d(?:\D.*)?|(?:(?:19|20)\d\d[ ./-]*){1,3}"
)


def _is_date(raw: str) -> bool:
    """Whether digits are written as a day, a span of years, or a day of eight digits."""
    raw = raw.strip(" ()")
    if _DATE.fullmatch(raw):
        return True
    if re.fullmatch(r"(?:19|20)\d{6}", raw):
        try:
            dt.date(int(raw[:4]), int(raw[4:6]), int(raw[6:]))
        except ValueError:
            return False
        return True
    return False


# --- street addresses

_NUMBER = r"(?<![A-Za-z0-9_.,$€£#-])\d{1,5}(?:\s?[-–]\s?\d{1,5})?(?:\s?(?:bis|ter|quater|[A-Da-d]))?(?![\d])"
_UNIT = r"(?:(?:apt|apartment|flat|unit|suite|ste|app|appt|appartement|bureau)\.?\s?#?\w{1,5}|#\w{1,5}|\d{1,4}[ ]?-)"
_WORD = r"(?:[A-ZÀ-Þ][\w'’.-]*|\d{1,3}(?:st|nd|rd|th)|[NSEW]\.?|(?:de|du|des|la|le|les|the|of|and|van|von|st|ste)\b)"
_SURE = r"street|avenue|boulevard|crescent|blvd|ave|rd|cres|terrace|parkway|pkwy|highway|hwy|str|st|ln|dr|ct|pl|sq"
_CAPITAL = (
    r"Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Crescent|Cres|Square|Sq|Terrace|"
    r"Terr|Parkway|Pkwy|Highway|Hwy|Close|Gardens|Grove|Row|Walk|Mews|Hill|Trail|Circle|Cir|Alley|Quay|Park|Rise|View|Path"
)
_ENGLISH = re.compile(
    rf"(?:{_UNIT}[ ,]+)?{_NUMBER},?[ ]+(?:(?:[NSEW]|North|South|East|West)\.?[ ]+)?(?:{_WORD}[ ]+){{1,4}}(?:{_CAPITAL})\b\.?"
    rf"(?:[ ]+(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b\.?)?(?:,?[ ]+{_UNIT})?"
)
_SMALL = re.compile(
    rf"{_NUMBER},?[ ]+(?:(?!(?:of|in|the|a|an|on|at|from|per|and|to|for|with|people|posts|days|years?|hours?|times)\b)[a-z'’]{{2,20}}[ ]+){{1,3}}(?:{_SURE})\b\.?(?!\s?(?:of|in which))"
)
_BOX = re.compile(
    r"\b(?:P\.?\s?O\.?\s?Box|(?:C\.?P\.?|B\.?P\.?|Case postale|Boîte postale))\s?\d{1,6}\b|(?:邮政)?信箱\s?\d{1,6}号?",
    re.IGNORECASE,
)
_KINDS_FR = (
    r"rue|r\.|avenue|av\.?|ave|boulevard|boul\.?|bd\.?|blvd|place|pl\.?|all[ée]e|all\.|impasse|imp\.|chemin|ch\.?|route|rte|quai|cours|"
    r"square|sq\.|passage|villa|faubourg|fbg|sentier|rang|mont[ée]e|côte|cité|esplanade|promenade|ruelle|venelle|rond-point|résidence|hameau"
)
_FRENCH = re.compile(
    rf"(?:{_UNIT}[ ,]+)?{_NUMBER},?[ ]+(?:{_KINDS_FR})[ ]+(?:(?:de|du|des|la|le|les|d['’]|l['’]|de l['’])[ ]?){{0,3}}"
    r"[A-ZÀ-Þa-zß-ÿ0-9][\w'’.-]*(?:[ ](?:(?:de|du|des|la|le|les|et|sur|en|d['’]|l['’])[ ]?){0,2}[A-ZÀ-Þ][\w'’.-]*){0,4}",
    re.IGNORECASE,
)
_HAN = r"\u4e00-\u9fff"
_CHINESE = re.compile(
    r"(?:大道|大街|胡同|小区|花园|[路街道巷弄里村段園园號庄])[东西南北中]?"
    r"\s?[\d一二三四五六七八九十百]{1,5}\s?(?:号院|号楼|号|號|弄|巷|栋|棟|幢|座)"
    r"(?:\s?[\dA-Za-z一二三四五六七八九十]{1,5}\s?(?:号楼|号|號|楼|樓|栋|棟|幢|座|单元|單元|室|层|層|房)){0,6}"
)
#: how far before the word for a street its name, its town and its province may begin, and what ends them
_NAMES_BEFORE = re.compile(rf"[{_HAN}0-9]{{0,26}}\Z")
_NO_NAME = re.compile(r".*(?:住在|位于|在|地址|于|到|至|去|是|往)", re.DOTALL)
_TAIL = re.compile(
    r"(?:,?[ ]+(?:[A-ZÀ-Þ][\w'’.-]+[ ,]*){1,4})?,?[ ]*(?:\([A-Z][\w -]+\)[ ,]*)?(?:(?:[A-Z]{2}|[A-Z][a-z]+),?[ ]+)?"
    r"(?:[A-Z]\d[A-Z][ -]?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|\d{5}(?:-\d{4})?)\b(?:[ ]+[A-ZÀ-Þ][\w'’-]+(?:[ ]\d{1,2}(?:e|er)?\b)?)?"
)


def _streets(text: str) -> Iterator[Span]:
    for pattern in (_CHINESE, _FRENCH, _ENGLISH, _SMALL, _BOX):
        for found in pattern.finditer(text):
            if pattern is _FRENCH and not _is_french_street(found[0]):
                continue
            tail = _TAIL.match(text, found.end())
            start = _chinese_start(text, found.start()) if pattern is _CHINESE else found.start()
            yield start, tail.end() if tail else found.end()


def _chinese_start(text: str, street: int) -> int:
    """Where an address begins whose word for the street stands at `street`: names and towns stand before it."""
    before = _NAMES_BEFORE.search(text, max(0, street - 26), street)
    said = before[0] if before else ""
    if no_name := _NO_NAME.match(said):
        said = said[no_name.end() :] or said[-2:]
    return street - len(said)


def _is_french_street(said: str) -> bool:
    """Whether a number, a kind of street and words are an address: 3 places de plus are none."""
    kind = re.search(rf"(?:{_KINDS_FR})(?=[ ])", said, re.IGNORECASE)
    assert kind
    rest = said[kind.end() :].strip()
    sure = kind[0].lower().rstrip(".") in ("rue", "boulevard", "avenue", "impasse", "chemin", "boul", "bd", "blvd", "allée", "allee", "quai", "rte", "route", "faubourg")  # fmt: skip
    name = re.sub(r"^(?:(?:des|du|de|les|la|le)[ ]|[dl]['’])+", "", rest)
    return name[:1].isupper() or (sure and name[:1].isalpha() and len(name) > 2)


_FINDERS: dict[str, Callable[[str], Iterator[Span]]] = {
    "mail": _mails,
    "iban": _ibans,
    "card": _cards,
    "identity": identity_numbers,
    "telephone": _telephones,
    "street": _streets,
}
