from .ageing import (
    drop_counters as drop_counters,
    drop_entries as drop_entries,
    drop_pages as drop_pages,
    old_entries as old_entries,
    old_pages as old_pages,
)
from .facts import (
    FactStore as FactStore,
    MissedPage as MissedPage,
)
from .gaps import (
    FilledGap as FilledGap,
    Gap as Gap,
    GapStore as GapStore,
    OpenGap as OpenGap,
)
from .habits import HabitStore as HabitStore
from .live_pages import LivePageStore as LivePageStore
from .pages import PageQueue as PageQueue
from .polls import PollStore as PollStore
from .repeated_lines import RefrainStore as RefrainStore
from .restores import note_restore as note_restore
from .robots_answers import RobotsStore as RobotsStore
