"""Sitemaps that name sitemaps: what a poll reads of them, and what it costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.errors import SourceError, StoppedError
from crawler.feeds.listing import Listing
from crawler.model import Source, SourceKind, Validators
from crawler.reading.reader import Reader
from crawler.reading.sitemap_index import IndexReader
from crawler.reading.tasks import Answer, PollWork
from crawler.sources.sitemap_turns import MOST_SITEMAPS
from crawler.store.records import SourceState

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
SITE = "https://krant.example"
ROOT = f"{SITE}/index.xml"
HOUR = timedelta(hours=1)


class InProcess:
    """Does the work at once."""

    async def run_for(
        self, _source: str, _size: int, function: Callable[..., Any], *args: Any
    ) -> Any:
        return function(*args)


def index(**children: datetime | None) -> str:
    listed = "".join(
        f"<sitemap><loc>{SITE}/{name}.xml</loc>"
        + (f"<lastmod>{at.isoformat()}</lastmod>" if at else "")
        + "</sitemap>"
        for name, at in children.items()
    )
    return f"<sitemapindex>{listed}</sitemapindex>"


def pages(*names: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{SITE}/{n}</loc></url>" for n in names) + "</urlset>"


@dataclass
class Outlet:
    """Sitemaps by name; what is asked is kept, with the ETag that came along."""

    files: Mapping[str, str]
    broken: Mapping[str, int | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    now: datetime = NOW
    state: SourceState = field(
        default_factory=lambda: SourceState(id="krant", validators=Validators(), next_poll=NOW)
    )

    async def ask(self, url: str, validators: Validators) -> Answer:
        name = url.removeprefix(f"{SITE}/").removesuffix(".xml")
        self.asked.append(name)
        fault = self.broken.get(name, 200 if name in self.files else 404)
        if isinstance(fault, Exception):
            raise fault
        body = self.files.get(name, "").encode()
        etag = f'"{hash(body)}"'
        if validators.etag == etag:
            return Answer(url=url, status=304)
        return Answer(url=url, status=fault, body=body, headers={"etag": etag})

    def poll(self) -> Listing:
        """What one poll of `index.xml` gives; what it learns is known to the next one."""
        source = Source(
            id="krant", outlet="Krant", kind=SourceKind.NEWS_SITEMAP, url=ROOT, every=HOUR
        )
        work = PollWork(source, self.state)
        reading = Reader(InProcess(), lambda: self.now)
        self.asked = []

        async def poll() -> Listing:
            answer = Answer(url=ROOT, status=200, body=self.files["index"].encode())
            top = await reading.listing(work, answer)
            return await IndexReader(work, reading, self.ask).listing(answer, top)

        listing = asyncio.run(poll())
        self.state = SourceState(
            id="krant",
            validators=Validators(),
            next_poll=NOW,
            last_success=NOW,
            sitemaps=listing.sitemaps or {},
        )
        return listing


def paths(listing: Listing) -> list[str]:
    return [entry.url.removeprefix(f"{SITE}/") for entry in listing.entries]


def dated(name: str, at: datetime) -> str:
    return (
        f"<urlset><url><loc>{SITE}/{name}</loc><lastmod>{at.isoformat()}</lastmod></url></urlset>"
    )


def test_sitemaps_are_read_newest_first_and_of_an_archive_only_what_is_new() -> None:
    outlet = Outlet({
        "index": index(feb=NOW - 20 * 24 * HOUR, today=NOW, jan=NOW - 50 * 24 * HOUR),
        "today": pages("a"),
        "feb": dated("b", NOW - 20 * 24 * HOUR),
        "jan": dated("c", NOW - HOUR),
    })  # fmt: skip

    listing = outlet.poll()

    assert (outlet.asked, paths(listing)) == (["today", "feb", "jan"], ["a", "c"])
    assert (listing.complete, listing.unchanged) == (True, False)


def test_an_index_that_lists_articles_too_gives_them_whatever_its_sitemaps_do() -> None:
    # given an index with an article of its own, whose sitemap does not change
    files = {"index": index(a=None), "a": pages("een")}
    outlet = Outlet(files)
    files["index"] = files["index"].replace(
        "<sitemap>", f"<url><loc>{SITE}/los</loc></url><sitemap>"
    )
    assert paths(outlet.poll()) == ["los", "een"]
    # when it is asked again
    again = outlet.poll()
    # then the article is listed again
    assert (paths(again), again.unchanged) == (["los"], False)
    # and also when its sitemap is gone
    del files["a"]
    assert (paths(listing := outlet.poll()), listing.complete) == (["los"], False)


def test_an_index_that_lies_too_deep_is_told() -> None:
    deep = {f"i{number}": index(**{f"i{number + 1}": None}) for number in range(4)}
    outlet = Outlet(
        {"index": index(i0=None, news=None), **deep, "i4": pages("b"), "news": pages("a")}
    )

    listing = outlet.poll()

    assert paths(listing) == ["a"]
    assert f"{SITE}/i1.xml: is nested too deeply" in str(listing.fault)


def test_a_sitemap_whose_date_never_moves_is_followed_once_it_proves_to_change() -> None:
    # given an index whose date has stood still for years
    files = {"index": index(news=NOW - 900 * 24 * HOUR), "news": dated("a", NOW)}
    outlet = Outlet(files)
    outlet.poll()
    # when it turns out to have changed after all
    files["news"] = dated("b", NOW)
    outlet.now = NOW + 7 * HOUR
    first = outlet.poll()
    # then it is asked for in each poll
    files["news"] = dated("c", NOW)
    outlet.now += HOUR / 6
    assert (paths(first), paths(outlet.poll())) == (["b"], ["c"])


def test_a_sitemap_with_an_old_date_that_lists_news_is_asked_for_in_each_poll() -> None:
    long_ago = datetime(2015, 1, 1, tzinfo=UTC)
    outlet = Outlet(
        {
            "index": index(nieuws=long_ago, archief=long_ago),
            "nieuws": dated("a", NOW - HOUR),
            "archief": pages("oud"),
        }
    )

    outlet.poll()
    outlet.now += HOUR
    outlet.poll()

    assert outlet.asked == ["nieuws"]


def test_an_index_that_leads_nowhere_is_a_fault() -> None:
    elsewhere = (
        "<sitemapindex><sitemap><loc>https://elders.example/a.xml</loc></sitemap></sitemapindex>"
    )

    with pytest.raises(SourceError, match="no sitemap of its own site"):
        Outlet({"index": elsewhere}).poll()
    with pytest.raises(SourceError, match="HTTP 404"):
        Outlet({"index": index(a=NOW)}).poll()


def test_an_index_below_an_index_is_read_before_the_next_sitemap_and_no_deeper() -> None:
    outlet = Outlet({
        "index": index(year=NOW, other=NOW - HOUR),
        "year": index(month=NOW),
        "month": index(deeper=NOW),
        "deeper": pages("never"),
        "other": pages("b"),
    })  # fmt: skip

    assert paths(outlet.poll()) == ["b"]
    assert outlet.asked == ["year", "month", "other"]


def test_a_sitemap_in_an_index_may_be_a_text_of_addresses() -> None:
    texts = {"a": f"{SITE}/1\n{SITE}/2\n", "index": index(a=NOW, b=NOW), "b": pages("3")}

    assert paths(Outlet(texts).poll()) == ["1", "2", "3"]


def test_a_sitemap_that_names_itself_or_its_parent_is_read_once() -> None:
    outlet = Outlet({"index": index(index=NOW, loop=NOW), "loop": index(index=NOW, loop=NOW)})

    assert outlet.poll().complete
    assert outlet.asked == ["loop"]


def test_one_poll_costs_a_handful_of_requests_however_many_are_named() -> None:
    names = [f"s{number}" for number in range(50)]
    outlet = Outlet({"index": index(**dict.fromkeys(names, NOW)), **dict.fromkeys(names, pages())})

    outlet.poll()

    assert len(outlet.asked) == MOST_SITEMAPS


def test_what_has_not_changed_is_asked_for_on_its_own_terms_and_gives_nothing() -> None:
    outlet = Outlet({"index": index(a=None, b=None), "a": pages("a"), "b": pages("b")})
    outlet.poll()

    again = outlet.poll()

    assert (outlet.asked, again.entries, again.unchanged) == (["a", "b"], (), True)


def test_a_sitemap_that_gives_the_day_alone_is_asked_for_all_day() -> None:
    today, yesterday = (NOW - timedelta(hours=12), NOW - timedelta(hours=36))  # midnights
    outlet = Outlet({"index": index(a=today, b=yesterday), "a": pages("a"), "b": pages("b")})
    outlet.poll()

    outlet.poll()

    assert outlet.asked == ["a"]


def test_a_sitemap_whose_date_says_that_it_is_as_it_was_is_not_asked_for() -> None:
    outlet = Outlet({"index": index(a=NOW - 48 * HOUR, b=NOW), "a": pages("a"), "b": pages("b")})
    outlet.poll()

    again = outlet.poll()

    assert (outlet.asked, again.unchanged) == (["b"], True)
    assert set(again.sitemaps or {}) == {f"{SITE}/a.xml", f"{SITE}/b.xml"}


@pytest.mark.parametrize("fault", [503, 404, OSError("weg")])
def test_a_sitemap_that_fails_costs_itself_alone_and_is_asked_for_anew(
    fault: int | Exception,
) -> None:
    outlet = Outlet(
        {"index": index(a=NOW, b=NOW), "a": pages("a"), "b": pages("b")}, broken={"a": fault}
    )

    listing = outlet.poll()
    outlet.broken = {}

    assert (paths(listing), listing.complete) == (["b"], False)
    assert f"{SITE}/a.xml: " in str(listing.fault)
    assert paths(outlet.poll()) == ["a"]


def test_a_crawl_that_ends_meanwhile_takes_nothing_for_a_fault() -> None:
    outlet = Outlet({"index": index(a=NOW)}, broken={"a": StoppedError(f"{SITE}/a.xml")})

    with pytest.raises(StoppedError):
        outlet.poll()
