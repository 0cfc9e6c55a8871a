from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlite_utils import Database
from story_corpus import START, Piece, as_article, pieces, wires
from story_stream import in_order, mould_stream, negatives_stream, relations, wire_stream
from story_templates import LEARNT, UNSEEN, Mould

from crawler.store import ArticleStore, Connection, Writer, migrations, open_reader, rest
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


def links(*, at_once: bool) -> list[list[tuple[object, ...]]]:
    """The links and terms after two days of news, of which two articles change."""
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    archive, again = ArticleStore(db), pieces("other-words.txt")
    came = [*WIRES.values(), *again, again[0], again[1]]
    for number, piece in enumerate(came):
        at = START + number * HOUR
        name = str(number % (len(came) - 2))  # the last two replace the first two
        archive.save(as_article(piece, name, at=at), now=at)
        if at_once:
            StoryIndex(db).link_waiting()
    StoryIndex(db).link_waiting()
    tables = ("related_stories", "story_terms", "stories_to_link")
    return [db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables]


def test_stories_that_wait_are_linked_as_if_they_had_been_at_once() -> None:
    found, terms, waiting = links(at_once=False)
    assert [found, terms, waiting] == links(at_once=True)
    assert (len(found) > 0, waiting) == (True, [])


def test_who_only_reads_is_told_of_related_stories_after_a_quiet_moment(tmp_path: Path) -> None:
    again = {piece.slug: piece for piece in pieces("other-words.txt")}
    slug, path = "faillissement-keten", tmp_path / "nieuws.db"
    with Writer(path, migrations=[migrations]) as writer:  # and it is killed
        one, other = (
            writer.run(lambda db, each=each: ArticleStore(db).save(each, now=START)).story
            for each in (as_article(WIRES[slug], "1"), as_article(again[slug], "2"))
        )
    reader = open_reader(path)
    assert ArticleStore(reader).related(one) == []

    with Writer(path, migrations=[migrations]) as writer:
        more = writer.run(rest)

    assert (more, ArticleStore(reader).related(one)) == (False, [other])


def test_a_series_of_one_mould_makes_as_many_stories_and_no_relations(
    db: Connection, archive: ArticleStore
) -> None:
    mould: Mould = LEARNT[4]
    rng = Random(4)
    for number in range(200):
        at = START + timedelta(minutes=number)
        archive.save(as_article(mould(rng, 7 * number), f"{number:03}", at=at), now=at)
    StoryIndex(db).link_waiting()
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
