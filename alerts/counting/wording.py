"""The wording of a rule: all on which its matches depend."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Protocol

from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One wording of a rule: its query, its outlets, and the concepts it uses with all they use."""

    rule: str
    hash: str
    query: str
    outlets: tuple[str, ...] = ()
    concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The wording as lines of text, of which two can be compared."""
        lines = [f"query: {line.strip()}" for line in self.query.strip().splitlines()]
        lines += [f"outlet: {outlet}" for outlet in self.outlets]
        for name, texts in sorted(self.concepts.items()):
            lines += [f"@{name}: {text}" for text in texts]
        return lines


class Worded(Protocol):
    """A rule, as far as its wording goes."""

    @property
    def id(self) -> str:
        """Its id in `rules.toml`."""

    @property
    def hash(self) -> str:
        """What changes with its wording."""

    @property
    def wording(self) -> Wording:
        """Its wording, put together when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingHistory:
    """A wording with the times from when to when it was in force, and what it has found.

    `articles` were found as they came in, `applied` are those that it was applied to later.
    `wording` is None if only its matches are known, as of those from before wordings were kept.
    """

    rule: str
    hash: str
    wording: Wording | None
    spans: tuple[tuple[datetime, datetime | None], ...]
    articles: int = 0
    applied: int = 0


def concept_hash(name: str, texts: tuple[str, ...]) -> str:
    """What changes with a concept."""
    definition = repr((name, texts)).encode("utf-8", "replace")
    return hashlib.blake2b(definition, digest_size=8).hexdigest()
