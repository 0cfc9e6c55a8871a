"""No page reads a table that grows from end to end."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from page_newsroom import PAGES, newsroom_in
from plans import SHORT, SMALL, Ran, record, scans

ROOT = Path(__file__).parents[4]
# Others: a story and its article, what the API and feeds give, a rule, each view of the trends.
MORE = (
    *("/?rule=kalifaat", "/?outlet=NOS", "/?until=1d", "/?mark=starred", "/rules/kalifaat"),
    *("/trends?rule=kalifaat&beside=b&days=365", "/trends?outlet=NOS&what=articles", "/review"),
    *("/trends.csv", "/feeds/all.atom", "/feeds/kalifaat.json", "/healthz", "/readyz"),
    *("/api/v1/stories", "/api/v1/articles", "/api/v1/articles?outlet=NOS", "/api/v1/rules"),
    *("/api/v1/sources", "/api/v1/deliveries", "/api/v1/untold", "/api/v1/status"),
)
# A search asks the words of the archive; docs/rules.md says how long that takes.
SEARCHES = {"/search"}
# The newest so many by their numbers: no more of a table is read, however long it is.
NEWEST = re.compile(r"ORDER BY (seq|id) DESC\s+LIMIT", re.IGNORECASE)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Ran]]]:
    folder = tmp_path_factory.mktemp("plans")
    with pytest.MonkeyPatch.context() as patch, newsroom_in(folder) as visitor:
        ran = record(patch, ROOT)
        pages = [path for path in (*PAGES, *MORE) if path not in SEARCHES]
        [story] = set(re.findall(r"/stories/sty_\w+", visitor.get("/").text)[:1])
        [article] = visitor.get("/api/v1/articles?limit=1").json()["items"]
        one = (story, f"/articles/{article['id']}", f"/api/v1/articles/{article['id']}")
        assert {visitor.get(path).status_code for path in (*pages, *one)} <= {200, 303, 307}
        yield folder / "nieuws.db", ran


def test_no_statement_of_a_page_reads_a_growing_table_from_end_to_end(
    asked: tuple[Path, list[Ran]],
) -> None:
    path, ran = asked
    with closing(sqlite3.connect(path)) as db:
        found = {
            f"{scan.table}: {sql}"
            for sql in {each.sql for each in ran if not NEWEST.search(each.sql)}
            for scan in scans(db, sql)
            if scan.table not in SMALL and scan.by_index not in SHORT
        }

    assert len(ran) > 100
    assert found == set()
