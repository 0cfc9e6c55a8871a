"""The morning paper on the page: as it would go, edited until it goes, and as it went."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from deliverydesk import Desk
from paper_page import paper_page, tomorrow
from served_page import Visitor

from monitor.context import Context


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Visitor, Desk, Context]]:
    with paper_page(tmp_path) as opened:
        yield opened


def _next(visitor: Visitor) -> str:
    """The address of the edition that goes next."""
    return visitor.get("/reviews/ochtend").headers["Location"]


def _titles(page: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*><bdi>(.*?)</bdi>", page)


def _story(page: str, title: str) -> str:
    at = page.index(f"<bdi>{title}</bdi></a></h3>")
    return re.findall(r'<section class="item" id="(\w+)">', page[:at])[-1]


def _edit(visitor: Visitor, **fields: str) -> int:
    path, _, at = _next(visitor).partition("?at=")
    return visitor.send(f"{path}/{at}/edit", **fields).status_code


def _undo(visitor: Visitor) -> None:
    page = visitor.get("/reviews").text
    visitor.send("/undo", token=page.partition('name="token" value="')[2].partition('"')[0])


def test_the_next_edition_is_shown_as_it_would_go(
    at_work: tuple[Visitor, Desk, Context],
) -> None:
    visitor, _, _ = at_work
    page = visitor.get(_next(visitor)).text
    assert _titles(page) == ["Derde kalifaat", "Tweede kalifaat", "Eerste kalifaat"]
    assert "Zo zou deze krant nu gaan" in page
    assert "Syrië" in page


def test_an_editor_changes_what_goes_and_can_undo_each_change(
    at_work: tuple[Visitor, Desk, Context],
) -> None:
    visitor, desk, context = at_work
    there = _next(visitor)
    page = visitor.get(there).text
    first, third = _story(page, "Eerste kalifaat"), _story(page, "Derde kalifaat")

    assert _edit(visitor, do="up", story=first) == 303
    assert _titles(visitor.get(there).text)[1] == "Eerste kalifaat"
    _undo(visitor)
    assert _titles(visitor.get(there).text)[1] == "Tweede kalifaat"
    _edit(visitor, do="drop", story=third)
    assert "Zet terug" in visitor.get(there).text
    _edit(visitor, do="write", story=first, title="Onze kop", note="Bel de minister.")
    _edit(visitor, do="foreword", foreword="Goedemorgen.")
    assert tomorrow(desk, context) == 1

    desk.send(flush=True)
    edition = desk.channels[0].parcels[-1].message.edition
    assert edition is not None
    assert [one.title for one in edition.stories] == ["Tweede kalifaat", "Onze kop"]
    assert (edition.stories[1].note, edition.foreword) == ("Bel de minister.", "Goedemorgen.")
    went = visitor.get(there).text
    assert _titles(went) == ["Tweede kalifaat", "Onze kop"]
    assert "Laat weg" not in went


def test_what_was_left_out_can_be_put_back(at_work: tuple[Visitor, Desk, Context]) -> None:
    visitor, _, _ = at_work
    story = _story(visitor.get(_next(visitor)).text, "Derde kalifaat")
    _edit(visitor, do="drop", story=story)
    _edit(visitor, do="restore", story=story)
    assert len(_titles(visitor.get(_next(visitor)).text)) == 3


def test_an_edition_that_went_cannot_be_changed(at_work: tuple[Visitor, Desk, Context]) -> None:
    visitor, desk, context = at_work
    path, _, at = _next(visitor).partition("?at=")
    tomorrow(desk, context)
    answer = visitor.send(f"{path}/{at}/edit", do="foreword", foreword="Te laat.")
    assert answer.status_code == 409
    assert "al gegaan" in answer.text


def test_whoever_may_only_read_sees_no_form_and_changes_nothing(
    at_work: tuple[Visitor, Desk, Context],
) -> None:
    visitor, _, _ = at_work
    reader = Visitor(visitor.url)
    assert "Laat weg" not in reader.get(_next(visitor)).text
    assert _edit(reader, do="foreword", foreword="Hallo.") == 403


@pytest.mark.parametrize(
    "path", ["/reviews/geen", "/reviews/ochtend/gisteren", "/reviews/ochtend/2001-01-01"]
)
def test_what_is_not_there_is_said_so(at_work: tuple[Visitor, Desk, Context], path: str) -> None:
    visitor, _, _ = at_work
    assert visitor.get(path).status_code == 404


def test_the_feed_has_the_editions_that_went(at_work: tuple[Visitor, Desk, Context]) -> None:
    visitor, desk, context = at_work
    assert not feedparser.parse(visitor.get("/feeds/reviews/ochtend.atom").content).entries
    tomorrow(desk, context)

    answer = visitor.get("/feeds/reviews/ochtend.atom")
    read = feedparser.parse(answer.content)
    assert not read.bozo
    [entry] = read.entries
    assert entry.title.startswith("Ochtendkrant, ")
    assert "Eerste kalifaat" in entry.content[0].value
    assert visitor.get(entry.link.removeprefix(visitor.url)).status_code == 200
    etag = answer.headers["ETag"]
    again = visitor.get("/feeds/reviews/ochtend.atom", **{"If-None-Match": etag})
    assert again.status_code == 304


def test_the_papers_stand_in_a_list_with_when_each_goes(
    at_work: tuple[Visitor, Desk, Context],
) -> None:
    visitor, desk, context = at_work
    tomorrow(desk, context)
    page = visitor.get("/reviews").text
    assert "Ochtendkrant" in page
    assert "3 verhalen" in page
