"""The views that `docs/data.md` promises to other programs: their columns are only added to.

SQLite refuses to rename or drop what a view names. A step of the schema that does so drops the
views first, and creates them anew.
"""

from __future__ import annotations

from alerts.counting.local_time import create_local_time
from crawler.store import Connection

_SHIFTS = "FROM local_time WHERE since <="
_LAST = "ORDER BY since DESC LIMIT 1"
_PUBLISHED = f"date(articles.published, (SELECT shift {_SHIFTS} articles.published {_LAST}))"
_BEGUN = f"date(stories.created, (SELECT shift {_SHIFTS} stories.created {_LAST}))"
_MADE = f"date(alerts.created, (SELECT shift {_SHIFTS} alerts.created {_LAST}))"

_ARTICLES = f"""
    SELECT articles.id AS article, coalesce(story_articles.story, articles.id) AS story,
           outlet, source, section, author, language, url, title, lead, body,
           published, {_PUBLISHED} AS day, first_seen, modified,
           revision AS revisions, partial, paid, withdrawn, erased
    FROM articles LEFT JOIN story_articles ON story_articles.article = articles.number
"""  # noqa: S608 - our own names
# The newest revision that matches stands for the article. It is `current` if no later text came.
_MATCHES = f"""
    SELECT matches.rule, matches.rule_hash, matches.article, matches.story,
           articles.outlet, articles.source, articles.section, articles.url, articles.title,
           articles.published, {_PUBLISHED} AS day,
           (
               SELECT min(first.found) FROM matches AS first
               WHERE first.article = matches.article AND first.rule = matches.rule
           ) AS found,
           matches.revision, matches.revision = articles.revision AS current,
           json_array_length(matches.hits) AS hits,
           (
               SELECT group_concat(text, ', ') FROM (
                   SELECT DISTINCT value ->> 'text' AS text FROM json_each(matches.hits)
               )
           ) AS words,
           'found' AS origin
    FROM matches JOIN articles ON articles.id = matches.article
    WHERE NOT EXISTS (
        SELECT 1 FROM matches AS later
        WHERE later.article = matches.article AND later.revision > matches.revision
        AND later.rule = matches.rule
    )
    UNION ALL
    SELECT applied.rule, applied.rule_hash, applied.article, applied.story,
           articles.outlet, articles.source, articles.section, articles.url, articles.title,
           articles.published, {_PUBLISHED} AS day, applied.found,
           applied.revision, applied.revision = articles.revision AS current,
           json_array_length(applied.hits) AS hits,
           (
               SELECT group_concat(text, ', ') FROM (
                   SELECT DISTINCT value ->> 'text' AS text FROM json_each(applied.hits)
               )
           ) AS words,
           'applied' AS origin
    FROM matches_applied AS applied JOIN articles ON articles.id = applied.article
"""  # noqa: S608 - our own names
_STORIES = f"""
    SELECT stories.id AS story, stories.created, {_BEGUN} AS day,
           (
               SELECT title FROM story_articles JOIN articles ON number = story_articles.article
               WHERE story_articles.story = stories.id ORDER BY published, number LIMIT 1
           ) AS title,
           count(articles.number) AS articles, count(DISTINCT articles.outlet) AS outlets,
           min(articles.published) AS first_published, max(articles.published) AS last_published,
           (
               SELECT group_concat(rule, ', ') FROM (
                   SELECT rule FROM matches WHERE matches.story = stories.id
                   UNION SELECT rule FROM story_articles AS told
                   JOIN articles AS text ON text.number = told.article
                   JOIN applied_matches ON applied_matches.article = text.id
                   WHERE told.story = stories.id ORDER BY rule
               )
           ) AS rules
    FROM stories
    JOIN story_articles ON story_articles.story = stories.id
    JOIN articles ON articles.number = story_articles.article
    GROUP BY stories.id
"""  # noqa: S608 - our own names
_ALERTS = f"""
    SELECT alerts.id AS alert, alerts.kind, alerts.rule, alerts.story, alerts.article,
           alerts.outlet, alerts.priority, alerts.created, {_MADE} AS day,
           body ->> '$.article.title' AS title, body ->> '$.article.url' AS url,
           count(deliveries.id) AS deliveries,
           count(deliveries.id) FILTER (WHERE deliveries.state = 'delivered') AS delivered,
           min(deliveries.closed) FILTER (WHERE deliveries.state = 'delivered') AS told
    FROM alerts
    LEFT JOIN delivery_alerts ON delivery_alerts.alert = alerts.id
    LEFT JOIN deliveries ON deliveries.id = delivery_alerts.delivery
    GROUP BY alerts.id
"""  # noqa: S608 - our own names


def create_data_views(db: Connection) -> None:
    """Create the views, with the table from which their days are worked out."""
    create_local_time(db)
    _create_views(db)


def _create_views(db: Connection) -> None:
    db.execute(f"CREATE VIEW v_articles AS {_ARTICLES}")
    db.execute(f"CREATE VIEW v_matches AS {_MATCHES}")
    db.execute(f"CREATE VIEW v_stories AS {_STORIES}")
    db.execute(f"CREATE VIEW v_alerts AS {_ALERTS}")


def renew_data_views(db: Connection) -> None:
    """Create them as they are now, in a database that has them as they were."""
    for name in ("v_articles", "v_matches", "v_stories", "v_alerts"):
        db.execute(f"DROP VIEW {name}")
    _create_views(db)
