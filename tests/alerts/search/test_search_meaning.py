"""What a search finds, against the second reading of the language."""

import random
from collections.abc import Iterator
from dataclasses import replace

import archived
import asking
import plainly
import pytest
from plainly import Page

from alerts.query.parser import Concepts
from alerts.search.results import search
from crawler.model import Article
from crawler.store import Connection

CONCEPTS = Concepts(asking.CONCEPTS)


def _pages() -> Iterator[tuple[Article, Page]]:
    rng = random.Random(17)
    for number in range(150):
        page = plainly.page(
            rng, tuple(rng.sample(plainly.CHUNKS, rng.choice((3, 6, 20)))), clean=number % 4 > 0
        )
        shown = page.document
        article = archived.article(
            number, shown.title, shown.lead, shown.body, rng.choice(("NOS", "AD"))
        )
        document = replace(
            shown,
            id=article.id,
            outlet=article.outlet,
            url=article.url,
            source=article.source,
            lang="nl",
            author="",
            section="",
        )
        yield article, replace(page, document=document)


PAGES = list(_pages())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    path = tmp_path_factory.mktemp("archive") / "nieuws.db"
    return archived.opened(path, [article for article, _ in PAGES])


@pytest.mark.parametrize("queries", [25, pytest.param(60, marks=pytest.mark.slow)])
def test_a_search_finds_what_the_plain_reading_finds(archive: Connection, queries: int) -> None:
    rng = random.Random(queries)
    for _ in range(queries):
        asked = asking.query(rng, rng.choice((0, 1, 2, 3)))
        expected = {article.id for article, page in PAGES if asking.answer(asked, page) is not None}

        found = search(archive, asked.text, concepts=CONCEPTS, limit=1000)

        assert {result.found.document.id for result in found} == expected, asked.text
        times = [result.found.published for result in found]
        assert times == sorted(times, reverse=True)
