"""What a message tells about a story, passage by passage, and what is left for the next one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence, Set as AbstractSet
from dataclasses import replace

from alerts.alert import AlertedArticle, ArticleAlert, Edit, Quote
from alerts.match import Priority
from alerts.message import Cause, Entry, Message
from alerts.outcome import Shown
from alerts.rendering.clean import one_line
from alerts.rendering.phrases import Phrases
from crawler.frozen import dataclass
from crawler.model import Live
from crawler.stories import is_rectification


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence with its hits, or one edit; `alerts` are the ids of the alerts that tell it.

    `key` is the key in the ledger of passages. `headline` says that this passage is the headline of
    the message, so that it needs no line of its own. A new sentence of a rectification is shown
    `as_it_is`, not as news: it may say what was wrong.
    """

    key: str
    alerts: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()
    edit: Edit | None = None
    headline: bool = False
    as_it_is: bool = False


def passages_of(entry: Entry, title: str) -> tuple[Passage, ...]:
    """All that the alerts of one story tell, each passage once: the newest edits, then quotes.

    `title` is the headline of the message. Edits of headlines come last.
    """
    held: dict[str, Passage] = {}
    for alert in reversed(entry.alerts):
        for edit in edits_of(alert):
            key = edit.passage or f"{edit.field}:{edit.before}:{edit.after}"
            own = Passage(key=key, alerts=(alert.id,), edit=edit)
            if is_rectification(title) and not edit.before:
                own = replace(own, as_it_is=True, headline=edit.after == title)
            _hold(held, own)
    for alert in entry.alerts:
        for quote in quoted(alert):
            key = quote.passage or f"{quote.field}:{quote.start - quote.at}:{quote.context}"
            headline = quote.field == "title" and one_line(quote.context) == title
            _hold(held, Passage(key=key, alerts=(alert.id,), quotes=(quote,), headline=headline))
    return tuple(sorted(held.values(), key=_is_of_headline))


def notes_of(entry: Entry, article: AlertedArticle, words: Phrases) -> Iterator[str]:
    """What there is to say about the passages: whose they are, and how much of a text was read."""
    changing = [alert for alert in entry.alerts if any(edit.before for edit in alert.edits)]
    adding = [alert for alert in entry.alerts if alert.edits]
    if is_rectification(article.title):
        yield words.rectified.format(one_line(article.outlet))
    elif changing:
        yield words.correction.format(_outlets(changing))
    elif adding:
        yield words.more_at.format(_outlets(adding))
    if any(alert.late for alert in entry.alerts):
        yield words.late
    if article.live is Live.FEED:
        yield words.live_by_feed
    elif article.partial:
        yield words.partial


def _outlets(alerts: Iterable[ArticleAlert]) -> str:
    """The outlets of these alerts, those of the newest first."""
    names = (one_line(alert.article.outlet) for alert in reversed([*alerts]))
    return ", ".join(dict.fromkeys(names))


def subject_of(entry: Entry) -> ArticleAlert:
    """The alert whose article a message for people names: the newest update, or the first alert."""
    updates = [alert for alert in entry.alerts if alert.change]
    return updates[-1] if updates else entry.alerts[0]


def title_of(alert: ArticleAlert) -> str:
    """The headline of an alert, on one line."""
    return one_line(alert.article.title)


def _is_of_headline(passage: Passage) -> bool:
    return passage.edit is not None and passage.edit.field == "title"


def _hold(held: dict[str, Passage], found: Passage) -> None:
    known = held.setdefault(found.key, found)
    held[found.key] = replace(
        known,
        alerts=tuple(dict.fromkeys((*known.alerts, *found.alerts))),
        quotes=tuple(dict.fromkeys((*known.quotes, *found.quotes))),
    )


def quoted(alert: ArticleAlert) -> Iterator[Quote]:
    """The quotes that a message shows of this alert; none of an update, which shows its edits.

    A copy stored by a version without passages shows none either: it told nothing of its own.
    """
    if not alert.change:
        copy = alert.event.startswith("copy:")
        yield from (quote for quote in alert.quotes if quote.passage or not copy)


def edits_of(alert: ArticleAlert) -> tuple[Edit, ...]:
    """The edits that a correction tells, each on one line."""
    return tuple(
        replace(edit, before=one_line(edit.before), after=one_line(edit.after))
        for edit in alert.edits
    )


def uncounted(alert: ArticleAlert) -> int:
    """How many passages of this alert are only counted, so that their text is unknown."""
    if alert.change:
        return alert.change.left_out
    return 0 if alert.event.startswith("copy:") else alert.unquoted


def is_urgent(entry: Entry, cause: Cause) -> bool:
    """Whether a rule here has high priority; what had been published before is never urgent."""
    return any(map(_is_high, entry.alerts)) and not cause.is_backlog


def _is_high(alert: ArticleAlert) -> bool:
    return alert.rule.priority is Priority.HIGH


def continuation(message: Message, shown: Sequence[Shown]) -> Message | None:
    """What is left for the next message after this one has shown `shown`; None if nothing is.

    That is each story without a place in it, and of urgent stories the passages without a place. It
    always gets smaller: if only headline and link of a story were shown, no message can hold more
    of it, so that nothing of it is left. A passage that was shown in part is cut in any message.
    """
    keys = {each.alert: (*each.keys, *each.cut) for each in shown}
    entries = []
    for entry in message.entries:
        told = [keys[alert.id] for alert in entry.alerts if alert.id in keys]
        if not told:
            entries.append(entry)
        elif is_urgent(entry, message.cause) and (rest := _unshown(entry, set().union(*told))):
            entries.append(rest)
    return (
        replace(message, entries=tuple(entries), notices=(), waves=(), following=0)
        if entries
        else None
    )


def _unshown(entry: Entry, shown: Container[str]) -> Entry | None:
    """The story with only the passages that were not shown."""
    held = passages_of(entry, title_of(subject_of(entry)))
    lines = [passage for passage in held if not passage.headline]
    left = [passage for passage in lines if passage.key not in shown]
    if not left or len(left) == len(lines):
        return None
    headline = {quote for passage in held if passage.headline for quote in passage.quotes}
    # Urgent rules stay, since without them the rest would not be urgent any more.
    told = {name for passage in left for name in passage.alerts}
    alerts = (alert for alert in entry.alerts if alert.id in told or _is_high(alert))
    told_next = tuple(_of(alert, left, headline) for alert in alerts)
    named = tuple(one.id for one in entry.articles)
    return replace(entry, alerts=told_next, named=(), before=named)


def _of(alert: ArticleAlert, left: Sequence[Passage], headline: AbstractSet[Quote]) -> ArticleAlert:
    mine = [passage for passage in left if alert.id in passage.alerts]
    told = headline | {quote for passage in mine for quote in passage.quotes}
    edits = tuple(passage.edit for passage in mine if passage.edit)
    return replace(
        alert,
        quotes=tuple(quote for quote in alert.quotes if quote in told),
        change=replace(alert.change, edits=edits) if alert.change else None,
    )
