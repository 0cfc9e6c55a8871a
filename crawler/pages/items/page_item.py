"""One update or item, and the text of a page cut into such items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from crawler.frozen import dataclass
from crawler.model import ArticleItem
from crawler.text.comparable import comparable

_LONGEST_KEY = 60  # chosen: characters; a longer one is shortened to its digest
# Pages with the news of the day in items, each under its own heading.
_OVERVIEW = re.compile(
    r"\b(?:kort nieuws|nieuws in het kort|nieuwsoverzicht|nieuws(?:update|bulletin)"
    r"|het nieuws van (?:vandaag|gisteren|de (?:dag|nacht|ochtend|avond|week)"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag)"
    r"|news in brief|news (?:round-?up|summary))\b"
    r"|^(?:binnenland|buitenland|regio|sport)? ?kort(?: nieuws)?\s*(?::|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """An update or item; `name` is its address or id on the page, "" if it has none."""

    name: str = ""
    title: str = ""
    at: datetime | None = None
    paragraphs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its headline and its paragraphs, with an empty line between them."""
        first = self.paragraphs[:1]
        head = () if not self.title or first == (self.title,) else (self.title,)
        return "\n\n".join((*head, *self.paragraphs))

    @property
    def key(self) -> str:
        """Its name in all readings: its id, or else its time and headline."""
        if self.name and len(self.name) <= _LONGEST_KEY:
            return self.name
        known = self.name or f"{self.at or ''} {comparable(self.title) or self.text[:200]}"
        return blake2b(known.encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class ItemisedText:
    """A text in two parts: the text outside of items, and the items in the order of the body."""

    rest: str
    items: tuple[PageItem, ...]

    @property
    def body(self) -> str:
        """The whole text."""
        return "\n\n".join(filter(None, (self.rest, *(item.text for item in self.items))))

    def within(self, most: int) -> ItemisedText:
        """The same text, with at most `most` characters; the oldest items are left out as a whole.

        If items have no times, the last ones count as the oldest.
        """
        left = most - len(self.rest)
        order = range(len(self.items))
        ages = {at: age for at in order if (age := self.items[at].at)}
        kept = set[int]()
        for at in (
            sorted(order, key=ages.__getitem__, reverse=True) if len(ages) == len(order) else order
        ):
            left -= len(self.items[at].text) + 2
            if left < 0:
                break
            kept.add(at)
        return ItemisedText(self.rest[:most], tuple(self.items[at] for at in sorted(kept)))

    @property
    def places(self) -> tuple[ArticleItem, ...]:
        """Where each item begins in the body."""
        places, at = list[ArticleItem](), len(self.rest) + 2 if self.rest else 0
        for item in self.items:
            places.append(ArticleItem(at, item.key, item.at))
            at += len(item.text) + 2
        return tuple(places)


_LIVE_TITLE = re.compile(r"^\W*live(?:blog)?\b\s*[:|\u2013\u2014•-]|\bliveblog\b", re.IGNORECASE)
_LIVE_PATH = re.compile(r"(?:^|[/_-])live-?blogs?(?:$|[/_-])|/live/", re.IGNORECASE)


def is_named_live(title: str, address: str) -> bool:
    """Whether the headline or the address says that a text is a live blog."""
    return bool(_LIVE_TITLE.search(title) or _LIVE_PATH.search(urlsplit(address).path))


def is_overview(title: str) -> bool:
    """Whether a headline promises the news of the day item by item."""
    return bool(_OVERVIEW.search(title))


def under_headings(blocks: Sequence[str], headings: Iterable[str]) -> ItemisedText | None:
    """The blocks of an overview as items, each under its heading; None with fewer than two."""
    marks = {comparable(heading) for heading in headings} - {""}
    items: list[PageItem] = []
    rest: list[str] = []
    for block in blocks:
        if comparable(block) in marks:
            items.append(PageItem(title=block))
        elif items:
            last = items[-1]
            items[-1] = PageItem(title=last.title, paragraphs=(*last.paragraphs, block))
        else:
            rest.append(block)
    filled = sum(bool(item.paragraphs) for item in items)
    return ItemisedText("\n\n".join(rest), tuple(items)) if filled >= 2 else None  # noqa: PLR2004 - one is the page
