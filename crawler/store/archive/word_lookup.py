"""What a search asks of the archive beside the full-text index; everything here only reads."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from crawler.store.archive.tokens import Term
from crawler.store.connection import Connection

_AT_ONCE = 400  # words in one question
# From common to rare in Dutch; other ASCII is rarer, and what is not ASCII takes longest to find.
_COMMON = "enatirodslghvkmubpwjczfxyq"
_SHORTEST_END = 3  # letters that follow; fewer stand in most texts
_LAST = "\U0010ffff"  # sorts behind every character of a text
# The index alone is read: the articles themselves are large.
_METADATA = "articles INDEXED BY articles_metadata"


class Span(NamedTuple):
    """Articles by their numbers, both ends among them."""

    first: int = 0
    last: int = 2**63 - 1


class Lookups:
    """Questions about the words and values of the archive."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def ready(self) -> bool:
        """Whether the words are there; in an older file they are once it has been written to.

        This is asked first: articles whose words are stored later on are `odd` until the end.
        """
        there = self._rows("SELECT 1 FROM sqlite_master WHERE name = 'terms_stored'")
        return bool(there) and self._stored >= 0

    @cached_property
    def _stored(self) -> int:
        """The last article of which the words are stored."""
        [(last,)] = self._rows("SELECT last FROM terms_stored")
        return int(last)

    def words(self, words: Collection[str]) -> Iterator[Term]:
        """Yield those of the words that the archive holds, in each way in which it does."""
        asked = list(words)
        for start in range(0, len(asked), _AT_ONCE):
            part = asked[start : start + _AT_ONCE]
            rows = self._rows(
                f"SELECT word, tokens FROM terms WHERE word IN ({_marks(part)})",  # noqa: S608 - question marks
                part,
            )
            yield from (Term(*row) for row in rows)

    def beginning(self, head: str, pattern: str, most: int, *, compounds: bool) -> list[Term]:
        """Up to so many words that begin so and match a GLOB pattern; the compounds alone, or all.

        A compound is what the index holds as other tokens than the word itself.
        """
        rows = self._rows(
            "SELECT word, tokens FROM terms WHERE word >= ? AND word < ? AND word GLOB ? "
            "AND (tokens <> '' OR NOT ?) LIMIT ?",
            [head, head + _LAST, pattern, compounds, most],
        )
        return [Term(*row) for row in rows]

    @cached_property
    def _lines(self) -> str:
        """The words, each between the end of a line and a tab."""
        return "\n".join(("", *(lines for (lines,) in self._rows("SELECT lines FROM term_blocks"))))

    def containing(self, letters: str, *, at_end: bool) -> Iterator[Term]:
        """Yield the words in which these letters stand, or with which they end, and others."""
        text, sought = self._lines, letters + "\t" * at_end
        at = text.find(sought)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            word, _, tokens = text[start:end].partition("\t")
            yield Term(word, tokens)
            at = text.find(sought, end)

    def capitals(self, words: Collection[str], span: Span) -> set[int]:
        """The articles with one of these words, as it is written, each with inner capitals."""
        return self._numbers(
            f"SELECT article FROM capitals WHERE word IN ({_marks(words)}) "  # noqa: S608 - question marks
            "AND article BETWEEN ? AND ?",
            [*words, *span],
        )

    def written(self, rows: Collection[str], among: Collection[int]) -> set[int]:
        """Those of the articles with one of these rows of words, only signs between the words."""
        words = {_from_rarest(max(row.split(), key=len)) for row in rows}
        fields = [f"{name} GLOB ?" for name in ("body", "lead", "title")]
        holds = " OR ".join(fields * len(words))
        letters = [f"*{word}*" for word in words for _ in fields]
        pattern = re.compile("|".join(r"[\W_]+".join(map(re.escape, row.split())) for row in rows))
        texts = self._db.execute(
            "SELECT number, title || ' ' || lead || ' ' || body "  # noqa: S608 - question marks
            "FROM json_each(?) AS asked CROSS JOIN articles ON number = asked.value "
            f"WHERE {holds}",
            [json.dumps(sorted(among)), *letters],
        )
        return {number for number, text in texts if pattern.search(text)}

    def odd(self, span: Span) -> set[int]:
        """The articles of which the index or the words do not tell what they hold.

        The index may have read them in another way than they are read; or their words wait.
        """
        return self._numbers(
            "SELECT article FROM oddities WHERE article BETWEEN ? AND ? UNION ALL "
            "SELECT number FROM articles WHERE number BETWEEN ? AND ?",
            [*span, max(span.first, self._stored + 1), span.last],
        )

    def values(self, name: str, letters: str) -> list[str]:
        """The values of a column; of an author those in which these letters may stand."""
        if name == "outlet":
            # The index begins with it: from each value to the next.
            rows = self._rows(
                "WITH RECURSIVE held (value) AS (SELECT min(outlet) FROM articles UNION ALL "
                "SELECT (SELECT min(outlet) FROM articles WHERE outlet > value) FROM held "
                "WHERE value IS NOT NULL) SELECT value FROM held"
            )
        else:
            rows = self._rows(
                f"SELECT DISTINCT {name} FROM {_METADATA} WHERE {_holding(name)}",  # noqa: S608 - a column
                [f"%{letters * (name == 'author')}%"],
            )
        return [value for (value,) in rows if value]

    def with_values(self, name: str, values: Collection[str], span: Span) -> set[int]:
        """The articles with one of these values in a column."""
        return self._numbers(
            f"SELECT number FROM {_METADATA} "  # noqa: S608 - a column
            f"WHERE {name} IN ({_marks(values)}) AND +number BETWEEN ? AND ?",
            [*values, *span],
        )

    def with_letters(self, name: str, letters: str, span: Span) -> set[int]:
        """The articles in whose value of a column these letters may stand."""
        return self._numbers(
            f"SELECT number FROM {_METADATA} "  # noqa: S608 - a column
            f"WHERE {_holding(name)} AND +number BETWEEN ? AND ?",
            [f"%{letters}%", *span],
        )

    def holding(self, expression: str, span: Span) -> set[int]:
        """The articles that match an FTS5 expression."""
        return self._numbers(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?",
            [expression, *span],
        )

    def often(self, tokens: Collection[str], count: int, column: str) -> set[int]:
        """The articles in which these tokens stand so many times, in a column or in all."""
        self._db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.places "
            "USING fts5vocab('main', 'articles_fts', 'instance')"
        )
        return self._numbers(
            f"SELECT doc FROM temp.places WHERE term IN ({_marks(tokens)}) "  # noqa: S608 - question marks
            "AND ? IN (col, '') GROUP BY doc HAVING count(*) >= ?",
            [*tokens, column, count],
        )

    def _numbers(self, sql: str, parameters: list[object]) -> set[int]:
        return {number for (number,) in self._rows(sql, parameters)}

    def _rows(self, sql: str, parameters: Collection[object] = ()) -> list[tuple[Any, ...]]:
        return self._db.execute(sql, list(parameters)).fetchall()


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _from_rarest(word: str) -> str:
    """The word from a rare letter on: GLOB stops wherever the first one stands."""
    firsts = word[: max(len(word) - _SHORTEST_END, 1)]
    rare = max(firsts, key=lambda letter: (letter.isascii(), _COMMON.find(letter) % len(_COMMON)))
    return word[word.index(rare) :]


def _holding(name: str) -> str:
    """A condition that every value with these letters fulfils: SQLite folds ASCII alone."""
    return f"({name} LIKE ? OR length({name}) <> length(CAST({name} AS BLOB)))"
