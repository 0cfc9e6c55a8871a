"""The bytes of a page as an article, or the wall before it."""
