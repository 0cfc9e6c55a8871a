"""Labelled events: what several outlets wrote of each in their own words, among other news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, groupby
from pathlib import Path

from sqlite_utils import Database
from story_corpus import START, Piece, as_article, wires
from story_stream import Score

from crawler.model import Article
from crawler.store import ArticleStore, Connection, migrations

EVENTS = Path(__file__).with_name("events")
TUNED, HELD = EVENTS / "events-tuned.txt", EVENTS / "events-held.txt"
_WEEK = timedelta(days=7)
_MONDAY = START.replace(hour=0)


@dataclass(frozen=True, slots=True)
class Told:
    """What one outlet wrote of an event; `follows` names an earlier event of the same affair."""

    article: Article
    topic: str
    event: str
    follows: str


def told(path: Path) -> list[Told]:
    """The articles of a file, all in one week, each on its day of the week."""
    found: list[Told] = []
    topic = event = follows = ""
    for line in path.read_text(encoding="utf-8").split("\n"):
        sign, rest = line[:1], line[2:]
        if sign == "%":
            topic = rest
        elif sign == "=":
            event, _, follows = rest.partition(" < ")
        elif sign == "@":
            found.append(Told(_begun(rest, len(found)), topic, event, follows))
        elif line and sign != "#":
            found[-1] = replace(found[-1], article=_lengthened(found[-1].article, line))
    return sorted(_in_one_week(found), key=lambda one: one.article.published)


def _begun(said: str, number: int) -> Article:
    outlet, at = said.split(" ", 1)
    when = datetime.fromisoformat(at).replace(tzinfo=UTC)
    empty = Piece(slug="", title="", lead="", body=())
    return as_article(empty, f"e{number:03}", outlet=outlet, at=when)


def _in_one_week(found: Sequence[Told]) -> Iterator[Told]:
    for _, of_topic in groupby(found, key=lambda one: one.topic):
        articles = [*of_topic]
        begun = min(one.article.published for one in articles)
        moved = (_MONDAY - begun) // _WEEK * _WEEK + _WEEK
        for one in articles:
            at = one.article.published + moved
            yield replace(one, article=replace(one.article, published=at, first_seen=at))


def _lengthened(article: Article, line: str) -> Article:
    if not article.title:
        return replace(article, title=line)
    if not article.lead:
        return replace(article, lead=line)
    return replace(article, body=f"{article.body}\n\n{line}".strip())


@dataclass(frozen=True, slots=True)
class EventPair:
    """Two articles, linked as one event or not, and shown as related or not."""

    one: Told
    other: Told
    linked: bool
    shown: bool

    @property
    def same(self) -> bool:
        return self.one.event == self.other.event

    @property
    def of_one_affair(self) -> bool:
        """Whether they are one event, or one is what came of the other."""
        one, other = self.one, self.other
        return self.same or one.event == other.follows or other.event == one.follows


def event_pairs(path: Path) -> list[EventPair]:
    """All pairs of a file's articles, stored in the order of time among other news of that week."""
    articles = told(path)
    archive = _stored([*(one.article for one in articles), *_other_news()])
    story = {one.article.id: archive.story(one.article.id).id for one in articles}
    linked = {name: {*archive.one_event(name)} for name in story.values()}
    shown = {name: {*archive.related(name)} for name in story.values()}
    return [
        EventPair(
            one,
            other,
            linked=b in linked[a] or a in linked[b],
            shown=b in shown[a] or a in shown[b],
        )
        for one, other in combinations(articles, 2)
        for a, b in ((story[one.article.id], story[other.article.id]),)
    ]


def _other_news() -> Iterator[Article]:
    for number, wire in enumerate(wires()):
        at = START + timedelta(hours=2.4 * number)
        yield as_article(wire, f"w{number:03}", outlet="Regiopost", at=at)


def _stored(articles: Iterable[Article]) -> ArticleStore:
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    archive = ArticleStore(db)
    for article in sorted(articles, key=lambda one: one.published):
        with db.transaction():
            archive.save(article, now=article.published)
    return archive


def in_conversations(pairs: Sequence[EventPair]) -> list[EventPair]:
    """The same pairs, linked if a way of links leads from one article to the other."""
    begun: dict[str, str] = {}
    for pair in pairs:
        if pair.linked:
            one, other = (_first(begun, side.article.id) for side in (pair.one, pair.other))
            if one != other:
                begun[max(one, other)] = min(one, other)
    return [
        replace(
            pair, linked=_first(begun, pair.one.article.id) == _first(begun, pair.other.article.id)
        )
        for pair in pairs
    ]


def _first(begun: Mapping[str, str], article: str) -> str:
    while article in begun:
        article = begun[article]
    return article


def event_score(pairs: Iterable[EventPair]) -> Score:
    """Of the linked pairs, how many are of one event, and of those of one event, how many linked.

    A link with what came of an event is neither right nor wrong.
    """
    told = [pair for pair in pairs if pair.same or not pair.of_one_affair]
    right = sum(pair.same and pair.linked for pair in told)
    linked, same = sum(pair.linked for pair in told), sum(pair.same for pair in told)
    return Score(right / (linked or 1), right / (same or 1))
