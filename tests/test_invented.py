"""Nothing in the sample is real: its names and texts are held against lists of real places, parties, persons and events.

Countries in three languages come from Babel, cities from the time zones; what neither holds stands below. No list
can rule out that somebody somewhere bears an invented name: the names are made of words so that they look invented.
"""

from __future__ import annotations

import csv
import itertools
import re
import zoneinfo
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel import Locale

from simulation import names, public, scripts, talk, wording, world

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "reports" / "sample"

#: real places that are neither countries nor cities of a time zone
PLACES = """Ottawa|Montreal|Montréal|Calgary|Quebec|Québec|Ontario|Manitoba|Alberta|Saskatchewan|Nova Scotia|Nunavut|Yukon|
Nouvelle-Écosse|Nouveau-Brunswick|Colombie-Britannique|British Columbia|Washington|Beijing|Pékin|Guangdong|Shenzhen|
Sichuan|Xinjiang|Tibet|Mumbai|Delhi|Tarn|Oxford|Cambridge|Geneva|Genève|Milan|Barcelona|Barcelone|Munich|Hamburg|Kharkiv|
Westminster|Brussels|Bruxelles|London|Londres|Saint-Pétersbourg|Moscou|Kremlin|White House|Maison-Blanche|Pacific|Atlantic|
Atlantique|Pacifique|Mediterranean|Méditerranée|Baltic|Baltique|Maple Cross|Outaouais|Gatineau|Parliament Hill"""
PLACES_ZH = "北京|广东|深圳|四川|新疆|西藏|渥太华|蒙特利尔|魁北克|安大略|温哥华|多伦多|华盛顿|纽约|伦敦|巴黎|莫斯科|东京|首尔|台北|高雄|上海|重庆"
#: real parties, and the words that nearly all of them are named by
PARTIES = """Liberal|Libéral|Liberals|Libéraux|Conservative|Conservateur|Conservatives|Conservateurs|Labour|Travailliste|
Republican|Républicain|Democrat|Démocrate|Democrats|New Democratic|Néo-démocrate|Bloc Québécois|Green Party|Parti vert|
Communist|Communiste|Kuomintang|Socialist|Socialiste|Renaissance|Les Républicains|Rassemblement national|Fidesz|Likud|
People's Party|Parti populaire|Reform|Tory|Tories|Whig|Christian Democratic|National Rally|United Russia|Russie unie"""
PARTIES_ZH = "共产党|国民党|民进党|自由党|保守党|工党|共和党|民主党|新民主党|绿党|社会党"
#: family names of heads of government and of state of this century, and of others whom everybody knows
PERSONS = """Trudeau|Harper|Poilievre|Singh|Carney|Biden|Trump|Obama|Bush|Clinton|Harris|
Johnson|Sunak|Starmer|Truss|Cameron|Blair|Macron|Hollande|Sarkozy|Merkel|Scholz|Merz|Putin|Poutine|Zelensky|Zelenskyy|
Xi|Jinping|Tsai|Modi|Albanese|Morrison|Ardern|Erdogan|Orban|Netanyahou|Netanyahu|Meloni|Kishida|Abe|Ishiba|Lai|Duterte|
Marcos|Bolsonaro|Lula|Navalny|Assange|Snowden"""
PERSONS_ZH = "特鲁多|博励治|拜登|特朗普|川普|习近平|蔡英文|赖清德|马克龙|普京|泽连斯基"
#: real platforms of news, campaigns and events
EVENTS = """Spamouflage|Brexit|Watergate|Walkerton|Flint|Freedom Convoy|Convoi de la liberté|Olympics|Olympiques|
World Cup|Coupe du monde|COVID|Tiananmen|Maidan|Foreign Interference Commission|Hogue|Night Ferry|BBC|CBC|Radio-Canada|
CNN|Fox News|Al Jazeera|Reuters|Le Monde|New York Times|Guardian|Xinhua|CGTN|Labour Day|fête du Travail|Thanksgiving|
Action de grâce|Canada Day|Fête du Canada|Hong Kong|Treaty of|traité de Paris"""
EVENTS_ZH = "新冠|奥运|世界杯|新华社|人民日报|央视|六四|天安门|劳动节|国庆|中秋|感恩节"
#: words that are also names of places, where the sample means the word
WORDS = {
    "Center",
    "East",
    "West",
    "Central",
    "Easter",
    "Navajo",
    "General",
    "Eastern",
    "Acre",
    "Reunion",
    "Troll",
    "Nome",
}


