"""A newspaper with one story: the bridge that is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.addresses.article_key import article_id
from crawler.model import Article, DateOrigin, Source, SourceKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KRANT = Source(
    id="krant",
    outlet="Krant",
    kind=SourceKind.FEED,
    url="https://krant.example/rss",
    every=timedelta(minutes=5),
)


def bridge_article(key: str, body: str) -> Article:
    return Article(
        id=article_id(key),
        key=key,
        url=key,
        outlet="Krant",
        source="krant",
        title="Brug gesloten",
        lead="",
        body=body,
        first_seen=NOW,
        published=NOW,
        published_from=DateOrigin.FEED,
    )
