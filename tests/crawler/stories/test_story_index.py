"""Stories in the store: what an article is assigned, and what stays when things go wrong."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from story_corpus import START, Piece, as_article, wires
from story_edits import EDITS, byline_and_footer, cut_to_40_percent, numbers_updated
from story_stream import Labelled, in_order, mould_stream, wire_stream
from story_templates import LEARNT, Mould

from crawler.model import Article
from crawler.store import ArticleStore, Connection, Writer, keep_counts, migrations
from crawler.store.stories.common_runs import _MEMORIES, CountKeeper
from crawler.store.stories.index import StoryIndex, story_id
from crawler.stories.document_frequency import Sketch
from crawler.stories.story_text import COMPARED, LONG_TEXT, StoryText

Save = Callable[..., str]


def rows(db: Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])


def test_the_first_article_begins_a_story_named_after_it(save: Save, wire: Piece) -> None:
    assert save(wire, "1") == story_id("art_1")


def test_a_copy_joins_and_says_what_it_is_a_copy_of(
    db: Connection, archive: ArticleStore, wire: Piece
) -> None:
    archive.save(as_article(wire, "1"), now=START)
    copy = as_article(byline_and_footer(wire, Random(1)), "2", outlet="Regiopost")
    saved = archive.save(copy, now=START)

    assert (saved.story, saved.story_new) == (story_id("art_1"), False)
    assert archive.story("art_2").articles == ("art_1", "art_2")
    assigned = StoryIndex(db).assign(copy, START)
    assert not assigned.new
    assert rows(db, "SELECT count(*) FROM story_articles WHERE copy_of = 'art_1'") == 1
    assert assigned.containment is not None
    assert assigned.containment > 0.9


def test_all_copies_that_follow_a_report_tell_its_story(save: Save, wire: Piece) -> None:
    stories = {save(wire, "wire")} | {
        save(edit(wire, Random(2)), name, outlet="Regiopost") for name, edit in EDITS.items()
    }
    assert len(stories) == 1


def test_assigning_twice_changes_nothing(db: Connection, save: Save, wire: Piece) -> None:
    save(wire, "1")
    before = list(db.raw.iterdump())
    again = StoryIndex(db).assign(as_article(wire, "1"), START + timedelta(hours=1))
    assert again.story_id == story_id("art_1")
    assert list(db.raw.iterdump()) == before


def test_of_a_long_article_nothing_stays_in_memory_once_it_is_stored(
    archive: ArticleStore, wire: Piece
) -> None:
    # given a report and its copy that are both longer than any report, and a new text of one
    body = "\n\n".join(f"{part} ({number})" for number in range(200) for part in wire.body)
    for name, text in (("1", body), ("2", body), ("1", f"{body}\n\nLater is dit toegevoegd.")):
        archive.save(replace(as_article(wire, name), body=text), now=START)

    gc.collect()
    texts = [each for each in gc.get_objects() if isinstance(each, StoryText)]
    assert len(body) > LONG_TEXT
    assert [len(text.body) for text in texts if len(text.body) > LONG_TEXT] == []


def test_to_compare_a_long_article_with_others_takes_little_more_memory_than_its_text(
    archive: ArticleStore, wire: Piece
) -> None:
    # given eight articles of 250,000 characters that begin as the ninth does
    words = [f"woord{number}" for number in range(3_000)]
    for number in range(9):
        body = f"{wire.body[0]}\n\n{' '.join(Random(number).choices(words, k=27_000))}"
        if number == 8:
            tracemalloc.start()
        archive.save(replace(as_article(wire, str(number)), body=body), now=START)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_a_text_without_end_is_compared_and_counted_by_its_first_60_000_characters(
    db: Connection, archive: ArticleStore, wire: Piece
) -> None:
    # given two texts that part after more than a report can have
    parts = [f"{part} ({number})" for number in range(600) for part in wire.body]
    shared = "\n\n".join(parts)[:COMPARED].ljust(COMPARED, ".")
    unlike = ["\n\n".join(f"{word}{n} loopt {n}" for n in range(9_000)) for word in ("ree", "vos")]
    saved = [
        archive.save(replace(as_article(wire, str(number)), body=f"{shared}\n\n{tail}"), now=START)
        for number, tail in enumerate(unlike)
    ]

    # then they are one story, and what they say later is not counted
    assert len({each.story for each in saved}) == 1
    counted = CountKeeper(db).frequencies(START).current.packed()
    _MEMORIES.clear()
    db.execute("UPDATE story_counts SET kept = NULL")
    assert CountKeeper(db).frequencies(START).current.packed() == counted


def test_an_article_without_words_has_a_story_of_its_own(save: Save) -> None:
    empty = Piece(slug="leeg", title="", lead="", body=())
    assert save(empty, "1") != save(empty, "2")


def revise(archive: ArticleStore, piece: Piece, at: datetime) -> tuple[str, bool]:
    saved = archive.save(replace(as_article(piece, "1"), first_seen=START), now=at)
    return saved.story, saved.story_new


def test_a_corrected_text_stays_in_its_story(
    archive: ArticleStore, save: Save, wire: Piece
) -> None:
    story = save(wire, "1")
    corrected = numbers_updated(wire, Random(3))
    assert revise(archive, corrected, START + timedelta(hours=2)) == (story, False)


SHORT = Piece(
    slug="kort",
    title="Twaalf gewonden bij treinongeluk in Meppel",
    lead="Bij een treinongeluk in Meppel zijn vrijdag 12 mensen gewond geraakt, meldt de politie. "
    "Van de 12 gewonden liggen er drie in het ziekenhuis.",
    body=(),
)


@pytest.mark.parametrize(
    "corrected",
    [
        replace(
            SHORT, title=SHORT.title.replace("Twaalf", "21"), lead=SHORT.lead.replace("12", "21")
        ),
        replace(SHORT, title=SHORT.title.replace("Meppel", "Steenwijk")),
        replace(SHORT, title="Treinongeluk Meppel: 12 gewonden, onder wie de machinist"),
        replace(SHORT, lead="", body=(SHORT.lead, "De oorzaak wordt onderzocht.")),
    ],
)
def test_a_short_report_may_be_corrected_without_becoming_another_story(
    archive: ArticleStore, save: Save, corrected: Piece
) -> None:
    story = save(SHORT, "1")
    assert revise(archive, corrected, START + timedelta(hours=1)) == (story, False)


@pytest.mark.parametrize("mould", LEARNT, ids=lambda mould: mould.name)
def test_a_page_that_shows_the_next_item_of_a_mould_tells_another_story(
    archive: ArticleStore, save: Save, mould: Mould
) -> None:
    story = save(mould(Random(1), 1), "1")
    fresh, new = revise(archive, mould(Random(2), 9), START + timedelta(hours=24))
    assert new
    assert fresh != story


def test_a_lengthened_text_is_found_by_its_new_words(
    archive: ArticleStore, save: Save, wire: Piece
) -> None:
    story = save(cut_to_40_percent(wire, Random(3)), "1")
    assert revise(archive, wire, START + timedelta(hours=1)) == (story, False)
    assert save(wire.with_body(*wire.body[2:]), "2", START + timedelta(hours=2)) == story


def test_a_text_that_replaces_another_is_assigned_anew(
    db: Connection, archive: ArticleStore, save: Save, wire: Piece
) -> None:
    story = save(wire, "1")
    save(wire, "2")
    other = wires()[0]
    fresh, new = revise(archive, other, START + timedelta(hours=1))

    assert new
    assert fresh not in (story, story_id("art_1"))
    assert archive.story("art_2").articles == ("art_2",)
    assert save(other, "3", START + timedelta(hours=2)) == fresh
    assert save(wire, "4", START + timedelta(hours=2)) == story
    assert rows(db, "SELECT count(*) FROM fingerprints WHERE article = 1") == len(
        StoryText(other.title, other.lead, "\n\n".join(other.body)).fingerprints
    )


def test_a_replacing_text_joins_the_story_that_it_tells(
    archive: ArticleStore, save: Save, wire: Piece
) -> None:
    other = wires()[0]
    story = save(other, "2")
    save(wire, "1")
    assert revise(archive, other, START + timedelta(hours=1)) == (story, False)


def test_a_text_that_comes_back_has_the_story_it_had(
    archive: ArticleStore, save: Save, wire: Piece
) -> None:
    story = save(wire, "1")
    away, _ = revise(archive, wires()[0], START + timedelta(hours=1))
    assert revise(archive, wire, START + timedelta(hours=2)) == (story, False)
    assert revise(archive, wires()[0], START + timedelta(hours=3)) == (away, False)


def test_a_page_that_many_articles_share_words_with_is_not_searched_at_length(
    save: Save, wire: Piece
) -> None:
    for number in range(210):
        save(wire, f"n{number:03}")
    # Every fingerprint is crowded now: what is left is to begin again.
    assert save(wire, "last") == story_id("art_last")


def counts(db: Connection, now: datetime) -> tuple[bytes, bytes]:
    held = CountKeeper(db).frequencies(now)
    return held.current.packed(), held.previous.packed()


def stream() -> list[Labelled]:
    """Enough of one mould for its words to become common, with copies, within two weeks."""
    return in_order(
        mould_stream(5, LEARNT[5:6], each=66),
        [
            one
            for one in wire_stream(5, double_edits=0)
            if one.story in ("kamp-hol", "gaslek-school")
        ],
    )


def test_a_job_that_is_rolled_back_leaves_no_trace_in_the_counts(
    tmp_path: Path, wire: Piece
) -> None:
    class MishapError(Exception):
        """Whatever may go wrong after an article is saved."""

    def fails(db: Connection) -> None:
        ArticleStore(db).save(as_article(wires()[1], "x"), now=START)
        ArticleStore(db).save(as_article(wires()[2], "y"), now=START)
        raise MishapError

    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as writer:
        writer.run(lambda db: ArticleStore(db).save(as_article(wire, "1"), now=START))
        with pytest.raises(MishapError):
            writer.run(fails)
        writer.run(lambda db: ArticleStore(db).save(as_article(wires()[3], "2"), now=START))
        live = writer.run(lambda db: counts(db, START))
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as writer:
        assert writer.run(lambda db: counts(db, START)) == live


def assigned(db: Connection) -> list[tuple[object, ...]]:
    return db.execute(
        "SELECT id, story, copy_of, containment, reason, counted FROM story_articles "
        "JOIN articles ON articles.number = article ORDER BY article"
    ).fetchall()


def saving(article: Article) -> Callable[[Connection], object]:
    return lambda db: ArticleStore(db).save(article, now=article.first_seen)


@pytest.mark.slow
def test_a_restart_at_every_commit_changes_nothing(db: Connection, tmp_path: Path) -> None:
    brought = stream()
    for one in brought:
        saving(one.article)(db)
    for number, one in enumerate(brought):
        # Some ends are orderly, the others as a crash leaves things.
        last = keep_counts if number % 9 == 0 else None
        with Writer(tmp_path / "nieuws.db", migrations=[migrations], closing=last) as writer:
            writer.run(saving(one.article))
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as writer:
        now = brought[-1].article.first_seen
        assert writer.run(lambda db: counts(db, now)) == counts(db, now)
        assert writer.run(assigned) == assigned(db)


def test_kept_counts_are_taken_as_they_are_and_brought_up_to_date(
    db: Connection, archive: ArticleStore, save: Save, wire: Piece
) -> None:
    # given counts that were kept, and what came and went before a kill
    save(wire, "1")
    keep_counts(db)
    save(wires()[0], "2")
    revise(archive, wires()[1], START + timedelta(days=7))
    later = START + timedelta(days=7)
    live = counts(db, later)

    # when the next process begins, which cannot count anew
    db.execute("UPDATE story_articles SET counted = 0")
    del _MEMORIES[db]

    assert counts(db, later) == live


def test_counts_that_lack_a_change_are_counted_anew(
    db: Connection, save: Save, wire: Piece
) -> None:
    save(wire, "1")
    keep_counts(db)
    save(wires()[0], "2")
    live = counts(db, START)
    db.execute("DELETE FROM story_count_changes")
    del _MEMORIES[db]
    assert counts(db, START) == live


def test_counts_are_kept_now_and_then_while_articles_come(db: Connection, save: Save) -> None:
    for number in range(501):
        words = " ".join(f"woord{number}x{each}" for each in range(6))
        save(Piece(slug="kort", title=words, lead="", body=()), str(number))

    kept, logged = (
        rows(db, f"SELECT count(*) FROM {table}")
        for table in ("story_sketches", "story_count_changes")
    )
    assert (kept > 0, logged) == (True, 1)


def test_of_a_text_that_is_taken_out_nothing_stays_in_the_log(
    db: Connection, save: Save, wire: Piece
) -> None:
    save(wire, "1")
    StoryIndex(db).take("art_1")
    assert rows(db, "SELECT count(*) FROM story_count_changes") == 0
    assert rows(db, "SELECT count(*) FROM fingerprinted") == 0
    assert counts(db, START) == (Sketch().packed(), Sketch().packed())


def test_an_article_that_an_older_version_put_into_the_index_is_taken_out_by_its_text(
    db: Connection, save: Save, wire: Piece
) -> None:
    save(wire, "1")
    db.execute("DELETE FROM fingerprinted")
    StoryIndex(db).take("art_1")
    assert rows(db, "SELECT count(*) FROM fingerprints") == 0


def test_kept_counts_serve_the_next_week_too(db: Connection, save: Save, wire: Piece) -> None:
    save(wire, "1")
    keep_counts(db)
    later = START + timedelta(days=7)
    live = counts(db, later)
    db.execute("UPDATE story_articles SET counted = 0")
    del _MEMORIES[db]
    assert counts(db, later) == live


def test_nothing_is_kept_by_who_counted_nothing_or_has_lost_step(
    db: Connection, save: Save, wire: Piece
) -> None:
    keep_counts(db)
    assert rows(db, "SELECT count(*) FROM story_sketches") == 0
    save(wire, "1")
    db.execute("UPDATE story_counts SET version = 7")
    keep_counts(db)
    assert rows(db, "SELECT count(*) FROM story_sketches") == 0


def test_counts_follow_the_weeks_as_if_counted_anew(db: Connection) -> None:
    for one in stream():
        saving(one.article)(db)
    later = START + timedelta(days=15)
    live = counts(db, later)
    del _MEMORIES[db]
    assert counts(db, later) == live
