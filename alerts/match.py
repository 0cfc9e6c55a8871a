"""What a rule found: the types between matching and delivery."""

from __future__ import annotations

from enum import StrEnum

from crawler.frozen import dataclass


class Priority(StrEnum):
    """How urgent the alerts of a rule are; `high` does not wait, and may ignore quiet hours."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence: `text` is the field from `start` to `end`, counted in code points."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """One rule that matches one document; `rule_hash` identifies the text of the rule then."""

    rule: str
    rule_hash: str
    hits: tuple[Hit, ...]
