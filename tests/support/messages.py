"""Invented alerts and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.alert import (
    AlertedArticle,
    ArticleAlert,
    ArticleRef,
    Change,
    Edit,
    EventKind,
    Notice,
    Quote,
    RuleRef,
    alert_id,
)
from alerts.match import Priority
from alerts.message import Cause, Earlier, Entry, Message, Parcel, Thread

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TITLE = "Laatste bolwerk van IS gevallen, zegt coalitie"
LEAD = "De strijd om de enclave duurde weken."
SENTENCE = "In Baghuz is het kalifaat gevallen, melden de Syrische Democratische Strijdkrachten."


def quote(word: str = "kalifaat", sentence: str = SENTENCE, field: str = "body") -> Quote:
    at = sentence.index(word)
    return Quote(field=field, start=at, end=at + len(word), text=word, context=sentence, at=at)


def alerted(outlet: str = "NOS", title: str = TITLE, **changes: object) -> AlertedArticle:
    article = AlertedArticle(
        id=f"art_{outlet.lower()}",
        outlet=outlet,
        source=outlet.lower(),
        title=title,
        lead=LEAD,
        url=f"https://{outlet.lower()}.example/artikel/1",
        author="Sanne de Wit",
        published=NOW - timedelta(minutes=12),
        first_seen=NOW,
        partial=False,
    )
    return replace(article, **changes)  # type: ignore[arg-type]  # as given


def alert(  # noqa: PLR0913 - an alert has many sides
    *,
    story: str = "sty_1",
    rule: RuleRef | None = None,
    event: str = "story",
    article: AlertedArticle | None = None,
    quotes: tuple[Quote, ...] | None = None,
    change: Change | None = None,
    late: bool = False,
    now: datetime = NOW,
) -> ArticleAlert:
    rule = rule or RuleRef("kalifaat", "Val van het kalifaat", Priority.NORMAL)
    return ArticleAlert(
        id=alert_id(rule.id, story, event),
        kind=EventKind.STORY if event == "story" else EventKind.UPDATE,
        rule=rule,
        story=story,
        event=event,
        created=now,
        article=article or alerted(),
        revision=1,
        quotes=(quote("Baghuz"), quote()) if quotes is None else quotes,
        change=change,
        late=late,
    )


def reference(outlet: str, title: str = TITLE) -> ArticleRef:
    return ArticleRef(
        id=f"art_{outlet.lower()}",
        outlet=outlet,
        title=title,
        url=f"https://{outlet.lower()}.example/artikel/1",
        published=NOW,
    )


def message(*alerts: ArticleAlert, kind: EventKind = EventKind.STORY, **changes: object) -> Message:
    by_story: dict[str, list[ArticleAlert]] = {}
    for one in alerts or (alert(),):
        by_story.setdefault(one.story, []).append(one)
    made = Message(
        id="dlv_0123456789abcdef01234567",
        kind=kind,
        created=NOW,
        entries=tuple(
            Entry(story, (reference("NOS"), reference("AD"), reference("Trouw")), tuple(told))
            for story, told in by_story.items()
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # as given


def correction() -> Message:
    change = Change(
        2,
        (
            Edit("title", "IS verslagen", "IS vrijwel verslagen"),
            Edit("body", SENTENCE, SENTENCE.replace("is het", "lijkt het")),
        ),
    )
    told = alert(event="correction:art_nos:2", change=change)
    return message(told, kind=EventKind.UPDATE, thread=Thread("dlv_root", "1764000000.000100"))


def corrections_at(*outlets: str) -> Message:
    """An update in which each of these outlets has changed a sentence of its own."""
    told = [
        alert(
            event=f"correction:art_{number}:2",
            article=alerted(outlet),
            change=Change(
                2, (Edit("body", f"Twaalf doden bij {outlet}.", f"Dertien doden bij {outlet}."),)
            ),
        )
        for number, outlet in enumerate(outlets)
    ]
    return message(*told, kind=EventKind.UPDATE, thread=Thread("dlv_root"))


def copies() -> Message:
    told = [
        alert(event=f"copy:art_{name.lower()}", article=alerted(name)) for name in ("AD", "NRC")
    ]
    return message(*told, kind=EventKind.UPDATE, thread=Thread("dlv_root"))


def related(*, alone: bool = False) -> Message:
    """Two outlets tell an event in their own words, after an update about it or by themselves."""
    others = [
        alert(story=f"sty_{name}", article=alerted(name, f"{name} over het kalifaat"))
        for name in ("NRC", "Trouw")
    ]
    told = message(*correction().alerts, *others, kind=EventKind.UPDATE, thread=Thread("dlv_root"))
    earlier = Earlier("sty_1", TITLE, NOW - timedelta(hours=1))
    entries = (
        entry if entry.story == "sty_1" else replace(entry, thread="sty_1", earlier=earlier)
        for entry in told.entries
    )
    return replace(told, entries=tuple(entries)[1 if alone else 0 :])


def digest(size: int = 3, **changes: object) -> Message:
    alerts = [
        alert(story=f"sty_{n}", article=alerted(title=f"Verhaal {n} over het kalifaat"))
        for n in range(size)
    ]
    return message(*alerts, kind=EventKind.DIGEST, cause=Cause.DIGEST, **changes)


def health() -> Message:
    notices = (Notice("Kanaal soc wordt geweigerd", ("De ontvanger zei: 410.",)),)
    return Message(id="dlv_health", kind=EventKind.HEALTH, created=NOW, entries=(), notices=notices)


def every_kind() -> list[Message]:
    urgent = alert(rule=RuleRef("is", "IS & co <script>", Priority.HIGH), late=True)
    return [
        message(),
        message(alert(), urgent),
        correction(),
        copies(),
        related(),
        related(alone=True),
        digest(),
        health(),
    ]


def parcel(told: Message | None = None, *, plain: bool = False, target: str = "") -> Parcel:
    return Parcel(message=told or message(), target=target, attempt=1, now=NOW, plain=plain)
