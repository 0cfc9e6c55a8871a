from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deliverydesk import failing, open_desk

from alerts.outcome import Outcome
from alerts.policy.silences import Silence
from alerts.policy.source_notices import RefusedRule
from crawler.faults import CrawlFault, said
from crawler.model import Validators
from crawler.store import SourceState
from monitor.views.deliveries_view import FailingChannel, failing_channels
from monitor.views.status_view import (
    StatusFacts,
    _sentences,
    _silenced,
    problems,
)

NOW, HOUR = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(hours=1)


def state(name: str, **changes: object) -> SourceState:
    fields = {"id": name, "validators": Validators(), "next_poll": NOW, "last_poll": NOW}
    return SourceState(**(fields | changes))


def facts(*states: SourceState, **changes: object) -> StatusFacts:
    fields = {"states": states or (state("nos"),), "undelivered": 0, "paused": (), "unread": 0}
    return StatusFacts(**(fields | changes))


def sentences(facts: StatusFacts, now: datetime) -> list[str]:
    return [problem.words for problem in problems(facts, now)]


def test_with_everything_running_nothing_is_said() -> None:
    assert sentences(facts(), NOW) == []


def test_a_source_is_named_after_three_failures_in_a_row() -> None:
    well = state("nos")
    twice, thrice = (state("nu", failures=count, error=said("503")) for count in (2, 3))

    assert sentences(facts(well, twice), NOW) == []
    assert sentences(facts(well, thrice), NOW) == ["source nu has failed 3 times in a row: 503"]


def test_a_channel_for_which_messages_wait_since_its_tries_fail_is_named() -> None:
    failing = facts(failing=(FailingChannel("soc", 3, 1), FailingChannel("mail", 7, 12)))

    assert sentences(failing, NOW) == [
        "channel soc has failed 3 times in a row, and 1 message waits: "
        "see `nieuwswacht alerts pending`",
        "channel mail has failed 7 times in a row, and 12 messages wait: "
        "see `nieuwswacht alerts pending`",
    ]


def test_a_channel_is_failing_while_messages_wait_for_it_after_three_failures(
    tmp_path: Path,
) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    channel = desk.add_channel("soc", group_wait=timedelta())
    desk.rules(kalifaat="kalifaat")
    desk.publish("Val van het kalifaat")
    desk.match()
    channel.script = [failing(Outcome.NOT_SENT)] * 3

    def now() -> list[FailingChannel]:
        return desk.store(lambda store: [*failing_channels(store, store.channels.all())])

    for _ in range(2):
        desk.send()
        desk.clock.forward(hours=1)
    assert now() == []
    desk.send()
    assert now() == [FailingChannel("soc", 3, 1)]
    desk.clock.forward(hours=1)
    desk.send()
    assert now() == []
    desk.writer.close()


def test_every_source_failing_once_is_a_problem() -> None:
    failing = facts(
        state("nos", failures=1, error=said("DNS")), state("nu", failures=1, error=said("DNS"))
    )

    assert sentences(failing, NOW) == ["every source failed at its last poll: is there a network?"]


def test_nobody_polling_is_a_problem() -> None:
    never = facts(state("nos", last_poll=None))
    long_ago = facts(state("nos", last_poll=NOW - 3 * HOUR, next_poll=NOW - 2 * HOUR))

    assert "nothing has been polled yet" in sentences(never, NOW)[0]
    assert "since 2026-03-01 09:00" in sentences(long_ago, NOW)[0]


def test_a_desk_whose_sources_are_asked_once_a_day_is_well_until_one_has_been_due_for_long() -> (
    None
):
    daily = facts(state("nos", last_poll=NOW, next_poll=NOW + 24 * HOUR))

    assert sentences(daily, NOW + 23 * HOUR) == []
    assert sentences(daily, NOW + 25 * HOUR) == []
    assert "since 2026-03-01 12:00" in sentences(daily, NOW + 26 * HOUR)[0]


def test_each_fault_of_refused_rules_is_a_problem() -> None:
    file = RefusedRule("", NOW, (said("rules.toml:3: a"), said("rules.toml:4: b")))
    rule = RefusedRule("sluis", NOW - timedelta(hours=1), (said("rules.toml:9: c"),))

    assert sentences(facts(refusals=(file, rule)), NOW) == [
        "rules.toml is refused since 2026-03-01 12:00 UTC, the rules before it are in force: "
        "rules.toml:3: a",
        "rules.toml is refused since 2026-03-01 12:00 UTC, the rules before it are in force: "
        "rules.toml:4: b",
        "rule sluis is refused since 2026-03-01 11:00 UTC, the version before it, if any, is in "
        "force: rules.toml:9: c",
    ]


def test_what_was_not_told_is_a_problem() -> None:
    found = sentences(facts(undelivered=2, paused=("soc",), unread=5), NOW)

    assert [sentence.split()[0] for sentence in found] == ["2", "channel", "5"]


def test_one_of_a_kind_is_spoken_of_as_one() -> None:
    found = sentences(facts(undelivered=1, unread=1), NOW)

    assert found == [
        "1 delivery was given up in the last day: see `nieuwswacht alerts dead`",
        "1 new text has not been matched yet",
    ]


def test_both_languages_have_the_same_sentences_with_the_same_places() -> None:
    english, dutch = (_sentences(language) for language in ("en", "nl"))

    assert english.keys() == dutch.keys()
    assert [name for name in english if _places(english[name]) != _places(dutch[name])] == []


def test_a_problem_is_said_in_the_language_that_is_asked_for() -> None:
    failing = state("nu", failures=3, error=CrawlFault.HTTP_STATUS(status=503))
    found = facts(state("nos"), failing, undelivered=2, language="nl")

    assert sentences(found, NOW) == [
        "bron nu faalde 3 keer achter elkaar: HTTP 503",
        "in de laatste dag zijn 2 berichten opgegeven: zie Verzonden",
    ]


@pytest.mark.parametrize(
    ("rule", "channel", "words"),
    [
        ("", "", "everything is silenced"),
        ("sluis", "", "rule sluis is silenced"),
        ("", "scherm", "channel scherm is silenced"),
        ("sluis", "scherm", "rule sluis in channel scherm is silenced"),
    ],
)
def test_a_silence_in_force_is_named(rule: str, channel: str, words: str) -> None:
    silence = Silence(
        id="sil_1", rule=rule, channel=channel, starts=NOW, ends=NOW, reason="oefening"
    )

    assert _silenced([silence], facts()) == [
        f"{words} until 2026-03-01 12:00 UTC: oefening (sil_1)"
    ]


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
