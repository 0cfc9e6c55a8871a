"""The counts and latest faults of one round, or of a running crawl so far."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from crawler.faults.fault import Fault
from crawler.frozen import dataclass
from crawler.model import Verdict
from crawler.store.records import Saved

# Chosen: a crawl that runs for weeks keeps only the latest faults.
ERRORS_KEPT = 200
# Chosen: the names of three outlets are not gone at the same time.
CUT_OFF = 3


@dataclass(frozen=True, slots=True)
class ReportedFault:
    """One thing that failed: its source, its address and the fault."""

    source: str
    url: str
    error: Fault


@dataclass(slots=True, kw_only=True)
class CrawlReport:
    """Counts since the start; `errors` are the latest `ERRORS_KEPT` faults, oldest first.

    `polled` includes polls that fail; `sources_failed` those too whose outcome the database refused
    to keep. `unwritten` is how often it refused anything. `cut_off` is how many polls in a row, up
    to the last, could reach nobody because of `obstacle`.
    """

    polled: int = 0
    unchanged: int = 0
    sources_failed: int = 0
    entries: int = 0
    fetched: int = 0
    pages_failed: int = 0
    new: int = 0
    revised: int = 0
    known: int = 0
    stories_new: int = 0
    stories_joined: int = 0
    unwritten: int = 0
    cut_off: int = 0
    obstacle: str = ""
    errors: list[ReportedFault] = field(default_factory=list)

    @property
    def without_network(self) -> bool:
        """Whether the latest polls suggest that nobody can be reached, neither names nor proxy."""
        return self.cut_off >= CUT_OFF

    def saved(self, saved: Saved) -> None:
        """Count an article by its verdict, and a new one's story."""
        if saved.verdict is Verdict.KNOWN:
            self.known += 1
        elif saved.verdict is Verdict.REVISED:
            self.revised += 1
        else:
            self.new += 1
            self.stories_new += saved.story_new
            self.stories_joined += not saved.story_new

    def poll_failed(self, obstacle: str) -> None:
        """Count a poll that failed, because of what would keep any other from its host too."""
        self.cut_off = self.cut_off + 1 if obstacle else 0
        self.obstacle = obstacle

    def fault(self, source: str, url: str, error: Fault) -> None:
        """Keep what failed, for the report."""
        self.errors.append(ReportedFault(source, url, error))
        del self.errors[:-ERRORS_KEPT]

    def as_json(self) -> dict[str, Any]:
        """The crawler's part of what `crawl --json` writes."""
        return {
            "sources": {
                "polled": self.polled,
                "unchanged": self.unchanged,
                "failed": self.sources_failed,
            },
            "entries": self.entries,
            "pages": {"fetched": self.fetched, "failed": self.pages_failed},
            "articles": {"new": self.new, "revised": self.revised, "unchanged": self.known},
            "stories": {"new": self.stories_new, "joined": self.stories_joined},
            "unwritten": self.unwritten,
            "errors": [
                {"source": fault.source, "url": fault.url, "error": str(fault.error)}
                for fault in self.errors
            ],
        }
