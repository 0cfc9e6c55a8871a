"""The text of `sources.toml` for given sources."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from crawler.addresses.article_key import outlet_slug
from crawler.model import Fetch, Source
from crawler.text.plain import one_line

MAX_ID = 64  # characters; the most that the configuration accepts
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def catalogue_of(sources: Iterable[Source]) -> str:
    """TOML from which the same sources are read; default values are left out."""
    return "\n".join(map(_table, sources))


def inert(text: str) -> str:
    """The text changed so that reading the catalogue fills in nothing from the environment.

    Imported text comes from others and must not be able to name our secrets.
    """
    address = re.match(r"https?://", text)
    return text.replace("${", "$%7B" if address else "$ {")


def free_id(words: str, taken: Collection[str]) -> str:
    """An id made of these words that is not taken yet; a number is added if necessary."""
    stem = (outlet_slug(words) or "source")[: MAX_ID - 6].strip("-")
    number = 1
    name = stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _table(source: Source) -> str:
    fields: dict[str, str | bool | None] = {
        "id": source.id,
        "outlet": source.outlet,
        "kind": source.kind.value,
        "url": source.url,
        "every": _duration(source.every),
        "at_most": _duration(source.at_most) if source.at_most else None,
        "fetch": None if source.fetch is Fetch.PAGE else source.fetch.value,
        "language": None if source.language == "nl" else source.language,
        "section": source.section,
        "confidence": source.confidence,
        "archive": source.archive,
        "note": source.note or None,
        "enabled": None if source.enabled else False,
    }
    lines = ["[[source]]", *_pairs(fields)]
    if chosen := source.selectors:
        lines.append("[source.selectors]")
        lines += _pairs({name: getattr(chosen, name) for name in ("item", "link", "title", "date")})
    return "\n".join(lines) + "\n"


def _pairs(fields: dict[str, str | bool | None]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in fields.items() if value is not None]


def _value(value: str | bool) -> str:  # noqa: FBT001  (a value, not a switch)
    """A TOML value. A JSON string is a TOML string, once a control character is removed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(inert(one_line(value)), ensure_ascii=False)


def _duration(span: timedelta) -> str:
    seconds = max(1, round(span.total_seconds()))
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"


_TABLE = re.compile(r"^\s*\[")
_SOURCE = re.compile(r"^\s*\[\[\s*source\s*\]\]")
_ID = re.compile(r"^\s*id\s*=\s*[\"']([^\"']+)[\"']")
_CONFIDENCE = re.compile(r"^(\s*confidence\s*=\s*)[\"'][^\"']*[\"']")


def with_confidences(text: str, wanted: Mapping[str, str]) -> str:
    """The text of a catalogue with these confidences, by id of source; the rest is unchanged."""
    lines: list[str] = []
    table: list[str] = []
    for line in text.splitlines(keepends=True):
        if _TABLE.match(line):
            lines += _edited(table, wanted)
            table = []
        table.append(line)
    return "".join([*lines, *_edited(table, wanted)])


def _edited(table: list[str], wanted: Mapping[str, str]) -> list[str]:
    if not table or not _SOURCE.match(table[0]):
        return table
    name = next((found[1] for line in table if (found := _ID.match(line))), "")
    if name not in wanted:
        return table
    value = f'"{wanted[name]}"'
    edited = [_CONFIDENCE.sub(rf"\g<1>{value}", line) for line in table]
    if edited == table and not any(map(_CONFIDENCE.match, table)):
        last = max(at for at, line in enumerate(table) if "=" in line.partition("#")[0])
        edited.insert(last + 1, f"confidence = {value}\n")
    return edited
