from .applying import applied_backwards as applied_backwards
from .cells import (
    Dating as Dating,
    Dimension as Dimension,
    StatsQuestion as StatsQuestion,
    StatsRow as StatsRow,
    Unit as Unit,
)
from .stats_answers import (
    Stats as Stats,
    stats_of_query as stats_of_query,
    stats_of_rule as stats_of_rule,
)
