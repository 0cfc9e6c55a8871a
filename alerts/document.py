"""A news article as the rules see it: texts and metadata, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.model import Article

TEXT_FIELDS = ("title", "lead", "body")
METADATA_FIELDS = ("source", "outlet", "section", "author", "url", "lang")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a query is matched against: three texts and six values of metadata, all plain text."""

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

    @property
    def texts(self) -> tuple[str, str, str]:
        """The texts in the order of `TEXT_FIELDS`."""
        return (self.title, self.lead, self.body)


def document_of(article: Article) -> Document:
    """The document of an article as the crawler holds it; an unknown value is an empty string."""
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
    )
