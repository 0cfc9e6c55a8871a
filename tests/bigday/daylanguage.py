"""Invented Dutch: sentences that stand nowhere else, some with a word that a rule looks for.

Words are put together one by one, so that two texts of a day share hardly three words in a row.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

_FIRST = (
    *("Anna", "Bram", "Corrie", "Daan", "Els", "Femke", "Gijs", "Hanna", "Ilse", "Jurre", "Karim"),
    *(
        "Lotte",
        "Mees",
        "Nadia",
        "Otto",
        "Pien",
        "Quinten",
        "Roos",
        "Sjoerd",
        "Tess",
        "Umar",
        "Vera",
    ),
)
_LAST = (
    (
        "Bar",
        "Den",
        "Kol",
        "Mer",
        "Hoe",
        "Wie",
        "Ros",
        "Tim",
        "Vol",
        "Zan",
        "Lub",
        "Gor",
        "Fok",
        "Pel",
    ),
    ("be", "de", "ke", "me", "ne", "pe", "re", "se", "te"),
    ("sma", "stra", "rink", "huis", "veld", "kamp", "mans", "laar", "voort", "dijk"),
)
_PLACE = (
    (
        "Ooster",
        "Wester",
        "Zand",
        "Lind",
        "Kerk",
        "Hazer",
        "Meer",
        "Elzen",
        "Vogel",
        "Berken",
        "Roer",
    ),
    ("bosch", "broek", "dal", "eind", "garde", "heide", "kerk", "laar", "molen", "oord", "plaat"),
)
_DE = (
    *("brug", "wijk", "haven", "dijk", "sluis", "markt", "school", "kerk", "loods", "fabriek"),
    *("polder", "kade", "spoorlijn", "rotonde", "gracht", "veerpont", "werf", "molen", "sporthal"),
    *("apotheek", "kliniek", "boerderij", "camping", "stuw", "pier", "tunnel", "steiger", "hal"),
)
_HET = (
    *("kanaal", "station", "plein", "ziekenhuis", "viaduct", "park", "gemeentehuis", "museum"),
    *("zwembad", "stadion", "dorpshuis", "fort", "bos", "eiland", "gemaal", "depot", "terrein"),
)
_ADJECTIVE = (
    *("smalle", "oude", "nieuwe", "afgelegen", "drukke", "natte", "hoge", "lage", "vervallen"),
    *("gerenoveerde", "verlaten", "bekende", "omstreden", "tijdelijke", "historische", "grauwe"),
    *("ruime", "gesloten", "beschadigde", "noordelijke", "zuidelijke", "westelijke", "oostelijke"),
    *("kleine", "grote", "overdekte", "drassige", "houten", "stenen", "betonnen", "stille"),
)
_PLURAL = (
    *("bewoners", "vrijwilligers", "ambtenaren", "artsen", "chauffeurs", "leerlingen", "agenten"),
    *("monteurs", "buren", "ondernemers", "vissers", "boeren", "verslaggevers", "toeristen"),
    *("studenten", "verpleegkundigen", "onderzoekers", "timmerlieden", "schippers", "koks"),
)
_ROLE = (
    *("burgemeester", "wethouder", "hoogleraar", "huisarts", "dijkgraaf", "woordvoerder"),
    *("directeur", "rechercheur", "commandant", "bestuurder", "rector", "boswachter", "advocaat"),
)
_DONE = (
    *("afgesloten", "heropend", "ontruimd", "verbouwd", "geveild", "onderzocht", "gesloopt"),
    *("verkocht", "bewaakt", "opgeleverd", "schoongemaakt", "gefilmd", "afgezet", "hersteld"),
)
_WHEN = (
    *("vanochtend", "voorlopig", "opnieuw", "deels", "in alle stilte", "na lang overleg"),
    *("voor het eerst", "onverwacht", "stap voor stap", "zonder uitleg", "met grote haast"),
)
_FILLER = (
    "{Np} bij {place} is {when} {done}, zegt {role} {name}.",
    "{Plural} uit {place} wachten bij {np} op {np2}.",
    "Volgens {name} kan {np} pas over {count} weken worden {done}.",
    "In {place} hebben {plural} en {plural2} {np} {when} {done}.",
    "{name}, {role} in {place}, vergelijkt {np} met {np2}.",
    "Langs {np} staan {count} {plural} te kijken naar {np2}.",
    "Niemand in {place} weet waarom {np} {when} werd {done}.",
    "De {role} van {place} wil {np} en {np2} samenvoegen.",
    "{Plural} klagen bij {role} {name} over {np}.",
    "Tussen {np} en {np2} werken {count} {plural}.",
    "Wie {np} wil zien, moet in {place} langs {np2}.",
    "Het herstel van {np} kost {count} miljoen euro, rekent {name} voor.",
    "{name} vertelt dat {plural} {np} {when} hebben {done}.",
    "Achter {np} vond de {role} {count} {plural} uit {place}.",
    "Morgen praat de raad van {place} over {np} en {np2}.",
    "{Np} moet volgens {plural} uit {place} {when} worden {done}.",
)
# What a sentence says that a rule looks for. Each names a person, a place and a number, so that no
# other sentence says the same.
_HITS: Mapping[str, tuple[str, ...]] = {
    "jihad": (
        "Bij {place} hebben zeker {few} jihadisten zich overgegeven, zegt {role} {name}.",
        "{name} zag hoe {few} jihadisten {np} bij {place} in brand staken.",
        "Het kalifaat heeft volgens {name} nog {count} aanhangers rond {place}.",
        "Rond {np} in {place} zijn {few} jihadisten opgepakt, meldt {name}.",
        "De {role} houdt in {place} zeker {few} jihadisten vast, bevestigt {name}.",
        "{Plural} vonden bij {np} {count} vlaggen van het kalifaat, vertelt {name} uit {place}.",
    ),
    "kampen": (
        "In het tentenkamp bij {place} slapen zeker {few} {plural}, ziet {name}.",
        "Volgens {name} is het vluchtelingenkamp van {place} na {count} dagen {done}.",
        "{name} brengt {count} dekens naar het vluchtelingenkamp achter {np} in {place}.",
        "Het tentenkamp naast {np} telt {count} {plural}, zegt {role} {name} van {place}.",
    ),
    "rechters": (
        "De rechtbank in {place} geeft uitreiziger {name} {count} maanden cel.",
        "Uitreiziger {name} zegt dat hij in {place} alleen {few} {plural} hielp.",
        "Tegen uitreiziger {name} uit {place} was {count} maanden geëist.",
    ),
    "hulp": (
        "Een hulpkonvooi van {count} vrachtwagens staat stil bij {place}, zegt {name}.",
        "{name} laat {few} hulpkonvooien langs {np} naar {place} rijden.",
        "Het hulpkonvooi van {name} bereikt {place} na {count} uur.",
    ),
    "gijzel": (
        "In {place} zijn zeker {few} gijzelaars vrijgelaten, zegt {role} {name}.",
        "{name} praat bij {np} in {place} over {few} gijzelaars.",
    ),
    "akkoord": (
        "Gezant {name} verwacht over {count} uur een wapenstilstand rond {place}.",
        "De wapenstilstand bij {place} duurt volgens gezant {name} {count} dagen.",
    ),
    "brand": (
        "Bij {np} in {place} woedt een uitslaande brand, ziet {name}.",
        "De uitslaande brand in {place} is na {count} minuten bedwongen, meldt {name}.",
    ),
}
_HEADLINES: Mapping[str, tuple[str, ...]] = {
    "jihad": (
        "{Few} jihadisten opgepakt bij {np} in {place}",
        "{surname}: jihadisten trekken weg uit {place}",
        "Wat het kalifaat achterliet bij {np} van {place}",
    ),
    "kampen": (
        "Tentenkamp {place} loopt vol, zegt {surname}",
        "{surname} wil vluchtelingenkamp bij {place} na {count} dagen sluiten",
    ),
    "rechters": ("{count} maanden cel voor uitreiziger {surname} uit {place}",),
    "brand": ("Uitslaande brand bij {np} {place}",),
    "": ("{surname} wil {np} bij {place} houden", "{Plural} van {place} bezorgd over {np}"),
}
# One word of a rule that wants two, and one that silences a rule where it stands.
_LURES = (
    "Een wapenstilstand was er in {place} {count} jaar geleden ook, weet {name}.",
    "Gezant {name} eet in {place} met {few} {plural}.",
    "Aan de oefening in {place} doen {count} {plural} van {name} mee.",
)
FEW = {
    11: "elf", 12: "twaalf", 13: "dertien", 14: "veertien", 15: "vijftien",
    16: "zestien", 17: "zeventien", 18: "achttien", 19: "negentien", 20: "twintig",
}  # fmt: skip


class Writer:
    """Writes sentences from a seed; no name and no place comes twice in one sentence of a rule."""

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)
        self._used: set[tuple[str, str]] = set()

    def filler(self) -> str:
        """A sentence in which no rule finds anything."""
        return self._filled(self.rng.choice(_FILLER), self._slots())

    def hit(self, topic: str) -> str:
        """A sentence about this topic, like no other of the day."""
        return self._filled(self.rng.choice(_HITS[topic]), self._new_slots())

    def lure(self, number: int) -> str:
        """A sentence with a word of a rule that does not match it."""
        return self._filled(_LURES[number % len(_LURES)], self._new_slots())

    def headline(self, topic: str) -> str:
        """A headline about this topic, or about nothing that a rule looks for."""
        return self._filled(self.rng.choice(_HEADLINES[topic]), self._new_slots())

    def slug(self, headline: str) -> str:
        """The headline as part of an address."""
        kept = "".join(sign if sign.isalnum() else "-" for sign in headline.lower())
        return "-".join(part for part in kept.split("-") if part)[:60]

    def _filled(self, form: str, slots: dict[str, str]) -> str:
        text = form.format(**slots)
        return text[0].upper() + text[1:]

    def _new_slots(self) -> dict[str, str]:
        while True:
            slots = self._slots()
            if (pair := (slots["surname"], slots["place"])) not in self._used:
                self._used.add(pair)
                return slots

    def _slots(self) -> dict[str, str]:
        choose, number = self.rng.choice, self.rng.randint
        surname = "".join(choose(part) for part in _LAST)
        plural, plural2 = self.rng.sample(_PLURAL, 2)
        np, few = self._np(), str(number(11, 20))
        return {
            "name": f"{choose(_FIRST)} {surname}",
            "surname": surname,
            "place": "".join(choose(part) for part in _PLACE),
            "np": np,
            "Np": np[0].upper() + np[1:],
            "np2": self._np(),
            "plural": plural,
            "Plural": plural.capitalize(),
            "plural2": plural2,
            "role": choose(_ROLE),
            "done": choose(_DONE),
            "when": choose(_WHEN),
            "count": str(number(21, 98)),
            "few": few,
            "Few": FEW[int(few)].capitalize(),
        }

    def _np(self) -> str:
        noun = self.rng.choice(_DE + _HET)
        article = "de" if noun in _DE else "het"
        return f"{article} {self.rng.choice(_ADJECTIVE)} {noun}"


def house_style(text: str) -> str:
    """The same sentence as another desk writes it."""
    words = text.replace("zeker", "minstens").split(" ")
    return " ".join(FEW.get(int(word), word) if word.isdecimal() else word for word in words)


def other_number(text: str, number: int) -> str:
    """The sentence with another number in place of its first one."""
    words = text.split(" ")
    at = next(place for place, word in enumerate(words) if word.isdecimal())
    return " ".join([*words[:at], str(number), *words[at + 1 :]])


def numbers_in(text: str) -> list[int]:
    """The numbers of a sentence that are written in digits."""
    return [int(word) for word in text.split(" ") if word.isdecimal()]
