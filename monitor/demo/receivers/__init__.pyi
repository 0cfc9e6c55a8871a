from .mailbox import (
    Mail as Mail,
    SmtpReceiver as SmtpReceiver,
)
from .receivers import (
    HttpReceiver as HttpReceiver,
    Posted as Posted,
)
