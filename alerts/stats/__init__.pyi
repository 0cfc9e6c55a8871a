from .applying import applied_backwards as applied_backwards
from .archive_parts import (
    BacktestBatch as BacktestBatch,
    BacktestPart as BacktestPart,
    QueryPart as QueryPart,
    backtest_among as backtest_among,
    stats_among as stats_among,
)
from .cells import (
    Dating as Dating,
    Dimension as Dimension,
    StatsQuestion as StatsQuestion,
    StatsRow as StatsRow,
    Unit as Unit,
)
from .shared_articles import (
    SharedArticles as SharedArticles,
    Standing as Standing,
    shared_articles as shared_articles,
)
from .stats_answers import (
    PartOfStats as PartOfStats,
    Stats as Stats,
    part_of_query as part_of_query,
    stats_of_parts as stats_of_parts,
    stats_of_query as stats_of_query,
    stats_of_rule as stats_of_rule,
)
