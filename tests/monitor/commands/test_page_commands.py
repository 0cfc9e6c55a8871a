"""The commands about the page: its password, tokens for programs, and the way to it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from commanddesk import Run

from crawler.clock import utc_now
from crawler.store import FileLock
from monitor.cli import cli
from monitor.web.entry import TokenFile, entry_key, fits, key_of


def test_a_token_is_printed_once_listed_by_its_name_and_withdrawn(run: Run, tmp_path: Path) -> None:
    token = run("web", "token", "add", "prometheus").output.strip()

    assert TokenFile(tmp_path / "nieuws.db").named(token) == "prometheus"
    listed = run("web", "token", "list").output
    assert listed.startswith("prometheus  ")
    assert token not in listed
    run("web", "token", "remove", "prometheus")
    assert TokenFile(tmp_path / "nieuws.db").named(token) is None
    assert "there is no token" in run("web", "token", "remove", "prometheus", code=1).output


def test_a_password_is_asked_for_twice_and_comes_out_as_a_hash() -> None:
    typed = "een lang wachtwoord\n" * 2

    said = CliRunner().invoke(cli, ["web", "password"], input=typed)

    hashed = said.output.partition('password_hash = "')[2].partition('"')[0]
    assert fits("een lang wachtwoord", hashed)
    assert said.output.count("een lang wachtwoord") == 0
    short = CliRunner().invoke(cli, ["web", "password"], input="kort\n" * 2)
    assert (short.exit_code, "ten characters" in short.output) == (2, True)


def test_the_page_of_the_daemon_is_named_with_the_key_of_its_archive(
    run: Run, tmp_path: Path
) -> None:
    database = tmp_path / "nieuws.db"
    assert "no daemon serves a page" in run("page", "--print", code=1).output

    # given a process that works as a daemon does
    lock = FileLock(database)
    lock.note.daemon(utc_now())
    lock.note.page("http://127.0.0.1:8087", "")
    key = key_of(database, make=True)
    assert key is not None

    said = run("page", "--print").output

    assert said.strip() == f"http://127.0.0.1:8087/enter?key={entry_key(key)}"
    lock.note.page("", "the page cannot listen on 127.0.0.1:8087: in use")
    assert "cannot listen" in run("page", "--print", code=1).output
    lock.release()
