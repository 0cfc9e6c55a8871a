"""Items that are known are matched each by itself, by every way in which a text is matched."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from archived import START, article, opened

from alerts.document import Document, parts_of
from alerts.rules import Backtest, RuleBook, documents_of, explain, rule_of
from alerts.search.archived import articles
from alerts.search.results import search
from crawler.model import ArticleItem

INTRO = "Vandaag volgen wij het nieuws."
FIRST = "Brand in Assen\n\nDe brandweer blust een brand in een loods."
SECOND = "Overleg in Brussel\n\nDe premier spreekt met zijn collega's over de loonkloof."
BODY = f"{INTRO}\n\n{FIRST}\n\n{SECOND}"
ITEMS = (BODY.index(FIRST), BODY.index(SECOND))
OVERVIEW = Document(
    id="1", title="Kort nieuws uit Oudeschans", lead="Wat er gebeurt.", body=BODY, items=ITEMS
)


def hits(query: str, document: Document = OVERVIEW) -> list[str] | None:
    matches = RuleBook.build([rule_of(id="r", text=query)]).match(document)
    return [hit.text for hit in matches[0].hits] if matches else None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("brandweer NEAR/12 premier", None),
        ("brandweer AND premier", None),
        ("brandweer AND loods", ["brandweer", "loods"]),
        ("premier NOT brandweer", ["premier"]),
        ("brandweer NOT premier", ["brandweer"]),
        ("brandweer NOT loods", None),
        ("oudeschans AND premier", ["Oudeschans", "premier"]),
        ("title:kort AND premier", ["Kort", "premier"]),
        ("oudeschans NOT premier", ["Oudeschans"]),
        ("brandweer OR premier", ["brandweer", "premier"]),
        ('"een loods overleg"', None),
        ("volgen AND brandweer", None),
        ("ATLEAST/2 (brandweer OR premier)", None),
        ("ATLEAST/2 (brand OR brandweer)", ["Brand", "brandweer", "brand"]),
    ],
)
def test_a_word_in_another_item_neither_completes_a_match_nor_prevents_one(
    query: str, found: list[str] | None
) -> None:
    assert hits(query) == found


def test_a_hit_stands_where_it_does_in_the_whole_text() -> None:
    match = RuleBook.build([rule_of(id="r", text="premier OR oudeschans")]).match(OVERVIEW)[0]

    for hit in match.hits:
        assert getattr(OVERVIEW, hit.field)[hit.start : hit.end] == hit.text
    assert [hit.field for hit in match.hits] == ["title", "body"]


def test_words_of_the_title_that_overlap_are_one_hit() -> None:
    query = "(premier AND (kort NEAR/0 nieuws)) OR kort"

    assert hits(query) == ["Kort", "nieuws", "premier"]


def test_the_parts_of_a_document_hold_all_of_its_text() -> None:
    parts = list(parts_of(OVERVIEW))

    assert [part.document.body for part in parts] == [INTRO, FIRST, SECOND]
    assert all(BODY[part.start :].startswith(part.document.body) for part in parts)
    assert {part.document.title for part in parts} == {OVERVIEW.title}


def test_a_text_whose_items_are_not_known_is_matched_as_a_whole() -> None:
    assert hits("brandweer AND premier", Document(body=BODY)) == ["brandweer", "premier"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("brandweer AND premier", []),
        ("brandweer NOT premier", ["art_500"]),
        ("brandweer NOT loods", []),
        ("premier NEAR/30 loods", []),
        ("oudeschans AND loonkloof NOT assen", ["art_500"]),
    ],
)
def test_search_backtest_and_trial_say_what_an_alert_would(
    query: str, expected: list[str], tmp_path: Path
) -> None:
    # given: an archive that is large enough for the index to be asked
    others = [
        article(number, f"Bericht {number}", "", "Gewoon nieuws.", "NOS") for number in range(150)
    ]
    held = article(500, OVERVIEW.title, OVERVIEW.lead, BODY, "NOS")
    items = tuple(ArticleItem(start, f"u{start}", START) for start in ITEMS)
    archive = opened(tmp_path / "nieuws.db", [*others, replace(held, items=items)])
    rule = rule_of(id="r", text=query)

    # when
    found = [each.found.document.id for each in search(archive, query)]
    work = Backtest(rule, None, timezone=ZoneInfo("UTC"))
    for each in articles(archive):
        work.read(each.number, each.document, each.published, each.story)
    line = {"title": OVERVIEW.title, "lead": OVERVIEW.lead, "body": BODY, "items": list(ITEMS)}
    [tried] = documents_of([json.dumps(line).encode()], "invoer")

    # then
    assert found == [each.document.id for each in work.report().newest] == expected
    assert len(RuleBook.build([rule]).match(tried)) == len(expected)
    assert explain(rule, tried).fits == bool(expected)


def test_an_explanation_names_the_item_that_comes_nearest() -> None:
    part = explain(rule_of(id="r", text="premier AND brandweer AND loods"), OVERVIEW)

    assert part.words == "in item 2 of 3: all of these, of which 1 fails"
