"""A message in the markup of a chat service: Markdown or HTML, with links and hits in bold."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence

from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import edit_lines
from alerts.rendering.tale import Link, Run, Tale, View
from crawler.frozen import dataclass

# Keeps two characters apart that together would be a command, and is not seen.
APART = "\u200b"
_MENTION = re.compile(r"@(?=\w)")
_EMOJI = re.compile(r":(?=[a-z0-9_+-]*[a-z][a-z0-9_+-]*:)", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_~|\[\]<>#])")
# At the start of a line these make a list, a headline or a table of contents.
_LIST = re.compile(r"^(?=[-+=]|\d+[.)])")


@dataclass(frozen=True, slots=True)
class Markup:
    """How a service writes what stands out; each function takes text that is already harmless.

    `escaped` makes foreign text harmless. `link` takes a name and an address.
    """

    escaped: Callable[[str], str]
    bold: Callable[[str], str]
    quote: Callable[[str], str]
    link: Callable[[str, str], str]


def without_mentions(text: str) -> str:
    """The text, in which no `@name` calls anybody."""
    return _MENTION.sub(f"@{APART}", text)


def escaped_markdown(text: str) -> str:
    """Text that Markdown shows as it is, without mentions and emoji."""
    text = _EMOJI.sub(f":{APART}", without_mentions(text))
    return _LIST.sub(APART, _SPECIAL.sub(r"\\\1", text))


def _markdown_link(name: str, url: str) -> str:
    return f"[{name}]({url.replace('(', '%28').replace(')', '%29')})"


MARKDOWN = Markup(
    escaped=escaped_markdown,
    # The unseen sign lets a hit stand out that is a part of a word.
    bold=lambda text: f"{APART}**{text}**{APART}",
    quote=lambda text: f"> {text}",
    link=_markdown_link,
)
HTML = Markup(
    escaped=lambda text: html.escape(without_mentions(text), quote=False),
    bold=lambda text: f"<b>{text}</b>",
    quote=lambda text: f"<blockquote>{text}</blockquote>",
    link=lambda name, url: f'<a href="{html.escape(url)}">{name}</a>',
)


def marked_lines(view: View, words: Phrases, markup: Markup) -> Iterator[str]:
    """Yield the lines of the whole message; an empty line stands between its parts."""
    head = [markup.bold(markup.escaped(view.intro)), *map(markup.escaped, view.lines)]
    parts = [head] if view.intro else []
    parts += [
        list(_tale_lines(tale, words, markup, compact=bool(view.intro) or at > 0))
        for at, tale in enumerate(view.tales)
    ]
    for subject, lines in view.notices:
        parts.append([markup.bold(markup.escaped(subject)), *map(markup.escaped, lines)])
    parts += [[markup.escaped(view.more)]] if view.more else []
    for at, part in enumerate(parts):
        yield from [""] if at else []
        yield from part


def _tale_lines(tale: Tale, words: Phrases, markup: Markup, *, compact: bool) -> Iterator[str]:
    yield from map(markup.escaped, tale.relation)
    title = f"{words.urgent}: {tale.title}" if tale.urgent else tale.title
    yield markup.bold(markup.escaped(title))
    yield markup.escaped(tale.source)
    if not compact:
        yield from map(markup.escaped, tale.notes)
    for heading, edit in tale.edits:
        yield from map(markup.escaped, edit_lines(heading, edit, words))
    yield from (markup.quote(_marked(runs, markup)) for runs in tale.quotes)
    yield from map(markup.escaped, (*tale.announced(words), *tale.remarks))
    for phrase, links in ((words.also_now, tale.joined), (words.also_at, tale.others)):
        if links:
            names = ", ".join(_linked(link, markup) for link in links)
            yield markup.escaped(phrase).format(names)
    if tale.rules:
        yield markup.escaped(tale.rules)
    if tale.why and not compact:
        yield markup.escaped(tale.why)
    if tale.link.url or tale.unlinked:
        yield _linked(tale.link, markup) if tale.link.url else markup.escaped(tale.unlinked)


def _marked(runs: Sequence[Run], markup: Markup) -> str:
    return "".join(
        markup.bold(markup.escaped(run.text))
        if run.hit and run.text.strip()
        else markup.escaped(run.text)
        for run in runs
    )


def _linked(link: Link, markup: Markup) -> str:
    name = markup.escaped(link.name)
    return markup.link(name, link.url) if link.url else name
