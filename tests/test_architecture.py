"""The rules of the house that a program can check, and the lists they need."""

from collections.abc import Callable
from pathlib import Path

import architecture
import pytest
from sourcetree import Tree

ROOT = Path(__file__).parent.parent
PACKAGES = ("crawler", "alerts", "monitor")

# Who may import whom; a name that ends in a dot stands for all that is below it.
FRONT_DOOR = (
    "crawler.article",
    "crawler.config",
    "crawler.errors",
    "crawler.folding",  # rules and the archive's words compare letters alike
    "crawler.guard",
    "crawler.store",
    "crawler.tomlfile",  # the reader of configuration, which knows each fault's line
)
MAY_IMPORT = {
    "crawler": ("crawler.",),
    "alerts": ("alerts.", *FRONT_DOOR),
    "monitor": ("monitor.", "alerts.", "crawler."),
}


def _in(package: str, names: str) -> set[str]:
    return {f"{package}.{name}" for name in names.split()}


# Values in, values out; the types they pass around are among them.
DECIDERS = {
    *_in(
        "crawler",
        "addresses article attempts bodies boilerplate boxes breaks catalogue corrections dates "
        "errors extract feeditems feedjson feedloose feedrepair feeds feedxml fingerprints folding "
        "frequencies freshness health jsonld kinds language leads links looks markup metadata "
        "moves opml outcomes outlets plaintext politeness polling ports refusals related report "
        "revisions sections settings shapes shingles sitemaps sites slots store.records stories "
        "texts titles tokens tomlhints tomllines walls work",
    ),
    *_in(
        "alerts",
        "ailments alert backtest bugs capitals changes channel_state channels.base "
        "channels.slack_blocks clean compose delivery document evaluate examples explain forms "
        "filing fulltext globs grammar grouping habits hints index lexer mail match notices "
        "outcome parser passages phrases plaintext plan policy query quiet_hours reading render "
        "retry rules ruletest sentences settling sieves signature silences spelling terms text "
        "vocabulary waiting webhook_body words",
    ),
    *_in(
        "monitor",
        "demo.content demo.exchange demo.library demo.listings demo.messages demo.pages "
        "demo.press demo.report demo.site demo.tally ledger quoted shown",
    ),
}
# What touches network, tables, files, clock or log. A dot at the end: the rest of that package.
DOERS = {
    *_in(
        "crawler",
        "books conditions config engine faults guard handlers indexes launch middlewares pauses "
        "pipelines pool preload probe reading recording resolver spiders. store. tomlfile",
    ),
    *_in(
        "alerts",
        "archive channels. claiming config deliver http lane lexicon matching network queueing "
        "requests search sifting smtp store. watch",
    ),
    "monitor.",
}

CODE = Tree(ROOT, PACKAGES)
RUN = Tree(ROOT, (*PACKAGES, "run"))
TESTS = Tree(ROOT, ("tests",))
EVERYTHING = Tree(ROOT, (*PACKAGES, "run", "tests", "benchmarks"))


def none_of(breaches: list[str]) -> None:
    """Fail with every breach on a line of its own."""
    assert not breaches, "\n".join(["", *breaches])


def test_packages_import_one_way() -> None:
    none_of(architecture.forbidden_imports(CODE, MAY_IMPORT))


def test_every_module_decides_or_does() -> None:
    none_of(architecture.unclassified(CODE, DECIDERS, DOERS))


def test_deciders_depend_on_their_arguments_alone() -> None:
    none_of(architecture.impure(CODE, DECIDERS))


def test_no_module_needs_itself_to_be_loaded() -> None:
    none_of(architecture.cycles(CODE))


def test_functions_end_before_line_40() -> None:
    none_of(architecture.long_functions(RUN))


def test_modules_end_by_line_300() -> None:
    none_of(architecture.long_modules(EVERYTHING))


def test_the_public_is_documented() -> None:
    bare, public = architecture.undocumented(CODE)
    assert len(bare) <= public * 0.05, bare


def test_our_own_modules_are_not_patched_in_tests() -> None:
    lines = sum(module.text.count("\n") for module in TESTS.modules.values())
    found = architecture.mocks(TESTS, PACKAGES)
    assert len(found) * 1000 < lines, found


def test_no_test_sleeps() -> None:
    none_of(architecture.sleeps(TESTS))


def test_each_suppression_names_its_rule_and_reason() -> None:
    none_of(architecture.bare_suppressions(EVERYTHING))


# Each check, shown a breach: what is planted in crawler/planted.py, and what the check must say.
Check = Callable[[Tree], list[str]]
BREACHES: dict[str, tuple[Check, str, str]] = {
    "a crawler that knows about alerts": (
        lambda tree: architecture.forbidden_imports(tree, MAY_IMPORT),
        "def late():\n    from alerts import alert\n",
        "crawler.planted may not import alerts.alert",
    ),
    "alerts that come in by the back door": (
        lambda tree: architecture.forbidden_imports(
            tree, {"crawler": ("crawler.planted",), "alerts": ()}
        ),
        "from crawler.store import rows\n",
        "crawler.planted may not import crawler.store.rows",
    ),
    "a module on neither list": (
        lambda tree: architecture.unclassified(tree, set(), {"alerts.", "crawler.store."}),
        "",
        "crawler.planted stands on neither list",
    ),
    "a module on both lists": (
        lambda tree: architecture.unclassified(
            tree, {"crawler.planted"}, {"alerts.", "crawler.", "crawler.planted"}
        ),
        "",
        "crawler.planted stands on both lists",
    ),
    "a list that names what is gone": (
        lambda tree: architecture.unclassified(tree, {"crawler.gone"}, {"alerts.", "crawler."}),
        "",
        "crawler.gone is listed and not there",
    ),
    "a decider that imports the network": (
        lambda tree: architecture.impure(tree, {"crawler.planted"}),
        "from scrapy.http import Response\n",
        "a decider imports scrapy.http",
    ),
    "a decider that reads the clock": (
        lambda tree: architecture.impure(tree, {"crawler.planted"}),
        "from datetime import UTC, datetime\nnow = datetime.now(tz=UTC)\n",
        "a decider calls datetime.now",
    ),
    "a decider that reads a file": (
        lambda tree: architecture.impure(tree, {"crawler.planted"}),
        "text = open('words').read()\n",
        "a decider calls open",
    ),
    "a decider that imports a doer": (
        lambda tree: architecture.impure(tree, {"crawler.planted"}),
        "from .store import rows\n",
        "a decider imports a doer, crawler.store.rows",
    ),
    "two modules that load each other": (
        architecture.cycles,
        "from crawler.store import rows\n",
        "crawler.planted",
    ),
    "a function of 40 lines": (
        architecture.long_functions,
        "def f():\n" + "    pass\n" * 39,
        "f has 40 lines",
    ),
    "a module of 301 lines": (
        architecture.long_modules,
        "\n" * 301,
        "crawler/planted.py has 301 lines",
    ),
    "a public method without a docstring": (
        lambda tree: architecture.undocumented(tree)[0],
        'class C:\n    """C."""\n    def m(self): ...\n    def _private(self): ...\n',
        "crawler/planted.py:3: m",
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
        architecture.sleeps,
        "import time\ntime." + "sleep(1)\n",
        "sleep(1)",
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
    """Make a small tree with this text in it."""

    def tree(text: str) -> Tree:
        files = {
            "crawler/store/rows.py": "import crawler.planted\n",
            "alerts/alert.py": "",
            "crawler/planted.py": text,
        }
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / "__init__.py").touch()
            path.write_text(content)
        return Tree(tmp_path, ("crawler", "alerts"))

    return tree


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
