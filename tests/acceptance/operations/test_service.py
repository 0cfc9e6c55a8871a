"""The daemon as a service: what systemd is told, and what it makes of the unit."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import TIMEOUT, Site
from newsdesk import ROOT, Newsdesk

UNIT = ROOT / "docs" / "operations" / "nieuwswacht.service"
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The end of the socket on which a service manager listens."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(TIMEOUT)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        yield listening


def told(manager: socket.socket, state: str) -> None:
    """Wait until the manager hears this; in between it hears nothing but ticks."""
    while (said := manager.recv(1024).decode()) != state:
        assert said == "WATCHDOG=1"


def test_systemd_hears_that_it_is_ready_alive_reloading_and_stopping(
    desk: Newsdesk, krant: Site, manager: socket.socket
) -> None:
    assert krant.url
    with desk.daemon() as daemon:
        told(manager, "READY=1")
        told(manager, "WATCHDOG=1")
        desk.rules(brug="brug*")
        daemon.send_signal(signal.SIGHUP)
        told(manager, "RELOADING=1")
        told(manager, "READY=1")
        daemon.send_signal(signal.SIGTERM)
        told(manager, "STOPPING=1")
        assert daemon.wait(TIMEOUT) == 0

    assert "rules_reloaded rules=1" in desk.log()


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that is there."""
    program = shutil.which("true")
    path = tmp_path / UNIT.name
    text = UNIT.read_text("utf-8").replace("/opt/nieuwswacht/bin/nieuwswacht run", f"{program}")
    path.write_text(text, "utf-8")
    return path


@needs_systemd
def test_systemd_has_nothing_to_say_about_the_unit(unit: Path) -> None:
    ran = subprocess.run(
        [str(ANALYZE), "verify", str(unit)], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@needs_systemd
def test_the_unit_leaves_little_to_an_intruder(unit: Path) -> None:
    ran = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--threshold=20", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-300:]


def test_the_unit_forbids_nothing_that_https_needs() -> None:
    settings = UNIT.read_text("utf-8").splitlines()

    assert not [line for line in settings if line.startswith("MemoryDenyWriteExecute")]


def test_a_start_that_cannot_succeed_is_not_repeated() -> None:
    text = UNIT.read_text("utf-8")

    for line in ("Type=notify", "RestartPreventExitStatus=2 75", "DynamicUser=yes", "MemoryMax=1G"):
        assert line in text.splitlines()
