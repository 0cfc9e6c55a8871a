"""One invented article, and pages made around it."""

from __future__ import annotations

from datetime import UTC, datetime

from pagecases import NOW, source

from crawler.model import Article, FeedEntry
from crawler.pages.extract import extract_article

URL = "https://krant.example/buitenland/leger-neemt-laatste-wijk-in"
TITLE = "Leger neemt laatste wijk van Daraqa in"
LEAD = "Na weken van gevechten is de stad Daraqa in handen van het leger."
TEXT = (
    "Het leger heeft dinsdag de laatste wijk van Daraqa ingenomen, meldt een woordvoerder.",
    "Inwoners vluchtten over de rivier naar het westen, waar hulporganisaties tenten opzetten.",
    "De gouverneur spreekt van een keerpunt. „Vannacht slapen de kinderen weer thuis”, zei hij.",
)
BODY = "\n\n".join(TEXT)
FED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ENTRY = FeedEntry(url=URL, title=TITLE, lead=LEAD, published=FED, author="ANP", section="Wereld")


def page(head: str = "", inner: str = "", *, title: str = TITLE, lang: str = "nl") -> str:
    text = "".join(f"<p>{part}</p>" for part in TEXT)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{head}</head><body>'
        f"<article><h1>{title}</h1>{text}{inner}</article></body></html>"
    )


def read(
    html: str | bytes, *, entry: FeedEntry = ENTRY, url: str = URL, content_type: str = ""
) -> Article:
    data = html if isinstance(html, bytes) else html.encode()
    return extract_article(
        data, url=url, entry=entry, source=source(), now=NOW, content_type=content_type
    )
