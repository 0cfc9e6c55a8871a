"""Which items of a text are those of the text before it, whatever keys they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from alerts.telling.likeness import SAME_SENTENCE, word_likeness
from alerts.telling.matched_passage import TextSentences
from crawler.model import ArticleItem

_Sentences = Mapping[str, Mapping[str, str]]


def keys_before(before: TextSentences, after: TextSentences) -> dict[str, str]:
    """The key that each item had in the text before, by its present one; none if it is new.

    An item is the same if it shares a sentence or has its key. Items without an id and a headline
    get another key when their text changes, and some outlets number their items anew. Such an item
    is the same if a sentence of it is alike, and no other has its time or, in a list that was
    numbered anew, its place.
    """
    old, new = before.by_item(), after.by_item()
    same = _sharing(old, new)
    renumbered = any(now != was for now, was in same.items())
    if not renumbered:
        taken = {*same.values()}
        same |= {key: key for key in new if key in old and key not in {*same, *taken}}
    gone = [item for item in before.items if item.key not in {*same.values()}]
    came = [item for item in after.items if item.key not in same]
    pairs = _by_time(gone, came)
    if renumbered:
        pairs |= _by_place(before.items, after.items, same)
    alike = {now: was for now, was in pairs.items() if _alike(old.get(was, {}), new.get(now, {}))}
    return {"": ""} | alike | same


def _sharing(old: _Sentences, new: _Sentences) -> dict[str, str]:
    """The old keys of items that share a sentence with the new one; each is given once."""
    where = {sentence: key for key, held in old.items() if key for sentence in held}
    found = [
        (count, now == was, now, was)
        for now, sentences in new.items()
        if now
        for was, count in Counter(where[one] for one in sentences if one in where).items()
    ]
    same: dict[str, str] = {}
    for _, _, now, was in sorted(found, key=itemgetter(0, 1), reverse=True):
        if now not in same and was not in same.values():
            same[now] = was
    return same


def _by_time(gone: Sequence[ArticleItem], came: Sequence[ArticleItem]) -> dict[str, str]:
    old, new = (Counter(item.at for item in items) for items in (gone, came))
    by_time = {item.at: item.key for item in gone if item.at and old[item.at] == 1}
    return {item.key: by_time[item.at] for item in came if item.at in by_time and new[item.at] == 1}


def _by_place(
    before: Sequence[ArticleItem], after: Sequence[ArticleItem], same: Mapping[str, str]
) -> dict[str, str]:
    """Items that stand alone between the same neighbours as another did."""
    old = _runs([(item.key, item.key in {*same.values()}) for item in before])
    new = _runs([(item.key, item.key in same) for item in after])
    return {
        now: old[place]
        for (left, right), now in new.items()
        if (place := (same.get(left, ""), same.get(right, ""))) in old
    }


def _runs(items: Sequence[tuple[str, bool]]) -> dict[tuple[str, str], str]:
    """The unknown items that stand alone between two known ones, or one and an end, by these."""
    groups = [(known, [key for key, _ in group]) for known, group in groupby(items, itemgetter(1))]
    edged = [(True, [""]), *groups, (True, [""])]
    return {
        (edged[at - 1][1][-1], edged[at + 1][1][0]): keys[0]
        for at, (known, keys) in enumerate(edged)
        if not known and len(keys) == 1
    }


def _alike(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    return any(
        word_likeness(one, other) >= SAME_SENTENCE for one in old.values() for other in new.values()
    )
