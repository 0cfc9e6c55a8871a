"""What a fault in a query proposes to those who know other search boxes."""

import pytest

from alerts.query.parser import parse
from crawler.errors import QueryError

CONCEPTS = {"is": ("=IS",), "wolf": ("wolf", "wolven")}


def _fault(query: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(query, CONCEPTS)
    return caught.value


@pytest.mark.parametrize(
    ("query", "column", "what", "remedy"),
    [
        ("wolf -street", 6, "`-` before a word", "write `wolf NOT street`"),
        ("wolf AND -street", 10, "`-` before a word", "write `wolf NOT street`"),
        ('wolf -"wall street"', 6, "`-` before a word", 'write `wolf NOT "wall street"`'),
        ("(wolf OR vos) !(a OR b)", 15, "`!` before a word", "`(wolf OR vos) NOT (a OR b)`"),
        ("(a -@is)", 4, "`-` before a word", "write `NOT @is`"),
        ("-street", 1, "`-` before a word", "write `a NOT street`"),
        ("wolf +vee", 6, "`+` before a word", "write `wolf AND vee`"),
        ("+wolf", 1, "`+` before a word", "write `wolf`"),
    ],
)
def test_a_sign_of_other_search_boxes_is_refused_with_the_operator_that_is_meant(
    query: str, column: int, what: str, remedy: str
) -> None:
    fault = _fault(query)

    assert (fault.column, remedy in fault.remedy) == (column, True)
    assert what in fault.what


@pytest.mark.parametrize("query", ["url:-x", "==-IS", "nu-net", "kalifaat AND f-16", '"a -b"'])
def test_a_hyphen_elsewhere_is_part_of_what_is_looked_for(query: str) -> None:
    assert parse(query, CONCEPTS)


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("wolf EN vee", "written in English (AND, OR, NOT): `AND`"),
        ("wolf NIET vee", "written in English (AND, OR, NOT): `NOT`"),
        ("wolf en vee", "written in capitals: `AND`"),
        ("atleast/3 wolf", "written in capitals: `ATLEAST/3`"),
        ("wolf AND minstens/2 vee", "written in capitals: `ATLEAST/3`"),
        ("wolf AND MINSTENS/2 vee", "written in English (AND, OR, NOT): `ATLEAST/3`"),
        ("wolf atleast/3 vee", "written in capitals: `ATLEAST/3`"),
        ("niet wolf", "written in capitals: `NOT`"),
        ("@wolff AND vee", "did you mean `@wolf`?"),
    ],
)
def test_a_slip_is_answered_with_what_can_be_written(query: str, remedy: str) -> None:
    assert remedy in _fault(query).remedy
