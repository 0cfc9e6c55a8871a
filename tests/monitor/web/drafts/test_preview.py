"""What a draft finds in the newest articles, as far as there is time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import Desk
from page_newsroom import desk_in

from alerts.query.parser import Concepts
from alerts.rules.book import Rule, rule_of
from monitor.web.drafts import preview as previews
from monitor.web.drafts.preview import NewestArticles, Preview

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Nine articles, one a day, of three outlets; every third is about a wolf and no copy."""
    desk = desk_in(tmp_path_factory.mktemp("preview"))
    for number in range(1, 10):
        about = f"wolf {number}" if number % 3 == 0 else f"schaap {number * 37}"
        desk.publish(
            f"Bericht over {about}",
            f"Een {about}, en verder staat hier nummer {number * 101}.",
            number=number,
            outlet=("NOS", "Peilpunt", "De Krant")[number // 3 % 3],
            published=desk.clock() - number * DAY,
        )
    yield desk
    desk.writer.close()


def preview(
    desk: Desk, draft: str, held: str = "", time: Callable[[], bool] = lambda: True, **more: object
) -> Preview:
    def rule(text: str) -> Rule:
        return rule_of(id="r", text=text, **more)  # type: ignore[arg-type]  # as given

    return desk.writer.run(
        lambda db: NewestArticles(
            db=db, concepts=Concepts(), now=desk.clock(), there_is_time=time
        ).preview(rule(draft), rule(held) if held else None)
    )


def test_a_preview_counts_what_is_found_won_and_lost(desk: Desk) -> None:
    found = preview(desk, "wolf", "schaap OR 303")

    assert (len(found.found), found.is_all, found.is_late) == (3, True, False)
    assert len(found.won or ()) == 2
    assert len(found.lost or ()) == 6
    assert round(found.alerts_a_day, 2) == round(3 / 9, 2)


def test_a_rule_about_some_outlets_finds_theirs_alone(desk: Desk) -> None:
    for outlets, number in ((["NOS"], 1), (["NOS", "peilpunt"], 2), (['De "rare" krant'], 0)):
        assert len(preview(desk, "wolf", outlets=outlets).found) == number


def test_without_a_rule_in_force_nothing_is_compared(desk: Desk) -> None:
    found = preview(desk, "wolf")

    assert (found.won, found.lost) == (None, None)


def test_when_time_is_over_it_says_how_far_it_came(desk: Desk) -> None:
    answers = iter([True, True, True, True])

    found = preview(desk, "wolf", time=lambda: next(answers, False))

    assert found.is_late
    assert not found.is_all
    assert [each.found.published >= found.since for each in found.found] == [True]


@pytest.mark.slow
def test_what_is_found_everywhere_is_counted_to_two_hundred(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    for number in range(1, previews.MOST + 3):
        desk.publish(
            f"Wolf {number}",
            f"Wolf nummer {number}.",
            number=number,
            published=desk.clock() - timedelta(hours=number),
        )

    found = preview(desk, "wolf")

    assert (len(found.found), found.is_all) == (previews.MOST, False)
    desk.writer.close()


def test_articles_of_more_than_a_month_ago_are_not_read(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.publish("Wolf", "Een wolf.", number=1, published=desk.clock() - 31 * DAY)
    assert preview(desk, "wolf").found == []
    desk.publish("Wolf", "Een wolf.", number=2, published=desk.clock() - 29 * DAY)

    assert len(preview(desk, "wolf").found) == 1
    desk.writer.close()
