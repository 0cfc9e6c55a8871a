"""A round with nothing to do is known by what the round before it found, and nothing is missed."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commanddesk import SOURCES, Run, command_in, told_in
from deliverydesk import Clock, article, open_desk

from alerts.faults import DeliveryFault
from alerts.store import AlertStore
from alerts.wave_log import WaveStore
from alerts.waves import Usual, Wave
from crawler.clock import utc_now
from crawler.errors import ConfigFaults, StoreBusyError
from crawler.store import Connection, FileLock, KeptPages, KnownDay
from monitor.context import Context
from monitor.quiet_round import close_round, quiet_until, report_before
from monitor.settled import FILES, fingerprint, keep_note

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANNEL = '[[channel]]\nid = "scherm"\nkind = "console"\n'
SECRET_CHANNEL = """
[[channel]]
id = "soc"
kind = "webhook"
url = "http://127.0.0.1:9/${NIEUWS_PATH}"
secret = "${file:soc-secret}"
"""
PAPER = '[[review]]\nid = "ochtend"\nname = "Krant"\nat = ["07:00"]\nchannels = ["scherm"]\n'


def context_of(folder: Path, clock: Callable[[], datetime] = utc_now) -> Context:
    return Context(config_dir=folder / "config", db=folder / "nieuws.db", clock=clock)


def quiet(folder: Path, clock: Callable[[], datetime] = utc_now) -> bool:
    return report_before(context_of(folder, clock)) is not None


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """A round sets up the log of its whole process."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], {each: each.level for each in _loggers()}
    yield
    root.handlers[:] = handlers
    logging.captureWarnings(capture=False)
    for logger in _loggers():
        logger.setLevel(levels.get(logger, logging.NOTSET))


def _loggers() -> list[logging.Logger]:
    root = logging.getLogger()
    found = root.manager.loggerDict.values()
    return [root, *(each for each in found if isinstance(each, logging.Logger))]


@pytest.fixture
def desk(tmp_path: Path) -> Run:
    """A desk without a source that is asked, after a round that found nothing to do."""
    run = command_in(tmp_path)
    (tmp_path / "config" / "sources.toml").write_text(f"{SOURCES}enabled = false\n")
    run("crawl")
    return run


def dates(folder: Path) -> Mapping[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("nieuws.db*")}


def test_a_round_after_one_that_found_nothing_says_the_same_and_leaves_the_archive_alone(
    desk: Run, tmp_path: Path
) -> None:
    asked = desk("crawl", "--no-deliver"), desk("crawl", "--no-deliver", "--json")
    desk("crawl")
    before = dates(tmp_path)

    told = desk("crawl"), desk("crawl", "--json")

    assert [each.stderr for each in told] == [each.stderr for each in asked]
    assert [each.stdout for each in told] == [each.stdout for each in asked]
    assert "0 sources polled" in told[0].stderr
    after = dates(tmp_path)
    assert {name for name in after if after[name] != before[name]} <= {"nieuws.db.lock"}
    assert desk("--quiet", "crawl").stderr == ""


def test_a_round_is_made_once_a_file_a_value_in_it_or_a_place_that_it_names_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, config = command_in(tmp_path), tmp_path / "config"
    monkeypatch.setenv("NIEUWS_PATH", "een")
    secret = config / "soc-secret"
    secret.write_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    (config / "channels.toml").write_text(CHANNEL + SECRET_CHANNEL)
    with (config / "nieuwswacht.toml").open("a") as settings:
        settings.write(f'[log]\nfile = "{tmp_path / "mijn.log"}"\n')
    (config / "sources.toml").write_text(f"{SOURCES}enabled = false\n")
    run("crawl")
    assert quiet(tmp_path)

    for path in (*(config / name for name in FILES), secret):
        held = path.read_bytes() if path.exists() else None
        path.write_bytes((held or b"") + b"\n# anders\n")
        assert not quiet(tmp_path), path
        path.unlink() if held is None else path.write_bytes(held)
        assert quiet(tmp_path), path
    for place in (tmp_path / "evidence", tmp_path / "mijn.log"):
        place.mkdir()
        assert not quiet(tmp_path), place
        place.rmdir()
    assert quiet(tmp_path)
    monkeypatch.setenv("NIEUWS_PATH", "twee")
    assert not quiet(tmp_path)


def test_whatever_was_written_to_the_archive_since_is_judged_and_told(
    desk: Run, tmp_path: Path
) -> None:
    assert quiet(tmp_path)
    other = open_desk(tmp_path / "nieuws.db")
    other.save(article(now=utc_now()))
    other.writer.close()

    report = json.loads(desk("crawl", "--json").stdout)

    assert (report["matches"], report["alerts"]["queued"]) == (1, 1)
    assert not quiet(tmp_path)


