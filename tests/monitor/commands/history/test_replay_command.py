"""`nieuwswacht replay` and `import` fill a history, and the other commands know it as one."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from commanddesk import command_in
from webarchives import article, packed

from crawler.errors import StoreError
from monitor.cli import cli

ROOT = Path(__file__).parents[4]
Run = Callable[..., Result]
NAME = "CC-NEWS-20190323120000-00001.warc.gz"
SOURCES = """
[[source]]
id = "nos"
outlet = "NOS"
kind = "feed"
url = "https://feeds.nos.nl/nosnieuwsbuitenland"

[[source]]
id = "vrt"
outlet = "VRT NWS"
kind = "feed"
url = "https://www.vrt.be/vrtnws/nl.rss.articles.xml"
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    command_in(tmp_path)
    config = tmp_path / "config"
    (config / "sources.toml").write_text(SOURCES)
    (tmp_path / "warc").mkdir()
    pages = [article(1), article(2), article(3, host="example.com")]
    (tmp_path / "warc" / NAME).write_bytes(b"".join(packed(pages)))

    def run_command(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["--config", str(config), *words])
        assert result.exit_code == code, result.output
        return result

    return run_command


def refused(result: Result) -> str:
    """What the command line says of an error that ends it."""
    assert isinstance(result.exception, StoreError)
    return str(result.exception)


def replay(run: Run, folder: Path, *words: str, code: int = 0) -> Any:
    place = [str(folder / "warc"), "--db", str(folder / "history.db"), "--workers", "0"]
    return json.loads(run("replay", *place, "--json", *words, code=code).stdout)


def test_what_became_of_each_record_is_said_in_words_and_as_json(run: Run, tmp_path: Path) -> None:
    told = replay(run, tmp_path)

    assert told["records"] == 3
    assert told["counts"] == {"stored": 2, "foreign": 1}
    [file] = told["files"]
    assert (file["name"], file["complete"], file["faults"]) == (NAME, True, [])
    assert replay(run, tmp_path) == told
    words = run("replay", str(tmp_path / "warc"), "--db", str(tmp_path / "history.db")).stdout
    assert "1 file, 3 records" in words
    assert "2  articles stored" in words
    assert "1  of other hosts" in words


