"""A message as an Adaptive Card, within what Teams takes.

Text stands in `RichTextBlock`, which reads no Markdown, so that nothing in the news has an effect.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from alerts.rendering.clean import cut
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import edit_lines, text_of
from alerts.rendering.tale import Link, Run, Tale, View

# Bytes. Teams refuses a message of more than 28 kB.
MOST_BYTES = 26_000
# Adaptive Cards of this version are shown by Teams everywhere, phones included.
_VERSION = "1.4"

# Characters of the line that a phone shows; chosen.
_SUBJECT = 300

Part = dict[str, Any]


def fitting_view(view: View, words: Phrases) -> View:
    """As much of the message as Teams takes, and a line about the rest."""

    def fits(part: View) -> bool:
        sizes = (len(json.dumps(payload_of(part, words, plain=plain))) for plain in (False, True))
        return max(sizes) <= MOST_BYTES

    return fitted(view, Form(words, fits, lambda text: len(json.dumps(text))))


def payload_of(view: View, words: Phrases, *, plain: bool) -> Part:
    """What is posted: a message with one card; of plain lines only if `plain`."""
    subject = cut(view.subject, _SUBJECT)
    body = [_text([_run(line)]) for line in text_of(view, words).splitlines() if line]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": _VERSION,
        "fallbackText": subject,
        "msteams": {"width": "Full"},
        "body": body if plain else list(_body(view, words)),
    }
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": card}
    return {"type": "message", "summary": subject, "attachments": [attachment]}


def _body(view: View, words: Phrases) -> Iterator[Part]:
    if view.intro:
        yield _text([_run(view.intro, weight="Bolder", size="Large")])
    yield from (_text([_run(line)]) for line in view.lines)
    for at, tale in enumerate(view.tales):
        parts = list(_tale(tale, words, compact=bool(view.intro) or at > 0))
        yield parts[0] | ({"separator": True, "spacing": "Large"} if view.intro or at else {})
        yield from parts[1:]
    for subject, lines in view.notices:
        yield _text([_run(subject, weight="Bolder")])
        yield from (_text([_run(line)]) for line in lines)
    if view.more:
        yield _text([_run(view.more, weight="Bolder")])


def _tale(tale: Tale, words: Phrases, *, compact: bool) -> Iterator[Part]:
    title = f"{words.urgent}: {tale.title}" if tale.urgent else tale.title
    colour = {"color": "Attention"} if tale.urgent else {}
    yield _text([_run(title, weight="Bolder", size="Default" if compact else "Large", **colour)])
    yield from (_small(line) for line in (*tale.relation, tale.source))
    if not compact:
        yield from map(_small, tale.notes)
    for heading, edit in tale.edits:
        yield from (_text([_run(line)]) for line in edit_lines(heading, edit, words))
    yield from (_text([_marked(run) for run in runs]) for runs in tale.quotes)
    yield from map(_small, (*tale.announced(words), *tale.remarks))
    for phrase, links in ((words.also_now, tale.joined), (words.also_at, tale.others)):
        if links:
            yield _text(list(_outlets(phrase, links)))
    if tale.rules:
        yield _small(tale.rules)
    if tale.why and not compact:
        yield _small(tale.why)
    if tale.link.url:
        yield _text([_linked(tale.link)])
    elif tale.unlinked:
        yield _small(tale.unlinked)


def _outlets(phrase: str, links: Sequence[Link]) -> Iterator[Part]:
    before, _, after = phrase.partition("{}")
    yield _run(before)
    for at, link in enumerate(links):
        yield from [_run(", ")] if at else []
        yield _linked(link)
    yield from [_run(after)] if after else []


def _linked(link: Link) -> Part:
    if not link.url:
        return _run(link.name)
    return _run(link.name, selectAction={"type": "Action.OpenUrl", "url": link.url})


def _marked(run: Run) -> Part:
    return _run(run.text, weight="Bolder") if run.hit and run.text.strip() else _run(run.text)


def _small(text: str) -> Part:
    return _text([_run(text, isSubtle=True, size="Small")]) | {"spacing": "Small"}


def _run(text: str, **form: Any) -> Part:
    return {"type": "TextRun", "text": text, **form}


def _text(runs: list[Part]) -> Part:
    return {"type": "RichTextBlock", "inlines": runs}
