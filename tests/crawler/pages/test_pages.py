"""What is read out of pages in the habits of each family of outlets, field by field."""

from __future__ import annotations

import pytest
from lxml.etree import tostring
from lxml.html import HTMLParser, document_fromstring
from pagecases import CASES, Case, extracted, likeness, moment

from crawler.pages.clutter import prune
from crawler.pages.markup import tree_of
from crawler.pages.walls import Treatment, treatment

FLOOR = 0.97
LAYOUTS = {"nos", "dpg", "mediahuis", "nrc", "rtl", "vrt", "regionaal", "overheid", "weekblad"}

each_page = pytest.mark.parametrize("case", CASES, ids=str)


def test_each_family_of_outlets_has_its_pages() -> None:
    assert {case.folder.parent.name for case in CASES} == LAYOUTS
    assert len(CASES) >= 24


@each_page
def test_a_wall_is_known_and_nothing_else_taken_for_one(case: Case) -> None:
    assert case.wall == case.expected["wall"]


@each_page
def test_the_body_is_the_articles_text(case: Case) -> None:
    assert likeness(case.article.body, case.text) >= FLOOR


@each_page
def test_paragraphs_stay_paragraphs(case: Case) -> None:
    assert case.article.body.split("\n\n") == (case.expected["article"]["body"] or [""])


@each_page
def test_no_word_of_a_teaser_caption_or_call_is_in_the_article(case: Case) -> None:
    article = case.article
    text = f"{article.title}\n{article.lead}\n{article.body}".lower()
    assert [word for word in case.expected["foreign"] if word.lower() in text] == []


@each_page
def test_the_traps_are_set(case: Case) -> None:
    page = case.html.decode("utf-8", "replace").lower()
    assert [word for word in case.expected["foreign"] if word.lower() not in page] == []


@each_page
@pytest.mark.parametrize("field", ["published", "modified"])
def test_a_date_is_the_moment_that_was_written(case: Case, field: str) -> None:
    assert getattr(case.article, field) == moment(case.expected["article"][field])


@each_page
@pytest.mark.parametrize(
    "field",
    [
        *("title", "lead", "author", "section", "language", "image", "url", "key", "partial"),
        *("paid", "published_from"),
    ],
)
def test_a_field_is_what_the_page_or_its_feed_says(case: Case, field: str) -> None:
    assert getattr(case.article, field) == case.expected["article"][field]


@each_page
def test_who_knows_the_wall_reads_the_same_article(case: Case) -> None:
    if case.wall is None or treatment(case.wall) is Treatment.EXTRACT:
        assert extracted(case) == case.article


@each_page
def test_boxes_are_those_of_a_tree_with_the_classes_of_lxml(case: Case) -> None:
    html = case.html.decode("utf-8", "replace")
    ours = tree_of(html, url="https://krant.example/")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    theirs = document_fromstring(html.encode(), parser=parser)
    prune(ours)
    prune(theirs)
    assert tostring(ours) == tostring(theirs)
