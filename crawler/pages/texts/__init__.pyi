from .boilerplate import (
    is_boilerplate as is_boilerplate,
    is_credit as is_credit,
    is_signpost as is_signpost,
    without_calls as without_calls,
)
from .box_sums import (
    BoxSums as BoxSums,
    Held as Held,
)
from .elements import (
    SeenText as SeenText,
    above as above,
    ancestors as ancestors,
    holds as holds,
    is_hidden as is_hidden,
    is_streamed as is_streamed,
    leads_away as leads_away,
    leaves_of as leaves_of,
    link_above as link_above,
    linked_letters as linked_letters,
    mark_own_links as mark_own_links,
    text_seen as text_seen,
)
from .names import (
    PageNames as PageNames,
    names_in as names_in,
)
from .posts import mark_posts as mark_posts
from .refrains import (
    SEVERAL as SEVERAL,
    refrains_in as refrains_in,
    without as without,
)
from .stated_text import with_stated as with_stated
