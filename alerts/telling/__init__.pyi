from .edits import (
    Changed as Changed,
    edits_between as edits_between,
    word_edits as word_edits,
)
from .excerpts import excerpts_of as excerpts_of
from .matched_passage import (
    MatchedPassage as MatchedPassage,
    TextSentences as TextSentences,
    key_of as key_of,
    passages_of as passages_of,
    plain as plain,
    sentences_of as sentences_of,
)
from .newness import (
    ReceiverNews as ReceiverNews,
    news_for as news_for,
)
from .reading import (
    ReadText as ReadText,
    read_text as read_text,
)
from .second_reading import (
    ChangeKind as ChangeKind,
    Unconfirmed as Unconfirmed,
    confirmed_news as confirmed_news,
    first_seen as first_seen,
    is_refuted as is_refuted,
    is_to_come as is_to_come,
)
from .wordings import (
    KnownPassage as KnownPassage,
    Receiver as Receiver,
    TellingState as TellingState,
    outdated_wordings as outdated_wordings,
    wording_before as wording_before,
)
