"""Searches and backtests over an archive of 100,000 made articles.

    python benchmarks/bench_archive.py [ARTICLES] [DATABASE]

The archive is built in a temporary folder (or kept in DATABASE and used again); searches are timed
as the command runs them, from a new connection to the last hit.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rulework import articles, language

from alerts import archive
from alerts.backtest import Backtest
from alerts.document import Document
from alerts.rules import rule_of
from alerts.search import search
from crawler.store import Writer, as_text, migrations, open_reader

START = datetime(2019, 1, 1, tzinfo=UTC)
# Put into every so-manieth article, so that queries of each kind find something.
PLANTED = {
    3: "Syrië",
    40: "IS",
    90: "kalifaat",
    400: "IS-strijders",
    700: "Baghouz",
    5_000: "Da'esh",
    20_000: "cyberkalifaat",
}
QUERIES = (
    "baghouz",
    "kalifa*",
    "=IS",
    "=IS AND baghouz",
    "syrie",
    '"van het" AND baghouz',
    "=IS NEAR/20 baghouz",
    "daesh",
    "title:kalifaat AND syri*",
    "(kalifa* OR baghouz OR baghuz) AND (=IS OR da'esh OR syri* EXCEPT syriza*)",
    "nergensgezien",
    "*kalifaat",
    "outlet:nos AND kalifaat",
    "source:bron",
    "*kalifaten",
)


def rows(count: int) -> Iterator[dict[str, Any]]:
    for number, document in enumerate(articles(language(), count, seed=11)):
        planted = " ".join(word for every, word in PLANTED.items() if number % every == 0)
        published = as_text(START + timedelta(minutes=5 * number))
        yield _row(number, document, planted, published)


def _row(number: int, document: Document, planted: str, published: str) -> dict[str, Any]:
    return {
        "id": f"art_{number}",
        "key": str(number),
        "url": f"https://nos.example/{number}",
        "outlet": "NOS",
        "source": "bron",
        "title": document.title,
        "lead": document.lead,
        "body": f"{document.body} {planted}.",
        "language": "nl",
        "published": published,
        "published_from": "feed",
        "first_seen": published,
        "partial": 0,
        "revision": 1,
        "text_hash": str(number),
    }


def build(path: Path, count: int) -> None:
    writer = Writer(path, migrations=[migrations])
    writer.run(lambda db: db.table("articles").insert_all(rows(count), batch_size=500))
    writer.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "archive.db"
        if not path.exists():
            build(path, count)
        print(f"{count:,} articles, {path.stat().st_size / 1e6:,.0f} MB")
        print(f"{'search':<80} {'found':>6} {'ms':>8}")
        for query in QUERIES:
            begin = time.perf_counter()
            found = search(open_reader(path), query, limit=20)
            print(f"{query:<80} {len(found):>6} {(time.perf_counter() - begin) * 1e3:>8.1f}")
        _backtest(path)


def _backtest(path: Path) -> None:
    draft = rule_of(id="draft", text="(kalifa* OR baghouz) AND (=IS OR syri*)")
    held = rule_of(id="held", text="kalifaat AND =IS")
    work = Backtest(draft, held, timezone=ZoneInfo("Europe/Amsterdam"))
    begin = time.perf_counter()
    for each in archive.articles(open_reader(path)):
        work.read(each.number, each.document, each.published, each.story)
    took, report = time.perf_counter() - begin, work.report()
    print(
        f"backtest of a draft beside a rule: {report.articles:,} articles in {took:.1f} s, "
        f"{report.matches:,} match, {report.won:,} won, {report.lost:,} lost"
    )


if __name__ == "__main__":
    main()
