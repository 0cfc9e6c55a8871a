"""The texts that articles had before, each stored as its difference from the next one.

The current text is in `articles`. A row of `revisions` whose text is past has the difference
in `past`, so that each text is rebuilt from the one after it. `past_words` is a full-text index of
the sentences in the differences, which the next text does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TypeAlias

from crawler.model import Article, ArticleItem, Revision
from crawler.store.archive.differences import (
    Texts,
    as_past,
    from_past,
    gone_text,
    sentences_as_past,
)
from crawler.store.archive.words import TermStore
from crawler.store.connection import Connection
from crawler.store.records import Row, as_time, items_from_text, items_to_text

# Bytes of the past texts of one article. Chosen: 20 times what the 121 revisions of a live blog of
# 200 kB take that shows only its newest paragraphs (benchmarks/bench_revisions.py).
MOST_KEPT = 1_000_000

Sentences: TypeAlias = Mapping[str, Iterable[str]]  # by field

# The most revisions of one article. Row numbers of the index are made of article and revision.
_MOST_REVISIONS = 1 << 24

_AT_ONCE = 500  # articles of an older archive whose texts are moved at once; chosen: bounds memory

SCHEMA = """
ALTER TABLE revisions ADD COLUMN reduced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN past TEXT;
CREATE VIRTUAL TABLE past_words USING fts5 (
    words, content='', detail=none, tokenize='unicode61 remove_diacritics 2'
);

-- A reading without a change, or a new address, is no new text to index.
DROP TRIGGER articles_au;
CREATE TRIGGER articles_au AFTER UPDATE OF title, lead, body ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, lead, body)
        VALUES ('delete', old.number, old.title, old.lead, old.body);
    INSERT INTO articles_fts (rowid, title, lead, body)
        VALUES (new.number, new.title, new.lead, new.body);
END;
"""

# A single statement, so that all rows are from one moment: each text is rebuilt from the next.
_REVISIONS = """
    SELECT revisions.*,
           CASE WHEN revisions.number = articles.revision THEN articles.title END AS now_title,
           CASE WHEN revisions.number = articles.revision THEN articles.lead END AS now_lead,
           CASE WHEN revisions.number = articles.revision THEN articles.body END AS now_body,
           CASE WHEN revisions.number = articles.revision THEN articles.items END AS now_items
    FROM revisions JOIN articles ON articles.id = revisions.article
"""
_BACK_TO = f"""
    {_REVISIONS} WHERE revisions.article = :article AND revisions.number >= coalesce(
        (SELECT max(number) FROM revisions WHERE article = :article AND number < :number), 0
    ) ORDER BY revisions.number DESC
"""  # noqa: S608 - a constant


class PastTexts:
    """The texts of an article, past ones too; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def current(self, article: str) -> Revision | None:
        """The current revision of this article."""
        found = self._db.rows(
            f"{_REVISIONS} WHERE articles.id = ? AND revisions.number = articles.revision",
            [article],
        )
        return next(_revisions(found), None)

    def back_to(self, article: str, number: int = 1) -> list[Revision]:
        """The revisions from the current one back to `number`, and the one before that."""
        rows = self._db.rows(_BACK_TO, {"article": article, "number": number})
        return list(_revisions(rows))

    def replace(self, place: int, held: Revision, new: Article | Revision) -> str:
        """Store a text as past, since a new one replaces it; returns what the new one lacks.

        `place` is the number of the article.
        """
        past = as_past(_texts_of(held), _texts_of(new))
        self._keep(place, held.number, held.seq, past)
        return gone_text(past)

    def _keep(self, place: int, number: int, seq: int, past: str) -> None:
        self._db.execute(
            "UPDATE revisions SET title = NULL, lead = NULL, body = NULL, items = NULL, "
            "size = ?, past = ? WHERE seq = ?",
            [len(past.encode()), past, seq],
        )
        self._put(place, number, gone_text(past))

    def _put(self, place: int, number: int, gone: str) -> None:
        if gone.strip():
            self._db.execute(
                "INSERT INTO past_words (rowid, words) VALUES (?, ?)",
                [_row_number(place, number), gone],
            )

    def make_room(
        self, article: str, before: int, sentences_of: Callable[[Revision], Sentences]
    ) -> None:
        """Reduce the oldest texts without room to sentences, but none from revision `before` on.

        Each also keeps its headline. The newest past text stays whole, whatever its size.
        """
        sizes = self._db.execute(
            "SELECT number, size FROM revisions WHERE article = ? AND NOT reduced "
            "ORDER BY number DESC",
            [article],
        ).fetchall()
        totals = accumulate(size for _, size in sizes)
        past = zip(sizes[2:], list(totals)[2:], strict=True)
        last = next((n for (n, _), total in past if total > MOST_KEPT and n < before), 0)
        if not last:
            return
        for revision in self.back_to(article):
            if revision.whole and revision.number <= last:
                self._reduce(revision, sentences_of(revision))

    def erase(self, place: int, article: str) -> None:
        """Take out every past text of this article, and the words of each."""
        rows = self._db.rows(
            "SELECT seq, number, past FROM revisions WHERE article = ? AND past NOT NULL", [article]
        )
        for row in rows:
            self._take(place, row["number"], gone_text(row["past"]))
            self._keep(place, row["number"], row["seq"], sentences_as_past({}))
            self._db.execute("UPDATE revisions SET reduced = 1 WHERE seq = ?", [row["seq"]])

    def _take(self, place: int, number: int, gone: str) -> None:
        if gone.strip():
            self._db.execute(
                "INSERT INTO past_words (past_words, rowid, words) VALUES ('delete', ?, ?)",
                [_row_number(place, number), gone],
            )

    def _reduce(self, revision: Revision, sentences: Sentences) -> None:
        [row] = self._db.rows(
            "SELECT revisions.past, articles.number AS place FROM revisions "
            "JOIN articles ON articles.id = revisions.article WHERE seq = ?",
            [revision.seq],
        )
        self._take(row["place"], revision.number, gone_text(row["past"]))
        left = {**sentences, "title": [revision.title]}
        self._keep(row["place"], revision.number, revision.seq, sentences_as_past(left))
        self._db.execute("UPDATE revisions SET reduced = 1 WHERE seq = ?", [revision.seq])


