"""`own:` leaves out the posts that an article embeds; every other field has them."""

from __future__ import annotations

import pytest

from alerts.document import Document
from alerts.rules import RuleBook, explain, rule_of
from crawler.errors import QueryError

POST = "> Het kalifaat leeft in Baghouz. — Persdienst (@pers) 12 november 2026"
PAGE = Document(
    id="1",
    title="Leger in Daraqa",
    lead="Het leger staat voor de brug.",
    body=f"Inwoners vluchten uit de stad.\n\n{POST}\n\nDe gouverneur > de minister, in rang.",
)


def hits(query: str, document: Document = PAGE) -> list[str] | None:
    matches = RuleBook.build([rule_of(id="r", text=query)]).match(document)
    return [hit.text for hit in matches[0].hits] if matches else None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kalifaat", ["kalifaat"]),
        ("body:kalifaat", ["kalifaat"]),
        ("text:kalifaat", ["kalifaat"]),
        ("own:kalifaat", None),
        ("own:persdienst", None),
        ("own:leger", ["Leger", "leger"]),
        ("own:(inwoners AND gouverneur)", ["Inwoners", "gouverneur"]),
        ("own:minister", ["minister"]),  # a ">" within a line begins no post
        ("own:title:leger", ["Leger"]),
        ("body:own:inwoners", ["Inwoners"]),
        ("body:own:kalifaat", None),
        ("own:body:kalifaat", None),
        ("leger NOT own:kalifaat", ["Leger", "leger"]),
        ("kalifaat NOT own:baghouz", ["kalifaat"]),
        ("own:(stad NEAR/30 gouverneur)", ["stad", "gouverneur"]),
        ("own:(stad NEAR/30 kalifaat)", None),
        ('own:"kalifaat leeft"', None),
        ("ATLEAST/2 own:leger", ["Leger", "leger"]),
    ],
)
def test_own_words_are_those_outside_of_posts(query: str, found: list[str] | None) -> None:
    assert hits(query) == found


def test_a_post_at_the_beginning_and_one_at_the_end_are_posts() -> None:
    document = Document(id="1", title="Kop", body=f"{POST}\n\nEen zin.\n\n{POST}")
    assert hits("own:kalifaat", document) is None
    assert hits("ATLEAST/2 kalifaat", document) == ["kalifaat", "kalifaat"]


def test_why_says_that_a_word_stands_elsewhere() -> None:
    told = explain(rule_of(id="r", text="own:kalifaat"), PAGE)
    assert "in own: kalifaat: not here, though elsewhere" in str(told)


def test_the_field_is_named_where_one_is_not_known() -> None:
    with pytest.raises(QueryError, match="own"):
        rule_of(id="r", text="eigen:kalifaat")
