"""Invented names: members of an invented chamber, and handles and names of accounts.

Surnames are made up to be obviously so; account names are strings of syllables.
"""

from __future__ import annotations

from collections.abc import Iterator

FIRST = """Rosalind Barnaby Odessa Thaddeus Wilhelmina Percival Marigold Ambrose Clementine Leopold Hyacinth Cornelius
Araminta Bartholomew Philippa Ignatius Henrietta Montague Seraphina Algernon Beatrix Octavian Guinevere Lysander""".split()

SURNAMES = """Quillfeather Marshlantern Thistlewick Copperkettle Owlsbury Brambleforth Puddlestone Fenwhistle Larkenshaw
Mossgrove Tinderbloom Wobblecroft Pepperdew Saltwinkle Hollyhock-Drum Gladmeadow Cricklewhit Nettleborough Ravelstitch
Candlemere Plumbottle Starlingtoft Dapplewood Windlebrook Butterfen Hazelthorpe-Pym Inkwellow Snowpocket Fiddlemarsh
Gorsewhistle Umberleaf Kettledrumm Juniperton Yarrowmint Lilypadgett Oatwhistle Buckleberrow Featherlode Mapplethorn
Thimblequist Cloverstone Dewlapham Foxgloveton Hopperdale Ivorystile Jollifenn Kiteswell Lanternby Mulberrund Nutwhistle
Orchardly Pennywhist Quaverley Rumblefern Silverbeck-Toll Tumblewit Underhillow Velvetmoor Wagtailer Yewbarrow Zephyrdale
Appleknock Bellwhistle Cinderwick Duskwater Elmsworthy-Ott Flintbuckle Gooseferry Harebellow Icicleton Jamjarrow
Knotwillow Lobsterfield Minnowby Newtwhistle Otterquill Pipistrelle Quincewood Rookhampton Sorrelby Teaselworth
Umbrellard Violetshaw Wrenwhistle Acornley Bumbleford Crumpetter Dovewhistle Emberwold Fernickle Gadwallow Hedgerowe""".split()

SYLLABLES = """ba be bri da do dru el fa fen ga gli ha hu il jo ka ki la lo lum ma mi mor na nel no or pa pel qui ra ri
rok sa sel si ta tem ti tor ul va vel vi wen xo ya yor za zim""".split()

#: what roles, categories and parties are called in French
FRENCH = {
    "head of government": "cheffe du gouvernement",
    "leader of the opposition": "chef de l’opposition",
    "minister": "ministre",
    "member, governing party": "membre, parti au pouvoir",
    "member, opposition": "membre, opposition",
    "member, third party": "membre, tiers parti",
    "member, no party": "membre, sans parti",
    "government": "parti au pouvoir",
    "opposition": "opposition",
    "third party": "tiers parti",
    "independent": "indépendants",
    "Lantern Party": "Parti de la Lanterne",
    "Harbour Party": "Parti du Port",
    "Orchard Party": "Parti du Verger",
    "no party": "sans parti",
}

#: parties of the invented chamber: name, category, share of seats
PARTIES = (
    ("Lantern Party", "government", 0.46),
    ("Harbour Party", "opposition", 0.36),
    ("Orchard Party", "third party", 0.13),
    ("no party", "independent", 0.05),
)

BIOS = (
    "Tea, trains and long walks.|Gardener and part-time baker.|Here for the birds.|Father of two, fan of soup.|"
    "Opinions are my own, recipes are shared.|Retired map maker.|Student of rivers.|I like old radios.|"
    "Skating, reading, more skating.|Nurse on the night shift.|Jardinier du dimanche.|Musique et vélo.|"
    "Amatrice de cartes anciennes.|Collector of umbrellas.|Choir on Mondays.|热爱园艺和旧书。|Just looking around.|"
    "Carpenter. Canoe owner.|Small farm, big dog.|Trying to learn the accordion."
).split("|")

PLACES = (
    "Willowmere|Copperbay|Fernhollow|Quincefen|the valley|Gannet Cove|Birchfall|near a lake|Saulemère|Baie-du-Cuivre|"
    "Otterhook|Saltmarsh|Thistle Lake|up north|柳湖镇"
).split("|")


def word(numbers: Iterator[float], syllables: int) -> str:
    """A nonsense word."""
    return "".join(SYLLABLES[int(next(numbers) * len(SYLLABLES))] for _ in range(syllables))


def display_name(numbers: Iterator[float]) -> str:
    """Two nonsense words as a name."""
    return f"{word(numbers, 2).title()} {word(numbers, 3).title()}"


def handle(name: str, numbers: Iterator[float], eight_digits: bool) -> str:
    """A handle of at most 15 characters from a name; with eight digits at the end, or few or none."""
    letters = name.replace(" ", "")
    if eight_digits:
        return f"{letters[:7]}{int(next(numbers) * 90_000_000) + 10_000_000}"
    tail = next(numbers)
    if tail < 0.5:
        return f"{letters[:10].lower()}_{int(next(numbers) * 900) + 100}"
    return (letters[:12] if tail < 0.8 else name.replace(" ", "_").lower()[:13]) + str(
        int(next(numbers) * 90) + 10
    )
