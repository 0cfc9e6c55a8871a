"""Slack's rules for a payload, written down once more and independently of the code.

`slack_sdk` builds and validates the blocks; the limits that it does not know are those of Slack's
reference for Block Kit.
"""

from __future__ import annotations

import json
import re
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.blocks import ContextBlock, HeaderBlock, SectionBlock

LIMITS = {"header": 150, "section": 3000, "context": 3000}
_TOKEN = re.compile(r"<([^<>]*)>")
_LINK = re.compile(r"https?://[^\s|<>]+\|[^|<>]+")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")


def faults_of(payload: dict[str, Any]) -> list[str]:
    """What Slack would refuse or misread in this payload."""
    faults = []
    if not payload.get("text"):
        faults.append("no_text")
    if payload.get("unfurl_links") is not False or payload.get("unfurl_media") is not False:
        faults.append("unfurls")
    if len(json.dumps(payload, ensure_ascii=False)) > 9_100:
        faults.append("msg_too_long")
    faults += _mrkdwn_faults(payload.get("text", ""))
    blocks = payload.get("blocks", [])
    if len(blocks) > 50:
        faults.append("too many blocks")
    for block in blocks:
        faults += _block_faults(block)
    return faults


def _block_faults(block: dict[str, Any]) -> list[str]:
    known = {"header": HeaderBlock, "section": SectionBlock, "context": ContextBlock}
    parsed = Block.parse(block)
    if not isinstance(parsed, known[block["type"]]):
        return [f"slack_sdk does not know {block['type']}"]
    parsed.validate_json()
    texts = block.get("elements", []) or [block["text"]]
    faults = ["more than 10 elements"] if len(texts) > 10 else []
    for text in texts:
        if not 0 < len(text["text"]) <= LIMITS[block["type"]]:
            faults.append(f"{block['type']} of {len(text['text'])} characters")
        if text["type"] == "mrkdwn":
            faults += _mrkdwn_faults(text["text"])
        elif text.get("emoji") is not False:
            faults.append("emoji in plain text")
    return faults


def _mrkdwn_faults(text: str) -> list[str]:
    """Anything in angle brackets that is not one of our links, and any bare `&`."""
    faults = [f"command {token!r}" for token in _TOKEN.findall(text) if not _LINK.fullmatch(token)]
    rest = _TOKEN.sub("", text)
    if "<" in rest or ">" in rest.replace("\n> ", "\n").removeprefix("> "):
        faults.append(f"bare bracket in {rest[:60]!r}")
    if _ENTITY.search(text):
        faults.append(f"bare & in {text[:60]!r}")
    return faults
