"""Articles among which queries of each kind find something, and what they should find."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import making
from plain_answers import evaluate

from alerts.document import document_of
from alerts.query.parser import Concepts, parse
from alerts.search.results import search
from crawler.model import Article, DateOrigin
from crawler.store import ArticleStore, Connection, Writer, migrations, open_reader
from crawler.store.archive.words import TermStore
from crawler.text.plain import clean

START = datetime(2019, 3, 23, tzinfo=UTC)
CONCEPTS = Concepts(making.CONCEPTS)
PLANTED = (
    "Da'esh in Raqqa",
    "De kali\u00adfaten van toen",
    "Bij Diyarbak\u0131r en Wałęsa, œuvre, Straße, de \u0133s",
    "Een cyberkalifaat",
    "F-16's boven Syrie\u0308",
    "Nog een anti-IS-coalitie",
    "DIT IS IT",
    "Ka\u00adli\u00adfaat en ra\u200bq\u200bqa",
    "Sa\u02bfdi, Qur\u02bcan en Da\u02bfesh",
    "Syri&euml; &amp;amp; F&#45;16",
    "Leuk!\U0001f600kalifaat en \U0001f600 kalifaat",
    "Twaalf m² in Løkke, de ﬁets",
    "Ракка и дом",
    "ﻣﺎ الرقة",
    "oud-anti-IS-coalitie-strijder",
    "AL-HOL en Al-Hol en al-hol",
    "==De IS_kalifaat is/was A&B",
)


def article(number: int, title: str, lead: str, body: str, outlet: str) -> Article:
    """An article published some hours after the first."""
    published = START + timedelta(hours=(number * 7) % 400)
    return Article(
        id=f"art_{number}",
        key=f"nos:{number}",
        url=f"https://nos.nl/{number}",
        outlet=outlet,
        source="bron",
        title=title,
        lead=lead,
        body=body,
        first_seen=published,
        published=published,
        published_from=DateOrigin.FEED,
    )


def articles() -> Iterator[Article]:
    """Yield the articles: some hard to index, some drawn at random and half of them clean."""
    rng = random.Random(3)
    for number, text in enumerate(PLANTED):
        yield article(number, text, "", "", "NOS")
    for number in range(len(PLANTED), 200):
        title, lead, body = (making.text(rng) for _ in range(3))
        if number % 3:
            title, lead, body = (clean(unescape(text)) for text in (title, lead, body))
        yield article(number, title, lead, body, rng.choice(("NOS", "AD")))


ARTICLES = list(articles())


def opened(path: Path, given: list[Article], *, waiting: int = 0) -> Connection:
    """A reader of a new database with these articles; the words of the last few are not stored."""
    known = len(given) - waiting
    with Writer(path, migrations=[migrations]) as writer:
        writer.run(lambda db: [ArticleStore(db).save(each, now=START) for each in given[:known]])
        writer.run(lambda db: TermStore(db).catch_up(most=known))
        writer.run(lambda db: [ArticleStore(db).save(each, now=START) for each in given[known:]])
    return open_reader(path)


def ids_expected(query: str, since: datetime = START) -> list[str]:
    """The ids that the evaluator gives, newest first."""
    read = parse(query, CONCEPTS)
    matching = [
        each
        for each in ARTICLES
        if each.published >= since and evaluate(read, document_of(each)) is not None
    ]
    return [each.id for each in sorted(matching, key=lambda each: each.published, reverse=True)]


def ids_found(
    archive: Connection, query: str, limit: int = 1000, since: datetime = START
) -> list[str]:
    """The ids that a search gives."""
    results = search(archive, query, concepts=CONCEPTS, limit=limit, since=since)
    return [result.found.document.id for result in results]
