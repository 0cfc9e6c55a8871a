"""Text in no paragraph, in panels that a click opens, and in elements that other readers lose."""

from __future__ import annotations

from itertools import product

import pytest
from madepages import LEAD, TEXT, TITLE, page, read

FIRST, SECOND, THIRD = TEXT
HIT = "In Qasr al-Nahr zag hij hoe de strijders met vier wagens over de brug vertrokken."
LETTERS = ("font", "center", "span", "b", "strong", "i", "em", "u", "big", "small")


def made(inner: str) -> str:
    return f"<html><head><title>{TITLE}</title></head><body>{inner}</body></html>"


@pytest.mark.parametrize(
    ("tag", "between"),
    [*product([*LETTERS, "div", "section", "form"], ["<br>", "<br><br>", "<p>"])],
)
def test_a_text_as_a_whole_in_an_element_for_its_letters_begins_at_its_beginning(
    tag: str, between: str
) -> None:
    text = f"<{tag}>{between.join((HIT, *TEXT))}</{tag}>"
    for html in (made(f"<h1>{TITLE}</h1>{text}"), made(f"<div><h1>{TITLE}</h1>{text}</div>")):
        article = read(html)
        said = f"{article.lead}\n{article.body}"
        assert all(said.count(part) == 1 for part in (HIT, *TEXT))


@pytest.mark.parametrize("between", ["<br>", "<br><br>"])
def test_a_text_straight_below_the_heading_begins_at_its_beginning(between: str) -> None:
    body = read(made(f"<h1>{TITLE}</h1>{between.join((HIT, *TEXT))}")).body
    assert all(body.count(part) == 1 for part in (HIT, *TEXT))


def test_a_lead_in_the_header_of_a_text_with_breaks_stays() -> None:
    header = f"<header><h1>{TITLE}</h1><p>{HIT}</p></header>"
    article = read(made(f"{header}<div>{'<br>'.join((*TEXT, LEAD))}</div>"))
    assert f"{article.lead}\n{article.body}".count(HIT) == 1


@pytest.mark.parametrize(
    "panel",
    [
        '<h3><button aria-expanded="false">Wie?</button></h3><div hidden><p>{}</p></div>',
        '<h3 aria-controls="a"><a href="">Wie?</a></h3><div id="a" hidden="hidden"><p>{}</p></div>',
        '<button aria-expanded="false">Wie?</button><div style="display:none"><p>{}</p></div>',
        '<div role="tabpanel" hidden><p>{}</p></div>',
        '<div hidden="until-found"><p>{}</p></div>',
    ],
)
def test_what_a_reader_opens_with_a_click_is_read(panel: str) -> None:
    inner = f"{panel.format(HIT)}<p>{SECOND}</p>"
    assert read(page(inner=inner)).body.count(HIT) == 1


@pytest.mark.parametrize(
    "panel",
    [
        "<button aria-expanded='false'>Deel</button><div hidden><p>{}</p><input></div>",
        "<button aria-expanded='false'>Menu</button><div hidden><a href='/a'>{}</a></div>",
        "<div hidden><p>{}</p></div>",
        "<p>Storing?</p><div style='display:none'><p>{}</p></div>",
    ],
)
def test_a_form_a_menu_and_what_nothing_opens_stay_out(panel: str) -> None:
    text = "Er ging iets mis bij het laden van dit onderdeel van de pagina."
    inner = f"{panel.format(text)}<p>{SECOND}</p>"
    assert text not in read(page(inner=inner)).body


