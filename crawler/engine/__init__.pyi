from .crawl import Crawl as Crawl
from .recorder import StoreRecorder as StoreRecorder
from .report import CrawlReport as CrawlReport
from .session import (
    OpenSpider as OpenSpider,
    open_spider as open_spider,
    scrapy_settings as scrapy_settings,
)
