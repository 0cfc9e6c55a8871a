"""Titles, leads and languages: the small decisions of extraction."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice, product

import pytest
from hypothesis import given, strategies as st
from madepages import BODY, ENTRY, TEXT, TITLE, page, read

from crawler.pages.lead import lead_and_body
from crawler.pages.texts.topic import is_about, shared_words
from crawler.pages.title import apart, is_no_article, same_title, title_of
from crawler.text.language import language_of

DUTCH = "Het is de vraag of een van de partijen zich ook voor de stad wil inzetten, zegt hij naar "
ENGLISH = (
    "The question is whether any of the parties have been with the city for which they fight. "
)
BLOCKS = st.lists(
    st.sampled_from(["Een alinea met genoeg woorden om er een te zijn, vindt men.", "Kop", "Nee."])
    | st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\n" not in text),
    max_size=6,
)


@pytest.mark.parametrize(
    ("told", "heading", "window", "title"),
    [
        (["Kop van het artikel"], "Kop van het artikel", "", "Kop van het artikel"),
        (["", "Kop uit de meta"], "Kop boven de tekst", "", "Kop uit de meta"),
        (["Kop van het... "], "Kop van het artikel", "", "Kop van het artikel"),
        (["Kop van het artikel | Binnenland"], "Kop van het artikel", "", "Kop van het artikel"),
        (["Kop van het artikel - De Krant"], "", "", "Kop van het artikel"),
        ([], "", "Kop van het artikel | De Krant", "Kop van het artikel"),
        (["De Krant"], "Kop van het artikel", "", "Kop van het artikel"),
        (["Syrië - een reis"], "", "", "Syrië - een reis"),
        ([], "", "", ""),
    ],
)
def test_of_several_titles_the_articles_own_is_taken(
    told: list[str], heading: str, window: str, title: str
) -> None:
    assert title_of(told, heading=heading, window=window, names=["De Krant"]) == title


@pytest.mark.parametrize(
    ("title", "without"),
    [
        ("Leger neemt laatste wijk van Daraqa in | Buitenland", True),
        ("Leger neemt laatste wijk van Daraqa in|Nieuws", True),
        ("Leger neemt laatste wijk van Daraqa in | Nieuws | Buitenland", True),
        ("L’armée reprend le dernier quartier | Monde", True),
        ("Leger neemt laatste wijk van Daraqa in | Een reportage", False),
        ("Leger neemt laatste wijk van Daraqa in | Cultuur & Media", True),
        ("Leger neemt laatste wijk van Daraqa in - Buitenland", True),
        ("Leger neemt laatste wijk van Daraqa in – Binnenlands nieuws", True),
        ("Leger neemt laatste wijk van Daraqa in • Politiek", True),
        ("Leger neemt laatste wijk van Daraqa in - en zwijgt", False),
        ("Leger neemt laatste wijk van Daraqa in - politiek", False),
        ("De handel tussen buurlanden: Nederland - België", False),
        ("Leger neemt laatste wijk in van Buitenland", False),
        ("Kort | Buitenland", False),
    ],
)
def test_a_section_behind_a_stroke_is_no_part_of_a_headline(title: str, *, without: bool) -> None:
    rest = re.split(r"\s*\|| [-–•] ", title)[0] if without else title
    assert apart(title) == rest
    assert title_of([title], heading="", window="", names=["De Krant"]) == rest


@pytest.mark.parametrize(
    "behind", ["Conflict in Syrië", "Zeeland", "CONFLICT IN SYRIË", "krant.example"]
)
def test_the_articles_section_and_the_name_of_its_host_behind_a_stroke_are_no_headline(
    behind: str,
) -> None:
    for section in ("Conflict in Syrië", "Zeeland"):
        head = f'<meta property="article:section" content="{section}">'
        entry = replace(ENTRY, title="")
        title = read(page(head, title=f"{TITLE} | {behind}"), entry=entry).title
        known = behind.lower() in {section.lower(), "krant.example"}
        assert title == (TITLE if known else f"{TITLE} | {behind}")


def test_titles_are_one_whatever_their_quotation_marks_and_cuts() -> None:
    assert same_title("‘Wij gaan door’ zegt de SDF", "'Wij gaan door' zegt de SDF")
    assert same_title("Leger neemt laatste wijk...", "Leger neemt laatste wijk van Daraqa in")
    assert not same_title("Leger neemt laatste wijk", "Leger verliest laatste wijk")
    assert not same_title("Kop", "Kopenhagen")
    assert not same_title("", "")


@pytest.mark.parametrize(
    "title",
    ["404", "404 - Niet gevonden", "Pagina niet gevonden", "Oeps!", "Cookies", "Access denied"],
)
def test_a_page_can_say_that_it_is_none(title: str) -> None:
    assert is_no_article(title)


@pytest.mark.parametrize(
    "title",
    ["404 doden bij beving", "Oeps, Rijk publiceert geheime brief", "Cookies van oma"],
)
def test_an_article_can_sound_like_that(title: str) -> None:
    assert not is_no_article(title)


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=30), st.text(max_size=30))
def test_a_title_is_one_of_those_given_or_its_beginning(
    told: list[str], heading: str, window: str
) -> None:
    title = title_of(told, heading=heading, window=window, names=["Krant"])
    assert title == "" or any(text.startswith(title) for text in (*told, heading, window))


@pytest.mark.parametrize(
    "added",
    [
        f"Het bericht {TITLE} verscheen eerst op De Bode.",
        f"{TITLE} verscheen op De Bode",
        "Dit artikel verscheen eerder in De Bode.",
        "L’article Daraqa est tombée est apparu en premier sur Le Messager.",
        "Der Beitrag Daraqa gefallen erschien zuerst auf Der Bote.",
    ],
)
def test_where_a_text_appeared_first_is_no_text_at_its_end_alone(added: str) -> None:
    assert read(page(inner=f"<p>{added}</p>")).body == BODY
    more = "De burgemeester noemt dat op zijn beurt een gevaarlijk voorbeeld voor de streek."
    assert read(page(inner=f"<p>{added}</p><p>{more}</p>")).body == f"{BODY}\n\n{added}\n\n{more}"


def test_a_lead_is_not_said_twice() -> None:
    lead = "Na weken van gevechten is de stad in handen van het leger."
    body = f"Binnenland\n\nKop van het artikel\n\n{lead}\n\nDe rest van het verhaal."
    found = lead_and_body([lead], title="Kop van het artikel", body=body)
    assert found == (lead, "De rest van het verhaal.")


def test_a_lead_that_says_the_whole_text_is_its_first_paragraph() -> None:
    parts = [
        f"In straat {number} van de stad zijn alle huizen leeg, zegt hij." for number in range(9)
    ]
    found = lead_and_body([" ".join(parts)], title="Kop", body="\n\n".join(parts))
    assert found == (parts[0], "\n\n".join(parts[1:]))


@pytest.mark.parametrize(
    "first",
    ["DEN HAAG (ANP) - {lead}", "{lead} Dat zegt het leger.", "Daraqa - {lead} Zo zegt het leger."],
)
def test_a_lead_that_its_paragraph_says_in_full_is_that_paragraph(first: str) -> None:
    lead = "Na weken van gevechten is de stad in handen van het leger."
    paragraph = first.format(lead=lead)
    found = lead_and_body([lead], title="Kop", body=f"{paragraph}\n\nDe rest van het verhaal.")
    assert found == (paragraph, "De rest van het verhaal.")


def test_a_lead_of_two_paragraphs_is_not_said_twice() -> None:
    first = "Na weken van gevechten is de stad in handen van het leger."
    second = "De laatste strijders gaven zich in de nacht van dinsdag over."
    found = lead_and_body(
        [f"{first} {second}"], title="Kop", body=f"{first}\n\n{second}\n\nDe rest van het verhaal."
    )
    assert found == (f"{first} {second}", "De rest van het verhaal.")


def test_a_whole_lead_goes_before_one_cut_short() -> None:
    told = ["Na weken van gevechten is de stad...", "De stad is gevallen, na weken."]
    assert lead_and_body(told, title="Kop", body="")[0] == "De stad is gevallen, na weken."


@given(st.lists(st.text(max_size=40), max_size=3), BLOCKS)
def test_no_paragraph_is_lost_or_made(told: list[str], blocks: list[str]) -> None:
    lead, body = lead_and_body(told, title="Kop", body="\n\n".join(blocks))
    left = [block for block in body.split("\n\n") if block]
    assert set(left) <= {*blocks, *"\n\n".join(blocks).split("\n\n")}
    long = [block for block in blocks if len(block) >= 50 and block.strip()]
    assert all(block in left or block in lead for block in long) or "Kop" in blocks


def test_a_motto_is_about_no_article() -> None:
    text = "De rechtbank in Zwolle doet op vier december uitspraak in de zaak over de wapenhandel."
    assert is_about("Uitspraak over wapenhandel in Zwolle", text)
    assert not is_about(
        "Altijd het belangrijkste sportnieuws en regionale verkeersinformatie", text
    )


def test_of_a_description_of_a_megabyte_only_the_start_is_looked_for() -> None:
    endings = map("".join, product("abcdefghij", repeat=5))
    words = [f"w{each}" for each in islice(endings, 1_100)]
    article = " ".join(words[:1_000])

    assert shared_words(" ".join(words), article) == 1
    assert shared_words(" ".join(words[100:]), article) == 0.9


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (DUTCH, "nl-NL", "nl"),
        (DUTCH, "", "nl"),
        (DUTCH * 2, "en", "nl"),
        (ENGLISH * 2, "en-US", "en"),
        ("Kort.", "en", "en"),
        (DUTCH, "Nederlands", "nl"),
        (DUTCH, "!?", "nl"),
        ("Tekst", "fy", "fy"),
    ],
)
def test_a_declared_language_is_believed_unless_the_text_contradicts_it(
    text: str, declared: str, language: str
) -> None:
    assert language_of(text, declared, "nl") == language


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE} | De Krant",
        f"{TITLE} - Krant Nieuws",
        f"{TITLE} | De Krant | Buitenland",
        f"De Krant | {TITLE}",
        f"Omroep Noord: {TITLE}",
        f"KRANT - {TITLE}",
        f"Buitenland | {TITLE} | De Krant",
    ],
)
def test_a_name_that_the_feeds_title_lacks_goes(written: str) -> None:
    head = f'<meta property="og:title" content="{written}">'
    html = page(head, title="Kop van de pagina").replace("<h1>Kop van de pagina</h1>", "")
    assert read(html).title == TITLE


@pytest.mark.parametrize(
    ("site", "written"),
    [
        ("VRTNWS", f"{TITLE} | VRT NWS"),
        ("Omroep Noord", f"Omroep Noord: {TITLE}"),
        ("Omroep Noord", f"Omroep Noord | {TITLE}"),
        ("De Krant", f"{TITLE}|De Krant"),
        ("De Krant", f"{TITLE} \u203a dekrant.nl"),
        ("De Krant", f"{TITLE} (Krant)"),
        ("De Krant", f"{TITLE} ~ De Krant"),
        ("De Krant", f"De Krant :: {TITLE}"),
        ("De Krant", f"DE KRANT|{TITLE}"),
    ],
)
def test_a_name_of_the_site_goes_on_both_sides(site: str, written: str) -> None:
    assert title_of([written], heading="", window="", names=[site]) == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "Syrië - de stand van zaken na een jaar",
        "Minister: leger trekt zich terug uit Daraqa",
        "Rutte: 'De Krant heeft gelijk'",
        "Leger neemt wijk in - en dan?",
        "Wie las het eerst: Trouw of De Krant",
    ],
)
def test_a_title_with_a_separator_of_its_own_stays(title: str) -> None:
    made = title_of([title], heading=title, window="", names=["De Krant"], fed=title)
    assert made == title


def test_a_main_heading_that_differs_is_no_first_line_of_the_body() -> None:
    head = f'<meta property="og:title" content="{TITLE}">'
    html = page(head).replace(f"<h1>{TITLE}</h1>", "<h1>Laatste wijk van Daraqa gevallen</h1>")
    article = read(html)
    assert (article.title, article.body) == (TITLE, BODY)


@pytest.mark.parametrize("label", ["Update", "Live", "Video", "EXCLUSIEF", "Opinie", "In beeld"])
def test_a_label_that_is_glued_to_a_headline_is_cut_off(label: str) -> None:
    # given a page whose heading and JSON-LD glue the label to the title
    glued = page(title=f"{label}{TITLE}").replace(
        f"<h1>{label}{TITLE}</h1>", f"<h1><span>{label}</span>{TITLE}</h1>"
    )
    # then the title is the feed's, and the label is in no body
    article = read(glued)
    assert (article.title, article.body) == (TITLE, BODY)
    assert apart(f"{label}{TITLE}") == f"{label} {TITLE}"


@pytest.mark.parametrize("label", ["112", "Foto's", "LIVE|", "+", "Reconstructie"])
def test_whatever_is_glued_to_a_headline_that_the_feed_has_goes(label: str) -> None:
    assert apart(f"{label}{TITLE}", [TITLE]) == TITLE
    assert apart(f"„{TITLE}”", [f"{TITLE}”"]) == f"„{TITLE}”"


@pytest.mark.parametrize("label", ["LIVE", "UPDATE", "Foto", "Plus", "112"])
def test_a_label_is_told_from_an_abbreviation_that_follows(label: str) -> None:
    assert apart(f"{label}IS verliest Daraqa") == f"{label} IS verliest Daraqa"


@pytest.mark.parametrize(
    "title",
    ["Updates over Daraqa", "Livestream", "Videobeelden", "Analyse", "LIVERPOOL wint", "NIEUWSUUR"],
)
def test_a_word_that_begins_like_a_label_stays(title: str) -> None:
    assert apart(title) == title


@pytest.mark.parametrize("kept", [60, 90, 130])
@pytest.mark.parametrize(
    "sign", ["", "...", " […]", "....", " (...)", "…(lees verder)", "… Lees meer »"]
)
def test_a_lead_that_breaks_off_is_completed_and_not_said_twice(kept: int, sign: str) -> None:
    # given a description that was cut at a number of letters
    first, second, third = TEXT
    cut = f"{first} {second}"[:kept].strip() + sign
    # when lead and body are taken apart
    lead, body = lead_and_body([cut], title="Kop", body=BODY)
    # then no sentence is lost, cut or said twice
    assert [*lead.split("\n\n"), *body.split("\n\n")] == [first, second, third]


def test_a_lead_that_lacks_the_place_of_its_paragraph_is_that_paragraph() -> None:
    first = f"DARAQA (ANP) - {TEXT[0]}"
    found = lead_and_body([f"{TEXT[0][:60]}..."], title="Kop", body=f"{first}\n\n{TEXT[1]}")
    assert found == (first, TEXT[1])


def test_a_short_lead_without_a_full_stop_stays_as_it_is() -> None:
    found = lead_and_body(["Laatste wijk gevallen"], title="Kop", body=BODY)
    assert found == ("Laatste wijk gevallen", BODY)


def test_a_cut_description_of_several_paragraphs_leaves_them_in_the_text() -> None:
    first = "Na weken van gevechten is de stad in handen van het leger, meldt het persbureau."
    second = "De gouverneur maakte dat dinsdag bekend."
    third = "De laatste strijders gaven zich in de nacht van dinsdag over, zegt hij."
    body = f"{first}\n\n{second}\n\n{third}\n\nDe rest van het verhaal."
    for gap in (" ", ""):
        lead = f"{first}{gap}{second}{gap}De laatste strijders gaven […]"
        found = lead_and_body([lead], title="Kop", body=body)
        assert found == (first, f"{second}\n\n{third}\n\nDe rest van het verhaal.")


def test_a_description_that_says_most_of_the_text_leaves_the_first_paragraph_as_lead() -> None:
    first = "Na weken van gevechten is de stad in handen van het leger, meldt het persbureau. " * 4
    second = "De laatste strijders gaven zich in de nacht van dinsdag over. 🙂"
    lead = f"{first.strip()} {second.replace('🙂', ':-)')}"
    found = lead_and_body([lead], title="Kop", body=f"{first.strip()}\n\n{second}")
    assert found == (first.strip(), second)


def test_paragraphs_that_hold_one_another_do_not_send_the_reader_in_a_circle() -> None:
    first = "Na weken van gevechten is de stad in handen van het leger, meldt het persbureau. " * 8
    second = f"{first}Meer volgt."
    lead, body = lead_and_body([first], title="Kop", body=f"{first.strip()}\n\n{second}")
    assert lead == first.strip()
    assert body == second
