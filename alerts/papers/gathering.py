"""What the archive has for an edition: the stories of its time, and what is new in each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from alerts.alert import RuleRef
from alerts.edition import (
    ArchivePosition,
    EditionChange,
    EditionLink,
    EditionStory,
    EditionWave,
    SilentOutlet,
)
from alerts.match import Priority
from alerts.papers.article_news import ArticleNews, headline_of, news_of_article, quoted
from alerts.policy.source_rhythm import is_silent
from alerts.store import AlertStore
from alerts.store.rows import match_from_row
from alerts.wave_log import WaveStore
from crawler.frozen import dataclass
from crawler.model import Article, Revision
from crawler.store import ArticleStore, Connection, PollStore, as_text, as_time

_URGENCY = (Priority.LOW, Priority.NORMAL, Priority.HIGH)
# Chosen: a story that every outlet has is shown with as many of them as stand on two lines.
_MOST_ALSO = 12
# Chosen: a sentence or a headline more would make a history of it.
_MOST_CHANGES = 3
_NEVER = 2**63 - 1  # no match has this number


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsAsked:
    """What an edition is made of: rules by id, its span of time, the stories of the last one.

    `position` is how far the archive had come at the last one: whatever was stored later is new,
    unless the paper asks for a span of time (`is_span`).
    """

    rules: Mapping[str, RuleRef]
    since: datetime
    until: datetime
    before: Sequence[str] = ()
    position: ArchivePosition | None = None
    is_span: bool = False

    def was_there(self, text: Revision) -> bool:
        """Whether the last edition could tell of this text."""
        if self.position is None:
            return text.seen < self.since
        return text.seq <= self.position.text and (not self.is_span or text.seen < self.since)

    def was_found(self, row: Mapping[str, Any]) -> bool:
        """Whether the last edition could tell of this match."""
        if self.position is None:
            return bool(row["found"] < as_text(self.since))
        earlier = not self.is_span or row["found"] < as_text(self.since)
        return bool(row["id"] <= self.position.match and earlier)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many articles came in, of how many outlets."""

    articles: int
    outlets: int


