"""TOML files that people write: values from the environment, and the line of every key."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from crawler.config.hints import hint_of
from crawler.config.placeholders import PLACEHOLDER, file_bytes, placeholder_value
from crawler.config.positions import Location, deepest_line, lines_of
from crawler.errors import ConfigError, ConfigFaults
from crawler.faults import Fault, FileFault
from crawler.faults.fault import Value
from crawler.frozen import dataclass

# Pydantic's messages use the words of Python; these kinds use those of TOML. Beside each stands
# what Pydantic knows of its parameters.
_PLAIN: dict[str, tuple[FileFault, Mapping[str, str]]] = {
    "tuple_type": (FileFault.WANTS_LIST, {}),
    "string_type": (FileFault.WANTS_TEXT, {}),
    "int_type": (FileFault.WANTS_INTEGER, {}),
    "int_parsing": (FileFault.WANTS_INTEGER, {}),
    "int_from_float": (FileFault.BROKEN_INTEGER, {}),
    "float_type": (FileFault.WANTS_NUMBER, {}),
    "float_parsing": (FileFault.PARSED_NUMBER, {}),
    "finite_number": (FileFault.ENDLESS_VALUE, {}),
    "bool_type": (FileFault.WANTS_BOOLEAN, {}),
    "bool_parsing": (FileFault.WANTS_BOOLEAN, {}),
    "path_type": (FileFault.WANTS_TEXT, {}),
    "dict_type": (FileFault.WANTS_TABLE, {}),
    "model_type": (FileFault.WANTS_TABLE, {}),
    "too_short": (FileFault.FEW_ITEMS, {"least": "min_length"}),
    "too_long": (FileFault.MANY_ITEMS, {"most": "max_length"}),
    "string_too_short": (FileFault.SHORT_TEXT, {}),
    "string_too_long": (FileFault.LONG_TEXT, {"most": "max_length"}),
    "string_pattern_mismatch": (FileFault.NO_PATTERN, {"pattern": "pattern"}),
    "greater_than_equal": (FileFault.TOO_SMALL, {"least": "ge"}),
    "less_than_equal": (FileFault.TOO_GREAT, {"most": "le"}),
}

_ENDLESS = re.compile(r"[0-9_]{4300}")
_LONGEST_FAULT = 300  # characters; chosen: what was written is shown, but not all of it
# From this similarity on, an unknown key counts as a typing error. It is difflib's own default.
_SLIP = 0.6


class Table(BaseModel):
    """A table of a configuration file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def fault(what: Fault) -> PydanticCustomError:
    """The error that a validator raises; the user sees the fault with its advice."""
    shown = Fault(what.kind, tuple(map(_shortened, what.values)))
    return PydanticCustomError("nieuwswacht", "{what}", {"what": str(shown), "fault": shown})


def _shortened(value: Value) -> Value:
    long = isinstance(value, str) and len(value) > _LONGEST_FAULT
    return f"{str(value)[:_LONGEST_FAULT]}…" if long else value


