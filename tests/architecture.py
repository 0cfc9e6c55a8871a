"""What breaks the rules of the house: each check gives a line per breach."""

import ast
import fnmatch
import graphlib
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence

import rooms
from sourcetree import (
    Import,
    Module,
    Tree,
    body_of,
    calls,
    defined,
    functions,
    import_statements,
    lines_of,
    top,
)

FUNCTION_LINES = 40
MODULE_LINES = 400
SMALL_MODULE_LINES = 40
FOLDER_MODULES = 12
FOLDER_TESTS = 12
NEIGHBOURS = 8

PATCHES = frozenset({"monkeypatch.setattr", "monkeypatch.setitem", "monkeypatch.delattr"})
MOCK = re.compile(r"\bmock\b|\bpytest_mock\b")
NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\W+\w+)")
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\W+\w+)")


def forbidden_imports(tree: Tree, allowed: dict[str, tuple[str, ...]]) -> list[str]:
    """Imports from one top-level package into another that may not know of it."""
    return [
        f"{module.at(found.line)}: {module.name} may not import {found.name}"
        for module in tree.modules.values()
        for found in tree.own_imports(module)
        if top(found.name) not in (top(module.name), *allowed[top(module.name)])
    ]


def past_the_door(tree: Tree) -> list[str]:
    """Imports that do not come in by a front door.

    Of another top-level package, names are imported from the door of a package, or from a module
    that stands by itself, and no module as a whole: what it holds would be at hand past the door.
    Inside one, a module may be named, but what is taken must stand on its package's door.
    """
    return [
        f"{module.at(found.line)}: {module.name} imports {found.name} past its front door"
        for module in tree.modules.values()
        for found in tree.own_imports(module)
        if _is_past(tree, module, found)
    ]


def _is_past(tree: Tree, module: Module, found: Import) -> bool:
    if top(module.name) != top(found.name):
        offered = tree.doors.get(found.named, {found.what})
        return found.named.count(".") != 1 or not found.what or found.what not in offered
    package = room(tree, found.name)
    if package in (room(tree, module.name), found.name) or module.name.startswith(f"{package}."):
        return False
    return bool(found.what) and tree.doors.get(package, {}).get(found.what) != found.name


def room(tree: Tree, name: str) -> str:
    """The package of a module, or the module itself where it stands by itself at the top."""
    if tree.modules[name].path.name == "__init__.py" or name.count(".") < 2:
        return name
    return name.rpartition(".")[0]


def upward_imports(tree: Tree, layers: Sequence[Sequence[str]]) -> list[str]:
    """Imports of what does not stand in a lower layer, rooms in no layer, and names of none."""
    there = {
        room(tree, name)
        for name, module in tree.modules.items()
        if module.path.name != "__init__.py"
    }
    named = [(name, -place) for place, layer in enumerate(layers) for name in layer]
    height = {
        known: place
        for name, place in named
        for known in (fnmatch.filter(there, name) if "*" in name else [name])
        if known == name or known not in dict(named)
    }
    return [
        *(
            f"{name} stands in no layer of tests/houserules.py"
            for name in sorted(there - height.keys())
        ),
        *(f"{name} stands in a layer and is not there" for name in sorted(height.keys() - there)),
        *(
            f"{module.at(found.line)}: {importer} may not import {imported}, which stands no lower"
            for module in tree.modules.values()
            for found in tree.own_imports(module)
            if (importer := room(tree, module.name)) != (imported := room(tree, found.name))
            if importer in height and imported in height
            if height[importer] <= height[imported]
        ),
    ]


