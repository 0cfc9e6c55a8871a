"""Which answers are walls, and what is done with each."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from pagecases import CASES, Case

from crawler.pages.walls import Page, Treatment, Wall, treatment, wall_of

URL = "https://krant.example/buitenland/kop-van-een-artikel"
SENTENCE = "De burgemeester noemt het besluit pijnlijk, maar onvermijdelijk voor de stad. "
ARTICLE = (
    '<html><head><title>Kop</title><script type="application/ld+json">'
    '{"@type":"NewsArticle","headline":"Kop"%s}</script></head>'
    "<body><header><a href='/abonnement'>Word abonnee</a></header><article><h1>Kop</h1><p>"
    + SENTENCE * 6
    + "</p>%s</article></body></html>"
)


def shell(title: str, text: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><p>{text}</p></body></html>"


def page(html: str = "", *, status: int = 200, url: str = URL, **headers: str) -> Page:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(url=url, body=html.encode(), status=status, headers=named, requested_url=URL)


CONSENT = "https://myprivacy.dpgmedia.%s/consent?siteKey=x&callbackUrl=https%%3A%%2F%%2Fwww.ad.nl"
FOOTER = "<footer><a>Privacyverklaring</a> <a>Cookie-instellingen</a> <a>Over ons</a></footer>"
SHORT = (
    "De trein naar Kampen rijdt weer. Sinds vanochtend vroeg lag het verkeer stil door een kapotte "
    "bovenleiding. Volgens de vervoerder zijn duizend reizigers gestrand en bracht een deel van "
    "hen de nacht door in een sporthal bij het station. De gemeente regelde dekens en soep."
)
BANK = "De app is tijdelijk niet beschikbaar door een storing, zegt de bank. Klanten klagen erover."
BRUG = "De brug bij Kampen is wegens onderhoud dit weekend dicht. Het verkeer rijdt om."
MUUR = (
    "Een cookiewall is niet toegestaan, zegt de toezichthouder. Wie geen toestemming geeft voor "
    "een cookie mag niet worden geweigerd. Een akkoord moet vrij gegeven zijn."
)
AKKOORD = "Wij gebruiken cookies. Klik op akkoord, of pas uw cookie-instellingen aan."

WALLED = [
    (page(shell("x", "y"), url=CONSENT % "nl"), Wall.DPG_CONSENT),
    (page(shell("x", "y"), url=CONSENT % "be"), Wall.DPG_CONSENT),
    (page(shell("DPG Media Privacy Gate", "Even geduld")), Wall.DPG_CONSENT),
    (page(shell("x", "y", "<script>go('/privacygate-confirm')</script>")), Wall.DPG_CONSENT),
    (page(status=302, Location=CONSENT % "net"), Wall.DPG_CONSENT),
    (page(shell("Cookies", AKKOORD)), Wall.COOKIE_SHELL),
    (page(shell("x", "y"), url="https://cookiewall.krant.example/?url=x"), Wall.COOKIE_SHELL),
    (page(shell("x", "y"), url="https://krant.example/cookiewall/?u=x"), Wall.COOKIE_SHELL),
    (page(shell("Just a moment...", ""), status=403, Server="cloudflare"), Wall.CHALLENGE),
    (page(shell("x", "<script>_cf_chl_opt={}</script>"), status=503), Wall.CHALLENGE),
    (page(shell("x", "y"), status=403, Cf_Mitigated="challenge"), Wall.CHALLENGE),
    (page(shell("x", "<div id='px-captcha'></div>")), Wall.CHALLENGE),
    (page(shell("Even controleren", "Bevestig dat je een mens bent.")), Wall.CHALLENGE),
    (page(shell("Access denied", "Reference #18.2"), status=403), Wall.BOT_BLOCK),
    (page(shell("Before you continue", "We use cookies. Accept all")), Wall.COOKIE_SHELL),
    (page(status=401), Wall.BOT_BLOCK),
    (page(status=451), Wall.BOT_BLOCK),
    (page(shell("Too many requests", ""), status=429, Retry_After="60"), Wall.RATE_LIMIT),
    (page(status=503), Wall.MAINTENANCE),
    (page(shell("Onderhoud", "Onze site is tijdelijk niet bereikbaar.")), Wall.MAINTENANCE),
    (page(shell("Storing", "Wegens werkzaamheden zijn we even weg.")), Wall.MAINTENANCE),
    (page(shell("x", "y"), url="https://krant.example/onderhoud.html"), Wall.MAINTENANCE),
    (
        page(ARTICLE % (',"isAccessibleForFree":false', "<div class='c-paywall'>Stop</div>")),
        Wall.HARD_PAYWALL,
    ),
    (
        page(ARTICLE % (',"isAccessibleForFree":"False"', "<p>Al abonnee? Log in.</p>")),
        Wall.HARD_PAYWALL,
    ),
    (
        page(
            ARTICLE
            % ("", "<p class='registration-wall'>Maak een account aan om verder te lezen</p>")
        ),
        Wall.HARD_PAYWALL,
    ),
    (
        page(ARTICLE % ("", "<div id='betaalmuur'><b>Verder lezen?</b> Word abonnee</div>")),
        Wall.HARD_PAYWALL,
    ),
    (
        page(ARTICLE % ("", "<div class='paywall'>U hebt 3 gratis artikelen gelezen</div>")),
        Wall.METERED_PAYWALL,
    ),
]

OPEN = [
    page(ARTICLE % ("", "")),
    page(ARTICLE % (',"isAccessibleForFree":true', "<div class='paywall'>Al abonnee?</div>")),
    page(ARTICLE % (',"isAccessibleForFree":false', "")),
    page(ARTICLE % ("", "<p>Om de cookies te bakken, neem je boter. Accepteer, zei hij.</p>")),
    page(ARTICLE % ("", "<p>De site is tijdelijk niet bereikbaar, zei de minister.</p>")),
    page(ARTICLE % ("", "<p>Het rijk is wegens werkzaamheden aan de weg niet bereikbaar.</p>")),
    page(ARTICLE % ("", "<script src='/cdn-cgi/challenge-platform/x'></script>")),
    page(ARTICLE % ("", "<p>Bewijs dat je een mens bent, zei de robot.</p>")),
    page(ARTICLE % ("", "<script>var gate='privacygate-confirm'</script>") + "<!--" + "x" * 60_000),
    page(shell("Kort bericht", "De trein naar Kampen rijdt weer.")),
    page(shell("Groot onderhoud aan A12", "De weg is een weekend dicht.")),
    page(shell("Brug dicht", BRUG)),
    page(shell("Geen treinen", "Door een storing rijden er geen treinen bij Zwolle.")),
    page(shell("Bank-app plat", BANK)),
    page(shell("Kort bericht", "De trein naar Kampen rijdt weer." + FOOTER)),
    page(shell("Kort bericht", AKKOORD + "</p><button>Akkoord</button><p>" + SHORT)),
    page(shell("Cookiewall mag niet", MUUR)),
    page(shell("Robot", "Ben je een robot? vroeg de man. " + SENTENCE * 6)),
    page(shell("Kop", SENTENCE * 6 + "<form class='g-recaptcha'></form>")),
    page(ARTICLE % ("", "<p>De DPG Media Privacy Gate ligt onder vuur.</p>")),
    page(ARTICLE % ("", "<script>var gate='/privacygate-confirm'</script>")),
    page(ARTICLE % ("", ""), url="https://krant.example/nieuws/4912345/storing"),
    page(ARTICLE % ("", ""), url="https://krant.example/onderhoud/a12-een-weekend-dicht"),
    page(ARTICLE % ("", ""), url="https://krant.example/nieuws/cookiewall/"),
    page(shell("Niet gevonden", ""), status=404),
    page(status=410),
    page(status=500),
    page(),
]


@pytest.mark.parametrize(("answer", "wall"), WALLED)
def test_a_wall_is_recognised(answer: Page, wall: Wall) -> None:
    assert wall_of(answer) is wall


@pytest.mark.parametrize("answer", OPEN)
def test_what_is_no_wall_is_not_taken_for_one(answer: Page) -> None:
    assert wall_of(answer) is None


def test_only_a_paywalled_pages_own_text_is_ever_stored() -> None:
    stored = {wall for wall in Wall if treatment(wall) is Treatment.EXTRACT}
    assert stored == {Wall.HARD_PAYWALL, Wall.METERED_PAYWALL}


def test_what_passes_by_itself_is_asked_for_again() -> None:
    later = {wall for wall in Wall if treatment(wall) is Treatment.LATER}
    assert later == {Wall.RATE_LIMIT, Wall.MAINTENANCE}


@given(st.binary(), st.integers(200, 599), st.text())
def test_any_answer_has_a_wall_or_none(body: bytes, status: int, url: str) -> None:
    assert wall_of(Page(url=url, body=body, status=status)) in {None, *Wall}


@given(st.sampled_from(CASES), st.integers(0, 20_000))
def test_a_page_that_breaks_off_is_still_judged(case: Case, length: int) -> None:
    body = case.html[:length]
    assert wall_of(Page(url=URL, body=body)) in {None, *Wall}
