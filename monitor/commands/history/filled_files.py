"""How a history was filled: progress on the way, and what became of each record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from crawler.history import FAULTY, FilledFile, HistoryFault, HistoryStore, RecordKind, fill
from crawler.store import Connection, Writer
from monitor.context import Context

if TYPE_CHECKING:
    from crawler.history import FileToRead, FoundFile, HistoryBatch
    from crawler.parts import PartMap, WorkPart

_WORDS = {
    RecordKind.STORED: "articles stored",
    RecordKind.REVISED: "articles revised",
    RecordKind.KNOWN: "articles known as they are",
    RecordKind.OLDER: "older than the text that is held",
    RecordKind.LEFT: "less than the text that is held, or forgotten",
    RecordKind.FOREIGN: "of other hosts",
    RecordKind.OUTSIDE: "before --since or after --until",
    RecordKind.REVISIT: "same bytes as before (revisit)",
    RecordKind.OTHER: "requests and other records",
    RecordKind.STATUS: "answers without a page (redirects, 404)",
    RecordKind.WALL: "walls instead of an article",
    RecordKind.FEED: "feeds and sitemaps",
    RecordKind.NOT_HTML: "not HTML",
    RecordKind.NO_ARTICLE: "pages that are no article",
    RecordKind.OVERSIZED: "larger than 8 MiB",
    RecordKind.UNREAD: "could not be read",
    RecordKind.BAD_DATE: "with a date that cannot be right",
    RecordKind.DAMAGED: "damaged",
}
_SHOWN = 20  # faults of a file; `--json` has more


def filled(  # noqa: PLR0913, PLR0917 - what a command knows, in the order in which it learns it
    context: Context,
    writer: Writer,
    part_map: PartMap,
    files: Sequence[FileToRead],
    part_of: Callable[[FileToRead], WorkPart[HistoryBatch]],
    names: Sequence[str],
) -> bool:
    """Fill a history from these files, and show what it has of all that were named.

    Returns whether nothing in them was wrong.
    """
    with _progress(context, files) as told:
        fill(writer, part_map, files, part_of, told)
    shown = writer.run(lambda db: _shown(db, names))
    shown = {"database": str(context.database), **shown}
    if context.json:
        context.emit(shown)
    else:
        _print(context, shown)
    return not any(file["faults"] for file in shown["files"])


def _shown(db: Connection, names: Sequence[str]) -> dict[str, Any]:
    store, counts = HistoryStore(db), Counter[RecordKind]()
    files = []
    for file in store.files():
        if file.name in names:
            of_file = store.counts(file.number)
            counts.update(of_file)
            files.append(_file_as_json(file, of_file, store.faults(file.number)))
    ordered = {kind.value: counts[kind] for kind in RecordKind if kind in counts}
    return {"records": counts.total(), "counts": ordered, "files": files}


def _file_as_json(
    file: FilledFile, counts: Mapping[RecordKind, int], faults: Sequence[HistoryFault]
) -> dict[str, Any]:
    return {
        "name": file.name,
        "dated": file.dated,
        "bytes": file.size,
        "records": file.records,
        "complete": file.done,
        "counts": {kind.value: total for kind, total in counts.items()},
        "faults": [
            {
                "offset": fault.place.offset,
                "line": fault.line,
                "kind": fault.kind.value,
                "what": fault.what,
            }
            for fault in faults
        ],
    }


def _print(context: Context, shown: Mapping[str, Any]) -> None:
    from monitor.views.articles_view import safe

    said, files = context.console.print, shown["files"]
    word = "file" if len(files) == 1 else "files"
    said(f"{len(files)} {word}, {shown['records']:,} records", markup=False)
    for kind, total in shown["counts"].items():
        said(f"{total:>9,}  {_WORDS[RecordKind(kind)]}", markup=False)
    for file in files:
        # A line break in a name would begin a line that looks like one of ours.
        name = file["name"] if file["name"].isprintable() else repr(file["name"])
        for fault in file["faults"][:_SHOWN]:
            place = f"line {fault['line']}" if fault["line"] else f"byte {fault['offset']}"
            told = f"{name}, {place}: {fault['what']}"
            context.progress.print(safe(told), markup=False, style="bold red")
        if (more := sum(file["counts"].get(kind, 0) for kind in FAULTY) - _SHOWN) > 0:
            context.progress.print(safe(f"{name}: {more:,} more"), markup=False)


@contextmanager
def _progress(
    context: Context, files: Sequence[FileToRead]
) -> Iterator[Callable[[FoundFile, HistoryBatch, Counter[RecordKind]], None]]:
    """What is told of each batch, shown as a bar on the standard error of a terminal."""
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    words = TextColumn("{task.description}")
    columns = (words, BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    shown = context.progress.is_terminal and not context.quiet
    bar = Progress(*columns, console=context.progress, transient=True, disable=not shown)
    before, done, articles = 0, 0, 0
    with bar:
        task = bar.add_task("reading", total=sum(each.file.size for each in files))

        def told(file: FoundFile, batch: HistoryBatch, counts: Counter[RecordKind]) -> None:
            nonlocal before, done, articles
            articles += counts[RecordKind.STORED]
            at = before + batch.end.offset
            if batch.done:
                at = before = before + file.size
                done += 1
            said = f"{done} of {len(files)} files, {articles:,} articles"
            bar.update(task, completed=at, description=said)

        yield told


def history_writer(context: Context) -> Writer:
    """The one writer of a history; it is made if there is no file.

    Raises:
        click.UsageError: no database was named.
        StoreError: it is an archive that is no history.
    """
    from alerts.counting import keep_local_time
    from alerts.store import migrations as alerts_migrations
    from crawler.history import history_migrations, refuse_archive
    from crawler.store import migrations, put_in_order, rest

    path = context.named_database
    if path is None:
        raise click.UsageError("name the history with --db: it is an archive of its own")
    refuse_archive(path)
    return Writer(
        path,
        migrations=[migrations, alerts_migrations, history_migrations],
        opening=lambda db: keep_local_time(db, context.settings.schedule.timezone),
        closing=put_in_order,
        resting=rest,
    )
