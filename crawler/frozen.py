"""`dataclass` of the standard library, whose methods are written when they are first called.

The standard library compiles up to six methods for each type while its module is loaded. For a
command that takes a quarter of its start, and most of the types that it loads it never makes. Here
a type begins with methods that have `dataclasses` write the real ones, which take their places.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, NoReturn, cast

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - for those who import it
else:

    def dataclass(cls: type | None = None, /, **asked: bool) -> object:
        """The decorator; with other options than these four it is that of the library.

        So it is for a type that has one of these methods by itself, such as a `__repr__` that
        hides a secret: which of them stay is a long story that the library knows.
        """
        late = asked.keys() <= {"frozen", "slots", "kw_only", "order"}

        def made(named: type) -> object:
            if late and _WRITTEN.isdisjoint(vars(named)):
                return _begun(named, **asked)
            return dataclasses.dataclass(**asked)(named)

        return made if cls is None else made(cls)


_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
_WRITTEN = frozenset(
    {
        *("__init__", "__repr__", "__eq__", "__hash__", *_ORDER),
        *("__setattr__", "__delattr__", "__getstate__", "__setstate__"),
    }
)


def _begun(
    cls: type,
    *,
    frozen: bool = False,
    slots: bool = False,
    kw_only: bool = False,
    order: bool = False,
) -> type:
    """The type with its fields, and with methods that are still to be written."""
    fields = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
    made: Any = fields(cls)
    for name in ("__init__", "__repr__", "__eq__", *(_ORDER if order else ())):
        setattr(made, name, _unwritten(made, name, frozen=frozen, slots=slots))
    made.__hash__ = _unwritten(made, "__hash__", frozen=True, slots=slots) if frozen else None
    if frozen:
        made.__setattr__, made.__delattr__ = _refuse_setting, _refuse_deleting
    if frozen and slots:
        made.__getstate__, made.__setstate__ = _state, _take_state
    return cast("type", made)


def _unwritten(cls: Any, name: str, *, frozen: bool, slots: bool) -> Callable[..., Any]:
    def method(self: object, *args: object, **named: object) -> object:
        written = _written(cls, name, frozen=frozen, slots=slots)
        setattr(cls, name, written)
        return written(self, *args, **named)

    return method


def _written(cls: Any, name: str, *, frozen: bool, slots: bool) -> Callable[..., Any]:
    """The method, as `dataclasses` writes it for a type with the same fields."""
    like = dataclasses.make_dataclass(
        cls.__qualname__,
        [(field.name, field.type, copy(field)) for field in dataclasses.fields(cls)],
        namespace={each: getattr(cls, each) for each in ("__post_init__",) if hasattr(cls, each)},
        init=name == "__init__",
        repr=name == "__repr__",
        order=name in _ORDER,
        frozen=frozen,
        slots=slots,
    )
    written: Callable[..., Any] = vars(like)[name]
    return written


def _refuse_setting(self: object, name: str, _: object) -> NoReturn:  # noqa: ARG001 - of its form
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: object, name: str) -> NoReturn:  # noqa: ARG001 - of its form
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _take_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
