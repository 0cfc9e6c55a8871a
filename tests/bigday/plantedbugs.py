"""Faults that the oracle must find: each is put into the running program for the length of a block.

Our own modules are patched here, which no other test does: the point is to break what they decide.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts import matcher as matching
from alerts.delivery import continuing, owed_passages
from alerts.matcher import Matcher
from alerts.policy import quiet_until
from alerts.rendering import passages as told_passages, view
from alerts.rendering.tale import Tale
from crawler.store import ArticleStore
from crawler.store.archive.past_texts import PastTexts

_CAP = 8  # of texts, as the fifty that an older version kept of a longer day

Plant = Callable[[], AbstractContextManager[None]]


@contextlib.contextmanager
def _instead(place: Any, name: str, value: object) -> Iterator[None]:
    before = getattr(place, name)
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, before)


# What a fault gets to see of a text: the matcher, its store, the record, the text, one receiver's
# news, and what the story holds for that receiver.
Change = Callable[[Any, Any, Any, Any, Any, Mapping[str, Any]], Any]


def _news(change: Change) -> AbstractContextManager[None]:
    """Let receivers hear other news of a text."""
    whole = Matcher._news

    def news(self: Matcher, store: Any, reading: Any, text: Any) -> list[Any]:
        record = reading.record
        known = store.passages.known(record.article.id, record.story, text.before)
        found = whole(self, store, reading, text)
        mine = [known.get(each.audience.receiver, {}) for each in found]
        return [
            replace(each, news=change(self, store, record, text, each, rows))
            for each, rows in zip(found, mine, strict=True)
        ]

    return _instead(Matcher, "_news", news)


def _hushed(news: Any) -> Any:
    """The news with nothing new in it, as if it had been told before."""
    return replace(news, new=(), named=(*news.named, *news.new))


def same_outlet() -> AbstractContextManager[None]:
    """What an outlet's other article told keeps this one quiet."""

    def change(_: Any, store: Any, record: Any, __: Any, each: Any, rows: Any) -> Any:
        others = {row.article for row in rows.values() if row.article != record.article.id}
        found = {ArticleStore(store.db).article(name) for name in others}
        same = any(one and one.outlet == record.article.outlet for one in found)
        return _hushed(each.news) if same else each.news

    return _news(change)


def joined_silently() -> AbstractContextManager[None]:
    """A story whose first passages were hidden stays quiet."""

    def change(_: Any, __: Any, ___: Any, ____: Any, each: Any, rows: Any) -> Any:
        hidden = bool(rows) and not any(row.is_heard for row in rows.values())
        return _hushed(each.news) if hidden else each.news

    return _news(change)


def old_news() -> AbstractContextManager[None]:
    """A rule never tells of an article that is older than itself."""
    began: dict[str, datetime] = {}

    def change(self: Any, _: Any, record: Any, __: Any, each: Any, ___: Any) -> Any:
        for rule in self._rulebook.rules:
            began.setdefault(rule.id, record.revision.seen)
        old = {rule for rule, at in began.items() if record.article.first_seen < at}
        gone = [one for one in each.news.new if one.rules <= old]
        kept = tuple(one for one in each.news.new if one not in gone)
        return replace(each.news, new=kept, named=(*each.news.named, *gone))

    return _news(change)


def new_channel_hears_nothing() -> AbstractContextManager[None]:
    """What others were told of a story counts as told to a receiver that came later."""

    def change(_: Any, store: Any, record: Any, text: Any, each: Any, rows: Any) -> Any:
        known = store.passages.known(record.article.id, record.story, text.before)
        return _hushed(each.news) if known and not rows else each.news

    return _news(change)


def lists_old_hits() -> AbstractContextManager[None]:
    """An update lists all that its text says, also what was told."""

    def change(_: Any, __: Any, ___: Any, text: Any, each: Any, rows: Any) -> Any:
        news, new = each.news, {one.key for one in each.news.new}
        old = tuple(
            one
            for key, one in text.passages.items()
            if key not in new and key in rows and one.rules & each.audience.rules
        )
        return replace(news, new=(*news.new, *old)) if news.new and rows else news

    return _news(change)


