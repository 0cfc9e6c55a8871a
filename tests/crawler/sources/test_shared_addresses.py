"""Several items of a list under one address: one article, or several."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.model import FeedEntry, Fetch, Source, SourceKind
from crawler.sources.shared_addresses import by_address, entries_by_key

BODE = Source(
    id="bode",
    outlet="De Streekbode",
    kind=SourceKind.FEED,
    url="https://bode.example/rss",
    every=timedelta(minutes=10),
    fetch=Fetch.ENTRY,
)
SHORT = "https://bode.example/kort"
BRIDGE = FeedEntry(url=SHORT, guid="1", title="Brug open", lead="Verkeer kan er weer langs.")
TRIAL = FeedEntry(url=SHORT, guid="2", title="Drie jaar cel", lead="De vrouw reisde uit.")
FERRY = FeedEntry(url=SHORT, guid="3", title="Veer vast", lead="De boot ligt op een plaat.")


def keys(
    *entries: FeedEntry, source: Source = BODE, held: dict[str, FeedEntry] | None = None
) -> dict[str, FeedEntry]:
    addresses = by_address(entries, source)
    asked = {shared.asked for shared in addresses} - {None}
    named = dict(filter(None, asked))
    known = held or {}
    other = {
        key: known[key]
        for key, guid in named.items()
        if key in known and (guid is None or known[key].guid not in {None, guid})
    }
    return entries_by_key(addresses, source, held=other, known=known)


@pytest.mark.parametrize(
    "urls",
    [
        (SHORT, SHORT, SHORT),
        (f"{SHORT}#a", f"{SHORT}#b", f"{SHORT}#c"),
        (f"{SHORT}?utm_content=1", f"{SHORT}?utm_content=2", f"{SHORT}?utm_content=3"),
        ("https://bode.example/", "https://bode.example", "https://bode.example/"),
    ],
)
def test_items_of_their_own_under_one_address_are_articles_of_their_own(
    urls: tuple[str, ...],
) -> None:
    items = [replace(one, url=url) for one, url in zip((BRIDGE, TRIAL, FERRY), urls, strict=True)]
    found = keys(*items)

    assert [entry.title for entry in found.values()] == ["Brug open", "Drie jaar cel", "Veer vast"]


@pytest.mark.parametrize(
    "other",
    [
        replace(BRIDGE, title="Brug weer open"),
        replace(BRIDGE, guid="9"),
        replace(BRIDGE, guid=None, title="Brug weer open"),
    ],
)
def test_items_that_differ_in_one_thing_are_one_article(other: FeedEntry) -> None:
    assert list(keys(BRIDGE, other).values()) == [BRIDGE]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (replace(BRIDGE, guid=None), replace(TRIAL, guid=None)),
        (replace(BRIDGE, title=""), replace(TRIAL, title="")),
        (replace(BRIDGE, lead=""), replace(TRIAL, lead="")),
        (replace(BRIDGE, title="", guid=None), replace(TRIAL, title="", guid=None)),
        (replace(BRIDGE, lead="Lees meer."), replace(TRIAL, lead="Lees meer.")),
        (replace(BRIDGE, title="Liveblog"), replace(TRIAL, title="Liveblog")),
        (replace(BRIDGE, guid=SHORT), replace(TRIAL, guid=SHORT)),
    ],
)
def test_what_is_missing_or_the_same_in_all_tells_nothing(one: FeedEntry, other: FeedEntry) -> None:
    assert len(keys(one, other)) == 2


def test_two_items_with_the_id_of_one_article_are_that_article() -> None:
    nos = replace(BODE, outlet="NOS")
    first = FeedEntry(url="https://nos.nl/artikel/2612345-kop", guid="1", title="Een", lead="Zus.")
    second = FeedEntry(url="https://nos.nl/l/2612345", guid="2", title="Twee", lead="Zo.")

    assert list(keys(first, second, source=nos).values()) == [first]


def test_an_item_alone_at_an_address_has_the_key_of_the_address() -> None:
    assert keys(BRIDGE) == {SHORT: BRIDGE}


def test_an_item_alone_at_the_home_page_is_an_article_of_its_own() -> None:
    home = replace(BRIDGE, url="https://bode.example/")
    (key,) = keys(home)

    assert key.startswith("https://bode.example/#")


def test_an_item_has_the_same_key_in_whatever_company_it_comes() -> None:
    together = keys(BRIDGE, TRIAL)
    known = together

    assert keys(TRIAL, FERRY, held=known).keys() & known.keys() == {list(together)[1]}
    assert set(keys(TRIAL, held=known)) == {list(together)[1]}


def test_a_new_item_does_not_take_the_place_of_the_one_that_stood_there_alone() -> None:
    # given that the address once listed the bridge only
    before = keys(BRIDGE)
    # when another report comes under it, alone or with the first
    alone, both = keys(TRIAL, held=before), keys(TRIAL, BRIDGE, held=before)
    # then each keeps its own key
    assert SHORT not in alone
    assert both[SHORT] == BRIDGE
    assert set(both) == {SHORT, *alone}


@pytest.mark.parametrize(
    "later",
    [
        replace(BRIDGE, title="Brug dicht", lead="Het verkeer moet om."),
        replace(BRIDGE, guid="8", title="Brug toch open"),
        replace(BRIDGE, guid=None, title="Brug dicht", lead="Het verkeer moet om."),
    ],
)
def test_an_article_that_was_edited_or_got_another_id_stays_the_same(later: FeedEntry) -> None:
    assert keys(later, held=keys(BRIDGE)) == {SHORT: later}


@pytest.mark.parametrize("home", ["", "?lang=nl", "nl/", "nl-be", "index.php", "home"])
def test_the_page_that_several_share_is_read_too_unless_it_is_a_home_page(home: str) -> None:
    paged = replace(BODE, fetch=Fetch.PAGE)
    there = [replace(one, url=f"https://bode.example/{home}") for one in (BRIDGE, TRIAL)]

    assert next(iter(keys(BRIDGE, TRIAL, source=paged))) == SHORT
    assert len(keys(BRIDGE, TRIAL, source=paged)) == 3
    assert len(keys(*there, source=paged)) == 2
