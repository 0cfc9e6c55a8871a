"""Every place in a tree of Python files that hands SQL to the database, and what it hands over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NamedTuple

from sourcetree import Module, Tree

# Methods of a connection that take a statement first, or of which a library makes one (`table`).
EXECUTE = ("execute", "executemany", "executescript", "query")
LIBRARY = "table"
SQL = re.compile(r"\s*(SELECT|WITH|INSERT|REPLACE|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA)\s")

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Texts = frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A call that hands over SQL; `texts` is None where they cannot be read in the source."""

    name: str
    path: Path
    first: int
    last: int
    texts: _Texts


class _Place(NamedTuple):
    """Where an expression stands: its module, and the classes and functions around it."""

    module: Module
    around: tuple[ast.ClassDef | _Function, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.module.name}:{'.'.join(node.name for node in self.around) or 'module'}"

    @property
    def functions(self) -> list[_Function]:
        return [node for node in self.around if not isinstance(node, ast.ClassDef)]

    @property
    def is_method(self) -> bool:
        return len(self.around) > 1 and isinstance(self.around[-2], ast.ClassDef)


class _Helper(NamedTuple):
    """A function that hands on the SQL it is given; a private one is known in its module alone."""

    module: str
    name: str
    is_method: bool


@dataclass
class Statements:
    """The statements of a tree; `unread` tells of SQL that goes a way nobody here knows."""

    tree: Tree
    helpers: dict[_Helper, int] = field(default_factory=dict)
    aliases: set[tuple[str, str]] = field(default_factory=set)
    read: set[int] = field(default_factory=set)

    def sites(self) -> list[Site]:
        """Every call that hands over SQL of its own."""
        modules = self.tree.modules.values()
        self.aliases = {(module.name, name) for module in modules for name in _aliases(module)}
        found = [each for module in modules for each in _calls(_Place(module))]
        while new := {
            helper: index
            for place, call in found
            for argument in self._statements(place, call)
            for helper, index in _handing_on(place, argument)
            if helper not in self.helpers
        }:
            self.helpers |= new
        return [
            self._site(place, call, argument)
            for place, call in found
            for argument in self._statements(place, call)
            if not any(_handing_on(place, argument))
        ]

    def unread(self) -> list[str]:
        """SQL in the source that no site hands over; ask after `sites`."""
        return [
            f"{module.at(node.lineno)}: {node.value.strip()[:60]}"
            for module in self.tree.modules.values()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if SQL.match(node.value) and id(node) not in self.read
        ]

    def _site(self, place: _Place, call: ast.Call, argument: ast.expr) -> Site:
        is_library = isinstance(call.func, ast.Attribute) and call.func.attr == LIBRARY
        return Site(
            name=place.name,
            path=place.module.path,
            first=call.lineno,
            last=call.end_lineno or call.lineno,
            texts=None if is_library else self._texts(argument, place),
        )

    def _statements(self, place: _Place, call: ast.Call) -> Iterator[ast.expr]:
        """Yield the argument of a call that is SQL, if one is."""
        index = self._position(place, call.func)
        if index is not None and len(call.args) > index:
            yield call.args[index]

    def _position(self, place: _Place, called: ast.expr) -> int | None:
        """Which argument of what is called is SQL."""
        if isinstance(called, ast.Attribute):
            if called.attr in (*EXECUTE, LIBRARY):
                return 0
            return self._helper(place.module, called.attr, is_method=True)
        if not isinstance(called, ast.Name):
            return None
        if (place.module.name, called.id) in self.aliases:
            return 0
        return self._helper(place.module, called.id, is_method=False)

    def _helper(self, module: Module, name: str, *, is_method: bool) -> int | None:
        scope = module.name if name.startswith("_") else ""
        return self.helpers.get(_Helper(scope, name, is_method))

    def _texts(self, node: ast.expr, place: _Place) -> _Texts:
        """What an expression can be, if the source tells."""
        texts: _Texts = None
        self.read.add(id(node))
        match node:
            case ast.Constant(value=value):
                texts = frozenset({str(value)})
            case ast.JoinedStr(values=parts):
                texts = _joined([self._texts(part, place) for part in parts])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                texts = _joined([self._texts(part, place) for part in (left, right)])
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                texts = self._texts(value, place)
            case ast.IfExp(body=body, orelse=orelse):
                texts = _either([self._texts(each, place) for each in (body, orelse)])
            case ast.Tuple(elts=row):
                texts = _either([self._texts(each, place) for each in row])
            case ast.Name(id=name):
                texts = self._named(name, place)
            case ast.Attribute(value=ast.Name(id=package), attr=name):
                module = self.tree.modules.get(_imported(place.module, package))
                texts = self._named(name, _Place(module)) if module else None
            case _:
                self.read.update(map(id, ast.walk(node)))
        return texts

    def _named(self, name: str, place: _Place) -> _Texts:
        """What a name stands for: in the function, in its module, or in one imported from."""
        for function in reversed(place.functions):
            if name in _parameters(function):
                return None
            values, all_known = _assigned(ast.walk(function), name)
            if values or not all_known:
                texts = _either([self._texts(value, place) for value in values])
                return texts if all_known else None
        outside = _Place(place.module)
        values, _ = _assigned(place.module.tree.body, name)
        if values:
            return _either([self._texts(value, outside) for value in values])
        package, _, own = _imported(place.module, name).rpartition(".")
        module = self.tree.modules.get(package)
        return self._named(own, _Place(module)) if module else None