def each_headline() -> AbstractContextManager[None]:
    """Each change of a headline is told, however often it comes back."""

    def change(_: Any, __: Any, record: Any, text: Any, each: Any, ___: Any) -> Any:
        titles = [one for one in text.passages.values() if one.field == "title"]
        wanted = [one for one in titles if one.rules & each.audience.rules]
        if record.revision.number == 1 or each.news.new:
            return each.news
        return replace(each.news, new=tuple(wanted))

    return _news(change)


def one_document() -> AbstractContextManager[None]:
    """A live blog is matched as one text, whatever its items."""
    whole = matching.document_of
    return _instead(matching, "document_of", lambda article: whole(replace(article, items=())))


def quiet_hours_swallow() -> AbstractContextManager[None]:
    """What comes in quiet hours is not told afterwards."""
    whole = owed_passages._audible

    def audible(owing: Any, plan: Any) -> frozenset[str]:
        quiet = quiet_until(plan.quiet, plan.zone, owing.circumstances.now)
        return frozenset() if quiet else whole(owing, plan)

    return _instead(owed_passages, "_audible", audible)


def slack_cut() -> AbstractContextManager[None]:
    """A message shows three sentences of what is new, and says nothing of the others."""
    return _first_of_each(3)


def only_twelve_edits() -> AbstractContextManager[None]:
    """A change is told up to its twelfth sentence."""
    return _first_of_each(12)


def _first_of_each(most: int) -> AbstractContextManager[None]:
    whole = told_passages.passages_of
    planted = contextlib.ExitStack()
    for place in (view, told_passages):
        planted.enter_context(_instead(place, "passages_of", lambda *told: whole(*told)[:most]))
    return planted  # type: ignore[return-value]  # it ends what it began


def lost_remainder() -> AbstractContextManager[None]:
    """What a message left out is not announced."""
    return _instead(Tale, "announced", lambda *_: iter(()))


def lost_continuation() -> AbstractContextManager[None]:
    """What a message announced for the next one does not come."""
    return _instead(continuing, "continuation", lambda *_: None)


def revision_cap() -> AbstractContextManager[None]:
    """Of an article the newest few texts are kept."""
    whole = PastTexts.replace

    def newest(self: PastTexts, place: int, held: Any, new: Any) -> str:
        gone = whole(self, place, held, new)
        self._db.execute(
            "DELETE FROM revisions WHERE article = ? AND number <= ?",
            [held.article, held.number - _CAP],
        )
        return gone

    return _instead(PastTexts, "replace", newest)


def past_words_unindexed() -> AbstractContextManager[None]:
    """Past texts are kept, but a search does not know their words."""
    return _instead(PastTexts, "_put", lambda *_: None)


BUGS: Mapping[str, Plant] = {
    plant.__name__: plant
    for plant in (
        *(same_outlet, joined_silently, old_news, new_channel_hears_nothing, lists_old_hits),
        *(each_headline, one_document, quiet_hours_swallow, slack_cut, only_twelve_edits),
        *(lost_remainder, lost_continuation, revision_cap, past_words_unindexed),
    )
}


def an_alert_a_story() -> AbstractContextManager[None]:
    """Of a story, each receiver is told what the first article says of it, and nothing later."""

    def change(_: Any, __: Any, ___: Any, ____: Any, each: Any, rows: Any) -> Any:
        return _hushed(replace(each.news, returned=(), lost=())) if rows else each.news

    return _news(change)


def an_alert_an_article() -> AbstractContextManager[None]:
    """Each article that matches is told as it comes, whatever was told before, and never again."""

    def change(_: Any, __: Any, record: Any, text: Any, each: Any, ___: Any) -> Any:
        if record.revision.number > 1:
            return _hushed(replace(each.news, returned=(), lost=()))
        found = [one for one in text.passages.values() if one.rules & each.audience.rules]
        mine = [replace(one, rules=one.rules & each.audience.rules) for one in found]
        return replace(each.news, new=tuple(mine), named=())

    return _news(change)


# Other answers to the question what is told, for the benchmark.
DESIGNS: Mapping[str, Plant] = {
    plant.__name__: plant for plant in (an_alert_a_story, an_alert_an_article)
}
