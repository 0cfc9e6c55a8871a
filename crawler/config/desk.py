"""All of `nieuwswacht.toml` as types, with the tables about the page and about being watched."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from crawler.config.files import (
    CrawlSettings,
    DaemonSettings,
    Duration,
    EvidenceSettings,
    NetworkSettings,
    ScheduleSettings,
    StoreSettings,
    check_address,
)
from crawler.config.ranges import Network, file_path, network_of
from crawler.config.toml import Table, fault, read_toml, validated
from crawler.faults import FileFault


def listen_address(text: str) -> tuple[str, int] | None:
    """The host and port of `HOST:PORT`, where an IPv6 address is in brackets; None if empty.

    Raises:
        ValueError: it is written in another way, or there is no such port.
    """
    if not text:
        return None
    found = _LISTEN.fullmatch(text)
    if found is None or not 0 <= int(found["port"]) <= _LAST_PORT:
        raise ValueError(text)
    return found["six"] or found["host"], int(found["port"])


def _listening(value: str) -> str:
    try:
        listen_address(value)
    except ValueError:
        raise fault(FileFault.NO_LISTENING(value=repr(value))) from None
    return value


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on this host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _password_hash(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not _HASH.fullmatch(value.get_secret_value()):
        raise fault(FileFault.NO_HASH())
    return value


def _base_url(value: str | None) -> str | None:
    if value is not None:
        check_address(value, FileFault.LOGIN_OF_PAGE())
    return value


def _ping_address(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        check_address(value.get_secret_value(), FileFault.LOGIN_OF_PING())
    return value


def _log_part(value: str) -> str:
    if value.partition(".")[0] not in _LOG_PARTS:
        *parts, last = _LOG_PARTS
        raise fault(FileFault.NO_PART(value=repr(value), parts=", ".join(parts), last=last))
    return value


def _pinging_floor(value: timedelta) -> timedelta:
    if value < timedelta(seconds=10):
        raise fault(FileFault.TOO_OFTEN())
    return value


_LISTEN = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>\d{1,5})")
_HASH = re.compile(r"scrypt:\d{1,8}:\d{1,2}:\d{1,2}:[A-Za-z0-9_-]{22}==:[A-Za-z0-9_-]{43}=")
_LAST_PORT = 65_535
_LOG_PARTS = ("crawler", "alerts", "monitor", "scrapy", "twisted", "apscheduler", "uvicorn")
LogLevel = Literal["debug", "info", "warning", "error"]


class WebSettings(Table):
    """`[web]`: where the page is served (nowhere if `listen` is empty), and who gets in.

    On any address but this machine's own, a password or a proxy that knows its users is needed.
    """

    listen: Annotated[str, AfterValidator(_listening)] = "127.0.0.1:8087"
    hosts: tuple[str, ...] = ()
    password_hash: Annotated[SecretStr | None, AfterValidator(_password_hash)] = None
    proxy_user_header: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9-]{1,60}$")] = None
    trusted_proxies: tuple[Annotated[Network, BeforeValidator(network_of)], ...] = ()
    base_url: Annotated[str | None, AfterValidator(_base_url)] = None
    write: bool = True
    language: Literal["nl", "en"] = "nl"

    @model_validator(mode="after")
    def _let_nobody_in_unseen(self) -> Self:
        if (self.proxy_user_header is None) != (not self.trusted_proxies):
            raise fault(FileFault.HALF_PROXY())
        known = self.password_hash or self.proxy_user_header
        if self.address and not known and not is_loopback(self.address[0]):
            raise fault(FileFault.OPEN_PAGE())
        return self

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port; port 0 lets the system choose one. None if no page is served."""
        return listen_address(self.listen)


class HealthSettings(Table):
    """`[health]`: when this machine is not ready, and who hears each `every` that all is well."""

    min_free_bytes: Annotated[int, Field(ge=0, le=10**15)] = 200_000_000
    ping: Annotated[SecretStr | None, AfterValidator(_ping_address)] = None
    every: Annotated[Duration, AfterValidator(_pinging_floor)] = timedelta(minutes=5)


def _log_file(value: Path | None) -> Path | None:
    return value and file_path(value)


class LogSettings(Table):
    """`[log]`: how much each part says, and a file for the log beside standard error.

    A new file begins when one has `max_bytes`; `keep` old ones stay.
    """

    levels: dict[Annotated[str, AfterValidator(_log_part)], LogLevel] = Field(default_factory=dict)
    file: Annotated[Path | None, AfterValidator(_log_file)] = None
    max_bytes: Annotated[int, Field(ge=10_000, le=10**12)] = 10_000_000
    keep: Annotated[int, Field(ge=1, le=100)] = 5


class Settings(Table):
    """All of `nieuwswacht.toml`, with a default for everything that is left out."""

    store: StoreSettings = Field(default_factory=StoreSettings)
    crawl: CrawlSettings = Field(default_factory=CrawlSettings)
    network: NetworkSettings = Field(default_factory=NetworkSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    daemon: DaemonSettings = Field(default_factory=DaemonSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    health: HealthSettings = Field(default_factory=HealthSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    evidence: EvidenceSettings = Field(default_factory=EvidenceSettings)


def load_settings(path: Path) -> Settings:
    """The settings in this file; the defaults if there is no file.

    Raises:
        ConfigFaults: with file, line, table and remedy.
    """
    # A link that leads nowhere is no file that somebody left out.
    there = path.exists() or path.is_symlink()
    return validated(read_toml(path), Settings) if there else Settings()
