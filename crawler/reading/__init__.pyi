from .interfaces import (
    Readers as Readers,
    Recorder as Recorder,
)
from .pool import (
    WorkerPool as WorkerPool,
    WorkFailedError as WorkFailedError,
)
from .reader import Reader as Reader
from .sitemap_index import IndexReader as IndexReader
from .tasks import (
    NOT_MODIFIED as NOT_MODIFIED,
    OK as OK,
    Answer as Answer,
    FetchedArticle as FetchedArticle,
    PageFault as PageFault,
    PageWork as PageWork,
    PollWork as PollWork,
    Work as Work,
    moved_for_good as moved_for_good,
)
