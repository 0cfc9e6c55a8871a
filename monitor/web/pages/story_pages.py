"""The timeline, a story, and what a revision changed."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.document import document_of
from alerts.query import Concepts
from alerts.rules import Part
from alerts.store import AlertStore
from crawler.errors import ConfigError
from crawler.model import Article
from crawler.store import ArticleStore, Connection, PollStore
from crawler.stories import sentence_diff
from monitor.views import explained
from monitor.web.pages.frame import Frame
from monitor.web.stories import (
    MARKS,
    STATES,
    TOLD,
    StoryFilters,
    StoryQueries,
    hits_of,
    paragraphs,
    rows_of_stories,
    spans_in,
    stretches,
    timeline_page,
)

_FIELDS = ("title", "lead", "body")


class StoryPages:
    """Pages about stories."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/", self.timeline),
            Route("/stories/{story}", self.story),
            Route("/articles/{article}/revisions/{old:int}..{new:int}", self.revision),
        ]

    async def timeline(self, request: Request) -> Response:
        """The stories that matched, newest first."""
        filters = StoryFilters.asked(request.query_params)
        fault, shown = "", None
        try:
            user = self._frame.user(request)
            shown = self._frame.parts.room.part(lambda db: self._timeline(db, filters, user))
        except ConfigError as error:
            fault = "\n".join(self._frame.parts.paper.faults(error))
        facts = self._frame.parts.room.part(self._held)
        return self._frame.page(
            request,
            "timeline.html",
            here="stories",
            filters=filters,
            fault=fault,
            shown=shown,
            held=facts or {},
            rules=self._frame.rule_names(),
            outlets=sorted(set(self._context.outlets or ())),
            states=STATES,
            told=TOLD,
            marks=MARKS,
        )

    def _timeline(self, db: Connection, filters: StoryFilters, user: str) -> Any:
        now, zone = self._context.now(), self._frame.timezone
        return timeline_page(db, filters, now, zone, self._concepts(filters), user=user)

    def _concepts(self, filters: StoryFilters) -> Concepts:
        return self._context.concepts if "@" in filters.q else Concepts()

    def _held(self, db: Connection) -> dict[str, int]:
        states = PollStore(db).states().values()
        return {
            "articles": StoryQueries(db).articles_kept(),
            "newest": StoryQueries(db).newest_match(),
            "asked": sum(state.last_poll is not None for state in states),
            "sources": len(states),
        }

    async def story(self, request: Request) -> Response:
        """One story: its text with marks, its members, and what was told of it."""
        name = request.path_params["story"]
        user = self._frame.user(request)
        found = self._frame.parts.room.part(lambda db: story_details(db, name, user))
        if found == {}:
            return self._frame.missing(request)
        why = self._explained(found) if found else []
        return self._frame.page(request, "story.html", here="stories", found=found, why=why)

    def _explained(self, found: dict[str, Any]) -> list[tuple[str, Part]]:
        """Why each rule that found the story does so, as the rules are now."""
        book, document = self._frame.rules().book, document_of(found["article"])
        rules = [
            book[name] for name in (found["row"].rules if found["row"] else ()) if name in book
        ]
        language = self._frame.parts.paper.language
        return [(rule.name, explained(rule, document, language)) for rule in rules]

    async def revision(self, request: Request) -> Response:
        """What changed between two texts of an article."""
        asked = request.path_params
        found = self._frame.parts.room.part(
            lambda db: _difference(ArticleStore(db), asked["article"], asked["old"], asked["new"])
        )
        if found == {}:
            return self._frame.missing(request)
        return self._frame.page(request, "revision.html", here="stories", found=found)


def story_details(db: Connection, name: str, user: str) -> dict[str, Any]:
    """All that a page shows of a story, with the marks of this user; empty if it is not kept."""
    queries, articles = StoryQueries(db, user), ArticleStore(db)
    facts = queries.facts([name])
    members = facts.members.get(name, [])
    row = next(iter(rows_of_stories(queries, [name])), None)
    lead = articles.article(row.article if row else members[0]["id"]) if members else None
    if lead is None:
        return {}
    hits = hits_of(queries.hits([lead.id]).get(lead.id, []))
    return {
        "row": row,
        "article": lead,
        "title": stretches(lead.title, spans_in("title", hits)),
        "lead": stretches(lead.lead, spans_in("lead", hits)),
        "body": list(paragraphs(lead.body, spans_in("body", hits))),
        "members": members,
        "revisions": articles.revisions(lead.id),
        "ledger": _ledger(AlertStore(db), members),
        "related": _related(db, articles, name),
    }


def _ledger(store: AlertStore, members: list[dict[str, Any]]) -> dict[str, Any]:
    """Each delivery about these articles with its message, and what was not told."""
    told = []
    for member in members:
        for alert in store.reading.alerts_about(member["id"]):
            told += [(alert, one) for one in store.reading.deliveries_of(alert.id)]
    passages = [one for each in members for one in store.passages.of_article(each["id"])]
    return {
        "deliveries": sorted(
            {one.id: (one, alert) for alert, one in told}.values(), key=lambda each: each[0].created
        ),
        "untold": [one for one in passages if one.state == "untold"],
    }


def _related(db: Connection, articles: ArticleStore, story: str) -> list[tuple[str, str]]:
    names = articles.related(story)
    members = StoryQueries(db).facts(names).members
    return [(name, members[name][0]["title"]) for name in names if members.get(name)]


def _difference(articles: ArticleStore, name: str, old: int, new: int) -> dict[str, Any]:
    """Two texts of an article, sentence by sentence; empty if there is no such article or text."""
    article: Article | None = articles.article(name)
    held = {revision.number: revision for revision in articles.revisions(name)} if article else {}
    if article is None or old not in held or new not in held:
        return {}
    numbers = sorted(held)
    changes = [
        (field, change)
        for field in _FIELDS
        for change in sentence_diff(getattr(held[old], field), getattr(held[new], field))
    ]
    place = numbers.index(new)
    return {
        "article": article,
        "old": held[old],
        "new": held[new],
        "changes": changes,
        "earlier": (numbers[place - 2], numbers[place - 1]) if place >= 2 else None,  # noqa: PLR2004 - two texts before this one
        "later": (numbers[place], numbers[place + 1]) if place + 1 < len(numbers) else None,
        "story": articles.story(name).id,
    }
