"""Sentences that are written in two ways and say the same."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from alerts.telling import key_of
from alerts.telling.likeness import facts_differ
from alerts.telling.one_spelling import in_one_spelling

SENTENCE = "De politie van Tiel meldt {} in het verslag."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("het ongeluk om 12.00 uur", "het ongeluk om 12:00 uur"),
        ("het ongeluk om 12.00 uur", "het ongeluk om 12 uur"),
        ("het ongeluk om 08.30 uur", "het ongeluk om 8:30 uur"),
        ("het ongeluk om 12u30", "het ongeluk om 12.30 uur"),
        ("het ongeluk van 8.15 tot 9 uur", "het ongeluk van 8:15 tot 9.00 uur"),
        ("1.250.000 bezoekers", "1 250 000 bezoekers"),
        ("1.000 bezoekers", "1000 bezoekers"),
        ("eenentwintig doden", "21 doden"),
        ("tweeëntwintig doden", "22 doden"),
        ("driehonderd doden", "300 doden"),
        ("anderhalf miljoen", "1,5 miljoen"),
        ("3,2 procent", "3.2 %"),
        ("een schade van € 5,-", "een schade van 5 euro"),
        ("een schade van €5", "een schade van 5,00 euro"),
        ("een schade van € 2,5 mln", "een schade van 2,5 miljoen euro"),
        ("een schade van EUR 3 miljard", "een schade van 3 mld. euro"),
        ("een file van 5 kilometer", "een file van 5km"),
        ("10 - 12 gewonden", "10\u201312 gewonden"),
        ("een man van Al-Qaida", "een man van Al Qaida"),
        ("een tv-programma", "een tv programma"),
        ("geluk - en ongeluk -", "geluk \u2014 en ongeluk \u2014"),
        ("'klaar'.", "\u201cklaar.\u201d"),
        ('"klaar," zei hij', "\u00abklaar\u00bb, zei hij"),
        ("dat de man, die viel, leeft", "dat de man die viel leeft"),
        ("drie  doden ,onder wie een kind", "drie doden, onder wie een kind"),
    ],
)
def test_another_notation_of_the_same_is_no_change(one: str, other: str) -> None:
    first, second = SENTENCE.format(one), SENTENCE.format(other)

    assert key_of(first) == key_of(second)
    assert not facts_differ(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12.30 uur", "12.00 uur"),
        ("12 uur", "12 dagen"),
        ("2-1", "21"),
        ("2-1", "2-2"),
        ("-4 graden", "4 graden"),
        ("1.000 doden", "1.001 doden"),
        ("2,5 procent", "25 procent"),
        ("5 euro", "5 dollar"),
        ("5 miljoen", "5 miljard"),
        ("twintig doden", "21 doden"),
        ("de dood van IS", "de dood van is"),
        ("een aanslag", "geen aanslag"),
    ],
)
def test_another_value_is_a_change(one: str, other: str) -> None:
    assert key_of(SENTENCE.format(one)) != key_of(SENTENCE.format(other))


@pytest.mark.parametrize("sentence", ["De brug is dicht.", "Is de brug dicht?"])
def test_a_sentence_that_is_quoted_as_a_whole_is_the_same(sentence: str) -> None:
    quoted = f"\u201c{sentence}\u201d"

    assert key_of(sentence) == key_of(quoted) == key_of(f"'{sentence}'")
    assert key_of(f"{quoted} of {quoted}") != key_of(f"{sentence} of {sentence}")


@pytest.mark.parametrize(
    "label",
    [
        "LIVE | {}",
        "Liveblog: {}",
        "VIDEO: {}",
        "Update 14.05 uur - {}",
        "UPDATE: {}",
        "Kijk live: {}",
        "{} (video)",
        "{} (update)",
        "{} (+ video)",
        "{} (met foto's)",
    ],
)
def test_the_label_of_a_headline_is_no_news(label: str) -> None:
    headline = "Brug bij Tiel ingestort"

    assert key_of(label.format(headline)) == key_of(headline)


def test_a_word_that_only_looks_like_a_label_stays() -> None:
    assert key_of("Live muziek: brug in Tiel dicht") != key_of("brug in Tiel dicht")
    assert key_of("Video van brug in Tiel") != key_of("van brug in Tiel")


def test_a_question_is_no_claim() -> None:
    assert key_of("Aanslag in Tiel verijdeld?") != key_of("Aanslag in Tiel verijdeld")


@given(st.text(max_size=80))
def test_more_space_between_words_is_no_change(text: str) -> None:
    assert in_one_spelling(text.replace(" ", " \u00a0 ")) == in_one_spelling(text)
