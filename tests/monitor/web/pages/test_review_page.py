"""A review keeps its list while news comes."""

from __future__ import annotations

from pathlib import Path

from deliverydesk import BAGHUZ
from page_newsroom import desk_at_work


def test_a_story_in_which_more_is_found_keeps_its_place_in_a_review(tmp_path: Path) -> None:
    with desk_at_work(tmp_path) as (visitor, desk):
        review = visitor.get("/review").headers["Location"]
        before = visitor.get(review).text
        assert "Laatste bolwerk gevallen" in before

        # when a newer match is found in the story
        newest = "SELECT max(id) FROM matches"
        (first,) = desk.writer.run(lambda db: db.execute(newest).fetchone())
        changed = BAGHUZ.replace("Duizenden vrouwen", "Tienduizenden vrouwen")
        desk.publish("Laatste bolwerk gevallen", changed, number=1)
        desk.match()
        (second,) = desk.writer.run(lambda db: db.execute(newest).fetchone())
        assert second > first

        # then it stands where it stood, and as seen counts what stood there
        after = visitor.get(review).text
        assert "Laatste bolwerk gevallen" in after
        assert f'name="match" value="{first}"' in after
        assert "0 van 1" in after
