"""The pack that is shipped, and the labelled texts."""

from pathlib import Path

import pytest
from labelled import Labelled, labelled_texts

from alerts.rules.book import RuleBook, rule_of
from alerts.rules.file import read_rules

PACK = Path(__file__).parents[2] / "config" / "rules.toml"


@pytest.fixture(scope="session")
def pack() -> RuleBook:
    return read_rules(PACK, channels=["console"]).sound()


@pytest.fixture(scope="session")
def concepts(pack: RuleBook) -> RuleBook:
    """A rule for each concept of the pack, which matches what the concept matches."""
    return RuleBook.build(
        rule_of(id=name, text=f"@{name}", concepts=pack.concepts) for name in pack.concepts.names
    )


@pytest.fixture(scope="session")
def texts() -> list[Labelled]:
    return labelled_texts()
