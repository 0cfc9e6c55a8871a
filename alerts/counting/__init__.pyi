from .applied_matches import (
    AppliedBatch as AppliedBatch,
    AppliedMatch as AppliedMatch,
    AppliedMatches as AppliedMatches,
    create_applied_matches as create_applied_matches,
)
from .data_views import create_data_views as create_data_views
from .local_time import keep_local_time as keep_local_time
from .rule_wordings import (
    RuleWordings as RuleWordings,
    create_rule_wordings as create_rule_wordings,
)
from .wording import (
    Wording as Wording,
    WordingHistory as WordingHistory,
)
