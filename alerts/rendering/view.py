"""A message as a reader sees it, before any channel gives it a form of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from alerts.alert import Alert, AlertedArticle, ArticleRef, Edit, EventKind, Quote
from alerts.match import Priority
from alerts.message import Cause, Entry, Message
from alerts.rendering.clean import cut, one_line
from alerts.rendering.phrases import Phrases, clock_text, phrases_of
from crawler.addresses import is_web_address
from crawler.text import LONGEST_QUOTE, joined_spans

MOST_QUOTES = 3
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Style:
    """Whose words and whose clock a channel uses."""

    language: str
    zone: ZoneInfo

    @property
    def words(self) -> Phrases:
        """The words."""
        return phrases_of(self.language)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a quote; `hit` says that it is to be highlighted."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its name; `url` is empty where it may not be followed."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """One story of a message, all text on one line each and harmless.

    `edits` is what a correction changed, each with its heading; `joined` are the outlets that
    this message adds, `others` those that were there.
    """

    title: str
    source: str
    link: Link
    urgent: bool = False
    notes: tuple[str, ...] = ()
    quotes: tuple[tuple[Run, ...], ...] = ()
    edits: tuple[tuple[str, Edit], ...] = ()
    joined: tuple[Link, ...] = ()
    others: tuple[Link, ...] = ()
    rules: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A message for readers: `subject` for a headline or a notification, then its parts."""

    subject: str
    intro: str = ""
    tales: tuple[Tale, ...] = ()
    notices: tuple[tuple[str, tuple[str, ...]], ...] = ()


def view_of(message: Message, style: Style) -> View:
    """What a reader gets to see of this message."""
    tales = tuple(tale_of(entry, style) for entry in message.entries)
    if message.cause is Cause.FIRST_RUN:
        # What was published long before anybody could be told is not urgent any more.
        tales = tuple(replace(tale, urgent=False) for tale in tales)
    notices = tuple(
        (one_line(notice.subject), tuple(map(one_line, notice.lines))) for notice in message.notices
    )
    return View(
        subject=_subject(message, tales, notices, style.words) or style.words.footer,
        intro=_intro(message, style.words),
        tales=tales,
        notices=notices,
    )


def _subject(
    message: Message,
    tales: Sequence[Tale],
    notices: Sequence[tuple[str, tuple[str, ...]]],
    words: Phrases,
) -> str:
    if message.kind is EventKind.DIGEST:
        return _intro(message, words)
    if notices:
        more = f" ({words.more.format(len(notices) - 1)})" if len(notices) > 1 else ""
        return notices[0][0] + more
    if not tales:
        return ""
    title = tales[0].title
    if message.kind is EventKind.UPDATE:
        return words.update.format(title)
    return f"{words.urgent}: {title}" if tales[0].urgent else title


def _intro(message: Message, words: Phrases) -> str:
    if message.kind is not EventKind.DIGEST:
        return ""
    text = {Cause.CATCH_UP: words.catch_up, Cause.FIRST_RUN: words.first_run}
    return text.get(message.cause, words.digest).of(len(message.entries))


def tale_of(entry: Entry, style: Style) -> Tale:
    """One story as a reader sees it."""
    words = style.words
    corrections = [alert for alert in entry.alerts if alert.change]
    copies = [alert for alert in entry.alerts if alert.event.startswith("copy:")]
    update = bool(corrections or copies)
    subject = (corrections or entry.alerts)[0]
    article = subject.article
    assert article is not None
    joined = _links(alert.article for alert in copies if not corrections or alert is not subject)
    names = {one_line(article.outlet), *(link.name for link in joined)}
    return Tale(
        title=one_line(article.title) or one_line(article.url),
        source=words.article.format(
            outlet=one_line(article.outlet), time=clock_text(article.published, style.zone, words)
        ),
        link=Link(words.read_at.format(one_line(article.outlet)), _harmless(article.url)),
        urgent=any(alert.rule.priority is Priority.HIGH for alert in entry.alerts),
        notes=tuple(_notes(entry.alerts, article, words)),
        quotes=() if update else tuple(_quotes(entry.alerts)) or _lead(article),
        edits=tuple(_edits(corrections, words)),
        joined=joined,
        others=tuple(link for link in _links(entry.articles) if link.name not in names),
        rules=_rules(entry.alerts, words),
        why=_why(entry.alerts, words),
    )


