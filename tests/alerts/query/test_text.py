"""Text made uniform, and the way back to the text as it was given."""

from itertools import pairwise

import pytest
from awkward import AWKWARD
from hypothesis import given

from alerts.query.normal import normalise


@pytest.mark.parametrize(
    ("given_text", "uniform"),
    [
        ("Syrie\u0308", "Syrië"),
        ("kali\u00adfaat", "kalifaat"),
        ("kali\u200bfa\u200dat\ufeff", "kalifaat"),
        ("IS’ers IS‘ers IS\u02bcers IS`ers", "IS'ers IS'ers IS'ers IS'ers"),
        ("F\u201016 F\u201116 F\u201316", "F-16 F-16 F-16"),
        ("Syri&euml; Syri&#235; Syri&#xEB; Syri&#xeb;", "Syrië Syrië Syrië Syrië"),
        ("Syri&amp;euml; Syri&amp;amp;euml;", "Syrië Syrië"),
        ("e&#776; e\u00ad\u0308", "ë ë"),
        ("IS&nbsp;strijders", "IS\u00a0strijders"),
        ("AT&T; &onzin; &", "AT&T; &onzin; &"),
        ("&amp; &amp;amp;", "& &"),
        ("&#0; &#xD800; &#1114112;", "\ufffd \ufffd \ufffd"),
        ("a—b", "a—b"),
        ("Syri\u0451ganger k\u0430lif\u0430\u0430t \u0406S-vrouw", "Syriëganger kalifaat IS-vrouw"),
        (
            "\u0421\u0418\u0420\u0418\u042f \u043e\u043d\u0430",
            "\u0421\u0418\u0420\u0418\u042f \u043e\u043d\u0430",
        ),
        ("Ban\u0438a \u03bcm m\u0438", "Ban\u0438a \u03bcm m\u0438"),
    ],
)
def test_ways_of_writing_become_one(given_text: str, uniform: str) -> None:
    assert normalise(given_text).text == uniform


@pytest.mark.parametrize(
    ("given_text", "word", "stretch"),
    [
        ("In Syrie\u0308.", "Syrië", "Syrie\u0308"),
        ("In Syri&euml;.", "Syrië", "Syri&euml;"),
        ("\u00adhet kali\u00adfaat\u00ad viel", "kalifaat", "kali\u00adfaat"),
        ("&#235;&#235; kalifaat", "kalifaat", "kalifaat"),
        ("IS&nbsp;viel", "IS", "IS"),
        ("IS&nbsp;viel", "viel", "viel"),
    ],
)
def test_a_word_leads_back_to_its_place_in_the_text_as_given(
    given_text: str, word: str, stretch: str
) -> None:
    plain = normalise(given_text)
    at = plain.text.index(word)

    start, end = plain.original(at, at + len(word))

    assert given_text[start:end] == stretch


@given(AWKWARD)
def test_offsets_lead_back_into_the_text_in_order(text: str) -> None:
    plain = normalise(text)
    spans = [plain.original(at, at + 1) for at in range(len(plain.text))]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one <= other for one, other in pairwise(spans))


@given(AWKWARD)
def test_what_is_uniform_stays_as_it_is(text: str) -> None:
    once = normalise(text, entities=False).text

    assert normalise(once, entities=False).text == once


def test_a_long_row_of_entities_takes_no_longer_than_its_length() -> None:
    for row in ("&" * 200_000, "&amp;" * 50_000, "&#" * 100_000, "\u0308\u0323" * 50_000):
        assert len(normalise(row).text) <= len(row)
