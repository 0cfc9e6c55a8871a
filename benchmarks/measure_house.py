"""The structure of the code in numbers, and the calls on the way of one article.

    python benchmarks/measure_house.py [--way] [ROOT]

ROOT is a checkout of this project, perhaps an older one; the default is this one. The first table
has the number of modules in each folder. The second measures each package alone and all three
together: folders and neighbours, lines of modules and functions, names used twice, imports from one
folder into another, and folders that import each other in a circle, at load time or later. A
package's own folder holds both types that all use and modules that use all. So circles are counted
a second time, with each of these modules by itself.

With --way, one article goes from a feed to a webhook on loopback. The calls in all threads and
processes are counted, from the request for the feed to the end of the round. The program is that of
ROOT, the libraries are those of this environment. A package is a folder here too. A call through a
library, such as a job in a thread pool, has no caller. "Different" counts each pair of caller and
called function once.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests"))

import rooms
from articleway import Calls, calls_of_one_article
from sourcetree import Tree, functions, lines_of

ROOT = Path(__file__).parent.parent
PAIRS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("root", nargs="?", type=Path, default=ROOT, metavar="ROOT")
    parser.add_argument("--way", action="store_true", help="the way of one article instead")
    words = parser.parse_args()
    root = words.root.resolve()
    if words.way:
        show_way(calls_of_one_article(root))
    else:
        show_folders(Tree(root, rooms.PACKAGES))
        show_packages(root)


def show_folders(tree: Tree) -> None:
    print(f"{'folder':40}{'modules':>14}")
    for folder, modules in rooms.rooms(tree).items():
        print(f"{folder.as_posix():40}{len(modules):14}")


def show_packages(root: Path) -> None:
    """Print a column for each package and one for all, and then the names behind some numbers."""
    columns = {package: Tree(root, (package,)) for package in rooms.PACKAGES}
    columns["all"] = everything = Tree(root, rooms.PACKAGES)
    rows = {name: measures(tree) for name, tree in columns.items()}
    print(f"\n{'':40}" + "".join(f"{name:>14}" for name in rows))
    for measure in rows["all"]:
        print(f"{measure:40}" + "".join(f"{row[measure]:>14}" for row in rows.values()))
    for package in rooms.PACKAGES:
        print(f"\nfiles twice in {package}:", *rooms.file_names_twice(columns[package]))
    print("\nclasses twice:", *rooms.class_names_twice(everything))
    for name, circles in (
        ("circle:", rooms.circles(everything)),
        ("circle, each top module taken by itself:", circles_of_parts(everything)),
    ):
        for circle in circles:
            print(f"\n{name}", *(room.as_posix() for room in circle))


def circles_of_parts(tree: Tree) -> list[list[Path]]:
    return rooms.circles(tree, rooms.folder_or_top_module)


def measures(tree: Tree) -> dict[str, str]:
    folders = rooms.rooms(tree)
    modules = [module for room in folders.values() for module in room]
    bodies = [lines_of(body) for module in tree.modules.values() for body in functions(module)]
    return {
        "modules": str(len(modules)),
        "folders with modules": str(len(folders)),
        "modules in the largest folder": str(max(map(len, folders.values()))),
        "neighbours of an average module": f"{rooms.neighbours(tree):.1f}",
        "lines of a module: p50/p90/max": spread(len(m.text.splitlines()) for m in modules),
        "lines of a function: p50/p90/max": spread(bodies),
        "file names that stand twice": str(len(rooms.file_names_twice(tree))),
        "public class names that stand twice": str(len(rooms.class_names_twice(tree))),
        "imports from one folder into another": str(len(rooms.imports_across(tree))),
        "folders in a circle of imports": str(sum(map(len, rooms.circles(tree)))),
        "  each top module taken by itself": str(sum(map(len, circles_of_parts(tree)))),
    }


def spread(sizes: Iterable[int]) -> str:
    """The median, the 90th percentile and the maximum, as text."""
    ordered = sorted(sizes)
    return "/".join(str(ordered[int(share * (len(ordered) - 1))]) for share in (0.5, 0.9, 1))


def show_way(calls: Calls) -> None:
    files = {called.file for _, called in calls}
    into_files = Counter({(a, b): n for (a, b), n in calls.items() if a and a.file != b.file})
    into_folders = Counter({(a, b): n for (a, b), n in into_files.items() if a.folder != b.folder})
    print(f"{'modules passed':40}{len(files):14,}")
    print(f"{'packages passed':40}{len({file.parent for file in files}):14,}")
    print(f"\n{'':40}{'calls':>14}{'different':>14}")
    for name, some in (
        ("in all", calls),
        ("from one module into another", into_files),
        ("from one package into another", into_folders),
    ):
        print(f"{name:40}{some.total():14,}{len(some):14,}")
    pairs: Counter[str] = Counter()
    for (caller, called), n in into_folders.items():
        pairs[f"{caller.folder} -> {called.folder}"] += n
    print(f"\n{'from one package into another, most':50}{'calls':>14}")
    for pair, n in pairs.most_common(PAIRS):
        print(f"{pair:50}{n:14,}")


if __name__ == "__main__":
    main()
