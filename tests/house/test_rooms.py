"""The measures of how the house is built, on small trees."""

from collections.abc import Callable
from pathlib import Path

import pytest
import rooms
from sourcetree import Tree

Planted = Callable[..., Tree]


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """Make a tree of these files; each folder of `crawler` and `alerts` gets its `__init__.py`."""

    def tree(**texts: str) -> Tree:
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            for folder in {path.parent, tmp_path / path.relative_to(tmp_path).parts[0]}:
                (folder / "__init__.py").touch()
            path.write_text(text)
        return Tree(tmp_path, ("crawler", "alerts"))

    return tree


def test_a_folder_has_its_modules_without_its_door(planted: Planted) -> None:
    tree = planted(crawler__text__dates="", crawler__text__plain="", alerts__alert="")

    found = {str(folder): len(modules) for folder, modules in rooms.rooms(tree).items()}

    assert found == {"alerts": 1, "crawler/text": 2}


def test_neighbours_are_counted_from_each_module(planted: Planted) -> None:
    tree = planted(crawler__a__one="", crawler__a__two="", crawler__a__three="", alerts__alone="")

    assert rooms.neighbours(tree) == (2 + 2 + 2 + 0) / 4


def test_file_names_that_stand_twice(planted: Planted) -> None:
    tree = planted(crawler__a__config="", crawler__b__config="", crawler__b__other="")

    assert rooms.file_names_twice(tree) == ["config.py"]


def test_public_class_names_that_stand_twice(planted: Planted) -> None:
    both = "class Answer: ...\nclass _Own: ...\ndef f():\n    class Local: ...\n"
    tree = planted(crawler__a=both, alerts__b=both, alerts__c="class Reply: ...\n")

    assert rooms.class_names_twice(tree) == ["Answer"]


def test_an_import_across_counts_once_for_two_names_and_when_it_is_lazy(planted: Planted) -> None:
    tree = planted(
        crawler__a__one="from crawler.b.two import x, y\nfrom crawler.a import three\n",
        crawler__a__three="def f():\n    import crawler.b.two\n",
        crawler__b__two="",
    )

    found = {(str(importer), str(imported)) for importer, imported in rooms.imports_across(tree)}

    assert found == {
        ("crawler/a/one.py", "crawler/b/two.py"),
        ("crawler/a/three.py", "crawler/b/two.py"),
    }


def test_folders_are_in_a_circle_although_their_modules_are_not(planted: Planted) -> None:
    tree = planted(
        crawler__a__one="import crawler.b.one\n",
        crawler__b__one="",
        crawler__b__two="def late():\n    from crawler.c import one\n",
        crawler__c__one="import crawler.a.two\n",
        crawler__a__two="",
        crawler__d__one="import crawler.a.one\n",  # needs the circle, and is not in it
        alerts__one="import crawler.d.one\n",
    )

    assert circles(tree) == [["crawler/a", "crawler/b", "crawler/c"]]


def test_two_circles_are_two_groups(planted: Planted) -> None:
    tree = planted(
        crawler__a__one="import crawler.b.two\nimport crawler.c.one\n",
        crawler__b__one="import crawler.a.two\n",
        crawler__c__one="import crawler.d.two\n",
        crawler__d__one="import crawler.c.two\n",
        **{f"crawler__{name}__two": "" for name in "abcd"},
    )

    assert circles(tree) == [["crawler/a", "crawler/b"], ["crawler/c", "crawler/d"]]


def test_a_top_module_taken_by_itself_closes_no_circle_for_its_neighbours(planted: Planted) -> None:
    tree = planted(
        crawler__model="",
        crawler__pipelines="import crawler.engine.crawl\n",
        crawler__engine__crawl="import crawler.model\n",
    )

    assert circles(tree) == [["crawler", "crawler/engine"]]
    assert circles(tree, rooms.folder_or_top_module) == []


def circles(tree: Tree, room: rooms.Room = rooms.folder) -> list[list[str]]:
    return [[str(folder) for folder in circle] for circle in rooms.circles(tree, room)]
