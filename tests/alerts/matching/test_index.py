"""The index answers as the exhaustive evaluator does, whatever the rules and the text."""

import random
import threading
from collections.abc import Iterator
from dataclasses import replace

import making
import pytest
from hypothesis import given, settings

from alerts.document import Document
from alerts.match import Match
from alerts.matching.evaluate import FullDocument, answer
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, RuleBook, rule_of

CONCEPTS = Concepts(making.CONCEPTS)
# So many words that documents are matched together.
MANY = [
    rule_of(id=f"many {at}", text=" OR ".join(f"w{word}" for word in range(at, at + 1_800)))
    for at in (0, 2_000, 4_000)
]
LISTED = "is OR kalifa* OR syrie OR =IS OR wat OR de"
IN_FIELDS = [
    rule_of(id=text, text=text)
    for text in (f"title:({LISTED})", f"body:({LISTED}) NOT lead:({LISTED})", f"lead:({LISTED})")
]


def _rules(rng: random.Random, count: int) -> list[Rule]:
    return [
        rule_of(
            id=f"r{number}",
            text=making.query(rng),
            concepts=CONCEPTS,
            outlets=rng.choice(((), (), (), ("nos",))),
        )
        for number in range(count)
    ]


def _expected(rules: list[Rule], document: Document) -> list[Match]:
    reading = FullDocument(document)
    return [
        Match(rule.id, rule.hash, hits)
        for rule in rules
        if rule.hears(document.outlet) and (hits := answer(rule.query.node, reading)) is not None
    ]


@given(making.SEEDS)
def test_the_index_answers_as_the_evaluator_does(rng: random.Random) -> None:
    rules = _rules(rng, 20)
    book = RuleBook.build(rules)

    for _ in range(5):
        document = making.document(rng)
        assert book.match(document) == _expected(rules, document)


@given(making.SEEDS)
@settings(max_examples=20)
def test_many_documents_are_answered_as_one_after_the_other(rng: random.Random) -> None:
    book = RuleBook.build([*_rules(rng, 40), *IN_FIELDS, *MANY])
    documents = [making.document(rng) for _ in range(20)]
    body = documents[0].body
    documents.append(replace(documents[0], items=tuple(range(0, len(body), 40))))
    documents.append(replace(documents[0], body=f"{body}. " * 50))

    assert list(book.match_many(documents)) == list(map(book.match, documents))


class Unreadable(Document):
    """A document with which matching comes to grief."""

    @property
    def texts(self) -> tuple[str, str, str]:
        raise RecursionError(self.id)


@pytest.mark.parametrize("more", [[], MANY])
def test_a_document_that_cannot_be_matched_costs_no_other_its_answer(more: list[Rule]) -> None:
    book = RuleBook.build([rule_of(id="r", text="kalifaat"), *more])
    kinds = (Document, Unreadable, Document)

    one, error, other = book.match_many(kind(id=kind.__name__, body="kalifaat") for kind in kinds)

    assert one == other == book.match(Document(body="kalifaat"))
    assert isinstance(error, RecursionError)


def test_documents_are_taken_as_far_ahead_as_their_letters_are_few() -> None:
    book, taken = RuleBook.build(MANY), list[int]()

    def documents() -> Iterator[Document]:
        for number in range(30):
            taken.append(number)
            yield Document(body="w1 " * 10_000)

    answers = book.match_many(documents())
    assert isinstance(next(answers), list)

    assert len(taken) == 10


@given(making.SEEDS)
def test_of_a_long_list_no_alternative_that_stands_there_is_missing(rng: random.Random) -> None:
    rules = []
    for number in range(6):
        listed = " OR ".join(f"({making.query(rng, 2)})" for _ in range(20))
        other = making.query(rng, 1)
        text = rng.choice((f"({listed})", f"({listed}) AND ({other})", f"({other}) NOT ({listed})"))
        rules.append(rule_of(id=f"r{number}", text=text, concepts=CONCEPTS))
    book = RuleBook.build(rules)

    for _ in range(5):
        document = making.document(rng)
        assert book.match(document) == _expected(rules, document)


@given(making.SEEDS)
def test_changes_answer_as_a_new_book_does(rng: random.Random) -> None:
    rules = _rules(rng, 36)  # so many that several stand under one word
    book = RuleBook.build(rules[:30])
    held = {rule.id: rule for rule in rules[:30]}
    for rule in rules[30:]:
        gone = rng.choice(list(held))
        book, before = book.add(rule), book
        held[rule.id] = rule
        changed = rule_of(id=gone, text=making.query(rng), concepts=CONCEPTS)
        if rng.random() < 0.5:
            book, held[gone] = book.replace(changed), changed
        else:
            book = book.remove(gone)
            del held[gone]
        document = making.document(rng)

        assert book.match(document) == _expected(list(held.values()), document)
        assert book.rules == tuple(held.values())
        assert rule.id not in before


