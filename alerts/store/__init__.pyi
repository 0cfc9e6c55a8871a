from .alert_store import (
    AlertStore as AlertStore,
    ChannelStates as ChannelStates,
)
from .latest_step import LATEST_ALERTS_STEP as LATEST_ALERTS_STEP
from .ledger import (
    READER as READER,
    Ledger as Ledger,
)
from .outbox import (
    Line as Line,
    Outbox as Outbox,
)
from .passage_ledger import (
    LedgerPassage as LedgerPassage,
    StoryPassage as StoryPassage,
    ledger_passage_from_row as ledger_passage_from_row,
)
from .queries import LedgerReader as LedgerReader
from .rows import (
    alert_from_row as alert_from_row,
    alert_to_row as alert_to_row,
    delivery_from_row as delivery_from_row,
    match_from_row as match_from_row,
    match_to_row as match_to_row,
)
from .schema import migrations as migrations
from .threads import Conversation as Conversation
from .unconfirmed_changes import UnconfirmedChange as UnconfirmedChange
from .watches import Watches as Watches
