"""What a search asks the archive besides the full-text index; everything here only reads."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from crawler.store.archive.tokens import Term
from crawler.store.connection import Connection

_AT_ONCE = 400  # words in one question; chosen: far below SQLite's limit of 32,766 values
# Letters from common to rare in Dutch. Other ASCII characters are rarer; others are slow to find.
_COMMON = "enatirodslghvkmubpwjczfxyq"
_SHORTEST_END = 3  # chosen: letters that are left to look for; fewer occur in most texts
_LAST = "\U0010ffff"  # sorts behind every character of a text
# Only the index is read: the articles themselves are large.
_METADATA = "articles INDEXED BY articles_metadata"


class Span(NamedTuple):
    """A range of articles by number; both ends belong to it."""

    first: int = 0
    last: int = 2**63 - 1


class Lookups:
    """Questions about the words and values of the archive."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def ready(self) -> bool:
        """Whether the words are stored; in an older file they are not until it is written to.

        Ask this first. Articles whose words are stored only after that remain `odd` to this object.
        """
        there = self._rows("SELECT 1 FROM sqlite_master WHERE name = 'terms_stored'")
        return bool(there) and self._stored >= 0

    @cached_property
    def _stored(self) -> int:
        """The number of the last article whose words are stored."""
        [(last,)] = self._rows("SELECT last FROM terms_stored")
        return int(last)

    def words(self, words: Collection[str]) -> Iterator[Term]:
        """Yield the terms of those words that occur in the archive."""
        asked = list(words)
        for start in range(0, len(asked), _AT_ONCE):
            part = asked[start : start + _AT_ONCE]
            rows = self._rows(
                f"SELECT word, tokens FROM terms WHERE word IN ({_marks(part)})",  # noqa: S608 - question marks
                part,
            )
            yield from (Term(*row) for row in rows)

    def beginning(self, head: str, pattern: str, most: int, *, compounds: bool) -> list[Term]:
        """At most `most` words that begin with `head` and match a GLOB pattern.

        With `compounds`, only words that the index has as other tokens than the word itself.
        """
        rows = self._rows(
            "SELECT word, tokens FROM terms WHERE word >= ? AND word < ? AND word GLOB ? "
            "AND (tokens <> '' OR NOT ?) LIMIT ?",
            [head, head + _LAST, pattern, compounds, most],
        )
        return [Term(*row) for row in rows]

    @cached_property
    def _lines(self) -> str:
        """All words as one text; each stands between the end of a line and a tab."""
        return "\n".join(("", *(lines for (lines,) in self._rows("SELECT lines FROM term_blocks"))))

    def containing(self, letters: str, *, at_end: bool) -> Iterator[Term]:
        """Yield the words that contain these letters, or end with them, and some others."""
        text, sought = self._lines, letters + "\t" * at_end
        at = text.find(sought)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            word, _, tokens = text[start:end].partition("\t")
            yield Term(word, tokens)
            at = text.find(sought, end)

    def capitals(self, words: Collection[str], span: Span) -> set[int]:
        """The articles with one of these words, written exactly so; each has inner capitals."""
        return self._numbers(
            f"SELECT article FROM capitals WHERE word IN ({_marks(words)}) "  # noqa: S608 - question marks
            "AND article BETWEEN ? AND ?",
            [*words, *span],
        )

    def written(self, rows: Collection[str], among: Collection[int]) -> set[int]:
        """Those of the articles that have one of these rows of words with only signs between."""
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
        """The articles for which the answers of the index and the words may be wrong.

        Either the index may see other words in them than a reader does, or their words are not
        stored yet.
        """
        return self._numbers(
            "SELECT article FROM oddities WHERE article BETWEEN ? AND ? UNION ALL "
            "SELECT number FROM articles WHERE number BETWEEN ? AND ?",
            [*span, max(span.first, self._stored + 1), span.last],
        )

    def with_items(self, span: Span) -> set[int]:
        """The articles whose items are known."""
        return self._numbers(
            "SELECT number FROM articles WHERE items IS NOT NULL AND number BETWEEN ? AND ?",
            [*span],
        )

    def values(self, name: str, letters: str) -> list[str]:
        """The values of a column; for `author`, those that may contain these letters."""
        if name == "outlet":
            # The index begins with this column, so it can be followed from each value to the next.
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
        """The articles whose value of a column may contain these letters."""
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
        """The articles in which these tokens occur at least `count` times, in one column or all."""
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
    """The word from its rarest letter on: GLOB stops at each occurrence of the first letter."""
    firsts = word[: max(len(word) - _SHORTEST_END, 1)]
    rare = max(firsts, key=lambda letter: (letter.isascii(), _COMMON.find(letter) % len(_COMMON)))
    return word[word.index(rare) :]


def _holding(name: str) -> str:
    """A condition that holds for every value with these letters: SQLite folds only ASCII."""
    return f"({name} LIKE ? OR length({name}) <> length(CAST({name} AS BLOB)))"