def choice_fault(choices: str) -> Fault:
    """The fault of a value that is none of these, given as `'a', 'b' or 'c'`."""
    others, _, last = choices.rpartition(" or ")
    if not others:
        return FileFault.ONE_CHOICE(choice=last)
    return FileFault.NO_CHOICE(others=others, last=last)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file as read: its `data` with placeholders filled in, and its `text`."""

    path: Path
    data: dict[str, Any]
    text: str = field(repr=False)

    @property
    def lines(self) -> Mapping[Location, int]:
        """The line of each table and key; worked out when a fault is told, which few files have."""
        return _lines_in(self.text)

    def line(self, at: Location) -> int | None:
        """The line of this location, or of the closest location around it that has one."""
        for end in range(len(at), 0, -1):
            if at[:end] in self.lines:
                return self.lines[at[:end]]
        return None

    def error(self, what: Fault, *, at: Location, key: str = "") -> ConfigError:
        """An error that names file, line and table, and a key if one is given."""
        table = ": ".join(filter(None, (self._table(at), key)))
        return ConfigError(what, path=str(self.path), line=self.line(at), table=table)

    def _table(self, at: Location) -> str:
        """The table as a user knows it: `source "nos"`, or `[crawl]`."""
        if len(at) > 1 and isinstance(at[1], int):
            item = self.data[str(at[0])][at[1]]
            name = item.get("id") if isinstance(item, dict) else None
            return f'{at[0]} "{name}"' if name else f"{at[0]} {at[1] + 1}"
        return f"[{at[0]}]" if len(at) > 1 else ""


@lru_cache(maxsize=1)  # a file may have many faults
def _lines_in(text: str) -> Mapping[Location, int]:
    return dict(lines_of(text))


def read_toml(path: Path, *, environ: Mapping[str, str] = os.environ) -> TomlFile:
    """The file with its placeholders filled in.

    Raises:
        ConfigFaults: it cannot be read, is not valid TOML, or a placeholder has no value.
    """
    try:
        raw = file_bytes(path)
    except OSError as error:
        said = str(error.strerror)
        if isinstance(error, FileNotFoundError):
            folder = shlex.quote(str(path.parent))
            what = FileFault.FILE_MISSING(error=said, folder=folder)
        else:
            what = FileFault.FILE_UNREAD(error=said)
        raise ConfigFaults([ConfigError(what, path=str(path))]) from error
    return toml_of(raw, path, environ=environ)


def toml_of(raw: bytes, path: Path, *, environ: Mapping[str, str] = os.environ) -> TomlFile:
    """The same of bytes that stand, or will stand, in this file."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _whole_file(path, FileFault.NOT_UTF8(), line) from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = hint_of(str(error), text)
        raise _whole_file(path, hint.fault, hint.line) from error
    except RecursionError:
        raise _whole_file(path, FileFault.DEEP_TOML(), deepest_line(text)) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise _too_long(path, text) from None
    try:
        return _filled_in(TomlFile(path, data, text), environ)
    except RecursionError:
        lines = _lines_in(text)
        line = lines[max(lines, key=len)]
        raise _whole_file(path, FileFault.DEEP_TOML(), line) from None


def _too_long(path: Path, text: str) -> ConfigFaults:
    found = _ENDLESS.search(text)
    line = text.count("\n", 0, found.start() if found else 0) + 1
    return _whole_file(path, FileFault.ENDLESS_NUMBER(), line)


def _whole_file(path: Path, what: Fault, line: int) -> ConfigFaults:
    return ConfigFaults([ConfigError(what, path=str(path), line=line)])


