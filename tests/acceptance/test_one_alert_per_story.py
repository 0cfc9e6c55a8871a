"""Three outlets play a day of one story; the receiver gets exactly what people should hear."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from loopback import Answer, Receiver, Site
from newsdesk import Newsdesk

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()

WIRE = (
    "Strijders van een door Koerden geleide alliantie hebben zaterdag het laatste dorp ingenomen "
    "dat nog in handen was van de terreurgroep. Bij de bestorming van de wijk aan de rivieroever "
    "kwamen zeker 12 mensen om het leven, zegt een woordvoerder in Baghuz.",
    "Volgens hem gaven de laatste bewoners van het tentenkamp zich in de vroege ochtend over, na "
    "een nacht van beschietingen vanaf de heuvels. Op een dak wapperde daarna een gele vlag.",
    "Artsen in een veldhospitaal tien kilometer verderop telden tot de middag veertig gewonden. "
    "Zij vragen om bloed, verband en een vrije weg naar het ziekenhuis in Hasaka.",
    "In Brussel reageerden ministers opgelucht, maar zij waarschuwden dat verspreide cellen nog "
    "jaren aanslagen kunnen plegen in de woestijn langs de grens met Irak.",
)
QUIET = (
    "De gemeenteraad praat dinsdag over de plannen voor een nieuwe brug over de vaart. Omwonenden "
    "vrezen voor de bomen langs de kade en hebben een handtekeningenactie op touw gezet.",
    "De wethouder wil eerst de uitkomst van het bodemonderzoek afwachten. Dat laat volgens hem nog "
    "zeker tot de zomer op zich wachten, omdat de boorwagen op een andere plek nodig is.",
)


def page(title: str, paragraphs: tuple[str, ...], *, head: str = "", wall: str = "") -> Answer:
    text = "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
    return Answer(
        f'<!doctype html><html lang="nl"><head><title>{escape(title)}</title>{head}</head><body>'
        f"<article><h1>{escape(title)}</h1>{text}{wall}</article></body></html>".encode()
    )


def traffic(number: int) -> tuple[str, tuple[str, ...]]:
    road, place = f"N{300 + number}", ("Heerenveen", "Tiel", "Goes", "Venlo", "Hoorn")[number % 5]
    return f"Ongeluk op {road} bij {place}", (
        f"Op de {road} bij {place} is {number % 23 + 1} maart een ongeluk gebeurd met "
        f"{number % 4 + 2} auto's. De weg was {number % 50 + 10} minuten dicht.",
        f"De politie heeft de {number % 40 + 20}-jarige bestuurder gehoord. Wie iets heeft gezien "
        f"bij hectometerpaal {number},{number % 9}, kan bellen met de politie.",
    )


class Press:
    """Three outlets, the desk that reads them, and what its receiver was told."""

    def __init__(self, desk: Newsdesk, receiver: Receiver, open_outlet: Callable[[], Site]) -> None:
        self.krant, self.omroep, self.blad = open_outlet(), open_outlet(), open_outlet()
        self._desk, self._receiver, self._heard = desk, receiver, 0
        outlets = {"krant": self.krant, "omroep": self.omroep, "blad": self.blad}
        for site in outlets.values():
            site.feed()
        desk.sources(**{name: site.url + "/rss" for name, site in outlets.items()})
        desk.channels(
            f'[[channel]]\nid = "soc"\nkind = "webhook"\nurl = "{receiver.url}/soc"\n'
            f'secret = "{SECRET}"\ngroup_wait = "0s"\ngroup_interval = "0s"\n'
        )
        desk.rules("soc", kalifaat="kalifa* OR baghuz")

    def round(self) -> list[dict[str, Any]]:
        """What is told after a round; the second look fetches what the first put off."""
        for _ in range(2):
            self._desk.ok("crawl", "krant", "omroep", "blad")
        told = [json.loads(post.body) for post in self._receiver.posts("/soc")]
        self._heard, news = len(told), told[self._heard :]
        return news

    def held(self) -> dict[str, int]:
        return self._desk.ok("status", "--json").json["archive"]


@pytest.fixture
def press(desk: Newsdesk, receiver: Receiver, outlets: Callable[[], Site]) -> Press:
    return Press(desk, receiver, outlets)


def outlets_of(message: dict[str, Any]) -> set[str]:
    return {article["outlet"] for article in message["data"]["story"]["articles"]}


@pytest.mark.slow
def test_a_day_of_one_story_gives_exactly_the_alerts_that_people_should_hear(press: Press) -> None:
    krant, omroep, blad = press.krant, press.omroep, press.blad

    # The match is in the body alone, and a wire copy comes in the same round.
    krant.answers["/a"] = page("Doorbraak in het oosten", WIRE)
    krant.answers["/c"] = page("Raad praat over brug", QUIET)
    krant.feed(
        ("/a", "Doorbraak in het oosten", "Na weken is er nieuws."),
        ("/c", "Raad praat over brug", "Omwonenden vrezen voor bomen."),
    )
    omroep.answers["/kopie"] = page("Alliantie neemt laatste dorp in", WIRE)
    omroep.feed(("/kopie", "Alliantie neemt laatste dorp in", "Gele vlag op een dak."))
    (first,) = press.round()
    assert first["type"] == "alert.story"
    assert outlets_of(first) == {"Krant", "Omroep"}

    # A series of one mould, a copy cut off by a paywall, an AMP address, and a consent wall.
    items = [(f"/v{number}", *traffic(number)) for number in range(200)]
    for path, title, paragraphs in items:
        blad.answers[path] = page(title, paragraphs)
    free = '<script type="application/ld+json">{"@context": "https://schema.org", '
    free += '"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    wall = '<div class="paywall">Verder lezen? Neem een abonnement.</div>'
    blad.answers["/kort"] = page("Laatste dorp gevallen", WIRE[:2], head=free, wall=wall)
    blad.feed(
        ("/kort", "Laatste dorp gevallen", "Alleen voor abonnees."),
        *((path, title, paragraphs[0]) for path, title, paragraphs in items),
    )
    canonical = f'<link rel="canonical" href="{krant.url}/a">'
    krant.answers["/amp/a"] = page("Doorbraak in het oosten", WIRE, head=canonical)
    consent = f"{krant.url}/consent?callbackUrl={krant.url}/privacygate-confirm"
    krant.answers["/muur"] = Answer(b"", status=302, headers={"Location": consent})
    gate = "<title>DPG Media Privacy Gate</title><p>Het kalifaat van de cookies.</p>"
    krant.answers[consent.removeprefix(krant.url)] = Answer(gate.encode())
    krant.feed(
        ("/a", "Doorbraak in het oosten", "Na weken is er nieuws."),
        ("/amp/a", "Doorbraak in het oosten", "Na weken is er nieuws."),
        ("/muur", "Brug blijft dicht", "De brug over de vaart blijft tot de zomer dicht."),
        ("/c", "Raad praat over brug", "Omwonenden vrezen voor bomen."),
    )
    assert press.round() == []
    archive = press.held()
    # Two of the first round are one story, and the cut copy tells it too.
    assert archive["articles"] == 3 + 1 + 1 + 200
    assert archive["stories"] == archive["articles"] - 2

    # Twelve becomes twenty-one: an update with the difference, which names who else has the story.
    corrected = (WIRE[0].replace("zeker 12", "zeker 21"), *WIRE[1:])
    krant.answers["/a"] = page("Doorbraak in het oosten", corrected)
    krant.feed(
        ("/a", "Doorbraak in het oosten", "Na weken is er nieuws (update)."),
        ("/c", "Raad praat over brug", "Omwonenden vrezen voor bomen."),
    )
    (update,) = press.round()
    assert update["type"] == "alert.update"
    assert outlets_of(update) == {"Krant", "Omroep", "Blad"}
    assert "21" in json.dumps(update["data"]["change"])

    # An article that matches only after an edit alerts once, as late.
    late = (*QUIET, "Een van de bomen is geplant door een arts die later in Baghuz werkte.")
    krant.answers["/c"] = page("Raad praat over brug", late)
    krant.feed(("/c", "Raad praat over brug", "Omwonenden vrezen voor bomen (update)."))
    (told,) = press.round()
    assert (told["type"], told["data"]["late"]) == ("alert.story", True)

    # Leaving a feed means nothing, and nothing is told twice.
    krant.feed(("/muur", "Brug blijft dicht", "De brug over de vaart blijft tot de zomer dicht."))
    omroep.feed()
    assert press.round() == []
