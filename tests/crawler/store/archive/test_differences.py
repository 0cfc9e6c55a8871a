"""An earlier text kept as its difference from the next one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from crawler.store.archive.differences import (
    Texts,
    as_past,
    difference,
    from_past,
    gone_text,
    parts_of,
    rebuilt,
    sentences_as_past,
)

SENTENCES = (
    "Het kalifaat is gevallen. ", "Er vielen 12 doden. ", "Er vielen 21 doden. ", "Ja. ",
    "Een alinea zonder punt\n\n", "\n\n", "Wat nu? ", "“Wij gaan door,” zei hij. ", "slot",
)  # fmt: skip  # one row of sentences reads better
texts = st.lists(st.sampled_from(SENTENCES) | st.text(max_size=9)).map("".join)
everything = st.builds(Texts, texts, texts, texts)


@given(texts)
def test_the_parts_of_a_text_are_the_whole_text(text: str) -> None:
    assert "".join(parts_of(text)) == text


@given(texts, texts)
def test_any_text_is_rebuilt_from_its_difference_from_any_other(old: str, new: str) -> None:
    assert rebuilt(difference(old, new), new) == old


@given(st.lists(everything, min_size=1))
def test_a_row_of_texts_is_rebuilt_from_the_last_one_back(row: list[Texts]) -> None:
    kept = [as_past(old, new) for old, new in pairwise(row)]

    rebuilt_row = [row[-1]]
    for past in reversed(kept):
        rebuilt_row.append(from_past(past, rebuilt_row[-1]))

    assert rebuilt_row[::-1] == row


def test_only_what_was_taken_away_is_kept() -> None:
    old = "".join(f"Alinea {number} van het liveblog staat hier.\n\n" for number in range(500))
    new = "Een nieuwe alinea bovenaan.\n\n" + old.removesuffix(
        "Alinea 499 van het liveblog staat hier.\n\n"
    )

    past = as_past(Texts("Liveblog", "", old), Texts("Liveblog", "", new))

    assert gone_text(past).strip() == "Alinea 499 van het liveblog staat hier."
    assert len(past) < 100


def test_sentences_alone_are_the_same_whatever_text_follows() -> None:
    past = sentences_as_past({"body": ["Het kalifaat is gevallen.", "Er vielen 12 doden."]})

    for following in (Texts("", "", ""), Texts("Kop", "Intro", "Tekst.")):
        held = from_past(past, following)
        assert held == Texts("", "", "Het kalifaat is gevallen.\nEr vielen 12 doden.")
