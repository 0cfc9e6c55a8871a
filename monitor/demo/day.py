"""The demonstration: three rounds of a day's news, and what they gave."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from alerts.alert import ArticleAlert, EventKind
from alerts.store import AlertStore
from crawler.clock import utc_now
from crawler.frozen import dataclass
from crawler.model import Article, LogCursor
from crawler.store import ArticleStore, Connection, Writer
from monitor.context import Context
from monitor.demo import report
from monitor.demo.demo_configuration import write_configuration
from monitor.demo.newsroom.newsroom import Newsroom
from monitor.demo.receivers import drawn_messages as messages
from monitor.demo.receivers.mailbox import Mail, SmtpReceiver
from monitor.demo.receivers.receivers import HttpReceiver, Posted
from monitor.demo.tally import readings_of
from monitor.running.once import RoundReport, alert_round, crawl_round

# All of the day's news is in the past when the demonstration runs. It is so old that the last round
# is now.
NEWS_AGE = timedelta(minutes=15.5)
# How long before now each round takes place, and what has happened by then.
ROUNDS = (
    (timedelta(minutes=109), "the backlog: what stood there before we came"),
    (timedelta(minutes=20), "breaking: Baghuz falls, and two outlets carry the same dispatch"),
    (timedelta(), "twenty minutes later: a correction, a late match, one more copy"),
)


class Clock:
    """The present time, set back by a span that can change: hours pass in seconds."""

    def __init__(self) -> None:
        self.back = timedelta()

    def __call__(self) -> datetime:
        """The time in the demonstration."""
        return utc_now() - self.back


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDay:
    """What a demonstration gave: its rounds and the messages received."""

    rounds: tuple[RoundReport, ...]
    slack: tuple[Posted, ...]
    mails: tuple[Mail, ...]
    webhooks: tuple[Posted, ...]


@dataclass(frozen=True, slots=True)
class PlayedDay:
    """A day that was played: what it gave, and all that a daemon needs to go on with it."""

    day: DemoDay
    context: Context
    writer: Writer


def play(
    folder: Path,
    newsroom: Newsroom,
    progress: Console,
    then: Callable[[PlayedDay], Awaitable[object]],
) -> None:
    """Crawl the newsroom round by round with the real code and real receivers.

    `then` comes after that, while the receivers listen and the archive can be written.
    """
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    with HttpReceiver(secret=secret) as http, SmtpReceiver() as mailbox:
        values: dict[str, str | int] = {
            "slack_url": http.slack_url,
            "smtp_port": mailbox.port,
            "webhook_url": http.webhook_url,
            "webhook_secret": secret,
            "database": str(folder / "nieuwswacht.db"),
        }
        write_configuration(folder / "config", newsroom.sources(), values)
        clock = Clock()
        context = Context(config_dir=folder / "config", clock=clock)
        with context.writer() as writer:

            async def day() -> None:
                # All in one loop: a process can crawl on no second one.
                rounds = await _rounds(context, clock, writer, newsroom, progress)
                done = DemoDay(
                    rounds=tuple(rounds),
                    slack=tuple(http.slack_messages),
                    mails=tuple(mailbox.mails),
                    webhooks=tuple(http.webhooks),
                )
                await then(PlayedDay(done, context, writer))

            asyncio.run(day())


async def _rounds(
    context: Context, clock: Clock, writer: Writer, newsroom: Newsroom, progress: Console
) -> list[RoundReport]:
    everything = [source.id for source in context.sources]
    channels = context.senders()
    reports = []
    for number, (clock.back, happens) in enumerate(ROUNDS, 1):
        progress.print(f"round {number}: {happens}", markup=False, style="dim")
        if number > 1:
            newsroom.advance()
        crawled, _ = await crawl_round(context, writer, everything)
        matching, sent = await asyncio.to_thread(
            alert_round, context, writer, channels, deliver=True
        )
        reports.append(RoundReport(crawled, matching, sent))
    return reports


def print_report(out: Console, newsroom: Newsroom, day: DemoDay, db: Connection) -> None:
    """Print what was read, what matched and why, what did not, and the messages received."""
    marks = not out.is_terminal
    out.print(report.heading("What was read"))
    out.print(report.readings_table(readings_of(newsroom.content, newsroom.requests)))
    out.print(_sums(day, db), markup=False)
    out.print(report.heading("Which stories matched, and why"))
    out.print(report.stories_found(_found(db), marks=marks))
    out.print(report.heading("What did not match, though a lesser matcher would say so"))
    out.print(report.traps_table(_passed(newsroom, db)))
    out.print(report.heading("The messages, as their receivers got them"))
    _print_messages(out, day)


def _sums(day: DemoDay, db: Connection) -> str:
    held = ArticleStore(db).totals()
    queued = sum(each.matching.queued for each in day.rounds)
    sent = sum(each.deliveries.sent for each in day.rounds)
    return (
        f"{held['articles']} articles in {held['stories']} stories, {held['revisions']} texts; "
        f"{queued} alerts became {sent} messages."
    )


def _found(db: Connection) -> list[report.FoundStory]:
    stories: dict[str, list[ArticleAlert]] = {}
    for alert in AlertStore(db).reading.alerts():
        stories.setdefault(alert.story, []).append(alert)
    return [_story(db, alerts) for alerts in stories.values()]


def _story(db: Connection, alerts: Sequence[ArticleAlert]) -> report.FoundStory:
    first = alerts[0].article
    store = ArticleStore(db)
    articles = [store.article(name) for name in store.story(first.id).articles]
    outlets = [article.outlet for article in articles if article]
    told = {alert.article.outlet for alert in alerts}
    silent = [outlet for outlet in dict.fromkeys(outlets) if outlet not in told]
    return report.FoundStory(
        title=first.title,
        outlets=tuple(dict.fromkeys(outlets)),
        rules=tuple(dict.fromkeys(alert.rule.name for alert in alerts)),
        excerpts=report.excerpts_of(quote for alert in alerts for quote in alert.quotes)[:4],
        events=(
            *dict.fromkeys(_event(alert) for alert in alerts),
            *(f"{outlet} has nothing new: it joins silently" for outlet in silent),
        ),
    )


def _event(alert: ArticleAlert) -> str:
    outlet = alert.article.outlet
    if any(edit.before for edit in alert.edits):
        return f"{outlet} corrected its article: an update with the difference"
    if alert.event != "story":
        return f"{outlet} has more about it: an update that shows what is new"
    if alert.late:
        return f"{outlet}: the article matched only after an edit: a late alert, once"
    return f"{outlet}: first match, an alert"


def _passed(newsroom: Newsroom, db: Connection) -> list[report.Passed]:
    names = {outlet.id: outlet.name for outlet in newsroom.content.outlets}
    alerts = AlertStore(db)
    by_title = {article.title: article for article in _articles(db)}
    passed = []
    for piece in newsroom.content.articles:
        article = by_title.get(piece.versions[-1].title)
        if piece.trap and article is not None:
            matched = tuple(match.rule for match in alerts.matches_of(article.id))
            passed.append(
                report.Passed(
                    outlet=names[piece.outlet],
                    title=article.title,
                    trap=piece.trap,
                    matched=matched,
                )
            )
    return passed


def _articles(db: Connection) -> list[Article]:
    return [
        record.article for record in ArticleStore(db).committed_after(LogCursor(), 10_000).records
    ]


def _print_messages(out: Console, day: DemoDay) -> None:
    """Print the first alert of the story and its correction, for each channel."""
    for post in _telling(day.slack):
        out.print(messages.slack_message(post.payload, channel="redactie"))
    for mail in day.mails[-1:]:
        out.print(messages.mail_message(mail.message))
    for post in [post for post in day.webhooks if post.payload["type"] == EventKind.STORY][:1]:
        verdict = post.verdict.value if post.verdict else ""
        out.print(messages.webhook_message(post.headers, post.body, verdict=verdict))
    out.print(
        Text(
            f"In all: {len(day.slack)} messages to Slack, {len(day.mails)} mails, "
            f"{len(day.webhooks)} webhooks.",
            style="bold",
        )
    )


def _telling(posts: Sequence[Posted]) -> list[Posted]:
    """The messages worth showing in full: the fall of Baghuz, the correction, the late match."""
    first = [post for post in posts if "Baghuz" in post.payload.get("text", "")][:1]
    return first + [post for post in posts[-2:] if post not in first]
