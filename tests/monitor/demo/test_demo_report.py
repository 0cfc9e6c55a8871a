"""The report shows what happened, and nothing that a foreign text could slip in."""

import io
import json
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, strategies as st
from rich.console import Console, RenderableType

from alerts.alert import Quote
from monitor.demo.receivers.drawn_messages import (
    mail_message,
    mrkdwn_text,
    slack_message,
    webhook_message,
)
from monitor.demo.report import (
    Excerpt,
    FoundStory,
    Passed,
    excerpt_text,
    excerpts_of,
    heading,
    merged_excerpts,
    readings_table,
    stories_found,
    traps_table,
)
from monitor.demo.tally import OutletReading

SENTENCE = "Hier is het dat van IS in Syrië."
NASTY = "\x1b[31m[/]\x07\u202e[bold]rood[/bold]\x9b2J"


def drawn(part: RenderableType, *, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(part)
    return console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO


def assert_tame(text: str) -> None:
    assert not any(char in text for char in "\x1b\x07\x9b\u202e")


def test_a_hit_is_highlighted_in_its_sentence() -> None:
    excerpt = Excerpt("title", "IS verliest Baghuz", ((0, 2), (12, 18)))
    text = excerpt_text(excerpt)
    lit = [text.plain[span.start : span.end] for span in text.spans if "yellow" in str(span.style)]
    assert lit == ["IS", "Baghuz"]
    assert excerpt_text(excerpt, marks=True).plain == "headline «IS» verliest «Baghuz»"


def test_overlapping_hits_are_shown_as_one() -> None:
    excerpt = Excerpt("body", "het IS-kalifaat viel", ((4, 6), (4, 15), (7, 15)))
    assert excerpt_text(excerpt, marks=True).plain == "text     het «IS-kalifaat» viel"


def test_two_rules_that_quote_one_sentence_show_it_once() -> None:
    quoted = [
        Excerpt("lead", "SDF in Baghuz", ((0, 3),)),
        Excerpt("lead", "SDF in Baghuz", ((7, 13), (0, 3))),
        Excerpt("body", "SDF in Baghuz", ((0, 3),)),
    ]
    assert merged_excerpts(quoted) == (
        Excerpt("lead", "SDF in Baghuz", ((0, 3), (7, 13))),
        Excerpt("body", "SDF in Baghuz", ((0, 3),)),
    )


def test_the_quotes_of_an_alert_become_excerpts() -> None:
    hits = (("IS", 120, 20), ("Syrië", 126, 26))
    quotes = [
        Quote(field="body", start=start, end=start + len(text), text=text, context=SENTENCE, at=at)
        for text, start, at in hits
    ]
    (excerpt,) = excerpts_of(quotes)
    assert (
        excerpt_text(excerpt, marks=True).plain == "text     Hier is het dat van «IS» in «Syrië»."
    )


@given(
    text=st.text(max_size=60),
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple)),
)
def test_any_text_and_spans_can_be_shown(text: str, spans: list[tuple[int, int]]) -> None:
    shown = excerpt_text(Excerpt("body", text, tuple(spans))).plain
    assert_tame(shown)
    assert "\n" not in shown


def test_a_story_names_headline_outlets_rules_and_what_followed() -> None:
    story = FoundStory(
        title="Val van Baghuz",
        outlets=("Peilpunt", "Dagblad Drieplassen"),
        rules=("kalifaat", "sdf"),
        excerpts=(Excerpt("title", "Val van Baghuz", ((8, 14),)),),
        events=("told at once", "a copy joined"),
    )
    text = drawn(stories_found([story], marks=True))
    for part in ("Val van «Baghuz»", "Peilpunt, Dagblad", "kalifaat, sdf", "→ told at once"):
        assert part in text


def test_a_trap_says_why_and_a_failure_stands_out() -> None:
    held = Passed(outlet="Krant", title="IBIS-hotel", trap="a look-alike")
    fell = Passed(outlet="Krant", title="FIS", trap="a look-alike", matched=("sdf",))
    text = drawn(traps_table([held, fell]))
    assert "✓" in text
    assert "a look-alike" in text
    assert "matched sdf, and should not have" in text


def test_readings_show_every_count() -> None:
    reading = OutletReading(
        outlet="Omroep",
        listings="RSS",
        polls=11,
        unchanged=22,
        pages=33,
        walled=44,
        failed=55,
        remark="soft hyphens",
    )
    text = drawn(readings_table([reading]))
    for part in ("Omroep", "RSS", "soft hyphens", "11", "22", "33", "44", "55"):
        assert part in text


