"""Live blogs and news overviews: their items are known, nothing is lost, nothing stands twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from livepages import (
    INTRO,
    NOW,
    SOURCE,
    TITLE,
    UPDATES,
    URL,
    Update,
    in_list,
    page,
    paragraphs,
    plainly,
    read,
    stated,
    texts_of,
)
from lxml.html import document_fromstring

from crawler.model import Article, FeedEntry, Live
from crawler.pages import extract_article
from crawler.pages.items.marked_up import item_boxes, items_in

WHOLE = {one.at: {one.title, *one.text} for one in UPDATES}
FIRST, *EARLIER = UPDATES
CUT = replace(FIRST, text=["Bij Meppel staat een trein met …"])


def sentences_that_stand_once(article: Article, updates: Sequence[Update] = UPDATES) -> None:
    text = f"{article.lead}\n{article.body}"
    for update in updates:
        for sentence in (update.title, *update.text):
            assert text.count(sentence) == 1, sentence


@pytest.mark.parametrize(
    "html",
    [
        page("", head=stated(UPDATES)),
        page(in_list(UPDATES), head=stated(UPDATES)),
        page(f"<ul>{in_list(UPDATES, 'li')}</ul>", head=stated(UPDATES)),
        page(in_list(UPDATES)),
        page(f"<ol>{in_list(UPDATES, 'li')}</ol>"),
        page(f"<div>{in_list(UPDATES, 'section')}</div>"),
        page("".join(f"<div>{in_list([one])}</div>" for one in UPDATES)),
        page(plainly(UPDATES), head=stated(UPDATES)),
        page(in_list(UPDATES[:2]), head=stated(UPDATES)),
        page(in_list(UPDATES), head=stated(UPDATES[:1])),
        page(plainly(UPDATES[:1]), head=stated(UPDATES)),
        page(
            plainly(UPDATES),
            head=stated([replace(UPDATES[0], text=[UPDATES[0].text[0]]), *UPDATES[1:]]),
        ),
        page(in_list([replace(FIRST, text=FIRST.text[1:]), *EARLIER]), head=stated(UPDATES)),
        page(in_list(UPDATES), head=stated([*UPDATES, UPDATES[0]])),
        page(in_list(UPDATES), head=stated([replace(one, name="") for one in UPDATES])),
        page(
            in_list(UPDATES),
            head=stated(
                [replace(UPDATES[0], text=["Bij Meppel staat een trein met …"]), *UPDATES[1:]]
            ),
        ),
        page(in_list(tuple(reversed(UPDATES)))),
    ],
)
def test_what_json_ld_or_the_page_shows_of_updates_is_there_once(html: bytes) -> None:
    article = read(html)

    sentences_that_stand_once(article)
    held = dict(zip([item.at for item in article.items], texts_of(article), strict=True))
    assert {at: set(text.split("\n\n")) for at, text in held.items()} == WHOLE
    if "#" in html.decode():
        assert {item.key for item in article.items} == {one.name for one in UPDATES}
    assert INTRO in f"{article.lead}\n{article.body}"


def test_a_live_blog_is_known_by_its_json_ld_and_so_is_its_end() -> None:
    end = NOW + timedelta(hours=2)

    blog = read(page(in_list(UPDATES), head=stated(UPDATES, ends=end)))
    other = read(page(in_list(UPDATES)))

    assert (blog.live, blog.live_until) == (Live.PAGE, end)
    assert (other.live, other.live_until) == (None, None)


@pytest.mark.parametrize(("updates", "partial"), [(UPDATES, False), ([CUT, *EARLIER], True)])
def test_updates_that_json_ld_states_whole_are_hidden_by_no_wall(
    updates: Sequence[Update], partial: object
) -> None:
    entry = FeedEntry(url=URL, title=TITLE)
    html = page("<p>Lees verder met een abonnement.</p>", head=stated(updates))

    article = extract_article(html, url=URL, entry=entry, source=SOURCE, now=NOW, walled=True)

    assert article.partial is partial


def test_the_live_blog_of_another_page_is_none_of_this_one() -> None:
    elsewhere = {"url": "https://krant.test/nieuws/verkiezingen", "headline": "Verkiezingen"}

    article = read(page(paragraphs(UPDATES[0].text), head=stated(UPDATES[1:], **elsewhere)))

    assert article.live is None
    assert article.items == ()
    assert UPDATES[1].text[0] not in article.body


def test_teasers_of_other_articles_are_no_items() -> None:
    teasers = "".join(
        f'<article><time datetime="{one.at.isoformat()}">{one.at:%H:%M}</time>'
        f'<h3><a href="/nieuws/{one.name}">{one.title}</a></h3><p>{one.text[0]}</p></article>'
        for one in UPDATES
    )
    story = paragraphs(
        [f"Alinea {number} van een gewoon bericht over een brug." for number in range(9)]
    )

    article = read(
        page(f"{story}<section>{teasers}</section>", title="Brug bij Meppel dicht"),
        "Brug bij Meppel dicht",
    )

    assert article.items == ()


OVERVIEW = (
    ("Brand in Assen", "De brandweer blust een brand in een loods aan de rand van de stad."),
    ("Brug weer open", "De brug over het kanaal is na een week van herstel weer open."),
    ("Boete voor gemeente", "De gemeente krijgt een boete omdat zij gegevens heeft gelekt."),
)


@pytest.mark.parametrize("form", ["<h2>{}</h2><p>{}</p>", "<p><strong>{}</strong></p><p>{}</p>"])
@pytest.mark.parametrize(
    ("title", "items"),
    [
        ("Kort nieuws uit de regio", 3),
        ("Dit is het nieuws van woensdag", 3),
        ("Het nieuws van vandaag: brand, brug en boete", 3),
        ("Regio kort: brand, brug en boete", 3),
        ("Drie redenen om op de fiets te gaan", 0),
        ("De stikstofzaak in het kort", 0),
        ("Minister houdt het kort", 0),
    ],
)
def test_the_items_of_a_news_overview_are_known_by_their_headings(
    title: str, items: int, form: str
) -> None:
    body = "".join(form.format(*one) for one in OVERVIEW)
    intro = "Dit gebeurde er vandaag in Drenthe en in de rest van het land."

    article = read(page(body, title=title, intro=intro), title)

    expected = ["\n\n".join(one) for one in OVERVIEW[:items]]
    assert texts_of(article) == expected
    assert len({item.key for item in article.items}) == len(expected)


def test_an_item_keeps_its_key_while_others_come_and_go() -> None:
    before = read(page(plainly(UPDATES[1:]), head=stated(UPDATES[1:])))
    after = read(page(plainly(UPDATES[:2]), head=stated(UPDATES[:2])))

    assert {item.key for item in before.items} & {item.key for item in after.items} == {"u2"}


def test_a_page_of_a_megabyte_of_updates_keeps_the_newest() -> None:
    many = [
        Update(
            f"m{number}",
            NOW - timedelta(minutes=number),
            f"Bericht {number} over de storm",
            [
                f"Alinea {part} van bericht {number} gaat over wat de storm doet. " * 4
                for part in range(5)
            ],
        )
        for number in range(900)
    ]

    article = read(page(in_list(many), head=stated(many)))

    assert 900_000 < len(article.body) <= 1_000_000
    assert article.items[0].key == "m0"
    assert "Alinea 4 van bericht 0 " in article.body


def test_what_was_removed_from_a_page_holds_no_items_of_it() -> None:
    tree = document_fromstring(page(in_list(UPDATES)))
    boxes = item_boxes(tree, url=URL, now=NOW)
    assert len(items_in(boxes, tree)) == len(UPDATES)

    boxes[0].element.drop_tree()

    assert len(items_in(boxes, tree)) == len(UPDATES) - 1
