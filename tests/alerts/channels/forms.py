"""Each form that a message can have, and the messages that follow when one does not hold all."""

from __future__ import annotations

import email
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from typing import Any

import messages
from deliverydesk import AMSTERDAM

from alerts.channels.apprise.apprise_channel import fitting_view as apprise_view
from alerts.channels.discord.discord_channel import (
    fitting_view as discord_view,
    payload_of as discord_payload,
)
from alerts.channels.email.email_message import Postmark, mail_of, mailed_view
from alerts.channels.matrix.matrix_channel import content_of, fitting_view as matrix_view
from alerts.channels.mattermost.mattermost_channel import (
    fitting_view as mattermost_view,
    markdown_of,
)
from alerts.channels.ntfy.ntfy_channel import fitting_view as ntfy_view
from alerts.channels.slack.slack_blocks import fitting_view as slack_view, payload_of
from alerts.channels.teams.teams_card import fitting_view as teams_view, payload_of as teams_card
from alerts.channels.telegram.telegram_channel import fitting_view as telegram_view, html_of
from alerts.message import Message
from alerts.outcome import Shown
from alerts.rendering.passages import continuation
from alerts.rendering.phrases import phrases_of
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of

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


def ntfy(told: Message) -> Rendered:
    view = ntfy_view(view_of(told, STYLE), NL)
    return Rendered(text_of(view, NL), view.shown)


def mattermost(told: Message) -> Rendered:
    view = mattermost_view(view_of(told, STYLE), NL)
    return Rendered(read_markdown(markdown_of(view, NL)), view.shown)


def discord(told: Message, *, plain: bool = False) -> Rendered:
    view = discord_view(view_of(told, STYLE), NL, plain=plain)
    payload = discord_payload(view, NL, plain=plain)
    text = payload["content"] if plain else payload["embeds"][0]["description"]
    return Rendered(read_markdown(text), view.shown)


def discord_plain(told: Message) -> Rendered:
    return discord(told, plain=True)


def telegram(told: Message) -> Rendered:
    view = telegram_view(view_of(told, STYLE), NL)
    return Rendered(read_html(html_of(view, NL)), view.shown)


def matrix(told: Message) -> Rendered:
    view = matrix_view(view_of(told, STYLE), NL)
    return Rendered(read_html(content_of(view, NL, plain=False)["formatted_body"]), view.shown)


def teams(told: Message) -> Rendered:
    view = teams_view(view_of(told, STYLE), NL)
    card = teams_card(view, NL, plain=False)["attachments"][0]["content"]
    lines = ("".join(map(_inline, block["inlines"])) for block in card["body"])
    return Rendered("\n".join(lines), view.shown)


def _inline(run: dict[str, Any]) -> str:
    url = run.get("selectAction", {}).get("url", "")
    return f"{run['text']} ({url})" if url else str(run["text"])


def read_markdown(text: str) -> str:
    """What a reader sees of Markdown, with the addresses of its links."""
    return re.sub(r"\\(.)", r"\1", text.replace("\u200b", "").replace("**", ""))


def read_html(text: str) -> str:
    """What a reader sees of HTML, with the addresses of its links."""
    linked = re.sub(r'<a href="([^"]+)">(.*?)</a>', r"\2 (\1)", text.replace("<br/>", "\n"))
    return html.unescape(re.sub(r"</?(?:b|blockquote)>", "", linked)).replace("\u200b", "")


FORMS: dict[str, Callable[[Message], Rendered]] = {
    form.__name__: form
    for form in (
        *(slack, slack_plain, console, apprise, mail),
        *(ntfy, mattermost, discord, discord_plain, telegram, matrix, teams),
    )
}


def in_turn(told: Message, form: Callable[[Message], Rendered]) -> Iterator[Rendered]:
    """Yield the message and each that follows it."""
    following: Message | None = told
    while following is not None:
        made = form(following)
        yield made
        following = continuation(following, made.shown)