def move_past_texts(db: Connection) -> None:
    """Store the whole texts of an older version as differences, and index their words.

    That version kept at most 50 revisions, so some are missing. The first text is stored as its
    difference from the next one that is there.
    """
    db.executescript(SCHEMA)
    texts, terms = PastTexts(db), TermStore(db)
    revised = db.execute("SELECT number, id FROM articles WHERE revision > 1 ORDER BY number")
    while some := revised.fetchmany(_AT_ONCE):
        gone = [
            (place, texts.replace(place, old, new))
            for place, article in some
            for new, old in pairwise(texts.back_to(article))
        ]
        terms.add_past(gone)


def _row_number(place: int, number: int) -> int:
    return place * _MOST_REVISIONS + number


def row_numbers(first: int, last: int) -> tuple[int, int]:
    """The first and the last row that `past_words` may have for these articles."""
    most = (1 << 63) - 1
    return _row_number(first, 0), min(_row_number(last, _MOST_REVISIONS - 1), most)


def places_in(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the article and the revision of each row of `past_words`."""
    return (divmod(row, _MOST_REVISIONS) for row in rows)


def _revisions(rows: Iterable[Row]) -> Iterator[Revision]:
    """Yield the revisions in these rows, of which the first holds a whole text."""
    after: Texts | None = None
    for row in rows:
        after = _texts(row, after)
        yield Revision(
            article=row["article"],
            number=row["number"],
            seq=row["seq"],
            seen=as_time(row["seen"]),
            title=after.title,
            lead=after.lead,
            body=after.body,
            text_hash=row["text_hash"],
            items=tuple(_items_in(after.items)),
            partial=bool(row.get("partial")),
            whole=not row.get("reduced"),
            after_restore=bool(row.get("after_restore")),
        )


def _texts(row: Row, after: Texts | None) -> Texts:
    for prefix in ("now_", ""):
        if row[f"{prefix}title"] is not None:
            title, lead, body = (row[f"{prefix}{name}"] for name in ("title", "lead", "body"))
            return Texts(title, lead, body, _lines_of(items_from_text(row[f"{prefix}items"])))
    assert after is not None
    return from_past(row["past"], after)


def _texts_of(held: Article | Revision) -> Texts:
    return Texts(held.title, held.lead, held.body, _lines_of(held.items))


def _lines_of(items: Sequence[ArticleItem]) -> str:
    """A line for each item, with its distance from the one before: a new item changes no other."""
    starts = [0, *(item.start for item in items)]
    gaps = [start - before for before, start in pairwise(starts)]
    moved = [replace(item, start=gap) for item, gap in zip(items, gaps, strict=True)]
    return "\n".join(filter(None, (items_to_text((item,)) for item in moved)))


def _items_in(lines: str) -> Iterator[ArticleItem]:
    start = 0
    for line in filter(None, lines.split("\n")):
        [item] = items_from_text(line)
        start += item.start
        yield replace(item, start=start)
