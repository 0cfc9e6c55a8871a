from __future__ import annotations

from hypothesis import given, strategies as st
from story_corpus import Piece

from crawler.stories.templates import (
    NAME,
    Agreement,
    agreement,
    clauses,
    may_differ,
    names,
    slots,
)

TOKENS = st.sampled_from(
    [
        "de",
        "Twee",
        "Maandag",
        "Jan",
        "van",
        "Piet",
        "12",
        "3D",
        "IS",
        "A27",
        "Een",
        "élan",
        ".",
        ",",
    ]
)


def agree(one: str, other: str) -> Agreement:
    return agreement(slots(one), slots(other))


def test_the_same_mould_with_other_values_differs_throughout() -> None:
    one = "In Assen wordt het maandag 14 graden. De wind is matig, kracht 4."
    other = "In Goes wordt het dinsdag 23 graden. De wind is matig, kracht 2."
    assert agree(one, other) == Agreement(shared=4, differing=4, names=2)


def test_a_corrected_number_is_one_difference_among_many() -> None:
    text = "Bij de brand in Almelo vielen 12 gewonden. In Hengelo stonden 4 wagens klaar."
    found = agree(text, text.replace("12", "21"))
    assert (found.differing, found.names) == (1, 0)
    assert found.shared == 4


def test_the_stop_of_an_abbreviation_makes_no_difference() -> None:
    text = "Volgens mw. Jansen vielen er 12 gewonden in Almelo. Dat zei jhr. Van Rijn vrijdag."
    found = agree(text, text.replace("12", "21"))
    assert (found.differing, found.names) == (1, 0)
    assert found.shared == 4


def test_a_new_headline_leaves_the_surroundings_of_the_text_alone() -> None:
    body = "De trein uit Meppel had 40 minuten vertraging door een storing bij Assen."
    before, after = f"Storing bij Assen\n{body}", f"Reizigers boos\n{body}"
    assert agree(before, after).differing == 0
    assert agree(before, after).shared >= 3


def test_a_changed_neighbour_leaves_a_surrounding_in_place() -> None:
    found = agree("Koen Bakema opende na 3 minuten.", "Jesse Vonk opende na 3 minuten.")
    assert found == Agreement(shared=2, differing=1, names=1)


def test_a_number_in_words_is_the_number() -> None:
    assert agree("Er vielen twaalf doden bij", "Er vielen 12 doden bij").differing == 0


def test_nothing_shared_is_nothing_differing() -> None:
    assert agree("", "Drie mensen").differing_share == 0.0


def test_names_leave_out_the_capital_of_a_sentence() -> None:
    found = names("Volgens Merel Toonstra is het rustig. Niemand ging naar Deir ez-Zor.")
    assert found == {"volgens merel toonstra", "deir"} | {"zor"}


def test_a_copy_of_a_wire_agrees_with_itself(wire: Piece) -> None:
    text = "\n".join(wire.paragraphs)
    found = agree(text, text)
    assert found.differing == 0
    assert found.shared > 10


@given(st.lists(TOKENS, max_size=25).map(" ".join))
def test_names_are_the_values_that_a_slot_holds_as_a_name(text: str) -> None:
    held = [values for context, values in slots(text).items() if context[len(context) // 2] == NAME]
    assert names(text) == frozenset().union(*held)


@given(st.lists(TOKENS, max_size=12), st.lists(TOKENS, max_size=12), st.lists(TOKENS, max_size=12))
def test_values_that_differ_are_seen_in_the_clauses_that_are_not_in_both(
    shared: list[str], mine: list[str], theirs: list[str]
) -> None:
    one, other = (" ".join([*shared, ".", *own, ".", *shared]) for own in (mine, theirs))
    if agree(one, other).differing:
        assert may_differ(clauses(one), clauses(other))


def test_a_copy_under_another_headline_needs_no_look_at_its_values(wire: Piece) -> None:
    text = "\n".join(wire.paragraphs)
    assert not may_differ(
        clauses(f"Brug dicht\n{text}"), clauses(f"Automobilisten rijden om\n{text}")
    )
