"""The feed and the pages of the outlets of a simulated day, as their servers send them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from dayplan import OUTLETS, ZONE, Block, Form, Paragraph, Piece, Version, dated

_LISTED = 40


def feed(root: str, pieces: Sequence[Piece], now: datetime) -> bytes:
    """The RSS of an outlet."""
    items = "".join(_item(root, piece, now) for piece in pieces[:_LISTED])
    head = "<title>Nieuws</title><link>http://127.0.0.1/</link><description>Nieuws</description>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<rss version="2.0"><channel>{head}{items}</channel></rss>'
    ).encode()


def _item(root: str, piece: Piece, now: datetime) -> str:
    version = piece.listed(now) or piece.versions[0]
    return (
        f"<item><title>{escape(version.title.text)}</title><link>{root}{piece.path}</link>"
        f'<guid isPermaLink="false">{piece.name}</guid>'
        f"<description>{escape(_said(version.lead))}</description>"
        f"<pubDate>{format_datetime(dated(piece, now))}</pubDate></item>"
    )


def page(root: str, piece: Piece, version: Version) -> bytes:
    """The page of a piece, in the mark-up of its outlet."""
    title, lead = escape(version.title.text), escape(_said(version.lead))
    data = json.dumps(_data(root, piece, version), ensure_ascii=False)
    return (
        f'<!doctype html><html lang="nl"><head><title>{title} - {OUTLETS[piece.outlet]}</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta name="description" content="{lead}">'
        f'<link rel="canonical" href="{root}{piece.path}">'
        f'<script type="application/ld+json">{data}</script></head><body>'
        "<header><nav><a href='/'>Voorpagina</a> <a href='/sport'>Sport</a></nav></header>"
        f'<main><article><h1>{title}</h1><p class="intro">{lead}</p>'
        f"{_body(piece, version)}</article></main>"
        "<footer>Over ons, privacy, contact</footer></body></html>"
    ).encode()


def _body(piece: Piece, version: Version) -> str:
    form = piece.form
    if form is Form.ARTICLE:
        return "".join(_paragraphs(block.paragraphs) for block in version.blocks)
    if form is Form.WALLED:
        text = "".join(_paragraphs(block.paragraphs) for block in version.blocks)
        wall = '<div class="paywall"><h2>Lees verder met een abonnement</h2></div>'
        return f'<div class="free">{text}</div>{wall}'
    return "".join(_LIVE[form](block) for block in version.blocks[: piece.window])


def _paragraphs(paragraphs: Sequence[Paragraph]) -> str:
    return "".join(f"<p>{escape(_said(paragraph))}</p>" for paragraph in paragraphs)


def _said(paragraph: Paragraph) -> str:
    return " ".join(sentence.text for sentence in paragraph)


def _section(block: Block) -> str:
    return (
        f'<section class="update" id="{block.name}"><time datetime="{_iso(block)}">{_hour(block)}'
        f"</time>{_paragraphs(block.paragraphs)}</section>"
    )


def _listed(block: Block) -> str:
    return f'<li id="u{block.name}"><b>{_hour(block)}</b>{_paragraphs(block.paragraphs)}</li>'


def _plain(block: Block) -> str:
    return f"<p><strong>{_hour(block)} uur</strong></p>{_paragraphs(block.paragraphs)}"


_LIVE = {Form.LIVE_ALL: _section, Form.LIVE_NEWEST: _listed, Form.LIVE_PLAIN: _plain}


def _hour(block: Block) -> str:
    return f"{block.at.astimezone(ZONE):%H.%M}" if block.at else ""


def _iso(block: Block) -> str:
    return block.at.astimezone(ZONE).isoformat() if block.at else ""


def _data(root: str, piece: Piece, version: Version) -> dict[str, Any]:
    """The JSON-LD of a page."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": version.title.text,
        "description": _said(version.lead),
        "url": f"{root}{piece.path}",
        "datePublished": piece.at.isoformat(),
        "dateModified": version.at.isoformat(),
    }
    if piece.form is Form.WALLED:
        part = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
        data |= {"isAccessibleForFree": False, "hasPart": part}
    if piece.form in {Form.LIVE_ALL, Form.LIVE_NEWEST}:
        data |= {
            "@type": "LiveBlogPosting",
            "coverageStartTime": piece.at.isoformat(),
            "liveBlogUpdate": [
                _update(root, piece, block) for block in version.blocks[: piece.window]
            ],
        }
        if piece.form is Form.LIVE_ALL and piece.ends:
            data["coverageEndTime"] = piece.ends.isoformat()
    return data


def _update(root: str, piece: Piece, block: Block) -> dict[str, Any]:
    return {
        "@type": "BlogPosting",
        "@id": f"{root}{piece.path}#{block.name}",
        "datePublished": _iso(block),
        "articleBody": "\n\n".join(_said(paragraph) for paragraph in block.paragraphs),
    }
