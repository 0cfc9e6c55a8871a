"""Sentences with hits, as a row of the timeline quotes them."""

from __future__ import annotations

from hypothesis import given, strategies as st

from monitor.web.stories import quotes

SENTENCES = st.lists(
    st.sampled_from(
        ["De brug is open.", "Wie weet?", "Mr. De Vries kwam,\n", "en ging.\n", "x" * 500, "  "]
    ),
    max_size=8,
)


@given(SENTENCES, st.data(), st.integers(1, 3))
def test_the_first_quotes_are_the_first_of_all(
    sentences: list[str], data: st.DataObject, most: int
) -> None:
    text = " ".join(sentences)
    begins = data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=5))
    spans = [(start, start + data.draw(st.integers(1, 30))) for start in begins]

    found = quotes(text, spans, most)

    assert found == quotes(text, spans, 1_000)[:most]
    assert all(any(piece.hit for piece in quote) for quote in found if text.strip())
