"""Which of the sitemaps that an index names are asked for in a poll."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from crawler.feeds.listing import ChildSitemap
from crawler.model import FeedEntry, KnownSitemap
from crawler.text.dates import AMSTERDAM

# All chosen. Requests that one poll may cost besides the index itself.
MOST_SITEMAPS = 5
MAX_DEPTH = 2  # an index may name indexes, but those may not
# A sitemap whose date is older than this is an archive, unless its contents are seen to change.
RECENT = timedelta(days=3)
# A sitemap with an old date is still read this often, because in many indexes no date ever changes.
NOW_AND_THEN = timedelta(hours=6)

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def sitemaps_to_ask(
    children: Iterable[ChildSitemap],
    known: Mapping[str, KnownSitemap],
    *,
    path: Collection[str],
    now: datetime,
) -> tuple[str, ...]:
    """The addresses of the sitemaps that are worth a request, at most `MOST_SITEMAPS`.

    Sitemaps with a new date come first. Then come those that changed lately, whatever their date
    says, and those without a date, in turn. At least one place is for one that was never requested,
    or not for a while. `path` has the address of the index and of those above it. An index that
    names itself is not followed, nor one of another site, nor one deeper than `MAX_DEPTH`.
    """
    if len(path) > MAX_DEPTH:
        return ()
    sites = {_site(address) for address in path}
    found = {
        child.url: child
        for child in children
        if child.url not in path and _site(child.url) in sites
    }
    fresh = [child for child in found.values() if _is_fresh(child, known.get(child.url), now)]
    rest = [child for child in found.values() if child not in fresh and _is_due(child, known, now)]
    fresh.sort(key=lambda child: child.modified or _LONG_AGO, reverse=True)
    fresh.sort(key=lambda child: _rank(child, known.get(child.url), now))
    rest.sort(key=lambda child: child.modified or _LONG_AGO, reverse=True)
    rest.sort(key=lambda child: _asked(child, known))
    others = rest[: max(1, MOST_SITEMAPS - len(fresh))]
    places = MOST_SITEMAPS - len(others)
    left = fresh[places - 1 :]
    turn = next((child for child in left if _waits_its_turn(child, known, now)), None)
    chosen = [*fresh[: places - 1], turn] if turn else fresh[:places]
    return tuple(child.url for child in [*chosen, *others])


def is_archive(child: ChildSitemap, now: datetime) -> bool:
    """Whether a sitemap says that nothing in it is new."""
    return child.modified is not None and child.modified < now - RECENT


def recent(entries: Iterable[FeedEntry], now: datetime) -> list[FeedEntry]:
    """The entries of an archive without those whose date is old."""
    return [entry for entry in entries if (date := _date(entry)) is None or date >= now - RECENT]


def has_news(entries: Iterable[FeedEntry], now: datetime) -> bool:
    """Whether one of the entries says that it is new: then an old date of their list is wrong."""
    return any(date >= now - RECENT for date in map(_date, entries) if date)


def _is_fresh(child: ChildSitemap, known: KnownSitemap | None, now: datetime) -> bool:
    if _changed_lately(known, now):
        return True
    if child.modified is None:
        return True
    if is_archive(child, now):
        return False
    return known is None or child.modified > known.asked - _doubt(child.modified)


def _is_due(child: ChildSitemap, known: Mapping[str, KnownSitemap], now: datetime) -> bool:
    return _asked(child, known) <= now - NOW_AND_THEN


def _changed_lately(known: KnownSitemap | None, now: datetime) -> bool:
    return known is not None and known.changed is not None and known.changed >= now - RECENT


def _rank(child: ChildSitemap, known: KnownSitemap | None, now: datetime) -> tuple[int, datetime]:
    """The rank of a sitemap: by date, or in turn without one, those that changed lately first."""
    if child.modified is not None:
        return 0, _LONG_AGO
    rank = 1 if _changed_lately(known, now) else 2
    return rank, known.asked if known else _LONG_AGO


def _waits_its_turn(child: ChildSitemap, known: Mapping[str, KnownSitemap], now: datetime) -> bool:
    """Whether nothing says that it has news, so that it would be left out for ever."""
    return child.modified is None and not _changed_lately(known.get(child.url), now)


def _asked(child: ChildSitemap, known: Mapping[str, KnownSitemap]) -> datetime:
    return known[child.url].asked if child.url in known else _LONG_AGO


def _doubt(modified: datetime) -> timedelta:
    """How much later than its date a sitemap may have changed: many give only the day."""
    midnights = (modified.astimezone(zone).time() for zone in (UTC, AMSTERDAM))
    return timedelta(days=1) if time() in midnights else timedelta(hours=1)


def _date(entry: FeedEntry) -> datetime | None:
    return entry.modified or entry.published


def _site(address: str) -> str:
    """The last two labels of the host; under `.nl` and `.be` they are the site."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return ".".join(host.split(".")[-2:])
