"""What becomes of an address: one spelling, out of its wrapping, and as the page agrees."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from crawler.addresses.canonical import agreed_address, canonical_address

PIECES = st.sampled_from(
    [
        *("http://", "HTTPS://", "www.", "nos.nl", "/", "..", ".", "%2e", "%2F", "?", "&", "amp;"),
        *("#!", "#", "=", "utm_source", "a", "ß", ":443", ":80", ":", "@", "[", "]", "::1", "\\"),
        *("\ud800", ";jsessionid=", "%", "%25", "41", "é", "callbackUrl=", "https%3A%2F%2F", "。"),
        *("myprivacy.dpgmedia.nl/consent?", "/privacygate-confirm?", "redirectUri=", "~a944532d"),
        *("x.cdn.ampproject.org/c/s/", "\n", "-", "123456", "\u2028", "+", "/amp", ".html", "İ"),
    ]
)


def rows(name: str) -> list[tuple[str, ...]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if line and not line.startswith("#")]


ASSEMBLED = st.lists(PIECES, max_size=14).map("".join)
ANY_TEXT = st.one_of(st.text(), ASSEMBLED, ASSEMBLED.map("https://".__add__))


@given(ANY_TEXT)
def test_any_text_has_a_canonical_address_or_none_and_never_raises(text: str) -> None:
    address = canonical_address(text)
    assert address == "" or (address.isascii() and address.startswith(("http://", "https://")))


@given(ANY_TEXT)
def test_a_canonical_address_is_its_own_canonical_address(text: str) -> None:
    address = canonical_address(text)
    assert canonical_address(address) == address


@given(ANY_TEXT, st.none() | ANY_TEXT, st.none() | ANY_TEXT)
def test_whatever_a_page_claims_the_agreed_address_is_canonical(
    url: str, rel: str | None, og: str | None
) -> None:
    agreed = agreed_address(url, rel, og)
    assert canonical_address(agreed) == agreed
    assert bool(agreed) == bool(canonical_address(url))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("HTTPS://WWW.NOS.nl", "https://www.nos.nl/"),
        ("http://krant.example:80/a", "http://krant.example/a"),
        ("https://krant.example:8443/a", "https://krant.example:8443/a"),
        ("https://krant.example:/a", "https://krant.example/a"),
        ("https://krant.example./a", "https://krant.example/a"),
        ("  https://krant.example/a\n", "https://krant.example/a"),
        ("https://gebruiker:geheim@krant.example/a", "https://krant.example/a"),
        ("https://krant.example/a#reacties", "https://krant.example/a"),
        ("https://krant.example/#!/artikel/5", "https://krant.example/#!/artikel/5"),
        ("https://krant.example/%7Ejan/caf%c3%a9", "https://krant.example/~jan/caf%C3%A9"),
        ("https://krant.example/café", "https://krant.example/caf%C3%A9"),
        ("https://krant.example/100%", "https://krant.example/100%25"),
        ("https://krant.example/a/../b/./c", "https://krant.example/b/c"),
        ("https://krant.example/a/b/..", "https://krant.example/a/"),
        ("https://krant.example/../../a", "https://krant.example/a"),
        ("https://krant.example/a;jsessionid=0F3", "https://krant.example/a"),
        ("https://krant.example/a?", "https://krant.example/a"),
        ("https://krant.example/a?b=2&a=1&b=1", "https://krant.example/a?a=1&b=2&b=1"),
        ("https://krant.example/a?a=1&amp;b=2", "https://krant.example/a?a=1&b=2"),
        ("https://krant.example/a?utm_source=x&id=5&UTM_Medium=y", "https://krant.example/a?id=5"),
        ("https://krant.example/a?fbclid=1&gclid=2&dclid=3&msclkid=4", "https://krant.example/a"),
        ("https://krant.example/a?mc_cid=1&_ga=2&ns_campaign=3", "https://krant.example/a"),
        ("https://krant.example/a?cmpid=1&referrer=x&referrer_id=2", "https://krant.example/a"),
        ("https://krant.example/a?source=rss", "https://krant.example/a"),
        ("https://krant.example/a?source=91823", "https://krant.example/a?source=91823"),
        ("https://krant.example/a?contentid=7&p=5", "https://krant.example/a?contentid=7&p=5"),
        ("https://münchen.example/a", "https://xn--mnchen-3ya.example/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https:\\\\krant.example\\a", "https://krant.example/a"),
    ],
)
def test_an_address_has_one_spelling(url: str, address: str) -> None:
    assert canonical_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        *("", "geen adres", "/pad/alleen", "//krant.example/a", "javascript:alert(1)", "file:///x"),
        *("data:text/html,x", "ftp://krant.example/a", "mailto:a@b.example", "http://", "https:///a"),
        *("http://[::1", "http://a b/", "http://krant.example:port/", "http://a..b/", "http://%61.nl/"),
        "https://krant.example/" + "a" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_has_none(url: str) -> None:
    assert canonical_address(url) == ""


def test_a_host_in_foreign_letters_shows_itself() -> None:
    # given a name whose "o" is Cyrillic
    address = canonical_address("https://n\u043es.nl/l/2594017")
    assert address == "https://xn--ns-fmc.nl/l/2594017"


WALL = "https://myprivacy.dpgmedia.nl/consent?siteKey=x&callbackUrl="
GATE = "www.ad.nl%2Fprivacygate-confirm%3FredirectUri%3D"
PAGE = "www.ad.nl%2Fbuitenland%2Fkop~a944532d%2F"
WALLED = "https://www.ad.nl/buitenland/kop~a944532d/"


@pytest.mark.parametrize(
    "url",
    [
        f"{WALL}https%3A%2F%2F{GATE}%252Fbuitenland%252Fkop~a944532d%252F",
        f"{WALL}https://www.ad.nl/privacygate-confirm?redirectUri=/buitenland/kop~a944532d/",
        "https://www.ad.nl/privacygate-confirm?redirectUri=%2Fbuitenland%2Fkop~a944532d%2F",
        f"https://www.ad.nl/privacygate-confirm?redirectUri=https%3A%2F%2F{PAGE}%3Futm_source%3Dx",
        f"https://krant.example/consent?callbackUrl=https%3A%2F%2F{PAGE}",
        "https://www-ad-nl.cdn.ampproject.org/c/s/www.ad.nl/buitenland/kop~a944532d/",
        "https://www.google.com/amp/s/www.ad.nl/buitenland/kop~a944532d/",
    ],
)
def test_an_address_is_taken_out_of_its_wrapping(url: str) -> None:
    assert canonical_address(url) == WALLED


def test_a_wall_that_leads_nowhere_stays_what_it_is() -> None:
    wall = "https://myprivacy.dpgmedia.nl/consent?callbackUrl=javascript%3Aalert%281%29"
    assert canonical_address(wall) == wall


def test_walls_within_walls_end() -> None:
    inner = "https://www.ad.nl/a~a944532d"
    for _ in range(20):
        inner = f"https://www.ad.nl/privacygate-confirm?redirectUri={inner}"
    assert canonical_address(inner) == ""


AGREED = rows("agreed.txt")


@pytest.mark.parametrize(("url", "claim", "agreed"), AGREED)
def test_a_page_is_believed_about_the_article_it_holds(url: str, claim: str, agreed: str) -> None:
    assert agreed_address(url, claim, None) == agreed
    assert agreed_address(url, None, claim) == agreed


IGNORED = rows("ignored.txt")


@pytest.mark.parametrize(("url", "claim"), IGNORED)
def test_a_page_is_not_believed_about_anything_else(url: str, claim: str) -> None:
    assert agreed_address(url, claim, claim) == url


def test_og_url_speaks_where_the_canonical_names_a_home_page() -> None:
    url, home = "https://m.krant.example/kop-een-twee", "https://krant.example/"
    assert agreed_address(url, home, "https://krant.example/kop-een-twee") == home + "kop-een-twee"


def test_a_page_behind_a_wall_is_agreed_on_as_the_page_itself() -> None:
    wall = "https://www.ad.nl/privacygate-confirm?redirectUri=%2Fbuitenland%2Fkop~a944532d%2F"
    assert agreed_address(wall, None, None) == WALLED
