"""Who somebody is, and what they may do: by proxy, by password, or on this machine by its key."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from crawler.config import WebSettings
from crawler.frozen import dataclass
from monitor.web.entry.key_file import derived
from monitor.web.entry.sessions import user_in
from monitor.web.entry.tokens import TokenFile

log = logging.getLogger(__name__)

COOKIE = "nieuwswacht"
# Who anybody is who has the key or the password.
DESK = "redactie"
# What may be asked without a password, so that one can be given and a supervisor can ask.
_OPEN = ("/login", "/static/", "/healthz", "/readyz", "/favicon.ico")
# What a token is for.
_FOR_PROGRAMS = ("/api/", "/feeds/", "/metrics")


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody who may read, and perhaps change."""

    user: str = ""
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody gets nothing: a text of the page by its name, and what stands in it.

    `login` means that a password would help.
    """

    why: str
    login: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRequest:
    """What a decision needs to know of a request."""

    path: str
    peer: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    token: str = ""


class Access:
    """Decides who gets in; `key` is the one beside the archive, if there is one."""

    def __init__(self, settings: WebSettings, key: bytes | None, tokens: TokenFile) -> None:
        self._settings, self._tokens = settings, tokens
        self.with_password = settings.password_hash is not None
        self._proxied = settings.proxy_user_header
        self.by_proxy = self._proxied is not None
        secret = settings.password_hash.get_secret_value() if settings.password_hash else ""
        # A new password ends all sessions.
        self.secret = derived(key, f"session {secret}") if key else None

    def of(self, asked: EntryRequest, now: datetime) -> Admission | Refusal:
        """Whether whoever asks gets in."""
        if self._proxied:
            return self._by_proxy(asked, self._proxied)
        user = self._by_cookie(asked, now)
        if user is not None:
            return Admission(user, may_change=self._settings.write)
        if not self.with_password or asked.path.startswith(_OPEN):
            return Admission()
        if asked.path.startswith(_FOR_PROGRAMS):
            name = self._tokens.named(asked.token) if asked.token else None
            return Refusal("token") if name is None else Admission(name)
        return Refusal("password", login=True)

    def _by_proxy(self, asked: EntryRequest, header: str) -> Admission | Refusal:
        if not self._is_trusted(asked.peer):
            log.warning("page refused peer=%s: not in [web] trusted_proxies", asked.peer)
            return Refusal("proxy", values={"peer": asked.peer})
        user = asked.headers.get(header, "").strip()
        if not user:
            return Refusal("silent_proxy", values={"header": header})
        return Admission(user[:100], may_change=self._settings.write)

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._settings.trusted_proxies)

    def _by_cookie(self, asked: EntryRequest, now: datetime) -> str | None:
        cookie = asked.cookies.get(COOKIE)
        return user_in(cookie, now, self.secret) if cookie and self.secret else None
