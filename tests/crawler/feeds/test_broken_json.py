"""JSON Feeds with the faults of programs that write them by hand, and hostile ones."""

from __future__ import annotations

import pytest
from feed_samples import read

from crawler.errors import SourceError
from crawler.feeds.listing import Listing


def titles(feed: Listing) -> list[str]:
    return [entry.title for entry in feed.entries]


JSON_HEAD = '"version": "1", "title": "De Krant", "home_page_url": "https://krant.example/nu/"'
JSON_ITEMS = [
    f'{{"id": "{n}", "url": "a/{n}", "title": "Kop {n}", "tags": [], "authors": [{{"name": "a"}}]}}'
    for n in range(4)
]


@pytest.mark.parametrize(
    "document",
    [
        f'{{{JSON_HEAD}, "items": [{", ".join(JSON_ITEMS)},]}}',
        f'{{{JSON_HEAD}, "items": [{", ".join(JSON_ITEMS)}],\n}}\n',
        f'{{{JSON_HEAD}, "items": [{", ".join(JSON_ITEMS)}]}}\n<!-- uit de cache -->',
        f'{{{JSON_HEAD}, "items": [{", ".join(JSON_ITEMS)}]}}'.replace("Kop ", "Kop\n\t"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_json_with_common_faults_is_read_whole(document: str, encoding: str) -> None:
    feed = read(document.encode(encoding), "text/plain")

    assert titles(feed) == [f"Kop {n}" for n in range(4)]
    assert (feed.fault, feed.dropped) == (None, 0)


@pytest.mark.parametrize(
    "broken",
    [
        '{"id": "1", "url": "a/1", "title": "Val van "Baghuz"", "authors": [{"name": "a"}]}',
        '{"id": "1", "title": "Kop", "authors": [{"name": "a"}, {"url": "b"}, {"url": }]}',
        '{"id": "1" "title": "Kop"}',
        '{"id": "1", "title": undefined}',
        '{"id": "1", "title": "Kop \\x"}',
    ],
)
def test_an_item_of_json_that_is_broken_costs_no_other(broken: str) -> None:
    items = [JSON_ITEMS[0], broken, *JSON_ITEMS[2:]]
    feed = read(f'{{{JSON_HEAD}, "items": [{", ".join(items)}]}}', "application/json")

    assert titles(feed) == ["Kop 0", "Kop 2", "Kop 3"]
    assert feed.entries[0].url == "https://krant.example/nu/a/0"
    assert feed.title == "De Krant"
    assert not feed.complete


@pytest.mark.parametrize(
    "hostile",
    [
        '{"items": [' + '\\"' * 1_000_000,
        '{"title": "' + "\\u12" * 500_000 + '", "items": [1',
        '{"items": [' + '{"id": [{}, ' * 200_000,
        '{"items": [' + '{"id": "1", "a": },' * 100_000,
        "[1,]",
    ],
)
def test_hostile_json_is_refused_or_read_in_time(hostile: str) -> None:
    try:
        assert not read(hostile).complete
    except SourceError:
        return
