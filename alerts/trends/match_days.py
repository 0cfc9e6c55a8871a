"""The roll-up of matches by day, so that nobody has to count them anew."""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from alerts.trends.found import Found
from crawler.store import Connection

Row = dict[str, Any]

# `rule` and `outlet` are '' in the rows of all rules and of all outlets together.
_TABLES = (
    """
    CREATE TABLE match_days (
        day TEXT NOT NULL,
        rule TEXT NOT NULL,
        outlet TEXT NOT NULL,
        articles INTEGER NOT NULL,
        stories INTEGER NOT NULL,
        PRIMARY KEY (rule, day, outlet)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX match_days_outlet ON match_days (outlet, day, rule)",
)
_FIRST = """
    SELECT matches.story, matches.article, articles.outlet, matches.rule,
           min(substr(matches.found, 1, 10)) AS day
    FROM matches JOIN articles ON articles.id = matches.article
"""
_EACH = "GROUP BY matches.story, matches.article, matches.rule"
# An article counts once for each rule, and a story once for each rule at each outlet: on the day
# on which the first match was found.
_COUNTED = """
    counted (day, rule, outlet, articles, stories) AS (
        SELECT min(day), rule, outlet, 1, 0 FROM of_articles GROUP BY article, rule
        UNION ALL SELECT min(day), rule, '', 1, 0 FROM of_articles GROUP BY article, rule
        UNION ALL SELECT min(day), '', outlet, 1, 0 FROM of_articles GROUP BY article
        UNION ALL SELECT min(day), '', '', 1, 0 FROM of_articles GROUP BY article
        UNION ALL SELECT min(day), rule, outlet, 0, 1 FROM of_stories GROUP BY story, rule, outlet
        UNION ALL SELECT min(day), rule, '', 0, 1 FROM of_stories GROUP BY story, rule
        UNION ALL SELECT min(day), '', outlet, 0, 1 FROM of_stories GROUP BY story, outlet
        UNION ALL SELECT min(day), '', '', 0, 1 FROM of_stories GROUP BY story
    )
    INSERT INTO match_days (day, rule, outlet, articles, stories)
    SELECT day, rule, outlet, :times * sum(articles), :times * sum(stories) FROM counted
    WHERE true GROUP BY rule, day, outlet
    ON CONFLICT (rule, day, outlet) DO UPDATE
    SET articles = articles + excluded.articles, stories = stories + excluded.stories
"""
_ADD_SOME = f"""
    WITH of_articles AS ({_FIRST} WHERE matches.article = :article {_EACH}),
    of_stories AS (
        {_FIRST} WHERE matches.story IN (SELECT value FROM json_each(:stories)) {_EACH}
    ), {_COUNTED}
"""  # noqa: S608 - our own clauses
_ADD_ALL = f"""
    WITH of_articles AS ({_FIRST} {_EACH}), of_stories AS (SELECT * FROM of_articles), {_COUNTED}
"""  # noqa: S608 - our own clauses
# The rules that found anything, each by one look at the index: days of all rules together are
# read nowhere, so this costs as much in an archive of ten years as in one of a month.
_RULES = """
    WITH RECURSIVE names (name) AS (
        SELECT min(rule) FROM match_days WHERE outlet = :outlet
        UNION ALL SELECT (SELECT min(rule) FROM match_days WHERE outlet = :outlet AND rule > name)
        FROM names WHERE name IS NOT NULL
    )
"""
_OF_RULES = "FROM names CROSS JOIN match_days ON outlet = :outlet AND rule = name"


def create_match_days(db: Connection) -> None:
    """Create the tables of the roll-up, with the matches that are there."""
    for statement in _TABLES:
        db.execute(statement)
    fill_match_days(db)


def fill_match_days(db: Connection) -> None:
    """Count the matches that are there."""
    db.execute(_ADD_ALL, {"times": 1})


class MatchDays:
    """The roll-up over a connection; `kept` belongs into the job that changes the matches."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def knows(self, article: str, rule: str, story: str) -> bool:
        """Whether this article counts already for this rule and story."""
        found = self._db.execute(
            "SELECT 1 FROM matches WHERE article = ? AND rule = ? AND +story = ? LIMIT 1",
            [article, rule, story],
        )
        return found.fetchone() is not None

    @contextlib.contextmanager
    def kept(self, article: str, stories: Iterable[str]) -> Iterator[None]:
        """Keep the roll-up, while matches of this article in these stories come or go."""
        asked = {"article": article, "stories": json.dumps(list(stories))}
        self._db.execute(_ADD_SOME, asked | {"times": -1})
        yield
        self._db.execute(_ADD_SOME, asked | {"times": 1})

    def series(self, since: date, rule: str = "", outlet: str = "") -> dict[date, Found]:
        """What was found on each day from this one on, where anything was."""
        rows = self._db.rows(
            "SELECT day, articles, stories FROM match_days "
            "WHERE rule = ? AND day >= ? AND outlet = ? ORDER BY day",
            [rule, since.isoformat(), outlet],
        )
        return {date.fromisoformat(row["day"]): _found(row) for row in rows}

    def by_rule(self, since: date, until: date, outlet: str = "") -> dict[str, Found]:
        """What each rule found from one day up to another, at all outlets or at one."""
        rows = self._db.rows(
            f"{_RULES} SELECT name, sum(articles) AS articles, sum(stories) AS stories {_OF_RULES} "
            "WHERE day >= :since AND day < :until GROUP BY name",
            {"outlet": outlet, "since": since.isoformat(), "until": until.isoformat()},
        )
        return _named(rows)

    def by_outlet(self, since: date, until: date, rule: str = "") -> dict[str, Found]:
        """What was found at each outlet from one day up to another, by all rules or by one."""
        rows = self._db.rows(
            "SELECT outlet AS name, sum(articles) AS articles, sum(stories) AS stories "
            "FROM match_days WHERE rule = ? AND day >= ? AND day < ? GROUP BY outlet",
            [rule, since.isoformat(), until.isoformat()],
        )
        return _named(rows)

    def days_by_rule(self, since: date) -> dict[str, dict[date, Found]]:
        """What each rule found on each day from this one on, at all outlets together."""
        rows = self._db.rows(
            f"{_RULES} SELECT match_days.* {_OF_RULES} WHERE day >= :since",
            {"outlet": "", "since": since.isoformat()},
        )
        return _days_by(rows, "rule")

    def days_by_outlet(self, since: date, rule: str) -> dict[str, dict[date, Found]]:
        """What a rule found at each outlet on each day from this one on."""
        rows = self._db.rows(
            "SELECT * FROM match_days WHERE rule = ? AND day >= ? AND outlet <> ''",
            [rule, since.isoformat()],
        )
        return _days_by(rows, "outlet")

    def first_day(self) -> date | None:
        """The day of the first match; None before there is one."""
        found = self._db.execute("SELECT min(day) FROM match_days WHERE rule = ''").fetchone()[0]
        return date.fromisoformat(found) if found else None


def _days_by(rows: Iterable[Row], column: str) -> dict[str, dict[date, Found]]:
    found: defaultdict[str, dict[date, Found]] = defaultdict(dict)
    for row in rows:
        found[row[column]][date.fromisoformat(row["day"])] = _found(row)
    return dict(found)


def _named(rows: Iterable[Row]) -> dict[str, Found]:
    """What was found by name, without that of all together, and without names of nothing."""
    found = {row["name"]: _found(row) for row in rows if row["name"]}
    return {name: each for name, each in found.items() if each != Found()}


def _found(row: Row) -> Found:
    # The row of an outlet can sink below nothing once the outlet has another name.
    return Found(max(0, row["articles"]), max(0, row["stories"]))
