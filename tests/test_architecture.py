"""The rules of the house that a program can check, and the lists they need."""

from collections.abc import Callable
from pathlib import Path

import architecture
import pytest
from rooms import PACKAGES
from sourcetree import Tree

ROOT = Path(__file__).parent.parent

# Who may import whom; a name that ends in a dot stands for all that is below it.
FRONT_DOOR = (
    "crawler.model",
    "crawler.errors",
    "crawler.config.files",
    "crawler.text.folding",  # rules and the archive's words compare letters alike
    "crawler.text.sentences",
    "crawler.network.guard",
    "crawler.store",
    "crawler.config.toml",  # the reader of configuration, which knows each fault's line
)
MAY_IMPORT = {
    "crawler": ("crawler.",),
    "alerts": ("alerts.", *FRONT_DOOR),
    "monitor": ("monitor.", "alerts.", "crawler."),
}


# Values in, values out; the types they pass around are among them.
DECIDERS = {
    "alerts.policy.source_notices",
    "alerts.alert",
    "alerts.rules.backtest",
    "alerts.matching.capitals",
    "alerts.policy.changes",
    "alerts.policy.channel_state",
    "alerts.channel",
    "alerts.channels.slack.slack_blocks",
    "alerts.rendering.clean",
    "alerts.message",
    "alerts.document",
    "alerts.matching.evaluate",
    "alerts.rules.examples",
    "alerts.rules.explanation",
    "alerts.matching.filing",
    "alerts.search.forms",
    "alerts.search.sieve_of_query",
    "alerts.query.globs",
    "alerts.query.grammar",
    "alerts.policy.placement",
    "alerts.policy.source_rhythm",
    "alerts.query.hints",
    "alerts.matching.rule_index",
    "alerts.query.lexer",
    "alerts.channels.email.email_message",
    "alerts.match",
    "alerts.rendering.notices",
    "alerts.outcome",
    "alerts.query.parser",
    "alerts.matching.row",
    "alerts.rendering.phrases",
    "alerts.rendering.plaintext",
    "alerts.matching.anchors",
    "alerts.policy.verdict",
    "alerts.query.tree",
    "alerts.policy.quiet_hours",
    "alerts.matching.opened",
    "alerts.rendering.view",
    "alerts.policy.retry",
    "alerts.rules.book",
    "alerts.rules.trial_input",
    "crawler.text.sentences",
    "alerts.policy.settling",
    "alerts.search.sieve",
    "alerts.channels.webhook.webhook_signature",
    "alerts.policy.silences",
    "alerts.query.spelling",
    "alerts.query.terms",
    "alerts.query.normal",
    "alerts.matching.vocabulary",
    "alerts.policy.waiting",
    "alerts.channels.webhook.webhook_body",
    "alerts.query.patterns",
    "crawler.addresses.canonical",
    "crawler.model",
    "crawler.sources.retries",
    "crawler.text.abbreviations",
    "crawler.text.decoding",
    "crawler.pages.boilerplate",
    "crawler.pages.clutter",
    "crawler.pages.paragraphs",
    "crawler.sources.catalogue",
    "crawler.stories.diff",
    "crawler.text.dates",
    "crawler.errors",
    "crawler.pages.extract",
    "crawler.feeds.items",
    "crawler.feeds.jsonfeed",
    "crawler.feeds.lenient",
    "crawler.feeds.repair",
    "crawler.feeds.feed",
    "crawler.feeds.xml",
    "crawler.text.folding",
    "crawler.stories.document_frequency",
    "crawler.sources.freshness",
    "crawler.sources.health",
    "crawler.pages.jsonld",
    "crawler.feeds.listing",
    "crawler.text.language",
    "crawler.pages.lead",
    "crawler.addresses.links",
    "crawler.discovery.look",
    "crawler.pages.markup",
    "crawler.pages.metadata",
    "crawler.stories.same_article",
    "crawler.sources.opml",
    "crawler.engine.outcomes",
    "crawler.addresses.article_key",
    "crawler.text.plain",
    "crawler.network.politeness",
    "crawler.sources.schedule",
    "crawler.reading.interfaces",
    "crawler.network.refusals",
    "crawler.stories.related_stories",
    "crawler.engine.report",
    "crawler.stories.revisions",
    "crawler.feeds.section",
    "crawler.settings",
    "crawler.addresses.site_ids",
    "crawler.stories.shingles",
    "crawler.feeds.sitemap",
    "crawler.discovery.site",
    "crawler.stories.templates",
    "crawler.store.records",
    "crawler.stories.near_duplicates",
    "crawler.pages.body",
    "crawler.pages.title",
    "crawler.store.archive.tokens",
    "crawler.config.hints",
    "crawler.config.positions",
    "crawler.pages.walls",
    "crawler.reading.tasks",
    "monitor.demo.newsroom.content",
    "monitor.demo.servers.exchange",
    "monitor.demo.newsroom.library",
    "monitor.demo.newsroom.listings",
    "monitor.demo.receivers.drawn_messages",
    "monitor.demo.newsroom.pages",
    "monitor.demo.newsroom.press",
    "monitor.demo.report",
    "monitor.demo.newsroom.site",
    "monitor.demo.tally",
    "monitor.views.ledger_view",
    "monitor.views.quotes_view",
    "monitor.views.articles_view",
}
# What touches network, tables, files, clock or log. A dot at the end: the rest of that package.
DOERS = {
    "alerts.channel_config",
    "crawler.sources.catalogue_file",
    "alerts.search.archived",
    "alerts.channels.",
    "alerts.delivery.claims",
    "alerts.rules.file",
    "alerts.delivery.dispatcher",
    "alerts.transport.http",
    "alerts.delivery.lane",
    "alerts.search.lexicon",
    "alerts.matcher",
    "alerts.transport.connection",
    "alerts.delivery.queueing",
    "alerts.delivery.requests",
    "alerts.search.results",
    "alerts.search.sift",
    "alerts.transport.smtp",
    "alerts.store.",
    "alerts.watch",
    "crawler.engine.recorder",
    "crawler.network.conditional",
    "crawler.config.files",
    "crawler.engine.crawl",
    "crawler.network.faults",
    "crawler.network.guard",
    "crawler.network.download",
    "crawler.reading.sitemap_index",
    "crawler.engine.session",
    "crawler.network.middlewares",
    "crawler.network.pauses",
    "crawler.pipelines",
    "crawler.reading.pool",
    "crawler.reading.preload",
    "crawler.discovery.probe",
    "crawler.reading.reader",
    "crawler.engine.transactions",
    "crawler.network.resolver",
    "crawler.spiders.",
    "crawler.store.",
    "crawler.config.toml",
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


def test_modules_end_by_line_400() -> None:
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
