"""The grammar: what is read, and what each fault says."""

import pytest
from hypothesis import given, strategies as st

from alerts.query.lexer import LONGEST_QUERY
from alerts.query.parser import Concepts, parse
from alerts.query.tree import (
    And,
    AtLeast,
    Case,
    Concept,
    Except,
    Field,
    Metadata,
    Near,
    Or,
    Phrase,
    Word,
)
from crawler.errors import NieuwswachtError, QueryError

CONCEPTS = {
    "is": ("=IS", '"Islamitische Staat"', "da'esh"),
    "syrie": ("syri* EXCEPT syriza*",),
    "strijd": ("@is AND @syrie",),
}


def test_every_form_becomes_its_node() -> None:
    query = parse(
        "(kalifa* OR =IS OR ==IS) AND title:(a NEAR/5 b THEN/3 c) AND ATLEAST/3 d"
        ' AND ="Islamitische Staat" AND (e EXCEPT f) AND outlet:NOS* AND @is NOT g AND NOT h',
        CONCEPTS,
    )

    match query.node:
        case And(
            nodes=(
                Or(
                    nodes=(
                        Word(key="kalifa*", case=Case.FOLDED),
                        Word(key="=IS", case=Case.GUARDED),
                        Word(key="=IS", case=Case.EXACT),
                    )
                ),
                Field(
                    places=(0,),
                    node=Near(left=Near(distance=5, ordered=False), distance=3, ordered=True),
                ),
                AtLeast(count=3),
                Phrase(words=(Word(key="=Islamitische"), Word(key="=Staat")), case=Case.GUARDED),
                Except(node=Word(key="e"), without=Word(key="f")),
                Metadata(field="outlet", pattern="nos*"),
                Concept(name="is"),
            ),
            without=(Word(key="g"), Word(key="h")),
        ):
            pass
        case _:
            pytest.fail(f"read as {query.node}")
    assert query.concepts == ("is",)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Syrië", "syrie"),
        ("Syrie\u0308", "syrie"),
        ("da’esh", "daesh"),
        ("F-16", "f16"),
        ("kali\u00adfaat", "kalifaat"),
        ("kalifa**", "kalifa*"),
        ('"OR"', "or"),
        ("==OR", "=OR"),
        ("=OR", "=OR"),
        ("“kalifaat”", "kalifaat"),
        ("'s-Gravenhage", "sgravenhage"),
    ],
)
def test_a_word_is_read_as_text_is(text: str, key: str) -> None:
    node = parse(text).node

    assert isinstance(node, Word)
    assert node.key == key


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("nu.nl", ["nu", "nl"]),
        ("R&D", ["r", "d"]),
        ("\"Baghuz, Syrië: 'val'\"", ["baghuz", "syrie", "val"]),
        ("zo'n", ["zo", "n"]),
    ],
)
def test_what_text_parts_is_a_phrase(text: str, keys: list[str]) -> None:
    node = parse(text).node

    assert isinstance(node, Phrase)
    assert [word.key for word in node.words] == keys


@pytest.mark.parametrize(
    ("text", "field", "pattern"),
    [
        ("source:nos*", "source", "nos*"),
        ("outlet:NOS", "outlet", "nos"),
        ("url:*nos.nl*", "url", "*nos.nl*"),
        ('url:"https://nos.nl/artikel/*"', "url", "https://nos.nl/artikel/*"),
        ('author:"André  Jansen"', "author", "andre jansen"),
        ("lang:nl", "lang", "nl"),
    ],
)
def test_metadata_is_a_glob_on_the_whole_value(text: str, field: str, pattern: str) -> None:
    node = parse(text).node

    assert isinstance(node, Metadata)
    assert (node.field, node.pattern) == (field, pattern)


