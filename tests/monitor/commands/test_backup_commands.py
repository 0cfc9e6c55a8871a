"""`backup`, `restore` and `check --db`."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest
from commanddesk import Run

from crawler.errors import StoreError


@pytest.fixture
def db(tmp_path: Path, told: str) -> Path:
    assert told
    return tmp_path / "nieuws.db"


def test_a_backup_into_a_folder_has_the_date_as_its_name(run: Run, db: Path) -> None:
    folder = db.parent / "kopieen"

    run("backup", f"{folder}/")
    found = json.loads(run("backup", str(folder), "--keep", "1", "--json").stdout)

    assert Path(found["path"]).parent == folder
    assert [str(path) for path in folder.iterdir()] == [found["path"]]
    assert found["bytes"] == Path(found["path"]).stat().st_size


def test_keep_is_refused_for_a_single_file(run: Run, db: Path) -> None:
    refused = run("backup", str(db.parent / "een.db"), "--keep", "3", code=2)

    assert "--keep needs a folder" in refused.output


def test_of_a_database_without_anything_in_it_no_copy_is_made_and_none_is_thrown_away(
    run: Run, db: Path
) -> None:
    # given a good copy, and a database that somebody has emptied
    folder = db.parent / "kopieen"
    run("backup", f"{folder}/", "--keep", "1")
    copies = list(folder.iterdir())
    db.write_bytes(b"")
    for ending in ("-wal", "-shm"):
        db.with_name(db.name + ending).unlink(missing_ok=True)

    with pytest.raises(StoreError, match="is empty: nothing was copied"):
        run("backup", f"{folder}/", "--keep", "1")

    assert list(folder.iterdir()) == copies
    assert "is empty" in run("check", "--db", code=1).output


def test_what_is_pending_is_asked_about_before_anything_changes(run: Run, db: Path) -> None:
    copy = db.parent / "kopie.db"
    run("backup", str(copy))
    before = db.read_bytes()

    refused = run("restore", str(copy), code=2)

    assert "2 messages were pending" in refused.output
    assert "--pending send, hold or drop" in refused.output
    assert (db.read_bytes(), list(db.parent.glob("*before-restore*"))) == (before, [])


def test_a_restore_keeps_what_was_there_and_holds_what_was_pending(run: Run, db: Path) -> None:
    copy = db.parent / "kopie.db"
    run("backup", str(copy))

    done = json.loads(run("restore", str(copy), "--pending", "hold", "--json").stdout)

    assert (done["pending"], done["choice"]) == (2, "hold")
    assert Path(done["kept"]).exists()
    assert copy.exists()
    given_up = [json.loads(line) for line in run("alerts", "dead", "--json").stdout.splitlines()]
    assert [one["reason"] for one in given_up] == ["held", "held"]
    replayed = json.loads(run("alerts", "replay", given_up[0]["id"], "--json").stdout)
    assert replayed == {"done": [given_up[0]["id"]]}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_restore_by_root_leaves_the_database_to_its_user(run: Run, db: Path) -> None:
    copy = db.parent / "kopie.db"
    run("backup", str(copy))
    os.chown(db, 10087, 10087)

    run("restore", str(copy), "--pending", "drop")

    assert (db.stat().st_uid, db.stat().st_mode & 0o777) == (10087, 0o600)


def test_a_restore_beside_a_running_instance_is_refused(run: Run, db: Path) -> None:
    copy = db.parent / "kopie.db"
    run("backup", str(copy))
    with (db.parent / "nieuws.db.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Exception, match="another Nieuwswacht holds"):
            run("restore", str(copy), "--pending", "drop")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a database" * 99, "cannot be read as a database"),
        (b"", "is empty, so nothing"),
    ],
)
def test_what_is_no_backup_of_ours_is_refused(
    run: Run, db: Path, content: bytes, said: str
) -> None:
    wrong = db.parent / "anders.db"
    wrong.write_bytes(content)

    with pytest.raises(Exception, match=said):
        run("restore", str(wrong), "--pending", "drop")
    assert db.exists()


def test_check_says_whether_the_database_is_sound(run: Run, db: Path) -> None:
    assert "the database is sound" in run("check", "--db").output

    with db.open("r+b") as file:
        file.seek(db.stat().st_size // 2)
        file.write(b"\\xff" * 8192)
    damaged = json.loads(run("check", "--db", "--json", code=1).stdout)

    assert damaged["ok"]
    assert damaged["database"]["damages"]
