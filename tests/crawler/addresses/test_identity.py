"""Pairs of addresses, over all outlets whose shape is known: one article, or two."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.addresses.article_key import article_id, article_key, outlet_slug
from crawler.addresses.canonical import canonical_address
from crawler.addresses.site_ids import SHAPES, bare_host

HERE = Path(__file__).parent


def pairs(name: str) -> list[tuple[str, ...]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if line and not line.startswith("#")]


SAME, DIFFERENT = pairs("same.txt"), pairs("different.txt")


def test_the_table_covers_enough_pairs() -> None:
    assert len(SAME) + len(DIFFERENT) >= 80


def test_the_table_covers_every_shape() -> None:
    urls = [url for pair in SAME + DIFFERENT for url in pair[1:]]
    urls += [url for pair in pairs("site_shapes.txt") for url in pair[2:4]]
    seen = {urlsplit(canonical_address(url)).netloc for url in urls}
    hosts = {bare_host(host) for host in seen}
    assert [shape for shape in SHAPES if not hosts & set(shape.hosts)] == []


@pytest.mark.parametrize(("outlet", "one", "other"), SAME)
def test_one_article_has_one_key_under_each_of_its_addresses(
    outlet: str, one: str, other: str
) -> None:
    assert article_key(outlet, one) == article_key(outlet, other)


@pytest.mark.parametrize(("outlet", "one", "other"), DIFFERENT)
def test_two_articles_never_share_a_key(outlet: str, one: str, other: str) -> None:
    assert article_key(outlet, one) != article_key(outlet, other)


@pytest.mark.parametrize(
    ("outlet", "url", "key"),
    [
        ("NOS", "https://nos.nl/l/2594017", "nos:2594017"),
        ("NU.nl", "https://www.nu.nl/-/6341234/", "nu-nl:6341234"),
        ("NRC", "https://www.nrc.nl/nieuws/2026/11/20/kop-a4911234", "nrc:a4911234"),
        ("VRT NWS", "https://www.vrt.be/vrtnws/nl/2026/11/20/kop/", "vrt-nws:2026/11/20/kop"),
        ("Krant", "https://Krant.example/kop", "https://krant.example/kop"),
    ],
)
def test_a_key_is_the_outlet_with_the_sites_id_or_the_address(
    outlet: str, url: str, key: str
) -> None:
    assert article_key(outlet, url) == key


def test_a_copy_on_a_sister_title_is_an_article_of_its_own() -> None:
    ad = article_key("AD", "https://www.ad.nl/binnenland/kop~a944532d/")
    bd = article_key("BD", "https://www.bd.nl/binnenland/kop~a944532d/")
    assert ad != bd


def test_a_guid_with_the_sites_id_serves_where_the_link_has_none() -> None:
    # given a feed whose link is a counter's redirect
    link = "https://telling.example/r?x=1"
    # then the guid tells the article, and one of another kind does not
    assert article_key("NU.nl", link, "https://www.nu.nl/-/6341234/") == "nu-nl:6341234"
    assert article_key("NU.nl", link, "tag:nu.nl,2026:6341234") == link
    assert article_key("NU.nl", link, None) == link


def test_a_guid_that_flips_changes_nothing_where_the_link_has_the_id() -> None:  # case 33
    link = "https://www.nu.nl/syrie/6341234/a.html"
    assert article_key("NU.nl", link, "https://www.nu.nl/-/9999999/") == "nu-nl:6341234"


def test_an_outlets_name_becomes_a_slug() -> None:
    assert outlet_slug("Omrop Fryslân") == "omrop-fryslan"
    assert outlet_slug("  De Gelderlander! ") == "de-gelderlander"


def test_an_article_id_depends_on_the_key_alone() -> None:
    one, other = article_id("nos:2594017"), article_id("nos:2594018")
    assert re.fullmatch("art_[0-9a-f]{16}", one)
    assert one == article_id("nos:2594017") != other


def test_the_key_of_an_unknown_shape_is_what_its_spellings_share() -> None:
    url = "http://www.krant.example/Kop/?z=1&utm_source=x&a=2"
    assert article_key("Krant", url) == "https://krant.example/Kop?a=2&z=1"
    assert article_key("Krant", "mailto:redactie@krant.example") == ""
