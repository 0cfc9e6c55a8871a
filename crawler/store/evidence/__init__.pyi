from .held_pages import (
    HeldPage as HeldPage,
    HeldPages as HeldPages,
    create_held_tables as create_held_tables,
    has_room as has_room,
)
from .kept_pages import (
    DayState as DayState,
    KeptPage as KeptPage,
    KeptPages as KeptPages,
    KnownDay as KnownDay,
    create_kept_tables as create_kept_tables,
)
