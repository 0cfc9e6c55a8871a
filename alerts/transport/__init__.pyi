from .answers import (
    cut_off as cut_off,
    json_of as json_of,
    refusal as refusal,
)
from .connection import Gate as Gate
from .http import (
    TOTAL_SECONDS as TOTAL_SECONDS,
    HttpAnswer as HttpAnswer,
    HttpSender as HttpSender,
    Post as Post,
)
from .smtp import (
    Envelope as Envelope,
    Login as Login,
    SmtpServer as SmtpServer,
)
