"""What follows from one look at a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from crawler.discovery.look import Look, PageLook, Robots, entry_to_try, suggestion, twins
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
PAGE = PageLook(url=ENTRY.url, words=300)
WELL = Look(
    source=SOURCE,
    url=SOURCE.url,
    status=200,
    kind=SourceKind.FEED,
    entries=(ENTRY,),
    took=timedelta(seconds=1),
    page=PAGE,
)
FULL = replace(ENTRY, body="Een hele tekst. " * 60)

ROBOTS_FORBID, NOT_A_FEED = CrawlFault.ROBOTS_FORBID(), CrawlFault.NOT_A_FEED()
ROBOTS_UNREAD = CrawlFault.ROBOTS_UNREAD(cause=status_fault(503))


def any_of(kind: CrawlFault) -> Fault:
    return kind(**dict.fromkeys(kind.parameters, "x"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        (
            {"robots": Robots.FORBIDDEN, "fault": CrawlFault.ROBOTS_FORBID()},
            "robots.txt forbids it",
        ),
        (
            {
                "robots": Robots.NO_ANSWER,
                "fault": ROBOTS_UNREAD,
            },
            "does not answer",
        ),
        ({"robots": Robots.PAGES_FORBIDDEN}, 'set fetch = "entry"'),
        ({"status": 404, "fault": status_fault(404)}, "sources add"),
        ({"status": 403, "fault": status_fault(403), "kind": SourceKind.SECTION}, "refuses us"),
        ({"status": 406, "fault": status_fault(406)}, "refuses us"),
        ({"status": 429, "fault": status_fault(429)}, "refuses us"),
        ({"status": 503, "fault": status_fault(503)}, "try again later"),
        (
            {"fault": NOT_A_FEED, "kind": SourceKind.NEWS_SITEMAP},
            'kind = "news-sitemap"',
        ),
        ({"fault": NOT_A_FEED, "kind": SourceKind.SECTION}, "this is a page"),
        ({"status": 0, "fault": CrawlFault.CERTIFICATE()}, "has moved"),
        ({"fault": CrawlFault.WALL(name="dpg-consent"), "kind": None}, "behind a wall"),
        ({"status": 0, "fault": CrawlFault.REDIRECTS(), "kind": None}, "leads nowhere"),
        ({"fault": CrawlFault.EMPTY(wanted="feed"), "kind": None}, "no list at this address"),
        ({"fault": CrawlFault.NO_LIST(wanted="sitemap"), "kind": None}, "no list at this address"),
        ({"entries": ()}, "lists nothing"),
        ({"note": CrawlFault.TORN_ITEMS()}, "it breaks off"),
        ({"entries": (replace(ENTRY, published=NOW - timedelta(days=40)),)}, "for 40 days"),
        ({"page": replace(PAGE, wall=Wall.CHALLENGE.value)}, 'set fetch = "entry"'),
        ({"page": replace(PAGE, wall=Wall.HARD_PAYWALL.value)}, "partial"),
        ({"page": replace(PAGE, fault=status_fault(500))}, "gave nothing: HTTP 500"),
        ({"url": "https://nieuw.example/rss"}, 'set url = "https://nieuw.example/rss"'),
        (
            {"moved": "https://krant.example/nieuw"},
            "moved for good to https://krant.example/nieuw:",
        ),
        ({"moved": "https://krant.example/nieuw", "entries": ()}, "toml; it lists nothing"),
        ({"url": "https://www.krant.example/rss"}, ""),
        ({"took": timedelta(seconds=15)}, "slow"),
        ({"entries": (FULL,)}, "would spare its pages"),
        ({"source": replace(SOURCE, fetch=Fetch.ENTRY), "entries": (FULL,)}, ""),
        ({"source": replace(SOURCE, enabled=False)}, "enabled = true"),
    ],
)
def test_the_first_thing_to_do_is_said(changes: dict[str, object], said: str) -> None:
    found = suggestion(replace(WELL, **changes), NOW)

    assert (said in found) if said else found == ""


def test_a_list_page_whose_selectors_find_nothing_may_have_a_new_design() -> None:
    section = replace(SOURCE, kind=SourceKind.SECTION)
    look = replace(
        WELL, source=section, kind=SourceKind.SECTION, fault=CrawlFault.NOTHING_FITS(selector="li")
    )

    assert "sources preview" in suggestion(look, NOW)


def test_sources_that_end_at_one_address_are_said_to() -> None:
    regio = replace(WELL, source=replace(SOURCE, id="regio", url="https://krant.example/regio"))
    sport = replace(WELL, source=replace(SOURCE, id="sport"), url="https://krant.example/sport")

    same = twins([WELL, regio, sport])

    assert same == {"krant": ("regio",), "regio": ("krant",), "sport": ()}
    assert 'same address as "krant"' in suggestion(regio, NOW, same["regio"])


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [([301, 308], "c"), ([301, 302], "b"), ([302, 301], ""), (["meta refresh", 301], ""), ([], "")],
)
def test_only_what_holds_for_good_moves_a_source(statuses: list[object], moved: str) -> None:
    assert moved_for_good(["a", "b", "c"][: len(statuses) + 1], statuses) == moved


def test_the_newest_item_is_tried_and_the_first_where_none_has_a_date() -> None:
    undated = replace(ENTRY, published=None, url="https://krant.example/2")
    older = replace(ENTRY, published=NOW - timedelta(days=1))

    assert entry_to_try([undated, older, ENTRY]) == ENTRY
    assert entry_to_try([undated]) == undated
    assert entry_to_try([]) is None


@given(
    st.sampled_from([0, 200, 301, 404, 403, 429, 500]),
    st.sampled_from([None, *map(any_of, CrawlFault)]),
    st.sampled_from([None, *SourceKind]),
    st.sampled_from(Robots),
    st.booleans(),
)
def test_there_is_an_answer_for_every_look(
    status: int,
    fault: Fault | None,
    kind: SourceKind | None,
    robots: Robots,
    listed: bool,  # noqa: FBT001 - drawn
) -> None:
    entries = (ENTRY,) if listed else ()
    look = replace(WELL, status=status, fault=fault, kind=kind, robots=robots, entries=entries)

    assert isinstance(suggestion(look, NOW), str)
