"""Whether two stories are about the same event in other words.

That is a guess from names and the words of title and lead. What follows from it is a line that
says "related", and that people are told of both in one thread; nothing is kept back.
"""

from __future__ import annotations

from collections.abc import Iterable, Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from crawler.stories.comparison import Comparison, CopyReason
from crawler.stories.shingles import words
from crawler.stories.templates import names

SAME_EVENT = timedelta(hours=72)

# The terms that must be shared where so many of them are names; a single one needs more company.
NEEDED = {1: 4, 2: 3}
LEAST_SHARED = min(NEEDED.values())
ALIKE = 0.2
# Part of the runs of three words; reports of different events hardly have any in common.
SHARED_TEXT = 0.3

# Words are compared by their beginning, so that "brandweer" meets "brandweerlieden".
_STEM = 7
_LEAST = 5
_LEAST_NAME = 3
# Words and names that stand in reports of any event.
_EMPTY = frozenset(
    """
    aldus alleen alles altijd andere anderen beide binnen buiten bijna daarbij daardoor daarmee
    daarna daarnaast daarom dinsdag donderdag eerder eerst eerste eigen elkaar enkele gevallen
    geweest gewoon hebben honderd hoewel iedereen inmiddels jaren jarige kilometer kunnen laatste
    later lijkt maandag maanden mannen mensen meldt melden miljard miljoen minder minstens moeten
    morgen nadat nederland nederlander nederlanders nederlandse niemand nieuwe nieuws nodig omdat
    onder ondanks ongeveer openbaar ministerie opnieuw over personen procent rechtbank
    regering sinds sommige staan steeds tegen terwijl tijdens toekomst totdat tussen
    twaalf tweede kamer vanaf vandaag vanwege verder volgende volgens vooral voordat
    vorige vrijdag vrouw vrouwen waarbij waardoor waarin waarmee waarom waarschijnlijk wanneer
    waren weken welke werden wilde woensdag worden wordt zaterdag zeggen zeker zelfs
    zodat zondag zonder zoals zouden zullen anp nos den haag
    """.split()  # noqa: SIM905 - a table of words reads better as text
)
_NO_TERMS = frozenset(word[:_STEM] for word in _EMPTY)

_UNRELATED = (CopyReason.MOULD, CopyReason.COMMON, CopyReason.LATE, CopyReason.STANDING)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a report is about: the names in it, and all its terms, the names among them."""

    names: frozenset[str]
    terms: frozenset[str]

    def without(self, common: AbstractSet[str]) -> Profile:
        """The profile without terms that too many stories have."""
        return Profile(self.names - common, self.terms - common)


def profile(title: str, lead: str, body: str) -> Profile:
    """The names of the lead and the next paragraphs, and the longer words of title and lead."""
    beginning = "\n".join((lead, *body.split("\n\n")[:3]))
    # The last word of a name: reports call Timo Verhaag by his surname further down.
    surnames = _stems(name.split()[-1] for name in names(beginning))
    telling = _stems(
        word for word in words(f"{title} {lead}") if len(word) >= _LEAST and word.isalpha()
    )
    return Profile(surnames, surnames | telling)


def _stems(found: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in found if len(word) >= _LEAST_NAME) - _NO_TERMS


def likeness(one: Profile, other: Profile) -> float:
    """The part of their terms that two reports share, as a cosine: 0 none, 1 all."""
    either = sqrt(len(one.terms) * len(other.terms))
    return len(one.terms & other.terms) / either if either else 0.0


def related(one: Profile, other: Profile, apart: timedelta, compared: Comparison) -> float:
    """How like two stories brought `apart` are, from 0 to 1; 0 unless they seem one event.

    Shared sentences, of a quotation, a background or yesterday's report, are proof enough. Items
    from one mould and those with only common words in common are never related.
    """
    if apart > SAME_EVENT or compared.reason in _UNRELATED:
        return 0.0
    like = likeness(one, other)
    if compared.containment >= SHARED_TEXT and not compared.differing:
        return max(like, compared.containment)
    shared_names = len(one.names & other.names)
    needed = NEEDED.get(min(shared_names, max(NEEDED)))
    enough = needed is not None and len(one.terms & other.terms) >= needed
    return like if enough and like >= ALIKE else 0.0
