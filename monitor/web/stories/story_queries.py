"""What the page asks of the archive about stories; every statement finds its rows by an index."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crawler.frozen import dataclass
from crawler.store import Connection, as_text
from monitor.web.stories.story_marks import StoryMark, StoryMarks

# Matches read at once; measured: 400 make some 50 stories in 1.3 ms, in an archive of any size.
BATCH = 400
# Batches that one page looks through for stories that pass its filters; chosen: within the deadline
# in an archive of any size, and the next page goes on from there.
BATCHES = 8
_BIGGEST = 2**62

Row = dict[str, Any]
ByStory = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class MatchBatch:
    """Some matches, newest first: their number, story and time; and whether there are more."""

    rows: Sequence[Row]
    more: bool


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What is known of some stories: rows of each table, by story."""

    matches: ByStory
    members: ByStory
    passages: ByStory
    alerts: ByStory
    marks: Mapping[str, StoryMark]


class StoryQueries:
    """Questions about stories, as this user sees them; every method only reads.

    With `as_of` no match from this one on counts in the `facts`.
    """

    def __init__(self, db: Connection, user: str = "", *, as_of: int | None = None) -> None:
        self._db, self._user, self._as_of = db, user, as_of or _BIGGEST

    def newest(self, before: int | None = None, *, rule: str = "") -> MatchBatch:
        """The newest matches before this one, of all rules or of one."""
        rows = self._db.rows(_NEWEST_OF if rule else _NEWEST, _asked(rule, before, BATCH))
        return MatchBatch(rows, len(rows) == BATCH)

    def newest_at(self, outlet: str, before: int | None, *, rule: str = "") -> MatchBatch:
        """Those of the newest matches whose story has an article of this outlet.

        Among them is the last one that was looked at, of whatever outlet: there the next begins.
        """
        rows = self._db.rows(
            f"WITH newest AS MATERIALIZED ({_NEWEST_OF if rule else _NEWEST}) {_AT_OUTLET}",
            {"outlet": outlet} | _asked(rule, before, BATCHES * BATCH),
        )
        return MatchBatch(rows, bool(rows) and rows[0]["seen"] == BATCHES * BATCH)

    def newest_about(self, articles: Iterable[str]) -> list[Row]:
        """The newest match of each of these articles, newest first."""
        return self._db.rows(
            "SELECT max(id) AS id, story, found FROM matches "
            "WHERE article IN (SELECT value FROM json_each(?)) GROUP BY article "
            "ORDER BY max(id) DESC",
            [_list(articles)],
        )

    def first_after(self, moment: datetime) -> int | None:
        """The number of the first match at or after this moment."""
        rows = self._db.rows(
            "SELECT id FROM matches WHERE found >= ? ORDER BY found, id LIMIT 1",
            [as_text(moment)],
        )
        return rows[0]["id"] if rows else None

    def newest_starred(self, before: int | None) -> MatchBatch:
        """The newest match of each story that the user has starred."""
        rows = self._db.rows(
            "SELECT max(id) AS id, story, max(found) AS found FROM matches "
            "WHERE story IN (SELECT story FROM story_marks WHERE user = ? AND starred) "
            "GROUP BY story HAVING max(id) < ? ORDER BY max(id) DESC LIMIT ?",
            [self._user, before or _BIGGEST, BATCH],
        )
        return MatchBatch(rows, len(rows) == BATCH)

    def facts(self, stories: Iterable[str]) -> StoryFacts:
        """What is known of these stories."""
        names = list(stories)
        asked = [_list(names)]
        return StoryFacts(
            matches=_by_story(
                self._db.rows(
                    "SELECT id, story, article, revision, rule, found FROM matches "
                    "WHERE story IN (SELECT value FROM json_each(?)) AND id < ? ORDER BY id",
                    [*asked, self._as_of],
                )
            ),
            members=_by_story(self._db.rows(_MEMBERS, asked)),
            passages=_by_story(
                self._db.rows(
                    "SELECT story, channel, target, state, reason, told, decided, delivery "
                    "FROM passages WHERE story IN (SELECT value FROM json_each(?))",
                    asked,
                )
            ),
            alerts=_by_story(
                self._db.rows(
                    "SELECT id, story, kind, priority, rule, created FROM alerts "
                    "WHERE story IN (SELECT value FROM json_each(?)) ORDER BY created",
                    asked,
                )
            ),
            marks=StoryMarks(self._db, self._user).of(names) if self._user else {},
        )

    def hits(self, articles: Iterable[str]) -> dict[str, list[Row]]:
        """What was found in the present text of these articles, by article."""
        rows = self._db.rows(
            "SELECT matches.article, matches.rule, matches.rule_hash, matches.hits FROM matches "
            "JOIN articles ON articles.id = matches.article "
            "AND articles.revision = matches.revision "
            "WHERE matches.article IN (SELECT value FROM json_each(?))",
            [_list(articles)],
        )
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            found[row["article"]].append(row)
        return dict(found)

    def texts(self, articles: Iterable[str]) -> dict[str, Row]:
        """The present text of these articles, by article."""
        rows = self._db.rows(
            "SELECT id, title, lead, body FROM articles "
            "WHERE id IN (SELECT value FROM json_each(?))",
            [_list(articles)],
        )
        return {row["id"]: row for row in rows}

    def has_matched(self, story: str) -> bool:
        """Whether anything was found in a story with this id."""
        return bool(self._db.rows("SELECT 1 FROM matches WHERE story = ? LIMIT 1", [story]))

    def newest_match(self) -> int:
        """The number of the newest match; 0 if there is none."""
        return int(self._db.rows("SELECT coalesce(max(id), 0) AS n FROM matches")[0]["n"])

    def stories_after(self, match: int) -> int:
        """How many stories have matches after this one, as far as that is quickly counted."""
        rows = self._db.rows(
            "SELECT count(DISTINCT story) AS n FROM "
            "(SELECT story FROM matches WHERE id > ? ORDER BY id LIMIT ?)",
            [match, BATCH],
        )
        return int(rows[0]["n"])

    def articles_kept(self) -> int:
        """How many articles were ever stored."""
        return int(self._db.rows("SELECT coalesce(max(number), 0) AS n FROM articles")[0]["n"])


