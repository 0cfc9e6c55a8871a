"""What is taken for a part of the article, whatever its element, name or style says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from madepages import BODY, ENTRY, TEXT, TITLE, URL, page, read
from pagecases import NOW, source

from crawler.pages.extract import extract_page

HIT = "In Qasr al-Nahr zag hij hoe de strijders met vier wagens over de brug vertrokken."
FIRST, SECOND, THIRD = (f"<p>{part}</p>" for part in TEXT)
OTHERS = "".join(
    f"<section><h3>Uit de wijk {number}</h3><p>In wijk {number} gaat de straat een maand dicht, "
    f"omdat de riolering er na {number + 40} jaar wordt vervangen; bewoners zijn niet "
    "blij met de omleiding langs het kanaal, die hun een kwartier kost.</p></section>"
    for number in range(12)
)


def made(inner: str, *, after: str = "") -> str:
    return (
        f'<html lang="nl"><head><title>{TITLE}</title></head><body><main>'
        f"<article><h1>{TITLE}</h1>{inner}</article>{after}</main></body></html>"
    )


NAMES = (
    *("related", "teaser", "lees-meer", "readMore", "card", "tile", "sidebar", "widget", "promo"),
    *("highlight", "dossier", "popular", "latest", "slider", "tipbox", "podcast-tekst", "next"),
    *("share", "social", "ad-slot", "banner", "menu", "toolbar", "push", "feedback", "timestamp"),
    *("whatsapp", "login", "tags", "keywords", "comment", "consent", "newsletter", "caption"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("link", [False, True])
def test_a_paragraph_between_two_others_stays_whatever_its_name(name: str, *, link: bool) -> None:
    text = HIT.replace("Qasr al-Nahr", '<a href="/qasr">Qasr al-Nahr</a>') if link else HIT
    assert HIT in read(made(f'{FIRST}{SECOND}<div class="{name}"><p>{text}</p></div>{THIRD}')).body


@pytest.mark.parametrize(
    "tag", ["aside", "figure", "footer", "form", "button", "dialog", "details", "section", "nav"]
)
def test_a_paragraph_between_two_others_stays_whatever_its_element(tag: str) -> None:
    assert HIT in read(made(f"{FIRST}{SECOND}<{tag}><p>{HIT}</p></{tag}>{THIRD}")).body


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(
    "tag",
    [
        *("aside", "figure", "footer", "form", "button", "dialog", "details", "section", "nav"),
        *("div", "menu", "header", "main", "fieldset", "label", "blockquote", "center", "td"),
    ],
)
def test_a_paragraph_that_stands_bare_in_its_element_stays_wherever_that_is(
    tag: str, place: int
) -> None:
    parts = [FIRST, SECOND, THIRD]
    parts.insert(place, f"<{tag}>{HIT}</{tag}>")
    article = read(made("".join(parts)))
    assert HIT in f"{article.lead}\n{article.body}"


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(
    "one",
    [
        *(
            "<div class='text'>{}</div>",
            "<div><div class='x1'>{}</div></div>",
            "<ul><li>{}</li></ul>",
        ),
        *("<div><span>{}</span></div>", "<section>{}</section>", "<blockquote>{}</blockquote>"),
        *(
            "<section class='alinea'><div><p>{}</p></div></section>",
            "<p>{} <a href='/x'>Al-Hol</a>.</p>",
        ),
    ],
)
@pytest.mark.parametrize("body", ["<div class='c'><div>{}</div></div>", "<main>{}</main>"])
def test_the_first_and_the_last_of_the_body_stay_though_they_are_built_differently(
    body: str, one: str, place: int
) -> None:
    parts = [FIRST, SECOND, THIRD]
    parts.insert(place, one.format(HIT))
    article = read(made(body.format("".join(parts))))
    assert HIT in f"{article.lead}\n{article.body}"


def test_what_was_removed_from_the_body_is_not_put_back_at_its_end() -> None:
    bio = f"<div class='author-bio'><p>{HIT}</p></div>"
    assert HIT not in read(made(f"<div class='c'>{FIRST}{SECOND}{THIRD}{bio}</div>")).body


@pytest.mark.parametrize(
    "line",
    [
        f'<p><a href="/x">{HIT}</a></p>',
        f'<p><a href="/x"><strong>{HIT}</strong></a></p>',
        f'<p><a href="/x">{HIT[:-12]}</a>{HIT[-12:]}</p>',
        f'<ul><li><a href="/x">{HIT}</a></li><li>Elders bleef het stil.</li></ul>',
        f'<h2><a href="#qasr">{HIT}</a></h2>',
        f'<h3><a href="/x">{HIT}</a></h3>',
        f"<h3><button>{HIT}</button></h3>",
        f'<div data-block="b-7"><p><a href="/x">{HIT}</a></p></div>',
        f'<section><div><p><b><a href="/x">{HIT}</a></b></p></div></section>',
        f'<ul><li><a href="/x">{HIT}</a></li></ul>',
        f'<div style="display:none"><p>{HIT}</p></div><button aria-controls="m">Meer</button>',
        f"<figure><img><figcaption>Hij</figcaption><blockquote>{HIT}</blockquote></figure>",
        f"<figure><img src='/a.jpg'><figcaption>Hij</figcaption><p>{HIT}</p></figure>" * 2,
    ],
)
def test_a_line_between_two_others_stays_though_it_is_one_link_or_button(line: str) -> None:
    assert HIT in read(made(f"{FIRST}{SECOND}{line}{THIRD}")).body


@pytest.mark.parametrize("name", ["highlights", "tips", "key-points", "summary card"])
def test_the_points_under_the_headline_stay(name: str) -> None:
    points = (
        "<li>Strijders vertrekken uit Qasr al-Nahr</li><li>Duizenden over de brug gevlucht</li>"
    )
    html = made(f'<div class="{name}"><ul>{points}</ul></div>{FIRST}{SECOND}{THIRD}')
    assert "Qasr al-Nahr" in read(html).body


@pytest.mark.parametrize("name", ["text-block ad-after", "text-block card", "text-block promo"])
def test_the_last_of_a_row_of_boxes_stays_whatever_else_it_is_called(name: str) -> None:
    rows = "".join(f'<div class="text-block">{part}</div>' for part in (FIRST, SECOND, THIRD))
    assert HIT in read(made(f'{rows}<div class="{name}"><p>{HIT}</p></div>')).body


WHOLE = f"{FIRST}{SECOND}<p>{HIT} Zie <a href='/qasr'>het dossier</a> daarover.</p>{THIRD}"


@pytest.mark.parametrize(
    "article",
    [
        f'<div id="read_more">{WHOLE}</div>',
        f'<div class="article-content sticky-sidebar">{WHOLE}</div>',
        f'<div class="related-wrapper"><div class="card">{WHOLE}</div></div>',
        f'<div class="subscriber-only" style="display:none">{WHOLE}</div>',
        f"<div hidden>{WHOLE}</div>",
        f"<aside>{WHOLE}</aside>",
        f"<figure>{WHOLE}</figure>",
        f"<form>{WHOLE}</form>",
    ],
)
@pytest.mark.parametrize("others", ["", OTHERS])
def test_what_holds_the_article_stays_and_what_is_beside_it_goes(article: str, others: str) -> None:
    body = read(made(article, after=others)).body
    assert all(part in body for part in (*TEXT, HIT))
    assert "riolering" not in body


LEAD = f"<p class='intro'>{HIT} {HIT.replace('vier', 'acht')} {HIT.replace('vier', 'zes')}</p>"


@pytest.mark.parametrize("tag", ["header", "section", "div"])
@pytest.mark.parametrize("caption", ["", "<figcaption>Strijders op de brug, dinsdag.</figcaption>"])
def test_a_lead_in_a_box_with_the_heading_does_not_stand_for_the_article(
    tag: str, caption: str
) -> None:
    text = "".join(f"<p>{number}. {part}</p>" for number in range(4) for part in TEXT)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><main><{tag}><h1>{TITLE}</h1>{LEAD}{caption}"
        f"</{tag}><div class='text'>{text}</div></main></body></html>"
    )
    body = read(html).body
    assert all(f"{number}. {part}" in body for number in range(4) for part in TEXT)


@pytest.mark.parametrize(
    "opened", ["<nav><a href='/'>Voorpagina</a>", "<button>Menu", "<footer>", "<dialog>", "<form>"]
)
def test_an_element_that_is_never_closed_takes_no_article_with_it(opened: str) -> None:
    html = made(WHOLE).replace("<main>", f"{opened}<main>")
    assert all(part in read(html).body for part in (*TEXT, HIT))


@pytest.mark.parametrize(
    "opened", ["nav", "button", "footer", "aside", "figure", "form", "dialog", "svg", "noscript"]
)
def test_what_follows_an_element_that_is_never_closed_within_the_article_stays(opened: str) -> None:
    rest = "".join(f"<p>{number}. {part}</p>" for number in range(2) for part in TEXT)
    body = read(made(f"{FIRST}{SECOND}{THIRD}<{opened}><i></i>{rest}<p>{HIT}</p>")).body
    assert all(f"1. {part}" in body for part in TEXT)
    assert HIT in body


@pytest.mark.parametrize(
    "line",
    [
        HIT,
        f"<font color='red'>{HIT}</font>",
        f"<ins>{HIT}</ins>",
        f"<krant-alinea>{HIT}</krant-alinea>",
        f"<center>{HIT}</center>",
        f"<fieldset>{HIT}</fieldset>",
        f"<blockquote><p><a href='/x'>{HIT}</a></p></blockquote>",
    ],
)
def test_a_text_between_paragraphs_stays_though_it_is_none(line: str) -> None:
    assert HIT in read(made(f"{FIRST}{SECOND}{line}{THIRD}")).body
    assert HIT in read(made(f"{line}{FIRST}{SECOND}{THIRD}")).body


@pytest.mark.parametrize("name", ["comments-open", "comment", "reacties-aan", "comment-section"])
def test_a_box_called_after_remarks_that_holds_the_article_is_none(name: str) -> None:
    heading = f"<h1>{TITLE}</h1>"
    around = made(WHOLE).replace(f"<article>{heading}", f'<article><div class="{name}">{heading}')
    below = made(f'<div class="{name}"><div>{WHOLE}</div></div>')
    assert all(part in read(html).body for part in (*TEXT, HIT) for html in (around, below))


REPORTS = [
    (f"Kop van bericht {n}", f"In wijk {n} zijn vannacht {n + 30} gezinnen teruggekeerd, zegt hij.")
    for n in range(6)
]


@pytest.mark.parametrize(
    ("one", "around"),
    [
        ('<section><h3><a href="{url}?update={n}">{head}</a></h3><p>{text}</p></section>', "div"),
        ('<div class="comment live-comment"><h3>{head}</h3><p>{text}</p></div>', "div"),
        ("<div><h3><button>{head}</button></h3><div hidden><p>{text}</p></div></div>", "div"),
        ("<article><time>0{n}.00</time><h3>{head}</h3><p>{text}</p></article>", "aside"),
    ],
)
def test_short_reports_are_read_in_whatever_boxes_they_stand(one: str, around: str) -> None:
    told = [one.format(url=URL, n=n, head=h, text=text) for n, (h, text) in enumerate(REPORTS)]
    body = read(made(f"{FIRST}<{around}>{''.join(told)}</{around}>")).body
    assert all(head in body and text in body for head, text in REPORTS)


@pytest.mark.parametrize(
    "beside",
    [
        f'<div class="teaser"><h3><a href="/x">Brug weer open</a></h3><p>{HIT}</p></div>',
        f'<div class="related"><h4>Lees ook</h4><p>{HIT}</p></div>',
        f'<div class="card"><a href="/x"><h3>Brug weer open</h3><p>{HIT}</p></a></div>',
        f'<figure><img src="/x.jpg"><figcaption>{HIT}</figcaption></figure>',
        f'<div class="newsletter"><p>{HIT}</p><input type="email"></div>',
        f'<ul><li><a href="/x">{HIT}</a></li><li><a href="/y">Brug weer open.</a></li></ul>',
        f'<div><p><a href="/x">{HIT}</a></p></div><div><p><a href="/y">{HIT[8:]}</a></p></div>',
        f'<h4>Lees ook</h4><div><p><a href="/x">{HIT}</a></p></div>',
        f'<div style="display:none"><p>{HIT}</p></div>',
    ],
)
def test_teasers_captions_and_forms_between_two_paragraphs_go(beside: str) -> None:
    assert HIT not in read(made(f"{FIRST}{SECOND}{beside}{THIRD}")).body


@pytest.mark.parametrize(
    ("tag", "name"), [("ol", "comment-list"), ("div", "comments"), ("div", "comments area")]
)
def test_more_letters_of_readers_than_of_the_article_do_not_replace_it(tag: str, name: str) -> None:
    remarks = "".join(f"<p>{number} keer. {HIT}</p>" for number in range(30))
    article = read(page(inner=f'<{tag} class="{name}">{remarks}</{tag}>'))
    assert article.body == BODY


@pytest.mark.parametrize("heading", ["<h3>Naschrift</h3>", "<h4>Zo zit het</h4>", ""])
def test_an_aside_that_tells_something_behind_the_text_stays(heading: str) -> None:
    told = f'<aside class="naschrift">{heading}<p>{HIT}</p><p>{THIRD[3:-4]}</p></aside>'
    assert HIT in read(made(f"{FIRST}{SECOND}{told}")).body
    assert HIT not in read(made(f"{FIRST}{SECOND}{told.replace('naschrift', 'author')}")).body


def test_what_stands_behind_the_last_paragraph_is_no_part_of_it() -> None:
    comments = f'<div class="comments"><p>{HIT}</p></div>'
    assert HIT not in read(page(inner=comments)).body


@pytest.mark.parametrize("tag", ["menu", "nav", "object"])
def test_a_page_of_which_the_rules_leave_little_is_read_mildly_and_that_is_said(tag: str) -> None:
    parts = [f"In wijk {n} nam het leger vandaag ook nog straat {n + 20} in." for n in range(40)]
    text = "".join(f"<p>{part}</p>" for part in parts)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><main><header><h1>{TITLE}</h1>{LEAD}"
        f"</header><{tag}>{text}</{tag}></main></body></html>"
    )
    part = extract_page(html.encode(), url=URL, entry=ENTRY, source=source(), now=NOW)
    assert all(one in part.article.body for one in parts)
    assert part.article.mild


def test_a_page_that_is_read_by_the_usual_rules_is_not_mild() -> None:
    html = made(WHOLE, after=OTHERS)
    part = extract_page(html.encode(), url=URL, entry=ENTRY, source=source(), now=NOW)
    assert not part.article.mild


@pytest.mark.parametrize(
    "label",
    [
        '<div role="button"><b>LUISTER</b><p>Regionaal nieuws uit Limburg</p></div>',
        "<h3>Regionaal nieuws uit Limburg</h3>",
        "<div><h2>Meer uit de regio</h2></div>",
    ],
)
def test_a_label_behind_the_last_paragraph_is_no_part_of_the_article(label: str) -> None:
    body = read(page(inner=label)).body
    assert body == BODY


def test_a_sentence_on_a_button_is_read() -> None:
    button = f'<div role="button"><p>{HIT}</p></div>'
    assert HIT in read(made(f"{FIRST}{SECOND}{button}{THIRD}")).body


LONG = [
    f"In wijk {number} telden de hulpdiensten na de inname nog {number + 20} gezinnen, die zonder "
    f"water zitten sinds de brug over de rivier {number + 3} dagen geleden brak."
    for number in range(14)
]
LONG_TEXT = "".join(f"<p>{part}</p>" for part in LONG)
POINTS = ["Brood voor drie dagen", "Tenten uit het noorden", "Water per tankwagen"]


@pytest.mark.parametrize("tag", ["button", "nav", "footer", "menu", "dialog", "form"])
def test_the_points_of_an_article_in_an_element_that_is_never_closed_stay(tag: str) -> None:
    points = "".join(f"<li>{point}</li>" for point in POINTS)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><header><{tag}>Menu<main>"
        f"<h1>{TITLE}</h1>{LONG_TEXT}<ul>{points}</ul><p>{TEXT[0]}</p></main></body></html>"
    )
    body = read(html).body
    assert all(part in body for part in (*LONG, *POINTS))


def test_a_table_in_a_figure_stays_and_a_picture_with_its_caption_goes() -> None:
    table = (
        "<figure><table><tr><td>Daraqa</td><td>1.250 gevluchte gezinnen</td></tr></table></figure>"
    )
    picture = "<figure><img src='/a.jpg'><figcaption>Een tank in Daraqa.</figcaption></figure>"
    body = read(made(f"{LONG_TEXT}{table}{picture}{THIRD}")).body
    assert "1.250 gevluchte gezinnen" in body
    assert "Een tank" not in body


@pytest.mark.parametrize(
    "opening",
    [
        "<figure><img src='/a.jpg'><h1>{title}</h1><p>{lead}</p></figure>",
        "<figure><img src='/a.jpg'><figcaption><h1>{title}</h1><p>{lead}</p></figcaption></figure>",
        "<h1>{title}</h1><figure><img src='/a.jpg'><figcaption>Foto ANP</figcaption>"
        "<p>{lead}</p></figure>",
    ],
)
def test_a_lead_in_the_box_of_a_picture_is_text_and_its_caption_is_not(opening: str) -> None:
    lead = "Het leger is dinsdag de laatste wijk van Daraqa binnengetrokken, na weken van strijd."
    picture = "<figure><img src='/b.jpg'><figcaption>Een tank in Daraqa.</figcaption></figure>"
    start = opening.format(title=TITLE, lead=lead)
    html = f"<html><head><title>{TITLE}</title></head><body><article>{start}{picture}{LONG_TEXT}"
    article = read(f"{html}</article></body></html>", entry=replace(ENTRY, lead=""))
    assert lead in f"{article.lead}\n{article.body}"
    assert "Een tank" not in article.body
    assert "Foto" not in article.body


def test_what_a_page_sends_later_for_a_script_to_put_in_its_place_is_read() -> None:
    parts = "".join(
        f'<div hidden id="S:{at:x}"><p>{part}</p></div>' for at, part in enumerate(LONG)
    )
    about = "".join(
        f"<p>Onze verslaggever woont al {at + 3} jaar in het gebied en schreef er boek {at} over, "
        "dat in alle winkels ligt en ook als luisterboek te koop is.</p>"
        for at in range(9)
    )
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1>{LEAD}"
        f'<template id="B:0"></template></div><div>{about}</div>{parts}'
        f'<div hidden id="klaar"><p>{HIT}</p></div></body></html>'
    )
    body = read(html).body
    assert all(part in body for part in LONG)
    assert HIT not in body


def test_points_between_paragraphs_stay_where_the_heading_stands_in_another_box() -> None:
    points = "".join(f"<li>{point} kwam er volgens het leger vandaag aan.</li>" for point in POINTS)
    text = [f"<p>{part}</p>" for part in LONG]
    html = (
        f"<html><head><title>{TITLE}</title></head><body><div class='kop'><h1>{TITLE}</h1>{LEAD}"
        f"</div><div><div>{''.join(text[:7])}</div><section class='related'><ul>{points}</ul>"
        f"</section><div>{''.join(text[7:])}</div></div></body></html>"
    )
    body = read(html).body
    assert all(f"{point} kwam er" in body for point in POINTS)
