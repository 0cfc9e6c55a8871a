"""The words of the archive, beside the full-text index: what to ask it for, and what it misses.

`terms` holds each word once, with the tokens under which the index has it; `capitals` the articles
with a word in capitals, which the index cannot tell from the same word in small letters; `oddities`
the articles that the index may have read in another way than they are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from crawler.tokens import Term, chunk_of, sight_of

TABLES = """
CREATE TABLE terms (
    word TEXT NOT NULL,
    tokens TEXT NOT NULL,
    PRIMARY KEY (word, tokens)
) STRICT, WITHOUT ROWID;

CREATE TABLE term_blocks (number INTEGER PRIMARY KEY, lines TEXT NOT NULL) STRICT;

CREATE TABLE capitals (
    word TEXT NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (word, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE oddities (article INTEGER PRIMARY KEY) STRICT;

CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_outlet ON articles (outlet);
CREATE INDEX articles_section ON articles (section);
CREATE INDEX articles_language ON articles (language);
CREATE INDEX articles_author ON articles (author);
CREATE INDEX articles_url ON articles (url);
"""
# Words remembered as stored, twice over: those lately seen. The commonest make up most of a text.
_REMEMBERED = 100_000
_BLOCK = 4_000  # characters: a block then fits a page of the file
_AT_ONCE = 400  # terms in one statement


@dataclass(slots=True)
class _Memory:
    """Words that are stored already, as long as `last`, the term stored last, is there."""

    young: set[str] = field(default_factory=set)
    old: set[str] = field(default_factory=set)
    last: Term | None = None

    def unknown(self, words: set[str]) -> set[str]:
        """Those of the words that are not remembered; from now on they are."""
        rest = words - self.young
        new = rest - self.old
        if len(self.young) > _REMEMBERED:
            self.young, self.old = set(), self.young
        self.young |= rest
        return new


# One for each connection that writes, for as long as the connection lives.
_MEMORIES: WeakKeyDictionary[Database, _Memory] = WeakKeyDictionary()


def create_term_tables(db: Database) -> None:
    """Create the tables, and fill them for the articles that are there."""
    db.executescript(TABLES)
    store = TermStore(db)
    for number, *texts in db.execute("SELECT number, title, lead, body FROM articles"):
        store.put(number, texts)


class TermStore:
    """The words of the archive over the connection that writes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, article: int, texts: Iterable[str]) -> None:
        """Let the article be found by its words; those of an earlier text are not taken back."""
        memory, sight = self._memory(), sight_of(texts)
        new = memory.unknown(sight.words)
        compounds = {word for word in new if "-" in word}
        chunks = [chunk_of(chunk) for chunk in (*compounds, *sight.chunks)]
        terms = {term for chunk in chunks for term in chunk.terms}
        self._add(memory, terms.union(map(Term, new - compounds)))
        capitals = {word for chunk in chunks for word in chunk.capitals}
        run = self._db.conn.executemany
        run("INSERT OR IGNORE INTO capitals VALUES (?, ?)", [(word, article) for word in capitals])
        if any(chunk.odd for chunk in chunks):
            run("INSERT OR IGNORE INTO oddities VALUES (?)", [(article,)])

    def _memory(self) -> _Memory:
        """What is remembered; nothing when the transaction that stored it was rolled back."""
        memory = _MEMORIES.get(self._db)
        if memory is None or (memory.last and not self._holds(memory.last)):
            memory = _MEMORIES[self._db] = _Memory()
        return memory

    def _holds(self, term: Term) -> bool:
        rows = self._db.conn.execute("SELECT 1 FROM terms WHERE word = ? AND tokens = ?", term)
        return rows.fetchone() is not None

    def _add(self, memory: _Memory, terms: set[Term]) -> None:
        """Store the terms that are not stored yet."""
        ordered, new = sorted(terms), list[Term]()
        for start in range(0, len(ordered), _AT_ONCE):
            part = ordered[start : start + _AT_ONCE]
            rows = self._db.conn.execute(
                f"INSERT OR IGNORE INTO terms VALUES {', '.join(['(?, ?)'] * len(part))} "  # noqa: S608 - question marks
                "RETURNING word, tokens",
                [value for term in part for value in term],
            )
            new += map(Term._make, rows)
        if new:
            self._append("".join(f"{term.word}\t{term.tokens}\n" for term in new))
            memory.last = new[-1]

    def _append(self, lines: str) -> None:
        """Put these lines behind the last ones, in a new block if they do not fit."""
        added = self._db.conn.execute(
            "UPDATE term_blocks SET lines = lines || ? "
            "WHERE number = (SELECT max(number) FROM term_blocks) AND length(lines) < ?",
            [lines, _BLOCK - len(lines)],
        )
        if not added.rowcount:
            self._db.conn.execute("INSERT INTO term_blocks (lines) VALUES (?)", [lines])
