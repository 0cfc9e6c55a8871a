"""What can be wrong in rules, channels and papers. Values are stored: see `delivery_fault`."""

from __future__ import annotations

from alerts.faults.query_fault import QueryFault
from crawler.faults import Fault, FaultKind, FileFault, fault_in, noted


class SettingFault(FaultKind):
    """What is wrong in a file that only this half of the program knows."""

    # rules.toml.
    NO_CHANNELS = "no-channels"
    UNKNOWN_CHANNEL = "unknown-channel", "name", "names"
    NO_CHANNEL_AT_ALL = "no-channel-at-all", "name"
    NO_OUTLET = "no-outlet", "name"
    NO_OUTLET_NEAR = "no-outlet-near", "name", "near"
    NOT_FOUND = "example-not-found", "text", "why"
    FOUND = "example-found", "text", "why"
    NO_RULE = "no-rule"
    UNREAD_BY_BUG = "unread-by-bug", "bug"
    CHANNEL_IN_USE = "channel-in-use", "name"

    # Why a program cannot change a rule in its file.
    VALUES_ELSEWHERE = "values-elsewhere"
    STRANGE_KEYS = "strange-keys"
    ONE_LIST = "one-list"
    UNUSUAL_FORM = "unusual-form"

    # reviews.toml.
    UNKNOWN_RULE = "unknown-rule", "name", "names"
    NO_DAY = "no-day", "name", "days"
    RULES_AND_SECTIONS = "rules-and-sections"

    # channels.toml.
    NO_RATE = "no-rate", "value"
    NO_SPAN = "no-span", "value"
    IN_THE_CLEAR = "in-the-clear"
    NO_WEBHOOK_KEY = "no-webhook-key"
    NO_DISCORD = "no-discord-webhook"
    NO_TOPIC = "no-ntfy-topic"
    NO_BOT = "no-bot-token"
    NO_CHAT = "no-chat", "value"
    NO_ROOM = "no-room", "value"
    NO_MAIL_ADDRESS = "no-mail-address", "value"
    CLEAR_MAIL = "clear-mail", "host"
    HALF_LOGIN = "half-login"
    TWO_WAYS = "two-ways"
    HALF_SLACK = "half-slack"
    NO_APPRISE = "no-apprise", "channel"
    NO_SERVICE = "no-apprise-service"


_KINDS = (FileFault, QueryFault, SettingFault)


def config_note(fault: Fault, most: int | None = None) -> str:
    """A fault of the configuration as a line to be kept, from which each language can word it.

    Where only `most` characters are kept, a longer one stands there in English: it may be cut.
    """
    note = noted(fault, _KINDS)
    return note if most is None or len(note) <= most else str(fault)


def config_fault_in(text: str) -> Fault:
    """The fault in such a line; words of an older version stay as they are."""
    return fault_in(text, _KINDS)
