"""A message as a reader sees it, before a channel gives it its own form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.alert import (
    AlertedArticle,
    ArticleAlert,
    ArticleRef,
    EventKind,
    Notice,
    Quote,
    WaveStory,
)
from alerts.message import Entry, Message
from alerts.rendering.clean import cut, harmless_address, one_line
from alerts.rendering.edition_view import view_of_edition
from alerts.rendering.passages import (
    Passage,
    is_urgent,
    notes_of,
    passages_of,
    quoted,
    subject_of,
    title_of,
    uncounted,
)
from alerts.rendering.phrases import Phrases, clock_text, span_text
from alerts.rendering.tale import MOST_QUOTES, Link, PassageView, Run, Style, Tale, View
from alerts.waves import WavePhase
from crawler.frozen import dataclass
from crawler.stories import is_rectification
from crawler.text import LONGEST_QUOTE, joined_spans

# Chosen: what people read at a glance.
MOST_EDITS = 12
_IN_DIGEST = 1
_MOST_WORDS = 8
# Characters of a headline that a line quotes. Chosen: most headlines are shorter.
_QUOTED_TITLE = 120


def view_of(message: Message, style: Style) -> View:
    """What a reader sees of this message."""
    if message.edition is not None:
        return view_of_edition(message.edition, style)
    if message.waves:
        return _view_of_wave(message, style)
    tales = tuple(tale_of(entry, style, message) for entry in message.entries)
    notices = _by_subject(message.notices)
    return View(
        subject=_subject(message, tales, notices, style.words) or style.words.footer,
        intro=_intro(message, style.words),
        tales=tales,
        notices=notices,
        more=style.words.stories_next.of(message.following) if message.following else "",
        following=message.following,
    )


def _by_subject(notices: Sequence[Notice]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines of notices that say the same of several things together."""
    found = defaultdict[str, list[str]](list)
    for notice in notices:
        found[one_line(notice.subject)] += map(one_line, notice.lines)
    return tuple((subject, tuple(lines)) for subject, lines in found.items())


def _view_of_wave(message: Message, style: Style) -> View:
    """The newest news of a wave: the stories that it took over, then those that it only shows."""
    news, words = message.waves[-1], style.words
    own = {entry.story for entry in message.entries}
    shown = [one for one in news.stories if one.alert.story not in own]
    span = span_text(news.over.total_seconds(), words)
    clock = clock_text(news.window.at, style.zone, words)
    usual = f"{news.wave.usual.expected:.1f}".replace(".", words.decimal)
    base = words.wave_young if news.wave.usual.is_cold else words.wave_usual
    head = {
        WavePhase.BEGINS: words.wave_begins,
        WavePhase.DOUBLES: words.wave_doubles,
        WavePhase.ENDS: words.wave_ends,
    }[news.phase].format(one_line(news.rule.name))
    counted = {
        "stories": words.stories.of(news.window.stories),
        "outlets": words.outlets.of(news.window.outlets),
    }
    if news.phase is WavePhase.ENDS:
        since = clock_text(news.wave.began, style.zone, words)
        said = words.wave_whole.format(**counted, since=since)
    else:
        said = words.wave_line.format(**counted, span=span)
    graph = words.wave_graph.format(span=span, graph=sparkline(news.graph), time=clock)
    return View(
        subject=head,
        intro=head,
        lines=(said, base.format(usual), graph),
        tales=(
            *(tale_of(entry, style, message) for entry in message.entries),
            *(_only_shown(one, style, message) for one in shown),
        ),
        more=words.stories_beyond.of(news.left_out) if news.left_out else "",
        bars=news.graph,
        beyond=news.left_out,
    )


def _only_shown(story: WaveStory, style: Style, message: Message) -> Tale:
    """A story of a wave that its own message tells: headline, outlets, one sentence, link."""
    tale = tale_of(Entry(story.alert.story, story.articles, (story.alert,)), style, message)
    passages = tuple(replace(line, alerts=()) for line in tale.passages[:1])
    return replace(
        tale, urgent=False, notes=(), headline=(), passages=passages, most=1, alerts=(), why=""
    )


_LEVELS = "▁▂▃▄▅▆▇█"


def sparkline(numbers: Sequence[int]) -> str:
    """A graph of these numbers in one line of text."""
    most = max((1, *numbers))
    return "".join(_LEVELS[round(number / most * (len(_LEVELS) - 1))] for number in numbers)


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
    related = message.entries[0].earlier is not None
    first = related and all(alert.kind is EventKind.STORY for alert in message.entries[0].alerts)
    if message.kind is EventKind.UPDATE and not first:
        return words.update.format(title)
    return f"{words.urgent}: {title}" if tales[0].urgent else title


