"""The running text of a page before anything is removed, to see if too much was removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.model import POST_MARK
from crawler.pages.lead import shared_words
from crawler.pages.texts.boilerplate import is_boilerplate, is_credit, is_signpost, without_calls
from crawler.pages.texts.box_sums import BoxSums, Held
from crawler.pages.texts.elements import (
    SeenText,
    above,
    holds,
    is_hidden,
    leads_away,
    leaves_of,
    link_above,
    linked_letters,
    text_seen,
)
from crawler.pages.texts.names import PageNames
from crawler.pages.title import same_title
from crawler.text.comparable import comparable
from crawler.text.plain import one_line

# All limits here are chosen, and held by the pages in the tests. Lengths are in letters.
_LEAST = 40  # of a paragraph that runs; credits and labels are shorter
_LEAST_POINT = 20  # of an item of a list that is no link
_LEAST_HOME = 200
_SHORT = 400  # of a text that may be no more than the lead
_HALF = 0.5
_LITTLE = 0.3  # share of the running text below which a found text is not the article
_LINKED, _ALONE = 0.4, 0.9  # shares of linked letters: a box of teasers, a line that is one link
_LARGEST_FORM = 1_500
_SEVERAL, _MOSTLY = 3, 0.8  # paragraphs of an article; share of their letters
_ABOUT, _STEM = 1 / 3, 5  # share of the title's words in a text; letters of a word
_MOST_LOOKS = 500  # for a paragraph in the whole text: each costs a part of a millisecond
_MOST = 5_000  # bounds the work on a hostile page

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BOXES = ("div", "section", "ol", "ul", "li")
_MEDIA = frozenset({"img", "picture", "video", "iframe", "audio", "object", "amp-img", "svg"})
_FIELDS = frozenset({"input", "textarea", "select"})
_REMARKS = re.compile(
    r"(?:^|[\s_-])(?:comments?|reacties|reactions|disqus|respond)(?:$|[\s_-])", re.IGNORECASE
)
_ENDS = frozenset(".!?…。！？")  # noqa: RUF001 - ends of other scripts
_CLOSING = "\"'”’“»」』)]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or heading of the page; `runs` if its text, form and place are an article's."""

    text: str
    runs: bool
    heading: bool = False
    main: bool = False  # the main heading
    remark: bool = False  # of a reader, by the name of its box
    post: bool = False  # embedded: it stays wherever the article is
    row: str = ""  # the tag and first class of the box in a row of boxes in which it stands
    link: bool = False  # as a whole
    boxes: tuple[
        HtmlElement, ...
    ] = ()  # around it, the innermost first, without those of the heading
    words: str = field(init=False)  # in the form in which texts are compared

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", comparable(self.text))


@dataclass(frozen=True, slots=True)
class Outline:
    """The paragraphs around the main heading, and those of what holds half of all letters."""

    around: tuple[Paragraph, ...]
    most: tuple[Paragraph, ...]
    running: int  # letters of all sentences on the page

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


def outline_of(tree: HtmlElement, names: PageNames, title: str = "") -> Outline:
    """What runs on the page with these names, before anything is removed from it."""
    page = _Page(tree, names, title)
    home, most = page.home(), page.most(tree)
    for box in (home, most):
        page.look_for_links(box)
    around = page.paragraphs(home)
    return Outline(
        around, around if most is home else page.paragraphs(most), page.sums[tree].running
    )


def completed(blocks: Sequence[str], outline: Outline, title: str = "") -> list[str]:
    """The paragraphs found, with those that run between them.

    If most of what runs on the page is not among them, it is taken as the page has it.
    """
    text = _Found(blocks)
    found = text.whole
    if _is_of_others(text, outline.around, title):
        return _running(outline.around)
    most = _letters(outline.most)
    if most >= _LEAST_HOME and len(found) < _LITTLE * most:
        other, told = " ".join(_running(outline.most)), _told(outline.most, text)
        if told >= _HALF * len(found) or topic_share(title, found) < topic_share(title, other):
            return _running(outline.most)
    around = _told(outline.around, text) >= _HALF * len(found)
    return _filled(text, outline.around if around else outline.most)


