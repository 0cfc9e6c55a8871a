"""Other services through the library Apprise: best effort, since it says only yes or no.

Apprise makes its own connections. So the address guard, the limits on answers and the kinds of
outcomes that other channels promise do not apply.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from dataclasses import replace
from typing import Any

from alerts.channel import Send
from alerts.channels.apprise.apprise_config import AppriseConfig
from alerts.faults import SettingFault
from alerts.faults.delivery_fault import DeliveryFault
from alerts.message import Parcel
from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.clean import cut
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from crawler.errors import ConfigError
from crawler.frozen import dataclass

# Characters. Below the limit of Discord, 2,000, the lowest of the large services.
MOST_BODY = 1800
# Characters. Chosen: headlines are shorter, and every service accepts it.
MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Apprise:
    """Sends text to a service that Apprise knows."""

    plan: ChannelPlan
    style: Style
    config: AppriseConfig

    def prepared(self, parcel: Parcel) -> Send:
        """The message as text, ready for the service."""
        style = self.style.of(parcel.message)
        words = style.words
        view = fitting_view(view_of(parcel.message, style), words)
        title, body = cut(view.subject, MOST_TITLE), text_of(view, words)
        url = self.config.url.get_secret_value()
        return lambda: replace(_notified(url, title, body), shown=view.shown)


def fitting_view(view: View, words: Phrases) -> View:
    """As much of the message as every service takes, and a line about the rest."""
    return fitted(view, Form(words, lambda part: len(text_of(part, words)) <= MOST_BODY))


def require_apprise(config: AppriseConfig) -> None:
    """Make sure that the library is installed and knows the service.

    Raises:
        ConfigError: it does not; the error names the remedy.
    """
    if importlib.util.find_spec("apprise") is None:
        raise ConfigError(SettingFault.NO_APPRISE(channel=config.id))
    if not _service(config.url.get_secret_value()):
        raise ConfigError(SettingFault.NO_SERVICE(), table=f'channel "{config.id}"')


def _service(url: str) -> Any:
    apprise: Any = importlib.import_module("apprise")
    # Both log whole addresses, which are secrets.
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    service = apprise.Apprise()
    return service if service.add(url) else None


def _notified(url: str, title: str, body: str) -> Receipt:
    service = _service(url)
    if service is None:
        raise DeliveryError(Outcome.CHANNEL_REJECTED, DeliveryFault.NO_SUCH_SERVICE())
    if not service.notify(body=body, title=title, body_format="text"):
        # "No" may mean anything: a wrong token, but also a lost answer to a message that arrived.
        raise DeliveryError(Outcome.UNKNOWN, DeliveryFault.SERVICE_SAYS_NO())
    return Receipt("apprise says yes")
