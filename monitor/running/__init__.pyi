from .daemon import run_daemon as run_daemon
from .logs import configure_logging as configure_logging
from .look_now import (
    find as find,
    look_at as look_at,
)
from .once import (
    RoundReport as RoundReport,
    alert_round as alert_round,
    crawl_round as crawl_round,
    do_what_was_left as do_what_was_left,
    round_now as round_now,
)
from .pruning import Pruning as Pruning
from .restoring import (
    pending_in as pending_in,
    restore_database as restore_database,
)
from .serving import serve_page as serve_page
from .signals import stop_on_signals as stop_on_signals
