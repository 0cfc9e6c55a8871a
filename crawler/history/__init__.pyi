from .archive_kind import (
    is_history as is_history,
    refuse_archive as refuse_archive,
    refuse_history as refuse_history,
)
from .catalogue_hosts import outlets_by_host as outlets_by_host
from .file_order import (
    FileToRead as FileToRead,
    FoundFile as FoundFile,
)
from .file_search import (
    found_files as found_files,
    seekable as seekable,
)
from .filling import (
    begin as begin,
    fill as fill,
)
from .history_batch import (
    FAULTY as FAULTY,
    FilledFile as FilledFile,
    HistoryBatch as HistoryBatch,
    HistoryFault as HistoryFault,
    RecordKind as RecordKind,
)
from .history_file import HistoryFile as HistoryFile
from .history_store import (
    HistoryStore as HistoryStore,
    history_migrations as history_migrations,
)
from .imported import (
    ImportedFile as ImportedFile,
    first_date as first_date,
)
from .warc_page import Selection as Selection
