"""Makes text from outside harmless for terminals, headers and messages, and cuts it safely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from crawler.addresses import is_web_address
from crawler.text import SELECTORS, UNWANTED

_UNWANTED = re.compile(f"[{UNWANTED}]+")
_SPACE = re.compile(r"\s+")  # ends of lines included
_JOINER = "\u200d"
_SELECTORS = re.compile(f"[{SELECTORS}\U0001f3fb-\U0001f3ff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")

ELLIPSIS = "…"
_ESCAPED = {"|": "%7C", "<": "%3C", ">": "%3E", '"': "%22", "'": "%27", "`": "%60", "\\": "%5C"}


def one_line(text: str) -> str:
    """The text as one line of visible characters, without any control characters."""
    return _SPACE.sub(" ", _UNWANTED.sub("", text)).strip()


def harmless_address(url: str) -> str:
    """The address if it is one of the web, safe inside any markup; else empty."""
    url = "".join(url.split())
    if not is_web_address(url):
        return ""
    return "".join(_ESCAPED.get(letter, letter) for letter in url)


def cut(text: str, limit: int, length: Callable[[str], int] = len) -> str:
    """The text, shortened with an ellipsis where `length` of it exceeds the limit.

    What a reader sees as one character is never divided. `length` counts as the receiver does, for
    example after escaping; it must not become smaller when text is added.
    """
    if length(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle] + ELLIPSIS) <= limit:
            low = middle
        else:
            high = middle - 1
    while low > 0 and not _may_divide(text, low):
        low -= 1
    kept = text[:low].rstrip()
    return kept + ELLIPSIS if length(ELLIPSIS) <= limit else ""


def _may_divide(text: str, at: int) -> bool:
    """Whether the text may be cut here: no mark, joiner or second half of a flag follows."""
    before, after = text[at - 1], text[at]
    if _JOINER in {after, before} or _SELECTORS.match(after):
        return False
    if unicodedata.category(after) in {"Mn", "Me", "Mc"}:
        return False
    if not (_FLAG.match(before) and _FLAG.match(after)):
        return True
    start = at
    while start > 0 and _FLAG.match(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 0
