"""Whether a text has grown: by a paragraph of its own, not by an edit."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

# Chosen: a sentence of news has as many words; a correction adds fewer.
LEAST_WORDS = 12
# Chosen: if so many runs of words in a new paragraph stood in its place before, it is an edit.
_KNOWN_SHARE = 0.5
_RUN = 3  # words
_MOST_COMPARED = 4_000  # chosen: paragraphs, more than any live blog has


def has_grown(before: str, after: str) -> bool:
    """Whether a paragraph was added that says something else than what stood in its place.

    Paragraphs that have left the page do not count: many pages show only their newest ones.
    """
    return any(
        len(words := block.split()) >= LEAST_WORDS and not _is_edit(words, replaced)
        for block, replaced in _added(_paragraphs(before), _paragraphs(after))
    )


def _paragraphs(text: str) -> list[str]:
    blocks = (" ".join(block.split()) for block in text.split("\n"))
    return [block for block in blocks if block][:_MOST_COMPARED]


def _added(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each new paragraph with what stood in its place; one that has moved is not new."""
    held = set(before)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag in {"insert", "replace"}:
            replaced = " ".join(before[i:j])
            yield from ((block, replaced) for block in after[k:m] if block not in held)


def _is_edit(words: list[str], replaced: str) -> bool:
    runs = [" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
    return sum(run in replaced for run in runs) >= _KNOWN_SHARE * len(runs)
