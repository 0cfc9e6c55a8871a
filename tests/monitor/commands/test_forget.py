"""One article erased everywhere, for a person who has a right to it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from commanddesk import Run
from deliverydesk import CALIPHATE, Desk, article, open_desk

from alerts.alert import ArticleAlert, Reason
from alerts.delivery import Forget, carry_out
from alerts.delivery.requests import left
from alerts.message import DeliveryState
from crawler.engine.storing import ListedAs, store_article
from crawler.model import Live
from crawler.store import open_reader
from crawler.store.archive.forgetting import forgotten_among
from monitor.web.stories import StoryMark, StoryMarks

SECRET = "Zwartebroekzwager"
TEXT = (
    f"De man heet {SECRET}, blijkt uit stukken. Hij vocht in het kalifaat en keerde terug. De "
    "rechtbank in Rotterdam doet over twee weken uitspraak, zei de voorzitter na afloop."
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An article that was told, another of the same story, and a message that waits."""
    desk = open_desk(tmp_path / "nieuws.db")
    desk.add_channel("scherm")
    desk.rules(kalifaat=CALIPHATE)
    return desk


def everything(path: Path) -> bytes:
    """All that is on the disk of the database, free pages too."""
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_nothing_of_a_forgotten_article_is_left_but_id_time_and_reason(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    named = article(f"Proces tegen {SECRET}", TEXT)
    desk.poll("nos", named)
    saved = desk.save(named)
    desk.match()
    desk.send(flush=True)
    desk.clock.forward(minutes=30)
    desk.save(article(f"Proces tegen {SECRET}", TEXT + f" {SECRET} zwijgt over het kalifaat."))
    desk.match()
    note = StoryMark(story=saved.story, seen=1, note=f"{SECRET} belde.")
    desk.writer.run(lambda db: StoryMarks(db, "redactie").put([note], desk.clock()))
    desk.publish("Ander nieuws", "De brug over de Linge is weer open voor verkeer.", number=2)
    desk.writer.close()
    path = tmp_path / "nieuws.db"
    assert SECRET.lower().encode() in everything(path).lower()

    told = json.loads(run("forget", saved.article, "--reason", "AVG", "--yes", "--json").stdout)

    assert (told["article"], len(told["sent"])) == (saved.article, 1)
    assert any("backups" in what for what in told["beyond"])
    assert SECRET.lower().encode() not in everything(path).lower()
    db = open_reader(path)
    [left] = db.rows("SELECT * FROM forgotten")
    assert (left["article"], left["reason"]) == (saved.article, "AVG")
    assert named.url.encode() not in everything(path)
    assert run("search", "brug").output
    assert "nothing is pending" in run("alerts", "pending").output


def test_a_forgotten_article_is_not_fetched_stored_or_told_again(desk: Desk) -> None:
    named = article(f"Proces tegen {SECRET}", TEXT)
    saved = desk.save(named)
    desk.writer.run(lambda db: forget(db, saved.article, desk))

    again = desk.writer.run(
        lambda db: store_article(db, named, ListedAs(named.key, None, Live.PAGE), desk.clock())
    )

    assert again is None
    db = open_reader(desk.writer.path)
    assert forgotten_among(db, [named.key, "nos:2"]) == {named.key}


def forget(db, article: str, desk: Desk) -> None:
    assert carry_out(db, Forget(article, "AVG"), [], desk.clock()) == [article]


def test_a_message_that_waits_tells_the_others_only(desk: Desk) -> None:
    channel = desk.channels[0]
    saved = desk.publish(f"Proces tegen {SECRET}", TEXT)
    desk.match()

    desk.writer.run(lambda db: forget(db, saved.article, desk))
    desk.send(flush=True)

    assert channel.parcels == []
    [closed] = desk.deliveries()
    assert closed.reason is Reason.FORGOTTEN


def test_what_a_message_was_to_tell_of_another_article_too_it_tells_of_that_one(
    desk: Desk,
) -> None:
    # given an article whose news a message is to tell, and another outlet that has it too
    channel = desk.channels[0]
    saved = desk.publish("Proces in Rotterdam", TEXT)
    desk.match()
    other = desk.publish("Proces in Rotterdam", TEXT, number=2, outlet="AD")
    desk.match()
    assert desk.decisions(other) == [("kalifaat", "joined-silently")]

    desk.writer.run(lambda db: forget(db, saved.article, desk))
    desk.send(flush=True)

    [parcel] = channel.parcels
    [alert] = parcel.message.alerts
    assert isinstance(alert, ArticleAlert)
    assert (alert.article.id, alert.article.outlet) == (other.article, "AD")
    assert [quote.text for quote in alert.quotes] == ["kalifaat"]
    assert desk.decisions(other) == []
    assert saved.article not in {one.id for one in parcel.message.entries[0].articles}


def test_a_message_that_was_sent_is_named_though_another_that_waits_tells_of_the_other_article(
    desk: Desk,
) -> None:
    waits = desk.add_channel("later", group_wait=timedelta(hours=1))
    desk.rulebook = type(desk.rulebook).build([])
    desk.rules("scherm", "later", kalifaat=CALIPHATE)
    saved = desk.publish("Proces in Rotterdam", TEXT)
    desk.match()
    desk.clock.forward(minutes=1)
    desk.send()
    other = desk.publish("Proces in Rotterdam", TEXT, number=2, outlet="AD")
    desk.match()
    [sent] = [one.id for one in desk.deliveries() if one.state is DeliveryState.DELIVERED]

    told = desk.writer.run(lambda db: carry_out(db, Forget(saved.article, "AVG"), [], desk.clock()))
    desk.send(flush=True)

    assert told == [saved.article, sent]
    [parcel] = waits.parcels
    assert [alert.article.id for alert in parcel.message.alerts] == [other.article]
    assert desk.store(lambda store: store.outbox.alerts(sent)) == []


def test_a_sentence_of_the_forgotten_article_alone_is_not_told(desk: Desk) -> None:
    channel = desk.channels[0]
    more = f"{TEXT} {SECRET} zwijgt over het kalifaat."
    saved = desk.publish("Proces in Rotterdam", more)
    desk.match()
    desk.publish("Proces in Rotterdam", TEXT, number=2, outlet="AD")
    desk.match()

    desk.writer.run(lambda db: forget(db, saved.article, desk))
    desk.send(flush=True)

    [parcel] = channel.parcels
    told = [quote.context for alert in parcel.message.alerts for quote in alert.quotes]
    assert told
    assert not any("zwijgt" in context for context in told)
    desk.writer.close()
    assert f"{SECRET} zwijgt".encode() not in everything(desk.writer.path)


def test_an_article_is_found_by_its_address_in_another_spelling(desk: Desk, run: Run) -> None:
    saved = desk.publish(f"Proces tegen {SECRET}", TEXT)
    desk.writer.close()

    address = "https://nos.example/artikel/1/?utm_source=mail"
    told = json.loads(run("forget", address, "--reason", "AVG", "--yes", "--json").stdout)

    assert told["article"] == saved.article


def test_what_is_not_there_cannot_be_forgotten(desk: Desk, run: Run) -> None:
    desk.writer.close()

    said = run("forget", "https://nergens.example/", "--reason", "AVG", "--yes", code=1).output

    assert re.search("no article has the id or address", said)


def test_a_running_instance_is_asked_to_forget(desk: Desk, run: Run) -> None:
    saved = desk.publish(f"Proces tegen {SECRET}", TEXT)

    told = json.loads(run("forget", saved.article, "--reason", "AVG", "--yes", "--json").stdout)

    assert (told["handed_over"], told["sent"]) == (True, [])
    [(_, request)] = left(desk.writer.path)
    assert request == Forget(saved.article, "AVG")