def _intro(message: Message, words: Phrases) -> str:
    if message.kind is not EventKind.DIGEST:
        return ""
    return words.intro(message.cause).of(len(message.entries))


def tale_of(entry: Entry, style: Style, message: Message) -> Tale:
    """One story as a reader sees it; the newest of several updates gives headline and link."""
    words = style.words
    corrections = [alert for alert in entry.alerts if alert.change]
    copies = [alert for alert in entry.alerts if alert.event.startswith("copy:")]
    subject = subject_of(entry)
    article = subject.article
    joined = _links(alert.article for alert in copies if not corrections or alert is not subject)
    names = {one_line(article.outlet), *(link.name for link in joined)}
    named = [one for one in entry.articles if one.id in entry.named and one.id != article.id]
    joined += tuple(_headline_link(one) for one in named)
    known = entry.before + entry.named
    names |= {one_line(one.outlet) for one in entry.articles if one.id in known}
    held, beside = passages_of(entry, title_of(subject)), _changed_beside(corrections, article)
    outlets = {one.id: one.article.outlet for one in beside}
    clock = _Clock(style, message.created, article.outlet, outlets)
    passages = tuple(_passage_view(passage, clock) for passage in held if not passage.headline)
    if not (passages or corrections or copies):
        passages = _lead(article)
    urgent = is_urgent(entry, message.cause)
    corrected = bool(corrections) or is_rectification(article.title)
    rules = tuple(dict.fromkeys(one_line(alert.rule.name) for alert in entry.alerts))
    return Tale(
        title=one_line(article.title) or one_line(article.url),
        source=_source(subject, style),
        link=Link(words.read_at.format(one_line(article.outlet)), harmless_address(article.url)),
        urgent=urgent,
        relation=tuple(_relation(entry, article, message, style)),
        notes=tuple(notes_of(entry, article, words)),
        headline=tuple(_passage_view(passage, clock) for passage in held if passage.headline),
        passages=passages,
        most=len(passages) if urgent else _at_a_glance(message, corrected),
        alerts=tuple((alert.id, uncounted(alert)) for alert in entry.alerts),
        joined=joined,
        others=_others(entry, article, names, _links_beside(beside, article), joined),
        rule_names=rules,
        rules=rules_text(rules, words),
        why=_why(entry.alerts, words),
    )


def _source(subject: ArticleAlert, style: Style) -> str:
    """The outlet, and since when it has the story."""
    phrase = style.words.changed if subject.changed else style.words.article
    since = subject.changed or subject.article.published
    time = clock_text(since, style.zone, style.words)
    return phrase.format(outlet=one_line(subject.article.outlet), time=time)


def _relation(
    entry: Entry, article: AlertedArticle, message: Message, style: Style
) -> Iterator[str]:
    """Yield that this is the same event in other words; without a thread, also of which message."""
    earlier, words = entry.earlier, style.words
    if earlier is None:
        return
    yield words.own_words.format(one_line(article.outlet))
    threaded = message.thread is not None and message.thread.reference
    if not threaded and all(other.story != earlier.story for other in message.entries):
        told = clock_text(earlier.told or message.created, style.zone, words)
        title = cut(one_line(earlier.title), _QUOTED_TITLE)
        yield words.belongs.format(title=title, time=told)


def _at_a_glance(message: Message, corrected: bool) -> int:  # noqa: FBT001 - one of two numbers
    if message.kind is EventKind.DIGEST:
        return _IN_DIGEST
    return MOST_EDITS if corrected else MOST_QUOTES


def _links(articles: Iterable[AlertedArticle | ArticleRef]) -> tuple[Link, ...]:
    """One link for each outlet, in order."""
    links: dict[str, Link] = {}
    for article in articles:
        if name := one_line(article.outlet):
            links.setdefault(name, Link(name, harmless_address(article.url)))
    return tuple(links.values())


def _headline_link(article: ArticleRef | AlertedArticle) -> Link:
    """The link for an article of the same story under its own headline."""
    return Link(
        f"{one_line(article.outlet)} ({one_line(article.title)})", harmless_address(article.url)
    )


def _changed_beside(
    corrections: Iterable[ArticleAlert], article: AlertedArticle
) -> list[ArticleAlert]:
    """Those of these corrections that are of another article than the one that is named."""
    return [one for one in corrections if one.article.id != article.id]


