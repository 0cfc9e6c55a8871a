"""When an article is `partial`: text is missing, and not only a page that says so."""

from __future__ import annotations

import json

import pytest
from madepages import LEAD, TEXT, TITLE, URL, page, read

from crawler.model import FeedEntry
from crawler.pages.walls import Page, Wall, wall_of

PARAGRAPHS = "".join(f"<p>{part}</p>" for part in TEXT)
LONG = "".join(f"<p>{number}. {part}</p>" for number in range(9) for part in TEXT)
ENTRY = FeedEntry(url=URL, title=TITLE, lead=LEAD)
PART = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".premium-text"}
BARRIER = '<div class="paywall"><b>Verder lezen?</b> Word abonnee</div>'


def made(inner: str, *, head: str = "", body: str = "", **facts: object) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, **facts}
    return (
        f'<html lang="nl"><head><title>{TITLE}</title>{head}'
        f'<script type="application/ld+json">{json.dumps(node)}</script></head>'
        f"<body{body}><article><h1>{TITLE}</h1>{inner}</article></body></html>"
    )


CREDIT = "Dit stuk kwam tot stand met steun van het Fonds Bijzondere Projecten en de stad Daraqa"

WHOLE = {
    "readers' words are counted": made(PARAGRAPHS, wordCount=2700),
    "free, with words of readers": made(PARAGRAPHS, wordCount=2700, isAccessibleForFree=True),
    "free, beside a wall": made(PARAGRAPHS + BARRIER, isAccessibleForFree=True),
    "free by address": made(PARAGRAPHS + BARRIER, isAccessibleForFree="https://schema.org/True"),
    "paid, and no wall": made(PARAGRAPHS, isAccessibleForFree=False),
    "its paid part is in hand": made(
        f'<div class="text premium-text">{PARAGRAPHS}</div>{BARRIER}',
        isAccessibleForFree=False,
        hasPart=PART,
    ),
    "its paid parts are in hand": made(
        f'<div class="premium-text">{PARAGRAPHS}</div>{BARRIER}',
        isAccessibleForFree="False",
        hasPart=[{"@type": "WebPageElement"}, PART],
    ),
    "far more than a wall leaves": made(LONG + BARRIER, isAccessibleForFree=False),
    "teasers of articles that are locked": made(
        f'{PARAGRAPHS}<div><article class="teaser article--locked"><a href="/x"><h3>Brug dicht</h3>'
        '</a></article><b class="locked-content-icon"></b></div>'
    ),
    "as many words as it says, and a credit that ends in no dot": made(
        f"{PARAGRAPHS}<p>{CREDIT}</p>", isAccessibleForFree=False, wordCount=62
    ),
    "as many words as it says": made(PARAGRAPHS + BARRIER, isAccessibleForFree=False, wordCount=45),
}
PARTS = {
    "a wall behind the start": made(PARAGRAPHS + BARRIER, isAccessibleForFree=False),
    "a wall, and few of its words": made(
        PARAGRAPHS + BARRIER, isAccessibleForFree=False, wordCount=700
    ),
    "a paid part that is not there": made(
        f'{PARAGRAPHS}<div class="premium-text"></div>{BARRIER}',
        isAccessibleForFree=False,
        hasPart=PART,
    ),
    "a paid part that is empty, and no wall": made(
        f'{PARAGRAPHS}<div class="premium-text"></div>', isAccessibleForFree=False, hasPart=PART
    ),
    "paid, and no more than a lead": made(f"<p>{TEXT[0]}</p>", isAccessibleForFree=False),
    "a gate by another name": made(PARAGRAPHS + BARRIER.replace("paywall", "plus-gate")),
    "paid, and cut": made(f"{PARAGRAPHS}<p>{TEXT[0][:60]}…</p>", isAccessibleForFree=False),
    "few of its words, and cut": made(f"{PARAGRAPHS}<p>Het leger zegt dat...</p>", wordCount=700),
    "a long start that is cut": made(
        f"{LONG}<p>{TEXT[0][:60]}…</p>{BARRIER}", isAccessibleForFree=False
    ),
    "paid, and few of its words": made(PARAGRAPHS, isAccessibleForFree=False, wordCount=900),
    "a wall that is active": made(PARAGRAPHS, body=' class="single paywall-active"'),
}