def _imported(module: Module, name: str) -> str:
    """The full name of what a module imports under this name; none if it imports nothing so."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return f"{node.module}.{alias.name}"
    return ""


def _calls(place: _Place) -> Iterator[tuple[_Place, ast.Call]]:
    """Yield each call of a module, and where it stands."""

    def inside(node: ast.AST, place: _Place) -> Iterator[tuple[_Place, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | _Function):
                yield from inside(child, place._replace(around=(*place.around, child)))
                continue
            if isinstance(child, ast.Call):
                yield place, child
            yield from inside(child, place)

    return inside(place.module.tree, place)


def _aliases(module: Module) -> Iterator[str]:
    """Yield the names that a module gives to a connection's own methods."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr=method)):
                if method in EXECUTE:
                    yield name


def _handing_on(place: _Place, argument: ast.expr) -> Iterator[tuple[_Helper, int]]:
    """Yield the function that has this as its argument, and which argument that is."""
    if not place.functions or not isinstance(argument, ast.Name):
        return
    parameters = _parameters(place.functions[-1])
    if argument.id in parameters:
        name = place.functions[-1].name
        module = place.module.name if name.startswith("_") else ""
        helper = _Helper(module, name, place.is_method)
        yield helper, parameters.index(argument.id) - place.is_method


def _parameters(function: _Function) -> list[str]:
    given = function.args
    return [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _assigned(nodes: Iterable[ast.AST], name: str) -> tuple[list[ast.expr], bool]:
    """The values that a name is given, and whether they are all: each its own, none added to."""
    values: list[ast.expr] = []
    times = 0
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                values.append(value)
            case ast.For(target=ast.Name(id=target), iter=row) if target == name:
                values.append(row)
            case ast.Name(id=target, ctx=ast.Store()) if target == name:
                times += 1
    own = [value for value in values if name not in _names(value)]
    return own, len(own) >= times


def _names(node: ast.expr) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _joined(parts: list[_Texts]) -> _Texts:
    known = [part for part in parts if part is not None]
    return frozenset(map("".join, product(*known))) if len(known) == len(parts) else None


def _either(parts: list[_Texts]) -> _Texts:
    known = [part for part in parts if part is not None]
    return frozenset().union(*known) if len(known) == len(parts) else None
