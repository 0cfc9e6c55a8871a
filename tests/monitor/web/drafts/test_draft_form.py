"""What the form of a rule holds, and what is read from it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from alerts.match import Priority
from alerts.query.parser import Concepts
from alerts.rules.checking import checked_rule
from alerts.rules.rule_table import RuleDraft
from crawler.config.files import is_identifier
from monitor.web.drafts.draft_form import fits_form, form_faults, form_sent, id_for
from monitor.web.drafts.rule_editor import STARTERS
from monitor.web.making import texts_of

HELD = RuleDraft(
    id="kalifaat",
    query="\nkalifa*\n OR baghuz\n",
    channels=("mail", "scherm"),
    must_match=("Een  kop\nmet een sprong",),
)


def test_a_form_that_is_sent_as_it_was_made_is_the_same_rule() -> None:
    fields = [
        ("query", "kalifa*\r\n OR baghuz"),
        ("channel", "scherm"),
        ("channel", "mail"),
        ("must_match", "Een  kop\r\nmet een sprong"),
        ("must_match", ""),
        ("priority", "normal"),
    ]

    assert form_sent(fields, "kalifaat", HELD).draft == HELD


def test_signs_that_nobody_sees_are_left_out() -> None:
    sent = form_sent([("query", "a\x00\x1b b\r\n c\x7f"), ("name", " x \n y ")], "", None)

    assert (sent.draft.query, sent.draft.name) == ("a b\n c\n", "x y")


def test_a_value_that_the_form_does_not_offer_is_not_taken() -> None:
    assert form_sent([("priority", "enorm")], "", None).draft.priority == "normal"


@given(st.text(max_size=60), st.text(max_size=20), st.sets(st.sampled_from(["regel", "a", "a-2"])))
def test_an_id_is_made_of_any_name_and_is_nobody_elses(
    name: str, query: str, taken: set[str]
) -> None:
    made = id_for(RuleDraft(id="", name=name, query=query), taken)

    assert is_identifier(made)
    assert made not in taken
    assert not form_faults(RuleDraft(id=made), lambda name: name, taken=taken)


def test_an_id_reads_as_the_name_does() -> None:
    assert id_for(RuleDraft(id="", name="Naïeve wolven & co"), {"x"}) == "naieve-wolven-co"
    assert id_for(RuleDraft(id="", name="A"), {"a", "a-2"}) == "a-3"


def test_a_rule_that_is_larger_than_the_form_is_known() -> None:
    assert fits_form(HELD)
    assert not fits_form(RuleDraft(id="a", query="x" * 4_001))
    assert not fits_form(RuleDraft(id="a", must_match=("x",) * 81))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("starter", STARTERS)
def test_each_starter_is_a_rule_whose_examples_hold(language: str, starter: str) -> None:
    texts = texts_of(language)
    table = {
        "id": "begin",
        "query": texts[f"starter.{starter}_query"],
        "channels": (),
        "outlets": (),
        "priority": Priority.NORMAL,
        "must_match": (texts[f"starter.{starter}_yes"],),
        "must_not_match": (texts[f"starter.{starter}_no"],),
    }

    assert checked_rule(table, Concepts(), channels=[], outlets=None).faults == ()
