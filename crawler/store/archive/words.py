"""The words of the archive besides the full-text index: what to ask it for, and what it misses.

`terms` holds each word once, with the tokens under which the index has it. `capitals` holds the
articles with a word in capitals, which the index cannot tell from the same word in lower case.
`oddities` holds the articles in which the index may see other words than a reader does.

Storing the words of many articles at once costs half of storing each article's own: most words are
the same, and the others are stored in order. So new articles wait. `terms_stored` has the number of
the last article that does not wait. A search looks at those that wait one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import chain, product
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from crawler.frozen import dataclass
from crawler.store.archive.tokens import Chunk, Term, chunk_of, sight_of, terms_of
from crawler.store.connection import Connection

_W = TypeVar("_W", bound=Hashable)

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

CREATE TABLE terms_stored (last INTEGER NOT NULL) STRICT;
INSERT INTO terms_stored VALUES (0);

CREATE INDEX articles_metadata ON articles (outlet, source, section, language, author, url);
"""
# Words that are remembered as stored, in each of two generations. Chosen: both take some 3 MB, and
# with more, storing takes no less.
_REMEMBERED = 16_000
_BLOCK = 4_000  # characters: a block then fits a page of the file
_AT_ONCE = 400  # terms in one statement; chosen: far below SQLite's limit of 32,766 values
WAITING = 100  # articles that may wait; chosen: a search needs some 0.1 ms for each
# Articles of which the words are stored at once. Chosen: of 100 that takes a fifth less for each,
# but the writer is busy with them for 25 ms, and not for 8.
PORTION = 20
_MOST_TEXT = 2_000_000  # characters of waiting articles that are read at once; chosen: see above
_AT_LAST = 50  # chosen: if this many articles wait, they are stored before the file is closed
_AT_FIRST = 2_000  # articles of an older file that are read at once; chosen: bounds memory


@dataclass(slots=True)
class _Memory:
    """What is stored already. It is valid as long as the table still has `last`, the last term.

    The words of articles after number `mark` are not stored.
    """

    mark: int
    young: set[Hashable] = field(default_factory=set)
    old: set[Hashable] = field(default_factory=set)
    last: Term | None = None

    def unknown(self, words: set[_W]) -> set[_W]:
        """The words or terms that are not remembered."""
        return words - self.young - self.old

    def remember(self, *stored: Iterable[Hashable]) -> None:
        """Remember that these words and terms are stored."""
        if len(self.young) > _REMEMBERED:
            self.young, self.old = set(), self.young
        self.young.update(*stored)


# One for each connection that writes, as long as the connection exists.
_MEMORIES: WeakKeyDictionary[Connection, _Memory] = WeakKeyDictionary()


def create_term_tables(db: Connection) -> None:
    """Create the tables, and fill them with the words of the articles that exist already."""
    db.executescript(TABLES)
    store = TermStore(db)
    while store.catch_up(most=_AT_FIRST):
        pass


def keep_terms(db: Connection) -> None:
    """Store the words of the waiting articles as a writer's last job, unless they are few."""
    TermStore(db).catch_up(least=_AT_LAST)


