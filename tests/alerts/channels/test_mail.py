"""Mail: what is written reads back, in two parsers, whatever is in the news."""

from __future__ import annotations

import email
import re
from email import charset, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import messages
import pytest
from deliverydesk import AMSTERDAM
from fast_mail_parser import parse_email
from hypothesis import given, strategies as st

from alerts.alert import RuleRef
from alerts.channels.email.email_message import MOST_SUBJECT, Postmark, mail_of, mailed_view
from alerts.match import Priority
from alerts.message import Message
from alerts.rendering.clean import one_line
from alerts.rendering.tale import Style

STYLE = Style("nl", AMSTERDAM)
POSTMARK = Postmark("Nieuwswacht België <wacht@example.org>", "analist-mail")
LONG_DUTCH = (
    "Coördinator reünie: ‘geïnteresseerde coöperatie’ noemt privé-initiatief één grote "
    "illusie – financiële crisis treft ook België, zeeën van ruimte en knieën vol eczeem, "
    "aldus de vroegere hoofdredacteur van het weekblad in een open brief aan de ministers; "
    "naïeve Oekraïense cliënten eisen compensatie en dreigen met een reëel proces dat jaren duurt"
)


def written(told: Message, *, plain: bool = False, target: str = "an@example.org") -> bytes:
    parcel = messages.parcel(told, plain=plain, target=target)
    return mail_of(parcel, mailed_view(parcel, STYLE), STYLE, POSTMARK)


