from .claims import Scope as Scope
from .composing import story_articles as story_articles
from .confirming import (
    confirmed_by as confirmed_by,
    read_again as read_again,
    wait_for_second_reading as wait_for_second_reading,
)
from .dispatcher import (
    DeliveryCounts as DeliveryCounts,
    Dispatcher as Dispatcher,
    carry_out_left as carry_out_left,
    deliver_due as deliver_due,
    take_over as take_over,
)
from .lane import Jobs as Jobs
from .owed_passages import (
    Owing as Owing,
    owe as owe,
)
from .queueing import (
    Queueing as Queueing,
    queue as queue,
)
from .requests import (
    BeginSilence as BeginSilence,
    DropApplied as DropApplied,
    EndSilence as EndSilence,
    Forget as Forget,
    KeepApplied as KeepApplied,
    Replay as Replay,
    Request as Request,
    SendTest as SendTest,
    aside as aside,
    call_off as call_off,
    carry_out as carry_out,
    end_tests as end_tests,
    folder_of as folder_of,
    leave as leave,
    silence_of as silence_of,
)
from .restoring import (
    PendingChoice as PendingChoice,
    restore_outbox as restore_outbox,
)
