"""Article pages as outlets write them: a text and everything around it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from monitor.demo.newsroom.content import Outlet, PageStyle
from monitor.demo.newsroom.press import Printed, escaped

_LONG_WORD = re.compile(r"[^\W\d_]{13,}")
_RELATED = 3
_BEFORE_BOX = 2  # paragraphs before the box that interrupts a text


def page_of(item: Printed, outlet: Outlet, others: Sequence[Printed], *, base: str) -> str:
    """The article's page; `others` are the newest articles of the outlet, for its boxes."""
    related = [other for other in others if other.piece.id != item.piece.id][:_RELATED]
    return f"""<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<title>{escaped(item.title)} | {escaped(outlet.name)}</title>
<link rel="canonical" href="{escaped(item.url)}">
{_metadata(item, outlet)}</head>
<body>
{_COOKIE_BAR}
<header><a href="{base}/">{escaped(outlet.name)}</a>
<nav><ul><li><a href="/binnenland/">Binnenland</a></li>\
<li><a href="/buitenland/">Buitenland</a></li>\
<li><a href="/sport/">Sport</a></li><li><a href="/weer/">Weer</a></li></ul></nav></header>
<main>
{_article(item, outlet)}
{_related_box(related)}
</main>
{_teaser_box(outlet, base)}
<footer><p>© {escaped(outlet.name)} <a href="/voorwaarden">Voorwaarden</a> \
<a href="/privacy">Privacy</a></p></footer>
</body>
</html>
"""


def amp_page_of(item: Printed, outlet: Outlet) -> str:
    """The article's AMP page, which names the ordinary one as canonical."""
    return f"""<!doctype html>
<html amp lang="nl">
<head>
<meta charset="utf-8">
<title>{escaped(item.title)}</title>
<link rel="canonical" href="{escaped(item.url)}">
<meta name="viewport" content="width=device-width">
{_json_ld(item, outlet)}</head>
<body>
<article>
<h1>{escaped(item.title)}</h1>
<p class="intro">{escaped(item.lead)}</p>
{_paragraphs(item.visible)}
</article>
</body>
</html>
"""


_COOKIE_BAR = """<div id="cookiebalk" class="cookie-bar" role="dialog">
<p>Wij gebruiken cookies om onze website te verbeteren en advertenties te tonen die bij u
passen.</p>
<button>Akkoord</button> <button>Instellingen</button>
</div>"""


def _metadata(item: Printed, outlet: Outlet) -> str:
    amp = f'<link rel="amphtml" href="{escaped(item.amp_url)}">\n' if item.amp_url else ""
    if outlet.page is PageStyle.OPEN_GRAPH:
        return amp + _open_graph(item, outlet)
    # A plain page has no metadata, but a page behind a paywall always says so.
    if outlet.page is PageStyle.JSON_LD or item.piece.paid:
        return amp + _json_ld(item, outlet)
    if outlet.page is PageStyle.MICRODATA:
        return amp + f'<meta name="description" content="{escaped(item.lead)}">\n'
    return amp


def _open_graph(item: Printed, outlet: Outlet) -> str:
    pairs = {
        "og:type": "article",
        "og:site_name": outlet.name,
        "og:title": item.title,
        "og:description": item.lead,
        "og:url": item.url,
        "article:published_time": item.published.isoformat(),
        "article:modified_time": item.modified.isoformat(),
        "article:section": item.piece.section,
    }
    rows = (
        f'<meta property="{name}" content="{escaped(value)}">\n' for name, value in pairs.items()
    )
    return "".join(rows) + _author_meta(item)


def _author_meta(item: Printed) -> str:
    author = item.piece.author
    return f'<meta name="author" content="{escaped(author)}">\n' if author else ""


def _json_ld(item: Printed, outlet: Outlet) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.title,
        "description": item.lead,
        "datePublished": item.published.isoformat(),
        "dateModified": item.modified.isoformat(),
        "author": _author_ld(item, outlet),
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "articleSection": item.piece.section,
        "mainEntityOfPage": item.url,
        "isAccessibleForFree": not item.piece.paid,
    }
    # "</" must not end the script element early.
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>\n'


def _author_ld(item: Printed, outlet: Outlet) -> dict[str, str]:
    if item.piece.author:
        return {"@type": "Person", "name": item.piece.author}
    return {"@type": "Organization", "name": "ANB" if item.piece.wire else outlet.name}


def _article(item: Printed, outlet: Outlet) -> str:
    texts = [_hyphenated(text) for text in item.visible] if outlet.soft_hyphens else item.visible
    body = _paragraphs(texts[:_BEFORE_BOX]) + _read_also(outlet) + _paragraphs(texts[_BEFORE_BOX:])
    wall = _WALL if item.piece.paid else ""
    if outlet.page is PageStyle.MICRODATA:
        return _microdata_article(item, body + wall)
    return f"""<article class="artikel">
<h1>{escaped(item.title)}</h1>
{_byline(item)}
<p class="intro"><strong>{escaped(item.lead)}</strong></p>
<div class="artikel__tekst">
{body}</div>
{wall}</article>"""


def _microdata_article(item: Printed, body: str) -> str:
    return f"""<article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{escaped(item.title)}</h1>
{_byline(item)}
<p itemprop="description" class="inleiding">{escaped(item.lead)}</p>
<div itemprop="articleBody">
{body}</div>
</article>"""


def _byline(item: Printed) -> str:
    author = item.piece.author or ("ANB" if item.piece.wire else "Redactie")
    return (
        f'<p class="byline">Door <span itemprop="author">{escaped(author)}</span> '
        f'<time itemprop="datePublished" datetime="{item.published.isoformat()}">'
        f"{item.published:%d-%m-%Y %H.%M}</time></p>"
    )


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escaped(text)}</p>\n" for text in texts)


def _read_also(outlet: Outlet) -> str:
    if not outlet.teasers:
        return ""
    return (
        '<aside class="lees-ook"><h4>Lees ook</h4>'
        f'<ul><li><a href="/buitenland/">{escaped(outlet.teasers[0])}</a></li></ul></aside>\n'
    )


def _teaser_box(outlet: Outlet, base: str) -> str:
    rows = "".join(
        f'<li><a href="{base}/buitenland/"><h3>{escaped(title)}</h3></a></li>\n'
        for title in outlet.teasers
    )
    return f'<aside class="meest-gelezen"><h2>Meest gelezen</h2>\n<ul>\n{rows}</ul></aside>'


def _related_box(related: Sequence[Printed]) -> str:
    rows = "".join(
        f'<li><a href="{escaped(item.url)}">{escaped(item.title)}</a></li>\n' for item in related
    )
    return f'<section class="gerelateerd"><h2>Meer nieuws</h2>\n<ul>\n{rows}</ul></section>'


_WALL = """<div class="betaalmuur">
<h2>Verder lezen?</h2>
<p>Word abonnee voor 2 euro per week en krijg toegang tot alle artikelen.</p>
</div>
"""


def _hyphenated(text: str) -> str:
    """The text with a soft hyphen in each long word, as typesetting systems leave it."""
    return _LONG_WORD.sub(lambda word: _halved(word[0]), text)


def _halved(word: str) -> str:
    half = len(word) // 2
    return f"{word[:half]}\u00ad{word[half:]}"
