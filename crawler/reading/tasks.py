"""What the spider is given to do, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.model import Article, Source, Validators
from crawler.store.records import SourceState, WantedPage

OK = 200
NOT_MODIFIED = 304
_LONGEST_VALIDATOR = 1_000
_FOR_GOOD = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class PollWork:
    """A source to ask, with what is known from its earlier polls."""

    source: Source
    state: SourceState


@dataclass(frozen=True, slots=True)
class PageWork:
    """A page to fetch for a source."""

    source: Source
    page: WantedPage


Work = PollWork | PageWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered, at the address where redirects ended; header names in small letters.

    `redirected` says that it is not the address asked, `conditional` that validators went there.
    `wait` is how long its host asked to be left alone, `took` how long the answer took, redirects
    included and politeness not. `moved` is the address to use from now on, "" where that is the one
    asked.
    """

    url: str
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: timedelta | None = None
    took: timedelta | None = None
    redirected: bool = False
    moved: str = ""
    conditional: bool = True

    @property
    def content_type(self) -> str:
        """What the server says that it sent, "" where it says nothing."""
        return self.headers.get("content-type", "")

    @property
    def validators(self) -> Validators:
        """What makes the next request conditional; what no request could carry is left out."""
        etag, date = self._validator("etag"), self._validator("last-modified")
        return Validators(etag, date, self.url if self.redirected and (etag or date) else None)

    def _validator(self, name: str) -> str | None:
        value = self.headers.get(name, "")
        sound = value.isprintable() and value.isascii() and len(value) <= _LONGEST_VALIDATOR
        return value if value and sound else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFault:
    """Why a page gave no article: `wall` names what stood before it.

    `again` says that asking another time may help.
    """

    what: str
    status: int = 0
    wall: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What a page gave: an article, or the fault.

    `wall` is what stood in the middle of the article. `unchanged` says that its bytes are those of
    the last time, by `body_hash`.
    """

    article: Article | None = None
    fault: PageFault | None = None
    wall: str = ""
    unchanged: bool = False
    body_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedArticle:
    """An article on its way to the store, with what its page leaves for the next time.

    `missed` is the reason why it is no more than what the feed gave, and `again` when its page is
    asked for once more; `wall` is as in `PageRead`.
    """

    work: PageWork
    article: Article
    validators: Validators = field(default_factory=Validators)
    body_hash: str | None = None
    wall: str = ""
    missed: PageFault | None = None
    again: datetime | None = None


def moved_for_good(hops: Sequence[str], statuses: Sequence[object]) -> str:
    """The address to use from now on, "" for the one asked.

    `hops` are the addresses in order, the one asked first; `statuses` say what led from each to the
    next. Behind a redirect that holds for today nothing holds for good.
    """
    moved = ""
    for address, status in zip(hops[1:], statuses, strict=False):
        if status not in _FOR_GOOD:
            break
        moved = address
    return moved
