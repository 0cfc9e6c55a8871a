"""What has had its time goes, a few rows after another, and what is needed stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import BAGHUZ, MORNING, Desk, article, open_desk

from crawler.config import StoreSettings, load_settings
from crawler.model import Article
from crawler.store import ArticleStore, Connection, PollStore, as_text, open_reader
from monitor.running.pruning import Pruning
from monitor.web.stories import StoryMark, StoryMarks

SETTINGS = """
[store]
keep_articles = "forever"
keep_entries = "30d"
keep_pages = "40d"
keep_decisions = "30d"
keep_attempts = "30d"
keep_messages = "30d"
"""
LATER = timedelta(days=60)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path / "nieuws.db")


@pytest.fixture
def pruned(desk: Desk, tmp_path: Path) -> Callable[..., dict[str, int]]:
    """Prunes at the desk's time, with some settings changed; returns what went."""

    def prune(**changes: str) -> dict[str, int]:
        path = tmp_path / "nieuwswacht.toml"
        lines = [
            f'{name} = "{changes[name]}"' if (name := line.split(" ")[0]) in changes else line
            for line in SETTINGS.splitlines()
        ]
        path.write_text("\n".join(lines))
        pruning = Pruning.of(load_settings(path).store, desk.clock())
        expected = pruning.counts(open_reader(desk.writer.path))
        while desk.writer.run(pruning.step):
            pass
        assert {name: n for name, n in expected.items() if n and name != "pages"} == {
            name: n for name, n in pruning.removed.items() if name not in {"pages", "counters"}
        }
        return dict(pruning.removed)

    return prune


def rows(desk: Desk, table: str) -> int:
    db = open_reader(desk.writer.path)
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def listed(desk: Desk, *articles: Article) -> None:
    """A list with these articles, whose pages are wanted."""
    desk.poll("nos", *articles)
    now = as_text(desk.clock())
    desk.writer.run(lambda db: db.execute("UPDATE sources SET listed = ?", [now]))


def fetched(desk: Desk, *names: str) -> None:
    """The pages of these articles are wanted no more."""
    desk.writer.run(
        lambda db: db.executemany(
            "UPDATE pages SET wanted = NULL, due = NULL WHERE key = ?", [(name,) for name in names]
        )
    )


def test_an_entry_stays_while_the_last_list_has_it_however_old_it_is(
    desk: Desk, pruned: Callable[..., dict[str, int]]
) -> None:
    old, stays = article(number=1), article("Blijft", number=2)
    listed(desk, old, stays)
    fetched(desk, old.key, stays.key)
    desk.clock.forward(minutes=5)
    listed(desk, stays)
    desk.clock.now += LATER  # 304 each time: the last list is that of the morning

    assert pruned() == {"entries": 1, "pages": 1}

    known = desk.writer.run(lambda db: PollStore(db).known_entries("nos", [old.key, stays.key]))
    assert set(known) == {stays.key}
    assert pruned() == {}


def test_a_page_that_is_wanted_or_looked_at_stays(
    desk: Desk, pruned: Callable[..., dict[str, int]]
) -> None:
    listed(desk, article(number=1))
    desk.clock.forward(minutes=5)
    listed(desk, article(number=2))
    desk.clock.now += LATER
    listed(desk, article(number=3, now=desk.clock()))

    assert pruned() == {"entries": 2}
    assert rows(desk, "pages") == 3


