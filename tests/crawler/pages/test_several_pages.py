"""An article that its outlet spreads over several pages is one text."""

from __future__ import annotations

import pytest
from madepages import ENTRY, LEAD, TITLE, URL
from pagecases import NOW, source

from crawler.pages.extract import extract_page
from crawler.pages.markup import tree_of
from crawler.pages.several_pages import ArticlePart, joined_pages, next_page_of

PARTS = [
    [f"In wijk {page} van Daraqa staat huis {number} leeg, zegt iemand." for number in range(6)]
    for page in range(1, 5)
]
NEXT = '<link rel="next" href="{url}?page={next}">'


def shown(number: int, *, link: str = NEXT, title: str = TITLE) -> ArticlePart:
    """One of four pages."""
    pager = link.format(url=URL, next=number + 1) if number < len(PARTS) else ""
    text = "".join(f"<p>{part}</p>" for part in PARTS[number - 1])
    html = (
        f'<html lang="nl"><head><title>{title}</title><meta name="description" content="{LEAD}">'
        f"</head><body><article><h1>{title}</h1><p>{LEAD}</p>{text}</article>{pager}</body></html>"
    )
    address = URL if number == 1 else f"{URL}?page={number}"
    return extract_page(html.encode(), url=address, entry=ENTRY, source=source(), now=NOW)


def test_the_pages_are_one_text_in_their_order_without_what_each_repeats() -> None:
    article = joined_pages([shown(number) for number in range(1, 5)])
    assert article.body.split("\n\n") == [text for page in PARTS for text in page]
    assert article.lead == LEAD
    assert not article.partial


def test_an_article_whose_next_page_is_not_there_is_partial() -> None:
    assert joined_pages([shown(1)]).partial
    assert joined_pages([shown(1), shown(2), shown(3)]).partial
    assert not joined_pages([shown(1, link="")]).partial


def test_a_page_with_another_headline_is_another_article() -> None:
    article = joined_pages([shown(1), shown(2, title="Gemeente Hoorn legt nieuwe brug aan")])
    assert article.body.split("\n\n") == PARTS[0]
    assert article.partial


@pytest.mark.parametrize("more", [" - pagina 2", " | Deel 2 van 4", " (pagina 2/4)"])
def test_a_number_behind_the_headline_makes_no_other_article(more: str) -> None:
    other = shown(2, title=TITLE + more)
    assert PARTS[1][0] in joined_pages([shown(1), other]).body


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="{url}?page={next}">Verder</a>',
        '<a href="{url}?page={next}">{next}</a>',
        '<ul><li><a href="?page=1">1</a></li><li><a href="?page={next}">{next}</a></li></ul>',
        '<a href="{url}?page={next}">Volgende</a>',
        '<a href="{url}?page={next}">Lees verder »</a>',
        '<a href="{url}?page={next}">&rsaquo;</a>',
        '<a href="{url}?page={next}" title="Volgende pagina"><svg></svg></a>',
        '<a href="{url}?page={next}">Naar de volgende pagina</a>',
        '<a href="{url}?page={next}">Pagina {next}</a>',
        '<a href="{url}?page={next}">Pagina {next} van 3</a>',
        '<a href="{url}?page={next}">Lees verder op pagina {next}</a>',
        '<a href="{url}?page={next}">Ga verder »</a>',
        '<a href="{url}?page={next}">Naar het tweede deel</a>',
        '<a href="{url}?page={next}">Lees verder met de volgende pagina</a>',
        '<a href="{url}?page={next}">Page suivante</a>',
    ],
)
def test_a_pager_names_the_next_page_in_many_ways(link: str) -> None:
    assert shown(1, link=link).next_page == f"{URL}?page=2"
    assert shown(2, link=link).next_page == f"{URL}?page=3"


@pytest.mark.parametrize(
    "link",
    [
        '<div class="comments"><a href="{url}?page={next}">{next}</a></div>',
        '<section id="reacties"><a href="{url}?page={next}">Volgende</a></section>',
        '<a href="https://elders.example/leger-neemt-laatste-wijk-in?page=2">Volgende</a>',
        '<a href="/buitenland?page=2">Volgende</a>',
        '<a href="{url}?page=7">7</a>',
        '<a href="{url}?page={next}">Wat de minister ervan vindt</a>',
    ],
)
def test_a_link_through_remarks_or_to_elsewhere_is_no_next_page(link: str) -> None:
    assert shown(1, link=link).next_page == ""


@pytest.mark.parametrize(
    ("here", "following"),
    [
        ("leger.html", "leger-page-2.html"),
        ("leger.html", "leger_2.html"),
        ("leger", "leger,2"),
        ("leger", "leger?seite=2"),
        ("leger", "leger?page=1"),
        ("leger?page=1", "leger?page=2"),
        ("leger", "//www.krant.example/nieuws/leger?page=2"),
    ],
)
def test_a_page_may_have_its_number_anywhere_in_its_address(here: str, following: str) -> None:
    own = f"https://krant.example/nieuws/{here}"
    back = "<a href='?page=1'>Pagina 1</a>"
    tree = tree_of(f"<p>Tekst</p>{back}<a href='{following}'>Volgende pagina</a>", url=own)

    assert next_page_of(tree, own).removesuffix(following.lstrip("/")) in {
        "https://krant.example/nieuws/",
        "https://",
    }
