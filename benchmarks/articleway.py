"""The calls that one article causes on its way from a feed to a delivered message."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

sys.path.append(str(Path(__file__).parent.parent / "tests"))
sys.path.append(str(Path(__file__).parent.parent / "tests" / "acceptance"))

from loopback import TEXT, Receiver, Site
from newsdesk import Newsdesk
from rooms import PACKAGES

SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
CALLTRACE = Path(__file__).parent / "calltrace"


@dataclass(frozen=True, slots=True)
class Function:
    """A function, by its file and its name in the trace."""

    file: PurePosixPath
    name: str

    @classmethod
    def named(cls, text: str) -> Function:
        """The function that a trace calls `folder/file.py:Class.function`."""
        file, _, name = text.partition(":")
        return cls(PurePosixPath(file), name)

    @property
    def folder(self) -> PurePosixPath:
        """The folder of its file, which is its package."""
        return self.file.parent


Calls = Counter[tuple[Function | None, Function]]


def calls_of_one_article(root: Path) -> Calls:
    """How often each function called each other one, in all processes, for one article.

    The program in this root runs one round. Calls count from the request for the feed on.
    """
    with (
        tempfile.TemporaryDirectory() as directory,
        closing(Site()) as site,
        closing(Receiver()) as receiver,
    ):
        log = Path(directory) / "calls"
        log.touch()
        before: list[int] = []
        site.publish("/nieuws/1", "Brug gesloten", TEXT)
        site.answers["/rss"].before = lambda: before.append(log.stat().st_size)
        go_round(root, desk(Path(directory), site, receiver), log)
        receiver.wait_for("/desk", 1)
        return calls_in(log.read_bytes()[before[0] :].decode())


def desk(folder: Path, site: Site, receiver: Receiver) -> Newsdesk:
    """One source, one rule and one channel, which is a webhook."""
    made = Newsdesk(folder)
    made.sources(krant=site.url + "/rss")
    made.rules("desk", brug="brug")
    made.write(
        "channels.toml",
        f'[[channel]]\nid = "desk"\nkind = "webhook"\nurl = "{receiver.url}/desk"\n'
        f'secret = "{SECRET}"\ngroup_wait = "0s"\n',
    )
    return made


def go_round(root: Path, desk: Newsdesk, log: Path) -> None:
    """Run `nieuwswacht crawl` of the program in this root, and write its calls to `log`."""
    watched = {
        "PYTHONPATH": str(CALLTRACE),
        "PYTHONDONTWRITEBYTECODE": "1",  # leave the other checkout unchanged
        "CALLTRACE_ROOT": str(root),
        "CALLTRACE_FOLDERS": os.pathsep.join(PACKAGES),
        "CALLTRACE_LOG": str(log),
    }
    subprocess.run(
        desk.command("crawl"), cwd=root, env=os.environ | watched, check=True, stdout=sys.stderr
    )


def calls_in(log: str) -> Calls:
    """The calls in the lines of a log, each with its number."""
    lines = (line.split("\t") for line in log.splitlines())
    return Counter(
        (Function.named(caller) if caller else None, Function.named(called))
        for caller, called in lines
    )
