"""Stories about one event in other words, linked soon after the later of them begins."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from crawler.store.connection import Connection
from crawler.store.records import Row
from crawler.store.stories.common_runs import CountKeeper
from crawler.store.stories.tellings import all_tellings, tellings, tellings_of
from crawler.stories.comparison import Comparison, CopyReason
from crawler.stories.near_duplicates import Compared, Telling, compare_articles
from crawler.stories.rectifications import corrected_by
from crawler.stories.related_stories import (
    CROWDED,
    SAME_EVENT,
    UNRELATED,
    Relation,
    profile_of,
    rarity,
    relation_of,
)

# Chosen: the stories that share most terms are compared, as many as copies, and the likest kept.
COMPARED = 8
KEPT = 5
# Chosen: by less than two terms of their own, reports of one event are hardly known.
LEAST_SHARED = 1.5
# Chosen: to link so many takes a few seconds, for which whoever asks may have to wait.
_WAITING = 4_000
# Chosen: the texts of so many are in memory at once.
_AT_ONCE = 40
# As if no sentence were shared, before the texts are compared.
_UNLIKE = Comparison(reason=CopyReason.FEW_SHARED, containment=0.0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TABLES = """
CREATE TABLE story_terms (
    period INTEGER NOT NULL,
    term INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (period, term, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE related_stories (
    story TEXT NOT NULL,
    other TEXT NOT NULL,
    likeness REAL NOT NULL,
    PRIMARY KEY (story, other)
) STRICT, WITHOUT ROWID;
"""

# Stories that wait to be linked, in the order in which they began, each with what its first article
# was compared with.
WAITING = """
CREATE TABLE stories_to_link (
    place INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    compared TEXT NOT NULL
) STRICT
"""

# In the order of the terms asked for, by one statement.
_HOLDERS = """
    SELECT (
        SELECT group_concat(article) FROM (
            SELECT article FROM story_terms
            WHERE period = :now - 1 AND term = asked.value LIMIT :most
        )
    ), (
        SELECT group_concat(article) FROM (
            SELECT article FROM story_terms WHERE period = :now AND term = asked.value LIMIT :most
        )
    )
    FROM json_each(:terms) AS asked ORDER BY asked.key
"""
# Of these stories and of those that tell the same events.
_OF_EVENTS = """
    WITH asked AS (SELECT value AS story FROM json_each(:stories))
    SELECT article FROM story_articles WHERE story IN (
        SELECT story FROM asked
        UNION SELECT other FROM related_stories WHERE one_event AND story IN asked
    )
"""


class RelatedIndex:
    """The first articles of stories, by the terms of their title and lead, for a few days.

    Of stories that tell one event the first alone holds a term that they share: otherwise the terms
    of an event would be common as soon as many outlets tell of it.

    To link a story takes as long as storing its article. So it waits for a quiet moment, or until
    somebody asks. Stories are linked in the order in which they began, with the texts of then.
    """

    def __init__(self, db: Connection, counts: CountKeeper) -> None:
        self._db, self._counts = db, counts

    def link_later(self, number: int, near: Iterable[Compared]) -> None:
        """Let the story that this article begins wait until it is linked.

        `near` are articles that share words with it.
        """
        compared = [
            (other.article, found.reason, found.containment, found.differing)
            for other, found in near
        ]
        place = self._db.insert(
            "stories_to_link", {"article": number, "compared": json.dumps(compared)}
        )
        # Places begin anew once none waits.
        if place > _WAITING and place - self._first_place() >= _WAITING:
            self.link_waiting(1)

    def _first_place(self) -> int:
        return int(self._db.execute("SELECT min(place) FROM stories_to_link").fetchone()[0])

    def link_waiting(self, most: int = -1) -> int:
        """Link so many of the stories that wait; returns how many these are."""
        linked = 0
        while some := self._link_some(min(most - linked, _AT_ONCE) if most >= 0 else _AT_ONCE):
            linked += some
        return linked

    def _link_some(self, most: int) -> int:
        waiting = self._db.rows("SELECT * FROM stories_to_link ORDER BY place LIMIT ?", [most])
        if not waiting:
            return 0
        self._db.execute("DELETE FROM stories_to_link WHERE place <= ?", [waiting[-1]["place"]])
        found = all_tellings(self._db, [row["article"] for row in waiting])
        for row in waiting:
            if begun := found.pop(row["article"], None):  # so that what it works out does not stay
                self._link(row["article"], begun, self._near(row["compared"], begun.seen))
        return len(waiting)

    def _near(self, compared: str, now: datetime) -> list[Compared]:
        found = {
            article: Comparison(reason=CopyReason(reason), containment=part, differing=differing)
            for article, reason, part, differing in json.loads(compared)
        }
        others = tellings_of(self._db, list(found), now)
        return [(other, found[other.article]) for other in others]

    def _link(self, number: int, begun: Telling, near: Iterable[Compared]) -> None:
        """Link the story that this article begins with those it is related to.

        Besides those `near`, articles are found by their terms.
        """
        now, rare = begun.seen, self._counts.rare_by_now(begun.seen)
        hashes = _hashes(begun)
        holders = self._holders(hashes, now)
        held = {term: len(articles) for term, articles in holders.items()}
        compared = dict(near)
        for other in tellings(self._db, _sharing(holders), now):
            if other not in compared and relation_of(begun, other, _UNLIKE, held) != UNRELATED:
                compared[other] = compare_articles(begun, other, rare)
        relations: dict[str, Relation] = {}
        for other, comparison in compared.items():
            found = relation_of(begun, other, comparison, held)
            relations[other.story] = _closer(found, relations.get(other.story, UNRELATED))
        told = self._keep(begun.story, relations)
        self._put(number, [hashes[term] for term in self._free(holders, told)], now)

    def corrected(self, begun: Telling, now: datetime) -> Compared | None:
        """The article of its outlet that this one corrects, among those that were linked."""
        found = tellings(self._db, _sharing(self._holders(_hashes(begun), now)), now)
        asked = {"stories": json.dumps([other.story for other in found])}
        numbers = [article for (article,) in self._db.execute(_OF_EVENTS, asked).fetchall()]
        return corrected_by(begun, tellings(self._db, numbers, now))

    def related(self, story: str) -> list[tuple[str, float]]:
        """The few stories that this one is most like, likest first, each with its likeness."""
        return [(row["other"], row["likeness"]) for row in self._links(story)][:KEPT]

    def one_event(self, story: str) -> list[str]:
        """The stories that tell the same event in other words, likest first."""
        return [row["other"] for row in self._links(story) if row["one_event"]]

    def _links(self, story: str) -> list[Row]:
        return self._db.rows(
            "SELECT * FROM related_stories WHERE story = ? ORDER BY likeness DESC, other", [story]
        )

    def _holders(self, hashes: Mapping[str, int], now: datetime) -> dict[str, list[int]]:
        """The articles that have each term, of this period and the last."""
        asked = {"most": CROWDED + 1, "terms": json.dumps([*hashes.values()]), "now": _period(now)}
        held = self._db.execute(_HOLDERS, asked).fetchall()
        return {term: _numbers(row) for term, row in zip(hashes, held, strict=True)}

    def _keep(self, story: str, relations: Mapping[str, Relation]) -> list[str]:
        """Store the closest; the stories that tell the same event."""
        closest = sorted(
            (-found.one_event, -found.likeness, other)
            for other, found in relations.items()
            if found.likeness
        )[:KEPT]
        self._db.executemany(
            "INSERT OR REPLACE INTO related_stories VALUES (?, ?, ?, ?)",
            [
                row
                for event, like, other in closest
                for row in ((story, other, -like, -event), (other, story, -like, -event))
            ],
        )
        return [other for event, _, other in closest if event]

    def _free(self, holders: Mapping[str, Sequence[int]], told: Sequence[str]) -> list[str]:
        """The terms that no article of these stories holds."""
        if not told:
            return [*holders]
        articles = self._db.execute(
            "SELECT article FROM story_articles WHERE story IN (SELECT value FROM json_each(?))",
            [json.dumps(told)],
        )
        of_event = {article for (article,) in articles.fetchall()}
        return [term for term, held in holders.items() if of_event.isdisjoint(held)]

    def _put(self, number: int, hashes: Iterable[int], now: datetime) -> None:
        period = _period(now)
        self._db.execute("DELETE FROM story_terms WHERE period < ?", [period - 1])
        self._db.executemany(
            "INSERT OR IGNORE INTO story_terms VALUES (?, ?, ?)",
            [(period, term, number) for term in hashes],
        )


def _sharing(holders: Mapping[str, Sequence[int]]) -> list[int]:
    """The articles that share most terms, a rare one for more than one that many have."""
    shared: defaultdict[int, float] = defaultdict(float)
    for articles in holders.values():
        weight = rarity(len(articles))
        for article in articles if weight else ():
            shared[article] += weight
    enough = [(weight, one) for one, weight in shared.items() if weight >= LEAST_SHARED]
    return [one for _, one in sorted(enough, reverse=True)[:COMPARED]]


def _closer(one: Relation, other: Relation) -> Relation:
    return max(one, other, key=lambda found: (found.one_event, found.likeness))


def _hashes(begun: Telling) -> dict[str, int]:
    return {term: _hash(term) for term in sorted(profile_of(begun.reading).terms)}


def _period(now: datetime) -> int:
    return (now - _EPOCH) // SAME_EVENT


def _numbers(held: Iterable[str | None]) -> list[int]:
    numbers = ",".join(filter(None, held))
    return [*map(int, numbers.split(","))] if numbers else []


@lru_cache(maxsize=1 << 13)  # most terms stood in others before it; chosen: some 1 MB
def _hash(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), signed=True)
