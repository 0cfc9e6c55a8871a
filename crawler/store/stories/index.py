"""Which article tells which story: assigned in the transaction that stores the article."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from crawler.frozen import dataclass
from crawler.model import Article, Revision, Story
from crawler.store.connection import Connection
from crawler.store.records import Row, as_text, as_time
from crawler.store.stories import (
    candidates as index,
    common_runs as counts,
    related_links as related,
)
from crawler.store.stories.candidates import COMPARED, FingerprintIndex
from crawler.store.stories.common_runs import CountKeeper
from crawler.store.stories.related_links import RelatedIndex
from crawler.store.stories.tellings import (
    reading_at,
    reading_of,
    seen_before,
    telling,
    tellings,
    without_long_texts,
)
from crawler.stories.document_frequency import CountChange, period_of
from crawler.stories.near_duplicates import (
    LOOK_BACK,
    Compared,
    CopyDecision,
    Telling,
    still_told,
    story_of,
)
from crawler.stories.rectifications import is_rectification
from crawler.stories.revisions import text_hash
from crawler.stories.story_text import StoryText

# What is past the look-back is taken out of the index in quiet moments. If none came for a day
# (chosen), so many are with each article put in: more than one, so that it cannot grow behind.
FORGOTTEN, OVERDUE = 2, timedelta(days=1)

_TABLES = """
CREATE TABLE stories (
    id TEXT PRIMARY KEY,
    created TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE story_articles (
    article INTEGER PRIMARY KEY REFERENCES articles (number),
    story TEXT NOT NULL,
    seen TEXT NOT NULL,
    copy_of TEXT,
    containment REAL,
    reason TEXT,
    indexed INTEGER NOT NULL,
    counted INTEGER NOT NULL
) STRICT;
CREATE INDEX story_articles_story ON story_articles (story);
CREATE INDEX story_articles_indexed ON story_articles (seen) WHERE indexed;
"""

_STORY_OF = """
    SELECT articles.id, story_articles.story
    FROM json_each(?) AS asked JOIN articles ON articles.id = asked.value
    JOIN story_articles ON story_articles.article = articles.number
"""
_MEMBERS = """
    SELECT story_articles.story, articles.id
    FROM json_each(?) AS asked JOIN story_articles ON story_articles.story = asked.value
    JOIN articles ON articles.number = story_articles.article
    ORDER BY story_articles.seen, story_articles.article
"""
_LAST_SEEN = """
    SELECT seen FROM story_articles WHERE article = (SELECT max(article) FROM story_articles)
"""


def create_story_tables(db: Connection) -> None:
    """Create the tables of stories, of the index of near duplicates and of the counts."""
    db.executescript(_TABLES + index.TABLES + counts.TABLES + related.TABLES)


def add_waiting(db: Connection) -> None:
    """Create the tables of what waits for a quiet moment, and move the counts; part of a step."""
    db.execute(related.WAITING)
    db.execute(index.HELD)
    counts.move_counts(db)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The story of an article: begun by it (`new`), or joined as a copy of another article."""

    story_id: str
    new: bool
    containment: float | None = None


class StoryIndex:
    """Stories over the connection that writes; methods that change them belong into a job."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._counts = CountKeeper(db)
        self._index = FingerprintIndex(db)
        self._related = RelatedIndex(db, self._counts)

    def assign(self, article: Article, now: datetime) -> Assignment:
        """The story of a stored article: a new one, or that of the article it is a copy of.

        Assigning an article a second time changes nothing.
        """
        held = self._held(article.id)
        if held is not None:
            return _assignment(held)
        return self.assign_new(article, self._number(article.id), now)

    @without_long_texts()
    def assign_new(self, article: Article, number: int, now: datetime) -> Assignment:
        """The story of an article that was stored under this number, and has none yet."""
        self._take_seen_before(now - LOOK_BACK - OVERDUE, FORGOTTEN)
        return self._tell(article, number, now, story_id(article.id))

    @without_long_texts()
    def reassign(
        self, article: Article, previous: Revision, now: datetime, *, was_partial: bool = False
    ) -> Assignment:
        """The story of an article that no longer says what its `previous` revision said.

        A corrected, shortened or lengthened text stays in its story. So does a part that is whole
        now, unless the whole is a copy of what another story tells: a summary was too little to
        see that by. A text that has replaced another is assigned anew.
        """
        held = self._held(article.id)
        if held is None:
            return self.assign(article, now)
        old = reading_of(previous.title, previous.lead, previous.body)
        new = reading_of(article.title, article.lead, article.body)
        self._take(held["article"], old)
        undone = _changes(held, old, times=-1)
        completed = was_partial and not article.partial
        if completed and self._joins_another(article, held, now):
            return self._tell(article, held["article"], now, held["story"], undone)
        if not completed and not still_told(new, old):
            return self._tell(article, held["article"], now, self._own_story(article), undone)
        if held["indexed"]:
            self._index.put(held["article"], new.fingerprints)
        self._counts.record([*undone, *_changes(held, new)])
        return _assignment(held)

    def take(self, article_id: str) -> None:
        """Let no later text be compared with this article; its words are no longer counted."""
        held = self._held(article_id)
        if held is None or not held["indexed"]:
            return
        reading = reading_at(self._db, held["article"])
        self._take(held["article"], reading)
        self._counts.record(_changes(held, reading, times=-1))
        self._counts.keep()  # nothing of its words stays in the log
        self._db.execute(
            "UPDATE story_articles SET indexed = 0 WHERE article = ?", [held["article"]]
        )

    def _joins_another(self, article: Article, held: Row, now: datetime) -> bool:
        copy_of = self._decided(telling(article, held["story"], now), held["article"]).copy_of
        return copy_of is not None and copy_of[0].story != held["story"]

    def story_of_article(self, article_id: str) -> Story:
        """The story that this article tells, with its articles in the order in which they came."""
        return self.stories_of_articles([article_id])[article_id]

    def stories_of_articles(self, articles: Sequence[str]) -> dict[str, Story]:
        """The story of each of these articles."""
        named = dict(self._db.execute(_STORY_OF, [json.dumps(articles)]).fetchall())
        members = defaultdict[str, list[str]](list)
        asked = json.dumps([*dict.fromkeys(named.values())])
        for story, article in self._db.execute(_MEMBERS, [asked]).fetchall():
            members[story].append(article)
        stories = {story: Story(story, tuple(told)) for story, told in members.items()}
        return {article: stories[story] for article, story in named.items()}

    def related(self, story: str) -> list[tuple[str, float]]:
        """The stories that seem to be about the same matter, likest first, with their likeness."""
        self._link_if_writing()
        return self._related.related(story)

    def one_event(self, story: str) -> list[str]:
        """Those of them that tell the same event in other words, likest first."""
        self._link_if_writing()
        return self._related.one_event(story)

    def _link_if_writing(self) -> None:
        """Whoever only reads is told of the stories that are linked by then."""
        if not self._db.reads_only:
            self.link_waiting()

    @without_long_texts()
    def link_waiting(self, most: int = -1) -> int:
        """Link so many of the stories that wait for it, or all; returns how many these are."""
        return self._related.link_waiting(most)

    def _tell(
        self,
        article: Article,
        number: int,
        now: datetime,
        own: str,
        undone: Sequence[CountChange] = (),
    ) -> Assignment:
        """Decide on this text's story, store it, and let later texts find it."""
        begun = telling(article, own, now)
        hashes = begun.reading.fingerprints
        decision = self._decided(begun, number)
        if decision.copy_of is None and is_rectification(article.title):
            decision = replace(decision, copy_of=self._corrected(begun, now))
        row = _row(number, decision, own, now)
        self._db.replace("story_articles", row)
        self._index.put(number, hashes)
        new = self._begin(row["story"], now)
        if new:
            self._related.link_later(number, decision.compared)
        self._counts.record([*undone, *_changes(row, begun.reading)])
        return _assignment(row, new=new)

    def _decided(self, begun: Telling, number: int) -> CopyDecision:
        """What this text is a copy of, among those that share fingerprints with it."""
        found = self._index.sharing(begun.reading.fingerprints, apart_from=number)
        near: list[Telling] = []
        while found and len(near) < COMPARED:  # some may be past the look-back
            some = COMPARED - len(near)
            near += tellings(self._db, found[:some], begun.seen)
            found = found[some:]
        return story_of(begun, near, self._counts.rare_at(begun.seen), begun.seen)

    def _corrected(self, begun: Telling, now: datetime) -> Compared | None:
        self.link_waiting()
        return self._related.corrected(begun, now)

    def _begin(self, story: str, now: datetime) -> bool:
        """Whether the story was not there before; now it is."""
        inserted = self._db.execute(
            "INSERT OR IGNORE INTO stories VALUES (?, ?)", [story, as_text(now)]
        )
        return inserted.rowcount == 1

    def forget_expired(self, most: int) -> int:
        """Take so many of those past the look-back out of the index; returns how many these are.

        That is before the article stored last, whenever others were: one of a clock that ran ahead
        does not take out those that come after it.
        """
        found = self._db.execute(_LAST_SEEN).fetchone()
        return self._take_seen_before(as_time(found[0]) - LOOK_BACK, most) if found else 0

    def _take_seen_before(self, time: datetime, most: int) -> int:
        numbers = seen_before(self._db, time, most)
        for number in numbers:
            self._take(number)
            self._db.execute("UPDATE story_articles SET indexed = 0 WHERE article = ?", [number])
        return len(numbers)

    def _take(self, number: int, held: StoryText | None = None) -> None:
        """Let the article no longer be found by this text."""
        if not self._index.take(number):
            reading = held or reading_at(self._db, number)
            self._index.take_each(number, reading.fingerprints)

    def _own_story(self, article: Article) -> str:
        """The story that a replacing text begins; a text that returns has the story it had."""
        digest = text_hash(article.title, article.lead, article.body)
        first = self._db.rows(
            "SELECT text_hash FROM revisions WHERE article = ? AND number = 1", [article.id]
        )
        returned = bool(first) and first[0]["text_hash"] == digest
        return story_id(article.id if returned else f"{article.id} {digest}")

    def _number(self, article_id: str) -> int:
        found = self._db.execute("SELECT number FROM articles WHERE id = ?", [article_id])
        return int(found.fetchone()[0])

    def _held(self, article_id: str) -> Row | None:
        held = self._db.rows(
            "SELECT story_articles.* FROM articles "
            "JOIN story_articles ON story_articles.article = articles.number WHERE articles.id = ?",
            [article_id],
        )
        return held[0] if held else None


def story_id(first: str) -> str:
    """The id of the story that begins with this article."""
    return "sty_" + blake2b(first.encode(), digest_size=8).hexdigest()


def _row(number: int, decision: CopyDecision, own: str, now: datetime) -> Row:
    original, comparison = decision.copy_of or (None, None)
    return {
        "article": number,
        "story": original.story if original else own,
        "seen": as_text(now),
        "copy_of": original.article if original else None,
        "containment": comparison.containment if comparison else None,
        "reason": comparison.reason.value if comparison else None,
        "indexed": 1,
        # A copy says nothing about how common its words are; one that is so by a hair may.
        "counted": int(comparison is None or comparison.doubtful),
    }


def _changes(row: Row, reading: StoryText, times: int = 1) -> list[CountChange]:
    if not row["counted"]:
        return []
    return [CountChange(period_of(as_time(row["seen"])), reading.runs, times)]


def _assignment(row: Row, *, new: bool = False) -> Assignment:
    return Assignment(story_id=row["story"], new=new, containment=row["containment"])
