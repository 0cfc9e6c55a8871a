"""What one record of the article log means to people: an alert, or a reason for no alert."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

from alerts.alert import (
    AlertedArticle,
    ArticleAlert,
    Change,
    Decision,
    Edit,
    EventKind,
    Quote,
    Reason,
    RuleRef,
    alert_id,
)
from alerts.match import Hit, Match
from alerts.policy.audience import HeardNews
from alerts.telling import (
    Changed,
    ReadText,
    ReceiverNews,
    TextSentences,
    excerpts_of,
    key_of,
    sentences_of,
)
from crawler.frozen import dataclass
from crawler.model import Article, DateOrigin, LogRecord

# Chosen: an alert with this many quotes takes about 200 kB, of very long sentences 800 kB. Further
# sentences are only counted; the matches have every hit.
MOST_QUOTES = 400
# Chosen: a change of this many sentences takes about 100 kB. Further ones are only counted.
MOST_EDITS = 100

STORY_EVENT = "story"

# Chosen: by then each page that is still looked at has been read again.
_READ_AGAIN_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class MatchedRecord:
    """A record of the log with the matches of its text, and of the text before it.

    `bug` names the fault if the text could not be matched. `again` is the time of a second reading
    of the text, if the news is what that reading has confirmed.
    """

    record: LogRecord
    matches: tuple[Match, ...]
    before: tuple[Match, ...] = ()
    bug: str = ""
    again: datetime | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that match this text, or the one before it."""
        return tuple(dict.fromkeys(match.rule for match in (*self.matches, *self.before)))


@dataclass(frozen=True, slots=True)
class Told:
    """The present time, and the rules for which a story has alerted before."""

    rules: Container[str]
    now: datetime


def is_backlog(record: LogRecord, listed: datetime | None, first_round: datetime | None) -> bool:
    """Whether this article was published before its source was first read.

    `listed` is when a list first named it. `first_round` is the time of the first poll of its
    source that brought a list. An article from a later poll is news, whenever it was published.
    """
    article = record.article
    if record.previous is not None or first_round is None:
        return False
    if (listed or article.first_seen) > first_round:
        return False
    return article.published_from is DateOrigin.FIRST_SEEN or article.published <= first_round


def may_be_told(
    record: LogRecord, listed: datetime | None, first_round: datetime | None, restored: datetime
) -> bool:
    """Whether this may have been told after the backup was made that was put back at `restored`.

    That is what was published by then and is named by the first list since, and what the first
    reading of an article since then has changed. What the backup held unread may be told, too.
    """
    article, revision = record.article, record.revision
    if revision.seen <= restored:
        return True
    if record.previous is not None:
        return revision.after_restore and revision.seen <= restored + _READ_AGAIN_WITHIN
    if listed and first_round and listed > first_round:
        return False
    return article.published_from is DateOrigin.FIRST_SEEN or article.published <= restored


