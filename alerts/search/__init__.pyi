from .archived import (
    ALWAYS as ALWAYS,
    Period as Period,
    articles as articles,
    by_number as by_number,
    newest_first as newest_first,
    oldest as oldest,
    size as size,
)
from .near_words import near_words as near_words
from .results import (
    Search as Search,
    SearchResult as SearchResult,
    SearchResults as SearchResults,
    search as search,
    search_while as search_while,
)
from .several import (
    OneStory as OneStory,
    SearchOfAll as SearchOfAll,
    later_copies as later_copies,
    oldest_of_all as oldest_of_all,
    shared_keys as shared_keys,
    size_of_all as size_of_all,
)
