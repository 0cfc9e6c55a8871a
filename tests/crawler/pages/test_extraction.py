"""What comes of a page that gives little, gives it wrongly, or means harm."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest
from madepages import BODY, ENTRY, FED, LEAD, TEXT, TITLE, URL, page, read
from pagecases import NOW, source

from crawler.errors import PageError
from crawler.model import DateOrigin, FeedEntry
from crawler.pages.extract import article_from_entry


def scripted(**facts: object) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, **facts}
    return page(f'<script type="application/ld+json">{json.dumps(node)}</script>')


def test_a_bare_page_is_completed_by_its_entry() -> None:
    article = read(page())
    assert (article.title, article.lead, article.body) == (TITLE, LEAD, BODY)
    assert (article.author, article.section) == ("ANP", "Wereld")
    assert (article.published, article.published_from) == (FED, DateOrigin.FEED)
    assert not article.partial


@pytest.mark.parametrize(
    "written",
    ["9999-12-31", "2026-02-31T10:00:00Z", "25:61:61", "-0001-01-01", "2030-01-01T00:00:00Z", "x"],
)
def test_an_impossible_date_falls_back_to_the_feeds_then_to_first_seen(written: str) -> None:
    html = scripted(datePublished=written)
    assert read(html).published_from is DateOrigin.FEED
    undated = FeedEntry(url=URL, title=TITLE)
    article = read(html, entry=undated)
    assert (article.published, article.published_from) == (NOW, DateOrigin.FIRST_SEEN)


@pytest.mark.parametrize(
    ("written", "published", "origin"),
    [
        ("2026-11-22T10:30:00+01:00", FED, DateOrigin.PAGE),
        ("2026-11-22T10:30:00", FED, DateOrigin.FEED),  # Amsterdam, and the feed agrees
        ("2026-11-22T09:30:00", FED, DateOrigin.FEED),  # UTC that does not say so
        ("2026-11-22", FED, DateOrigin.FEED),
        ("2026-11-20T10:30:00", datetime(2026, 11, 20, 9, 30, tzinfo=UTC), DateOrigin.PAGE),
        ("2026-11-19", datetime(2026, 11, 18, 23, 0, tzinfo=UTC), DateOrigin.PAGE),
    ],
)
def test_a_date_without_zone_is_made_exact_by_the_feeds(
    written: str, published: datetime, origin: DateOrigin
) -> None:
    article = read(scripted(datePublished=written))
    assert (article.published, article.published_from) == (published, origin)


def test_a_change_before_publication_is_no_change() -> None:
    early, late = "2026-11-22T08:00:00Z", "2026-11-22T11:00:00Z"
    assert read(scripted(datePublished=FED.isoformat(), dateModified=early)).modified is None
    changed = read(scripted(datePublished=FED.isoformat(), dateModified=late)).modified
    assert changed == datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def test_without_text_on_the_page_the_entrys_stands_in() -> None:
    shell = f"<html><head><title>{TITLE}</title></head><body><div id=app></div></body></html>"
    article = read(shell)
    assert (article.lead, article.body, article.partial) == (LEAD, "", True)
    fuller = read(shell, entry=FeedEntry(url=URL, title=TITLE, lead=LEAD, body=BODY))
    assert (fuller.lead, fuller.body, fuller.partial) == (LEAD, BODY, False)


def test_a_page_that_says_it_has_nothing_leaves_the_entry() -> None:
    for title in ("Pagina niet gevonden", "404 - niet gevonden", "Oeps! Er ging iets mis"):
        gone = f"<html><title>{title}</title><body><h1>{title}</h1><p>{BODY}</p></body></html>"
        article = read(gone)
        assert (article.title, article.body, article.partial) == (TITLE, "", True)


def test_an_article_that_leads_to_the_home_page_leaves_the_entry() -> None:
    article = read(page(title="Het laatste nieuws"), url="https://krant.example/")
    assert (article.title, article.url, article.partial) == (TITLE, URL, True)


@pytest.mark.parametrize("html", ["", "   ", "<!-- niets -->", "\x00\x00"])
def test_no_page_at_all_is_an_error_that_names_the_page(html: str) -> None:
    with pytest.raises(PageError, match="krant\\.example"):
        read(html)


def test_without_any_title_there_is_no_article() -> None:
    with pytest.raises(PageError):
        read("<html><body><div></div></body></html>", entry=FeedEntry(url=URL))
    with pytest.raises(PageError):
        article_from_entry(FeedEntry(url="javascript:alert(1)", title=TITLE), source(), NOW)


def test_an_entry_alone_is_partial_unless_it_has_the_text() -> None:
    article = article_from_entry(ENTRY, source(), NOW)
    assert (article.title, article.lead, article.body) == (TITLE, LEAD, "")
    assert (article.partial, article.published_from) == (True, DateOrigin.FEED)
    whole = article_from_entry(FeedEntry(url=URL, title=TITLE, body=BODY), source(), NOW)
    assert (whole.body, whole.partial, whole.published_from) == (BODY, False, DateOrigin.FIRST_SEEN)


def test_the_title_of_an_entry_without_one_is_no_credit_of_a_picture() -> None:
    entry = FeedEntry(
        url=URL, lead="Foto: ANP\n\nDe brug ligt er weer. Auto's mogen er nog niet over."
    )

    assert article_from_entry(entry, source(), NOW).title == "De brug ligt er weer."


def test_an_entry_and_its_page_are_one_article() -> None:
    assert article_from_entry(ENTRY, source(), NOW).id == read(page()).id


def test_a_motto_of_the_site_is_no_lead() -> None:
    motto = '<meta name="description" content="Altijd het belangrijkste regionale sportnieuws">'
    assert read(page(motto)).lead == LEAD


def test_a_lead_cut_short_is_completed_by_the_text() -> None:
    cut = f'<meta name="description" content="{TEXT[0][:50]}...">'
    article = read(page(cut), entry=FeedEntry(url=URL, title=TITLE))
    assert (article.lead, article.body) == (TEXT[0], "\n\n".join(TEXT[1:]))


def test_what_the_site_puts_behind_a_title_goes() -> None:
    named = '<meta property="og:site_name" content="De Krant">'
    for behind in (" | De Krant", " - De Krant", " | Krant", " \u2014 De Krant"):
        head = f'{named}<meta property="og:title" content="{TITLE}{behind}">'
        assert read(page(head)).title == TITLE
    assert read(page(title="Syrië - de stand van zaken")).title == "Syrië - de stand van zaken"


def test_a_template_in_english_makes_no_english_article() -> None:
    text = f"{BODY} Het is niet voor het eerst dat een van de steden uit het noorden wordt bezet."
    assert read(page(inner=f"<p>{text}</p>", lang="en")).language == "nl"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "windows-1252", "utf-16"])
def test_letters_are_read_in_the_pages_encoding(encoding: str) -> None:
    html = page(title="Onrust in Syrië: ‘wij hébben niets’").replace("‘", "'").replace("’", "'")
    data = html.replace("„", '"').replace("”", '"').encode(encoding)
    content_type = f"text/html; charset={encoding}"
    assert read(data, content_type=content_type).title == "Onrust in Syrië: 'wij hébben niets'"


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>%s</div>",
        "<p hidden>%s</p>",
        "<div style='visibility: hidden'>%s</div>",
        "<p style='font-size:0px'>%s</p>",
        "<template>%s</template>",
        "<noscript>%s</noscript>",
        "<p>Zij zweeg. <b>Lees ook: </b><a href='/x'>%s</a></p>",
        "<p><a href='/x'>Lees ook: %s</a></p>",
        "<h3>Lees ook</h3><ul><li><a href='/x'>%s</a></li></ul>",
        "<figure><figcaption>%s</figcaption></figure>",
        "<aside><p>%s</p></aside>",
        "<div class='c-ArticleTeaser__x1'><a href='/x'>%s</a></div>",
        "<div class='relatedArticles'><a href='/x'>%s</a><p>Meer</p></div>",
        "<p><a href='/x'>%s</a></p>",
        "<section id='comments'><p>%s</p></section>",
    ],
)
def test_what_stands_beside_an_article_is_not_in_it(hidden: str) -> None:
    assert "Baghuz" not in read(page(inner=hidden % "Laatste kalifaat in Baghuz gevallen")).body


@pytest.mark.parametrize(
    "shown",
    [
        "<p>De val van <a class='inline-link' href='/x'>%s</a> bleef jaren in het geheugen.</p>",
        "<p>De val van <span class='caption tag'>%s</span> bleef jaren in het geheugen hangen.</p>",
        "<div class='cmp-text'><p>De val van %s bleef jaren in het geheugen hangen.</p></div>",
        "<blockquote><p>De val van %s vergeet ik nooit, zegt hij tegen de krant.</p></blockquote>",
        "<ul><li>De val van %s bleef jaren in het geheugen van de mensen hangen.</li></ul>",
        "<h2>Na de val van %s</h2><p>Wie achterbleef, moest leven met wat er was gebeurd.</p>",
        "<table><tr><td>Val van %s</td><td>maart 2019</td></tr></table>",
    ],
)
def test_what_stands_in_an_article_is_not_lost(shown: str) -> None:
    assert "Baghuz" in read(page(inner=shown % "Baghuz")).body


def test_a_text_inside_boxes_with_misleading_names_is_not_lost() -> None:
    boxes = "".join(
        f"<div class='widget tip'><p>{part} <a href='/x'>x</a></p></div>" for part in TEXT
    )
    html = f"<html><body><h1>{TITLE}</h1><div class='cards'>{boxes}</div></body></html>"
    assert all(part in read(html).body for part in TEXT)


def test_an_article_goes_through_a_process_boundary() -> None:
    article = read(page())
    assert pickle.loads(pickle.dumps(article)) == article
