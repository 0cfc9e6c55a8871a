"""Feeds of what matched, read back by feedparser and by our own reader."""

from __future__ import annotations

from collections.abc import Iterator

import feedparser
import pytest
from page_newsroom import HOSTILE, newsroom_in
from served_page import Visitor

from crawler.clock import utc_now
from crawler.feeds import parse_feed


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with newsroom_in(tmp_path_factory.mktemp("feeds")) as visitor:
        yield visitor


@pytest.mark.parametrize("rule", ["all", "kalifaat"])
def test_a_feed_has_one_entry_a_story_with_what_was_found(newsroom: Visitor, rule: str) -> None:
    answer = newsroom.get(f"/feeds/{rule}.atom")

    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert {entry.title for entry in read.entries} == {"Laatste bolwerk gevallen", HOSTILE}
    (entry,) = [each for each in read.entries if each.title != HOSTILE]
    assert entry.link == "https://nos.example/artikel/1"
    assert entry.author == "NOS"
    assert "kalifaat gevallen" in entry.summary
    assert [tag.term for tag in entry.tags] == ["kalifaat"]
    assert answer.headers["Content-Type"].startswith("application/atom+xml")


@pytest.mark.parametrize("form", ["atom", "json"])
def test_our_own_reader_reads_it_back(newsroom: Visitor, form: str) -> None:
    answer = newsroom.get(f"/feeds/all.{form}")

    listing = parse_feed(
        answer.content,
        url=answer.url,
        content_type=answer.headers["Content-Type"],
        source="wij",
        now=utc_now(),
    )

    assert {entry.url for entry in listing.entries} >= {"https://nos.example/artikel/1"}


@pytest.mark.parametrize("form", ["atom", "json"])
def test_who_has_it_already_gets_a_304(newsroom: Visitor, form: str) -> None:
    first = newsroom.get(f"/feeds/all.{form}")

    again = newsroom.get(f"/feeds/all.{form}", **{"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_rule_without_matches_has_an_empty_feed_and_another_form_none(newsroom: Visitor) -> None:
    assert feedparser.parse(newsroom.get("/feeds/onbekend.atom").content).entries == []
    assert newsroom.get("/feeds/all.rss").status_code == 404


@pytest.mark.parametrize("form", ["atom", "json"])
def test_no_name_of_a_rule_breaks_a_feed(newsroom: Visitor, form: str) -> None:
    answer = newsroom.get(f"/feeds/%00%0b%ef%bf%bf'\"<.{form}")

    assert (answer.status_code, feedparser.parse(answer.content).entries) == (200, [])
