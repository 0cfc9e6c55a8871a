"""The commands around the way of an article: init, check, export, status, errors."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from loopback import Site
from newsdesk import Newsdesk
from test_daemon import until

NEWS = "Het kalifaat in Baghuz is gevallen."


@pytest.fixture
def crawled(desk: Newsdesk, outlet: Site) -> Newsdesk:
    outlet.publish("/1", "=cmd|'/c calc'!A1 kalifaat", NEWS)
    desk.sources(krant=outlet.url + "/rss")
    desk.ok("crawl")
    return desk


def test_init_writes_a_configuration_that_passes_check_and_overwrites_nothing(
    desk: Newsdesk, tmp_path: Path
) -> None:
    folder = tmp_path / "mijn"

    desk.ok("init", str(folder))
    (folder / "rules.toml").write_text("# mine\n", "utf-8")
    again = desk.ok("init", str(folder), "--json").json

    assert again["written"] == []
    assert (folder / "rules.toml").read_text("utf-8") == "# mine\n"
    checked = desk.run("--config", str(folder), "check")
    assert checked.code == 0, checked.err


def test_check_names_every_fault_of_every_file_and_shows_no_secret(desk: Newsdesk) -> None:
    desk.write("sources.toml", '[[source]]\nid = "x"\noutlet = "X"\nkind = "feed"\nurl = "x"\n')
    desk.write("nieuwswacht.toml", '[crawl]\ndelay = "soon"\n')
    desk.channels(
        '[[channel]]\nid = "slack"\nkind = "slack"\n'
        'webhook_url = "https://hooks.example.org/T0/geheim"\ngroup_wiat = "0s"\n'
    )
    desk.write(
        "rules.toml",
        '[[rule]]\nid = "r"\nquery = "syrie irak"\nchannels = ["console"]\n'
        '[[rule]]\nid = "s"\nquery = "syrie"\nchannels = []\nmust_match = ["Irak"]\n',
    )

    result = desk.run("check")

    assert result.code == 2
    named = [line.removeprefix(f"{desk.folder}/config/") for line in result.err.splitlines()]
    assert [line.split(": ")[0] for line in named[:3]] == [
        "nieuwswacht.toml:2",
        "sources.toml:5",
        "channels.toml:10",
    ]
    assert 'did you mean "group_wait"?' in result.err
    assert "geheim" not in result.err


def test_each_faulty_rule_is_named_with_its_line_and_column(desk: Newsdesk) -> None:
    desk.sources(krant="https://krant.example/rss")
    desk.write(
        "rules.toml",
        '[[rule]]\nid = "r"\nquery = "syrie irak"\nchannels = ["console"]\n'
        '[[rule]]\nid = "s"\nquery = "syrie"\nchannels = ["console"]\nmust_match = ["Irak"]\n',
    )

    faults = desk.run("check", "--json").json["faults"]

    assert [fault["line"] for fault in faults] == [3, 9]
    assert 'rule "r": column 7' in faults[0]["what"]
    assert 'the rule does not match "Irak"' in faults[1]["what"]


def test_a_spreadsheet_executes_nothing_of_an_export(crawled: Newsdesk) -> None:
    (row,) = csv.DictReader(io.StringIO(crawled.ok("export", "articles").out))
    (line,) = crawled.ok("export", "articles", "--format", "jsonl").lines
    (match,) = csv.DictReader(io.StringIO(crawled.ok("export", "matches").out))

    assert row["title"].startswith("'=cmd")
    assert line["title"].startswith("=cmd")
    assert (match["rule"], match["words"]) == ("kalifaat", "kalifaat, Baghuz")


def test_status_says_what_is_held_and_what_is_wrong(crawled: Newsdesk) -> None:
    status = crawled.ok("status", "--json").json

    assert (status["healthy"], status["problems"]) == (True, [])
    assert status["archive"] == {"articles": 1, "revisions": 1, "stories": 1}
    assert "all well" in crawled.ok("status").out


@pytest.mark.parametrize("command", [["search", "syrie"], ["status"], ["show", "x"]])
def test_without_a_database_the_remedy_is_named_and_nothing_is_made(
    desk: Newsdesk, command: list[str]
) -> None:
    desk.sources(krant="https://krant.example/rss")

    result = desk.run(*command)

    assert (result.code, result.out) == (1, "")
    assert re.search(r"`nieuwswacht .*\bcrawl`", result.err)
    assert not (desk.folder / "nieuws.db").exists()


def test_json_output_is_json_and_nothing_else(crawled: Newsdesk) -> None:
    for words in (["sources", "list"], ["status"], ["alerts", "log"], ["rules", "list"]):
        out = crawled.ok(*words, "--json").out
        assert [json.loads(line) for line in out.splitlines()]


def test_an_unknown_source_is_a_usage_error_that_says_where_to_look(crawled: Newsdesk) -> None:
    result = crawled.run("crawl", "kraant")

    assert result.code == 2
    assert "sources list" in result.err


def test_a_damaged_database_is_named_and_left_alone(desk: Newsdesk) -> None:
    desk.sources(krant="https://krant.example/rss")
    (desk.folder / "nieuws.db").write_bytes(b"not a database" * 99)

    result = desk.run("crawl")

    assert result.code == 1
    assert "cannot be used as a database" in result.err
    assert (desk.folder / "nieuws.db").read_bytes() == b"not a database" * 99


def test_without_a_network_one_sentence_says_so(desk: Newsdesk) -> None:
    desk.sources(
        **{name: f"https://{name}.invalid/rss" for name in ("een", "twee", "drie", "vier")}
    )

    with desk.daemon():
        until(lambda: "is there a network?" in desk.log(), what="the sentence")
    round_ = desk.run("crawl", "een", "twee", "drie", "vier")

    assert desk.log().count("the host has no address") < 3
    assert round_.code == 1
    assert "no host has an address: is there a network? (4 sources)" in round_.err
    assert "robots.txt" not in round_.err
