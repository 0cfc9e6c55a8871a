"""Articles of which an earlier text matches, by a sentence that they no longer have."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from alerts.document import TEXT_FIELDS, Document
from alerts.match import Hit
from alerts.query.tree import Node
from alerts.rules.book import RuleBook
from alerts.search.archived import Archived
from alerts.search.forms import Lexicon
from alerts.search.past_sieve import hit_words, is_steady, past_sieve
from alerts.search.sieve import Both, Capitals, Either, IndexedText, Sieve
from crawler.frozen import dataclass
from crawler.model import Revision
from crawler.store import Connection, Lookups, PastLookups, Span

# Articles. Chosen: it is quicker to read this few than to ask for their other words.
_FEW = 100


@dataclass(frozen=True, slots=True)
class EarlierText:
    """The revision that matched: since when it was read, and when its next one was."""

    revision: int
    seen: datetime
    until: datetime
    whole: bool


class EarlierTexts:
    """The past texts of the archive, for one query."""

    def __init__(self, db: Connection, book: RuleBook, node: Node) -> None:
        self._past, self._book, self._node = PastLookups(db), book, node
        self._likely: dict[int, list[int]] | None = None
        self._odd: Collection[int] = ()

    def look(self, lookups: Lookups, lexicon: Lexicon, span: Span) -> set[int] | None:
        """The articles of the span that may have matched; None when all of them may.

        From then on only these and the odd ones are read.
        """
        self._odd = lookups.odd(span)
        words = hit_words(self._node, lexicon)
        if not self._past.ready or words == Either(()):
            self._likely = {}
        elif isinstance(words, IndexedText):
            found = self._past.holding(words.expression, span)
            self._likely = self._narrowed(found, lookups, lexicon, span)
        else:
            passed = self._passing(lookups, past_sieve(self._node, lexicon), span)
            self._likely = None if passed is None else {number: [] for number in passed}
        return None if self._likely is None else set(self._likely)

    def _narrowed(
        self, found: dict[int, list[int]], lookups: Lookups, lexicon: Lexicon, span: Span
    ) -> dict[int, list[int]]:
        if len(found) <= _FEW:
            return found
        passed = self._passing(lookups, past_sieve(self._node, lexicon), span)
        if passed is None:
            return found
        return {number: found[number] for number in found.keys() & passed}

    def _passing(self, lookups: Lookups, sieve: Sieve, span: Span) -> set[int] | None:
        """The articles of the span that hold, or held, the words of a sieve; None for all."""
        match sieve:
            case IndexedText(expression):
                past = self._past.holding(expression, span)
                return lookups.holding(expression, span).union(past)
            case Capitals(words):
                return lookups.capitals(words, span)
            case Both(parts):
                sets = [self._passing(lookups, part, span) for part in parts]
                known = [each for each in sets if each is not None]
                return set.intersection(*known) if known else None
            case Either(parts):
                sets = [self._passing(lookups, part, span) for part in parts]
                return None if None in sets else set().union(*filter(None, sets))
            case _:
                return None

    def result(self, found: Archived) -> tuple[Document, tuple[Hit, ...], EarlierText] | None:
        """The newest text of an article that matched by a sentence that is gone, with its hits."""
        number = found.number
        unlikely = self._likely is not None and number not in self._likely
        if found.revisions == 1 or not self._past.ready or (unlikely and number not in self._odd):
            return None
        current, *held = self._past.revisions(found.document.id)
        untils = {old.number: after.seen for after, old in pairwise((current, *held))}
        for old in self._in_order(held, number):
            document = _document(found.document, old)
            for match in self._book.match(document):
                if _is_gone(document, match.hits, current):
                    told = EarlierText(old.number, old.seen, untils[old.number], old.whole)
                    return document, match.hits, told
        return None

    def _in_order(self, held: list[Revision], number: int) -> Iterator[Revision]:
        """Yield those first that lost a word of the query; others only where they may matter."""
        lost = (self._likely or {}).get(number, ())
        yield from (old for old in held if old.number in lost)
        if not lost or not is_steady(self._node):
            yield from (old for old in held if old.number not in lost)


def _document(document: Document, old: Revision) -> Document:
    starts = tuple(item.start for item in old.items)
    return replace(document, title=old.title, lead=old.lead, body=old.body, items=starts)


def _is_gone(document: Document, hits: Collection[Hit], current: Revision) -> bool:
    """Whether one of the hits stands in a sentence that the current text does not have."""
    from alerts.telling import key_of, sentences_of

    now = sentences_of(current.title, current.lead, current.body).placed(TEXT_FIELDS)
    text = sentences_of(*document.texts)
    places = ((hit.field, span) for hit in hits for span in text.around(hit))
    return any(key_of(text.texts[field][slice(*span)]) not in now for field, span in places)
