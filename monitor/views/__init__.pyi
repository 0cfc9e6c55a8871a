from .articles_view import (
    article_as_json as article_as_json,
    highlighted as highlighted,
    hits_as_json as hits_as_json,
    inert as inert,
    local as local,
    safe as safe,
)
from .deliveries_view import (
    as_json as as_json,
    as_lines as as_lines,
    circumstances_of as circumstances_of,
)
from .diffs_view import (
    diffs_as_json as diffs_as_json,
    print_diffs as print_diffs,
    stood_as_json as stood_as_json,
    stood_as_text as stood_as_text,
    stood_texts as stood_texts,
    text_at as text_at,
)
from .ledger_view import (
    outcomes_as_json as outcomes_as_json,
    silence_as_json as silence_as_json,
)
from .looks_view import (
    Addition as Addition,
    HeldSource as HeldSource,
    NewSource as NewSource,
    NothingFound as NothingFound,
)
from .quotes_view import (
    marked as marked,
    quoted_lines as quoted_lines,
)
from .rules_view import rule_as_json as rule_as_json
from .source_history import (
    SourceBook as SourceBook,
    ailments as ailments,
    is_failing as is_failing,
)
from .sources_view import (
    print_table as print_table,
    source_as_json as source_as_json,
)
from .status_view import (
    Problem as Problem,
    StatusFacts as StatusFacts,
    backup_as_json as backup_as_json,
    daemon_as_json as daemon_as_json,
    last_poll as last_poll,
    notes as notes,
    problems as problems,
    status_facts as status_facts,
    status_of as status_of,
)
from .untold_view import (
    standing as standing,
    standing_line as standing_line,
    untold_as_json as untold_as_json,
    untold_lines as untold_lines,
)
from .why_view import (
    account_of as account_of,
    explained as explained,
    lines_of as lines_of,
)
