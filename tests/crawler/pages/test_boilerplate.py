"""Lines of any page, and lines of an article that only look like them."""

from __future__ import annotations

import pytest

from crawler.pages.boilerplate import is_boilerplate, is_signpost, without_calls

FURNITURE = [
    "Lees ook: Laatste bolwerk van IS gevallen",
    "LEES OOK",
    "Bekijk ook: zo zag het kamp eruit",
    "Lees verder onder de foto",
    "Meer over dit onderwerp",
    "Meer nieuws uit Groningen",
    "Gerelateerde artikelen",
    "Best gelezen",
    "Beluister het gesprek met de minister:",
    "Advertentie",
    "(Tekst loopt door onder de foto)",
    "Foto: ANP / Sem van der Wal",
    "© Omroep West",
    "Foto ANP",
    "Door Hanna de Vries",
    "Door onze redactie economie",
    "Van onze verslaggever in Damascus",
    "Tekst: Piet van den Berg en Els Bos",
    "Zondag 22 november 2026, 14:05",
    "12 reacties",
    "Deel dit artikel via WhatsApp",
    "Meld je aan voor onze nieuwsbrief en blijf op de hoogte",
    "Elke ochtend weten wat er speelt? Ontvang onze nieuwsbrief",
    "Heb je een tip of opmerking? Stuur ons je nieuws of foto via WhatsApp of mail naar ons.",
    "Volg ons op Facebook, Instagram en X",
    "Volg Omroep Brabant via de app",
    "Al abonnee? Log in",
    "Verder lezen? Word nu abonnee",
    "Neem nu een abonnement en ontvang de eerste maand gratis.",
    "Reageren? Mail naar redactie@krant.example",
    "ANP/Reuters",
    "Dit artikel is exclusief voor onze abonnees.",
    "Om deze content te tonen, hebben wij jouw toestemming nodig om cookies te plaatsen.",
    "Je kunt deze video niet zien omdat je geen cookies accepteert.",
]

ARTICLE = [
    "Lees dat rapport maar eens, zegt hij.",
    "Door de brand raakten drie woningen onbewoonbaar.",
    "Door het oog van de naald",
    "Van Syrië naar Den Haag",
    "Foto's van de aanval gingen de wereld over.",
    "De foto: een jongen met een vlag, twaalf jaar oud, in de straten van Raqqa.",
    "Volg het geld, zei de rechercheur, en dat deden ze.",
    "Meer dan honderd strijders gaven zich over.",
    "In mei 2019 viel het dorp.",
    "12 doden",
    "De rechter verbood Google om cookies te plaatsen zonder toestemming van bezoekers.",
    "Wie weet wat er in het kamp gebeurde? Niemand die het zegt.",
    "Abonnees van de omroep krijgen korting.",
    "De krant raadt aan: neem een abonnement, zegt hij.",
    "Vragen kwamen er genoeg, over de app en over de mail die nooit kwam.",
    "Reuters meldt dat de stad is gevallen.",
    "De reclame was misleidend, vindt de commissie.",
    f"Zie ook het verschil met vorig jaar. {'Zij vroeg er elke dag opnieuw om. ' * 9}",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_a_line_of_any_page_is_no_text(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize("line", ARTICLE)
def test_a_line_of_an_article_stays(line: str) -> None:
    assert not is_boilerplate(line)


def test_a_signpost_leads_elsewhere() -> None:
    assert is_signpost("Lees ook: Kalifaat voorbij")
    assert not is_signpost("De minister leest ook de krant.")


def test_a_call_in_the_midst_of_a_paragraph_goes() -> None:
    line = "De stad viel. (Tekst gaat verder onder de foto.) Daarna was het stil."
    assert without_calls(line) == "De stad viel. Daarna was het stil."
    assert without_calls("De stad (in het oosten) viel.") == "De stad (in het oosten) viel."
