from .boilerplate import (
    is_boilerplate as is_boilerplate,
    is_credit as is_credit,
    is_signpost as is_signpost,
    without_calls as without_calls,
)
from .posts import mark_posts as mark_posts
from .stated_text import with_stated as with_stated
