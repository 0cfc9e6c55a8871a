"""Which patterns may stand in a document, looked for all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from ahocorasick_rs import BytesAhoCorasick

from alerts.matching.row import Passages
from alerts.query.globs import Glob
from alerts.query.patterns import LONGEST_WORD, folded_key, pattern_of
from alerts.query.tree import BODY, Concept, Node, Phrase, Word, operands

# These numbers are chosen; benchmarks/bench_rules.py measures the whole.
_RECENT = 50  # new needles that are looked for one by one; with more, a new automaton is built

_SORTED_FROM = 100  # needles found; fewer are searched for each pattern, and not sorted
_MOST_LOOKED_UP = 100  # needles found; the places of more are kept, not looked up in the text again

ALWAYS = -1  # the number of a pattern that every document holds

_Stretch: TypeAlias = tuple[int, int]
_Found: TypeAlias = tuple[int, int, int]  # a needle or pattern, and where it begins and ends

_needle_of = itemgetter(0)


class Size(NamedTuple):
    """How many numbers there are from 0 up, and how many below 0."""

    needles: int
    others: int


class Present:
    """The patterns that a document may hold; a pattern that it does hold is never missing.

    `numbers` has the numbers of these patterns, and of needles that stand for other patterns.
    `whole` has the places of chunks in which a pattern may match several parts glued, or a word
    that is kept apart.
    """

    __slots__ = ("_found", "_places", "_sorted", "_vocabulary", "_words", "numbers", "whole")

    def __init__(
        self, words: str, found: list[_Found], vocabulary: Vocabulary, *, alone: bool
    ) -> None:
        """Start with the needles of a vocabulary that were found in the words of a document.

        The places of a few are not kept if the document is matched together with others: the less
        is kept of each, the more of what is needed next stays in the caches.
        """
        self.numbers = set(map(_needle_of, found))
        self.numbers.add(ALWAYS)
        self.whole: dict[int, set[_Stretch]] = {}
        self._words, self._vocabulary = words, vocabulary
        self._found = found if alone or len(found) > _MOST_LOOKED_UP else None
        self._places: dict[int, list[_Stretch]] = {}
        self._sorted = False

    def add(self, number: int, start: int, end: int) -> None:
        """Note that a pattern with wildcards, or an exact one, matches the word at this place."""
        if number in self._places:
            self._places[number].append((start, end))
        else:
            self.numbers.add(number)
            self._places[number] = [(start, end)]

    def add_whole(self, number: int, stretches: Iterable[_Stretch]) -> None:
        """Note that a pattern matches a form of the chunks at these places."""
        self.numbers.add(number)
        self.whole.setdefault(number, set()).update(stretches)

    def by_field(self, begins: tuple[int, ...]) -> tuple[set[int], ...]:
        """Those of the patterns that may stand in each field, given where fields begin."""
        fields = {ALWAYS}, {ALWAYS}, {ALWAYS}
        _, lead, body = begins
        found = self._found
        if found is None:  # what stands in a title or lead, most often stands in the body too
            found = self._vocabulary.found_in(self._words[:body])
            fields[BODY].update(self.numbers)
        for number, at, _ in found:
            fields[(at + 1 >= lead) + (at + 1 >= body)].add(number)
        for held in (self._places, self.whole):
            for number, stretches in held.items():
                for start, _ in stretches:
                    fields[(start >= lead) + (start >= body)].add(number)
        return fields

    def places(self, number: int) -> list[_Stretch]:
        """Where a pattern matches a word, in order."""
        if number >= 0 and not self._sorted:
            if self._found is None:
                return self._looked_up(self._vocabulary.needles[number])
            if len(self._found) <= _SORTED_FROM:
                return [(at + 1, to - 1) for needle, at, to in self._found if needle == number]
            self._sorted = True
            for needle, at, to in self._found:
                self._places.setdefault(needle, []).append((at + 1, to - 1))
        return self._places.get(number, [])

    def _looked_up(self, needle: str) -> list[_Stretch]:
        words, found = self._words, list[_Stretch]()
        at = words.find(needle)
        while at >= 0:
            found.append((at + 1, at + len(needle) - 1))
            at = words.find(needle, at + 1)
        return found


class Vocabulary:
    """The patterns of all rules. A pattern that no rule uses any more is kept: it does no harm.

    Each pattern has a needle, which is looked for in the folded text. The needle of a word is the
    word between two spaces. That of a pattern with wildcards is the letters that it begins with,
    or else its longest run of letters. One automaton finds all needles in one go (Aho and
    Corasick, 1975). An exact pattern is found by its folded form and compared as written later.

    A folded literal has the number of its needle, from 0 up. Other patterns have numbers below 0.
    """

    def __init__(self) -> None:
        """Start without patterns."""
        self.numbers: dict[str, int] = {}
        self.uses: dict[str, int] = {}  # how often the queries ever added name each pattern
        self._concepts: dict[int, Concept] = {}
        self.needles: list[str] = []
        self._needles: dict[str, int] = {}
        self._others = -ALWAYS
        # Which other patterns a needle stands for: those as written, and globs (None where finding
        # the needle is enough), each with its number.
        self._exact: dict[int, tuple[tuple[str, int], ...]] = {}
        self._open: dict[int, tuple[tuple[Glob | None, int], ...]] = {}
        self._special = bytearray()  # whether a needle has any of these, in little memory
        self._automaton: BytesAhoCorasick | None = None
        self._recent: dict[str, int] = {}  # needles that the automaton does not know

    def copy(self) -> Vocabulary:
        """A vocabulary that can be changed without changing this one."""
        vocabulary = Vocabulary()
        vocabulary.numbers, vocabulary.uses = self.numbers.copy(), self.uses.copy()
        vocabulary._concepts = self._concepts.copy()
        vocabulary._needles, vocabulary._others = self._needles.copy(), self._others
        vocabulary.needles = self.needles.copy()
        vocabulary._special = self._special.copy()
        vocabulary._exact, vocabulary._open = self._exact.copy(), self._open.copy()
        vocabulary._automaton, vocabulary._recent = self._automaton, self._recent.copy()
        return vocabulary

    def add(self, nodes: Iterable[Node]) -> None:
        """Add every pattern of these queries, those that they exclude too."""
        keys: dict[str, None] = {}
        for node in nodes:
            self._collect(node, keys)
        for key in sorted(keys):  # neighbours that begin alike make the automaton quicker
            self._add(key)
        if self._automaton is None or len(self._recent) > _RECENT:
            self._automaton, self._recent = BytesAhoCorasick(map(str.encode, self._needles)), {}

    def _collect(self, node: Node, keys: dict[str, None]) -> None:
        """Gather the patterns of a query that are new."""
        match node:
            case Word():
                key = node.key
                self.uses[key] = self.uses.get(key, 0) + 1
                if key not in self.numbers:
                    keys[key] = None
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
        folded = folded_key(key)
        if not (exact or glob):
            self.numbers[key] = self._needle(f" {folded} ")
            return
        self._others += 1
        number = self.numbers[key] = -self._others
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
            self.needles.append(text)
            self._special.append(False)
        return number

    @property
    def size(self) -> Size:
        """How many numbers are in use."""
        return Size(len(self._needles), self._others)

    def present(self, documents: Iterable[Passages]) -> list[Present]:
        """The patterns that each of these documents may hold."""
        texts = [_searched(passages) for passages in documents]
        alone = len(texts) == 1
        found = [self._looked_for(text, alone=alone) for text in texts]
        return [self._completed(*each) for each in zip(texts, found, strict=True)]

    def found_in(self, words: str) -> list[_Found]:
        """The needles in these words."""
        return self._find(words, len(words))[0]

    def _looked_for(
        self, searched: _Searched, *, alone: bool
    ) -> tuple[Present, list[_Found], list[_Found]]:
        """The needles in a text, and those that need a closer look: in its words, in its forms."""
        found, beyond = self._find(searched.text, searched.limit)
        special = self._special
        more = [each for each in found if special[each[0]]]
        return Present(searched.passages.words, found, self, alone=alone), more, beyond

    def _completed(
        self, searched: _Searched, looked_for: tuple[Present, list[_Found], list[_Found]]
    ) -> Present:
        """The same with the patterns that other needles than those of words stand for."""
        present, more, beyond = looked_for
        text, forms, stretches = searched.text, searched.forms, searched.stretches
        if more:
            self._add_special(more, text, searched.passages.written, present)
        if beyond:
            self._add_whole(beyond, text, zip(forms, stretches, strict=True), present)
        for forms, stretches in searched.further:
            text = f" {' '.join(forms)} "
            _, beyond = self._find(text, 0)
            self._add_whole(beyond, text, zip(forms, stretches, strict=True), present)
        return present

    def _find(self, text: str, limit: int) -> tuple[list[_Found], list[_Found]]:
        """Where the needles stand, in order for each of them: before the limit, and from it on."""
        assert self._automaton is not None
        # The automaton is quicker with bytes. Up to the limit each byte is one letter.
        data = text.encode()
        found: list[_Found] = self._automaton.find_matches_as_indexes(data, overlapping=True)
        last = len(found)
        while last and found[last - 1][1] >= limit:
            last -= 1
        beyond = found[last:]
        del found[last:]
        if beyond and len(data) > len(text):
            letters = _letters_before(text, limit)
            beyond = [(needle, letters[start], letters[end]) for needle, start, end in beyond]
        for needle, number in self._recent.items():
            at = text.find(needle)
            while at >= 0:
                (found if at < limit else beyond).append((number, at, at + len(needle)))
                at = text.find(needle, at + 1)
        return found, beyond

    def _add_special(
        self, found: Iterable[_Found], text: str, written: str, present: Present
    ) -> None:
        """Add exact patterns and those with wildcards that match where their needles were found."""
        for needle, start, end in found:
            for literal, number in self._exact.get(needle, ()):
                if written[start + 1 : end - 1] == literal:
                    present.add(number, start + 1, end - 1)
        for number, start, end in self._matching(found, text):
            present.add(number, start, end)

    def _add_whole(
        self,
        found: list[_Found],
        text: str,
        forms: Iterable[tuple[str, _Stretch]],
        present: Present,
    ) -> None:
        """Add the patterns that match forms of chunks; the text holds these forms one by one."""
        places: dict[str, list[_Stretch]] = {}
        for form, stretch in forms:
            places.setdefault(form, []).append(stretch)
        matches = self._matches(found, text)
        for number, form in {(number, text[start:end]) for number, start, end in matches}:
            present.add_whole(number, places[form])

    def _matching(self, found: Iterable[_Found], text: str) -> Iterator[_Found]:
        """Yield the patterns with wildcards that match the words around their needles."""
        done: dict[int, int] = {}
        for needle, start, end in found:
            patterns = self._open.get(needle)
            if patterns is None:
                continue
            if text[start] == " ":
                begin = start + 1
            elif start < done.get(needle, 0):
                continue  # the needle may stand in one word many times
            else:
                begin = text.rfind(" ", max(start - LONGEST_WORD, 0), start) + 1
            until = text.find(" ", end, begin + LONGEST_WORD + 1)
            if begin and until >= 0:
                done[needle] = until
                for glob, number in patterns:
                    if glob is None or glob.matches(text[begin:until]):
                        yield number, begin, until

    def _matches(self, found: list[_Found], text: str) -> Iterator[_Found]:
        """Yield all patterns that match the words around their needles."""
        for needle, start, end in found:
            if text[end - 1] == " ":
                for number in (needle, *(number for _, number in self._exact.get(needle, ()))):
                    yield number, start + 1, end - 1
        yield from self._matching(found, text)


class _Searched(NamedTuple):
    """A text to be searched: the words of a document, and from the limit on its first forms."""

    text: str
    limit: int
    forms: list[str]
    stretches: list[_Stretch]
    further: Iterator[tuple[list[str], list[_Stretch]]]
    passages: Passages


def _searched(passages: Passages) -> _Searched:
    further = passages.forms()
    forms, stretches = next(further)
    words = passages.words
    text = f"{words}{' '.join(forms)} " if forms else words  # so that one search finds both
    return _Searched(text, len(words) - 1, forms, stretches, further, passages)


def _letters_before(text: str, limit: int) -> dict[int, int]:
    """Offsets in letters, by offset in UTF-8 bytes, for each letter from the limit on."""
    sizes = (len(letter.encode()) for letter in text[limit:])
    return dict(zip(accumulate(sizes, initial=limit), range(limit, len(text) + 1), strict=True))


def _letters(glob: Glob) -> str:
    """The needle of a glob: letters that stand in the text wherever the glob matches a word."""
    beginning = glob.pieces[0].partition("?")[0]
    return f" {beginning}" if beginning else glob.longest_literal()
