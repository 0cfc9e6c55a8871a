"""What a revision changed: its sentences, paired with those of the text before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from statistics import median

from alerts.telling.item_keys import keys_before
from alerts.telling.likeness import (
    LONGEST_COMPARED,
    SAME_SENTENCE,
    facts_differ,
    holds_facts,
    is_denied,
    says_all,
    shared_content,
    word_likeness,
)
from alerts.telling.matched_passage import MatchedPassage, TextSentences
from crawler.frozen import dataclass
from crawler.stories import PieceKind, word_runs
from crawler.text import comparable

# Chosen: so much of the content of a sentence is left when it is put into other words.
_REWORDED = 0.6
# Chosen: a sentence that others still say, as when two were joined, has lost hardly a word.
_STILL_SAID = 0.8
# Sentences at one place in a text. Chosen: real ones are fewer, and the time to compare grows with
# their square.
_MOST_COMPARED = 100
_SIGNS = {PieceKind.KEPT: "=", PieceKind.DELETED: "-", PieceKind.INSERTED: "+"}

# Higher than any likeness: a sentence that is cut off is the same one, wherever it stands.
_CUT_OFF = 2.0

_FIELDS = ("title", "lead", "body")
# How a summary ends that a feed has cut off; some feeds put it in brackets.
_ELLIPSIS = re.compile(r"\W*(?:\.\.\.|…)\W*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A sentence in its old and its new form; `new` is empty if the sentence is gone.

    `old_key` is the key of the old form; `rules` are the rules that found it.
    """

    field: str
    old: str
    new: str
    old_key: str
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edits:
    """What became of passages: `changed` by the key of the new form, and those that are `lost`.

    `denied` are headlines without a hit now, whose successor contradicts them.
    `came` are the keys of sentences that were not in the text before. `shortened` has the old key
    of each passage that is a part of an old one: cut off, or split from it. `grows_down` says that
    new text stands below the old text, as in a report that goes on; a live blog grows at its top.
    """

    changed: Mapping[str, Changed]
    lost: Sequence[Changed]
    denied: Sequence[Changed]
    came: frozenset[str]
    shortened: Mapping[str, str]
    grows_down: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """One place where texts differ: sentences that are gone, and those that replace them, by key.

    `ends` says that no sentence of the old text that is still there comes after them.
    """

    old: dict[str, str]
    new: dict[str, str]
    ends: bool


Passages = Mapping[str, MatchedPassage]


def edits_between(
    before: TextSentences, after: TextSentences, old: Passages, new: Passages
) -> Edits:
    """How the passages of one text became those of the text after it.

    A sentence that is gone is paired with one in its place, in the same paragraph. A passage is
    lost if it has no hit any more or was taken out. It is not lost if it was a headline that was
    replaced, if it was only cut off, completed or split, if another new sentence in its place still
    says it, or if it stood at the end of a text to which something was added: then the text is a
    list that became too long. If items are known, each is compared by itself, and an item that is
    gone has left such a list.
    """
    paragraphs = Paragraphs(before, after)
    blocks = list(_text_blocks(before, after))
    headline = list(_blocks(before.placed(("title",)), after.placed(("title",))))
    changed: dict[str, Changed] = {}
    lost: list[Changed] = []
    shortened: dict[str, str] = {}
    grown = any(block.new for block in blocks)
    for whole in (*headline, *blocks):
        block, split = _without_split(whole)
        shortened |= split
        pairs = _pairs(block, old, new, paragraphs)
        for was, now in pairs.items():
            if is_cut_off(block.new[now], block.old[was]):
                shortened[now] = was
            elif now in new and not is_cut_off(block.old[was], block.new[now]):
                changed[now] = _change(new[now].field, block, was, now, old)
        if whole not in headline:
            gone = _lost(block, pairs, old, new, grown=grown)
            lost += (
                one for one in gone if not (_stands_whole(one, after) or _is_still_said(one, block))
            )
    denied = [one for block in headline for one in _denied(block, old, new)]
    came = after.placed(_FIELDS).keys() - before.placed(_FIELDS).keys()
    return Edits(changed, lost, denied, frozenset(came), shortened, _grows_down(before, after))


