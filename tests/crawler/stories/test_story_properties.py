"""What holds for any articles in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings, strategies as st
from sqlite_utils import Database
from story_corpus import START, as_article, wires
from story_edits import byline_and_footer, house_typography, paragraphs_moved, reworded

from crawler.model import Article
from crawler.store import ArticleStore, Connection, migrations
from crawler.store.stories.index import StoryIndex

WIRES = wires()
# Edits that leave the whole text in place: each copy of a wire is then a copy of each other one.
WHOLE = (byline_and_footer, house_typography, paragraphs_moved, reworded)


def opened() -> Connection:
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    return db


def partition(articles: Sequence[Article], db: Connection) -> set[frozenset[str]]:
    archive = ArticleStore(db)
    for number, article in enumerate(articles):
        seen = START + timedelta(hours=14, seconds=number)
        with db.transaction():
            archive.save(replace(article, first_seen=seen), now=seen)
    return {frozenset(archive.story(article.id).articles) for article in articles}


@st.composite
def copies(draw: st.DrawFn) -> list[Article]:
    """Some wires, each with a few whole copies within half a day."""
    made = []
    for number in draw(st.lists(st.integers(0, len(WIRES) - 1), unique=True, max_size=5)):
        for copy in range(draw(st.integers(1, 4))):
            edit = draw(st.sampled_from(WHOLE))
            at = START + timedelta(hours=draw(st.integers(0, 12)))
            piece = edit(WIRES[number], Random(draw(st.integers(0, 9)))) if copy else WIRES[number]
            made.append(as_article(piece, f"{number}-{copy}", at=at))
    return made


@settings(max_examples=30, deadline=None)
@given(copies(), st.randoms(use_true_random=False))
def test_whole_copies_make_the_same_stories_in_any_order(
    articles: list[Article], rng: Random
) -> None:
    expected = {
        frozenset(one.id for one in articles if one.id.split("-")[0] == wire)
        for wire in {article.id.split("-")[0] for article in articles}
    }
    assert partition(articles, opened()) == expected
    assert partition(rng.sample(articles, len(articles)), opened()) == expected


@settings(max_examples=15, deadline=None)
@given(copies())
def test_saving_and_assigning_again_changes_nothing(articles: list[Article]) -> None:
    db = opened()
    before = partition(articles, db)
    held = list(db.raw.iterdump())
    assert partition(articles, db) == before
    for article in articles:
        StoryIndex(db).assign(article, START + timedelta(days=1))
    assert list(db.raw.iterdump()) == held


@settings(max_examples=15, deadline=None)
@given(copies(), st.integers(0, 20))
def test_a_story_keeps_its_id_whatever_joins_it(articles: list[Article], more: int) -> None:
    db = opened()
    partition(articles[:-more] if more else articles, db)
    held = dict(db.execute("SELECT article, story FROM story_articles").fetchall())
    partition(articles, db)
    after = dict(db.execute("SELECT article, story FROM story_articles").fetchall())
    assert held.items() <= after.items()