def alerts_of(
    reading: MatchedRecord,
    text: ReadText,
    rules: Mapping[str, RuleRef],
    news: Sequence[HeardNews],
    told: Told,
) -> dict[str, ArticleAlert]:
    """By rule, the alert about everything in a text that is new to any receiver.

    The first one of a rule begins the story. But if the rule is younger than the text before, which
    has its words already, as one that got another id, it goes on with what its receivers heard.
    """
    found = {}
    matched_before = {match.rule for match in reading.before}
    for rule in rules:
        keys = frozenset(one.key for each in news for one in each.news.new if rule in one.rules)
        lost = [one for each in news for one in each.news.lost if rule in one.rules]
        if keys or lost:
            goes_on = rule in matched_before and all(
                each.news.follows for each in news if rule in each.news.rules
            )
            first = rule not in told.rules and not goes_on
            late = first and rule not in matched_before
            fresh = _Fresh(keys, tuple(dict.fromkeys(lost)), first=first, late=late)
            found[rule] = _alert(reading, text, rules[rule], fresh, told.now)
    return found


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What to tell for a rule: the keys of passages, and what was lost.

    `first` says that this begins the story, `late` that the rule did not match the text before.
    """

    keys: frozenset[str]
    lost: tuple[Changed, ...]
    first: bool
    late: bool


def _alert(
    reading: MatchedRecord, text: ReadText, rule: RuleRef, fresh: _Fresh, now: datetime
) -> ArticleAlert:
    record = reading.record
    event = STORY_EVENT if fresh.first else _later_event(reading)
    match = next((one for one in reading.matches if one.rule == rule.id), None)
    edits = tuple(_edits(text, fresh))
    quotes, unquoted = _quotes_of(record.article, match, fresh.keys)
    return ArticleAlert(
        id=alert_id(rule.id, record.story.id, event),
        kind=EventKind.STORY if fresh.first else EventKind.UPDATE,
        rule=rule,
        story=record.story.id,
        event=event,
        created=now,
        article=alerted_article(record.article),
        revision=record.revision.number,
        quotes=quotes,
        unquoted=unquoted,
        change=_change(record, edits) if edits else None,
        late=fresh.late and record.revision.number > 1,
        changed=record.revision.seen if record.revision.number > 1 else None,
    )


def told_by_another(
    alert: ArticleAlert, other: LogRecord, matches: Iterable[Match], keys: Container[str]
) -> ArticleAlert | None:
    """The alert with those of these passages that stand in another article; None without any."""
    match = next((one for one in matches if one.rule == alert.rule.id), None)
    quotes, unquoted = _quotes_of(other.article, match, keys)
    if match is None or not quotes:
        return None
    return replace(
        alert,
        article=alerted_article(other.article),
        revision=other.revision.number,
        quotes=quotes,
        unquoted=unquoted,
        change=None,
        changed=None,
    )


def _quotes_of(
    article: Article, match: Match | None, keys: Container[str]
) -> tuple[tuple[Quote, ...], int]:
    """What an alert quotes of the passages with these keys, and how many have no room in it."""
    quoted = _newest_first(_quoted(article, match, keys))
    shown, held = quoted[:MOST_QUOTES], {quote.passage for quote in quoted[MOST_QUOTES:]}
    return shown, len(held - {quote.passage for quote in shown})


def _later_event(reading: MatchedRecord) -> str:
    article, number = reading.record.article.id, reading.record.revision.number
    if reading.again:
        return f"correction:{article}:{number}:{reading.again.isoformat()}"
    return f"correction:{article}:{number}" if number > 1 else f"copy:{article}"


def _change(record: LogRecord, edits: tuple[Edit, ...]) -> Change:
    kept = edits[:MOST_EDITS]
    return Change(record.revision.number, kept, len(edits) - len(kept))


def _edits(text: ReadText, fresh: _Fresh) -> Iterator[Edit]:
    """Yield what an update tells, newest first, and then what was lost.

    The first alert about a story has quotes instead of edits.
    """
    for key, passage in text.newest_first:
        if key in fresh.keys and not fresh.first:
            before = text.changed[key].old if key in text.changed else ""
            yield Edit(passage.field, before, passage.text, key, text.times.get(key))
    for one in fresh.lost:
        yield Edit(one.field, one.old, one.new, one.old_key, text.times.get(one.old_key))


def decisions(
    reading: MatchedRecord, news: Sequence[HeardNews], hidden: Reason | None
) -> Iterator[Decision]:
    """Yield why a rule is not told: one reason for all channels, or one for each."""
    for rule in reading.rules:
        reasons = _reasons(reading, news, rule, hidden)
        if None not in reasons.values() and len(set(reasons.values())) == 1:
            reasons = {"": next(iter(reasons.values()))}
        for channel, reason in reasons.items():
            if reason is not None:
                yield Decision(
                    article=reading.record.article.id,
                    story=reading.record.story.id,
                    rule=rule,
                    channel=channel,
                    reason=reason,
                    detail=_detail(reading, rule, reason),
                )


def _detail(reading: MatchedRecord, rule: str, reason: Reason) -> str:
    """What a reader may expect and does not get: a word that a replaced headline has no more."""
    had, has = (
        any(hit.field == "title" for one in matches if one.rule == rule for hit in one.hits)
        for matches in (reading.before, reading.matches)
    )
    if reason is Reason.HITS_UNCHANGED and had and not has:
        return "a headline that was replaced is not told as withdrawn"
    return ""


def _reasons(
    reading: MatchedRecord, news: Sequence[HeardNews], rule: str, hidden: Reason | None
) -> dict[str, Reason | None]:
    """Why each channel of a rule hears nothing; None if one of its targets hears something."""
    reasons: dict[str, Reason | None] = {}
    for each in news:
        if rule in each.audience.rules:
            told = rule in each.news.rules and each.audience.plan is not None and not hidden
            reason = None if told else _against(reading, each.news, rule, hidden)
            channel = each.audience.receiver.channel
            reasons[channel] = reason if reasons.get(channel, reason) else None
    return reasons


def _against(
    reading: MatchedRecord, news: ReceiverNews, rule: str, hidden: Reason | None
) -> Reason:
    if rule in news.rules:
        return hidden or Reason.NO_CHANNEL
    if rule in news.rules_read_once:
        return Reason.READ_ONCE
    if any(rule in passage.rules for passage in news.older):
        return Reason.OLD_NEWS
    return Reason.HITS_UNCHANGED if reading.record.revision.number > 1 else Reason.JOINED_SILENTLY


def alerted_article(article: Article) -> AlertedArticle:
    """The article as an alert stores it."""
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
        live=article.live,
    )


def _newest_first(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes, latest update first; quotes without a time come before all others."""
    return tuple(sorted(quotes, key=lambda quote: -quote.time.timestamp() if quote.time else -inf))


