"""The first command of the README, with the packages that are really locked."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from smallhouse import PYTHON, ROOT

pytestmark = pytest.mark.slow

LEFT_OUT = (".*", "__pycache__", "tests", "benchmarks", "docs", "*.db*")
# How this machine reaches a package index; everything else a new user does not have.
NETWORK = re.compile(r"PIP_.*|(HTTPS?|ALL|NO)_PROXY|(SSL|CURL|REQUESTS)_.*", re.IGNORECASE)


def test_a_fresh_clone_and_an_empty_home_are_enough_for_the_demo(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "clone", ignore=shutil.ignore_patterns(*LEFT_OUT))
    (tmp_path / "home").mkdir()
    environ = {name: value for name, value in os.environ.items() if NETWORK.fullmatch(name)}
    environ |= {"HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}

    ran = subprocess.run(
        [str(PYTHON), "run"],
        cwd=tmp_path / "clone",
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert "Baghuz" in ran.stdout
    assert "python3 run run" in ran.stderr.splitlines()[-1]
