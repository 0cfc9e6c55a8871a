"""Rules and the book that holds them."""

import pytest
from archived import ARTICLES

from alerts.document import Document, document_of
from alerts.match import Hit, Match, Priority
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, RuleBook, rule_of

ARTICLE = Document(body="IS-strijders geven zich over in Baghouz", outlet="NOS")


def _ids(book: RuleBook, document: Document = ARTICLE) -> list[str]:
    return [match.rule for match in book.match(document)]


def test_a_match_names_the_rule_its_hash_and_its_hits() -> None:
    rule = rule_of(id="is", text="=IS")

    assert RuleBook.build([rule]).match(ARTICLE) == [
        Match("is", rule.hash, (Hit("body", 0, 2, "IS"),))
    ]


def test_rules_are_answered_in_their_order() -> None:
    rules = [rule_of(id=name, text="baghouz") for name in ("c", "a", "b")]

    assert _ids(RuleBook.build(rules)) == ["c", "a", "b"]


def test_a_rule_for_outlets_hears_no_other() -> None:
    book = RuleBook.build([rule_of(id="r", text="baghouz", outlets=("AD", "nos"))])

    assert _ids(book) == ["r"]
    assert _ids(book, Document(body="baghouz", outlet="Trouw")) == []
    assert _ids(book, Document(body="baghouz")) == []


def _hash(text: str = "@is", *concept: str, outlets: tuple[str, ...] = ()) -> str:
    concepts = Concepts({"is": concept or ("=IS",), "other": ("x",)})
    return rule_of(id="r", text=text, concepts=concepts, outlets=outlets).hash


def test_the_hash_changes_with_all_that_decides_a_match_and_nothing_else() -> None:
    assert _hash() == _hash()
    assert _hash() != _hash("@is OR x")
    assert _hash() != _hash("@is", "=IS", "daesh")
    assert _hash() != _hash(outlets=("NOS",))
    assert _hash(outlets=("AD", "NOS")) == _hash(outlets=("NOS", "AD"))
    rules = [
        rule_of(id=name, text="a", priority=priority, channels=(name,))
        for name, priority in (("a", Priority.LOW), ("b", Priority.HIGH))
    ]
    assert rules[0].hash == rules[1].hash


def test_the_hash_changes_with_a_concept_of_a_concept() -> None:
    one, other = (
        rule_of(id="r", text="@a", concepts=Concepts({"a": ("@b",), "b": (word,)}))
        for word in ("x", "y")
    )

    assert one.hash != other.hash


def test_a_change_leaves_the_book_that_is_in_use_alone() -> None:
    book = RuleBook.build([rule_of(id="a", text="baghouz"), rule_of(id="b", text="=IS")])

    added = book.add(rule_of(id="c", text="strijders"))
    replaced = added.replace(rule_of(id="a", text="raqqa"))
    removed = replaced.remove("b")

    assert [_ids(each) for each in (book, added, replaced, removed)] == [
        ["a", "b"],
        ["a", "b", "c"],
        ["b", "c"],
        ["c"],
    ]
    assert "b" in book
    assert "b" not in removed
    assert removed["a"].text == "raqqa"
    assert len(removed) == 2


def test_a_book_that_is_changed_for_ever_forgets_the_past() -> None:
    book = RuleBook.build([rule_of(id="a", text="baghouz")])
    for number in range(200):
        book = book.replace(rule_of(id="a", text=f"woord{number} OR baghouz"))

    assert _ids(book) == ["a"]
    assert len(book._index._vocabulary.numbers) < 20


def test_a_name_is_held_once() -> None:
    book = RuleBook.build([rule_of(id="a", text="x")])

    with pytest.raises(ValueError, match="already"):
        book.add(rule_of(id="a", text="y"))


def test_a_rule_without_words_is_answered_by_its_metadata() -> None:
    book = RuleBook.build(
        [rule_of(id="nos", text="outlet:NOS"), rule_of(id="ad", text="outlet:AD")]
    )

    assert book.match(ARTICLE) == [Match("nos", book["nos"].hash, ())]


def test_an_article_is_a_document() -> None:
    article = ARTICLES[0]

    document = document_of(article)

    assert (document.id, document.title) == (article.id, article.title)
    assert (document.section, document.author, document.lang) == ("", "", "nl")


def test_rules_are_values() -> None:
    rule: Rule = rule_of(id="a", text="x")

    assert rule == rule_of(id="a", text="x")
    assert rule.name == "a"
