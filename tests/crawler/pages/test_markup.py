"""Pages into trees: the quick look for what a parser chokes on."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from crawler.pages.markup import has_long_tag, tree_of

LONG = 8_000
PIECES = ["<", ">", *("x" * length for length in (1, 3_999, 4_000, LONG - 1, LONG, 2 * LONG + 1))]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_look_in_long_steps_sees_the_long_tags_that_a_look_at_each_tag_sees(html: str) -> None:
    parts = html.split("<")
    assert has_long_tag(html.encode()) == any(
        len(part) >= LONG and ">" not in part[:LONG] for part in parts
    )


def test_a_crowded_tag_loses_its_attributes_and_a_long_script_stays() -> None:
    # given a script and a tag that are both long
    crowded = " ".join(f"a{number}=1" for number in range(2_000))
    script = "x=1;" * LONG
    # when the page is read
    tree = tree_of(f"<html><script>{script}</script><p {crowded}>Tekst</p></html>", url="")
    # then only the tag is thinned
    paragraph = tree.find(".//p")
    assert paragraph is not None
    assert (paragraph.text, dict(paragraph.attrib)) == ("Tekst", {})
    assert tree.findtext(".//script") == script


@pytest.mark.parametrize(
    "title",
    [
        "<title>Kop van de krant",
        "<TITLE>Kop van de krant</titel>",
        "<title>Kop van de krant<title>",
        '<title data-rh="true">Kop van de krant<meta charset="utf-8"><script>x = 1</script>',
        "<title>Kop van de krant</head><body><svg><title>Logo</title></svg>",
        "<title>Kop van de krant</title>",
        "<title>Kop van de krant</title</head>",
    ],
)
def test_a_title_that_never_ends_does_not_swallow_the_page(title: str) -> None:
    tree = tree_of(f"<html><head>{title}\n<h1>Kop</h1><p>Tekst van het artikel.</p>", url="")

    assert (tree.findtext(".//title") or "").strip() == "Kop van de krant"
    body = tree.find("body")
    assert body is not None
    assert [body.findtext(".//h1"), body.findtext(".//p")] == ["Kop", "Tekst van het artikel."]


def test_of_a_page_with_more_tags_than_any_honest_one_the_first_are_read() -> None:
    paragraphs = "".join(f"<p>Alinea {number} van de krant.</p>" for number in range(100_000))

    tree = tree_of(f"<html><body><h1>Kop</h1>{paragraphs}", url="https://krant.example/a")

    read = [element.text for element in tree.iter("p")]
    assert read[0] == "Alinea 0 van de krant."
    assert 15_000 < len(read) < 21_000
