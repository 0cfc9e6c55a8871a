"""Leads that stand where the caption of a picture stands, and captions that do not."""

from __future__ import annotations

import madepages
import pytest

from crawler.model import Article, FeedEntry

URL = "https://krant.example/buitenland/laatste-dorp-ingenomen"
TITLE = "Laatste dorp van de beweging ingenomen"
LEAD = (
    "De strijdkrachten hebben zaterdag het dorp aan de rivier in handen gekregen. Daarmee verliest "
    "de beweging haar laatste gebied in het oosten van het land, zegt een woordvoerder."
)
SENTENCES = (
    "Volgens de woordvoerder gaven honderden strijders zich de afgelopen weken met hun gezin over.",
    "De gevechten langs het water duurden ruim een maand en kostten tientallen mensen het leven.",
    "De coalitie waarschuwt dat de groep ook zonder gebied gevaarlijk blijft in de woestijn.",
    "In het kamp verderop wachten duizenden vrouwen en kinderen op hulp, zeggen artsen.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
CAPTION = "Een strijder steekt een vlag op het dak van een huis in het dorp."


def figure(text: str, extra: str = "") -> str:
    caption = f"<figcaption class='caption'>{text}{extra}</figcaption>"
    return f"<figure class='media'><img src='/brug.jpg'>{caption}</figure>"


def read(opening: str, *, head: str = "", fed: str = "", text: str = TEXT) -> Article:
    html = (
        f"<html><head><title>{TITLE}</title>{head}</head><body><main><article><h1>{TITLE}</h1>"
        f"{opening}{text}</article></main></body></html>"
    )
    entry = FeedEntry(url=URL, title=TITLE, lead=fed)
    return madepages.read(html, entry=entry, url=URL)


@pytest.mark.parametrize("extra", ["", " <small>Foto: ANP</small>"])
@pytest.mark.parametrize("form", ["{}", "<p>{}</p>", "<span><strong>{}</strong></span>"])
@pytest.mark.parametrize(
    ("head", "fed"),
    [
        (f'<meta name="description" content="{LEAD[:90]}...">', ""),
        (f'<meta property="og:description" content="{LEAD}">', ""),
        (f'<meta name="description" content="{LEAD[:80]}">', ""),
        ("", f"{LEAD[:100]}…"),
        ("", LEAD),
    ],
)
def test_a_lead_under_the_picture_is_the_lead_where_a_description_begins_with_it(
    head: str, fed: str, form: str, extra: str
) -> None:
    article = read(figure(form.format(LEAD), extra), head=head, fed=fed)

    assert article.lead == LEAD
    assert article.body == "\n\n".join(SENTENCES)


def test_a_lead_under_the_picture_is_text_where_nothing_is_said_of_it() -> None:
    article = read(figure(LEAD))

    assert f"{article.lead}\n\n{article.body}".strip() == "\n\n".join((LEAD, *SENTENCES))


@pytest.mark.parametrize(
    "opening",
    [
        figure(CAPTION),
        figure(f"{LEAD} Foto: ANP"),
        figure(f"{LEAD} © Reuters"),
        figure(LEAD.replace(". ", ", ").removesuffix(".")),
        figure(LEAD) + figure(CAPTION),
        f"<p>{SENTENCES[0]}</p>{figure(LEAD)}",
        f"<aside>{figure(LEAD)}</aside>",
    ],
)
def test_a_caption_is_no_text(opening: str) -> None:
    article = read(opening)

    assert "laatste gebied" not in article.lead + article.body
    assert "een vlag" not in article.lead + article.body
    assert SENTENCES[-1] in article.body


@pytest.mark.parametrize("said", ["Strijdkrachten nemen het laatste dorp in.", LEAD[:20] + "..."])
def test_a_caption_that_the_description_does_not_begin_with_is_no_text(said: str) -> None:
    article = read(figure(LEAD), fed=said)

    assert "laatste gebied" not in article.lead + article.body
