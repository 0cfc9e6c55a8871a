"""What an article said and a rule found stays in the archive, whatever its page does later."""

from __future__ import annotations

import pytest
from deliverydesk import Desk

from crawler.store import ArticleStore
from crawler.store.archive.past_texts import MOST_KEPT


@pytest.mark.slow
def test_past_a_megabyte_each_sentence_that_matched_is_still_held(desk: Desk) -> None:
    desk.add_channel()
    desk.rules(baghuz="baghuz")
    for number in range(6):
        filler = " ".join(f"Woord {number} {each}." for each in range(MOST_KEPT // 60))
        saved = desk.publish(body=f"Bij Baghuz vielen {number} schoten. {filler}")
        desk.match()

    held = ArticleStore(desk.writer.run(lambda db: db)).revisions(saved.article)

    whole = [revision.whole for revision in held]
    assert not whole[0]
    assert whole[-2:] == [True, True]
    assert whole == sorted(whole)
    told = [f"Bij Baghuz vielen {number} schoten." for number in range(6)]
    assert [revision.body.partition(".")[0] + "." for revision in held] == told
    assert [revision.body for revision in held if not revision.whole] == told[: whole.count(False)]
