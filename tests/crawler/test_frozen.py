"""Types whose methods are written late are as those of the standard library."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from copy import copy
from dataclasses import FrozenInstanceError, field, fields, replace
from itertools import product
from typing import Any

import pytest

from crawler import frozen

Decorator = Callable[..., Callable[[type], type]]
QUICK, STANDARD = frozen.dataclass, dataclasses.dataclass
EVERY = [
    {"frozen": a, "slots": b, "kw_only": c, "order": d}
    for a, b, c, d in product((True, False), repeat=4)
]


def _source(dataclass: Decorator, options: dict[str, bool]) -> Any:
    @dataclass(**options)
    class Source:
        """One of a list."""

        id: str
        tags: list[str] = field(default_factory=list, compare=False)
        password: str = field(default="", repr=False)

    return Source


def _feed(dataclass: Decorator, options: dict[str, bool]) -> Any:
    @dataclass(**options)
    class Feed(_source(dataclass, options)):
        """One with a value that is worked out."""

        name: str = field(init=False)
        polls: int = field(default=0, init=False)
        gone: list[str] = field(default_factory=list, init=False, compare=False)
        pace: int = 60

        def __post_init__(self) -> None:
            object.__setattr__(self, "name", self.id.upper())

    return Feed


def _told(work: Callable[[], object]) -> object:
    """What comes of it, as it is shown, or the fault that it raises."""
    try:
        return repr(work())
    except (TypeError, AttributeError) as error:
        return type(error), str(error)


def _facts(made: Any) -> list[object]:
    """All that can be seen of a type and of what it makes."""
    one, same, other = made(id="nos"), made(id="nos"), made(id="nu", password="geheim")
    return [
        repr(one),
        repr(other),
        [one == same, one == other, one != other, one == "nos"],
        [_told(lambda: one < other), _told(lambda: one >= same), _told(lambda: one < "nos")],
        _told(lambda: hash(one) == hash(same)),
        _told(lambda: hash(one) == hash(other)),
        _told(made),
        _told(lambda: made("nos")),
        _told(lambda: made(id="nos", brug="dicht")),
        _told(lambda: setattr(one, "password", "open")),
        _told(lambda: delattr(one, "password")),
        repr(one),
        repr(replace(same, id="rtl")),
        [getattr(same, each.name) for each in fields(made)],
        copy(other) == other,
        [(each.name, each.type, each.kw_only) for each in fields(made)],
        made.__match_args__,
        made.__qualname__,
        made.__doc__,
        sorted(getattr(made, "__slots__", ())),
    ]


@pytest.mark.parametrize("make", [_source, _feed])
@pytest.mark.parametrize("options", EVERY, ids=str)
def test_a_type_is_as_the_standard_library_makes_it(
    make: Callable[[Decorator, dict[str, bool]], Any], options: dict[str, bool]
) -> None:
    assert _facts(make(QUICK, options)) == _facts(make(STANDARD, options))


@QUICK(frozen=True, slots=True)
class Entry:
    """One that a pickle finds."""

    key: str
    seen: int = 0


def test_what_is_frozen_goes_through_a_pickle_and_stays_so() -> None:
    again = pickle.loads(pickle.dumps(Entry("nos:1")))

    assert again == Entry("nos:1")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'key'"):
        again.key = "nu:2"


def test_without_options_and_with_other_ones_it_is_the_same() -> None:
    @QUICK
    class Plain:
        """One."""

        key: str

    @QUICK(eq=False)
    class Single:
        """One."""

        key: str

    assert Plain("nos:1") == Plain("nos:1")
    assert Single("nos:1") != Single("nos:1")


def test_a_method_that_a_type_has_by_itself_stays() -> None:
    @QUICK(frozen=True, slots=True)
    class Password:
        """Nobody is shown it."""

        word: str

        def __repr__(self) -> str:
            return "***"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Password)

        def __hash__(self) -> int:
            return 1

    assert repr(Password("geheim")) == "***"
    assert Password("geheim") == Password("open")
    assert hash(Password("geheim")) == 1


def test_a_method_is_written_when_it_is_called_and_no_other_one_is() -> None:
    source = _source(QUICK, {"frozen": True, "slots": True})
    names = ("__init__", "__repr__", "__eq__", "__hash__")

    def written() -> list[str]:
        named = {name: vars(source)[name].__qualname__ for name in names}
        return [name for name in names if named[name] == f"{source.__qualname__}.{name}"]

    assert written() == []
    source("nos")
    assert written() == ["__init__"]
    hash(source("nos"))
    assert written() == ["__init__", "__hash__"]
