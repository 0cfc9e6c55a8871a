"""The line of every table and key of a TOML document."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

Location = tuple[str | int, ...]

# A part has to be followed by a dot or the end. So there is only one way to match a text, and
# matching cannot become slow.
_PART = r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_PARTS = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_KEY = re.compile(rf"[ \t]*({_PARTS})[ \t]*=")
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_PARTS})[ \t]*\]\]?[^\n]*$", re.MULTILINE)
# One lexical item of a value. Strings and comments are taken whole: brackets and line ends inside
# them have no meaning.
_ITEM = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|.',
    re.DOTALL,
)


def lines_of(text: str) -> Iterator[tuple[Location, int]]:
    """Yield the location and line of each table and key of a valid document; lines count from 1."""
    table: Location = ()
    items: dict[Location, int] = {}
    position, line = 0, 1
    while position < len(text):
        header, key = _HEADER.match(text, position), _KEY.match(text, position)
        if key:
            yield (*table, *_path(f"{key[1]} = 0")), line
            end = _value_end(text, key.end())
        elif header:
            table = _table_location(_path(f"[{header[2]}]"), header[1] == "[[", items)
            if table[-1] == 0:
                yield table[:-1], line
            yield table, line
            end = header.end() + 1
        else:
            end = text.find("\n", position) + 1 or len(text)
        line += text.count("\n", position, end)
        position = end


def deepest_line(text: str) -> int:
    """The line on which most brackets are open."""
    depth, most, place = 0, 0, 0
    for item in _ITEM.finditer(text):
        depth += (item[0] in "[{") - (item[0] in "]}")
        if depth > most:
            most, place = depth, item.start()
    return text.count("\n", 0, place) + 1


def _path(line: str) -> Location:
    path: list[str] = []
    inner: Any = tomllib.loads(line)
    while isinstance(inner, dict) and inner:
        name, inner = next(iter(inner.items()))
        path.append(name)
    return tuple(path)


def _table_location(path: Location, is_item: bool, items: dict[Location, int]) -> Location:  # noqa: FBT001 - which kind of header
    """The location of a header; below an array it belongs to the array's newest item."""
    location: Location = ()
    for depth, name in enumerate(path, 1):
        location = (*location, name)
        if is_item and depth == len(path):
            items[location] = items.get(location, -1) + 1
        if location in items:
            location = (*location, items[location])
    return location


def _value_end(text: str, position: int) -> int:
    depth = 0
    for item in _ITEM.finditer(text, position):
        if item[0] in "[{":
            depth += 1
        elif item[0] in "]}":
            depth -= 1
        elif item[0] == "\n" and depth <= 0:
            return item.end()
    return len(text)
