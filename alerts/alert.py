"""Alerts, which are told to people, and the reasons why something is not told."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from alerts.edition import Edition
from alerts.match import Priority
from alerts.waves import Wave, WavePhase, Window
from crawler.frozen import dataclass
from crawler.model import Live


class EventKind(StrEnum):
    """What a message is about; the `type` of a webhook body."""

    STORY = "alert.story"
    UPDATE = "alert.update"
    DIGEST = "alert.digest"
    TEST = "alert.test"
    HEALTH = "alert.health"
    REVIEW = "alert.review"
    VOLUME = "alert.volume"


class Reason(StrEnum):
    """Why something is not told, not told yet, or not told in this channel."""

    DUPLICATE = "duplicate"
    SAME_OUTLET = "same-outlet"
    JOINED_SILENTLY = "joined-silently"
    HITS_UNCHANGED = "hits-unchanged"
    REPLACED = "replaced"
    READ_ONCE = "read-once"
    OLD_NEWS = "old-news"
    FIRST_RUN = "first-run"
    RESTORED = "restored"
    HELD = "held"
    FORGOTTEN = "forgotten"
    SILENCED = "silenced"
    QUIET_HOURS = "quiet-hours"
    DIGEST = "digest"
    GROUPING = "grouping"
    IN_DIGEST = "in-digest"
    BACKOFF = "backoff"
    ORDER = "order"
    RETRY_AFTER = "retry-after"
    CIRCUIT_OPEN = "circuit-open"
    RATE = "rate"
    PAUSED = "channel-paused"
    NO_CHANNEL = "no-channel"
    EXPIRED = "expired"
    MESSAGE_REJECTED = "message-rejected"
    RECIPIENT_REJECTED = "recipient-rejected"
    TEST_FAILED = "test-failed"
    NOT_MATCHED = "not-matched"

    @property
    def words(self) -> str:
        """The reason as a sentence for people."""
        return _WORDS[self]


_WORDS = {
    Reason.DUPLICATE: "this story has alerted for this rule already",
    Reason.SAME_OUTLET: "a second text of the same story by the same outlet",
    Reason.JOINED_SILENTLY: "all that it says was told before; the next update names it",
    Reason.HITS_UNCHANGED: "it says nothing with a hit that was not told before",
    Reason.REPLACED: "other words replaced it before it was told",
    Reason.READ_ONCE: "what has gone, or has come back, is told when it was read twice",
    Reason.OLD_NEWS: "it stood there before the rule, or its receiver, was there to hear of it",
    Reason.FIRST_RUN: "part of the backlog of the first run",
    Reason.RESTORED: "it was pending in a backup that was put back, and was dropped then",
    Reason.HELD: "it was pending in a backup that was put back; `alerts replay` sends it",
    Reason.FORGOTTEN: "somebody asked that the article be forgotten",
    Reason.SILENCED: "a silence covers it",
    Reason.QUIET_HOURS: "held until the quiet hours end",
    Reason.DIGEST: "held for the next digest",
    Reason.GROUPING: "held a moment so that related news comes as one message",
    Reason.IN_DIGEST: "told in a digest, or in the message before it",
    Reason.BACKOFF: "the last attempt failed; the next one is planned",
    Reason.ORDER: "an earlier message about the same story goes first",
    Reason.RETRY_AFTER: "the receiver asked for a pause",
    Reason.CIRCUIT_OPEN: "the channel failed several times in a row and is given a rest",
    Reason.RATE: "the channel's rate limit",
    Reason.PAUSED: "the channel was refused by its receiver; it is tried from time to time",
    Reason.NO_CHANNEL: "the channel or recipient is not configured",
    Reason.EXPIRED: "not accepted within its time to live",
    Reason.MESSAGE_REJECTED: "the receiver refused the message, as plain text too",
    Reason.RECIPIENT_REJECTED: "the receiver does not know this recipient",
    Reason.TEST_FAILED: "a test message is tried once",
    Reason.NOT_MATCHED: "a bug kept this text from being matched with the rules: please report it",
}


@dataclass(frozen=True, slots=True)
class RuleRef:
    """What an alert stores of its rule."""

    id: str
    name: str
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """What a list of outlets needs of one article."""

    id: str
    outlet: str
    title: str
    url: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertedArticle:
    """The article that an alert is about, as it was at that moment."""

    id: str
    outlet: str
    source: str
    title: str
    lead: str
    url: str
    author: str | None
    published: datetime
    first_seen: datetime
    partial: bool
    live: Live | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A hit in its sentence: `context[at : at + end - start] == text`.

    `text` is empty in a sentence that is told although no word was found in it.
    `passage` is the key of the passage with the hit, empty in quotes of an older version. `time` is
    when it was written, if the outlet says so.
    """

    field: str
    start: int
    end: int
    text: str
    context: str
    at: int
    passage: str = ""
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A passage before and after a change; one of the two texts may be empty.

    `passage` is the key of the new form, or of the old one if no hit is left. `time` is when it was
    written, if the outlet says so.
    """

    field: str
    before: str
    after: str
    passage: str = ""
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What an update tells: new, changed and gone passages, newest first.

    `left_out` counts the edits that are not among `edits`.
    """

    revision: int
    edits: tuple[Edit, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """News about Nieuwswacht itself."""

    subject: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """One event to tell; rule, story and event make it unique."""

    id: str
    kind: EventKind
    rule: RuleRef
    story: str
    event: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAlert(_Event):
    """News in an article, with the hits in it or, of a later text, with its `change`.

    `event` is `story` for the first alert of a rule. It is `copy:<article>` for the news of another
    article, and `correction:<article>:<revision>` for the news of a later text. If a second reading
    has confirmed that news, the time of this reading comes after it. `late` says that an earlier
    text of the article did not match. `changed` is when the text was first seen, if it is not the
    article's first. The alert holds what is new to any receiver; a delivery tells only what is new
    to its own. `unquoted` counts the sentences with a hit that have no quote.
    """

    article: AlertedArticle
    revision: int = 0
    quotes: tuple[Quote, ...] = ()
    unquoted: int = 0
    change: Change | None = None
    late: bool = False
    changed: datetime | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits that it tells; none if it has no change."""
        return self.change.edits if self.change else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAlert(_Event):
    """News about Nieuwswacht itself; its story is empty."""

    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionAlert(_Event):
    """An edition of a morning paper; its story is empty, and it takes no alert's place."""

    edition: Edition


@dataclass(frozen=True, slots=True)
class WaveStory:
    """A story of a wave: its first alert of the rule, and its articles."""

    alert: ArticleAlert
    articles: tuple[ArticleRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeAlert(_Event):
    """News of a wave of its rule, with its stories; its own story is empty.

    `graph` has the stories of each of the last windows of the time `over`, the newest last.
    `left_out` counts the stories that are not among `stories`. What it shows of a story is told by
    the message of that story alone, or by the alerts that this message has taken over.
    """

    phase: WavePhase
    wave: Wave
    window: Window
    over: timedelta
    graph: tuple[int, ...]
    stories: tuple[WaveStory, ...] = ()
    left_out: int = 0

    @property
    def group(self) -> str:
        """What all alerts about one wave have in common."""
        return f"wave:{self.rule.id}:{self.wave.began.isoformat()}"


Alert = ArticleAlert | NoticeAlert | EditionAlert | VolumeAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision not to tell an article for a rule, in one channel or, with "", in all.

    `rule` is empty if the article could not be matched; then it is told for no rule.
    """

    article: str
    story: str
    rule: str
    reason: Reason
    channel: str = ""
    detail: str = field(default="")


def alert_id(rule: str, story: str, event: str) -> str:
    """The id of an alert, made from what makes the alert unique."""
    return "alr_" + _digest(rule, story, event)


def delivery_id(channel: str, target: str, first_alert: str, salt: str) -> str:
    """The id of a delivery: the same in all its attempts, and without a dot."""
    return "dlv_" + _digest(channel, target, first_alert, salt)


def _digest(*parts: str) -> str:
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=12).hexdigest()
