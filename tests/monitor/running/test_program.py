"""Help and remedies name the command as the reader has started it."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from commanddesk import command_in
from deliverydesk import Clock, article, open_desk
from outbox_desk import silence

from crawler.clock import utc_now
from monitor.cli import COMMANDS, cli
from monitor.program import as_started, note_options

ROOT = Path(__file__).parents[3]
CLONE = {"NIEUWSWACHT_PROGRAM": "python3 run"}


def _said(*words: str, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in CLONE} | environ,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (("--help",), "Usage: {} ["),
        (("--config", "nergens", "check"), "run `{} init nergens`"),
        (("--db", "nergens.db", "search", "wolf"), "run `{} --db nergens.db crawl`"),
        (("--db", "de wolf.db", "search", "wolf"), "run `{} --db 'de wolf.db' crawl`"),
        (
            ("--config", "config", "--db", "nergens.db", "status"),
            "run `{} --config config --db nergens.db crawl`",
        ),
        (("sources", "check", "nergens"), "`{} sources list` lists them"),
    ],
)
def test_a_command_is_named_as_it_was_started(words: tuple[str, ...], command: str) -> None:
    assert command.format("python3 run") in _said(*words, **CLONE)
    assert command.format("nieuwswacht") in _said(*words)


def test_the_help_lists_each_command_by_the_first_sentence_of_its_own() -> None:
    context, width = click.Context(cli), 500
    real = {name: cli.get_command(context, name) for name in cli.list_commands(context)}

    listed = {name: COMMANDS[name][1] for name in real}

    assert listed == {name: each and each.get_short_help_str(width) for name, each in real.items()}


def test_the_help_and_the_version_load_no_command() -> None:
    asked = (
        "import sys; from monitor.cli import cli\n"
        "cli.main(['{}'], standalone_mode=False)\n"
        "print([name for name in sys.modules if name.startswith(('monitor.comm', 'crawler'))])"
    )

    for option in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-c", asked.format(option)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        assert done.stdout.endswith("\n[]\n"), done.stdout


def test_the_next_command_after_init_can_be_typed(tmp_path: Path) -> None:
    said = _said("init", str(tmp_path / "mijn nieuws"), **CLONE)

    assert f"Next: python3 run --config '{tmp_path / 'mijn nieuws'}' check" in said


def test_what_the_shell_already_knows_is_not_repeated() -> None:
    said = _said("search", "wolf", NIEUWSWACHT_DB="nergens.db")

    assert "run `nieuwswacht crawl`" in said


def test_the_printed_command_that_sends_again_works_as_it_is_printed(tmp_path: Path) -> None:
    folder = tmp_path / "mijn nieuws"
    folder.mkdir()
    run = command_in(folder)
    desk = open_desk(folder / "nieuws.db")
    desk.clock = Clock(utc_now())
    desk.add_channel("scherm")
    desk.rules(kalifaat="kalifa*")
    silenced = silence(desk)
    desk.save(article(now=desk.clock()))
    desk.match()
    desk.writer.close()
    run("alerts", "silence", "--end", silenced)
    program = f"{shlex.quote(sys.executable)} -m monitor"
    place = ("--config", str(folder / "config"), "--db", str(folder / "nieuws.db"))

    said = _said(*place, "alerts", "untold", NIEUWSWACHT_PROGRAM=program)
    (printed,) = re.findall(r"send it: `(.*)`", said)
    done = subprocess.run(printed, shell=True, capture_output=True, text=True, check=True, cwd=ROOT)

    assert "dlv_" in done.stdout
    assert json.loads(run("alerts", "pending", "--json").stdout)["state"] == "pending"


def test_a_command_gets_its_options_once() -> None:
    note_options(config=Path("a b"), db=None)

    told = as_started("see `nieuwswacht status`, or `nieuwswacht init x`")

    assert told == "see `nieuwswacht --config 'a b' status`, or `nieuwswacht init x`"
    assert as_started(told) == told
