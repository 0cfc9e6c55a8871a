"""The promises of `run`: two commands from a fresh clone, wherever that clone is."""

import ast
import os
import shlex
import subprocess
from pathlib import Path

import pytest
from smallhouse import PYTHON, ROOT, House

pytestmark = pytest.mark.slow

BY_FILE = ["--dist", "loadfile", "--no-loadscope-reorder"]
# Python ends with this code, without a traceback, when `run` finds it too old.
OLD_PYTHON = """
import runpy, sys
sys.argv = [{script!r}, "crawl"]
sys.version_info = (3, 10, 4, "final", 0)
runpy.run_path({script!r}, run_name="__main__")
"""


def files_below(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*")}


def test_the_first_start_sets_up_and_the_second_only_starts(house: House) -> None:
    first = house.run("crawl")
    second = house.run("crawl")

    assert (first.code, first.set_up) == (0, True)
    assert (second.code, second.err) == (0, "")
    assert first.program == second.program
    assert first.program["prefix"] == str(house.venv)


def test_words_and_exit_code_are_those_of_the_program(house: House) -> None:
    ran = house.run("--config", "a folder", "crawl", "--json", STUB_EXIT="75")

    assert ran.program["words"] == ["--config", "a folder", "crawl", "--json"]
    assert ran.program["cwd"] == str(house.place)
    assert ran.code == 75


def test_without_words_the_demo_runs_and_the_daemon_is_named(house: House) -> None:
    ran = house.run()

    assert ran.program["words"] == ["demo"]
    assert "python3 run run" in ran.err.splitlines()[-1]


def test_a_demo_that_fails_is_not_followed_by_advice(house: House) -> None:
    ran = house.run(STUB_EXIT="1")

    assert ran.code == 1
    assert "python3 run run" not in ran.err


def test_the_program_hears_how_it_was_started(house: House) -> None:
    said = house.run("crawl").program["environ"]["NIEUWSWACHT_PROGRAM"]

    assert shlex.split(said) == ["python3", str(house.tree / "run")]


def test_the_command_can_be_started_without_run(house: House) -> None:
    house.run("crawl")

    command = [str(house.venv / "bin" / "nieuwswacht"), "status"]
    assert '"words": ["status"]' in subprocess.check_output(command, text=True)


def test_the_tests_run_in_the_tree_on_all_cores(house: House) -> None:
    ran = house.run("test")

    assert ran.program["words"] == [*BY_FILE, "-n", str((os.cpu_count() or 1) + 1)]
    assert ran.program["cwd"] == str(house.tree)


def test_words_after_test_go_to_pytest(house: House) -> None:
    assert house.run("test", "-k", "rules").program["words"] == [*BY_FILE, "-k", "rules"]


@pytest.mark.parametrize("word", ["test", "crawl"])
def test_what_the_tests_compile_is_kept_and_nothing_else_against_the_shell(
    house: House, word: str
) -> None:
    ran = house.run(word, PYTHONDONTWRITEBYTECODE="1")

    kept = ran.program["environ"]["PYTHONDONTWRITEBYTECODE"]
    assert kept == (None if word == "test" else "1")


def test_the_development_tools_wait_until_they_are_asked_for(house: House) -> None:
    house.run("crawl")
    assert not list(house.venv.rglob("pytest.py"))

    house.run("--dev-python", "-c", "import pytest")
    assert list(house.venv.rglob("pytest.py"))


def test_nothing_goes_elsewhere_whatever_the_shell_says(house: House) -> None:
    elsewhere = house.place / "elsewhere"

    ran = house.run("crawl", PIP_TARGET=str(elsewhere), PIP_USER="1", PIP_PREFIX=str(elsewhere))

    assert ran.code == 0, ran.err
    assert not elsewhere.exists()
    assert {path.name for path in house.home.iterdir()} <= {".cache"}


def test_python_without_ensurepip_uses_its_pip(house: House) -> None:
    house.hide("ensurepip")
    if "No module" in subprocess.getoutput(f"{PYTHON} -m pip --version"):
        pytest.skip("this machine's Python has no pip")

    assert house.run("crawl").code == 0


def test_python_without_pip_uses_ensurepip(house: House) -> None:
    house.hide("pip")
    if "No module" in subprocess.getoutput(f"{PYTHON} -c 'import ensurepip'"):
        pytest.skip("this machine's Python has no ensurepip")

    assert house.run("crawl").code == 0


def test_python_with_neither_is_told_what_to_install(house: House) -> None:
    house.hide("pip", "ensurepip")

    ran = house.run("crawl")

    assert ran.code == 1
    assert "apt install python3-venv" in ran.err


def test_a_python_that_is_too_old_hears_it_in_one_line(house: House) -> None:
    code = OLD_PYTHON.format(script=str(house.tree / "run"))

    ran = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)

    assert ran.returncode == 2
    assert ran.stderr == "run: Python 3.11 or newer is needed; this is 3.10\n"


def test_a_python_that_is_too_old_can_read_the_script() -> None:
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 6))


def test_a_moved_tree_is_set_up_anew(house: House) -> None:
    house.run("crawl")
    house.tree = house.tree.rename(house.place / "moved")

    ran = house.run("crawl")

    assert ran.set_up
    assert ran.program["prefix"] == str(house.place / "moved" / ".venv")


def test_other_packages_are_set_up_anew(house: House) -> None:
    house.run("crawl")
    house.lock("requirements.txt", {"stone": ""})

    ran = house.run("crawl")

    assert ran.set_up
    assert list(house.venv.rglob("stone.py"))
    assert not list(house.venv.rglob("brick.py"))


def test_an_environment_of_unknown_origin_is_made_anew(house: House) -> None:
    (house.venv / "bin").mkdir(parents=True)
    (house.venv / "bin" / "python").write_text("no interpreter")

    assert house.run("crawl").code == 0


def test_an_environment_that_is_used_to_start_run_is_made_anew_from_outside(house: House) -> None:
    house.run("crawl")
    had_pip = (house.venv / "bin" / "pip").exists()
    house.lock("requirements.txt", {"stone": ""})

    command = [str(house.venv / "bin" / "python"), str(house.tree / "run"), "crawl"]
    ran = subprocess.run(command, env=house.environ, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert list(house.venv.rglob("stone.py"))
    assert (house.venv / "bin" / "pip").exists() == had_pip


def test_a_read_only_tree_stays_as_it_is(house: House) -> None:
    for path in (house.tree, *house.tree.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    before = files_below(house.tree)

    ran = house.run("crawl")

    assert ran.program["environ"]["PYTHONDONTWRITEBYTECODE"] == "1"
    assert Path(ran.program["prefix"]).is_relative_to(house.home / ".cache" / "nieuwswacht")
    assert files_below(house.tree) == before
    assert not house.run("crawl").set_up


def test_a_read_only_tree_that_was_set_up_before_is_used(house: House) -> None:
    house.run("crawl")
    house.tree.chmod(0o555)

    ran = house.run("crawl")

    assert ran.program["prefix"] == str(house.venv)
