"""The pack on the bundled newsroom, and what keeps it in order."""

import pytest

from alerts.document import Document
from monitor.demo.newsroom.content import NewsPiece
from monitor.demo.newsroom.library import bundled

ARTICLES = bundled().articles


def document_of(piece: NewsPiece) -> Document:
    shown = piece.versions[-1]
    return Document(title=shown.title, lead=shown.lead, body="\n\n".join(shown.paragraphs))


@pytest.mark.parametrize("piece", [p for p in ARTICLES if not p.rules], ids=lambda piece: piece.id)
def test_an_article_on_another_subject_calls_no_rule(pack, piece) -> None:
    assert [match.rule for match in pack.match(document_of(piece))] == []


@pytest.mark.parametrize("piece", [p for p in ARTICLES if p.rules], ids=lambda piece: piece.id)
def test_an_article_on_the_subject_calls_a_rule(pack, piece) -> None:
    assert pack.match(document_of(piece))


def test_each_rule_carries_examples_of_both_kinds(pack) -> None:
    for rule in pack.rules:
        assert len(rule.must_match) >= 3, rule.id
        assert len(rule.must_not_match) >= 3, rule.id


def test_the_pack_speaks_to_the_terminal_until_somebody_names_a_channel(pack) -> None:
    assert {rule.channels for rule in pack.rules} == {("console",)}


def test_every_concept_is_used(pack) -> None:
    used = " ".join(rule.text for rule in pack.rules) + str(pack.concepts.definitions)

    assert [name for name in pack.concepts.names if f"@{name}" not in used] == []
