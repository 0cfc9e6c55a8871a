"""Articles that stand in several archives: each counts once, as the first of its copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from alerts.search import OneStory, shared_keys
from alerts.stats.cells import Cell, Dating, Item, StatsQuestion, cell_of
from crawler.frozen import dataclass
from crawler.store import Connection, as_time

_COPY = """
    SELECT id, first_seen, published, outlet, coalesce(section, ''), partial,
           coalesce(story_articles.story, articles.id)
    FROM articles LEFT JOIN story_articles ON story_articles.article = articles.number
    WHERE key = ?
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How articles of one archive count beside those of others.

    `firsts` has, by their id here, those that stand elsewhere too: as the first of their copies.
    Stories that share an article are one: `stories` has its name for each.
    """

    firsts: Mapping[str, Item] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)

    def item(self, item: Item) -> Item:
        """The same, as it counts."""
        first = self.firsts.get(item.article)
        story = self.stories.get(item.story)
        if first is None:
            return replace(item, story=story) if story else item
        return replace(first, story=story or item.story, passage=item.passage)


@dataclass(frozen=True, slots=True)
class SharedArticles:
    """What several archives share: the standing of each, and by cell what they have too often."""

    standings: list[Standing]
    stored_again: Counter[Cell]
    partial_again: Counter[Cell]
    again: int = 0


@dataclass(frozen=True, slots=True)
class _Copy:
    place: int
    item: Item
    partial: bool


def shared_articles(archives: Sequence[Connection], question: StatsQuestion) -> SharedArticles:
    """What these archives share; of a copy that is stored after `as_of` nothing is known."""
    firsts: list[dict[str, Item]] = [{} for _ in archives]
    stories = OneStory()
    stored, partial, again = Counter[Cell](), Counter[Cell](), 0
    for key, places in shared_keys(archives):
        copies = list(_copies(archives, key, places, question))
        first = min(copies, key=lambda copy: copy.item.moment, default=None)
        if first is None:
            continue
        again += len(copies) - 1
        for copy in copies:
            firsts[copy.place][copy.item.article] = first.item
            stories.join(first.item.story, copy.item.story)
        cells = Counter(_cells((copy.item for copy in copies), question))
        stored += cells - Counter(_cells([first.item], question))
        in_part = Counter(_cells((copy.item for copy in copies if copy.partial), question))
        whole = any(not copy.partial for copy in copies)
        partial += in_part - Counter(() if whole else _cells([first.item], question))
    names = stories.names()
    return SharedArticles([Standing(held, names) for held in firsts], stored, partial, again)


def _copies(
    archives: Sequence[Connection], key: str, places: Iterable[int], question: StatsQuestion
) -> Iterator[_Copy]:
    for place in places:
        row = archives[place].execute(_COPY, [key]).fetchone()
        article, stored, published, outlet, section, partial, story = row
        moment = stored if question.dating is Dating.STORED else published
        if question.as_of is None or as_time(stored) < question.as_of:
            item = Item(
                article=article,
                story=story,
                moment=as_time(moment),
                outlet=outlet,
                section=section,
            )
            yield _Copy(place, item, bool(partial))


def _cells(items: Iterable[Item], question: StatsQuestion) -> Iterator[Cell]:
    """Yield the cell of each item that the question is about."""
    for item in items:
        if question.includes(item.moment):
            day = item.moment.astimezone(question.zone).date()
            yield cell_of(question.by, day, item.outlet, item.section)
