"""What each revision of an article changed, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from rich.text import Text

from crawler.model import Revision
from crawler.stories import PieceKind, SentenceChange, sentence_diff
from monitor.context import Context
from monitor.views.articles_view import local, safe

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
        seen = local(new.seen, context.settings.schedule.timezone)
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
