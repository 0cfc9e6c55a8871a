"""Who hears of a text: each target of a channel, with the rules that go there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from alerts.policy.placement import ChannelPlan
from alerts.telling import Receiver, ReceiverNews
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Audience:
    """A receiver, and the rules it hears of; `plan` is None for rules without a channel."""

    receiver: Receiver
    plan: ChannelPlan | None
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeardNews:
    """What in one text is news for one receiver."""

    audience: Audience
    news: ReceiverNews


def audiences_of(
    channels: Mapping[str, Iterable[str]], plans: Mapping[str, ChannelPlan]
) -> list[Audience]:
    """Who hears of these rules, given the channels of each; targets of a channel hear the same."""
    heard: defaultdict[str, set[str]] = defaultdict(set)
    for rule, names in channels.items():
        for name in [name for name in names if name in plans] or [""]:
            heard[name].add(rule)
    return [
        Audience(Receiver(name, target), plans.get(name), frozenset(rules))
        for name, rules in heard.items()
        for target in (plans[name].targets if name in plans else ("",))
    ]