_MEMBERS = """
    SELECT story_articles.story, articles.id, articles.outlet, articles.title, articles.url,
           articles.published, articles.first_seen, articles.revision, articles.live,
           articles.withdrawn, articles.partial, story_articles.copy_of, story_articles.containment
    FROM story_articles JOIN articles ON articles.number = story_articles.article
    WHERE story_articles.story IN (SELECT value FROM json_each(?))
    ORDER BY story_articles.article
"""

_NEWEST = "SELECT id, story, found FROM matches WHERE id < :before ORDER BY id DESC LIMIT :most"
_NEWEST_OF = _NEWEST.replace("WHERE", "WHERE rule = :rule AND")
# One statement: a page of an outlet looks through thousands of matches for a few.
_AT_OUTLET = """
    SELECT id, story, found, (SELECT count(*) FROM newest) AS seen FROM newest
    WHERE id = (SELECT min(id) FROM newest) OR story IN (
        SELECT story FROM story_articles JOIN articles ON articles.number = story_articles.article
        WHERE story IN (SELECT story FROM newest) AND +outlet = :outlet
    ) ORDER BY id DESC
"""


def _asked(rule: str, before: int | None, most: int) -> dict[str, Any]:
    return {"rule": rule, "before": before or _BIGGEST, "most": most}


def _list(names: Iterable[str]) -> str:
    return json.dumps(list(names))


def _by_story(rows: Iterable[Row]) -> ByStory:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["story"]].append(row)
    return dict(found)
