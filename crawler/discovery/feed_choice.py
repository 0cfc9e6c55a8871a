"""Which of the feeds of a site is the one with its news, and what the outlet is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from enum import IntEnum
from urllib.parse import urlsplit

from crawler.discovery.look import ListLook, Look
from crawler.frozen import dataclass
from crawler.model import SourceKind


class FeedRole(IntEnum):
    """What a feed is for, as its name says; the most likely to have the news comes first."""

    NEWS = 0
    UNKNOWN = 1
    SECTION = 2
    RECORDINGS = 3
    COMMENTS = 4


_COMMENTS = re.compile(r"\b(?:reacties?\w*|comments?|kommentare?|commentaires?)\b", re.IGNORECASE)
_RECORDINGS = re.compile(r"\b(?:podcasts?|audio|video'?s?|afleveringen|radio|tv)\b", re.IGNORECASE)
_NEWS = re.compile(
    r"\b(?:nieuws|news|voorpagina|algemeen|home(?:page)?|net binnen|laatste|alles|all(?:e)?)\b",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"\b(?:sport|voetbal|economie|cultuur|wetenschap|politiek|binnenland|buitenland|regio\w*|opinie"
    r"|columns?|lifestyle|tech|showbizz?|muziek|film|weer|verkeer|recepten|reizen|koken|auto"
    r"|blogs?|vacatures|agenda|categor\w*|tag|auteur|author|zoek\w*|search)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:rss|atom|json|feeds?|xml|het|laatste|meest|recente?|actueel|overzicht|\W|\d)*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:[|»«\u203a:·•\u2014\u2013]|\s[-/])\s+|\s+[|»«\u203a·•\u2014\u2013-]\s*"
)


_MAX_NAME = 60  # characters; chosen: a name stands in lists and in each message
_STOPPED = timedelta(weeks=2)  # chosen: a site's own news is never that quiet


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """The look at the feed with the news; without one, people have to choose one of `among`."""

    look: ListLook | None
    among: tuple[ListLook, ...] = ()


def role_of(title: str, url: str) -> FeedRole:
    """What a feed is for, by its name and its address."""
    words = f"{title} {re.sub('[/_.=&?-]+', ' ', urlsplit(url).path)}"
    for pattern, role in (
        (_COMMENTS, FeedRole.COMMENTS),
        (_RECORDINGS, FeedRole.RECORDINGS),
        (_SECTION, FeedRole.SECTION),
        (_NEWS, FeedRole.NEWS),
    ):
        if pattern.search(words):
            return role
    return FeedRole.UNKNOWN


def choice_of(looks: Sequence[Look]) -> FeedChoice:
    """The news among the lists that could be read: feeds before sitemaps, by name and by content.

    If nothing says which of several has the news, or a site shows comments or recordings only, the
    choice is open: they are in `among`, and people have to choose.
    """
    lists = [look for look in looks if isinstance(look, ListLook)]
    readable = _different([look for look in lists if look.entries])
    feeds = [look for look in readable if look.source.kind is SourceKind.FEED]
    if not (found := feeds or readable):
        return FeedChoice(None)
    roles = {look.answered.url: _role(look) for look in found}
    best = min(roles.values())
    likely = _lively([look for look in found if roles[look.answered.url] == best])
    if best >= FeedRole.RECORDINGS and len(looks) > 1:  # more than the address that was given
        return FeedChoice(None, tuple(likely))
    if len(likely) == 1 or not feeds:
        return FeedChoice(likely[0])
    widest = max(likely, key=lambda look: len(_addresses(look)))
    if all(
        2 * len(_addresses(look) & _addresses(widest)) > len(_addresses(look)) for look in likely
    ):
        return FeedChoice(widest)
    return FeedChoice(None, tuple(likely))


def outlet_name(look: ListLook) -> str:
    """The name of the outlet, from its site or else from its list; "" if neither has it."""
    host = urlsplit(look.source.url).netloc.lower().removeprefix("www.")
    if look.source.outlet.lower() not in {host, host.partition(":")[0]}:
        return look.source.outlet
    parts = [part.strip() for part in _BETWEEN.split(look.title)]
    names = [part for part in parts if not (_NO_NAME.fullmatch(part) or is_address(part))]
    own = [part for part in names if not _SECTION.fullmatch(part) and not _NEWS.fullmatch(part)]
    return next(iter(own or names), "")[:_MAX_NAME]


def is_address(name: str) -> bool:
    """Whether this is no name but an address; an outlet may well be called NU.nl."""
    return "://" in name or name.lower().startswith("www.")


def _role(look: ListLook) -> FeedRole:
    said = role_of(f"{look.source.note} {look.title}", look.source.url)
    about = sum(entry.title.lower().startswith(_OF_COMMENTS) for entry in look.entries)
    return FeedRole.COMMENTS if 2 * about > len(look.entries) else said


_OF_COMMENTS = ("reactie op", "reactie van", "comment on", "re:", "door:", "by:")


def _lively(looks: list[ListLook]) -> list[ListLook]:
    """The looks without those that stopped weeks before the others."""
    newest = max((look.newest for look in looks if look.newest), default=None)
    return [
        look for look in looks if not (newest and look.newest and newest - look.newest > _STOPPED)
    ]


def _different(looks: Sequence[ListLook]) -> list[ListLook]:
    """The looks without those that list the same as an earlier one, perhaps in another format."""
    kept: list[ListLook] = []
    for look in looks:
        if all(_addresses(look) != _addresses(other) for other in kept):
            kept.append(look)
    return kept


def _addresses(look: ListLook) -> frozenset[str]:
    return frozenset(entry.url for entry in look.entries)
