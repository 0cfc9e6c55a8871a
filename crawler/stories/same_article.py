"""Whether a text that stands at another address now is still the same article."""

from __future__ import annotations

from datetime import timedelta

from crawler.model import Article, Revision
from crawler.stories.shingles import containment, has_words, shingles, words
from crawler.text.comparable import comparable

# Chosen: an outlet that gives an article a new address keeps its words. A redirect to something
# else (the section, the latest on the subject) leads to few of them.
_SAME_FROM = 0.5
_FEWEST_RUNS = 12  # chosen: with fewer, the titles decide
# Chosen, as is the time: two shorter items may say the same and be two, such as a line of weather.
FEWEST_WORDS = 30
TWINS_WITHIN = timedelta(days=30)


def is_same_article(article: Article, held: Revision) -> bool:
    """Whether this text, found where the held one was, is a version of it."""
    one, other = (shingles(words(f"{each.lead}\n{each.body}")) for each in (article, held))
    if min(len(one), len(other)) < _FEWEST_RUNS:
        return comparable(article.title) == comparable(held.title)
    return containment(one, other) >= _SAME_FROM


def may_have_twin(article: Article) -> bool:
    """Whether an equal text of the same outlet is this article under an earlier address.

    Where the outlet's own id is known, that alone says what is one article.
    """
    is_address = "://" in article.key
    return is_address and has_words(f"{article.lead}\n{article.body}", FEWEST_WORDS)
