"""What a correction changed, as far as a reader of the alert cares."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from alerts.alert import Change, Edit
from alerts.match import Hit
from crawler.text import sentence_spans

# Below this likeness two sentences are not one edited sentence but one gone and one new.
_SAME_SENTENCE = 0.5
# A corrected text keeps most of its sentences; one with fewer is about something else.
_KEPT = 0.2
# A rewritten page would otherwise make a message of a hundred sentences.
MOST_EDITS = 12
# Comparing costs the square of the length: what is longer is no sentence, what is more no text.
_LONGEST_COMPARED = 120
_MOST_COMPARED = 100


@dataclass(frozen=True, slots=True)
class MarkedText:
    """One revision's text with the hits of a rule in it."""

    title: str
    lead: str
    body: str
    hits: tuple[Hit, ...] = ()


def change_between(before: MarkedText, after: MarkedText, revision: int) -> Change | None:
    """What changed in title, lead and the body's sentences with hits; None when nothing did."""
    edits = [
        Edit(name, old, new)
        for name, old, new in (
            ("title", before.title, after.title),
            ("lead", before.lead, after.lead),
        )
        if _plain(old) != _plain(new)
    ]
    edits += _body_edits(before, after)
    return Change(revision, tuple(edits[:MOST_EDITS])) if edits else None


def is_another_text(before: str, after: str) -> bool:
    """Whether one body has replaced another, as on a page that is used for the next subject."""
    old, new = _sentences(before), _sentences(after)
    kept = sum(text in old for text in new)
    return bool(old) and bool(new) and kept < _KEPT * min(len(old), len(new))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _body_edits(before: MarkedText, after: MarkedText) -> Iterator[Edit]:
    """Yield the edits of sentences with a hit, in either text, that the other does not have."""
    old_all, new_all = _sentences(before.body), _sentences(after.body)
    gone = [text for text in _hit_sentences(before) if text not in new_all]
    come = [text for text in _hit_sentences(after) if text not in old_all]
    only_old = [text for text in old_all if text not in new_all]
    only_new = [text for text in new_all if text not in old_all]
    for old in gone[:MOST_EDITS]:
        # Its new form may have lost the hit: that is the correction.
        new = _likest(old, come) or _likest(old, only_new)
        if new in come:
            come.remove(new)
        yield Edit("body", old, new)
    for new in come[:MOST_EDITS]:
        yield Edit("body", _likest(new, only_old), new)


def _sentences(text: str) -> dict[str, None]:
    return dict.fromkeys(_plain(text[start:end]) for start, end in sentence_spans(text))


def _hit_sentences(text: MarkedText) -> dict[str, None]:
    spans = list(sentence_spans(text.body))
    found: set[int] = set()
    for hit in text.hits:
        if hit.field == "body":
            at = max(0, bisect_right(spans, (hit.start, len(text.body))) - 1)
            while at < len(spans) and spans[at][0] < hit.end:
                found.add(at)
                at += 1
    return dict.fromkeys(_plain(text.body[slice(*spans[at])]) for at in sorted(found))


def _likest(sentence: str, others: Sequence[str]) -> str:
    """The sentence that looks like an edited form of this one, or nothing."""
    scored = [(_likeness(sentence, other), other) for other in others[:_MOST_COMPARED]]
    score, likest = max(scored, default=(0.0, ""))
    return likest if score >= _SAME_SENTENCE else ""


def _likeness(one: str, other: str) -> float:
    words, others = one.split(), other.split()
    if max(len(words), len(others)) > _LONGEST_COMPARED:
        return 0.0
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


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
