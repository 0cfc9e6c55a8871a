"""A message in Slack's blocks, within Slack's limits.

The limits for blocks are those that Slack documents for Block Kit. `MOST_WHOLE` is chosen: Slack
has an undocumented limit near 12,000 characters for a whole message. Lengths are counted after
escaping and in UTF-16 units, the larger of the two counts that Slack could mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from alerts.rendering.clean import cut, one_line
from alerts.rendering.fitting import Form, fitted, fitting_rules, shortened
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import edit_lines, text_of
from alerts.rendering.tale import Link, Run, Tale, View

MOST_BLOCKS = 50
MOST_SECTION = 3000
MOST_HEADER = 150
MOST_WHOLE = 9000
# Chosen: what a person reads at a glance, well within the limits.
_FALLBACK = 500
_LINE = 1200
# Chosen: a very long sentence; with the marks of its hits it fits in a section.
_SENTENCE = 1800
_RULES = 2900
_MOST_LINKS = 20
# A link and its name have to fit in one section.
_NAME = 200
MOST_URL = 2600

Block = dict[str, Any]


def escaped(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or command in it has an effect."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _escaped_units(text: str) -> int:
    return _units(escaped(text))


def fitting(text: str, limit: int) -> str:
    """Escaped text within the limit; it is cut before it is escaped."""
    return escaped(cut(text, limit, _escaped_units))


def fitting_view(view: View, words: Phrases, *, plain: bool) -> View:
    """As much of the message as Slack takes, and a line about the rest."""

    def fits(part: View) -> bool:
        payload = payload_of(part, words, plain=plain)
        if plain:
            return _escaped_units(text_of(part, words)) <= MOST_SECTION
        return len(payload["blocks"]) <= MOST_BLOCKS and _size(payload) <= MOST_WHOLE

    tales = tuple(map(_shortened, view.tales))
    return fitted(replace(view, tales=tales), Form(words, fits, _escaped_units))


def _shortened(tale: Tale) -> Tale:
    """The story with each passage short enough for a section; what is cut counts as not shown."""
    passages = (
        shortened(line, _escaped_units, edit=_SENTENCE, quote=_SENTENCE) for line in tale.passages
    )
    return replace(tale, passages=tuple(passages))


def payload_of(view: View, words: Phrases, *, plain: bool) -> Block:
    """What is posted: blocks with a text for notifications; only text if `plain`."""
    common = {"unfurl_links": False, "unfurl_media": False}
    if plain:
        # Slack accepted texts of this size before it had blocks.
        return {"text": fitting(text_of(view, words), MOST_SECTION), **common}
    text = fitting(view.subject, _FALLBACK)
    return {"text": text, **common, "blocks": list(_blocks(view, words))}


def _size(value: Any) -> int:
    return _units(json.dumps(value, ensure_ascii=False))


def _blocks(view: View, words: Phrases) -> Iterator[Block]:
    if view.intro:
        yield _header(view.intro)
    yield from map(_section, _packed(fitting(line, _LINE) for line in view.lines))
    for at, tale in enumerate(view.tales):
        if view.intro or at:
            yield from map(_section, _packed(_compact(tale, words, whole=view.paper)))
        else:
            yield from _tale_blocks(tale, view, words)
    for subject, lines in view.notices:
        told = [f"*{fitting(subject, _LINE)}*", *(fitting(line, 300) for line in lines)]
        yield from map(_section, _packed(told))
    if view.more:
        yield _context(escaped(view.more))


def _packed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines in as few sections as possible."""
    held = ""
    for line in lines:
        longer = f"{held}\n{line}" if held else line
        if _units(longer) > MOST_SECTION:
            yield held
            longer = line
        held = longer
    if held:
        yield held


