from .edits import (
    Changed as Changed,
    word_edits as word_edits,
)
from .matched_passage import (
    MatchedPassage as MatchedPassage,
    key_of as key_of,
    passages_of as passages_of,
    sentences_of as sentences_of,
)
from .newness import (
    KnownPassage as KnownPassage,
    Receiver as Receiver,
    ReceiverNews as ReceiverNews,
    TellingState as TellingState,
    news_for as news_for,
)
from .reading import (
    ReadText as ReadText,
    read_text as read_text,
)
