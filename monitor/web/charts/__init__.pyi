from .bar_chart import (
    Bar as Bar,
    BarChart as BarChart,
    ChartLine as ChartLine,
)
from .day_spans import (
    MOST_BARS as MOST_BARS,
    DaySpan as DaySpan,
    day_spans as day_spans,
    days_between as days_between,
    numbers_in as numbers_in,
)
from .query_outline import outline as outline
from .trend_filters import (
    PERIODS as PERIODS,
    WHAT as WHAT,
    TrendFilters as TrendFilters,
)
from .trend_rows import (
    TrendRow as TrendRow,
    summed as summed,
    trend_rows as trend_rows,
)
from .usual_day import usual_day as usual_day
