"""The difference between two texts, as a reader would mark it."""

from __future__ import annotations

from hypothesis import given, strategies as st

from crawler.stories.diff import PieceKind, readable, sentence_diff, sentences
from crawler.text.comparable import comparable

TEXT = (
    "Bij een aanval op het kamp vielen dinsdag 12 doden. De SDF zegt dat IS is verslagen.\n\n"
    "Volgens dr. J. van den Berg is dat o.a. te danken aan de raad. „Wij gaan door”, zei hij."
)
WORDS = st.sampled_from(
    ["de", "SDF", "nam", "12", "in", ".", "!", "dr.", "IS", "„Nee”", "zij", "\n"]
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)


def shown(old: str, new: str) -> list[str]:
    return [readable(change) for change in sentence_diff(old, new)]


def test_a_corrected_number_is_shown_within_its_sentence() -> None:
    assert shown(TEXT, TEXT.replace("12", "21")) == [
        "Bij een aanval op het kamp vielen dinsdag [12 → 21] doden."
    ]


def test_words_put_in_and_taken_out_are_marked() -> None:
    new = TEXT.replace("IS is", "IS niet is").replace(" o.a.", "")
    assert shown(TEXT, new) == [
        "De SDF zegt dat IS [+niet+] is verslagen.",
        "Volgens dr. J. van den Berg is dat [-o.a.-] te danken aan de raad.",
    ]


def test_whole_sentences_come_and_go() -> None:
    new = TEXT.replace(" De SDF zegt dat IS is verslagen.", "") + " Morgen is er overleg."
    assert shown(TEXT, new) == [
        "[-] De SDF zegt dat IS is verslagen.",
        "[+] Morgen is er overleg.",
    ]


def test_a_sentence_put_elsewhere_is_no_difference() -> None:
    first, second = TEXT.split("\n\n")
    assert sentence_diff(TEXT, f"{second}\n\n{first}") == []


def test_an_edit_is_found_although_its_sentence_was_moved() -> None:
    first, second = TEXT.split("\n\n")
    assert shown(TEXT, f"{second} {first.replace('12', '21')}") == [
        "Bij een aanval op het kamp vielen dinsdag [12 → 21] doden."
    ]


def test_counters_paragraphs_and_quotation_marks_are_no_difference() -> None:
    new = TEXT.replace("„", '"').replace("”", '"').replace("\n\n", " ") + "\n\n12 reacties"
    assert sentence_diff(TEXT, new) == []


def test_a_text_written_anew_is_shown_as_gone_and_come() -> None:
    old = " ".join(f"De oude zin nummer {n} stond er." for n in range(300))
    new = " ".join(f"Er staat nu regel {n} in." for n in range(300, 600))
    changes = sentence_diff(old, new)
    assert [bool(change.old) for change in changes] == [True] * 300 + [False] * 300


def test_a_number_deep_in_a_long_text_is_found() -> None:
    # given a live page with more sentences than are compared with each other
    old = " ".join(f"Bericht {n} telt {n} regels." for n in range(4000))
    # when it gets a sentence at its head, and a correction far below
    new = "Het is stil." + f" {old}".replace("3000 telt 3000", "3000 telt 12")

    assert shown(old, new) == ["[+] Het is stil.", "Bericht 3000 telt [3000 → 12] regels."]


def test_abbreviations_and_initials_end_no_sentence() -> None:
    assert sentences("Volgens mr. A. de Wit e.a. is dat zo. 's Avonds niet. Om 14.30 uur wel.") == [
        "Volgens mr. A. de Wit e.a. is dat zo.",
        "'s Avonds niet.",
        "Om 14.30 uur wel.",
    ]


def test_a_quotation_ends_with_its_mark() -> None:
    assert sentences("„Het is voorbij.” De man zweeg. (Hij huilde.) ‘Echt?’ Ja!") == [
        "„Het is voorbij.”",
        "De man zweeg.",
        "(Hij huilde.)",
        "‘Echt?’",
        "Ja!",
    ]


@given(st.one_of(st.text(), TEXTS))
def test_sentences_are_the_text(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert sentence_diff(text, text) == []


@given(st.one_of(st.text(), TEXTS), st.one_of(st.text(), TEXTS))
def test_the_pieces_of_a_change_make_its_two_sentences(old: str, new: str) -> None:
    for change in sentence_diff(old, new):
        sides = {
            side: "".join(p.text for p in change.pieces if p.kind in {side, PieceKind.KEPT})
            for side in (PieceKind.DELETED, PieceKind.INSERTED)
        }
        assert sides == {PieceKind.DELETED: change.old, PieceKind.INSERTED: change.new}
        assert readable(change)


@given(TEXTS, TEXTS)
def test_what_differs_is_told_of_both_sides(old: str, new: str) -> None:
    changes = sentence_diff(old, new)
    gone = sorted(comparable(text) for text in sentences(old))
    for change in changes:
        if change.old:
            gone.remove(comparable(change.old))
    come = sorted(comparable(text) for text in sentences(new))
    for change in changes:
        if change.new:
            come.remove(comparable(change.new))
    assert [text for text in gone if text] == [text for text in come if text]
