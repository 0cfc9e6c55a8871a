"""What finding copies costs in a small and in a large index, and how large the index is.

Articles consist of words with natural frequencies (Zipf). A tenth of them have one of twenty
sentences that thousands share. Queries are articles of the index with another headline, cut to
40 %. All articles are in the index at once, as if they were from one fortnight.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from random import Random

from sqlite_utils import Database

from crawler.model import Article, DateOrigin
from crawler.store import Connection, migrations
from crawler.store.records import as_text
from crawler.store.stories.candidates import FingerprintIndex
from crawler.store.stories.index import story_id
from crawler.store.stories.tellings import reading_of, telling, tellings
from crawler.stories.near_duplicates import story_of
from crawler.stories.shingles import RUN, fingerprints_among, shingles, words

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
VOCABULARY = 40_000
WORDS = 180
QUERIES = 2_000
PASSES = 5
BATCH = 5_000

_letters = Random(0)
WORD = [
    "".join(_letters.choices("etaonirsdlghvkmupbjwcz", k=_letters.randint(2, 11)))
    for _ in range(VOCABULARY)
]
# Zipf: the n-th word is used 1/n times as often as the first.
WEIGHTS = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
NOTICES = [" ".join(_letters.choices(WORD, cum_weights=WEIGHTS, k=25)) for _ in range(20)]


def text_of(number: int) -> tuple[str, str, str]:
    """Title, lead and body of the article with this number; the same at each call."""
    rng = Random(number)
    drawn = rng.choices(WORD, cum_weights=WEIGHTS, k=WORDS)
    notice = rng.choice(NOTICES) if number % 10 == 0 else ""
    return " ".join(drawn[:8]), " ".join(drawn[8:35]), f"{' '.join(drawn[35:])} {notice}"


def query_of(number: int) -> tuple[str, str, str]:
    """The same article at another outlet: with another headline, and cut to 40 %."""
    rng = Random(-number - 1)
    _, lead, body = text_of(number)
    title = " ".join(rng.choices(WORD, cum_weights=WEIGHTS, k=8))
    return title, lead, " ".join(body.split()[: int(WORDS * 0.4) - 27])


def article_of(number: int, text: tuple[str, str, str], outlet: str) -> Article:
    title, lead, body = text
    return Article(
        id=f"art_{outlet}{number:015x}",
        key=f"{outlet}/{number}",
        url=f"https://{outlet}.example/{number}",
        outlet=outlet,
        source=outlet,
        title=title,
        lead=lead,
        body=body,
        first_seen=NOW,
        published=NOW,
        published_from=DateOrigin.PAGE,
    )


def fingerprints(text: str) -> tuple[int, ...]:
    """The fingerprints of a text, without those of its opening."""
    return fingerprints_among(shingles(words(text), RUN), ())


def fill(db: Connection, start: int, end: int) -> None:
    """Put the articles into the index as `StoryIndex` does, but without comparing them."""
    for first in range(start, end, BATCH):
        rows = [(number, *text_of(number)) for number in range(first, min(first + BATCH, end))]
        ids = {number: f"art_a{number:015x}" for number, *_ in rows}
        hashes = sorted(
            (one, number) for number, *text in rows for one in fingerprints(reading_of(*text).text)
        )
        with db.transaction():
            db.executemany(
                "INSERT INTO articles (number, id, key, url, outlet, source, title, lead, body, "
                "language, published, published_from, first_seen, partial, revision, text_hash) "
                "VALUES (?1, ?2, ?2, ?2, 'a', 'a', ?3, ?4, ?5, 'nl', ?6, 'page', ?6, 0, 1, '')",
                [(number, ids[number], *text, as_text(NOW)) for number, *text in rows],
            )
            db.executemany(
                "INSERT INTO stories VALUES (?, ?)",
                [(story_id(name), as_text(NOW)) for name in ids.values()],
            )
            db.executemany(
                "INSERT INTO story_articles VALUES (?, ?, ?, NULL, NULL, NULL, 1, 1)",
                [(number, story_id(name), as_text(NOW)) for number, name in ids.items()],
            )
            db.executemany("INSERT INTO fingerprints VALUES (?, ?)", hashes)


def opened(path: Path) -> Connection:
    db = Connection.opened(str(path))
    migrations.apply(Database(db.raw))
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = OFF")
    # The full-text index would take most of the time, and is not measured here.
    for row in db.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        db.execute(f"DROP TRIGGER {row['name']}")
    return db


def timed(act: Callable[[int], object], numbers: Sequence[int]) -> list[float]:
    """Milliseconds of CPU time for each number, so that other programs do not count."""
    taken = []
    for number in numbers:
        begin = time.thread_time()
        act(number)
        taken.append((time.thread_time() - begin) * 1000)
    return taken


def row(name: str, articles: int, taken: Sequence[float]) -> float:
    middle, high = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
    print(f"| {name} | {articles:,} | {middle:.2f} | {high:.2f} |")
    return middle


def measure(db: Connection, articles: int) -> list[float]:
    """The median time of each step in milliseconds; also printed."""
    rng = Random(3)
    drawn = [rng.randrange(articles) for _ in range(2 * QUERIES)]
    texts = {number: query_of(number) for number in drawn}
    hashes = {number: fingerprints("\n\n".join(texts[number])) for number in drawn}
    # The first half only warms up, as in a process that has run for a while.
    others, numbers = drawn[:QUERIES], drawn[QUERIES:]
    index = FingerprintIndex(db)
    found = sum(n in index.candidates(hashes[n], apart_from=-1) for n in numbers)
    print(f"{found / QUERIES:.2%} of the originals found among {articles:,}", file=sys.stderr)

    def search(number: int) -> object:
        return index.candidates(hashes[number], apart_from=-1)

    def look_up(number: int) -> object:
        # Fingerprints are made anew: a cached reading would remember the text from before.
        return index.candidates(fingerprints("\n\n".join(texts[number])), apart_from=-1)

    def decide(number: int) -> object:
        asked = telling(article_of(number, texts[number], "b"), "", NOW)
        asked_hashes = fingerprints(asked.reading.text)
        near = tellings(db, index.candidates(asked_hashes, apart_from=-1), NOW)
        return story_of(asked, near, lambda runs, _: runs, NOW)

    steps = (
        ("search of the index", search),
        ("look-up: fingerprints, search", look_up),
        ("decision: look-up, comparison", decide),
    )
    timed(search, others)
    # The quickest of a few passes: other programs empty the caches.
    return [
        row(
            name, articles, min((timed(act, numbers) for _ in range(PASSES)), key=statistics.median)
        )
        for name, act in steps
    ]


def weigh(db: Connection, articles: int) -> None:
    names = ("fingerprints", "story_articles", "stories")
    for name in names:
        size = db.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name IN "
            "(SELECT name FROM sqlite_master WHERE tbl_name = ?)",
            [name],
        ).fetchone()[0]
        print(f"{name}: {size / articles:.0f} bytes an article")


def filled(path: Path, articles: int) -> Connection:
    """The index with so many articles; those that an earlier run put in are kept."""
    db = opened(path)
    fill(
        db, db.execute("SELECT coalesce(max(number) + 1, 0) FROM articles").fetchone()[0], articles
    )
    return db


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder in which the indexes stay")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = wanted.keep or Path(passing)
        small, large = (
            filled(folder / f"stories-{size}.db", size) for size in (wanted.small, wanted.large)
        )
        print("| what | articles | p50 ms | p99 ms |\n|---|---|---|---|")
        grown = zip(measure(large, wanted.large), measure(small, wanted.small), strict=True)
        times = ", ".join(f"{high / low:.2f}" for high, low in grown)
        print(f"\np50 of each, {wanted.large:,} to {wanted.small:,}: {times}")
        weigh(large, wanted.large)


if __name__ == "__main__":
    main()
