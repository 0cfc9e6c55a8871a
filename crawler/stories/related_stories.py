"""Whether two stories are related, and whether they tell one event in other words.

Both are guesses from names, numbers and the words of title and lead. What follows from the first
is a line that says "related"; of stories that tell one event, people hear in one conversation.
Nothing is kept back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from math import log, sqrt

from crawler.frozen import dataclass
from crawler.stories.comparison import LOOKED_AT, Comparison, CopyReason
from crawler.stories.near_duplicates import Telling
from crawler.stories.shingles import number_of, with_digits, words
from crawler.stories.story_text import LONG_TEXT, StoryText
from crawler.stories.templates import ARTICLES, names, spelling

# Chosen: how far apart two reports of one event may be.
SAME_EVENT = timedelta(hours=72)

# The terms that must be shared where so many of them are names; a single one needs more company.
NEEDED = {1: 4, 2: 3}
LEAST_SHARED = min(NEEDED.values())
ALIKE = 0.2
# Part of the runs of three words; reports of different events hardly have any in common.
SHARED_TEXT = 0.3

# What speaks for one event, in points, and against it. The weights are those of a logistic
# regression on the pairs of `tests/crawler/stories/events/events-tuned.txt`, rounded.
NAME, MOST_NAMES = 1.0, 3.0
HEAD_TERM, MOST_HEAD_WORDS = 1.5, 3.0
NUMBER, MOST_NUMBERS = 2.0, 2
OTHER_PLACE = 3.0
A_DAY_APART = 2.5
ONE_EVENT = 4.0
# Chosen: a term that more stories of these days have does not tell events apart.
CROWDED = 50

# Words are compared by their beginning, so that "brandweer" meets "brandweerlieden".
_STEM = 7
_LEAST = 5
_LEAST_NAME = 3
# Words and names that stand in reports of any event.
_EMPTY = frozenset(
    """
    afgelopen aldus alleen alles alsnog altijd andere anderen anp april augustus avond begin
    begon begonnen beide bekend bijna binnen binnenkort bleef bleek blijft blijkt blijven
    bovendien buiten daarbij daardoor daarmee daarna daarnaast daarom daarover dagen december
    deel den denkt dezelfde dezer dinsdag donderdag duidelijk duizenden echte echter eerder
    eerdere eerst eerste eigen einde elders elkaar enige enkele ergens februari gebeurd gebeurde
    gebeurt gedaan geeft gegeven gehouden gekregen gemaakt genomen geval gevallen geven gevolg
    geweest gewoon geworden gezegd gisteren groep groot grootste grote haag hadden hebben heeft
    hierdoor hoeveel hoewel hoge honderd honderden hoorde hoort iedereen inmiddels islamitische
    januari jaren jarige jihadisten kamer kilometer kleine komen komende komt konden korte kreeg
    kregen krijgen krijgt kunnen kwamen laatst laatste lange laten later leidde leidt lijkt
    maakt maakte maakten maandag maanden maart mannen melden meldt mensen middag miljard miljoen
    minder ministerie minstens minuten mochten moest moesten moeten mogelijk mogelijke morgen
    nacht nadat nederland nederlander nederlanders nederlandse niemand niets nieuwe nieuws nodig
    noemde noemt nooit nos november ochtend oktober omdat onbekend ondanks onder ongeveer
    openbaar opnieuw over personen plaats plaatse procent rechtbank regering samen schreef
    schrijft september sinds slechts sommige staan staat steeds stond stonden tegen terreurgroep
    terwijl tientallen tijdelijk tijdens toekomst totdat tussen twaalf tweede vanaf vandaag
    vanwege veel verder vermoedelijk verscheidene verschillende vertelde vertelt verwacht
    verwachten vinden vindt volgde volgende volgens volgt vooral voordat vorige vrijdag vrijwel
    vroeg vroege vrouw vrouwen waarbij waardoor waarin waarmee waarom waarschijnlijk wanneer
    waren weinig weken welke werd werden weten wilde wilden woensdag woordvoerder worden wordt
    zaken zaterdag zeggen zeker zelfde zelfs zitten zitting zoals zodat zondag zonder zouden
    zullen
    """.split()  # noqa: SIM905 - a table of words reads better as text
)
_NO_TERMS = frozenset(word[:_STEM] for word in _EMPTY)
# Countries and peoples: the scene of many events, and the place of none.
_COUNTRIES = frozenset(
    """
    afghaan afghani amerika arabisc belgië belgisc brits britse china chinees chinese congo duits
    duitse duitsla egypte engelan engels engelse europa europes frankri frans franse gaza griekse
    grieken iraaks iraakse iraans iraanse irak iran iraq iraqi iraqis israel israeli israël israëli
    italiaa italië jemen jemenit jordani koerden koerdis kurdish kurds libanon libisch libië mali
    marokka marokko nederla nigeria noorwee noorweg oekraïe oekraïn pakista palesti polen pools
    poolse rusland russia russian russisc saudi saudisc soedan somalië spaans spaanse spanje syria
    syrian syrians syriërs syrië syrisch turkey turkije turkish turks turkse ukraine ukraini vs
    yemen zweden zweedse zwitser
    """.split()  # noqa: SIM905 - a table of words reads better as text
)

_UNRELATED = (CopyReason.MOULD, CopyReason.COMMON, CopyReason.LATE, CopyReason.STANDING)
# A place is a name after one of these words.
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Bb]ij|[Tt]e|[Oo]p|[Rr]ond|naar|over|stad|dorp|wijk|kamp|provincie|[Aa]t|[Nn]ear)"
    r" (?:(?:de|het|den|the) )?(?:[A-Z][\w-]+(?:se|ste) )?"
    r"((?:[A-Z]|al-|el-)[\w'’-]+(?: [A-Z][\w'’-]+)*)"
)
_SMALL = 12  # chosen: numbers up to here stand in any two texts
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a report is about: the names in its beginning, and those and the terms of its head.

    The head is title and lead. `places` are those of the head, `words` and `numbers` all of the
    beginning.
    """

    names: frozenset[str]
    terms: frozenset[str]
    head: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def without(self, common: AbstractSet[str]) -> Profile:
        """The profile with names and terms but for those that too many stories have."""
        if common.isdisjoint(self.terms) and common.isdisjoint(self.names):
            return self
        return replace(self, names=self.names - common, terms=self.terms - common)


