"""The tables of `nieuwswacht.toml` about the work, and `sources.toml`, as types."""

from __future__ import annotations

import re
from datetime import time, timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from crawler.addresses.links import is_web_address
from crawler.addresses.proxy import DIRECT, proxy_of
from crawler.config.ranges import (
    Network,
    between,
    file_path,
    network_of,
    zone_name,
)
from crawler.config.toml import Table, TomlFile, fault, read_toml, validated
from crawler.errors import ConfigError, ConfigFaults
from crawler.faults import Fault, FileFault
from crawler.model import Fetch, Selectors, Source, SourceKind
from crawler.text.decoding import MAX_BYTES

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|y)")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "y": 366 * 86400}
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

# Ten years. Chosen: anything longer is a typing error.
LONGEST_SECONDS = 10 * 366 * 86400

# A month: copies and related stories are looked for in the texts of two weeks.
SHORTEST_KEPT = timedelta(days=30)


def duration_of(text: str) -> timedelta | None:
    """The duration that is written like `90s`, `5m`, `2h` or `1d`; None if this is no duration."""
    found = _DURATION.fullmatch(text)
    seconds = float(found[1]) * _UNITS[found[2]] if found else LONGEST_SECONDS + 1
    return timedelta(seconds=seconds) if seconds <= LONGEST_SECONDS else None


def _duration(value: object) -> object:
    found = duration_of(value) if isinstance(value, str) else None
    if found is None:
        raise fault(FileFault.NO_DURATION(value=repr(value)))
    return found


def _time_of_day(value: object) -> object:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise fault(FileFault.NO_TIME(value=repr(value)))
    return time(int(found[1]), int(found[2]))


def _kept(value: object) -> object:
    if value == "forever":
        return None
    found = duration_of(value) if isinstance(value, str) else value
    if not isinstance(found, timedelta) or found < SHORTEST_KEPT:
        raise fault(FileFault.NO_KEEPING(value=repr(value)))
    return found


def _folder(value: Path | None) -> Path | None:
    if value is not None and value.exists() and not value.is_dir():
        raise fault(FileFault.NO_FOLDER(value=repr(str(value))))
    return value


def is_identifier(text: str) -> bool:
    """Whether this can be the id of something in the configuration."""
    return _ID.fullmatch(text) is not None


def _identifier(value: str) -> str:
    if not is_identifier(value):
        raise fault(FileFault.NO_ID(value=repr(value)))
    return value


def check_address(value: str, with_password: Fault) -> None:
    """Make sure that this is a web address without a password in it.

    Raises:
        ValueError: it is not; `with_password` is the fault of one that has one.
    """
    if not is_web_address(value):
        raise fault(FileFault.NO_ADDRESS())
    if urlsplit(value).username is not None:
        raise fault(with_password)


def _web_address(value: str) -> str:
    check_address(value, FileFault.LOGIN_OF_SOURCE())
    return value


def _credentials(value: str | None) -> str | None:
    if value is not None and not (_CREDENTIALS.fullmatch(value) and value.isprintable()):
        raise fault(FileFault.NO_CREDENTIALS())
    return value


def _header_text(value: str) -> str:
    plain = value.strip() and value.isascii() and value.isprintable()
    if not plain or len(value) > _LONGEST_HEADER:
        raise fault(FileFault.NO_HEADER())
    return value


