"""Puts together the updates in JSON-LD and those in the text of their page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.model import POST_MARK
from crawler.pages.items.page_item import ItemisedText, PageItem
from crawler.text.comparable import comparable
from crawler.text.sentences import sentence_spans

_CUT = re.compile(r"\s*(?:\[?(?:\.\.\.|…)\]?)\s*$")
_CLOCK = re.compile(r"^\W*\d{1,2}[:.]\d\d(?:\s*(?:uur|u|h))?\W*$", re.IGNORECASE)
_LEADING_CLOCK = re.compile(r"^\W*\d{1,2}[:.]\d\d(?:\s*(?:uur|u|h))?(?=\W|[A-Z])\W*")
# Chosen: letters. If two texts share a sentence or paragraph this long, they are the same.
_TELLING = 30
_POSTED = re.compile(rf"^{POST_MARK}", re.MULTILINE)
_BETWEEN = "\x1f"


def united(
    blocks: Sequence[str], stated: Sequence[PageItem], shown: Sequence[PageItem]
) -> ItemisedText:
    """The items of a page, and the part of its text that belongs to no item.

    `blocks` are the paragraphs of the page, `stated` the updates in its JSON-LD, `shown` those in
    its mark-up. Each may have text that the others lack: nothing is lost, and nothing comes twice.
    The order is that of the page. Text that only JSON-LD has comes last.
    """
    items = _joined(_once(stated), _once(shown))
    rest, items = _placed(blocks, items, owned=len(shown))
    return ItemisedText("\n\n".join(rest), tuple(item for item in items if item.text))


def _once(items: Iterable[PageItem]) -> list[PageItem]:
    """The items without repetitions; many pages show a pinned item twice."""
    return list({item.key: item for item in reversed(list(items))}.values())[::-1]


def _joined(stated: Sequence[PageItem], shown: Sequence[PageItem]) -> list[PageItem]:
    """The items of the mark-up, completed from JSON-LD, and then the other items of JSON-LD."""
    items = list(shown)
    places: dict[str, int] = {}
    for at, item in enumerate(shown):
        for sign in _signs(item):
            places.setdefault(sign, at)
    for item in stated:
        place = next((places[sign] for sign in _signs(item) if sign in places), None)
        if place is None:
            items.append(item)
            continue
        held = items[place]
        items[place] = PageItem(
            name=held.name or item.name,
            title=held.title or item.title,
            at=item.at or held.at,
            paragraphs=_both(held, item),
        )
    return items


def _signs(item: PageItem) -> Iterable[str]:
    """What an item can be recognised by: its id, its headline, its paragraphs."""
    if item.name:
        yield f"#{item.name}"
    if title := comparable(item.title):
        yield title
    yield from (text for one in item.paragraphs if len(text := comparable(one)) >= _TELLING)


def _both(held: PageItem, other: PageItem) -> tuple[str, ...]:
    """The paragraphs of one item, and the sentences that only the other has.

    If one has all of the other, it is taken as it is.
    """
    mine, yours = held.paragraphs, other.paragraphs
    if not _beyond(mine, (other.text,)):
        return yours
    return (*mine, *_beyond(yours, (held.text,)))


def _beyond(paragraphs: Iterable[str], said: Iterable[str]) -> tuple[str, ...]:
    """The sentences of these paragraphs that `said` does not have."""
    known = _letters(" ".join(said))
    left: list[str] = []
    for paragraph in paragraphs:
        sentences = (paragraph[start:end] for start, end in sentence_spans(paragraph))
        new = [one for one in sentences if _letters(_CUT.sub("", one)) not in known]
        if new:
            left.append(" ".join(new))
    return tuple(left)


def _letters(text: str) -> str:
    """The text for comparison, without spaces: some lists have none after a heading."""
    return "".join(comparable(_POSTED.sub("", text).replace("\n", " ")).split())


def _placed(
    blocks: Sequence[str], items: list[PageItem], *, owned: int
) -> tuple[list[str], list[PageItem]]:
    """The blocks that belong to no item, and the items with the blocks that belong to them.

    The first `owned` items are from the mark-up and complete. Of the others, a block between those
    of two successive items belongs to the first of the two.
    """
    owners = _owners(blocks, items)
    _bridge(owners, owned)
    rest: list[str] = []
    shown: defaultdict[int, list[str]] = defaultdict(list)
    for block, owner in zip(blocks, owners, strict=True):
        if owner is not None and owner < owned:
            rest += _beyond([_LEADING_CLOCK.sub("", block)], [items[owner].text])
        elif not _CLOCK.match(block):
            (rest if owner is None else shown[owner]).append(block)
    for number, mine in shown.items():
        items[number] = _with_blocks(items[number], mine)
    return rest, items


def _owners(blocks: Sequence[str], items: Sequence[PageItem]) -> list[int | None]:
    """For each block, the item that has it, or has a sentence of it."""
    texts = [_letters(item.text) for item in items]
    whole = _BETWEEN.join(texts)
    begins = [0]
    for text in texts:
        begins.append(begins[-1] + len(text) + 1)
    known = {
        _letters(part): number
        for number, item in reversed(list(enumerate(items)))
        for part in (item.title, *item.paragraphs)
        if part
    }

    def found(text: str) -> int | None:
        at = whole.find(text)
        return None if at < 0 else bisect_right(begins, at) - 1

    def owner(block: str) -> int | None:
        letters = _letters(_LEADING_CLOCK.sub("", block))
        if letters in known:
            return known[letters]
        sentences = (_letters(block[start:end]) for start, end in sentence_spans(block))
        parts = [part for part in (letters, *sentences) if len(part) >= _TELLING]
        return next((one for part in parts if (one := found(part)) is not None), None)

    return list(map(owner, blocks))


def _bridge(owners: list[int | None], owned: int) -> None:
    """Give the blocks between two neighbouring items to the first of them."""
    last: int | None = None
    gap: list[int] = []
    for at, owner in enumerate(owners):
        if owner is None:
            gap.append(at)
            continue
        if last is not None and last >= owned and owner in {last, last + 1, last - 1}:
            for place in gap:
                owners[place] = last
        last, gap = owner, []


def _with_blocks(item: PageItem, blocks: Sequence[str]) -> PageItem:
    """The item as the page shows it, and at its end the text that only JSON-LD has."""
    title = comparable(item.title)
    shown = tuple(block for block in blocks if comparable(block) != title)
    cut = [_CUT.sub("", one) for one in item.paragraphs if _CUT.search(one)]
    more = tuple(
        one for one in _beyond(item.paragraphs, shown) if _CUT.sub("", one) not in cut or not shown
    )
    if not _beyond(shown, (item.text,)):
        return item
    return replace(item, paragraphs=(*shown, *more))
