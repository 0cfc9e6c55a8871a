"""Scrapy's settings for this project, also for its own commands (`scrapy shell`, `scrapy fetch`).

`crawler.engine.session` replaces what is taken from the defaults of `[crawl]` with what a user sets
in `config/`. Numbers without a source are chosen.
"""

from __future__ import annotations

from crawler.config.files import CrawlSettings

_CRAWL = CrawlSettings()

BOT_NAME = "nieuwswacht"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
USER_AGENT = _CRAWL.user_agent
DEFAULT_REQUEST_HEADERS = {
    "Accept": (
        "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
        "application/feed+json,application/xml;q=0.9,*/*;q=0.8"
    ),
    "Accept-Language": "nl,en;q=0.5",
}

# Politeness. Scrapy's robots middleware is replaced: it keeps a file for ever, takes a server fault
# for permission, and ignores Crawl-delay.
ROBOTSTXT_OBEY = _CRAWL.obey_robots
DOWNLOAD_DELAY = _CRAWL.delay.total_seconds()
DOWNLOAD_DELAY_JITTER = 0  # a delay is a promise, also the one that robots.txt asks for
CONCURRENT_REQUESTS_PER_DOMAIN = _CRAWL.per_host
CRAWL_DELAY_MAX = 30.0
ROBOTS_LIFETIME = 6 * 3600.0
ROBOTS_RETRY = 600.0
RETRY_AFTER_MAX = 6 * 3600.0

# Requests wait in their host's queue, never for another host. The number of requests is limited by
# what is claimed from the store, the number of transfers by CONCURRENT_TRANSFERS.
CONCURRENT_REQUESTS = 0
CONCURRENT_TRANSFERS = _CRAWL.concurrency
CONCURRENT_LOOKUPS = 16
KEEP_CONNECTIONS = True
CONCURRENT_ITEMS = 1  # tasks started for each response; a page gives one item
WARN_ON_GENERATOR_RETURN_VALUE = False
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 100}
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the store knows what is wanted
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 * 1024 * 1024

# Hostile servers. The sizes also limit a body after decompression.
DOWNLOAD_TIMEOUT = _CRAWL.timeout.total_seconds()
DOWNLOAD_MAXSIZE = _CRAWL.max_page_bytes
FEED_MAXSIZE = _CRAWL.max_feed_bytes
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # what has come of an answer that broke off is read
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
REFERER_ENABLED = False
HTTPPROXY_ENABLED = False  # it takes what the environment names, and asks no guard
NETWORK_PROXY = ""
RETRY_ENABLED = False  # the store's ledger retries, later and with backoff
HTTPERROR_ALLOW_ALL = True  # the spider tells one status from another
NETWORK_ALLOW: list[str] = []
DNS_TIMEOUT = 10
TWISTED_DNS_RESOLVER = "crawler.network.resolver.GuardedResolver"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
DOWNLOAD_HANDLERS = {
    "http": "crawler.network.download.GuardedHandler",
    "https": "crawler.network.download.GuardedHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
KEEP_EVIDENCE = False
# What is switched off is imported all the same, that for cookies with libraries of 3 MB. So only
# what has something to do is named.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.network.middlewares.RobotsMiddleware": 100,
    "crawler.network.middlewares.PolitenessMiddleware": 200,
    "crawler.network.middlewares.CutCompressionMiddleware": 590,
    "crawler.network.middlewares.QuietRedirectMiddleware": 600,
    "crawler.network.middlewares.AsReceivedMiddleware": 700,
}
# The spider yields only articles, and each of these would look at every one of them.
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}

# No way in from outside, and nothing that is only meant for a short crawl: a console on loopback
# that runs code, a limit on the peak of memory, statistics. An extension that is switched off is
# imported all the same, so only that of `scrapy crawl -O` is named.
EXTENSIONS_BASE = {"scrapy.extensions.feedexport.FeedExporter": 0}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # the store counts, by source
DOWNLOADER_STATS = False
STATS_DUMP = False
LOG_LEVEL = "INFO"
