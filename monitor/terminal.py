"""The terminal, or what stands in its place."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from monitor.program import as_started


class Terminal(Console):
    """A console that names commands as this reader can type them."""

    @property
    def plain(self) -> bool:
        """Whether it shows no colours, so that what they say has to be said in signs."""
        return self.no_color or self.color_system is None

    def print(self, *objects: Any, **settings: Any) -> None:
        """Print as rich does; what is foreign comes as `Text` and is left as it is."""
        told = (as_started(each) if isinstance(each, str) else each for each in objects)
        super().print(*told, **settings)
