"""A file of a web archive as a part of a replay: its articles, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Self

from crawler.frozen import dataclass
from crawler.history.history_batch import Found, HistoryBatch, HistoryFault, RecordKind
from crawler.history.page_deadline import PageTookLongerError, page_deadline
from crawler.history.warc_page import Selection, is_wanted, page_of
from crawler.reading.pool import DEADLINE
from crawler.warc.record_reader import records_in
from crawler.warc.warc_record import BEGINNING, Damage, Position, WarcRecord

# A batch ends after so long, also if it is not full. Chosen: so a worker that is stuck shows soon.
_SECONDS = 5.0
_DIES_ALONE = 2  # deaths at one place after which each record is read in a batch of its own
_IS_LEFT_OUT = 3  # and after which the record at this place is left out
_IS_GIVEN_UP = 5  # and after which the rest of the file is: no record is behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFile:
    """A WARC file from `start` on, read by the rules of the crawl.

    What it gives depends on nothing else. Each page has the crawl's deadline where it is read in
    the main thread of its process, and none elsewhere: only there can a page be stopped.
    """

    path: Path
    selection: Selection
    start: Position = BEGINNING
    one_by_one: bool = False
    left_out: bool = False

    def batches(self) -> Iterator[HistoryBatch]:
        """The records, a few at a time; the last batch says that it is done.

        Raises:
            OSError: the file cannot be read.
        """
        batch, began = HistoryBatch(self.start), monotonic()
        for place, found in self._found():
            batch.add(place, found)
            if self.one_by_one or batch.is_full or monotonic() - began > _SECONDS:
                yield batch
                batch, began = HistoryBatch(batch.end), monotonic()
        batch.done = True
        yield batch

    def again(self, last: HistoryBatch | None, deaths: int) -> Self | None:
        """What is left behind `last`; a record that ends its worker each time is left out.

        None if that does not help.
        """
        if deaths >= _IS_GIVEN_UP:
            return None
        return replace(
            self,
            start=last.end if last else self.start,
            one_by_one=self.one_by_one or deaths >= _DIES_ALONE,
            left_out=deaths >= _IS_LEFT_OUT,
        )

    def _found(self) -> Iterator[tuple[Position, Found]]:
        left_out = self.left_out
        with self.path.open("rb") as file:
            for item in records_in(file, self.start, lambda head: is_wanted(head, self.selection)):
                if left_out:
                    what = "its reader died of it, or was stopped"
                    yield item.place, HistoryFault(item.place, RecordKind.UNREAD, what)
                    left_out = False
                    continue
                match item:
                    case Damage(place=place, what=fault):
                        yield place, HistoryFault(place, RecordKind.DAMAGED, fault.value)
                    case WarcRecord(place=place):
                        yield (
                            place,
                            in_time(partial(page_of, item, self.selection), place),
                        )


def in_time(read: Callable[[], Found], place: Position, *, seconds: float = DEADLINE) -> Found:
    """What was read; foreign input costs its own record, never the others."""
    try:
        with page_deadline(seconds):
            return read()
    except PageTookLongerError:
        what = f"it took longer than {seconds:g} s"
    except MemoryError:
        what = "it needed too much memory"
    except RecursionError:
        what = "it is nested too deeply"
    except Exception as error:  # noqa: BLE001 - as above
        what = f"it cannot be read ({type(error).__name__})"
    return HistoryFault(place, RecordKind.UNREAD, what)
