"""Reads a tree of Python files without importing any of them."""

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Import:
    """A module that another one imports, and whether it does so while it is itself loaded.

    `name` is where the thing stands; `named` what the statement names, which may be a front door;
    `what` is the thing, where the module is not imported as a whole.
    """

    name: str
    line: int
    at_load: bool
    named: str = ""
    what: str = ""

    @property
    def full(self) -> str:
        """The module as the statement names it, and the thing."""
        return f"{self.named}.{self.what}" if self.what else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file of Python."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package that it stands in, or that it is."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    def at(self, line: int) -> str:
        """Where to look."""
        return f"{self.path}:{line}"


@dataclass(frozen=True)
class Tree:
    """The Python files below some folders of a root, by their dotted names."""

    root: Path
    folders: tuple[str, ...]

    @functools.cached_property
    def modules(self) -> dict[str, Module]:
        """Every module, its path relative to the root."""
        files = (path for folder in self.folders for path in _python_files(self.root / folder))
        found = (self._module(path) for path in files)
        return {module.name: module for module in found}

    def _module(self, path: Path) -> Module:
        relative = path.relative_to(self.root)
        parts = relative.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        return Module(name=name, path=relative, text=text, tree=ast.parse(text))

    @functools.cached_property
    def doors(self) -> dict[str, dict[str, str]]:
        """Of each package with a front door: what it offers, and in which module that stands."""
        found = {}
        for folder in self.folders:
            for path in sorted((self.root / folder).rglob("__init__.pyi")):
                package = ".".join(path.relative_to(self.root).parent.parts)
                found[package] = {
                    alias.asname or alias.name: (
                        _origin(package, node) if isinstance(node, ast.ImportFrom) else ""
                    )
                    for node in ast.parse(path.read_text(encoding="utf-8")).body
                    if isinstance(node, ast.ImportFrom | ast.Import)
                    for alias in node.names
                }
        return found

    def imports(self, module: Module) -> Iterator[Import]:
        """What it imports; `from package import module` is told from `from module import name`."""
        for node, at_load in _statements(module.tree, at_load=True):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(alias.name, node.lineno, at_load, named=alias.name)
            elif isinstance(node, ast.ImportFrom):
                base = _origin(module.package, node)
                for alias in node.names:
                    name, what = f"{base}.{alias.name}", alias.name
                    if behind := self.doors.get(base, {}).get(alias.name):
                        name = behind
                    elif name in self.modules:
                        what = ""
                    else:
                        name = base
                    yield Import(name, node.lineno, at_load, named=base, what=what)

    def own_imports(self, module: Module) -> Iterator[Import]:
        """What it imports from this tree."""
        return (found for found in self.imports(module) if found.name in self.modules)


def _python_files(place: Path) -> Iterable[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def _statements(node: ast.AST, *, at_load: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        runs = at_load and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            runs = False
        yield child, at_load
        yield from _statements(child, at_load=runs)


def _origin(package: str, node: ast.ImportFrom) -> str:
    """The module that a statement of this package names, with its dots resolved."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    outer = parts[: len(parts) - node.level + 1]
    return ".".join([*outer, *([node.module] if node.module else [])])


def top(name: str) -> str:
    """The top-level package of a dotted name."""
    return name.partition(".")[0]


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Its functions and methods, wherever they stand."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def classes(module: Module) -> Iterator[ast.ClassDef]:
    """Its classes, but for those inside a class or a function."""
    return (node for node in body_of(module.tree) if isinstance(node, ast.ClassDef))


def body_of(scope: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module or class, also under a condition, but not those of its parts."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.expr):
            continue
        yield node
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from body_of(node)


def defined(module: Module) -> set[str]:
    """The names that it defines itself."""
    found = set()
    for node in body_of(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (part for target in targets for part in ast.walk(target))
            found |= {name.id for name in names if isinstance(name, ast.Name)}
    return found


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines it has, its decorators not among them."""
    return (function.end_lineno or 0) - function.lineno + 1


def import_statements(module: Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Its import statements, wherever they stand."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def calls(module: Module) -> Iterator[ast.Call]:
    """Every call in it."""
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def references(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Every name and attribute that it uses, with the full name of what was imported.

    A variable that is given what was imported stands for it, and `getattr` with a text is the
    attribute.
    """
    full = _imported(module)
    for node in ast.walk(module.tree):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Name() | ast.Attribute() as value
            ):
                if (given := _full_name(value, full)) != ast.unparse(value):
                    full.setdefault(name, given)
    for node in ast.walk(module.tree):
        match node:
            case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
                yield node, _full_name(node, full)
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=name), *_]):
                yield node, f"{_full_name(owner, full)}.{name}"


def _full_name(node: ast.expr, full: Mapping[str, str]) -> str:
    root, dot, rest = ast.unparse(node).partition(".")
    return f"{full.get(root, root)}{dot}{rest}"


def _imported(module: Module) -> dict[str, str]:
    """What the names stand for that it imports, wherever it does so."""
    found = {}
    for node in import_statements(module):
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                found[alias.asname or alias.name] = f"{_origin(module.package, node)}.{alias.name}"
            elif alias.asname:
                found[alias.asname] = alias.name
    return found
