"""What can go wrong, named after what the caller can do about it.

NieuwswachtError
├── ConfigError         the user fixes a file: path, line, remedy
│   ├── ConfigFaults    several of them
│   ├── QueryError      a fault inside a query: column, remedy
│   ├── HandEditError   a program cannot change the file: a person does
│   └── FileChangedError  somebody else changed the file: begin with what it says now
├── SourceError         skip this source, say so
├── PageError           skip this page, say so
│   └── RefusedError    we do not send this request: wait
│       └── StoppedError  the crawl ends: nothing is known of the page
├── ForbiddenAddressError  this host is not reached on purpose: host, reason
├── ClusterError        other machines cannot do the work: remedy; what was stored stays
├── DeliveryError       carries the outcome of an attempt (alerts.outcome)
└── StoreError          the database cannot be used as it is
    ├── StoreBusyError  another instance holds it
    └── ClaimLostError  the work is somebody else's by now: drop it
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crawler.faults.fault import Fault
from crawler.faults.file_fault import FileFault
from crawler.faults.kinds import AddressReason, CrawlFault, said


class NieuwswachtError(Exception):
    """The root: everything that Nieuwswacht raises on purpose."""


class ConfigError(NieuwswachtError):
    """A fault in a file that the user wrote; `str()` gives `path:line: table: what: remedy`.

    What a page or a message may show is a `Fault`, which has its remedy; what commands alone say
    may be English. `table` is the place as the file names it.
    """

    def __init__(
        self,
        what: Fault | str,
        *,
        path: str | None = None,
        line: int | None = None,
        table: str = "",
        remedy: str = "",
    ) -> None:
        self.fault = what if isinstance(what, Fault) else said(what)
        self.path, self.line, self.table, self._remedy = path, line, table, remedy
        super().__init__(what)

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return ": ".join(filter(None, (self.table, str(self.fault))))

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        from crawler.faults.wording import advice

        return self._remedy or advice(self.fault, "en")

    @property
    def whole(self) -> Fault:
        """All that `str()` says, as a fault: each language has words for it."""
        inner = self.fault
        if self._remedy:
            inner = said(f"{inner}: {self._remedy}")
        place = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        place = ": ".join(filter(None, (place, self.table)))
        return FileFault.AT(place=place, told=inner) if place else FileFault.TOLD(told=inner)

    def __str__(self) -> str:
        return str(self.whole)


class ConfigFaults(ConfigError):  # noqa: N818 - several errors in one
    """All faults of a configuration at once; `str()` gives one line for each."""

    def __init__(self, faults: Sequence[ConfigError]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults[0].fault, table=faults[0].table)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class QueryError(ConfigError):
    """A fault inside a query, or in an expression of `concept`; `column` counts from 1.

    `column` counts from the start of the query; `str()` counts within the line, as an editor does.
    """

    def __init__(self, what: Fault, *, column: int, query: str, concept: str = "") -> None:
        super().__init__(FileFault.IN_CONCEPT(concept=concept, inside=what) if concept else what)
        self.column, self.query, self.concept = column, query, concept

    @property
    def whole(self) -> Fault:
        """The fault at its place in the query."""
        above, _, line = self.query[: self.column - 1].rpartition("\n")
        column = len(line) + 1
        if "\n" not in self.query.strip():
            return FileFault.AT_COLUMN(column=column, told=self.fault)
        number = above.count("\n") + 2 if column < self.column else 1
        return FileFault.AT_LINE(line=number, column=column, told=self.fault)


class HandEditError(ConfigError):
    """A file that only a person can change as wanted; the text says why."""


class FileChangedError(ConfigError):
    """A file is not the one that a change was made for; nothing was written."""


class SourceError(NieuwswachtError):
    """This source cannot be read now; the others go on."""

    def __init__(self, source: str, what: Fault, *, url: str = "") -> None:
        self.source, self.what, self.url = source, what, url
        super().__init__(f"{source}: {what}" + (f" ({url})" if url else ""))


class PageError(NieuwswachtError):
    """This page cannot be read now; its source goes on."""

    def __init__(self, url: str, what: Fault) -> None:
        self.url, self.what = url, what
        super().__init__(f"{what} ({url})")


class RefusedError(PageError):
    """We do not send this request, out of politeness; `wait` says for how long, None for ever."""

    def __init__(self, url: str, what: Fault, wait: timedelta | None = None) -> None:
        super().__init__(url, what)
        self.wait = wait


class StoppedError(RefusedError):
    """The crawl ends before this request was sent; nothing is known of its page."""

    def __init__(self, url: str) -> None:
        super().__init__(url, CrawlFault.STOPPED(), timedelta())


class ForbiddenAddressError(NieuwswachtError):
    """This host leads to an address that may not be reached; `[network] allow` permits ranges."""

    def __init__(self, host: str, *reasons: AddressReason) -> None:
        self.host, self.reason = host, ", ".join(sorted(reasons))
        super().__init__(f"{host} may not be reached: {self.reason}")


class ClusterError(NieuwswachtError):
    """The cluster is not there, has gone, or cannot do this work; the message has the remedy."""


class StoreError(NieuwswachtError):
    """The database cannot be used as it is; the text says what to do."""


class StoreBusyError(StoreError):
    """Another instance holds this database."""


class ClaimLostError(StoreError):
    """Nothing was written: the row is claimed by `owner`, or is free again if that is None."""

    def __init__(self, table: str, key: str, owner: str | None) -> None:
        self.table, self.key, self.owner = table, key, owner
        super().__init__(f"the claim on {key} in {table} is lost to {owner or 'nobody'}")


def bug_of(error: BaseException) -> str:
    """The kind and place of an error, without its text, which may hold an address with secrets."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
