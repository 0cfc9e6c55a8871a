"""A fault: its kind and parameters. It gets its words last, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self, TypeAlias

from crawler.frozen import dataclass

Value: TypeAlias = "str | int | float | Fault"


class FaultKind(StrEnum):
    """A kind of fault, with the names of its parameters; calling it makes a fault.

    The words of each enumeration are in data files in its package: `en.toml`, `nl.toml`.
    """

    parameters: tuple[str, ...]

    def __new__(cls, value: str, *parameters: str) -> Self:
        """A member, from its value and the names of its parameters in their order."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.parameters = parameters
        return kind

    def __call__(self, **parameters: Value) -> Fault:
        """The fault of this kind with these parameters; exactly those of the kind must be given."""
        if parameters.keys() != set(self.parameters):
            raise TypeError(f"{self} takes {self.parameters}, not {tuple(parameters)}")
        return Fault(self, tuple(parameters[name] for name in self.parameters))


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong; `values` stand in the order of the kind's parameters.

    `str()` gives it in English, as commands, `--json` and logs show it.
    """

    kind: FaultKind
    values: tuple[Value, ...] = ()

    def __getitem__(self, name: str) -> Value:
        return self.values[self.kind.parameters.index(name)]

    @property
    def named(self) -> Mapping[str, Value]:
        """The parameters by name."""
        return dict(zip(self.kind.parameters, self.values, strict=True))

    def __str__(self) -> str:
        from crawler.faults.wording import worded

        return worded(self, "en")
