"""An edition of a morning paper: what it shows, as it was fixed when it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field, replace
from datetime import datetime

from alerts.match import Priority
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EditionKey:
    """Which edition: its paper, the local day, and the time of day at which it goes (`07:00`)."""

    paper: str
    day: str
    at: str

    @property
    def event(self) -> str:
        """What makes the alert of this edition unique."""
        return f"review:{self.paper}:{self.day}:{self.at}"


@dataclass(frozen=True, slots=True)
class EditionLink:
    """An article at another outlet that tells the same story."""

    outlet: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionQuote:
    """The sentence that is shown, with where its hits are; `key` is its passage in the ledger.

    A correction is shown whole: `with_it` are the passages of its other sentences. A lead in which
    nothing was found has no key.
    """

    key: str
    text: str
    hits: tuple[tuple[int, int], ...] = ()
    with_it: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All the passages that it shows."""
        return tuple(key for key in (self.key, *self.with_it) if key)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChange:
    """What an outlet changed since the last edition: a sentence before and after."""

    outlet: str
    field: str
    before: str
    after: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionStory:
    """One story of an edition.

    `priority` is that of its most urgent rule, `newest` when something was last found in it.
    `since` is when it was first found, if an earlier edition could have had it. `only_copies` says
    that more outlets have it, and nothing new. `more` counts its other new passages. `headline` is
    the passage that its title is, if one is. `note` is written by an editor.
    """

    story: str
    article: str
    title: str
    outlet: str
    url: str
    published: datetime
    newest: datetime
    also: tuple[EditionLink, ...] = ()
    rules: tuple[str, ...] = ()
    rule_names: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    headline: str = ""
    quote: EditionQuote | None = None
    more: int = 0
    changes: tuple[EditionChange, ...] = ()
    since: datetime | None = None
    only_copies: bool = False
    partial: bool = False
    note: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The passages that are shown of it."""
        quoted = self.quote.keys if self.quote else ()
        shown = (self.headline, *quoted, *(one.key for one in self.changes))
        return tuple(dict.fromkeys(key for key in shown if key))

    @property
    def outlets(self) -> int:
        """How many outlets tell it."""
        return 1 + len(self.also)


@dataclass(frozen=True, slots=True)
class EditionSection:
    """The stories of one subject, the most important first."""

    title: str
    stories: tuple[EditionStory, ...]


@dataclass(frozen=True, slots=True)
class SilentOutlet:
    """A source that brought nothing for longer than usual, and since when."""

    outlet: str
    since: datetime


@dataclass(frozen=True, slots=True)
class EditionWave:
    """A wave of the night: a rule that found far more stories than usual, and when it began."""

    rule_name: str
    began: datetime
    stories: int


@dataclass(frozen=True, slots=True)
class ArchivePosition:
    """How far the archive had come: the numbers of its newest match and of its newest text.

    What is stored later may carry an earlier time: it was read before, or the clock was set back.
    """

    match: int
    text: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A paper of one day and hour.

    It tells what was found from `since` until `until`. `due` is when it was to go; `late` says that
    nothing ran then. `read` is how many articles came in, `outlets` of how many outlets. `left_out`
    counts stories for which it has no room. The next one tells what came after `position`.
    """

    key: EditionKey
    name: str
    language: str
    due: datetime
    since: datetime
    until: datetime
    sections: tuple[EditionSection, ...] = ()
    silent: tuple[SilentOutlet, ...] = ()
    waves: tuple[EditionWave, ...] = ()
    left_out: int = 0
    read: int = 0
    outlets: int = 0
    late: bool = False
    foreword: str = ""
    position: ArchivePosition | None = None

    @property
    def stories(self) -> tuple[EditionStory, ...]:
        """All its stories, in order."""
        return tuple(story for section in self.sections for story in section.stories)

    def without(self, stories: Collection[str]) -> Edition:
        """The same without these stories, which are counted as left out."""
        kept = [
            replace(each, stories=tuple(one for one in each.stories if one.story not in stories))
            for each in self.sections
        ]
        sections = tuple(each for each in kept if each.stories)
        gone = len(self.stories) - sum(len(each.stories) for each in sections)
        return replace(self, sections=sections, left_out=self.left_out + gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionEdits:
    """What an editor changes before an edition goes.

    Stories are named by their id. `order` has those that were given a place, the first first; any
    others follow them by rank.
    """

    dropped: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    foreword: str = ""