def cycles(tree: Tree) -> list[str]:
    """Modules that need each other while they are being loaded."""
    graph = {
        module.name: {
            loaded
            for found in tree.own_imports(module)
            if found.at_load
            for loaded in _loaded_by(found.name, module.name)
        }
        for module in tree.modules.values()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [" -> ".join(reversed(error.args[1]))]
    return []


def _loaded_by(name: str, importer: str) -> Iterator[str]:
    """A module and the packages around it, except those that the importer is in itself."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        outer = ".".join(parts[:end])
        if outer == name or not f"{importer}.".startswith(f"{outer}."):
            yield outer


def long_functions(tree: Tree) -> list[str]:
    """Functions that do not end before line 40."""
    return [
        f"{module.at(function.lineno)}: {function.name} has {lines} lines"
        for module in tree.modules.values()
        for function in functions(module)
        if (lines := lines_of(function)) >= FUNCTION_LINES
    ]


def long_modules(tree: Tree) -> list[str]:
    """Modules that go on after line 400."""
    return [
        f"{module.path} has {lines} lines"
        for module in tree.modules.values()
        if (lines := len(module.text.splitlines())) > MODULE_LINES
    ]


def full_folders(tree: Tree) -> list[str]:
    """Folders of more than 12 modules."""
    return [
        f"{folder} has {len(modules)} modules"
        for folder, modules in rooms.rooms(tree).items()
        if len(modules) > FOLDER_MODULES
    ]


def full_test_folders(tree: Tree) -> list[str]:
    """Folders of more than 12 test files; what helps them does not count."""
    counted = {
        folder: sum(module.path.name.startswith("test_") for module in modules)
        for folder, modules in rooms.rooms(tree).items()
    }
    return [
        f"{folder} has {count} test files"
        for folder, count in counted.items()
        if count > FOLDER_TESTS
    ]  # fmt: skip


def crowds(tree: Tree) -> list[str]:
    """More than 8 neighbours for the average module."""
    if (average := rooms.neighbours(tree)) <= NEIGHBOURS:
        return []
    return [f"a module has {average:.1f} neighbours on average"]


def small_modules(tree: Tree, reasons: Mapping[str, str]) -> list[str]:
    """Modules under 40 lines that give no reason, and reasons for what is none of them."""
    small = {
        name
        for name, module in tree.modules.items()
        if module.path.name != "__init__.py" and len(module.text.splitlines()) < SMALL_MODULE_LINES
    }
    return [
        *(
            f"{name} is small: give it a home, or a reason in tests/houserules.py"
            for name in sorted(small)
            if not any(fnmatch.fnmatch(name, known) for known in reasons)
        ),
        *(
            f"{known} has a reason and is not small"
            for known in sorted(reasons)
            if not fnmatch.filter(small, known)
        ),
    ]


def names_twice(tree: Tree, packages: Iterable[str]) -> list[str]:
    """File names that stand twice in one top-level package, class names that stand twice at all."""
    return [
        *(
            f"{package} has {name} twice"
            for package in packages
            for name in rooms.file_names_twice(Tree(tree.root, (package,)))
        ),
        *(f"two classes are called {name}" for name in rooms.class_names_twice(tree)),
    ]


def without_door(tree: Tree) -> list[str]:
    """Packages below the top that do not say what they are, or have modules and no front door."""
    return [
        f"{package.path} says nothing of what it is"
        if ast.get_docstring(package.tree) is None
        else f"{package.path} has no front door"
        for name, package in tree.modules.items()
        if package.path.name == "__init__.py" and "." in name
        if ast.get_docstring(package.tree) is None or name not in tree.doors
    ]


def false_doors(tree: Tree) -> list[str]:
    """What a front door offers that is private, another package's, or not there."""
    return [
        f"{package} offers {name}, which {wrong}"
        for package, offered in tree.doors.items()
        for name, origin in offered.items()
        if (wrong := _what_is_wrong(tree, package, name, origin))
    ]


def _what_is_wrong(tree: Tree, package: str, name: str, origin: str) -> str:
    if name.startswith("_"):
        return "is private"
    if not origin.startswith(f"{package}."):
        return "is not its own"
    if origin not in tree.modules or name not in defined(tree.modules[origin]):
        return f"{origin} does not define"
    return ""


def undocumented(tree: Tree) -> tuple[list[str], int]:
    """Public classes, functions and methods without a docstring, and how many there are in all."""
    public = [
        (module, node)
        for module in tree.modules.values()
        for node in _public(module.tree)
    ]  # fmt: skip
    bare = [f"{m.at(n.lineno)}: {n.name}" for m, n in public if ast.get_docstring(n) is None]
    return bare, len(public)


def _public(
    scope: ast.Module | ast.ClassDef,
) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body_of(scope):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_") or _is_overload(node):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from _public(node)


def _is_overload(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)


def mocks(tree: Tree, own: Iterable[str]) -> list[str]:
    """Uses of unittest.mock, and patches of modules that are our own."""
    return [
        f"{module.at(line)}: {what}"
        for module in tree.modules.values()
        for line, what in (*_mock_imports(module), *_patches(module, set(own)))
    ]


def _mock_imports(module: Module) -> Iterator[tuple[int, str]]:
    for node in import_statements(module):
        if MOCK.search(text := ast.unparse(node)):
            yield node.lineno, text


def _patches(module: Module, own: set[str]) -> Iterator[tuple[int, str]]:
    names = own | _names_from(module, own)
    for call in calls(module):
        if ast.unparse(call.func) in PATCHES and call.args:
            target = ast.unparse(call.args[0])
            if target.strip("\"'").split(".")[0] in names:
                yield call.lineno, f"patches {target}"


def _names_from(module: Module, own: set[str]) -> set[str]:
    """The names that a module gives to what it imports from these packages."""
    return {
        alias.asname or alias.name.split(".")[0]
        for node in import_statements(module)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).split(".")[0] in own
    }


def bare_suppressions(tree: Tree) -> list[str]:
    """Suppressions that do not name their rule, or give no reason after it."""
    return [
        f"{module.at(token.start[0])}: {token.string}"
        for module in tree.modules.values()
        for token in tokenize.generate_tokens(io.StringIO(module.text).readline)
        if token.type == tokenize.COMMENT
        if NOQA.search(token.string) or TYPE_IGNORE.search(token.string)
    ]
