"""What was done a moment ago is remembered for half a minute, and for a thousand at once."""

from __future__ import annotations

from datetime import timedelta

from deliverydesk import MORNING

from monitor.web.making.undoing import Done, Undos


async def undo() -> None:
    """Nothing to put back."""


def test_the_newest_thousand_can_be_undone_and_no_more_are_kept() -> None:
    undos = Undos()

    tokens = [undos.keep(Done("said", undo), "anna", MORNING) for _ in range(1_005)]

    kept = [token for token in tokens if undos.words(token, "anna", MORNING)]
    assert kept == tokens[5:]


def test_after_half_a_minute_nothing_is_undone_or_said() -> None:
    undos = Undos()
    token = undos.keep(Done("said", undo), "anna", MORNING)
    last, over = MORNING + timedelta(seconds=29.5), MORNING + timedelta(seconds=30)

    said = undos.words(token, "anna", last)
    assert said is not None
    assert (said.token, said.seconds) == (token, 1)
    assert undos.words(token, "bram", last) is None
    assert undos.words(token, "anna", over) is None
    assert undos.take(token, "anna", over) is None
    assert undos.take(token, "anna", last) is undo
    assert undos.take(token, "anna", last) is None
