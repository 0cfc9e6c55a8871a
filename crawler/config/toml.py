"""TOML files that people write: values from the environment, and the line of every key."""

from __future__ import annotations

import difflib
import errno
import os
import re
import shlex
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from crawler.config.hints import hint_of
from crawler.config.positions import Location, deepest_line, lines_of
from crawler.errors import ConfigError, ConfigFaults

_PLACEHOLDER = re.compile(r"\$\{([^}]*)(\}?)")  # one without its closing "}" is a fault

# Pydantic's messages use the words of Python; these use those of TOML.
_PLAIN = {
    "tuple_type": "this should be a list: [ … ]",
    "string_type": 'this should be text: "…"',
    "int_type": "this should be a whole number",
    "int_parsing": "this should be a whole number",
    "bool_type": "this should be true or false",
    "bool_parsing": "this should be true or false",
    "path_type": 'this should be text: "…"',
    "dict_type": "this should be a table",
    "model_type": "this should be a table",
    "too_short": "this list should hold at least {min_length}",
    "too_long": "this list should hold at most {max_length}",
    "string_too_short": "this text is too short",
}

_ENDLESS = re.compile(r"[0-9_]{4300}")
_LONGEST_FAULT = 300  # characters; chosen: what was written is shown, but not all of it
_LONGEST_SECRET = 64 * 1024  # bytes; chosen
# From this similarity on, an unknown key counts as a typing error. It is difflib's own default.
_SLIP = 0.6


class Table(BaseModel):
    """A table of a configuration file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def fault(what: str, remedy: str) -> PydanticCustomError:
    """The error that a validator raises; the user sees both texts."""
    shown = what if len(what) <= _LONGEST_FAULT else f"{what[:_LONGEST_FAULT]}…"
    return PydanticCustomError("nieuwswacht", "{what}", {"what": shown, "remedy": remedy})


def file_bytes(path: Path, most: int = 16 * 1024 * 1024) -> bytes:
    """What stands in an ordinary file of at most so many bytes.

    Raises:
        OSError: there is none; the text says why.
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        # A pipe would be waited for, and a device may have no end.
        raise OSError(errno.EINVAL, "this is no ordinary file")
    if found.st_size > most:
        raise OSError(errno.EFBIG, f"the file is larger than {most:,} bytes")
    return path.read_bytes()


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file as read: `data` with placeholders filled in, `lines` by location, from 1."""

    path: Path
    data: dict[str, Any]
    lines: Mapping[Location, int] = field(repr=False)

    def line(self, at: Location) -> int | None:
        """The line of this location, or of the closest location around it that has one."""
        for end in range(len(at), 0, -1):
            if at[:end] in self.lines:
                return self.lines[at[:end]]
        return None

    def error(self, what: str, *, at: Location, remedy: str) -> ConfigError:
        """An error that names file, line, table and remedy."""
        named = f"{self._table(at)}: {what}" if self._table(at) else what
        return ConfigError(named, path=str(self.path), line=self.line(at), remedy=remedy)

    def _table(self, at: Location) -> str:
        """The table as a user knows it: `source "nos"`, or `[crawl]`."""
        if len(at) > 1 and isinstance(at[1], int):
            item = self.data[str(at[0])][at[1]]
            name = item.get("id") if isinstance(item, dict) else None
            return f'{at[0]} "{name}"' if name else f"{at[0]} {at[1] + 1}"
        return f"[{at[0]}]" if len(at) > 1 else ""


def read_toml(path: Path, *, environ: Mapping[str, str] = os.environ) -> TomlFile:
    """The file with its placeholders filled in.

    Raises:
        ConfigFaults: it cannot be read, is not valid TOML, or a placeholder has no value.
    """
    try:
        raw = file_bytes(path)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        started = f"run `nieuwswacht init {shlex.quote(str(path.parent))}`"
        remedy = started if missing else "write the configuration into an ordinary file"
        what = ConfigError(f"{error.strerror}", path=str(path), remedy=remedy)
        raise ConfigFaults([what]) from error
    return toml_of(raw, path, environ=environ)


def toml_of(raw: bytes, path: Path, *, environ: Mapping[str, str] = os.environ) -> TomlFile:
    """The same of bytes that stand, or will stand, in this file."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what = ConfigError("not UTF-8", path=str(path), line=line, remedy="save the file as UTF-8")
        raise ConfigFaults([what]) from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = hint_of(str(error), text)
        wrong = ConfigError(hint.what, path=str(path), line=hint.line, remedy=hint.remedy)
        raise ConfigFaults([wrong]) from error
    except RecursionError:
        raise _too_deep(path, deepest_line(text)) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise _too_long(path, text) from None
    lines = dict(lines_of(text))
    try:
        return _filled_in(TomlFile(path, data, lines), environ)
    except RecursionError:
        raise _too_deep(path, lines[max(lines, key=len)]) from None


