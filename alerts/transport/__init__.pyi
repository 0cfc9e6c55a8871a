from .connection import Gate as Gate
from .http import (
    HttpAnswer as HttpAnswer,
    HttpSender as HttpSender,
    Post as Post,
)
from .smtp import (
    Envelope as Envelope,
    SmtpServer as SmtpServer,
)
