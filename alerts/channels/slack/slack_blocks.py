"""A message in Slack's blocks, within Slack's limits.

Limits as documented by Slack for Block Kit, and for the whole message a cap of our own below the
undocumented one near 12,000 characters. Lengths are counted after escaping, in UTF-16 units, the
larger of the two counts that Slack could mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from alerts.alert import Edit
from alerts.rendering.clean import cut, one_line
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import edit_lines, text_of
from alerts.rendering.view import Link, Run, Tale, View

MOST_BLOCKS = 50
MOST_SECTION = 3000
MOST_HEADER = 150
MOST_URL = 3000
MOST_WHOLE = 9000
# What a person reads at a glance, well within the limits.
_FALLBACK = 500
_LINE = 1200
_MOST_LINKS = 20
MOST_TERSE_URL = 250

Block = dict[str, Any]


def escaped(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or command in it comes alive."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _escaped_units(text: str) -> int:
    return _units(escaped(text))


def fitting(text: str, limit: int) -> str:
    """Escaped text within the limit, cut before it was escaped."""
    return escaped(cut(text, limit, _escaped_units))


def payload_of(view: View, words: Phrases, *, plain: bool) -> Block:
    """What is posted: blocks with a text for notifications, or that text alone when `plain`."""
    common = {"unfurl_links": False, "unfurl_media": False}
    if plain:
        # A size that was accepted before there were blocks at all.
        return {"text": fitting(text_of(view, words), MOST_SECTION), **common}
    payload = {"text": fitting(view.subject, _FALLBACK), **common}
    room = MOST_WHOLE - _size(payload) - _size(_context(words.more.format(len(view.tales))))
    groups = list(_blocks(view, words))
    if view.intro and _size([block for group in groups for block in group]) > room:
        # Every story of a digest is named, with less about each where there are many.
        groups = list(_blocks(view, words, terse=True))
    return payload | {"blocks": _within(groups, room, words)}


def _within(groups: Sequence[list[Block]], room: int, words: Phrases) -> list[Block]:
    """As many whole groups as fit, and how many did not; the first goes in whatever it leaves."""
    blocks: list[Block] = []
    for number, group in enumerate(groups):
        fits = len(blocks) + len(group) < MOST_BLOCKS and _size(blocks + group) <= room
        if not fits and number:
            return [*blocks, _context(words.more.format(len(groups) - number))]
        blocks += group if fits else _first_that_fit(group, room)
    return blocks


def _first_that_fit(group: Sequence[Block], room: int) -> list[Block]:
    kept: list[Block] = []
    for block in group:
        if len(kept) < MOST_BLOCKS - 1 and _size([*kept, block]) <= room:
            kept.append(block)
    return kept


def _size(value: Any) -> int:
    return _units(json.dumps(value, ensure_ascii=False))


def _blocks(view: View, words: Phrases, *, terse: bool = False) -> Iterator[list[Block]]:
    if view.intro:
        yield [_header(view.intro)]
        compact = _terse if terse else _compact
        yield from ([_section(compact(tale, words))] for tale in view.tales)
    else:
        yield from (list(_tale_blocks(tale, view, words)) for tale in view.tales)
    for subject, lines in view.notices:
        yield [_section("\n".join([f"*{fitting(subject, _LINE)}*", *_fitting_lines(lines)]))]


def _fitting_lines(lines: Iterable[str]) -> list[str]:
    """As many lines as a section has room for."""
    kept: list[str] = []
    for line in lines:
        text = fitting(line, 300)
        if _units("\n".join([*kept, text])) > MOST_SECTION - _LINE - 10:
            return [*kept, "…"]
        kept.append(text)
    return kept


def _tale_blocks(tale: Tale, view: View, words: Phrases) -> Iterator[Block]:
    yield _header(view.subject)
    yield _context(fitting(tale.source, 300))
    for note in tale.notes:
        yield _context(fitting(note, 300))
    for runs in tale.quotes:
        yield _section(f"> {_quote(runs)}")
    for heading, edit in tale.edits:
        yield _section(_edit(heading, edit, words))
    outlets = list(_outlets(tale, words))
    if outlets:
        yield _section("\n".join(outlets))
    yield _context(fitting(tale.rules, _LINE))
    if tale.why:
        yield _context(fitting(tale.why, _LINE))
    if link := _link(tale.link):
        yield _section(link)


def _compact(tale: Tale, words: Phrases) -> str:
    urgent = f"*{words.urgent}:* " if tale.urgent else ""
    head = f"{urgent}{_link(Link(tale.title, tale.link.url)) or fitting(tale.title, 200)}"
    detail = f"{fitting(tale.source, 150)} · {fitting(tale.rules, 150)}"
    return f"{head}\n{detail}"


def _terse(tale: Tale, _: Phrases) -> str:
    url = tale.link.url if len(tale.link.url) <= MOST_TERSE_URL else ""
    return _link(Link(cut(tale.title, 100), url)) or fitting(tale.title, 100)


def _quote(runs: Sequence[Run]) -> str:
    """The sentence with its hits in bold; Slack wants space or punctuation around bold words."""
    pieces = [
        f"\u200b*{escaped(run.text)}*\u200b" if run.hit and run.text.strip() else escaped(run.text)
        for run in runs
    ]
    text = "".join(pieces)
    return (
        text if _units(text) <= MOST_SECTION - 2 else fitting("".join(r.text for r in runs), _LINE)
    )


def _edit(heading: str, edit: Edit, words: Phrases) -> str:
    short = Edit(edit.field, cut(edit.before, _LINE), cut(edit.after, _LINE))
    return "\n".join(fitting(line, _LINE) for line in edit_lines(heading, short, words))


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
    """The link in Slack's form, or nothing where it may not or cannot be one."""
    url = escaped(link.url)
    name = fitting(link.name.replace("|", "¦"), 200)
    if not url or not name or _units(url) > MOST_URL - 800:
        return ""
    return f"<{url}|{name}>"


def _header(text: str) -> Block:
    """Plain text is not escaped: Slack reads no commands in it."""
    title = cut(one_line(text), MOST_HEADER, _escaped_units)
    return {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
