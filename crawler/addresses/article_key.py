"""Which article an address is about: the key under which an outlet's article is held."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

from crawler.addresses.canonical import address_key, archived_page, canonical_address
from crawler.addresses.site_ids import site_id

_NO_WORD = re.compile(r"[^a-z0-9]+")


def article_key(outlet: str, url: str, guid: str | None = None, *, part: str = "") -> str:
    """The key of an article: `outlet:id` if the site's id is known, else what its addresses share.

    The same article gives the same key under each of its addresses. The feed's `guid` is used only
    if it is an address with the site's id and `url` has no such id. Feeds change other guids.
    `part` tells apart what a list gives under one address.
    """
    key = _whole_key(outlet, url, guid)
    return f"{key}#{part}" if part else key


@lru_cache(maxsize=512)  # as many as addresses: those of a list are asked for several times
def _whole_key(outlet: str, url: str, guid: str | None) -> str:
    address = archived_page(canonical_address(url))
    known_id = site_id(address) or site_id(canonical_address(guid or ""))
    if known_id:
        return f"{outlet_slug(outlet)}:{known_id}"
    return address_key(address) if address else ""


def outlet_slug(outlet: str) -> str:
    """An outlet's name in small ASCII letters and hyphens: `NU.nl` gives `nu-nl`."""
    plain = unicodedata.normalize("NFKD", outlet.lower()).encode("ascii", "ignore").decode("ascii")
    return _NO_WORD.sub("-", plain).strip("-")


def article_id(key: str) -> str:
    """The public id of the article with this key: `art_` and 16 hexadecimal digits."""
    return "art_" + blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()
