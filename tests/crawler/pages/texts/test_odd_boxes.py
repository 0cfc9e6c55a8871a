"""Text of an article in boxes meant for something else, and what such boxes usually hold."""

from __future__ import annotations

import madepages
import pytest
from madepages import TEXT, TITLE

HIT = "De bewoners van het dorp kregen maandag te horen dat zij binnen een week moesten vertrekken."
MORE = "Wie bleef, moest dat volgens de burgemeester voor het weekend schriftelijk melden."
LONG = f"{HIT} {MORE} Voor wie geen familie in de stad heeft, richtte de gemeente een gymzaal in."
IMAGE = "<img src='/dorp.jpg'>"
FIRST, SECOND, THIRD = (f"<p>{part}</p>" for part in TEXT)


def body(inner: str) -> str:
    html = f"<html><head><title>{TITLE}</title></head><body><main><article><h1>{TITLE}</h1>{inner}"
    return madepages.read(f"{html}</article></main></body></html>").body


@pytest.mark.parametrize("name", ["", " class='media'"])
@pytest.mark.parametrize(
    "inner",
    [
        f"<div>{HIT}</div>",
        f"<div>{HIT}</div><div>{MORE}</div>",
        f"<div><p>{HIT}</p><p>{MORE}</p></div>",
        f"{IMAGE}<div>{HIT}</div><div>{MORE}</div>",
        f"<picture>{IMAGE}</picture><p>{HIT}</p><p>{MORE}</p>",
        f"{IMAGE}<div class='tekst'>{LONG}</div>",
    ],
)
def test_sentences_in_the_element_of_a_picture_without_a_caption_stay(
    inner: str, name: str
) -> None:
    figure = f"<figure{name}>{inner}</figure>"
    for article in (f"{FIRST}{figure}{SECOND}{THIRD}", f"{FIRST}{SECOND}{THIRD}{figure}"):
        text = body(article)
        assert text.count(HIT) == 1
        assert MORE not in inner or text.count(MORE) == 1


@pytest.mark.parametrize(
    "inner",
    [
        f"{IMAGE}<div>{HIT}</div>",
        f"{IMAGE}<span>{HIT}</span>",
        f"{IMAGE}<div class='caption'>{LONG}</div>",
        f"{IMAGE}<div class='bijschrift'><div>{HIT}</div><div>{MORE}</div></div>",
        f"{IMAGE}<div>{HIT}</div>{IMAGE}<div>{MORE}</div>",
        f"<a href='/x'>{IMAGE}<h3>Brug weer open</h3><p>{HIT}</p><p>{MORE}</p></a>",
    ],
)
def test_the_line_beside_each_picture_is_its_caption(inner: str) -> None:
    figure = f"<figure>{inner}</figure>"
    assert HIT not in body(f"{FIRST}{figure}{SECOND}{THIRD}{figure}")


HIDDEN = (
    "style='display:none'",
    "hidden",
    "class='a' style='visibility: hidden'",
    "hidden aria-hidden='true'",
)
QUOTE = "„Wij gaan morgen naar de rechter”, zei zij dinsdag op de trappen van het stadhuis."


@pytest.mark.parametrize("hiding", HIDDEN)
@pytest.mark.parametrize("told", [HIT, LONG, QUOTE])
def test_a_hidden_paragraph_amid_those_of_the_article_stays(hiding: str, told: str) -> None:
    one = f"<p {hiding}>{told}</p>"
    assert body(f"{FIRST}{SECOND}{one}{THIRD}").count(told) == 1
    assert body(f"{FIRST}{SECOND}{THIRD}{one}").count(told) == 1


@pytest.mark.parametrize("hiding", HIDDEN[:2])
def test_a_hidden_box_in_a_row_of_boxes_with_paragraphs_stays(hiding: str) -> None:
    parts = [f"<div class='alinea'>{part}</div>" for part in (FIRST, SECOND, THIRD)]
    parts.insert(2, f"<div class='alinea' {hiding}><p>{HIT}</p></div>")
    assert body("".join(parts)).count(HIT) == 1


@pytest.mark.parametrize("hiding", HIDDEN)
@pytest.mark.parametrize(
    "notice",
    [
        "Om deze inhoud te kunnen zien moet je cookies van derden accepteren in de instellingen.",
        "Er ging iets mis bij het laden van dit onderdeel. Probeer het later nog een keer.",
        "Uw browser ondersteunt deze beelden niet, en dus blijft dit vak helaas leeg.",
        "Zet de adblocker uit om verder te lezen. Deze krant leeft van advertenties.",
        "Hier staat <a href='/x'>een verwijzing naar een ander stuk</a> over de stad Daraqa.",
    ],
)
def test_a_hidden_notice_amid_the_paragraphs_of_an_article_goes(hiding: str, notice: str) -> None:
    assert notice[:20] not in body(f"{FIRST}{SECOND}<p {hiding}>{notice}</p>{THIRD}")


def test_a_hidden_paragraph_with_no_article_beside_it_goes() -> None:
    text = f"<div>{FIRST}{SECOND}{THIRD}</div>"
    assert HIT not in body(f"<div><p hidden>{HIT}</p></div>{text}")
    assert HIT not in body(f"<div>{FIRST}<p hidden>{HIT}</p></div>{text}")