@pytest.mark.parametrize(
    "part",
    [
        heading(NASTY),
        stories_found(
            [
                FoundStory(
                    title=NASTY,
                    outlets=(NASTY,),
                    rules=(NASTY,),
                    excerpts=(Excerpt("title", NASTY, ((2, 9),)),),
                    events=(NASTY,),
                )
            ]
        ),
        traps_table(
            [
                Passed(outlet=NASTY, title=NASTY, trap=NASTY),
                Passed(outlet=NASTY, title=NASTY, trap=NASTY, matched=(NASTY,)),
            ]
        ),
        slack_message(
            {
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": NASTY}},
                    {"type": "section", "text": {"type": "mrkdwn", "text": f"*{NASTY}*"}},
                ]
            },
            channel=NASTY,
        ),
        webhook_message({"webhook-id": NASTY}, json.dumps([NASTY]).encode(), verdict=NASTY),
        webhook_message({}, NASTY.encode(), verdict="valid"),
    ],
)
def test_foreign_text_cannot_speak_to_the_terminal(part: RenderableType) -> None:
    text = drawn(part)
    assert_tame(text)
    assert "[bold]rood[/bold]" in text


def test_slack_is_drawn_as_a_person_sees_it() -> None:
    payload: dict[str, Any] = {
        "text": "fallback",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Baghuz <gevallen>"}},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "*IS* in _Syrië_ &amp; Irak"},
                "fields": [{"type": "mrkdwn", "text": "*Regel* kalifaat"}],
                "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Lees"}},
            },
            {"type": "divider"},
            {
                "type": "context",
                "elements": [
                    {"type": "mrkdwn", "text": "Peilpunt"},
                    {"type": "image", "image_url": "https://example.org/i.png"},
                    {"type": "mrkdwn", "text": "<https://example.org/a|bron>"},
                ],
            },
            {
                "type": "actions",
                "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Open"}}],
            },
        ],
    }
    text = drawn(slack_message(payload, channel="redactie"))
    for part in (
        *("Slack #redactie", "Baghuz <gevallen>", "IS in Syrië & Irak", "Regel kalifaat"),
        *("Lees", "Peilpunt", "bron", "Open"),
    ):
        assert part in text
    assert "fallback" not in text
    assert "https://" not in text


def test_a_slack_message_without_blocks_is_its_text() -> None:
    assert "alleen tekst" in drawn(slack_message({"text": "alleen tekst"}, channel="x"))


@pytest.mark.parametrize(
    ("mrkdwn", "plain"),
    [
        ("*vet* en _schuin_ en ~weg~ en `code`", "vet en schuin en weg en code"),
        ("2 * 3 * 4 en snake_case_naam", "2 * 3 * 4 en snake_case_naam"),
        ("<https://example.org/a?b=c|de *bron*>", "de *bron*"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("*<https://example.org/a|bron>*", "bron"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
        ("<!channel>", "<!channel>"),
        ("anti\u200b*IS*\u200bcoalitie", "antiIScoalitie"),
        ("> citaat van *IS*\n&gt; geen citaat", "▎ citaat van IS\n> geen citaat"),
    ],
)
def test_mrkdwn_loses_its_marks_and_keeps_its_words(mrkdwn: str, plain: str) -> None:
    assert mrkdwn_text(mrkdwn).plain == plain


def test_a_mail_shows_its_headers_and_its_text_part() -> None:
    message = EmailMessage()
    message["Subject"] = "Val van Baghuz"
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Message-ID"], message["List-Id"] = "<1@example.org>", "<desk.example.org>"
    message["X-Mailer"] = "not shown"
    message.set_content(f"Regel: kalifaat\n\nSyrië {NASTY}")
    message.add_alternative("<p>html</p>", subtype="html")
    text = drawn(mail_message(message))
    for part in ("Val van Baghuz", "<1@example.org>", "<desk.example.org>", "Regel: kalifaat"):
        assert part in text
    assert "text/plain and text/html" in text
    assert "not shown" not in text
    assert_tame(text)


def test_a_webhook_shows_headers_verdict_and_json_with_its_long_parts_cut() -> None:
    body = json.dumps(
        {
            "type": "alert.story",
            "data": {"lead": "x" * 500, "rules": [*"abcdefgh"], "hits": [{"text": "IS"}] * 9},
        }
    ).encode()
    headers = {"webhook-id": "dlv_1", "webhook-signature": "v1,abc", "host": "not shown"}
    text = drawn(webhook_message(headers, body, verdict="valid"))
    for part in (
        *("dlv_1", "v1,abc", '"type": "alert.story"', "signature: valid", "x…"),
        *('"a"', '"h"', "… and 7 more"),
    ):
        assert part in text
    assert "not shown" not in text
