"""The commands of docs/operations.md do what the page says, as far as a test can run them."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from loopback import Site
from newsdesk import ROOT, Newsdesk

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ (.*)$", PAGE, re.MULTILINE)
OURS = re.compile(r"sudo (?:/opt/nieuwswacht/bin/)?nieuwswacht ")
# What a test cannot run: they change the system, or ask a service that runs.
SYSTEM = ("apt-get", "git", "python3 -m venv", "/opt/nieuwswacht/bin/pip", "install", "systemctl",
          "journalctl", "docker compose", "curl")  # fmt: skip  # a row of names
# A person answers, and: here no daemon runs.
ASKED = {"sudo nieuwswacht web password"}
NOT_WELL = {"sudo nieuwswacht health"}
TEXT = "De burgemeester sluit de brug over de Linge voor al het verkeer."


def words_of(command: str, desk: Newsdesk) -> list[str]:
    """The command with the places of the test's own machine."""
    words = shlex.split(OURS.sub("", command))
    places = {
        "/etc/nieuwswacht": desk.folder / "etc",
        "/var/lib/nieuwswacht/backups": desk.folder / "backups",
        "/var/lib/nieuwswacht/backups/kopie.db": desk.folder / "kopie.db",
        "https://krant.example/nieuws/1": desk.json_of("search", "brug")["url"],
    }
    return [str(places.get(word, word)) for word in words]


class PageDesk(Newsdesk):
    """A desk that knows what it has found."""

    def json_of(self, *words: str) -> dict[str, str]:
        found: dict[str, str] = self.ok(*words, "--json").lines[0]
        return found


def test_every_command_is_run_here_or_changes_the_system() -> None:
    others = [command for command in COMMANDS if not OURS.match(command)]

    assert [c for c in others if not c.removeprefix("sudo ").startswith(SYSTEM)] == []
    assert len(COMMANDS) - len(others) >= 12


@pytest.mark.slow
def test_each_command_works(tmp_path: Path, outlet: Site) -> None:
    desk = PageDesk(tmp_path)
    outlet.publish("/nieuws/1", "Brug gesloten", TEXT)
    desk.sources(krant=outlet.url + "/rss")
    desk.ok("crawl")
    (desk.folder / "backups").mkdir()
    desk.ok("backup", str(desk.folder / "kopie.db"))

    for command in filter(OURS.match, COMMANDS):
        if command not in ASKED:
            ran = desk.run(*words_of(command, desk))
            code = int(command in NOT_WELL)
            assert ran.code == code, f"{command}: {ran.out}{ran.err}"


def test_the_page_names_every_setting_of_what_is_kept() -> None:
    from crawler.config import StoreSettings

    names = [name for name in StoreSettings.model_fields if name.startswith("keep_")]

    assert [name for name in names if f"| `{name}` |" not in PAGE] == []


def test_the_files_that_the_page_names_are_there() -> None:
    named = set(re.findall(r"docs/operations/[a-z.]+", PAGE))

    assert len(named) >= 3
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    script = ROOT / "docs" / "operations" / "nieuwswacht.sh"
    subprocess.run(["sh", "-n", str(script)], check=True)
