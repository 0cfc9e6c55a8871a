from .case import (
    CaseOrder as CaseOrder,
    write_case as write_case,
)
from .case_check import verify_case as verify_case
from .day_files import DayFolder as DayFolder
from .keeper import (
    Keeper as Keeper,
    KeepPolicy as KeepPolicy,
    Kept as Kept,
    old_days as old_days,
)
from .stamping import (
    QUERY_TYPE as QUERY_TYPE,
    REPLY_TYPE as REPLY_TYPE,
    stamp_check as stamp_check,
    stamp_days as stamp_days,
)
from .verification import (
    StampCheck as StampCheck,
    StampError as StampError,
    Verification as Verification,
    verify_folder as verify_folder,
)
