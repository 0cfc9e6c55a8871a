from .backtest import (
    Backtest as Backtest,
    Difference as Difference,
    FoundArticle as FoundArticle,
    Report as Report,
)
from .book import (
    Rule as Rule,
    RuleBook as RuleBook,
    rule_of as rule_of,
)
from .explanation import (
    Part as Part,
    explain as explain,
)
from .file import (
    WHOLE_FILE as WHOLE_FILE,
    RulesRead as RulesRead,
    load_channels as load_channels,
    load_concepts as load_concepts,
    load_rules as load_rules,
    read_rules as read_rules,
)
from .trial_input import documents_of as documents_of
