"""A sentence as messages quote it: whole, or cut around its hits if it is very long."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from crawler.text import joined_spans, quote_span

# Characters. Chosen: a longer "sentence" is a table or lacks full stops. A message to a person has
# room for this one.
LONGEST_SENTENCE = 1500
# Hits that one excerpt holds. Chosen: each then has some 30 characters on either side.
_TOGETHER = 20
_GAP = " … "

Span = tuple[int, int]


def excerpts_of(text: str, sentence: Span, hits: Sequence[Span]) -> Iterator[tuple[str, int]]:
    """Yield for each hit of this sentence, in order, the excerpt that holds it and its place there.

    An ellipsis stands wherever something was left out.
    """
    first, last = sentence
    if last - first <= LONGEST_SENTENCE:
        yield from ((text[first:last], start - first) for start, _ in hits)
        return
    for at in range(0, len(hits), _TOGETHER):
        yield from _cut(text, sentence, hits[at : at + _TOGETHER])


def _cut(text: str, sentence: Span, hits: Sequence[Span]) -> Iterator[tuple[str, int]]:
    room = LONGEST_SENTENCE // len(hits)
    windows = joined_spans(quote_span(text, [sentence], *hit, longest=room) for hit in hits)
    excerpt = "…" if windows[0][0] > sentence[0] else ""
    shifts = []
    for at, (start, end) in enumerate(windows):
        excerpt += _GAP if at else ""
        shifts.append(len(excerpt) - start)
        excerpt += text[start:end]
    excerpt += "…" if windows[-1][1] < sentence[1] else ""
    for start, _ in hits:
        window = bisect_right(windows, start, key=lambda span: span[0]) - 1
        yield excerpt, start + shifts[window]