def _filled_in(file: TomlFile, environ: Mapping[str, str]) -> TomlFile:
    faults: list[ConfigError] = []

    def fill(value: Any, at: Location) -> Any:
        if isinstance(value, dict):
            return {key: fill(inner, (*at, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [fill(inner, (*at, number)) for number, inner in enumerate(value)]
        if isinstance(value, str) and "${" in value:
            return PLACEHOLDER.sub(
                lambda found: replaced(found[1], at) if found[2] else found[0], value
            )
        return value

    def replaced(name: str, at: Location) -> str:
        try:
            return placeholder_value(name, file.path.parent, environ)
        except (KeyError, OSError, ValueError) as error:
            faults.append(file.error(_without_value(name, error), at=at))
            return ""

    data = fill(file.data, ())
    if faults:
        raise ConfigFaults(faults)
    return TomlFile(file.path, data, file.text)


def _without_value(name: str, error: Exception) -> Fault:
    """Why this placeholder has no value."""
    shown = repr(name)[1:-1]
    if not name.startswith("file:"):
        return FileFault.NO_VARIABLE(name=repr(name), shown=shown)
    file = repr(name.removeprefix("file:"))
    match error:
        case FileNotFoundError():
            return FileFault.NO_SECRET(file=file, shown=shown)
        case OSError():
            said = str(error.strerror)
            return FileFault.SECRET_UNREAD(file=file, error=said, shown=shown)
        case UnicodeError():
            return FileFault.SECRET_NOT_UTF8(file=file, shown=shown)
        case _:
            return FileFault.SECRET_UNNAMED(file=file, shown=shown)


def validated(file: TomlFile, model: type[ModelT]) -> ModelT:
    """The file as this model.

    Raises:
        ConfigFaults: every fault, each with its line and remedy.
    """
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        faults = [_fault_of(file, model, detail) for detail in details]
        raise ConfigFaults(sorted(faults, key=lambda found: found.line or 0)) from None


def _fault_of(file: TomlFile, model: type[BaseModel], detail: ErrorDetails) -> ConfigError:
    at = _location(file.data, detail["loc"])
    key = str(at[-1]) if at else ""
    if detail["type"] == "extra_forbidden":
        return file.error(_unknown_key(key, _keys(model, at)), at=at)
    if detail["type"] == "missing":
        return _missing(file, at, str(detail["loc"][-1]))
    context = detail.get("ctx", {})
    if detail["type"].startswith("union_tag_"):
        return _kind_fault(file, at, context)
    place = key if isinstance(at[-1] if at else None, str) else ""
    return file.error(_value_fault(detail, context), at=at, key=place)


def _value_fault(detail: ErrorDetails, context: Mapping[str, Any]) -> Fault:
    """What Pydantic, or a validator of ours, has against a value."""
    if isinstance(found := context.get("fault"), Fault):
        return found
    if detail["type"] in {"literal_error", "enum"}:
        return choice_fault(str(context["expected"]))
    if detail["type"] in _PLAIN:
        kind, names = _PLAIN[detail["type"]]
        return kind(**{name: str(context[held]) for name, held in names.items()})
    return FileFault.WRONG_VALUE(said=detail["msg"])


def _kind_fault(file: TomlFile, at: Location, context: Mapping[str, Any]) -> ConfigError:
    """The fault of a table that comes in several kinds and names none of them."""
    key = context["discriminator"].strip("'")
    if "tag" not in context:
        return _missing(file, at, key)
    kinds = re.findall("'([^']*)'", context["expected_tags"])
    near = difflib.get_close_matches(context["tag"], kinds, 1, _SLIP)
    tag = str(context["tag"])
    wrong = (
        FileFault.UNKNOWN_TAG_NEAR(tag=tag, near=near[0])
        if near
        else FileFault.UNKNOWN_TAG(tag=tag, tags=", ".join(kinds))
    )
    return file.error(wrong, at=(*at, key), key=key)


def _missing(file: TomlFile, at: Location, key: str) -> ConfigError:
    return file.error(FileFault.NO_KEY(key=key), at=(*at, key))


def _location(data: Any, loc: tuple[int | str, ...]) -> Location:
    """Pydantic's location without the steps that are not in the file (a union adds its tag)."""
    at: Location = ()
    for step in loc:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
        else:
            continue
        at = (*at, step)
    return at


def _keys(model: type[BaseModel], at: Location) -> list[str]:
    """The keys that are allowed in the place of this unknown one."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    nodes = list(_variants(schema, definitions))
    for step in at[:-1]:
        below = [
            node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
            for node in nodes
        ]
        nodes = [found for node in below if node for found in _variants(node, definitions)]
    return list(dict.fromkeys(key for node in nodes for key in node.get("properties", {})))


def _variants(node: dict[str, Any], definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the nodes that a node of the schema stands for, with references and unions resolved."""
    if "$ref" in node:
        yield from _variants(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    elif "anyOf" in node or "oneOf" in node:
        for inner in node.get("anyOf", node.get("oneOf", [])):
            yield from _variants(inner, definitions)
    else:
        yield node


def _unknown_key(key: str, keys: list[str]) -> Fault:
    if near := difflib.get_close_matches(key, keys, 1, _SLIP):
        return FileFault.UNKNOWN_KEY_NEAR(key=key, near=near[0])
    return FileFault.UNKNOWN_KEY(key=key, keys=", ".join(keys))
