"""E-mail: one mail for each recipient, so that each has an outcome of its own."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr

from alerts.channel import Send
from alerts.channels.email.email_config import EmailConfig
from alerts.channels.email.email_message import Postmark, mail_of, mailed_view, name_of
from alerts.message import Parcel
from alerts.policy.placement import ChannelPlan
from alerts.rendering.tale import Style
from alerts.transport.smtp import Envelope, SmtpServer
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Email:
    """Sends mail through one SMTP server."""

    plan: ChannelPlan
    style: Style
    config: EmailConfig
    server: SmtpServer

    def prepared(self, parcel: Parcel) -> Send:
        """The mail to one recipient, ready to be sent."""
        threaded = self.config.subject == "story"
        postmark = Postmark(self.config.sender, self.config.id, threaded=threaded)
        style = self.style.of(parcel.message)
        view = mailed_view(parcel, style)
        envelope = Envelope(
            sender=parseaddr(self.config.sender)[1],
            recipient=parseaddr(parcel.target)[1],
            mail=mail_of(parcel, view, style, postmark),
        )
        name = name_of(parcel.message, view, style.words, postmark)
        return lambda: replace(self.server.send(envelope), reference=name, shown=view.shown)
