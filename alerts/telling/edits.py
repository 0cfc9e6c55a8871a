"""What stood there before: a revision's sentences paired with those of the text before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median

from alerts.telling.matched_passage import MatchedPassage, TextSentences

# Below this likeness two sentences are not one edited sentence but one gone and one new.
_SAME_SENTENCE = 0.5
# Comparing costs the square of the length: what is longer is no sentence, what is more no text.
_LONGEST_COMPARED = 120
_MOST_COMPARED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A sentence in its old and its new form; `new` is empty where it is gone.

    `old_key` is the key of the old form; `rules` are those that found it.
    """

    field: str
    old: str
    new: str
    old_key: str
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edits:
    """What became of passages: `changed` by the key of the new form, and those that are `lost`.

    `grows_down` says that what was added stands after what was there, as in a story that goes on;
    a live blog grows at its top as well.
    """

    changed: Mapping[str, Changed]
    lost: Sequence[Changed]
    grows_down: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """Sentences that went, and those that came in their place, by key.

    `ends` says that nothing that still stands comes after them.
    """

    old: dict[str, str]
    new: dict[str, str]
    ends: bool


def edits_between(
    before: TextSentences,
    after: TextSentences,
    old: Mapping[str, MatchedPassage],
    new: Mapping[str, MatchedPassage],
) -> Edits:
    """How the passages of a text before became those of the text after it.

    Sentences are paired only where one stands in the place of the other, and the old one is gone.
    Lost is what has no hit any more or was cut out; not a headline that was replaced, and not what
    left the end of a text to which something was added: that left a list.
    """
    blocks = list(_blocks(before, after, ("lead", "body")))
    headline = list(_blocks(before, after, ("title",)))
    changed: dict[str, Changed] = {}
    for block in (*headline, *blocks):
        changed |= _changed(block, old, new)
    used = {one.old_key for one in changed.values()}
    grown = any(block.new for block in blocks)
    lost = [
        found
        for block in blocks
        for passage in list(old.values())[:_MOST_COMPARED]
        if passage.key in block.old and passage.key not in used
        if (found := _lost(block, passage, new, grown=grown))
    ]
    return Edits(changed, lost, _grows_down(before, after))


def _grows_down(before: TextSentences, after: TextSentences) -> bool:
    known = before.placed(("body",))
    paragraphs = after.paragraphs()
    old, new = (
        [at for key, at in paragraphs.items() if (key in known) is there] for there in (True, False)
    )
    return bool(old and new) and median(new) > median(old)


def _changed(
    block: _Block, old: Mapping[str, MatchedPassage], new: Mapping[str, MatchedPassage]
) -> dict[str, Changed]:
    found, left = {}, dict(block.old)
    for key in [key for key in block.new if key in new][:_MOST_COMPARED]:
        before = _likest(block.new[key], left)
        if before:
            rules = old[before].rules if before in old else frozenset()
            found[key] = Changed(
                field=new[key].field,
                old=left.pop(before),
                new=block.new[key],
                old_key=before,
                rules=rules,
            )
    return found


def _lost(
    block: _Block, passage: MatchedPassage, new: Mapping[str, MatchedPassage], *, grown: bool
) -> Changed | None:
    others = {key: text for key, text in block.new.items() if key not in new}
    key = _likest(passage.text, others)
    if not key and block.ends and grown:
        return None
    return Changed(
        field=passage.field,
        old=passage.text,
        new=others.get(key, ""),
        old_key=passage.key,
        rules=passage.rules,
    )


def _blocks(before: TextSentences, after: TextSentences, fields: Sequence[str]) -> Iterator[_Block]:
    """Yield the places where the texts differ; a sentence that moved is no difference."""
    old, new = before.placed(fields), after.placed(fields)
    keys = list(old), list(new)
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield _Block(
                {key: old[key] for key in keys[0][a:b] if key not in new},
                {key: new[key] for key in keys[1][c:d] if key not in old},
                all(key not in new for key in keys[0][b:]),
            )


def _likest(sentence: str, others: Mapping[str, str]) -> str:
    """The key of the sentence that looks like another form of this one, or nothing."""
    scored = [
        (_likeness(sentence, text), -at, key)
        for at, (key, text) in enumerate(list(others.items())[:_MOST_COMPARED])
    ]
    score, _, key = max(scored, default=(0.0, 0, ""))
    return key if score >= _SAME_SENTENCE else ""


def _likeness(one: str, other: str) -> float:
    words, others = one.split(), other.split()
    if max(len(words), len(others)) > _LONGEST_COMPARED:
        return 0.0
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _SAME_SENTENCE else 0.0


def word_edits(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The two texts as one run of pieces: `("=", same)`, `("-", gone)`, `("+", new)`."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _LONGEST_COMPARED:
        return tuple(piece for piece in (("-", " ".join(old)), ("+", " ".join(new))) if piece[1])
    pieces: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("=", " ".join(old[i:j])))
            continue
        if i < j:
            pieces.append(("-", " ".join(old[i:j])))
        if k < m:
            pieces.append(("+", " ".join(new[k:m])))
    return tuple(pieces)
