"""Sources as the text of a catalogue: what `sources.toml` says of each."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from datetime import timedelta

from crawler.addresses.article_key import outlet_slug
from crawler.model import Fetch, Source
from crawler.text.plain import one_line

MAX_ID = 64
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def catalogue_of(sources: Iterable[Source]) -> str:
    """TOML that reads back as these sources; values that are defaults are left out."""
    return "\n".join(map(_table, sources))


def inert(text: str) -> str:
    """The text, in which nothing is filled in from the environment when the catalogue is read.

    What is imported from others may not name our secrets.
    """
    address = re.match(r"https?://", text)
    return text.replace("${", "$%7B" if address else "$ {")


def free_id(words: str, taken: Collection[str]) -> str:
    """An id made of these words that is not taken; a number is added where it must be."""
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
    """A TOML value; JSON's strings are TOML's, but for a control character that is cleaned away."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(inert(one_line(value)), ensure_ascii=False)


def _duration(span: timedelta) -> str:
    seconds = max(1, round(span.total_seconds()))
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"
