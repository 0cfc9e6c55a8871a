"""What programs add at the end of a text in a feed, and what only looks like it."""

from __future__ import annotations

import pytest
from feed_samples import read

from crawler.model import FeedEntry


def of_item(inner: str) -> FeedEntry:
    item = f"<item>{inner}</item>"
    return read(f"<rss version='2.0'><channel>{item}</channel></rss>").entries[0]


@pytest.mark.parametrize(
    "added",
    [
        "The post <a href='/a'>Kop. En nog een</a> appeared first on <a href='/'>De Bode</a>.",
        "Het bericht <a href='/a'>Kop</a> verscheen eerst op <a href='/'>Stadsnieuws</a>.",
        "L&#8217;article Titre est apparu en premier sur Le Monde.",
        "Dit artikel verscheen eerst op Stadsnieuws.",
        "Het bericht <a href='/a'>Kop</a> is als eerste verschenen op <a href='/'>De Bode</a>.",
        "Dieser Artikel Titel erschien zuerst auf Der Bote.",
        "<p>This post first appeared on De Bode.</p>",
        "Het bericht Val van Baghuz verscheen op De Bode.",
        "Val van Baghuz verscheen eerst op <a href='/'>De Bode</a>",
        "&#8216;Val van Baghuz&#8217; is verschenen op De Bode.",
        "Dit artikel verscheen eerder in De Bode.",
        "Dit interview is oorspronkelijk gepubliceerd op debode.example.",
        "Deze column verscheen eerder in het maandblad De Bode",
        "L'article Val de Baghouz est apparu en premier sur Le Messager.",
        "Cet article est d&#8217;abord paru dans Le Messager.",
        "Le billet Val de Baghouz est apparu en premier sur Le Messager.",
        "Der Beitrag Fall von Baghus erschien zuerst auf Der Bote.",
        "Dieser Text ist zuerst erschienen in Der Bote.",
        "This article was originally published by The Messenger.",
    ],
)
def test_the_line_that_wordpress_adds_is_no_text(added: str) -> None:
    html = f"<p>Luchtaanval bij Baghuz.</p>\n<p>{added}</p>"
    inner = f"<link>/a</link><description><![CDATA[{html}]]></description>"
    entry = of_item(f"<title>Val van Baghuz</title>{inner}")

    assert entry.lead == "Luchtaanval bij Baghuz."


@pytest.mark.parametrize(
    "added",
    [
        *("Lees meer", "Lees verder &gt;&gt;", "[Lees het volledige artikel]", "(meer lezen)"),
        *("<a href='/a'>Lees meer op debode.nl</a>", "Read more...", "Lire la suite"),
        *("Klik hier om verder te lezen", "Continue reading <i>Kop van het bericht</i> &rarr;"),
        "<p>Lees meer</p>Het bericht Kop verscheen eerst op <a href='/'>De Bode</a>.",
    ],
)
@pytest.mark.parametrize(
    "html", ["<p>Luchtaanval bij Baghuz. {}</p>", "<p>Luchtaanval bij Baghuz.</p><p>{}</p>"]
)
def test_a_link_to_the_whole_is_no_text(html: str, added: str) -> None:
    entry = of_item(f"<link>/a</link><description><![CDATA[{html.format(added)}]]></description>")

    assert entry.lead == "Luchtaanval bij Baghuz."


@pytest.mark.parametrize(
    "text",
    [
        "Wie in de kampen woont, wil vooral lezen. Lees meer boeken, zegt een leraar uit Al-Hol.",
        "De school vraagt kinderen om meer te lezen",
        "IS verbood het. Verder lezen was strafbaar.",
        "Zij las het boek. Ze wil er meer over lezen",
    ],
)
def test_a_report_on_reading_stays(text: str) -> None:
    assert of_item(f"<link>/a</link><description>{text}</description>").lead == text


@pytest.mark.parametrize(
    "text",
    [
        "De post van de SDF over Baghuz verscheen eerst op Telegram. Later volgde een foto.",
        "IS eiste de aanslag op. Het bericht van IS verscheen eerst op de site van Amaq.",
        "IS eiste de aanslag op. Dit bericht verscheen eerst op het Telegram-kanaal van Amaq.",
        "IS eiste de aanslag op. Het bericht verscheen eerst op een forum.",
        "Het bericht Baghuz valt verscheen eerst op De Bode. Later nam IS het terug.",
        "Een boek over Baghuz. Het artikel Kinderen van IS verscheen in The Times.",
        "De tekst is hersteld. Dit artikel verscheen eerder met een onjuiste kop.",
        "De tekst is hersteld. Dit artikel verscheen eerder in een versie zonder naam.",
    ],
)
def test_a_report_on_what_appeared_first_stays(text: str) -> None:
    entry = of_item(f"<link>/a</link><description>{text}</description>")

    assert entry.lead == text
