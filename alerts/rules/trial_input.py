"""Articles given to `rules test`: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from alerts.document import METADATA_FIELDS, TEXT_FIELDS, Document
from crawler.errors import ConfigError

_EXAMPLE = '{"id": "1", "title": "Val van Baghouz", "body": "..."}'


def documents_of(lines: Iterable[bytes], path: str) -> Iterator[Document]:
    """Yield the documents of these lines, in order; one without an id gets its line's number.

    Raises:
        ConfigError: a line is no article; the error has the path and the number of the line.
    """
    blank = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            blank = blank or number
            continue
        if blank:  # blank lines at the end of a file are no fault
            raise _fault(path, blank, "the line is empty")
        yield _document(line, path, number)


def _fault(path: str, number: int, what: str) -> ConfigError:
    return ConfigError(what, path=path, line=number, remedy=f"write one object a line: {_EXAMPLE}")


def _document(line: bytes, path: str, number: int) -> Document:
    try:
        value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise _fault(
            path, number, f"not UTF-8: {error.reason} at byte {error.start + 1}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise _fault(path, number, f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise _fault(path, number, f"not a JSON object but {_kind(value)}")
    if "language" in value:
        value.setdefault("lang", value["language"])
    given = {name: _text(value, name, path, number) for name in (*TEXT_FIELDS, *METADATA_FIELDS)}
    if not any(value.get(name) is not None for name in TEXT_FIELDS):
        raise _fault(path, number, "no text: title, lead and body are all missing")
    name = value.get("id")
    items = _items(value, len(given["body"]), path, number)
    return Document(id=str(number) if name is None else str(name), items=items, **given)


def _items(value: dict[str, Any], most: int, path: str, number: int) -> tuple[int, ...]:
    """Where the items begin: numbers as `export` writes them, or objects with a `start`."""
    given = value.get("items") or []
    listed = given if isinstance(given, list) else [None]
    starts = [one.get("start") if isinstance(one, dict) else one for one in listed]
    places = tuple(start for start in starts if type(start) is int and 0 <= start <= most)
    if len(places) < len(starts) or sorted(places) != starts:
        raise _fault(path, number, '"items" are places in the body, in order')
    return places


def _text(value: dict[str, Any], name: str, path: str, number: int) -> str:
    text = value.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise _fault(path, number, f'"{name}" is not a string but {_kind(text)}')
    return text


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")
