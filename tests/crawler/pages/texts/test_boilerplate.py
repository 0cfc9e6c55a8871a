"""Lines of any page, and lines of an article that only look like them."""

from __future__ import annotations

import pytest
from madepages import TEXT, page, read

from crawler.pages.texts.boilerplate import is_boilerplate, is_signpost, without_calls

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
    "(Foto: ANP)",
    "Foto © ANP",
    "De tekst gaat verder na de afbeelding.",
    "Lees alles over IS in ons dossier",
    "Aanbevolen voor jou",
    "Door Hanna de Vries",
    "Door onze redactie economie",
    "Van onze verslaggever in Damascus",
    "Tekst: Piet van den Berg en Els Bos",
    "Zondag 22 november 2026, 14:05",
    "12 reacties",
    "Deel dit artikel via WhatsApp",
    "Deel artikel:",
    "Deel via",
    "Deel het artikel:",
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
    "Lees ook de brief die zij achterlieten, schrijft de krant van dinsdag.",
    "Wil je naar het kalifaat? Stuur dan een app, schreef de ronselaar.",
    "Foto: zo noemden de bewoners de man die alles vastlegde in het kamp.",
    "Video: de aanval op het konvooi duurde volgens getuigen maar enkele minuten.",
    "Illustratie: van de 300 kinderen in het kamp leven er nu nog 12.",
    "Gerelateerd geweld eiste vijf levens.",
    "Aanbevolen straf: twaalf jaar.",
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


@pytest.mark.parametrize(
    "line",
    [
        "„Ik ontvang elke week via de app een bericht van je moeder”, zegt de vader.",
        "'Heb je nog hoop? Stuur me dan een foto', schreef de weduwe.",
        "“Meld je aan bij het leger en krijg een app”, stond op de affiches.",
        "Strijders in Daraqa krijgen bevelen via een app, die niemand ontvang mag noemen.",
        "Heeft u nog hoop voor Daraqa? De vader krijgt die vraag elke dag per mail.",
        "Weet u wie het was? Die vraag stelde de rechter in een mail aan het leger.",
        "Bron: commandant in Daraqa gedood.",
        "Bron: ook tweede commandant gedood in Daraqa",
        "Aanbevolen werd volgens het ministerie om niet naar Daraqa te reizen.",
        "Gerelateerde zaken zijn volgens de rechter nog niet behandeld.",
        "Kijk ook naar Daraqa, zegt de minister: daar is niets meer over.",
        "Meer over de slachtoffers in Daraqa weet het ministerie niet.",
        "Meer nieuws uit de stad was er dinsdag niet.",
        "Luister: in Daraqa is niets meer over, zegt hij.",
        "Trending was het filmpje van de brug die dag.",
        "Deel dit bericht niet, smeekte de moeder in een groep op WhatsApp.",
        "Download de app niet, raadde het ministerie de inwoners aan.",
        "Volg ons op de brug, brulden ze naar de achterblijvers.",
    ],
)
def test_a_sentence_that_sounds_like_a_call_stays(line: str) -> None:
    assert not is_boilerplate(line)
    body = f"<p>{TEXT[0]}</p><p>{line}</p><p>{TEXT[1]}</p><p>{TEXT[2]}</p>"
    html = page().replace(f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p><p>{TEXT[2]}</p>", body)
    assert line in read(html).body


@pytest.mark.parametrize(
    "line",
    [
        "Lees ook: Minister zegt sorry tegen de stad.",
        "Lees ook het interview met de minister, die zegt dat het klaar is.",
        "Meer over de oorlog in Daraqa.",
        "Meer weten over Daraqa? Lees ons dossier.",
        "Kijk ook: De brug is dicht, zegt de minister.",
        "Zie ook: Waarom de brug bij Daraqa dicht bleef.",
        "Heb je een tip? Mail de redactie.",
        "Wilt u reageren? Dan kan dat per mail.",
        "Ontvang elke dag het nieuws in de app.",
        "Bron: ANP.",
        "Bron: ministerie van Buitenlandse Zaken",
        "Foto: de brug bij Daraqa",
        "Beeld: rook boven Daraqa",
        "(C) De Krant, alle rechten voorbehouden",
        "Volg ons op Instagram.",
    ],
)
def test_a_call_a_credit_and_a_signpost_go(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize("label", ["Video", "Beeld", "Foto", "Bron"])
def test_a_heading_with_a_label_is_no_credit(label: str) -> None:
    heading = f"{label}: leger in Daraqa"
    html = page().replace(f"<p>{TEXT[1]}", f"<h3>{heading}</h3><p>{TEXT[1]}")
    assert heading in read(html).body
