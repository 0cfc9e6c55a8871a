"""Whether two texts are about the same, by the words that they share."""

from __future__ import annotations

import re
from itertools import islice

_LONGEST_WORD = 50  # letters; chosen: there is none
_WORD = re.compile(r"[^\W\d_]{6,}")  # short words are common to any two Dutch texts
_SHARED = 1 / 3  # of the words; chosen
_MOST_WORDS = 1_000  # chosen: a description that is a whole article has fewer


def is_about(short: str, text: str) -> bool:
    """Whether a short text uses the words of a longer one; the motto of a site does not."""
    return shared_words(short, text) >= _SHARED


def shared_words(short: str, text: str, *, letters: int = _LONGEST_WORD) -> float:
    """The share of the words of a short text that a longer one has too; 1 if none is long enough.

    Of each word, so many letters are looked for: endings differ. Of a short text that is longer
    than any, the first words count: each is looked for in the whole of the other.
    """
    first = islice(_WORD.finditer(short), _MOST_WORDS)
    words = {word[0].lower()[:letters] for word in first}
    lower = text.lower()
    return sum(word in lower for word in words) / len(words) if words else 1.0
