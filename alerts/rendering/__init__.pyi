from .clean import (
    ELLIPSIS as ELLIPSIS,
    cut as cut,
    one_line as one_line,
)
from .edition_json import review_body as review_body
from .edition_view import view_of_edition as view_of_edition
from .fitting import (
    Form as Form,
    fitted as fitted,
    fitting_rules as fitting_rules,
    shortened as shortened,
)
from .languages import languages as languages
from .markup import (
    HTML as HTML,
    MARKDOWN as MARKDOWN,
    escaped_markdown as escaped_markdown,
    marked_lines as marked_lines,
    without_mentions as without_mentions,
)
from .notices import (
    check_alert as check_alert,
    health_alert as health_alert,
    other_channel as other_channel,
    refused as refused,
    tellers as tellers,
    undelivered as undelivered,
)
from .passages import (
    Passage as Passage,
    continuation as continuation,
    edits_of as edits_of,
    passages_of as passages_of,
    title_of as title_of,
    uncounted as uncounted,
)
from .phrases import (
    Phrases as Phrases,
    clock_text as clock_text,
    phrases_of as phrases_of,
    span_text as span_text,
)
from .plaintext import (
    edit_lines as edit_lines,
    news_of as news_of,
    starred as starred,
    text_of as text_of,
)
from .tale import (
    Link as Link,
    Run as Run,
    Style as Style,
    Tale as Tale,
    View as View,
)
from .view import view_of as view_of
