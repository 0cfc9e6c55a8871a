"""A line on several pages of an outlet is no part of its articles, if it can be none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hostile import Visit, page
from krant import NOW
from outlets import PARAGRAPHS, Outlet
from rounds import crawled

from crawler.store import Connection, Writer, migrations
from crawler.store.ledger.repeated_lines import MOST_LINES, RefrainStore

CALL = "Alles over de strijd om het water lees je in ons dossier."
BACKGROUND = "In 1953 braken in Zeeland en Zuid-Holland op honderden plaatsen de dijken."
PATHS = tuple(f"/{n}" for n in range(6))


def with_call(visit: Visit, _: Outlet) -> None:
    own = [f"{text} ({visit.path})" for text in PARAGRAPHS]
    visit.answer(page(f"Dijk {visit.path} wordt hoger", own[0], BACKGROUND, CALL, *own[1:]))


def test_a_call_on_several_pages_goes_and_the_same_background_stays(tmp_path: Path) -> None:
    outlet = Outlet("krant", pages=PATHS, odd=dict.fromkeys(PATHS, with_call))
    with outlet.open() as site:
        told = crawled(
            tmp_path, [{"id": "krant", "url": site.url("/feed")}], rounds=2, hours_between=1
        )

    assert sorted(CALL in article["body"] for article in told.articles) == [False] * 3 + [True] * 3
    assert all(BACKGROUND in article["body"] for article in told.articles)
    assert len(told.articles) == len(PATHS), "what was read before the call was known stays"


def test_a_sentence_that_several_articles_share_stays_where_it_runs(tmp_path: Path) -> None:
    def running(visit: Visit, _: Outlet) -> None:
        own = [f"{text} ({visit.path})" for text in PARAGRAPHS]
        visit.answer(page(f"Dijk {visit.path} wordt hoger", *own[:2], f"{own[2]} {CALL}"))

    with Outlet("krant", pages=PATHS, odd=dict.fromkeys(PATHS, running)).open() as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url("/feed")}])

    assert all(article["body"].endswith(CALL) for article in told.articles)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as opened:
        yield opened


def test_one_article_read_often_makes_no_refrain(writer: Writer) -> None:
    def others(article: str, outlet: str = "Krant") -> int:
        return writer.run(lambda db: RefrainStore(db).note(outlet, CALL, article, NOW, several=3))

    assert [others("a") for _ in range(5)] == [0] * 5
    assert others("a", "Dienst") == 0, "each outlet has its own"
    assert [others(name) for name in ("b", "a", "c", "d", "e", "a")] == [1, 1, 2, 3, 3, 2]


def test_the_lines_that_were_not_seen_for_longest_are_forgotten(writer: Writer) -> None:
    def job(db: Connection) -> int:
        store = RefrainStore(db)
        for number in range(MOST_LINES + 20):
            at = NOW + timedelta(seconds=number)
            store.note("Krant", f"Lees {number}", "a", at, several=3)
        store.keep_newest("Krant")
        assert store.note("Krant", "Lees 0", "b", NOW, several=3) == 0, "forgotten"
        assert store.note("Krant", f"Lees {MOST_LINES}", "b", NOW, several=3) == 1
        return len(db.rows("SELECT line FROM refrains"))

    assert writer.run(job) == MOST_LINES + 1
