"""What the boxes of a page hold, added up from its lines."""

from __future__ import annotations

from collections import defaultdict

from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.pages.texts.elements import ancestors


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
        """Keep what this line holds."""
        self._held[line] = held
        self._lines.append(line)

    def add_up(self) -> None:
        """Let what is around the lines hold them: first what is in one box, then whole boxes."""
        boxes: defaultdict[HtmlElement, Held] = defaultdict(Held)
        for line in self._lines:
            if around := self.around(line):
                boxes[around[0]].add(self._held[line])
        for box, held in boxes.items():
            for element in self._around[box]:
                self._held[element].add(held)

    def around(self, element: HtmlElement) -> tuple[HtmlElement, ...]:
        """The elements around this one, as `ancestors` gives them."""
        box = element.getparent()
        if box is None:
            return ()
        if box not in self._around:
            self._around[box] = tuple(ancestors(element))
        return self._around[box]

    def links_above(self, line: HtmlElement) -> list[HtmlElement]:
        """The links that a line stands in."""
        box = line.getparent()
        if box is None:
            return []
        if box not in self._links:
            self._links[box] = [up for up in self.around(line) if up.tag == "a"]
        return self._links[box]

    def running(self) -> list[HtmlElement]:
        """The lines that run and all around them, a line before what is around it."""
        lines = (line for line in self._lines if self._held[line].running)
        return list(dict.fromkeys(up for line in lines for up in (line, *self.around(line))))
