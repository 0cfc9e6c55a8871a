"""Boxes on a page that ask for an address or a subscription: newsletters, membership, support."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import cast

from lxml.etree import XPath
from lxml.html import Element, HtmlElement

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TEXT = XPath("string()", smart_strings=False)
_LOOSE = XPath(".//text()[string-length() >= 40][not(ancestor::p or ancestor::li)]")
# What such boxes say: that something comes by mail, or that one joins, and that to the reader.
_OFFERS = re.compile(
    r"nieuwsbrie\w*|newsletters?|\b(?:in|mail)box|e-?mail\w*|\b(?:meld|schrijf) (?:je|u|jezelf)\b"
    r"|abonn(?:eer|eren|ee)\b|\b(?:aan|af)melden\b|\binschrijven\b"
    r"|\bword (?:\w+ ){0,3}(?:lid|vriend)\b|\bontvang\b|\bsteun(?: je| ons)?\b"
    r"|subscri(?:be|ber|ption)|\bsign up\b|\bspam\b|\bprivacy",
    re.IGNORECASE,
)
_TO_READER = re.compile(
    r"\b(?:je|jij|jou|jouw|u|uw|ons|onze|we|wij|you|your|our|spam)\b"
    r"|(?:^|[.!?] )(?:word|meld|schrijf|ontvang|abonneer|steun|subscribe|sign up)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[„“«\"][^„“”«»\"]{1,400}[”“»\"]")
_BUTTON = re.compile(
    r"\W*(?:(?:ja,? )?(?:ik )?(?:meld|schrijf) (?:je|me|mij|u) (?:nu |hier |gratis )*(?:aan|in)\b.*"
    r"|(?:nu |hier |gratis )*(?:aanmelden|inschrijven|abonneren|subscribe|sign up)\b.*"
    r"|(?:word|ik word) (?:nu |ook |gratis )*(?:lid|abonnee|vriend)\b.*|abonneer (?:je|u)\b.*"
    r"|steun ons\b.*)",
    re.IGNORECASE,
)
_LINES = frozenset({"a", "button", "p", *_HEADINGS})
_ENDS = frozenset({"html", "body", "main", "article", "li", "td", "header"})
_LEAST, _STOPS, _CLOSING = 40, frozenset(".!?…"), "\"'”’)"  # letters of a sentence, and its end
_LARGEST = 600  # letters of such a box; all limits are chosen
_MOST_BLANKS = 20  # times as long a box may be with its blanks
_MOST_PARTS = 1_000  # elements of such a box: a form may list all countries
_MOST = 50  # fields, buttons and headings that are looked at
_MOST_OF_PAGE = 0.35  # of what runs on it
_LEAST_POINT, _LONGEST_LABEL = 20, 80  # letters of a point, and of a line above a form
_ABOVE, _NEAR = 3, 8  # lines above a form; boxes around a line


def drop_sign_ups(tree: HtmlElement) -> None:
    """Take these boxes out of a page; a field stays for each, as it tells what stands beside it."""
    for box in sign_ups_in(tree):
        parent = box.getparent()
        if parent is None:
            continue
        if next(box.iter("input"), None) is not None:
            parent.insert(parent.index(box), Element("input"))
        box.drop_tree()


def sign_ups_in(tree: HtmlElement) -> list[HtmlElement]:
    """The boxes around a field for an address, or a button or heading that asks to sign up.

    Each paragraph in a box is part of what it asks. So are the lines right above a form.
    """
    found: list[HtmlElement] = []
    for field in islice(filter(_is_for_address, tree.iter("input")), _MOST):
        box = _box_around(field)
        found += [] if box is None else [box, *_lines_above(box)]
    for line in islice(_asking(tree), _MOST):
        box = _box_around(line)
        if box is not None and any(_offers_in(box)):
            found.append(box)
    whole = _running_letters(tree) if found else 0
    return [box for box in found if _running_letters(box) <= _MOST_OF_PAGE * whole]


def _running_letters(box: HtmlElement) -> int:
    return sum(len(text) for text in map(_text, box.iter("p")) if _is_sentence(text))


def _is_for_address(field: HtmlElement) -> bool:
    said = (field.get("type"), field.get("name"), field.get("placeholder"), field.get("id"))
    return any("mail" in one.lower() for one in said if one)


def _asking(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield each link, button and heading whose words ask the reader to sign up."""
    for line in tree.iter("a", "button", *_HEADINGS):
        own = line.text
        words = own if own and not own.isspace() else line[0].text if len(line) else None
        asks = words and len(words) <= _LONGEST_LABEL and _BUTTON.fullmatch(" ".join(words.split()))
        if asks and not _is_in_sentence(line):
            yield line


def _is_in_sentence(line: HtmlElement) -> bool:
    around = islice(line.iterancestors("p", "li"), 1)
    return any(len(_text(one)) > len(_text(line)) + _LEAST_POINT for one in around)


def _box_around(line: HtmlElement) -> HtmlElement | None:
    """The largest box around a line that says nothing else, None if there is none."""
    largest = None
    for box in islice(line.iterancestors(), _NEAR):
        if box.tag in _ENDS:
            break
        if box.tag in _LINES:
            continue
        if _is_large(box) or _holds(box, "h1", "table") or not all(_offers_in(box)):
            break
        largest = box
    return largest


def _is_large(box: HtmlElement) -> bool:
    if next(islice(box.iter(), _MOST_PARTS, None), None) is not None:
        return True
    text = str(_TEXT(box))
    return len(text) > _MOST_BLANKS * _LARGEST or len(" ".join(text.split())) > _LARGEST


def _offers_in(box: HtmlElement) -> list[bool]:
    """Of each paragraph, point and text between them, whether it is an offer."""
    lines = [one for one in box.iter("p", "li", "div") if not _holds(one, "p", "li", "div")]
    points = [one.tag == "li" and not _holds(one, "a", "input") for one in lines]
    texts = [(_text(one), point) for one, point in zip(lines, points, strict=True)]
    texts += [(" ".join(text.split()), False) for text in cast("list[str]", _LOOSE(box))]
    return [
        _is_offer(text)
        for text, point in texts
        if _is_sentence(text) or (point and len(text) >= _LEAST_POINT)
    ]


def _holds(box: HtmlElement, *tags: str) -> bool:
    return next(box.iterdescendants(*tags), None) is not None


def _is_sentence(text: str) -> bool:
    return len(text) >= _LEAST and text.rstrip(_CLOSING)[-1:] in _STOPS


def _is_offer(text: str) -> bool:
    """Whether a text offers something to the reader, and tells of nobody else."""
    text = _QUOTED.sub("", text)
    return bool(_OFFERS.search(text) and _TO_READER.search(text))


def _lines_above(form: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the lines right above a form that say what it is for, up to their heading."""
    lines: list[HtmlElement] = []
    for line in islice(form.itersiblings(preceding=True), _ABOVE):
        text = _text(line)
        if line.tag in _HEADINGS:
            yield from (*lines, line)
            return
        if line.tag != "p" or not (
            _is_offer(text) or (not _is_sentence(text) and len(text) < _LONGEST_LABEL)
        ):
            break
        lines.append(line)
    yield from (line for line in lines if _is_offer(_text(line)))


def _text(element: HtmlElement) -> str:
    return " ".join(str(_TEXT(element)).split())
