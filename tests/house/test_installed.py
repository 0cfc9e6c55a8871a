"""The program installed for a user without rights, in a folder that cannot be written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from smallhouse import ROOT
from test_wheel import PARTS, wheel_of

NOBODY = 65534


def as_user(*command: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run this without any rights."""
    rights = {} if os.geteuid() else {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={"HOME": str(cwd.parent / "home"), "PATH": "/usr/bin:/bin"} | more,
        capture_output=True,
        text=True,
        check=False,
        **rights,
    )


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every user can enter, with a home and a working folder."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ("home", "work"):
        (folder / name).mkdir()
        if not os.geteuid():
            os.chown(folder / name, NOBODY, NOBODY)
    yield folder
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
    shutil.rmtree(folder)


def python_for_all(place: Path) -> str:
    """A Python that the user may run, of this version, to which our packages are known."""
    known = {"PYTHONPATH": sysconfig.get_path("purelib")}
    check = (
        f"import sys, scrapy, lxml.etree; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    )
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            if as_user(python, "-c", check, cwd=place / "work", **known).returncode == 0:
                return python
        except OSError:
            continue
    pytest.skip("no Python that a user without rights may run")


@pytest.fixture(scope="module")
def program(place: Path) -> Path:
    """The command, installed from the wheel; its folder cannot be written."""
    there = place / "program"
    subprocess.run([python_for_all(place), "-m", "venv", "--without-pip", str(there)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(there / "bin" / "python"), "install"]
    wheel = wheel_of(place / "build")
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(there)}))
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"))
    subprocess.run(["chmod", "-R", "a-w,a+rX", str(there)], check=True)
    return there / "bin" / "nieuwswacht"


@pytest.fixture(scope="module")
def work(program: Path, place: Path) -> Path:
    """A folder in which the user has had a configuration made."""
    folder = place / "work"
    assert as_user(program, "init", "desk", cwd=folder).returncode == 0
    return folder


@pytest.mark.slow
def test_a_user_without_rights_has_the_archive_in_the_folder_for_data(
    program: Path, place: Path, work: Path
) -> None:
    assert as_user(program, "--config", "desk", "check", cwd=work).returncode == 0

    ran = as_user(program, "--config", "desk", "deliver", cwd=work)

    assert ran.returncode == 0, ran.stderr
    archive = place / "home" / ".local" / "share" / "nieuwswacht" / "nieuwswacht.db"
    assert archive.stat().st_mode & 0o777 == 0o600
    assert archive.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in work.iterdir()] == ["desk"]


@pytest.mark.slow
def test_a_service_has_it_where_its_state_is(program: Path, place: Path, work: Path) -> None:
    state = place / "home" / "state"

    ran = as_user(program, "deliver", cwd=work, STATE_DIRECTORY=f"{state}:{state}/more")

    assert "channels.toml" in ran.stderr  # there is no configuration here
    ran = as_user(
        *(program, "--config", "desk", "deliver"),
        cwd=work,
        STATE_DIRECTORY=f"{state}:{state}/more",
    )
    assert ran.returncode == 0, ran.stderr
    assert (state / "nieuwswacht.db").stat().st_mode & 0o777 == 0o600


def test_the_image_gets_what_the_wheel_is_built_of() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    copied = {
        word
        for words in re.findall(r"^COPY (.*) \S+$", text, re.MULTILINE)
        for word in words.split()
    }

    assert copied == {*PARTS, "requirements.txt"}
    ignored = (ROOT / ".containerignore").read_text("utf-8").split()
    assert copied.isdisjoint(ignored)
