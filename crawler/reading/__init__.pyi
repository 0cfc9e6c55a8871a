from .fork_server import (
    FORKS as FORKS,
    NoProcessError as NoProcessError,
)
from .memory import (
    limit_memory as limit_memory,
    return_freed_memory as return_freed_memory,
    return_gaps as return_gaps,
)
from .next_pages import (
    NextPages as NextPages,
    PagesRead as PagesRead,
)
from .pool import (
    DEADLINE as DEADLINE,
    MEMORY as MEMORY,
    WorkerPool as WorkerPool,
    WorkFailedError as WorkFailedError,
)
from .reader import (
    Reader as Reader,
    hash_of as hash_of,
    read_page as read_page,
)
from .sitemap_index import IndexReader as IndexReader
from .tasks import (
    NOT_MODIFIED as NOT_MODIFIED,
    OK as OK,
    PARTIAL_CONTENT as PARTIAL_CONTENT,
    Answer as Answer,
    ArchiveSpan as ArchiveSpan,
    ClaimedPoll as ClaimedPoll,
    EntryArticle as EntryArticle,
    FetchedArticle as FetchedArticle,
    FoundArticle as FoundArticle,
    PageArticle as PageArticle,
    PageFault as PageFault,
    PageRead as PageRead,
    PageWork as PageWork,
    PollWork as PollWork,
    Recorder as Recorder,
    Unchanged as Unchanged,
    Work as Work,
    moved_for_good as moved_for_good,
)
