"""The address of a proxy, as people write it, taken apart."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import field
from urllib.parse import unquote, urlsplit

from crawler.frozen import dataclass

DIRECT = "direct"  # what a source says that is asked without the proxy of the others
_NO_PROXY = "no address of a proxy"
_USUAL_PORT = 80  # of http://, as every program takes it


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy; the login, `user:password` or nothing, is in no text about it."""

    host: str
    port: int
    login: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """Where it is, without the login."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def authorization(self) -> str:
        """The value of `Proxy-Authorization` (RFC 7617); "" without a login."""
        packed = b64encode(self.login.encode()).decode("ascii")
        return f"Basic {packed}" if self.login else ""


def proxy_of(text: str) -> Proxy:
    """The proxy at an address like `http://user:password@proxy.example.org:3128`.

    Raises:
        ValueError: this is no such address; the text does not repeat it.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(_NO_PROXY) from None
    plain = text.isascii() and text.isprintable() and " " not in text
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    if parts.scheme != "http" or not host or port == 0 or not plain or not bare:
        raise ValueError(_NO_PROXY)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(host, port or _USUAL_PORT, f"{user}:{password}" if user else "")