def _tale_blocks(tale: Tale, view: View, words: Phrases) -> Iterator[Block]:
    yield _headline(view.subject)
    yield _context(fitting(tale.source, 300))
    for line in tale.relation:
        yield _context(fitting(line, 300))
    for note in tale.notes:
        yield _context(fitting(note, 300))
    yield from map(_section, _passages(tale, words))
    for announced in tale.announced(words):
        yield _context(escaped(announced))
    outlets = list(_outlets(tale, words))
    if outlets:
        yield _section("\n".join(outlets))
    yield _context(_rules(tale, words))
    if tale.why:
        yield _context(fitting(tale.why, _LINE))
    if link := _link(tale.link) or escaped(_unlinked(tale, words)):
        yield _section(link)


def _compact(tale: Tale, words: Phrases, *, whole: bool) -> Iterator[str]:
    """Yield the lines of a story among others; a paper is for its outlets too."""
    yield from (fitting(line, 300) for line in tale.relation)
    urgent = f"*{words.urgent}:* " if tale.urgent else ""
    linked = _link(Link(tale.title, tale.link.url))
    yield f"{urgent}{linked or fitting(tale.title, _NAME)}"
    rules = _rules(tale, words)
    source = fitting(tale.source, 150)
    both = f"{source} · {rules}" if rules else source
    yield from [source, rules] if _units(rules) > _LINE else [both]
    yield from _passages(tale, words)
    yield from map(escaped, tale.announced(words))
    yield from (fitting(line, _LINE) for line in tale.remarks)
    yield from _outlets(tale if whole else replace(tale, others=()), words)
    if not linked and (said := _unlinked(tale, words)):
        yield escaped(said)


def _passages(tale: Tale, words: Phrases) -> Iterator[str]:
    for heading, edit in tale.edits:
        lines = edit_lines(heading, edit, words)
        yield from _packed(fitting(line, MOST_SECTION) for line in lines)
    yield from (f"> {_quote(runs)}" for runs in tale.quotes)


def _rules(tale: Tale, words: Phrases) -> str:
    form = Form(words, lambda _: True, _escaped_units)
    short = tale.rules if _escaped_units(tale.rules) <= _RULES else None
    return escaped(short or fitting_rules(tale.rule_names, _RULES, form))


def _unlinked(tale: Tale, words: Phrases) -> str:
    return tale.unlinked or (words.long_address if tale.link.url else "")


def _quote(runs: Sequence[Run]) -> str:
    """The sentence with its hits in bold; Slack needs space or punctuation around bold words."""
    pieces = [
        f"\u200b*{escaped(run.text)}*\u200b" if run.hit and run.text.strip() else escaped(run.text)
        for run in runs
    ]
    text = "".join(pieces)
    return (
        text if _units(text) <= MOST_SECTION - 2 else fitting("".join(r.text for r in runs), _LINE)
    )


def _outlets(tale: Tale, words: Phrases) -> Iterator[str]:
    for phrase, links in ((words.also_now, tale.joined), (words.also_at, tale.others)):
        names: list[str] = []
        for link in links[:_MOST_LINKS]:
            name = _link(link) or fitting(link.name, 100)
            if _units(", ".join([*names, name])) > _LINE:
                break
            names.append(name)
        rest = len(links) - len(names)
        if names or rest:
            more = [escaped(words.more.format(rest))] if rest else []
            yield escaped(phrase).format(", ".join([*names, *more]))


def _link(link: Link) -> str:
    """The link in Slack's form; empty if it is not allowed or too long."""
    url = escaped(link.url)
    name = fitting(link.name.replace("|", "¦"), _NAME)
    if not url or not name or _units(url) > MOST_URL:
        return ""
    return f"<{url}|{name}>"


def _headline(text: str) -> Block:
    """The headline: as a header if it fits."""
    title = one_line(text)
    if _escaped_units(title) <= MOST_HEADER:
        return _header(title)
    return _section(f"*{fitting(title, _LINE)}*")


def _header(text: str) -> Block:
    """A header; plain text is not escaped, since Slack reads no commands in it."""
    title = cut(one_line(text), MOST_HEADER, _escaped_units)
    return {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
