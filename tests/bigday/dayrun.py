"""A simulated day of the real program, told as JSON; the clock alone is not real.

    dayrun.py [--told-only] FOLDER SEED SIZE [BUG ...]

With `--told-only` nothing is looked for in the archive when it is over.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import json
import re
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import dayplan
import plantedbugs
from dayevents import day_of
from daymessages import squeezed
from dayplan import MINUTE, START, Day, Size
from dayroom import Receivers, Server
from dayrules import Ports, write_configuration

from alerts.channel import Channel
from alerts.delivery import deliver_due
from alerts.matcher import Matcher
from crawler.engine import Crawl
from crawler.store import Writer
from monitor.commands.alerts import alerts
from monitor.commands.archive import export, search, show
from monitor.commands.operations import status
from monitor.context import Context
from monitor.running.daemon import store_configuration
from monitor.running.rule_reload import RuleWatch

_IDLE = 3 * MINUTE
# How many sentences are looked for, of those that are gone and of those that still stand.
_AT_A_RESTART, _AT_THE_END = 6, 60


class DayClock:
    """The time, which goes on by minutes, and by a little with each look: senders wait for that."""

    def __init__(self) -> None:
        self.now = START
        self._ticks = itertools.count()

    def to(self, now: datetime) -> None:
        self.now, self._ticks = now, itertools.count()

    def __call__(self) -> datetime:
        return self.now + next(self._ticks) * timedelta(milliseconds=1)


@dataclass
class Instance:
    """The program from one start to the next stop, made of the same parts as the daemon."""

    context: Context
    writer: Writer
    channels: Sequence[Channel] = ()

    async def start(self) -> None:
        context = self.context
        self.channels = context.senders()
        plans = [channel.plan for channel in self.channels]
        first_run = context.settings.schedule.first_run
        self.matcher = Matcher(self.writer, context.rulebook, plans, first_run=first_run)
        names = [channel.id for channel in context.channels]
        file = context.config_dir / "rules.toml"
        self.rules = RuleWatch(file, context.rulebook, names, context.outlets)
        self.crawl = Crawl(
            context.sources,
            self.writer,
            crawl=context.settings.crawl,
            network=context.settings.network,
            clock=context.now,
        )
        job = self.writer.submit(lambda db: store_configuration(db, context, plans))
        await asyncio.wrap_future(job)
        await self.crawl.start()

    async def minute(self) -> None:
        """Poll, fetch, match and deliver what is due now."""
        await self.crawl.round()
        await asyncio.to_thread(self._tell)

    def _tell(self) -> None:
        if (book := self.rules.look()) is not None:
            plans = [channel.plan for channel in self.channels]
            self.matcher.use(book, plans, self.context.settings.schedule.first_run)
        self.matcher.run_once(self.context.now())
        deliver_due(self.writer, self.channels, clock=self.context.now)


@dataclass
class Simulation:
    """A day, its servers, its receivers, and what was asked of the program at each restart."""

    folder: Path
    day: Day
    looks_back: bool = True
    clock: DayClock = field(default_factory=DayClock)
    ledgers: list[dict[str, Any]] = field(default_factory=list)
    found: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.calendar = self.day.calendar
        self.servers = [Server(name, self.day, self.clock) for name in dayplan.OUTLETS]
        self.receivers = Receivers(self.clock, self.calendar.trouble)
        self._asking = self.context()

    async def play(self) -> None:
        with self.receivers.open():
            running = [await server.open() for server in self.servers]
            times = [*self.calendar.restarts(), self.calendar.end]
            for until in times:
                await self._until(until)
            for server in running:
                server.close()

    def configure(self) -> None:
        roots = {server.name: server.root for server in self.servers}
        ports = Ports(self.receivers.http, self.receivers.smtp)
        write_configuration(self.folder / "config", self.calendar, roots, ports, self.clock())

    def context(self) -> Context:
        return Context(
            config_dir=self.folder / "config",
            db=self.folder / "nieuws.db",
            quiet=True,
            clock=self.clock,
        )

    async def _until(self, until: datetime) -> None:
        """From a start to the next stop."""
        self.configure()
        self._silence()
        context = self.context()
        with context.writer() as writer:
            instance = Instance(context, writer)
            await instance.start()
            while self.clock.now < until:
                self._happen()
                await instance.minute()
                self.receivers.take_mails()
                self.clock.to(self.clock.now + self._step())
            await instance.crawl.stop()
        self._ask(last=until == self.calendar.end)

    def _step(self) -> timedelta:
        quiet_from, quiet_to = self.calendar.quiet
        night = quiet_from + 30 * MINUTE < self.clock.now < quiet_to - 5 * MINUTE
        return _IDLE if night else MINUTE

    def _happen(self) -> None:
        """What people do while it runs: a rule at noon."""
        if self.calendar.noon <= self.clock.now < self.calendar.noon + 2 * MINUTE:
            self.configure()

    def _silence(self) -> None:
        begins, ends = self.calendar.silence
        if begins <= (now := self.clock.now) < begins + MINUTE:
            self._asking = self.context()
            # The command counts from its own look at the clock: a whole hour would reach into news
            # of the minute in which the silence is over.
            until = f"{(ends - now - timedelta(seconds=1)).total_seconds()}s"
            words = ("silence", "--rule", "kampen", "--for", until, "--reason", "Oefening")
            self.command(alerts, *words)

    def _ask(self, *, last: bool) -> None:
        self._asking = self.context()
        said = json.loads(self.command(status, "--json"))
        untold = self.command(alerts, "untold", "--json", "--since", "2d", "--limit", "100000")
        found = [json.loads(line) for line in untold.splitlines()]
        self.ledgers.append(
            {"at": self.clock.now.isoformat(), "passages": said["passages"], "untold": len(found)}
            | {"problems": said["problems"], "matched": self._matched()}
        )
        if self.looks_back:
            self._look_back(self.ledgers[-1]["matched"], last=last)

    def _look_back(self, rows: Sequence[dict[str, Any]], *, last: bool) -> None:
        """Look for what matched and is gone from its article since, and for some of the rest."""
        kept = self._texts()
        gone, still = dict[str, dict[str, Any]](), dict[str, dict[str, Any]]()
        for row in rows:
            texts, said = kept.get(row["url"], [""]), squeezed(row["text"])
            self._note("export", row, found=any(said in text for text in texts))
            (still if said in texts[-1] else gone).setdefault(row["text"], row)
        most = _AT_THE_END if last else _AT_A_RESTART
        for among in (gone, still):
            for row in list(among.values())[:: max(1, len(among) // most)]:
                phrase = " ".join(re.findall(r"\w+", row["text"]))
                found = self.command(search, f'"{phrase}"', "--json")
                self._note("search", row, found=bool(found.strip()))
        for row in list(gone.values())[:: max(1, len(gone) // most)]:
            then = self.command(show, row["url"], "--at", row["matched"], "--json")
            said = _squeezed(json.loads(then)) if then else ""
            self._note("show", row, found=squeezed(row["text"]) in said)

    def _texts(self) -> dict[str, list[str]]:
        """All texts that the archive has of each address, the oldest first."""
        kept: dict[str, list[str]] = {}
        for line in self.command(export, "revisions", "--format", "jsonl").splitlines():
            text = json.loads(line)
            kept.setdefault(text["url"], []).append(_squeezed(text))
        return kept

    def _note(self, how: str, row: dict[str, Any], *, found: bool) -> None:
        asked = f"{how}: {row['text']}"
        self.found[asked] = found and self.found.get(asked, True)

    def _matched(self) -> list[dict[str, Any]]:
        """Where each passage stands, as `alerts why` says of each article."""
        rows = []
        roots = {server.name: server.root for server in self.servers}
        for piece in self.day.pieces:
            if piece.at > self.clock.now or not piece.event:
                continue
            said = self.command(alerts, "why", roots[piece.outlet] + piece.path, "--json")
            account = json.loads(said) if said else {}
            rows += [row | {"url": account["url"]} for row in account.get("passages", ())]
        return rows

    def command(self, command: click.Command, *words: str) -> str:
        """What a command of the program writes."""
        out = io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(io.StringIO()),
            contextlib.suppress(SystemExit),
        ):
            command.main(list(words), obj=self._asking, standalone_mode=False)
        return out.getvalue()


def _squeezed(text: Mapping[str, Any]) -> str:
    return "".join(squeezed(text[name]) + " " for name in ("title", "lead", "body"))


def told(simulation: Simulation) -> dict[str, Any]:
    """The whole day as JSON."""
    return {
        "ledgers": simulation.ledgers,
        "found": simulation.found,
        "received": [
            {"receiver": one.receiver, "at": one.at.isoformat(), "accepted": one.accepted}
            | {"data": b64encode(one.data).decode()}
            for one in simulation.receivers.received
        ],
    }


@contextlib.contextmanager
def _wishes(words: Sequence[str]) -> Iterator[tuple[Path, int, Size]]:
    folder, seed, size, *bugs = words
    with contextlib.ExitStack() as planted:
        for bug in bugs:
            planted.enter_context({**plantedbugs.BUGS, **plantedbugs.DESIGNS}[bug]())
        yield Path(folder), int(seed), getattr(dayplan, size)


if __name__ == "__main__":
    wishes = [word for word in sys.argv[1:] if word != "--told-only"]
    with _wishes(wishes) as (place, number, much):
        whole = Simulation(place, day_of(number, much), looks_back=wishes == sys.argv[1:])
        asyncio.run(whole.play())
    json.dump(told(whole), sys.stdout)
