from .match_days import (
    Found as Found,
    MatchDays as MatchDays,
    create_match_days as create_match_days,
    fill_match_days as fill_match_days,
)
