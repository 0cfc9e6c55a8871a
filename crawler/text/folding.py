"""Letters without case and accents: how rules, and the words of the archive, are compared."""

from __future__ import annotations

import unicodedata

# Unicode does not decompose these letters, so each has its replacement here.
_FOLDS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae",
        "œ": "oe", "þ": "th", "ð": "d", "ŧ": "t", "ŀ": "l",
    }
)  # fmt: skip  # one row of pairs reads better


def fold(text: str) -> str:
    """The text without case and diacritics; folding twice changes nothing more.

    A letter whose parts are not all letters stays as it is: `½` does not become 12, and `ﷺ` does
    not become four words.
    """
    if text.isascii():
        return text.lower()
    small = text.casefold()
    spread = unicodedata.normalize("NFKD", small)
    if not all(_is_letter(char) or char in small for char in spread):
        spread = "".join(map(_spread, small))
    bare = "".join(char for char in spread if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.casefold().translate(_FOLDS)) or small


def _is_letter(char: str) -> bool:
    return char.isalnum() or unicodedata.combining(char) > 0


def _spread(char: str) -> str:
    spread = unicodedata.normalize("NFKD", char)
    return spread if all(map(_is_letter, spread)) else char
