"""What an article costs on the disk, all in, and what is known of the log beside the database."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_articles import article, save

from crawler.config import StoreSettings
from crawler.store import Writer, open_reader, readers_of, tidy, wal_bytes
from crawler.store.database import PAGE_BYTES

TEXT = """
de het een van en in op te dat is voor met die zijn aan niet om ook als door over bij uit naar nog
dan maar er wordt deze tegen onder jaar minister kamer regering politie burgemeester stad gemeente
land mensen kinderen vrouwen onderzoek rechtbank verdachte volgens zegt weet nieuws verkeer brug
school ziekenhuis vluchtelingen strijders enclave coalitie legers noorden zuiden
"""
WORDS = TEXT.split()
COMMON = [1 / (place + 3) for place in range(len(WORDS))]


def words(rng: random.Random, count: int) -> str:
    """Words as often as in Dutch, and every tenth one of a large vocabulary."""
    chosen = rng.choices(WORDS, COMMON, k=count)
    for place in range(0, count, 10):
        chosen[place] = f"{rng.choice(WORDS)}{rng.choice(WORDS)}"
    return " ".join(chosen)


@pytest.mark.slow
def test_an_article_of_400_words_takes_less_than_6_kb_for_good(
    writer: Writer, now: datetime
) -> None:
    # Growth is measured once what stays for two weeks only is full; entries and pages of lists go
    # after 90 days.
    rng, sizes = random.Random(4), []
    for part in range(2):
        for number in range(450):
            now += timedelta(minutes=48)
            name = f"nos:{26_000_000 + part * 1_000 + number}"
            body = "\n\n".join(f"{words(rng, 60).capitalize()}." for _ in range(6))
            more = {
                "url": f"https://nos.example/artikel/{name[4:]}-" + words(rng, 5).replace(" ", "-"),
                "lead": f"{words(rng, 30).capitalize()}.",
                "title": words(rng, 10).capitalize(),
                "author": "Redactie Buitenland",
                "section": "buitenland",
                "image": "https://cdn.nos.example/image/2026/03/29/1234567/1024x576.jpg",
            }
            found = article(now, name, body=body, **more)
            save(writer, found, now)
        writer.run(tidy)
        sizes.append(used(writer.path))

    assert StoreSettings().keep_pages == timedelta(days=90)
    assert (sizes[1] - sizes[0]) / 450 < 6_000


def used(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        [(count,), (free,)] = (
            db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count")
        )
    return (count - free) * PAGE_BYTES


def test_who_reads_for_long_is_named(writer: Writer, now: datetime) -> None:
    save(writer, article(now), now)
    reader = open_reader(writer.path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()

    held = readers_of(writer.path)
    reader.close()

    assert wal_bytes(writer.path) > 0
    assert [name.endswith(f"({os.getpid()})") for name in held] == [True]
    assert readers_of(writer.path) == []