def contents(folder: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(folder / "nieuws.db")) as db:
        return list(db.iterdump())


def test_a_round_that_is_left_out_would_have_changed_nothing(desk: Run, tmp_path: Path) -> None:
    rules = tmp_path / "config" / "rules.toml"
    rules.write_text('[[rule]]\nid = "r"\nquery = "kalifa*"\nchannels = ["scherm"]\n')
    other = open_desk(tmp_path / "nieuws.db")
    other.save(article(now=utc_now()))
    other.writer.close()
    assert "1 messages sent" in desk("crawl").stderr
    desk("crawl")
    assert quiet(tmp_path)
    before = contents(tmp_path)

    (tmp_path / "nieuws.db.start").unlink()
    desk("crawl")

    assert contents(tmp_path) == before


@pytest.mark.usefixtures("desk")
def test_an_archive_that_was_put_back_is_read_anew(tmp_path: Path) -> None:
    shutil.copy2(tmp_path / "nieuws.db", tmp_path / "copy")
    assert quiet(tmp_path)

    (tmp_path / "copy").replace(tmp_path / "nieuws.db")

    assert not quiet(tmp_path)


def test_what_another_writes_is_seen_where_a_link_leads_to_the_archive(
    desk: Run, tmp_path: Path
) -> None:
    path, held = tmp_path / "nieuws.db", tmp_path / "schijf" / "echt.db"
    held.parent.mkdir()
    path.rename(held)
    path.symlink_to(held)
    with contextlib.closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT count(*) FROM articles").fetchone()
        desk("crawl")
        assert quiet(tmp_path)

        other = open_desk(path)
        other.save(article(now=utc_now()))
        other.writer.close()

        assert not quiet(tmp_path)


@pytest.mark.usefixtures("desk")
def test_no_round_is_left_out_where_files_are_dated_by_whole_seconds(tmp_path: Path) -> None:
    path, note = tmp_path / "nieuws.db", tmp_path / "nieuws.db.start"
    for fraction in (500_000_000, 0):
        os.utime(path, ns=(0, 10**18 + fraction))
        found, held = path.stat(), json.loads(note.read_text())
        state = [found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]
        held["round"]["archive"] = [state, None]
        keep_note(path, held)
        assert quiet(tmp_path) == (fraction > 0)


@pytest.mark.usefixtures("desk")
def test_a_paper_that_became_due_while_a_round_was_made_is_not_put_off(tmp_path: Path) -> None:
    begun = NOW.replace(hour=5, minute=59, second=59)
    clock = Clock(begun + timedelta(seconds=2))  # behind seven in Amsterdam
    (tmp_path / "config" / "reviews.toml").write_text(PAPER)
    other = open_desk(tmp_path / "nieuws.db")

    close_round(context_of(tmp_path, clock), other.writer, begun=begun, report={"sources": {}})

    assert not quiet(tmp_path, clock)


def test_what_a_command_left_for_the_process_with_the_archive_is_done_by_the_next_round(
    desk: Run, tmp_path: Path
) -> None:
    words = ("alerts", "silence", "--for", "2h", "--reason", "onderhoud")
    lock = FileLock(tmp_path / "nieuws.db")
    assert "handed to the running instance" in desk(*words).output
    lock.release()
    assert not quiet(tmp_path)

    desk("crawl")

    assert "onderhoud" in desk("alerts", "silence", "--list").output
    assert not list((tmp_path / "nieuws.db.requests").iterdir())
    desk("crawl")
    assert quiet(tmp_path)


@pytest.mark.usefixtures("desk")
def test_a_round_is_made_when_a_time_comes_or_the_clock_was_set_back(tmp_path: Path) -> None:
    now = utc_now()

    assert quiet(tmp_path, Clock(now + HOUR / 2))
    assert not quiet(tmp_path, Clock(now + HOUR))
    assert not quiet(tmp_path, Clock(now - HOUR))


def test_another_instance_and_a_note_that_cannot_be_read_are_left_to_the_usual_way(
    desk: Run, tmp_path: Path
) -> None:
    lock = FileLock(tmp_path / "nieuws.db")
    with pytest.raises(StoreBusyError, match="another Nieuwswacht holds"):
        desk("crawl")
    lock.release()

    (tmp_path / "nieuws.db.start").write_text('{"good": ')
    assert not quiet(tmp_path)
    desk("crawl")
    assert quiet(tmp_path)