CLOSED = (
    *("Dit artikel is exclusief voor abonnees", "Deze inhoud is alleen toegankelijk voor leden."),
    *("De rest van dit artikel is voorbehouden aan abonnees.", "Log in om dit artikel te lezen"),
    *("Maak gratis een account aan om verder te lezen.", "Dit bericht is alleen voor leden."),
    *("U moet ingelogd zijn om dit artikel te kunnen lezen.", "Subscribe to continue reading"),
    *("This post is for paid subscribers", "You must be a member to read this article."),
    *("To continue reading, please sign in.", "Cet article est réservé aux abonnés"),
    *("Il vous reste 62.5% de cet article à lire.", "Abonnez-vous pour lire la suite"),
    *("La suite est r&eacute;serv&eacute;e aux abonn&eacute;s", "Sie möchten weiterlesen?"),
    *(
        "Dieser Artikel ist nur für Abonnenten",
        "Weiterlesen mit Ihrem Abo",
        "🔒 Sign in to keep reading",
    ),
)
NAMED = (
    *("rcp_restricted", "pmpro_content_message", "memberful-marketing-content"),
    *("gh-post-upgrade-cta", "wc-memberships-restriction-message", "leaky_paywall_message"),
)


@pytest.mark.parametrize("told", CLOSED)
def test_a_sentence_that_closes_the_article_is_a_wall_and_no_text(told: str) -> None:
    article = read(made(f"{PARAGRAPHS}<div><h2>{told}</h2><p>{told}</p></div>"), entry=ENTRY)
    assert article.partial
    assert article.body.endswith(TEXT[-1])


@pytest.mark.parametrize("told", CLOSED[:9])
@pytest.mark.parametrize(
    "around",
    [
        "<p>„{}”, stond er op de site van de krant, terwijl het vonnis openbaar is.</p>",
        "<p>De krant schreef erbij: {} Dat was volgens de rechter onjuist.</p>",
        "<script>window.words = {{a: '<p>{}</p>'}}</script>",
        "<template><div><h2>{}</h2></div></template>",
        "<div class='modal' hidden><h2>{}</h2></div>",
        "<ul><li><p>{0}</p></li><li><p>{0}</p></li><li><p>{0}</p></li></ul>",
        "<div class='modal' style='display: none'><div><p>{}</p></div></div>",
    ],
)
def test_such_a_sentence_is_none_where_it_is_told_or_not_shown(told: str, around: str) -> None:
    assert not read(made(f"{PARAGRAPHS}{around.format(told)}<p>{TEXT[0]}</p>"), entry=ENTRY).partial


@pytest.mark.parametrize(
    "teaser",
    [
        '<a href="/x"><b>{}</b><h3>Brug dicht</h3></a>',
        '<svg><title>{}</title></svg><a href="/x"><h3>Brug dicht</h3></a>',
        '<span class="u-sr-only">{}</span><a href="/x"><h3>Brug dicht</h3></a>',
    ],
)
def test_a_teaser_of_an_article_for_subscribers_takes_nothing_away(teaser: str) -> None:
    told = teaser.format("Dit artikel is exclusief voor abonnees")
    assert not read(made(f"{PARAGRAPHS}<section>{told}</section>"), entry=ENTRY).partial


