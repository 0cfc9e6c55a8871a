"""Letters without case, accents and disguise: how rules, and words of the archive, are compared."""

from __future__ import annotations

import re
import unicodedata

# Unicode does not decompose these letters, so each has its replacement here.
_FOLDS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae",
        "œ": "oe", "þ": "th", "ð": "d", "ŧ": "t", "ŀ": "l",
    }
)  # fmt: skip  # one row of pairs reads better

# Cyrillic and Greek letters that look like a Latin one (Unicode Technical Standard 39).
_CYRILLIC = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0451\u0457"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0406\u0408\u0405\u0401\u0407"
)
_GREEK = (
    "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
)
_LATIN_ALIKE = "aeopcyxijsëïABEKMHOPCTYXIJSËÏ" + "oABEZHIKMNOPTYX"
_ALIKE = str.maketrans(_CYRILLIC + _GREEK, _LATIN_ALIKE)
_DISGUISED = re.compile(f"[{_CYRILLIC}{_GREEK}]")
_WORD = re.compile(r"[^\W_]+")
_NOT_LATIN = re.compile("[\u0370-\u052f]")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")


def undisguised(text: str) -> str:
    """The text, as long as before, in which a Latin word has no letters of another script.

    A word with at least one Latin letter, whose others all look like Latin ones, is a Latin word.
    """
    if text.isascii() or not _DISGUISED.search(text):
        return text
    return _WORD.sub(_undisguised, text)


def _undisguised(match: re.Match[str]) -> str:
    word = match[0]
    if not (_LATIN.search(word) and _DISGUISED.search(word)):
        return word
    latin = word.translate(_ALIKE)
    return word if _NOT_LATIN.search(latin) else latin


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
