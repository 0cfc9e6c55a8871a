"""Where a mould is filled in: the numbers, names and days of a text, each in its surroundings.

Copies of one report differ by what was cut, moved or added. Where their words are the same, the
values between the words are the same too. Two items from one mould have the same words around other
values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from functools import lru_cache
from itertools import product

from crawler.frozen import dataclass
from crawler.stories.shingles import WORD, number_of, plain

# Ends a clause, but not a number: "2.250" and "19.42" go on. A clause is less than a sentence of
# `crawler.text.sentences`: after a colon, a dash or a quotation mark, a capital says no more than
# at the beginning of a sentence. The stop of an abbreviation ends a clause too, in both texts
# alike, which costs one value. To find abbreviations would double the time for the values of a text
# (measured: 160 µs for each 1,000 characters, and as much again).
_CLAUSE_END = re.compile(r"[!?\n\"“”„–—]|[.:](?!\d)")
# Of the week and of the year.
DAYS = frozenset((
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
))  # fmt: skip
_SHORT = 300  # characters of a clause that is remembered
_WIDTH = 2  # words on either side of a value; tuned with the numbers in `comparison`
_EDGE = ("",) * _WIDTH
NUMBER, NAME, DAY = "#", "@", "%"

ARTICLES = frozenset(("al", "el", "de", "het"))
# Letters. Chosen: two shorter names with the same consonants are two names.
SPELT = 5
_SOUNDS = str.maketrans("cq", "kk")
_VOWELS = str.maketrans("", "", "aeiouyhj")
_TWICE = re.compile(r"(.)\1+")

_Context = tuple[str, ...]
Slots = Mapping[_Context, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many values stand in the same surroundings in two texts, and how many of them differ.

    One value for another counts once, however often it stands there, since a correction looks so:
    12 becomes 21 in headline and text. `names` counts the differing ones that are a name or a day,
    not a number.
    """

    shared: int
    differing: int
    names: int

    @property
    def differing_share(self) -> float:
        """The part of the shared surroundings that hold other values; 0 when none are shared."""
        return self.differing / self.shared if self.shared else 0.0


def agreement(one: Slots, other: Slots) -> Agreement:
    """How far two texts fill the same surroundings with the same values."""
    pairs = {(place[_WIDTH], one[place], other[place]) for place in one.keys() & other.keys()}
    differing = {
        _changed(kind, mine, theirs) for kind, mine, theirs in pairs if mine.isdisjoint(theirs)
    } - {None}
    return Agreement(len(pairs), len(differing), sum(one[0] != NUMBER for one in differing if one))


_Change = tuple[str, frozenset[str], frozenset[str]]


# Items of one mould come together, with the same changes again and again.
@lru_cache(maxsize=1 << 11)
def _changed(kind: str, mine: frozenset[str], theirs: frozenset[str]) -> _Change | None:
    """The change, by the words that differ; None if house styles write one name in two ways.

    Coen Visser for Coen Bakker is the same change as Visser for Bakker.
    """
    one, other = (frozenset(" ".join(values).split()) for values in (mine, theirs))
    one, other = one - other, other - one
    if all(word[0].isdigit() for word in one | other):
        return NUMBER, one, other
    return None if kind == NAME and _one_name(mine, theirs, one, other) else (kind, one, other)


def _one_name(
    mine: frozenset[str], theirs: frozenset[str], one: frozenset[str], other: frozenset[str]
) -> bool:
    """Whether these are one name: IS and Islamitische Staat, Visser and Petra Visser."""
    if one <= ARTICLES or other <= ARTICLES:
        return True
    if {*map(spelling, one - ARTICLES)} == {*map(spelling, other - ARTICLES)}:
        return True
    pairs = [*product(mine, theirs), (" ".join(sorted(one)), " ".join(sorted(other)))]
    return any(_is_short_for(a, b) or _is_short_for(b, a) for a, b in pairs)


def spelling(name: str) -> str:
    """The sound of a name: Raqqa and Rakka, Hasakah and Hasaka, Kobane and Kobani have one."""
    if len(name) < SPELT:
        return name
    sounds = name.translate(_SOUNDS)
    return sounds[0] + _TWICE.sub(r"\1", sounds[1:].translate(_VOWELS))


