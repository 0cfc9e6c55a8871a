"""What every command works with: configuration, database, and output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from crawler.clock import utc_now
from crawler.errors import ConfigError, ConfigFaults
from monitor.program import default_database

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from alerts.channel import Channel
    from alerts.channels import ChannelConfig
    from alerts.papers import MorningPaper, PressRoom
    from alerts.policy import ChannelPlan
    from alerts.query import Concepts
    from alerts.rules import Rule, RuleBook, RulesRead
    from crawler.config import Settings
    from crawler.model import Source
    from crawler.store import Connection, Writer
    from monitor.settled import Beginning, PlainSettings
    from monitor.terminal import Terminal

F = TypeVar("F", bound=Callable[..., Any])

# The width for a file or another program, so that no line is wrapped.
PIPE_WIDTH = 100_000


class Context:
    """The configuration and the database of one command; each part is read when it is needed.

    `now` is the clock. `json` means that standard output has JSON only; text for people then goes
    to standard error, or nowhere. `log_json` means that the log is written as JSON.
    """

    def __init__(
        self,
        *,
        config_dir: Path,
        db: Path | None = None,
        verbose: bool = False,
        quiet: bool = False,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.config_dir = config_dir
        self.now = clock
        self.verbose, self.quiet = verbose, quiet
        self.json = False
        self.log_json = False
        self._db = db

    def again(self) -> Context:
        """The same files as they are now, for the same database."""
        fresh = Context(
            config_dir=self.config_dir,
            db=self.database,
            verbose=self.verbose,
            quiet=self.quiet,
            clock=self.now,
        )
        fresh.json, fresh.log_json = self.json, self.log_json
        return fresh

    def take(self, fresh: Context, *, but: Sequence[str] = ()) -> None:
        """Work from now on with the files as `fresh` has read them, but for these tables."""
        kept = {name: getattr(self.settings, name) for name in but}
        vars(self).update(
            settings=fresh.settings.model_copy(update=kept),
            sources=fresh.sources,
            channels=fresh.channels,
            papers=fresh.papers,
        )
        self.read_rules_again()

    def read_rules_again(self) -> None:
        """Read `rules.toml` anew when somebody asks for it."""
        for name in ("rulebook", "rules_read", "concepts"):
            vars(self).pop(name, None)

    @cached_property
    def beginning(self) -> Beginning:
        """How the configuration was found when this was first asked."""
        from monitor.settled import beginning

        return beginning(self.config_dir, self._db)

    @cached_property
    def settings(self) -> Settings:
        """`nieuwswacht.toml`, or the defaults where there is none."""
        from crawler.config import load_settings

        return load_settings(self.config_dir / "nieuwswacht.toml")

    @property
    def plain(self) -> PlainSettings:
        """The settings that most commands need; where they are known to be good, as written."""
        if "settings" not in vars(self) and self.beginning.is_settled:
            return self.beginning.settings
        from monitor.settled import plain_settings

        return plain_settings(self.settings)

    @cached_property
    def sources(self) -> list[Source]:
        """All sources of the catalogue, those that are not enabled too."""
        from crawler.config import load_sources

        return load_sources(self.config_dir / "sources.toml")

    @property
    def polled_sources(self) -> list[Source]:
        """All sources, with the pace of `[crawl] at_most` for those that have none of their own."""
        at_most = self.settings.crawl.at_most
        return [
            source if source.at_most else replace(source, at_most=at_most)
            for source in self.sources
        ]

    def named_sources(self, names: Sequence[str]) -> list[Source]:
        """The sources with these ids, in the catalogue's order.

        Raises:
            click.UsageError: the catalogue has no source with one of the ids.
        """
        known = {source.id for source in self.sources}
        for name in names:
            if name not in known:
                raise click.UsageError(
                    f"there is no source {name!r}: `nieuwswacht sources list` lists them"
                )
        return [source for source in self.sources if source.id in names]

    @cached_property
    def channels(self) -> list[ChannelConfig]:
        """The channels of `channels.toml`."""
        from alerts.rules import load_channels

        return load_channels(self.config_dir / "channels.toml")

    @cached_property
    def papers(self) -> list[MorningPaper]:
        """The morning papers of `reviews.toml`; none where there is no such file.

        A rule that cannot be read may be named: its own file says what is wrong with it.
        """
        from alerts.papers import load_papers

        return load_papers(
            self.config_dir / "reviews.toml",
            channels=[channel.id for channel in self.channels],
            rules=self._rules_there,
        )

    @property
    def _rules_there(self) -> list[str] | None:
        """The rules of the file, those with a fault and those switched off too; None if unread."""
        read = self.rules_read
        if read.hides(""):
            return None
        there = (*read.book.rules, *read.book.disabled)
        return [*(rule.id for rule in there), *read.faults]

    def press_room(self, book: RuleBook, plans: Sequence[ChannelPlan]) -> PressRoom:
        """What editions of the papers are made with."""
        from alerts.alert import RuleRef
        from alerts.papers import PressRoom

        rules = {rule.id: RuleRef(rule.id, rule.name, rule.priority) for rule in book.rules}
        return PressRoom(rules=rules, zone=self.zone, plans=plans)

    def issue_papers(self, writer: Writer, book: RuleBook, plans: Sequence[ChannelPlan]) -> int:
        """Queue the editions of morning papers that are due; returns how many."""
        papers = self.papers
        if not papers:
            return 0
        from alerts.papers import issue_due

        room, now = self.press_room(book, plans), self.now()
        return len(writer.run(lambda db: issue_due(db, papers, room, now)))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the desk."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.plain.timezone)

    @cached_property
    def rulebook(self) -> RuleBook:
        """The rules in force, with examples and channels checked; a fault raises `ConfigFaults`."""
        return self.rules_read.sound()

    @cached_property
    def rules_read(self) -> RulesRead:
        """The rules that can be read, and the faults of the others."""
        from alerts.rules import WHOLE_FILE, RuleBook, RulesRead, read_rules

        try:
            ids = [channel.id for channel in self.channels]
        except ConfigFaults as error:  # without the channels no rule can be checked
            return RulesRead(RuleBook.build([]), {WHOLE_FILE: error.faults})
        path, outlets = self.rules_file, self.outlets
        if self.beginning.is_settled:
            read = read_rules(path, channels=ids, outlets=outlets, proven=True)
            if self.beginning.holds():
                return read
        return read_rules(path, channels=ids, outlets=outlets)

    @property
    def rules_file(self) -> Path:
        """Where the rules stand."""
        return self.config_dir / "rules.toml"

    @property
    def outlets(self) -> list[str] | None:
        """The outlets of the catalogue; None if it cannot be read.

        Its faults are reported by the commands that are about the catalogue.
        """
        try:
            return [source.outlet for source in self.sources]
        except ConfigError:
            return None

    def rule(self, rule_id: str) -> Rule:
        """The rule in force with this id; `click.UsageError` if there is none."""
        return rule_in(self.rulebook, rule_id)

    @cached_property
    def concepts(self) -> Concepts:
        """The concepts alone, so that a query can be tried while a rule has faults."""
        from alerts.rules import plain_concepts

        known = plain_concepts(self.rules_file) if self.beginning.is_settled else None
        if known and self.beginning.holds():
            return known
        from alerts.rules import load_concepts

        return load_concepts(self.rules_file)

    def senders(self) -> list[Channel]:
        """The channels, ready to send; with `json` a console channel writes to standard error."""
        from alerts.channels import channel_of

        return [
            channel_of(
                config,
                self.settings.network.allow,
                proxy=self.settings.network.proxy_address,
                timezone=self.settings.schedule.timezone,
                stream=sys.stderr if self.json else None,
            )
            for config in self.channels
        ]

    @property
    def database(self) -> Path:
        """The path of the database, which may not exist yet."""
        return self._db or self.plain.database or default_database()

    @property
    def named_database(self) -> Path | None:
        """The database that the command line names, if it does."""
        return self._db

    def name_database(self, path: Path) -> None:
        """Work with this database."""
        self._db = path

    def reader(self) -> Connection:
        """A connection that only reads."""
        from alerts.store import LATEST_ALERTS_STEP
        from crawler.store import LATEST_STEP, open_reader

        return open_reader(self.database, steps=(LATEST_STEP, LATEST_ALERTS_STEP))

    def archives(self, also: Sequence[Path]) -> list[Connection]:
        """Connections that only read: to the database, and to these archives beside it.

        Raises:
            StoreError: one of them is no archive, or one of an older version.
            click.UsageError: a file is named twice.
        """
        from alerts.store import LATEST_ALERTS_STEP
        from crawler.store import LATEST_STEP, open_reader

        steps = LATEST_STEP, LATEST_ALERTS_STEP
        others = [open_reader(path, steps=steps, beside=True) for path in also]
        seen = {self.database.resolve()}
        for path in also:
            if path.resolve() in seen:
                raise click.UsageError(f"{path} is named twice: name each archive once")
            seen.add(path.resolve())
        return [self.reader(), *others]

    def writer(self, *, history_too: bool = False) -> Writer:
        """The one writer, with all tables made; an error if another instance is running.

        What an earlier process had under way is free again. It does not open a history unless
        `history_too` says that it may.
        """
        from alerts.counting import keep_local_time
        from alerts.delivery import take_over
        from alerts.store import migrations as alerts_migrations
        from crawler.history import refuse_history
        from crawler.store import Writer, migrations, put_in_order, rest

        def opening(db: Connection) -> None:
            if not history_too:
                refuse_history(db, self.database)
            take_over(db, self.now())
            keep_local_time(db, self.settings.schedule.timezone)

        every = [migrations, alerts_migrations]
        return Writer(
            self.database, migrations=every, opening=opening, closing=put_in_order, resting=rest
        )

    @cached_property
    def console(self) -> Terminal:
        """Standard output for people; print foreign text as `rich.text.Text`, never as markup."""
        from monitor.terminal import Terminal

        return Terminal(highlight=False, quiet=self.json, width=_width_of(sys.stdout))

    @cached_property
    def progress(self) -> Terminal:
        """Standard error for people: progress, notes, errors."""
        from monitor.terminal import Terminal

        return Terminal(stderr=True, highlight=False, quiet=self.quiet, width=_width_of(sys.stderr))

    def emit(self, value: Any) -> None:
        """Write one JSON object or array to standard output."""
        click.echo(json_text(value))

    def emit_lines(self, values: Iterable[Any]) -> None:
        """Write one JSON object a line to standard output."""
        for value in values:
            self.emit(value)


def rule_in(book: RuleBook, rule_id: str) -> Rule:
    """The rule with this id.

    Raises:
        click.UsageError: the book has no such rule.
    """
    if any(rule.id == rule_id for rule in book.disabled):
        raise click.UsageError(f'the rule "{rule_id}" is switched off: enabled = false')
    if rule_id not in book:
        there = ", ".join(rule.id for rule in book.rules) or "none"
        raise click.UsageError(f'there is no rule "{rule_id}"; there are: {there}')
    return book[rule_id]


def _width_of(stream: TextIO) -> int | None:
    """None for a terminal, whose width rich finds; anywhere else wide enough for any line."""
    return None if stream.isatty() else PIPE_WIDTH


def json_text(value: Any) -> str:
    """A value as the JSON that this program gives others."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not for JSON")


def _set_json(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    context.ensure_object(Context).json = value


def json_option(command: F) -> F:
    """Add `--json`, which sets `Context.json` before the command begins."""
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_set_json,
        help="Write JSON to standard output, and nothing else.",
    )(command)
