"""The editions of a paper as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from alerts.edition import Edition
from alerts.rendering import Style, text_of, view_of_edition
from monitor.web.making import ATOM, atom_text


def edition_feed(
    name: str, editions: Sequence[Edition], base: str, address: str, style: Style
) -> bytes:
    """A feed with an entry for each edition, which holds its text."""
    feed = etree.fromstring(f'<feed xmlns="{ATOM}"/>')
    atom_text(feed, "id", address)
    atom_text(feed, "title", name)
    newest = max((one.until for one in editions), default=datetime.fromtimestamp(0, UTC))
    atom_text(feed, "updated", newest.isoformat(timespec="seconds"))
    etree.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=address)
    atom_text(etree.SubElement(feed, f"{{{ATOM}}}author"), "name", "Nieuwswacht")
    for one in editions:
        view = view_of_edition(one, style)
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        key = one.key
        atom_text(entry, "id", f"urn:nieuwswacht:review:{key.paper}:{key.day}:{key.at}")
        atom_text(entry, "title", f"{view.intro}, {key.at}")
        atom_text(entry, "updated", one.until.isoformat(timespec="seconds"))
        href = f"{base}/reviews/{key.paper}/{key.day}?at={key.at}"
        etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=href)
        atom_text(entry, "content", text_of(view, Style(one.language, style.zone).words))
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")
