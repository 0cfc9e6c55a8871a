"""What counts as a new text of an article, and what changed in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from crawler.model import Article, Revision, Verdict

_FIELDS = ("title", "lead", "body")
_LONGEST_STAMP = 14  # words; "Gepubliceerd op zondag 22 november 2026 om 14.30 uur" has nine
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
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
}
_LOOKALIKE = re.compile(f"[{''.join(_IN_ASCII)}]")


def plain(text: str) -> str:
    """The words of a text, without what an outlet changes and no reader notices.

    White space, quotation marks, dashes and hidden characters in one form; lines that hold only a
    date, a time or a counter are left out. Capitals stay: `IS` and `is` are two words.
    """
    lines = (line.split() for line in _folded(text).splitlines())
    return " ".join([" ".join(words) for words in lines if words and not _is_stamp(words)])


def _folded(text: str) -> str:
    if text.isascii():
        return text.replace("`", "'")
    # Several times faster than `str.translate`, which looks each letter up.
    ascii_marks = _LOOKALIKE.sub(lambda mark: _IN_ASCII[mark[0]], text)
    return unicodedata.normalize("NFKC", ascii_marks)


def _is_stamp(words: Sequence[str]) -> bool:
    """Whether a line says only when it was written, or how often it was read."""
    if len(words) > _LONGEST_STAMP:
        return False
    counted = False
    for word in words:  # most lines are told by their first word
        bare = word.strip(".,:()").lower() or "-"
        if bare in _STAMP_WORDS:
            continue
        if not _NUMBER.fullmatch(bare):
            return False
        counted = True
    return counted


@lru_cache(maxsize=8)  # asked for several times while one article is stored
def text_hash(title: str, lead: str, body: str) -> str:
    """The digest of an article's words; a change of mark-up or counters alone leaves it."""
    words = "\x1f".join((_words_of_title(title), plain(lead), plain(body)))
    return blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _words_of_title(title: str) -> str:
    return plain(title.replace("\n", " ")) or title.strip()  # a title may be a date


def judge(article: Article, held: Revision | None) -> Verdict:
    """Whether an article just read is new, a revision of what is held, or known.

    A partial text that says nothing beyond the held one is known: a wall that went up since is
    no revision.
    """
    if held is None:
        return Verdict.NEW
    if text_hash(article.title, article.lead, article.body) == held.text_hash:
        return Verdict.KNOWN
    if article.partial and _is_within(article, held):
        return Verdict.KNOWN
    return Verdict.REVISED


def _is_within(article: Article, held: Revision) -> bool:
    if _words_of_title(article.title) != _words_of_title(held.title):
        return False
    whole = f"{plain(held.lead)} {plain(held.body)}"
    paragraphs = f"{article.lead}\n{article.body}".splitlines()
    return all(plain(text).rstrip(" .…") in whole for text in paragraphs)


def changed_fields(old: tuple[str, str, str], new: tuple[str, str, str]) -> tuple[str, ...]:
    """Which of title, lead and body say something else now."""
    pairs = zip(_FIELDS, old, new, strict=True)
    return tuple(field for field, before, after in pairs if plain(before) != plain(after))


def revisions_to_keep(numbers: Sequence[int], cap: int = 50) -> tuple[int, ...]:
    """The numbers to keep, in order: the first and the newest, `cap` in all (never below two)."""
    ordered = sorted(set(numbers))
    newest = max(cap, 2) - 1
    return tuple(ordered[:1] + ordered[1:][-newest:])
