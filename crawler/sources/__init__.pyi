from .catalogue import (
    catalogue_of as catalogue_of,
    free_id as free_id,
    with_confidences as with_confidences,
)
from .catalogue_file import append_sources as append_sources
from .freshness import (
    KnownEntry as KnownEntry,
    LastList as LastList,
    ListedEntry as ListedEntry,
    NamedBefore as NamedBefore,
    entries_missed as entries_missed,
    entries_to_fetch as entries_to_fetch,
    has_gap as has_gap,
    key_before as key_before,
    next_look as next_look,
)
from .health import (
    COUNTERS as COUNTERS,
    SLOW as SLOW,
    WALL as WALL,
    Diagnosis as Diagnosis,
    Health as Health,
    SourceFacts as SourceFacts,
    habitual_silence as habitual_silence,
    source_health as source_health,
)
from .live_blogs import (
    RESTS_AFTER as RESTS_AFTER,
    LiveBlog as LiveBlog,
    LiveReading as LiveReading,
    after_reading as after_reading,
    next_reading as next_reading,
)
from .opml import (
    MAX_BYTES as MAX_BYTES,
    HeldFeed as HeldFeed,
    NewFeed as NewFeed,
    OpmlEntry as OpmlEntry,
    RefusedFeed as RefusedFeed,
    entries_of_opml as entries_of_opml,
    opml_of as opml_of,
)
from .retries import (
    GONE as GONE,
    is_withdrawn as is_withdrawn,
    next_attempt as next_attempt,
    status_fault as status_fault,
)
from .schedule import (
    Advice as Advice,
    Paces as Paces,
    held_to as held_to,
    interval_after as interval_after,
    next_poll as next_poll,
    paces_of as paces_of,
    poll_after_failure as poll_after_failure,
)
from .shared_addresses import (
    by_address as by_address,
    entries_by_key as entries_by_key,
)
from .sitemap_turns import (
    MAX_DEPTH as MAX_DEPTH,
    MOST_SITEMAPS as MOST_SITEMAPS,
    has_news as has_news,
    is_archive as is_archive,
    recent as recent,
    sitemaps_to_ask as sitemaps_to_ask,
)
