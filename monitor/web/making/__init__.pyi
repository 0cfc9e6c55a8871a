from .forms import form_of as form_of
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
