"""How the house is built: its rooms, which are the folders of its packages, and what is in them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sourcetree import Module, Tree, classes

PACKAGES = ("crawler", "alerts", "monitor")

Room = Callable[[Path], Path]


def rooms(tree: Tree) -> dict[Path, list[Module]]:
    """The modules of each folder that has any; its `__init__.py` is the door, not one of them."""
    found = defaultdict(list)
    for module in tree.modules.values():
        if module.path.name != "__init__.py":
            found[module.path.parent].append(module)
    return dict(sorted(found.items()))


def neighbours(tree: Tree) -> float:
    """How many other modules stand beside a module in its folder, on average."""
    sizes = [len(modules) for modules in rooms(tree).values()]
    return sum(size * (size - 1) for size in sizes) / sum(sizes)


def file_names_twice(tree: Tree) -> list[str]:
    """Names that two modules have, in whichever folders."""
    return _twice(module.path.name for room in rooms(tree).values() for module in room)


def class_names_twice(tree: Tree) -> list[str]:
    """Names that two public classes have, in whichever modules."""
    return _twice(
        found.name
        for module in tree.modules.values()
        for found in classes(module)
        if not found.name.startswith("_")
    )


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def folder(file: Path) -> Path:
    """The room of a file, as far as nothing else is said."""
    return file.parent


def folder_or_top_module(file: Path) -> Path:
    """Its folder, but a module directly below a top-level package is a room by itself.

    There types that everybody uses stand beside what uses everybody.
    """
    by_itself = len(file.parts) == 2 and file.name != "__init__.py"
    return file if by_itself else file.parent


def imports_across(tree: Tree, room: Room = folder) -> set[tuple[Path, Path]]:
    """Each file with a file of another room that it imports, when it is loaded or later."""
    pairs = {
        (module.path, tree.modules[found.name].path)
        for module in tree.modules.values()
        for found in tree.own_imports(module)
    }
    return {
        (importer, imported) for importer, imported in pairs if room(importer) != room(imported)
    }


def circles(tree: Tree, room: Room = folder) -> list[list[Path]]:
    """Rooms that cannot do without each other, each such group by itself."""
    needs: dict[Path, set[Path]] = defaultdict(set)
    for importer, imported in imports_across(tree, room):
        needs[room(importer)].add(room(imported))
    reached = {start: _reached(needs, start) for start in needs}
    groups = {
        frozenset(other for other in found if start in reached.get(other, ()))
        for start, found in reached.items()
        if start in found
    }
    return sorted(sorted(group) for group in groups)


def _reached(needs: Mapping[Path, set[Path]], start: Path) -> set[Path]:
    """All that it needs, and that these need in turn."""
    found: set[Path] = set()
    ahead = [start]
    while ahead:
        new = needs.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return found
