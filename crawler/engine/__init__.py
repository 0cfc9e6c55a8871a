"""The crawl: its Scrapy session, and what each thing learned changes in the store."""
