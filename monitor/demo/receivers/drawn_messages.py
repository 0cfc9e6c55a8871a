"""The messages as their receivers got them, drawn for a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from email.message import EmailMessage
from typing import Any

from rich import box
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from crawler.text import clean, one_line

_MAIL_HEADERS = (
    *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
    *("List-Id", "Auto-Submitted", "X-Priority"),
)
_WEBHOOK_HEADERS = ("content-type", "webhook-id", "webhook-timestamp", "webhook-signature")
# Chosen: characters, items and words that are shown, so that a message fits on a page.
_LONGEST_STRING = 160
_MOST_ITEMS = 2
_MOST_WORDS = 8

# Slack's mrkdwn (https://docs.slack.dev/messaging/formatting-message-text): links, then emphasis.
_MRKDWN = re.compile(
    r"<(?P<url>https?://[^|>\s]+)(?:\|(?P<label>[^>]+))?>"
    r"|(?<!\w)\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
    r"|(?<!\w)~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?!\w)"
    r"|`(?P<code>[^`\n]+)`"
)
_STYLES = {
    "bold": "bold",
    "italic": "italic",
    "strike": "strike",
    "code": "red",
    "label": "underline blue",
    "url": "underline blue",
}


def slack_message(payload: Mapping[str, Any], *, channel: str) -> RenderableType:
    """The message as a person sees it in Slack, drawn from the JSON that was received."""
    blocks = payload.get("blocks") or [{"type": "section", "text": {"text": payload.get("text")}}]
    drawn = [part for block in blocks for part in _block(block)]
    title = Text.assemble(("Slack ", "bold"), f"#{one_line(channel)}")
    return Panel(Group(*drawn), title=title, title_align="left", border_style="magenta")


def _block(block: Mapping[str, Any]) -> Iterator[RenderableType]:
    kind = block.get("type")
    if kind == "divider":
        yield Rule(style="dim")
    elif kind == "header":
        yield Text(_said(block.get("text")).plain, style="bold")
    elif kind == "context":
        yield Text("  ").join(_said(element) for element in block.get("elements", ()))
    elif kind == "actions":
        yield Columns([_button(element) for element in block.get("elements", ())])
    else:
        yield from _section(block)


def _section(block: Mapping[str, Any]) -> Iterator[RenderableType]:
    if "text" in block:
        yield _said(block["text"])
    if fields := block.get("fields"):
        yield Columns([_said(field) for field in fields], padding=(0, 4))
    if (accessory := block.get("accessory", {})).get("type") == "button":
        yield _button(accessory)


def _button(element: Mapping[str, Any]) -> RenderableType:
    return Panel.fit(_said(element.get("text")), box=box.ROUNDED, padding=(0, 1))


def _said(value: Any) -> Text:
    """The text of a Slack text object: plain text as it is, mrkdwn with its emphasis."""
    if not isinstance(value, Mapping):
        return Text()
    text = str(value.get("text") or "")
    return Text(clean(text)) if value.get("type") == "plain_text" else mrkdwn_text(text)


def mrkdwn_text(mrkdwn: str) -> Text:
    """Slack's mark-up as styled text, with its escapes resolved."""
    return Text("\n").join(_mrkdwn_line(line) for line in mrkdwn.split("\n"))


def _mrkdwn_line(line: str) -> Text:
    if not line.startswith(">"):
        return _emphasised(line)
    return Text.assemble(("▎ ", "dim"), _emphasised(line[1:].lstrip()))


def _emphasised(source: str) -> Text:
    text, at = Text(), 0
    for found in _MRKDWN.finditer(source):
        text.append(_unescaped(source[at : found.start()]))
        name = found.lastgroup or "url"
        if name in {"bold", "italic", "strike"}:  # emphasis may hold more emphasis, and links
            inner = _emphasised(found[name])
            inner.stylize_before(_STYLES[name])
            text.append_text(inner)
        else:
            text.append(_unescaped(found[name]), style=_STYLES[name])
        at = found.end()
    text.append(_unescaped(source[at:]))
    return text


def _unescaped(text: str) -> str:
    # Zero-width spaces keep Slack's marks apart from words, so they go last.
    return clean(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def mail_message(message: EmailMessage) -> RenderableType:
    """The mail with the headers that matter and its text part."""
    head = _pairs((name, str(message[name])) for name in _MAIL_HEADERS if name in message)
    part = message.get_body(preferencelist=("plain",))
    text = Text(clean(part.get_content()).strip() if part else "(no text part)")
    title = Text.assemble(("Mail ", "bold"), _forms(message))
    return Panel(Group(head, Rule(style="dim"), text), title=title, title_align="left")


def _forms(message: EmailMessage) -> str:
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    return f"({' and '.join(kinds)})"


def webhook_message(headers: Mapping[str, str], body: bytes, *, verdict: str) -> RenderableType:
    """The webhook with its headers, its JSON, and what the receiver made of the signature."""
    head = _pairs((name, headers[name]) for name in _WEBHOOK_HEADERS if name in headers)
    title = Text.assemble(("Webhook ", "bold"), "signature: ", (one_line(verdict), "bold green"))
    shown = Text(_indented(body))
    shown.highlight_regex(r'"[^"\n]*"(?=:)', "blue")
    return Panel(Group(head, Rule(style="dim"), shown), title=title, title_align="left")


def _indented(body: bytes) -> str:
    try:
        data = json.loads(body)
    except ValueError:
        return clean(body.decode("utf-8", "replace"))
    return clean(json.dumps(_shortened(data), ensure_ascii=False, indent=2))


def _shortened(value: Any) -> Any:
    """The value with long strings and lists cut: it shows people the form of the body."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_STRING else f"{value[:_LONGEST_STRING]}…"
    if isinstance(value, list):
        return _first_items([_shortened(item) for item in value])
    if isinstance(value, dict):
        return {key: _shortened(item) for key, item in value.items()}
    return value


def _first_items(items: list[Any]) -> list[Any]:
    most = _MOST_ITEMS if any(isinstance(item, dict) for item in items) else _MOST_WORDS
    left = len(items) - most
    return [*items[:most], f"… and {left} more"] if left > 1 else items


def _pairs(pairs: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(name), Text(one_line(value)))
    return table
