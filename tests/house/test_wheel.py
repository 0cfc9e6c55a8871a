"""The wheel that users install, apart from this tree."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from smallhouse import ROOT

pytestmark = pytest.mark.slow

PARTS = ("alerts", "config", "crawler", "monitor", "LICENSE", "README.md", "pyproject.toml")


def wheel_of(place: Path) -> Path:
    """The wheel, built in this new folder."""
    place.mkdir()
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, place / name)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    subprocess.run(build, cwd=place, check=True, capture_output=True)
    (wheel,) = (place / "dist").iterdir()
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the packages it needs are those of the tests."""
    place = tmp_path_factory.mktemp("wheel")
    wheel = wheel_of(place / "build")

    there = place / "venv"
    venv.create(there, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(there / "bin" / "python"), "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(there)}))
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"))
    return there


def nieuwswacht(installed: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(installed / "bin" / "nieuwswacht"), *words]
    environ = {"HOME": str(cwd), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )


def test_init_writes_the_shipped_configuration(installed: Path, tmp_path: Path) -> None:
    ran = nieuwswacht(installed, "init", "desk", cwd=tmp_path)

    assert ran.returncode == 0, ran.stderr
    shipped = {path.name: path.read_text() for path in (ROOT / "config").glob("*.toml")}
    assert {path.name: path.read_text() for path in (tmp_path / "desk").iterdir()} == shipped


def test_the_configuration_it_wrote_is_valid(installed: Path, tmp_path: Path) -> None:
    nieuwswacht(installed, "init", "desk", cwd=tmp_path)

    ran = nieuwswacht(installed, "--config", "desk", "check", cwd=tmp_path)

    assert ran.returncode == 0, ran.stderr + ran.stdout


def test_it_carries_every_file_that_the_packages_read(installed: Path) -> None:
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(installed)}))
    files = [
        path.relative_to(ROOT)
        for package in ("alerts", "crawler", "monitor")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]

    assert [str(path) for path in files if not (site / path).is_file()] == []
