"""References without what people and programs write around them: quotes, brackets, mark-up.

RFC 3986 (appendix C) names quotes and angle brackets as what sets an address off from the text
around it; Markdown, BBCode and JSON have ways of their own, and feeds contain all of them.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.text.invisible import LINE_ENDS, UNWANTED

_INVISIBLE = re.compile(f"[{UNWANTED}]+")
_LINE_END = re.compile(rf"(?<! ) *[\t{LINE_ENDS}][\t {LINE_ENDS}]*")
_ADDRESS = re.compile("https?:/", re.IGNORECASE)
_BLANKS = re.compile(r"^(https?) *: */ */ *([^\s/?#]+) *(?=[/?#]|$)", re.IGNORECASE)
# One more address behind the first, but none that is a part of it.
_ANOTHER = re.compile(rf"(?<![=/&?:\s])[\s{LINE_ENDS}]+https?://", re.IGNORECASE)
# What opens, and what closes behind it. Brackets may stand in an address in pairs: see `_paired`.
_CLOSING = dict(
    [
        *[('"', '"'), ("'", r"'(?!\w)"), ("`", "`"), ("*", r"\*"), ("<", ">"), (">", "<")],
        *[("“", "[”“]"), ("”", "”"), ("„", "[”“]"), ("‘", r"’(?!\w)"), ("’", r"’(?!\w)")],
        *[("«", "»"), ("»", "«"), ("[", r"\[/"), ("(", r"\)\Z"), ("{", r"\}\Z")],
        *[("&quot;", "&quot;"), ("&#34;", "&#34;"), ("&apos;", "&apos;"), ("&#39;", "&#39;")],
        *[("&lt;", "&gt;"), ("%22", "%22"), ("%27", "%27"), ("%3C", "%3E")],
    ]
)
_MARK = re.compile("|".join(map(re.escape, sorted(_CLOSING, key=len, reverse=True))))
# With these no relative reference begins, whatever follows.
_SURELY_AROUND = frozenset({'"', "<", "“", "„", "«", "&quot;", "&#34;", "&lt;", "%22", "%3C"})
_MOST_MARKS = 4  # chosen
# Between what opens and the address: "[Lees meer](", "<URL:", "[url=", "<a href='".
_LABEL = re.compile(r"[^/?]*(?<=[\s\"'`*<>“”„«»‘’;\[\](){}=:2C])", re.DOTALL)
_MARKDOWN = re.compile(r"\[[^\[\]]*\]\((.*)\)", re.DOTALL)
_LINKED = re.compile(r"<a\s[^<>]*?href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_BRACKETS = re.compile(r"[()\[\]{}]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_ENDS = {**_PAIRS, ">": "<", '"': '"', "'": "'", "`": "`", "”": "“„", "’": "‘", "»": "«"}
_STOPS = ",; "
_PATH = re.compile("[^?#]*")


def bare_reference(text: str) -> str:
    """The reference in this text, without line ends and without what stands around it.

    Nothing is taken from one that may be meant as it is written: "(2)/a", "'t-kalifaat",
    "?url=https://krant.example/a", "https://krant.example/wiki/Raqqa_(stad)".
    """
    if linked := _LINKED.search(text):
        text = linked[1]
    if (first := _ADDRESS.search(text)) and (another := _ANOTHER.search(text, first.end())):
        text = text[: another.start()]
    text = _LINE_END.sub("", text.strip())
    text = _INVISIBLE.sub("", text).replace('\\"', '"').replace("\\/", "/").strip()
    if _MARK.match(text):
        text = _opened(text)
    elif _ADDRESS.match(text):
        text = _without_end(text)
    return _with_slashes(_BLANKS.sub(r"\1://\2", text))


def _with_slashes(text: str) -> str:
    """The reference with slashes for all backslashes in its path (WHATWG URL, 4.4)."""
    if "\\" not in text:
        return text
    path = _PATH.match(text)
    return text if path is None else path[0].replace("\\", "/") + text[path.end() :]


def ends_plainly(address: str) -> bool:
    """Whether the last letter of an address is surely its own."""
    return address[-1:] not in _ENDS and address[-1:] not in _STOPS


def _opened(text: str) -> str:
    """What stands between the marks of which one begins this text, unless they are part of it."""
    found = _ADDRESS.search(text)
    if found is None:
        return _path_inside(text)
    before, address = text[: found.start()], text[found.start() :]
    if _LABEL.fullmatch(before) is None:
        return text
    for mark in dict.fromkeys(_MARK.findall(before)):
        address = re.split(_CLOSING[mark], address, maxsplit=1)[0]
    return _without_end(_paired(address).strip())


def _path_inside(text: str) -> str:
    """What stands in marks that open and close it, if no reference is written so."""
    linked = _MARKDOWN.fullmatch(text)
    inner = linked[1].strip() if linked else text
    surely = False
    for _ in range(_MOST_MARKS):
        mark, inner = _MARK.match(inner), inner.rstrip(_STOPS)
        end = mark and re.search(rf"(?:{_CLOSING[mark[0]]}|\])\Z", inner[mark.end() :])
        if mark is None or end is None:
            break
        surely = surely or mark[0] in _SURELY_AROUND
        inner = inner[mark.end() :][: end.start()].strip()
    return inner if surely or not inner or inner.startswith(("/", "www.")) else text


def _paired(address: str) -> str:
    """The address up to a bracket that closes none of its own."""
    open_ones: list[str] = []
    for bracket in _BRACKETS.finditer(address):
        if bracket[0] not in _PAIRS:
            open_ones.append(bracket[0])
        elif not open_ones or open_ones.pop() != _PAIRS[bracket[0]]:
            return address[: bracket.start()]
    return address


def _without_end(address: str) -> str:
    """The address without commas and marks at its end that close nothing in it."""
    if ends_plainly(address):
        return address
    left, end = Counter(address), len(address)
    while end:
        last = address[end - 1]
        opening = _ENDS.get(last, "")
        opened = sum(left[mark] for mark in opening)
        alone = opened % 2 if opening == last else opened < left[last]
        if last not in _STOPS and not (opening and alone):
            break
        left[last] -= 1
        end -= 1
    return address[:end]
