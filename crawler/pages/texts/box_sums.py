"""What the boxes of a page hold, added up from its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.pages.texts.elements import DEEPEST


@dataclass(slots=True)
class Held:
    """What the lines in an element come to, in letters; `free` if one is more than a link."""

    shown: int = 0
    linked: int = 0
    running: int = 0
    free: bool = False
    signposted: bool = False

    def add(self, other: Held) -> None:
        """Let it hold these lines too."""
        self.shown += other.shown
        self.linked += other.linked
        self.running += other.running
        self.free = self.free or other.free
        self.signposted = self.signposted or other.signposted


class BoxSums:
    """What each line and each element around it holds, once all lines are there.

    What is around a line is the same for all lines in its box, and found once.
    """

    def __init__(self) -> None:
        self._held: defaultdict[HtmlElement, Held] = defaultdict(Held)
        self._lines: list[HtmlElement] = []
        self._around: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
        self._links: dict[HtmlElement, list[HtmlElement]] = {}

    def __getitem__(self, element: HtmlElement) -> Held:
        return self._held[element]

    def put(self, line: HtmlElement, held: Held) -> None:
        """Keep what this line holds, until all are added up."""
        self._held[line] = held
        self._lines.append(line)

    def add_up(self) -> None:
        """Let what is around the lines hold them: each box its own, and then those in it."""
        for line in self._lines:
            if around := self.around(line):
                self._held[around[0]].add(self._held[line])
        boxes = sorted(self._around, key=self._depth, reverse=True)
        if boxes and self._depth(boxes[0]) >= DEEPEST:
            self._add_up_deep({box: replace(self._held[box]) for box in boxes})
            return
        for box in boxes:
            for parent in self._around[box][1:2]:
                self._held[parent].add(self._held[box])

    def add(self, line: HtmlElement, held: Held) -> None:
        """Let a line and all that is around it hold this too."""
        for element in (line, *self.around(line)):
            self._held[element].add(held)

    def _depth(self, box: HtmlElement) -> int:
        return len(self._around[box])

    def _add_up_deep(self, own: Mapping[HtmlElement, Held]) -> None:
        """Let what is around a line hold it, up to where `ancestors` ends."""
        for box, held in own.items():
            for element in self._around[box][1:]:
                self._held[element].add(held)

    def around(self, element: HtmlElement) -> tuple[HtmlElement, ...]:
        """The elements around this one, as `ancestors` gives them."""
        box = element.getparent()
        if box is None:
            return ()
        if box not in self._around:
            self._climb(box)
        return self._around[box]

    def _climb(self, box: HtmlElement) -> None:
        """Note what is around a box, and around each box up to one of which it is known."""
        new, up = [box], box.getparent()
        while up is not None and up not in self._around and len(new) < DEEPEST:
            new.append(up)
            up = up.getparent()
        if len(new) == DEEPEST:  # of those further up it is not known
            self._around[box] = tuple(new)
            return
        around = () if up is None else self._around[up]
        for one in reversed(new):
            around = (one, *around)[:DEEPEST]
            self._around[one] = around

    def links_above(self, line: HtmlElement) -> list[HtmlElement]:
        """The links that a line stands in."""
        box = line.getparent()
        if box is None:
            return []
        if box not in self._links:
            self._links[box] = [up for up in self.around(line) if up.tag == "a"]
        return self._links[box]

    def lines_and_boxes(self) -> list[HtmlElement]:
        """The lines and all around them, a line before what is around it."""
        return list(dict.fromkeys(up for one in self._lines for up in (one, *self.around(one))))
