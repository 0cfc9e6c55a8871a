"""What a correction changed, as far as a reader of the alert cares."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median

from alerts.alert import Change, Edit
from alerts.match import Hit
from crawler.stories import compared_spans, sentence_at, sentence_diff, sentences
from crawler.text import comparable

# A corrected text keeps most of its sentences; one with fewer is about something else.
_KEPT = 0.2
# A change of so many sentences takes some 100 kB; those beyond are counted.
MOST_EDITS = 100
# Comparing costs the square of the length: what has more words is no sentence.
_LONGEST_COMPARED = 120


@dataclass(frozen=True, slots=True)
class MarkedText:
    """One revision's text with the hits of a rule in it."""

    title: str
    lead: str
    body: str
    hits: tuple[Hit, ...] = ()


def change_between(before: MarkedText, after: MarkedText, revision: int) -> Change | None:
    """What changed in title, lead and the body's sentences with hits; None when nothing did.

    White space and quotation marks of another kind are no change.
    """
    edits = [
        Edit(name, old, new)
        for name, old, new in (
            ("title", before.title, after.title),
            ("lead", before.lead, after.lead),
        )
        if _said(old) != _said(new)
    ]
    edits += _body_edits(before, after)
    kept = tuple(edits[:MOST_EDITS])
    return Change(revision, kept, len(edits) - len(kept)) if edits else None


def is_another_text(before: str, after: str) -> bool:
    """Whether one body has replaced another, as on a page that is used for the next subject."""
    old, new = _said_in(before), _said_in(after)
    return bool(old and new) and len(old & new) < _KEPT * min(len(old), len(new))


def _said(text: str) -> str:
    return comparable(text) or " ".join(text.split())  # a title may be a date


def _said_in(body: str) -> set[str]:
    return {said for sentence in sentences(body) if (said := comparable(sentence))}


def _body_edits(before: MarkedText, after: MarkedText) -> list[Edit]:
    """The edits of sentences with a hit, in either text, that the other does not have.

    The new form of a sentence may have lost the hit: that is the correction. What the text says
    now comes first, newest first, and then what is gone.
    """
    gone = _hit_sentences(before) - _said_in(after.body)
    come = _hit_sentences(after) - _said_in(before.body)
    if not gone and not come:
        return []
    edits = [
        Edit("body", change.old, change.new)
        for change in sentence_diff(before.body, after.body)
        if comparable(change.old) in gone or comparable(change.new) in come
    ]
    place = _newest_first(_said_in(before.body), after.body)
    return sorted(edits, key=lambda edit: place.get(edit.after, len(place)))


def _newest_first(known: AbstractSet[str], body: str) -> dict[str, int]:
    """The place of each sentence when the paragraphs that came last are read first.

    A live blog grows at its top or at its end; a paragraph keeps its order either way.
    """
    paragraphs = _paragraphs(body)
    placed = [(comparable(sentence) in known, at) for at, sentence in enumerate(paragraphs)]
    old, new = ([at for is_old, at in placed if is_old is side] for side in (True, False))
    step = -1 if new and old and median(new) > median(old) else 1
    ordered = sorted(paragraphs, key=lambda sentence: step * paragraphs[sentence])
    return {sentence: place for place, sentence in enumerate(ordered)}


def _paragraphs(body: str) -> dict[str, int]:
    """Each sentence, in order, with the number of its paragraph."""
    numbered: dict[str, int] = {}
    number = at = 0
    for start, end in compared_spans(body):
        number += "\n" in body[at:start]
        at = end
        numbered.setdefault(sentence_at(body, (start, end)), number)
    return numbered


def _hit_sentences(text: MarkedText) -> set[str]:
    spans = list(compared_spans(text.body))
    found: set[int] = set()
    for hit in text.hits:
        if hit.field == "body":
            at = max(0, bisect_right(spans, (hit.start, len(text.body))) - 1)
            while at < len(spans) and spans[at][0] < hit.end:
                found.add(at)
                at += 1
    return {comparable(sentence_at(text.body, spans[at])) for at in found} - {""}


def word_edits(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The two texts as one run of pieces: `("=", same)`, `("-", gone)`, `("+", new)`."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _LONGEST_COMPARED:
        return tuple(piece for piece in (("-", " ".join(old)), ("+", " ".join(new))) if piece[1])
    pieces: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("=", " ".join(old[i:j])))
            continue
        if i < j:
            pieces.append(("-", " ".join(old[i:j])))
        if k < m:
            pieces.append(("+", " ".join(new[k:m])))
    return tuple(pieces)
