"""The text of a page and that of its JSON-LD as one: neither loses a sentence, none comes twice."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, strategies as st
from madepages import BODY, TEXT, TITLE, URL, page, read

from crawler.pages.texts.stated_text import with_stated

FIRST, SECOND, THIRD = TEXT
MORE = "Bij de brug stonden volgens ooggetuigen nog zes verlaten tanks van de strijders."
LAST = "Morgen komt de raad bijeen om over de terugkeer van de vluchtelingen te spreken."
SENTENCES = st.lists(
    st.sampled_from([*(part.split(". ")[0].rstrip(".") + "." for part in TEXT), MORE, LAST]),
    max_size=6,
)


def made(stated: str, *, inner: str = "") -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, "url": URL, "articleBody": stated}
    return page(f'<script type="application/ld+json">{json.dumps(node)}</script>', inner)


@pytest.mark.parametrize(
    ("stated", "body"),
    [
        ([FIRST, MORE, SECOND, THIRD], [FIRST, MORE, SECOND, THIRD]),
        ([FIRST, SECOND, THIRD, LAST], [FIRST, SECOND, THIRD, LAST]),
        ([MORE, FIRST, SECOND], [MORE, FIRST, SECOND, THIRD]),
        ([f"{FIRST} {MORE} {SECOND}"], [FIRST, MORE, SECOND, THIRD]),
        ([THIRD, LAST], [FIRST, SECOND, THIRD, LAST]),
        ([FIRST], [FIRST, SECOND, THIRD]),
        ([f"{FIRST}{SECOND} {MORE}"], [FIRST, SECOND, THIRD]),  # glued: no sentence can be told
        ([FIRST, f"„{MORE}”", MORE], [FIRST, f"„{MORE}”", SECOND, THIRD]),
    ],
)
def test_what_only_json_ld_says_stands_in_its_place(stated: list[str], body: list[str]) -> None:
    for parts in ("\n\n".join(stated), "\n".join(stated), "".join(f"<p>{p}</p>" for p in stated)):
        assert read(made(parts)).body.split("\n\n") == body


@pytest.mark.parametrize(
    "line",
    [
        f"Lees ook: {MORE}",
        "Foto: ANP",
        "Heb je een tip? Mail de redactie via tips@krant.example.",
        "Het leger heeft dinsdag de laatste wijk van Daraqa ingenomen, zei een woordvoerder.",
        "Inwoners vluchtten over de rivier naar het westen waar hulporganisaties tenten opzetten!",
    ],
)
def test_a_call_or_what_the_page_says_in_other_words_is_not_added(line: str) -> None:
    assert read(made(f"{FIRST}\n\n{line}\n\n{SECOND}\n\n{THIRD}")).body == BODY


@pytest.mark.parametrize(
    "shown",
    [
        f'<figure><img src="/x.jpg"><figcaption>{MORE}</figcaption></figure>',
        f'<div class="related"><h4>Lees ook</h4><a href="/x">{MORE}</a></div>',
        f'<section class="comments"><p>{MORE}</p></section>',
    ],
)
def test_a_caption_that_json_ld_repeats_stays_a_caption(shown: str) -> None:
    assert MORE not in read(made("\n\n".join([*TEXT, MORE]), inner=shown)).body


def test_a_page_that_shows_the_start_has_its_whole_text_from_json_ld() -> None:
    article = read(made("\n\n".join([*TEXT, *(f"{n}. {MORE} En {LAST}" for n in range(9))])))
    assert article.body.startswith(BODY)
    assert article.body.count("zes verlaten tanks") == 9
    assert not article.partial


def test_of_two_texts_that_share_nothing_the_long_one_is_the_articles() -> None:
    long = "\n\n".join(f"{MORE} Het waren er {number}, zei hij." for number in range(9))
    assert with_stated("Wij gebruiken cookies om de site te verbeteren.", long) == long
    assert with_stated(BODY, LAST) == BODY


@given(SENTENCES, SENTENCES)
def test_the_union_has_each_sentence_once_and_the_page_in_its_order(
    shown: list[str], stated: list[str]
) -> None:
    assume(set(shown) & set(stated))
    shown = list(dict.fromkeys(shown))
    union = with_stated("\n\n".join(shown), "\n\n".join(stated)).split("\n\n")
    assert [part for part in union if part in shown] == shown
    assert sorted(union) == sorted({*shown, *stated})