def _notes(alerts: Iterable[Alert], article: AlertedArticle, words: Phrases) -> Iterator[str]:
    if any(alert.change for alert in alerts):
        yield words.correction.format(one_line(article.outlet))
    if any(alert.late for alert in alerts):
        yield words.late
    if article.partial:
        yield words.partial


def _links(articles: Iterable[AlertedArticle | ArticleRef | None]) -> tuple[Link, ...]:
    """One link an outlet, in order."""
    links: dict[str, Link] = {}
    for article in articles:
        if article and (name := one_line(article.outlet)):
            links.setdefault(name, Link(name, _harmless(article.url)))
    return tuple(links.values())


def _quotes(alerts: Iterable[Alert]) -> Iterator[tuple[Run, ...]]:
    """Yield the first sentences of lead and body with their hits marked.

    A reader has the headline before the eyes already.
    """
    quotes = [quote for alert in alerts for quote in alert.quotes]
    chosen = [quote for quote in quotes if quote.field != "title"]
    by_sentence: dict[tuple[str, int, str], list[Quote]] = {}
    for quote in chosen:
        key = (quote.field, quote.start - quote.at, quote.context)
        by_sentence.setdefault(key, []).append(quote)
    for (_, _, context), hits in list(by_sentence.items())[:MOST_QUOTES]:
        yield tuple(_runs(context, hits))


def _lead(article: AlertedArticle) -> tuple[tuple[Run, ...], ...]:
    """The lead where only the headline has hits: people want to know what it is about."""
    lead = one_line(article.lead)
    return ((Run(cut(lead, LONGEST_QUOTE)),),) if lead else ()


def _runs(context: str, quotes: Iterable[Quote]) -> Iterator[Run]:
    at = 0
    for start, end in joined_spans(
        (quote.at, quote.at + quote.end - quote.start) for quote in quotes
    ):
        yield Run(_piece(context[at:start]))
        yield Run(_piece(context[start:end]), hit=True)
        at = end
    yield Run(_piece(context[at:]))


def _piece(text: str) -> str:
    """A piece of a line, harmless, with the spaces at its ends kept."""
    line = one_line(f"|{text}|")
    return line[1:-1]


def _edits(corrections: Iterable[Alert], words: Phrases) -> Iterator[tuple[str, Edit]]:
    names = {"title": words.title, "lead": words.lead, "body": words.sentence}
    seen = set()
    for alert in corrections:
        for edit in alert.change.edits if alert.change else ():
            clean = Edit(edit.field, one_line(edit.before), one_line(edit.after))
            if clean not in seen:
                seen.add(clean)
                yield names.get(edit.field, edit.field), clean


def _rules(alerts: Iterable[Alert], words: Phrases) -> str:
    names = list(dict.fromkeys(one_line(alert.rule.name) for alert in alerts))
    return (words.rule if len(names) == 1 else words.rules).format(", ".join(names))


def _why(alerts: Sequence[Alert], words: Phrases) -> str:
    quotes = [quote for alert in alerts for quote in alert.quotes]
    hits = list(dict.fromkeys(one_line(quote.text) for quote in quotes))
    if not hits:
        return ""
    places = {"title": words.in_title, "lead": words.in_lead, "body": words.in_body}
    found = {quote.field for quote in quotes}
    where = [place for name, place in places.items() if name in found]
    more = [words.more.format(len(hits) - _MOST_WORDS)] if len(hits) > _MOST_WORDS else []
    text = ", ".join([*hits[:_MOST_WORDS], *more])
    return words.why.format(f"{text} ({', '.join(where)})" if where else text)


def _harmless(url: str) -> str:
    """The address if it is one of the web, harmless inside any markup; else nothing."""
    url = "".join(url.split())
    if not is_web_address(url):
        return ""
    return "".join(_ESCAPED.get(letter, letter) for letter in url)


_ESCAPED = {"|": "%7C", "<": "%3C", ">": "%3E", '"': "%22", "'": "%27", "`": "%60", "\\": "%5C"}
