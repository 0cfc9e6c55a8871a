"""What `run` does when setting up is interrupted, contended or impossible."""

import signal
import socket

import pytest
from smallhouse import PATIENCE, HangingIndex, House, ended

pytestmark = pytest.mark.slow


def test_two_at_once_set_up_once(house: House, hanging_index: HangingIndex) -> None:
    first = house.start("crawl", **hanging_index.environ)
    assert hanging_index.asked.wait(PATIENCE)
    second = house.start("crawl", **hanging_index.environ)
    assert second.stderr
    assert "waiting" in second.stderr.readline()

    hanging_index.released.set()

    one, other = ended(first), ended(second)
    assert (one.code, other.code) == (0, 0)
    assert (one.set_up, other.set_up) == (True, False)
    assert one.program == other.program


def test_after_a_kill_half_way_the_environment_is_made_anew(
    house: House, hanging_index: HangingIndex
) -> None:
    killed = house.start("crawl", **hanging_index.environ)
    assert hanging_index.asked.wait(PATIENCE)
    killed.kill()
    (house.venv / "left over").touch()
    next_one = house.start("crawl", **hanging_index.environ)
    assert next_one.stderr
    assert "waiting" in next_one.stderr.readline()  # for the pip that outlived its parent
    hanging_index.released.set()

    ran = ended(next_one)

    assert ran.code == 0
    assert ran.set_up
    assert not (house.venv / "left over").exists()
    ended(killed)


def test_a_kill_while_tools_are_added_makes_anew_what_needs_them(
    house: House, hanging_index: HangingIndex
) -> None:
    house.run("crawl")
    killed = house.start("test", **hanging_index.environ)
    assert hanging_index.asked.wait(PATIENCE)
    killed.kill()
    (house.venv / "left over").touch()
    hanging_index.released.set()

    assert not house.run("crawl").set_up
    assert house.run("test").code == 0
    assert not (house.venv / "left over").exists()
    ended(killed)


def test_sigterm_ends_pip_too(house: House, hanging_index: HangingIndex) -> None:
    stopped = house.start("crawl", **hanging_index.environ)
    assert hanging_index.asked.wait(PATIENCE)

    stopped.terminate()

    assert ended(stopped).code == 128 + signal.SIGTERM
    assert "waiting" not in house.run("crawl").err


def test_ctrl_c_ends_it_without_a_traceback(house: House, hanging_index: HangingIndex) -> None:
    stopped = house.start("crawl", **hanging_index.environ)
    assert hanging_index.asked.wait(PATIENCE)

    stopped.send_signal(signal.SIGINT)

    ran = ended(stopped)
    assert ran.code == 128 + signal.SIGINT
    assert "Traceback" not in ran.err


def test_no_network_is_said_in_one_line_with_the_words_of_pip_below(house: House) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        index = f"http://127.0.0.1:{nobody.getsockname()[1]}/"

        ran = house.run("crawl", PIP_INDEX_URL=index, PIP_NO_INDEX="0", PIP_FIND_LINKS="")

    reason, *rest = (line for line in ran.err.splitlines() if "setting up" not in line)
    assert ran.code == 1
    assert "the package index cannot be reached" in reason
    assert rest
    assert all(line.startswith("  pip: ") for line in rest)


def test_no_network_for_the_tools_leaves_the_program_as_it_was(house: House) -> None:
    house.run("crawl")
    index = "http://127.0.0.1:9/"

    for _ in range(2):
        ran = house.run("test", PIP_INDEX_URL=index, PIP_NO_INDEX="0", PIP_FIND_LINKS="")
        assert ran.code == 1

    assert house.run("crawl").err == ""


def test_a_package_that_was_changed_is_refused(house: House) -> None:
    house.wheel("brick", "print('not what was locked')")

    ran = house.run("crawl")

    assert ran.code == 1
    assert "a package is not the one that was locked" in ran.err


def test_a_place_that_cannot_be_made_is_named(house: House) -> None:
    house.venv.write_text("a file where the environment should be")

    ran = house.run("crawl")

    assert ran.code == 1
    assert f"cannot set up {house.venv}" in ran.err
    assert "Traceback" not in ran.err
