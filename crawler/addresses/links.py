"""Web addresses: what counts as one, and references in feeds and pages made absolute."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.addresses.bare_reference import bare_reference, ends_plainly

MAX_CHARS = 4_096  # chosen: far longer than an article's address
_PLAIN = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:[/?#][!#-;=?-Z_a-z~\[\]@%]*)?")


def is_web_address(text: str) -> bool:
    """Whether this is an absolute http or https address as it stands, with nothing hidden in it."""
    return _names_host(text) and text.isprintable() and " " not in text


def is_home(address: str) -> bool:
    """Whether this is the address of the home page of a site."""
    parts = urlsplit(address)
    return parts.path in {"", "/"} and not parts.query and not parts.fragment


def _names_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # not a valid port or IPv6 address
        return False


def web_address(reference: str, base: str = "") -> str:
    """The absolute http or https address that is meant here, or "" if there is none.

    References are joined to `base` (RFC 3986, 5.2). `javascript:`, `data:`, `file:` and anything
    else that is no web address give "". What people and programs write around an address goes:
    quotes, brackets, mark-up, a comma, and a user and password before the host. Letters and escapes
    stay as they are written.
    """
    text = reference.strip()
    if _PLAIN.fullmatch(text) and ends_plainly(text):
        text = text.replace("&amp;", "&")  # escaped twice; no address contains it on purpose
        return text if len(text) <= MAX_CHARS else ""
    if not text or len(text) > MAX_CHARS:
        return ""
    text = bare_reference(text.replace("&amp;", "&")).replace(" ", "%20")
    if not text:
        return ""
    try:
        if (given := urlsplit(text)).scheme and not given.netloc:
            return ""
        address = urljoin(base, text)
    except ValueError:
        return ""
    sound = _names_host(address) and len(address) <= MAX_CHARS
    return without_login(address) if sound else ""


def without_login(address: str) -> str:
    """The address without the user and password that may stand before its host."""
    if "@" not in address:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
