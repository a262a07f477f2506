"""Labelled sentences with invented personal data of each kind, and sentences with what only looks like it.

Written from the definitions (numbering plans, check digits, how addresses are written in three languages), with
word lists of its own; nothing here is shared with `kit.disclosure.personal`. `corpus(kind, n, seed)` gives n items
that hold one, `calm(n, seed)` n items that hold none.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

D = "0123456789"
A = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Item(NamedTuple):
    """A sentence; the kind of what stands in it, and its signs that may not remain."""

    text: str
    kind: str
    secret: str


FIRST = "ana bruno chloé dmitri élise farid grace hugo inès jonas kenza liam mei noah olga paul qing rosa sami tara ulla victor wen yara zoe".split()  # fmt: skip
LAST = "arbour beaulieu castonguay dufresne eastman fontaine gagné holloway ivanova jarvis kowalski lachance moreau nguyen okafor pelletier quirion rahman santos tremblay underhill vasquez wong yilmaz zeller".split()  # fmt: skip
ASCII = str.maketrans("éèêëàâîïôûùç", "eeeeaaiiouuc")


def digits(draw: random.Random, n: int, first: str = D) -> str:
    return draw.choice(first) + "".join(draw.choices(D, k=n - 1)) if n else ""


def grouped(text: str, sizes: tuple[int, ...], gap: str) -> str:
    out, at = [], 0
    for size in sizes:
        out.append(text[at : at + size])
        at += size
    return gap.join(out)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c in D else c for c in text)


# --- telephones: by the numbering plans

AREAS = "204 226 236 249 250 289 306 343 365 403 416 418 438 450 506 514 519 581 587 604 613 647 705 709 778 780 807 819 902 905 212 213 312 415 617 702 818 917".split()  # fmt: skip


def north_america(draw: random.Random) -> str:
    exchange = digits(draw, 3, "23456789")
    while exchange[1:] == "11" or exchange == "555":
        exchange = digits(draw, 3, "23456789")
    area, line = draw.choice(AREAS), digits(draw, 4)
    return draw.choice(("{}-{}-{}", "({}) {}-{}", "{} {} {}", "{}.{}.{}", "+1 {} {} {}", "1-{}-{}-{}", "+1{}{}{}", "+1 ({}) {}-{}")).format(area, exchange, line)  # fmt: skip


def france(draw: random.Random) -> str:
    n = draw.choice(("6", "6", "70", "76", "78", "14", "42", "38", "55", "49"))
    n += digits(draw, 9 - len(n))
    pairs = grouped("0" + n, (2, 2, 2, 2, 2), draw.choice((" ", ".", "-", "", " ")))
    abroad = draw.choice(("+33 ", "0033 ", "+33", "+33(0)")) + grouped(n, (1, 2, 2, 2, 2), " ")
    return draw.choice((pairs, pairs, abroad))


def britain(draw: random.Random) -> str:
    mobile = "7" + draw.choice("4578") + digits(draw, 8)
    mobile = mobile.replace("70", "77", 1) if mobile.startswith("70") else mobile
    if draw.random() < 0.5:
        return draw.choice(("0{} {}", "+44 {} {}")).format(mobile[:4], mobile[4:])
    town = "20 7" + digits(draw, 3) + " " + digits(draw, 4)
    return draw.choice(("0", "+44 ")) + town


def china(draw: random.Random) -> str:
    mobile = "1" + draw.choice(("38", "39", "35", "86", "87", "52", "58", "77", "91")) + digits(draw, 8)
    landline = draw.choice(("010", "021")) + "-" + digits(draw, 8, "568")
    return draw.choice((mobile, grouped(mobile, (3, 4, 4), " "), grouped(mobile, (3, 4, 4), "-"), "+86 " + mobile, landline, full_width(mobile)))  # fmt: skip


def elsewhere(draw: random.Random) -> str:
    return draw.choice(
        (
            "+49 151 " + digits(draw, 8, "12"),
            "+66 8" + digits(draw, 1, "1569") + " " + digits(draw, 3) + " " + digits(draw, 4),
            "+886 9" + grouped(digits(draw, 8, "1235"), (2, 3, 3), " "),
            "+91 98" + grouped(digits(draw, 8), (3, 5), " "),
            "+61 4" + grouped(digits(draw, 8, "012"), (2, 3, 3), " "),
            "+852 9" + grouped(digits(draw, 7, "123"), (3, 4), " "),
        )
    )


def telephone(draw: random.Random) -> tuple[str, str]:
    value = draw.choice((north_america, north_america, france, france, britain, china, china, elsewhere))(
        draw
    )
    return value, value


# --- mail


def mail(draw: random.Random) -> tuple[str, str]:
    first, last = draw.choice(FIRST).translate(ASCII), draw.choice(LAST).translate(ASCII)
    local = draw.choice(("{f}.{l}", "{f}{l}", "{f}_{l}{n}", "{l}+{f}", "{f}-{l}", "{i}.{l}", "{f}{n}")).format(f=first, l=last, i=first[0], n=draw.randrange(100))  # fmt: skip
    name, end = draw.choice(("postbox", "lettre", "mailhub", "courrier-nord", "uni-lac", "town")), draw.choice(("example", "invalid", "org", "ca", "co.uk", "qc.ca", "com", "fr", "cn"))  # fmt: skip
    plain = f"{local}@{name}.{end}"
    hidden = [
        f"{local} (at) {name} (dot) {end.replace('.', ' (dot) ')}",
        f"{local}[at]{name}.{end}",
        f"{local} at {name} dot {end.replace('.', ' dot ')}",
        f"{local} [@] {name}.{end}",
        f"{local}@{name}[.]{end}",
        f"{local} arobase {name} point {end.replace('.', ' point ')}",
        f"{local}＠{name}.{end}",
        plain.upper(),
    ]
    return draw.choice([plain] * 8 + hidden), local


# --- cards and accounts


def luhn_digit(body: str) -> str:
    total = 0
    for place, sign in enumerate(body[::-1]):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def card(draw: random.Random) -> tuple[str, str]:
    start, length = draw.choice((("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("62", 16), ("3530", 16), ("36", 14), ("4", 16)))  # fmt: skip
    body = start + digits(draw, length - 1 - len(start))
    number = body + luhn_digit(body)
    sizes = (4, 6, 5) if length == 15 else (4, 6, 4) if length == 14 else (4, 4, 4, 4)
    value = draw.choice(
        (number, grouped(number, sizes, " "), grouped(number, sizes, "-"), grouped(number, sizes, "\u00a0"))
    )
    return value, value


SHAPES = {"DE": "n18", "FR": "n10c11n2", "GB": "a4n14", "BE": "n12", "NL": "a4n10", "ES": "n20", "CH": "n5c12", "IT": "a1n10c12", "PL": "n24", "LU": "n3c13", "AT": "n16", "SE": "n20"}  # fmt: skip


def iban(draw: random.Random) -> tuple[str, str]:
    country = draw.choice(sorted(SHAPES))
    body, shape = "", SHAPES[country]
    while shape:
        kind, size = shape[0], ""
        shape = shape[1:]
        while shape and shape[0].isdigit():
            size, shape = size + shape[0], shape[1:]
        body += "".join(draw.choices({"n": D, "a": A, "c": D + A}[kind], k=int(size)))
    number = 0
    for sign in body + country + "00":
        value = D.find(sign) if sign in D else A.index(sign) + 10
        number = number * (10 if value < 10 else 100) + value
    code = f"{country}{98 - number % 97:02d}{body}"
    spaced = " ".join(code[i : i + 4] for i in range(0, len(code), 4))
    value = draw.choice((code, spaced, spaced, code.lower()))
    return value, value


# --- identity numbers


def social_insurance(draw: random.Random) -> str:
    body = digits(draw, 8, "1234567")
    return grouped(body + luhn_digit(body), (3, 3, 3), draw.choice((" ", "-", "-")))


def social_security(draw: random.Random) -> str:
    area = draw.randrange(1, 900)
    return f"{area if area != 666 else 667:03d}-{draw.randrange(1, 100):02d}-{draw.randrange(1, 10000):04d}"


def national_insurance(draw: random.Random) -> str:
    letters = draw.choice("ABCEHJLMPRSTWXY") + draw.choice("ABCEHJLMPRSWX")
    return draw.choice(("{} {} {} {} {}", "{}{}{}{}{}")).format(letters, digits(draw, 2), digits(draw, 2), digits(draw, 2), draw.choice("ABCD"))  # fmt: skip


def inscription(draw: random.Random) -> str:
    place = draw.choice(("75", "13", "59", "2A", "2B", "33"))
    body = f"{draw.choice('12')}{draw.randrange(100):02d}{draw.randrange(1, 13):02d}{place}{draw.randrange(1, 900):03d}{draw.randrange(1, 999):03d}"
    value = int(body.replace("2A", "19").replace("2B", "18"))
    code = f"{body}{97 - value % 97:02d}"
    return draw.choice((code, grouped(code, (1, 2, 2, 2, 3, 3, 2), " ")))


def resident(draw: random.Random) -> str:
    body = f"{draw.choice(('110105', '310101', '440305', '510107'))}{draw.randrange(1950, 2008)}{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}{digits(draw, 3)}"
    remainder = 0
    for sign in body:  # the check makes the whole 1 modulo 11 in base 2
        remainder = (remainder + int(sign)) * 2 % 11
    check = (12 - remainder) % 11
    return body + ("X" if check == 10 else str(check))


def formosa(draw: random.Random) -> str:
    letter = draw.choice("ABCDEFGH")
    body = draw.choice("12") + digits(draw, 7)
    number = 10 + "ABCDEFGH".index(letter)
    total = number // 10 + number % 10 * 9 + sum(int(s) * (8 - i) for i, s in enumerate(body))
    return f"{letter}{body}{-total % 10}"


def harbour(draw: random.Random) -> str:
    letter, body = draw.choice("ABCDEGHKPRVYZ"), digits(draw, 6)
    total = 36 * 9 + (A.index(letter) + 10) * 8 + sum(int(s) * (7 - i) for i, s in enumerate(body))
    check = -total % 11
    return f"{letter}{body}({'A' if check == 10 else check})"


def siam(draw: random.Random) -> str:
    body = digits(draw, 12, "12345678")
    total = sum(int(s) * w for s, w in zip(body, range(13, 1, -1), strict=True))
    return grouped(body + str((11 - total % 11) % 10), (1, 4, 5, 2, 1), "-")


def iberia(draw: random.Random) -> str:
    number = digits(draw, 8)
    return f"{number}{draw.choice(('', '-'))}{'TRWAGMYFPDXBNJZSQVHLCKE'[int(number) % 23]}"


def brasil(draw: random.Random) -> str:
    body = digits(draw, 9)
    for _turn in range(2):
        rest = sum(int(s) * w for s, w in zip(body, range(len(body) + 1, 1, -1), strict=True)) % 11
        body += "0" if rest < 2 else str(11 - rest)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def passport(draw: random.Random) -> str:
    number = draw.choice((draw.choice(A) + draw.choice(A) + digits(draw, 6), digits(draw, 9), draw.choice("EG") + digits(draw, 8), digits(draw, 2) + "CK" + digits(draw, 5)))  # fmt: skip
    return draw.choice(("passport {}", "passport no. {}", "Passport number: {}", "passeport {}", "passeport n° {}", "护照号码{}", "护照 {}")).format(number)  # fmt: skip


def identity(draw: random.Random) -> tuple[str, str]:
    make = draw.choice((social_insurance, social_insurance, social_security, national_insurance, inscription, resident, formosa, harbour, siam, iberia, brasil, passport))  # fmt: skip
    value = make(draw)
    return value, value.replace(" ", "").replace("：", ":")[-8:] if make is passport else value


# --- streets

TREES = "Maple Oak Cedar Birch Willow Elm Spruce Harbour Church Mill Station Victoria Queen Albert Riverside Sherbrooke Bloor Granville Portage Jasper".split()  # fmt: skip
ROADS = "Street St. Avenue Ave Road Rd Boulevard Lane Drive Court Crescent Place Way Terrace Square".split()
TOWNS = (
    "Toronto, ON M5V 3L9",
    "Ottawa",
    "Halifax, NS",
    "London SW1A 1AA",
    "Springfield, IL 62704",
    "Leeds LS1 4AP",
)
VOIES = "rue,avenue,boulevard,chemin,impasse,place,allée,quai,Rue,Avenue,boul.,av.".split(",")
NOMS = "de la Paix|Victor-Hugo|des Lilas|Saint-Denis|du Général-Leclerc|de l’Église|Sainte-Catherine|des Érables|Jean-Jaurès|du Moulin|Papineau|de Rivoli".split("|")  # fmt: skip
VILLES = ("75011 Paris", "Montréal", "69003 Lyon", "Québec (Québec) G1R 2B5", "1204 Genève", "Bruxelles")
CITIES = (
    "北京市朝阳区 上海市浦东新区 广州市天河区 深圳市南山区 成都市武侯区 台北市信義區 朝阳区 南山区".split()
)
LU = "建国路 人民路 中山北路 解放大道 南京西路 科技园路 文化街 长安街 幸福里".split()


def street(draw: random.Random) -> tuple[str, str]:
    tongue = draw.choice("eeffz")
    number = str(draw.randrange(1, 2000 if tongue == "e" else 300))
    if tongue == "e":
        name = draw.choice(TREES)
        road = f"{number} {draw.choice(('', '', '', 'North ', 'W. '))}{name} {draw.choice(ROADS)}"
        road = draw.choice((road, road, road + f", {draw.choice(TOWNS)}", f"Apt {draw.randrange(1, 60)}, {road}", road + f", Unit {draw.randrange(1, 90)}", f"{number} {name.lower()} {draw.choice(('street', 'avenue', 'crescent', 'rd'))}"))  # fmt: skip
        return road, f"{number} {name}"
    if tongue == "f":
        name = draw.choice(NOMS)
        road = f"{number}{draw.choice(('', '', '', ' bis', ' ter'))}{draw.choice((' ', ', '))}{draw.choice(VOIES)} {name}"
        return draw.choice((road, road, f"{road}, {draw.choice(VILLES)}")), f" {name}"
    road = f"{draw.choice(LU)}{number}号"
    more = draw.choice(
        (
            "",
            "",
            f"{draw.randrange(1, 30)}号楼",
            f"{draw.randrange(1, 9)}单元{draw.randrange(101, 2900)}室",
            f"{draw.randrange(1, 30)}楼",
        )
    )
    return draw.choice(("", draw.choice(CITIES))) + road + more, road


MAKERS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "telephone": telephone,
    "mail": mail,
    "card": card,
    "iban": iban,
    "identity": identity,
    "street": street,
}
AROUND = {
    "telephone": (
        "Call me at {} tonight.",
        "my number is {}",
        "{}",
        "Appelez le {} avant midi",
        "Tél. : {}",
        "有事打我电话{}",
        "WhatsApp {}!!",
        "She gave out {} in the chat",
        "On m’a donné le {}, c’est le bureau",
        "联系 {} 谢谢",
        "reach the desk ({}) or nobody",
    ),
    "mail": (
        "Write to {} please",
        "{}",
        "mon adresse : {} merci",
        "contact: {}, she answers",
        "发邮件到 {} 吧",
        "Send it to {}.",
        "écrivez à {}",
    ),
    "card": (
        "card {} exp 09/27",
        "{}",
        "carte bancaire {} svp",
        "pay with {}.",
        "卡号：{}",
        "他的卡号是{}吗",
        "she posted {} by mistake",
    ),
    "iban": ("IBAN {}", "virement sur {} merci", "{}", "send money to {}.", "donate ({})", "账户 {} 谢谢"),
    "identity": (
        "her file says {}",
        "{}",
        "numéro : {}.",
        "we found {} in the leak",
        "{} is his",
        "证件 {} 泄露了",
        "他的身份证号是{}吗",
        "ID: {}",
    ),
    "street": (
        "She lives at {}.",
        "{}",
        "il habite {}, dit-il",
        "meet at {} tomorrow",
        "地址：{}",
        "她住在{}，三楼",
        "Send letters to {}, please",
        "au {} dès lundi",
    ),
}


def corpus(kind: str, n: int, seed: int) -> list[Item]:
    """n sentences, each with one piece of personal data of `kind`."""
    draw = random.Random(f"{kind} {seed}")
    items = []
    for _number in range(n):
        value, secret = MAKERS[kind](draw)
        items.append(Item(draw.choice(AROUND[kind]).format(value), kind, secret))
    return items


# --- what is none


def bookland(draw: random.Random) -> str:
    body = "978" + digits(draw, 9)
    total = sum(int(s) * (3 if i % 2 else 1) for i, s in enumerate(body))
    code = body + str(-total % 10)
    return draw.choice((code, grouped(code, (3, 1, 3, 5, 1), "-")))


def calm_value(draw: random.Random) -> str:
    n = draw.randrange
    return draw.choice(
        (
            lambda: f"${n(1, 9999):,}.{n(100):02d} each",
            lambda: f"{n(1, 999)} {n(1000):03d} {n(1000):03d} vues",
            lambda: f"{n(1, 999)} {n(1000):03d} {n(1000):03d} €",
            lambda: f"{n(1, 999)},{n(1000):03d},{n(1000):03d} views",
            lambda: f"{n(1990, 2030)}-{n(1, 13):02d}-{n(1, 29):02d}",
            lambda: f"{n(1, 29):02d}/{n(1, 13):02d}/{n(1990, 2030)}",
            lambda: f"{n(1, 29):02d}.{n(1, 13):02d}.{n(1990, 2030)}",
            lambda: f"{n(1990, 2030)}{n(1, 13):02d}{n(1, 29):02d}",
            lambda: f"le {n(1, 29)} mars {n(1990, 2030)} à {n(24)}h{n(60):02d}",
            lambda: f"{n(1990, 2008)}-{n(2009, 2030)}",
            lambda: f"{n(200, 99999)} posts in {n(2, 90)} days",
            lambda: f"it ended {n(9)}-{n(9)} and then {n(100)}:{n(100)}",
            lambda: f"#vote{n(2000, 2030)} #top{n(10)}",
            lambda: f"ISBN {bookland(draw)}",
            lambda: f"order number {digits(draw, 10)}",
            lambda: f"commande n° {digits(draw, 8)}",
            lambda: f"订单号{digits(draw, 12)}",
            lambda: f"order #{digits(draw, 3)}-{digits(draw, 7)}-{digits(draw, 7)}",
            lambda: f"version {n(20)}.{n(20)}.{n(200)}",
            lambda: f"at {n(24):02d}:{n(60):02d}:{n(60):02d}",
            lambda: f"{n(100)}.{digits(draw, 7)} degrees",
            lambda: f"status {digits(draw, 19, '1')}",
            lambda: f"the {draw.choice(TREES)} {draw.choice(('Street', 'Road'))} march",
            lambda: f"dans la rue {draw.choice(NOMS)}",
            lambda: f"{n(2, 90)} places de plus",
            lambda: f"{n(2, 90)} people in the street",
            lambda: f"a {n(2, 48)} hour drive",
            lambda: f"{n(2, 90)} routes et chemins",
            lambda: f"{draw.choice(LU)}上有{n(2, 90)}个人",
            lambda: f"第{n(2, 90)}号文件",
            lambda: f"@{draw.choice(FIRST).translate(ASCII)}{n(1000)} said",
            lambda: f"{n(2, 90)} @ {n(2, 90)}",
            lambda: "we met at town dot to dot",
            lambda: f"https://news.example/{n(1990, 2030)}/{n(1, 13):02d}/{digits(draw, 7, '123456789')}",
            lambda: f"room {n(100, 999)}, page {n(1, 400)}, case {digits(draw, 6)}",
            lambda: f"{n(1, 99)}.{n(10)} % of {n(100, 9999)}",
            lambda: f"article {n(1, 900)} bis du code",
            lambda: f"DE{digits(draw, 20)}",
            lambda: f"reference {digits(draw, 16)}",
            lambda: f"dossier {grouped(digits(draw, 9), (3, 3, 3), '-')}",
            lambda: f"compteur {digits(draw, 9)}",
            lambda: f"{draw.choice(A)}{digits(draw, 6)} on the plate",
        )
    )()


CALM = (
    "They counted {}.",
    "{}",
    "voir {} pour le reste",
    "we saw {} again",
    "Il dit : {}",
    "看到{}了",
    "{} and {}",
    "from {} to {}",
)


def calm(n: int, seed: int) -> list[str]:
    """n sentences without personal data."""
    draw = random.Random(f"calm {seed}")
    return [draw.choice(CALM).format(calm_value(draw), calm_value(draw)) for _number in range(n)]
