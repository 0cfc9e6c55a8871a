"""The running text of a page before anything is removed, to see if too much was removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile

from lxml.html import HtmlElement

from crawler.model import POST_MARK
from crawler.pages.texts.boilerplate import is_boilerplate, is_credit, is_signpost, without_calls
from crawler.pages.texts.box_sums import BoxSums, Held
from crawler.pages.texts.completion import HALF, LEAST_HOME, Outline, Paragraph
from crawler.pages.texts.corrections import is_correction
from crawler.pages.texts.elements import (
    BLOCKS,
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
from crawler.text.plain import one_line

# All limits here are chosen, and held by the pages in the tests. Lengths are in letters.
_LEAST = 40  # of a paragraph that runs; credits and labels are shorter
_LEAST_POINT = 20  # of an item of a list that is no link
_LINKED, _ALONE = 0.4, 0.9  # shares of linked letters: a box of teasers, a line that is one link
_LARGEST_FORM, _LARGEST_TEASER = 1_500, 300
_LEAST_EXPLAINED = 140  # of what a box explains under a heading that is a link
_MOST_BETWEEN = 3  # sentences between an article and its correction: who wrote it, a newsletter
_MOST = 5_000  # bounds the work on a hostile page

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BOXES = ("div", "section", "ol", "ul", "li")
_MEDIA = frozenset({"img", "picture", "video", "iframe", "audio", "object", "amp-img", "svg"})
_FIELDS = frozenset({"input", "textarea", "select"})
_REMARKS = re.compile(
    r"(?:^|[\s_-])(?:comments?|reacties|reactions|disqus|respond)(?:$|[\s_-])", re.IGNORECASE
)
_GOES_ON = re.compile(r"[a-zà-ÿ0-9]{3}[.!?][\"'”’)]* +[A-ZÀ-Þ„“‘]")  # a sentence behind another
_OF_OTHERS = re.compile(r"teaser|relat|lees|read|card|promo|link|more|meer|tip", re.IGNORECASE)
_ENDS = frozenset(".!?…。！？")  # noqa: RUF001 - ends of other scripts
_CLOSING = "\"'”’“»」』)]"


def outline_of(tree: HtmlElement, names: PageNames, title: str = "") -> Outline:
    """What runs on the page with these names, before anything is removed from it."""
    page = _Page(tree, names, title)
    home, most = page.home(), page.most(tree)
    lines, more = page.lines_in(home), page.lines_in(most)
    around = (*page.paragraphs(home, lines), *page.corrections_behind(home))
    told = around if most is home else page.paragraphs(most, more)
    return Outline(around, told, page.sums[tree].running, most)


class _Page:
    """The leaves of a page and what each of the elements above them holds.

    Most leaves are short lines of menus and lists. They are looked at in the two boxes alone that
    may be the article's.
    """

    def __init__(self, tree: HtmlElement, names: PageNames, title: str) -> None:
        self._title = title
        self.heading: HtmlElement | None = None
        self._titled = False
        self._texts: dict[HtmlElement, str] = {}
        self._linked: dict[HtmlElement, int] = {}
        self.sums = BoxSums()
        self._corrections: list[tuple[HtmlElement, int]] = []  # and the sentences before each
        self._sentences: list[HtmlElement] = []
        self._known: dict[HtmlElement, Paragraph] = {}
        self._may_run: dict[HtmlElement, bool] = {}
        self._bad: dict[HtmlElement, bool] = {}
        self._apart: dict[HtmlElement | None, tuple[HtmlElement, ...]] = {}
        named = _REMARKS.search(names.classes) or _REMARKS.search(names.ids)
        boxes = tree.iter(*_BOXES) if named else ()
        self.remarks = {box for box in boxes if _is_of_remarks(_name(box))}
        self._seen, broken = SeenText(tree), above(tree, "br")
        leaves = list(islice(leaves_of(tree), _MOST))
        self._leaves = frozenset(leaves)
        for leaf in leaves:
            for line_break in leaf.iter("br") if leaf in broken else ():
                line_break.tail = f"\n{line_break.tail or ''}"
            seen = self._seen.of(leaf)
            # Composing letters may make others longer.
            if len(seen) >= _LEAST or leaf.tag == "h1" or not seen.isascii():
                self._add(leaf, one_line(seen))
        self.sums.add_up()

    def _add(self, leaf: HtmlElement, text: str) -> None:
        if not text:
            return
        titled = leaf.tag == "h1" and same_title(text, self._title)
        if leaf.tag == "h1" and (self.heading is None or (titled and not self._titled)):
            self.heading, self._titled = leaf, titled
        self._texts[leaf] = text
        if _is_sentence(text) and not self._is_remark(leaf):
            if is_correction(text):
                self._corrections.append((leaf, len(self._sentences)))
            self._sentences.append(leaf)
            self.sums.put(leaf, Held(running=len(text)))

    def _is_remark(self, leaf: HtmlElement) -> bool:
        return bool(self.remarks) and any(up in self.remarks for up in self.sums.around(leaf))

    def home(self) -> HtmlElement | None:
        """The smallest element with the main heading and running text."""
        if self.heading is None:
            return None
        around = self.sums.around(self.heading)
        return next((up for up in around if self.sums[up].running >= LEAST_HOME), None)

    def most(self, tree: HtmlElement) -> HtmlElement:
        """The smallest element with half of the letters of all running text."""
        whole, smallest = self.sums[tree].running, tree
        for element in self.sums.lines_and_boxes():
            fits = HALF * whole <= self.sums[element].running <= self.sums[smallest].running
            if fits and smallest in self.sums.around(element):
                smallest = element
        return smallest

    def lines_in(self, box: HtmlElement | None) -> list[HtmlElement]:
        """The lines in an element, and itself if it is one; what they hold is noted."""
        leaves = () if box is None else (one for one in box.iter(*BLOCKS) if one in self._leaves)
        near = (one for one in leaves if one is box or box in self.sums.around(one))
        lines = [one for one in near if self._text(one)]
        for line in lines:
            if line not in self._linked:
                self._look_at(line, self._text(line))
        return lines

    def corrections_behind(self, home: HtmlElement | None) -> Iterator[Paragraph]:
        """Yield the lines soon after an element that correct it, and stand in no other article."""
        for leaf, before in self._corrections if home is not None else ():
            between = takewhile(
                lambda one: home not in self.sums.around(one), reversed(self._sentences[:before])
            )
            others = {up for up in self.sums.around(leaf) if up.tag == "article"}
            near = len(list(islice(between, _MOST_BETWEEN + 1))) <= min(_MOST_BETWEEN, before - 1)
            if near and home not in self.sums.around(leaf) and others <= {*self.sums.around(home)}:
                self.lines_in(leaf.getparent())
                yield self._paragraph(leaf, runs=self._runs(leaf, home))

    def _text(self, leaf: HtmlElement) -> str:
        if leaf not in self._texts:
            self._texts[leaf] = one_line(self._seen.of(leaf))
        return self._texts[leaf]

    def _look_at(self, line: HtmlElement, text: str) -> None:
        links = self.sums.links_above(line)
        linked = self._linked[line] = len(text) if links else linked_letters(line)
        lone = linked >= _ALONE * len(text)
        leads = line.tag in _HEADINGS and lone and leads_away(line, links)
        held = Held(
            shown=len(text),
            linked=min(linked, len(text)),
            free=not lone,
            signposted=leads or is_signpost(text),
        )
        self.sums.add(line, held)

    def paragraphs(
        self, home: HtmlElement | None, lines: Iterable[HtmlElement]
    ) -> tuple[Paragraph, ...]:
        """The lines in an element, each judged by what it and the boxes around it are."""
        if home is None:
            return ()
        found = [self._paragraph(line, runs=self._runs(line, home)) for line in lines]
        return tuple(_with_headings(found))

    def _paragraph(self, leaf: HtmlElement, *, runs: bool) -> Paragraph:
        known = self._known.get(leaf)
        if known is not None and known.runs == runs:  # as of most that stand in both boxes
            return known
        text, remark = self._texts[leaf], self._is_remark(leaf)
        self._known[leaf] = made = Paragraph(
            text,
            runs=runs,
            heading=leaf.tag in _HEADINGS,
            main=leaf is self.heading,
            remark=remark,
            stays=not remark and (text.startswith(POST_MARK) or is_correction(text)),
            row=_row(leaf),
            link=self._linked[leaf] >= _ALONE * len(text),
            boxes=self._boxes_apart(leaf),
        )
        return made

    def _boxes_apart(self, leaf: HtmlElement) -> tuple[HtmlElement, ...]:
        """The line and the boxes around it that do not hold the main heading."""
        box = leaf.getparent()
        if box not in self._apart:
            headed = () if self.heading is None else self.sums.around(self.heading)
            around = self.sums.around(leaf)
            self._apart[box] = tuple(takewhile(lambda one: one not in headed, around))
        return (leaf, *self._apart[box])

    def _runs(self, leaf: HtmlElement, home: HtmlElement) -> bool:
        if leaf not in self._may_run:
            self._may_run[leaf] = self._is_running(leaf)
        return self._may_run[leaf] and not self._is_beside(leaf, home)

    def _is_running(self, leaf: HtmlElement) -> bool:
        """Whether a line runs, wherever it stands."""
        text, linked = self._texts[leaf], self._linked[leaf]
        line = without_calls(text)
        credited = leaf.tag in _HEADINGS and is_credit(line)  # "Video: leger in de stad"
        if leaf.tag == "h1" or (is_boilerplate(line) and not credited):
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
            if box is home or self.sums[box].running >= HALF * self.sums[home].running:
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
        if self._is_around(box, leaf) and not held.signposted:
            return False
        leads = held.signposted and not (held.running > _LEAST_EXPLAINED and _is_explained(box))
        return leads or held.linked >= _LINKED * held.shown

    def _is_around(self, box: HtmlElement, leaf: HtmlElement) -> bool:
        """Whether a box holds one paragraph and no more, a link that stands in the text as such."""
        text = self._texts[leaf]
        told = leaf.tag in {"p", "li"} and text.rstrip(_CLOSING).endswith(".")
        return told and self.sums[box].shown == len(text) and _stands_alone(leaf, box)


@lru_cache(maxsize=4096)  # a page has few names and repeats them often
def _is_of_remarks(name: str) -> bool:
    return _REMARKS.search(name) is not None


def _name(box: HtmlElement) -> str:
    return f"{box.get('class') or ''} {box.get('id') or ''}"


def _is_sentence(text: str) -> bool:
    """Whether a text is long enough for a paragraph that runs, and ends as one."""
    return len(text) >= _LEAST and text.rstrip(_CLOSING)[-1:] in _ENDS


def _stands_alone(leaf: HtmlElement, box: HtmlElement | None = None) -> bool:
    """Whether what stands before and after it, or its box, is no link: several are teasers."""
    place = leaf if box is None else box
    beside = [one for one in (place.getprevious(), place.getnext()) if one is not None]
    return link_above(leaf) is None and not any(
        one.tag == "a"
        or linked_letters(one) >= _ALONE * max(1, len(text_seen(one)))
        or is_signpost(one_line(text_seen(one)))
        for one in beside
    )


def _is_explained(box: HtmlElement) -> bool:
    """Whether a box has one heading, a link that is no call, above sentences as teasers have not.

    These are several paragraphs, or one of several sentences without a picture or date.
    """
    headings = list(islice(box.iter(*_HEADINGS), 2))
    if len(headings) != 1 or is_signpost(one_line(text_seen(headings[0]))):
        return False
    told = [one_line(text_seen(one)) for one in islice(box.iter("p"), _MOST)]
    if len(told) > 1:
        return sum(map(len, told)) > _LARGEST_TEASER
    if len(told) != 1 or _OF_OTHERS.search(_name(box)) or holds(box, *_MEDIA, "time"):
        return False
    return _GOES_ON.search(told[0]) is not None


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
        after = found[at + 1 : at + 3] if one.heading else ()
        following = next((p for p in after if not p.heading), None)
        if one.heading and not (following is not None and following.runs):
            yield Paragraph(one.text, runs=False, heading=True)
        else:
            yield one
