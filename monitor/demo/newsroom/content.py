"""What the demonstration newsroom publishes: outlets, listings and articles, as plain values."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.frozen import dataclass

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_DAYS_FROM_NOW = {"eergisteren": -2, "gisteren": -1, "vandaag": 0, "morgen": 1}
_LONGEST_SLUG = 60  # about where newspapers cut theirs


class ListingKind(StrEnum):
    """The form in which an outlet lists its articles."""

    RSS = "rss"
    RSS_FULL = "rss-full"
    ATOM = "atom"
    NEWS_SITEMAP = "news-sitemap"
    SECTION = "section"


class PageStyle(StrEnum):
    """The mark-up habits of an outlet's pages."""

    OPEN_GRAPH = "open-graph"
    JSON_LD = "json-ld"
    MICRODATA = "microdata"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletListing:
    """One feed, sitemap or section page; `section` narrows it, `amp` links to the AMP pages."""

    id: str
    kind: ListingKind
    path: str
    section: str | None = None
    amp: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented news house; `link` is the form of its article paths."""

    id: str
    name: str
    listings: tuple[OutletListing, ...]
    page: PageStyle = PageStyle.PLAIN
    link: str = "/{section}/{number}/{slug}"
    tracking: str = ""
    teasers: tuple[str, ...] = ()
    consent: bool = False
    amp: bool = False
    soft_hyphens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of an article, in force from `round` on and written `age` before now."""

    round: int
    age: timedelta
    title: str
    lead: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsPiece:
    """One article of one outlet with its versions in order of rounds.

    `rules` are the rules of the demonstration that should find its latest version. `trap` says why
    a simpler matcher would find it by mistake. `late` means that its first version matches nothing.
    """

    id: str
    outlet: str
    number: int
    section: str
    versions: tuple[Version, ...]
    author: str | None = None
    summary: str | None = None
    wire: str | None = None
    rules: tuple[str, ...] = ()
    trap: str = ""
    paid: bool = False
    late: bool = False

    def in_round(self, number: int) -> Version | None:
        """The text in force in this round; None before it is published."""
        return max(
            (version for version in self.versions if version.round <= number),
            key=lambda version: version.round,
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a newsroom can publish."""

    outlets: tuple[Outlet, ...]
    articles: tuple[NewsPiece, ...]

    @property
    def rounds(self) -> int:
        """The last round in which anything changes."""
        return max((v.round for article in self.articles for v in article.versions), default=1)


def slug_of(title: str) -> str:
    """The title as a part of an address: lower-case ASCII words with hyphens between them."""
    plain = unicodedata.normalize("NFKD", title.lower().replace("’", ""))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode())
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) >= _LONGEST_SLUG:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug or "artikel"


def path_of(article: NewsPiece, outlet: Outlet, now: datetime) -> str:
    """Where the article lives at its outlet; it stays when title or text change."""
    first = article.versions[0]
    return outlet.link.format(
        section=article.section,
        number=article.number,
        code=f"{article.number * 2654435761 % 2**32:08x}",  # spread, so that it looks like an id
        slug=slug_of(first.title),
        date=f"{now - first.age:%Y/%m/%d}",
    )


def dated(text: str, now: datetime) -> str:
    """The text with `{vandaag}`, `{gisteren}`, ... replaced by the names of the weekdays."""
    for word, days in _DAYS_FROM_NOW.items():
        name = WEEKDAYS[(now.weekday() + days) % 7]
        text = text.replace(f"{{{word}}}", name)
        text = text.replace(f"{{{word.capitalize()}}}", name.capitalize())
    return text
