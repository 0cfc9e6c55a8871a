"""How good the stories are on the labelled fortnight; a change that makes them worse fails here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlite_utils import Database
from story_corpus import pieces, wires
from story_edits import EDITS
from story_stream import (
    Labelled,
    Partition,
    b_cubed,
    in_order,
    mould_stream,
    negatives_stream,
    pair_score,
    wire_stream,
)
from story_templates import LEARNT, UNSEEN

from crawler.store import ArticleStore, Connection, migrations
from crawler.store.stories.index import story_id

pytestmark = pytest.mark.slow

# Another chance than the one that the thresholds were chosen with.
SEED = 71


def stories(stream: Sequence[Labelled]) -> tuple[Partition, Connection]:
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    archive = ArticleStore(db)
    found = {}
    for one in stream:
        with db.transaction():
            saved = archive.save(one.article, now=one.article.first_seen)
        found[one.article.id] = saved.story
    return found, db


def truth(stream: Sequence[Labelled]) -> Partition:
    return {one.article.id: one.story for one in stream}


def swallowed(stream: Sequence[Labelled], found: Partition) -> float:
    """The part of the true stories whose first article did not begin one."""
    firsts: dict[str, str] = {}
    for one in stream:
        firsts.setdefault(one.story, one.article.id)
    return sum(found[one] != story_id(one) for one in firsts.values()) / len(firsts)


@pytest.fixture(scope="module")
def fortnight() -> list[Labelled]:
    return in_order(
        wire_stream(SEED),
        negatives_stream(SEED),
        mould_stream(SEED, LEARNT),
        mould_stream(SEED, UNSEEN),
    )


@pytest.fixture(scope="module")
def found(fortnight: list[Labelled]) -> tuple[Partition, Connection]:
    return stories(fortnight)


def test_the_corpus_is_as_large_and_as_varied_as_it_is_said_to_be(
    fortnight: list[Labelled],
) -> None:
    lengths = [sum(len(text.split()) for text in wire.paragraphs) for wire in wires()]
    assert len(lengths) >= 69
    assert min(lengths) < 60
    assert max(lengths) > 350
    assert len(EDITS) == 12
    assert len(pieces("other-words.txt")) >= 14
    assert len({one.article.outlet for one in fortnight}) == 6
    assert len(fortnight) > 2000


def test_stories_hold_what_belongs_together(
    fortnight: list[Labelled], found: tuple[Partition, Connection]
) -> None:
    pairs = pair_score(truth(fortnight), found[0])
    assert pairs.precision >= 0.99
    assert pairs.recall >= 0.97
    assert b_cubed(truth(fortnight), found[0]).f1 >= 0.97
    assert swallowed(fortnight, found[0]) <= 0.01


def test_items_of_a_mould_are_seldom_swallowed() -> None:
    for moulds, most in ((LEARNT, 0.005), (UNSEEN, 0.02)):
        stream = in_order(mould_stream(SEED, moulds))
        assert swallowed(stream, stories(stream)[0]) <= most


def test_every_article_that_did_not_begin_its_story_is_a_copy_of_one_that_tells_it(
    found: tuple[Partition, Connection],
) -> None:
    stray = found[1].execute(
        """
        SELECT count(*) FROM story_articles AS copy
        JOIN articles ON articles.id = copy.copy_of
        JOIN story_articles AS original ON original.article = articles.number
        WHERE original.story <> copy.story OR original.article >= copy.article
        """
    )
    assert stray.fetchone()[0] == 0


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_arrival_gives_nearly_the_same_stories(seed: int) -> None:
    stream = in_order(
        wire_stream(SEED, double_edits=1),
        negatives_stream(SEED),
        mould_stream(SEED, LEARNT, each=6),
    )
    in_time, _ = stories(stream)
    end = max(one.article.first_seen for one in stream)
    shuffled = [
        Labelled(
            replace(one.article, first_seen=end + timedelta(seconds=number)), one.story, one.made
        )
        for number, one in enumerate(Random(seed).sample(stream, len(stream)))
    ]
    out_of_time, _ = stories(shuffled)

    assert b_cubed(in_time, out_of_time).f1 >= 0.985
    pairs = pair_score(truth(stream), out_of_time)
    assert pairs.precision >= 0.99
    assert pairs.recall >= 0.97
