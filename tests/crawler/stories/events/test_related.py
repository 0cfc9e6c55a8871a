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
from crawler.stories.related_stories import (
    CROWDED,
    SAME_EVENT,
    UNRELATED,
    Profile,
    Relation,
    likeness,
    profile,
    relation,
)

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


def related(
    one: Profile,
    other: Profile,
    *,
    apart: timedelta = HOUR,
    as_compared: Comparison | None = None,
    held: int = 0,
) -> Relation:
    """How these are related where so many others have each of their terms."""
    holders = dict.fromkeys(one.terms | other.terms | one.head | other.head, held)
    return relation(one, other, apart, as_compared or compared(), holders)


def test_the_same_event_in_other_words_is_related() -> None:
    found = related(*told_again("burgemeester-opgestapt"))
    assert found.likeness > 0.2
    assert found.one_event


def test_days_apart_nothing_is_related() -> None:
    pair = told_again("burgemeester-opgestapt")
    assert related(*pair, apart=SAME_EVENT + HOUR) == UNRELATED


def test_the_further_apart_the_less_two_reports_are_taken_for_one_event() -> None:
    pair = told_again("burgemeester-opgestapt")
    late = related(*pair, apart=SAME_EVENT)
    assert late.likeness > 0.2
    assert not late.one_event


def test_items_of_one_mould_are_not_related_however_alike() -> None:
    pair = told_again("burgemeester-opgestapt")
    assert related(*pair, as_compared=compared(CopyReason.MOULD, 0.9)) == UNRELATED


def test_a_shared_quotation_is_proof_enough() -> None:
    empty = Profile(frozenset(), frozenset())
    quoting = related(empty, empty, as_compared=compared(CopyReason.QUOTE, 0.5))
    assert quoting == Relation(0.5, one_event=True)


def test_a_shared_background_is_shown_and_makes_no_event() -> None:
    empty = Profile(frozenset(), frozenset())
    background = related(empty, empty, as_compared=compared(CopyReason.BACKGROUND, 0.5))
    assert background == Relation(0.5)


def test_names_that_stand_in_shared_sentences_alone_do_not_speak_for_one_event() -> None:
    history = "Bij de gevechten om Tal Tamr kwamen Rojda Demir en Hasan Kocer om."
    one = profile("Markt in Kobane geopend", "In Kobane is de markt open.", history)
    other = profile("Brug bij Manbij dicht", "De brug bij Manbij is gesloten.", history)
    shared = compared(CopyReason.FEW_SHARED, 0.3)
    assert not related(one, other, as_compared=shared).one_event


def test_two_places_are_two_events() -> None:
    here = profile("Plofkraak in Horst", "De politie zoekt een Audi na een plofkraak in Horst.", "")
    there = profile("Geldautomaat opgeblazen", "Na een plofkraak in Goes vluchtte een Audi.", "")
    nearby = profile("Geldautomaat opgeblazen", "Na een plofkraak in Horst vluchtte een Audi.", "")
    assert not related(here, there).one_event
    assert related(here, nearby).one_event


def test_terms_that_many_stories_have_do_not_count() -> None:
    assert related(*told_again("burgemeester-opgestapt"), held=CROWDED + 1) == UNRELATED


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
