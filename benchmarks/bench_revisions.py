"""What the revisions of a live blog cost: time to save each one, and room in the archive.

    python benchmarks/bench_revisions.py [REVISIONS] [KILOBYTES]

The page begins with a text of KILOBYTES and gets a paragraph with each revision. It grows, or shows
its newest paragraphs only, so that the oldest one drops out each time.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rulework import articles, language
from usage import helped

from crawler.model import Article, DateOrigin
from crawler.store import ArticleStore, Writer, migrations
from crawler.store.archive.words import TermStore

START = datetime(2026, 3, 29, tzinfo=UTC)


def paragraphs(count: int) -> list[str]:
    """So many paragraphs that all differ."""
    texts = (part for each in articles(language(), count, seed=7) for part in _cut(each.body))
    return [text for _, text in zip(range(count), texts, strict=False)]


def _cut(body: str) -> list[str]:
    """A text as paragraphs of four sentences of fifteen words."""
    words = body.split()
    sentences = [" ".join(words[at : at + 15]) + "." for at in range(0, len(words), 15)]
    return [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]


def page(body: str) -> Article:
    return Article(
        id="art_1", key="nos:1", url="https://nos.example/1", outlet="NOS", source="nos",
        title="Liveblog", lead="Volg hier het nieuws.", body=body, first_seen=START,
        published=START, published_from=DateOrigin.PAGE,
    )  # fmt: skip  # one article in one glance


def measure(revisions: int, size: int, *, rolls: bool) -> None:
    texts = paragraphs(size // 300 + revisions + 50)
    shown = 1
    while len("\n\n".join(texts[:shown])) < size:
        shown += 1
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nieuws.db"
        with Writer(path, migrations=[migrations]) as writer:
            for number in range(revisions):
                first = number if rolls else 0
                body = "\n\n".join(reversed(texts[first : shown + number]))
                begin = time.perf_counter()
                writer.run(lambda db, body=body, number=number: _save(db, body, number))
                taken.append(time.perf_counter() - begin)
                if not number:
                    writer.run(lambda db: TermStore(db).catch_up())
        with sqlite3.connect(path) as db:
            db.execute("VACUUM")
            [(pages, page_size)] = db.execute(
                "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"
            )
            [(held,)] = db.execute("SELECT count(*) FROM revisions")
    kind = "newest paragraphs only" if rolls else "grows"
    print(
        f"{kind:<24} {held:>4} revisions held, {statistics.median(taken[1:]) * 1e3:6.1f} ms each, "
        f"file {pages * page_size / 1e6:6.2f} MB"
    )


def _save(db: object, body: str, number: int) -> None:
    ArticleStore(db).save(page(body), now=START + timedelta(minutes=5 * number))


def main() -> None:
    revisions = int(sys.argv[1]) if len(sys.argv) > 1 else 121
    size = 1_000 * (int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    print(f"{revisions} revisions of a page of {size // 1_000} kB")
    for rolls in (False, True):
        measure(revisions, size, rolls=rolls)


if __name__ == "__main__":
    helped(__doc__)
    main()
