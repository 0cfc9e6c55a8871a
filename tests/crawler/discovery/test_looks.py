"""What follows from one look at a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from crawler.discovery.look import (
    Answered,
    ArticlePage,
    FailedLook,
    FaultyPage,
    ListLook,
    Robots,
    confidence_today,
    entry_to_try,
    suggestion,
    twins,
)
from crawler.faults import CrawlFault, Fault
from crawler.model import FeedEntry, Fetch, Source, SourceKind
from crawler.pages.walls import Wall
from crawler.reading.tasks import moved_for_good
from crawler.sources import status_fault

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = Source(
    id="krant",
    outlet="Krant",
    kind=SourceKind.FEED,
    url="https://krant.example/rss",
    every=timedelta(minutes=5),
)
ENTRY = FeedEntry(url="https://krant.example/1", title="Kop", published=NOW - timedelta(hours=1))
PAGE = ArticlePage(ENTRY.url, words=300)
ANSWERED = Answered(url=SOURCE.url, status=200, took=timedelta(seconds=1), kind=SourceKind.FEED)
WELL = ListLook(source=SOURCE, answered=ANSWERED, entries=(ENTRY,), page=PAGE)
FULL = replace(ENTRY, body="Een hele tekst. " * 60)

NOT_A_FEED = CrawlFault.NOT_A_FEED()
ROBOTS_UNREAD = CrawlFault.ROBOTS_UNREAD(cause=status_fault(503))


def any_of(kind: CrawlFault) -> Fault:
    return kind(**dict.fromkeys(kind.parameters, "x"))


def refused(status: int, kind: SourceKind | None = None) -> FailedLook:
    answered = replace(ANSWERED, status=status, kind=kind)
    return FailedLook(source=SOURCE, fault=status_fault(status), answered=answered)


def unread(fault: Fault, kind: SourceKind | None = None) -> FailedLook:
    return FailedLook(source=SOURCE, fault=fault, answered=replace(ANSWERED, kind=kind))


def unanswered(fault: Fault, robots: Robots = Robots.ALLOWED) -> FailedLook:
    return FailedLook(source=SOURCE, fault=fault, robots=robots)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (replace(WELL, page=replace(PAGE, mild=True)), "see if all is article"),
        (unanswered(CrawlFault.ROBOTS_FORBID(), Robots.FORBIDDEN), "robots.txt forbids it"),
        (unanswered(ROBOTS_UNREAD, Robots.NO_ANSWER), "does not answer"),
        (unanswered(CrawlFault.CERTIFICATE()), "has moved"),
        (unanswered(CrawlFault.REDIRECTS()), "leads nowhere"),
        (refused(404), "sources add"),
        (refused(403, SourceKind.SECTION), "refuses us"),
        (refused(401), 'set auth = "${NAME}"'),
        (refused(401, SourceKind.SECTION), "asks for user and password"),
        (refused(406), "refuses us"),
        (refused(429), "refuses us"),
        (refused(503), "try again later"),
        (unanswered(CrawlFault.CLOSED()), "turns programs away"),
        (unanswered(CrawlFault.ENDLESS_HEADERS()), "opens in a browser"),
        (unanswered(CrawlFault.NO_HTTP()), "begins with https"),
        (unread(CrawlFault.BROKEN_OFF()), "if it stays so"),
        (unread(CrawlFault.SITEMAP(url="x", cause=CrawlFault.TIMEOUT())), "raise [crawl] timeout"),
        (unread(NOT_A_FEED, SourceKind.NEWS_SITEMAP), 'kind = "news-sitemap"'),
        (unread(NOT_A_FEED, SourceKind.SECTION), "this is a page"),
        (unread(CrawlFault.WALL(name="dpg-consent")), "behind a wall"),
        (unread(CrawlFault.EMPTY(wanted="feed")), "no list at this address"),
        (unread(CrawlFault.NO_LIST(wanted="sitemap")), "no list at this address"),
    ],
)
def test_of_a_source_that_cannot_be_read_the_first_thing_to_do_is_said(
    look: FailedLook, said: str
) -> None:
    assert said in suggestion(look, NOW)


# A fault that says by itself what to do, or that no list has: pages, parts of lists, the end.
_SAY_THEMSELVES = {CrawlFault.IS_A_FEED, CrawlFault.SAID, CrawlFault.HTTP_STATUS}
_OF_NO_LIST = {
    *(kind for kind in CrawlFault if kind.name.startswith(("CUT_", "TORN_"))),
    *(CrawlFault.NOT_ASKED, CrawlFault.STOPPED, CrawlFault.NO_PAGE, CrawlFault.EMPTY_PAGE),
    *(CrawlFault.NO_ARTICLE, CrawlFault.NO_HTML, CrawlFault.NO_TITLE, CrawlFault.NO_ADDRESS),
    *(CrawlFault.NOT_BEGUN, CrawlFault.NOT_FINISHED, CrawlFault.NOT_WRITTEN),
}


@pytest.mark.parametrize("kind", sorted({*CrawlFault} - _SAY_THEMSELVES - _OF_NO_LIST))
def test_of_each_fault_of_a_list_something_to_do_is_said(kind: CrawlFault) -> None:
    inner = dict.fromkeys(("cause", "first", "second"), CrawlFault.CLOSED())
    values = {name: inner.get(name, "x") for name in kind.parameters}
    robots = {CrawlFault.ROBOTS_FORBID: Robots.FORBIDDEN}.get(kind, Robots.ALLOWED)

    assert suggestion(unanswered(kind(**values), robots), NOW)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"robots": Robots.PAGES_FORBIDDEN}, 'set fetch = "entry"'),
        ({"entries": ()}, "lists nothing"),
        ({"note": CrawlFault.TORN_ITEMS()}, "it breaks off"),
        ({"entries": (replace(ENTRY, published=NOW - timedelta(days=40)),)}, "for 40 days"),
        ({"page": replace(PAGE, wall=Wall.CHALLENGE.value)}, 'set fetch = "entry"'),
        ({"page": replace(PAGE, wall=Wall.HARD_PAYWALL.value)}, "partial"),
        ({"page": FaultyPage(ENTRY.url, status_fault(500))}, "gave nothing: HTTP 500"),
        (
            {"answered": replace(ANSWERED, url="https://nieuw.example/rss")},
            'set url = "https://nieuw.example/rss"',
        ),
        (
            {"answered": replace(ANSWERED, moved="https://krant.example/nieuw")},
            "moved for good to https://krant.example/nieuw:",
        ),
        (
            {
                "answered": replace(ANSWERED, moved="https://krant.example/nieuw"),
                "entries": (),
            },
            "toml; it lists nothing",
        ),
        ({"answered": replace(ANSWERED, url="https://www.krant.example/rss")}, ""),
        ({"answered": replace(ANSWERED, took=timedelta(seconds=15))}, "slow"),
        ({"entries": (FULL,)}, "would spare its pages"),
        ({"source": replace(SOURCE, fetch=Fetch.ENTRY), "entries": (FULL,)}, ""),
        ({"source": replace(SOURCE, enabled=False)}, "enabled = true"),
    ],
)
def test_of_a_source_that_can_be_read_the_first_thing_to_do_is_said(
    changes: dict[str, object], said: str
) -> None:
    found = suggestion(replace(WELL, **changes), NOW)  # type: ignore[arg-type]  # as given

    assert (said in found) if said else found == ""


@pytest.mark.parametrize(
    ("look", "confidence"),
    [
        (WELL, "A"),
        (replace(WELL, entries=()), None),
        (refused(404), "X"),
        (refused(503), None),
        (unread(CrawlFault.WALL(name="dpg-consent")), "X"),
        (unanswered(CrawlFault.CERTIFICATE()), None),
    ],
)
def test_only_what_will_hold_tomorrow_changes_the_confidence(
    look: FailedLook | ListLook, confidence: str | None
) -> None:
    assert confidence_today(look) == confidence


def test_a_list_page_whose_selectors_find_nothing_may_have_a_new_design() -> None:
    section = replace(SOURCE, kind=SourceKind.SECTION)
    nothing = unread(CrawlFault.NOTHING_FITS(selector="li"), SourceKind.SECTION)
    look = replace(nothing, source=section)

    assert "sources preview" in suggestion(look, NOW)


def test_sources_that_end_at_one_address_are_said_to() -> None:
    regio = replace(WELL, source=replace(SOURCE, id="regio", url="https://krant.example/regio"))
    answered = replace(ANSWERED, url="https://krant.example/sport")
    sport = replace(WELL, source=replace(SOURCE, id="sport"), answered=answered)

    same = twins([WELL, regio, sport])

    assert same == {"krant": ("regio",), "regio": ("krant",), "sport": ()}
    assert 'same address as "krant"' in suggestion(regio, NOW, same["regio"])


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [([301, 308], "c"), ([301, 302], "b"), ([302, 301], ""), (["meta refresh", 301], ""), ([], "")],
)
def test_only_what_holds_for_good_moves_a_source(statuses: list[object], moved: str) -> None:
    assert moved_for_good(["a", "b", "c"][: len(statuses) + 1], statuses) == moved


def test_what_leads_back_to_itself_has_not_moved() -> None:
    assert moved_for_good(["a", "a"], [301]) == ""
    assert moved_for_good(["a", "b", "a"], [301, 308]) == ""


def test_the_newest_item_is_tried_and_the_first_where_none_has_a_date() -> None:
    undated = replace(ENTRY, published=None, url="https://krant.example/2")
    older = replace(ENTRY, published=NOW - timedelta(days=1))

    assert entry_to_try([undated, older, ENTRY]) == ENTRY
    assert entry_to_try([undated]) == undated
    assert entry_to_try([]) is None


@given(
    st.sampled_from([None, 200, 301, 404, 403, 429, 500]),
    st.sampled_from([*map(any_of, CrawlFault)]),
    st.sampled_from([None, *SourceKind]),
    st.sampled_from(Robots),
)
def test_there_is_an_answer_for_every_fault(
    status: int | None, fault: Fault, kind: SourceKind | None, robots: Robots
) -> None:
    answered = replace(ANSWERED, status=status, kind=kind) if status else None
    look = FailedLook(source=SOURCE, fault=fault, answered=answered, robots=robots)

    assert isinstance(suggestion(look, NOW), str)
