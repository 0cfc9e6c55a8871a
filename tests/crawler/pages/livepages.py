"""Pages of live blogs and news overviews, as outlets of different makes would serve them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from crawler.model import Article, FeedEntry, Source, SourceKind
from crawler.pages import extract_article

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
URL = "https://krant.test/nieuws/liveblog-storm"
SOURCE = Source(
    id="krant", outlet="Krant", kind=SourceKind.FEED, url=URL, every=timedelta(minutes=5)
)
TITLE = "Liveblog: zware storm trekt over het noorden"
INTRO = "Een zware storm trekt over het land. Wij volgen wat er gebeurt, van uur tot uur."


@dataclass(frozen=True)
class Update:
    """One update of an invented live blog."""

    name: str
    at: datetime
    title: str
    text: Sequence[str]


UPDATES = (
    Update(
        *("u3", NOW - timedelta(minutes=10), "Trein gestrand bij Meppel"),
        [
            "Bij Meppel staat een trein met tweehonderd reizigers stil op het spoor.",
            "Volgens ProRail ligt er een boom op de bovenleiding, die eerst weg moet.",
        ],
    ),
    Update(
        *("u2", NOW - timedelta(minutes=70), "Dak van sporthal gewaaid"),
        ["In Assen is het dak van een sporthal gewaaid; er was op dat moment niemand binnen."],
    ),
    Update(
        *("u1", NOW - timedelta(hours=3), "Code oranje in Groningen"),
        ["Het KNMI geeft code oranje af voor Groningen, Drenthe en de Waddeneilanden."],
    ),
)


def stated(updates: Sequence[Update], *, ends: datetime | None = None, **facts: object) -> str:
    """The updates as a script of JSON-LD."""
    node = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "url": URL,
        "headline": TITLE,
        "datePublished": "2026-03-04T08:00:00Z",
        "liveBlogUpdate": [
            {
                "@type": "BlogPosting",
                "url": f"{URL}#{one.name}",
                "headline": one.title,
                "datePublished": one.at.isoformat(),
                "articleBody": "\n\n".join(one.text),
            }
            for one in updates
        ],
    } | facts
    if ends:
        node["coverageEndTime"] = ends.isoformat()
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def in_list(updates: Sequence[Update], tag: str = "article") -> str:
    """The updates as elements of a list, each with its time."""
    return "".join(
        f'<{tag} id="{one.name}"><time datetime="{one.at.isoformat()}">{one.at:%H:%M}</time>'
        f"<h3>{one.title}</h3>{paragraphs(one.text)}</{tag}>"
        for one in updates
    )


def plainly(updates: Sequence[Update]) -> str:
    """The updates as headings and paragraphs without any element of their own."""
    return "".join(
        f"<p>{one.at:%H:%M}</p><h3>{one.title}</h3>{paragraphs(one.text)}" for one in updates
    )


def paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, *, head: str = "", title: str = TITLE, intro: str = INTRO) -> bytes:
    """A page with this text below its headline."""
    return (
        f'<!doctype html><html lang="nl"><head><title>{title}</title>{head}</head><body>'
        f"<nav>Voorpagina</nav><main><article><h1>{title}</h1><p>{intro}</p>{body}</article></main>"
        "</body></html>"
    ).encode()


def read(html: bytes, title: str = TITLE, url: str = URL) -> Article:
    """What is read from a page."""
    entry = FeedEntry(url=url, title=title, published=NOW - timedelta(hours=7))
    return extract_article(html, url=url, entry=entry, source=SOURCE, now=NOW)


def texts_of(article: Article) -> list[str]:
    """The items of an article, each as it stands in the body."""
    starts = [item.start for item in article.items]
    spans = pairwise([*starts, len(article.body)])
    return [article.body[start:end].strip() for start, end in spans]
