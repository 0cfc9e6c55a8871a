"""What elements of the body say of themselves, by whichever name and in whichever letters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from madepages import TITLE, URL, page, read

from crawler.model import FeedEntry

BARE = FeedEntry(url=URL, title=TITLE)


@pytest.mark.parametrize(
    "element",
    [
        '<a rel="author" href="/jan">Jan Jansen</a>',
        '<span class="Author-Name x">Jan Jansen</span>',
        '<span class="x AUTEUR">Jan Jansen</span>',
        '<p class="x" itemprop="author">Jan Jansen</p>',
        '<div class="article-Byline">Jan Jansen</div>',
        '<div class="byline">Redactie 24</div><div itemprop="author">Jan Jansen</div>',
    ],
)
def test_an_author_is_found_by_each_name_for_one(element: str) -> None:
    assert read(page(inner=element), entry=BARE).author == "Jan Jansen"


@pytest.mark.parametrize(
    "element",
    [
        "<time>21 november 2026, 10:30</time>",
        '<span class="Datum">21 november 2026, 10:30</span>',
        '<div class="pub_DATE x">21 november 2026, 10:30</div>',
        '<p class="x" itemprop="published">21 november 2026, 10:30</p>',
    ],
)
def test_a_date_for_readers_is_found_by_each_name_for_one(element: str) -> None:
    article = read(page(inner=element), entry=BARE)
    assert article.published == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_microdata_gives_section_and_image() -> None:
    image = "https://krant.example/beeld.jpg"
    inner = f'<b itemprop="articleSection">Wereld</b><img itemprop="image" src="{image}">'
    article = read(page(inner=inner), entry=BARE)
    assert (article.section, article.image) == ("Wereld", image)
