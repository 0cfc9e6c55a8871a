"""What breaks the rules of the house: each check gives a line per breach."""

import ast
import graphlib
import io
import re
import tokenize
from collections.abc import Iterable, Iterator

from sourcetree import Module, Tree, calls, functions, import_statements, lines_of

FUNCTION_LINES = 40
MODULE_LINES = 400

# What a decider may not import or call, because the answer would depend on more than its arguments.
WORLD = frozenset({
    "asyncio", "concurrent", "glob", "logging", "multiprocessing", "os", "pathlib",
    "random", "requests", "scrapy", "secrets", "selectors", "shutil", "signal", "smtplib", "socket",
    "sqlite3", "sqlite_utils", "ssl", "subprocess", "tempfile", "threading", "time", "twisted",
})  # fmt: skip
CLOCKS = frozenset({"now", "utcnow", "today"})
BUILTINS = frozenset({"open", "print", "input"})

PATCHES = frozenset({"monkeypatch.setattr", "monkeypatch.setitem", "monkeypatch.delattr"})
MOCK = re.compile(r"\bmock\b|\bpytest_mock\b")
NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\W+\w+)")
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\W+\w+)")


def forbidden_imports(tree: Tree, allowed: dict[str, tuple[str, ...]]) -> list[str]:
    """Imports across packages that are not allowed; a name ending in a dot allows what is below."""
    return [
        f"{module.at(found.line)}: {module.name} may not import {found.name}"
        for module in tree.modules.values()
        for found in tree.own_imports(module)
        if not _covers(allowed[module.name.split(".")[0]], found.name)
    ]


def _covers(names: Iterable[str], name: str) -> bool:
    return any(
        name == known or (known.endswith(".") and f"{name}.".startswith(known)) for known in names
    )


def unclassified(tree: Tree, deciders: Iterable[str], doers: Iterable[str]) -> list[str]:
    """Modules that are on neither list or on both, and names on a list without a module.

    A name ending in a dot stands for what is below it and on neither list by itself.
    """
    decide, do = set(deciders), set(doers)
    names = {name for name, module in tree.modules.items() if module.path.name != "__init__.py"}
    listed = {name for name in names if name in decide or _covers(do, name)}
    used = {known for known in decide | do if any(_covers([known], name) for name in names)}
    return [
        *(f"{name} stands on neither list" for name in sorted(names - listed)),
        *(f"{name} stands on both lists" for name in sorted(decide & do)),
        *(f"{name} is listed and not there" for name in sorted((decide | do) - used)),
    ]


def impure(tree: Tree, deciders: Iterable[str]) -> list[str]:
    """What makes a decider depend on the world: an import, a clock, a file, or a doer."""
    known = set(deciders)
    breaches = []
    for module in (tree.modules[name] for name in known if name in tree.modules):
        for found in tree.imports(module):
            if found.name.split(".")[0] in WORLD or found.name == "urllib.request":
                breaches.append(f"{module.at(found.line)}: a decider imports {found.name}")
            elif found.name in tree.modules and found.name not in known:
                breaches.append(f"{module.at(found.line)}: a decider imports a doer, {found.name}")
        breaches += [
            f"{module.at(call.lineno)}: a decider calls {ast.unparse(call.func)}"
            for call in calls(module)
            if _touches_the_world(call.func)
        ]
    return breaches


def _touches_the_world(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in BUILTINS
    return isinstance(function, ast.Attribute) and function.attr in CLOCKS


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
    for node in scope.body:
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


def sleeps(tree: Tree) -> list[str]:
    """Calls of the standard library's sleep."""
    return [
        f"{module.at(call.lineno)}: {ast.unparse(call)}"
        for module in tree.modules.values()
        for call in calls(module)
        if ast.unparse(call.func) in {"sleep", "time.sleep"}
    ]


def bare_suppressions(tree: Tree) -> list[str]:
    """Suppressions that do not name their rule, or give no reason after it."""
    return [
        f"{module.at(token.start[0])}: {token.string}"
        for module in tree.modules.values()
        for token in tokenize.generate_tokens(io.StringIO(module.text).readline)
        if token.type == tokenize.COMMENT
        if NOQA.search(token.string) or TYPE_IGNORE.search(token.string)
    ]
