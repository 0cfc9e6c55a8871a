"""What a rule found: core types between matching and delivery."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Priority(StrEnum):
    """How urgent a rule's alerts are; `high` skips waiting and may skip quiet hours."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence, as code-point offsets: `text` is the field from `start` to `end`."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """One rule on one document: `rule_hash` identifies the rule's text at that time."""

    rule: str
    rule_hash: str
    hits: tuple[Hit, ...]
