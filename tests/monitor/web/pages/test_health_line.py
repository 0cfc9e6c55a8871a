"""The top bar says how the program does, one click from the remedy, and agrees with `/status`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deliverydesk import Desk
from histories import filled, written
from page_newsroom import PAGES, context_in, desk_at_work
from served_page import Visitor, served
from webarchives import article

from alerts.policy import ChannelState, RefusedRule
from alerts.store import AlertStore
from crawler.faults import CrawlFault, said
from crawler.model import Source, SourceKind, Validators
from crawler.store import Connection, Holder, PollStore, SourceState
from monitor.views import StatusFacts, problems
from monitor.views.status_view import _sentences
from monitor.web.making import Paper, texts_of
from monitor.web.pages.health_line import HealthLine, line_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUNNING = Holder(running=True, since=NOW, tick=NOW)


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Visitor, Desk]]:
    with desk_at_work(tmp_path) as (visitor, desk):
        yield visitor, desk


def health_of(visitor: Visitor, path: str = "/") -> tuple[str, str, str]:
    """How it looks, where it leads, and what it says."""
    link = r'<a class="(.*?)" id="health".*? href="(.*?)" title=".*?">.*?</span> (.*?)</a>'
    line = re.search(link, visitor.get(path).text)
    assert line
    return line[1], line[2], line[3]


def test_while_all_is_well_every_page_says_so_and_nothing_is_red(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, _ = at_work
    for path in PAGES:
        look, _, words = health_of(visitor, path)
        assert look == "health idle"
        assert words == "er loopt geen bewaking, 0 bronnen"
    assert words in visitor.get("/status").text


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


def test_a_source_that_falters_is_amber_and_named_on_the_page_of_the_state_too(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    address, pace = "https://nos.example/feed", timedelta(minutes=15)
    nos = Source(id="nos", outlet="NOS", kind=SourceKind.FEED, url=address, every=pace)

    def fail(db: Connection) -> None:
        PollStore(db).sync_sources([nos, replace(nos, id="nu")], desk.clock())
        db.execute("UPDATE sources SET last_poll = added, last_success = added")
        db.execute("UPDATE sources SET failures = 3, error = 'not-in-time' WHERE id = 'nos'")

    desk.writer.run(fail)

    assert health_of(visitor) == ("health warn", "/sources", "bron nos hapert")
    assert "bron nos hapert" in visitor.get("/status").text


def test_a_history_is_called_one_and_nothing_in_it_is_stale_or_red(tmp_path: Path) -> None:
    # given a history of old, of which no daemon knows
    context = context_in(tmp_path)
    history = {"a.warc.gz": [article(1)]}
    filled(context.database, [written(tmp_path / "warc", history)])
    # when its page is served
    with served(context) as visitor:
        shown = {path: health_of(visitor, path) for path in ("/", "/sources")}
        status, found = visitor.get("/status").text, visitor.get("/search?q=brug").text
    # then it says what it is, and finds what is in it
    assert set(shown.values()) == {("health idle", "/status", "geschiedenis, gevuld uit bestanden")}
    assert "dit is een geschiedenis, gevuld uit bestanden" in status
    assert "Brug 1 in Sluisdam geopend" in re.sub("<.*?>", "", found)


def state(name: str, **changes: object) -> SourceState:
    fields = {"id": name, "validators": Validators(), "next_poll": NOW, "last_poll": NOW}
    return SourceState(**(fields | changes))


def line(*states: SourceState, language: str = "nl", **changes: object) -> HealthLine:
    held = {"undelivered": 0, "paused": (), "unread": 0, "holder": RUNNING}
    facts = StatusFacts(states=states or (state("nos"),), language=language, **(held | changes))
    return line_of(facts, problems(facts, NOW), Paper(language))


FAILING = {"failures": 3, "error": CrawlFault.TIMEOUT()}
REFUSED = RefusedRule("stuk", NOW, (said("a"), said("b")))
WHOLE = RefusedRule("", NOW, (said("a"), said("b")))


@pytest.mark.parametrize(
    ("states", "changes", "told"),
    [
        ([], {}, ("alles goed, 1 bron", "", "/status")),
        (["nu"], {}, ("bron nu hapert", "warn", "/sources")),
        (["nu", "ad"], {"unread": 2}, ("2 bronnen haperen, en nog 1", "warn", "/sources")),
        (["nu"], {"paused": ("mail",)}, ("kanaal mail ligt stil, en nog 1", "bad", "/deliveries")),
        ([], {"paused": ("a", "b")}, ("kanaal a ligt stil, en nog 1", "bad", "/deliveries")),
        ([], {"refusals": (REFUSED,)}, ("1 regel geweigerd", "bad", "/rules")),
        ([], {"refusals": (WHOLE,)}, ("rules.toml geweigerd", "bad", "/rules")),
        ([], {"undelivered": 2}, ("2 berichten opgegeven", "bad", "/deliveries")),
        ([], {"not_matched": ("x", "y")}, ("2 teksten niet vergeleken", "bad", "/status")),
        ([], {"backups": (), "holder": RUNNING}, ("geen reservekopie", "bad", "/status")),
        ([], {"wal_bytes": 10**9}, ("database groeit: een programma", "bad", "/status")),
        ([], {"holder": Holder()}, ("er loopt geen bewaking, 1 bron", "idle", "/status")),
        ([], {"holder": Holder(missing=True)}, ("is gestopt zonder afscheid", "bad", "/status")),
        ([], {"holder": Holder(), "expected": True}, ("programma loopt niet", "bad", "/status")),
    ],
)
def test_the_top_bar_is_red_or_amber_exactly_when_the_state_has_a_problem(
    states: list[str], changes: dict[str, Any], told: tuple[str, str, str]
) -> None:
    failing = [state(name, **FAILING) for name in states]

    found = line(state("nos", added=NOW - timedelta(days=9)), *failing, **changes)

    assert (found.words, found.state, found.place) == told


def test_every_problem_has_its_few_words_in_both_languages() -> None:
    told_apart = {"source_failed", "source_degraded", "source_dead", "rule_refused"}
    no_problems = {"a_program", "source_silent", "source_slow", "silenced", "everything", "rule"}
    no_problems |= {"channel", "rule_in_channel", "not_matched_more", "history"}
    few = {f"health.{name}" for name in _sentences("nl")} - {
        f"health.{name}" for name in told_apart | no_problems
    }

    assert [few - texts_of(language).keys() for language in ("nl", "en")] == [set(), set()]
