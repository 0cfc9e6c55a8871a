"""What in a text is new to one receiver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from alerts.telling.edits import Changed
from alerts.telling.likeness import is_alike, says_all
from alerts.telling.matched_passage import MatchedPassage
from alerts.telling.reading import ReadText
from alerts.telling.wordings import KnownPassage, has_come_back, heard_last
from crawler.frozen import dataclass

# Chosen: at most this many of the latest passages from other articles are compared word by word.
_MOST_COMPARED = 400

Known = Mapping[str, KnownPassage]


@dataclass(frozen=True, slots=True)
class ReceiverNews:
    """What a text means to one receiver.

    `new` is told now, each passage with the rules for which it is new. `lost` was told and has no
    hit any more. `older` are passages that were there before the rule or the receiver. `named` is
    the headline of a copy.

    `returned` are earlier wordings that have come back, `gone` is what was taken out, and `denied`
    are headlines that a later one contradicts. They are told only after a second reading. `lines`
    has the line of each wording that changed. `follows` says that the receiver has heard of the
    story before.
    """

    new: tuple[MatchedPassage, ...] = ()
    lost: tuple[Changed, ...] = ()
    older: tuple[MatchedPassage, ...] = ()
    named: tuple[MatchedPassage, ...] = ()
    returned: tuple[MatchedPassage, ...] = ()
    gone: tuple[Changed, ...] = ()
    denied: tuple[Changed, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    follows: bool = False

    @property
    def rules(self) -> frozenset[str]:
        """The rules of what is told now."""
        found = [one.rules for one in self.new] + [one.rules for one in self.lost]
        return frozenset().union(*found)

    @property
    def rules_read_once(self) -> frozenset[str]:
        """The rules of what is told only after a second reading."""
        found = [one.rules for one in self.returned]
        found += [one.rules for one in (*self.gone, *self.denied)]
        return frozenset().union(*found)


def news_for(text: ReadText, known: Known, rules: Iterable[str]) -> ReceiverNews:
    """What in this text is new to a receiver of these rules.

    A passage is new if it is not in the text before, and was not told in its story.
    """
    wanted = frozenset(rules)
    others = [one for one in known.values() if one.article != text.article and one.is_heard]
    others = others[-_MOST_COMPARED:]
    new: list[MatchedPassage] = []
    returned: list[MatchedPassage] = []
    older: list[MatchedPassage] = []
    held = 0
    for passage in text.passages.values():
        mine = replace(passage, rules=passage.rules & wanted)
        if not mine.rules:
            continue
        row = known.get(mine.key)
        fresh = mine.rules - text.before.get(mine.key, frozenset())
        if (row and row.is_heard) or _stands_in(mine, others):
            held += 1
            if mine.key in text.came and has_come_back(known, mine):
                returned.append(mine)
        elif fresh:
            new.append(replace(mine, rules=fresh))
        elif row is None and not _is_part_of(mine, text.article, known):
            older.append(mine)
    new, named = _without_own_headline(text, known, new, held)
    lost = list(_lost(text, text.lost, known, wanted))
    return ReceiverNews(
        new=tuple(new),
        lost=tuple(one for one in lost if one.new),
        older=tuple(older),
        named=tuple(named),
        returned=tuple(returned),
        gone=tuple(one for one in lost if not one.new),
        denied=tuple(_lost(text, text.denied, known, wanted)),
        lines={key: _line(known, change.old_key) for key, change in text.changed.items()},
        follows=any(one.is_heard for one in known.values()),
    )


def _stands_in(passage: MatchedPassage, others: Iterable[KnownPassage]) -> bool:
    return any(is_alike(passage.text, passage.hits, one.text, one.hits) for one in others)


def _is_part_of(passage: MatchedPassage, article: str, known: Known) -> bool:
    """Whether a sentence of this article that was told says all of it, as before it was split."""
    return any(
        one.is_heard and one.article == article and says_all(one.text, passage.text)
        for one in known.values()
    )


def _line(known: Known, key: str) -> str:
    return known[key].line if key in known else key


def _without_own_headline(
    text: ReadText, known: Known, new: list[MatchedPassage], held: int
) -> tuple[list[MatchedPassage], list[MatchedPassage]]:
    """The new and the named passages; a copy with only a new headline starts no message.

    A copy stays one when it gets another headline: it has brought nothing else that was told.
    """
    began = next((one.article for one in known.values() if one.is_heard), "") == text.article
    brought = began or any(
        one.article == text.article and one.is_heard and one.field != "title"
        for one in known.values()
    )
    if brought or not held or any(one.field != "title" for one in new):
        return new, []
    return [], new


def _lost(
    text: ReadText, changes: Iterable[Changed], known: Known, wanted: frozenset[str]
) -> Iterator[Changed]:
    """Yield what is lost, in the wording that this receiver heard last, if it heard any.

    A copy takes nothing back, so only passages that this article brought count.
    """
    for one in changes:
        last = heard_last(known, _line(known, one.old_key))
        if last and not last.gone and last.article == text.article and one.rules & wanted:
            yield replace(one, old=last.text, old_key=last.key, rules=one.rules & wanted)
