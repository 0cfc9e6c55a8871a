"""Both languages of the page say the same things, and all that a page asks for."""

from __future__ import annotations

import re
import string
from pathlib import Path

from alerts.alert import EventKind, Reason
from alerts.message import DeliveryState
from crawler.sources import Health
from monitor.web.making import HERE, texts_of

_ASKED = re.compile(r"""\b(?:t|said|counted)\("([a-z_.]+)"(?! ~)""")


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    dutch, english = texts_of("nl"), texts_of("en")

    assert dutch.keys() == english.keys()
    assert [key for key in dutch if names_in(dutch[key]) != names_in(english[key])] == []


def test_every_text_that_a_page_asks_for_is_there() -> None:
    texts = texts_of("nl")
    files = [*HERE.rglob("*.html"), *HERE.rglob("*.py")]
    asked = {name for file in files for name in _ASKED.findall(Path(file).read_text("utf-8"))}

    missing = {
        name for name in asked if name not in texts and f"{name}_many" not in texts and "." in name
    }
    assert missing == set()


def test_every_reason_state_kind_and_health_has_its_words() -> None:
    texts = texts_of("nl")

    kinds = (kind.value.replace(".", "_") for kind in EventKind)
    assert {f"kind.{kind}" for kind in kinds} <= texts.keys()
    assert {f"reason.{reason.value}" for reason in Reason} <= texts.keys()
    assert {f"delivered.{state.value}" for state in DeliveryState} <= texts.keys()
    assert {f"source_health.{health.value}" for health in Health} <= texts.keys()
