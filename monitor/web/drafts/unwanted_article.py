"""An article that a rule should not have found: the passage for which it did, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from alerts.document import Document, document_of
from alerts.query import Concepts, parse
from alerts.rules import Rule, RuleBook, RuleException, example_finder, proposed_exceptions
from crawler.frozen import dataclass
from crawler.model import Article
from crawler.text import sentence_spans
from monitor.web.making import LONGEST_FIELD

# Passages of one article that are tried; chosen: with more, the rule itself is at fault.
_TRIED = 3


@dataclass(frozen=True, slots=True)
class Unwanted:
    """The passage that shall be an example, and the ways to leave it alone, the best first."""

    passage: str
    ways: Sequence[RuleException]


def is_found(rule: Rule, article: Article) -> bool:
    """Whether a rule finds this article."""
    return bool(RuleBook.build([rule]).match(document_of(article)))


def unwanted(rule: Rule, concepts: Concepts, article: Article) -> Unwanted | None:
    """The headline or sentence that the rule finds by itself, with the ways to leave it alone.

    The first that has a way by which the rule leaves the whole article alone, if there is one; else
    the first. Where only several sentences together are found, these. None if the rule does not
    find the article.
    """
    first: Unwanted | None = None
    for passage in islice(_alone(rule, document_of(article)), _TRIED):
        ways = proposed_exceptions(rule, concepts, passage)
        ending = [way for way in ways if not is_found(_written(rule, way, concepts), article)]
        found = Unwanted(passage, [*ending, *(way for way in ways if way not in ending)])
        if ending:
            return found
        first = first or found
    return first


def _written(rule: Rule, way: RuleException, concepts: Concepts) -> Rule:
    return replace(rule, query=parse(way.query, concepts))


def _alone(rule: Rule, document: Document) -> Iterator[str]:
    """Yield the passages that the rule finds by themselves; if there are none, all in one."""
    found = list(_passages(rule, document))
    by_itself = [*filter(example_finder(rule.query.node), found)]
    for text in by_itself or ([" ".join(found)] if found else []):
        yield text[:LONGEST_FIELD]


def _passages(rule: Rule, document: Document) -> Iterator[str]:
    """Yield the headline and the sentences with a hit."""
    hits = [hit for match in RuleBook.build([rule]).match(document) for hit in match.hits]
    for field in ("title", "lead", "body"):
        text, places = getattr(document, field), [hit.start for hit in hits if hit.field == field]
        spans = [(0, len(text))] if field == "title" else sentence_spans(text)
        for start, end in spans:
            if any(start <= place < end for place in places):
                yield " ".join(text[start:end].split())
