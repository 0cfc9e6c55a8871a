"""What `bench_scale.py` lets a checkout do, each in a process of its own.

    python scale_work.py fill DATABASE ARTICLES         stores so many, and dies as by kill -9
    python scale_work.py store DATABASE KIND ARTICLES   stores more, and prints what that took
    python scale_work.py commands FOLDER                runs commands over an archive

Numbers are printed as JSON: milliseconds of processor time. The checkout is that of PYTHONPATH, and
only what earlier versions have too is imported.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import signal
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

import psutil
from rulework import articles, language

from alerts.store import migrations as alerts_migrations
from crawler import store
from crawler.model import Article, DateOrigin
from crawler.store import ArticleStore, Connection, Writer, migrations
from monitor.cli import cli

BEGUN = datetime(2026, 3, 2, tzinfo=UTC)
PACE = timedelta(days=14) / 28_000
OUTLETS = 57
COPIED, LATELY = 0.3, 40  # part of the articles that are copies, of one of so many before
TOGETHER = 20  # articles that share a commit, as those of a feed
_TOWNS = ("Assen", "Goes", "Zwolle", "Breda", "Delft", "Venlo", "Tiel", "Hoorn")
_PLACES = [f"{town}{end}" for town in _TOWNS for end in ("", "-Noord", "-Zuid", "dijk", "broek")]
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag")

LATER = (
    "De kans op regen is in {place} {rain} procent, en de wind komt uit het zuidwesten. Later "
    "klaart het op, met een maximum van {most} graden. Voor morgen is de kans op een bui {later} "
    "procent. De komende dagen blijft het weer wisselvallig, met buien en opklaringen. Aan zee "
    "staat een stevige wind. In de nacht koelt het af."
)

Text = tuple[str, str, str]


def ordinary(seed: int) -> Iterator[Text]:
    """Yield articles of some 420 words, of which a third are copies with edits."""
    chance, held = random.Random(seed), list[Text]()
    for number in count():
        for document in articles(TONGUE, 100, seed=seed + number):
            text = document.title, document.lead, document.body
            if held and chance.random() < COPIED:
                title, lead, body = chance.choice(held[-LATELY:])
                shorter = title, lead, body[: 2 * len(body) // 3]
                text = chance.choice(((document.title, lead, body), shorter))
            held = [*held[-LATELY:], text]
            yield text


def headlines(seed: int) -> Iterator[Text]:
    """Yield headlines with a lead."""
    for number in count():
        for document in articles(TONGUE, 100, seed=seed + number):
            yield document.title, document.lead, ""


def flood(seed: int) -> Iterator[Text]:
    """Yield items of one mould."""
    chance = random.Random(seed)
    while True:
        place, day, warm = chance.choice(_PLACES), chance.choice(_DAYS), chance.randint(2, 30)
        rain, later = chance.randint(1, 99), chance.randint(1, 99)
        yield (
            f"Het weer in {place}: {warm} graden",
            f"In {place} wordt het {day} {warm} graden met {rain} procent kans op regen.",
            LATER.format(place=place, rain=rain, most=warm + 3, later=later),
        )


KINDS: dict[str, Callable[[int], Iterator[Text]]] = {
    "ordinary": ordinary,
    "headlines": headlines,
    "flood": flood,
}


def made(texts: Iterable[Text], first: int) -> list[Article]:
    """Articles with these texts, at the pace of 2,000 a day."""
    return [_article(number, text) for number, text in enumerate(texts, start=first)]


def _article(number: int, text: Text) -> Article:
    at, outlet = BEGUN + number * PACE, number * 7_919 % OUTLETS
    title, lead, body = text
    return Article(
        id=f"art_{number:016x}",
        key=f"https://krant{outlet}.example/{number}",
        url=f"https://krant{outlet}.example/{number}",
        outlet=f"Krant {outlet}",
        source=f"krant-{outlet}",
        title=title,
        lead=lead,
        body=body,
        first_seen=at,
        published=at,
        published_from=DateOrigin.PAGE,
    )


def in_parts(every: Sequence[Article]) -> Iterator[Sequence[Article]]:
    """Yield as many of them as share a commit, again and again."""
    for first in range(0, len(every), TOGETHER):
        yield every[first : first + TOGETHER]


def opened(path: Path) -> Writer:
    """The writer of this archive."""
    return Writer(path, migrations=[migrations, alerts_migrations])


def save(writer: Writer, few: Sequence[Article]) -> None:
    """Store these, each in a job, in one commit."""
    jobs = [writer.submit(lambda db, one=one: _save(db, one)) for one in few]
    for job in jobs:
        job.result()


def _save(db: Connection, article: Article) -> None:
    ArticleStore(db).save(article, now=article.first_seen)


def rest(writer: Writer) -> None:
    """Do what waits for a quiet moment; earlier versions let nothing wait."""
    part = getattr(store, "rest", None)
    while part and writer.run(part):
        pass


def fill(path: Path, number: int) -> None:
    """Store so many articles with quiet moments in between, and die."""
    writer = opened(path)
    for first in range(1, number + 1, 1_000):
        length = min(1_000, number + 1 - first)
        for few in in_parts(made(islice(ordinary(first), length), first)):
            save(writer, few)
        rest(writer)
    # What came after the last quiet moment.
    for few in in_parts(made(islice(ordinary(0), TOGETHER * 10), number + 1)):
        save(writer, few)
    os.kill(os.getpid(), signal.SIGKILL)


def stored(path: Path, kind: str, number: int) -> dict[str, float]:
    """What it takes to store the first article in this process, and each of the others.

    Half of them are stored as feeds bring them, with a quiet moment after every 20; what is done in
    these is `later`. The others come all at once, `at_once`.
    """
    with sqlite3.connect(path) as db:
        [(last,)] = db.execute("SELECT max(number) FROM articles")
    every = made(islice(KINDS[kind](7), 2 * number + 1), last + 1)
    writer = opened(path)
    before = _memory()
    first = _timed(lambda: save(writer, every[:1]))
    grown = _memory() - before
    each = later = at_once = 0.0
    for few in in_parts(every[1 : number + 1]):
        each += _timed(lambda few=few: save(writer, few))
        later += _timed(lambda: rest(writer))
    for few in in_parts(every[number + 1 :]):
        at_once += _timed(lambda few=few: save(writer, few))
    writer.close()
    sums = {"each": each, "later": later, "at_once": at_once}
    return {"first": first, "grown": grown} | {name: took / number for name, took in sums.items()}


def _memory() -> float:
    """The megabytes of this process."""
    return float(psutil.Process().memory_info().rss) / 1e6


def commands(folder: Path) -> dict[str, float]:
    """The work of each command over this archive, once everything is imported."""
    with sqlite3.connect(folder / "nieuws.db") as db:
        [(last,)] = db.execute("SELECT max(id) FROM matches")
        asked = (
            "SELECT url FROM articles JOIN matches ON articles.id = article WHERE matches.id = ?"
        )
        urls = [db.execute(asked, [last * part // 6]).fetchone()[0] for part in range(1, 6)]
    words = {
        "show": [["show", url] for url in urls],
        "alerts why": [["alerts", "why", url] for url in urls],
        "status": [["status"]] * 5,
        "sources list": [["sources", "list"]] * 5,
    }
    took = {}
    for name, each in words.items():
        _command(folder, each[0])
        took[name] = statistics.median([_timed(lambda a=a: _command(folder, a)) for a in each])
    return took


def _command(folder: Path, words: Sequence[str]) -> None:
    started = ["--config", str(folder), "--db", str(folder / "nieuws.db")]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        cli.main([*started, *words], standalone_mode=False)


def _timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    what, path, *more = sys.argv[1:]
    TONGUE = language()
    if what == "fill":
        fill(Path(path), int(more[0]))
    elif what == "store":
        print(json.dumps(stored(Path(path), more[0], int(more[1]))))
    else:
        print(json.dumps(commands(Path(path))))