def contradicts(headline: str, before: str) -> bool:
    """Whether a headline takes back the one before it, and is not only another headline.

    It denies what that one says, or is the same sentence with another number, name or negation.
    """
    if is_cut_off(headline, before) or is_cut_off(before, headline):
        return False
    alike = word_likeness(before, headline) >= SAME_SENTENCE
    return is_denied(before, headline) or (alike and facts_differ(before, headline))


def _denied(block: _Block, old: Passages, new: Passages) -> Iterator[Changed]:
    for was in old.keys() & block.old.keys():
        for now in block.new.keys() - new.keys():
            if contradicts(block.new[now], block.old[was]):
                yield _change("title", block, was, now, old)


def is_cut_off(one: str, other: str) -> bool:
    """Whether the first sentence is the beginning of the other, with an ellipsis at its end."""
    start = _before_ellipsis(one)
    return bool(start) and one != other and comparable(other).startswith(start)


@lru_cache(maxsize=4096)
def _before_ellipsis(sentence: str) -> str:
    """The sentence up to an ellipsis at its end; empty if it has none."""
    whole = comparable(sentence)
    start = _ELLIPSIS.sub("", whole)
    return start if start != whole else ""


class Paragraphs:
    """Which paragraphs of two texts are the same: those that share a sentence.

    A paragraph that shares none may still be the same as another one that stands in its place.
    """

    def __init__(self, before: TextSentences, after: TextSentences) -> None:
        self._old, self._new = before.paragraphs(), after.paragraphs()
        self._one = {(self._old[key], at) for key, at in self._new.items() if key in self._old}
        self._kept_old = {old for old, _ in self._one}
        self._kept_new = {new for _, new in self._one}
        self._placed: dict[int, int] = {}

    def join(self, was: str, now: str) -> bool:
        """Whether these sentences are in the same paragraph; if unknown, they are from now on."""
        old, new = self._old.get(was), self._new.get(now)
        if old is None or new is None:
            return old is new
        if (old, new) in self._one:
            return True
        if old in self._kept_old or new in self._kept_new:
            return False
        if old not in self._placed and new in self._placed.values():
            return False
        return self._placed.setdefault(old, new) == new

    def have_only(self, was: str, now: str, block: _Block) -> bool:
        """Whether these two alone replace each other in a paragraph that is there in both texts."""
        old, new = self._old.get(was), self._new.get(now)
        if old is None or new is None or not ((old, new) in self._one or old == new == 0):
            return False
        gone = [key for key in block.old if self._old.get(key) == old]
        return gone == [was] and [key for key in block.new if self._new.get(key) == new] == [now]


def _stands_whole(lost: Changed, after: TextSentences) -> bool:
    """Whether the lost sentence was cut off, and the later text has it with its end."""
    if not _before_ellipsis(lost.old):
        return False
    return any(is_cut_off(lost.old, text) for text in after.placed(_FIELDS).values())


def _is_still_said(lost: Changed, block: _Block) -> bool:
    """Whether the lost sentence is a part of a new one in its place, as when two were joined."""
    return not lost.new and any(
        shared_content(lost.old, text) >= _STILL_SAID and holds_facts(text, lost.old)
        for text in block.new.values()
    )


def _without_split(block: _Block) -> tuple[_Block, dict[str, str]]:
    """The block without sentences that were split in two or more, and the old key of each part.

    The parts say all that the sentence said, and nothing else.
    """
    split: dict[str, str] = {}
    came = dict(islice(block.new.items(), _MOST_COMPARED))
    for was, text in islice(block.old.items(), _MOST_COMPARED):
        parts = {
            now: part
            for now, part in came.items()
            if now not in split and len(part) < len(text) and says_all(text, part)
        }
        if len(parts) > 1 and says_all(" ".join(parts.values()), text):
            split |= dict.fromkeys(parts, was)
    old = {key: text for key, text in block.old.items() if key not in split.values()}
    new = {key: text for key, text in block.new.items() if key not in split}
    return replace(block, old=old, new=new), split


