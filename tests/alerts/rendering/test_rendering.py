"""What readers get to see, in any form."""

from __future__ import annotations

import io
from dataclasses import replace

import messages
import pytest
from deliverydesk import AMSTERDAM, plan
from hypothesis import given, strategies as st

from alerts.alert import Change, Edit, EventKind, RuleRef
from alerts.channels.console.console_channel import Console
from alerts.match import Priority
from alerts.message import Cause, Message
from alerts.outcome import DeliveryError, Outcome
from alerts.rendering.clean import cut, one_line
from alerts.rendering.phrases import phrases_of
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of

NL = phrases_of("nl")
STYLE = Style("nl", AMSTERDAM)


def text(told: Message, style: Style = STYLE) -> str:
    return text_of(view_of(told, style), style.words)


def test_copies_name_the_outlets_that_joined_and_those_that_were_there() -> None:
    shown = text(messages.copies())

    assert "Nu ook bij AD, NRC" in shown
    assert "Ook bij NOS, Trouw" in shown


def test_a_late_and_a_partial_article_say_so() -> None:
    told = messages.alert(late=True, article=messages.alerted(partial=True))

    shown = text(messages.message(told))

    assert NL.late in shown
    assert NL.partial in shown


def test_a_hit_in_the_headline_alone_comes_with_the_lead() -> None:
    told = messages.alert(quotes=(messages.quote("IS", messages.TITLE, "title"),))

    assert f"> {messages.LEAD}" in text(messages.message(told))


def test_a_correction_says_whose_it_is() -> None:
    assert "Gewijzigd bij NOS" in text(messages.correction())


def test_changes_at_two_outlets_are_each_told_of_their_own() -> None:
    shown = text(messages.corrections_at("NOS", "AD"))

    assert "Gewijzigd bij AD, NOS" in shown
    assert "NOS, tekst - Was: [Twaalf] doden bij NOS." in shown
    assert "\nTekst - Was: [Twaalf] doden bij AD." in shown
    assert "Ook bij NOS" in shown


def test_a_change_in_another_article_of_the_outlet_is_told_with_the_link_of_that_article() -> None:
    first, second = messages.corrections_at("NOS", "NOS").entries[0].alerts
    older = replace(first, article=messages.alerted("NOS", "Het eerste bericht", id="art_1"))

    [tale] = view_of(messages.message(older, second, kind=EventKind.UPDATE), STYLE).tales

    assert tale.notes == ("Gewijzigd bij NOS",)
    assert tale.others[0].name == "NOS (Het eerste bericht)"


def test_what_was_removed_or_added_is_called_so() -> None:
    change = Change(2, (Edit("body", "Weg is weg.", ""), Edit("lead", "", "Dit is nieuw.")))

    shown = text(messages.message(messages.alert(event="correction:x:2", change=change)))

    assert "Tekst - Weg: Weg is weg." in shown
    assert "Inleiding - Nieuw: Dit is nieuw." in shown


@pytest.mark.parametrize(
    ("cause", "intro"),
    [
        (Cause.DIGEST, "Overzicht: 3 verhalen"),
        (Cause.CATCH_UP, "Na een storing: 3 verhalen"),
        (Cause.FIRST_RUN, "Eerste ronde: 3 verhalen die al gepubliceerd waren"),
    ],
)
def test_a_digest_says_why_it_is_one(cause: Cause, intro: str) -> None:
    told = messages.digest()
    told = messages.message(*told.alerts, kind=EventKind.DIGEST, cause=cause)

    lines = text(told).splitlines()

    assert lines[0] == intro
    assert sum(line.startswith("Verhaal") for line in lines) == 3