def profile(title: str, lead: str, body: str) -> Profile:
    """The names of the lead and the next paragraphs, and the longer words of title and lead."""
    paragraphs = "\n".join(body.split("\n\n")[:3])
    # The last word of a name: reports call Timo Verhaag by his surname further down.
    surnames = _stems(name.split()[-1] for name in _once(names(f"{lead}\n{paragraphs}")))
    head = f"{title}.\n{lead or body.split(chr(10), 1)[0]}"
    of_head = words(head)
    telling = frozenset([_known_stem(word) for word in of_head]) - {""}
    all_words = with_digits([*of_head, *words(paragraphs)])
    return Profile(
        names=surnames,
        terms=surnames | telling,
        head=telling | (surnames & {word[:_STEM] for word in of_head}),
        places=_stems(re.split("[ -]", place)[-1] for place in _PLACE.findall(head)) - _COUNTRIES,
        words=frozenset([word[:_STEM] for word in all_words]),
        numbers=frozenset([one for one in all_words if one[0].isdigit() and _telling_number(one)]),
    )


def _once(found: AbstractSet[str]) -> Iterator[str]:
    """The names but for those of which the initials stand there too: the SDF is one name."""
    for name in found:
        parts = [part for part in name.split() if part not in ARTICLES]
        if len(parts) == 1 or "".join(part[0] for part in parts) not in found:
            yield name


def _telling_stem(word: str) -> str:
    """How a word begins that tells what a report is about; "" of any other word."""
    tells = len(word) >= _LEAST and word.isalpha() and not number_of(word)
    stem = word.casefold()[:_STEM]
    return stem if tells and stem not in _NO_TERMS else ""


_LONGEST = 50  # characters; chosen: longer than nearly every word
_kept_stem = lru_cache(maxsize=1 << 13)(_telling_stem)  # chosen: some 2 MB


def _known_stem(word: str) -> str:
    """`_telling_stem`, remembered: most words of a text stood in others before it."""
    return (_kept_stem if len(word) <= _LONGEST else _telling_stem)(word)


def _telling_number(number: str) -> bool:
    """Whether it is none that stands in any two texts: small, round or a year."""
    if not number.isdigit():
        return True
    return int(number) > _SMALL and int(number) % 10 > 0 and not _YEAR.fullmatch(number)


def _stems(found: Iterable[str]) -> frozenset[str]:
    stems = (word.casefold()[:_STEM] for word in found if len(word) >= _LEAST_NAME)
    return frozenset(stems) - _NO_TERMS


def likeness(one: Profile, other: Profile) -> float:
    """The part of their terms that two reports share, as a cosine: 0 none, 1 all."""
    either = sqrt(len(one.terms) * len(other.terms))
    return len(one.terms & other.terms) / either if either else 0.0