def test_that_something_was_told_stays_as_long_as_its_article(
    desk: Desk, pruned: Callable[..., dict[str, int]]
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*", brug="brug")
    desk.publish()
    desk.match()
    desk.send(flush=True)
    desk.rules("weg", dorp="dorp")
    desk.publish("Dorp", "Het dorp is leeg, meldt het leger van het land.", number=2)
    desk.match()
    assert rows(desk, "decisions") == 1
    desk.clock.now += LATER

    assert pruned() == {"decisions": 1, "attempts": 1, "messages": 1}

    assert [rows(desk, name) for name in ("matches", "alerts", "deliveries")] == [2, 2, 1]
    desk.publish("Laatste bolwerk gevallen", BAGHUZ + " De Kamer debatteert morgen over het plan.")
    desk.match()
    desk.send(flush=True)
    assert len(channel.parcels) == 1


def test_a_text_that_had_its_time_goes_with_its_words_and_tells_nothing_again(
    desk: Desk, pruned: Callable[..., dict[str, int]]
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    saved = desk.publish()
    desk.publish("Kop", BAGHUZ + " Nog iets over IS-strijders.")
    desk.match()
    desk.send(flush=True)
    desk.clock.now += LATER

    assert pruned(keep_articles="30d")["articles"] == 1

    db = open_reader(desk.writer.path)
    row = db.rows("SELECT * FROM articles WHERE id = ?", [saved.article])[0]
    assert (row["title"], row["lead"], row["body"], row["author"]) == ("", "", "", None)
    assert (row["id"], row["url"], bool(row["erased"])) == (saved.article, row["url"], True)
    assert found_by(db, "kalifaat") == []
    assert rows(desk, "matches") >= 1
    before = len(channel.parcels)
    desk.publish("Kop", BAGHUZ + " Nog iets over IS-strijders. En nog iets.")
    desk.match()
    desk.send(flush=True)
    assert len(channel.parcels) == before


def found_by(db: Connection, word: str) -> list[int]:
    current = db.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [word])
    past = db.execute("SELECT rowid FROM past_words WHERE past_words MATCH ?", [word])
    return [row for (row,) in (*current.fetchall(), *past.fetchall())]


@pytest.mark.slow
def test_a_year_with_ten_articles_a_day_leaves_a_bounded_file(
    desk: Desk, pruned: Callable[..., dict[str, int]]
) -> None:
    # given a rule that finds one of the ten, whose alert is told
    desk.add_channel()
    desk.rules(kalifaat="kalifaat")
    sizes, held = [], []
    for day in range(3 * THIRD):
        found = articles_of(day, desk)
        listed(desk, *found)
        desk.writer.run(lambda db, found=found: [save_in(db, each) for each in found])
        fetched(desk, *(each.key for each in found))
        desk.match()
        desk.send(flush=True)
        desk.clock.forward(days=1)
        if day % 30 == 29:
            pruned(keep_articles="30d")
        if day % THIRD == THIRD - 1:
            sizes.append(bytes_in_use(desk))
            held.append({name: rows(desk, name) for name in BOUNDED})

    assert desk.clock() - MORNING == timedelta(days=3 * THIRD)
    assert (rows(desk, "articles"), rows(desk, "alerts")) == (DAILY * 3 * THIRD, 3 * THIRD)
    # then nothing is kept for longer than its time; of an article stay id, address, dates and hash
    # with their places in several indices, and of each tenth that it was told
    assert all(number < 80 * DAILY for number in (*held[1].values(), *held[2].values())), held
    assert (sizes[2] - sizes[1]) / (DAILY * THIRD) < 2_700, sizes


DAILY, THIRD = 10, 120  # articles; days
BOUNDED = ("entries", "pages", "decisions", "attempts")


def articles_of(day: int, desk: Desk) -> list[Article]:
    return [
        article(
            f"Kop {number}",
            text(number) + (" Het kalifaat is terug." if number % DAILY == 0 else ""),
            number=number,
            now=desk.clock(),
        )
        for number in range(DAILY * day, DAILY * (day + 1))
    ]


def save_in(db: Connection, found: Article) -> None:
    ArticleStore(db).save(found, now=found.first_seen)


def bytes_in_use(desk: Desk) -> int:
    """The bytes of the file that are in use."""
    db = open_reader(desk.writer.path)
    [(count,), (free,), (size,)] = (
        db.execute(f"PRAGMA {name}").fetchone()
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (count - free) * size


def text(number: int) -> str:
    return " ".join(f"woord{(number * 31 + part * 7) % 997}" for part in range(60)) + "."


def test_that_a_story_was_seen_goes_after_a_year_and_a_star_or_a_note_never(
    desk: Desk,
) -> None:
    marks = [
        StoryMark(story="seen", seen=1),
        StoryMark(story="starred", seen=1, starred=True),
        StoryMark(story="noted", note="Bel de woordvoerder."),
    ]
    desk.writer.run(lambda db: StoryMarks(db, "redactie").put(marks, desk.clock()))
    desk.clock.now += timedelta(days=399)
    assert not desk.writer.run(Pruning.of(StoreSettings(), desk.clock()).step)
    desk.clock.now += timedelta(days=2)

    while desk.writer.run(Pruning.of(StoreSettings(), desk.clock()).step):
        pass

    held = StoryMarks(open_reader(desk.writer.path), "redactie").of(["seen", "starred", "noted"])
    assert set(held) == {"starred", "noted"}