def test_a_cut_file_is_named_with_its_place_each_time_and_exits_with_1(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "warc" / NAME
    path.write_bytes(path.read_bytes()[:-20])

    for _ in range(2):
        [file] = replay(run, tmp_path, code=1)["files"]

    assert file["counts"] == {"stored": 2, "damaged": 1}
    [fault] = file["faults"]
    assert (fault["kind"], fault["what"]) == ("damaged", "the file ends within this record")
    place = [str(tmp_path / "warc"), "--db", str(tmp_path / "history.db")]
    said = run("replay", *place, code=1).stderr
    assert f"{NAME}, byte {fault['offset']}: the file ends within this record" in said


def test_only_the_outlets_and_times_asked_for_are_taken_and_stay_the_same(
    run: Run, tmp_path: Path
) -> None:
    assert replay(run, tmp_path, "--outlets", "VRT NWS")["counts"] == {"foreign": 3}

    place = [str(tmp_path / "warc"), "--db", str(tmp_path / "history.db")]
    said = refused(run("replay", *place, code=1))
    assert "is filled with other options (outlets = VRT NWS" in said
    assert "another --db" in said
    said = run("replay", *place, "--outlets", "NOS,Peilpunt", code=2).stderr
    assert "sources.toml has no outlet 'Peilpunt'" in said


def test_the_database_of_a_desk_is_never_filled_and_a_history_never_crawled(
    run: Run, tmp_path: Path
) -> None:
    replay(run, tmp_path)
    desk, history = str(tmp_path / "nieuws.db"), str(tmp_path / "history.db")

    said = [refused(run("--db", history, command, code=1)) for command in ("deliver", "prune")]
    place = ["--config", str(tmp_path / "config"), "--db", history]
    for command in ("run", "crawl"):  # each sets up the log of its whole process
        words = [sys.executable, "-m", "monitor", *place, command]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 1
        said.append(done.stderr)
    for each in said:
        assert "is a history, filled by `replay` or `import`" in each
        assert "Name another database" in each
    run("--db", desk, "deliver")
    said = refused(run("replay", str(tmp_path / "warc"), "--db", desk, code=1))
    assert "is an archive that is no history: name a new file with --db" in said
    assert "name the history with --db" in run("replay", str(tmp_path / "warc"), code=2).stderr


def test_a_history_is_searched_counted_exported_and_looked_back_on_as_any_archive(
    run: Run, tmp_path: Path
) -> None:
    replay(run, tmp_path)
    place = ("--db", str(tmp_path / "history.db"))

    assert len(run(*place, "search", "Sluisdam", "--json").stdout.splitlines()) == 2
    counted = run(*place, "stats", "--query", "brug", "--by", "outlet", "--format", "json")
    [row] = json.loads(counted.stdout)["rows"]
    assert (row["outlet"], row["count"], row["stored"]) == ("NOS", 2, 2)
    tested = run(*place, "rules", "backtest", "--rule", "brug", "--json")
    assert json.loads(tested.stdout)["matches"] == 2
    assert run(*place, "export", "articles").stdout.count("art_") == 2
    run(*place, "rules", "apply", "brug", "--since", "2019-01-01")
    assert (
        json.loads(run(*place, "stats", "--rule", "brug", "--format", "json").stdout)["total"] == 2
    )
    told = json.loads(run(*place, "status", "--json").stdout)
    assert (told["healthy"], told["history"]) == (True, True)
    assert told["notes"][0].startswith("this is a history, filled from files")


def test_a_history_that_was_killed_at_its_making_or_is_older_is_not_a_dead_end(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "history.db"
    begun = sqlite3.connect(path)
    begun.execute("PRAGMA journal_mode = WAL")  # writes the first page, before any table
    begun.close()

    assert replay(run, tmp_path)["counts"] == {"stored": 2, "foreign": 1}

    older = sqlite3.connect(path)
    older.execute("DELETE FROM _sqlite_migrations WHERE name = 'm022_quick_stores'")
    older.commit()
    said = refused(run("--db", str(path), "search", "brug", code=1))
    assert said.endswith("`nieuwswacht replay FILE` with one of its files brings it up to date")


def test_what_is_no_file_is_refused_with_a_remedy_and_never_waited_for(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "warc" / "a-folder.warc.gz").mkdir()
    assert replay(run, tmp_path)["records"] == 3
    pipe, db = tmp_path / "warc" / "pipe.warc.gz", str(tmp_path / "new.db")
    os.mkfifo(pipe)

    for words in (("replay", str(tmp_path / "warc")), ("import", "articles", str(pipe))):
        said = refused(run(*words, "--db", db, code=1))
        assert said == f"{pipe} is a pipe or a device: save what it gives as a file first"
    odd = tmp_path / "\udcff.jsonl"
    odd.write_text("{}\n")
    said = refused(run("import", "articles", str(odd), "--db", db, code=1))
    assert said.endswith("\\udcff.jsonl' has a name that is not in UTF-8: rename it")


def test_a_page_behind_a_wall_counts_as_missed(run: Run, tmp_path: Path) -> None:
    walled = replace(article(4), status="403 Forbidden")
    (tmp_path / "warc" / NAME).write_bytes(b"".join(packed([article(1), walled])))

    assert replay(run, tmp_path)["counts"] == {"stored": 1, "wall": 1}
    counted = ("stats", "--query", "brug", "--by", "outlet", "--format", "json")
    [row] = json.loads(run("--db", str(tmp_path / "history.db"), *counted).stdout)["rows"]
    assert row["missed_pages"] == 1


def test_an_export_is_imported_and_its_bad_lines_are_named(run: Run, tmp_path: Path) -> None:
    path, db = tmp_path / "lexis.jsonl", str(tmp_path / "history.db")
    good = {"title": "Brug", "body": "De brug is open.", "date": "2019-03-23", "outlet": "Peilpunt"}
    path.write_text(f"{json.dumps(good)}\nkapot\n")

    told = json.loads(run("import", "articles", str(path), "--db", db, "--json", code=1).stdout)

    assert told["counts"] == {"stored": 1, "damaged": 1}
    said = run("import", "articles", str(path), "--db", db, code=1)
    assert "lexis.jsonl, line 2: it is not JSON" in said.stderr
    assert len(run("--db", db, "search", "brug", "--json").stdout.splitlines()) == 1
