"""What `[[channel]]` tables of all kinds have in common. No text of an error shows a secret."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TextIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from alerts.faults import SettingFault
from alerts.policy.quiet_hours import QuietHours
from alerts.policy.retry import Schedule
from alerts.rendering.languages import languages
from crawler.config import (
    Duration,
    Identifier,
    Table,
    TimeOfDay,
    between,
    check_address,
    choice_fault,
    fault,
)
from crawler.errors import ConfigError
from crawler.faults import FileFault
from crawler.frozen import dataclass

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.policy.placement import ChannelPlan
    from alerts.rendering.tale import Style
    from alerts.transport.connection import Gate

_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*([smh])")
_RATE_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_SPAN = re.compile(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")


def listed(value: object) -> object:
    """The value as a list; a list stays as it is."""
    return value if isinstance(value, list | tuple) else [value]


def _rate(value: object) -> object:
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not float(found[1]):
        raise fault(SettingFault.NO_RATE(value=repr(value)))
    return float(found[1]) / _RATE_UNITS[found[2]]


def _language(value: str) -> str:
    if value not in languages():
        raise fault(choice_fault(" or ".join(map(repr, languages()))))
    return value


def _web_address(value: SecretStr) -> SecretStr:
    check_address(value.get_secret_value(), FileFault.LOGIN_OF_CHANNEL())
    return value


# Chosen: whoever wants to wait longer wants a digest.
_A_DAY = between(("0s", timedelta()), ("24h", timedelta(days=1)))
GroupTime = Annotated[Duration, AfterValidator(_A_DAY)]
Language = Annotated[str, AfterValidator(_language)]
Clocks = Annotated[tuple[TimeOfDay, ...], BeforeValidator(listed)]
Rate = Annotated[float, BeforeValidator(_rate)]
SecretAddress = Annotated[SecretStr, AfterValidator(_web_address)]


class QuietTable(Table):
    """`quiet_hours`: `"22:00-07:00"`, or a table that says if urgent alerts are held too."""

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")
    high: Literal["send", "hold"] = "send"


def _quiet(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _SPAN.fullmatch(value)
    if found is None:
        raise fault(SettingFault.NO_SPAN(value=repr(value)))
    return {"from": found[1], "to": found[2]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a channel needs to open: its plan, its style, and which addresses it may reach.

    `stream` is where a console writes; None means standard output.
    """

    plan: ChannelPlan
    style: Style
    gate: Gate
    stream: TextIO | None = None


class CommonConfig(Table):
    """The settings of every channel, and what the deciders have to know about its kind.

    A kind has its name in a field `kind`, and opens its channel in `opened`. `capacity` is how many
    stories a digest of this kind can hold. `people` is true if people read the channel. It is false
    if a machine does, which needs each alert in a message of its own.
    """

    capacity: ClassVar[int]
    schedule: ClassVar[Schedule] = Schedule.CHAT
    people: ClassVar[bool] = True

    id: Identifier
    language: Language = "nl"
    digest: Clocks = ()
    quiet_hours: Annotated[QuietTable | None, BeforeValidator(_quiet)] = None
    group_wait: GroupTime = timedelta(seconds=20)
    group_interval: GroupTime = timedelta(minutes=15)
    urgent_group_interval: GroupTime = timedelta(minutes=2)
    related: Literal["together", "apart"] = "together"
    rate: Rate = 0.0
    heartbeat: TimeOfDay | None = None

    @property
    def quiet(self) -> QuietHours | None:
        """The quiet hours as the deciders know them."""
        table = self.quiet_hours
        if table is None:
            return None
        return QuietHours(table.start, table.end, hold_high=table.high == "hold")

    @property
    def targets(self) -> tuple[str, ...]:
        """The recipients; a single empty name if the kind has none."""
        return ("",)

    def plan(self, zone: ZoneInfo) -> ChannelPlan:
        """What the deciders know about this channel."""
        from alerts.policy.placement import ChannelPlan

        return ChannelPlan(
            id=self.id,
            zone=zone,
            targets=self.targets,
            schedule=self.schedule,
            digest=self.digest,
            quiet=self.quiet,
            group_wait=self.group_wait,
            group_interval=self.group_interval,
            urgent_group_interval=self.urgent_group_interval,
            related=self.related == "together",
            rate=self.rate,
            capacity=self.capacity,
            people=self.people,
            heartbeat=self.heartbeat,
            language=self.language,
        )

    def opened(self, opening: Opening) -> Channel:
        """The channel that this configuration describes.

        Raises:
            ConfigError: the channel could never deliver as configured.
        """
        raise NotImplementedError


def require_tls(channel: str, url: str, gate: Gate) -> None:
    """Make sure that the URL has TLS, unless the configuration opens a range of addresses.

    Whether its host is in an opened range is checked when it is connected.

    Raises:
        ConfigError: the URL has no TLS and no range is open; the error names the remedy.
    """
    if urlsplit(url).scheme == "http" and not gate.allow:
        raise ConfigError(SettingFault.IN_THE_CLEAR(), table=f'channel "{channel}"')