class TermStore:
    """The words of the archive, for the connection that writes."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def add(self, article: int) -> None:
        """Let a new article be found by its words; they are stored once enough articles wait."""
        memory = _MEMORIES.get(self._db) or self._memory()
        if article >= memory.mark + WAITING:
            self.catch_up(most=PORTION)

    def revise(self, article: int, texts: Iterable[str], gone: str) -> None:
        """Let an article be found by its new words, and by those that are `gone` from its text.

        Stored words are not removed. If the article waits, its words are stored in its turn, and
        then from its new text.
        """
        memory = self._memory()
        waits = article > memory.mark
        self._store(memory, [(article, gone)] if waits else [(article, *texts)])

    def add_past(self, articles: Iterable[tuple[int, str]]) -> None:
        """Let articles be found by the words of texts that they had before."""
        self._store(self._memory(), articles)

    def take(self, article: int, texts: Iterable[Sequence[str]]) -> None:
        """Let the article no longer be found by words in capitals; the words themselves stay."""
        chunks = {chunk for text in texts for chunk in sight_of(text).chunks}
        words = {word for chunk in chunks for word in chunk_of(chunk).capitals}
        run = self._db.executemany
        run(
            "DELETE FROM capitals WHERE word = ? AND article = ?",
            [(word, article) for word in words],
        )
        self._db.execute("DELETE FROM oddities WHERE article = ?", [article])

    def take_unused(self, texts: Iterable[Sequence[str]]) -> None:
        """Remove the words of these texts that no article of the archive has, now or before."""
        words = set[str]()
        for text in texts:
            sight = sight_of(text)
            words.update(part for word in sight.words for part in (word, *word.split("-")))
            read = [chunk_of(chunk) for chunk in sight.chunks]
            words.update(term.word for chunk in read for term in chunk.terms)
        words |= {term.word for word in list(words) if "-" in word for term in terms_of(word)}
        self._remove(word for word in words if word and not self._is_used(word))
        _MEMORIES.pop(self._db, None)

    def _is_used(self, word: str) -> bool:
        held = self._db.execute("SELECT tokens FROM terms WHERE word = ?", [word]).fetchall()
        phrases = [f'"{tokens or word}"' for (tokens,) in held]
        return any(self._occurs(phrase) for phrase in phrases)

    def _occurs(self, phrase: str) -> bool:
        now = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
        before = "SELECT 1 FROM past_words WHERE past_words MATCH ? LIMIT 1"
        run = self._db.execute
        return bool(run(now, [phrase]).fetchone() or run(before, [phrase]).fetchone())

    def _remove(self, words: Iterable[str]) -> None:
        gone = set(words)
        self._db.executemany("DELETE FROM terms WHERE word = ?", [(word,) for word in gone])
        [(last,)] = self._db.execute("SELECT coalesce(max(number), 0) FROM term_blocks").fetchall()
        for number in range(1, last + 1):
            rows = self._db.execute("SELECT lines FROM term_blocks WHERE number = ?", [number])
            for (lines,) in rows.fetchall():
                kept = [line for line in lines.splitlines() if line.partition("\t")[0] not in gone]
                text = "".join(f"{line}\n" for line in kept)
                if text != lines:
                    self._db.execute(
                        "UPDATE term_blocks SET lines = ? WHERE number = ?", [text, number]
                    )

    def catch_up(self, *, least: int = 1, most: int = WAITING) -> int:
        """Store the words of at most `most` waiting articles, if at least `least` wait.

        Returns of how many articles the words were stored.
        """
        memory = self._memory()
        [(memory.mark, newest)] = self._db.execute(
            "SELECT last, (SELECT max(number) FROM articles) FROM terms_stored"
        )
        if (newest or 0) - memory.mark < least:
            return 0
        waiting = self._db.execute(
            "SELECT number, title, lead, body FROM articles WHERE number > ? "
            "ORDER BY number LIMIT ?",
            [memory.mark, most],
        )
        stored = 0
        for articles in _in_portions(waiting):
            self._store(memory, articles)
            memory.mark = articles[-1][0]
            stored += len(articles)
        self._db.execute("UPDATE terms_stored SET last = ?", [memory.mark])
        return stored

    def _memory(self) -> _Memory:
        """What is remembered; empty again if the transaction that stored it was rolled back."""
        memory = _MEMORIES.get(self._db)
        if memory is None or (memory.last and not self._holds(memory.last)):
            [(mark,)] = self._db.execute("SELECT last FROM terms_stored")
            memory = _MEMORIES[self._db] = _Memory(mark)
        return memory

    def _holds(self, term: Term) -> bool:
        rows = self._db.execute("SELECT 1 FROM terms WHERE word = ? AND tokens = ?", term)
        return rows.fetchone() is not None

    def _store(self, memory: _Memory, articles: Iterable[tuple[Any, ...]]) -> None:
        """Store the words of these articles, each given as its number and texts."""
        words, places = set[str](), defaultdict[str, list[int]](list)
        for article, *texts in articles:
            sight = sight_of(texts)
            words.update(sight.words)
            for chunk in sight.chunks:
                places[chunk].append(article)
        read = {text: chunk_of(text) for text in places}
        new = memory.unknown(words)
        compounds = {word for word in new if "-" in word}
        terms = {term for chunk in read.values() for term in chunk.terms}
        terms.update(term for compound in compounds for term in terms_of(compound))
        plain = (new - compounds).union(term.word for term in terms if not term.tokens)
        plain.update(" ".join(compounds).replace("-", " ").split())
        plain = memory.unknown(plain)
        joined = memory.unknown({term for term in terms if term.tokens})
        self._add(memory, "(?, '')", sorted(plain))
        self._add(memory, "(?, ?)", list(chain.from_iterable(sorted(joined))))
        memory.remember(compounds, plain, joined)
        self._point(places, read)

    def _point(self, places: Mapping[str, list[int]], read: Mapping[str, Chunk]) -> None:
        """Store which articles have words in capitals and which are odd."""
        capitals, oddities = set[tuple[str, int]](), set[tuple[int]]()
        for text, articles in places.items():
            chunk = read[text]
            capitals.update(product(chunk.capitals, articles))
            oddities.update((article,) for article in articles if chunk.odd)
        run = self._db.executemany
        run("INSERT OR IGNORE INTO capitals VALUES (?, ?)", sorted(capitals))
        run("INSERT OR IGNORE INTO oddities VALUES (?)", sorted(oddities))

    def _add(self, memory: _Memory, row: str, values: list[str]) -> None:
        """Store the terms that are not stored yet; `row` says how many values each one has."""
        width = row.count("?")
        for start in range(0, len(values), width * _AT_ONCE):
            part = values[start : start + width * _AT_ONCE]
            rows = self._db.execute(
                f"INSERT OR IGNORE INTO terms VALUES {', '.join([row] * (len(part) // width))} "  # noqa: S608 - question marks
                "RETURNING word || char(9) || tokens",
                part,
            ).fetchall()
            if rows:
                lines = [line for (line,) in rows]
                self._append("\n".join([*lines, ""]))
                memory.last = Term(*lines[-1].split("\t"))

    def _append(self, lines: str) -> None:
        """Add these lines after the last ones, in a new block if they do not fit."""
        added = self._db.execute(
            "UPDATE term_blocks SET lines = lines || ? "
            "WHERE number = (SELECT max(number) FROM term_blocks) AND length(lines) < ?",
            [lines, _BLOCK - len(lines)],
        )
        if not added.rowcount:
            self._db.execute("INSERT INTO term_blocks (lines) VALUES (?)", [lines])


def _in_portions(waiting: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield these articles in lists that are not too long together."""
    portion, length = list[tuple[Any, ...]](), 0
    for article in waiting:
        portion.append(article)
        length += len(article[-1])
        if length > _MOST_TEXT:
            yield portion
            portion, length = [], 0
    if portion:
        yield portion
