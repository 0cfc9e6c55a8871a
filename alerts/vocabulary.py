"""Which patterns may stand in a document, looked for all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick

from alerts.globs import Glob
from alerts.passages import Passages
from alerts.query import Concept, Node, Phrase, Word, operands
from alerts.words import LONGEST_CHAIN, LONGEST_WORD, MOST_PARTS, compound_of, fold, pattern_of

_RECENT = 50  # needles that are sooner looked for one by one than by a new automaton

_SORTED_FROM = 100  # needles found; fewer are sooner gone through for each that is asked for

ALWAYS = -1  # the number of what stands in every document

_Stretch: TypeAlias = tuple[int, int]
_Found: TypeAlias = tuple[int, int, int]  # a needle or pattern, and where it begins and ends

_needle_of = itemgetter(0)


class Present:
    """The patterns that may stand in a document; one that stands there is never missing.

    They have the numbers that the vocabulary gives them: folded literals those of their `needles`,
    of which there may be more, `others` numbers below 0. `whole` holds where the chunks are in
    which a pattern may take up more than one part, or letters that are kept apart.
    """

    __slots__ = ("_found", "_places", "_sorted", "needles", "others", "whole")

    def __init__(self, found: list[_Found]) -> None:
        """Start with the needles that were found."""
        self._found = found
        self._places: dict[int, list[_Stretch]] = {}
        self._sorted = False
        self.whole: defaultdict[int, set[_Stretch]] = defaultdict(set)
        self.needles = set(map(_needle_of, found))
        self.others = {ALWAYS}

    def add(self, number: int, start: int, end: int) -> None:
        """Note that a pattern that is no folded literal matches the word that stands there."""
        self.others.add(number)
        if number in self._places:
            self._places[number].append((start, end))
        else:
            self._places[number] = [(start, end)]

    def places(self, number: int) -> list[_Stretch]:
        """Where a pattern is a word, in order."""
        if number >= 0 and len(self._found) <= _SORTED_FROM:
            return [(start + 1, end - 1) for needle, start, end in self._found if needle == number]
        if not self._sorted:
            self._sorted = True
            for needle, start, end in self._found:
                self._places.setdefault(needle, []).append((start + 1, end - 1))
        return self._places.get(number, [])


class Vocabulary:
    """The patterns of all rules. What no rule uses any more does no harm and is not taken out.

    Each pattern has a needle in the folded text: a word stands between two spaces, one with
    wildcards has the letters that it begins with, or else its longest run of letters. One
    automaton finds all needles in one go (Aho and Corasick, 1975). Exact patterns are found by
    their folded form; whether they stand as written is seen later.

    A folded literal has the number of its needle, from 0 up; other patterns have numbers below 0.
    """

    def __init__(self) -> None:
        """Start without patterns."""
        self.numbers: dict[str, int] = {}
        self._concepts: dict[int, Concept] = {}
        self._needles: dict[str, int] = {}
        # What else it means to find a needle: patterns as written, and globs (none where the needle
        # says it all), each with its number.
        self._exact: dict[int, tuple[tuple[str, int], ...]] = {}
        self._open: dict[int, tuple[tuple[Glob | None, int], ...]] = {}
        self._special = bytearray()  # whether it means that: small enough to stay at hand
        self._automaton: AhoCorasick | None = None
        self._recent: dict[str, int] = {}  # needles that the automaton does not know

    def copy(self) -> Vocabulary:
        """A vocabulary that can be changed without changing this one."""
        vocabulary = Vocabulary()
        vocabulary.numbers, vocabulary._concepts = self.numbers.copy(), self._concepts.copy()
        vocabulary._needles, vocabulary._special = self._needles.copy(), self._special.copy()
        vocabulary._exact, vocabulary._open = self._exact.copy(), self._open.copy()
        vocabulary._automaton, vocabulary._recent = self._automaton, self._recent.copy()
        return vocabulary

    def add(self, nodes: Iterable[Node]) -> None:
        """Know every pattern of these queries, also those that they exclude."""
        keys: dict[str, None] = {}
        for node in nodes:
            self._collect(node, keys)
        for key in sorted(keys):  # words that begin alike side by side: the automaton is quicker
            self._add(key)
        if self._automaton is None or len(self._recent) > _RECENT:
            self._automaton, self._recent = AhoCorasick(self._needles, store_patterns=False), {}

    def _collect(self, node: Node, keys: dict[str, None]) -> None:
        """Gather the patterns of a query that are new."""
        match node:
            case Word():
                if node.key not in self.numbers:
                    keys[node.key] = None
            case Phrase():
                for word in node.words:
                    self._collect(word, keys)
            case Concept() if id(node) in self._concepts:
                return
            case _:
                if isinstance(node, Concept):
                    self._concepts[id(node)] = node
                for part in operands(node):
                    self._collect(part, keys)

    def _add(self, key: str) -> None:
        exact, text, glob = pattern_of(key)
        folded = fold(text) if exact else text
        if not (exact or glob):
            self.numbers[key] = self._needle(f" {folded} ")
            return
        number = self.numbers[key] = ALWAYS - 1 - len(self.numbers)
        if glob:
            letters = _letters(Glob.of(folded))
            needle = self._needle(letters)
            rest = None if f"{letters}*" == f" {folded}" else Glob.of(folded)
            self._open[needle] = (*self._open.get(needle, ()), (rest, number))
        else:
            needle = self._needle(f" {folded} ")
            self._exact[needle] = (*self._exact.get(needle, ()), (text, number))
        self._special[needle] = True

    def _needle(self, text: str) -> int:
        number = self._needles.get(text)
        if number is None:
            number = self._needles[text] = self._recent[text] = len(self._needles)
            self._special.append(False)
        return number

    @property
    def needles(self) -> int:
        """How many needles there are; their numbers are those below."""
        return len(self._needles)

    def present(self, passages: Passages) -> Present:
        """The patterns that may stand in a document."""
        found = self._find(passages.words)
        present, flags = Present(found), self._special
        if special := [each for each in found if flags[each[0]]]:
            written = passages.written
            for needle, start, end in special:
                for text, number in self._exact.get(needle, ()):
                    if written[start + 1 : end - 1] == text:
                        present.add(number, start + 1, end - 1)
            for number, start, end in self._matching(special, passages.words):
                present.add(number, start, end)
        if forms := _forms(passages):
            self._add_whole(forms, present)
        return present

    def _find(self, text: str) -> list[_Found]:
        """Where each needle stands, in order for each."""
        assert self._automaton is not None
        found: list[_Found] = self._automaton.find_matches_as_indexes(text, overlapping=True)
        for needle, number in self._recent.items():
            at = text.find(needle)
            while at >= 0:
                found.append((number, at, at + len(needle)))
                at = text.find(needle, at + 1)
        return found

    def _matching(self, found: Iterable[_Found], text: str) -> Iterator[_Found]:
        """Yield the patterns with wildcards that match words in which their needles were found."""
        done: dict[int, int] = {}
        for needle, start, end in found:
            patterns = self._open.get(needle)
            if patterns is None or start < done.get(needle, 0):
                continue
            begin = text.rfind(" ", max(start - LONGEST_WORD, 0), start + 1) + 1
            until = text.find(" ", end, begin + LONGEST_WORD + 1)
            if begin and until >= 0:
                done[needle] = until  # which may stand in one word many times
                word = text[begin:until]
                for glob, number in patterns:
                    if glob is None or glob.matches(word):
                        yield number, begin, until

    def _add_whole(self, forms: Mapping[str, Iterable[_Stretch]], present: Present) -> None:
        """Add the patterns that match these folded forms of chunks."""
        text = f" {' '.join(forms)} "
        found = self._find(text)
        for number, start, end in self._matches(found, text) if found else ():
            present.whole[number].update(forms[text[start:end]])
            (present.needles if number >= 0 else present.others).add(number)

    def _matches(self, found: list[_Found], text: str) -> Iterator[_Found]:
        """Yield all patterns that match words in which their needles were found."""
        for needle, start, end in found:
            if text[end - 1] == " ":
                for number in (needle, *(number for _, number in self._exact.get(needle, ()))):
                    yield number, start + 1, end - 1
        yield from self._matching(found, text)


def _forms(passages: Passages) -> dict[str, list[_Stretch]]:
    """The forms of chunks that are not simply words, and where these stand."""
    forms: dict[str, list[_Stretch]] = {}
    for stretch in passages.joined():
        for form in _glued(passages.words[slice(*stretch)].split()):
            forms.setdefault(form, []).append(stretch)
    for start, chunk in passages.odd:
        for each in compound_of(chunk).forms():
            forms.setdefault(each.folded, []).append((start, start + len(chunk)))
    return forms


def _letters(glob: Glob) -> str:
    """What stands in a folded text wherever the glob matches a word of it."""
    beginning = glob.pieces[0].partition("?")[0]
    return f" {beginning}" if beginning else glob.longest_literal()


def _glued(parts: list[str]) -> list[str]:
    """The forms of two and more parts that follow each other; none of an endless chain."""
    count = len(parts)
    if count == 2:  # noqa: PLR2004 - most compounds are of two parts
        return [parts[0] + parts[1]]
    if count > LONGEST_CHAIN:
        return []
    return [
        "".join(parts[first:end])
        for first in range(count - 1)
        for end in range(first + 2, min(first + MOST_PARTS, count) + 1)
    ]
