"""Which paragraphs may be told from an article by their repetition, and which never."""

from __future__ import annotations

import pytest

from crawler.pages.texts.refrains import refrains_in, without

BEFORE = "De dijk langs de Linge is zaterdag doorgebroken, meldt het waterschap."
AFTER = "Niemand raakte gewond."


def in_the_middle(line: str, **known: frozenset[str]) -> bool:
    return line in set(refrains_in(f"{BEFORE}\n\n{line}\n\n{AFTER}", **known))


@pytest.mark.parametrize(
    "line",
    [
        "Lees alles over de oorlog in ons dossier.",
        "Bekijk de beelden van de aanval in onze app",
        "Luister de nieuwe aflevering van De Dag hieronder.",
        "Alles over de strijd om Baghuz",
        "Heb jij familie in Syrië? Dan komen we graag met je in contact.",
        "Zelf iets gezien? redactie@krant.example",
        "Dit verhaal is mede mogelijk gemaakt door het Fonds Bijzondere Projecten.",
        "In deze podcast praten we elke week over het Midden-Oosten.",
        "Schrijf je in voor Het Ochtendbericht.",
        "Meer nieuws uit Limburg",
        "Terug naar het overzicht",
        "Tekst: Anna de Wit en Piet Jansen",
        "Met medewerking van Jan de Boer.",
        "Correspondent Israël: Nasrah Visser",
    ],
)
def test_a_call_a_signpost_or_a_credit_may_be_a_refrain_wherever_it_stands(line: str) -> None:
    assert in_the_middle(line)


@pytest.mark.parametrize(
    "line",
    [
        "Terreurgroep IS riep in 2014 in Irak en Syrië een kalifaat uit.",
        "Ons land doet sinds 2014 mee aan de coalitie tegen IS.",
        "Wij Syriërs willen vrede.",
        "In de kampen in Noordoost-Syrië zitten nog tientallen Nederlandse vrouwen en kinderen.",
        "2014: IS roept in Mosul het kalifaat uit",
        "De redactie van Charlie Hebdo werd in januari 2015 aangevallen.",
        "De nieuwsbrief van IS verschijnt elke week.",
        "“Kijk niet weg”, stond op de muur van het kamp.",
        "Lees de brief, zei de rechter tegen de verdachte.",
        "Deel van de strijders vluchtte naar Idlib.",
        "Door de aanval kwamen 130 mensen om het leven.",
        "Abu Bakr al-Baghdadi",
        "De eerste bom ontplofte om 9.11 u in de metro, de tweede een uur later.",
        "Een schip van de U.S. Navy ligt sinds 2014 voor de kust van Syrië.",
        "> Lees ons bericht. — Persdienst (@pers)",
        "Volgens de VN zijn meer dan 500.000 mensen omgekomen.",
        "Kijk " + "naar de rivier en naar de dijken langs het land " * 6,
    ],
)
def test_what_tells_something_is_no_refrain_in_any_number(line: str) -> None:
    assert not in_the_middle(line)


@pytest.mark.parametrize(
    "line", ["Anna de Wit", "Buitenland", "Redactie Zeeland", "ANP / De Krant"]
)
def test_a_short_label_may_be_a_refrain_at_the_ends_of_a_text(line: str) -> None:
    assert line in set(refrains_in(f"{line}\n\n{BEFORE}\n\n{AFTER}"))
    assert line in set(refrains_in(f"{BEFORE}\n\n{AFTER}\n\n{line}"))


def test_a_paragraph_that_is_a_link_as_a_whole_may_be_one_and_a_heading_is_none() -> None:
    link, heading = "Zo verliep de slag om het laatste bolwerk.", "Wat moet je weten over IS?"

    assert in_the_middle(link, links=frozenset({link}))
    assert not in_the_middle(link)
    assert in_the_middle(heading)
    assert not in_the_middle(heading, headings=frozenset({heading}))


def test_only_whole_paragraphs_are_taken_out() -> None:
    call = "Lees alles in ons dossier."
    text = f"{BEFORE} {call}\n\n{call}\n\n{AFTER}"

    assert without(text, {call}) == f"{BEFORE} {call}\n\n{AFTER}"
    assert list(refrains_in("")) == []
