"""A folder with configuration and database, and the real command to work with it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loopback import TIMEOUT

ROOT = Path(__file__).parents[2]


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Newsdesk:
    """A folder with configuration and database, and the real command to work with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config").mkdir()
        self.write(
            "nieuwswacht.toml",
            '[crawl]\ndelay = "0s"\ntimeout = "5s"\n[network]\nallow = ["127.0.0.0/8"]\n'
            '[schedule]\nfirst_run = "alert"\n[web]\nlisten = ""\n',
        )
        self.channels("")
        self.rules(kalifaat="kalifa* OR baghuz")

    def write(self, name: str, text: str) -> None:
        (self.folder / "config" / name).write_text(text, "utf-8")

    def sources(self, **feeds: str) -> None:
        """Feeds by outlet; polled at most every second, so that rounds can follow each other."""
        self.write(
            "sources.toml",
            "".join(
                f'[[source]]\nid = "{name}"\noutlet = "{name.title()}"\nkind = "feed"\n'
                f'url = "{url}"\nevery = "1s"\n'
                for name, url in feeds.items()
            ),
        )

    def catalogue(self) -> str:
        """What `sources.toml` holds."""
        return (self.folder / "config" / "sources.toml").read_text("utf-8")

    def channels(self, text: str) -> None:
        """Channels beside the console."""
        self.write(
            "channels.toml",
            '[[channel]]\nid = "console"\nkind = "console"\n'
            f'group_wait = "0s"\ngroup_interval = "0s"\n{text}',
        )

    def rules(self, *channels: str, **queries: str) -> None:
        names = ", ".join(f'"{name}"' for name in channels or ("console",))
        self.write(
            "rules.toml",
            "".join(
                f'[[rule]]\nid = "{name}"\nname = "{name.title()}"\nquery = \'{query}\'\n'
                f"channels = [{names}]\n"
                for name, query in queries.items()
            ),
        )

    def command(self, *words: str) -> list[str]:
        return [
            *(sys.executable, "-m", "monitor", "--config", str(self.folder / "config")),
            *("--db", str(self.folder / "nieuws.db"), *words),
        ]

    def run(self, *words: str, stdin: str | None = None) -> Result:
        done = subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
            cwd=ROOT,
            env=os.environ | {"NO_COLOR": "1"},
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def ok(self, *words: str, stdin: str | None = None) -> Result:
        result = self.run(*words, stdin=stdin)
        assert result.code == 0, result.err
        return result

    @contextlib.contextmanager
    def daemon(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """The daemon for the length of a block; ended with SIGTERM, or SIGKILL if that fails.

        It may be started by another command.
        """
        with (
            (self.folder / "daemon.log").open("a", encoding="utf-8") as log,
            self.started(*(command or self.command("run")), stdout=log, stderr=log) as process,
        ):
            yield process

    @contextlib.contextmanager
    def started(
        self, *command: str, stdout: Any = subprocess.PIPE, stderr: Any = None
    ) -> Iterator[subprocess.Popen[str]]:
        """A command for the length of a block; ended with SIGTERM, or SIGKILL if that fails."""
        with subprocess.Popen(
            command,
            stdout=stdout,
            stderr=stderr,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        ) as process:
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(TIMEOUT)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise

    def log(self) -> str:
        return (self.folder / "daemon.log").read_text("utf-8")
