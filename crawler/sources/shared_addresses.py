"""Several items of a list under one address, told apart if they are several articles.

Feeds of short reports, of live blogs and of single-page sites give many items the address of one
page. Others list one article twice, with another id for the reader's session or campaign.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from urllib.parse import urlsplit

from crawler.addresses.article_key import article_key
from crawler.frozen import dataclass
from crawler.model import FeedEntry, Fetch, Source
from crawler.text.comparable import comparable

# A home page, also that of one language.
_FRONT = re.compile(r"/(?:[a-z]{2}(?:-[a-z]{2})?|home)?\?(?:(?:lang|language|taal|locale)=[\w-]+)?")

# In how many of id, title and text two articles differ. Chosen: two in one list, and all three over
# time, since an outlet may edit two of them at once.
_IN_A_LIST, _OVER_TIME = 2, 3


@dataclass(frozen=True, slots=True)
class Shared:
    """An address in a list with its entries, each of them a different article.

    `key` is the key of the address itself, `parts` are those of the entries, told apart.
    """

    key: str
    entries: tuple[FeedEntry, ...]
    parts: tuple[str, ...]

    @property
    def asked(self) -> tuple[str, str | None] | None:
        """The key, and the id if one entry has it; None if no other article can have the key."""
        guid = self.entries[0].guid if len(self.entries) == 1 else None
        if _has_site_id(self.key) or (len(self.entries) == 1 and not guid):
            return None
        return self.key, guid


def by_address(entries: Iterable[FeedEntry], source: Source) -> list[Shared]:
    """The addresses of a list, in its order; of two entries about one article the first counts."""
    groups: dict[str, list[FeedEntry]] = defaultdict(list)
    for entry in entries:
        key = article_key(source.outlet, entry.url, entry.guid)
        group = groups[key]
        if not group or not (
            _has_site_id(key) or any(_differing(entry, one) < _IN_A_LIST for one in group)
        ):
            group.append(entry)
    return [
        Shared(key, tuple(group), tuple(_key_of_part(entry, source) for entry in group))
        for key, group in groups.items()
    ]


def entries_by_key(
    addresses: Iterable[Shared],
    source: Source,
    *,
    held: Mapping[str, FeedEntry],
    known: Container[str],
) -> dict[str, FeedEntry]:
    """The entries by article key; one of several entries under an address has its `part` set.

    `held` are the entries that had a key of `Shared` before; they may be other articles. `known`
    are all keys that were listed before. An article that has had a key keeps it.
    """
    found: dict[str, FeedEntry] = {}
    for shared in addresses:
        keyed = _keyed(shared, held.get(shared.key), known)
        apart = all(entry.part for entry in keyed.values())
        if apart and source.fetch is Fetch.PAGE and not _is_front(shared.key):
            found[shared.key] = shared.entries[0]  # the page may say more than the list
        found |= keyed
    return found


def _keyed(shared: Shared, before: FeedEntry | None, known: Container[str]) -> dict[str, FeedEntry]:
    found = {}
    alone = len(shared.entries) == 1
    for entry, key in zip(shared.entries, shared.parts, strict=True):
        if before is None:
            whole = alone and not _is_front(shared.key)
        else:
            whole = _differing(entry, before) < (_OVER_TIME if alone else _IN_A_LIST)
        if whole and key not in known:
            found[shared.key] = entry
        else:
            found[key] = replace(entry, part=_part(entry))
    return found


def _has_site_id(key: str) -> bool:
    return not key.startswith(("https://", "http://"))


def _is_front(key: str) -> bool:
    """Whether the key is the address of a home page, which is not an article."""
    parts = urlsplit(key)
    return not (_has_site_id(key) or parts.fragment) and bool(
        _FRONT.fullmatch(f"{parts.path}?{parts.query}")
    )


def _key_of_part(entry: FeedEntry, source: Source) -> str:
    return article_key(source.outlet, entry.url, entry.guid, part=_part(entry))


def _part(entry: FeedEntry) -> str:
    """What tells an entry from others under its address: of its fields, one that changes least."""
    name = _id(entry) or urlsplit(entry.url).fragment or entry.title or entry.body or entry.lead
    return blake2b(name.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _differing(one: FeedEntry, other: FeedEntry) -> int:
    """In how many of id, title and text two entries differ.

    If both lack a title, their texts count twice, and the other way round.
    """
    ids = _id(one), _id(other)
    if ids[0] and ids[0] == ids[1]:
        return 0
    title, text = _differ(one.title, other.title), _differ(_text(one), _text(other))
    return all(ids) + bool(text if title is None else title) + bool(title if text is None else text)


def _id(entry: FeedEntry) -> str:
    """The id of an entry; "" if it is its address, which others have too."""
    return "" if entry.guid is None or entry.guid == entry.url else entry.guid


def _differ(one: str, other: str) -> bool | None:
    """Whether two texts differ; None if there is none."""
    return comparable(one) != comparable(other) if one or other else None


def _text(entry: FeedEntry) -> str:
    return entry.body or entry.lead
