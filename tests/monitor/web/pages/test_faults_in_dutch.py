"""A Dutch page says what is wrong in Dutch, wherever that comes from."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from page_newsroom import PAGES, RULES, context_in, desk_at_work, desk_in
from served_page import served

from alerts.faults import config_note
from alerts.query import parse
from alerts.rules import read_rules
from alerts.watch import watch_rules
from crawler.clock import utc_now
from crawler.errors import ConfigFaults, QueryError
from crawler.store import FileLock
from monitor.context import Context
from monitor.running.rule_reload import RuleWatch
from monitor.web.making import Paper

# No Dutch sentence has one of these words, and hardly any English one has none.
ENGLISH = re.compile(r"\b(?:[Tt]he|[Tt]his|there|write|not|with|and|did|you|are|cannot|has|look)\b")
DUTCH = Paper("nl")
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


def english_in(words: str) -> list[str]:
    """The lines that are English."""
    return [line.strip() for line in words.splitlines() if ENGLISH.search(line)]


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

        pages = {path: words_on(visitor.get(path).text) for path in PAGES}
        rules, status = pages["/rules"], pages["/status"]
        draft = visitor.get("/rules/voorbeeld/edit").text

    assert {path: found for path, text in pages.items() if (found := english_in(text))} == {}
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
        ("nieuwswacht.toml", '[web]\nlanguage = "fr"\n', "dit moet 'nl' of 'en' zijn"),
        ("nieuwswacht.toml", "[crawl]\nworkers = 99\n", "workers: dit mag hooguit 32 zijn"),
    ],
)
def test_what_is_wrong_in_a_file_is_worded_in_dutch(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    context = context_in(tmp_path)
    (tmp_path / name).write_text(text, "utf-8")

    with pytest.raises(ConfigFaults) as caught:
        _ = context.settings, context.sources, context.channels, context.rulebook, context.papers

    (line, *more) = DUTCH.faults(caught.value)
    assert told in "\n".join([line, *more])
    assert not ENGLISH.search("\n".join([line, *more]))


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_wrong_in_a_query_is_worded_in_dutch(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)

    assert not ENGLISH.search("\n".join(DUTCH.faults(caught.value)))


def test_pages_of_files_that_cannot_be_read_and_a_query_say_so_in_dutch(tmp_path: Path) -> None:
    context = context_in(tmp_path)
    desk_in(tmp_path).writer.close()
    # given files with faults, which a daemon that runs has refused
    (tmp_path / "sources.toml").write_text("[[source]]\nid = 'nos'\n", "utf-8")
    (tmp_path / "channels.toml").write_text("[[channel]]\nid = 'a'\nkind = 'slak'\n", "utf-8")
    lock = FileLock(context.database)
    lock.note.daemon(utc_now())
    with pytest.raises(ConfigFaults) as caught:
        _ = context.sources
    lock.note.refused([config_note(fault.whole) for fault in caught.value.faults])

    with served(Context(config_dir=tmp_path, db=context.database)) as visitor:
        pages = {path: words_on(visitor.get(path).text) for path in [*PAGES, "/search?q=%40weg"]}
    lock.release()

    assert {path: found for path, text in pages.items() if (found := english_in(text))} == {}
    assert '"outlet" ontbreekt' in pages["/sources"]
    for path in ("/rules", "/deliveries", "/reviews"):
        assert 'bedoelde u "slack"?' in pages[path]
    assert "de nieuwe configuratie is geweigerd" in pages["/status"]
    assert 'source "nos": "outlet" ontbreekt' in pages["/status"]
    assert 'er is geen begrip "weg"' in pages["/search?q=%40weg"]
