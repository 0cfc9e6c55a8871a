"""The line at the top of each page: how the program does, red where a person must act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from deliverydesk import Desk
from page_newsroom import PAGES, desk_at_work
from served_page import Visitor

from alerts.policy import ChannelState, RefusedRule
from alerts.store import AlertStore
from crawler.faults import said


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Visitor, Desk]]:
    with desk_at_work(tmp_path) as (visitor, desk):
        yield visitor, desk


def health_of(visitor: Visitor, path: str = "/") -> tuple[str, str, str]:
    """How it looks, where it leads, and what it says."""
    line = re.search(
        r'<a class="(.*?)" id="health".*? href="(.*?)">.*?</span> (.*?)</a>', visitor.get(path).text
    )
    assert line
    return line[1], line[2], line[3]


def test_while_all_is_well_every_page_says_so_and_nothing_is_red(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, _ = at_work
    for path in PAGES:
        look, _, words = health_of(visitor, path)
        assert "bad" not in look
        assert "0 van 0 bronnen antwoorden" in words


def test_a_channel_that_is_refused_is_red_and_one_click_from_its_remedy(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    paused = ChannelState(id="scherm", paused=desk.clock())
    desk.writer.run(lambda db: AlertStore(db).channels.put(paused))

    assert health_of(visitor) == ("health bad", "/deliveries", "kanaal scherm ligt stil")
    assert "Stuur een proefbericht" in visitor.get("/deliveries").text


def test_a_refused_rule_is_red_and_one_click_from_where_it_is_mended(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    refused = [RefusedRule("stuk", desk.clock(), (said("rules.toml:7: no operator"),))]
    desk.writer.run(lambda db: AlertStore(db).watches.set_refusals(refused))

    assert health_of(visitor) == ("health bad", "/rules", "1 regel geweigerd")
    assert 'href="/rules/kalifaat/edit"' in visitor.get("/rules").text
