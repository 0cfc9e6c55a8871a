"""Moves pages that wait from the database into the web archives, and removes what has to go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from crawler.evidence.chain import GENESIS, PAGES, LineKind, digest, moment, sound_lines
from crawler.evidence.day_files import ChainWriter, DayFolder, NewLine, WrittenLine, held
from crawler.evidence.members import KeptBefore, tombstone, unpacked_member
from crawler.evidence.page_lines import gap, has_bytes, is_of, payload_of, records_of
from crawler.frozen import dataclass
from crawler.store.connection import Connection
from crawler.store.evidence.held_pages import HeldPage, HeldPages
from crawler.store.evidence.kept_pages import DayState, KeptPage, KeptPages, KnownDay

T = TypeVar("T")

# Chosen: pages in one batch, which is in memory at once and takes two waits for the disk.
BATCH = 50
BATCH_BYTES = 8_000_000
# Copies and related stories are looked for in the texts of two weeks, and so is what nobody wanted.
UNWANTED_FOR = timedelta(days=14)


class JobRunner(Protocol):
    """What the keeper needs of the writer."""

    def run(self, job: Callable[[Connection], T]) -> T:
        """Wait for the job's result, which is committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPolicy:
    """What is kept: nothing new if not `on`; at most `hold_bytes` wait.

    `judged` says up to which place of the log the rules have read, `matched` which of these
    articles they have found. None of them are asked if every page is kept. Days from before
    `keep_for` ago are removed, None keeps all.
    """

    on: bool
    hold_bytes: int
    judged: Callable[[Connection], int] | None = None
    matched: Callable[[Connection, Collection[str]], Collection[str]] | None = None
    keep_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one call did: pages that were kept, that had to be left out, records and days erased."""

    pages: int = 0
    gaps: int = 0
    forgotten: int = 0
    days_dropped: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(
            pages=self.pages + other.pages,
            gaps=self.gaps + other.gaps,
            forgotten=self.forgotten + other.forgotten,
            days_dropped=self.days_dropped + other.days_dropped,
        )


class Keeper:
    """Keeps evidence in one folder, for one database.

    Everything is written to the folder first and noted in the database then. What a process that
    ended in between had not noted is noted by the next one from the chain itself, so that nothing
    is kept twice.
    """

    def __init__(
        self,
        jobs: JobRunner,
        folder: Path,
        policy: KeepPolicy,
        *,
        clock: Callable[[], datetime],
        software: str,
    ) -> None:
        self._jobs, self._folder, self._policy = jobs, DayFolder(folder), policy
        self._clock, self._software = clock, software
        self._chain: ChainWriter | None = None  # as this left it, if nothing went wrong

    def catch_up(self) -> Kept:
        """Keep what waits, erase what is to be forgotten, and drop days that had their time.

        Raises:
            OSError: the folder cannot be written, or is full; what waits goes on waiting.
            StoreError: another process has the folder.
        """
        self._judge()
        try:
            return self._kept() if self._has_work() else Kept()
        finally:
            self._make_room()

    def _judge(self) -> None:
        policy = self._policy
        judged, matched = policy.judged, policy.matched
        if not policy.on:
            while self._jobs.run(lambda db: HeldPages(db).remove_all()):
                pass
        elif judged and matched:
            self._jobs.run(
                lambda db: HeldPages(db).judge(judged(db), lambda found: matched(db, found))
            )
        else:
            self._jobs.run(lambda db: HeldPages(db).want_all())

    def _has_work(self) -> bool:
        def job(db: Connection) -> bool:
            pages = KeptPages(db)
            newest = pages.newest()
            over = newest is not None and newest.state is DayState.OPEN and newest.day < self._today
            waits = HeldPages(db).count() > 0 or bool(pages.to_forget())
            return over or waits or bool(old_days(pages, self._policy.keep_for, self._clock()))

        unknown = self._chain is None and bool(self._folder.days())
        return unknown or self._jobs.run(job)

    @property
    def _today(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()

    def _kept(self) -> Kept:
        with held(self._folder):
            chain, self._chain = self._chain, None
            if chain is None or not chain.current:
                chain = self._opened()
            done = Kept()
            while (batch := self._keep_batch(chain)) is not None:
                done += batch
            done += self._forget_all(chain)
            done += self._drop_old(chain)
            self._note(chain.end_day(self._clock()))
            self._chain = chain
        return done

    def _opened(self) -> ChainWriter:
        """The chain, and the database brought to where it ends."""
        known = self._jobs.run(lambda db: KeptPages(db).newest())
        trusted = known is None or self._reaches(known)
        after, link = (known.day, known.head) if known else ("", GENESIS)
        chain = ChainWriter(self._folder, self._software, trusted=trusted, after=after, link=link)
        if known is not None and not trusted:
            self._note_loss(chain, known)
        else:
            self._note_unnoted(known)
        return chain

    def _reaches(self, known: KnownDay) -> bool:
        """Whether the files have everything that the database knows."""
        if known.state is DayState.DROPPED:
            return True
        lines = self._folder.lines(known.day)
        return len(lines) >= known.lines > 0 and lines[known.lines - 1].link == known.head

    def _note_loss(self, chain: ChainWriter, known: KnownDay) -> None:
        """Say in the chain that lines are missing, and no longer say what stood in them."""
        said = {"kind": LineKind.LOST, "day": known.day, "lines": known.lines, "head": known.head}
        day, lines = chain.day, len(self._folder.lines(chain.day)) if chain.day else 0
        self._jobs.run(lambda db: KeptPages(db).drop_after(day, lines))
        self._note(chain.append([NewLine(said)], self._clock()))
        self._erase_again(chain)

    def _erase_again(self, chain: ChainWriter) -> None:
        """Erase what was forgotten since these files were copied, and is there again."""
        gone = self._jobs.run(lambda db: KeptPages(db).gone())
        for day in self._folder.days():
            there = gone & {line.fields.get("article") for line in self._folder.lines(day)}
            items = [item for one in there for item in self._erasures(day, one, again=True)]
            if items:
                self._note(chain.append(items, self._clock()))

    def _note_unnoted(self, known: KnownDay | None) -> None:
        """Note what an earlier process wrote and could not note, and finish what it began."""
        for day in self._folder.days():
            if known is not None and day < known.day:
                continue
            lines = self._folder.lines(day)
            begin = known.lines if known is not None and day == known.day else 0
            own = sound_lines(lines, begin)  # what somebody else wrote is for `verify` to name
            self._note([WrittenLine(day, line, line.fields) for line in own])

    def _keep_batch(self, chain: ChainWriter) -> Kept | None:
        """Keep the oldest pages that wait; None if none do."""

        def job(db: Connection) -> list[tuple[HeldPage, list[KeptPage]]]:
            pages = KeptPages(db)
            return [
                (page, pages.with_bytes(payload_of(page)) if page.exchange else [])
                for page in HeldPages(db).wanted(BATCH, BATCH_BYTES)
            ]

        waiting = self._jobs.run(job)
        if not waiting:
            return None
        items, gaps = list[NewLine](), 0
        new, lines = dict[str, KeptBefore](), cache(self._folder.lines)
        urls = dict[str, str]()
        for page, same in waiting:
            if page.exchange is None:
                gaps += 1
                items.append(gap(page))
            elif not any(is_of(one, page) for one in same):
                first = next((one for one in same if has_bytes(lines(one.day), one)), None)
                items += records_of(page, first, new, urls)
        written = chain.append(items, self._clock()) if items else []
        self._note(written, [page.id for page, _ in waiting], urls)
        return Kept(pages=sum(each.fields["kind"] in PAGES for each in written), gaps=gaps)

    def _note(
        self,
        written: Sequence[WrittenLine],
        gone: Sequence[int] = (),
        urls: dict[str, str] | None = None,
    ) -> None:
        """Note these lines in the database, after what they say was done to older files."""
        for each in written:
            self._carry_out(each)
        pages = [self._page(each, urls or {}) for each in written if each.fields["kind"] in PAGES]

        def job(db: Connection) -> None:
            kept = KeptPages(db)
            kept.add(pages)
            for each in written:
                kind, fields = each.fields["kind"], each.fields
                state = DayState.ENDED if kind == LineKind.END else DayState.OPEN
                kept.note_day(KnownDay(each.day, fields["n"], each.line.link, state))
                if kind == LineKind.FORGOTTEN:
                    kept.forgotten(fields["article"])
                elif kind == LineKind.DROPPED:
                    kept.drop_day(fields["day"])
            HeldPages(db).remove(gone)

        if written or gone:
            self._jobs.run(job)

    def _page(self, written: WrittenLine, urls: dict[str, str]) -> KeptPage:
        fields = written.fields
        record = str(fields["id"])
        return KeptPage(
            day=written.day,
            n=fields["n"],
            article=fields["article"],
            revision=fields["revision"],
            seen=fields["seen"],
            url=urls.get(record) or self._url(written),
            record=record,
            payload=fields["payload"],
        )

    def _url(self, written: WrittenLine) -> str:
        """The address of a record, from the record itself."""
        fields = written.fields
        data = self._folder.read(written.day, fields["offset"], fields["length"])
        head = (unpacked_member(data) or b"").partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        names = (line.partition(": ") for line in head.split("\r\n"))
        return next((value for name, _, value in names if name == "WARC-Target-URI"), "")

    def _forget_all(self, chain: ChainWriter) -> Kept:
        """Erase the articles that are to be forgotten; a line for each record says so."""
        asked = self._jobs.run(lambda db: dict(KeptPages(db).to_forget()))
        erased = 0
        for article in asked:
            pages = self._jobs.run(lambda db, name=article: KeptPages(db).of_articles([name]))  # type: ignore[misc]  # a default binds it
            items = [
                item
                for day in sorted({page.day for page in pages})
                for item in self._erasures(day, article)
            ]
            if items:
                self._note(chain.append(items, self._clock()))
            self._jobs.run(lambda db, name=article: KeptPages(db).forgotten(name))  # type: ignore[misc]  # a default binds it
            erased += len(items)
        return Kept(forgotten=erased)

    def _erasures(self, day: str, article: str, *, again: bool = False) -> list[NewLine]:
        """What erases the records of an article on a day; `again` leaves those that are erased."""
        now, items = moment(self._clock()), list[NewLine]()
        for line in self._folder.lines(day):
            fields = line.fields
            if fields.get("article") != article or "sha256" not in fields:
                continue
            data = self._folder.read(day, fields["offset"], fields["length"]) if again else b""
            if again and digest(data) != fields["sha256"]:
                continue
            stone = tombstone(fields["id"], now, fields["length"])
            items.append(
                NewLine(
                    {
                        "kind": LineKind.FORGOTTEN,
                        "article": article,
                        "day": day,
                        "line": fields["n"],
                        "erased": now,
                        "tombstone": digest(stone),
                    }
                )
            )
        return items

    def _carry_out(self, written: WrittenLine) -> None:
        """Do what a line says about older files; to do it twice changes nothing."""
        fields = written.fields
        if fields["kind"] == LineKind.DROPPED:
            self._folder.remove(fields["day"])
        elif fields["kind"] == LineKind.FORGOTTEN:
            lines = self._folder.lines(fields["day"])
            record = lines[fields["line"] - 1].fields if fields["line"] <= len(lines) else {}
            if "sha256" in record:
                stone = tombstone(record["id"], fields["erased"], record["length"])
                with suppress(FileNotFoundError):
                    self._folder.overwrite(fields["day"], record["offset"], stone)

    def _drop_old(self, chain: ChainWriter) -> Kept:
        """Remove whole days that had their time; a line says what they were."""
        old = self._jobs.run(
            lambda db: old_days(KeptPages(db), self._policy.keep_for, self._clock())
        )
        for day in old:
            lines = self._folder.lines(day.day)
            first = lines[0].fields if lines else {}
            said = {
                "kind": LineKind.DROPPED,
                "day": day.day,
                "lines": day.lines,
                "after": first.get("after", ""),
                "link": first.get("link", ""),
                "head": day.head,
            }
            self._note(chain.append([NewLine(said)], self._clock()))
        return Kept(days_dropped=len(old))

    def _make_room(self) -> None:
        most, before = self._policy.hold_bytes, self._clock() - UNWANTED_FOR
        while self._jobs.run(lambda db: HeldPages(db).make_room(most, before)):
            pass


def old_days(pages: KeptPages, keep_for: timedelta | None, now: datetime) -> list[KnownDay]:
    """The days that have had their time; none if all are kept."""
    if keep_for is None:
        return []
    before = (now - keep_for).astimezone(UTC).date().isoformat()
    days = pages.days().values()
    return [one for one in days if one.day < before and one.state is DayState.ENDED]
