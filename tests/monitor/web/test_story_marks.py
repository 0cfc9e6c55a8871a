"""Stars, notes, and what was seen: on the timeline and on a story, each by a plain form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from deliverydesk import BAGHUZ, Desk
from page_newsroom import desk_at_work
from served_page import Visitor


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Visitor, Desk]]:
    with desk_at_work(tmp_path) as (visitor, desk):
        desk.publish("Een ander kalifaat", "Een heel ander stuk over een kalifaat.", number=2)
        desk.match()
        yield visitor, desk


def shown(visitor: Visitor, mark: str = "") -> list[str]:
    """The headlines of the timeline with this filter, newest first."""
    page = visitor.get(f"/?mark={mark}").text
    return re.findall(r'data-key="o"><bdi>(.*?)</bdi>', page)


def story_called(visitor: Visitor, title: str) -> str:
    page = visitor.get("/").text
    found = re.search(rf'href="/stories/(\w+)" data-key="o"><bdi>{title}', page)
    assert found is not None
    return found[1]


def undo(visitor: Visitor) -> None:
    page = visitor.get("/").text
    visitor.send("/undo", token=page.partition('name="token" value="')[2].partition('"')[0])


def all_shown(visitor: Visitor) -> str:
    """What the form "these stories have been seen" carries."""
    return visitor.get("/").text.partition('name="stories" value="')[2].partition('"')[0]


def test_a_star_is_given_shown_asked_for_and_taken_back(at_work: tuple[Visitor, Desk]) -> None:
    visitor, _ = at_work
    story = story_called(visitor, "Laatste")

    answer = visitor.send(f"/stories/{story}/star", on="1", back=f"/?rule=kalifaat#{story}")

    assert answer.headers["Location"] == f"/?rule=kalifaat#{story}"
    assert shown(visitor, "starred") == ["Laatste bolwerk gevallen"]
    assert shown(visitor, "-starred") == ["Een ander kalifaat"]
    assert "★" in visitor.get(f"/stories/{story}").text
    assert "★" in Visitor(visitor.url).get("/").text  # whoever only reads sees the desk's stars
    undo(visitor)
    assert shown(visitor, "starred") == []


def test_a_note_stands_with_its_story_and_an_empty_one_takes_it_away(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, _ = at_work
    story = story_called(visitor, "Laatste")

    visitor.send(f"/stories/{story}/note", note="Anna belt <b>Defensie</b>\r\nom 14:00")

    assert "Anna belt &lt;b&gt;Defensie&lt;/b&gt;\nom 14:00" in visitor.get("/?mark=noted").text
    assert "Anna belt" in visitor.get(f"/stories/{story}").text
    visitor.send(f"/stories/{story}/note", note=" ")
    assert shown(visitor, "noted") == []
    undo(visitor)
    assert shown(visitor, "noted") == ["Laatste bolwerk gevallen"]


def test_what_was_seen_is_news_again_when_something_is_found_in_it(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    story = story_called(visitor, "Laatste")
    assert len(shown(visitor, "unseen")) == 2

    match = re.search(rf"{story}:(\d+)", all_shown(visitor))
    assert match is not None
    visitor.send(f"/stories/{story}/seen", on="1", match=match[1])
    assert shown(visitor, "unseen") == ["Een ander kalifaat"]
    undo(visitor)
    assert len(shown(visitor, "unseen")) == 2
    visitor.send(f"/stories/{story}/seen", on="1", match=match[1])

    desk.publish("Laatste bolwerk gevallen", BAGHUZ + " Het kalifaat bestond vijf jaar.", number=1)
    desk.match()
    assert len(shown(visitor, "unseen")) == 2


def test_marking_all_as_seen_concerns_what_was_on_the_screen_alone(
    at_work: tuple[Visitor, Desk],
) -> None:
    visitor, desk = at_work
    on_screen = all_shown(visitor)

    # given news that came after the page was made: a new story, and more about one that was shown
    desk.publish("Kamer over kalifaat", "De Kamer debatteert over het kalifaat.", number=3)
    desk.publish("Laatste bolwerk gevallen", BAGHUZ + " Het kalifaat bestond vijf jaar.", number=1)
    desk.match()
    visitor.send("/stories/seen", stories=on_screen)

    assert set(shown(visitor, "unseen")) == {"Kamer over kalifaat", "Laatste bolwerk gevallen"}
    assert shown(visitor, "-unseen") == ["Een ander kalifaat"]
    assert "2 verhalen gezien" in visitor.get("/").text
    undo(visitor)
    assert len(shown(visitor, "unseen")) == 3


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/stories/sty_none/star", {"on": "1"}),
        ("/stories/sty_none/note", {"note": "x"}),
        ("/stories/sty_none/seen", {"on": "1", "match": "9" * 30}),
        ("/stories/seen", {"stories": "sty_1:x sty_2"}),
    ],
)
def test_a_mark_on_what_is_not_there_is_refused(
    at_work: tuple[Visitor, Desk], path: str, fields: dict[str, str]
) -> None:
    visitor, _ = at_work

    assert visitor.send(path, **fields).status_code == 409


def test_users_behind_a_proxy_have_marks_of_their_own(tmp_path: Path) -> None:
    proxy = 'proxy_user_header = "X-Remote-User"\ntrusted_proxies = ["127.0.0.1"]'
    with desk_at_work(tmp_path, web=proxy, entered=False) as (visitor, _):
        anna, bram = {"X-Remote-User": "anna"}, {"X-Remote-User": "bram"}
        page = visitor.get("/", **anna).text
        story = page.partition('href="/stories/')[2].partition('"')[0]
        visitor.post(f"/stories/{story}/star", {"on": "1"}, Origin=visitor.url, **anna)

        assert "★" in visitor.get("/", **anna).text
        assert "★" not in visitor.get("/", **bram).text
