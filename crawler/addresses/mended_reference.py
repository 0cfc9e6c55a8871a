"""References of feeds that lack a part of an address, or have one twice, as they are meant."""

from __future__ import annotations

import re
from urllib.parse import unquote

_HOST = re.compile(
    r"(?:[a-z0-9-]+\.)+(?!(?:html?|php|aspx?|jsp|xml|rss|json)\b)[a-z]{2,24}(?=/|$)", re.IGNORECASE
)
_BEHIND_WORDS = re.compile(r"^[^/?#]*\s(?=https?://)", re.IGNORECASE)
_TWICE = re.compile(r"^(?:https?:/*)?[\w.:-]*(?=https?:?//)", re.IGNORECASE)
_SLASHES = re.compile(r"^(https?)[:;]?/+(?=[\w-]+\.[\w-])", re.IGNORECASE)
_NO_HOST = re.compile(r"^https?:/{2,}(?=/)", re.IGNORECASE)
_ESCAPED = re.compile(r"^https?%3a(?:/|%2f)", re.IGNORECASE)
# Of programs that read feeds, or with a letter too few, too many or twice.
_OTHER_SCHEME = re.compile(
    r"^(?:feed|rss|itpc|pcast|podcast|webcal|url|h{1,2}t{1,3}ps?|t{1,2}ps?|hpp?ts?)?"
    r"[:;]/{2,}(?=[\w-]+\.[\w-])",
    re.IGNORECASE,
)
_FEED_OF_PATH = re.compile(r"^feed:(?=/[^/])", re.IGNORECASE)
_MANY_SLASHES = re.compile(r"^/{3,}(?=(?:[\w-]+\.)+[a-z]{2,24}(?:/|$))", re.IGNORECASE)
_NOT_A_HOST = re.compile(r"^/{2,}(?=([^/.:?#\[\]]*)(?:[/?#]|$))")


def mended_reference(reference: str, base: str) -> str:
    """The reference that a bare one means, to be joined to `base`.

    One with another scheme of feeds (`feed://host/a`) has that of `base`.
    """
    href = unquote(reference) if _ESCAPED.match(reference) else reference
    href = _BEHIND_WORDS.sub("", href)
    href = _NO_HOST.sub("", _SLASHES.sub(r"\1://", _TWICE.sub("", href)))
    if href[:4].lower() != "http" or "://" not in href[:8]:
        href = _relative(href, base)
    return href


def _relative(href: str, base: str) -> str:
    scheme = base.partition(":")[0] or "https"
    href = _FEED_OF_PATH.sub("", _OTHER_SCHEME.sub(f"{scheme}://", href))
    href = _MANY_SLASHES.sub("//", href)
    if (host := _NOT_A_HOST.match(href)) and f"//{host[1]}/" not in base:
        href = f"/{href[host.end() :]}"
    found = _HOST.match(href)
    if found and (found[0][:4] == "www." or not base or f"//{found[0]}/" in base):
        href = f"{scheme}://{href}"
    return href
