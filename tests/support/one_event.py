"""One event, told by four outlets in their own words."""

from __future__ import annotations

from deliverydesk import Desk

FIRE = {
    "NOS": (
        "Grote brand verwoest kaaspakhuis van Doornbosch in Woerden",
        "Een uitslaande brand heeft in Woerden het kaaspakhuis van Doornbosch verwoest.",
        "Eigenaar Harm Doornbosch zag hoe duizenden kazen verloren gingen aan de Singel.",
    ),
    "AD": (
        "Woerden ruikt naar gesmolten kaas na brand bij Doornbosch",
        "Het pakhuis van kaashandel Doornbosch aan de Singel in Woerden is afgebrand.",
        "Buurtbewoners klaagden tot laat in de avond over de lucht van gesmolten kaas.",
    ),
    "NRC": (
        "Brandweer Woerden redt monument naast kaaspakhuis Doornbosch",
        "Bij de brand in het kaaspakhuis van Doornbosch bleef een monument aan de Singel heel.",
        "Commandant Yvette Aarts noemt het behoud in Woerden een kwestie van minuten.",
    ),
    "Trouw": (
        "Doornbosch wil kaaspakhuis in Woerden na brand herbouwen",
        "Harm Doornbosch wil zijn kaaspakhuis aan de Singel in Woerden na de brand herbouwen.",
        "De verzekeraar stuurt morgen een ploeg schatters naar de rokende resten.",
    ),
}


def told(desk: Desk, outlet: str, *more: str, number: int = 1) -> None:
    """This outlet's report comes in and is matched."""
    title, *sentences = FIRE[outlet]
    lead, body = sentences[0], "\n\n".join([*sentences[1:], *more])
    desk.publish(title, body, outlet=outlet, lead=lead, number=number)
    desk.match()


def every_sentence(*outlets: str) -> set[str]:
    """All that matches of these reports, their headlines too."""
    return {
        sentence
        for outlet in outlets
        for sentence in FIRE[outlet]
        if "kaas" in sentence.casefold() or "doornbosch" in sentence.casefold()
    }
