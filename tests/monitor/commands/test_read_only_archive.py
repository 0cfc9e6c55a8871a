"""An archive that this user cannot write: it can be read, and each refusal is one sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from commanddesk import command_in, told_in
from without_rights import said_without_rights

from crawler.store import open_reader

READING = ("status", "search kalifaat", "alerts log", "alerts pending", "alerts untold",
           "sources list", "sources missed", "rules list", "export articles",
           "prune --dry-run", "check --db")  # fmt: skip  # a row of commands
WRITING = ("crawl", "run", "deliver", "prune", "forget {article} --reason weg --yes",
           "alerts silence --rule brug --for 1h --reason rust",
           "alerts test scherm", "restore {copy} --pending hold",
           "web token add mij")  # fmt: skip  # as above


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Path]:
    """An archive in a folder of its own, beside its configuration and a copy."""
    run = command_in(tmp_path)
    told_in(tmp_path)
    folder = tmp_path / "archief"
    folder.mkdir()
    (tmp_path / "nieuws.db").rename(folder / "nieuws.db")
    run("--db", str(folder / "nieuws.db"), "backup", str(tmp_path / "kopie.db"))
    yield folder
    folder.chmod(0o755)


def article_in(archive: Path) -> str:
    with contextlib.closing(open_reader(archive / "nieuws.db")) as db:
        found: str = db.rows("SELECT id FROM articles LIMIT 1")[0]["id"]
    return found


def words_of(command: str, archive: Path) -> list[str]:
    config, database = archive.parent / "config", archive / "nieuws.db"
    places = {"copy": str(archive.parent / "kopie.db"), "article": article_in(archive)}
    return ["--config", str(config), "--db", str(database), *command.format(**places).split()]


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["folder", "files"])
def test_what_cannot_be_written_can_be_read_and_is_refused_in_one_sentence(
    archive: Path, closed: str
) -> None:
    # given an archive whose folder, or whose files, may only be read
    for file in archive.iterdir():
        file.chmod(0o444)
    if closed == "folder":
        archive.chmod(0o555)

    # when it is read and written
    commands = [words_of(command, archive) for command in (*READING, *WRITING)]
    told = said_without_rights(commands)

    # then reading works
    for command, (_, _, err) in zip(READING, told, strict=False):
        assert "cannot" not in err, command
        assert "Error" not in err, command
    # and of the rest each says in one sentence what cannot be written, and ends with 1
    for command, (code, _, err) in zip(WRITING, told[len(READING) :], strict=True):
        if command.startswith(("restore", "web token")) and closed == "files":
            continue  # they make new files
        assert (code, len(err.splitlines())) == (1, 1), (command, err)
        assert str(archive / "nieuws.db") in err or "the database: " in err, command
        assert "Error" not in err, command
