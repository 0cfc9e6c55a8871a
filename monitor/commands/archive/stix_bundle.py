"""Stories as STIX 2.1, for MISP, OpenCTI and other platforms of analysts: a report for each.

Source: https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import stix2

from alerts.rendering import cut, one_line
from alerts.store import AlertStore
from alerts.telling import passages_of, sentences_of
from crawler.frozen import dataclass
from crawler.model import Article
from crawler.store import ArticleStore, Connection, as_text
from crawler.text import LONGEST_QUOTE

# Our own: the same story has the same id in every export, so that it is updated and not repeated.
_NAMES = uuid.UUID("6f0f3f7e-0d0b-4d3e-9a55-0c9f1f6f2b11")
# Passages that a report quotes; chosen, as it is a note on the news and no copy of it.
_MOST_QUOTES = 12


_MEMBERS = """
    SELECT articles.id FROM story_articles
    JOIN articles ON articles.number = story_articles.article
    WHERE story_articles.story = ? ORDER BY story_articles.seen, story_articles.article
"""


@dataclass(frozen=True, slots=True)
class ReportedStory:
    """A story in which something was found: its articles, oldest first, and when it was so last."""

    id: str
    articles: Sequence[Article]
    changed: datetime


def stories_found(
    db: Connection, *, story: str | None, since: datetime | None
) -> Iterator[ReportedStory]:
    """Yield the story of this id, or those with something found since then; or all that have."""
    if story is not None:
        rows = db.rows(
            "SELECT story, max(found) AS changed FROM matches WHERE story = ? GROUP BY story",
            [story],
        )
    else:
        # The sign keeps SQLite from reading all of the index of stories in place of the times.
        rows = db.rows(
            "SELECT story, max(found) AS changed FROM matches WHERE found >= ? "
            "GROUP BY +story ORDER BY max(id)",
            [as_text(since) if since else ""],
        )
    store = ArticleStore(db)
    for row in rows:
        ids = db.rows(_MEMBERS, [row["story"]])
        articles = [one for each in ids if (one := store.article(each["id"]))]
        if articles:
            yield ReportedStory(row["story"], articles, datetime.fromisoformat(row["changed"]))


def bundle_of(db: Connection, stories: Iterable[ReportedStory]) -> str:
    """A bundle as JSON: our identity, one of each outlet, and a report of each story."""
    ours = stix2.Identity(
        id=_id("identity", "nieuwswacht"),
        name="Nieuwswacht",
        identity_class="system",
        created="2026-01-01T00:00:00Z",
        modified="2026-01-01T00:00:00Z",
    )
    outlets: dict[str, Any] = {}
    reports = [_report(db, story, ours, outlets) for story in stories]
    bundle = stix2.Bundle(id=f"bundle--{uuid.uuid4()}", objects=[ours, *outlets.values(), *reports])
    return str(bundle.serialize())


def _report(db: Connection, story: ReportedStory, ours: Any, outlets: dict[str, Any]) -> Any:
    first = story.articles[0]
    named = [_outlet(article.outlet, ours, outlets) for article in story.articles]
    quotes, rules = _quotes(db, story)
    language = {"lang": first.language} if first.language else {}
    return stix2.Report(
        id=_id("report", story.id),
        created_by_ref=ours.id,
        created=first.first_seen,
        modified=max(story.changed, first.first_seen),
        name=one_line(first.title) or first.url,
        description="\n".join(quotes),
        published=first.published,
        object_refs=list(dict.fromkeys(outlet.id for outlet in named)),
        labels=sorted(rules),
        external_references=[
            stix2.ExternalReference(
                source_name=article.outlet,
                url=article.url,
                external_id=article.id,
                description=one_line(article.title) or article.url,
            )
            for article in story.articles
        ],
        **language,
    )


def _outlet(name: str, ours: Any, outlets: dict[str, Any]) -> Any:
    if name not in outlets:
        outlets[name] = stix2.Identity(
            id=_id("identity", f"outlet {name}"),
            created_by_ref=ours.id,
            created=ours.created,
            modified=ours.modified,
            name=name,
            identity_class="organization",
        )
    return outlets[name]


def _quotes(db: Connection, story: ReportedStory) -> tuple[list[str], set[str]]:
    """The passages in which something was found, with their outlet, and the rules that found it."""
    ledger = AlertStore(db).ledger
    quotes: dict[str, str] = {}
    rules: set[str] = set()
    for article in story.articles:
        matches = ledger.matches(article.id)
        rules |= {match.rule for match in matches}
        text = sentences_of(article.title, article.lead, article.body, article.items)
        for passage in passages_of(text, matches).values():
            quotes.setdefault(
                passage.key, f"{article.outlet}: {cut(one_line(passage.text), LONGEST_QUOTE)}"
            )
    left = len(quotes) - _MOST_QUOTES
    more = [f"({left} more passages)"] if left > 0 else []
    return [*list(quotes.values())[:_MOST_QUOTES], *more], rules


def _id(kind: str, name: str) -> str:
    return f"{kind}--{uuid.uuid5(_NAMES, name)}"
