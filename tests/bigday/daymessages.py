"""What a person reads in a message: the bytes of Slack, mail and webhook, taken apart by story."""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_URL = re.compile(r"https?://[^\s|>]+?(/nieuws/[^\s|>]+)")
# The link of a story begins its line; those of copies stand within one.
_LINK = re.compile(r"<?https?://")
_REMAINDER = re.compile(r"[Ee]n nog (\d+) passages?\b")
# What a sentence was before, and that it is gone, is no news of that sentence.
_BEFORE = re.compile(r"^[^:]{0,60}\b(?:Was|Weg): ")
_SAID = re.compile(r"^> |\b(?:Nu|Nieuw): ")


@dataclass(slots=True)
class Section:
    """What a message says of one story: its links, its lines, and how many passages it left out.

    `said` is what is news in it, `before` what the text was; both as letters and digits alone.
    """

    paths: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    left_out: int = 0


def squeezed(text: str) -> str:
    """The letters and digits of a text: marks, quotes and spaces are a matter of form."""
    return "".join(sign for sign in text if sign.isalnum())


def sections_of(receiver: str, data: bytes) -> list[Section]:
    """A message as it was received, by story."""
    if "@" in receiver:
        return _by_link(_mail_lines(data))
    payload = json.loads(data)
    if receiver == "hook":
        return list(_of_body(payload))
    return _by_link(_slack_lines(payload))


def _mail_lines(data: bytes) -> list[str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = message.get_body(("plain",))  # type: ignore[attr-defined]  # what the policy makes
    return part.get_content().splitlines()  # type: ignore[no-any-return]  # a text part


def _slack_lines(payload: Mapping[str, Any]) -> list[str]:
    blocks = payload.get("blocks") or [{"text": {"text": payload.get("text", "")}}]
    texts = [text for block in blocks for text in _slack_texts(block)]
    return [html.unescape(line) for text in texts for line in text.split("\n")]


def _slack_texts(block: Mapping[str, Any]) -> Iterator[str]:
    for part in (block.get("text"), *block.get("elements", ()), *block.get("fields", ())):
        if isinstance(part, dict):
            yield str(part["text"]["text"] if isinstance(part.get("text"), dict) else part["text"])
            if "url" in part:
                yield str(part["url"])


def _by_link(lines: list[str]) -> list[Section]:
    """The lines by story: a link ends its story, or in an overview begins it."""
    links = [place for place, line in enumerate(lines) if _LINK.match(line)]
    said = [place for place, line in enumerate(lines) if _SAID.search(line)]
    first = bool(links) and (not said or links[0] < said[0])
    found, current = [], Section()
    for line in lines:
        linked = _LINK.match(line)
        if linked and first and current.paths:
            found.append(current)
            current = Section()
        _add(current, line)
        if linked and not first:
            found.append(current)
            current = Section()
    if current.said or current.paths:
        found.append(current)
    return found


def _add(section: Section, line: str) -> None:
    section.paths += _URL.findall(line) if _LINK.match(line) else []
    section.left_out += sum(map(int, _REMAINDER.findall(line)))
    (section.before if _BEFORE.match(line) else section.said).append(squeezed(line))


def _of_body(payload: Any) -> Iterator[Section]:
    """The stories in the body of a webhook, however deep they stand."""
    if isinstance(payload, list):
        for each in payload:
            yield from _of_body(each)
    elif isinstance(payload, dict) and "hits" in payload and "article" in payload:
        yield _of_alert(payload)
    elif isinstance(payload, dict):
        for each in payload.values():
            yield from _of_body(each)


def _of_alert(alert: Mapping[str, Any]) -> Section:
    article = alert["article"] or {}
    changes = [*alert.get("changes", ()), *([alert["change"]] if alert.get("change") else [])]
    edits = [edit for change in changes for edit in change["edits"]]
    # The headlines of copies are named among the articles of the story.
    titles = [article.get("title", ""), *(each["title"] for each in alert["story"]["articles"])]
    said = [*titles, *(hit["context"] for hit in alert["hits"]), *(edit["after"] for edit in edits)]
    return Section(
        paths=_URL.findall(article.get("url", "")),
        said=[squeezed(text) for text in said],
        before=[squeezed(edit["before"]) for edit in edits],
        left_out=alert.get("passages_left_out", 0),
    )
