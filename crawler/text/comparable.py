"""Text in the form in which it is compared: without changes that no reader notices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from crawler.text.invisible import TAGS, TURNING, ZERO_WIDTH

# Letters of a text that is remembered. Chosen: most paragraphs are shorter.
_LONGEST_KNOWN = 1_000
# Words. Chosen: "Gepubliceerd op zondag 22 november 2026 om 14.30 uur" has nine.
_LONGEST_STAMP = 14
_STAMP_WORDS = frozenset(
    """
    gepubliceerd geplaatst bijgewerkt laatst laatste update aangepast gewijzigd publicatie datum
    publicatiedatum vandaag gisteren eergisteren om op uur uren geleden sinds tot - | ·
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo
    januari februari maart april mei juni juli augustus september oktober november december
    jan feb mrt apr jun jul aug sep sept okt nov dec dag dagen week weken
    reacties reactie keer gelezen gedeeld bekeken weergaven leestijd min minuut minuten
    seconden lezen foto's video's
    """.split()  # noqa: SIM905  (a table of words)
)
_NUMBER = re.compile(r"\d[\d.:,/u-]*", re.ASCII)
_IN_ASCII = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015", "-"),
}
# Joiners and selectors stay: stored digests include them, and must stay comparable.
_LOOKALIKE = re.compile(f"[{''.join(_IN_ASCII)}{TURNING}{ZERO_WIDTH}{TAGS}]")


def comparable(text: str) -> str:
    """The text without changes that no reader notices; equal results mean equal texts.

    White space, quotation marks and dashes get one form, and hidden characters are removed. Lines
    that hold only a date, a time or a counter are left out. Capitals stay: `IS` and `is` differ.
    """
    return _known(text) if len(text) <= _LONGEST_KNOWN else _comparable(text)


def _comparable(text: str) -> str:
    lines = (line.split() for line in _folded(text).splitlines())
    return " ".join([" ".join(words) for words in lines if words and not _is_stamp(words)])


# Each paragraph of a page is compared in several stages of reading it.
_known = lru_cache(maxsize=512)(_comparable)


def _folded(text: str) -> str:
    if text.isascii():
        return text.replace("`", "'")
    # Several times faster than `str.translate`, which looks each letter up.
    ascii_marks = _LOOKALIKE.sub(lambda mark: _IN_ASCII.get(mark[0], ""), text)
    return unicodedata.normalize("NFKC", ascii_marks)


def _is_stamp(words: Sequence[str]) -> bool:
    """Whether a line says only when it was written, or how often it was read."""
    if len(words) > _LONGEST_STAMP:
        return False
    counted = False
    for word in words:  # the first word decides for most lines
        bare = word.strip(".,:()").lower() or "-"
        if bare in _STAMP_WORDS:
            continue
        if not _NUMBER.fullmatch(bare):
            return False
        counted = True
    return counted
