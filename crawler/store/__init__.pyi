from .archive.aliases import AliasStore as AliasStore
from .archive.articles import ArticleStore as ArticleStore
from .archive.erasing import (
    drop_articles as drop_articles,
    old_articles as old_articles,
)
from .archive.forgetting import forget_article as forget_article
from .archive.past_lookup import PastLookups as PastLookups
from .archive.readings import ReadingStore as ReadingStore
from .archive.word_lookup import (
    Lookups as Lookups,
    Span as Span,
)
from .backup import (
    StoredBackup as StoredBackup,
    back_up as back_up,
    backups_in as backups_in,
    damages_of as damages_of,
    dated as dated,
    is_empty as is_empty,
    on_disk as on_disk,
    thin_out as thin_out,
)
from .claims import (
    LEASE as LEASE,
    ClaimTable as ClaimTable,
    new_owner as new_owner,
)
from .connection import Connection as Connection
from .database import (
    LATEST_STEP as LATEST_STEP,
    WAL_LIMIT_BYTES as WAL_LIMIT_BYTES,
    advice as advice,
    open_reader as open_reader,
)
from .evidence.held_pages import HeldPages as HeldPages
from .evidence.kept_pages import (
    KeptPage as KeptPage,
    KeptPages as KeptPages,
    KnownDay as KnownDay,
)
from .holder import (
    LONGEST_NOTE as LONGEST_NOTE,
    FileLock as FileLock,
    Holder as Holder,
    StoreFault as StoreFault,
    holder_of as holder_of,
)
from .ledger.ageing import (
    drop_counters as drop_counters,
    drop_entries as drop_entries,
    drop_pages as drop_pages,
    old_entries as old_entries,
    old_pages as old_pages,
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
from .ledger.restores import note_restore as note_restore
from .ledger.robots_answers import RobotsStore as RobotsStore
from .records import (
    DueSource as DueSource,
    FetchedPage as FetchedPage,
    FollowingPage as FollowingPage,
    Poll as Poll,
    Saved as Saved,
    SourceState as SourceState,
    WantedPage as WantedPage,
    WorkClaim as WorkClaim,
    as_text as as_text,
    as_time as as_time,
    items_from_text as items_from_text,
)
from .restoring import restore as restore
from .schema.closing import (
    put_in_order as put_in_order,
    rest as rest,
    tidy as tidy,
)
from .schema.migrations import migrations as migrations
from .stories.common_runs import keep_counts as keep_counts
from .upgrade import refuse_newer as refuse_newer
from .wal import (
    beside as beside,
    readers_of as readers_of,
    wal_bytes as wal_bytes,
)
from .writer import Writer as Writer