def _too_long(path: Path, text: str) -> ConfigFaults:
    found = _ENDLESS.search(text)
    line = text.count("\n", 0, found.start() if found else 0) + 1
    wrong = ConfigError(
        "a number has thousands of digits", path=str(path), line=line, remedy="correct the value"
    )
    return ConfigFaults([wrong])


def _too_deep(path: Path, line: int) -> ConfigFaults:
    remedy = "look for brackets, or dots in a key, that do not belong there"
    wrong = ConfigError("nested too deeply", path=str(path), line=line, remedy=remedy)
    return ConfigFaults([wrong])


def _filled_in(file: TomlFile, environ: Mapping[str, str]) -> TomlFile:
    faults: list[ConfigError] = []

    def fill(value: Any, at: Location) -> Any:
        if isinstance(value, dict):
            return {key: fill(inner, (*at, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [fill(inner, (*at, number)) for number, inner in enumerate(value)]
        if isinstance(value, str) and "${" in value:
            return _PLACEHOLDER.sub(
                lambda found: replaced(found[1], at) if found[2] else found[0], value
            )
        return value

    def replaced(name: str, at: Location) -> str:
        try:
            return _placeholder_value(name, file.path.parent, environ)
        except (KeyError, OSError, ValueError) as error:
            faults.append(file.error(_without_value(name, error), at=at, remedy=_remedy(name)))
            return ""

    data = fill(file.data, ())
    if faults:
        raise ConfigFaults(faults)
    return TomlFile(file.path, data, file.lines)


def _placeholder_value(name: str, folder: Path, environ: Mapping[str, str]) -> str:
    if not name.startswith("file:"):
        return environ[name]
    file = folder / name.removeprefix("file:")
    given = environ.get("CREDENTIALS_DIRECTORY")  # systemd's LoadCredential
    if given and not file.exists():
        file = Path(given, file.name)
    # Some editors put a byte order mark before a text.
    return file_bytes(file, _LONGEST_SECRET).decode("utf-8-sig").strip()


def _without_value(name: str, error: Exception) -> str:
    """Why this placeholder has no value."""
    if not name.startswith("file:"):
        return f"environment variable {name!r} is not there"
    what = f"file {name.removeprefix('file:')!r}"
    match error:
        case FileNotFoundError():
            return f"{what} is not there"
        case OSError():
            return f"{what} cannot be read: {error.strerror}"
        case UnicodeError():
            return f"{what} is not UTF-8"
        case _:
            return f"{what} is no name of a file"


def _remedy(name: str) -> str:
    shown = repr(name)[1:-1]
    what = "name a file that holds the value" if name.startswith("file:") else "set it"
    return f"{what}, or replace ${{{shown}}}"


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
        return file.error(f'unknown key "{key}"', at=at, remedy=_slip(key, _keys(model, at)))
    if detail["type"] == "missing":
        return _missing(file, at, str(detail["loc"][-1]))
    context = detail.get("ctx", {})
    if detail["type"].startswith("union_tag_"):
        return _kind_fault(file, at, context)
    plain = _PLAIN.get(detail["type"])
    said = plain.format_map(context) if plain else detail["msg"]
    place = f"{key}: " if isinstance(at[-1] if at else None, str) else ""
    remedy = str(context.get("remedy", "correct the value"))
    return file.error(f"{place}{context.get('what', said)}", at=at, remedy=remedy)


def _kind_fault(file: TomlFile, at: Location, context: Mapping[str, Any]) -> ConfigError:
    """The fault of a table that comes in several kinds and names none of them."""
    key = context["discriminator"].strip("'")
    if "tag" not in context:
        return _missing(file, at, key)
    kinds = re.findall("'([^']*)'", context["expected_tags"])
    near = difflib.get_close_matches(context["tag"], kinds, 1, _SLIP)
    remedy = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(kinds)}"
    return file.error(f'{key}: there is no "{context["tag"]}"', at=(*at, key), remedy=remedy)


def _missing(file: TomlFile, at: Location, key: str) -> ConfigError:
    return file.error(f'"{key}" is missing', at=(*at, key), remedy=f"add {key} = …")


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


def _slip(key: str, keys: list[str]) -> str:
    near = difflib.get_close_matches(key, keys, 1, _SLIP)
    return f'did you mean "{near[0]}"?' if near else f"the keys here are: {', '.join(keys)}"
