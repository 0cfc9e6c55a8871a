"""What a message has to tell of a story, passage by passage, and what the next one tells of it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace

from alerts.alert import Alert, Edit, Quote
from alerts.match import Priority
from alerts.message import Cause, Entry, Message
from alerts.outcome import Shown
from alerts.rendering.clean import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence with its hits, or one edit; `alerts` are the ids of those that tell it.

    `key` is that of the ledger of passages. `headline` says that the headline of the message is
    this passage, so that it takes no line of its own.
    """

    key: str
    alerts: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()
    edit: Edit | None = None
    headline: bool = False


def passages_of(entry: Entry, title: str) -> tuple[Passage, ...]:
    """All that the alerts of one story tell, each passage once: the newest edits, then quotes.

    `title` is the headline that stands in the message. What it was before comes last.
    """
    held: dict[str, Passage] = {}
    for alert in reversed(entry.alerts):
        for edit in edits_of(alert):
            key = edit.passage or f"{edit.field}:{edit.before}:{edit.after}"
            _hold(held, Passage(key=key, alerts=(alert.id,), edit=edit))
    for alert in entry.alerts:
        for quote in quoted(alert):
            key = quote.passage or f"{quote.field}:{quote.start - quote.at}:{quote.context}"
            headline = quote.field == "title" and one_line(quote.context) == title
            _hold(held, Passage(key=key, alerts=(alert.id,), quotes=(quote,), headline=headline))
    return tuple(sorted(held.values(), key=_is_of_headline))


def subject_of(entry: Entry) -> Alert:
    """The alert whose article a message for people names: of several updates the newest."""
    updates = [alert for alert in entry.alerts if alert.change]
    return updates[-1] if updates else entry.alerts[0]


def title_of(alert: Alert) -> str:
    """The headline of an alert, on one line."""
    return one_line(alert.article.title) if alert.article else ""


def _is_of_headline(passage: Passage) -> bool:
    return passage.edit is not None and passage.edit.field == "title"


def _hold(held: dict[str, Passage], found: Passage) -> None:
    known = held.setdefault(found.key, found)
    held[found.key] = replace(
        known,
        alerts=tuple(dict.fromkeys((*known.alerts, *found.alerts))),
        quotes=tuple(dict.fromkeys((*known.quotes, *found.quotes))),
    )


def quoted(alert: Alert) -> Iterator[Quote]:
    """The quotes that a message shows of this alert: an update shows its edits.

    Nor does a copy as it was stored before passages were kept, which told nothing of its own.
    """
    if alert.change is None:
        copy = alert.event.startswith("copy:")
        yield from (quote for quote in alert.quotes if quote.passage or not copy)


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
    keys = {each.alert: each.keys for each in shown}
    entries = []
    for entry in message.entries:
        told = [keys[alert.id] for alert in entry.alerts if alert.id in keys]
        if not told:
            entries.append(entry)
        elif is_urgent(entry, message.cause) and (rest := _unshown(entry, set().union(*told))):
            entries.append(rest)
    return replace(message, entries=tuple(entries), notices=()) if entries else None


def _unshown(entry: Entry, shown: Container[str]) -> Entry | None:
    """The story with the passages alone that were not shown."""
    held = passages_of(entry, title_of(subject_of(entry)))
    lines = [passage for passage in held if not passage.headline]
    left = [passage for passage in lines if passage.key not in shown]
    if not left or len(left) == len(lines):
        return None
    headline = {quote for passage in held if passage.headline for quote in passage.quotes}
    # The urgent rules stay, or the rest would not be urgent any more.
    told = {name for passage in left for name in passage.alerts}
    alerts = (alert for alert in entry.alerts if alert.id in told or _is_high(alert))
    told_next = tuple(_of(alert, left, headline) for alert in alerts)
    return replace(entry, alerts=told_next, named=())


def _of(alert: Alert, left: Sequence[Passage], headline: AbstractSet[Quote]) -> Alert:
    mine = [passage for passage in left if alert.id in passage.alerts]
    told = headline | {quote for passage in mine for quote in passage.quotes}
    edits = tuple(passage.edit for passage in mine if passage.edit)
    return replace(
        alert,
        quotes=tuple(quote for quote in alert.quotes if quote in told),
        change=replace(alert.change, edits=edits) if alert.change else None,
    )
