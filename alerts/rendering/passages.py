"""What a message has to tell of a story, passage by passage, and what the next one tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from alerts.alert import Alert, Edit, Quote
from alerts.match import Priority
from alerts.message import Cause, Entry, Message
from alerts.outcome import Shown
from alerts.rendering.clean import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence with its hits, or one edit; `alerts` are the ids of those that tell it."""

    alerts: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()
    edit: Edit | None = None


def passages_of(entry: Entry) -> tuple[Passage, ...]:
    """All that the alerts of one story tell, each passage once: the newest edits, then quotes.

    A hit in the headline is none, and what the headline was comes last: the headline stands in
    every message.
    """
    held: dict[object, Passage] = {}
    for alert in reversed(entry.alerts):
        for edit in edits_of(alert):
            _hold(held, edit, Passage(alerts=(alert.id,), edit=edit))
    for alert in entry.alerts:
        for quote in quoted(alert):
            sentence = (quote.field, quote.start - quote.at, quote.context)
            _hold(held, sentence, Passage(alerts=(alert.id,), quotes=(quote,)))
    return tuple(sorted(held.values(), key=_is_of_headline))


def _is_of_headline(passage: Passage) -> bool:
    return passage.edit is not None and passage.edit.field == "title"


def _hold(held: dict[object, Passage], key: object, found: Passage) -> None:
    known = held.setdefault(key, found)
    held[key] = replace(
        known,
        alerts=tuple(dict.fromkeys((*known.alerts, *found.alerts))),
        quotes=tuple(dict.fromkeys((*known.quotes, *found.quotes))),
    )


def quoted(alert: Alert) -> Iterator[Quote]:
    """The quotes that a message shows of this alert: a correction and a copy show none."""
    if alert.change is None and not alert.event.startswith("copy:"):
        yield from (quote for quote in alert.quotes if quote.field != "title")


def edits_of(alert: Alert) -> tuple[Edit, ...]:
    """The edits that a correction tells, each on one line."""
    return tuple(
        replace(edit, before=one_line(edit.before), after=one_line(edit.after))
        for edit in (alert.change.edits if alert.change else ())
    )


def uncounted(alert: Alert) -> int:
    """How many passages this alert knows the number of, and no more."""
    if alert.change is not None:
        return alert.change.left_out
    return 0 if alert.event.startswith("copy:") else alert.unquoted


def is_urgent(entry: Entry, cause: Cause) -> bool:
    """Whether a rule of high priority is among these; what is old by now never is."""
    return any(map(_is_high, entry.alerts)) and cause is not Cause.FIRST_RUN


def _is_high(alert: Alert) -> bool:
    return alert.rule.priority is Priority.HIGH


def continuation(message: Message, shown: Sequence[Shown]) -> Message | None:
    """What the next message has to tell after this one showed so much, or nothing.

    That is each story that had no place in it, and of urgent ones the passages that had none.
    It is smaller than the message: a story of which nothing was shown but headline and link
    had all that a message can hold of it.
    """
    counted = {each.alert: each.passages for each in shown}
    entries = []
    for entry in message.entries:
        if not any(alert.id in counted for alert in entry.alerts):
            entries.append(entry)
        elif is_urgent(entry, message.cause) and (rest := _unshown(entry, counted)):
            entries.append(rest)
    return replace(message, entries=tuple(entries), notices=()) if entries else None


def _unshown(entry: Entry, counted: Mapping[str, int]) -> Entry | None:
    """The story with the passages alone that were not shown; what is shown goes first."""
    held = passages_of(entry)
    first = max(counted.get(alert.id, 0) for alert in entry.alerts)
    if not first:
        return None
    left: list[Passage] = []
    seen: dict[str, int] = dict.fromkeys(counted, 0)
    for passage in held:
        if all(seen.get(name, 0) >= counted.get(name, 0) for name in passage.alerts):
            left.append(passage)
        for name in passage.alerts:
            seen[name] = seen.get(name, 0) + 1
    if not left:
        return None
    # The urgent rules stay, or the rest would not be urgent any more.
    told = {name for passage in left for name in passage.alerts}
    alerts = (alert for alert in entry.alerts if alert.id in told or _is_high(alert))
    return replace(entry, alerts=tuple(_of(alert, left) for alert in alerts))


def _of(alert: Alert, left: Sequence[Passage]) -> Alert:
    mine = [passage for passage in left if alert.id in passage.alerts]
    told = {quote for passage in mine for quote in passage.quotes}
    edits = tuple(passage.edit for passage in mine if passage.edit)
    return replace(
        alert,
        quotes=tuple(q for q in alert.quotes if q.field == "title" or q in told),
        change=replace(alert.change, edits=edits) if alert.change else None,
    )
