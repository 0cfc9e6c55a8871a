"""Passages as things that count: headlines and sentences with a hit, each once in a story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from alerts.match import Hit, Match
from alerts.search import SearchResult
from alerts.stats.cells import Dating, Item, StatsQuestion
from alerts.store import match_from_row
from alerts.telling import passages_of, sentences_of
from crawler.store import ArticleStore, Connection, as_text, as_time

_FOUND = """
    SELECT found.*, articles.revision AS newest, title, lead, body, outlet,
           coalesce(section, '') AS section, first_seen, published
    FROM matches AS found JOIN articles ON articles.id = found.article
    WHERE found.rule = :rule AND found.found < :until AND NOT EXISTS (
        SELECT 1 FROM matches AS later
        WHERE later.article = found.article AND later.revision > found.revision
        AND later.rule = :rule AND later.found < :until
    )
"""
_APPLIED = """
    SELECT found.*, articles.revision AS newest, title, lead, body, outlet,
           coalesce(section, '') AS section, first_seen, published
    FROM matches_applied AS found JOIN articles ON articles.id = found.article
    WHERE found.rule = :rule AND found.found < :until
"""


def passages_of_rule(db: Connection, rule: str, question: StatsQuestion) -> Iterator[Item]:
    """Yield the passages that a rule has found, in the newest text of each article that matches.

    Of a text that is no longer kept whole, those that matched are kept.
    """
    asked = {"rule": rule, "until": as_text(question.as_of) if question.as_of else "~"}
    texts = _Texts(db)
    for sql in (_FOUND, _APPLIED):
        for row in db.stream(sql, asked):
            moment = row["first_seen" if question.dating is Dating.STORED else "published"]
            match = match_from_row(row)
            for key in _keys(texts.of(row), match.hits):
                yield Item(
                    article=row["article"],
                    story=row["story"],
                    moment=as_time(moment),
                    outlet=row["outlet"],
                    section=row["section"],
                    passage=key,
                )


def passages_of_result(result: SearchResult, item: Item) -> Iterator[Item]:
    """Yield the passages of an article that a search has found, and that counts as this item."""
    for key in _keys(result.found.document.texts, result.hits):
        yield replace(item, passage=key)


def _keys(texts: tuple[str, str, str], hits: Iterable[Hit]) -> Iterable[str]:
    return passages_of(sentences_of(*texts), [Match("", "", tuple(hits))])


class _Texts:
    """The texts that matched."""

    def __init__(self, db: Connection) -> None:
        self._store = ArticleStore(db)

    def of(self, row: dict[str, str | int]) -> tuple[str, str, str]:
        if row["revision"] == row["newest"]:
            return str(row["title"]), str(row["lead"]), str(row["body"])
        for text in self._store.revisions(str(row["article"])):
            if text.number == row["revision"]:
                return text.title, text.lead, text.body
        return str(row["title"]), "", ""
