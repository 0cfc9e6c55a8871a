"""Sentences of an article with what was found in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.text import Text

from alerts.document import Document
from alerts.match import Hit
from crawler.text import joined_spans, quote_span, sentence_spans
from monitor.views.articles_view import HIGHLIGHT, safe

_Span = tuple[int, int]


def quoted_lines(document: Document, hits: Iterable[Hit], *, marks: bool) -> Iterator[Text]:
    """Yield each sentence with hits once, on one line, with its field and all its hits.

    `marks` puts «» around a hit as well, for output without colours.
    """
    told = set[str]()
    for field, found in groupby(hits, key=lambda hit: hit.field):
        text: str = getattr(document, field)
        for line in _lines(text, [(hit.start, hit.end) for hit in found], marks=marks):
            if line.plain not in told:  # a lead is often the first sentence of the text
                told.add(line.plain)
                yield Text(f"{field}: ") + line


def _lines(text: str, spans: list[_Span], *, marks: bool) -> Iterator[Text]:
    """Yield the sentences that hold these stretches; a very long one is cut around them."""
    sentences = list(sentence_spans(text))
    starts, ends = {start for start, _ in sentences}, {end for _, end in sentences}
    for start, end in joined_spans({quote_span(text, sentences, *span) for span in spans}):
        held = [span for span in spans if start <= span[0] < end]
        line = marked(text, held, (start, end), marks=marks)
        before, after = "" if start in starts else "…", "" if end in ends else "…"
        yield Text(before) + line + Text(after)


def marked(text: str, spans: Iterable[_Span], passage: _Span, *, marks: bool) -> Text:
    """A passage of a text on one line, safe to show, with these stretches of the text marked."""
    (at, end), line = passage, Text()
    for first, last in joined_spans(spans):
        line.append(_one_line(text[at:first]))
        found = _one_line(text[first:last])
        line.append(f"«{found}»" if marks else found, style=HIGHLIGHT)
        at = last
    return line.append(_one_line(text[at:end]))


def _one_line(text: str) -> str:
    """Foreign text without line ends. Blanks at its ends stay, since words stand beside it."""
    return " ".join(f"|{safe(text)}|".split())[1:-1]
