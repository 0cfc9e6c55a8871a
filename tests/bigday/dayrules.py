"""The rules, channels and sources of a simulated day, as files and as the oracle knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dayplan import OUTLETS, START, ZONE, Calendar, Sentence

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
MAILBOXES = ("analist@example.org", "eindredactie@example.org")
DIGEST = "dagoverzicht@example.org"


@dataclass(frozen=True, slots=True)
class DayRule:
    """A rule as its file says it, and as the oracle understands it.

    It matches a text that has one of the words (or each of them, with `every`) and none of `never`.
    """

    name: str
    query: str
    words: tuple[str, ...]
    channels: tuple[str, ...]
    every: bool = False
    never: tuple[str, ...] = ()
    high: bool = False
    from_noon: bool = False

    def found_in(self, text: Iterable[Sentence]) -> set[Sentence]:
        """The sentences in which it finds something, if the text as a whole matches."""
        sentences = list(text)
        whole = " ".join(each.text for each in sentences).lower()
        enough = all if self.every else any
        if not enough(word in whole for word in self.words):
            return set()
        if any(word in whole for word in self.never):
            return set()
        return {each for each in sentences if any(word in each.text.lower() for word in self.words)}


RULES = (
    DayRule(
        "jihad",
        "jihadist* OR kalifa*",
        ("jihadist", "kalifa"),
        ("slack", "mail", "hook"),
        high=True,
    ),
    DayRule(
        "kampen",
        "tentenkamp* OR vluchtelingenkamp*",
        ("tentenkamp", "vluchtelingenkamp"),
        ("slack", "hook", "dag"),
    ),
    DayRule("rechters", "uitreiziger*", ("uitreiziger",), ("slack", "mail", "dag")),
    DayRule("brand", '"uitslaande brand"', ("uitslaande brand",), ("slack", "hook", "dag")),
    DayRule("hulp", "hulpkonvooi*", ("hulpkonvooi",), ("slack", "hook"), from_noon=True),
    DayRule(
        "gijzel",
        "gijzelaar* NOT oefening",
        ("gijzelaar",),
        ("slack", "hook"),
        never=("oefening",),
        high=True,
    ),
    DayRule(
        "akkoord",
        "wapenstilstand AND gezant*",
        ("wapenstilstand", "gezant"),
        ("slack", "hook"),
        every=True,
    ),
)
# The rules that the channel which comes at three gets.
_AT_THREE = ("jihad", "kampen")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who hears: a channel, and in a channel of mail each address. `since` is by rule."""

    name: str
    channel: str
    since: Mapping[str, datetime]
    digest: bool = False

    @property
    def urgent(self) -> frozenset[str]:
        return frozenset(rule.name for rule in RULES if rule.high and rule.name in self.since)


def receivers(calendar: Calendar) -> list[Receiver]:
    """Everybody who hears on this day, from when, of which rules."""

    def routes(channel: str) -> dict[str, datetime]:
        return {
            rule.name: calendar.noon if rule.from_noon else START
            for rule in RULES
            if channel in rule.channels
        }

    return [
        Receiver("slack", "slack", routes("slack")),
        *(Receiver(box, "mail", routes("mail")) for box in MAILBOXES),
        Receiver("hook", "hook", routes("hook")),
        Receiver(DIGEST, "dag", routes("dag"), digest=True),
        Receiver("drie", "drie", dict.fromkeys(_AT_THREE, calendar.three)),
    ]


def rules_toml(calendar: Calendar, now: datetime) -> str:
    """`rules.toml` as it is at this time."""
    return "\n".join(_rule(rule, calendar, now) for rule in RULES if _there(rule, calendar, now))


def _there(rule: DayRule, calendar: Calendar, now: datetime) -> bool:
    return not rule.from_noon or now >= calendar.noon


def _rule(rule: DayRule, calendar: Calendar, now: datetime) -> str:
    late = ("drie",) if now >= calendar.three and rule.name in _AT_THREE else ()
    names = ", ".join(f'"{name}"' for name in (*rule.channels, *late))
    return (
        f'[[rule]]\nid = "{rule.name}"\nname = "Regel {rule.name}"\nquery = \'{rule.query}\'\n'
        f'channels = [{names}]\npriority = "{"high" if rule.high else "normal"}"\n'
    )


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the receivers listen."""

    http: str
    smtp: int


def channels_toml(calendar: Calendar, ports: Ports, now: datetime) -> str:
    """`channels.toml` as it is at this time."""
    begins, ends = (_clock(each) for each in calendar.quiet)
    digests = ", ".join(f'"{_clock(each)}"' for each in calendar.digests)
    boxes = ", ".join(f'"{box}"' for box in MAILBOXES)
    server = (
        f'kind = "email"\nhost = "127.0.0.1"\nport = {ports.smtp}\nsecurity = "none"\n'
        'sender = "Nieuwswacht <alerts@example.org>"\n'
    )
    tables = [
        f'id = "slack"\nkind = "slack"\nwebhook_url = "{ports.http}/slack"\nrate = "1000/s"\n',
        f'id = "mail"\n{server}to = [{boxes}]\n'
        f'quiet_hours = {{ from = "{begins}", to = "{ends}", high = "hold" }}\n',
        f'id = "hook"\nkind = "webhook"\nurl = "{ports.http}/hook"\nsecret = "{SECRET}"\n',
        f'id = "dag"\n{server}to = "{DIGEST}"\ndigest = [{digests}]\n',
    ]
    if now >= calendar.three:
        url = f"{ports.http}/drie"
        tables.append(f'id = "drie"\nkind = "slack"\nwebhook_url = "{url}"\nrate = "1000/s"\n')
    return "\n".join(f"[[channel]]\n{table}" for table in tables)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def sources_toml(roots: Mapping[str, str]) -> str:
    """`sources.toml`: the feeds of the outlets."""
    return "\n".join(
        f'[[source]]\nid = "{name}"\noutlet = "{OUTLETS[name]}"\nkind = "feed"\n'
        f'url = "{root}/rss"\nevery = "3m"\n'
        for name, root in roots.items()
    )


SETTINGS = (
    '[crawl]\ndelay = "0s"\ntimeout = "10s"\nper_host = 4\nworkers = 1\n'
    '[network]\nallow = ["127.0.0.0/8"]\n[schedule]\nfirst_run = "silent"\n'
)


def write_configuration(
    folder: Path, calendar: Calendar, roots: Mapping[str, str], ports: Ports, now: datetime
) -> None:
    """All four files, as somebody has them at this time."""
    folder.mkdir(exist_ok=True)
    files = {
        "nieuwswacht.toml": SETTINGS,
        "sources.toml": sources_toml(roots),
        "channels.toml": channels_toml(calendar, ports, now),
        "rules.toml": rules_toml(calendar, now),
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
