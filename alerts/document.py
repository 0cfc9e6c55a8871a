"""A news article as the rules see it: only texts and metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from alerts.match import Hit
from crawler.frozen import dataclass
from crawler.model import Article

TEXT_FIELDS = ("title", "lead", "body")
METADATA_FIELDS = ("source", "outlet", "section", "author", "url", "lang")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a query is matched with: three texts and six values of metadata, all plain text.

    `items` are the places in the body where independent items begin, in order.
    """

    id: str = ""
    title: str = ""
    lead: str = ""
    body: str = ""
    source: str = ""
    outlet: str = ""
    section: str = ""
    author: str = ""
    url: str = ""
    lang: str = ""
    items: tuple[int, ...] = ()

    @property
    def texts(self) -> tuple[str, str, str]:
        """The texts in the order of `TEXT_FIELDS`."""
        return (self.title, self.lead, self.body)


def document_of(article: Article) -> Document:
    """The document of an article of the crawler; an unknown value is an empty string."""
    return Document(
        id=article.id,
        title=article.title,
        lead=article.lead,
        body=article.body,
        source=article.source,
        outlet=article.outlet,
        section=article.section or "",
        author=article.author or "",
        url=article.url,
        lang=article.language,
        items=tuple(item.start for item in article.items),
    )


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A part of a document that is matched by itself; its body begins at `start` of the whole."""

    document: Document
    start: int = 0


def parts_of(document: Document) -> Iterator[DocumentPart]:
    """Yield the parts of a document that queries see: the whole, or each item if items are known.

    Each item has the title and the lead of its page, so a word in another item neither completes a
    match nor prevents one. The text before the first item is a part as well.
    """
    body, starts = document.body, document.items
    if not starts:
        yield DocumentPart(document)
        return
    for start, end in zip((0, *starts), (*starts, len(body)), strict=True):
        text = body[start:end].rstrip()
        if text or not start:
            yield DocumentPart(replace(document, body=text, items=()), start)


def moved(hit: Hit, by: int) -> Hit:
    """The hit in the whole body, in which its part begins at `by`."""
    if not by or hit.field != "body":
        return hit
    return replace(hit, start=hit.start + by, end=hit.end + by)


def merged_hits(hits: Iterable[Hit], document: Document) -> tuple[Hit, ...]:
    """The hits in the order of the text, each place once.

    All parts have the same title and lead, and different words in them may be hits in each part.
    """
    texts = dict(zip(TEXT_FIELDS, document.texts, strict=True))
    merged: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (TEXT_FIELDS.index(one.field), one.start, one.end)):
        last = merged[-1] if merged else None
        if last is None or last.field != hit.field or hit.start >= last.end:
            merged.append(hit)
        elif hit.end > last.end:
            text = texts[hit.field][last.start : hit.end]
            merged[-1] = replace(last, end=hit.end, text=text)
    return tuple(merged)
