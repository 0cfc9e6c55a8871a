from .atom import (
    ATOM as ATOM,
    atom_text as atom_text,
    writable as writable,
)
from .changes import (
    ChangeError as ChangeError,
    RunningDaemon as RunningDaemon,
    SentForm as SentForm,
    local_path as local_path,
)
from .forms import (
    LONGEST_FIELD as LONGEST_FIELD,
    fields_of as fields_of,
    form_of as form_of,
)
from .moments import Moments as Moments
from .page_parts import PageParts as PageParts
from .paper import (
    HERE as HERE,
    Paper as Paper,
    texts_of as texts_of,
)
from .reading_room import (
    ReadingRoom as ReadingRoom,
    TooSlowError as TooSlowError,
)
from .spreadsheets import spreadsheet as spreadsheet
from .undoing import (
    UNDO_SECONDS as UNDO_SECONDS,
    Done as Done,
)