def test_what_a_desk_asks_of_one_round_alone_is_always_done(desk: Run, tmp_path: Path) -> None:
    before = dates(tmp_path)["nieuws.db"]

    desk("--verbose", "crawl")

    assert dates(tmp_path)["nieuws.db"] != before


def _poll_soon(db: Connection) -> None:
    db.execute("UPDATE sources SET enabled = 1, next_poll = ?", [(NOW + HOUR / 4).isoformat()])


def _page_soon(db: Connection) -> None:
    db.execute("UPDATE sources SET enabled = 1, next_poll = ?", [(NOW + HOUR).isoformat()])
    row = {"key": "nergens:1", "source": "nergens", "url": "https://nergens.example/1"}
    times = {"first_seen": NOW.isoformat(), "due": (NOW + HOUR / 4).isoformat()}
    db.insert("pages", row | times | {"entry": "{}"})


class _UndoneError(Exception):
    """Ends a job, so that it leaves nothing."""


def until_after(folder: Path, make: Callable[[Connection], object], now: datetime) -> object:
    """Until when a round would be quiet if this were in the archive."""
    other, found = open_desk(folder / "nieuws.db"), list[datetime | None]()

    def job(db: Connection) -> None:
        make(db)
        found.append(quiet_until(db, context_of(folder), now))
        raise _UndoneError

    with pytest.raises(_UndoneError):
        other.writer.run(job)
    other.writer.close()
    return found[0]


@pytest.mark.usefixtures("desk")
def test_a_round_is_quiet_no_longer_than_until_a_source_a_page_or_a_paper_is_due(
    tmp_path: Path,
) -> None:
    early = NOW.replace(hour=5, minute=40)

    assert until_after(tmp_path, lambda _: None, NOW) == NOW + HOUR
    assert until_after(tmp_path, _poll_soon, NOW) == NOW + HOUR / 4
    assert until_after(tmp_path, _page_soon, NOW) == NOW + HOUR / 4
    (tmp_path / "config" / "reviews.toml").write_text(PAPER)
    assert until_after(tmp_path, lambda _: None, early) == NOW.replace(hour=6)  # seven in Amsterdam


def _unconfirmed(db: Connection) -> None:
    names = {"story": "s", "article": "a", "channel": "scherm", "target": "", "passage": "p"}
    change = {"kind": "lost", "field": "body", "text": "t", "hits": "[]", "rules": "[]"}
    db.insert("unconfirmed", names | change | {"since": NOW.isoformat()})


def _wave(db: Connection) -> None:
    usual = Usual(0.25, 1)
    WaveStore(db).put("brug", Wave(began=NOW, high=NOW, told=5, peak=5, usual=usual), 5)


def _evidence(db: Connection) -> None:
    KeptPages(db).note_day(KnownDay("2026-11-22", 1, "x"))


def _paused(db: Connection) -> None:
    channels = AlertStore(db).channels
    fault = DeliveryFault.UNREPORTED()
    channels.put(replace(channels.get("scherm"), paused=NOW, paused_for=fault))


@pytest.mark.usefixtures("desk")
def test_no_round_is_quiet_while_something_waits(tmp_path: Path) -> None:
    for make in (_unconfirmed, _wave, _evidence, _paused):
        assert until_after(tmp_path, make, NOW) is None, make
    told_in(tmp_path)
    assert until_after(tmp_path, lambda _: None, NOW) is None


def test_examples_that_passed_are_not_tried_again_but_by_check(tmp_path: Path) -> None:
    run, config = command_in(tmp_path), tmp_path / "config"
    failing = '[[rule]]\nid = "r"\nquery = "brug"\nchannels = ["scherm"]\nmust_match = ["dijk"]\n'
    (config / "rules.toml").write_text(failing)
    with pytest.raises(ConfigFaults):
        run("rules", "list")
    known = {"good": fingerprint(config, "zout"), "salt": "zout"}

    keep_note(tmp_path / "nieuws.db", known)

    assert "brug" in run("rules", "list").output
    run("check", code=2)


@pytest.mark.usefixtures("desk")
def test_a_process_that_goes_on_reads_a_file_that_has_changed_with_its_types(
    tmp_path: Path,
) -> None:
    context = context_of(tmp_path)
    assert context.beginning.is_settled

    (context.config_dir / "rules.toml").write_text('nergens = 1\n[concepts]\nwater = ["sloot"]\n')

    with pytest.raises(ConfigFaults):
        _ = context.concepts
    with pytest.raises(ConfigFaults):
        _ = context.rulebook
