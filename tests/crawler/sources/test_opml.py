"""Lists of feeds in and out; hostile ones are reported entry by entry (case 66)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from crawler.config.files import load_sources
from crawler.errors import ConfigError
from crawler.model import Fetch, Source, SourceKind
from crawler.sources.catalogue_file import append_sources
from crawler.sources.opml import (
    MAX_NEW,
    HeldFeed,
    NewFeed,
    OpmlEntry,
    RefusedFeed,
    entries_of_opml,
    opml_of,
)

NOS = Source(
    id="waarnemer",
    outlet="De Waarnemer",
    kind=SourceKind.FEED,
    url="https://nieuws.example/rss.xml",
    every=timedelta(minutes=5),
)

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mijn feeds</title></head><body>
<outline text="Nieuws">
 <outline type="rss" text="De Waarnemer" xmlUrl="https://nieuws.example/rss.xml"/>
 <outline type="rss" text="Streek &amp; stad" xmlUrl="https://streek.example/rss" language="fy"/>
 <outline type="rss" text="Streek &amp; stad" XMLURL="feed://stad.example/atom"/>
</outline>
<outline text="Streek" xmlUrl="https://streek.example/rss"/>
<outline text="Script" xmlUrl="javascript:alert(1)"/>
<outline text="Zonder adres"/>
<outline text="\u202e&lt;b&gt;Naam&lt;/b&gt;${SLACK_WEBHOOK_URL}" xmlUrl="https://a.example/${HOME}"/>
</body></opml>"""


def read(body: str | bytes, *known: Source) -> tuple[OpmlEntry, ...]:
    return entries_of_opml(body.encode() if isinstance(body, str) else body, known=known)


def sources_in(entries: Iterable[OpmlEntry]) -> list[Source]:
    return [entry.source for entry in entries if isinstance(entry, NewFeed)]


def test_every_entry_is_taken_or_refused_with_its_reason() -> None:
    entries = read(LIST, NOS)

    taken = sources_in(entries)
    assert entries == (
        HeldFeed("De Waarnemer", "https://nieuws.example/rss.xml", "waarnemer"),
        NewFeed("Streek & stad", "https://streek.example/rss", taken[0]),
        NewFeed("Streek & stad", "https://stad.example/atom", taken[1]),
        HeldFeed("Streek", "https://streek.example/rss", "streek-stad"),
        RefusedFeed("Script", "javascript:alert(1)", "its address is no web address"),
        RefusedFeed("Zonder adres", "", "it has no feed address (xmlUrl)"),
        NewFeed("Naam${SLACK_WEBHOOK_URL}", "https://a.example/${HOME}", taken[2]),
    )
    assert [source.id for source in taken] == [
        "streek-stad",
        "streek-stad-2",
        "naam-slack-webhook-url",
    ]
    assert [source.language for source in taken] == ["fy", "nl", "nl"]


def test_what_is_exported_is_read_back() -> None:
    sources = [
        NOS,
        replace(NOS, id="b", url="https://nieuws.example/b", section="Buitenland", language="fy"),
        replace(NOS, id="d", url="https://muur.example/", fetch=Fetch.ENTRY, every=3 * NOS.every),
        replace(NOS, id="c", outlet='Krant <&> "Co"', url="https://krant.example/?a=1&b=2"),
    ]

    taken = sources_in(read(opml_of(sources)))

    assert taken == sources


@pytest.mark.parametrize(
    ("every", "read_as"), [("0", 60), ("99999999", 900), ("-5", 900), ("x", 900), ("999999", 86400)]
)
def test_a_pace_from_outside_is_a_sensible_one_or_none(every: str, read_as: int) -> None:
    feed = f'<outline xmlUrl="https://a.example/" n:every="{every}" n:fetch="alles" n:id="../x"/>'
    (source,) = sources_in(read(f'<opml xmlns:n="urn:nieuwswacht"><body>{feed}</body></opml>'))

    assert source.every.total_seconds() == read_as
    assert (source.fetch, source.id) == (Fetch.PAGE, "x")


def test_only_feeds_are_exported() -> None:
    section = replace(NOS, kind=SourceKind.SECTION, url="https://nieuws.example/lijst")

    assert b"lijst" not in opml_of([NOS, section])


def test_an_export_groups_by_outlet() -> None:
    other = replace(NOS, id="b", url="https://nieuws.example/b")

    assert opml_of([NOS, other]).count(b'<outline text="De Waarnemer">') == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "geen lijst",
        "<html><body><outline xmlUrl='https://a.example'/></body></html>",
        "<opml>" * 5000,
        "<opml><body>" + "<outline>" * 1000,
        '{"opml": 1}',
        "<opml>" + "x" * 5_000_000 + "</opml>",
    ],
)
def test_what_is_no_list_is_refused_with_a_remedy(hostile: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(hostile)

    assert caught.value.remedy


def test_nothing_is_expanded_or_fetched() -> None:
    doctype = (
        "<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'><!ENTITY y 'https://a.example'>]>"
    )
    body = '<opml><body><outline text="&x;&y;" xmlUrl="&y;"/></body></opml>'

    (entry,) = read(doctype + body)

    assert isinstance(entry, RefusedFeed)


def test_of_a_list_without_end_each_entry_is_told_and_the_next_import_takes_the_next_ones() -> None:
    body = "".join(f'<outline xmlUrl="https://{n}.example/"/>' for n in range(MAX_NEW + 9))
    opml = f"<opml><body>{body}</body></opml>"

    first = read(opml)
    second = read(opml, *sources_in(first))

    assert len(sources_in(first)) == MAX_NEW
    (said,) = {entry.fault for entry in first if isinstance(entry, RefusedFeed)}
    assert "more than 2,000 new feeds at once" in said
    assert len(first) == len(second) == MAX_NEW + 9
    assert len(sources_in(second)) == 9


@pytest.mark.parametrize(
    "address",
    ["https://a.example:99999/rss", "https://a.example:poort/", "https://ik:geheim@a.example/rss"],
)
def test_an_address_that_no_source_may_have_costs_its_own_entry_alone(
    tmp_path: Path, address: str
) -> None:
    opml = f'<outline xmlUrl="{address}"/><outline xmlUrl="https://b.example/rss"/>'

    bad, good = read(f"<opml><body>{opml}</body></opml>")

    assert isinstance(bad, RefusedFeed)
    assert "geheim" not in bad.url
    catalogue = tmp_path / "sources.toml"
    catalogue.touch()
    append_sources(catalogue, sources_in([good]), "Proef")
    assert [source.url for source in load_sources(catalogue)] == ["https://b.example/rss"]


def test_an_outline_with_100_000_attributes_is_refused_at_once() -> None:
    crowded = " ".join(f'a{number}=""' for number in range(100_000))

    with pytest.raises(ConfigError, match="more than 100 attributes"):
        read(f'<opml><body><outline xmlUrl="https://a.example/" {crowded}/></body></opml>')


def test_common_faults_are_mended() -> None:
    (entry,) = read(
        '\n<?xml version="1.0"?><opml><body><outline text="Nieuws & meer" '
        'xmlUrl="https://a.example/?a=1&b=2"/></body></opml>'
    )

    assert (entry.title, entry.url) == ("Nieuws & meer", "https://a.example/?a=1&b=2")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_names_can_be_exported(outlet: str, section: str) -> None:
    source = replace(NOS, outlet=outlet, section=section)

    (entry,) = read(opml_of([source]))

    assert entry.url == NOS.url
