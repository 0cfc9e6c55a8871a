"""The parts of a message as a reader sees it, which each channel puts into its own form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from alerts.alert import Edit
from alerts.message import Message
from alerts.outcome import Shown
from alerts.rendering.phrases import Phrases, phrases_of
from crawler.frozen import dataclass

# Chosen: what people read at a glance. Urgent news is shown whole; a line says what is left out.
MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Style:
    """The language and the time zone of a channel."""

    language: str
    zone: ZoneInfo

    def of(self, message: Message) -> Style:
        """The style of this message: an edition of a morning paper has a language of its own."""
        edition = message.edition
        return replace(self, language=edition.language) if edition else self

    @property
    def words(self) -> Phrases:
        """The words of the language."""
        return phrases_of(self.language)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a quote; `hit` says that it is highlighted."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its name; `url` is empty if it must not be a link."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    """One passage as a reader sees it: a sentence in runs, or an edit under its heading.

    `alerts` are the ids of the alerts that tell it, and `key` is its key in the ledger of passages.
    `cut` says that a part which matters has no room: then it counts as not shown.
    """

    key: str = ""
    alerts: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    heading: str = ""
    edit: Edit | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """One story of a message; every text is harmless and on one line.

    `headline` has the passages that are the title itself. `passages` has all others, newest first;
    the first `most` are shown. `alerts` has each alert, with the number of its passages that are in
    neither. `joined` are the outlets that this message adds, `others` more that none has named yet.
    `relation` says to which story this one is related, and where that was told. `unlinked` says why
    there is no link. In a morning paper, `section` is the subject that begins with this story,
    `kicker` says that it runs on, and `remarks` are those of an editor.
    """

    title: str
    source: str
    link: Link
    unlinked: str = ""
    urgent: bool = False
    relation: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    headline: tuple[PassageView, ...] = ()
    passages: tuple[PassageView, ...] = ()
    most: int = MOST_QUOTES
    alerts: tuple[tuple[str, int], ...] = ()
    joined: tuple[Link, ...] = ()
    others: tuple[Link, ...] = ()
    rule_names: tuple[str, ...] = ()
    rules: str = ""
    why: str = ""
    section: str = ""
    kicker: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def quotes(self) -> tuple[tuple[Run, ...], ...]:
        """The sentences that are shown."""
        return tuple(line.runs for line in self.passages[: self.most] if line.edit is None)

    @property
    def edits(self) -> tuple[tuple[str, Edit], ...]:
        """The edits that are shown, each with its heading."""
        return tuple((line.heading, line.edit) for line in self.passages[: self.most] if line.edit)

    @property
    def next_time(self) -> int:
        """How many passages the next message shows: of an urgent story, those that had no place."""
        return self._unshown if self.urgent and self.most else 0

    @property
    def left_out(self) -> int:
        """How many passages no message shows."""
        beyond = max((more for _, more in self.alerts), default=0)
        cut = sum(line.cut for line in self.passages[: self.most])
        return beyond + cut + self._unshown - self.next_time

    @property
    def told(self) -> tuple[PassageView, ...]:
        """The passages that are shown, with those of the headline."""
        shown = self.passages[: self.most]
        return self.headline + tuple(line for line in shown if not line.cut)

    @property
    def _unshown(self) -> int:
        return sum(bool(line.alerts) for line in self.passages[self.most :])

    def announced(self, words: Phrases) -> Iterator[str]:
        """Yield the lines about passages that are not shown."""
        if self.next_time:
            yield words.passages_next.of(self.next_time)
        if self.left_out:
            yield words.passages.of(self.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A message for readers: `subject` is for a headline or a notification; then come its parts.

    `lines` stand before all others. `more` says at the end what had no place. `following` is how
    many other stories the next message tells. A `paper` is an edition of a morning paper: no
    message tells what it has no place for. `bars` are the graph of a wave, the newest
    last. `beyond` is how many stories of it no message shows.
    """

    subject: str
    intro: str = ""
    lines: tuple[str, ...] = ()
    tales: tuple[Tale, ...] = ()
    notices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    more: str = ""
    following: int = 0
    paper: bool = False
    bars: tuple[int, ...] = ()
    beyond: int = 0

    @property
    def shown(self) -> tuple[Shown, ...]:
        """What the message shows of each alert, for the ledger."""
        return tuple(shown for tale in self.tales for shown in _shown(tale))


def _shown(tale: Tale) -> Iterator[Shown]:
    cut = [line for line in tale.passages[: tale.most] if line.cut]
    left = (*cut, *tale.passages[tale.most :])
    beside = Counter(name for line in left for name in line.alerts)
    for alert, beyond in tale.alerts:
        keys = tuple(line.key for line in tale.told if alert in line.alerts)
        partly = tuple(line.key for line in cut if alert in line.alerts)
        yield Shown(alert, len(keys), beside[alert] + beyond, keys, partly)
