from .common_runs import keep_counts as keep_counts
from .index import (
    StoryIndex as StoryIndex,
    create_story_tables as create_story_tables,
)
