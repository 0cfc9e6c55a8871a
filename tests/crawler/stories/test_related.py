from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from story_corpus import START, Piece, as_article, pieces, wires
from story_stream import in_order, mould_stream, negatives_stream, relations, wire_stream
from story_templates import LEARNT, UNSEEN, Mould

from crawler.store import ArticleStore, Connection
from crawler.store.stories.index import StoryIndex
from crawler.stories.comparison import Comparison, CopyReason
from crawler.stories.related_stories import SAME_EVENT, Profile, likeness, profile, related

WIRES = {wire.slug: wire for wire in wires()}
HOUR = timedelta(hours=1)


def of(piece: Piece) -> Profile:
    return profile(piece.title, piece.lead, "\n\n".join(piece.body))


def compared(reason: CopyReason = CopyReason.FEW_SHARED, containment: float = 0.0) -> Comparison:
    return Comparison(reason=reason, containment=containment)


def told_again(slug: str) -> tuple[Profile, Profile]:
    again = {piece.slug: piece for piece in pieces("other-words.txt")}
    return of(WIRES[slug]), of(again[slug])


def test_a_profile_holds_surnames_and_the_words_that_carry_the_subject() -> None:
    found = profile("Wolf bijt wandelaar", "Gedeputeerde Hilde Wansink sluit het bos.", "")
    assert found.names == {"wansink"}
    assert {"wandela", "gedeput", "wansink"} <= found.terms


def test_the_same_event_in_other_words_is_related() -> None:
    one, other = told_again("burgemeester-opgestapt")
    assert related(one, other, HOUR, compared()) > 0.2


def test_days_apart_nothing_is_related() -> None:
    one, other = told_again("burgemeester-opgestapt")
    assert related(one, other, SAME_EVENT + HOUR, compared()) == 0.0


def test_items_of_one_mould_are_not_related_however_alike() -> None:
    one, other = told_again("burgemeester-opgestapt")
    assert related(one, other, HOUR, compared(CopyReason.MOULD, 0.9)) == 0.0


def test_shared_sentences_are_proof_enough() -> None:
    empty = Profile(frozenset(), frozenset())
    assert related(empty, empty, HOUR, compared(CopyReason.QUOTE, 0.5)) == 0.5


def test_terms_that_many_stories_have_do_not_count() -> None:
    one, other = told_again("burgemeester-opgestapt")
    common = one.terms & other.terms
    assert related(one.without(common), other.without(common), HOUR, compared()) == 0.0


def test_likeness_is_between_none_and_all() -> None:
    some = Profile(frozenset(), frozenset("abc"))
    assert likeness(some, some) == pytest.approx(1.0)
    assert likeness(some, Profile(frozenset(), frozenset("xyz"))) == 0.0


def test_related_stories_stay_two_stories_and_name_each_other(
    db: Connection, archive: ArticleStore
) -> None:
    again = {piece.slug: piece for piece in pieces("other-words.txt")}
    slug = "faillissement-keten"
    one = archive.save(as_article(WIRES[slug], "1"), now=START)
    other = archive.save(as_article(again[slug], "2"), now=START + HOUR)

    assert one.story != other.story
    ((found, likeness_of_both),) = StoryIndex(db).related(one.story)
    assert found == other.story
    assert StoryIndex(db).related(other.story) == [(one.story, likeness_of_both)]


def test_a_series_of_one_mould_makes_as_many_stories_and_no_relations(
    db: Connection, archive: ArticleStore
) -> None:
    mould: Mould = LEARNT[4]
    rng = Random(4)
    for number in range(200):
        at = START + timedelta(minutes=number)
        archive.save(as_article(mould(rng, 7 * number), f"{number:03}", at=at), now=at)
    assert archive.totals()["stories"] == 200
    assert db.execute("SELECT count(*) FROM related_stories").fetchone()[0] == 0


@pytest.mark.slow
def test_most_relations_are_right() -> None:
    stream = in_order(
        wire_stream(71, double_edits=0),
        negatives_stream(71),
        mould_stream(71, LEARNT),
        mould_stream(71, UNSEEN),
    )
    right, wrong, missed = relations(stream)
    assert right / (right + wrong) >= 0.8
    assert right / (right + missed) >= 0.65
