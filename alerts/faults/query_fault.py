"""What can be wrong in a query. Values are stored: see `delivery_fault`."""

from __future__ import annotations

from crawler.faults import FaultKind


class QueryFault(FaultKind):
    """Why a text is no query; most name the word or sign at which it is not."""

    # What stands in a query, and where.
    EMPTY = "empty-query"
    LONG = "long-query", "length", "most"
    CLOSES_NOTHING = "closes-nothing"
    OPEN_PARENTHESIS = "open-parenthesis"
    EMPTY_PARENTHESES = "empty-parentheses"
    OPEN_QUOTE = "open-quote"
    NOTHING_AFTER = "nothing-after", "text"
    NOTHING_BEFORE = "nothing-before", "text"
    NO_MEANING = "no-meaning", "text"
    INVISIBLE = "invisible-sign", "code"
    NO_LETTERS = "no-letters", "term"
    PUNCTUATION = "only-punctuation", "text"

    # Operators.
    AND_BESIDE_OR = "and-beside-or"
    SECOND_EXCEPT = "second-except"
    NOT_FIRST = "not-first"
    SIGN = "sign-before-word", "sign", "better"
    NO_OPERATOR = "no-operator", "before", "after"
    NO_OPERATOR_WORDS = "no-operator-words", "before", "after"
    MEANT_CAPITALS = "meant-in-capitals", "text", "operator"
    MEANT_ENGLISH = "meant-in-english", "text", "operator"
    READ_AS_WORD_CAPITALS = "read-as-word-capitals", "text", "operator"
    READ_AS_WORD_ENGLISH = "read-as-word-english", "text", "operator"
    NEEDS_NUMBER = "needs-number", "text", "name", "least", "most"
    ABOUT_WORDS = "about-words", "operator"

    # Fields, signs and concepts.
    NO_FIELD_BEFORE = "no-field-before"
    NO_FIELD = "no-field", "name", "names"
    NO_FIELD_NEAR = "no-field-near", "name", "near", "names"
    FIELD_IN_METADATA = "field-in-metadata", "name", "outer"
    FIELD_NEVER_FOUND = "field-never-found", "name"
    NO_SUCH_EQUALS = "no-such-equals", "sign"
    EQUALS_ALONE = "equals-alone", "sign"
    EQUALS_ON_METADATA = "equals-on-metadata", "sign"
    NAMELESS_CONCEPT = "nameless-concept"
    NO_CONCEPT = "no-concept", "name", "names"
    NO_CONCEPT_NEAR = "no-concept-near", "name", "near", "names"
    EMPTY_CONCEPT = "empty-concept"
    USES_ITSELF = "uses-itself", "name", "way"
    MANY_CONCEPTS = "many-concepts", "most"

    # Limits.
    DEEP = "deep-query", "most"
    MANY_WORDS = "many-words", "most"
    WIDE_STAR = "wide-star", "term", "least"
    WIDE_MARK = "wide-question-mark", "term"
    LONG_WORD = "long-word", "length", "most"
    MANY_PARTS = "many-parts", "term", "parts", "most", "phrase"
    WIDE_METADATA = "wide-metadata", "field", "text"
