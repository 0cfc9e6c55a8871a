"""From the page of a news overview to the rules: each item is a text of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.document import document_of
from alerts.rules import RuleBook, rule_of
from crawler.model import Article, FeedEntry, Source, SourceKind
from crawler.pages import extract_article

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
URL = "https://krant.test/regio/kort-nieuws"
TITLE = "Kort nieuws: het weer, een rechtszaak en het voetbal"
ITEMS = (
    ("Orkaan boven Zeeland", "Een orkaan trekt over Zeeland. De veerboten varen vandaag niet."),
    ("Celstraf na aanslag", "De rechtbank in Assen legt acht jaar cel op voor een aanslag."),
    ("Emmen wint in Assen", "De voetballers van Emmen hebben de derby met 3-1 gewonnen."),
)


def overview() -> Article:
    rows = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in ITEMS)
    html = (
        f'<!doctype html><html lang="nl"><head><title>{TITLE}</title></head><body><main><article>'
        f"<h1>{TITLE}</h1><p>Dit gebeurde er vandaag in de regio en daarbuiten.</p>{rows}</article>"
        "</main></body></html>"
    )
    source = Source(
        id="krant", outlet="Krant", kind=SourceKind.FEED, url=URL, every=timedelta(minutes=5)
    )
    entry = FeedEntry(url=URL, title=TITLE, published=NOW - timedelta(hours=1))
    return extract_article(html.encode(), url=URL, entry=entry, source=source, now=NOW)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("orkaan NEAR/40 aanslag", None),
        ("aanslag NEAR/10 voetballers", None),
        ("rechtbank AND derby", None),
        ("aanslag NOT voetballers", ["aanslag", "aanslag"]),
        ("orkaan NOT celstraf", ["Orkaan", "orkaan"]),
        ("rechtbank NEAR/10 aanslag", ["aanslag", "rechtbank", "aanslag"]),
        ("rechtszaak AND derby", ["rechtszaak", "derby"]),
        ("orkaan NOT veerboten", None),
    ],
)
def test_a_rule_is_asked_of_each_item_of_an_overview(query: str, words: list[str] | None) -> None:
    article = overview()
    matches = RuleBook.build([rule_of(id="r", text=query)]).match(document_of(article))

    assert len(article.items) == len(ITEMS)
    assert [[hit.text for hit in match.hits] for match in matches] == ([words] if words else [])
