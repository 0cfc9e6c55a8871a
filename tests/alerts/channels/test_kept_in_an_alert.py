"""An alert keeps so many passages, newest first; those beyond are counted and announced."""

from __future__ import annotations

from collections.abc import Collection

import messages
import pytest
from deliverydesk import article
from forms import console
from messages import NOW

from alerts.alert import Alert, RuleRef
from alerts.match import Hit, Match, Priority
from alerts.policy.audience import Audience, HeardNews
from alerts.policy.verdict import MOST_EDITS, MOST_QUOTES, MatchedRecord, Told, alerts_of
from alerts.rendering.phrases import phrases_of
from alerts.telling import Receiver, news_for, read_text
from crawler.model import LogRecord, Revision, Story

NL = phrases_of("nl")
URGENT = RuleRef("is", "Islamitische Staat", Priority.HIGH)


def sentence(number: int) -> str:
    return f"Zin {number:03} van het kalifaat woord{number}x woord{number}y woord{number}z."


def test_passages_beyond_those_an_alert_keeps_are_counted() -> None:
    body = " ".join(sentence(n) for n in range(MOST_QUOTES + 30))

    first = told_of("", body)

    assert (len(first.quotes), first.unquoted) == (MOST_QUOTES, 30)
    shown = console(messages.message(first))
    assert NL.passages.of(30) in shown.text
    assert shown.shown[0].announced == 30


@pytest.mark.parametrize("grows", ["at its top", "at its end"])
def test_of_a_live_blog_the_newest_paragraph_is_told_first(grows: str) -> None:
    def blog(count: int) -> str:
        numbers = range(count) if grows == "at its end" else reversed(range(count))
        return "\n".join(f"{sentence(n)} Meer volgt, bij item {n}." for n in numbers)

    change = told_of(blog(5), blog(20), told={"is"}).change

    assert change is not None
    assert [edit.after[4:7] for edit in change.edits] == [f"{n:03}" for n in range(19, 4, -1)]


def test_a_paragraph_is_read_from_its_beginning_wherever_it_was_added() -> None:
    old, new = "Alles over het kalifaat begint hier.", f"{sentence(1)} {sentence(2)}"

    change = told_of(old, f"{old}\n{new}", told={"is"}).change

    assert change is not None
    assert [edit.after[4:7] for edit in change.edits] == ["001", "002"]


def test_edits_beyond_those_an_alert_keeps_are_counted() -> None:
    body = " ".join(sentence(n) for n in range(MOST_EDITS + 20))

    update = told_of("Nog niets.", body, told={"is"})

    assert update.change is not None
    assert (len(update.change.edits), update.change.left_out) == (MOST_EDITS, 20)
    assert NL.passages.of(20) in console(messages.message(update)).text


def told_of(before: str, after: str, told: Collection[str] = ()) -> Alert:
    """The alert about a text and the one before it, to a receiver of one urgent rule."""
    found = article(body=after)
    revisions = [
        Revision(
            article=found.id,
            number=number,
            seq=number,
            seen=NOW,
            title=found.title,
            lead="",
            body=body,
            text_hash=body,
        )
        for number, body in ((1, before), (2, after))
    ]
    record = LogRecord(
        seq=2,
        article=found,
        revision=revisions[1],
        previous=revisions[0] if before else None,
        story=Story("sty_1", (found.id,)),
    )
    matches = tuple(
        Match("is", "", tuple(Hit("body", at, at + 8, "kalifaat") for at in places))
        for places in (_places(after, "kalifaat"), _places(before, "kalifaat"))
        if places
    )
    text = read_text(record, matches[:1], matches[1:])
    heard = HeardNews(
        Audience(Receiver("desk"), None, frozenset({"is"})), news_for(text, {}, {"is"})
    )
    reading = MatchedRecord(record, matches[:1], matches[1:])
    return alerts_of(reading, text, {"is": URGENT}, [heard], Told(told, NOW))["is"]


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]
