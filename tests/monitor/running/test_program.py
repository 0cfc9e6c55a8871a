"""Help and remedies name the command as the reader has started it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
        (("--db", "nergens.db", "search", "wolf"), "run `{} crawl`"),
        (("sources", "check", "nergens"), "`{} sources list` lists them"),
    ],
)
def test_a_command_is_named_as_it_was_started(words: tuple[str, ...], command: str) -> None:
    assert command.format("python3 run") in _said(*words, **CLONE)
    assert command.format("nieuwswacht") in _said(*words)


def test_the_next_command_after_init_can_be_typed(tmp_path: Path) -> None:
    said = _said("init", str(tmp_path / "mijn"), **CLONE)

    assert f"Next: python3 run --config {tmp_path / 'mijn'} check" in said
