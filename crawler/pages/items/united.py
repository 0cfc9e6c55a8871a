"""Updates as JSON-LD states them and the text of their page, made one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.pages.items.page_item import ItemisedText, PageItem
from crawler.text.comparable import comparable
from crawler.text.sentences import sentence_spans

_CUT = re.compile(r"\s*(?:\[?(?:\.\.\.|…)\]?)\s*$")
_CLOCK = re.compile(r"^\W*\d{1,2}[:.]\d\d(?:\s*(?:uur|u|h))?\W*$", re.IGNORECASE)
_LEADING_CLOCK = re.compile(r"^\W*\d{1,2}[:.]\d\d(?:\s*(?:uur|u|h))?(?=\W|[A-Z])\W*")
# Chosen: letters of a sentence or paragraph by which two texts are known to be one.
_TELLING = 30
_BETWEEN = "\x1f"


def united(
    blocks: Sequence[str], stated: Sequence[PageItem], shown: Sequence[PageItem]
) -> ItemisedText:
    """The items of a page, and what of its text belongs to none.

    `blocks` are the paragraphs of the page, `stated` its updates by JSON-LD, `shown` those in its
    mark-up. Each of the three may have what the others lack: nothing is lost, and nothing stands
    twice. The order is that of the page; what only JSON-LD has comes last.
    """
    items = _joined(_once(stated), _once(shown))
    rest, items = _placed(blocks, items, owned=len(shown))
    return ItemisedText("\n\n".join(rest), tuple(item for item in items if item.text))


def _once(items: Iterable[PageItem]) -> list[PageItem]:
    """The items without repetitions; one that is pinned stands twice on many pages."""
    return list({item.key: item for item in reversed(list(items))}.values())[::-1]


def _joined(stated: Sequence[PageItem], shown: Sequence[PageItem]) -> list[PageItem]:
    """The items of the mark-up, completed by those of JSON-LD, and then the others of these."""
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
    """What an item may be known by: its id, its headline, its paragraphs."""
    if item.name:
        yield f"#{item.name}"
    if title := comparable(item.title):
        yield title
    yield from (text for one in item.paragraphs if len(text := comparable(one)) >= _TELLING)


def _both(held: PageItem, other: PageItem) -> tuple[str, ...]:
    """The paragraphs of one, and the sentences of the other that are not among them.

    If one holds all of the other, it is taken as it is.
    """
    mine, yours = held.paragraphs, other.paragraphs
    if not _beyond(mine, (other.text,)):
        return yours
    return (*mine, *_beyond(yours, (held.text,)))


def _beyond(paragraphs: Iterable[str], said: Iterable[str]) -> tuple[str, ...]:
    """What these paragraphs say that is not said, sentence by sentence."""
    known = _letters(" ".join(said))
    left: list[str] = []
    for paragraph in paragraphs:
        sentences = (paragraph[start:end] for start, end in sentence_spans(paragraph))
        new = [one for one in sentences if _letters(_CUT.sub("", one)) not in known]
        if new:
            left.append(" ".join(new))
    return tuple(left)


def _letters(text: str) -> str:
    """The text for comparison without any space: readers of lists glue headings to sentences."""
    return "".join(comparable(text.replace("\n", " ")).split())


def _placed(
    blocks: Sequence[str], items: list[PageItem], *, owned: int
) -> tuple[list[str], list[PageItem]]:
    """The blocks that belong to no item, and the items with those that do.

    The first `owned` are complete, as the mark-up has them. A block between those of two other
    items that follow each other belongs to the first of the two.
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
    """For each block the item that says it, or a sentence of it."""
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
    """The item as its page shows it, with what only JSON-LD has at its end."""
    title = comparable(item.title)
    shown = tuple(block for block in blocks if comparable(block) != title)
    cut = [_CUT.sub("", one) for one in item.paragraphs if _CUT.search(one)]
    more = tuple(
        one for one in _beyond(item.paragraphs, shown) if _CUT.sub("", one) not in cut or not shown
    )
    if not _beyond(shown, (item.text,)):
        return item
    return replace(item, paragraphs=(*shown, *more))
