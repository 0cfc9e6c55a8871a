"""How well the pack understands Dutch, on labelled texts; no floor is lowered without a record."""

import pytest
from labelled import Labelled
from scores import Score, report
from spoilt import PERTURBATIONS, spoilt

from alerts.match import Hit
from alerts.rules.book import RuleBook

FLOOR = 0.99
CONCEPTS = (
    "is", "syrie", "sdf", "koerden", "kalifaat", "plaatsen", "kampen", "uitreizigers", "gezinnen",
)  # fmt: skip  # one row of names reads better
FEWEST_OF_A_CONCEPT = 8  # occurrences without which a floor says little
FEWEST_OF_A_RULE = 10
IN_BODIES = {"achtergrond"}  # looks below the lead, where these texts have nothing


def hits_of(book: RuleBook, text: Labelled) -> dict[str, tuple[Hit, ...]]:
    return {match.rule: match.hits for match in book.match(text.document())}


@pytest.fixture(scope="module")
def found(concepts, texts) -> list[tuple[Labelled, dict[str, tuple[Hit, ...]]]]:
    return [(text, hits_of(concepts, text)) for text in texts]


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_concept_finds_its_occurrences_and_hardly_anything_else(concept, found) -> None:
    score = Score(concept)

    for text, hits in found:
        if concept in text.marked:
            score.count(text, text.of(concept), hits.get(concept, ()))

    assert score.right + len(score.missed) >= FEWEST_OF_A_CONCEPT
    assert score.precision >= FLOOR, report([score])
    assert score.recall >= FLOOR, report([score])


def test_every_rule_calls_for_its_texts_and_hardly_any_other(pack, texts) -> None:
    scores = {rule.id: Score(rule.id) for rule in pack.rules}

    for text in texts:
        called = hits_of(pack, text)
        for name, score in scores.items():
            if text.rules is not None:
                score.count_rule(text, called=name in called)

    low = [s for s in scores.values() if s.precision < FLOOR or s.recall < FLOOR]
    assert not low, report(low)
    assert all(scores[name].right >= FEWEST_OF_A_RULE for name in scores if name not in IN_BODIES)


def test_no_headline_in_capitals_calls_because_of_the_verb(found, pack) -> None:
    verbs = [(text, hits) for text, hits in found if _is_verb_in_capitals(text)]

    assert len(verbs) >= 40
    assert [text.text for text, hits in verbs if "is" in hits] == []
    assert [text.text for text, _ in verbs if "is-gebied" in hits_of(pack, text)] == []


def _is_verb_in_capitals(text: Labelled) -> bool:
    return text.headline and text.text.isupper() and " IS" in f" {text.text}" and not text.of("is")


def test_the_labels_name_rules_and_concepts_of_the_pack(pack, texts) -> None:
    rules = {rule.id for rule in pack.rules}
    named = set().union(*(text.open_rules | (text.rules or set()) for text in texts))
    marked = {mark.concept for text in texts for mark in text.marks}

    assert named == rules - IN_BODIES
    assert marked <= set().union(*(text.marked for text in texts)) <= set(pack.concepts.names)


def test_the_set_is_large_and_repeats_no_frame(texts) -> None:
    headlines = [text.text for text in texts if text.headline]
    sentences = [text.text for text in texts if not text.headline]
    openings = [tuple(text.split()[:5]) for text in sentences]

    assert len(sentences) >= 600
    assert len(headlines) >= 150
    assert len(set(sentences + headlines)) == len(texts)
    assert sorted(one for one in set(openings) if openings.count(one) > 1) == []


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_no_perturbation_changes_a_hit(name, concepts, found) -> None:
    changed = []
    # A third of the texts each, so that all of them together meet every text six times.
    for text, before in found[list(PERTURBATIONS).index(name) % 3 :: 3]:
        spoilt_text = spoilt(name, text.text)
        after = concepts.match(text.document(spoilt_text.text))
        expected = {
            concept: [spoilt_text.span(hit.start, hit.end) for hit in hits]
            for concept, hits in before.items()
        }
        if {match.rule: [(h.start, h.end) for h in match.hits] for match in after} != expected:
            changed.append(f"{text.place}  {spoilt_text.text}")

    assert len(PERTURBATIONS) >= 15
    assert changed == []
