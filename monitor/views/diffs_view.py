"""The texts that an article has had: which stood when, and what each revision changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise, takewhile
from typing import Any

from rich.text import Text

from crawler.frozen import dataclass
from crawler.model import Revision
from crawler.stories import PieceKind, SentenceChange, sentence_diff
from monitor.context import Context
from monitor.views.articles_view import local, safe

REDUCED = "only the sentences that matched are kept"
_FIELDS = ("title", "lead", "body")
_STYLES = {PieceKind.KEPT: "", PieceKind.DELETED: "red strike", PieceKind.INSERTED: "green bold"}
_MARKS = {PieceKind.KEPT: "{}", PieceKind.DELETED: "[-{}-]", PieceKind.INSERTED: "{{+{}+}}"}


def _changes(old: Revision, new: Revision) -> Iterator[tuple[str, SentenceChange]]:
    for name in _FIELDS:
        for change in sentence_diff(getattr(old, name), getattr(new, name)):
            yield name, change


def diffs_as_json(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """One object for each revision after the first, with the sentences that it changed."""
    return [
        {
            "revision": new.number,
            "seen": new.seen,
            "changes": [
                {"field": name, "old": change.old, "new": change.new}
                for name, change in _changes(old, new)
            ],
        }
        for old, new in pairwise(revisions)
    ]


def print_diffs(context: Context, revisions: Sequence[Revision]) -> None:
    """Print what each revision changed: removed words struck out, new ones marked."""
    out = context.console
    for old, new in pairwise(revisions):
        seen = local(new.seen, context.plain.timezone)
        out.print(f"revision {new.number}, {seen}", style="bold", markup=False)
        for name, change in _changes(old, new):
            out.print(_line(name, change, marks=not out.is_terminal))
        out.print()
    if len(revisions) < 2:  # noqa: PLR2004 - a difference needs two
        out.print("this article has not been changed since it was first seen", markup=False)


def _line(name: str, change: SentenceChange, *, marks: bool) -> Text:
    """The changed sentence; without colours, removed words are [-so-], new ones {+so+}."""
    line = Text(f"{name:<6}", style="dim")
    for piece in change.pieces:
        words = safe(piece.text)
        space = words[: len(words) - len(words.lstrip())]
        shown = space + _MARKS[piece.kind].format(words.lstrip()) if marks else words
        line.append(shown, style=f"not dim {_STYLES[piece.kind]}".strip())
    return line


@dataclass(frozen=True, slots=True)
class StoodText:
    """A text of an article, and when it was seen to have been replaced; None if it stands now.

    An older version threw away `lost` texts that came after it.
    """

    revision: Revision
    until: datetime | None = None
    lost: int = 0


def stood_texts(revisions: Sequence[Revision]) -> Iterator[StoodText]:
    """Yield the texts of an article, given its revisions in order, with the end of each."""
    for old, new in pairwise(revisions):
        yield StoodText(old, new.seen, new.number - old.number - 1)
    yield from map(StoodText, revisions[-1:])


def text_at(revisions: Sequence[Revision], moment: datetime) -> StoodText | None:
    """The text that stood at a moment, as far as was seen; None before the first was."""
    stood = takewhile(lambda text: text.revision.seen <= moment, stood_texts(revisions))
    return next(iter([*stood][-1:]), None)


def stood_as_json(text: StoodText) -> dict[str, Any]:
    """When a text stood and what is kept of it."""
    return {
        "revision": text.revision.number,
        "seen": text.revision.seen,
        "until": text.until,
        "whole": text.revision.whole,
        "lost": text.lost,
    }


def stood_as_text(text: StoodText, timezone: str) -> str:
    """When a text stood and what is kept of it, as a line for people."""
    said = local(text.revision.seen, timezone)
    if text.until:
        said += f" until {local(text.until, timezone)}"
    if not text.revision.whole:
        said += f"; {REDUCED}"
    if text.lost:
        texts = "1 text" if text.lost == 1 else f"{text.lost} texts"
        said += f"; {texts} after it not kept by an older version"
    return said
