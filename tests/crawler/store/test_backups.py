"""Copies of a database: made, read on a disk that cannot be written, and put in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_articles import article, save

from crawler.errors import StoreError
from crawler.model import Article
from crawler.store import (
    ArticleStore,
    Connection,
    Writer,
    back_up,
    backups_in,
    damages_of,
    dated,
    migrations,
    open_reader,
    restore,
    thin_out,
)

NOBODY = 65534
# Ends the process, as `kill -9` does, before the n-th time that a file gets another name.
KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from crawler.store import migrations, restore

left = int(sys.argv[1])

def count(event, _):
    global left
    left -= event == "os.rename"
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
backup, database = map(Path, sys.argv[2:])
restore(backup, database, migrations=[migrations], prepare=id, now=datetime.now())
"""


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user who may write nowhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may read."""
    path = Path(tempfile.mkdtemp())
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)


def test_a_copy_made_while_the_writer_is_at_work_is_whole(
    writer: Writer, now: datetime, tmp_path: Path
) -> None:
    save(writer, article(now), now)
    more = writer.submit(
        lambda db: [ArticleStore(db).save(other(number, now), now=now) for number in range(2, 30)]
    )

    copy = back_up(writer.path, tmp_path / "elders" / "kopie.db")

    db = open_reader(copy)
    assert damages_of(db, thorough=True) == []
    assert ArticleStore(db).totals()["articles"] in {1, 29}
    assert (copy.stat().st_mode & 0o777, list(copy.parent.iterdir())) == (0o600, [copy])
    more.result()


def other(number: int, now: datetime) -> Article:
    return replace(article(now), id=f"art_{number}", key=f"nos:{number}", url=f"https://n/{number}")


def test_a_copy_that_cannot_be_written_leaves_nothing_behind(
    writer: Writer, tmp_path: Path
) -> None:
    (tmp_path / "vol").write_text("a file where a folder should be")

    with pytest.raises(StoreError, match="cannot copy the database to"):
        back_up(writer.path, tmp_path / "vol" / "kopie.db")


def test_the_newest_copies_of_a_folder_stay_and_other_files_are_left_alone(
    writer: Writer, now: datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "kopieen"
    made = [
        back_up(writer.path, dated(folder, writer.path, now + timedelta(days=day)))
        for day in range(4)
    ]
    for name in ("anders-20260329T003000Z.db", "nieuws.db", "nieuws-gisteren.db"):
        (folder / name).write_text("not ours")

    removed = thin_out(folder, writer.path, 2)

    assert removed == [made[1], made[0]]
    assert [copy.path for copy in backups_in(folder, writer.path)] == [made[3], made[2]]
    assert backups_in(folder, writer.path)[0].at == now + timedelta(days=3)
    assert len(list(folder.iterdir())) == 5


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_copy_in_a_folder_that_cannot_be_written_can_be_read(
    writer: Writer, now: datetime, folder: Path, mode: str
) -> None:
    save(writer, article(now), now)
    copy = back_up(writer.path, folder / "kopie.db")
    with closing(sqlite3.connect(copy)) as db:
        db.execute(f"PRAGMA journal_mode = {mode}")
    copy.chmod(0o444)
    folder.chmod(0o555)

    with without_rights():
        db = open_reader(copy)
        held = ArticleStore(db).totals()["articles"]
        db.close()

    assert held == 1


def test_changes_that_are_not_in_the_file_yet_are_never_passed_over(
    writer: Writer, now: datetime, folder: Path
) -> None:
    save(writer, article(now), now)
    for ending in ("", "-wal"):  # as a plain copy of the files takes them
        shutil.copy(f"{writer.path}{ending}", folder / f"kopie.db{ending}")
    folder.chmod(0o555)

    with without_rights(), pytest.raises(StoreError, match="cannot be read as a database"):
        open_reader(folder / "kopie.db")


def say(writer: Writer, name: str) -> None:
    writer.run(lambda db: db.execute("CREATE TABLE IF NOT EXISTS said (name TEXT)"))
    writer.run(lambda db: db.execute("INSERT INTO said VALUES (?)", [name]))


def said(database: Path) -> list[str]:
    def names(db: Connection) -> list[str]:
        return [name for (name,) in db.execute("SELECT name FROM said")]

    writer = Writer(database, migrations=[migrations])
    try:
        return writer.run(names)
    finally:
        writer.close()


def restored(kills: int, folder: Path) -> bool:
    """Whether a restore came to its end that is killed at so many a new name."""
    files = [str(folder / name) for name in ("kopie.db", "nieuws.db")]
    done = subprocess.run([sys.executable, "-c", KILLED, str(kills), *files], check=False)
    return not done.returncode


def test_a_restore_that_is_killed_leaves_one_database_or_the_other_or_says_so(
    tmp_path: Path, now: datetime
) -> None:
    # given a database of which the latest is in its log alone, as after `kill -9`
    before = tmp_path / "voor"
    writer = Writer(before / "nieuws.db", migrations=[migrations])
    say(writer, "oud")
    back_up(writer.path, before / "kopie.db")
    say(writer, "nieuw")
    found, kills = list[str](), 1

    # when a restore is killed at each moment
    while not restored(kills, shutil.copytree(before, folder := tmp_path / str(kills))):
        database = folder / "nieuws.db"
        try:
            found.append(" ".join(said(database)))
        except StoreError as error:
            found.append(str(error))
            restore(folder / "kopie.db", database, migrations=[migrations], prepare=id, now=now)
            assert said(database) == ["oud"]
        kills += 1

    # then
    refused = [one for one in found if "was interrupted: run it again" in one]
    assert len(refused) == 1
    assert set(found) == {"oud nieuw", *refused}
    assert said(folder / "nieuws.db") == ["oud"]
    writer.close()


def test_a_database_that_was_put_aside_is_one_file(tmp_path: Path, now: datetime) -> None:
    writer = Writer(tmp_path / "nieuws.db", migrations=[migrations])
    say(writer, "oud")
    back_up(writer.path, tmp_path / "kopie.db")
    say(writer, "nieuw")
    there = shutil.copytree(tmp_path, tmp_path.with_name("elders"))
    writer.close()

    kept = restore(
        there / "kopie.db", there / "nieuws.db", migrations=[migrations], prepare=id, now=now
    )

    assert kept
    assert [path.name for path in there.glob("*before-restore*")] == [kept.name]
    assert said(kept) == ["oud", "nieuw"]


@pytest.mark.parametrize("log", [b"", b"no log"])
def test_what_is_no_database_any_more_is_kept_as_it_is(
    tmp_path: Path, now: datetime, log: bytes
) -> None:
    writer = Writer(tmp_path / "goed.db", migrations=[migrations])
    back_up(writer.path, tmp_path / "kopie.db")
    writer.close()
    damaged = tmp_path / "nieuws.db"
    damaged.write_bytes(b"damaged" * 1000)
    damaged.with_name("nieuws.db-wal").write_bytes(log)

    kept = restore(tmp_path / "kopie.db", damaged, migrations=[migrations], prepare=id, now=now)

    assert kept
    assert kept.read_bytes() == b"damaged" * 1000
