"""What worker processes share: imported once by the process from which they are forked."""

from __future__ import annotations

import gc
import importlib
from datetime import timedelta

from crawler.clock import utc_now
from crawler.model import FeedEntry, Source, SourceKind
from crawler.reading.reader import read_page
from crawler.reading.tasks import Answer

READERS = (
    "crawler.pages.extract",
    "crawler.feeds.lenient",
    "crawler.feeds.feed",
    "crawler.reading.reader",
    "crawler.feeds.section",
    "crawler.feeds.sitemap",
    "crawler.pages.walls",
    "feedparser",  # its user loads it when it is needed
    "trafilatura",  # as above
)
_URL = "https://krant.example/artikel"
_TEXT = "Het dorp heeft een nieuwe brug, die de oude vervangt. De wethouder is er blij mee. "
_PAGE = (
    '<!doctype html><html lang="nl"><head><title>Nieuwe brug</title>'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Nieuwe brug",'
    '"datePublished":"2026-03-01T12:00:00+01:00"}</script></head><body><nav>Menu</nav><article>'
    f'<h1>Nieuwe brug</h1>{f"<p>{_TEXT * 3}</p>" * 3}<div class="related"><a href="/">Meer</a>'
    "</div></article></body></html>"
)


def read_one_page() -> None:
    """Read a page for practice: what libraries prepare with it, all forked processes then have."""
    source = Source(
        id="practice",
        outlet="Krant",
        kind=SourceKind.FEED,
        url="https://krant.example/rss",
        every=timedelta(minutes=5),
    )
    answer = Answer(url=_URL, status=200, body=_PAGE.encode())
    read_page(answer, FeedEntry(url=_URL, title="Nieuwe brug"), source, utc_now(), "")


def load() -> None:
    """Load what readers need, so that they have it as soon as they are forked."""
    for name in READERS:
        importlib.import_module(name)
    read_one_page()
    # The garbage collector writes to objects that it walks. Others stay shared.
    gc.collect()
    gc.freeze()
    # A page makes thousands of objects, which need no collector: with Python's own 700, looking
    # through them takes a tenth of the time.
    gc.set_threshold(20_000, 20, 20)
