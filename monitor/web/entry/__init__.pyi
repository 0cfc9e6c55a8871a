from .access import (
    COOKIE as COOKIE,
    DESK as DESK,
    Access as Access,
    Admission as Admission,
    EntryRequest as EntryRequest,
    Refusal as Refusal,
)
from .key_file import (
    entry_key as entry_key,
    key_of as key_of,
)
from .passwords import (
    fits as fits,
    hash_of as hash_of,
)
from .sessions import (
    SESSION_DAYS as SESSION_DAYS,
    signed as signed,
)
from .tokens import TokenFile as TokenFile
from .tries import Tries as Tries
