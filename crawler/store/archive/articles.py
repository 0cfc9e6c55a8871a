"""The archive: articles, their revisions in one numbered log, and the stories they tell."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.model import Article, LogCursor, LogPage, LogRecord, Revision, Story, Verdict
from crawler.store.archive.aliases import ARTICLE_OF, AliasStore
from crawler.store.archive.readings import ReadingStore
from crawler.store.archive.words import TermStore
from crawler.store.connection import Connection
from crawler.store.records import (
    Row,
    Saved,
    article_from_row,
    article_to_row,
    as_text,
    as_time,
)
from crawler.stories.revisions import changed_fields, judge, text_hash

if TYPE_CHECKING:
    from crawler.store.archive.past_texts import PastTexts, Sentences
    from crawler.store.stories.index import StoryIndex

# In the order in which they are asked for. Such a text is never reduced.
_NEVER_REVISED = """
    SELECT articles.*, revisions.seq, revisions.seen, revisions.partial AS was_partial,
           revisions.after_restore
    FROM json_each(?) AS asked CROSS JOIN articles ON articles.id = asked.value
    CROSS JOIN revisions ON revisions.article = articles.id AND revisions.number = 1
    WHERE articles.revision = 1
"""
# Characters of bodies in a page of the log. Chosen: a thousand usual articles; ten of 1 MB, of
# which each takes up to 4 MB, must not be in memory at once.
MOST_TEXT = 3_000_000


class ArticleStore:
    """The articles; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._aliases = AliasStore(db)
        self._terms = TermStore(db)
        self._readings = ReadingStore(db)

    # Loaded when they are asked for: whoever only counts needs neither.

    @cached_property
    def _stories(self) -> StoryIndex:
        from crawler.store.stories.index import StoryIndex

        return StoryIndex(self._db)

    @cached_property
    def _past(self) -> PastTexts:
        from crawler.store.archive.past_texts import PastTexts

        return PastTexts(self._db)

    def save(self, article: Article, *, now: datetime) -> Saved:
        """Store the article as new, as a revision, or not at all; saving twice changes nothing."""
        return self.save_over(self.current(article.key), article, now=now)

    def save_over(self, held: Revision | None, article: Article, *, now: datetime) -> Saved:
        """The same as `save`, if the caller already knows the article's current revision."""
        verdict = judge(article, held)
        if verdict is Verdict.NEW:
            digest = text_hash(article.title, article.lead, article.body)
            return self.save_new(article, digest, now=now)
        assert held is not None
        if verdict is Verdict.REVISED:
            return self._revise(article, held, now)
        if text_hash(article.title, article.lead, article.body) == held.text_hash:
            self._readings.note(held.article, now)
        return Saved(
            article=held.article,
            verdict=verdict,
            seq=None,
            story=self.story(held.article).id,
            story_new=False,
        )

    def save_new(self, article: Article, digest: str, *, now: datetime) -> Saved:
        """The same, if the caller knows that it is new; `digest` is the hash of its words."""
        row = article_to_row(article) | {"revision": 1, "text_hash": digest}
        number = self._db.insert("articles", row)
        self._terms.add(number)
        seq = self._log(article, 1, now, digest, ())
        assigned = self._stories.assign_new(article, number, now)
        return Saved(
            article=article.id,
            verdict=Verdict.NEW,
            seq=seq,
            story=assigned.story_id,
            story_new=assigned.new,
        )

    def _revise(self, article: Article, held: Revision, now: datetime) -> Saved:
        self._stories.link_waiting()  # with the texts of now
        first = self.article(held.article)
        assert first is not None
        # The identity of the article stays; its contents are new.
        article = replace(
            article,
            id=first.id,
            key=first.key,
            source=first.source,
            url=first.url,
            first_seen=first.first_seen,
        )
        digest = text_hash(article.title, article.lead, article.body)
        number = held.number + 1
        texts = article.title, article.lead, article.body
        row = article_to_row(article) | {"revision": number, "text_hash": digest, "withdrawn": None}
        place = self._number(article.id)
        changes = ", ".join(f"{name} = :{name}" for name in row)
        self._db.execute(
            f"UPDATE articles SET {changes} WHERE number = :place",  # noqa: S608 - our own names
            row | {"place": place},
        )
        gone = self._past.replace(place, held, article)
        self._terms.revise(place, texts, gone)
        changed = changed_fields((held.title, held.lead, held.body), texts)
        seq = self._log(article, number, now, digest, changed)
        story = self._stories.reassign(article, held, now, was_partial=first.partial)
        return Saved(
            article=article.id,
            verdict=Verdict.REVISED,
            seq=seq,
            story=story.story_id,
            story_new=story.new,
        )

    def _log(
        self, article: Article, number: int, now: datetime, digest: str, changed: Sequence[str]
    ) -> int:
        cursor = self._db.execute(
            "INSERT INTO revisions "
            "(article, number, seen, text_hash, changed, partial, after_restore) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                *(article.id, number, as_text(now), digest, ",".join(changed), article.partial),
                number > 1 and self._readings.is_first_after_restore(article.id),
            ],
        )
        self._readings.note(article.id, now)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _number(self, article: str) -> int:
        found = self._db.execute("SELECT number FROM articles WHERE id = ?", [article])
        return int(found.fetchone()[0])

    def withdraw(self, key: str, now: datetime) -> bool:
        """Mark an article that its outlet has taken down; it stays in the archive.

        Returns whether it was not marked before.
        """
        cursor = self._db.execute(
            "UPDATE articles SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL",
            [as_text(now), self._aliases.article_of(key)],
        )
        return cursor.rowcount > 0

    def restore(self, key: str) -> bool:
        """Remove the mark of `withdraw`, since the article is there; returns if it was marked."""
        cursor = self._db.execute(
            f"UPDATE articles SET withdrawn = NULL WHERE id = {ARTICLE_OF} "  # noqa: S608 - a constant
            "AND withdrawn IS NOT NULL",
            {"key": key},
        )
        return cursor.rowcount > 0

    def current(self, key: str) -> Revision | None:
        """The current revision of the article with this key, its own or a further one."""
        article = self._aliases.article_of(key)
        if article is None:
            return None
        return self._past.current(article)

    def article(self, article_id: str) -> Article | None:
        """The article with this id, as last seen."""
        found = self._db.rows("SELECT * FROM articles WHERE id = ?", [article_id])
        return article_from_row(found[0]) if found else None

    def find(self, words: str) -> Article | None:
        """The article with this id, key or address."""
        found = self._db.rows(
            "SELECT * FROM articles WHERE id = :w OR key = :w OR url = :w "
            "OR id = (SELECT article FROM aliases WHERE key = :w) LIMIT 1",
            {"w": words},
        )
        return article_from_row(found[0]) if found else None

    def of_story(self, story: str) -> list[Article]:
        """The articles that tell this story, in order of arrival; none if there is no such one."""
        found = self._db.rows(
            "SELECT articles.* FROM story_articles "
            "JOIN articles ON articles.number = story_articles.article "
            "WHERE story_articles.story = ? ORDER BY story_articles.seen, articles.number",
            [story],
        )
        return [article_from_row(row) for row in found]

    def latest(self, article_id: str) -> LogRecord | None:
        """The newest record of this article in the log."""
        now = self._past.current(article_id)
        if now is None:
            return None
        return self._record(now.number, self._past.back_to(article_id, now.number))

    def revisions(self, article_id: str) -> list[Revision]:
        """Every revision that is kept, oldest first."""
        return self._past.back_to(article_id)[::-1]

    def make_room(self, record: LogRecord, sentences_of: Callable[[Revision], Sentences]) -> None:
        """If the article has too many texts, reduce the oldest to these sentences.

        Texts from the one before this record on stay as they are. A reader of the log calls this
        after each record, so that texts which it has not read yet stay whole.
        """
        if record.previous:
            self._past.make_room(record.article.id, record.previous.number, sentences_of)

    def story(self, article_id: str) -> Story:
        """The story that this article tells, with its articles in order of arrival."""
        return self._stories.story_of_article(article_id)

    def related(self, story: str) -> list[str]:
        """The stories that seem to be about the same matter, most alike first."""
        return [other for other, _ in self._stories.related(story)]

    def one_event(self, story: str) -> list[str]:
        """Those of them that tell the same event in other words, most alike first."""
        return self._stories.one_event(story)

    def related_titles(self, story: str) -> list[str]:
        """The headlines of related stories, most alike first."""
        return [
            row["title"]
            for other in self.related(story)
            for row in self._db.rows(
                "SELECT title FROM articles JOIN story_articles "
                "ON story_articles.article = articles.number "
                "WHERE story_articles.story = ? ORDER BY articles.number LIMIT 1",
                [other],
            )
        ]

    def last_seq(self) -> int:
        """The sequence number of the newest record of the log, 0 when it is empty."""
        return int(self._db.rows("SELECT max(seq) AS seq FROM revisions")[0]["seq"] or 0)

    def committed_after(self, cursor: LogCursor, limit: int = 500) -> LogPage:
        """The committed records of the log that this cursor has not read, in order.

        A reader that goes on from each page's cursor reads each record once, in whatever order
        commits become visible. Here there is one writer, so numbers become visible in their order,
        and no cursor has to remember single ones. A page of long texts has fewer records.
        """
        log = self._db.rows(
            "SELECT seq, article, number FROM revisions WHERE seq > ? ORDER BY seq LIMIT ?",
            [cursor.seq, limit],
        )
        first = {article: min(numbers) for article, numbers in _by_article(log).items()}
        texts: dict[str, Sequence[Revision]] = {}
        records: list[LogRecord] = []
        length = 0
        never_revised = self._never_revised(log)
        alone = next(never_revised, None)
        for article, number in ((row["article"], row["number"]) for row in log):
            if length > MOST_TEXT:
                break
            if alone is not None and alone.article.id == article:
                records.append(alone)
                length += len(alone.article.body)
                alone = next(never_revised, None)
                continue
            if article not in texts:
                texts[article] = self._past.back_to(article, first[article])
                length += sum(len(text.body) for text in texts[article])
            records.append(self._record(number, texts[article]))
        return LogPage(tuple(records), LogCursor(records[-1].seq) if records else cursor)

    def _never_revised(self, log: Sequence[Row]) -> Iterator[LogRecord]:
        """Yield the records of articles that have one text, most of a log, in its order.

        They are asked for together, and read one by one.
        """
        asked = [row["article"] for row in log if row["number"] == 1]
        stories = self._stories.stories_of_articles(asked)
        for row in self._db.stream(_NEVER_REVISED, [json.dumps(asked)]):
            article = article_from_row(row)
            yield LogRecord(
                seq=row["seq"],
                article=article,
                revision=Revision(
                    article=article.id,
                    number=1,
                    seq=row["seq"],
                    seen=as_time(row["seen"]),
                    title=article.title,
                    lead=article.lead,
                    body=article.body,
                    text_hash=row["text_hash"],
                    items=article.items,
                    partial=bool(row["was_partial"]),
                    after_restore=bool(row["after_restore"]),
                ),
                previous=None,
                story=stories[article.id],
            )

    def _record(self, number: int, texts: Sequence[Revision]) -> LogRecord:
        """The record of this revision, given the texts of its article, the newest first."""
        at = next(at for at, each in enumerate(texts) if each.number == number)
        revision, before = texts[at], texts[at + 1 :]
        article = self.article(revision.article)
        assert article is not None
        return LogRecord(
            seq=revision.seq,
            article=replace(
                article,
                title=revision.title,
                lead=revision.lead,
                body=revision.body,
                items=revision.items,
            ),
            revision=revision,
            previous=before[0] if before else None,
            story=self.story(revision.article),
        )

    def totals(self) -> dict[str, int]:
        """How many articles, revisions and stories are held."""
        return {row["name"]: row["total"] for row in self._db.rows("SELECT * FROM totals")}


def _by_article(log: Iterable[Row]) -> Mapping[str, Sequence[int]]:
    found = defaultdict[str, list[int]](list)
    for row in log:
        found[row["article"]].append(row["number"])
    return found
