"""A bug that keeps a text from being matched: the others are told, and people get to know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from commanddesk import Run
from deliverydesk import Desk, article, open_desk

from alerts.delivery.dispatcher import DeliveryCounts
from alerts.document import Document
from alerts.match import Match
from alerts.matcher import MatchCounts
from alerts.rules.book import Rule, RuleBook, rule_of
from alerts.rules.file import RulesRead
from crawler.clock import utc_now
from crawler.engine.report import CrawlReport
from monitor.running.once import RoundReport
from monitor.views.why_view import account_of, lines_of

RULE = rule_of(id="kalifaat", name="Kalifaat", text="kalifa*", channels=["desk"])


class Stumbling(RuleBook):
    """A rule book with a bug: it cannot match what has `Struikelblok` for a headline."""

    def match(self, document: Document) -> list[Match]:
        if document.title == "Struikelblok":
            raise RecursionError("too deep")
        return super().match(document)

    def match_many(self, documents: Iterable[Document]) -> Iterator[list[Match] | Exception]:
        for document in documents:
            try:
                yield self.match(document)
            except RecursionError as error:
                yield error


class StumblingLater(RuleBook):
    """A rule book with a bug: a rule that has matched is not found again."""

    def __getitem__(self, rule_id: str) -> Rule:
        raise IndexError(rule_id)


def told(desk: Desk) -> list[str]:
    channel = desk.channels[0]
    desk.send(flush=True)
    return [
        entry.articles[0].title for parcel in channel.parcels for entry in parcel.message.entries
    ]


def test_what_cannot_be_matched_stops_no_other_text_and_is_not_read_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.add_channel()
    desk.rulebook = Stumbling.build([RULE])
    desk.publish("Brug open", "Er is een brug.", outlet="AD")
    stumbled = desk.publish("Struikelblok", number=2)
    desk.publish("Tas gevonden", "Een tas met een kalifaat erop.", outlet="Trouw")

    assert desk.match() == MatchCounts(matches=1, queued=1, unmatched=1)
    assert desk.match() == MatchCounts()
    assert told(desk) == ["Tas gevonden"]
    assert desk.decisions(stumbled) == [("", "not-matched")]
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.message == f"matching_failed article={stumbled.article} revision=1"
    assert record.exc_info is not None


def test_a_text_that_cannot_be_judged_leaves_nothing_half_done(desk: Desk) -> None:
    desk.add_channel()
    desk.rulebook = StumblingLater.build([RULE])
    stumbled = desk.publish()

    # The rules are asked for what they are called only once a text matches.
    assert desk.match() == MatchCounts(unmatched=1)
    assert desk.decisions(stumbled) == [("", "not-matched")]
    assert desk.store(lambda store: store.matches_of(stumbled.article)) == []
    assert told(desk) == []


def test_a_text_is_told_whose_earlier_one_could_not_be_matched(desk: Desk) -> None:
    desk.add_channel()
    desk.rulebook = Stumbling.build([RULE])
    desk.publish("Struikelblok")
    desk.match()
    desk.publish("Bolwerk gevallen")

    assert desk.match() == MatchCounts(matches=1, queued=1)
    assert told(desk) == ["Bolwerk gevallen"]


def stumbled_in(folder: Path, count: int, ago: timedelta = timedelta()) -> list[str]:
    """Articles that could not be matched some time ago; their ids."""
    desk = open_desk(folder / "nieuws.db")
    desk.clock.now = utc_now() - ago
    desk.rulebook = Stumbling.build([RULE])
    saved = [desk.publish("Struikelblok", number=number) for number in range(count)]
    desk.match()
    desk.writer.close()
    return [one.article for one in saved]


def problems_of(run: Run) -> tuple[list[str], list[str]]:
    found = json.loads(run("status", "--json", code=1).stdout)
    return [line for line in found["problems"] if "bug" in line], found["not_matched"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (
            1,
            "in the last week a bug kept a text from being matched, please report it: see "
            "`nieuwswacht alerts why {0}`",
        ),
        (
            2,
            "in the last week a bug kept texts of 2 articles from being matched, please report it: "
            "see `nieuwswacht alerts why {1}` (also {0})",
        ),
        (
            5,
            "in the last week a bug kept texts of 5 articles from being matched, please report it: "
            "see `nieuwswacht alerts why {4}` (also {3}, {2}, {1}, the others in `nieuwswacht "
            "status --json`)",
        ),
    ],
)
def test_status_says_in_one_line_how_many_and_how_to_see_which(
    run: Run, tmp_path: Path, count: int, said: str
) -> None:
    ids = stumbled_in(tmp_path, count)

    assert problems_of(run) == ([said.format(*ids)], ids[::-1])


def test_after_a_week_it_is_history(run: Run, tmp_path: Path) -> None:
    stumbled_in(tmp_path, 1, timedelta(days=8))

    assert problems_of(run) == ([], [])


def test_why_says_that_it_could_not_be_matched_and_names_the_bug(run: Run, tmp_path: Path) -> None:
    (stumbled,) = stumbled_in(tmp_path, 1)

    text = run("alerts", "why", stumbled).stdout
    (decision,) = json.loads(run("alerts", "why", stumbled, "--json").stdout)["decisions"]

    assert "  could not be matched when it came in; today kalifaat would match\n" in text
    assert "  not told for any rule: not-matched\n    a bug kept this text from being" in text
    assert "please report it (RecursionError in match:" in text
    assert (decision["rule"], decision["reason"]) == (None, "not-matched")
    assert decision["detail"].startswith("RecursionError in match:")


def test_why_shows_what_is_stored_where_the_bug_is_still_there(desk: Desk) -> None:
    class Broken(Stumbling):
        @property
        def rules(self) -> tuple[Rule, ...]:
            unread: Any = None
            return (replace(RULE, query=unread), RULE)

    desk.rulebook = Broken.build([RULE])
    saved = desk.publish("Struikelblok")
    desk.match()
    book = desk.rulebook

    account = desk.store(
        lambda store: account_of(store, article("Struikelblok"), RulesRead(book, {}), None)
    )
    lines = list(lines_of(account, "Europe/Amsterdam"))

    assert account["article"] == saved.article
    assert account["bug"].startswith("RecursionError in match:")
    assert account["rules_now"] == []
    assert lines[1].startswith(
        "  could not be matched when it came in, and cannot be today, for a bug, please report it: "
        "RecursionError in match:"
    )
    assert [rule["fits"] for rule in account["rules"]] == [False, True]
    assert account["rules"][0]["words"].startswith("not known: a bug, please report it (Attribute")


def test_a_round_in_which_a_text_could_not_be_matched_has_failed() -> None:
    def report(unmatched: int) -> RoundReport:
        return RoundReport(CrawlReport(), MatchCounts(unmatched=unmatched), DeliveryCounts(0, 0, 0))

    assert (report(0).failed, report(1).failed) == (False, True)
    assert report(1).as_json()["not_matched"] == 1
