"""Which outlet an address belongs to, by the hosts of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.addresses.site_ids import bare_host
from crawler.model import Source

# What outlets put before the host of their pages, where their lists are.
_OF_LISTS = re.compile(r"^(?:feeds?|rss|api|sitemaps?)\.(?=[^.]+\.)")


def outlets_by_host(sources: Iterable[Source], outlets: Collection[str] = ()) -> dict[str, Source]:
    """The source to which articles of a host belong: the first of its outlet in the catalogue.

    A host stands for those below it too, and is that of the outlet's lists, without `www.`,
    `feeds.`, `rss.` and the like. Sources that are not enabled count: so a host of the past is
    added. `outlets` leaves only these, all if it is empty. If two outlets share a host, it is the
    first one's.
    """
    first: dict[str, Source] = {}
    found: dict[str, Source] = {}
    for source in sources:
        host = urlsplit(source.url).netloc.rpartition("@")[2].lower()
        # What a source says of its own list does not hold for every page of its host.
        own = first.setdefault(source.outlet, replace(source, section=None, auth=None, proxy=None))
        if not outlets or source.outlet in outlets:
            found.setdefault(_OF_LISTS.sub("", bare_host(host)), own)
    return found


def source_of_host(host: str, known: Mapping[str, Source]) -> Source | None:
    """The source that stands for this host, or for the nearest one above it; None if none does."""
    rest = host
    while rest:
        if source := known.get(rest):
            return source
        rest = rest.partition(".")[2]
    return None
