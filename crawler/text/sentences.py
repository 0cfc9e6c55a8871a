"""Sentences of newspaper text, good enough to quote one around a hit."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

# Longer "sentences" are tables or missing full stops; a quote is cut around the hit instead.
LONGEST_QUOTE = 400

_END = re.compile(r"[.!?…]+[\"'”\u2019»)\]]*(?=\s)|\n+")
_FOLLOWING = re.compile(r"\s*(\S)")
_LONGEST_ABBREVIATION = 12
# A full stop after these is part of the word.
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|mr|ir|ing|drs|prof|jhr|ds|st|nr|blz|bijv|bv|enz|ca|resp|incl|excl|o\.a|d\.w\.z"
    r"|jl|a\.s|t\.a\.v|m\.b\.t|min|max|art|vs|gen|kol|lt)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence, without the white space around it."""
    start = 0
    for end in _END.finditer(text):
        if _goes_on(text, start, end):
            continue
        yield from _trimmed(text, start, end.end())
        start = end.end()
    yield from _trimmed(text, start, len(text))


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    if "\n" in end.group():
        return False
    following = _FOLLOWING.match(text, end.end())
    if following and following[1].islower():
        return True
    last_word = text[max(start, end.end() - _LONGEST_ABBREVIATION) : end.end()]
    return end.group() == "." and bool(_ABBREVIATION.search(last_word))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    passage = text[start:end]
    left = len(passage) - len(passage.lstrip())
    if passage.strip():
        yield start + left, start + len(passage.rstrip())


def quote_span(
    text: str, spans: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[int, int]:
    """The span of the sentence that holds `text[start:end]`, cut at words where it is too long.

    `spans` are the text's sentences, in order.
    """
    first, last = start, end
    at = max(0, bisect_right(spans, (start, len(text))) - 1)
    while at < len(spans) and spans[at][0] < end:
        if spans[at][1] > start:
            first, last = min(first, spans[at][0]), max(last, spans[at][1])
        at += 1
    if last - first <= LONGEST_QUOTE:
        return first, last
    room = max(0, LONGEST_QUOTE - (end - start)) // 2
    left, right = max(first, start - room), min(last, end + room)
    return _next_word(text, left, start, first), _previous_word(text, right, end, last)


def _next_word(text: str, left: int, start: int, first: int) -> int:
    if left == first:
        return left
    space = text.find(" ", left, start)
    return space + 1 if space >= 0 else left


def _previous_word(text: str, right: int, end: int, last: int) -> int:
    if right == last:
        return right
    space = text.rfind(" ", end, right)
    return space if space >= 0 else right


def joined_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap as one: two rules may find parts of one name."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
