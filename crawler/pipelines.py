"""Where the spider's items go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from crawler.engine.recorder import StoreRecorder
from crawler.reading.tasks import FetchedArticle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StorePipeline:
    """Stores each article; a response counts as in hand until its article is durable."""

    def __init__(self, books: StoreRecorder) -> None:
        self._books = books

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; only a crawl that keeps books has a store."""
        books = getattr(crawler.spider, "books", None)
        if not isinstance(books, StoreRecorder):
            raise NotConfigured
        return cls(books)

    async def process_item(self, item: FetchedArticle) -> FetchedArticle:
        """Wait until the article is committed."""
        await self._books.save(item)
        return item
