"""Passages: the headline and the sentences of a text in which a rule has a hit."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, pairwise

from alerts.match import Hit, Match
from alerts.telling.one_spelling import in_one_spelling
from crawler.frozen import dataclass
from crawler.model import ArticleItem
from crawler.text import sentence_spans

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedPassage:
    """A headline or a sentence with at least one hit.

    `key` is the same for texts that differ only in white space and marks, or in how a number is
    written.
    `hits` are the words found, `rules` the rules that found them.
    """

    key: str
    field: str
    text: str
    hits: frozenset[str]
    rules: frozenset[str]


_CORRECTION = re.compile(r"\W*(?:correctie|rectificatie)\b[^\n]{0,30}?:", re.IGNORECASE)
# Sentences. Chosen: with more, an article is the report itself under a headline that was corrected.
_RECTIFICATION = 8

_Found = dict[tuple[str, Span], MatchedPassage]


@dataclass(frozen=True, slots=True)
class TextSentences:
    """The sentences of a text, each with its field, start and end (characters of the field).

    `items` are the independent parts of the body, such as the updates of a live blog.
    """

    texts: Mapping[str, str]
    spans: Mapping[str, Sequence[Span]]
    items: Sequence[ArticleItem] = ()

    def placed(self, fields: Sequence[str]) -> dict[str, str]:
        """The sentences of these fields by their keys, in order."""
        return {
            key_of(text): plain(text)
            for name in fields
            for start, end in self.spans[name]
            if (text := self.texts[name][start:end])
        }

    def item_at(self, place: int) -> ArticleItem | None:
        """The item to which this place in the body belongs; None if it belongs to no item."""
        at = bisect_right(self.items, place, key=lambda item: item.start) - 1
        return self.items[at] if at >= 0 else None

    def by_item(self) -> dict[str, dict[str, str]]:
        """The sentences of the body, by the key of their item ("" for none) and by their own."""
        found: dict[str, dict[str, str]] = {}
        for start, end in self.spans["body"]:
            item, text = self.item_at(start), self.texts["body"][start:end]
            found.setdefault(item.key if item else "", {})[key_of(text)] = plain(text)
        return found

    def times(self) -> dict[str, datetime]:
        """When each sentence of the body was written, if the outlet says so."""
        times: dict[str, datetime] = {}
        for start, end in self.spans["body"] if self.items else ():
            item = self.item_at(start)
            if item is not None and item.at is not None:
                times.setdefault(key_of(self.texts["body"][start:end]), item.at)
        return times

    def paragraphs(self) -> dict[str, int]:
        """The number of the paragraph of each sentence; the lead is paragraph 0."""
        body, numbers = self.texts["body"], dict[str, int]()
        for start, end in self.spans["lead"]:
            numbers.setdefault(key_of(self.texts["lead"][start:end]), 0)
        number, at = 1, 0
        for start, end in self.spans["body"]:
            number += "\n" in body[at:start]
            at = end
            numbers.setdefault(key_of(body[start:end]), number)
        return numbers

    def around(self, hit: Hit) -> list[Span]:
        """The sentences that a hit is in; nearly always one."""
        spans = self.spans.get(hit.field, ())
        at = max(0, bisect_right(spans, hit.start, key=lambda span: span[0]) - 1)
        found = []
        while at < len(spans) and spans[at][0] < hit.end:
            if spans[at][1] > hit.start:
                found.append(spans[at])
            at += 1
        return found

    def corrections(self) -> Iterator[Hit]:
        """Yield the sentences of paragraphs that say that they correct the article.

        What says so may be a line of its own above one. Of a short article that by its headline
        corrects another these are all.
        """
        from crawler.stories import is_label, is_rectification

        whole = is_rectification(self.texts["title"])
        whole = whole and sum(map(len, self.spans.values())) <= _RECTIFICATION
        for name in ("title", "lead", "body"):
            text, at, correcting, label = self.texts[name], 0, whole, False
            for start, end in self.spans[name]:
                if "\n" in text[at:start]:
                    correcting = whole or label
                correcting = correcting or bool(_CORRECTION.match(text, start, end))
                at, label = end, is_label(text[start:end])
                if correcting and not (label and name != "title"):
                    yield Hit(name, start, end, "")

    def opening(self) -> Iterator[tuple[Hit, Span]]:
        """Yield what to show for a rule that found no words but, say, a source or an author."""
        for names in (("title",), ("lead", "body")):
            begun = ((name, span) for name in names for span in self.spans[name][:1])
            for name, span in islice(begun, 1):
                yield Hit(name, *span, ""), span


def sentences_of(
    title: str, lead: str, body: str, items: Sequence[ArticleItem] = ()
) -> TextSentences:
    """The text cut into its headline, which stays whole, and its sentences."""
    texts = {"title": title, "lead": lead, "body": body}
    spans = {name: _spans(text) for name, text in texts.items()}
    spans["body"] = tuple(_within_items(body, spans["body"], items))
    if spans["title"]:
        spans["title"] = ((spans["title"][0][0], spans["title"][-1][1]),)
    return TextSentences(texts, spans, items)


def _within_items(body: str, spans: Sequence[Span], items: Sequence[ArticleItem]) -> Iterator[Span]:
    """Yield the sentences; one that goes on over the border of an item ends there."""
    starts = [item.start for item in items]
    for start, end in spans:
        inside = starts[bisect_right(starts, start) : bisect_left(starts, end)]
        for first, last in pairwise((start, *inside, end)):
            yield first, first + len(body[first:last].rstrip())


# A live blog of a megabyte is cut for each alert about it, and again as the text before.
@lru_cache(maxsize=8)
def _spans(text: str) -> tuple[Span, ...]:
    return tuple(sentence_spans(text))


def passages_of(
    text: TextSentences, matches: Iterable[Match], matched_before: Iterable[str] = ()
) -> dict[str, MatchedPassage]:
    """The passages of a text by their keys, in the order of the text.

    A rule that found no words gets those at the beginning: the headline and the first sentence.
    A sentence that corrects the article is a passage of every rule that matches the article, and of
    those that matched it before.
    """
    found: _Found = {}
    corrections = [(hit, (hit.start, hit.end)) for hit in text.corrections()]
    for match in matches:
        places = [(hit, span) for hit in match.hits for span in text.around(hit)]
        for hit, span in (*(places or text.opening()), *corrections):
            _note(found, text, span, match.rule, hit)
    for rule in matched_before:
        for hit, span in corrections:
            _note(found, text, span, rule, hit)
    order = {name: at for at, name in enumerate(text.texts)}
    passages: dict[str, MatchedPassage] = {}
    for _, one in sorted(found.items(), key=lambda item: (order[item[0][0]], item[0][1])):
        before = passages.get(one.key)
        passages[one.key] = _with(before, one.hits, one.rules) if before else one
    return passages


def _note(
    found: dict[tuple[str, Span], MatchedPassage],
    text: TextSentences,
    span: Span,
    rule: str,
    hit: Hit,
) -> None:
    place = (hit.field, span)
    words, rules = frozenset(plain(hit.text).casefold().split()), frozenset({rule})
    if place in found:
        found[place] = _with(found[place], words, rules)
        return
    sentence = text.texts[hit.field][slice(*span)]
    found[place] = MatchedPassage(
        key=key_of(sentence), field=hit.field, text=plain(sentence), hits=words, rules=rules
    )


def _with(passage: MatchedPassage, hits: frozenset[str], rules: frozenset[str]) -> MatchedPassage:
    return replace(passage, hits=passage.hits | hits, rules=passage.rules | rules)


# Most sentences of a live blog are in its next reading too; a megabyte has about 6,000.
@lru_cache(maxsize=16_384)
def key_of(sentence: str) -> str:
    """The key of a sentence: a digest of its one spelling, in which capitals count."""
    text = in_one_spelling(sentence) or plain(sentence)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def plain(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())
