"""Text with what was found in it, as pieces that a template can mark."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from alerts.match import Hit
from crawler.frozen import dataclass
from crawler.text import joined_spans, quote_span, sentence_spans

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text; `hit` says that a rule found it."""

    text: str
    hit: bool = False


def stretches(text: str, spans: Iterable[_Span], within: _Span | None = None) -> list[Stretch]:
    """The text, or the part within these bounds, cut at the ends of these spans."""
    at, end = within or (0, len(text))
    found = []
    for first, last in joined_spans(spans):
        first, last = max(first, at), min(last, end)  # noqa: PLW2901 - what lies outside is not shown
        if first >= last:
            continue
        found += [Stretch(text[at:first]), Stretch(text[first:last], hit=True)]
        at = last
    found.append(Stretch(text[at:end]))
    return [each for each in found if each.text]


def quotes(text: str, spans: Sequence[_Span], most: int) -> list[list[Stretch]]:
    """The first sentences with hits, each with its hits; a very long one is cut around them."""
    spans, sentences = _first(text, spans, most)
    starts, ends = {start for start, _ in sentences}, {end for _, end in sentences}
    quoted = joined_spans({quote_span(text, sentences, *span) for span in spans})
    return [
        [
            *([] if start in starts else [Stretch("… ")]),
            *stretches(text, spans, (start, end)),
            *([] if end in ends else [Stretch(" …")]),
        ]
        for start, end in sorted(quoted)[:most]
    ]


def _first(text: str, spans: Sequence[_Span], most: int) -> tuple[list[_Span], list[_Span]]:
    """The spans in the first so many sentences with any, and the sentences up to there.

    To find where all sentences of a long text end takes longer than all else that a row needs.
    """
    waiting, sentences = deque(sorted(spans)), list[_Span]()
    held, reach = list[_Span](), 0
    for start, end in sentence_spans(text):
        sentences.append((start, end))
        most -= bool(waiting and waiting[0][0] < end)
        while waiting and waiting[0][0] < end:
            held.append(waiting.popleft())
            reach = max(reach, held[-1][1])
        if most <= 0 and reach <= end:
            return held, sentences
    return [*held, *waiting], sentences


def paragraphs(text: str, spans: Sequence[_Span]) -> Iterator[list[Stretch]]:
    """Yield each paragraph of a text with its hits."""
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield stretches(text, spans, (at, at + len(line)))
        at += len(line) + 1


def spans_in(field: str, hits: Iterable[Hit]) -> list[_Span]:
    """Where these hits stand in a field."""
    return sorted({(hit.start, hit.end) for hit in hits if hit.field == field})
