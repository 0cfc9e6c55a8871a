"""The rules of the house that a program can check."""

import importlib
from pathlib import Path

import architecture
import pytest
import world
from houserules import CLOCKS, DECIDERS, LAYERS, LOADERS, MAY_IMPORT, SLEEPS, SMALL
from rooms import PACKAGES
from sourcetree import Tree

ROOT = Path(__file__).parent.parent
CODE = Tree(ROOT, PACKAGES)
RUN = Tree(ROOT, (*PACKAGES, "run"))
TESTS = Tree(ROOT, ("tests",))
EVERYTHING = Tree(ROOT, (*PACKAGES, "run", "tests", "benchmarks"))


def none_of(breaches: list[str]) -> None:
    """Fail with every breach on a line of its own."""
    assert not breaches, "\n".join(["", *breaches])


def test_packages_import_one_way() -> None:
    none_of(architecture.forbidden_imports(CODE, MAY_IMPORT))


def test_other_packages_come_in_by_the_front_door() -> None:
    none_of(architecture.past_the_door(CODE))


def test_every_package_says_what_it_is_and_has_a_front_door() -> None:
    none_of(architecture.without_door(CODE))


@pytest.mark.parametrize("package", sorted(CODE.doors))
def test_what_a_front_door_offers_is_there(package: str) -> None:
    door = importlib.import_module(package)

    assert set(door.__all__) == set(CODE.doors[package])
    assert all(getattr(door, name) is not None for name in door.__all__)


def test_a_front_door_offers_what_its_own_modules_define() -> None:
    none_of(architecture.false_doors(CODE))


def test_the_rule_language_loads_no_parser_of_pages_and_nothing_that_crawls() -> None:
    libraries = ("lxml", "pydantic", "scrapy", "sqlite_utils", "trafilatura", "twisted")
    rooms = {room for layer in LAYERS for room in layer if room.startswith("crawler.")}
    types = {f"crawler.{room}" for room in ("errors", "faults", "frozen", "model", "text")}
    unwanted = (*libraries, *(rooms - types))
    none_of(world.loaded(CODE, "import alerts.query as q; q.parse", unwanted))


def test_a_round_in_which_nothing_is_due_loads_no_scrapy() -> None:
    statement = "import monitor.running.once as o; o.crawl_round, o.alert_round"
    none_of(world.loaded(CODE, statement, ("scrapy", "twisted", "trafilatura")))


def test_imports_point_from_a_layer_to_those_below() -> None:
    none_of(architecture.upward_imports(CODE, LAYERS))


def test_folders_have_at_most_12_modules() -> None:
    none_of(architecture.full_folders(CODE))


def test_folders_have_at_most_12_test_files() -> None:
    none_of(architecture.full_test_folders(TESTS))


def test_a_module_has_at_most_8_neighbours_on_average() -> None:
    none_of(architecture.crowds(CODE))


def test_small_modules_have_a_reason() -> None:
    none_of(architecture.small_modules(CODE, SMALL))


def test_a_name_stands_for_one_file_and_one_class() -> None:
    none_of(architecture.names_twice(CODE, PACKAGES))


def test_deciders_depend_on_their_arguments_alone() -> None:
    none_of(world.impure(CODE, DECIDERS))


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


def test_one_module_reads_the_clock() -> None:
    none_of(world.clocks(CODE, CLOCKS))


def test_modules_are_imported_by_names_that_stand_in_the_text() -> None:
    none_of(world.loaders(CODE, LOADERS))


def test_no_test_sleeps() -> None:
    none_of(world.sleeps(TESTS, SLEEPS))


def test_each_suppression_names_its_rule_and_reason() -> None:
    none_of(architecture.bare_suppressions(EVERYTHING))
