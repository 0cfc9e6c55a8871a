"""Looks at sources for commands, until all are done or a signal comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from crawler.discovery import ListLook, Look, Prober, candidates
from crawler.model import Source, SourceKind
from monitor.context import Context
from monitor.running.logs import configure_logging
from monitor.running.signals import stop_on_signal

T = TypeVar("T")


def look_at(context: Context, sources: Sequence[Source], *, page: bool) -> list[Look]:
    """A look at each of these sources, in order; after a signal, only those that were done."""

    async def job(prober: Prober) -> list[Look]:
        tasks = [asyncio.create_task(prober.look(source, page=page)) for source in sources]
        with stop_on_signal() as stopped:
            stop = asyncio.create_task(stopped.wait())
            await asyncio.wait((asyncio.gather(*tasks), stop), return_when=asyncio.FIRST_COMPLETED)
            for task in (*tasks, stop):
                task.cancel()
        return [task.result() for task in tasks if task.done() and not task.cancelled()]

    return _asked(context, job)


def find(context: Context, url: str) -> list[Look]:
    """What can be polled at this address, or at the site of this page; the most likely first.

    If nothing that the page names is a list with news, its pages of feeds, its sitemaps and the
    usual places are asked too.

    Raises:
        SourceError: the address does not answer.
    """

    async def job(prober: Prober) -> list[Look]:
        site = await prober.site(url)
        looks = await looks_at(prober, candidates(site, context.sources))
        if site.kind is not SourceKind.SECTION or any(map(_has_entries, looks)):
            return looks
        asked = {look.source.url for look in looks}
        more = candidates(await prober.beyond(site, looks), context.sources)
        return looks + await looks_at(prober, [one for one in more if one.url not in asked])

    async def looks_at(prober: Prober, found: Iterable[Source]) -> list[Look]:
        return await asyncio.gather(*(prober.look(source, page=False) for source in found))

    return _asked(context, job)


def _has_entries(look: Look) -> bool:
    return isinstance(look, ListLook) and bool(look.entries)


def _asked(context: Context, job: Callable[[Prober], Awaitable[T]]) -> T:
    level = logging.INFO if context.verbose else logging.ERROR
    configure_logging(level, as_json=context.log_json)

    async def run() -> T:
        async with Prober(context.settings.crawl, context.settings.network, context.now) as prober:
            return await job(prober)

    with context.progress.status("asking…"):
        return asyncio.run(run())
