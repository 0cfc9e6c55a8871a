"""What one record of the article log means to people: alerts, or a named reason for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts.alert import (
    Alert,
    AlertedArticle,
    Decision,
    EventKind,
    Quote,
    Reason,
    RuleRef,
    alert_id,
)
from alerts.match import Hit, Match
from alerts.policy.changes import MarkedText, change_between, is_another_text
from crawler.model import Article, DateOrigin, LogRecord
from crawler.text import quote_span, sentence_spans

# An alert of so many quotes takes some 200 kB; the sentences beyond are counted, and the matches
# keep every hit.
MOST_QUOTES = 400

STORY_EVENT = "story"


@dataclass(frozen=True, slots=True)
class MatchedRecord:
    """A record of the log with the matches of its text, and of the text before it if any.

    `bug` names what kept the text from being matched.
    """

    record: LogRecord
    matches: tuple[Match, ...]
    before: tuple[Match, ...] = ()
    bug: str = ""


@dataclass(frozen=True, slots=True)
class StoryTold:
    """What has been told of one story for one rule: the articles that alerts were about."""

    articles: frozenset[str]
    outlets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What follows from one record."""

    alerts: tuple[Alert, ...] = ()
    decisions: tuple[Decision, ...] = field(default=())


def verdicts(
    reading: MatchedRecord,
    rules: Mapping[str, RuleRef],
    told: Mapping[str, StoryTold],
    now: datetime,
) -> Verdicts:
    """The alerts and the named reasons against one, over all rules concerned.

    `told` holds, by rule, what this story has alerted before. A rule that is not in `rules` any
    more says nothing.
    """
    results = [
        _verdict(reading, rules[rule], told.get(rule), now)
        for rule in _concerned(reading)
        if rule in rules
    ]
    return Verdicts(
        tuple(result for result in results if isinstance(result, Alert)),
        tuple(result for result in results if isinstance(result, Decision)),
    )


def is_backlog(record: LogRecord, listed: datetime | None, first_round: datetime | None) -> bool:
    """Whether this article was published before its source was first read.

    `listed` is when a list first named it, `first_round` when the first poll of its source that
    brought a list took place. What a later poll brings is news, whenever it was published.
    """
    article = record.article
    if record.previous is not None or first_round is None:
        return False
    if (listed or article.first_seen) > first_round:
        return False
    return article.published_from is DateOrigin.FIRST_SEEN or article.published <= first_round


def _concerned(reading: MatchedRecord) -> Iterable[str]:
    return dict.fromkeys(match.rule for match in (*reading.matches, *reading.before))


def _verdict(
    reading: MatchedRecord, rule: RuleRef, told: StoryTold | None, now: datetime
) -> Alert | Decision:
    match = _match(reading.matches, rule.id)
    if told is None:
        return _first(reading, rule, match, now)
    if reading.record.article.id in told.articles:
        return _same_article(reading, rule, match, now)
    if match is None:
        return _no(reading, rule, Reason.HITS_UNCHANGED)
    if reading.record.article.outlet in told.outlets:
        return _no(reading, rule, Reason.SAME_OUTLET)
    return _alert(reading, rule, f"copy:{reading.record.article.id}", now)


def _match(matches: Iterable[Match], rule: str) -> Match | None:
    return next((match for match in matches if match.rule == rule), None)


def _first(
    reading: MatchedRecord, rule: RuleRef, match: Match | None, now: datetime
) -> Alert | Decision:
    """The story has not alerted for this rule: its first match does, however late it comes."""
    if match is None or (_match(reading.before, rule.id) and not _is_another_text(reading)):
        # Had the rule been in force, the earlier text would have alerted: it hears what is new.
        return _no(reading, rule, Reason.OLD_NEWS)
    return _alert(reading, rule, STORY_EVENT, now)


def _is_another_text(reading: MatchedRecord) -> bool:
    before = reading.record.previous
    return before is not None and is_another_text(before.body, reading.record.revision.body)


def _same_article(
    reading: MatchedRecord, rule: RuleRef, match: Match | None, now: datetime
) -> Alert | Decision:
    """A new revision of an article that people were told about."""
    record = reading.record
    if record.previous is None:
        return _no(reading, rule, Reason.DUPLICATE)
    earlier = _match(reading.before, rule.id)
    change = change_between(
        _text(record.previous.title, record.previous.lead, record.previous.body, earlier),
        _text(record.revision.title, record.revision.lead, record.revision.body, match),
        record.revision.number,
    )
    if change is None:
        return _no(reading, rule, Reason.HITS_UNCHANGED)
    event = f"correction:{record.article.id}:{record.revision.number}"
    return replace(_alert(reading, rule, event, now), change=change)


def _text(title: str, lead: str, body: str, match: Match | None) -> MarkedText:
    return MarkedText(title, lead, body, match.hits if match else ())


def _no(reading: MatchedRecord, rule: RuleRef, reason: Reason) -> Decision:
    record = reading.record
    return Decision(article=record.article.id, story=record.story.id, rule=rule.id, reason=reason)


def _alert(reading: MatchedRecord, rule: RuleRef, event: str, now: datetime) -> Alert:
    record = reading.record
    match = _match(reading.matches, rule.id)
    first = event == STORY_EVENT
    quoted, unquoted = quotes(record.article, match.hits) if match else ((), 0)
    return Alert(
        id=alert_id(rule.id, record.story.id, event),
        kind=EventKind.STORY if first else EventKind.UPDATE,
        rule=rule,
        story=record.story.id,
        event=event,
        created=now,
        article=alerted_article(record.article),
        revision=record.revision.number,
        quotes=quoted,
        unquoted=unquoted,
        late=first and record.previous is not None,
    )


def alerted_article(article: Article) -> AlertedArticle:
    """What an alert keeps of its article."""
    return AlertedArticle(
        id=article.id,
        outlet=article.outlet,
        source=article.source,
        title=article.title,
        lead=article.lead,
        url=article.url,
        author=article.author,
        published=article.published,
        first_seen=article.first_seen,
        partial=article.partial,
    )


def quotes(article: Article, hits: Sequence[Hit]) -> tuple[tuple[Quote, ...], int]:
    """The first hits, each in its sentence, and how many sentences have only hits beyond them."""
    texts = {"title": article.title, "lead": article.lead, "body": article.body}
    spans = {name: list(sentence_spans(text)) for name, text in texts.items()}
    quoted = []
    sentences: dict[tuple[str, int], bool] = {}
    for number, hit in enumerate(hits):
        text = texts.get(hit.field, "")
        start, end = quote_span(text, spans.get(hit.field, []), hit.start, hit.end)
        sentences.setdefault((hit.field, start), number < MOST_QUOTES)
        if number >= MOST_QUOTES:
            continue
        quoted.append(
            Quote(
                field=hit.field,
                start=hit.start,
                end=hit.end,
                text=hit.text,
                context=text[start:end],
                at=hit.start - start,
            )
        )
    return tuple(quoted), list(sentences.values()).count(False)
