"""How well the shipped pack does on whole articles, written before the pack was made for them."""

import pytest
from labelled_articles import LabelledArticle, bundled_articles, falsely_called, rule_scores
from scores import Score, report

RECALL, PRECISION = 0.93, 0.95
MOST_FALSE = 0.02  # of the articles on other subjects
FEWEST = 25  # articles that a rule should call, and that it should not


@pytest.fixture(scope="module")
def articles() -> list[LabelledArticle]:
    return bundled_articles()


@pytest.fixture(scope="module")
def scores(pack, articles) -> dict[str, Score]:
    return rule_scores(pack, articles)


def test_each_rule_finds_its_articles_and_hardly_any_other(scores) -> None:
    low = [s for s in scores.values() if s.recall < RECALL or s.precision < PRECISION]

    assert not low, report(low)


def test_hardly_an_article_on_another_subject_calls_a_rule(pack, articles) -> None:
    others = [each for each in articles if not each.relevant]

    false = falsely_called(pack, others)

    assert len(false) <= MOST_FALSE * len(others), "\n".join(false)


def test_every_rule_has_enough_articles_of_both_kinds(pack, articles) -> None:
    for rule in pack.rules:
        assert sum(rule.id in each.rules for each in articles) >= FEWEST, rule.id
        assert sum(not each.relevant for each in articles) >= FEWEST


def test_the_articles_are_all_different(articles) -> None:
    titles = [each.document.title for each in articles]

    assert sorted({title for title in titles if titles.count(title) > 1}) == []


def test_a_background_mention_calls_no_rule_of_high_priority(pack, articles) -> None:
    background = [each for each in articles if each.rules == {"achtergrond"}]

    called = {match.rule for each in background for match in pack.match(each.document)}

    assert called
    assert called.isdisjoint(rule.id for rule in pack.rules if rule.priority == "high")
