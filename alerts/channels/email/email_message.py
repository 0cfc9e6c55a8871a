"""A message as mail: text, the same as HTML, and the headers that threads and filters need.

Headers are written with `email.header.Header`, not with the newer policies, which damage long
subjects that are not ASCII. Each mail is parsed again before it is sent, to see that it is whole.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from email.charset import BASE64, SHORTEST, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from alerts.alert import EventKind
from alerts.message import Message, Parcel
from alerts.rendering.clean import cut, one_line
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import news_of, text_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.telling import word_edits
from crawler.frozen import dataclass

# Characters. RFC 5322 sets no limit. Chosen: no mail reader shows a longer subject.
MOST_SUBJECT = 300
# Bytes. Gmail hides everything after 102 kB of a mail, so links and rules of later stories too.
MOST_HTML = 95_000
_PREFIX = "[Nieuwswacht]"
# As by default, but apprise changes the default for the whole process once it is loaded.
_UTF_8 = Charset("utf-8")
_UTF_8.header_encoding, _UTF_8.body_encoding = SHORTEST, BASE64


class MailDamagedError(ValueError):
    """A mail, parsed again, is not what was written."""


@dataclass(frozen=True, slots=True)
class Postmark:
    """The sender of a channel's mail, the name of its list, and whether a story is one thread."""

    sender: str
    channel: str
    threaded: bool = True

    @property
    def domain(self) -> str:
        """The domain of message ids."""
        return parseaddr(self.sender)[1].rpartition("@")[2]


def mailed_view(parcel: Parcel, style: Style) -> View:
    """As much of the message as mail readers show in full, and a line about the rest."""

    def fits(part: View) -> bool:
        news = _news(parcel.message, part, style.words)
        return len(html_of(part, style, news).encode()) <= MOST_HTML

    return fitted(view_of(parcel.message, style), Form(style.words, fits))


def mail_of(parcel: Parcel, view: View, style: Style, postmark: Postmark) -> bytes:
    """The mail to one recipient, with CRLF line ends, ready for SMTP.

    Raises:
        MailDamagedError: the mail, parsed again, is not what was written.
    """
    news = _news(parcel.message, view, style.words)
    told = text_of(view, style.words)
    text = f"{news}\n\n{told}" if news else told
    mail = _part(text, "plain")
    if not parcel.plain:
        both = MIMEMultipart("alternative")
        both.attach(mail)
        both.attach(_part(html_of(view, style, news), "html"))
        mail = both  # type: ignore[assignment]  # both are mail
    subject = _subject(parcel.message, view, style.words, postmark)
    for name, value in _headers(parcel, subject, postmark).items():
        mail[name] = value
    written = mail.as_bytes(policy=policy.compat32.clone(linesep="\r\n"))
    _read_back(written, subject, text)
    return written


def _part(text: str, kind: str) -> MIMEText:
    return MIMEText(text, kind, _UTF_8)  # type: ignore[arg-type]  # a Charset will do


def name_of(message: Message, view: View, words: Phrases, postmark: Postmark) -> str:
    """The id and the subject of this mail, to which later mails about the story refer."""
    if not postmark.threaded:
        return ""
    subject = _subject(message, view, words, postmark)
    return f"{_message_id(message.id, postmark)} {subject}"


def _news(message: Message, view: View, words: Phrases) -> str:
    """The first line of an update: what is new, since the subject of a thread does not say it."""
    if message.kind is not EventKind.UPDATE:
        return ""
    return cut(one_line(news_of(view, words)), MOST_SUBJECT)


def _subject(message: Message, view: View, words: Phrases, postmark: Postmark) -> str:
    """The subject of the first mail about the story, so that Gmail threads it, or what is new."""
    if postmark.threaded:
        _, first = _first_mail(message)
        told = view.subject
    else:
        first, told = "", _news(message, view, words) or view.subject
    return f"Re: {first}" if first else cut(one_line(f"{_PREFIX} {told}"), MOST_SUBJECT)


def _first_mail(message: Message) -> tuple[str, str]:
    """The id and the subject of the first mail of a thread; empty in mails of older versions."""
    reference = message.thread.reference if message.thread else ""
    name, _, subject = reference.partition(" ") if reference.startswith("<") else ("", "", "")
    return name, subject


def _headers(parcel: Parcel, subject: str, postmark: Postmark) -> dict[str, str]:
    message = parcel.message
    name, address = parseaddr(postmark.sender)
    headers = {
        "From": formataddr((str(Header(name, _UTF_8)) if name else "", address)),
        "To": parcel.target,
        "Subject": Header(subject, _UTF_8, header_name="Subject").encode(),
        "Date": format_datetime(message.created),
        "Message-ID": _message_id(message.id, postmark),
        "List-Id": f"Nieuwswacht <{postmark.channel}.nieuwswacht.{postmark.domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if message.thread and postmark.threaded:
        name, _ = _first_mail(message)
        root = name or _message_id(message.thread.root, postmark)
        headers |= {"In-Reply-To": root, "References": root}
    if _is_urgent(message, subject):
        headers["Importance"] = "high"
    return headers


def _is_urgent(message: Message, subject: str) -> bool:
    return (
        bool(subject)
        and not message.cause.is_backlog
        and any(
            alert.rule.priority == "high" and alert.kind is not EventKind.TEST
            for alert in message.alerts
        )
    )


def _message_id(delivery: str, postmark: Postmark) -> str:
    return f"<{delivery}@{postmark.domain}>"


def html_of(view: View, style: Style, news: str = "") -> str:
    """The same message as HTML; every text from outside is escaped.

    `news` is hidden text before it, which mail readers show in their list after the subject.
    """
    return _template("edition.html" if view.paper else "mail.html").render(
        view=view,
        words=style.words,
        news=news,
        language=style.language,
        word_edits=word_edits,
    )


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("alerts.channels.email", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _read_back(written: bytes, subject: str, text: str) -> None:
    """Parse the mail as a receiver does, and compare it with what was meant."""
    read = message_from_bytes(written, policy=policy.default)
    first = next((part for part in read.walk() if part.get_content_type() == "text/plain"), None)
    if read["Subject"] != subject or first is None or read.defects:
        raise MailDamagedError("the subject does not read back as it was written")
    if first.get_content().split() != text.split():
        raise MailDamagedError("the text does not read back as it was written")