def _is_short_for(short: str, name: str) -> bool:
    parts = name.split()
    if len(parts) < 2:  # noqa: PLR2004 - initials stand for two words or more
        return False
    return short == "".join(part[0] for part in parts) or short in (parts[0], parts[-1])


def clauses(text: str) -> frozenset[str]:
    """The clauses of a text, each once."""
    return frozenset(_CLAUSE_END.split(plain(text)))


def may_differ(one: AbstractSet[str], other: AbstractSet[str]) -> bool:
    """Whether values may differ in texts of these clauses; False says that none does.

    A clause that both have holds the same values. So only the others need be looked at, and in most
    copies these are few.
    """
    both = one & other
    fewer, more = sorted((one - both, other - both), key=len)
    if len(fewer) > len(both):
        return True
    mine = slots_in(fewer)
    if not mine:
        return False
    theirs = slots_in(more)
    return any(mine[place].isdisjoint(theirs[place]) for place in mine.keys() & theirs.keys())


def slots(text: str) -> Slots:
    """What `slots_in` has for the clauses of a text."""
    return slots_in(clauses(text))


def slots_in(found_clauses: Iterable[str]) -> Slots:
    """The values that stand in each surrounding: two words to the left and two to the right.

    Surroundings end with the clause, so that a new headline leaves those of the text as they are.
    Another value in them counts only by its kind, so that they stay the same if it changes.
    """
    found: defaultdict[_Context, set[str]] = defaultdict(set)
    for clause in found_clauses:
        for context, value in (_short if len(clause) <= _SHORT else _slots_of)(clause):
            found[context].add(value)
    found.pop((*_EDGE, NUMBER, *_EDGE), None)
    return {context: frozenset(held) for context, held in found.items()}


def _slots_of(clause: str) -> tuple[tuple[_Context, str], ...]:
    marks, values = _masked(WORD.findall(clause))
    padded = [*_EDGE, *marks, *_EDGE]
    return tuple(
        (tuple(padded[place : place + 2 * _WIDTH + 1]), value) for place, value in values.items()
    )


# A text is compared with several, and items of one mould share their clauses. Chosen: some 2 MB.
_short = lru_cache(maxsize=1 << 11)(_slots_of)


def names(text: str) -> frozenset[str]:
    """The names in the text, without case; a word that only begins a clause is no name."""
    found: set[str] = set()
    for clause in _CLAUSE_END.split(plain(text)):
        found.update(_names_in(WORD.findall(clause)))
    return frozenset(found)


def _names_in(tokens: Sequence[str]) -> list[str]:
    """The values that `_masked` marks as names, found among the words with a capital."""
    found: list[str] = []
    end = 0  # of the last name
    for number in [place for place, token in enumerate(tokens) if token[0].isupper()]:
        kind, word = _kind(tokens[number])
        if kind != NAME or not number:
            continue
        if number == end:
            found[-1] += f" {word}"
        elif number == 1 and tokens[0].istitle():
            found.append(f"{_kind(tokens[0])[1]} {word}")
        else:
            found.append(word)
        end = number + 1
    return found


def _masked(tokens: Sequence[str]) -> tuple[list[str], dict[int, str]]:
    """The words of a clause, with a sign for the kind of each value; and the values by place."""
    marks: list[str] = []
    values: dict[int, str] = {}
    for number, token in enumerate(tokens):
        kind, value = _kind(token)
        last = len(marks) - 1
        # The first word of a clause is a name only if another capital follows: "Koen Bakema".
        if kind == NAME and marks and (marks[-1] == NAME or (number == 1 and tokens[0].istitle())):
            values[last] = f"{values.get(last, marks[-1])} {value}"
            marks[-1] = NAME
            continue
        if kind and not (kind == NAME and number == 0):
            values[last + 1] = value
            marks.append(kind)
        else:
            marks.append(value)
    return marks, values


@lru_cache(maxsize=1 << 14)
def _kind(token: str) -> tuple[str, str]:
    word = token.casefold()
    number = number_of(word)
    if number:
        return NUMBER, number
    if word in DAYS:
        return DAY, word
    return (NAME if token[0].isupper() else ""), word