FAULTS = [
    ("", 1, "empty", "write a word"),
    ("   ", 4, "empty", "write a word"),
    ("syrie irak", 7, "no operator between `syrie` and `irak`", "`syrie AND irak`"),
    ('syrie "in brand"', 7, "no operator", "`AND` or `OR`"),
    ("syrie and irak", 7, "no operator before `and`", "capitals: `AND`"),
    ("syrie of irak", 7, "no operator before `of`", "capitals: `OR`"),
    ("syrie near/3 irak", 7, "no operator before `near/3`", "`NEAR/5`"),
    ("a AND b OR c", 9, "side by side", "parentheses"),
    ("a OR b AND c", 3, "side by side", "parentheses"),
    ("a OR b NOT c", 3, "side by side", "parentheses"),
    ("a NEAR b", 3, "needs a number", "`NEAR/5`"),
    ("a NEAR/ b", 3, "needs a number", "`NEAR/5`"),
    ("a THEN/x b", 3, "needs a number", "`THEN/5`"),
    ("a NEAR/-1 b", 3, "needs a number", "`NEAR/5`"),
    ("a NEAR/9999999999 b", 3, "needs a number", "`NEAR/5`"),
    ("ATLEAST/0 a", 1, "needs a number", "`ATLEAST/5`"),
    ("titel:x", 1, 'no field "titel"', "did you mean `title`"),
    ("kalifaat AND http://nos.nl", 14, 'no field "http"', 'put the text in `"`'),
    ("@syrië", 1, 'no concept "syrië"', "did you mean `@syrie`"),
    ("@", 1, "without a name", "directly after"),
    ("*", 1, "too much", "at least 3 letters"),
    ("ka*", 1, "too much", "at least 3 letters"),
    ('"het *"', 1, "too much", "at least 3 letters"),
    ("???", 1, "too much", "at least one letter"),
    ("source:*", 8, "matches everything", "`source:nos*`"),
    ("NOT a", 1, "positive", "first"),
    ("a OR NOT b", 6, "positive", "first"),
    ("a AND (NOT b)", 8, "positive", "first"),
    ("(a", 1, "not closed", "`)`"),
    ("(a AND (b", 8, "not closed", "`)`"),
    ("(", 1, "not closed", "`)`"),
    ("a)", 2, "closes nothing", "`(`"),
    (")", 1, "closes nothing", "`(`"),
    ("()", 1, "nothing stands in", "take them out"),
    ('a AND "b', 7, "not closed", '`"`'),
    ('""', 1, "no letter or digit", "write a word"),
    ("-", 1, "no letter or digit", "write a word"),
    ("a AND", 3, "after `AND`", "write a word after"),
    ("a AND OR b", 3, "after `AND`", "write a word after"),
    ("AND a", 1, "before `AND`", "write a word before"),
    ("title:", 1, "after `title`", "write a word after"),
    ("=(a OR b)", 1, "before a word or a phrase", "each word"),
    ("=", 1, "before a word or a phrase", "each word"),
    ("===IS", 1, "no meaning", "`=` or `==`"),
    ("a EXCEPT b EXCEPT c", 12, "second EXCEPT", "(b OR c)"),
    ("title:(a AND body:b)", 14, "never found", "take one out"),
    ("source:(title:a)", 9, "inside `source:`", "end the first"),
    ("source:=NOS", 8, "without case", "leave out `=`"),
    ("outlet:NOS NEAR/3 b", 1, "only metadata", "with AND"),
    ("a EXCEPT outlet:NOS", 10, "only metadata", "with AND"),
    ("ATLEAST/2 outlet:NOS", 11, "only metadata", "with AND"),
    ("a, b", 2, "`,` has no meaning", 'in `"`'),
    ("a : b", 3, "`:` without a field", "directly before"),
    ("a AND :b", 7, "`:` without a field", "directly before"),
    ("a\x00b", 2, "U+0000", "take it out"),
    ("a \ud800", 3, "U+D800", "take it out"),
    ("Syrie\u0308 irak", 8, "no operator", "AND"),
    ("a-b-c-d-e-f-g-h-i", 1, "joins 9 parts", '"a b c d e f g h i"'),
    ("x" * 300, 1, "never found", "at most 200"),
    ("(" * 41 + "a" + ")" * 41, 41, "more than 40 levels", "concepts"),
    ("(" * 9_000, 41, "more than 40 levels", "concepts"),
    ("ATLEAST/2 " * 1_900 + "a", 401, "more than 40 levels", "concepts"),
    ("a" * (LONGEST_QUERY + 1), 1, "at most 20,000", "concepts"),
]


