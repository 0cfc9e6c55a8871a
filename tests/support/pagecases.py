"""The saved pages, each with what is expected of it, and what the program makes of it.

A folder per layout and case holds `page.html` as a server would send it and `expected.json`: the
feed's entry, the wall, the article field by field, and words of teasers, captions and calls that
stand on the page and in no article.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from crawler.model import Article, FeedEntry, Source, SourceKind
from crawler.pages.extract import article_from_entry, extract_article
from crawler.pages.walls import Page, Treatment, Wall, treatment, wall_of

HERE = Path(__file__).parent.parent / "crawler" / "pages"
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One saved page and what is expected of it."""

    folder: Path

    def __str__(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def html(self) -> bytes:
        return (self.folder / "page.html").read_bytes()

    @property
    def expected(self) -> dict[str, Any]:
        return expected_of(self.folder)

    @property
    def text(self) -> str:
        return "\n\n".join(self.expected["article"]["body"])

    @property
    def source(self) -> Source:
        given = self.expected["source"]
        return source(given["id"], given["outlet"], section=given.get("section"))

    @property
    def entry(self) -> FeedEntry:
        given = self.expected["entry"]
        return FeedEntry(**given | {"published": moment(given.get("published"))})

    @property
    def wall(self) -> Wall | None:
        return wall_in(self.folder)

    @property
    def article(self) -> Article:
        return article_in(self.folder)


@cache
def expected_of(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return data


@cache
def wall_in(folder: Path) -> Wall | None:
    case = Case(folder)
    given = case.expected
    headers = {"content-type": given["content_type"]}
    return wall_of(Page(url=given["url"], body=case.html, status=given["status"], headers=headers))


@cache
def article_in(folder: Path) -> Article:
    """The article as the crawl would store it, by way of the wall."""
    case = Case(folder)
    if case.wall is not None and treatment(case.wall) is not Treatment.EXTRACT:
        return article_from_entry(case.entry, case.source, NOW)
    return extracted(case, walled=case.wall is not None)


def extracted(case: Case, *, walled: bool | None = None) -> Article:
    return extract_article(
        case.html,
        url=case.expected["url"],
        entry=case.entry,
        source=case.source,
        now=NOW,
        content_type=case.expected["content_type"],
        walled=walled,
    )


def source(
    source_id: str = "krant", outlet: str = "Krant", *, section: str | None = None
) -> Source:
    return Source(
        id=source_id,
        outlet=outlet,
        kind=SourceKind.FEED,
        url=f"https://{source_id}.example/rss.xml",
        every=timedelta(minutes=5),
        section=section,
    )


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def likeness(one: str, other: str) -> float:
    """F1 over the 4-word shingles of two texts; two empty ones are alike."""
    first, second = shingles(one), shingles(other)
    shared = (first & second).total()
    return 1.0 if first == second else 2 * shared / (first.total() + second.total())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = text.lower().split()
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


CASES = [Case(path.parent) for path in sorted(HERE.glob("*/*/page.html"))]
