"""Articles over several pages, read by a real crawl from a real server."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hostile import Visit, page
from outlets import Outlet
from rounds import crawled, started

EDIT = "De minister heeft het werk woensdag stilgelegd, meldt de provincie."
PATHS = ["/lang", "/lang?page=2", "/lang?page=3"]


def parts(number: int) -> list[str]:
    return [f"Op pagina {number} staat zin {at}, die iets over dijken zegt." for at in range(5)]


def long_article(visit: Visit, _: Outlet) -> None:
    number = PATHS.index(visit.path) + 1
    link = f'<a href="/lang?page={number + 1}">Volgende pagina</a>' if number < len(PATHS) else ""
    html = page("krant krijgt nieuwe dijk", *parts(number))
    answered(visit, html.replace(b"</body>", link.encode() + b"</body>"), '"1"')


def answered(visit: Visit, html: bytes, tag: str) -> None:
    if visit.headers.get("if-none-match") == tag:
        visit.send(f"HTTP/1.1 304 X\r\nETag: {tag}\r\n\r\n".encode())
    else:
        visit.answer(html, headers={"ETag": tag})


def without_validators(visit: Visit, outlet: Outlet) -> None:
    visit.headers.pop("if-none-match", None)
    long_article(visit, outlet)


def edited_later(visit: Visit, outlet: Outlet) -> None:
    """The last page, which has another sentence from its second reading on."""
    edited = len(outlet.asked(visit.path)) > 1
    html = page("krant krijgt nieuwe dijk", *parts(3), *[EDIT] * edited)
    answered(visit, html, f'"{int(edited)}"')


def broken_once(visit: Visit, outlet: Outlet) -> None:
    if len(outlet.asked(visit.path)) == 1:
        visit.answer(b"moment", 503)
    else:
        long_article(visit, outlet)


def paper(**odd: Any) -> Outlet:
    return Outlet("krant", pages=("/lang",), odd=dict.fromkeys(PATHS, long_article) | odd)


def source(site: Any) -> dict[str, Any]:
    return {"id": "krant", "outlet": "krant", "url": site.url("/feed")}


def test_an_article_over_several_pages_is_read_whole(tmp_path: Path) -> None:
    with paper().open() as site:
        told = crawled(tmp_path, [source(site)])

    [article] = told.articles
    assert all(text in article["body"] for number in (1, 2, 3) for text in parts(number))
    assert not article["partial"]
    assert [path for path in site.paths() if path in PATHS] == PATHS


def test_a_pager_of_a_list_beside_the_article_is_not_followed_on(tmp_path: Path) -> None:
    def same_again(visit: Visit, _: Outlet) -> None:
        number = int(visit.path.partition("=")[2] or 1)
        link = f'<ul><li><a href="/lang?page={number + 1}">{number + 1}</a></li></ul>'
        html = page("krant krijgt nieuwe dijk", *parts(1))
        visit.answer(html.replace(b"</body>", link.encode() + b"</body>"))

    with paper(**dict.fromkeys(PATHS, same_again)).open() as site:
        told = crawled(tmp_path, [source(site)])

    [article] = told.articles
    assert [article["body"].count(text) for text in parts(1)] == [1] * len(parts(1))
    assert not article["partial"]
    assert [path for path in site.paths() if "/lang" in path] == PATHS[:2]


def test_a_page_that_fails_leaves_a_part_and_is_asked_for_again(tmp_path: Path) -> None:
    with paper(**{PATHS[1]: broken_once}).open() as site:
        first = crawled(tmp_path, [source(site)])
        second = crawled(tmp_path, [source(site)], rounds=2, hours_between=1)

    assert [article["partial"] for article in first.articles] == [True]
    assert parts(1)[0] in first.articles[0]["body"]
    article = second.articles[-1]
    assert not article["partial"]
    assert parts(3)[-1] in article["body"]


def test_a_next_page_that_robots_txt_forbids_is_not_asked_for(tmp_path: Path) -> None:
    outlet = paper()
    outlet.robots = (200, b"User-agent: *\nDisallow: /lang?page=2\n")
    with outlet.open() as site:
        told = crawled(tmp_path, [source(site)])

    assert [article["partial"] for article in told.articles] == [True]
    assert PATHS[1] not in site.paths()


def conditional(site: Any) -> list[tuple[str, bool]]:
    """The pages asked for, and whether a 304 would do."""
    return [
        (visit.path, "if-none-match" in visit.headers)
        for visit in site.visits
        if visit.path in PATHS
    ]


def test_a_later_look_at_pages_that_have_not_changed_costs_a_304_each(tmp_path: Path) -> None:
    with paper().open() as site:
        told = crawled(tmp_path, [source(site)], rounds=2, hours_between=1)

    assert conditional(site) == [(path, again) for again in (False, True) for path in PATHS]
    assert told.rounds[-1]["articles"]["unchanged"] == 1
    [article] = told.articles
    assert parts(3)[-1] in article["body"]


def test_pages_known_by_their_bytes_are_not_read_again(tmp_path: Path) -> None:
    odd = dict.fromkeys(PATHS, without_validators)
    with paper(**odd).open() as site:
        told = crawled(tmp_path, [source(site)], rounds=2, hours_between=1)

    assert len(conditional(site)) == 2 * len(PATHS)
    assert len(told.articles) == 1


def test_an_edit_on_the_last_page_is_read_though_the_first_is_unchanged(tmp_path: Path) -> None:
    with paper(**{PATHS[2]: edited_later}).open() as site:
        told = crawled(tmp_path, [source(site)], rounds=2, hours_between=1)

    assert EDIT not in told.articles[0]["body"]
    article = told.articles[-1]
    assert EDIT in article["body"]
    assert parts(1)[0] in article["body"]
    assert not article["partial"]


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS[1:])
def test_a_crawl_that_is_killed_between_two_pages_stores_the_article_whole_after_that(
    tmp_path: Path, path: str
) -> None:
    asked, ended = threading.Event(), threading.Event()

    def never_once(visit: Visit, outlet: Outlet) -> None:
        if not asked.is_set():
            asked.set()
            ended.wait(60)
        long_article(visit, outlet)

    with paper(**{path: never_once}).open() as site:
        with started(tmp_path, [source(site)], crawl={"timeout": "60s"}) as crawl:
            assert asked.wait(60)
            crawl.kill()
        ended.set()
        # What was in hand is held for a minute, whatever became of it.
        told = crawled(tmp_path, [source(site)], rounds=2, hours_between=1)

    [article] = told.articles
    assert all(text in article["body"] for number in (1, 2, 3) for text in parts(number))
    assert not article["partial"]
