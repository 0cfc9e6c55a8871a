"""Fifty outlets, and all that can go wrong with a machine, within some minutes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from loopback import TIMEOUT, Receiver
from newsdesk import ROOT, Newsdesk
from processes import descriptors, family, megabytes
from soakroom import Newsroom
from test_daemon import until

HOUR = 3600
OUTLETS = 50
# Megabytes of all processes together: the first is chosen, the second promised in operations.md.
MOST_GROWTH, MOST_MEGABYTES = 30, 250
# The daemon, what its readers are forked from, and the reader that rests longest.
AT_REST = 3
_NAME = re.compile(r"\((k\d+b\d+)\)")
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


@dataclass(frozen=True)
class Measured:
    """Memory and open files of all processes."""

    megabytes: float
    open_files: int


@dataclass
class Soak:
    """A desk, its outlets and receivers, and the daemon that is at work."""

    desk: Newsdesk
    newsroom: Newsroom
    good: Receiver
    silent: Receiver
    daemon: subprocess.Popen[str] = field(init=False)

    def configure(self) -> None:
        self.desk.sources(**{outlet.name: f"{outlet.root}/rss" for outlet in self.newsroom.outlets})
        settings = (self.desk.folder / "config" / "nieuwswacht.toml").read_text("utf-8")
        self.desk.write(
            "nieuwswacht.toml",
            settings.replace("[crawl]\n", '[crawl]\nat_most = "2s"\nper_host = 1\n'),
        )
        self.desk.channels(
            "".join(
                f'[[channel]]\nid = "{name}"\nkind = "webhook"\nsecret = "{SECRET}"\n'
                f'url = "{receiver.url}/{name}"\ngroup_wait = "0s"\ngroup_interval = "0s"\n'
                for name, receiver in (("goed", self.good), ("zwijgt", self.silent))
            )
        )
        self.desk.rules("goed", "zwijgt", kalifaat="kalifaat")

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The daemon for the length of a block; then it is asked to end, unless it was killed."""
        place = (str(self.desk.folder / "config"), str(self.desk.folder / "nieuws.db"))
        path = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
        with (
            (self.desk.folder / "daemon.log").open("a", encoding="utf-8") as log,
            subprocess.Popen(
                [sys.executable, "-c", "import soakdaemon; soakdaemon.run()", *place],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": path},
            ) as self.daemon,
        ):
            try:
                yield
            finally:
                self.daemon.terminate()
                assert self.daemon.wait(TIMEOUT) in {0, -signal.SIGKILL}

    def order(self, text: str) -> None:
        assert self.daemon.stdin
        self.daemon.stdin.write(f"{text}\n")
        self.daemon.stdin.flush()

    def batch(self, what: str, during: Callable[[], None] = lambda: None) -> None:
        """News of every outlet, of which each page is fetched."""
        fresh = self.newsroom.publish()
        during()
        until(lambda: self.newsroom.fetched(fresh), what=f"the pages of the batch {what}")

    def told(self) -> dict[str, set[str]]:
        """The ids of the messages about each piece that its receiver took."""
        told = defaultdict[str, set[str]](set)
        for post in self.good.posts("/goed"):
            for name in _NAME.findall(post.body.decode()) if post.status == 200 else ():
                told[name].add(post.headers["webhook-id"])
        return told

    def to_tell(self) -> set[str]:
        return {piece.name for piece in self.newsroom.pieces if piece.matches}

    def measured(self) -> Measured:
        """What the daemon has, once what there is to tell is told."""
        until(lambda: self.to_tell() <= self.told().keys(), what="that all is told")
        until(lambda: len(family(self.daemon.pid)) <= AT_REST, what="that a reader ends")
        found = family(self.daemon.pid)
        return Measured(megabytes(found), descriptors(found))

    def through_everything(self) -> None:
        """What happens to a daemon in its first life."""
        self.batch("with a worker that is killed", during=self._kill_a_worker)
        self.good.status = 503
        self.batch("while a receiver fails")
        until(lambda: self.good.posts("/goed")[-1].status == 503, what="a failure")
        self.good.status = 200
        self.order("full")
        self.newsroom.publish()  # which no list can be read for
        until(lambda: "database or disk is full" in self.desk.log(), what="that nothing fits")
        self.order("room")
        self.order(f"clock -{HOUR}")
        self.batch("after the clock was set back")
        self.order(f"clock {3 * HOUR}")
        reader = sqlite3.connect(f"file:{self.desk.folder / 'nieuws.db'}?mode=ro", uri=True)
        with contextlib.closing(reader):
            reader.execute("BEGIN").execute("SELECT count(*) FROM articles").fetchone()
            self.batch("beside a long reader")
            self.batch("beside a long reader still")

    def _kill_a_worker(self) -> None:
        os.kill(family(self.daemon.pid)[-1], signal.SIGKILL)


@pytest.fixture
def soak(desk: Newsdesk) -> Iterator[Soak]:
    over = threading.Event()
    newsroom, good, silent = Newsroom(OUTLETS), Receiver(), Receiver()
    silent.before_answer = over.wait
    with newsroom.open():
        soak = Soak(desk, newsroom, good, silent)
        soak.configure()
        yield soak
    over.set()
    good.close()
    silent.close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it asks Linux for memory and open files")
def test_through_all_that_can_go_wrong_every_article_is_kept_and_every_match_is_told(
    soak: Soak,
) -> None:
    # given a daemon that has warmed up
    with soak.running():
        for number in range(3):
            soak.batch(f"{number} of those that warm it up")
        before = soak.measured()

        # when all goes wrong, one after another
        soak.through_everything()
        soak.batch("after all that")
        after = soak.measured()

    # and it is restarted, killed, and started again
    with soak.running():
        soak.batch("after a restart")
        soak.newsroom.publish()
        soak.daemon.kill()
    with soak.running():
        soak.batch("after it was killed")
    with soak.running():
        soak.batch("after the second restart")
        soak.measured()

    # then nothing was lost, nothing was told twice, and nothing has grown
    assert kept(soak.desk) == {piece.name: 1 for piece in soak.newsroom.pieces}
    assert {name: len(ids) for name, ids in soak.told().items()} == dict.fromkeys(soak.to_tell(), 1)
    assert listed(soak.desk, "zwijgt") >= soak.to_tell()
    assert after.megabytes < min(before.megabytes + MOST_GROWTH, MOST_MEGABYTES)
    assert after.open_files < before.open_files + OUTLETS // 2
    _, *traces = soak.desk.log().split("Traceback")
    assert traces == [], traces


def kept(desk: Newsdesk) -> dict[str, int]:
    """How often each piece is in the archive, or among what was missed."""
    stored = desk.ok("export", "articles", "--format", "jsonl").lines
    missed = desk.ok("sources", "missed", "--json").lines
    return Counter(name for each in [*stored, *missed] for name in _NAME.findall(each["title"]))


def listed(desk: Newsdesk, channel: str) -> set[str]:
    """The pieces that this channel was not told, and that are listed as such."""
    lines = [
        *desk.ok("alerts", "pending", "--json").lines,
        *desk.ok("alerts", "dead", "--limit", "10000", "--json").lines,
    ]
    waiting = (json.dumps(line) for line in lines if line["channel"] == channel)
    return {name for line in waiting for name in _NAME.findall(line)}
