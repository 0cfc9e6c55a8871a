"""Histories that a test fills from web archives, and all that is in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from webarchives import Capture, packed

from alerts.store import migrations as alerts_migrations
from crawler.history import (
    FileToRead,
    HistoryFile,
    HistoryStore,
    Selection,
    begin,
    fill,
    found_files,
    history_migrations,
    outlets_by_host,
)
from crawler.model import Source, SourceKind
from crawler.parts import LocalMap, PartMap
from crawler.store import Writer, migrations, open_reader, put_in_order, rest

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def source(outlet: str, url: str, name: str = "") -> Source:
    return Source(
        id=name or outlet.lower(),
        outlet=outlet,
        kind=SourceKind.FEED,
        url=url,
        every=timedelta(minutes=5),
        section="buitenland",
    )


SOURCES = [
    source("NOS", "https://feeds.nos.nl/nosnieuwsbuitenland"),
    source("NOS", "https://nos.nl/rss", "nos-2"),
    source("VRT NWS", "https://www.vrt.be/vrtnws/nl.rss.articles.xml"),
    source("EenVandaag", "https://eenvandaag.avrotros.nl/feed/"),
]
HOSTS = outlets_by_host(SOURCES)
SELECTION = Selection(hosts=HOSTS, now=NOW)
EVERY = [migrations, alerts_migrations, history_migrations]
TABLES = (
    *("articles", "revisions", "stories", "story_articles", "related_stories", "aliases"),
    *("counters", "readings", "totals", "history_files", "history_counts", "history_faults"),
)
Named = dict[str, Sequence[Capture]]


def written(folder: Path, files: Named) -> Path:
    folder.mkdir(exist_ok=True)
    for name, captures in files.items():
        (folder / name).write_bytes(b"".join(packed(captures)))
    return folder


def part_of(each: FileToRead) -> HistoryFile:
    return HistoryFile(path=Path(each.file.path), selection=SELECTION, start=each.start)


def history_writer(db: Path) -> Writer:
    """The writer that `replay` works with."""
    return Writer(db, migrations=EVERY, closing=put_in_order, resting=rest)


def filled(
    db: Path,
    paths: Sequence[Path],
    part_map: PartMap | None = None,
    told: Callable[..., None] = lambda *_: None,
    part: Callable[[FileToRead], HistoryFile] = part_of,
) -> Path:
    with history_writer(db) as writer:
        found = found_files(paths, NOW)
        left = writer.run(partial(begin, found=found, selection={}, sources=HOSTS, now=NOW))
        fill(writer, part_map or LocalMap(0), left, part, told)
    return db


def contents(db: Path) -> dict[str, list[tuple[object, ...]]]:
    reader = open_reader(db)
    return {
        table: reader.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES
    }


def counts(db: Path) -> dict[str, int]:
    return {kind.value: n for kind, n in HistoryStore(open_reader(db)).counts().items()}
