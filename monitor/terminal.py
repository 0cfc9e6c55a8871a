"""The terminal, or what output goes to instead."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from monitor.program import as_started


class Terminal(Console):
    """A console that names commands in the form in which this reader can type them."""

    @property
    def plain(self) -> bool:
        """Whether it shows no colours, so that signs must say what colours would say."""
        return self.no_color or self.color_system is None

    def print(self, *objects: Any, **settings: Any) -> None:
        """Print as rich does. Foreign text must be a `Text`, and is left as it is."""
        told = (as_started(each) if isinstance(each, str) else each for each in objects)
        super().print(*told, **settings)
