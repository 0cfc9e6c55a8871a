"""How a daemon does, asked from another thread."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from deliverydesk import open_desk

from monitor.health.vitals import Vitals


def test_a_loop_and_a_writer_that_are_held_up_do_not_answer(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    vitals = Vitals(desk.writer, desk.clock, within=0.2)
    release = threading.Event()

    async def daemon() -> list[tuple[bool, bool]]:
        vitals.start()

        def ask() -> tuple[bool, bool]:
            return asyncio.run(vitals.answers())

        found = [await asyncio.to_thread(ask)]
        desk.writer.submit(lambda _: release.wait(30))
        found.append(await asyncio.to_thread(ask))
        # A loop that is held up for as long as the other thread asks.
        answers: list[tuple[bool, bool]] = []
        other = threading.Thread(target=lambda: answers.append(ask()))
        other.start()
        other.join(30)
        release.set()
        vitals.stop()
        return [*found, *answers]

    assert asyncio.run(daemon()) == [(True, True), (True, False), (False, False)]
    desk.writer.close()


def test_how_late_the_loop_was_is_counted_by_its_bounds(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    vitals = Vitals(desk.writer, desk.clock)

    for seconds in (0.001, 0.004, 0.7, 60.0):
        vitals.late_by(seconds)

    assert dict(vitals.lags) == {0.005: 2, 1.0: 1, float("inf"): 1}
    assert vitals.lag_seconds == pytest.approx(60.705)
    desk.writer.close()