def unless_eaten(blocks: Sequence[str], outline: Outline) -> list[str]:
    """The paragraphs found; what runs around the main heading if they are hardly a part of it."""
    around, text = outline.around, _Found(blocks)
    few = len(text.whole) < min(_SHORT, _LITTLE * _letters(around))
    told = few and _told(around, text) >= _HALF * len(text.whole)
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
    if letters < _LEAST_HOME or told >= min(_LITTLE * letters, _HALF * len(found)):
        return False
    title = title or next((one.text for one in around if one.main), "")
    own, share = topic_share(title, " ".join(_running(around))), topic_share(title, found)
    if letters >= len(found):
        return own >= share
    return _count(around) >= _SEVERAL and share < min(own, _ABOUT)


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


def _filled(found: _Found, outline: Sequence[Paragraph]) -> list[str]:
    """The paragraphs found, with what runs between two of them and the rest of a row of boxes."""
    # At -1: between the main heading and the first, where only what is in the same row counts.
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
                    if at >= 0 or other.row == one.row or _is_in(own, other)
                ]
            at, waiting, row = place, [], one.row
        elif one.main and at is None:
            at = -1
        elif at is not None and one.runs and text not in said:
            waiting.append(one)
            if at == len(blocks) - 1 and (
                one.post or (one.row and one.row == row) or _is_in(own, one)
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
    return box in one.boxes and next(one.boxes[0].iterancestors("html"), None) is not None


def _glued(words: str) -> str:
    """Comparable words without spaces: a break within a paragraph may have none."""
    return words.replace(" ", "")


class _Page:
    """The leaves of a page and what each of the elements above them holds."""

    def __init__(self, tree: HtmlElement, names: PageNames, title: str) -> None:
        self._title = title
        self.heading: HtmlElement | None = None
        self._titled = False
        self.texts: dict[HtmlElement, str] = {}
        self._linked: dict[HtmlElement, int] = {}
        self.sums = BoxSums()
        self._bad: dict[HtmlElement, bool] = {}
        named = _REMARKS.search(names.classes) or _REMARKS.search(names.ids)
        boxes = tree.iter(*_BOXES) if named else ()
        self.remarks = {box for box in boxes if _is_of_remarks(_name(box))}
        seen, broken = SeenText(tree), above(tree, "br")
        for leaf in islice(leaves_of(tree), _MOST):
            for line_break in leaf.iter("br") if leaf in broken else ():
                line_break.tail = f"\n{line_break.tail or ''}"
            self._add(leaf, one_line(seen.of(leaf)))
        self.sums.add_up()

    def _add(self, leaf: HtmlElement, text: str) -> None:
        if not text:
            return
        titled = leaf.tag == "h1" and same_title(text, self._title)
        if leaf.tag == "h1" and (self.heading is None or (titled and not self._titled)):
            self.heading, self._titled = leaf, titled
        self.texts[leaf] = text
        runs = _is_sentence(text) and not self._is_remark(leaf)
        self.sums.put(leaf, Held(shown=len(text), running=len(text) if runs else 0))

    def _is_remark(self, leaf: HtmlElement) -> bool:
        return bool(self.remarks) and any(up in self.remarks for up in self.sums.around(leaf))

    def home(self) -> HtmlElement | None:
        """The smallest element with the main heading and running text."""
        if self.heading is None:
            return None
        around = self.sums.around(self.heading)
        return next((up for up in around if self.sums[up].running >= _LEAST_HOME), None)

    def most(self, tree: HtmlElement) -> HtmlElement:
        """The smallest element with half of the letters of all running text."""
        whole, smallest = self.sums[tree].running, tree
        for element in self.sums.running():
            held, least = self.sums[element], self.sums[smallest]
            fits = _HALF * whole <= held.running <= least.running and held.shown <= least.shown
            if fits and smallest in self.sums.around(element):
                smallest = element
        return smallest

    def look_for_links(self, home: HtmlElement | None) -> None:
        """Note what the lines in an element link to: of most lines of a page nobody asks it."""
        for line in () if home is None else self.sums.lines_in(home):
            if line not in self._linked:
                self._note_links(line, self.texts[line])

    def _note_links(self, line: HtmlElement, text: str) -> None:
        links = self.sums.links_above(line)
        linked = self._linked[line] = len(text) if links else linked_letters(line)
        lone = linked >= _ALONE * len(text)
        leads = line.tag in _HEADINGS and lone and leads_away(line, links)
        signposted = leads or is_signpost(text)
        held = Held(linked=min(linked, len(text)), free=not lone, signposted=signposted)
        self.sums.add(line, held)

    def paragraphs(self, home: HtmlElement | None) -> tuple[Paragraph, ...]:
        """The paragraphs in an element, each judged by what it and the boxes around it are."""
        if home is None:
            return ()
        inside = ((line, self.texts[line], self._linked[line]) for line in self.sums.lines_in(home))
        found = [
            Paragraph(
                text,
                runs=self._runs(leaf, text, linked, home),
                heading=leaf.tag in _HEADINGS,
                main=leaf is self.heading,
                remark=self._is_remark(leaf),
                post=text.startswith(POST_MARK),
                row=_row(leaf),
                link=linked >= _ALONE * len(text),
                boxes=self._boxes_apart(leaf),
            )
            for leaf, text, linked in inside
        ]
        return tuple(_with_headings(found))

    def _boxes_apart(self, leaf: HtmlElement) -> tuple[HtmlElement, ...]:
        headed = set() if self.heading is None else set(self.sums.around(self.heading))
        return (leaf, *(box for box in self.sums.around(leaf) if box not in headed))

    def _runs(self, leaf: HtmlElement, text: str, linked: int, home: HtmlElement) -> bool:
        line = without_calls(text)
        credited = leaf.tag in _HEADINGS and is_credit(line)  # "Video: leger in de stad"
        if leaf.tag == "h1" or (is_boilerplate(line) and not credited):
            return False
        if self._is_beside(leaf, home):
            return False
        if leaf.tag in _HEADINGS or text.startswith(POST_MARK):
            return True
        if linked >= _ALONE * len(text) and not (leaf.tag in {"p", "li"} and _stands_alone(leaf)):
            return False
        if leaf.tag == "li" and linked < _LINKED * len(text) and len(text) >= _LEAST_POINT:
            return True
        return _is_sentence(text)

    def _is_beside(self, leaf: HtmlElement, home: HtmlElement) -> bool:
        """Whether a box around it, inside of `home`, is one of links, pictures, forms or calls."""
        for box in (leaf, *self.sums.around(leaf)):
            if box is home or self.sums[box].running >= _HALF * self.sums[home].running:
                return False
            if box not in self._bad:
                self._bad[box] = self._is_bad(box, leaf)
            if self._bad[box]:
                return True
        return False

    def _is_bad(self, box: HtmlElement, leaf: HtmlElement) -> bool:
        held = self.sums[box]
        if box.tag in {"figcaption", "nav", "menu"} or is_hidden(box):
            return box.tag not in {"nav", "menu"} or held.linked > 0
        if box.tag == "figure" and holds(box, *_MEDIA):
            return True
        if held.shown < _LARGEST_FORM and holds(box, *_FIELDS):
            return True
        quote = box.tag == "blockquote" and len(box) == 1  # of one paragraph
        if box is leaf or quote or (box.tag in {"ul", "ol"} and held.free):
            return False
        return held.signposted or held.linked >= _LINKED * held.shown


@lru_cache(maxsize=4096)  # a page has few names and repeats them often
def _is_of_remarks(name: str) -> bool:
    return _REMARKS.search(name) is not None


def _name(box: HtmlElement) -> str:
    return f"{box.get('class') or ''} {box.get('id') or ''}"


def _is_sentence(text: str) -> bool:
    """Whether a text is long enough for a paragraph that runs, and ends as one."""
    return len(text) >= _LEAST and text.rstrip(_CLOSING)[-1:] in _ENDS


def _stands_alone(leaf: HtmlElement) -> bool:
    """Whether the lines before and after it are no links: several together are teasers."""
    beside = [one for one in (leaf.getprevious(), leaf.getnext()) if one is not None]
    return link_above(leaf) is None and not any(
        one.tag == "a"
        or linked_letters(one) >= _ALONE * max(1, len(text_seen(one)))
        or is_signpost(one_line(text_seen(one)))
        for one in beside
    )


def _row(leaf: HtmlElement) -> str:
    """What its box is called, or which one it is where neither of them has a name."""
    box = leaf.getparent()
    if box is None or (leaf.attrib and box.tag == "article"):
        return ""
    words = (box.get("class") or "").split() if box.tag != "article" else []
    return f"{box.tag}.{words[0]}" if words else "" if leaf.attrib else str(id(box))


def _with_headings(found: list[Paragraph]) -> Iterator[Paragraph]:
    """Yield the paragraphs; a heading runs only if the one after it does."""
    for at, one in enumerate(found):
        following = next((p for p in found[at + 1 : at + 3] if not p.heading), None)
        if one.heading and not (following is not None and following.runs):
            yield Paragraph(one.text, runs=False, heading=True)
        else:
            yield one
