"""Articles over several pages, read by a real crawl from a real server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hostile import Visit, page
from outlets import Outlet
from rounds import crawled

PATHS = ["/lang", "/lang?page=2", "/lang?page=3"]


def parts(number: int) -> list[str]:
    return [f"Op pagina {number} staat zin {at}, die iets over dijken zegt." for at in range(5)]


def long_article(visit: Visit, _: Outlet) -> None:
    number = PATHS.index(visit.path) + 1
    link = f'<a href="/lang?page={number + 1}">Volgende pagina</a>' if number < len(PATHS) else ""
    html = page("krant krijgt nieuwe dijk", *parts(number))
    visit.answer(html.replace(b"</body>", link.encode() + b"</body>"), headers={"ETag": '"1"'})


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
