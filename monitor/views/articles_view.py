"""How articles and matches are shown: as JSON with the contract's names, and as text for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from alerts.match import Hit, Match
from crawler.model import Article, Revision, Story
from crawler.text import COMMANDING

if TYPE_CHECKING:
    from rich.text import Text

# Characters that move a terminal's cursor, change its colours, or turn the direction of text.
_UNSAFE = re.compile(f"[{COMMANDING}]")
HIGHLIGHT = "bold yellow"
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """Foreign text without characters that command a terminal."""
    return _UNSAFE.sub("\ufffd", text)


def inert(value: object) -> object:
    """The value as a cell that no spreadsheet executes."""
    if isinstance(value, str) and value.lstrip(" \ufeff").startswith(_FORMULA):
        return f"'{value}"
    return value


def highlighted(text: str, field: str, hits: tuple[Hit, ...]) -> Text:
    """The text of a field with its hits marked."""
    from rich.text import Text  # the daemon, which shows nothing, goes without it

    shown = Text(safe(text))
    for hit in hits:
        if hit.field == field:
            shown.stylize(HIGHLIGHT, hit.start, hit.end)
    return shown


def local(time: datetime, timezone: str) -> str:
    """Day and minute in the reader's timezone, which is named."""
    return time.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M %Z")


def hits_as_json(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Where a query was found: offsets in code points of the field as given."""
    return [
        {"field": hit.field, "start": hit.start, "end": hit.end, "text": hit.text} for hit in hits
    ]


def match_as_json(match: Match) -> dict[str, Any]:
    """One rule's hits."""
    return {"rule": match.rule, "hits": hits_as_json(match.hits)}


def article_as_json(
    article: Article, *, story: Story, revisions: list[Revision], matches: list[Match]
) -> dict[str, Any]:
    """An article as `search --json` and `show --json` give it."""
    return {
        "id": article.id,
        "url": article.url,
        "outlet": article.outlet,
        "source": article.source,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "author": article.author,
        "published": article.published,
        "published_from": article.published_from.value,
        "first_seen": article.first_seen,
        "partial": article.partial,
        "mild": article.mild,
        "live": article.live.value if article.live else None,
        "items": [{"start": item.start, "at": item.at} for item in article.items],
        "withdrawn": article.withdrawn,
        "story": {"id": story.id, "articles": list(story.articles)},
        "revisions": [
            {
                "number": revision.number,
                "seen": revision.seen,
                "title": revision.title,
                "whole": revision.whole,
            }
            for revision in revisions
        ],
        "matches": [match_as_json(match) for match in matches],
    }
