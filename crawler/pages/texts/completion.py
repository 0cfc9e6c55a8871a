"""The text found on a page against the outline of the page: what is missing is put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field

from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.pages.texts.topic import shared_words
from crawler.text.comparable import comparable

# All limits here are chosen, and held by the pages in the tests. Lengths are in letters.
LEAST_HOME = 200  # of running text around the main heading
HALF = 0.5
_SHORT = 400  # of a text that may be no more than the lead
_LITTLE = 0.3  # share of the running text below which a found text is not the article
_TOGETHER = 2  # paragraphs in one line
_SEVERAL, _MOSTLY = 3, 0.8  # paragraphs of an article; share of their letters
_ABOUT, _STEM = 1 / 3, 5  # share of the title's words in a text; letters of a word
_MOST_LOOKS = 500  # for a paragraph in the whole text: each costs a part of a millisecond


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or heading of the page; `runs` if its text, form and place are an article's."""

    text: str
    runs: bool
    heading: bool = False
    main: bool = False  # the main heading
    remark: bool = False  # of a reader, by the name of its box
    stays: bool = False  # wherever the article is: an embedded post, or a correction
    row: str = ""  # the tag and first class of the box in a row of boxes in which it stands
    link: bool = False  # as a whole
    boxes: tuple[HtmlElement, ...] = ()  # itself and around it, up to those of the main heading
    words: str = field(init=False)  # in the form in which texts are compared

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", comparable(self.text))

    @property
    def is_headed(self) -> bool:
        """Whether no box parts it from the main heading, and it was not removed from the page."""
        return len(self.boxes) == 1 and _is_left(self)


@dataclass(frozen=True, slots=True)
class Outline:
    """The paragraphs around the main heading, and those of what holds half of all letters."""

    around: tuple[Paragraph, ...]
    most: tuple[Paragraph, ...]
    running: int  # letters of all sentences on the page
    holding: HtmlElement | None = None  # the element of `most`

    @property
    def box(self) -> HtmlElement | None:
        """What holds half of the sentences, None if these are no paragraphs: teasers, remarks."""
        return self.holding if _letters(self.most) >= HALF * self.running else None

    @property
    def labels(self) -> frozenset[str]:
        """The headings with nothing below them that runs: they lead to other articles."""
        every = (*self.around, *self.most)
        return frozenset(one.text for one in every if one.heading and not one.runs)

    @property
    def links(self) -> frozenset[str]:
        """The paragraphs that are a link as a whole."""
        return frozenset(one.text for one in (*self.around, *self.most) if one.link)

    @property
    def headings(self) -> frozenset[str]:
        """The headings above running text."""
        return frozenset(one.text for one in self.around if one.heading and one.runs)


def completed(blocks: Sequence[str], outline: Outline, title: str = "") -> list[str]:
    """The paragraphs found, with those that run between them or in their box.

    If most of what runs on the page is not among them, it is taken as the page has it.
    """
    text = _Found(blocks)
    found = text.whole
    if _is_of_others(text, outline.around, title):
        return _running(outline.around)
    if _is_whole_page(text, outline.around):
        return _from_first_to_last(outline.around)
    most = _letters(outline.most)
    if most >= LEAST_HOME and len(found) < _LITTLE * most:
        other, told = " ".join(_running(outline.most)), _told(outline.most, text)
        if told >= HALF * len(found) or topic_share(title, found) < topic_share(title, other):
            return _running(outline.most)
    around = _told(outline.around, text) >= HALF * len(found)
    return _filled(text, outline.around if around else outline.most)


def unless_eaten(blocks: Sequence[str], outline: Outline) -> list[str]:
    """The paragraphs found; what runs around the main heading if they are hardly a part of it."""
    around, text = outline.around, _Found(blocks)
    few = len(text.whole) < min(_SHORT, _LITTLE * _letters(around))
    told = few and _told(around, text) >= HALF * len(text.whole)
    return _running(around) if told else list(blocks)


class _Found:
    """The paragraphs found on a page, and their words in the form in which texts are compared."""

    def __init__(self, blocks: Sequence[str]) -> None:
        self.blocks = blocks
        self.words = [comparable(block) for block in blocks]
        self.whole = " ".join(filter(None, self.words))


def _is_of_others(text: _Found, around: Sequence[Paragraph], title: str) -> bool:
    """Whether a text is that of other stories: not around the main heading, and not about it.

    What is around the heading may be the lead alone, with the article in another box. Then the text
    found is longer and uses the words of the title.
    """
    letters, told, found = _letters(around), _told(around, text), text.whole
    if letters < LEAST_HOME or told >= min(_LITTLE * letters, HALF * len(found)):
        return False
    title = title or next((one.text for one in around if one.main), "")
    own, share = topic_share(title, " ".join(_running(around))), topic_share(title, found)
    if letters >= len(found):
        return own >= share
    return _count(around) >= _SEVERAL and share < min(own, _ABOUT)


