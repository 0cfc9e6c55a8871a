"""The bytes of a feed, a news sitemap or a section page as entries."""
