"""Retries, replays, tests of channels and polls by hand, from the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import Desk, failing
from page_newsroom import desk_at_work
from served_page import Visitor

from alerts.outcome import Outcome
from crawler.clock import utc_now
from crawler.store import PollStore, as_text


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Visitor, Desk]]:
    with desk_at_work(tmp_path) as found:
        yield found


def give_up(desk: Desk) -> str:
    """The message about the story is refused by its receiver, twice."""
    desk.channels[0].script = [failing(Outcome.MESSAGE_REJECTED)] * 2
    desk.clock.forward(minutes=5)
    desk.send()
    delivery = desk.deliveries()[0]
    assert delivery.state == "dead"
    return delivery.id


def undo(visitor: Visitor) -> int:
    page = visitor.get("/deliveries").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    return visitor.send("/undo", token=token).status_code


def test_what_was_given_up_is_sent_again_when_it_can_no_longer_be_undone(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    name = give_up(desk)
    desk.clock.now = utc_now()
    assert f'action="/deliveries/{name}/replay"' in visitor.get("/deliveries?state=dead").text

    # when it is asked for again and called off, it never leaves
    assert visitor.send(f"/deliveries/{name}/replay").status_code == 303
    desk.send()
    assert desk.deliveries()[0].state == "pending"
    assert undo(visitor) == 303
    assert (desk.deliveries()[0].state, desk.deliveries()[0].reason) == ("dead", "message-rejected")

    # when it is asked for again and left alone, it goes half a minute later
    visitor.send(f"/deliveries/{name}/replay")
    desk.clock.now = utc_now() + timedelta(seconds=31)
    desk.send()
    assert desk.deliveries()[0].state == "delivered"
    assert undo(visitor) == 409


def test_a_message_that_waits_after_a_failed_try_is_sent_when_somebody_asks(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    desk.clock.now = utc_now() + timedelta(minutes=5)
    desk.channels[0].script = [failing(Outcome.NOT_SENT)]
    desk.send()
    (waiting,) = desk.deliveries()
    assert (waiting.state, waiting.attempts) == ("pending", 1)

    # then the page offers it; when it is asked for and called off, it waits as it did
    assert f'action="/deliveries/{waiting.id}/replay"' in visitor.get("/deliveries").text
    assert visitor.send(f"/deliveries/{waiting.id}/replay").status_code == 303
    assert desk.deliveries()[0].due < waiting.due
    assert undo(visitor) == 303
    assert desk.deliveries()[0].due == waiting.due


def test_what_was_not_told_is_told_after_all_unless_a_silence_hides_it(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    visitor.send("/silences", rule="kalifaat", channel="", reason="oefening", **{"for": "1h"})
    desk.clock.forward(minutes=5)
    desk.send()
    page = visitor.get("/untold").text
    found = re.search(r'action="(/deliveries/\w+/replay)"', page)
    assert found is not None

    refused = visitor.send(found[1])
    assert refused.status_code == 409
    assert "Een stilte verbergt dit" in refused.text
    silence = re.search(r'action="(/silences/\w+/end)"', visitor.get("/silences").text)
    assert silence is not None
    visitor.send(silence[1])

    assert visitor.send(found[1]).status_code == 303
    desk.clock.now = utc_now() + timedelta(seconds=31)
    desk.send()
    assert desk.deliveries()[0].state == "delivered"


def test_a_channel_is_tried_with_a_test_message(at_work: tuple[Visitor, Desk]) -> None:
    visitor, desk = at_work
    assert 'action="/channels/scherm/test"' in visitor.get("/deliveries").text

    assert visitor.send("/channels/scherm/test", back="/deliveries").status_code == 303
    assert visitor.send("/channels/weg/test").status_code == 409

    assert [one.kind for one in desk.deliveries()] == ["alert.story", "alert.test"]
    assert "proefbericht" in visitor.get("/deliveries").text


def test_a_source_is_asked_now_but_not_twice_a_minute(at_work: tuple[Visitor, Desk]) -> None:
    visitor, desk = at_work
    desk.poll("nos")
    asked = desk.writer.run(lambda db: PollStore(db).states())["nos"]
    assert visitor.send("/sources/nos/ask").status_code == 409

    long_ago = as_text(utc_now() - timedelta(minutes=2))
    desk.writer.run(lambda db: db.execute("UPDATE sources SET last_poll = ?", [long_ago]))
    assert visitor.send("/sources/nos/ask").status_code == 303

    now = desk.writer.run(lambda db: PollStore(db).states())["nos"]
    assert now.next_poll < asked.next_poll
    assert visitor.send("/sources/weg/ask").status_code == 409


@pytest.mark.parametrize(
    "path", ["/deliveries/none/replay", "/channels/scherm/test", "/sources/nos/ask"]
)
def test_without_the_key_nothing_is_sent_or_asked(at_work: tuple[Visitor, Desk], path: str) -> None:
    visitor, desk = at_work

    assert Visitor(visitor.url).send(path).status_code == 403
    assert visitor.post(path, {"back": "/"}, Origin="https://evil.example").status_code == 403
    assert len(desk.deliveries()) == 1
