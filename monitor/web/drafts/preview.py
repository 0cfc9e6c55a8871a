"""What a draft finds in the newest articles, and what it wins and loses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from alerts.query import Concepts
from alerts.rules import FoundArticle, Rule
from alerts.search import Period, Search, SearchResult, oldest
from crawler.frozen import dataclass
from crawler.store import Connection
from monitor.web.stories import Stretch, quotes, spans_in, stretches

# Chosen: it answers while somebody types, and a rule that finds more in a month is too wide.
MOST, DAYS = 200, 30
_LINES = 2  # sentences shown of one article; chosen: enough to know what it is about
_SIGNS = frozenset('"*?')


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The newest articles that a draft finds, newest first, since a moment.

    `is_all` says that there are no more of them since then. `won` and `lost` are what the draft
    finds and the rule in force does not, and the other way round; None if nothing was compared.
    """

    found: Sequence[SearchResult]
    since: datetime
    is_all: bool
    is_late: bool
    alerts_a_day: float
    won: Sequence[SearchResult] | None = None
    lost: Sequence[SearchResult] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """An article that was found, as a page shows it: headline and first sentences, marked."""

    id: str
    outlet: str
    published: datetime
    title: Sequence[Stretch]
    lines: Sequence[Sequence[Stretch]]


def found_row(found: SearchResult | FoundArticle) -> FoundRow:
    """An article that a search or a backtest found."""
    hits = found.hits
    article = found if isinstance(found, FoundArticle) else found.found
    document = article.document
    lines = [
        line
        for field in ("lead", "body")
        for line in quotes(getattr(document, field), spans_in(field, hits), _LINES)
    ]
    return FoundRow(
        id=document.id,
        outlet=document.outlet,
        published=article.published,
        title=stretches(document.title, spans_in("title", hits)),
        lines=lines[:_LINES],
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Results, and the moment since when they are all there are."""

    results: list[SearchResult]
    since: datetime
    is_all: bool
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestArticles:
    """The articles of the last 30 days, searched as far as there is time."""

    db: Connection
    concepts: Concepts
    now: datetime
    there_is_time: Callable[[], bool]

    def preview(self, draft: Rule, held: Rule | None) -> Preview:
        """What a draft finds among them, against the rule in force if there is one."""
        begin = max(self.now - timedelta(days=DAYS), oldest(self.db) or self.now)
        drafted = self._found(draft, begin)
        before = self._found(held, begin) if held else None
        days = max((self.now - drafted.since) / timedelta(days=1), 1.0)
        stories = {each.found.story for each in drafted.results}
        won = lost = None
        if before:
            since = max(drafted.since, before.since)
            won, lost = _only(drafted, before, since), _only(before, drafted, since)
        return Preview(
            found=drafted.results,
            since=drafted.since,
            is_all=drafted.is_all,
            is_late=drafted.is_late or (before is not None and before.is_late),
            alerts_a_day=len(stories) / days,
            won=won,
            lost=lost,
        )

    def _found(self, rule: Rule, begin: datetime) -> _Found:
        search = Search(
            self.db,
            _asked(rule),
            concepts=self.concepts,
            period=Period(begin),
            there_is_time=self.there_is_time,
        )
        standing = (
            each
            for each in search
            if each.earlier is None and rule.hears(each.found.document.outlet)
        )
        found = list(islice(standing, MOST))
        if search.unread:
            return _Found(found, search.unread, is_all=False, is_late=True)
        if len(found) == MOST:
            return _Found(found, found[-1].found.published, is_all=False, is_late=False)
        return _Found(found, begin, is_all=True, is_late=False)


def _asked(rule: Rule) -> str:
    """The query, with the outlets that the rule is about."""
    named = [outlet for outlet in rule.outlets if not _SIGNS.intersection(outlet)]
    if not named or len(named) < len(rule.outlets):
        return rule.text
    outlets = " OR ".join(f'outlet:"{outlet}"' for outlet in named)
    return f"({rule.text}\n) AND ({outlets})"


def _only(one: _Found, other: _Found, since: datetime) -> list[SearchResult]:
    known = {each.found.number for each in other.results}
    return [
        each
        for each in one.results
        if each.found.published >= since and each.found.number not in known
    ]
