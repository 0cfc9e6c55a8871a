from .archived import (
    articles as articles,
    size as size,
)
from .results import (
    SearchResult as SearchResult,
    search as search,
)