def listed(text: str) -> set[str]:
    return {name.strip() for name in text.replace("\n", "").split("|")}


@cache
def real() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Real names as whole words in Latin letters, and Chinese ones anywhere."""
    cities = {zone.rpartition("/")[2].replace("_", " ") for zone in zoneinfo.available_timezones()}
    cities = {city for city in cities if re.fullmatch(r"[A-Z][\w' -]{3,}", city)}
    latin = cities | {*Locale("en").territories.values(), *Locale("fr").territories.values()}
    latin |= set().union(*map(listed, (PLACES, PARTIES, PERSONS, EVENTS)))
    latin = {name for name in latin if not re.fullmatch(r"\d+", name)} - WORDS
    chinese = {name for name in Locale("zh").territories.values() if len(name) > 1}
    chinese |= set().union(*map(listed, (PLACES_ZH, PARTIES_ZH, PERSONS_ZH, EVENTS_ZH)))
    some = "|".join(map(re.escape, sorted(latin, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{some})(?!\w)"), re.compile("|".join(map(re.escape, sorted(chinese))))


def found(text: str) -> list[str]:
    latin, chinese = real()
    return latin.findall(text) + chinese.findall(text)


def strings(value: object) -> list[str]:
    """Every text inside lists and mappings, their keys left out."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for one in inner for text in strings(one)]


def prose() -> list[str]:
    """What readers see of report.yml, of the codebook and of the lists beside them."""
    report = yaml.safe_load((REPORT / "report.yml").read_text(encoding="utf-8"))
    for machine in (
        "clock",
        "audience_zones",
        "exports",
        "labels",
        "roster",
        "events",
        "coders",
        "notebooks",
    ):
        report.pop(machine, None)
    book = yaml.safe_load((REPORT / "codebook.yml").read_text(encoding="utf-8"))
    rows = [
        value
        for name in ("roster.csv", "events.csv", "media_labels.csv")
        for row in csv.DictReader((REPORT / name).read_text(encoding="utf-8").splitlines())
        for value in row.values()
    ]
    return [*strings(report), *strings(book), *rows]


SAID = {
    "the network's texts": lambda: [
        text
        for language, number in itertools.product(scripts.PARTS, range(scripts.MOST))
        for text in (
            scripts.template(language, number),
            *(new for _old, new in scripts.exchanges(language, number)),
        )
    ],
    "what ordinary people say": lambda: strings([talk.SENTENCES, talk.SLOTS, talk.SHORT, talk.COMPLAINTS]),
    "names": lambda: strings(
        [names.FIRST, names.SURNAMES, names.BIOS, names.PLACES, names.PARTIES, names.FRENCH]
    ),
    "tags and links": lambda: strings(
        [wording.TAGS, wording.LINKS, public.TAGS, public.SITES, scripts.PETITION]
    ),
    "events": lambda: strings(world.EVENTS),
    "the report": prose,
}


@pytest.mark.parametrize("what", SAID)
def test_nothing_real_is_named(what: str) -> None:
    texts = SAID[what]()
    assert len(texts) > 3
    assert {text: hits for text in texts if (hits := found(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "The minister flew to Toronto.",
        "Le gouvernement du Canada se tait",
        "a vote for the Labour Party",
        "特鲁多说",
        "去中国的船",
        "Ask Trudeau.",
        "since the World Cup",
    ],
)
def test_something_real_would_be_seen(text: str) -> None:
    assert found(text)


def test_no_invented_name_is_a_zone_or_a_country() -> None:
    places = {*names.PLACES, "Ostmere", "Ostmère", "Fernhollow", "Fougeraie", "奥斯特米尔", "蕨谷"}
    people = {*names.FIRST, *names.SURNAMES}
    for name in places | people:
        assert not found(name), name
    said = " ".join(prose())
    assert "Ostmere" in said
    assert "Ostmère" in said