@pytest.mark.parametrize(
    "told",
    [
        *("Log in om te reageren", "Je moet ingelogd zijn om een reactie te plaatsen."),
        *("Log in om alle reacties te lezen", "Word abonnee om alle artikelen te lezen"),
        *("You must be 18 to view this content", "Alleen voor leden: korting op lezingen."),
    ],
)
def test_what_is_offered_beside_an_article_takes_nothing_away(told: str) -> None:
    assert not read(made(f"{PARAGRAPHS}<div><p>{told}</p></div>"), entry=ENTRY).partial


@pytest.mark.parametrize("name", NAMED)
def test_a_name_that_systems_give_to_what_is_left_out_is_a_wall(name: str) -> None:
    assert read(made(f'{PARAGRAPHS}<div class="{name}"></div>'), entry=ENTRY).partial
    assert not read(made(PARAGRAPHS, head=f"<style>.{name} {{}}</style>"), entry=ENTRY).partial


@pytest.mark.parametrize("case", WHOLE)
def test_a_text_that_is_there_is_whole_whatever_its_page_says(case: str) -> None:
    assert not read(WHOLE[case], entry=ENTRY).partial


@pytest.mark.parametrize("case", PARTS)
def test_a_text_of_which_some_is_missing_is_partial(case: str) -> None:
    assert read(PARTS[case], entry=ENTRY).partial


@pytest.mark.parametrize(
    "sign", ["paywall-active", "paywall_visible", "has-paywall", "is-paywalled", "content-locked"]
)
def test_a_name_that_says_that_the_wall_is_shown_is_a_wall(sign: str) -> None:
    html = made(PARAGRAPHS, body=f' class="page {sign}"')
    assert wall_of(Page(url=URL, body=html.encode())) is Wall.HARD_PAYWALL
    told = html.replace(sign, "page").replace(TEXT[0], f"De site noemt dat {sign}, zegt hij.")
    assert wall_of(Page(url=URL, body=told.encode())) is None


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="next" href="{url}?page=2">',
        '<link rel="next" href="{url}/2">',
        '<link rel="next" href="{url}/pagina/2/">',
        '<a rel="next" href="{url}?p=2">Volgende</a>',
        '<a href="{url}/2">Pagina 2</a>',
        '<a href="{url}?pagina=2">Volgende pagina</a>',
    ],
)
def test_the_first_of_several_pages_is_partial(link: str) -> None:
    assert read(made(PARAGRAPHS + link.format(url=URL)), entry=ENTRY).partial


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="next" href="https://krant.example/buitenland/een-ander-artikel">',
        '<a rel="next" href="/buitenland/een-ander-artikel-2">Volgende artikel</a>',
        '<a rel="prev" href="{url}?page=1">Vorige</a>',
        '<a href="https://elders.example/x/2">Pagina 2</a>',
        '<a rel="next" href="https://elders.example/leger-neemt-laatste-wijk-in?page=2">x</a>',
        '<a href="{url}#2">Pagina 2</a>',
    ],
)
def test_a_link_to_another_article_or_an_earlier_page_takes_nothing_away(link: str) -> None:
    assert not read(made(PARAGRAPHS + link.format(url=URL)), entry=ENTRY).partial


def test_a_long_text_is_whole_though_its_last_line_is_a_credit() -> None:
    credit = "Tekst en onderzoek: Sanne de Wit, eindredactie: Jan Klaassen, beeld: Rosa Peeters"
    text = "".join(f"<p>{number}. {' '.join(TEXT)}</p>" for number in range(40))
    head = '<meta name="article:content_tier" content="locked">'
    article = read(page(head, f"{text}<p>{credit}</p>"))
    assert credit in article.body
    assert not article.partial


@pytest.mark.parametrize("end", [".“", ".”", "!»", "。", ".」"])
def test_a_sentence_ends_in_the_marks_of_other_languages(end: str) -> None:
    head = '<meta name="article:content_tier" content="locked">'
    line = "Das braucht keiner, sagte der Trainer nach dem Spiel am Abend in der Stadt am Fluss"
    assert not read(page(head, f"<p>{line}{end}</p>")).partial
