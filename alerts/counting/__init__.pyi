from .data_views import create_data_views as create_data_views
from .local_time import (
    create_local_time as create_local_time,
    keep_local_time as keep_local_time,
)
from .rule_wordings import (
    RuleWordings as RuleWordings,
    create_rule_wordings as create_rule_wordings,
)
from .wording import (
    Wording as Wording,
    WordingHistory as WordingHistory,
)
