from .crawl import Crawl as Crawl
from .outcomes import (
    article_counts as article_counts,
    wall_counts as wall_counts,
)
from .recorder import StoreRecorder as StoreRecorder
from .report import CrawlReport as CrawlReport
from .session import (
    OpenSpider as OpenSpider,
    open_spider as open_spider,
    scrapy_settings as scrapy_settings,
)
from .storing import (
    ListedAs as ListedAs,
    store_article as store_article,
)
