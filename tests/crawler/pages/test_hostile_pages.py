"""Pages that mean harm, or are broken beyond what any template does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st
from madepages import ENTRY, TITLE, URL, page, read
from pagecases import CASES, NOW, Case, source

from crawler.errors import PageError
from crawler.pages.extract import extract_article


def test_hostile_letters_do_not_pass() -> None:
    mean = "\x00\x07\x1b[31m\u202eegeheim\u200b\u2066\ufeff"
    article = read(page(f'<meta name="author" content="Jan{mean}">', f"<p>De man zweeg{mean}.</p>"))
    everything = f"{article.body}{article.author}"
    assert not set("\x00\x07\x1b\u202e\u200b\u2066\ufeff") & set(everything)


def test_script_on_a_page_is_neither_run_nor_read() -> None:
    article = read(page("<script>alert('Daraqa')</script>", "<svg onload='alert(1)'>alert</svg>"))
    assert "alert" not in f"{article.title}{article.lead}{article.body}"


HOSTILE = {
    "deep": b"<div>" * 50_000 + b"tekst",
    "attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">tekst</p>",
    "entities": b"&amp;" * 200_000,
    "open": b"<p>tekst<b>" * 20_000,
    "nul": b"\x00" * 100_000,
    "quotes": b"<a href='" * 20_000,
    "comment": b"<!--" * 50_000,
    "cdata": b"<![CDATA[" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_no_more_than_itself(name: str) -> None:
    html = b"<html><head><title>" + TITLE.encode() + b"</title></head><body>" + HOSTILE[name]
    article = read(html)
    assert article.title == TITLE


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div class='related'>", "</div>", "<h1>", "<article>", "<a href='x'>"),
        *("<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle","headline":'),
        *(
            "<title>",
            "<meta property='og:title' content='",
            "'>",
            "<!--",
            "-->",
            "<link rel=canonical",
        ),
        *(" href='//[x'>", "<time datetime='2026-13-40'>", "Een zin. ", "\x00", "\ud7ff", "&#0;"),
        *("<table><tr><td>", "<form>", "<base href='http://[::1'>", "<svg>", "]]>", "\ufffe"),
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_page_holds_gives_an_article_or_a_page_error(
    html: str, url: str, content_type: str
) -> None:
    for address in (URL, url):
        try:
            article = read(html, url=address, content_type=content_type)
        except PageError:
            continue
        assert article.title
        assert article.published.tzinfo is not None
        assert "\x00" not in f"{article.title}{article.lead}{article.body}"


@settings(max_examples=60)
@given(st.sampled_from(CASES), st.integers(0, 8_000), st.binary(max_size=20))
def test_a_damaged_page_gives_an_article_or_a_page_error(
    case: Case, place: int, damage: bytes
) -> None:
    html = case.html[:place] + damage + case.html[place + 40 :]
    article = extract_article(html, url=URL, entry=ENTRY, source=source(), now=NOW)
    assert article.first_seen == NOW
    assert article.published <= NOW + timedelta(days=1)
