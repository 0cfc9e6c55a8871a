from .comparable import comparable as comparable
from .dates import (
    AMSTERDAM as AMSTERDAM,
    parse_date as parse_date,
)
from .decoding import (
    MAX_BYTES as MAX_BYTES,
    TooLargeError as TooLargeError,
    encoded_once as encoded_once,
    is_packed as is_packed,
    text_of as text_of,
    unpacked as unpacked,
    unpacked_part as unpacked_part,
)
from .folding import (
    fold as fold,
    undisguised as undisguised,
)
from .invisible import (
    COMMANDING as COMMANDING,
    LINE_ENDS as LINE_ENDS,
    SELECTORS as SELECTORS,
    UNREAD as UNREAD,
    UNWANTED as UNWANTED,
)
from .language import language_of as language_of
from .plain import (
    clean as clean,
    has_html as has_html,
    one_line as one_line,
    paragraphs as paragraphs,
    plain_line as plain_line,
    plain_text as plain_text,
    short_line as short_line,
    without_unknown_tags as without_unknown_tags,
)
from .relative_dates import (
    is_relative as is_relative,
    relative_part as relative_part,
)
from .scrub import (
    Scrubber as Scrubber,
    secrets_of_address as secrets_of_address,
    secrets_of_login as secrets_of_login,
)
from .sentences import (
    LONGEST_QUOTE as LONGEST_QUOTE,
    joined_spans as joined_spans,
    quote_span as quote_span,
    sentence_spans as sentence_spans,
)
from .signatures import without_signature as without_signature
