from .archived import (
    articles as articles,
    size as size,
)
from .near_words import near_words as near_words
from .results import (
    SearchResult as SearchResult,
    SearchResults as SearchResults,
    search as search,
    search_while as search_while,
)
