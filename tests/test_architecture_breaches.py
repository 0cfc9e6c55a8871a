"""Each rule of the house, shown a breach: what is planted, and what the check must say."""

from collections.abc import Callable
from pathlib import Path

import architecture
import pytest
import world
from planting import planted_tree
from rooms import PACKAGES
from sourcetree import Tree

ALL_PLANTED = ["crawler.planted", "crawler.store.rows", "alerts.query.tree", "alerts.alert"]

# Each check, shown a breach: what is planted in crawler/planted.py, and what the check must say.
Check = Callable[[Tree], list[str]]
BREACHES: dict[str, tuple[Check, str, str]] = {
    "a crawler that knows about alerts": (
        lambda tree: architecture.forbidden_imports(tree, {"crawler": (), "alerts": ("crawler",)}),
        "def late():\n    from alerts import alert\n",
        "crawler.planted may not import alerts.alert",
    ),
    "an import past the front door of another package": (
        architecture.past_the_door,
        "from alerts.query.tree import Word\n",
        "crawler.planted imports alerts.query.tree past its front door",
    ),
    "a module of another package that is imported as such": (
        architecture.past_the_door,
        "import alerts.query.tree\n",
        "crawler.planted imports alerts.query.tree past its front door",
    ),
    "a module of another package that is taken through its door": (
        architecture.past_the_door,
        "from alerts.query import tree\n",
        "crawler.planted imports alerts.query.tree past its front door",
    ),
    "a package of another that is imported as a whole": (
        architecture.past_the_door,
        "import alerts.query\nalerts.query.tree.Word\n",
        "crawler.planted imports alerts.query past its front door",
    ),
    "a package that is taken from the one around it": (
        architecture.past_the_door,
        "from alerts import query\n",
        "crawler.planted imports alerts.query past its front door",
    ),
    "a name that the front door of another package does not offer": (
        architecture.past_the_door,
        "from alerts.query import Hidden\n",
        "crawler.planted imports alerts.query past its front door",
    ),
    "a name that the front door of a neighbour does not offer": (
        architecture.past_the_door,
        "from crawler.store.rows import HIDDEN\n",
        "crawler.planted imports crawler.store.rows past its front door",
    ),
    "an import of a layer above": (
        lambda tree: architecture.upward_imports(
            tree, [["alerts.alert", "alerts.query"], ["crawler.store"], ["crawler.planted"]]
        ),
        "from crawler.store import put\n",
        "crawler.planted may not import crawler.store, which stands no lower",
    ),
    "an import of the same layer": (
        lambda tree: architecture.upward_imports(
            tree, [["crawler.store"], ["crawler.planted", "alerts.alert", "alerts.query"]]
        ),
        "def late():\n    import alerts.alert\n",
        "crawler.planted may not import alerts.alert, which stands no lower",
    ),
    "a room in no layer": (
        lambda tree: architecture.upward_imports(
            tree, [["crawler.store"], ["alerts.alert", "alerts.query"]]
        ),
        "",
        "crawler.planted stands in no layer",
    ),
    "a layer that names what is gone": (
        lambda tree: architecture.upward_imports(
            tree,
            [["crawler.store"], ["alerts.alert", "alerts.query", "crawler.planted", "gone"]],
        ),
        "",
        "gone stands in a layer and is not there",
    ),
    "a list that names what is gone": (
        lambda tree: world.impure(tree, {"crawler.gone"}),
        "",
        "crawler.gone is listed and not there",
    ),
    "a decider that imports the network": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "from scrapy.http import Response\n",
        "a decider imports scrapy.http",
    ),
    "a decider that reads the clock": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "from datetime import UTC, datetime\nnow = datetime.now(tz=UTC)\n",
        "a decider uses datetime.now",
    ),
    "a decider that reads a file": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "text = open('words').read()\n",
        "a decider uses open",
    ),
    "a decider whose default is the clock": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "from datetime import datetime\ndef due(now=datetime.now): ...\n",
        "a decider uses datetime.now",
    ),
    "a decider whose field is made by the clock": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "import datetime as d\nat = field(default_factory=d.datetime.now)\n",
        "a decider uses d.datetime.now",
    ),
    "a decider whose default is the clock of the house": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "# with: crawler/clock.py\nfrom crawler.clock import utc_now\ndef due(now=utc_now): ...\n",
        "a decider imports a doer, crawler.clock",
    ),
    "a decider that opens a file by another name": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "import io\ntext = io.open('words').read()\n",
        "a decider uses io.open",
    ),
    "a decider that draws an identity": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "import uuid\n",
        "a decider imports uuid",
    ),
    "a decider that talks to a server": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "from http import client\n",
        "a decider imports http.client",
    ),
    "a decider that imports a doer": (
        lambda tree: world.impure(tree, {"crawler.planted"}),
        "from .store import rows\n",
        "a decider imports a doer, crawler.store.rows",
    ),
    "two modules that load each other": (
        architecture.cycles,
        "from crawler.store import rows\n",
        "crawler.planted",
    ),
    "a small module without a reason": (
        lambda tree: architecture.small_modules(tree, dict.fromkeys(ALL_PLANTED[1:], "one table")),
        "",
        "crawler.planted is small",
    ),
    "a reason for a module that is not small": (
        lambda tree: architecture.small_modules(tree, dict.fromkeys(ALL_PLANTED, "one table")),
        "\n" * 40,
        "crawler.planted has a reason and is not small",
    ),
    "a file name that stands twice": (
        lambda tree: architecture.names_twice(tree, ["alerts", "crawler"]),
        "# with: crawler/other/planted.py\n",
        "crawler has planted.py twice",
    ),
    "a class name that stands twice": (
        lambda tree: architecture.names_twice(tree, ["alerts", "crawler"]),
        "class Word: ...\n",
        "two classes are called Word",
    ),
    "a folder of 13 modules": (
        architecture.full_folders,
        "# with: " + " ".join(f"crawler/store/m{n}.py" for n in range(12)) + "\n",
        "crawler/store has 13 modules",
    ),
    "a folder of 13 test files": (
        architecture.full_test_folders,
        "# with: " + " ".join(f"crawler/store/test_{n}.py" for n in range(13)) + "\n",
        "crawler/store has 13 test files",
    ),
    "a module with more than 8 neighbours": (
        architecture.crowds,
        "# with: " + " ".join(f"crawler/store/m{n}.py" for n in range(12)) + "\n",
        "a module has 9.8 neighbours",
    ),
    "a class name that stands twice, once under a condition": (
        lambda tree: architecture.names_twice(tree, ["alerts", "crawler"]),
        "if True:\n    class Word: ...\n",
        "two classes are called Word",
    ),
    "a package without a front door": (
        architecture.without_door,
        "# with: crawler/shut/__init__.py\n",
        "crawler/shut/__init__.py has no front door",
    ),
    "a package that does not say what it is": (
        architecture.without_door,
        "# with: crawler/mute/__init__.py\n",
        "crawler/mute/__init__.py says nothing of what it is",
    ),
    "a front door that offers what is private": (
        architecture.false_doors,
        "# door: from .planted import _own as _own\n_own = 1\n",
        "crawler offers _own, which is private",
    ),
    "a front door that offers what is not its own": (
        architecture.false_doors,
        "# door: from alerts.query import Word as Word\n",
        "crawler offers Word, which is not its own",
    ),
    "a front door that offers what is not there": (
        architecture.false_doors,
        "# door: from .planted import Gone as Gone\n",
        "crawler offers Gone, which crawler.planted does not define",
    ),
    "a front door that offers what its module imports": (
        architecture.false_doors,
        "# door: from .planted import Word as Word\nfrom alerts.query import Word\n",
        "crawler offers Word, which crawler.planted does not define",
    ),
    "a front door that offers a thing under another name": (
        architecture.false_doors,
        "# door: from .planted import Thing as Other\nclass Thing: ...\n",
        "crawler offers Other, which crawler.planted does not define",
    ),
    "a language that loads a room": (
        lambda tree: world.loaded(tree, "import crawler.planted", ["alerts.query", "crawler.sto"]),
        "import alerts.query.tree\nimport crawler.store\n",
        "import crawler.planted loads alerts.query",
    ),
    "a language that loads a parser": (
        lambda tree: world.loaded(tree, "import crawler.planted", ["alerts", "plistlib"]),
        "import plistlib\n",
        "import crawler.planted loads plistlib",
    ),
    "a function of 40 lines": (
        architecture.long_functions,
        "def f():\n" + "    pass\n" * 39,
        "f has 40 lines",
    ),
    "a module of 401 lines": (
        architecture.long_modules,
        "\n" * 401,
        "crawler/planted.py has 401 lines",
    ),
    "a public method without a docstring": (
        lambda tree: architecture.undocumented(tree)[0],
        'class C:\n    """C."""\n    def m(self): ...\n    def _private(self): ...\n',
        "crawler/planted.py:3: m",
    ),
    "a public class under a condition without a docstring": (
        lambda tree: architecture.undocumented(tree)[0],
        "try:\n    import x\nexcept ImportError:\n    class C: ...\n",
        "crawler/planted.py:4: C",
    ),
    "a mock": (
        lambda tree: architecture.mocks(tree, PACKAGES),
        "from unittest import mock\n",
        "from unittest import mock",
    ),
    "a patch of our own module": (
        lambda tree: architecture.mocks(tree, PACKAGES),
        "from crawler import store as s\nmonkeypatch.setattr(s, 'save', None)\n",
        "patches s",
    ),
    "a sleep": (
        lambda tree: world.sleeps(tree, {}),
        "import time\ntime.sleep(1)\n",
        "uses time.sleep",
    ),
    "a sleep by another name": (
        lambda tree: world.sleeps(tree, {}),
        "from time import sleep as s\ns(1)\n",
        "uses s",
    ),
    "a sleep of the loop": (
        lambda tree: world.sleeps(tree, {}),
        "import asyncio\nasync def f():\n    await asyncio.sleep(0.1)\n",
        "uses asyncio.sleep",
    ),
    "a sleep that waits for an event": (
        lambda tree: world.sleeps(tree, {}),
        "import threading\nthreading.Event().wait(1)\n",
        "uses threading.Event().wait",
    ),
    "a sleep that waits for an event that nobody sets": (
        lambda tree: world.sleeps(tree, {}),
        "from threading import Event\npause = Event()\npause.wait(1)\n",
        "uses pause.wait",
    ),
    "a reason to sleep that nothing needs": (
        lambda tree: world.sleeps(tree, {"crawler.planted": "waits"}),
        "import time\ntime.sleep(0)\n",
        "crawler.planted has a reason and no need of it",
    ),
    "a second clock": (
        lambda tree: world.clocks(tree, {}),
        "from datetime import UTC, datetime\nnow = datetime.now(UTC)\n",
        "uses datetime.now",
    ),
    "a second clock by another name": (
        lambda tree: world.clocks(tree, {}),
        "from datetime import datetime as dt\nnow = dt.now()\n",
        "uses dt.now",
    ),
    "a second clock behind a variable": (
        lambda tree: world.clocks(tree, {}),
        "from datetime import datetime\nclock = datetime\nnow = clock.now()\n",
        "uses clock.now",
    ),
    "a second clock that is asked for by a text": (
        lambda tree: world.clocks(tree, {}),
        "from datetime import datetime\nnow = getattr(datetime, 'now')()\n",
        "uses getattr(datetime, 'now')",
    ),
    "a second clock that is only named": (
        lambda tree: world.clocks(tree, {}),
        "import datetime\nclock = datetime.datetime.utcnow\n",
        "uses datetime.datetime.utcnow",
    ),
    "a second clock that counts seconds": (
        lambda tree: world.clocks(tree, {}),
        "from time import time\nnow = time()\n",
        "uses time",
    ),
    "a second clock that counts nanoseconds": (
        lambda tree: world.clocks(tree, {}),
        "import time as t\nnow = t.time_ns()\n",
        "uses t.time_ns",
    ),
    "a second clock that writes the date": (
        lambda tree: world.clocks(tree, {}),
        "import time\nyear = time.strftime('%Y')\n",
        "uses time.strftime",
    ),
    "a module that is imported by a text": (
        lambda tree: world.loaders(tree, {}),
        "from importlib import import_module as load\nload('al' + 'erts')\n",
        "uses load",
    ),
    "a module that is imported by the hook of Python": (
        lambda tree: world.loaders(tree, {}),
        "__import__('alerts')\n",
        "uses __import__",
    ),
    "a suppression without a rule": (
        architecture.bare_suppressions,
        "x = 1  # " + "noqa\n",
        "noqa",
    ),
    "a suppression without a reason": (
        architecture.bare_suppressions,
        "x = 1  # " + "type: ignore[assignment]\n",
        "type: ignore",
    ),
}


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[str], Tree]:
    """Make a small tree with this text in it, and the files that it asks for."""
    return lambda text: planted_tree(tmp_path, text)


@pytest.mark.parametrize("breach", BREACHES)
def test_the_check_sees(breach: str, planted: Callable[[str], Tree]) -> None:
    check, text, said = BREACHES[breach]

    found = check(planted(text))

    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    "comment",
    [
        "noqa: S311 - jitter, no secret",
        "type: ignore[misc]  # the stubs lack it",
        "not a noqa-word",
    ],
)
def test_a_reasoned_suppression_passes(comment: str, planted: Callable[[str], Tree]) -> None:
    assert architecture.bare_suppressions(planted(f"x = 1  # {comment}\n")) == []
