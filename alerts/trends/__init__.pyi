from .found import Found as Found
from .match_days import (
    MatchDays as MatchDays,
    create_match_days as create_match_days,
    fill_match_days as fill_match_days,
)
