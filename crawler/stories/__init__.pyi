from .comparison import (
    Comparison as Comparison,
    CopyReason as CopyReason,
    Rare as Rare,
)
from .diff import (
    PieceKind as PieceKind,
    SentenceChange as SentenceChange,
    compared_spans as compared_spans,
    sentence_at as sentence_at,
    sentence_diff as sentence_diff,
    sentences as sentences,
    word_runs as word_runs,
)
from .document_frequency import (
    CountChange as CountChange,
    Frequencies as Frequencies,
    Sketch as Sketch,
    period_of as period_of,
)
from .growth import has_grown as has_grown
from .near_duplicates import (
    LOOK_BACK as LOOK_BACK,
    Compared as Compared,
    CopyDecision as CopyDecision,
    Telling as Telling,
    compare_articles as compare_articles,
    still_told as still_told,
    story_of as story_of,
)
from .rectifications import (
    corrected_by as corrected_by,
    is_label as is_label,
    is_rectification as is_rectification,
    with_news_of as with_news_of,
)
from .related_stories import (
    CROWDED as CROWDED,
    LEAST_SHARED as LEAST_SHARED,
    SAME_EVENT as SAME_EVENT,
    UNRELATED as UNRELATED,
    Profile as Profile,
    Relation as Relation,
    forget_long_texts as forget_long_texts,
    profile as profile,
    profile_of as profile_of,
    rarity as rarity,
    relation as relation,
    relation_of as relation_of,
)
from .revisions import (
    changed_fields as changed_fields,
    is_part as is_part,
    judge as judge,
    text_hash as text_hash,
)
from .same_article import (
    TWINS_WITHIN as TWINS_WITHIN,
    is_same_article as is_same_article,
    may_have_twin as may_have_twin,
)
from .shingles import (
    shingles as shingles,
    words as words,
)
from .story_text import (
    COMPARED as COMPARED,
    LONG_TEXT as LONG_TEXT,
    Runs as Runs,
    StoryText as StoryText,
    forget_runs as forget_runs,
)
