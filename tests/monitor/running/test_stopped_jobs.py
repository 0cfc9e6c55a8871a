"""A job of the daemon that is in hand when it stops."""

from __future__ import annotations

import asyncio
import logging

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.running.daemon import outliving_the_store


def test_a_stop_that_cuts_a_job_short_leaves_no_trace_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def stopped_in_the_middle() -> bool:
        begun = asyncio.Event()

        async def job() -> None:
            begun.set()
            await asyncio.Event().wait()

        scheduler = AsyncIOScheduler()
        scheduler.add_job(outliving_the_store(job))
        scheduler.start()
        await asyncio.wait_for(begun.wait(), 60)
        scheduler.shutdown(wait=False)
        in_hand = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(in_hand, timeout=60)
        return bool(in_hand)

    with caplog.at_level(logging.WARNING):
        was_in_hand = asyncio.run(stopped_in_the_middle())

    assert was_in_hand
    assert caplog.messages == []
