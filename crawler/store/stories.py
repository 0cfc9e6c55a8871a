"""Stories in the store; for now each article tells its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlite_utils import Database

from crawler.article import Article, Story


def create_story_tables(db: Database) -> None:
    """The tables of stories."""
    db.executescript(
        """
        CREATE TABLE stories (id TEXT PRIMARY KEY, created TEXT NOT NULL) STRICT;
        CREATE TABLE story_articles (
            article TEXT PRIMARY KEY, story TEXT NOT NULL, position INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX story_articles_story ON story_articles (story, position);
        """
    )


@dataclass(frozen=True, slots=True)
class Assignment:
    """The story that an article was given, and whether it began it."""

    story_id: str
    new: bool


class StoryIndex:
    """Which article tells which story."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def assign(self, article: Article, now: datetime) -> Assignment:
        """Give a new article its story."""
        story = "sty_" + blake2b(article.id.encode(), digest_size=8).hexdigest()
        self._db.execute("INSERT INTO stories VALUES (?, ?)", [story, now.isoformat()])
        self._db.execute("INSERT INTO story_articles VALUES (?, ?, 0)", [article.id, story])
        return Assignment(story, new=True)

    def reassign(self, article: Article, now: datetime) -> Assignment:  # noqa: ARG002 - same shape as assign
        """The story of an article whose text has changed."""
        return Assignment(self.story_of_article(article.id).id, new=False)

    def story_of_article(self, article_id: str) -> Story:
        """The story with its articles in order of arrival."""
        rows = list(
            self._db.query(
                "SELECT others.article, others.story FROM story_articles AS mine "
                "JOIN story_articles AS others USING (story) WHERE mine.article = ? "
                "ORDER BY others.position",
                [article_id],
            )
        )
        return Story(rows[0]["story"], tuple(row["article"] for row in rows))
