from .day_files import DayFolder as DayFolder
from .keeper import (
    Keeper as Keeper,
    KeepPolicy as KeepPolicy,
    Kept as Kept,
)
from .verification import (
    Verification as Verification,
    verify_folder as verify_folder,
)
