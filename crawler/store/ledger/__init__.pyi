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
from .live_pages import LivePageStore as LivePageStore
from .pages import PageQueue as PageQueue
from .polls import PollStore as PollStore
from .restores import note_restore as note_restore
from .robots_answers import RobotsStore as RobotsStore
