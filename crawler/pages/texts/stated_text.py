"""The text of a page, with the sentences that only its JSON-LD has."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from crawler.frozen import dataclass
from crawler.model import POST_MARK
from crawler.pages.texts.boilerplate import is_boilerplate
from crawler.text.comparable import comparable
from crawler.text.sentences import sentence_spans

# All chosen. Letters: a shorter sentence says nothing about where it stands; a shorter text in
# JSON-LD that shares nothing with the page is a summary.
_TELLING, _THIN = 20, 200
_MUCH_MORE = 1.5  # a stated text this many times as long replaces one that it shares nothing with
_SMALL, _FAR_MORE = 500, 3.0  # from this length on, it has to be this many times as long
_ALIKE = 0.5  # share of a sentence's runs of three words in the text: it is said in other words
_BETWEEN = "\x1f"
_POSTED = re.compile(rf"^{POST_MARK}", re.MULTILINE)
_WORD = re.compile(r"\w+")


def with_stated(shown: str, stated: str, *, known: str = "", beside: str = "") -> str:
    """The text that a page shows, and each sentence of the stated text that it lacks, in its place.

    No sentence comes twice, nor one that is there in other words. `known` is what stands elsewhere
    in the article, `beside` what the page shows as captions, links and readers' remarks. If the two
    texts share no sentence, one is not of the article: the stated text, unless it is not longer.
    """
    if not stated or _letters(stated) in _letters(f"{shown}\n\n{known}"):
        return shown
    blocks = shown.split("\n\n") if shown else []
    union = _Union(blocks, known, beside)
    paragraphs = [list(_sentences(one)) for one in stated.split("\n\n")]
    if not any(union.place_of(one) is not None for each in paragraphs for one in each):
        more = _MUCH_MORE if len(shown) < _SMALL else _FAR_MORE
        return stated if not known and len(stated) > max(_THIN, more * len(shown)) else shown
    for paragraph in paragraphs:
        union.take(paragraph)
    return "\n\n".join(union.blocks())


def with_corrections(text: str, corrections: Iterable[str]) -> str:
    """The text, and behind it each correction that it lacks."""
    said = _letters(text)
    new = (line for line in dict.fromkeys(corrections) if _letters(line) not in said)
    return "\n\n".join(filter(None, (text, *new)))


def _sentences(paragraph: str) -> Iterator[str]:
    return (paragraph[start:end] for start, end in sentence_spans(paragraph))


def _letters(text: str) -> str:
    return "".join(comparable(_POSTED.sub("", text).replace("\n", " ")).split())


@dataclass(slots=True)
class _Union:
    """The blocks of the page, and what comes after each of them (-1: before the first)."""

    shown: Sequence[str]
    known: str
    beside: str
    at: int = -1
    added: dict[int, list[str]] = field(default_factory=dict)
    _whole: str = field(init=False)
    _begins: list[int] = field(init=False)
    _runs: set[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        texts = [*map(_letters, self.shown), _letters(self.known)]
        self._whole = _BETWEEN.join(texts)
        self._begins = [0]
        for text in texts:
            self._begins.append(self._begins[-1] + len(text) + 1)
        self._runs = set(_runs(f"{self.known} {' '.join(self.shown)}"))
        self.beside = _letters(self.beside)

    def place_of(self, sentence: str) -> int | None:
        """The block that has a sentence; None if none has it, or if it is too short to tell."""
        letters = _letters(sentence)
        found = self._whole.find(letters) if len(letters) >= _TELLING else -1
        return None if found < 0 else bisect_right(self._begins, found) - 1

    def take(self, paragraph: Sequence[str]) -> None:
        """Put the new sentences of a stated paragraph behind the block with the one before them."""
        new: list[str] = []
        for sentence in paragraph:
            place = self.place_of(sentence)
            if place is not None:
                self._put(new)
                new = []
                self.at = min(place, len(self.shown) - 1)
            elif self._is_new(sentence, after_new=bool(new)):
                new.append(sentence)
        self._put(new)

    def _is_new(self, sentence: str, *, after_new: bool) -> bool:
        letters = _letters(sentence)
        if len(letters) < _TELLING and not after_new:
            return False
        if not letters or letters in self._whole or letters in self.beside:
            return False
        if is_boilerplate(sentence):
            return False
        runs = list(_runs(sentence))
        return sum(run in self._runs for run in runs) < _ALIKE * max(1, len(runs))

    def _put(self, sentences: list[str]) -> None:
        if sentences:
            text = " ".join(sentences)
            self.added.setdefault(self.at, []).append(text)
            self._whole += _BETWEEN + _letters(text)  # it is said now, whoever says it again

    def blocks(self) -> Iterator[str]:
        """Yield the blocks in the order of the page."""
        yield from self.added.get(-1, ())
        for place, block in enumerate(self.shown):
            yield block
            yield from self.added.get(place, ())


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return zip(words, words[1:], words[2:], strict=False)
