"""A text, and what a comparison asks of it, each worked out once."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from functools import cached_property, lru_cache

from crawler.frozen import dataclass
from crawler.stories.shingles import (
    RUN,
    fingerprints_among,
    number_of,
    runs_in_order,
    shingles,
    with_digits,
    words,
)
from crawler.stories.templates import DAYS, Slots, clauses, names, slots_in

Runs = frozenset[int]

# Words of an opening: the first paragraph, and what follows if that is hardly a sentence (a
# dateline, a label). Chosen, as are the numbers below; `benchmarks/bench_stories.py` measures what
# comes of all of them.
OPENING_LEAST, OPENING_MOST = 12, 40
# A paragraph that begins with a time of day. So many of them make a list.
_TIMED = re.compile(r"^\W*(?:[01]?\d|2[0-3])[.:][0-5]\d\b", re.MULTILINE)
ITEMS = 4
# A paragraph of so many runs counts as shared if so many of them stand in the other text.
PARAGRAPH, MOST = 6, 0.6
BLOCK = 150  # runs; a paragraph counts once more for each
_QUOTATION = re.compile(r"[\"“”„][^\"“”„\n]*[\"”“]")
_LONG = 60  # characters of a quotation; shorter ones are titles, names and words in use
_LONG_WORD = 6  # letters
_STEM = 4  # letters; mist and mistig, glad and gladheid are one


def _unless_long(quotation: re.Match[str]) -> str:
    return " " if len(quotation[0]) >= _LONG else quotation[0]


# Characters of a body. What is worked out of a text takes up to twenty times its room, and of a
# hundred texts it is kept. Chosen: most articles are shorter; a hundred of this length take 20 MB.
LONG_TEXT = 8_000
# Characters of a body that are compared. Chosen: more than a report has. Of a live blog that is
# longer the newest comes first. A text is compared with up to 16 others at once: of 60,000
# characters each they take 22 MB, which comes and goes with each article and so leaves gaps.
COMPARED = 60_000


@dataclass(frozen=True)
class StoryText:
    """A text, and what is asked of it, each worked out once."""

    title: str
    lead: str
    body: str

    @cached_property
    def text(self) -> str:
        """Title, lead and body."""
        return f"{self.title}\n\n{self.lead}\n\n{self.body}"

    @property
    def runs(self) -> Runs:
        """The runs of three words."""
        return (_few_kept if len(self.body) > LONG_TEXT else _kept)(self)

    @property
    def fingerprints(self) -> tuple[int, ...]:
        """The numbers by which copies of the text find each other."""
        return self._hashed[1]

    @property
    def story(self) -> array[int]:
        """The runs of three words below the headline, in order; its own if nothing is below it."""
        return self._hashed[2]

    @property
    def runs_in_order(self) -> array[int]:
        """The runs of three words, one for each place."""
        return self._hashed[0]

    @cached_property
    def _hashed(self) -> tuple[array[int], tuple[int, ...], array[int]]:
        """All three at once: the words that they are made of take too much room to be kept."""
        three, five = runs_in_order(words(self.text), 3, RUN)
        below = len(words(self.title))
        opening = five[below : below + OPENING_MOST + 1 - RUN]
        story = three[below:] or three
        return three, fingerprints_among(five, opening), story

    @cached_property
    def opening(self) -> array[int]:
        """The runs of the first paragraph."""
        length = min(max(len(self._first), OPENING_LEAST), OPENING_MOST)
        return self.story[: length - 2]

    @cached_property
    def _first(self) -> list[str]:
        return words(self.lead or self.body.split("\n", 1)[0])

    def shared_paragraphs(self, other: StoryText) -> int:
        """How many of the paragraphs below the first stand in the other text.

        A long one counts once more for each `BLOCK`. A text without paragraphs is one.
        """
        below = self.body.split("\n")[0 if self.lead else 1 :]
        runs = [shingles(words(paragraph)) for paragraph in below]
        rest = [*filter(None, runs)] or [frozenset(self.story[len(self.opening) :])]
        shared = [one for one in rest if part_within(one, other.runs) >= MOST]
        return sum(1 + len(one) // BLOCK for one in shared if len(one) >= PARAGRAPH)

    @cached_property
    def is_list(self) -> bool:
        """Whether it is made of items, each under its time, as a live blog is."""
        return len(_TIMED.findall(self.body)) >= ITEMS

    @cached_property
    def all_words(self) -> frozenset[str]:
        """Its words, and its numbers in digits too."""
        return with_digits(words(self.text))

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The words of the first paragraph."""
        return frozenset(self._first[:OPENING_MOST])

    @cached_property
    def headed(self) -> frozenset[str]:
        """The names and numbers of headline and first paragraph, each by its last word."""
        return _values(f"{self.title}.\n{self.lead or self.body.split(chr(10), 1)[0]}")

    @cached_property
    def begun(self) -> frozenset[str]:
        """The names and numbers of the first paragraph alone."""
        return _values(self.lead or self.body.split("\n", 1)[0])

    @property
    def opening_runs(self) -> Runs:
        """The runs of the first words of the text, as many as an opening may have."""
        return frozenset(self.story[: OPENING_MOST - 2])

    @cached_property
    def leading(self) -> frozenset[str]:
        """The words of headline and first paragraph that carry the subject."""
        return frozenset(
            word for word in {*self.headline, *self.first_words} if len(word) >= _LONG_WORD
        )

    @cached_property
    def values(self) -> frozenset[str]:
        """The names and numbers of the whole text."""
        return _values(f"{self.title}.\n{self.lead}\n{self.body}")

    @cached_property
    def headline(self) -> frozenset[str]:
        """The words of the headline that carry something."""
        return frozenset(word for word in words(self.title) if len(word) > _SMALL)

    @cached_property
    def stems(self) -> frozenset[str]:
        """How its words begin."""
        return frozenset(word[:_STEM] for word in self.all_words)

    @cached_property
    def subject(self) -> frozenset[str]:
        """How the words begin that headline and first paragraph share, but for values."""
        called = {part for name in names(self.text) for part in name.split()} | DAYS
        said = {word[:_STEM] for word in self.headline - called if not number_of(word)}
        return frozenset(said & {word[:_STEM] for word in self.first_words})

    @cached_property
    def unquoted(self) -> Runs:
        """The runs of three words outside long quotations."""
        return shingles(words(_QUOTATION.sub(_unless_long, self.text)))

    @cached_property
    def long_words(self) -> frozenset[str]:
        """The words that carry the subject."""
        return frozenset(word for word in words(self.text) if len(word) >= _LONG_WORD)

    @cached_property
    def slots(self) -> Slots:
        """The values in their surroundings."""
        return slots_in(self.clauses)

    @cached_property
    def clauses(self) -> frozenset[str]:
        """Its clauses, each once."""
        return clauses(self.text)


# A set takes ten times the room of the row that it is made of in 10 us. Chosen: twice as many as
# the texts with which one is compared.
@lru_cache(maxsize=32)
def _kept(text: StoryText) -> Runs:
    return frozenset(text.runs_in_order)


@lru_cache(maxsize=17)  # as many as are compared at once
def _few_kept(text: StoryText) -> Runs:
    return frozenset(text.runs_in_order)


def forget_runs() -> None:
    """Keep the runs of long texts no longer."""
    _few_kept.cache_clear()


_SMALL = 3  # letters; shorter words of a headline carry nothing
# Small numbers stand in any text.
_ANYWHERE = frozenset(map(str, range(13)))


def _values(text: str) -> frozenset[str]:
    numbers = [one for one in with_digits(words(text)) if one[0].isdigit()]
    return frozenset((*numbers, *(name.split()[-1] for name in names(text)))) - _ANYWHERE


def part_within(runs: Iterable[int], other: Runs) -> float:
    """The part of these runs that the other text has too; 0 when there are none."""
    found = [run in other for run in runs]
    return sum(found) / len(found) if found else 0.0
