"""`rules.toml` as text in which one table changes and all else stays as it is written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.items import Array, Item

from alerts.faults import SettingFault
from crawler.config import lines_of
from crawler.errors import HandEditError
from crawler.frozen import dataclass

_DEFAULTS: dict[str, Any] = {
    "name": "",
    "enabled": True,
    "section": "",
    "channels": None,
    "priority": "normal",
    "outlets": (),
    "must_match": (),
    "must_not_match": (),
    "volume": None,
}
_LISTS = ("channels", "outlets", "must_match", "must_not_match")
# A line at the end of a table that may belong to the next one.
_BETWEEN = re.compile(r"\s*(#(?!.*('''|\"\"\")).*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as it is, or shall be, written in its table.

    `channels` is None where the table names none, so that those of `[defaults]` are meant. `volume`
    is what `[rule.volume]` says, as it is written.
    """

    id: str
    name: str = ""
    enabled: bool = True
    section: str = ""
    query: str = ""
    channels: tuple[str, ...] | None = None
    priority: str = "normal"
    outlets: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()
    volume: Mapping[str, Any] | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Its keys with their values, in the order of a table."""
        return asdict(self)


def draft_in(text: str, rule_id: str) -> RuleDraft | None:
    """The rule of this id as the text has it; None if there is none.

    Raises:
        HandEditError: its table is not one that can be changed here.
    """
    found = _numbered(text, rule_id)
    if found is None:
        return None
    table = found[1]
    if "${" in repr(table):
        raise HandEditError(SettingFault.VALUES_ELSEWHERE())
    try:
        given: dict[str, Any] = {
            key: tuple(value) if key in _LISTS else value for key, value in table.items()
        }
        draft = RuleDraft(**given)
    except TypeError as error:
        raise HandEditError(SettingFault.STRANGE_KEYS()) from error
    sound = isinstance(given.get("enabled", True), bool)
    if not sound or not all(isinstance(each, str) for each in _texts(draft)):
        raise HandEditError(SettingFault.STRANGE_KEYS())
    return draft


def with_rule(text: str, draft: RuleDraft) -> str:
    """The text with this rule in place of the one of the same id, or at its end.

    Only what is different is written anew; comments, order and the form of values stay.

    Raises:
        HandEditError: the text has no table of its own for each rule.
    """
    found = _numbered(text, draft.id)
    if found is None:
        if not isinstance(_data_of(text).get("rule", []), list) or _inline(text):
            raise HandEditError(SettingFault.ONE_LIST())
        above = text if text.endswith("\n") or not text else f"{text}\n"
        changed = f"{above}\n{rule_text(draft)}" if above.strip() else rule_text(draft)
    else:
        start, end = _extent(text, found[0])
        changed = text[:start] + _changed(text[start:end], draft) + text[end:]
    _make_sure(text, changed, draft)
    return changed


def rule_text(draft: RuleDraft) -> str:
    """A new table for this rule."""
    rows = [
        f"{key} = {_written(key, value)}"
        for key, value in draft.values.items()
        if value != _DEFAULTS.get(key)
    ]
    return "\n".join(["[[rule]]", *rows, ""])


def table_in(text: str, rule_id: str) -> str:
    """The table of a rule as it is written; empty if there is none."""
    found = _numbered(text, rule_id)
    if found is None:
        return ""
    try:
        start, end = _extent(text, found[0])
    except HandEditError:
        return ""
    return text[start:end]


def with_line_ends(old: str, new: str) -> str:
    """The new text with the line ends of the old one, each line of which keeps its own."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    plain = [line.replace("\r\n", "\n") for line in before]
    usual = "\r\n" if 2 * old.count("\r\n") > old.count("\n") else "\n"
    head = _common(plain, after)
    tail = _common(plain[head:][::-1], after[head:][::-1])
    middle = [line.replace("\n", usual) for line in after[head : len(after) - tail]]
    return "".join([*before[:head], *middle, *before[len(before) - tail :]])


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same, from the beginning on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _data_of(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _numbered(text: str, rule_id: str) -> tuple[int, dict[str, Any]] | None:
    rules = _data_of(text).get("rule", [])
    for number, table in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(table, dict) and table.get("id") == rule_id:
            return number, table
    return None


def _texts(draft: RuleDraft) -> Iterator[object]:
    for key, value in draft.values.items():
        if key not in {"enabled", "volume"} and value is not None:
            yield from value if isinstance(value, tuple) else (value,)


def _inline(text: str) -> bool:
    """Whether rules are written `rule = [...]`."""
    places = {at for at, _ in lines_of(text)}
    return ("rule",) in places and ("rule", 0) not in places


def _extent(text: str, number: int) -> tuple[int, int]:
    """Where the table of the rule with this number begins, and where it ends."""
    places = list(lines_of(text))
    first = next((line for at, line in places if at == ("rule", number)), None)
    if first is None:
        raise HandEditError(SettingFault.ONE_LIST())
    inside = ("rule", number)
    after = [line for at, line in places if line > first and at[:2] != inside and at != ("rule",)]
    lines = text.splitlines(keepends=True)
    last = min(after, default=len(lines) + 1) - 1
    while last > first and _BETWEEN.match(lines[last - 1]):
        last -= 1
    return len("".join(lines[: first - 1])), len("".join(lines[:last]))


def _changed(table: str, draft: RuleDraft) -> str:
    """This one table with the values of a draft."""
    document = tomlkit.parse(table)
    rule: Any = document["rule"][0]
    for key, value in draft.values.items():
        held = rule.get(key, _DEFAULTS.get(key))
        if key in _LISTS and value is not None:
            _change_list(rule, key, value)
        elif held != value and value == _DEFAULTS.get(key) and key != "priority":
            rule.remove(key)
        elif held != value:
            rule[key] = _item(key, value)
    return tomlkit.dumps(document)


def _change_list(rule: Any, key: str, wanted: tuple[str, ...]) -> None:
    held = rule.get(key)
    if held is None or not isinstance(held, Array):
        if wanted != _DEFAULTS.get(key):
            rule[key] = _item(key, wanted)
        return
    steps = SequenceMatcher(None, list(held), list(wanted), autojunk=False).get_opcodes()
    for _, a, b, c, d in reversed([step for step in steps if step[0] != "equal"]):
        for place in range(b - 1, a - 1, -1):
            del held[place]
        for place, value in enumerate(wanted[c:d], a):
            held.insert(place, tomlkit.value(_quoted(value)))


def _item(key: str, value: Any) -> Item:
    return tomlkit.value(_written(key, value))


def _written(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{name} = {_written(name, each)}" for name, each in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _query_written(value) if key == "query" else _quoted(value)
    if key not in ("must_match", "must_not_match"):
        return f"[{', '.join(map(_quoted, value))}]"
    rows = "".join(f"\n  {_quoted(each)}," for each in value)
    return f"[{rows}\n]"


def _query_written(query: str) -> str:
    """A query, which is full of double quotes and reads best as it is."""
    if "'''" in query or query.endswith("'"):
        return tomlkit.string(query, multiline="\n" in query).as_string()
    if "\n" in query:
        return f"'''\n{query}'''"
    return f"'{query}'" if "'" not in query else f"'''{query}'''"


def _quoted(text: str) -> str:
    if "\n" not in text and "'" not in text and ('"' in text or "\\" in text):
        return f"'{text}'"
    return tomlkit.string(text).as_string()


def _make_sure(old: str, new: str, draft: RuleDraft) -> None:
    """Make sure that the new text differs from the old one in this rule alone."""
    try:
        found, before = _data_of(new), _data_of(old)
    except tomllib.TOMLDecodeError as error:
        raise HandEditError(SettingFault.UNUSUAL_FORM()) from error
    now = [_filled(table) for table in found.pop("rule")]
    then = [_filled(table) for table in before.pop("rule", [])]
    wanted = _filled({**draft.values})
    if any(table.get("id") == draft.id for table in then):
        expected = [wanted if table.get("id") == draft.id else table for table in then]
    else:
        expected = [*then, wanted]
    if found != before or now != expected:
        raise HandEditError(SettingFault.UNUSUAL_FORM())


def _filled(table: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**_DEFAULTS, **table}
    return {
        key: list(value) if isinstance(value, list | tuple) else value
        for key, value in whole.items()
    }