def _grows_down(before: TextSentences, after: TextSentences) -> bool:
    known = before.placed(("body",))
    paragraphs = after.paragraphs()
    old, new = (
        [at for key, at in paragraphs.items() if (key in known) is there] for there in (True, False)
    )
    return bool(old and new) and median(new) > median(old)


def _pairs(block: _Block, old: Passages, new: Passages, paragraphs: Paragraphs) -> dict[str, str]:
    """The new form of each old sentence, by key, most alike first; one of both has a hit."""
    gone = sorted(block.old, key=lambda key: key not in old)[:_MOST_COMPARED]
    came = sorted(block.new, key=lambda key: key not in new)[:_MOST_COMPARED]
    scored = [
        (score, was, now)
        for was in gone
        for now in came
        if was in old or now in new
        if (score := _score(block.old[was], block.new[now]))
    ]
    pairs: dict[str, str] = {}
    for score, was, now in sorted(scored, key=itemgetter(0), reverse=True):
        if was in pairs or now in pairs.values():
            continue
        enough = score >= SAME_SENTENCE * _REWORDED or paragraphs.have_only(was, now, block)
        if score == _CUT_OFF or (enough and paragraphs.join(was, now)):
            pairs[was] = now
    return pairs


def _score(old: str, new: str) -> float:
    if is_cut_off(old, new) or is_cut_off(new, old):
        return _CUT_OFF
    likeness = word_likeness(old, new)
    # Whatever is reworded comes after what is alike.
    return likeness if likeness >= SAME_SENTENCE else SAME_SENTENCE * shared_content(old, new)


def _change(field: str, block: _Block, was: str, now: str, old: Passages) -> Changed:
    return Changed(
        field=field,
        old=block.old[was],
        new=block.new[now] if now else "",
        old_key=was,
        rules=old[was].rules if was in old else frozenset(),
    )


def _lost(
    block: _Block, pairs: Mapping[str, str], old: Passages, new: Passages, *, grown: bool
) -> Iterator[Changed]:
    for key in [key for key in old if key in block.old][:_MOST_COMPARED]:
        now = pairs.get(key, "")
        if now in new or (now and is_cut_off(block.new[now], block.old[key])):
            continue
        if now or not (block.ends and grown):
            yield _change(old[key].field, block, key, now, old)


def _text_blocks(before: TextSentences, after: TextSentences) -> Iterator[_Block]:
    """Yield the places where lead and body differ, item by item where both texts have items."""
    fields = ("lead", "body")
    held, there = before.placed(fields), after.placed(fields)
    if not (before.items and after.items):
        yield from _blocks(held, there)
        return
    old, new = before.by_item(), after.by_item()
    known_as = keys_before(before, after)
    for texts, beside in ((old, before), (new, after)):
        texts[""] = beside.placed(("lead",)) | texts.get("", {})
    for name, sentences in new.items():
        for block in _blocks(old.get(known_as.get(name, "-"), {}), sentences):
            yield replace(
                block,
                old={key: text for key, text in block.old.items() if key not in there},
                new={key: text for key, text in block.new.items() if key not in held},
                ends=block.ends and not name,
            )


def _blocks(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[_Block]:
    """Yield the places where the texts differ; a sentence that has moved is no difference."""
    keys = list(old), list(new)
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield _Block(
                {key: old[key] for key in keys[0][a:b] if key not in new},
                {key: new[key] for key in keys[1][c:d] if key not in old},
                all(key not in new for key in keys[0][b:]),
            )


def word_edits(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The two texts as one list of pieces: `("=", same)`, `("-", gone)`, `("+", new)`."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return tuple(piece for piece in (("-", " ".join(old)), ("+", " ".join(new))) if piece[1])
    return tuple((_SIGNS[kind], " ".join(run)) for kind, run in word_runs(old, new))
