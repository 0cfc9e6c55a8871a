"""Boxes that ask readers to sign up stand in no article; what only sounds like them stays."""

from __future__ import annotations

from itertools import product

import madepages
import pytest
from lxml.html import document_fromstring
from madepages import TEXT, TITLE

from crawler.pages.items.sign_ups import sign_ups_in

MANY = [f"{n}. {part}" for n in range(4) for part in TEXT]
ASKED = (
    ("Meld je aan voor de nieuwsbrief", "Elke dag het nieuws uit de regio gratis in je inbox."),
    ("Schrijf je in voor onze nieuwsbrief", "Ontvang elke vrijdag onze beste verhalen per e-mail."),
    ("Blijf op de hoogte", "Meld je aan en ontvang elke week het nieuws van de redactie."),
    ("Wil je niets missen?", "Abonneer je gratis om nieuwe stukken te ontvangen in je mailbox."),
    ("Steun De Bode", "De Bode wordt gemaakt voor lezers. Word gratis of betaald abonnee."),
)
FIELD = "<form><input type='email' placeholder='E-mailadres'><button>Aanmelden</button></form>"
BOXES = {
    "ghost": "<section class='gh-cta'><div><h4>{}</h4><p>{}</p><a href='#/portal'>Aanmelden</a>"
    "</div></section>",
    "ghost card": "<div class='kg-card kg-signup-card'><div><h2>{}</h2><p>{}</p><form><input "
    "type='email'></form><p>Geen spam. Je kunt je altijd weer afmelden.</p></div></div>",
    "substack": "<div class='subscribe-widget'><h3>{}</h3><p>{}</p><p class='button-wrapper'>"
    "<a href='/subscribe'><span>Nu abonneren</span></a></p></div>",
    "mailchimp": "<div id='mc_embed_shell'><div id='mc_embed_signup'><h2>{}</h2><p>{}</p><form>"
    "<input name='EMAIL'></form></div></div>",
    "plain": f"<div><h3>{{}}</h3><p>{{}}</p>{FIELD}</div>",
    "no box": f"<h3>{{}}</h3><p>{{}}</p>{FIELD}",
    "link": "<div><h3>{}</h3><p>{}</p><a href='/nieuwsbrief'>Ja, ik meld me aan</a></div>",
}


def body(inner: str) -> str:
    html = f"<html><head><title>{TITLE}</title></head><body><main><article><h1>{TITLE}</h1>{inner}"
    return madepages.read(f"{html}</article></main></body></html>").body


def paragraphs(parts: list[str]) -> str:
    return "".join(f"<p>{part}</p>" for part in parts)


@pytest.mark.parametrize(("name", "asked"), [*product(BOXES, ASKED)])
@pytest.mark.parametrize("at", [6, 12])
def test_a_box_to_sign_up_is_no_part_of_an_article(
    name: str, asked: tuple[str, str], at: int
) -> None:
    box = BOXES[name].format(*asked)
    text = body(f"{paragraphs(MANY[:at])}{box}{paragraphs(MANY[at:])}")
    assert text.split("\n\n") == MANY


@pytest.mark.parametrize(
    "told",
    [
        "Wie wil helpen, kan zich volgens de gemeente tot vrijdag aanmelden bij het buurthuis.",
        "In een e-mail schrijft de gouverneur: „Wij geven ons over, jullie horen dat nu.”",
        "De beweging stuurde leden een nieuwsbrief waarin stond dat de stad was gevallen.",
        "Ouders ontvangen deze week een brief over de sluiting van de school in de wijk.",
    ],
)
@pytest.mark.parametrize(
    "box",
    [
        f"<div><h3>Aanmelden</h3><p>{{}}</p>{FIELD}</div>",
        f"<div><p>{{}}</p>{FIELD}</div>",
        "<div><p>{}</p><a href='/x'>Word lid</a></div>",
        "<ul><li>{} Hij kan zich bij ons <a href='/x'>aanmelden</a> met een e-mail.</li></ul>",
        "<section><h3>Meld je aan</h3><div>{}</div><a href='/x'>Aanmelden</a></section>",
        f"<h3>Het vertrek</h3><p>{{}}</p>{FIELD}",
    ],
)
def test_a_paragraph_that_tells_something_stays_beside_a_form(box: str, told: str) -> None:
    inner = f"{paragraphs(MANY[:6])}{box.format(told)}{paragraphs(MANY[6:])}"
    text = body(inner)
    assert told in text
    assert all(part in text for part in MANY)


def test_a_page_about_a_newsletter_is_not_taken_for_a_box() -> None:
    told = ["Meld je aan voor de nieuwsbrief van de gemeente, die vanaf maandag elke week komt."]
    told.append(
        "Schrijf je in met je e-mailadres; afmelden kan altijd met de knop onderaan de mail."
    )
    assert body(f"<div>{paragraphs(told)}{FIELD}</div>").count("e-mailadres") == 1


@pytest.mark.parametrize("part", ["<div></div>", "<span></span>", "<i><b></b></i>", "<option>NL"])
def test_a_box_of_very_many_elements_is_none_and_is_not_looked_through(part: str) -> None:
    # A hostile page holds so many, and as many fields: each had the whole box looked through.
    told = "".join(f"<p>{each}</p>" for each in TEXT)
    pages = [
        document_fromstring(f"<body>{told}<div><input type='email'>{part * count}</div></body>")
        for count in (10, 1_000)
    ]

    assert [bool(sign_ups_in(page)) for page in pages] == [True, False]
