"""What the API answers, described in OpenAPI 3.1; each endpoint reads its parameters by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crawler.errors import NieuwswachtError
from crawler.frozen import dataclass
from monitor.web.api.schemas import SCHEMAS

ROOT = "/api/v1"
_LONGEST = 300
_SPAN = r"^(\d{1,4}[hd]|(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8]))$"
_NUMBER = r"^\d{1,18}$"


class ParameterError(NieuwswachtError):
    """A parameter is not what it has to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter: its schema, and how it is read."""

    name: str
    says: str
    schema: Mapping[str, Any]
    place: str = "query"

    def read(self, given: str | None) -> Any:
        """The value of what was given, the default if nothing was.

        Raises:
            ParameterError: it is not what it has to be.
        """
        if given is None:
            return self.schema.get("default", "")
        if self.schema["type"] == "integer":
            low, high = self.schema["minimum"], self.schema["maximum"]
            if not (re.fullmatch(_NUMBER, given, re.ASCII) and low <= int(given) <= high):
                raise ParameterError(f"{self.name} is a number from {low} to {high}")
            return int(given)
        if len(given) > self.schema["maxLength"]:
            raise ParameterError(f"{self.name} is too long")
        if "pattern" in self.schema and not re.fullmatch(self.schema["pattern"], given, re.ASCII):
            raise ParameterError(f"{self.name} is not {self.says}")
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One thing to ask for; `item` is the schema of what it gives, in pages if it is a list."""

    says: str
    item: str
    parameters: tuple[Parameter, ...] = ()
    is_list: bool = True


def _text(name: str, says: str, **more: Any) -> Parameter:
    schema = {"type": "string", "maxLength": _LONGEST, **more}
    return Parameter(name=name, says=says, schema=schema)


_LIMIT = Parameter(
    name="limit",
    says="how many at most",
    schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
)
_BEFORE = _text("before", "where the page begins, as `next` of the one before has it")
_DAY = {"pattern": _SPAN}
ENDPOINTS = {
    "stories": Endpoint(
        says="The stories of the timeline, the newest find first",
        item="Story",
        parameters=(
            _text("rule", "the id of a rule, or `-` and the id for all others"),
            _text("outlet", "an outlet, or `-` and its name for all others"),
            _text("state", "changed, live, urgent or withdrawn; with `-`, the others"),
            _text("told", "told, owed or untold; with `-`, the others"),
            _text("since", "a day (2026-03-01) or a span back from now (3d, 12h)", **_DAY),
            _text("until", "a day or a span, whose end it is", **_DAY),
            _text("before", "where the page begins, as `next` has it", pattern=_NUMBER),
        ),
    ),
    "articles": Endpoint(
        says="Articles as `show --json` gives them, the last stored first",
        item="Article",
        parameters=(_text("outlet", "an outlet"), _LIMIT, _BEFORE),
    ),
    "articles/{article}": Endpoint(
        says="One article as `show --json` gives it",
        item="Article",
        parameters=(
            Parameter(
                name="article",
                says="the id of an article",
                schema={"type": "string", "maxLength": _LONGEST},
                place="path",
            ),
        ),
        is_list=False,
    ),
    "rules": Endpoint(says="The rules in force, as `rules list --json`", item="Rule"),
    "sources": Endpoint(says="The sources, as `sources list --json`", item="Source"),
    "deliveries": Endpoint(
        says="Deliveries as `alerts log --json`, the newest first",
        item="Delivery",
        parameters=(_LIMIT, _BEFORE),
    ),
    "untold": Endpoint(
        says="What was not told, as `alerts untold --json`, the latest decision first",
        item="Untold",
        parameters=(_LIMIT, _BEFORE),
    ),
    "status": Endpoint(says="What `status --json` says", item="Status", is_list=False),
}
_FAULT = {"$ref": "#/components/schemas/Fault"}
_FAULTS = {
    "400": "A parameter is not what it has to be",
    "404": "There is no such thing",
    "503": "It took longer than a second",
}
_REFUSALS = {"401": "A token is needed", "403": "Not allowed", "414": "The address is too long"}


def description() -> dict[str, Any]:
    """The description of the API, as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Nieuwswacht",
            "version": "1",
            "description": "What the commands print with --json. Fields are only ever added.",
        },
        "paths": {
            f"{ROOT}/{path}": {"get": _operation(path, it)} for path, it in ENDPOINTS.items()
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # A token is needed where the page has a password, and nowhere else.
        "security": [{}, {"token": []}],
    }


def _operation(path: str, endpoint: Endpoint) -> dict[str, Any]:
    found: dict[str, Any] = {"$ref": f"#/components/schemas/{endpoint.item}"}
    if endpoint.is_list:
        found = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": found},
                "next": {"type": ["string", "null"], "description": "where the next page is"},
            },
        }
    answers = {"200": endpoint.says, **_FAULTS}
    return {
        "operationId": re.sub(r"\W+", "_", path).strip("_"),
        "summary": endpoint.says,
        "parameters": [_parameter(each) for each in endpoint.parameters],
        "responses": {
            **{
                status: {
                    "description": said,
                    "content": {
                        "application/json": {"schema": found if status == "200" else _FAULT}
                    },
                }
                for status, said in answers.items()
            },
            **{
                status: {"description": said, "content": {"text/plain": {}}}
                for status, said in _REFUSALS.items()
            },
        },
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": one.place,
        "required": one.place == "path",
        "description": one.says,
        "schema": dict(one.schema),
    }