@pytest.mark.parametrize(
    ("cause", "language", "intro"),
    [
        (Cause.DIGEST, "nl", "Overzicht: 1 verhaal"),
        (Cause.CATCH_UP, "nl", "Na een storing: 1 verhaal"),
        (Cause.FIRST_RUN, "nl", "Eerste ronde: 1 verhaal dat al gepubliceerd was"),
        (Cause.DIGEST, "en", "Digest: 1 story"),
        (Cause.CATCH_UP, "en", "After an outage: 1 story"),
        (Cause.FIRST_RUN, "en", "First round: 1 story that had been published before"),
    ],
)
def test_one_story_is_told_in_the_singular(cause: Cause, language: str, intro: str) -> None:
    told = messages.message(messages.alert(), kind=EventKind.DIGEST, cause=cause)

    assert view_of(told, Style(language, AMSTERDAM)).subject == intro


def test_what_had_been_published_before_the_first_round_is_not_called_urgent() -> None:
    urgent = messages.alert(rule=RuleRef("is", "IS", Priority.HIGH))
    told = messages.message(urgent, kind=EventKind.DIGEST, cause=Cause.FIRST_RUN)

    assert "Spoed" in text(replace(told, cause=Cause.DIGEST))
    assert "Spoed" not in text(told)


def test_overlapping_hits_are_highlighted_once() -> None:
    sentence = "De Islamitische Staat viel."
    quotes = (
        messages.quote("Islamitische", sentence),
        messages.quote("Islamitische Staat", sentence),
        messages.quote("Staat", sentence),
    )

    assert "> De *Islamitische Staat* viel." in text(
        messages.message(messages.alert(quotes=quotes))
    )


def test_many_words_that_hit_are_counted() -> None:
    sentence = " ".join(f"woord{n}" for n in range(12))
    quotes = tuple(messages.quote(f"woord{n}", sentence) for n in range(12))

    shown = text(messages.message(messages.alert(quotes=quotes)))

    assert "woord7, en nog 4 (in de tekst)" in shown


def test_a_terminal_gets_no_commands_from_the_news() -> None:
    evil = "\x1b]0;kaping\x07\x1b[31mrood\x9b2J\u202eomgekeerd\r\nkop"
    stream = io.StringIO()
    console = Console(plan("console"), STYLE, stream)
    told = messages.message(messages.alert(article=messages.alerted(title=evil, outlet=evil)))

    console.prepared(messages.parcel(told))()

    shown = stream.getvalue()
    assert not set(shown) & set("\x1b\x07\x9b\u202e\r")
    assert "rood" in shown


def test_a_terminal_that_is_gone_was_not_told() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(DeliveryError) as caught:
        Console(plan("console"), STYLE, Gone()).prepared(messages.parcel())()

    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("standard_output", [None, "closed"])
def test_a_standard_output_that_is_closed_was_not_told(
    monkeypatch: pytest.MonkeyPatch, standard_output: str | None
) -> None:
    stream = io.StringIO() if standard_output else None
    if stream:
        stream.close()
    monkeypatch.setattr("sys.stdout", stream)

    with pytest.raises(DeliveryError) as caught:
        Console(plan("console"), STYLE).prepared(messages.parcel())()

    assert caught.value.outcome is Outcome.NOT_SENT


def test_a_terminal_of_another_encoding_gets_what_it_can_show() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")

    Console(plan("console"), STYLE, stream).prepared(messages.parcel())()

    assert b"Baghuz" in raw.getvalue()


@given(st.text())
def test_one_line_is_one_line_of_what_can_be_seen(foreign: str) -> None:
    line = one_line(foreign)

    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert one_line(line) == line
    line.encode("utf-8")


@given(st.text(), st.integers(0, 50))
def test_a_cut_text_is_within_its_limit_and_begins_as_it_did(foreign: str, limit: int) -> None:
    short = cut(foreign, limit)

    assert len(short) <= limit
    assert short == foreign or foreign.startswith(short.removesuffix("…"))


@given(st.text(), st.text(), st.sampled_from(Priority))
def test_any_news_can_be_shown(title: str, name: str, priority: Priority) -> None:
    rule = RuleRef("r", name, priority)
    told = messages.alert(rule=rule, article=messages.alerted(title=title, url=title))

    shown = text(messages.message(told))

    assert shown.endswith("\n")
    shown.encode("utf-8")
