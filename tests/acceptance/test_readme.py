"""The README's commands answer as it shows, and its rule passes its own tests."""

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from click import Command, Context, Group
from newsdesk import ROOT

from alerts.rules.file import read_rules
from alerts.store.schema import migrations as alerts_migrations
from crawler.model import Article, DateOrigin
from crawler.store import ArticleStore, Writer, migrations
from monitor.cli import cli

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = [dedent(block) for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)]
COMMANDS = [
    (command, answer)
    for block in BLOCKS
    for command, answer in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]
ANSWERED = [(command, answer) for command, answer in COMMANDS if answer.strip()]
ARTICLES = (
    ("art_1", "NOS", 23, "Het kalifaat is gevallen", "De SDF heeft in Syrië de vlag gehesen."),
    ("art_2", "Trouw", 23, "Wat is er gebeurd met het kalifaat van Córdoba?", "Een expositie."),
    ("art_3", "NOS", 24, "Stilte in Baghouz", "Onder IS was het hier nooit stil, zegt de bakker."),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive in which the README looks around."""
    path = tmp_path_factory.mktemp("archive") / "nieuws.db"
    writer = Writer(path, migrations=[migrations, alerts_migrations])
    for name, outlet, day, title, body in ARTICLES:
        published = datetime(2019, 3, day, 10, tzinfo=UTC)
        article = Article(
            id=name,
            key=name,
            url=f"https://{outlet.lower()}.example/{name}",
            outlet=outlet,
            source=outlet.lower(),
            title=title,
            lead="",
            body=body,
            first_seen=published + timedelta(minutes=5),
            published=published,
            published_from=DateOrigin.FEED,
        )
        writer.run(lambda db, one=article: ArticleStore(db).save(one, now=one.first_seen))
    writer.close()
    return path


def test_the_readme_shows_the_commands_that_look_before_a_rule_goes_live() -> None:
    shown = " ".join(command for command, _ in ANSWERED)

    assert all(words in shown for words in ("rules test", "rules backtest", "search", "alerts why"))


@pytest.mark.parametrize(("command", "answer"), ANSWERED)
def test_a_command_answers_as_the_readme_shows(command: str, answer: str, archive: Path) -> None:
    given, _, words = command.rpartition(" | ")

    done = subprocess.run(
        [sys.executable, "-m", "monitor", *shlex.split(words.removeprefix("python3 run "))],
        input=given.removeprefix("echo '").removesuffix("'"),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"NIEUWSWACHT_DB": str(archive), "NO_COLOR": "1"},
    )

    assert (done.stderr, done.returncode) == ("", 0)
    assert [line.rstrip() for line in done.stdout.rstrip().splitlines()] == answer.splitlines()


def command_of(*words: str) -> Command | None:
    """The command that these words begin with, a group's own command included."""
    context = Context(cli)
    command = cli.get_command(context, words[0])
    if isinstance(command, Group) and words[1:]:
        return command.get_command(context, words[1])
    return command


STARTED = [shlex.split(each.partition("python3 run ")[2], comments=True) for each, _ in COMMANDS]


@pytest.mark.parametrize("words", [words for words in STARTED if words and words != ["test"]])
def test_a_command_of_the_readme_exists(words: list[str]) -> None:
    assert command_of(*(words[2:] if words[0] == "--config" else words))


def test_the_commands_in_the_table_exist() -> None:
    for cell in re.findall(r"^\| (`.*?) \|", README, re.MULTILINE):
        first, *more = (each.split() for each in re.findall(r"`([^`]+)`", cell))

        assert command_of(*first)
        for words in more:
            assert command_of(first[0], words[-1] if words[0] == first[0] else words[0])


def test_the_rule_of_the_readme_passes_beside_the_shipped_pack(tmp_path: Path) -> None:
    (rule,) = re.findall(r"```toml\n( *\[\[rule\]\].*?)```", README, re.DOTALL)
    path = tmp_path / "rules.toml"
    path.write_text((ROOT / "config" / "rules.toml").read_text("utf-8") + rule, "utf-8")

    assert "mijn-terugkeerders" in read_rules(path, channels=["console"]).sound()


@pytest.mark.slow
def test_the_demo_sends_the_message_that_the_readme_shows() -> None:
    (shown,) = re.findall(r"╭─ Slack.*?╯", README, re.DOTALL)

    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1"},
    )

    assert _without_moments(shown) in _without_moments(done.stdout)


def _without_moments(text: str) -> str:
    """The words without times and days, and without the box that a longer day fills otherwise."""
    words = " ".join(re.sub("[│╭╮╰╯─]", " ", text).split())
    dateless = re.sub(r"\w\w \d+ \w{3} \d{4}, \d\d:\d\d", "", words)
    return re.sub(r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag\b", "dag", dateless)
