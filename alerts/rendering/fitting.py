"""Makes a message fit its form: as much as fits, and a line that says what is left out.

Passages are left out first, but one of each story stays. Then stories are left to the next message.
Then the one story that remains is shortened. Its headline, rules and link always stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from alerts.rendering.clean import ELLIPSIS, cut
from alerts.rendering.phrases import Phrases
from alerts.rendering.tale import Link, PassageView, Run, Tale, View
from alerts.rendering.view import rules_text
from crawler.frozen import dataclass

Length = Callable[[str], int]
Made = TypeVar("Made")

# Characters. Chosen: a story then takes about 1,700 at the least, and the smallest form has 1,800.
_TITLE, _SOURCE, _RULES, _ADDRESS = 300, 100, 250, 900
_EDIT = 250
_QUOTE = 500
# Beside a hit. Chosen: two words, without which a hit says nothing.
_BESIDE = 15
_OUTLETS = 5


@dataclass(frozen=True, slots=True)
class Form:
    """The form that a message has to fit: whether it fits, and how long a text is in it."""

    words: Phrases
    fits: Callable[[View], bool]
    length: Length = len


def fitted(view: View, form: Form) -> View:
    """As much of the message as fits, and a line about the rest."""
    if form.fits(view):
        return view
    widest = max((min(tale.most, len(tale.passages)) for tale in view.tales), default=0)
    return (
        _most(1, widest, lambda most: _narrow(view, most), form.fits)
        or _most(
            1, len(view.tales), lambda number: _first(_narrow(view, 1), number, form), form.fits
        )
        or _shortest(view, form)
    )


def _most(
    low: int, high: int, make: Callable[[int], Made], fits: Callable[[Made], bool]
) -> Made | None:
    """What fits with the largest number from `low` to `high`; None if none fits."""
    found = None
    while low <= high:
        middle = (low + high + 1) // 2
        made = make(middle)
        if fits(made):
            found, low = made, middle + 1
        else:
            high = middle - 1
    return found


def _narrow(view: View, most: int) -> View:
    tales = tuple(replace(tale, most=min(tale.most, most)) for tale in view.tales)
    return replace(view, tales=tales)


def _first(view: View, number: int, form: Form) -> View:
    """The first stories of a message, and at its end how many others there are."""
    # A story without alerts is only shown: no other message tells it.
    beside = sum(not tale.alerts for tale in view.tales[number:])
    rest = len(view.tales) - number - beside + view.following
    words = form.words.stories_beyond if view.paper else form.words.stories_next
    more = words.of(rest) if rest > 0 else view.more
    if beside:
        told = words.of(rest) if rest > 0 else ""
        beyond = form.words.stories_beyond.of(beside + view.beyond)
        more = " ".join(filter(None, (told, beyond)))
    return replace(view, tales=view.tales[:number], more=more)


def _shortest(view: View, form: Form) -> View:
    """Only the first story, shortened until it fits; of notices, as many lines as fit."""
    first = _first(_narrow(view, 1), 1, form)
    for shorter in (_leaner, _barest):
        tales = tuple(shorter(tale, form) for tale in first.tales)
        made = replace(first, tales=tales)
        if form.fits(made):
            return made
        first = made
    lines = sum(1 + len(told) for _, told in view.notices)
    fewer = _most(1, lines, lambda most: _fewer_notices(first, most, form), form.fits)
    return fewer or _fewer_notices(first, 0, form)


def _leaner(tale: Tale, form: Form) -> Tale:
    """The story without reasons, with shortened edits and a few of its outlets."""
    return replace(
        tale,
        why="",
        passages=tuple(_shorter(line, form) for line in tale.passages),
        joined=_few(tale.joined, form.words),
        others=_few(tale.others, form.words),
    )


def _shorter(line: PassageView, form: Form) -> PassageView:
    return shortened(line, form.length, edit=_EDIT, quote=_QUOTE)


def shortened(line: PassageView, length: Length, *, edit: int, quote: int) -> PassageView:
    """The passage within these lengths: a sentence keeps all its hits, or it counts as cut."""
    if line.edit is None:
        return _quoted(line, length, quote)
    before, after = (cut(text, edit, length) for text in (line.edit.before, line.edit.after))
    short = replace(line.edit, before=before, after=after)
    return line if short == line.edit else replace(line, edit=short, cut=True)


def _quoted(line: PassageView, length: Length, limit: int) -> PassageView:
    def size(runs: Iterable[Run]) -> int:
        return length("".join(run.text for run in runs))

    if size(line.runs) <= limit:
        return line
    made = _most(
        _BESIDE, limit, lambda room: _around_hits(line.runs, room), lambda runs: size(runs) <= limit
    )
    if made is not None:
        return replace(line, runs=made)
    whole = cut("".join(run.text for run in line.runs), limit, length)
    return replace(line, runs=(Run(whole),), cut=True)


def _around_hits(runs: Sequence[Run], room: int) -> tuple[Run, ...]:
    """The runs, with at most so many characters beside a hit."""
    last = len(runs) - 1
    return tuple(
        run if run.hit else Run(_middle_out(run.text, room if at else 0, room if at < last else 0))
        for at, run in enumerate(runs)
    )


def _middle_out(text: str, head: int, tail: int) -> str:
    """The beginning and the end of a text, of at most these lengths."""
    if len(text) <= head + tail:
        return text
    return text[:head] + ELLIPSIS + text[len(text) - tail :]


def _few(links: tuple[Link, ...], words: Phrases) -> tuple[Link, ...]:
    rest = len(links) - _OUTLETS
    return (*links[:_OUTLETS], Link(words.more.format(rest), "")) if rest > 0 else links


def _barest(tale: Tale, form: Form) -> Tale:
    """The story with only its headline, source, rules and link."""
    url = tale.link.url
    too_long = form.length(url) > _ADDRESS
    return replace(
        tale,
        title=cut(tale.title, _TITLE, form.length),
        source=cut(tale.source, _SOURCE, form.length),
        link=Link(tale.link.name, "") if too_long else tale.link,
        unlinked=form.words.long_address if too_long else tale.unlinked,
        relation=(),
        notes=(),
        most=0,
        joined=(),
        others=(),
        rules=fitting_rules(tale.rule_names, _RULES, form) if tale.rules else "",
    )


def fitting_rules(names: Sequence[str], limit: int, form: Form) -> str:
    """As many names of rules as fit, and how many more there are; a single name may be cut."""
    for kept in range(len(names), 0, -1):
        rest = len(names) - kept
        more = [form.words.more.format(rest)] if rest else []
        text = rules_text([*names[:kept], *more], form.words)
        if form.length(text) <= limit:
            return text
    return cut(rules_text(names, form.words), limit, form.length)


def _fewer_notices(view: View, most: int, form: Form) -> View:
    """The first lines of all notices, and how many others there are."""
    kept: list[tuple[str, tuple[str, ...]]] = []
    room = most
    for subject, lines in view.notices:
        if room < 1:
            break
        short = [cut(text, _TITLE, form.length) for text in (subject, *lines)][:room]
        kept.append((short[0], tuple(short[1:])))
        room -= len(short)
    rest = sum(1 + len(lines) for _, lines in view.notices) - (most - room)
    more = form.words.more.format(rest) if rest else ""
    return replace(view, notices=tuple(kept), more=" ".join(filter(None, (view.more, more))))
