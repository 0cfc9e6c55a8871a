"""The further pages of an article that its outlet spreads over several."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from crawler.errors import StoppedError
from crawler.frozen import dataclass
from crawler.model import Validators
from crawler.network.exchange import Exchange
from crawler.network.faults import fault_of, lasting, wait_of
from crawler.pages.several_pages import MOST_PAGES, ArticlePart, only_repeats
from crawler.reading.reader import Reader, hash_of
from crawler.reading.tasks import (
    NOT_MODIFIED,
    Answer,
    PageArticle,
    PageFault,
    PageRead,
    PageWork,
    Unchanged,
)
from crawler.store.records import FollowingPage


@dataclass(frozen=True, slots=True)
class PagesRead:
    """The pages of an article that could be read; `following` is what is kept of all but the first.

    `fault` says why the next one is missing, None if none is. `exchanges` are all but the first as
    received, if that is wanted.
    """

    pages: tuple[ArticlePart, ...]
    following: tuple[FollowingPage, ...]
    fault: PageFault | None
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class NextPages:
    """Asks for the further pages of an article, one after the other."""

    work: PageWork
    reader: Reader
    ask: Callable[[str, Validators], Awaitable[Answer]]

    async def unchanged(self) -> bool:
        """Whether all that were read the last time are as they were; a 304 says so."""
        for page in self.work.page.following:
            try:
                answer = await self.ask(page.url, page.validators)
            except StoppedError:
                raise
            except Exception:  # noqa: BLE001 - whatever it is, they are read anew, and it is told then
                return False
            same = answer.ok and not answer.cut and hash_of(answer) == page.body_hash
            if not same and not (answer.status == NOT_MODIFIED and answer.conditional):
                return False
        return True

    async def first_again(self) -> tuple[Answer, PageRead]:
        """The first page once more, whatever is known of it."""
        page = self.work.page
        try:
            answer = await self.ask(page.url, Validators())
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the page did not come
            fault = PageFault(what=fault_of(error), again=not lasting(error))
            return Answer(url=page.url, status=0, wait=wait_of(error)), fault
        return answer, await self.reader.page(self.work.source, page.entry, answer)

    async def read(self, first: ArticlePart) -> PagesRead:
        """The first page with all that follow, as far as they can be read."""
        pages, following, exchanges = [first], list[FollowingPage](), list[Exchange]()
        fault = None
        while pages[-1].next_page and len(pages) < MOST_PAGES:
            read = await self._page(pages[-1].next_page)
            if isinstance(read, PageFault):
                fault = read
                break
            page, kept, received = read
            ends = only_repeats(page, pages)
            pages.append(replace(page, next_page="") if ends else page)
            following.append(kept)
            exchanges += received
        return PagesRead(tuple(pages), tuple(following), fault, tuple(exchanges))

    async def _page(
        self, url: str
    ) -> tuple[ArticlePart, FollowingPage, tuple[Exchange, ...]] | PageFault:
        try:
            answer = await self.ask(url, Validators())
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the page did not come
            return PageFault(what=fault_of(error), again=not lasting(error))
        read = await self.reader.page(self.work.source, self.work.page.entry, answer)
        match read:
            case PageArticle() if answer.cut:
                return PageFault(what=answer.cut_by, status=answer.status, again=True)
            case PageArticle():
                part = read.more or ArticlePart(read.article, refrains=read.refrains)
                kept = FollowingPage(url, answer.validators, read.body_hash)
                return part, kept, answer.exchanges
            case PageFault():
                return read
            case Unchanged():
                raise AssertionError("without a hash, no page is unchanged")
