from .connection import Gate as Gate
from .http import (
    HttpAnswer as HttpAnswer,
    HttpSender as HttpSender,
    Post as Post,
)
from .smtp import (
    Envelope as Envelope,
    Login as Login,
    SmtpServer as SmtpServer,
)