@dataclass(frozen=True, slots=True)
class Relation:
    """How like two stories are, from 0 to 1, and whether they tell one event."""

    likeness: float
    one_event: bool = False


UNRELATED = Relation(0.0)


def relation(
    one: Profile,
    other: Profile,
    apart: timedelta,
    compared: Comparison,
    held: Mapping[str, int],
) -> Relation:
    """How two stories brought `apart` are related; `held` is how many others have each term.

    Items from one mould and those with only common words in common are never related.
    """
    if apart > SAME_EVENT or compared.reason in _UNRELATED:
        return UNRELATED
    common = {term for term, number in held.items() if number > CROWDED}
    like = _alike(one.without(common), other.without(common), compared)
    if compared.reason is CopyReason.QUOTE:
        return Relation(like, like > 0)
    if _evidence(one, other, apart, compared, held) >= ONE_EVENT:
        return Relation(max(like, likeness(one, other)), one_event=True)
    return Relation(like)


def relation_of(
    begun: Telling, other: Telling, compared: Comparison, held: Mapping[str, int]
) -> Relation:
    """How the stories of two articles are related.

    One outlet seldom tells an event twice: its two reports on a matter are two events of it.
    """
    profiles = profile_of(begun.reading), profile_of(other.reading)
    found = relation(*profiles, abs(begun.at - other.at), compared, held)
    return replace(found, one_event=found.one_event and begun.outlet != other.outlet)


def profile_of(reading: StoryText) -> Profile:
    """The profile of a text, read once; those of long texts are kept until they are forgotten."""
    return (_kept_briefly if len(reading.body) > LONG_TEXT else _kept)(reading)


def forget_long_texts() -> None:
    """Keep the profiles of long texts no longer: they take some 20 MB each."""
    _kept_briefly.cache_clear()


@lru_cache(maxsize=128)
def _kept(reading: StoryText) -> Profile:
    return profile(reading.title, reading.lead, reading.body)


@lru_cache(maxsize=2)
def _kept_briefly(reading: StoryText) -> Profile:
    return profile(reading.title, reading.lead, reading.body)


def _alike(one: Profile, other: Profile, compared: Comparison) -> float:
    """How like they are, or 0; shared sentences, of a background too, are proof enough."""
    like = likeness(one, other)
    if compared.containment >= SHARED_TEXT and not compared.differing:
        return max(like, compared.containment)
    shared_names = len(one.names & other.names)
    needed = NEEDED.get(min(shared_names, max(NEEDED)))
    enough = needed is not None and len(one.terms & other.terms) >= needed
    return like if enough and like >= ALIKE else 0.0


def _evidence(
    one: Profile,
    other: Profile,
    apart: timedelta,
    compared: Comparison,
    held: Mapping[str, int],
) -> float:
    """The points that speak for one event, less those against it; 0 without name and number."""
    numbers = len(one.numbers & other.numbers)
    shared = _standing(one.names, other, other.words) | (other.names & one.words)
    head = _standing(one.head, other, other.head)
    if compared.containment >= LOOKED_AT:
        # The names stand in the same sentences, of a background perhaps.
        shared &= head
    of_names = _rarity(shared, held)
    if compared.differing or not (of_names or numbers):
        return 0.0
    return (
        NAME * min(MOST_NAMES, of_names)
        + HEAD_TERM * _rarity(head & shared, held)
        + HEAD_TERM * min(MOST_HEAD_WORDS, _rarity(head - shared, held))
        + NUMBER * min(MOST_NUMBERS, numbers)
        - OTHER_PLACE * _elsewhere(one, other)
        - A_DAY_APART * (apart / timedelta(days=1))
    )


def _rarity(terms: AbstractSet[str], held: Mapping[str, int]) -> float:
    return sum(rarity(held.get(term, 0)) for term in terms)


@lru_cache(maxsize=256)
def rarity(holders: int) -> float:
    """How much a term tells that so many other stories have: 1 if none, down to 0."""
    return max(0.0, 1 - log(holders + 1) / log(CROWDED + 1))


def _elsewhere(one: Profile, other: Profile) -> bool:
    """Whether each names places in its head, of which the other has none."""
    if not one.places or not other.places:
        return False
    elsewhere = not _standing(one.places, other, other.words)
    return elsewhere and not _standing(other.places, one, one.words)


def _standing(some: AbstractSet[str], other: Profile, among: AbstractSet[str]) -> set[str]:
    """Those that stand among these terms of the other: names in any spelling, Baghuz, Baghouz."""
    spelt = {spelling(name) for name in (other.names | other.places) & among}
    return {one for one in some if one in among or spelling(one) in spelt}
