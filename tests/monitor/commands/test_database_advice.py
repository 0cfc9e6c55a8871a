"""What commands say of a database that is not there, empty or damaged, and where they look."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commanddesk import command_in, told_in

ROOT = Path(__file__).parents[3]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    command_in(tmp_path)
    return tmp_path


def status(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`status` as it is typed in this folder."""
    return subprocess.run(
        [sys.executable, "-m", "monitor", "status"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(ROOT)} | environment,
    )


def test_a_database_that_is_not_there_is_named_with_its_whole_path(desk: Path) -> None:
    said = status(desk)

    assert said.returncode == 1
    assert f"the database {desk / 'nieuwswacht.db'} is not there: run" in said.stderr
    assert "[store] path" in said.stderr


def test_the_environment_names_configuration_and_database(desk: Path, tmp_path: Path) -> None:
    told_in(desk)
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()

    named = {"NIEUWSWACHT_CONFIG": str(desk / "config"), "NIEUWSWACHT_DB": str(desk / "nieuws.db")}
    said = status(elsewhere, **named)

    assert "2 articles" in said.stdout
    assert f"database   {desk / 'nieuws.db'}" in said.stdout


def test_an_empty_file_is_called_empty(desk: Path) -> None:
    (desk / "nieuwswacht.db").touch()

    said = status(desk)

    assert said.returncode == 1
    assert "nieuwswacht.db is empty: run `nieuwswacht crawl` first" in said.stderr


@pytest.mark.parametrize("damage", ["head", "middle"])
def test_a_damaged_database_comes_with_advice(desk: Path, damage: str) -> None:
    told_in(desk)
    path = desk / "nieuws.db"
    held = bytearray(path.read_bytes())
    begin = 0 if damage == "head" else 4096
    held[begin:] = b"x" * (len(held) - begin)
    path.write_bytes(held)

    said = status(desk, NIEUWSWACHT_DB=str(path))

    assert said.returncode == 1
    assert "it is damaged; `nieuwswacht check --db` says more" in said.stderr
    assert "Traceback" not in said.stderr
