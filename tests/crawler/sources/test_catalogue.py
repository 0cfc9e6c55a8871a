"""The shipped catalogue, and sources written as one."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, strategies as st

from crawler.config.files import load_sources
from crawler.model import Fetch, Selectors, Source, SourceKind
from crawler.sources.catalogue import catalogue_of, free_id, with_confidences

FILE = Path(__file__).parents[3] / "config" / "sources.toml"
SECTION = Source(
    id="om",
    outlet="Openbaar Ministerie",
    kind=SourceKind.SECTION,
    url="https://om.example/nieuws/",
    every=timedelta(minutes=90),
    fetch=Fetch.ENTRY,
    language="fy",
    section="Nieuws",
    selectors=Selectors(item="li > a", link="a::attr(href)", date="time"),
    archive="https://om.example/sitemap.xml",
    confidence="C",
    note='Een "lijst" \\ zonder feed',
    enabled=False,
)


@pytest.fixture(scope="module")
def shipped() -> list[Source]:
    return load_sources(FILE)


def read_back(tmp_path: Path, *sources: Source) -> list[Source]:
    file = tmp_path / "sources.toml"
    file.write_text(catalogue_of(sources), encoding="utf-8")
    return load_sources(file)


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    plain = Source(
        id="a",
        outlet="A",
        kind=SourceKind.FEED,
        url="https://a.example/",
        every=timedelta(seconds=45),
    )

    assert read_back(tmp_path, SECTION, plain) == [SECTION, plain]


def test_a_source_from_others_cannot_name_our_secrets(tmp_path: Path) -> None:
    source = replace(SECTION, outlet="A ${TOKEN}", url="https://a.example/${file:/etc/passwd}")

    (read,) = read_back(tmp_path, source)

    assert read.outlet == "A $ {TOKEN}"
    assert read.url == "https://a.example/$%7Bfile:/etc/passwd}"


@given(st.text(), st.text())
def test_any_text_is_valid_toml(outlet: str, note: str) -> None:
    (table,) = tomllib.loads(catalogue_of([replace(SECTION, outlet=outlet, note=note)]))["source"]

    assert "${" not in table["outlet"] + table.get("note", "")


def test_a_free_id_is_not_taken_and_fits() -> None:
    assert free_id("NU.nl", []) == "nu-nl"
    assert free_id("NU.nl", ["nu-nl", "nu-nl-2"]) == "nu-nl-3"
    assert free_id("\u202e", []) == "source"
    assert len(free_id("x" * 500, ["x" * 58])) <= 64


OUTLETS = [
    "NOS", "NU.nl", "AD", "de Volkskrant", "Trouw", "Het Parool", "NRC", "De Telegraaf",
    "RTL Nieuws", "FD", "Nederlands Dagblad", "Reformatorisch Dagblad", "De Limburger",
    "De Gelderlander", "Brabants Dagblad", "Eindhovens Dagblad", "Tubantia", "BN DeStem", "PZC",
    "De Stentor", "Omroep West", "Rijnmond", "RTV Noord", "RTV Drenthe", "Omroep Gelderland",
    "NH Nieuws", "RTV Utrecht", "RTV Oost", "Omrop Fryslân", "Omroep Zeeland",
    "Omroep Flevoland", "Omroep Brabant", "EW", "EenVandaag", "Joop", "L1", "VRT NWS", "HLN",
    "De Morgen", "Het Nieuwsblad", "De Standaard", "Gazet van Antwerpen",
    "Het Belang van Limburg", "Bruzz", "Knack", "De Tijd", "Rijksoverheid", "Politie",
    "Openbaar Ministerie", "NCTV", "AIVD",
]  # fmt: skip


@pytest.mark.parametrize("outlet", OUTLETS)
def test_the_catalogue_has_the_outlet(shipped: list[Source], outlet: str) -> None:
    assert outlet in {source.outlet for source in shipped}


def test_every_source_says_how_sure_it_is(shipped: list[Source]) -> None:
    assert all(source.confidence in {"A", "B", "C", "X"} for source in shipped)
    assert all(source.url.startswith("https://") for source in shipped)


def test_no_address_stands_twice(shipped: list[Source]) -> None:
    addresses = [source.url for source in shipped]

    assert len(set(addresses)) == len(addresses)


def test_what_is_switched_off_says_why(shipped: list[Source]) -> None:
    off = [source for source in shipped if not source.enabled]

    assert {source.outlet for source in off} >= {"De Telegraaf", "De Standaard", "Het Nieuwsblad"}
    assert {source.url for source in off} >= {"https://feeds.nos.nl/nosjournaal"}
    assert all(source.note for source in off)
    assert all(not source.enabled for source in shipped if source.confidence == "X")


DPG = (
    "nu.nl ad.nl volkskrant.nl trouw.nl parool.nl gelderlander.nl bd.nl ed.nl tubantia.nl "
    "bndestem.nl pzc.nl destentor.nl hln.be demorgen.be"
)


def test_outlets_that_forbid_it_are_read_from_their_feeds_alone(shipped: list[Source]) -> None:
    hosts = tuple(f".{host}" for host in DPG.split())
    found = [source for source in shipped if (urlsplit(source.url).hostname or "").endswith(hosts)]

    assert len(found) >= len(hosts)
    assert {source.fetch for source in found} == {Fetch.ENTRY}


def test_nothing_is_asked_more_often_than_every_three_minutes(shipped: list[Source]) -> None:
    assert min(source.every for source in shipped) >= timedelta(minutes=3)


def test_the_governments_search_is_a_question_in_json(shipped: list[Source]) -> None:
    searches = [source for source in shipped if "/api/rss?query=" in source.url]

    assert searches
    for source in searches:
        (query,) = parse_qs(urlsplit(source.url).query)["query"]
        assert tomllib.loads(f"q = '''{query}'''")
        assert '"pro:newsDocument"' in query


TABLES = """# who is read
[[source]]
id = "krant"
outlet = "Krant"  # a remark
kind = "feed"
url = "https://krant.example/rss"
confidence = "B"   # checked in spring
note = "id = \\"omroep\\""

[[source]]
id = 'omroep'
outlet = "Omroep"
kind = "section"
url = "https://omroep.example/nieuws"
[source.selectors]
item = "a"
"""


def test_a_confidence_is_changed_in_its_own_line_and_nothing_else_is() -> None:
    edited = with_confidences(TABLES, {"krant": "A", "omroep": "C", "weg": "X"})

    assert edited == TABLES.replace(
        'confidence = "B"   # checked', 'confidence = "A"   # checked'
    ).replace('/nieuws"\n', '/nieuws"\nconfidence = "C"\n')
    assert with_confidences(TABLES, {}) == TABLES


def test_an_edited_catalogue_is_read_as_before_but_for_its_confidences(
    tmp_path: Path, shipped: list[Source]
) -> None:
    text = FILE.read_text(encoding="utf-8")
    wanted = {source.id: "ABCX"[number % 4] for number, source in enumerate(shipped)}
    edited = tmp_path / "sources.toml"
    edited.write_text(with_confidences(text, wanted), encoding="utf-8")

    assert load_sources(edited) == [
        replace(source, confidence=wanted[source.id]) for source in shipped
    ]
