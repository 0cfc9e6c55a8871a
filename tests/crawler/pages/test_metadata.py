"""What elements of the body say of themselves, by whichever name and in whichever letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from madepages import FED, NOW, TITLE, URL, page, read

from crawler.model import DateOrigin, FeedEntry
from crawler.text.dates import AMSTERDAM

BARE = FeedEntry(url=URL, title=TITLE)


@pytest.mark.parametrize(
    "element",
    [
        '<a rel="author" href="/jan">Jan Jansen</a>',
        '<span class="Author-Name x">Jan Jansen</span>',
        '<span class="x AUTEUR">Jan Jansen</span>',
        '<p class="x" itemprop="author">Jan Jansen</p>',
        '<div class="article-Byline">Jan Jansen</div>',
        '<div class="byline">Redactie 24</div><div itemprop="author">Jan Jansen</div>',
        '<h4 class="post-author-name"><a href="/schrijver/jan">Jan Jansen</a></h4>',
    ],
)
def test_an_author_is_found_by_each_name_for_one(element: str) -> None:
    assert read(page(inner=element), entry=BARE).author == "Jan Jansen"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("<p>Door Jan Jansen</p>", "Jan Jansen"),
        ("<p>Door: <a href='/jan'>Jan van der Berg</a></p>", "Jan van der Berg"),
        ("<div>Tekst: Ana Bell en Kim de Vries</div>", "Ana Bell en Kim de Vries"),
        ("<p><span>Auteur: Kim Li</span> - 12 november 2026</p>", "Kim Li"),
        ("<ul><li>DOOR: ANP, Redactie</li></ul>", "ANP, Redactie"),
        ("<div>Door <a href='/jan'>Jan Jansen</a> op vr, 20/11/2026 - 08:15</div>", "Jan Jansen"),
        ("<p>Door Jan Jansen op 20 november 2026</p>", "Jan Jansen"),
        ("<p class='byline'>Par <a href='/jan'>Jan Jansen</a></p>", "Jan Jansen"),
    ],
)
def test_an_author_is_found_in_a_line_that_says_no_more(line: str, author: str) -> None:
    assert read(page(inner=line), entry=BARE).author == author


@pytest.mark.parametrize(
    "line",
    [
        *("<p>Door Assad</p>", "<p>Door Jan Jansen werd de brug gebouwd.</p>", "<p>Door</p>"),
        *("<p>Door: zie onder</p>", "<h2>Door Jan Jansen</h2>", "<p>Tekst en uitleg</p>"),
        *("<aside><p>Door Piet Ver</p></aside>", "<p>Door Jan Jansen gebouwd in 2019 en 2020</p>"),
    ],
)
def test_a_line_that_says_more_or_is_not_about_the_article_names_no_author(line: str) -> None:
    assert read(page(inner=line), entry=BARE).author is None


@pytest.mark.parametrize(
    "element",
    [
        "<time>21 november 2026, 10:30</time>",
        '<span class="Datum">21 november 2026, 10:30</span>',
        '<div class="pub_DATE x">21 november 2026, 10:30</div>',
        '<p class="x" itemprop="published">21 november 2026, 10:30</p>',
    ],
)
def test_a_date_for_readers_is_found_by_each_name_for_one(element: str) -> None:
    article = read(page(inner=element), entry=BARE)
    assert article.published == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_microdata_gives_section_and_image() -> None:
    image = "https://krant.example/beeld.jpg"
    inner = f'<b itemprop="articleSection">Wereld</b><img itemprop="image" src="{image}">'
    article = read(page(inner=inner), entry=BARE)
    assert (article.section, article.image) == ("Wereld", image)


RELATED = (
    '<aside><span class="author">Piet Ver</span><time datetime="{d}">x</time></aside>',
    '<div class="related"><a rel="author" href="/p">Piet Ver</a>'
    '<time datetime="{d}">x</time></div>',
    '<div class="box lees-ook"><p class="byline">Piet Ver</p><time datetime="{d}">x</time></div>',
    '<article><span class="author-name">Piet Ver</span><time datetime="{d}">x</time></article>',
)


@pytest.mark.parametrize("box", RELATED)
@pytest.mark.parametrize("first", [True, False])
def test_author_and_date_never_come_from_a_box_about_others(box: str, *, first: bool) -> None:
    other = box.format(d="2026-10-01T10:00:00Z")
    html = page(inner="" if first else other)
    html = html.replace("<body>", f"<body>{other}") if first else html
    article = read(html)
    assert (article.author, article.published) == ("ANP", FED)


@pytest.mark.parametrize(
    "written",
    [
        "<p>22 november 2026</p>",
        "<div><span>Geplaatst op 22 november 2026, 10:30</span></div>",
        "<ul><li>Daraqa</li><li>22-11-2026 10:30</li></ul>",
        "<p>zondag 22 nov. 2026 om 10:30</p>",
        "<p>10:30, 22 november 2026</p>",
        "<p>Publié le 22 novembre 2026 à 10h30</p>",
        "<p>22. November 2026, 10:30 Uhr</p>",
        "<p>November 22, 2026 10:30 AM</p>",
        "<p>Door <a href='/x'>Eva Smit</a> · 22 november 2026 · 10:30 · Leestijd drie minuten</p>",
        "<div>Regio Hart van Daraqa en omstreken | 22 november 2026 | Foto's: Rosa Peeters</div>",
        "<p>Laatste update: 24 november 2026 08:00</p><p>Geplaatst: 22 november 2026 10:30</p>",
        '<span itemprop="datePublished" content="2026-11-22T10:30+01:00">zondag</span>',
    ],
)
def test_a_date_written_at_the_heading_is_read_where_a_page_gives_none(written: str) -> None:
    html = page().replace("</h1>", f"</h1>{written}", 1)
    article = read(html, entry=FeedEntry(url=URL, title=TITLE))
    assert article.published_from is DateOrigin.PAGE
    assert article.published.date() in {FED.date(), FED.date() - timedelta(days=1)}


@pytest.mark.parametrize(
    "written",
    [
        "<p>gisteren 21:40</p>",
        "<div><span>Jan Jansen</span> <span>Gepubliceerd: gisteren, 21.40 uur</span></div>",
        '<p class="date">Buitenland · gisteravond 21:40 · 3 min leestijd</p>',
        "<time>{weekday} 21:40</time>",
        "<p>Door Jan Jansen, {weekday} om 21:40 uur</p>",
    ],
)
def test_a_date_written_from_the_present_is_read_at_the_heading(written: str) -> None:
    yesterday = (NOW - timedelta(days=1)).date()
    days = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
    line = written.format(weekday=days[yesterday.weekday()])
    article = read(page().replace("</h1>", f"</h1>{line}", 1), entry=BARE)
    assert article.published_from is DateOrigin.PAGE
    assert article.published.astimezone(AMSTERDAM).strftime("%F %T") == f"{yesterday} 21:40:00"
    # and a feed that has a date knows better
    fed = replace(BARE, published=NOW - timedelta(days=9))
    assert read(page().replace("</h1>", f"</h1>{line}", 1), entry=fed).published == fed.published


@pytest.mark.parametrize(
    ("written", "ago"),
    [
        ("<p>Een paar minuten geleden</p>", timedelta(minutes=3)),
        ("<p>Jan Jansen | een uurtje geleden</p>", timedelta(hours=1)),
        ("<div>halfuur geleden</div>", timedelta(minutes=30)),
        ("<p>1 uur en 20 minuten geleden</p>", timedelta(minutes=80)),
    ],
)
def test_a_time_that_is_told_roughly_is_read_at_the_heading(written: str, ago: timedelta) -> None:
    article = read(page().replace("</h1>", f"</h1>{written}", 1), entry=BARE)

    assert article.published == NOW - ago


def test_a_day_alone_is_a_date_only_where_the_page_says_that_one_stands_there() -> None:
    yesterday = (NOW - timedelta(days=1)).astimezone(AMSTERDAM)
    days = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
    day = days[yesterday.weekday()]
    marked, bare = (f'<span class="date">{day}</span>', f"<span>{day}</span>")

    dated = read(page().replace("</h1>", f"</h1>{marked}", 1), entry=BARE)
    undated = read(page().replace("</h1>", f"</h1>{bare}", 1), entry=BARE)

    assert dated.published.astimezone(AMSTERDAM).date() == yesterday.date()
    assert undated.published_from is DateOrigin.FIRST_SEEN


@pytest.mark.parametrize(
    "html",
    [
        page(inner="<div><b>Piet</b> <span>2 uur geleden</span></div>"),
        page().replace("</h1>", "</h1><ul><li><span>2 uur geleden</span> Kop</li></ul>", 1),
        page().replace("</h1>", "</h1><a href='/b'><span>2 uur geleden</span></a>", 1),
        page().replace("</h1>", "</h1><p>Dat gebeurde vrijdag om 10:15.</p>", 1),
        page().replace("</h1>", "</h1><div>vrijdag Concert in Daraqa 10:15</div>", 1),
    ],
)
def test_a_time_of_a_remark_or_of_another_article_is_not_the_articles(html: str) -> None:
    assert read(html, entry=BARE).published_from is DateOrigin.FIRST_SEEN


def test_a_date_in_the_text_is_not_the_articles() -> None:
    html = page(inner="<p>De brug werd op 3 mei 2019 door het leger van de stad gesloten.</p>")
    assert read(html, entry=FeedEntry(url=URL, title=TITLE)).published_from is DateOrigin.FIRST_SEEN


@pytest.mark.parametrize("stated", ["Brug bij Qasr al-Nahr open", "Minister reist naar Daraqa"])
def test_the_heading_counts_if_the_feed_agrees_with_it_and_json_ld_does_not(stated: str) -> None:
    node = f'{{"@type": "NewsArticle", "headline": "{stated}"}}'
    html = page(f'<script type="application/ld+json">{node}</script>')
    assert read(html).title == TITLE
    fed = FeedEntry(url=URL, title=stated)
    assert read(html, entry=fed).title == stated


@pytest.mark.parametrize(
    "heading", ["Nieuws uit de streek", "Rechtbank {title}", "De stad vandaag"]
)
@pytest.mark.parametrize("named", ["{title}", "{title} - Het Streekblad", "Streekblad | {title}"])
def test_the_window_counts_if_the_feed_agrees_with_it_and_the_heading_stands_alone(
    heading: str, named: str
) -> None:
    html = page(title=named.format(title=TITLE)).replace(
        f"<h1>{named.format(title=TITLE)}", f"<h1>{heading.format(title=TITLE)}"
    )
    site = '<meta property="og:site_name" content="Streekblad">'
    assert read(html.replace("<head>", f"<head>{site}")).title == TITLE


@pytest.mark.parametrize("window", ["Bericht bekijken: @krant", "Nieuws", "De Krant | Actueel"])
def test_the_feeds_title_goes_before_that_of_the_window_alone(window: str) -> None:
    html = page(title=window).replace(f"<h1>{window}</h1>", "")
    assert read(html).title == TITLE
    assert read(page(title="Pagina niet gevonden").replace("<h1>", "<b>")).body == ""