@pytest.mark.parametrize(("text", "column", "what", "remedy"), FAULTS)
def test_a_fault_names_its_column_and_the_remedy(
    text: str, column: int, what: str, remedy: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, CONCEPTS)

    assert caught.value.column == column
    assert what in caught.value.what
    assert remedy in caught.value.remedy


TOKENS = (
    'a b* kalifa* "a b" = == @is @x ( ) AND OR NOT EXCEPT NEAR/2 THEN/0 ATLEAST/2 NEAR'
    " title: text: body: outlet: foo: nu.nl - -a +b !"
)


def _fault(text: str) -> QueryError | None:
    try:
        parse(text, CONCEPTS)
    except QueryError as fault:
        return fault
    return None


@given(
    st.text(st.sampled_from("ab*?=@()\":/-' \nANDORTE1.,&é\u0308\u0000"), max_size=40)
    | st.lists(st.sampled_from(TOKENS.split()), max_size=12).map(" ".join)
)
def test_any_text_is_a_query_or_has_a_fault_with_its_column(text: str) -> None:
    fault = _fault(text)

    assert fault is None or (1 <= fault.column <= len(text) + 1 and fault.remedy)


def test_a_concept_is_read_once_and_shared() -> None:
    concepts = Concepts(CONCEPTS)

    one, other = parse("@is", concepts).node, parse("@is", concepts).node

    assert one is other


def test_a_concept_may_name_metadata() -> None:
    node = parse("outlet:@nos", {"nos": ("NOS*", "nieuwsuur")}).node

    assert isinstance(node, Concept)
    assert node.node == Or(
        (Metadata("outlet", "NOS*", "nos*"), Metadata("outlet", "nieuwsuur", "nieuwsuur"))
    )


@pytest.mark.parametrize(
    ("concepts", "words"),
    [
        ({"a": ("@a",)}, ("in concept", "itself: @a -> @a")),
        ({"a": ("@b",), "b": ("x", "@c"), "c": ("@a",)}, ("@a -> @b -> @c -> @a", "take one")),
        ({"a": ("x irak",)}, ('in concept "a"', "column 3")),
        ({"a": ()}, ('in concept "a"', "at least one")),
        ({"a": ("@b",)}, ('no concept "b"', "there are: a")),
        ({"a": ("",)}, ('in concept "a"', "empty")),
    ],
)
def test_a_fault_in_a_concept_is_found_before_it_is_used(
    concepts: dict[str, tuple[str, ...]], words: tuple[str, ...]
) -> None:
    fault = next(Concepts(concepts).faults())

    assert all(word in str(fault) for word in words)
    assert fault.concept in concepts


def test_concepts_that_multiply_each_other_are_refused() -> None:
    concepts = {f"c{n}": (f"@c{n + 1}", f"@c{n + 1}", f"@c{n + 1}") for n in range(12)}
    concepts["c12"] = ("kalifaat",)

    with pytest.raises(QueryError, match="more than 50,000 words"):
        parse("@c0", concepts)


def test_concepts_that_reach_too_deep_are_refused() -> None:
    concepts = {f"c{n}": (f"(@c{n + 1})",) for n in range(200)}
    concepts["c200"] = ("kalifaat",)

    with pytest.raises(QueryError, match="inside each other"):
        parse("@c0", concepts)


def test_a_fault_is_a_fault_of_configuration() -> None:
    with pytest.raises(NieuwswachtError, match=r"^column 1: .+: .+"):
        parse("*")


@pytest.mark.parametrize(
    "query",
    [
        " NEAR/1 ".join(["a"] * 900),
        "(" * 30 + "a" + " NEAR/1 b THEN/2 c)" * 30,
        "(" * 39 + "a" + " NEAR/1 b)" * 39,
    ],
)
def test_a_row_of_nearness_that_is_too_deep_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="more than 40 levels"):
        parse(query)


def test_a_row_of_nearness_may_be_long() -> None:
    assert parse(" NEAR/1 ".join(["a"] * 40))
    assert parse("(a NEAR/1 b) OR " * 100 + "c")
