"""Teasers of other articles in boxes whose names say nothing, and what only looks like them."""

from __future__ import annotations

import pytest
from madepages import BODY, TEXT, TITLE, read

FIRST, SECOND, THIRD = (f"<p>{part}</p>" for part in TEXT)
OTHERS = (
    (
        "Brug bij Tell Amar dicht",
        "De brug gaat een maand dicht voor groot onderhoud, zegt de raad.",
    ),
    ("Markt verhuist naar de haven", "De weekmarkt staat vanaf maandag aan de kade van de haven."),
)
CARDS = (
    '<div class="sc-1x"><a href="/b{0}"><h4>{1}</h4></a><p>{2}</p></div>',
    '<div class="sc-1x"><h3><a href="/b{0}">{1}</a></h3><p>{2}</p></div>',
    '<div class="sc-1x"><div><h3><a href="/b{0}">{1}</a></h3></div><div>{2}</div></div>',
    '<li class="k"><img src="/x.jpg"><h3><a href="/b{0}">{1}</a></h3><p>{2}</p></li>',
    "<section><h2><a href='https://krant.example/b{0}'>{1}</a></h2><p>{2}</p></section>",
)


def made(inner: str, *, after: str = "") -> str:
    return (
        f"<html><head><title>{TITLE}</title></head><body><main><article><h1>{TITLE}</h1>"
        f"{inner}</article>{after}</main></body></html>"
    )


def row(card: str) -> str:
    cards = "".join(card.format(at, *other) for at, other in enumerate(OTHERS))
    return f'<div class="css-9q">{cards}</div>'


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("heading", ["", "<h2>Meer nieuws</h2>", "<h2>Uit de regio</h2>"])
def test_what_teases_for_other_articles_below_the_article_is_no_text(
    card: str, heading: str
) -> None:
    teasers = f"{heading}{row(card)}"
    for html in (
        made(f"{FIRST}{SECOND}{THIRD}{teasers}"),
        made(f"{FIRST}{SECOND}{THIRD}", after=teasers),
    ):
        body = read(html).body
        assert all(part in body for part in TEXT)
        assert not any(text in body for _, text in OTHERS)


@pytest.mark.parametrize("card", [card for card in CARDS if "<p>" in card])
@pytest.mark.parametrize("announced", ["<h2>Meer nieuws</h2>", "<h3>Lees ook</h3>", ""])
def test_between_paragraphs_of_the_article_only_what_is_announced_as_such_is_no_text(
    card: str, announced: str
) -> None:
    body = read(made(f"{FIRST}{SECOND}{announced}{row(card)}{THIRD}")).body
    assert all(part in body for part in TEXT)
    for _, text in OTHERS:
        assert (text in body) is not bool(announced)


@pytest.mark.parametrize(
    "card",
    [
        '<div><h3>{1}</h3><p>{2} Zie <a href="/b{0}">het besluit</a>.</p></div>',
        '<div><h3><a href="#b{0}">{1}</a></h3><p>{2}</p></div>',
        "<h3><a href='/b{0}'>{1}</a></h3><p>{2}</p>",
    ],
)
def test_parts_of_the_article_with_headings_of_their_own_stay(card: str) -> None:
    body = read(made(f"{FIRST}{SECOND}{row(card)}{THIRD}")).body
    assert all(text in body for _, text in OTHERS)


def test_a_list_of_books_with_links_is_what_its_page_is_about() -> None:
    books = "".join(
        f'<div><h3><a href="/boek/{n}">Boek {n} over Daraqa</a></h3><p>De schrijver van boek {n} '
        "woonde in Daraqa en zag de gevechten van nabij, straat voor straat.</p></div>"
        for n in range(8)
    )
    body = read(made(f"{FIRST}<div>{books}</div>")).body
    assert body.count("straat voor straat") == 8


def test_what_a_player_says_to_old_browsers_is_no_text() -> None:
    said = "Uw browser kan deze video niet afspelen, probeer een andere browser."
    for tag in ("video", "audio", "canvas"):
        html = made(f"{FIRST}{SECOND}<{tag}><p>{said}</p></{tag}>{THIRD}")
        assert read(html).body == BODY


WHO = [
    f"De gouverneur bestuurt {n + 2} jaar lang een gebied van {n + 4} dorpen langs de rivier "
    f"waar hij werd geboren als zoon van een leraar, en kent er volgens inwoners {n + 9} families."
    for n in range(3)
]


@pytest.mark.parametrize("box", ["aside", "div", "section"])
def test_an_explanation_between_paragraphs_stays_though_its_heading_leads_away(box: str) -> None:
    told = "".join(f"<p>{part}</p>" for part in WHO)
    text = "".join(f"<p>{n}. {part}</p>" for n in range(6) for part in TEXT)
    inner = f'<{box}><h3><a href="/wie">{{}}</a></h3>{told}</{box}>'
    body = read(made(f"{text}{inner.format('Wie is de gouverneur')}{FIRST}{SECOND}")).body
    assert all(part in body for part in WHO)
    called = inner.format("Lees ook: Wie is de gouverneur")
    assert box != "aside" or WHO[0] not in read(made(f"{text}{called}{FIRST}{SECOND}")).body
