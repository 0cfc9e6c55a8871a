from .filters import (
    LONGEST_QUERY as LONGEST_QUERY,
    MARKS as MARKS,
    STATES as STATES,
    TOLD as TOLD,
    StoryFilters as StoryFilters,
    moment_of as moment_of,
)
from .marked_text import (
    Stretch as Stretch,
    paragraphs as paragraphs,
    quotes as quotes,
    spans_in as spans_in,
    stretches as stretches,
)
from .story_marks import (
    StoryMark as StoryMark,
    StoryMarks as StoryMarks,
)
from .story_queries import StoryQueries as StoryQueries
from .story_rows import (
    StoryRow as StoryRow,
    hits_of as hits_of,
    told_to as told_to,
)
from .timeline import (
    PAGE as PAGE,
    TimelinePage as TimelinePage,
    rows_of_stories as rows_of_stories,
    timeline_page as timeline_page,
)
