"""What counts as a new text of an article, and what changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from crawler.model import Article, Revision, Verdict
from crawler.text.comparable import comparable

_FIELDS = ("title", "lead", "body")
# Of the letters of the held text. Chosen: a text that its page calls a part is one if it is
# shorter.
_PART = 0.8
_CUT = " .…[]()"  # as a line ends that was cut: "... in de wijk […]"


@lru_cache(maxsize=2)  # asked for several times while one article is stored
def text_hash(title: str, lead: str, body: str) -> str:
    """The digest of an article's words; a change of mark-up or counters alone leaves it."""
    words = "\x1f".join((_words_of_title(title), comparable(lead), comparable(body)))
    return blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _words_of_title(title: str) -> str:
    return comparable(title.replace("\n", " ")) or title.strip()  # a title may be a date


def judge(article: Article, held: Revision | None) -> Verdict:
    """Whether an article just read is new, a revision of what is held, or known.

    A partial text that is far shorter than the held one, and says nothing beyond it, is known: a
    wall that went up since is no revision.
    """
    if held is None:
        return Verdict.NEW
    if text_hash(article.title, article.lead, article.body) == held.text_hash:
        return Verdict.KNOWN
    if is_part(article, held) and _is_within(article, held):
        return Verdict.KNOWN
    return Verdict.REVISED


def is_part(article: Article, held: Article | Revision) -> bool:
    """Whether a text is only a part of the held one: its page says so, and it is far shorter.

    The page's word alone is not enough, since it comes and goes: a correction would be refused.
    """
    letters, before = (len(one.lead) + len(one.body) for one in (article, held))
    return article.partial and letters < _PART * before


def _is_within(article: Article, held: Article | Revision) -> bool:
    """Whether a text says nothing that does not stand in the held one, under the same headline."""
    return has_headline_of(article, held) and not any(new_in(article, held))


def has_headline_of(article: Article, held: Article | Revision) -> bool:
    """Whether the headlines of two texts have the same words."""
    return _words_of_title(article.title) == _words_of_title(held.title)


def new_in(article: Article, held: Article | Revision) -> Iterator[str]:
    """Yield the paragraphs that do not stand in the held text."""
    whole = f"{comparable(held.lead)} {comparable(held.body)}"
    for text in f"{article.lead}\n{article.body}".splitlines():
        if not _stands_in(comparable(text).rstrip(_CUT), whole):
            yield text


def _stands_in(line: str, whole: str) -> bool:
    """Whether a text has this line; "5 doden" does not stand in "15 doden"."""
    at = whole.find(line)
    while at > 0 and whole[at - 1].isalnum() and line[:1].isalnum():
        at = whole.find(line, at + 1)
    return at >= 0


def changed_fields(old: tuple[str, str, str], new: tuple[str, str, str]) -> tuple[str, ...]:
    """Which of title, lead and body say something else now."""
    pairs = zip(_FIELDS, old, new, strict=True)
    return tuple(field for field, before, after in pairs if comparable(before) != comparable(after))