class PressArchive:
    """What an edition reads; every method only reads."""

    def __init__(self, db: Connection) -> None:
        self._db, self._archive, self._alerts = db, ArticleStore(db), AlertStore(db)

    def stories(self, asked: NewsAsked) -> list[EditionStory]:
        """The stories in which something is new in that time."""
        names = dict.fromkeys((*self._found(asked), *asked.before))
        stories = (self._story(name, asked) for name in names)
        return [story for story in stories if story]

    def _found(self, asked: NewsAsked) -> Iterator[str]:
        newest = asked.position.match if asked.position else _NEVER
        rows = self._db.rows(
            "SELECT id, story, rule FROM matches WHERE found >= ? "
            "UNION SELECT id, story, rule FROM matches WHERE id > ?",
            [as_text(asked.since), newest],
        )
        rows.sort(key=lambda row: row["id"])
        yield from (row["story"] for row in rows if row["rule"] in asked.rules)

    def position(self) -> ArchivePosition:
        """How far the archive has come."""
        [(match,)] = self._db.execute("SELECT coalesce(max(id), 0) FROM matches").fetchall()
        [(text,)] = self._db.execute("SELECT coalesce(max(seq), 0) FROM revisions").fetchall()
        return ArchivePosition(match, text)

    def _story(self, story: str, asked: NewsAsked) -> EditionStory | None:
        rows = self._db.rows(
            "SELECT article, rule, found FROM matches WHERE story = ? ORDER BY id", [story]
        )
        rows = [row for row in rows if row["rule"] in asked.rules]
        news = [
            one
            for article in dict.fromkeys(row["article"] for row in rows)
            if (one := self._news(article, asked))
        ]
        members = self._members(story)
        came = [one for one in members if one.first_seen >= asked.since]
        if not any(one.is_new for one in news) and not (news and came):
            return None
        first = as_time(rows[0]["found"])
        rules = _by_urgency(dict.fromkeys(row["rule"] for row in rows), asked.rules)
        return _told(
            story,
            news,
            members,
            rules,
            since=first if first < asked.since else None,
            newest=max(as_time(row["found"]) for row in rows),
        )

    def _news(self, name: str, asked: NewsAsked) -> ArticleNews | None:
        """What is new in an article that matched, in what it says now."""
        article = self._archive.article(name)
        texts = self._archive.revisions(name)
        if article is None or not texts:
            return None
        earlier = [one for one in texts if asked.was_there(one) and one.whole]
        found = self._matches(earlier[-1], asked.rules) if earlier else []
        return news_of_article(
            article,
            texts[-1],
            [match_from_row(row) for row in self._matches(texts[-1], asked.rules)],
            earlier[-1] if earlier else None,
            [match_from_row(row) for row in found if asked.was_found(row)],
        )

    def _matches(self, text: Revision, rules: Collection[str]) -> list[dict[str, Any]]:
        rows = self._db.rows(
            "SELECT * FROM matches WHERE article = ? AND revision = ? ORDER BY rule",
            [text.article, text.number],
        )
        return [row for row in rows if row["rule"] in rules]

    def _members(self, story: str) -> list[Article]:
        rows = self._db.rows(
            "SELECT articles.id FROM story_articles "
            "JOIN articles ON articles.number = story_articles.article "
            "WHERE story_articles.story = ? ORDER BY story_articles.article",
            [story],
        )
        return [one for row in rows if (one := self._archive.article(row["id"]))]

    def silent(self, until: datetime) -> tuple[SilentOutlet, ...]:
        """The outlets of which a source has been silent for longer than its habit explains."""
        polled = PollStore(self._db).states()
        found = {
            habit.outlet: SilentOutlet(habit.outlet, habit.latest)
            for habit in self._alerts.watches.habits()
            if habit.source in polled and is_silent(habit, until)
        }
        return tuple(found[outlet] for outlet in sorted(found))

    def waves(self, asked: NewsAsked) -> tuple[EditionWave, ...]:
        """The waves of its rules that began in that time, or were found after the last edition."""
        store = WaveStore(self._db)
        if asked.position is None or asked.is_span:
            found = store.between(asked.since, asked.until)
        else:
            found = store.after(asked.position.match)
        return tuple(
            EditionWave(asked.rules[one.rule].name, one.wave.began, one.stories)
            for one in found
            if one.rule in asked.rules  # of a paper whose rules are all silenced, none is
        )

    def coverage(self, asked: NewsAsked) -> Coverage:
        """How much came in, so that "nothing" can be believed."""
        rows = self._db.rows(
            "SELECT count(*) AS n, count(DISTINCT outlet) AS outlets FROM articles "
            "WHERE first_seen >= ? AND first_seen < ?",
            [as_text(asked.since), as_text(asked.until)],
        )
        return Coverage(rows[0]["n"], rows[0]["outlets"])

    def silenced_rules(self, now: datetime) -> set[str]:
        """The rules that are silenced now for every channel."""
        return {
            silence.rule
            for silence in self._alerts.ledger.silences(now)
            if silence.rule and not silence.channel and silence.starts <= now
        }


def _by_urgency(rules: Iterable[str], known: Mapping[str, RuleRef]) -> list[RuleRef]:
    return sorted((known[rule] for rule in rules), key=lambda rule: -_URGENCY.index(rule.priority))


def _told(  # noqa: PLR0913 - the parts of a story
    story: str,
    news: Sequence[ArticleNews],
    members: Sequence[Article],
    rules: Sequence[RuleRef],
    *,
    since: datetime | None,
    newest: datetime,
) -> EditionStory:
    lead = next((one for one in news if one.is_new), news[0])
    article = lead.article
    changes = tuple(_changes(news))[:_MOST_CHANGES] if since else ()
    passages = {key for one in news for key in one.fresh}
    quote = quoted(lead)
    headline = headline_of(lead)
    shown = {headline, *(quote.keys if quote else ())}
    return EditionStory(
        story=story,
        article=article.id,
        title=article.title or article.url,
        outlet=article.outlet,
        url=article.url,
        published=article.published,
        newest=newest,
        also=_also(article, members),
        rules=tuple(rule.id for rule in rules),
        rule_names=tuple(rule.name for rule in rules),
        priority=rules[0].priority,
        headline=headline,
        quote=quote,
        more=len(passages - shown - {change.key for change in changes}),
        changes=changes,
        since=since,
        only_copies=not any(one.is_new for one in news),
        partial=article.partial,
    )


def _also(article: Article, members: Iterable[Article]) -> tuple[EditionLink, ...]:
    """The first article of each other outlet."""
    also: dict[str, EditionLink] = {}
    for one in members:
        if one.outlet != article.outlet:
            also.setdefault(one.outlet, EditionLink(one.outlet, one.url))
    return tuple(also.values())[:_MOST_ALSO]


def _changes(news: Iterable[ArticleNews]) -> Iterator[EditionChange]:
    """Yield what was changed, each change once; copies make the same one."""
    said: set[str] = set()
    for one in news:
        for change in one.changes:
            same = json.dumps([change.before, change.after])
            if same not in said:
                said.add(same)
                yield change
