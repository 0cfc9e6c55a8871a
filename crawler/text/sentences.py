"""Sentences of Dutch newspaper text: those that alerts quote, and those that a revision changed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from crawler.text.abbreviations import LOOKED_AT, stop_is_of_word
from crawler.text.invisible import LINE_ENDS

# Characters. Chosen: a longer "sentence" is a table or lacks full stops, so a quote of it is cut
# around the hit.
LONGEST_QUOTE = 400

_CLOSING = "\"'”’“‘»«\u203a)]"
# A run of full stops is one match, with the closing marks after it: a million of them cost little.
_END = re.compile(rf"(?<![.!?…])[.!?…]++[{re.escape(_CLOSING)}]*+(?=\s)|[{LINE_ENDS}\x1c-\x1e]+")
# What may stand before the next word: quotation marks, but not the apostrophe of "'s Avonds".
# How a line ends that is no end of a sentence: a comma, or a word with which none ends.
_UNFINISHED = re.compile(
    r"(?:,|\b(?:aan|als|bij|dat|de|die|door|dus|een|en|het|hun|in|maar|met|naar|of|om|omdat|op|over"
    r"|te|tot|tussen|van|voor|waar|want|wat|wie|zijn))\s*$"
)
_OPENING = re.compile(r"\s*+(?:[\"“„«»\u2039\u201a(\[–—-]\s*+|['‘’](?![a-z]\s)\s*+)*+")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence, without the white space around it.

    The end of a line ends a sentence too: headlines have no full stop. But it does not if the line
    is unfinished and the next one goes on, as where a signpost stood between two halves. The time
    is linear in the length of the text.
    """
    start = 0
    for end in _END.finditer(text):
        if _goes_on(text, start, end):
            continue
        yield from _trimmed(text, start, end.end())
        start = end.end()
    yield from _trimmed(text, start, len(text))


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    stop = end.group()
    if stop[0] not in ".!?…":
        before = text[max(start, end.start() - LOOKED_AT) : end.start()]
        following = text[end.end() : end.end() + LOOKED_AT].lstrip()
        return following[:1].islower() and bool(_UNFINISHED.search(before))
    opening = _OPENING.match(text, end.end())
    at = opening.end() if opening else end.end()
    following = text[at : at + LOOKED_AT]
    if not _may_begin(following):
        return True
    if stop[-1] in ")]" and text[end.start() - 1 : end.start()] in {"(", "["}:
        return True  # "(!)", "[…]"
    if stop.rstrip(_CLOSING) != ".":
        return False
    before = text[max(start, end.start() - LOOKED_AT) : end.start()]
    return stop_is_of_word(before, following)


def _may_begin(following: str) -> bool:
    """Whether a sentence may begin like this: not with a small letter, unless as in "iPhone"."""
    return not following[:1].islower() or following[1:2].isupper()


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    passage = text[start:end]
    left = len(passage) - len(passage.lstrip())
    if passage.strip():
        yield start + left, start + len(passage.rstrip())


def quote_span(
    text: str,
    spans: Sequence[tuple[int, int]],
    start: int,
    end: int,
    *,
    longest: int = LONGEST_QUOTE,
) -> tuple[int, int]:
    """The span of the sentence that holds `text[start:end]`, cut at words where it is too long.

    `spans` are the text's sentences, in order. `longest` is how many characters are not too many.
    """
    first, last = start, end
    at = max(0, bisect_right(spans, (start, len(text))) - 1)
    while at < len(spans) and spans[at][0] < end:
        if spans[at][1] > start:
            first, last = min(first, spans[at][0]), max(last, spans[at][1])
        at += 1
    if last - first <= longest:
        return first, last
    room = max(0, longest - (end - start)) // 2
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
    """The spans in order, with overlapping ones joined: two rules may find parts of one name."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
