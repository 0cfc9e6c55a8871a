"""What an article said and a rule found stays in the archive, whatever its page does later."""

from __future__ import annotations

import pytest
from deliverydesk import Desk

from crawler.store import ArticleStore
from crawler.store.archive import past_texts

MOST_KEPT = 100_000  # letters; the program's own takes a minute to fill


def test_past_the_limit_each_sentence_that_matched_is_still_held(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_texts, "MOST_KEPT", MOST_KEPT)
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
