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
from .completion import (
    HALF as HALF,
    LEAST_HOME as LEAST_HOME,
    Outline as Outline,
    Paragraph as Paragraph,
    completed as completed,
    has_home as has_home,
    topic_share as topic_share,
    unless_eaten as unless_eaten,
)
from .corrections import is_correction as is_correction
from .elements import (
    BLOCKS as BLOCKS,
    SeenText as SeenText,
    above as above,
    ancestors as ancestors,
    holds as holds,
    is_hidden as is_hidden,
    is_opened as is_opened,
    is_streamed as is_streamed,
    leads_away as leads_away,
    leaves_of as leaves_of,
    link_above as link_above,
    linked_letters as linked_letters,
    mark_own_links as mark_own_links,
    show_told as show_told,
    styled_in as styled_in,
    text_seen as text_seen,
)
from .gates import (
    in_name as in_name,
    is_closing_line as is_closing_line,
    is_named_closed as is_named_closed,
    places_of as places_of,
    says_closed as says_closed,
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
from .stated_text import (
    with_corrections as with_corrections,
    with_stated as with_stated,
)
from .teasers import teasers_in as teasers_in
from .topic import (
    is_about as is_about,
    shared_words as shared_words,
)