def _others(
    entry: Entry,
    article: AlertedArticle,
    names: Container[str],
    changed: Iterable[Link],
    joined: Collection[Link],
) -> tuple[Link, ...]:
    """The articles beside the one that is named: those that `changed`, and outlets without name.

    One whose words are told has a link, though its outlet is named for another one.
    """
    links = [link for link in changed if link not in joined]
    links += [link for link in _links(entry.articles) if link.name not in names]
    linked = {harmless_address(article.url), *(link.url for link in (*joined, *links))}
    told = dict.fromkeys(
        _headline_link(alert.article) for alert in entry.alerts if any(quoted(alert))
    )
    return (*links, *(link for link in told if link.url and link.url not in linked))


def _links_beside(alerts: Iterable[ArticleAlert], article: AlertedArticle) -> Iterator[Link]:
    """Yield a link for each article of these; one of the same outlet is known by its headline."""
    for one in {alert.article.id: alert.article for alert in alerts}.values():
        outlet, url = one_line(one.outlet), harmless_address(one.url)
        same = one.outlet == article.outlet
        yield Link(f"{outlet} ({one_line(one.title)})" if same else outlet, url)


@dataclass(frozen=True, slots=True)
class _Clock:
    """How a message of this moment shows the times of updates, and whose they are.

    It names `outlet`; `outlets` are those of the alerts about other articles.
    """

    style: Style
    now: datetime
    outlet: str
    outlets: Mapping[str, str]

    def of(self, time: datetime) -> str:
        """The time of day, and the date if it was another day."""
        zone = self.style.zone
        local = time.astimezone(zone)
        if local.date() == self.now.astimezone(zone).date():
            return f"{local:%H:%M}"
        return clock_text(time, zone, self.style.words)


def _passage_view(passage: Passage, clock: _Clock) -> PassageView:
    """A passage with its hits marked; a passage of a timed update begins with its time."""
    edit, words = passage.edit, clock.style.words
    if edit is None:
        first = passage.quotes[0]
        time = (Run(f"{clock.of(first.time)} "),) if first.time else ()
        runs = (*time, *_excerpts(passage.quotes))
        return PassageView(key=passage.key, alerts=passage.alerts, runs=runs)
    if passage.as_it_is:
        return PassageView(key=passage.key, alerts=passage.alerts, runs=(Run(edit.after),))
    names = {"title": words.title, "lead": words.lead, "body": words.sentence}
    heading = clock.of(edit.time) if edit.time else names.get(edit.field, edit.field)
    outlets = [clock.outlets.get(alert, clock.outlet) for alert in passage.alerts]
    if clock.outlet not in outlets:
        heading = f"{one_line(outlets[0])}, {heading[:1].lower()}{heading[1:]}"
    return PassageView(key=passage.key, alerts=passage.alerts, heading=heading, edit=edit)


def _lead(article: AlertedArticle) -> tuple[PassageView, ...]:
    """The lead, for when only the headline has hits: people want to know what the news is."""
    lead = one_line(article.lead)
    return (PassageView(runs=(Run(cut(lead, LONGEST_QUOTE)),)),) if lead else ()


def _excerpts(quotes: Iterable[Quote]) -> Iterator[Run]:
    """Yield the sentence with its hits; of a very long one, the excerpts that hold them."""
    found: dict[str, list[Quote]] = {}
    for quote in quotes:
        found.setdefault(quote.context, []).append(quote)
    for context, held in found.items():
        yield from (Run(" "),) if context != next(iter(found)) else ()
        yield from _runs(context, held)


def _runs(context: str, quotes: Iterable[Quote]) -> Iterator[Run]:
    at = 0
    for start, end in joined_spans(
        (quote.at, quote.at + quote.end - quote.start) for quote in quotes if quote.text
    ):
        yield Run(_piece(context[at:start]))
        yield Run(_piece(context[start:end]), hit=True)
        at = end
    yield Run(_piece(context[at:]))


def _piece(text: str) -> str:
    """A piece of a line, made harmless; spaces at its ends are kept."""
    line = one_line(f"|{text}|")
    return line[1:-1]


def rules_text(names: Sequence[str], words: Phrases) -> str:
    """The line with the names of the rules."""
    return (words.rule if len(names) == 1 else words.rules).format(", ".join(names))


def _why(alerts: Sequence[ArticleAlert], words: Phrases) -> str:
    quotes = [quote for alert in alerts for quote in alert.quotes if quote.text]
    hits = list(dict.fromkeys(one_line(quote.text) for quote in quotes))
    if not hits:
        return ""
    places = {"title": words.in_title, "lead": words.in_lead, "body": words.in_body}
    found = {quote.field for quote in quotes}
    where = [place for name, place in places.items() if name in found]
    more = [words.more.format(len(hits) - _MOST_WORDS)] if len(hits) > _MOST_WORDS else []
    text = ", ".join([*hits[:_MOST_WORDS], *more])
    return words.why.format(f"{text} ({', '.join(where)})" if where else text)
