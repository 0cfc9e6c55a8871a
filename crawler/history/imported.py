"""Articles in JSON lines, as exports of press databases have them, on their way to a history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

from crawler.addresses.article_key import article_key, outlet_slug
from crawler.addresses.links import web_address
from crawler.errors import PageError
from crawler.frozen import dataclass
from crawler.history.catalogue_hosts import source_of_host
from crawler.history.history_batch import HistoryBatch, HistoryFault, HistoryPage, RecordKind
from crawler.model import FeedEntry, Source, SourceKind
from crawler.pages.extract import article_from_entry
from crawler.text.dates import parse_date
from crawler.text.decoding import encoded_once
from crawler.text.language import language_of
from crawler.text.plain import one_line, paragraphs
from crawler.warc.warc_record import BEGINNING, Position

# What exports call these, the best first; all in small letters.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "hlead", "kop", "titel"),
    "lead": ("lead", "intro", "summary", "abstract", "inleiding"),
    "body": ("body", "text", "content", "fulltext", "full_text", "tekst"),
    "date": ("date", "published", "publication_date", "pub_date", "load_date", "datum"),
    "url": ("url", "link", "address", "href"),
    "outlet": ("outlet", "publication", "source", "medium", "newspaper", "krant", "bron"),
    "author": ("author", "byline", "authors", "auteur"),
    "section": ("section", "rubriek"),
    "language": ("language", "lang", "taal"),
}
MOST_LINE = 8 * 1024 * 1024  # bytes; chosen, as for a page


class _BadLineError(ValueError):
    """A line is no article; the text says why."""


@dataclass(frozen=True, slots=True, order=True)
class _Line:
    """Where a line stands, and the date of its article."""

    at: datetime
    number: int
    offset: int = field(compare=False)
    fault: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file of JSON lines, whose articles come in the order of their dates.

    `hosts` are those of the catalogue; an outlet that it does not have keeps its own name.
    """

    path: Path
    hosts: Mapping[str, Source] = field(repr=False)
    now: datetime
    start: Position = BEGINNING

    def batches(self) -> Iterator[HistoryBatch]:
        """The articles, a few at a time; the last batch says that it is done.

        Raises:
            OSError: the file cannot be read.
        """
        batch = HistoryBatch(self.start)
        with self.path.open("rb") as file:
            lines = sorted(_lines(file, self.now))
            for place, line in list(enumerate(lines))[self.start.inner :]:
                batch.add(Position(0, place), self._found(file, line))
                if batch.is_full:
                    yield batch
                    batch = HistoryBatch(batch.end)
        batch.done = True
        yield batch

    def again(self, last: HistoryBatch | None, deaths: int) -> Self | None:
        """What is left behind `last`; None if reading ends the worker again and again."""
        return replace(self, start=last.end if last else self.start) if deaths <= 1 else None

    def _found(self, file: BinaryIO, line: _Line) -> HistoryPage | HistoryFault:
        place = Position(line.offset)
        if line.fault:
            return HistoryFault(place, RecordKind.DAMAGED, line.fault, line.number)
        file.seek(line.offset)
        try:
            return self._page(_fields(file.readline()), line.at)
        except (_BadLineError, PageError) as error:
            what = error.what if isinstance(error, PageError) else error
            return HistoryFault(place, RecordKind.DAMAGED, str(what), line.number)

    def _page(self, fields: Mapping[str, str], at: datetime) -> HistoryPage:
        url = web_address(fields["url"])
        source = self._source(fields["outlet"], url)
        language = language_of("", fields["language"], source.language)
        source = replace(source, language=language)
        entry = FeedEntry(
            url=url or _own_address(source, fields, at),
            title=one_line(fields["title"]),
            lead=one_line(fields["lead"]),
            body=paragraphs(fields["body"]),
            author=one_line(fields["author"]) or None,
            section=one_line(fields["section"]) or None,
            published=at,
        )
        article = article_from_entry(entry, source, at)
        return HistoryPage(at=at, key=article_key(source.outlet, entry.url), article=article)

    def _source(self, outlet: str, url: str) -> Source:
        """The source of the catalogue with this address or name, else one with this name."""
        if url and (known := source_of_host(urlsplit(url).hostname or "", self.hosts)):
            return known
        name = outlet_slug(outlet)
        for source in self.hosts.values():
            if name and outlet_slug(source.outlet) == name:
                return source
        if not name:
            raise _BadLineError("it names no outlet, and its address is not of the catalogue")
        return Source(
            id=name[:64],
            outlet=one_line(outlet)[:200],
            kind=SourceKind.FEED,
            url=f"https://{name[:60]}.invalid/",
            every=timedelta(days=1),
        )


def first_date(path: Path, now: datetime) -> datetime:
    """The date of the oldest article in a file of JSON lines; `now` if there is none.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return min((line.at for line in _lines(file, now) if not line.fault), default=now)


def _own_address(source: Source, fields: Mapping[str, str], at: datetime) -> str:
    """An address for an article without one, by which it is known again; it leads nowhere."""
    words = f"{at.date()}\n{one_line(fields['title'])}\n{one_line(fields['body'])[:500]}"
    digest = blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()
    # RFC 2606, 2: a name under .invalid never exists.
    return f"https://import.invalid/{outlet_slug(source.outlet)}/{at:%Y/%m/%d}/{digest}"


def _lines(file: BinaryIO, now: datetime) -> Iterator[_Line]:
    """Each line that is not blank, with the date of its article, or with what is wrong with it."""
    offset = 0
    for number, (line, size) in enumerate(_cut_lines(file), 1):
        try:
            if line.strip():
                yield _Line(_date(line, size, now), number, offset)
        except _BadLineError as error:
            yield _Line(datetime.min.replace(tzinfo=now.tzinfo), number, offset, str(error))
        offset += size


def _cut_lines(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """The beginning of each line, and how many bytes it has."""
    while line := file.readline(MOST_LINE + 1):
        size, rest = len(line), line
        while not rest.endswith(b"\n") and (rest := file.readline(MOST_LINE)):
            size += len(rest)
        yield line, size


def _fields(line: bytes) -> dict[str, str]:
    """What a line says, by our names; "" for what it does not say."""
    try:
        value = json.loads(encoded_once(line.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise _BadLineError(f"it is not UTF-8 (byte {error.start + 1})") from error
    except (ValueError, RecursionError) as error:
        raise _BadLineError("it is not JSON") from error
    if not isinstance(value, dict):
        raise _BadLineError("it is not a JSON object")
    given = {str(name).strip().lower(): each for name, each in value.items()}
    found = {}
    for name, names in NAMES.items():
        there = (_text(given[each]) for each in names if each in given)
        found[name] = next(filter(None, there), "")
    if not (found["title"] or found["body"]):
        raise _BadLineError("it has neither a title nor a body")
    return found


def _text(value: Any) -> str:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()  # no lone surrogates
        case int() | float():
            return str(value)
        case list():
            return ", ".join(each for each in value if isinstance(each, str))
        case {"name": str(name)}:
            return name
        case _:
            return ""


def _date(line: bytes, size: int, now: datetime) -> datetime:
    if size > MOST_LINE:
        raise _BadLineError(f"it has more than {MOST_LINE:,} bytes")
    written = _fields(line)["date"]
    at = parse_date(written, now=now)
    if at is None:
        what = f"its date cannot be read: {written[:40]!r}"
        raise _BadLineError(what if written else "it has no date")
    return at
