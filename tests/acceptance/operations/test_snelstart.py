"""Whoever follows docs/nl/snelstart.md has messages in Slack and a morning paper."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import TEXT, TIMEOUT, Receiver, Site
from newsdesk import ROOT
from test_daemon import until

PAGE = (ROOT / "docs" / "nl" / "snelstart.md").read_text("utf-8")
BLOCKS = re.findall(r"```(console|toml)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
# `python3 run` alone is in test_fresh_clone.py; a test has its Python and its clone already.
CLONE = "git clone https://example.org/nieuwswacht.git"
DONE = {"python3 --version", CLONE, "cd nieuwswacht", "python3 run"}
STARTS = "python3 run --config mijn run"
EXAMPLE = "https://drieplassen.example"
TITLE = "Laatste bolwerk van IS in Syrië gevallen"
LEAD = "De Syrische Democratische Strijdkrachten (SDF) hebben het dorp Baghuz in handen gekregen."
DAY = r"\b(?:\w+dag|ma|di|wo|do|vr|za|zo) \d+ [a-z]+(?: \d{4})?(?:, \d\d:\d\d)?"
# Of today, a paper says the time alone.
MOMENT = rf"\d{{4}}-\d\d-\d\d \d\d:\d\d CES?T|{DAY}|\b\d\d:\d\d\b"


class Journalist:
    """Somebody who does what the page says, in a folder, with an outlet and a Slack on loopback."""

    def __init__(self, folder: Path, outlet: Site, slack: Receiver) -> None:
        self.folder, self.outlet, self.slack = folder, outlet, slack
        self.env = os.environ | {
            "HOME": str(folder),
            "NIEUWSWACHT_PROGRAM": "python3 run",
            "NO_COLOR": "1",
            "PYTHONPATH": str(ROOT),
        }

    def follow(self, kind: str, block: str) -> None:
        """Do what stands in a block of the page, and see what it shows."""
        if kind == "toml":
            self.edit(block)
            return
        for command, answer in COMMANDS.findall(block):
            if command not in DONE:
                done = self.type(command)
                assert done.returncode == 0, f"{command}: {done.stdout}"
                assert not answer or _without_moments(self.shown(done.stdout)) == _without_moments(
                    answer
                )

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        """The command with its answer; where one is awaited, the webhook's address is pasted."""
        printed = " --print" if command.endswith(" page") else ""  # no browser opens in a test
        done = subprocess.run(
            ["sh", "-c", self.here(command) + printed],
            input=f"{self.slack.url}/services/T0/B0/geheim\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
            check=False,
            cwd=self.folder,
            env=self.env,
        )
        if " init " in command:
            self.change("nieuwswacht.toml", "allow = []", 'allow = ["127.0.0.0/8"]')
            self.change("nieuwswacht.toml", '"127.0.0.1:8087"', '"127.0.0.1:0"')
        return done

    def here(self, command: str) -> str:
        words = command.replace("python3 run ", f"exec '{sys.executable}' -m monitor ", 1)
        return words.replace(EXAMPLE, self.outlet.url)

    def shown(self, answer: str) -> str:
        return answer.replace(self.outlet.url, EXAMPLE)

    def edit(self, block: str) -> None:
        """Put a block into the file that it names: a list at the end, a value in its place."""
        named, table, *lines = block.splitlines(keepends=True)
        name = named.removeprefix("# mijn/").strip()
        if table.startswith("[["):
            path = self.folder / "mijn" / name
            path.write_text(path.read_text("utf-8") + table + "".join(lines), "utf-8")
            return
        for line in lines:
            key = re.escape(line.split(" = ")[0])
            (old,) = re.findall(
                rf"^{re.escape(table)}(?:[^\[].*\n|\n)*?({key} = .*\n)",
                self.text(name),
                re.MULTILINE,
            )
            self.change(name, old, line)

    def change(self, name: str, old: str, new: str) -> None:
        before = self.text(name)
        assert old in before
        (self.folder / "mijn" / name).write_text(before.replace(old, new, 1), "utf-8")

    def text(self, name: str) -> str:
        return (self.folder / "mijn" / name).read_text("utf-8")


def _without_moments(text: str) -> str:
    """The words without times, ids, and how many sources and rules are shipped today."""
    words = re.sub(MOMENT, "_", re.sub(r"dlv_\w+", "dlv_", text))
    return re.sub(r"^(mijn: ).*?(, \d+ channels)", r"\1_\2", words)


def _before_and_after_the_start() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    at = BLOCKS.index(("console", f"$ {STARTS}\n"))
    return BLOCKS[:at], BLOCKS[at + 1 :]


@pytest.mark.slow
def test_whoever_follows_the_page_has_slack_and_a_morning_paper(
    tmp_path: Path, outlet: Site, receiver: Receiver
) -> None:
    journalist = Journalist(tmp_path, outlet, receiver)
    before, after = _before_and_after_the_start()

    # given the configuration of the page, with one outlet in the place of those of the catalogue
    for block in before:
        journalist.follow(*block)
    outlet.publish("/nieuws/0", "Brug gesloten", TEXT)
    (tmp_path / "mijn" / "sources.toml").write_text(
        '[[source]]\nid = "drieplassen"\noutlet = "Dagblad Drieplassen"\nkind = "feed"\n'
        f'url = "{outlet.url}/rss"\nevery = "1s"\n',
        "utf-8",
    )
    journalist.change("channels.toml", 'kind = "slack"', 'kind = "slack"\ngroup_wait = "0s"')

    # when it is started, and news comes
    command = ["sh", "-c", journalist.here(STARTS)]
    with subprocess.Popen(command, cwd=tmp_path, env=journalist.env) as daemon:
        try:
            until(lambda: outlet.statuses("/rss"), what="the first poll")
            outlet.article("/nieuws/1", TITLE, LEAD)
            outlet.feed(("/nieuws/1", TITLE, LEAD), ("/nieuws/0", "Brug gesloten", TEXT))
            posts = receiver.wait_for("/services/T0/B0/geheim", 2)
            for block in after:
                journalist.follow(*block)
        finally:
            daemon.terminate()

    # then Slack got the test message and the story
    test, story = (json.loads(post.body) for post in posts[:2])
    assert "Dit kanaal werkt. Zo komt een alert binnen." in json.dumps(test)
    assert TITLE in json.dumps(story, ensure_ascii=False)
    assert daemon.returncode == 0


def test_the_page_leads_somewhere_and_names_the_address_that_is_shipped() -> None:
    links = re.findall(r"\]\((\.\./[^)#]+)", PAGE)
    shipped = (ROOT / "config" / "nieuwswacht.toml").read_text("utf-8")

    assert [link for link in links if not (ROOT / "docs" / "nl" / link).is_file()] == []
    assert "<http://127.0.0.1:8087>" in PAGE
    assert 'listen = "127.0.0.1:8087"' in shipped
