"""An alert keeps so many passages, newest first; those beyond are counted and announced."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

import messages
import pytest
from deliverydesk import article
from forms import FORMS, Rendered, console, mail, slack
from messages import NOW

from alerts.alert import ArticleAlert, Change, Edit, RuleRef
from alerts.channels.webhook.webhook_body import body_of, shown_in
from alerts.match import Hit, Match, Priority
from alerts.message import Message
from alerts.policy.audience import Audience, HeardNews
from alerts.policy.verdict import MOST_EDITS, MOST_QUOTES, MatchedRecord, Told, alerts_of
from alerts.rendering.passages import continuation
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


def long_sentence(words: int, *, hits: Collection[int]) -> str:
    """A sentence without an end, with a hit before each of these words."""
    return " ".join(f"kalifaat w{n}w" if n in hits else f"w{n}w" for n in range(words)) + "."


@pytest.mark.parametrize("form", [slack, console, mail])
def test_a_long_sentence_is_shown_whole(form: Callable[[Message], Rendered]) -> None:
    body = long_sentence(260, hits={1, 258})
    first = told_of("", body)

    shown = form(messages.message(first))

    assert 1400 < len(body) < 1500
    assert [quote.context for quote in first.quotes] == [body, body]
    assert all(f"w{n}w" in shown.text for n in range(260))
    assert "…" not in shown.text
    assert (shown.shown[0].passages, shown.shown[0].announced) == (1, 0)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("hits", [(600,), (3, 600, 1190), tuple(range(10, 1000, 30))])
def test_of_a_very_long_sentence_each_hit_is_visible_or_it_is_counted(
    form: Callable[[Message], Rendered], hits: tuple[int, ...]
) -> None:
    told = messages.message(told_of("", long_sentence(1200, hits=hits)))

    shown = form(told)

    visible = all(f"w{hit}w" in shown.text for hit in hits)
    assert ("…" in shown.text) or shown.shown[0].announced
    assert (visible, NL.passages.of(1) in shown.text) in {(True, False), (False, True)}
    assert shown.shown[0].announced == (not visible)


def test_in_a_sentence_that_is_cut_the_hits_are_marked_and_nothing_else() -> None:
    first = told_of("", long_sentence(3000, hits=range(5, 3000, 70)))

    [line] = [one for one in console(messages.message(first)).text.splitlines() if ">" in one]

    assert line.split("*")[1::2] == ["kalifaat"] * len(first.quotes)
    assert all(len(quote.context) < 1600 for quote in first.quotes)
    assert all(
        quote.context[quote.at :].startswith(quote.text) and quote.context.endswith("…")
        for quote in first.quotes
    )


def test_a_correction_for_which_slack_has_no_room_counts_as_announced() -> None:
    edit = Edit("body", "", long_sentence(600, hits={599}), "key")
    told = messages.alert(event="correction:x:2", change=Change(2, (edit,)))

    shown = slack(messages.message(told))

    assert NL.passages.of(1) in shown.text
    assert [(one.passages, one.announced, one.keys) for one in shown.shown] == [(0, 1, ())]


def test_a_webhook_that_was_refused_goes_on_with_each_hit_in_its_sentence() -> None:
    told = messages.message(told_of("", long_sentence(200, hits={150})))

    [hit] = json.loads(body_of(told, plain=True))["data"]["hits"]

    assert "kalifaat w150w" in hit["context"]
    assert (hit["context"][0], hit["context"][-1]) == ("…", "…")
    assert len(hit["context"]) <= 300


def test_a_correction_cut_in_a_refused_webhook_counts_as_left_out() -> None:
    edit = Edit("body", "", long_sentence(200, hits={150}), "key")
    told = messages.message(
        messages.alert(event="correction:x:2", change=Change(2, (edit,)), quotes=())
    )

    assert json.loads(body_of(told, plain=True))["data"]["passages_left_out"] == 1
    assert [one.keys for one in shown_in(told, plain=True)] == [()]
    assert [one.keys for one in shown_in(told)] == [("key",)]


def test_what_an_urgent_message_shows_in_part_does_not_come_again() -> None:
    edit = Edit("body", "", long_sentence(600, hits={599}), "key")
    change = Change(2, (edit, Edit("body", "", "Kort.", "short")))
    told = messages.message(messages.alert(event="correction:x:2", change=change, rule=URGENT))

    assert continuation(told, slack(told).shown) is None


def told_of(before: str, after: str, told: Collection[str] = ()) -> ArticleAlert:
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
