"""The bundled articles: enough, invented, and written as a newspaper would."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from monitor.demo.newsroom.content import Content, ListingKind, NewsPiece, dated, path_of, slug_of

NOW = datetime(2019, 3, 23, 9, 30, tzinfo=UTC)
REAL_OUTLETS = re.findall(
    r"\S+",
    "NOS ANP NU.nl AD Volkskrant Trouw Parool NRC Telegraaf RTL FD Gelderlander Tubantia PZC "
    "Stentor BN/DeStem Limburger Rijnmond Omrop Omroep-West VRT HLN Knack Bruzz Tijd Standaard "
    "Nieuwsblad Morgen EenVandaag Joop Elsevier Reuters AFP Belga BBC CNN Metro Nieuwsuur",
)


def texts(piece: NewsPiece) -> list[str]:
    return [
        text
        for version in piece.versions
        for text in (version.title, version.lead, *version.paragraphs)
    ]


def test_there_are_enough_outlets_articles_and_listing_forms(content: Content) -> None:
    assert len(content.outlets) >= 4
    assert len(content.articles) >= 48
    assert {listing.kind for outlet in content.outlets for listing in outlet.listings} == set(
        ListingKind
    )


def test_every_id_number_and_address_is_unique(content: Content) -> None:
    outlets = {outlet.id: outlet for outlet in content.outlets}
    ids = Counter(piece.id for piece in content.articles)
    numbers = Counter(piece.number for piece in content.articles)
    paths = Counter(path_of(piece, outlets[piece.outlet], NOW) for piece in content.articles)
    listings = Counter(listing.id for outlet in content.outlets for listing in outlet.listings)
    for counted in (ids, numbers, paths, listings):
        assert max(counted.values()) == 1


def test_every_article_has_the_lengths_of_a_newspaper(content: Content) -> None:
    for piece in content.articles:
        for version in piece.versions:
            assert 20 <= len(version.title) <= 110, piece.id
            assert 100 <= len(version.lead) <= 300, piece.id
            assert 4 <= len(version.paragraphs) <= 8, piece.id
            assert all(len(text) >= 40 for text in version.paragraphs), piece.id


def test_no_outlet_is_a_real_one_and_no_article_names_one(content: Content) -> None:
    names = re.compile(r"\b(?:de |het )?(?:" + "|".join(map(re.escape, REAL_OUTLETS)) + r")\b")
    for outlet in content.outlets:
        assert outlet.name.split()[-1] not in REAL_OUTLETS
    for piece in content.articles:
        for text in texts(piece):
            assert not names.search(text), (piece.id, names.search(text))


@pytest.mark.parametrize("slip", ['"', "'", "  ", " ,", " .", "...", "`", "‘‘", "’’", "\t", " - "])
def test_the_typography_is_that_of_a_newspaper(content: Content, slip: str) -> None:
    for piece in content.articles:
        for text in texts(piece):
            assert slip not in text, (piece.id, text)


def test_quotes_close_and_sentences_end(content: Content) -> None:
    for piece in content.articles:
        for version in piece.versions:
            for text in (version.lead, *version.paragraphs):
                assert text.count("‘") <= text.count("’"), (piece.id, text)
                assert re.search(r"[.?!]’?$", text), (piece.id, text)


def test_weekdays_follow_from_the_day(content: Content) -> None:
    named = dated("{Vandaag} na {gisteren}, voor {morgen}, lang na {eergisteren}", NOW)
    assert named == "Zaterdag na vrijdag, voor zondag, lang na donderdag"
    for piece in content.articles:
        for text in texts(piece):
            assert "{" not in dated(text, NOW), (piece.id, text)


def test_each_round_brings_something_and_times_run_forward(content: Content) -> None:
    assert content.rounds == 3
    rounds = Counter(version.round for piece in content.articles for version in piece.versions)
    assert set(rounds) == {1, 2, 3}
    assert rounds[1] > rounds[2] > rounds[3] >= 4
    for piece in content.articles:
        ages = [version.age for version in piece.versions]
        assert ages == sorted(ages, reverse=True)
        assert timedelta(0) < min(ages) <= max(ages) < timedelta(days=2)


def test_the_story_of_baghuz_is_told_from_the_facts(content: Content) -> None:
    wire = [piece for piece in content.articles if piece.wire == "anb-baghuz"]
    text = " ".join(texts(wire[0]))
    for fact in ("SDF", "Islamitische Staat", "kalifaat", "Syrië", "al-Hol", "Eufraat", "2014"):
        assert fact in text


def test_wire_copy_stands_at_several_outlets_with_other_headlines_and_shortened(
    content: Content,
) -> None:
    wire = [piece for piece in content.articles if piece.wire == "anb-baghuz"]
    assert len({piece.outlet for piece in wire}) == 3
    assert len({piece.versions[0].title for piece in wire}) == 3
    assert len({len(piece.versions[0].paragraphs) for piece in wire}) == 2
    assert {piece.versions[0].round for piece in wire} == {2, 3}


def test_one_article_is_corrected_and_one_names_its_subject_late(content: Content) -> None:
    edited = {piece.id: piece for piece in content.articles if len(piece.versions) > 1}
    before, after = (
        " ".join((version.title, version.lead, *version.paragraphs))
        for version in edited["kustlicht-aanslag-controlepost"].versions
    )
    assert "12 doden" in before
    assert "21 doden" not in before
    assert "21 doden" in after
    late = edited["drieplassen-aanhouding"]
    assert late.late
    first = " ".join((late.versions[0].title, late.versions[0].lead, *late.versions[0].paragraphs))
    assert not re.search(r"\bIS\b|Syri|kalifa|Baghou?z|SDF", first)


def test_every_trap_is_there(content: Content) -> None:
    said = " ".join(text for piece in content.articles if piece.trap for text in texts(piece))
    for bait in ("IBIS", "FIS-punten", "Canon IS", "Assyrische", "Syriza", "WAT IS ER GEBEURD"):
        assert bait in said
    assert any("Baghuz" in title for outlet in content.outlets for title in outlet.teasers)


def test_spellings_vary_as_in_the_real_press(content: Content) -> None:
    said = " ".join(text for piece in content.articles for text in texts(piece))
    for spelling in (
        *("Baghuz", "Baghouz", "Raqqa", "Rakka", "SDF", "Syrische Democratische Strijdkrachten"),
        *("IS-strijders", "IS’ers", "IS-kalifaat", "Islamitische Staat"),
    ):
        assert spelling in said


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("WAT IS ER GEBEURD MET HET KALIFAAT VAN CÓRDOBA?", "wat-is-er-gebeurd-met-het-kalifaat"),
        ("’s Avonds 7.000 IS’ers", "s-avonds-7-000-isers"),
        ("‘…’", "artikel"),
    ],
)
def test_a_slug_is_plain_words(title: str, slug: str) -> None:
    assert slug_of(title).startswith(slug)
    assert re.fullmatch(r"[a-z0-9-]{1,75}", slug_of(title))
