from .backtest import (
    Backtest as Backtest,
    BacktestCounts as BacktestCounts,
    Difference as Difference,
    FoundArticle as FoundArticle,
    Report as Report,
)
from .book import (
    Rule as Rule,
    RuleBook as RuleBook,
    rule_of as rule_of,
)
from .checking import (
    CheckedRule as CheckedRule,
    RuleFault as RuleFault,
    checked_rule as checked_rule,
)
from .examples import example_finder as example_finder
from .exceptions import (
    RuleException as RuleException,
    proposed_exceptions as proposed_exceptions,
)
from .explanation import (
    Part as Part,
    explain as explain,
    said_in as said_in,
)
from .file import (
    WHOLE_FILE as WHOLE_FILE,
    RulesRead as RulesRead,
    load_channels as load_channels,
    load_concepts as load_concepts,
    read_rules as read_rules,
    volume_of as volume_of,
)
from .plain_rules import (
    ListedRule as ListedRule,
    listed_rules as listed_rules,
    plain_concepts as plain_concepts,
)
from .rule_table import (
    RuleDraft as RuleDraft,
    draft_in as draft_in,
    rule_text as rule_text,
    table_in as table_in,
    with_rule as with_rule,
)
from .rules_file import (
    RulesVersion as RulesVersion,
    StoredRules as StoredRules,
)
from .trial_input import documents_of as documents_of
