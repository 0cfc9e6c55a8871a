"""Each wording of a rule is kept from when it is taken up, and each match names its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import MORNING, Desk, open_desk

from alerts.counting import RuleWordings, WordingHistory
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, RuleBook, rule_of

CONCEPTS = {"is": ["IS", "@kalifaat"], "kalifaat": ["kalifa*"], "brug": ["brug"]}
FIRST = rule_of(id="kalifaat", text="@is", concepts=Concepts(CONCEPTS), outlets=["NOS"])
SECOND = rule_of(
    id="kalifaat",
    text="@is",
    concepts=Concepts(CONCEPTS | {"kalifaat": ["kalifaat*", "Baghuz"]}),
    outlets=["NOS"],
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "nieuws.db")
    yield desk
    desk.writer.close()


def use(desk: Desk, *rules: Rule) -> None:
    """The matcher at work with these rules, an hour later each time."""
    desk.rulebook = RuleBook.build(rules)
    desk.match()
    desk.clock.forward(hours=1)


def history(desk: Desk, rule: str = "kalifaat") -> list[WordingHistory]:
    return desk.writer.run(lambda db: RuleWordings(db).history(rule))


def test_a_wording_has_the_concepts_that_it_uses_and_those_behind_them(desk: Desk) -> None:
    use(desk, FIRST)

    (held,) = history(desk)
    assert held.hash == FIRST.hash
    assert held.wording == FIRST.wording
    assert held.wording.concepts == {"is": ("IS", "@kalifaat"), "kalifaat": ("kalifa*",)}
    assert held.wording.outlets == ("NOS",)


def test_a_wording_ends_when_another_is_taken_up_and_may_come_back(desk: Desk) -> None:
    for rules in ([FIRST], [FIRST], [SECOND], [], [FIRST]):
        use(desk, *rules)

    hours = [MORNING + timedelta(hours=n) for n in range(5)]
    shown = [(each.hash, each.spans) for each in history(desk)]
    assert shown == [
        (FIRST.hash, ((hours[0], hours[2]), (hours[4], None))),
        (SECOND.hash, ((hours[2], hours[3]),)),
    ]


def test_a_restart_with_the_same_rules_changes_nothing(desk: Desk) -> None:
    use(desk, FIRST)
    desk.restart()
    use(desk, FIRST)

    assert [each.spans for each in history(desk)] == [((MORNING, None),)]


def test_a_match_names_the_wording_that_found_it(desk: Desk) -> None:
    desk.publish(number=1)
    use(desk, FIRST)
    for number in (2, 3):
        desk.publish(number=number)
    use(desk, SECOND)

    assert [(each.hash, each.articles) for each in history(desk)] == [
        (FIRST.hash, 1),
        (SECOND.hash, 2),
    ]


def test_of_matches_from_before_the_history_the_hash_is_known(desk: Desk) -> None:
    desk.publish()
    use(desk, FIRST)
    desk.writer.run(lambda db: db.execute("DELETE FROM rule_wordings"))

    assert [(each.wording, each.spans, each.articles) for each in history(desk)] == [(None, (), 1)]


def test_a_wording_is_found_by_the_beginning_of_its_hash(desk: Desk) -> None:
    for rules in ([FIRST], [SECOND], [FIRST]):
        use(desk, *rules)

    named = desk.writer.run(lambda db: RuleWordings(db).named(FIRST.hash[:6]))
    every = desk.writer.run(lambda db: RuleWordings(db).named(""))

    assert named == [FIRST.wording]
    assert {each.hash for each in every} == {FIRST.hash, SECOND.hash}
