"""A message as plain text: for terminals, mail, and services that accept nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from alerts.alert import Edit
from alerts.rendering.phrases import Phrases
from alerts.rendering.tale import Link, Run, Tale, View
from alerts.telling import word_edits

Highlight = Callable[[str], str]


def starred(text: str) -> str:
    """A hit between stars, for text without any other emphasis."""
    return f"*{text}*"


def text_of(view: View, words: Phrases, highlight: Highlight = starred) -> str:
    """The whole message, ending in a line break."""
    compact = bool(view.intro)
    parts = ["\n".join((view.intro, *view.lines))] if view.intro else []
    parts += [
        "\n".join(tale_lines(tale, words, highlight, compact=compact or at > 0))
        for at, tale in enumerate(view.tales)
    ]
    parts += ["\n".join([subject, *lines]) for subject, lines in view.notices]
    parts += [view.more] if view.more else []
    return "\n\n".join(parts) + "\n"


def news_of(view: View, words: Phrases) -> str:
    """What is new, in one line: the first passage of the first story, or who also tells it."""
    if not view.tales:
        return ""
    tale = view.tales[0]
    if tale.relation and not tale.edits:
        return f"{tale.relation[0]} - {tale.title}"
    told = tale.passages or tale.headline
    if not told:
        return words.also_now.format(names_of(tale.joined)) if tale.joined else ""
    first = told[0]
    if first.edit is None:
        return line_of(first.runs, str)
    if not first.edit.after:
        return words.gone.format(first.edit.before)
    return (words.becomes if first.edit.before else words.added).format(first.edit.after)


def tale_lines(
    tale: Tale, words: Phrases, highlight: Highlight, *, compact: bool = False
) -> Iterator[str]:
    """Yield the lines of one story; with `compact`, notes and reasons are left out."""
    yield from tale.relation
    yield f"{words.urgent}: {tale.title}" if tale.urgent else tale.title
    yield tale.source
    if not compact:
        yield from tale.notes
    for heading, edit in tale.edits:
        yield from edit_lines(heading, edit, words)
    yield from ("> " + line_of(runs, highlight) for runs in tale.quotes)
    yield from tale.announced(words)
    yield from tale.remarks
    yield from outlet_lines(tale, words)
    if tale.rules:
        yield tale.rules
    if tale.why and not compact:
        yield tale.why
    if tale.link.url or tale.unlinked:
        yield tale.link.url or tale.unlinked


def line_of(runs: Sequence[Run], highlight: Highlight) -> str:
    """A quote with its hits highlighted."""
    return "".join(highlight(run.text) if run.hit else run.text for run in runs)


def edit_lines(heading: str, edit: Edit, words: Phrases) -> Iterator[str]:
    """Yield the old and the new text, with the words that differ in brackets."""
    if edit.before and edit.after:
        pieces = word_edits(edit.before, edit.after)
        yield f"{heading} - {words.was.format(_marked(pieces, '-'))}"
        yield f"{heading} - {words.becomes.format(_marked(pieces, '+'))}"
    elif edit.before:
        yield f"{heading} - {words.gone.format(edit.before)}"
    else:
        yield f"{heading} - {words.added.format(edit.after)}"


def _marked(pieces: Sequence[tuple[str, str]], side: str) -> str:
    return " ".join(
        f"[{text}]" if sign == side else text for sign, text in pieces if sign in {"=", side}
    )


def outlet_lines(tale: Tale, words: Phrases) -> Iterator[str]:
    """Yield the other outlets that tell the story, new ones first."""
    if tale.joined:
        yield words.also_now.format(names_of(tale.joined))
    if tale.others:
        yield words.also_at.format(names_of(tale.others))


def names_of(links: Sequence[Link]) -> str:
    """The names of these outlets."""
    return ", ".join(link.name for link in links)
