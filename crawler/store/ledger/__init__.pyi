from .facts import (
    FactStore as FactStore,
    MissedPage as MissedPage,
)
from .gaps import (
    Gap as Gap,
    GapStore as GapStore,
)
from .live_pages import LivePageStore as LivePageStore
from .pages import PageQueue as PageQueue
from .polls import PollStore as PollStore
from .robots_answers import RobotsStore as RobotsStore