def test_a_hundred_rules_added_one_by_one_answer_as_if_they_had_come_together() -> None:
    rng = random.Random(11)
    rules = _rules(rng, 100)
    book = RuleBook.build(rules[:1])
    for rule in rules[1:]:
        book = book.add(rule)

    for _ in range(100):
        document = making.document(rng)
        assert book.match(document) == _expected(rules, document)


def test_two_books_that_grew_from_one_do_not_know_each_others_rules() -> None:
    rng = random.Random(13)
    rules = _rules(rng, 60)
    book = RuleBook.build(rules[:20])
    one, other = book, book
    for mine, theirs in zip(rules[20:40], rules[40:], strict=True):
        one, other = one.add(mine), other.add(theirs)

    for _ in range(50):
        document = making.document(rng)
        assert one.match(document) == _expected(rules[:40], document)
        assert other.match(document) == _expected(rules[:20] + rules[40:], document)


def test_every_hit_is_a_stretch_of_the_text_as_given() -> None:
    rng = random.Random(5)
    book = RuleBook.build(_rules(rng, 50))

    for _ in range(50):
        document = making.document(rng)
        for match in book.match(document):
            for hit in match.hits:
                assert getattr(document, hit.field)[hit.start : hit.end] == hit.text
            assert list(match.hits) == sorted(
                match.hits, key=lambda hit: (["title", "lead", "body"].index(hit.field), hit.start)
            )


def test_threads_match_while_a_rule_is_changed() -> None:
    rng = random.Random(7)
    rules = _rules(rng, 30)
    book = RuleBook.build(rules)
    documents = [making.document(rng) for _ in range(60)]
    expected = [_expected(rules, document) for document in documents]
    answers: list[list[list[Match]]] = []

    def match() -> None:
        answers.append([book.match(document) for document in documents])

    threads = [threading.Thread(target=match) for _ in range(4)]
    for thread in threads:
        thread.start()
    for rule in _rules(rng, 10):
        book.replace(rule)
    for thread in threads:
        thread.join()

    assert answers == [expected] * 4


@pytest.mark.parametrize(
    "text",
    [
        "IS-" * 5_000,
        "IS " * 20_000,
        "'IS' " * 10_000,
        "œ-IS-" * 3_000,
        "IS" * 50_000,
        "I\u00adS " * 5_000,
    ],
)
def test_a_page_made_to_hurt_is_answered_as_any_other(text: str) -> None:
    queries = ("=IS", "==IS AND isi*", "isis", '"is is is" NEAR/250 is', "ATLEAST/1000 is", "*isi*")
    rules = [rule_of(id=query, text=query) for query in queries]
    document = Document(title="Syrië", body=text)

    assert RuleBook.build(rules).match(document) == _expected(rules, document)


@pytest.mark.slow
def test_four_hundred_thousand_pairs_are_answered_as_the_evaluator_does() -> None:
    rng = random.Random(20190323)
    for _ in range(4):
        rules = _rules(rng, 2_000)
        book = RuleBook.build(rules)
        for _ in range(50):
            document = making.document(rng)
            assert book.match(document) == _expected(rules, document)


@pytest.mark.parametrize("chunk", ["da'esh", "-".join("abcdefgh" * 3), "œ-uvre", "IS-œ"])
def test_a_page_of_one_compound_takes_no_longer_than_its_length(chunk: str) -> None:
    rules = [rule_of(id=text, text=text) for text in ("daesh", "abc*", "=IS", "*uvre", "oeuvre")]
    book = RuleBook.build(rules)

    text = f"{chunk} " * (200_000 // len(chunk))
    assert all(match.hits for match in book.match(Document(body=text)))


def test_a_letter_that_spells_several_words_is_no_word_of_a_rule() -> None:
    titles = ("Slag om a\u037araqqa", "zo \ufe76is", "De profeet \ufdfa sprak", "Nog ½ dag")
    rules = [rule_of(id=text, text=text) for text in ("raqqa", "=is", "*aqqa", "12", "الله")]
    book = RuleBook.build(rules)

    for title in titles:
        assert book.match(Document(title=title)) == _expected(rules, Document(title=title))


def test_a_question_mark_stands_for_a_letter_as_it_is_written() -> None:
    text = "Straße, Œuvre en cœur"
    rules = [rule_of(id=asked, text=asked) for asked in ("=Stra?e", "==?uvre", "=c?ur", "stra?e")]

    found = RuleBook.build(rules).match(Document(title=text))

    hits = {match.rule: [hit.text for hit in match.hits] for match in found}
    assert hits == {"=Stra?e": ["Straße"], "==?uvre": ["Œuvre"], "=c?ur": ["cœur"]}
