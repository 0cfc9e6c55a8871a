"""What a search asks about words that only earlier texts have; everything here only reads."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from crawler.model import Revision
from crawler.store.archive.past_texts import PastTexts, places_in, row_numbers
from crawler.store.archive.word_lookup import Span
from crawler.store.connection import Connection


class PastLookups:
    """Questions about the texts that articles had before."""

    def __init__(self, db: Connection) -> None:
        self._db, self._texts = db, PastTexts(db)

    @cached_property
    def ready(self) -> bool:
        """Whether past texts have an index; an older file has none until it is written to."""
        there = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'past_words'")
        return there.fetchone() is not None

    def holding(self, expression: str, span: Span) -> dict[int, list[int]]:
        """The revisions of which a matching sentence is gone, by the number of their article.

        The expression may name words and their beginnings, joined by AND and OR.
        """
        rows = self._db.execute(
            "SELECT rowid FROM past_words WHERE past_words MATCH ? AND rowid BETWEEN ? AND ?",
            [expression, *row_numbers(span.first, span.last)],
        )
        found = defaultdict[int, list[int]](list)
        for article, revision in places_in(row for (row,) in rows):
            found[article].append(revision)
        return dict(found)

    def revisions(self, article: str) -> list[Revision]:
        """All texts of the article with this id, the current one first."""
        return self._texts.back_to(article)
