from __future__ import annotations

import queue
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from crawler.errors import StoreBusyError, StoreError
from crawler.store import Connection, Writer, migrations, open_reader, wal_bytes


def add_note(text: str):
    def job(db: Connection) -> str:
        db.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT UNIQUE)")
        db.execute("INSERT INTO notes VALUES (?)", [text])
        return text

    return job


def notes(path: Path) -> list[str]:
    return [row["text"] for row in open_reader(path).rows("SELECT text FROM notes ORDER BY rowid")]


def test_a_future_resolves_after_its_job_can_be_read_by_others(writer: Writer) -> None:
    result = writer.submit(add_note("een")).result(10)

    assert result == "een"
    assert notes(writer.path) == ["een"]


def test_jobs_are_written_in_the_order_given(writer: Writer) -> None:
    futures = [writer.submit(add_note(str(number))) for number in range(500)]

    assert [future.result(10) for future in futures] == [str(number) for number in range(500)]
    assert notes(writer.path) == [str(number) for number in range(500)]


def test_a_job_that_fails_leaves_nothing_and_costs_no_other_job_of_its_batch(
    writer: Writer,
) -> None:
    held = threading.Event()
    writer.submit(lambda _: held.wait(10))

    def half(db: Connection) -> None:
        add_note("half")(db)
        raise ValueError("broken")

    before, failing, after = (
        writer.submit(add_note("voor")),
        writer.submit(half),
        writer.submit(add_note("na")),
    )
    held.set()

    assert (before.result(10), after.result(10)) == ("voor", "na")
    with pytest.raises(ValueError, match="broken"):
        failing.result(10)
    assert notes(writer.path) == ["voor", "na"]


def test_what_can_wait_is_done_in_quiet_moments_until_nothing_is_left(tmp_path: Path) -> None:
    done, quiet = list[str](), queue.SimpleQueue[int]()

    def resting(_: Connection) -> bool:
        done.append("part")
        if (more := done.count("part")) == 3:
            quiet.put(more)
            raise ValueError("broken")
        if more % 2 == 0:
            quiet.put(more)
        return more % 2 == 1

    with Writer(tmp_path / "nieuws.db", migrations=[migrations], resting=resting) as writer:
        assert quiet.get(timeout=10) == 2
        for parts in (3, 4):  # what failed is tried again after the next job
            writer.run(lambda _: done.append("job"))
            assert quiet.get(timeout=10) == parts

    assert done == ["part", "part", "job", "part", "job", "part"]


@pytest.mark.parametrize(
    ("fault", "is_bug"),
    [(sqlite3.OperationalError("database or disk is full"), False), (ValueError("broken"), True)],
)
def test_what_fails_in_a_quiet_moment_is_logged_with_its_trace_only_if_it_is_a_bug(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, fault: Exception, is_bug: bool
) -> None:
    begun = threading.Event()

    def resting(_: Connection) -> bool:
        begun.set()
        raise fault

    with Writer(tmp_path / "nieuws.db", migrations=[migrations], resting=resting):
        assert begun.wait(10)

    [logged] = caplog.records
    assert logged.getMessage().startswith("resting_failed")
    assert (str(fault) in logged.getMessage()) != is_bug
    assert bool(logged.exc_info) == is_bug


def test_a_job_that_destroys_the_transaction_costs_only_itself(writer: Writer) -> None:
    held = threading.Event()
    writer.submit(lambda _: held.wait(10))

    def destructive(db: Connection) -> None:
        add_note("weg")(db)
        db.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    before, failing, after = (
        writer.submit(add_note("voor")),
        writer.submit(destructive),
        writer.submit(add_note("na")),
    )
    held.set()

    assert (before.result(10), after.result(10)) == ("voor", "na")
    with pytest.raises(sqlite3.Error):
        failing.result(10)
    assert sorted(notes(writer.path)) == ["na", "voor"]


def test_closing_finishes_what_was_submitted_and_refuses_more(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "n.db", migrations=[migrations])
    futures = [writer.submit(add_note(str(number))) for number in range(300)]

    writer.close()
    writer.close()

    assert all(future.done() for future in futures)
    assert len(notes(tmp_path / "n.db")) == 300
    with pytest.raises(StoreError, match="closed"):
        writer.submit(add_note("laat"))


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    with Writer(path, migrations=[migrations]), pytest.raises(StoreBusyError, match="--db"):
        Writer(path, migrations=[migrations])

    Writer(path, migrations=[migrations]).close()


def test_the_lock_is_free_again_after_the_holder_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    program = (
        "import sys; from pathlib import Path; from crawler.store import Writer, migrations;"
        "Writer(Path(sys.argv[1]), migrations=[migrations]); print('held', flush=True);"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusyError):
            Writer(path, migrations=[migrations])
        holder.kill()

    Writer(path, migrations=[migrations]).close()


def test_a_reader_cannot_write(writer: Writer) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        open_reader(writer.path).execute("DELETE FROM articles")


def test_a_reader_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nieuwswacht crawl"):
        open_reader(tmp_path / "none.db")


@pytest.mark.parametrize("opening", [open_reader, lambda p: Writer(p, migrations=[migrations])])
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, opening) -> None:
    path = tmp_path / "n.db"
    path.write_bytes(b"this is no database" * 500)

    with pytest.raises(StoreError, match=r"n\.db"):
        opening(path)

    assert path.read_bytes() == b"this is no database" * 500


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()

    with pytest.raises(StoreError, match="another program"):
        Writer(path, migrations=[migrations])


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    newer = Migrations("crawler")

    @newer()
    def m001_articles(db: Database) -> None:
        db.execute("CREATE TABLE articles (id TEXT)")

    @newer()
    def m999_future(db: Database) -> None:
        db.execute("CREATE TABLE future (id TEXT)")

    Writer(path, migrations=[newer]).close()

    with pytest.raises(StoreError, match="newer Nieuwswacht"):
        Writer(path, migrations=[migrations])


def test_a_migration_that_fails_leaves_no_trace(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "n.db"
    failing = Migrations("crawler")

    @failing()
    def m001_half(db: Database) -> None:
        db.execute("CREATE TABLE half (id TEXT)")
        raise RuntimeError(str(now))

    with pytest.raises(RuntimeError):
        Writer(path, migrations=[failing])

    Writer(path, migrations=[migrations]).close()
    assert not open_reader(path).rows("SELECT 1 FROM sqlite_master WHERE name = 'half'")


def test_a_new_database_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    steps = Migrations("crawler")

    @steps()
    def m001_sound(db: Database) -> None:
        db.execute("CREATE TABLE sound (id TEXT)")

    @steps()
    def m002_failing(_: Database) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Writer(path, migrations=[steps])

    assert open_reader(path).rows("SELECT name FROM sqlite_master") == []


def test_an_archive_has_one_writer_whichever_name_is_given(tmp_path: Path) -> None:
    path, link = tmp_path / "n.db", tmp_path / "elders" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    with Writer(path, migrations=[migrations]):
        assert wal_bytes(link) == wal_bytes(path) > 0
        with pytest.raises(StoreBusyError):
            Writer(link, migrations=[migrations])
