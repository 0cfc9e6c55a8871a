"""Copies of a database that is in use, and the archive on a disk that cannot be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
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
    Writer,
    back_up,
    backups_in,
    damages_of,
    dated,
    open_reader,
    thin_out,
)

NOBODY = 65534


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
