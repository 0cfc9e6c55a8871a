from .evaluate import (
    ALL as ALL,
    LONGEST_VALUE as LONGEST_VALUE,
    Fields as Fields,
    FullDocument as FullDocument,
    Occurrences as Occurrences,
    answer as answer,
    occurrences as occurrences,
)
from .opened import OpenDocument as OpenDocument
from .rule_index import (
    RuleIndex as RuleIndex,
    Selected as Selected,
)
