"""What readers say below an article, in boxes without a telling name: known by the form of each.

A remark has a name and a time, a few lines, and a word by which others answer it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import cast

from lxml.etree import XPath, _ElementUnicodeResult
from lxml.html import HtmlElement

from crawler.text.relative_dates import is_relative, relative_part

_PARTS = ("eageer", "eageren", "ntwoord", "eply", "pondre", "ntworten")  # of words to answer by
_TEXT = XPath("string()", smart_strings=False)
_HOLDS_ONE = " or ".join(f"contains(., '{part}')" for part in _PARTS)
_MAY_ANSWER = XPath(f".//text()[({_HOLDS_ONE}) and string-length(.) < 80]")
_ANSWER = re.compile(
    r"[\W_]*(?:reageer|reageren|beantwoord(?:en)?|antwoord(?:en)?|reply|répondre|antworten)"
    r"(?: (?:op|to|à) [^.!?]{1,40})?[\W_]*",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b\d{1,2}[:.]\d\d\b"
    r"|\b\d{1,2}[-/. ](?:\d{1,2}|jan|feb|m(?:aa)?r|apr|mei|jun|jul|aug|sep|okt|nov|dec)"
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*$")
# All chosen. Letters, but for the first four.
_FEWEST, _MOST = 2, 1_000  # remarks
_MOST_PIECES = _DEEPEST = 60
_LATEST = 4  # place of the time among the pieces of a remark
_LONGEST_NAME, _LONGEST_STAMP, _LONGEST = 40, 70, 1_500
_RUNNING, _LEAST_TOLD = 60, 400  # of a paragraph, and of an article above remarks
_BEHIND = 0.3  # share of what runs beside remarks that may stand behind the first one
_HEADINGS = ("h1", "h2", "h3")
_WHOLE = frozenset({"html", "body", "main"})


def remarks_in(tree: HtmlElement) -> list[HtmlElement]:
    """The boxes of remarks, each for itself; none if they may be the text of the page.

    They are several below an article, and shorter together than it is.
    """
    words = str(_TEXT(tree))
    if sum(words.count(part) for part in _PARTS) < _FEWEST:  # quick: few pages have these words
        return []
    labels = _labels(tree)
    if not _FEWEST <= len(labels) <= _MOST:
        return []
    counts = Counter(up for label in labels for up in _around(label))
    boxes = [box for label in labels if (box := _box_of(label, counts)) is not None]
    if len(boxes) < _FEWEST:
        return []
    inside = {one for box in boxes for one in box.iter()}
    remarked = sum(len(piece) for box in boxes for piece in _pieces(box))
    before = behind = 0
    passed = False
    for one in tree.iter("p", boxes[0].tag):
        passed = passed or one is boxes[0]
        if one.tag == "p" and one not in inside and (running := _running(one)):
            before, behind = (before, behind + running) if passed else (before + running, behind)
    below = before >= max(_LEAST_TOLD, remarked) and behind <= _BEHIND * before
    return boxes if below else []


def _running(paragraph: HtmlElement) -> int:
    """The letters of a paragraph that runs, none of another one."""
    text = " ".join(_pieces(paragraph))
    runs = len(text) >= _RUNNING and _SENTENCE_END.search(text) is not None
    return len(text) if runs else 0


def _labels(tree: HtmlElement) -> list[HtmlElement]:
    """The elements that say nothing but that one may answer."""
    found = cast("list[_ElementUnicodeResult]", _MAY_ANSWER(tree))
    said = (text for text in found if text.is_text and _ANSWER.fullmatch(text))
    return list(dict.fromkeys(cast("HtmlElement", text.getparent()) for text in said))


def _box_of(label: HtmlElement, counts: Mapping[HtmlElement, int]) -> HtmlElement | None:
    """The smallest box around a label that is a remark; None if there is none."""
    for box in _around(label):
        if box.tag in _WHOLE or counts[box] > 1 or box.tag == "a":
            return None
        pieces = list(islice(_pieces(box), _MOST_PIECES + 1))
        if len(pieces) > _MOST_PIECES or sum(map(len, pieces)) > _LONGEST:
            return None
        if _is_remark(pieces):
            return box if next(box.iter(*_HEADINGS), None) is None else None
    return None


def _around(label: HtmlElement) -> Iterator[HtmlElement]:
    return islice(label.iterancestors(), _DEEPEST)


def _pieces(box: HtmlElement) -> Iterator[str]:
    return filter(None, (" ".join(text.split()) for text in box.itertext()))


def _is_remark(pieces: list[str]) -> bool:
    """Whether these are a name, a time, a text and a word to answer it, in this order."""
    time = next((at for at, piece in enumerate(pieces[:_LATEST]) if _tells_time(piece)), None)
    if time is None or not _is_name(pieces[0]):
        return False
    said = [piece for piece in pieces[time + 1 :] if not _ANSWER.fullmatch(piece)]
    return any(" " in piece for piece in said)


def _tells_time(piece: str) -> bool:
    if len(piece) > _LONGEST_STAMP or _SENTENCE_END.search(piece):
        return False
    return bool(_TIME.search(piece.lower()) or relative_part(piece))


def _is_name(piece: str) -> bool:
    name = re.split(r"\s[-–|·•]\s|,\s|\s(?:op|om|schreef|zegt)\s|:$", piece)[0]
    return (
        len(name) <= _LONGEST_NAME
        and any(map(str.isalpha, name))
        and not (_SENTENCE_END.search(name) or _tells_time(name) or is_relative(name))
    )
