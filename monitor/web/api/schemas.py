"""The objects of `--json`, described in JSON Schema; more fields may come."""

from __future__ import annotations

from typing import Any

_Schema = dict[str, Any]
_TEXT: _Schema = {"type": "string"}
_TEXTS: _Schema = {"type": "array", "items": _TEXT}
_NUMBER: _Schema = {"type": "integer"}
_FLAG: _Schema = {"type": "boolean"}
_TIME: _Schema = {"type": "string", "format": "date-time"}
_SECONDS: _Schema = {"type": ["number", "null"], "description": "in seconds"}
_ANY: _Schema = {"type": "object"}


def _or_null(schema: _Schema) -> _Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _list(**fields: _Schema) -> _Schema:
    return {"type": "array", "items": _object(**fields)}


def _object(**fields: _Schema) -> _Schema:
    return {"type": "object", "required": list(fields), "properties": fields}


_MAYBE, _SOMETIME = _or_null(_TEXT), _or_null(_TIME)
SCHEMAS: dict[str, _Schema] = {
    "Fault": _object(error=_TEXT),
    "Story": _object(
        id=_TEXT,
        match=_NUMBER | {"description": "the number of its newest match"},
        at=_TIME | {"description": "when it was found last"},
        article=_TEXT | {"description": "the id of its first article that matched"},
        title=_TEXT,
        outlet=_TEXT,
        url=_TEXT,
        also=_TEXTS | {"description": "the other outlets that have it"},
        rules=_TEXTS,
        states=_TEXTS,
        quote=_TEXT,
        articles=_NUMBER,
        revisions=_NUMBER,
        told=_list(channel=_MAYBE, state=_TEXT, at=_SOMETIME, reason=_MAYBE),
    ),
    "Article": _object(
        id=_TEXT,
        url=_TEXT,
        outlet=_TEXT,
        source=_TEXT,
        title=_TEXT,
        lead=_TEXT,
        body=_TEXT,
        author=_MAYBE,
        published=_TIME,
        published_from=_TEXT,
        first_seen=_TIME,
        partial=_FLAG,
        live=_MAYBE,
        items=_list(start=_NUMBER, at=_SOMETIME),
        withdrawn=_SOMETIME,
        story=_object(id=_TEXT, articles=_TEXTS),
        revisions=_list(number=_NUMBER, seen=_TIME, title=_TEXT, whole=_FLAG),
        matches=_list(rule=_TEXT, hits=_list(field=_TEXT, start=_NUMBER, end=_NUMBER, text=_TEXT)),
    ),
    "Rule": _object(
        id=_TEXT,
        name=_TEXT,
        query=_TEXT,
        channels=_TEXTS,
        priority=_TEXT,
        outlets=_TEXTS,
        must_match=_TEXTS,
        must_not_match=_TEXTS,
        hash=_TEXT,
    ),
    "Source": _object(
        id=_TEXT,
        outlet=_TEXT,
        kind=_TEXT,
        url=_TEXT,
        every=_SECONDS,
        enabled=_FLAG,
        last_poll=_SOMETIME,
        last_success=_SOMETIME,
        last_new=_SOMETIME,
        next_poll=_SOMETIME,
        status=_or_null(_NUMBER),
        error=_MAYBE,
        failures=_NUMBER,
        took=_SECONDS,
        interval=_SECONDS,
        health=_MAYBE,
        reason=_TEXT,
        counters={"type": "object", "additionalProperties": _NUMBER},
        gaps={"type": "array", "items": _ANY},
        missed=_NUMBER,
    ),
    "Delivery": _object(
        id=_TEXT,
        channel=_TEXT,
        target=_TEXT,
        kind=_TEXT,
        cause=_TEXT,
        priority=_TEXT,
        state=_TEXT,
        reason=_MAYBE,
        detail=_TEXT,
        created=_TIME,
        due=_TIME,
        expires=_TIME,
        closed=_SOMETIME,
        merged_into=_MAYBE,
        alerts={"type": "array", "items": _ANY},
        attempts={"type": "array", "items": _ANY},
        shown=_list(alert=_TEXT, passages=_NUMBER, announced=_NUMBER),
        waiting=_or_null(_ANY),
    ),
    "Untold": _object(
        article=_TEXT,
        story=_TEXT,
        channel=_MAYBE,
        target=_MAYBE,
        rules=_TEXTS,
        field=_TEXT,
        text=_TEXT,
        state=_TEXT,
        reason=_MAYBE,
        delivery=_MAYBE,
        matched=_TIME,
        told=_SOMETIME,
        decided=_SOMETIME,
        words=_TEXT,
    ),
    "Status": _object(
        healthy=_FLAG,
        problems=_TEXTS,
        notes=_TEXTS,
        daemon=_ANY,
        sources=_ANY,
        counters=_ANY,
        queues=_ANY,
        passages=_ANY,
        silences={"type": "array", "items": _ANY},
        last_poll=_SOMETIME,
        last_delivery=_SOMETIME,
        archive=_ANY,
        database=_ANY,
        backup=_or_null(_ANY),
    ),
}
