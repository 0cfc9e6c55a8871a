"""A history is filled: what was read from files is stored in their order, by one writer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial

from crawler.engine.outcomes import article_counts, wall_counts
from crawler.engine.storing import ListedAs, store_article
from crawler.errors import StoreError
from crawler.history.file_order import FileToRead, FoundFile, files_to_read
from crawler.history.history_batch import HistoryBatch, HistoryFault, HistoryPage, RecordKind
from crawler.history.history_store import HistoryStore
from crawler.model import Live, Source, Verdict
from crawler.parts import LostPartError, PartMap, WorkPart
from crawler.store import ArticleStore, Connection, PollStore, Writer
from crawler.warc import Position

_VERDICTS = {
    Verdict.NEW: RecordKind.STORED,
    Verdict.REVISED: RecordKind.REVISED,
    Verdict.KNOWN: RecordKind.KNOWN,
}

Told = Callable[[FoundFile, HistoryBatch, Counter[RecordKind]], None]


def fill(
    writer: Writer,
    part_map: PartMap,
    files: Sequence[FileToRead],
    part_of: Callable[[FileToRead], WorkPart[HistoryBatch]],
    told: Told,
) -> None:
    """Read these files and store what they have; `told` hears of each batch that is stored.

    A batch and the place up to which its file was read are one transaction. So this may be ended at
    any moment, and goes on there the next time. What is left of a file that was given up is left
    out, which is a fault of that file.

    Raises:
        OSError: a file cannot be read.
        ClusterError: the cluster that reads them is not there, or has gone.
    """
    ends = {each.file.name: each.start for each in files}

    def store(file: FoundFile, batch: HistoryBatch) -> None:
        counts = writer.run(partial(record_batch, file=file, batch=batch))
        ends[file.name] = batch.end
        told(file, batch, counts)

    left = list(files)
    while left:
        try:
            with closing(part_map.over([part_of(each) for each in left])) as batches:
                for place, batch in batches:
                    store(left[place].file, batch)
            left = []
        except LostPartError as lost:
            file = left[lost.part].file
            store(file, _left_out(ends[file.name], lost.why))
            left = left[lost.part + 1 :]


def _left_out(end: Position, why: str) -> HistoryBatch:
    """The end of a file that was given up here."""
    batch = HistoryBatch(end, done=True)
    batch.add(end, HistoryFault(end, RecordKind.UNREAD, f"the rest is left out: {why}"))
    return batch


def begin(
    db: Connection,
    found: Iterable[FoundFile],
    *,
    selection: Mapping[str, object] | None,
    sources: Mapping[str, Source],
    now: datetime,
) -> list[FileToRead]:
    """The files of which there is something left to read; it is part of a writer's job.

    `selection` are the options by which records are chosen, None if all are taken.

    Raises:
        StoreError: they, or these options, do not fit what was read before.
    """
    store = HistoryStore(db)
    held = store.selection()
    if held is not None and selection is not None and held != dict(selection):
        before = ", ".join(f"{name} = {value or 'all'}" for name, value in held.items())
        raise StoreError(
            f"this history is filled with other options ({before}): give the same ones, or "
            "another --db"
        )
    left = files_to_read(found, store.files())
    if selection is not None:
        store.begin(selection, now)
    store.add_sources(sources, now)
    return left


def record_batch(db: Connection, file: FoundFile, batch: HistoryBatch) -> Counter[RecordKind]:
    """Store the articles of a batch and move the end of what was read; returns how they count.

    It is part of a writer's job.
    """
    counts = Counter(batch.counts)
    counts.update(_kept(db, page) for page in batch.pages)
    for each in batch.walls:
        missed = {"fetched": 1, "walled": 1, "page_missed": 1} | wall_counts(each.wall)
        PollStore(db).count_all(each.source, missed, each.at)
    store = HistoryStore(db)
    store.note(store.add_file(file.name, file.dated, file.size), batch, counts)
    return counts


def _kept(db: Connection, page: HistoryPage) -> RecordKind:
    """What becomes of a page: stored, or known, or less than what is held."""
    held = ArticleStore(db).current(page.article.key)
    if held is not None and held.seen > page.at:
        return RecordKind.OLDER
    named = ListedAs(page.key, None, Live.PAGE)
    saved = store_article(db, page.article, named, page.at, refrains=page.refrains)
    counts = {"fetched": 1, "extracted": 1} | article_counts(saved, page.wall)
    PollStore(db).count_all(page.article.source, counts, page.at)
    return _VERDICTS[saved.verdict] if saved else RecordKind.LEFT
