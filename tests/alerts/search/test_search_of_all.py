"""Several archives searched as one: what one archive with all their articles would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archived import ARTICLES, CONCEPTS, START, ids_found, opened

from alerts.search import (
    Period,
    SearchOfAll,
    oldest_of_all,
    shared_keys,
    size,
    size_of_all,
)
from crawler.store import Connection

# The second begins before the first ends, so that forty articles stand in both.
FIRST, SECOND = ARTICLES[:120], ARTICLES[80:]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Connection]]:
    """Two archives that share articles, and one with all."""
    folder = tmp_path_factory.mktemp("archives")
    parts = {"one": FIRST, "two": SECOND, "all": ARTICLES}
    held = [opened(folder / f"{name}.db", given) for name, given in parts.items()]
    yield held
    for db in held:
        db.close()


@pytest.mark.parametrize("query", ["kalifaat", "raqqa OR syri*", "@is"])
def test_several_archives_give_what_one_with_all_gives(
    archives: list[Connection], query: str
) -> None:
    *parts, whole = archives

    found = list(SearchOfAll(parts, query, concepts=CONCEPTS))

    dates = [result.found.published for _, result in found]
    assert dates == sorted(dates, reverse=True)
    ids = [result.found.document.id for _, result in found]
    assert sorted(ids) == sorted(ids_found(whole, query))
    assert {place for place, _ in found} == {0, 1}


@pytest.mark.parametrize("days", [0, 5, 20])
def test_an_article_that_stands_in_both_is_one_of_how_many(
    archives: list[Connection], days: int
) -> None:
    *parts, whole = archives
    period = Period(START + timedelta(days=days))

    assert size_of_all(parts, period) == size(whole, period)
    assert [key for key, _ in shared_keys(parts)] == sorted(each.key for each in ARTICLES[80:120])
    assert oldest_of_all(parts) == START


def test_an_article_is_found_by_either_of_its_texts_and_comes_from_there(tmp_path: Path) -> None:
    # given an article whose second archive saw it with another text, and with a later date
    old = replace(ARTICLES[0], title="Brug dicht", body="Lang verhaal over een brug.")
    new = replace(old, title="Brug weer open", published=old.published + timedelta(hours=1))
    parts = [opened(tmp_path / "old.db", [old]), opened(tmp_path / "new.db", [new])]

    def found(query: str) -> list[tuple[int, str]]:
        results = SearchOfAll(parts, query)
        return [(place, result.found.document.title) for place, result in results]

    # then each text finds it, and what is in both is shown as it is where its date is the newest
    assert found("dicht") == [(0, "Brug dicht")]
    assert found("open") == [(1, "Brug weer open")]
    assert found("brug") == [(1, "Brug weer open")]
    for db in parts:
        db.close()
