"""What a module may know of the world around it: each check gives a line per breach."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from sourcetree import Module, Tree, calls, references, top

# What a decider may not import or use, because the answer would depend on more than its arguments.
WORLD = frozenset({
    "asyncio", "concurrent", "glob", "logging", "multiprocessing", "os", "pathlib",
    "random", "requests", "scrapy", "secrets", "selectors", "shutil", "signal", "smtplib", "socket",
    "sqlite3", "sqlite_utils", "ssl", "subprocess", "tempfile", "threading", "time", "twisted",
    "uuid",
})  # fmt: skip
NETWORK = frozenset({"http.client", "http.server", "urllib.request"})
FILES = frozenset({"open", "print", "input", "builtins.open", "io.open", "io.FileIO"})
CLOCKS = frozenset({
    "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today",
    "datetime.datetime.utcnow", "time.asctime", "time.clock_gettime", "time.clock_gettime_ns",
    "time.ctime", "time.gmtime", "time.localtime", "time.strftime", "time.time", "time.time_ns",
})  # fmt: skip
CLOCK_METHODS = frozenset({"now", "utcnow", "today"})

LOADERS = frozenset({
    "__import__", "builtins.__import__", "importlib.__import__", "importlib.import_module",
    "pkgutil.resolve_name", "runpy.run_module", "runpy.run_path",
})  # fmt: skip
SLEEPS = frozenset({"asyncio.sleep", "time.sleep"})


def impure(tree: Tree, deciders: Iterable[str]) -> list[str]:
    """What makes a decider depend on the world: an import, a clock, a file, or a doer.

    `deciders` names packages and modules, and what is not there any more is a breach too.
    """
    known = set(deciders)
    there = {name for name in tree.modules if _decides(name, known)}
    gone = (f"{name} is listed and not there" for name in sorted(known - tree.modules.keys()))
    return [*gone, *(breach for name in sorted(there) for breach in _impure(tree, name, known))]


def _decides(name: str, known: set[str]) -> bool:
    return name in known or name.rpartition(".")[0] in known


def _impure(tree: Tree, name: str, known: set[str]) -> Iterator[str]:
    module = tree.modules[name]
    for found in tree.imports(module):
        if top(found.name) in WORLD or not NETWORK.isdisjoint({found.name, found.full}):
            yield f"{module.at(found.line)}: a decider imports {found.full}"
        elif found.name in tree.modules and not _decides(found.name, known):
            yield f"{module.at(found.line)}: a decider imports a doer, {found.name}"
    for line, what in sorted({*_used(module, FILES | CLOCKS), *_clock_calls(module)}):
        yield f"{module.at(line)}: a decider uses {what}"


def _used(module: Module, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node, full in references(module):
        if full in names:
            yield node.lineno, ast.unparse(node)


def _clock_calls(module: Module) -> Iterator[tuple[int, str]]:
    for call in calls(module):
        if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCK_METHODS:
            yield call.func.lineno, ast.unparse(call.func)


def clocks(tree: Tree, reasons: Mapping[str, str]) -> list[str]:
    """Where the time of day is read without a reason, be it called or handed on."""
    return _without_reason(tree, CLOCKS, reasons)


def loaders(tree: Tree, reasons: Mapping[str, str]) -> list[str]:
    """Where a module is imported by a name that is no part of the text, without a reason."""
    return _without_reason(tree, LOADERS, reasons)


def sleeps(tree: Tree, reasons: Mapping[str, str]) -> list[str]:
    """Where something sleeps without a reason; to give way for a moment, `sleep(0)`, is free.

    To wait for an event that nobody can set is to sleep.
    """
    return _without_reason(tree, SLEEPS, reasons, _idle_waits)


def _idle_waits(module: Module) -> Iterator[tuple[int, str]]:
    """Yield each wait for an event that is made there, or in a variable used for nothing else."""
    uses = Counter(full for _, full in references(module))
    made = {
        ast.unparse(node.targets[0])
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign) and _is_event(node.value)
    }
    for call in calls(module):
        match call:
            case ast.Call(func=ast.Attribute(value=event, attr="wait"), args=[_, *_]):
                name = ast.unparse(event)
                if _is_event(event) or (name in made and uses[name] == uses[f"{name}.wait"]):
                    yield call.lineno, ast.unparse(call.func)


def _is_event(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"Event", "threading.Event"}


def _without_reason(
    tree: Tree,
    names: frozenset[str],
    reasons: Mapping[str, str],
    more: Callable[[Module], Iterable[tuple[int, str]]] = lambda _: (),
) -> list[str]:
    used = [
        (module, line, what)
        for module in tree.modules.values()
        for line, what in (*_used(module, names), *more(module))
        if (line, what) not in _giving_way(module)
    ]
    there = {module.name for module, _, _ in used}
    return [
        *(f"{m.at(line)}: uses {what}" for m, line, what in used if m.name not in reasons),
        *(
            f"{name} has a reason and no need of it"
            for name in sorted(reasons.keys() - there)
        ),
    ]  # fmt: skip


def _giving_way(module: Module) -> set[tuple[int, str]]:
    return {
        (call.func.lineno, ast.unparse(call.func))
        for call in calls(module)
        if [ast.unparse(argument) for argument in call.args] == ["0"]
    }


def loaded(tree: Tree, statement: str, unwanted: Iterable[str]) -> list[str]:
    """Which of these packages a statement loads, where the tree stands."""
    asked = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", asked], cwd=tree.root, capture_output=True, text=True, check=True
    )
    found = run.stdout.split()
    return [
        f"{statement} loads {name}"
        for name in sorted(unwanted)
        if any(f"{each}.".startswith(f"{name}.") for each in found)
    ]
