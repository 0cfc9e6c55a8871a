"""Who may change something by the page, what becomes of it, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from deliverydesk import Desk
from page_newsroom import desk_at_work
from served_page import AtWork, Visitor, served

from crawler.clock import utc_now
from monitor.context import Context
from monitor.health import Vitals

HOUR = {"rule": "kalifaat", "channel": "", "for": "1h", "reason": "vergadering"}


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, Desk]]:
    with desk_at_work(tmp_path_factory.mktemp("page")) as found:
        yield found


def silences_of(desk: Desk) -> list[str]:
    return desk.store(lambda store: [one.who for one in store.ledger.silences(utc_now())])


def token_in(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def test_a_change_is_made_at_once_and_undone_once_by_whoever_made_it(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work

    # when somebody with the key begins a silence
    answer = visitor.send("/silences", **HOUR, back="/silences?rule=kalifaat")

    # then it is there, and the page they come back to offers to undo it
    assert (answer.status_code, answer.headers["Location"]) == (303, "/silences?rule=kalifaat")
    assert silences_of(desk) == ["redactie"]
    page = visitor.get("/silences").text
    assert "Stil tot " in page
    assert "vergadering" in page
    token = token_in(page)
    assert token

    # and it is undone once, and not by somebody else
    stranger = Visitor(visitor.url)
    assert stranger.send("/undo", token=token).status_code == 403
    assert "token" not in stranger.get("/silences").text
    assert visitor.send("/undo", token=token, back="/").headers["Location"] == "/"
    assert silences_of(desk) == []
    assert "Teruggedraaid" in visitor.get("/").text
    assert visitor.send("/undo", token=token).status_code == 409


def test_ending_a_silence_is_undone_as_well(at_work: tuple[Visitor, Desk]) -> None:
    visitor, desk = at_work
    visitor.send("/silences", **HOUR)
    page = visitor.get("/silences").text
    name = page.partition('action="/silences/')[2].partition("/")[0]

    visitor.send(f"/silences/{name}/end")
    assert silences_of(desk) == []
    assert visitor.send(f"/silences/{name}/end").status_code == 409
    visitor.send("/undo", token=token_in(visitor.get("/silences").text))

    assert silences_of(desk) == ["redactie"]
    visitor.send(f"/silences/{name}/end")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "{self}", "Host": "evil.example"}, 421),
        ({"Origin": "{self}", "Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
        ({"Origin": "{self}", "Cookie": "nieuwswacht=WyJyZWRhY3RpZSIsOTk5OTk5OTk5OV0=.AAAA"}, 403),
    ],
)
def test_a_foreign_name_or_page_or_a_guessed_key_changes_nothing(
    at_work: tuple[Visitor, Desk], headers: dict[str, str], status: int
) -> None:
    visitor, desk = at_work
    sender = Visitor(visitor.url) if "Cookie" in headers else visitor
    told = {name: value.replace("{self}", visitor.url) for name, value in headers.items()}

    assert sender.post("/silences", HOUR, **told).status_code == status
    assert silences_of(desk) == []


def test_without_the_key_no_form_is_shown_and_none_is_taken(at_work: tuple[Visitor, Desk]) -> None:
    visitor, desk = at_work
    reader = Visitor(visitor.url)

    assert 'method="post"' in visitor.get("/silences").text
    assert 'method="post"' not in reader.get("/silences").text
    refused = reader.send("/silences", **HOUR)

    assert refused.status_code == 403
    assert "alleen te lezen" in refused.text
    assert silences_of(desk) == []


@pytest.mark.parametrize("web", ["write = false", ""])
def test_where_nothing_may_be_written_no_form_is_shown_or_taken(tmp_path: Path, web: str) -> None:
    """Given `write = false`, or a key over an archive that no daemon writes."""
    with desk_at_work(tmp_path, web=web) as (visitor, desk):
        context = Context(config_dir=tmp_path, db=tmp_path / "nieuws.db")
        daemon = AtWork(desk.writer) if web else None
        vitals = Vitals(desk.writer, desk.clock) if web else None
        with served(context, vitals, daemon) as other:
            other.cookies = visitor.cookies
            assert 'method="post"' not in other.get("/silences").text
            assert other.send("/silences", **HOUR).status_code == 403
        assert silences_of(desk) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reason": " "}, 409),
        ({"for": "100y"}, 409),
        ({"rule": "geen regel"}, 409),
        ({"reason": "x" * 4_001}, 413),
        ({str(number): "" for number in range(101)}, 400),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(
    at_work: tuple[Visitor, Desk], fields: dict[str, str], status: int
) -> None:
    visitor, desk = at_work

    assert visitor.send("/silences", **(HOUR | fields)).status_code == status
    assert silences_of(desk) == []


def test_a_form_leads_back_to_our_own_pages_alone(at_work: tuple[Visitor, Desk]) -> None:
    visitor, _ = at_work

    answer = visitor.send("/silences", **HOUR, back="//evil.example")

    assert answer.headers["Location"] == "/"
    visitor.send("/undo", token=token_in(visitor.get("/").text))


def test_a_silence_says_how_much_it_would_hide_and_has_hidden(tmp_path: Path) -> None:
    with desk_at_work(tmp_path) as (visitor, desk):
        page = visitor.get("/silences?rule=kalifaat").text
        assert "1 die nu op hun beurt wachten" in page

        visitor.send("/silences", **HOUR)
        desk.clock.forward(minutes=5)
        desk.send()
        page = visitor.get("/silences").text

    assert "1 verhaal verborgen" in page
