"""Processor time of `stats` in a large archive: from the roll-up, from the matches, by a query.

    python benchmarks/bench_stats.py [ARTICLES] [FILE]

A million articles unless it is told otherwise; FILE is made the first time, and used again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from page_archive import make
from usage import helped

from alerts.query import Concepts
from alerts.rules import rule_of
from alerts.stats import Dating, Dimension, Stats, StatsQuestion, stats_of_query, stats_of_rule
from alerts.store import migrations as alerts_migrations
from crawler.store import Connection, Writer, migrations, open_reader
from crawler.store.archive.words import TermStore

NOW = datetime(2026, 11, 1, tzinfo=UTC)
RULE = rule_of(id="regel-1", text="kalifa*")
QUERIES = ("stuk NEAR/1 123456", "nachttreinen NEAR/3 proef", "kalifa*")
BY = (Dimension.DAY, Dimension.OUTLET)


def main() -> None:
    """Make the archive if need be, and print a line for each way to count."""
    articles = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if sys.argv[2:] else Path(folder) / "archive.db"
        if not path.exists():
            make(path, articles, NOW)
            _index(path)
        db = open_reader(path)
        plain, local = StatsQuestion(by=BY), StatsQuestion(by=BY, timezone="Europe/Amsterdam")
        published = StatsQuestion(by=BY, dating=Dating.PUBLISHED)
        _show("from the roll-up", lambda: stats_of_rule(db, RULE, plain))
        _show("from the matches, local days", lambda: stats_of_rule(db, RULE, local))
        _show("from the matches, published", lambda: stats_of_rule(db, RULE, published))
        for query in QUERIES:
            _show(f"by a query: {query}", lambda query=query: _searched(db, query, plain))


def _index(path: Path) -> None:
    """Let the articles be found by their words, which `make` leaves out."""
    writer = Writer(path, migrations=[migrations, alerts_migrations])
    writer.run(lambda db: db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')"))
    while writer.run(lambda db: TermStore(db).catch_up(most=2_000)):
        pass
    writer.close()


def _searched(db: Connection, query: str, question: StatsQuestion) -> Stats:
    rule = rule_of(id="query", text=query)
    return stats_of_query(db, rule, question, Concepts(), lambda: True)


def _show(name: str, ask: Callable[[], Stats]) -> None:
    begun = time.process_time()
    found = ask()
    took = time.process_time() - begun
    stored = sum(row.stored for row in found.rows)
    print(f"{name:45} {took:8.2f} s  {found.total:9,} of {stored:,}", flush=True)


if __name__ == "__main__":
    helped(__doc__)
    main()
