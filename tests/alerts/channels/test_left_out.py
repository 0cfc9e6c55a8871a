"""Whatever a message has no place for is announced; headline, rules and link always stand."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import messages
import pytest
from deliverydesk import AMSTERDAM
from forms import FORMS, Rendered, apprise, console, in_turn, mail, slack
from hypothesis import given, settings, strategies as st
from slack_oracle import faults_of

from alerts.alert import ArticleAlert, Change, Edit, EventKind, Notice, RuleRef
from alerts.channels.email.email_message import MOST_HTML
from alerts.channels.slack.slack_blocks import fitting_view, payload_of
from alerts.channels.webhook.webhook_body import body_of, shown_in
from alerts.match import Priority
from alerts.message import Cause, Message
from alerts.rendering.passages import continuation, passages_of, subject_of, title_of
from alerts.rendering.phrases import phrases_of
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of

NL, EN = phrases_of("nl"), phrases_of("en")
URGENT = RuleRef("is", "Islamitische Staat", Priority.HIGH)
Form = Callable[[Message], Rendered]
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def sentence(number: int, words: int = 8) -> str:
    filling = " ".join(f"woord{number}x{each}" for each in range(words))
    return f"Zin {number:03} van het kalifaat {filling}."


def with_sentences(count: int, words: int = 8, **more: object) -> ArticleAlert:
    quoted = tuple(messages.quote("kalifaat", sentence(n, words)) for n in range(count))
    return messages.alert(quotes=quoted, **more)  # type: ignore[arg-type]  # as given


def correction(revision: int, count: int = 1, **more: object) -> ArticleAlert:
    edits = tuple(
        Edit("body", "", f"Herziening {revision:03}: {sentence(n)}") for n in range(count)
    )
    corrected = messages.alerted(title=f"Kop nummer {revision:03}")
    return messages.alert(
        event=f"correction:art_nos:{revision}",
        change=Change(revision, edits),
        article=corrected,
        **more,  # type: ignore[arg-type]  # as given
    )


@pytest.mark.parametrize(
    ("language", "line"), [("nl", "En nog 9 passages."), ("en", "And 9 more passages.")]
)
def test_the_sentences_that_a_message_does_not_show_are_counted_in_it(
    language: str, line: str
) -> None:
    style = Style(language, AMSTERDAM)

    lines = text_of(view_of(messages.message(with_sentences(12)), style), style.words).splitlines()

    assert sum(each.startswith("> ") for each in lines) == 3
    assert line in lines


@each_form
def test_forty_held_updates_of_one_story_come_with_headline_rule_and_link(form: Form) -> None:
    held = [correction(number) for number in range(2, 42)]
    told = messages.message(*held, kind=EventKind.UPDATE)

    shown = form(told)

    for part in (
        "Kop nummer 041",
        "Herziening 041",
        "Val van het kalifaat",
        "nos.example/artikel/1",
    ):
        assert part in shown.text
    counted = sum(each.passages for each in shown.shown)
    assert counted + sum(each.announced for each in shown.shown) == 40
    assert NL.passages.of(40 - counted) in shown.text


@each_form
def test_urgent_news_is_told_whole_in_as_many_messages_as_it_takes(form: Form) -> None:
    told = messages.message(with_sentences(60, words=30, rule=URGENT))

    turns = list(in_turn(told, form))

    together = "".join(turn.text for turn in turns)
    assert [n for n in range(60) if together.count(f"Zin {n:03}") != 1] == []
    assert all("nos.example/artikel/1" in turn.text for turn in turns)
    assert all(URGENT.name in turn.text for turn in turns)
    announced = [turn.shown[0].announced for turn in turns]
    assert announced[-1] == 0
    for turn, rest in zip(turns, announced, strict=True):
        assert (NL.passages_next.of(rest) in turn.text) == bool(rest)


def test_the_messages_that_follow_do_not_name_the_other_outlets_again() -> None:
    told = messages.message(with_sentences(60, words=30, rule=URGENT))

    turns = [turn.text for turn in in_turn(told, slack)]

    assert len(turns) > 1
    assert ["|Trouw>" in text for text in turns] == [True] + [False] * (len(turns) - 1)


def test_news_that_is_not_urgent_is_one_message() -> None:
    assert len(list(in_turn(messages.message(with_sentences(60, words=30)), slack))) == 1


@each_form
def test_each_story_of_a_digest_has_a_sentence_its_rule_and_its_link(form: Form) -> None:
    stories = [
        with_sentences(
            4,
            words=20,
            story=f"sty_{n}",
            rule=RuleRef(f"r{n}", f"Regel nummer {n:02}"),
            article=messages.alerted(f"krant{n:02}", f"Verhaal {n:02} over het kalifaat"),
        )
        for n in range(40)
    ]

    turns = list(in_turn(messages.message(*stories, kind=EventKind.DIGEST), form))

    told = [each.alert for turn in turns for each in turn.shown]
    assert told == [alert.id for alert in stories]
    together = "".join(turn.text for turn in turns)
    for n in range(40):
        for part in (f"Verhaal {n:02}", f"Regel nummer {n:02}", f"krant{n:02}.example/artikel/1"):
            assert part in together
    assert together.count("Zin 000") == 40
    assert together.count(NL.passages.of(3)) == 40
    left = 40
    for turn in turns:
        left -= len(turn.shown)
        assert (NL.stories_next.of(left) in turn.text) == bool(left)


def test_a_digest_shows_of_a_correction_what_changed() -> None:
    told = messages.message(correction(2), kind=EventKind.DIGEST)

    assert "Nieuw: Herziening 002" in console(told).text


def test_a_digest_shows_a_sentence_rather_than_what_the_headline_was() -> None:
    edits = (Edit("title", "Oude kop", "Nieuwe kop"), Edit("body", "", "Dit is nieuw."))
    told = messages.alert(event="correction:x:2", change=Change(2, edits))

    text = console(messages.message(told, kind=EventKind.DIGEST)).text

    assert "Nieuw: Dit is nieuw." in text
    assert NL.passages.of(1) in text


def test_of_several_corrections_the_newest_comes_first_under_its_headline() -> None:
    told = messages.message(correction(2), correction(3), kind=EventKind.UPDATE)

    lines = console(told).text.splitlines()

    assert lines[0] == "Kop nummer 003"
    shown = [line.partition("Herziening ")[2][:3] for line in lines if "Herziening" in line]
    assert shown == ["003", "002"]


def test_a_story_keeps_its_sentences_when_a_correction_comes_in_the_same_message() -> None:
    told = messages.message(with_sentences(1), correction(2), kind=EventKind.DIGEST)

    shown = console(told)

    assert [(each.passages, each.announced) for each in shown.shown] == [(0, 1), (1, 0)]
    assert NL.passages.of(1) in shown.text


def test_a_headline_too_long_for_slacks_headers_stands_whole() -> None:
    title = "Een kop over het kalifaat " * 10
    told = messages.message(messages.alert(article=messages.alerted(title=title)))

    headline = json.loads(slack(told).text)["blocks"][0]["text"]["text"]

    assert headline == f"*{title.strip()}*"


def test_many_rules_are_named_and_what_slack_has_no_room_for_is_counted() -> None:
    rules = [RuleRef(f"r{n}", f"Regel {n:03} " + "over van alles " * 4) for n in range(80)]
    told = messages.message(*(messages.alert(rule=rule) for rule in rules))

    text = slack(told).text

    named = [n for n in range(80) if f"Regel {n:03}" in text]
    assert named == list(range(len(named)))
    assert len(named) > 30
    assert f"en nog {80 - len(named)}" in text


@pytest.mark.parametrize("form", [slack, apprise])
def test_an_address_that_has_no_room_is_said_to_be_too_long(form: Form) -> None:
    url = "https://nos.example/" + "x" * 5000
    told = messages.message(messages.alert(article=messages.alerted(url=url)))

    assert NL.long_address in form(told).text


def test_notices_that_have_no_room_are_counted() -> None:
    notices = tuple(Notice(f"Bron {n:03} is stil", ("Sinds gisteren.",)) for n in range(100))
    told = replace(messages.health(), notices=notices)

    for form in (slack, apprise):
        text = form(told).text
        named = sum(f"Bron {n:03}" in text for n in range(100))
        said = int(text.rpartition("en nog ")[2].split('"')[0].split("\n")[0])
        assert 0 < named < 100
        assert said in {2 * (100 - named), 2 * (100 - named) + 1}


def test_a_mail_ends_before_programs_for_mail_clip_it() -> None:
    stories = [with_sentences(2, story=f"sty_{n}") for n in range(200)]

    turns = list(in_turn(messages.message(*stories, kind=EventKind.DIGEST), mail))

    assert len(turns) > 1
    assert all(len(turn.text.encode()) <= MOST_HTML for turn in turns)
    assert sum(len(turn.shown) for turn in turns) == 200


def test_a_webhook_has_each_correction_and_counts_what_it_leaves_out() -> None:
    beyond = replace(correction(3), change=replace(correction(3).change, left_out=7))  # type: ignore[type-var]  # it has one
    told = messages.message(correction(2, count=12), beyond, kind=EventKind.UPDATE)

    data = json.loads(body_of(told))["data"]
    plain = json.loads(body_of(told, plain=True))["data"]

    assert [change["revision"] for change in data["changes"]] == [3, 2]
    assert data["change"] == data["changes"][-1]
    assert [len(change["edits"]) for change in data["changes"]] == [1, 12]
    assert (data["passages_left_out"], plain["passages_left_out"]) == (7, 9)
    assert [len(change["edits"]) for change in plain["changes"]] == [1, 10]


def test_the_plain_form_of_a_webhook_leaves_stories_to_the_next() -> None:
    stories = [messages.alert(story=f"sty_{n}") for n in range(25)]
    told = messages.message(*stories, kind=EventKind.DIGEST)
    sent, left = [], []
    following: Message | None = told
    while following is not None:
        data = json.loads(body_of(following, plain=True))["data"]
        sent += [story["story"]["id"] for story in data["alerts"]]
        left.append(data["alerts_left_out"])
        following = continuation(following, shown_in(following, plain=True))

    assert sent == [alert.story for alert in stories]
    assert left == [15, 5, 0]
    assert json.loads(body_of(told))["data"]["alerts_left_out"] == 0


SENTENCES = st.lists(st.integers(0, 40), unique=True, max_size=25)
KINDS = st.sampled_from(["story", "copy", "correction"])


@st.composite
def stories(draw: st.DrawFn, number: int) -> list[ArticleAlert]:
    told = []
    for each in range(draw(st.integers(1, 4))):
        kind = draw(KINDS)
        rule = RuleRef(f"r{each}", f"Regel {number}-{each}", draw(st.sampled_from(Priority)))
        found = [sentence(n, draw(st.sampled_from([2, 33]))) for n in draw(SENTENCES)]
        edits = tuple(
            Edit("body", draw(st.sampled_from(["", "Eerst dit."])), text) for text in found
        )
        more = draw(st.sampled_from([0, 0, 5]))
        alert = messages.alert(
            story=f"sty_{number}",
            event="story" if kind == "story" else f"{kind}:art_{each}:{each}",
            rule=rule,
            article=messages.alerted(f"krant{number}", f"Kop {number}."),
            quotes=tuple(messages.quote("kalifaat", text) for text in found),
            change=Change(2, edits or (Edit("title", "a", "b"),), more)
            if kind == "correction"
            else None,
            now=messages.NOW + timedelta(minutes=each),
        )
        told.append(replace(alert, unquoted=more))
    return told


@st.composite
def any_message(draw: st.DrawFn) -> Message:
    kind = draw(st.sampled_from([EventKind.STORY, EventKind.UPDATE, EventKind.DIGEST]))
    count = draw(st.integers(1, 12)) if kind is EventKind.DIGEST else 1
    told = [alert for number in range(count) for alert in draw(stories(number))]
    return messages.message(*told, kind=kind, cause=draw(st.sampled_from(Cause)))


@settings(max_examples=60, deadline=None)
@given(any_message(), st.sampled_from(sorted(FORMS)))
def test_of_any_message_headline_rules_and_link_stand_and_the_numbers_add_up(
    told: Message, name: str
) -> None:
    held = {
        alert.id: sum(
            alert.id in passage.alerts
            for passage in passages_of(entry, title_of(subject_of(entry)))
        )
        for entry in told.entries
        for alert in entry.alerts
    }
    turns = list(in_turn(told, FORMS[name]))

    for entry in told.entries:
        first = next(t for t in turns if any(s.alert == entry.alerts[0].id for s in t.shown))
        assert html.unescape(first.text).count(entry.alerts[0].article.title)  # type: ignore[union-attr]  # has one
        assert all(alert.rule.name in first.text for alert in entry.alerts)
        assert entry.alerts[0].article.url in first.text  # type: ignore[union-attr]  # has one
    seen: dict[str, int] = {}
    for turn in turns:
        for each in turn.shown:
            before = seen.get(each.alert, 0)
            alert = next(alert for alert in told.alerts if alert.id == each.alert)
            beyond = alert.change.left_out if alert.change else alert.unquoted
            beyond = 0 if alert.event.startswith("copy:") else beyond
            assert before + each.passages + each.announced == held[each.alert] + beyond
            seen[each.alert] = before + each.passages
    assert seen.keys() == held.keys()
    for entry in told.entries:
        urgent = any(alert.rule.priority is Priority.HIGH for alert in entry.alerts)
        if urgent and told.cause not in {Cause.FIRST_RUN, Cause.RESTORED}:
            assert all(seen[alert.id] == held[alert.id] for alert in entry.alerts)


@settings(max_examples=40, deadline=None)
@given(any_message(), st.booleans())
def test_each_message_of_a_chain_is_within_slacks_rules(told: Message, plain: bool) -> None:  # noqa: FBT001 - drawn
    following: Message | None = told
    while following is not None:
        view = fitting_view(view_of(following, Style("en", AMSTERDAM)), EN, plain=plain)
        assert faults_of(payload_of(view, EN, plain=plain)) == []
        following = continuation(following, view.shown)