@pytest.mark.parametrize("tag", ["span", "b", "em"])
@pytest.mark.parametrize("hiding", HIDDEN)
@pytest.mark.parametrize(
    ("words", "stay"),
    [
        (HIT, True),
        ("Kopieer de link hieronder om het met anderen te delen.", False),
        ("Beeld: archief.", False),
    ],
)
def test_a_paragraph_with_hidden_words_stands_there_once(
    words: str, hiding: str, tag: str, *, stay: bool
) -> None:
    text = body(f"{FIRST}<p>{TEXT[1]} <{tag} {hiding}>{words}</{tag}></p>{THIRD}")
    assert text.count(TEXT[1]) == 1
    assert (words in text) == stay


MANY = "".join(f"<p>{n}. {part}</p>" for n in range(6) for part in TEXT)


@pytest.mark.parametrize("told", [f"{HIT} {MORE}", LONG])
@pytest.mark.parametrize(
    "aside",
    [
        "<aside><h3><a href='/wie'>Wie zijn de strijders?</a></h3><p>{}</p></aside>",
        "<aside class='kader'><h4><a href='/wie'>Wie?</a></h4><div><p>{}</p></div></aside>",
        "<div class='uitleg'><aside><h2><a href='/x'>Zo zit het</a></h2><p>{}</p></aside></div>",
    ],
)
def test_a_short_explanation_under_a_heading_that_is_a_link_stays(aside: str, told: str) -> None:
    assert told in body(f"{MANY}{aside.format(told)}{FIRST}{SECOND}")


LINKED = "<h3><a href='/brug'>Brug weer open</a></h3>"


@pytest.mark.parametrize(
    "label", ["<h4>{}</h4>", "<strong>{}</strong>", "<p>{}</p>", "<div>{}</div>"]
)
@pytest.mark.parametrize("said", ["Lees ook", "Lees ook:", "Meer over dit onderwerp"])
@pytest.mark.parametrize(
    "box",
    [
        "<div>{label}{linked}<p>{hit}</p></div>",
        "<section>{label}<div>{linked}<p>{hit}</p></div></section>",
        "{label}<div class='x'>{linked}<p>{hit}</p></div>",
        "<div>{label}{linked}<p>{hit}</p>{linked}<p>{more}</p></div>",
    ],
)
def test_a_teaser_with_a_label_amid_an_article_goes(box: str, said: str, label: str) -> None:
    inner = box.format(label=label.format(said), linked=LINKED, hit=HIT, more=MORE)
    text = body(f"{MANY}{inner}{FIRST}{SECOND}")
    assert HIT not in text
    assert MORE not in text
    assert all(f"{n}. {part}" in text for n in range(6) for part in TEXT)


@pytest.mark.parametrize(
    "aside",
    [
        "<aside>{}<p>{}</p></aside>",
        "<aside><h3>Lees ook</h3>{}<p>{}</p></aside>",
        "<aside><time>12 maart</time>{}<p>{}</p></aside>",
        "<aside class='teaser'>{}<p>{}</p></aside>",
    ],
)
def test_a_teaser_in_an_aside_goes(aside: str) -> None:
    told = HIT if "<aside>{}" in aside else f"{HIT} {MORE}"
    assert HIT not in body(f"{MANY}{aside.format(LINKED, told)}{FIRST}{SECOND}")


FORMS = (
    "<h1>{title}</h1>{p}",
    "<font size=5><b>{title}</b></font><br><br>{br}",
    "<h2>{title}</h2>{br}",
    "<p><b>{title}</b></p>{p}",
    "{p}",
    "<table><tr><td><b>{title}</b></td></tr><tr><td>{br}</td></tr></table>",
    "<table><tr><td><b>{title}</b></td></tr>{rows}</table>",
    "<b>{title}</b><table align=right><tr><td><img src='/a.jpg'></td></tr></table>{p}",
)


@pytest.mark.parametrize("form", FORMS)
def test_an_article_on_a_page_laid_out_in_tables_is_read_without_what_is_beside_it(
    form: str,
) -> None:
    parts = [f"{n}. {part}" for n in range(2) for part in TEXT]
    article = form.format(
        title=TITLE,
        p="".join(f"<p>{part}</p>" for part in parts),
        br="<br><br>".join(parts),
        rows="".join(f"<tr><td>{part}</td></tr>" for part in parts),
    )
    html = (
        f"<html><head><title>{TITLE}</title></head><body><table><tr><td><a href='/'>Voorpagina</a>"
        "</td><td><a href='/s'>Sport</a></td></tr></table><table width=100%><tr><td><a href='/1'>"
        f"Nieuws</a><br><a href='/2'>Weer</a></td><td>{article}</td><td><b>Meer nieuws</b><br>"
        "<a href='/3'>Brug weer open</a></td></tr></table><table><tr><td>Copyright 2026 Dagblad. "
        "Alle rechten op deze teksten voorbehouden.</td></tr></table></body></html>"
    )
    assert madepages.read(html).body.split("\n\n") == parts


def test_a_table_of_years_in_an_article_stays_a_table() -> None:
    rows = "".join(
        f"<tr><td>{n + 2014}</td><td><p>{HIT}</p><p>{MORE}</p></td></tr>" for n in range(3)
    )
    text = body(f"{FIRST}<table>{rows}</table>")
    assert all(f"{n + 2014} {HIT}" in text for n in range(3))


@pytest.mark.parametrize("empty", ["", " ", "<a href='/x'></a>", "<a href='/x'><img></a>"])
def test_an_empty_heading_in_a_box_with_a_label_is_nothing(empty: str) -> None:
    text = body(f"{FIRST}<div><h4>Lees ook</h4><h3>{empty}</h3></div>{SECOND}{THIRD}")
    assert text.split("\n\n") == list(TEXT)