def _proxy(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        _check_proxy(value.get_secret_value())
    return value


def _proxy_of_source(value: str | None) -> str | None:
    if value is not None and value != DIRECT:
        _check_proxy(value)
    return value


def _check_proxy(value: str) -> None:
    try:
        proxy_of(value)
    except ValueError:
        raise fault(FileFault.NO_PROXY()) from None  # the value may hold a password


_LONGEST_HEADER = 500  # characters; chosen
_CREDENTIALS = re.compile(r"[^:]{1,200}:.{1,200}")  # RFC 7617, 2
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Kept = Annotated[timedelta | None, BeforeValidator(_kept)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Identifier = Annotated[str, AfterValidator(_identifier)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
FilePath = Annotated[Path, AfterValidator(file_path)]
# Chosen, as are all ranges here: what lies outside is a slip.
_PACE = between(("1s", timedelta(seconds=1)), ("30d", timedelta(days=30)))
_TIMEOUT = between(("1s", timedelta(seconds=1)), ("10m", timedelta(minutes=10)))
_DELAY = between(("0s", timedelta()), ("10m", timedelta(minutes=10)))
Pace = Annotated[Duration, AfterValidator(_PACE)]
Size = Annotated[int, Field(ge=10_000, le=100_000_000)]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class FirstRun(StrEnum):
    """What happens to the articles that a source lists when it is first polled."""

    SUMMARY = "summary"
    ALERT = "alert"
    SILENT = "silent"


class BackupSettings(Table):
    """`backup` in `[store]`: a daily copy into the folder `to`, of which `keep` are kept."""

    to: Path
    at: TimeOfDay = time(3, 30)
    keep: Annotated[int, Field(ge=1, le=1000)] = 7


class StoreSettings(Table):
    """`[store]`: where the archive is, and how long things are kept; None is for ever.

    Without a `path` it depends on how the program is installed. Paths are relative to the working
    directory of the command.
    """

    path: FilePath | None = None
    backup: BackupSettings | None = None
    keep_articles: Kept = None
    keep_entries: Kept = timedelta(days=90)
    keep_pages: Kept = timedelta(days=90)
    keep_decisions: Kept = timedelta(days=180)
    keep_attempts: Kept = timedelta(days=366)
    keep_messages: Kept = timedelta(days=366)
    keep_evidence: Kept = None


class Keep(StrEnum):
    """Of which articles the pages are kept: of those that match a rule, or of all."""

    MATCHED = "matched"
    ALL = "all"


class EvidenceSettings(Table):
    """`[evidence]`: the bytes of pages, kept in the folder `path`; nothing is without `keep`.

    Without a `path` it is `evidence` beside the database. At most `hold_mb` wait in the database
    until it is known whether they are kept. Each day that has ended is stamped by the authority at
    the address `tsa`, of which `tsa_ca` is the certificate (PEM).
    """

    keep: Keep | None = None
    path: Annotated[Path | None, AfterValidator(_folder)] = None
    hold_mb: Annotated[int, Field(ge=1, le=100_000)] = 200
    tsa: WebAddress | None = None
    tsa_ca: Annotated[Path | None, AfterValidator(lambda value: value and file_path(value))] = None

    @model_validator(mode="after")
    def _can_be_stamped(self) -> Self:
        if self.tsa and not self.tsa_ca:
            raise fault(FileFault.NO_STAMP_CERTIFICATE())
        if self.tsa and find_spec("rfc3161_client") is None:
            raise fault(FileFault.NO_STAMP_LIBRARY())
        return self


class CrawlSettings(Table):
    """`[crawl]`: how sources and pages are requested; sizes are in bytes after unpacking.

    `at_most` is the longest time between two polls of a source that has none of its own.
    """

    user_agent: Annotated[str, AfterValidator(_header_text)] = (
        "nieuwswacht (+https://example.org/contact)"
    )
    obey_robots: bool = True
    max_page_bytes: Size = 5_000_000
    max_feed_bytes: Size = MAX_BYTES
    delay: Annotated[Duration, AfterValidator(_DELAY)] = timedelta(seconds=1)
    per_host: Annotated[int, Field(ge=1, le=32)] = 2
    concurrency: Annotated[int, Field(ge=1, le=512)] = 32
    timeout: Annotated[Duration, AfterValidator(_TIMEOUT)] = timedelta(seconds=20)
    workers: Annotated[int, Field(ge=1, le=32)] = 2
    at_most: Pace | None = None


class NetworkSettings(Table):
    """`[network]`: address ranges that are reached although they are not public, and the proxy.

    With a proxy, everything else is reached through it: sources and channels.
    """

    allow: tuple[Annotated[Network, BeforeValidator(network_of)], ...] = ()
    proxy: Annotated[SecretStr | None, AfterValidator(_proxy)] = None

    @property
    def proxy_address(self) -> str:
        """The address of the proxy, with its login; "" if there is none."""
        return self.proxy.get_secret_value() if self.proxy else ""


class ScheduleSettings(Table):
    """`[schedule]`: the local time zone, and what happens to the articles of a first poll."""

    timezone: Annotated[str, AfterValidator(zone_name)] = "Europe/Amsterdam"
    first_run: FirstRun = FirstRun.SUMMARY


class DaemonSettings(Table):
    """`[daemon]`: whether `status` says that something is wrong if no daemon runs."""

    expected: bool = False


class SelectorsTable(Table):
    """`[source.selectors]`: CSS selectors of a section page."""

    item: str
    link: str = "a"
    title: str | None = None
    date: str | None = None


class SourceTable(Table):
    """`[[source]]`: one source as `sources.toml` describes it."""

    id: Identifier
    outlet: Words
    kind: SourceKind
    url: WebAddress
    every: Pace = timedelta(minutes=15)
    at_most: Pace | None = None
    fetch: Fetch = Fetch.PAGE
    language: Language = "nl"
    section: Words | None = None
    selectors: SelectorsTable | None = None
    archive: WebAddress | None = None
    confidence: Literal["A", "B", "C", "X"] | None = None
    note: str = ""
    enabled: bool = True
    auth: Annotated[str | None, AfterValidator(_credentials)] = Field(default=None, repr=False)
    proxy: Annotated[str | None, AfterValidator(_proxy_of_source)] = Field(default=None, repr=False)

    def as_source(self) -> Source:
        """The same source as the core type that the rest of the crawler uses."""
        chosen = self.selectors
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        fields["selectors"] = None if chosen is None else Selectors(**chosen.model_dump())
        return Source(**fields)


class SourcesFile(Table):
    """All of `sources.toml`."""

    source: tuple[SourceTable, ...] = ()


def load_sources(path: Path) -> list[Source]:
    """Every source of the catalogue, including those that are not enabled.

    Raises:
        ConfigFaults: with file, line, table and remedy.
    """
    file = read_toml(path)
    tables = validated(file, SourcesFile).source
    faults = repeated_ids(file, "source", [table.id for table in tables])
    for number, table in enumerate(tables):
        if table.at_most is not None and table.at_most < table.every:
            at = ("source", number, "at_most")
            faults.append(file.error(FileFault.SHORTER_THAN_EVERY(), at=at, key="at_most"))
        if table.kind is SourceKind.SECTION and table.selectors is None:
            faults.append(file.error(FileFault.SECTION_SELECTORS(), at=("source", number)))
    if faults:
        raise ConfigFaults(faults)
    return [table.as_source() for table in tables]


def repeated_ids(file: TomlFile, table: str, ids: list[str]) -> list[ConfigError]:
    """A fault for each id that occurs a second time."""
    first: dict[str, int] = {}
    faults = []
    for number, name in enumerate(ids):
        if first.setdefault(name, number) != number:
            before = file.line((table, first[name], "id"))
            fault_of_both = FileFault.ID_TWICE(id=name, line=before or 0)
            faults.append(file.error(fault_of_both, at=(table, number, "id")))
    return faults
