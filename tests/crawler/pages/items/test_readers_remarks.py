"""What readers say in boxes without a name inside the article's own box, and what only looks so."""

from __future__ import annotations

import pytest
from madepages import read

from crawler.model import FeedEntry
from crawler.pages.items.remarks import remarks_in
from crawler.pages.markup import tree_of

URL = "https://krant.example/stad/brug-weer-open"
TITLE = "Brug over de rivier weer open na herstel"
SENTENCES = (
    "De brug over de rivier bij Sluisdam is zaterdag weer opengegaan, meldt de gemeente.",
    "Het herstel duurde ruim drie maanden langer dan gepland, omdat er staal ontbrak.",
    "Vrachtwagens mogen er de eerste weken alleen stapvoets over, zegt wethouder Jansen.",
    "Het bedrijf dat de brug onderhoudt, betaalt een deel van de kosten van het herstel.",
    "Fietsers konden al eerder oversteken over een hulpbrug die volgende maand verdwijnt.",
    "De winkeliers in de Kade hopen dat hun klanten nu snel de weg naar hen terugvinden.",
)
REMARKS = (
    ("Piet", "2 uur geleden", "Eindelijk. Ik moest drie maanden omrijden, en niemand zei iets."),
    ("Jan de Vries", "28 nov. 2026 om 14:05", "En wie betaalt dat? Wij weer, natuurlijk."),
    ("Anoniem92", "gisteren 21:40", "Onzin. De gemeente heeft het juist goed gedaan, vind ik."),
)
FORMS = [
    "<div><div><b>{n}</b> <span>{t}</span></div><p>{x}</p><a href='#'>Reageer</a></div>",
    "<li><strong>{n}</strong><time>{t}</time><p>{x}</p><button>Beantwoorden</button></li>",
    "<div><p>{n} · {t}</p><p>{x}</p><p><a href='#r'>Antwoord</a> <span>3</span></p></div>",
    "<section><header><i>{n}</i><i>{t}</i></header><p>{x}</p><p>↩ Reageren</p></section>",
    "<div><p>{n} schreef, {t}</p><p>{x}</p><p><a href='#'>Reageer op {n}</a></p></div>",
    "<div><p>{n}<br>{t}</p><p>{x}</p><p>{x}</p><a href='#'>Reply</a></div>",
]


def filled(form: str) -> str:
    return "".join(form.format(n=name, t=time, x=text) for name, time, text in REMARKS)


def page(inner: str, behind: str = "", sentences: tuple[str, ...] = SENTENCES) -> str:
    told = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return (
        f"<html><head><title>{TITLE}</title></head><body><main><article><h1>{TITLE}</h1>{told}"
        f"<h3>Reacties (3)</h3><div>{inner}</div>{behind}</article></main></body></html>"
    )


def text_of(html: str) -> str:
    entry = FeedEntry(url=URL, title=TITLE)
    article = read(html, entry=entry, url=URL)
    return f"{article.lead}\n\n{article.body}".strip()


@pytest.mark.parametrize("form", FORMS)
def test_what_readers_say_below_an_article_is_not_its_text(form: str) -> None:
    assert text_of(page(filled(form))) == "\n\n".join(SENTENCES)


@pytest.mark.parametrize("form", FORMS)
def test_a_text_behind_remarks_stays(form: str) -> None:
    behind = f"<p>{SENTENCES[-1]}</p>"
    html = page(filled(form), behind, SENTENCES[:-1])

    assert SENTENCES[-1] in text_of(html)
    assert SENTENCES[0] in text_of(html)


@pytest.mark.parametrize(
    "html",
    [
        page(FORMS[0].format(n="Piet", t="12:30", x="Eindelijk.")),  # one alone
        page(filled(FORMS[0]), sentences=SENTENCES[:2]),  # longer than the article
        page(filled(FORMS[0]), "".join(f"<p>{one}</p>" for one in SENTENCES[:3])),  # in its middle
        page(filled("<div><h2>{x}</h2><p>{n}, {t}</p><p>{x}</p><a>Reageer</a></div>")),  # updates
        page(filled("<div><p>{t}</p><p>{x}</p><p>Reageer</p></div>")),  # nobody's name
        page(filled("<div><p>zaterdag</p><p>{t}</p><p>{x}</p><p>Reageer</p></div>")),
        page(filled("<div><b>{n}</b><p>{x}</p><p>Reageer</p></div>")),  # no time
        page(filled("<div><b>{n}</b> <i>{t}</i><p>{x}</p><p>Deel</p></div>")),  # nothing to answer
        page(filled("<p>{n} zei om 14:05 dat hij wil reageren.</p>")),
        page(filled(FORMS[0].replace("{x}", "{x} " * 40))),  # not what readers write
    ],
)
def test_what_may_be_text_of_the_article_is_no_remark(html: str) -> None:
    assert remarks_in(tree_of(html, url=URL)) == []


@pytest.mark.parametrize(
    "part",
    [
        "<a>Reageer</a>",
        FORMS[0].format(n="Piet", t="12:30", x="Ja, dat is zo."),
        "<div>" * 50 + "<a>Reageer</a>" + "</div>" * 50,
        "<a>Reageer</a>" + "<p>x</p>" * 30,
    ],
)
def test_remarks_without_end_take_no_time(part: str) -> None:
    remarks_in(tree_of(page(part * 600), url=URL))