def _quoted(article: Article, match: Match | None, keys: Container[str]) -> list[Quote]:
    """What a rule found in the passages with these keys; before it, those without a hit.

    An article that is a rectification as a whole keeps its order.
    """
    text = sentences_of(article.title, article.lead, article.body, article.items)
    found: dict[tuple[str, int, int], list[Hit]] = {}
    for hit in match.hits if match else ():
        if around := text.around(hit):
            found.setdefault((hit.field, around[0][0], around[-1][1]), []).append(hit)
    quoted = [
        quote
        for (_, first, last), held in found.items()
        for quote in _quotes(text, (first, last), held, keys)
    ]
    told = {quote.passage for quote in quoted}
    bare = (_bare(text, hit, whole) for hit, whole in _without_a_hit(text, match))
    shown = [one for one in bare if one.passage in keys and one.passage not in told]
    if any(hit.field == "title" for hit in text.corrections()):
        order = list(text.texts)
        return sorted((*shown, *quoted), key=lambda one: (order.index(one.field), one.start))
    return [*shown, *quoted]


def _without_a_hit(
    text: TextSentences, match: Match | None
) -> Iterator[tuple[Hit, tuple[int, int]]]:
    """Yield sentences in which a rule found no words, with what is shown: corrections, openings."""
    for hit in text.corrections():
        yield hit, (hit.start, hit.end)
    for hit, span in text.opening() if match and not match.hits else ():
        yield hit, (0, len(text.texts["lead"])) if hit.field == "lead" else span


def _bare(text: TextSentences, sentence: Hit, shown: tuple[int, int]) -> Quote:
    body, start = text.texts[sentence.field], sentence.start
    item = text.item_at(start) if sentence.field == "body" else None
    [(context, at)] = excerpts_of(body, shown, [(start, start)])
    return Quote(
        field=sentence.field,
        start=start,
        end=start,
        text="",
        context=context,
        at=at,
        passage=key_of(body[start : sentence.end]),
        time=item.at if item else None,
    )


def _quotes(
    text: TextSentences, sentence: tuple[int, int], hits: Sequence[Hit], keys: Container[str]
) -> Iterator[Quote]:
    """Yield the hits of one sentence, or of a few that share a hit, if a passage of it is told."""
    name = hits[0].field
    body = text.texts[name]
    inside = [key for span in text.around(hits[0]) if (key := key_of(body[slice(*span)])) in keys]
    if not inside:
        return
    item = text.item_at(hits[0].start) if name == "body" else None
    ordered = sorted(hits, key=lambda hit: (hit.start, hit.end))
    cut = excerpts_of(body, sentence, [(hit.start, hit.end) for hit in ordered])
    for hit, (context, at) in zip(ordered, cut, strict=True):
        yield Quote(
            field=name,
            start=hit.start,
            end=hit.end,
            text=hit.text,
            context=context,
            at=at,
            passage=inside[0],
            time=item.at if item else None,
        )