def _is_whole_page(text: _Found, around: Sequence[Paragraph]) -> bool:
    """Whether the main heading and several paragraphs are one line: nothing was told apart."""
    main = next((one.words for one in around if one.main), "")
    if len(text.blocks) != 1 or not main or main not in text.whole:
        return False
    return sum(one.runs and one.words in text.whole for one in around) >= _TOGETHER


def has_home(blocks: Sequence[str], outline: Outline) -> bool:
    """Whether the blocks have all paragraphs around the main heading, and these are several."""
    around = outline.around
    told = _told([p for p in around if not p.heading], _Found(blocks))
    return _count(around) >= _SEVERAL and told >= _MOSTLY * _letters(around)


def topic_share(title: str, text: str) -> float:
    """The share of the title's words that a text has besides the title, whatever their endings."""
    return shared_words(title, text.replace(title, "") if title else text, letters=_STEM)


def _count(paragraphs: Sequence[Paragraph]) -> int:
    return sum(p.runs and not (p.heading or p.remark) for p in paragraphs)


def _told(paragraphs: Sequence[Paragraph], found: _Found) -> int:
    """How many letters of the paragraphs that run the found ones have."""
    said, whole = set(found.words), found.whole
    told, looks = 0, 0
    for one in paragraphs:
        text = one.words if one.runs else ""
        if text and text not in said:
            looks += 1
        if text and (text in said or (looks <= _MOST_LOOKS and text in whole)):
            told += len(one.text)
    return told


def _letters(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(p.text) for p in paragraphs if p.runs and not (p.heading or p.remark))


def _running(paragraphs: Sequence[Paragraph]) -> list[str]:
    return [one.text for one in paragraphs if one.runs and not one.remark]


def _from_first_to_last(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The paragraphs that run, and the short lines between them that are no links."""
    running = [at for at, one in enumerate(paragraphs) if one.runs and not one.remark]
    between = paragraphs[running[0] : running[-1] + 1] if running else ()
    return [one.text for one in between if not (one.link or one.remark or one.main)]


def _filled(found: _Found, outline: Sequence[Paragraph]) -> list[str]:
    """The paragraphs found, with what runs between two of them, in their row or in their box."""
    # At -1: between the main heading and the first, where only what is in the same row counts, or
    # directly below the heading.
    at, waiting, row = None, list[Paragraph](), ""
    blocks, words = found.blocks, [_glued(words) for words in found.words]
    said = "".join(words)
    places = {block: place for place, block in reversed(list(enumerate(words)))}
    own = _own_box([one for one in outline if _glued(one.words) in places])
    after: dict[int, list[str]] = {}
    for one in outline:
        text = _glued(one.words)
        place = places.get(text)
        if place is not None and (at is None or place > at):
            if at is not None and waiting and (at >= 0 or place == 0):
                after[at] = [
                    other.text
                    for other in waiting
                    if at >= 0 or other.row == one.row or other.is_headed or _is_in(own, other)
                ]
            at, waiting, row = place, [], one.row
        elif one.main and at is None:
            at = -1
        elif at is not None and one.runs and text not in said:
            waiting.append(one)
            if at == len(blocks) - 1 and (
                one.stays or (one.row and one.row == row) or _is_in(own, one)
            ):
                after[at] = [other.text for other in waiting]
    first = after.get(-1, ())
    rest = (text for place, one in enumerate(blocks) for text in (one, *after.get(place, ())))
    return [*first, *rest]


def _own_box(found: Sequence[Paragraph]) -> HtmlElement | None:
    """The innermost box, apart from the main heading, that holds nearly all that was found."""
    letters: Counter[HtmlElement] = Counter()
    for one in found:
        letters.update(dict.fromkeys(one.boxes, len(one.text)))
    least = max(1, _MOSTLY * sum(len(one.text) for one in found))
    fits = (box for one in found for box in one.boxes if letters[box] >= least)
    return next(fits, None)


def _is_in(box: HtmlElement | None, one: Paragraph) -> bool:
    """Whether a paragraph stands in a box and was not removed from the page."""
    return box in one.boxes and _is_left(one)


def _is_left(one: Paragraph) -> bool:
    return next(one.boxes[0].iterancestors("html"), None) is not None


def _glued(words: str) -> str:
    """Comparable words without spaces: a break within a paragraph may have none."""
    return words.replace(" ", "")
