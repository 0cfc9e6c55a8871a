"""The pipeline by which Scrapy hands the spider's articles to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from crawler.engine.recorder import StoreRecorder
from crawler.reading.tasks import FoundArticle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StorePipeline:
    """Stores each article; for Scrapy, a response is in hand until its article is durable."""

    def __init__(self, recorder: StoreRecorder) -> None:
        self._recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline for a spider with a recorder; Scrapy calls this."""
        recorder = getattr(crawler.spider, "recorder", None)
        if not isinstance(recorder, StoreRecorder):
            raise NotConfigured
        return cls(recorder)

    async def process_item(self, item: FoundArticle) -> FoundArticle:
        """Wait until the article is committed."""
        await self._recorder.save(item)
        return item
