"""A small tree of packages, in which a breach of a rule of the house is planted."""

from pathlib import Path

from sourcetree import Tree


def planted_tree(root: Path, text: str) -> Tree:
    """The tree with this text in `crawler/planted.py`.

    `# with:` in the text names files that stand there too; `# door:` is the door of `crawler`.
    """
    files = {
        "crawler/__init__.py": "",
        "alerts/__init__.py": "",
        "crawler/store/__init__.py": '"""What is kept."""\n',
        "crawler/store/__init__.pyi": "from .rows import put as put\n",
        "crawler/store/rows.py": "import crawler.planted\nHIDDEN = 1\nput = 2\n",
        "alerts/query/__init__.py": '"""The language."""\n',
        "alerts/query/__init__.pyi": "from .tree import Word as Word\n",
        "alerts/query/tree.py": 'class Word:\n    """A word."""\n',
        "alerts/alert.py": "",
        "crawler/planted.py": text,
    }
    more = text.partition("# with: ")[2].partition("\n")[0].split()
    files |= {name: "" if "mute" in name else '"""More."""\n' for name in more}
    if "# door: " in text:
        files["crawler/__init__.pyi"] = text.partition("# door: ")[2].partition("\n")[0]
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return Tree(root, ("crawler", "alerts"))