def read(told: Message, **more: bool) -> EmailMessage:
    parsed = email.message_from_bytes(written(told, **more), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def titled(title: str, **more: object) -> Message:
    return messages.message(messages.alert(article=messages.alerted(title=title, **more)))


@pytest.mark.parametrize("told", messages.every_kind(), ids=lambda told: told.kind.value)
def test_every_kind_of_message_is_text_first_and_html_beside_it(told: Message) -> None:
    mail = read(told)

    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.defects == []


def test_the_headers_say_who_what_and_which_list() -> None:
    mail = read(messages.message())

    assert mail["From"] == POSTMARK.sender
    assert mail["To"] == "an@example.org"
    assert mail["Subject"] == f"[Nieuwswacht] {messages.TITLE}"
    assert mail["Message-ID"] == "<dlv_0123456789abcdef01234567@example.org>"
    assert mail["List-Id"] == "Nieuwswacht <analist-mail.nieuwswacht.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["References"] is None
    assert mail["Date"].datetime == messages.NOW


def test_a_mail_is_written_the_same_whatever_a_library_makes_the_default() -> None:
    before = written(messages.message())
    usual = charset.CHARSETS["utf-8"]
    try:
        charset.add_charset("utf-8", charset.QP, charset.QP, "utf-8")
        after = written(messages.message())
    finally:
        charset.CHARSETS["utf-8"] = usual

    assert parts(after) == parts(before)
    assert b"quoted-printable" not in after


def parts(mail: bytes) -> list[bytes]:
    """The lines of a mail without those that bound its parts: they are random."""
    return [line for line in mail.splitlines() if b"====" not in line]


def test_an_update_refers_to_the_first_mail_about_the_story() -> None:
    mail = read(messages.correction())

    assert (mail["References"], mail["In-Reply-To"]) == ("<dlv_root@example.org>",) * 2
    assert mail["Subject"] == f"[Nieuwswacht] Vervolg: {messages.TITLE}"


def test_urgent_news_is_marked() -> None:
    urgent = messages.alert(rule=RuleRef("is", "IS", Priority.HIGH))

    mail = read(messages.message(urgent))

    assert mail["Importance"] == "high"
    assert mail["Subject"].startswith("[Nieuwswacht] Spoed: ")


def test_the_text_says_what_a_journalist_wants_to_know() -> None:
    text = read(messages.message()).get_body(("plain",)).get_content()  # type: ignore[union-attr]  # is there

    quoted = messages.SENTENCE.replace("Baghuz", "*Baghuz*").replace("kalifaat", "*kalifaat*")
    assert text.splitlines() == [
        messages.TITLE,
        "NOS, ma 23 nov 2026, 09:48",
        f"> {quoted}",
        "Ook bij AD, Trouw",
        "Regel: Val van het kalifaat",
        "Waarom: Baghuz, kalifaat (in de tekst)",
        "https://nos.example/artikel/1",
    ]


def test_the_html_shows_a_correction_word_by_word() -> None:
    html = read(messages.correction()).get_body(("html",)).get_content()  # type: ignore[union-attr]  # is there

    assert re.search(r"<ins[^>]*>vrijwel</ins>", html)
    assert re.search(r"<del[^>]*>is</del>", html)
    assert re.search(r"<ins[^>]*>lijkt</ins>", html)


def test_html_of_the_news_is_text_in_the_html() -> None:
    told = titled("<script>alert(1)</script>", url="https://x.example/?a='\"><b>&c")

    html = read(told).get_body(("html",)).get_content()  # type: ignore[union-attr]  # is there

    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<b>" not in html


def test_english_is_for_the_asking() -> None:
    parcel, english = messages.parcel(target="a@b.org"), Style("en", AMSTERDAM)
    mail = mail_of(parcel, mailed_view(parcel, english), english, POSTMARK)

    text = email.message_from_bytes(mail, policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]  # is there

    assert "NOS, Mon 23 Nov 2026, 09:48" in text
    assert "Also at AD, Trouw" in text


def test_a_line_end_in_a_headline_makes_no_header() -> None:
    mail = read(titled("Kop\r\nBcc: ieder@example.org\u2028X-Kwaad: ja\nTweede"))

    assert mail["Bcc"] is None
    assert mail["X-Kwaad"] is None
    assert mail["Subject"] == "[Nieuwswacht] Kop Bcc: ieder@example.org X-Kwaad: ja Tweede"


@pytest.mark.parametrize("title", [LONG_DUTCH, "é" * 300, "a " * 150, "😀" * 200, "x" * 290])
def test_long_subjects_read_back_in_two_parsers(title: str) -> None:
    raw = written(titled(title))

    expected = f"[Nieuwswacht] {one_line(title)}"
    subject = str(make_header(decode_header(email.message_from_bytes(raw)["Subject"])))
    other = parse_email(raw)
    for found in (subject, other.subject):
        assert len(found) <= MOST_SUBJECT
        assert expected.startswith(found.removesuffix("…"))
    assert other.subject == subject


def test_no_line_is_longer_than_smtp_allows() -> None:
    raw = written(titled("woord" * 3000, lead="x" * 100_000))

    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert raw.isascii()


WORDS = st.text(max_size=200) | st.text(
    alphabet="é ë ïa‘’–zo\t\r\n\x00\x1b\ud800\u202e😀=?_", max_size=400
)


@given(WORDS, WORDS, st.booleans())
def test_any_news_reads_back(title: str, sentence: str, plain: bool) -> None:  # noqa: FBT001 - drawn
    sentence = f"{sentence}kalifaat{sentence}"
    told = messages.message(
        messages.alert(
            article=messages.alerted(title=title),
            quotes=(messages.quote(sentence=sentence),),
        )
    )

    raw = written(told, plain=plain)

    other = parse_email(raw)
    headline = one_line(title) or "https://nos.example/artikel/1"
    subject = f"[Nieuwswacht] {headline}"
    mine = str(make_header(decode_header(email.message_from_bytes(raw)["Subject"])))
    assert mine == other.subject
    if len(subject) <= MOST_SUBJECT:
        assert mine.split() == subject.split()
    assert headline.split() == other.text_plain[0].splitlines()[0].split()


def test_the_plain_form_is_text_alone() -> None:
    mail = read(messages.message(), plain=True)

    assert mail.get_content_type() == "text/plain"
