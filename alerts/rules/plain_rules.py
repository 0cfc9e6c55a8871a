"""A rules file that was found good before, read without its types, which take long to load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.config import plain_toml

if TYPE_CHECKING:
    from alerts.query import Concepts


class ListedRule(NamedTuple):
    """What a list says of a rule."""

    id: str
    name: str
    priority: str
    channels: tuple[str, ...]
    text: str
    enabled: bool


def plain_concepts(path: Path) -> Concepts | None:
    """The concepts; None if they have to be read in the usual way."""
    from alerts.query import Concepts

    try:
        read = plain_toml(path).get("concepts", {}).items()
        found = {name: tuple(map(_text, expressions)) for name, expressions in read}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return None
    return Concepts(found) if all(found.values()) else None


def listed_rules(path: Path) -> list[ListedRule] | None:
    """The rules, in the order of the file; None if they have to be read in the usual way."""
    try:
        data = plain_toml(path)
        return [_listed(rule, data.get("defaults", {})) for rule in data.get("rule", ())]
    except (OSError, ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return None


def _listed(rule: dict[str, Any], defaults: dict[str, Any]) -> ListedRule:
    sections, section = defaults.get("sections", {}), rule.get("section", "")
    channels = rule.get("channels", sections.get(section, defaults.get("channels")))
    name, priority = _text(rule.get("name", "")), _text(rule.get("priority", "normal"))
    enabled = rule.get("enabled", True)
    if not isinstance(enabled, bool):  # a word, as "no", may stand for it
        raise TypeError(enabled)
    return ListedRule(
        id=_text(rule["id"]),
        name=name or _text(rule["id"]),
        priority=priority,
        channels=tuple(map(_text, channels)),
        text=_text(rule["query"]),
        enabled=enabled,
    )


def _text(value: object) -> str:
    """The text as it is written.

    Raises:
        ValueError: it is none, or a placeholder stands in it.
    """
    if not isinstance(value, str) or "${" in value:
        raise ValueError(value)
    return value
