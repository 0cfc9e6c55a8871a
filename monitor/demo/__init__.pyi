from .day import (
    NEWS_AGE as NEWS_AGE,
    play as play,
    print_report as print_report,
)
