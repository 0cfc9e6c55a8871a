from .common_runs import (
    CountKeeper as CountKeeper,
    keep_counts as keep_counts,
)
from .index import (
    StoryIndex as StoryIndex,
    add_waiting as add_waiting,
    create_story_tables as create_story_tables,
)
