from .day import (
    NEWS_AGE as NEWS_AGE,
    PlayedDay as PlayedDay,
    play as play,
    print_report as print_report,
)
