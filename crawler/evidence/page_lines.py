"""What is written of a page that is kept: its records, and what their lines say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawler.evidence.chain import PAGES, ChainLine, LineKind, digest, moment
from crawler.evidence.day_files import NewLine
from crawler.evidence.members import KeptBefore, Member, PageFacts, members_of
from crawler.store.evidence.held_pages import HeldPage
from crawler.store.evidence.kept_pages import KeptPage


def has_bytes(lines: Sequence[ChainLine], page: KeptPage) -> bool:
    """Whether the record of a page has its bytes, and does not refer to another one for them."""
    return page.n <= len(lines) and lines[page.n - 1].fields.get("kind") == LineKind.RESPONSE


def payload_of(page: HeldPage) -> str:
    """The digest of the bytes of a page."""
    assert page.exchange is not None
    return digest(page.exchange.body)


def is_of(kept: KeptPage, page: HeldPage) -> bool:
    """Whether this very page was kept already, of the same text."""
    assert page.exchange is not None
    return (kept.article, kept.revision, kept.url) == (
        page.article,
        page.revision,
        page.exchange.url,
    )


def gap(page: HeldPage) -> NewLine:
    """The line that says that a page was not kept."""
    said = {
        "kind": LineKind.GAP,
        "article": page.article,
        "revision": page.revision,
        "seen": moment(page.seen),
        "why": "no room",
    }
    return NewLine(said)


def records_of(
    page: HeldPage, first: KeptPage | None, new: dict[str, KeptBefore], urls: dict[str, str]
) -> list[NewLine]:
    """The records of a page, of which `first` has the bytes if they were kept before.

    `new` has those of this batch by their bytes, `urls` by their id.
    """
    exchange, payload = page.exchange, payload_of(page)
    assert exchange is not None
    facts = PageFacts(
        article=page.article, revision=page.revision, outlet=page.outlet, key=page.key
    )
    before = KeptBefore(first.record, first.url, first.seen) if first else new.get(payload)
    members = members_of(exchange, facts, before)
    urls[members[0].id] = exchange.url
    new.setdefault(payload, KeptBefore(members[0].id, exchange.url, moment(exchange.at)))
    return [_item(member, page, payload) for member in members]


def _item(member: Member, page: HeldPage, payload: str) -> NewLine:
    fields: dict[str, Any] = {
        "kind": member.kind,
        "id": member.id,
        "article": page.article,
        "revision": page.revision,
        "seen": moment(page.seen),
    }
    if member.kind in PAGES:
        fields["payload"] = payload
    return NewLine(fields, member.data)
