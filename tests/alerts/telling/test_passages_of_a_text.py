"""Passages: which sentences a rule has found, and when two are one."""

from __future__ import annotations

from hypothesis import given, strategies as st

from alerts.match import Hit, Match
from alerts.telling import key_of, passages_of, sentences_of
from alerts.telling.edits import edits_between
from alerts.telling.likeness import facts_differ, is_alike

BODY = "In Baghuz viel het kalifaat. De burgemeester zweeg.\nHet kalifaat was groot."
WORDS = st.sampled_from(
    [
        "baghuz",
        "brug",
        "kade",
        "raad",
        "12",
        "21",
        "Jansen",
        "Utrecht",
        "niet",
        "en",
        "de",
        "viel",
        "stond",
    ]
)
SENTENCES = st.lists(st.lists(WORDS, min_size=2, max_size=9).map(" ".join), max_size=12)


def match(text: str, *words: str, rule: str = "kalifaat", field: str = "body") -> Match:
    hits = [
        Hit(field, at, at + len(word), word)
        for word in words
        for at in range(len(text))
        if text.startswith(word, at)
    ]
    return Match(rule, "hash", tuple(hits))


def body_of(sentences: list[str]) -> str:
    return "\n".join(f"{sentence}." for sentence in sentences)


def test_a_passage_is_a_sentence_with_a_hit_in_the_order_of_the_text() -> None:
    text = sentences_of("Val van het kalifaat. Wat nu?", "", BODY)

    found = passages_of(
        text, [match(BODY, "kalifaat"), match(text.texts["title"], "kalifaat", field="title")]
    )

    assert [(one.field, one.text) for one in found.values()] == [
        ("title", "Val van het kalifaat. Wat nu?"),
        ("body", "In Baghuz viel het kalifaat."),
        ("body", "Het kalifaat was groot."),
    ]


def test_a_passage_names_every_rule_that_found_it() -> None:
    text = sentences_of("", "", BODY)

    found = passages_of(text, [match(BODY, "kalifaat"), match(BODY, "Baghuz", rule="syrie")])

    assert [sorted(one.rules) for one in found.values()] == [["kalifaat", "syrie"], ["kalifaat"]]


def test_white_space_and_quotation_marks_are_no_difference_and_capitals_are_one() -> None:
    assert key_of('Hij zei:  "Klaar"') == key_of("Hij zei: \u201cKlaar\u201d")
    assert key_of("Wat IS dat") != key_of("Wat is dat")


def test_a_rule_that_found_no_words_has_the_headline_and_the_first_sentence() -> None:
    found = passages_of(sentences_of("Val", "", BODY), [Match("bron", "hash", ())])

    assert [one.text for one in found.values()] == ["Val", "In Baghuz viel het kalifaat."]


@given(SENTENCES)
def test_each_sentence_with_a_hit_is_in_exactly_one_passage(sentences: list[str]) -> None:
    body = body_of(sentences)
    text = sentences_of("", "", body)

    matches = [found] if (found := match(body, "baghuz")).hits else []
    passages = passages_of(text, matches)

    assert {one.text for one in passages.values()} == {
        f"{sentence}." for sentence in sentences if "baghuz" in sentence
    }


CASUALTIES = (
    "Bij het ongeluk op de A2 bij Utrecht vielen dinsdag zeker 12 gewonden, zegt de politie."
)


def alike(one: str, other: str) -> bool:
    return is_alike(one, {"ongeluk"}, other, {"ongeluk"})


def test_another_house_style_is_the_same_passage() -> None:
    assert alike(CASUALTIES, CASUALTIES.replace("zeker", "minstens"))
    assert alike(CASUALTIES, CASUALTIES.replace("12", "twaalf"))


def test_another_number_name_or_negation_is_another_passage() -> None:
    for old, new in (
        ("12", "21"),
        ("Utrecht", "Breukelen"),
        ("vielen", "vielen niet"),
        ("12", "elf"),
    ):
        assert not alike(CASUALTIES, CASUALTIES.replace(old, new))
        assert facts_differ(CASUALTIES, CASUALTIES.replace(old, new))


def test_other_hits_make_another_passage() -> None:
    assert not is_alike(CASUALTIES, {"ongeluk"}, CASUALTIES, {"ongeluk", "politie"})


@given(SENTENCES, SENTENCES)
def test_what_is_changed_or_lost_stood_in_the_old_text_and_is_gone(
    old: list[str], new: list[str]
) -> None:
    before, after = (sentences_of("", "", body_of(each)) for each in (old, new))
    passages = [
        passages_of(each, [match(each.texts["body"], "baghuz")]) for each in (before, after)
    ]

    edits = edits_between(before, after, *passages)

    gone = before.placed(["body"]).keys() - after.placed(["body"]).keys()
    used = [one.old_key for one in (*edits.changed.values(), *edits.lost)]
    assert set(used) <= gone
    assert len(used) == len(set(used))
    assert edits.changed.keys() <= passages[1].keys()
