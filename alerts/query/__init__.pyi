from .globs import Glob as Glob
from .lexer import (
    Token as Token,
    source_of as source_of,
    tokens_of as tokens_of,
)
from .normal import (
    APOSTROPHES as APOSTROPHES,
    ENTITY as ENTITY,
    HYPHENS as HYPHENS,
    MARKS as MARKS,
    Shift as Shift,
    normalise as normalise,
    original_span as original_span,
)
from .parser import (
    Concepts as Concepts,
    parse as parse,
)
from .patterns import (
    LONGEST_CHAIN as LONGEST_CHAIN,
    LONGEST_WORD as LONGEST_WORD,
    MOST_PARTS as MOST_PARTS,
    ChunkShape as ChunkShape,
    Pattern as Pattern,
    compound_of as compound_of,
    folded_key as folded_key,
    pattern_of as pattern_of,
    shape_of as shape_of,
)
from .spelling import spelling as spelling
from .terms import folded_value as folded_value
from .tree import (
    BODY as BODY,
    OWN_BODY as OWN_BODY,
    And as And,
    AtLeast as AtLeast,
    Case as Case,
    Concept as Concept,
    Except as Except,
    Field as Field,
    Metadata as Metadata,
    Near as Near,
    Node as Node,
    Or as Or,
    Phrase as Phrase,
    Query as Query,
    Word as Word,
    has_words as has_words,
    narrowed as narrowed,
    needed as needed,
    operands as operands,
)
