"""Whether a text has grown: by a paragraph of its own, not by an edit."""

from __future__ import annotations

# Chosen: a sentence of news has as many words; a correction adds fewer.
LEAST_WORDS = 12
# Of the runs of words in a new paragraph; with more of them in the text before, it was edited.
_KNOWN_SHARE = 0.5
_RUN = 3  # words
_MOST_COMPARED = 50  # chosen: among so many new paragraphs one is news, or the text was replaced


def has_grown(before: str, after: str) -> bool:
    """Whether a paragraph was added that says something else than the text before."""
    held = {" ".join(block.split()) for block in before.split("\n")}
    added = [
        words
        for block in after.split("\n")
        if len(words := block.split()) >= LEAST_WORDS and " ".join(words) not in held
    ]
    text = " ".join(before.split())
    return any(_is_new(words, text) for words in added[:_MOST_COMPARED])


def _is_new(words: list[str], text: str) -> bool:
    runs = [" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
    return sum(run in text for run in runs) < _KNOWN_SHARE * len(runs)
