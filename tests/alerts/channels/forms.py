"""Each form that a message can have, and the messages that follow when one does not hold all."""

from __future__ import annotations

import email
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy

import messages
from deliverydesk import AMSTERDAM

from alerts.channels.apprise.apprise_channel import fitting_view as apprise_view
from alerts.channels.email.email_message import Postmark, mail_of, mailed_view
from alerts.channels.slack.slack_blocks import fitting_view as slack_view, payload_of
from alerts.message import Message
from alerts.outcome import Shown
from alerts.rendering.passages import continuation
from alerts.rendering.phrases import phrases_of
from alerts.rendering.plaintext import text_of
from alerts.rendering.view import Style, view_of

STYLE = Style("nl", AMSTERDAM)
NL = phrases_of("nl")
POSTMARK = Postmark("Nieuwswacht <wacht@example.org>", "desk-mail")


@dataclass(frozen=True)
class Rendered:
    """A message as its receiver reads it, and what it says to have shown."""

    text: str
    shown: tuple[Shown, ...]


def slack(told: Message, *, plain: bool = False) -> Rendered:
    view = slack_view(view_of(told, STYLE), NL, plain=plain)
    text = json.dumps(payload_of(view, NL, plain=plain), ensure_ascii=False)
    return Rendered(text, view.shown)


def slack_plain(told: Message) -> Rendered:
    return slack(told, plain=True)


def console(told: Message) -> Rendered:
    view = view_of(told, STYLE)
    return Rendered(text_of(view, NL), view.shown)


def apprise(told: Message) -> Rendered:
    view = apprise_view(view_of(told, STYLE), NL)
    return Rendered(text_of(view, NL), view.shown)


def mail(told: Message) -> Rendered:
    """The HTML: what a program for mail shows."""
    parcel = messages.parcel(told, target="an@example.org")
    view = mailed_view(parcel, STYLE)
    raw = mail_of(parcel, view, STYLE, POSTMARK)
    html = email.message_from_bytes(raw, policy=policy.default).get_body(("html",))  # type: ignore[attr-defined]  # the newer message
    return Rendered(html.get_content().replace("\r\n", "\n"), view.shown)


FORMS: dict[str, Callable[[Message], Rendered]] = {
    form.__name__: form for form in (slack, slack_plain, console, apprise, mail)
}


def in_turn(told: Message, form: Callable[[Message], Rendered]) -> Iterator[Rendered]:
    """Yield the message and each that follows it."""
    following: Message | None = told
    while following is not None:
        made = form(following)
        yield made
        following = continuation(following, made.shown)
