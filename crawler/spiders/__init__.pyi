from .news import NewsSpider as NewsSpider
