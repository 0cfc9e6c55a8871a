from .archive.aliases import AliasStore as AliasStore
from .archive.articles import ArticleStore as ArticleStore
from .archive.past_lookup import PastLookups as PastLookups
from .archive.readings import ReadingStore as ReadingStore
from .archive.word_lookup import (
    Lookups as Lookups,
    Span as Span,
)
from .claims import (
    LEASE as LEASE,
    ClaimTable as ClaimTable,
    new_owner as new_owner,
)
from .connection import Connection as Connection
from .database import (
    LATEST_STEP as LATEST_STEP,
    open_reader as open_reader,
)
from .ledger.facts import (
    FactStore as FactStore,
    MissedPage as MissedPage,
)
from .ledger.gaps import (
    FilledGap as FilledGap,
    Gap as Gap,
    GapStore as GapStore,
    OpenGap as OpenGap,
)
from .ledger.pages import PageQueue as PageQueue
from .ledger.polls import PollStore as PollStore
from .ledger.robots_answers import RobotsStore as RobotsStore
from .records import (
    DueSource as DueSource,
    FetchedPage as FetchedPage,
    Poll as Poll,
    Saved as Saved,
    SourceState as SourceState,
    WantedPage as WantedPage,
    WorkClaim as WorkClaim,
    as_text as as_text,
    as_time as as_time,
    items_from_text as items_from_text,
)
from .schema.closing import put_in_order as put_in_order
from .schema.migrations import migrations as migrations
from .stories.common_runs import keep_counts as keep_counts
from .writer import Writer as Writer