def test_a_date_in_a_sentence_or_in_a_point_of_a_list_stays_there_once() -> None:
    inner = (
        "<p>Op <time datetime='2019-03-23'>23 maart</time> viel de stad na weken van strijd.</p>"
        "<ul><li><time>2014</time> Vertrek uit de stad</li><li><time>2017</time> Val van de stad"
        f"</li></ul><p>{HIT}</p>"
    )

    blocks = read(page(inner=inner)).body.split("\n\n")

    assert blocks[-4:] == [
        "Op 23 maart viel de stad na weken van strijd.",
        "2014 Vertrek uit de stad",
        "2017 Val van de stad",
        HIT,
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<krant-artikel><template shadowrootmode="open">', "</template></krant-artikel>"),
        ('<div><a name="top">', "</a></div>"),
    ],
)
def test_the_shadow_of_an_element_and_an_anchor_are_no_end_of_a_text(
    before: str, after: str
) -> None:
    text = "".join(f"<p>{part}</p>" for part in (HIT, *TEXT))
    body = read(made(f"<main><h1>{TITLE}</h1>{before}{text}{after}</main>")).body
    assert body.split("\n\n") == [HIT, *TEXT]


def test_paragraphs_that_are_an_anchor_each_are_no_links() -> None:
    text = "".join(f'<p><a name="p{at}">{part}</a></p>' for at, part in enumerate(TEXT))
    assert read(made(f"<main><h1>{TITLE}</h1>{text}</main>")).body.split("\n\n") == list(TEXT)


def test_short_sentences_in_elements_of_its_own_stay_with_the_long_ones() -> None:
    parts = (TEXT[0], "De raad zweeg.", TEXT[1], "„Wij gaan.”", TEXT[2])
    text = "".join(f"<krant-p>{part}</krant-p>" for part in parts)
    assert read(made(f"<main><h1>{TITLE}</h1>{text}</main>")).body.split("\n\n") == list(parts)


@pytest.mark.parametrize("tag", ["form", "figure", "dialog", "button", "aside"])
@pytest.mark.parametrize("lead", ["<p>{}</p>", "<strong>{}</strong>", "<h2>{}</h2>"])
def test_what_holds_most_of_the_sentences_is_read_as_usual_with_the_lead_above_it(
    tag: str, lead: str
) -> None:
    parts = [f"In wijk {n} nam het leger vandaag ook nog straat {n + 20} in." for n in range(9)]
    text = "".join(f"<p>{part}</p>" for part in parts)
    head = f"<header><h1>{TITLE}</h1>{lead.format(LEAD)}</header>"
    article = read(made(f"<main>{head}<{tag}>{text}</{tag}></main>"))
    said = f"{article.lead}\n{article.body}"
    assert all(said.count(part) == 1 for part in (LEAD, *parts))
    assert not article.mild


@pytest.mark.parametrize("wrapper", ["x-body", "div", "center", "section"])
@pytest.mark.parametrize(
    "text",
    [
        "<div><h1>{t}</h1><img></div>{0}<br>{1}<br>{2}",
        "<h1>{t}</h1>{0}<p>{1}</p>{2}",
        "<h1>{t}</h1><x-p>{0}</x-p><x-p>{1}</x-p><x-p>{2}</x-p>",
    ],
)
def test_text_beside_boxes_is_read_in_any_element(wrapper: str, text: str) -> None:
    body = read(made(f"<{wrapper}>{text.format(*TEXT, t=TITLE)}</{wrapper}>")).body
    assert all(body.count(part) == 1 for part in TEXT)


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    cells = f"<td><h1>{TITLE}</h1><p>{FIRST}</p><div>{SECOND}</div><p>{THIRD}</p></td>"
    menu = "<td><p><a href='/a'>Brug dicht</a></p></td>"
    body = read(made(f"<table><tr>{menu}{cells}</tr></table>")).body
    assert body.split("\n\n") == list(TEXT)


def test_a_page_of_lists_alone_is_told_apart() -> None:
    items = "".join(f"<li>{part}</li>" for part in TEXT)
    lead = f"<div class='lead'>{LEAD}</div>"
    menu = "<div><a href='/a'>De Bode</a></div>"
    article = read(made(f"{menu}<h1>{TITLE}</h1>{lead}<div><ul>{items}</ul></div>"))
    assert article.lead == LEAD
    assert article.body.split("\n\n") == list(TEXT)
