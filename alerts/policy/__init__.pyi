from .audience import (
    Audience as Audience,
    HeardNews as HeardNews,
    audiences_of as audiences_of,
)
from .channel_state import (
    ChannelState as ChannelState,
    Hold as Hold,
    after_outcome as after_outcome,
    hold_of as hold_of,
    with_probe_at_once as with_probe_at_once,
    with_token_taken as with_token_taken,
    works_again as works_again,
)
from .placement import (
    GONE_FOR as GONE_FOR,
    ChannelPlan as ChannelPlan,
    LastMessage as LastMessage,
    Placement as Placement,
    back_for as back_for,
    expiry as expiry,
    is_backlog_to_digest as is_backlog_to_digest,
    joined_until as joined_until,
    notice_placement as notice_placement,
    placement as placement,
    summary_placement as summary_placement,
)
from .quiet_hours import (
    QuietHours as QuietHours,
    instant as instant,
    last_instant as last_instant,
    next_digest as next_digest,
    quiet_until as quiet_until,
)
from .retry import (
    LONGEST_RETRY_AFTER as LONGEST_RETRY_AFTER,
    Schedule as Schedule,
    time_to_live as time_to_live,
)
from .settling import (
    SettledAttempt as SettledAttempt,
    closed as closed,
    failed_test as failed_test,
    hastened as hastened,
    interrupted as interrupted,
    living_anew as living_anew,
    replayed as replayed,
    settled as settled,
    sooner as sooner,
)
from .silences import (
    Silence as Silence,
    silence_over as silence_over,
    silence_over_all as silence_over_all,
)
from .source_notices import (
    Ailment as Ailment,
    LastNotice as LastNotice,
    RefusedRule as RefusedRule,
    recovered as recovered,
    to_tell as to_tell,
)
from .source_rhythm import (
    Habit as Habit,
    after_article as after_article,
    is_silent as is_silent,
    usual_gap as usual_gap,
)
from .verdict import (
    MatchedRecord as MatchedRecord,
    Told as Told,
    alerts_of as alerts_of,
    decisions as decisions,
    is_backlog as is_backlog,
    may_be_told as may_be_told,
    told_by_another as told_by_another,
)
from .waiting import (
    Waiting as Waiting,
    silenced as silenced,
    waiting_for as waiting_for,
)
