"""A Dutch page says what is wrong in Dutch, wherever that comes from."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from page_newsroom import PAGES, RULES, context_in, desk_at_work, desk_in
from served_page import Visitor, served

from alerts.faults import config_note
from alerts.rules import read_rules
from alerts.watch import watch_rules
from crawler.clock import utc_now
from crawler.errors import ConfigFaults
from crawler.store.database import FileLock
from monitor.running.rule_reload import RuleWatch

# No Dutch sentence has one of these words, and hardly any English one has none.
ENGLISH = re.compile(r"\b(?:[Tt]he|[Tt]his|there|write|not|with|and|did|you|are|cannot|has|look)\b")
FAULTY = (
    RULES
    + """
[[rule]]
id = "los"
query = "wolf schaap"
channels = ["weg"]
outlets = ["Nergens"]

[[rule]]
id = "voorbeeld"
query = "wolf NOT schaap"
channels = ["scherm"]
must_match = ["Een wolf bij een schaap"]
must_not_match = ["Wolf gezien"]
"""
)
QUERIES = (
    *("wolf schaap", "wolf en schaap", "(wolf", "wolf)", "NOT wolf", "wolf -schaap", "@weg"),
    *("titel:wolf", "a*", "wolf NEAR schaap", "wolf AND schaap OR lam", '"wolf', "wolf & schaap"),
)


def words_on(page: str) -> str:
    """What stands on a page for people, beside what has a place of its own."""
    text = re.sub(
        r"<(script|style|code)\b.*?</\1>|<textarea.*?</textarea>", " ", page, flags=re.DOTALL
    )
    return unescape(re.sub(r"<[^>]*>", " ", text))


def english_on(visitor: Visitor, path: str) -> list[str]:
    """The lines of a page that are English."""
    lines = words_on(visitor.get(path).text).splitlines()
    return [line.strip() for line in lines if ENGLISH.search(line)]


def test_refused_rules_and_a_refused_configuration_are_told_in_dutch_on_every_page(
    tmp_path: Path,
) -> None:
    with desk_at_work(tmp_path) as (visitor, desk):
        # given a file whose rules are refused, as the daemon finds it
        path = tmp_path / "rules.toml"
        watch = RuleWatch(path, read_rules(path, channels=["scherm"]).sound(), ["scherm"], ["NOS"])
        path.write_text(FAULTY, "utf-8")
        watch.look()
        watch.look()
        desk.writer.run(lambda db: watch_rules(db, [], watch.refused, desk.clock()))

        english = {path: found for path in PAGES if (found := english_on(visitor, path))}
        rules = words_on(visitor.get("/rules").text)
        status = words_on(visitor.get("/status").text)
        draft = visitor.get("/rules/voorbeeld/edit").text

    assert english == {}
    assert "geen operator tussen `wolf` en `schaap`" in rules
    assert 'de regel vindt "Een wolf bij een schaap" niet (NOT schaap: "schaap"' in rules
    assert 'het kanaal "weg" bestaat niet: er zijn: scherm' in status
    assert "regel los is sinds" in status
    assert "verbeter de zoekvraag of het voorbeeld" in draft


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("rules.toml", "rule = wolf\n", "tekst staat tussen aanhalingstekens"),
        ("rules.toml", RULES + "prio = 1\n", 'onbekende sleutel "prio"'),
        ("rules.toml", RULES + 'section = ["a"]\n', "dit moet tekst zijn"),
        ("sources.toml", "[[source]]\nid = 'nos'\n", '"outlet" ontbreekt: voeg toe: outlet = …'),
        ("sources.toml", "[[source]\n", "sources.toml:1: er hoort ]] aan het eind"),
        ("channels.toml", "[[channel]]\nid = 'a'\nkind = 'slak'\n", 'bedoelde u "slack"?'),
        ("reviews.toml", "[[review]]\nid = 'a'\nat = 'x'\n", "'x' is geen tijdstip"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_dutch(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    desk_in(tmp_path).writer.close()
    context = context_in(tmp_path)
    (tmp_path / name).write_text(text, "utf-8")
    path = "/deliveries" if name == "channels.toml" else f"/{name.removesuffix('.toml')}"

    with served(context) as visitor:
        assert told in words_on(visitor.get(path).text)
        assert english_on(visitor, path) == []


def test_a_query_with_a_fault_is_told_in_dutch_and_on_an_english_page_in_english(
    tmp_path: Path,
) -> None:
    desk_in(tmp_path).writer.close()
    with served(context_in(tmp_path)) as visitor:
        pages = [f"/search?q={query.replace(' ', '+')}" for query in QUERIES]
        assert [line for page in pages for line in english_on(visitor, page)] == []
        assert "er is geen begrip" in words_on(visitor.get("/search?q=%40weg").text)
    with served(context_in(tmp_path, web='language = "en"')) as visitor:
        assert "there is no concept" in words_on(visitor.get("/search?q=%40weg").text)


def test_a_daemon_that_goes_on_as_before_says_why_in_dutch(tmp_path: Path) -> None:
    context = context_in(tmp_path)
    (tmp_path / "sources.toml").write_text("[[source]]\nid = 'nos'\n", "utf-8")
    desk_in(tmp_path).writer.close()
    lock = FileLock(context.database)
    lock.note.daemon(utc_now())
    with pytest.raises(ConfigFaults) as caught:
        _ = context.sources
    lock.note.refused([config_note(fault.whole) for fault in caught.value.faults])

    with served(context_in(tmp_path)) as visitor:
        status = words_on(visitor.get("/status").text)
    lock.release()

    assert "de nieuwe configuratie is geweigerd" in status
    assert 'source "nos": "outlet" ontbreekt' in status
    assert not ENGLISH.search(status)
