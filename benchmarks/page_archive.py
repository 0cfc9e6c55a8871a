"""A generated archive as years of watching make it, for the page: written at once, past all stores.

The texts are short, and not searched: what is measured with it reads rows, not words.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from alerts.alert import AlertedArticle, ArticleAlert, EventKind, RuleRef
from alerts.store import migrations as alerts_migrations
from alerts.store.rows import alert_to_row
from alerts.trends import fill_match_days
from crawler.store import Connection, Writer, as_text, migrations
from crawler.store.ledger.habits import HabitStore

OUTLETS, RULES = 57, 40
A_DAY = 7_000  # articles, of all outlets together
_LISTED = timedelta(days=30)  # lists and pages are kept so long
_MATCHED = 0.25  # of the articles
_CHANNELS = ("desk", "mail")
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
_FORMS = ("Dagblad", "Omroep", "De Courant van", "Weekblad", "Stadsnieuws", "Het Nieuws van")
_PLACES = (
    "Drieplassen", "Sluis", "Scheldeoord", "Kustlicht", "Veenrand", "Maaswaarde", "Heidestad",
    "Lingedam", "Noordpolder", "Eikenrode",
)  # fmt: skip  # a row of names
_SUBJECTS = (
    "Gemeente", "Rechtbank", "Minister", "Vereniging", "Provincie", "Waterschap", "Kamer",
    "Politie",
)  # fmt: skip  # a row of names
_DOES = (
    "verlengt proef met", "stelt vragen over", "sluit akkoord over", "onderzoekt klachten over",
    "trekt geld uit voor", "waarschuwt voor", "blijft bij besluit over",
)  # fmt: skip  # a row of names
_ABOUT = (
    "het kalifaat", "terugkeerders uit Syrië", "de brug over de rivier", "het nieuwe ziekenhuis",
    "de jaarwisseling", "nachttreinen", "de gevangenis", "woningbouw", "het drinkwater",
)  # fmt: skip  # a row of names

Row = tuple[Any, ...]


def outlet(number: int) -> str:
    """The name of an outlet."""
    return f"{_FORMS[number % 6]} {_PLACES[number % 10]}{' 2' * (number >= 30)}"


def configure(folder: Path) -> None:
    """Write the sources, rules and channels of the archive."""
    (folder / "nieuwswacht.toml").write_text("", "utf-8")
    sources = [
        f'[[source]]\nid = "bron-{n}"\noutlet = "{outlet(n)}"\nkind = "feed"\n'
        f'url = "https://bron{n}.example/rss"\nevery = "5m"\n'
        for n in range(OUTLETS)
    ]
    rules = [
        f'[[rule]]\nid = "regel-{n}"\nname = "{_ABOUT[n % 9].capitalize()} {n}"\n'
        f'query = "kalifa* OR woord{n}"\nchannels = {json.dumps(_CHANNELS)}\n'
        for n in range(RULES)
    ]
    channels = [f'[[channel]]\nid = "{name}"\nkind = "console"\n' for name in _CHANNELS]
    for name, tables in (("sources", sources), ("rules", rules), ("channels", channels)):
        (folder / f"{name}.toml").write_text("\n".join(tables), "utf-8")


def make(path: Path, articles: int, now: datetime) -> None:
    """Write an archive of so many articles, of which the last was just found."""
    Writer(path, migrations=[migrations, alerts_migrations]).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA cache_size = -400000")
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        held = triggers.fetchall()
        for name, _ in held:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("BEGIN")
        rows = _written(articles, now)
        while some := list(islice(rows, 50_000)):
            _insert(db, some)
        _finish(db, now)
        db.execute("COMMIT")
        for _, sql in held:
            db.execute(sql)
        db.execute("PRAGMA journal_mode = WAL")


def _insert(db: sqlite3.Connection, rows: Iterable[tuple[str, Row]]) -> None:
    by_statement: dict[str, list[Row]] = {}
    for statement, row in rows:
        by_statement.setdefault(statement, []).append(row)
    for statement, values in by_statement.items():
        db.executemany(statement, values)


def _into(table: str, columns: str) -> str:
    places = ", ".join("?" * len(columns.split(",")))
    return f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"


_ARTICLE = _into(
    "articles",
    "number, id, key, url, outlet, source, title, lead, body, language, published, "
    "published_from, first_seen, partial, revision, text_hash",
)
_REVISION = _into("revisions", "article, number, seen, text_hash, changed")
_STORY = _into("stories", "id, created")
_MEMBER = _into("story_articles", "article, story, seen, copy_of, containment, indexed, counted")
_MATCH = _into("matches", "article, revision, story, rule, rule_hash, hits, found")
_ALERT = _into("alerts", "id, rule, story, event, kind, priority, article, outlet, created, body")
_PASSAGE = _into(
    "passages",
    "story, channel, target, passage, article, field, text, hits, rules, state, reason, delivery, "
    "matched, told, decided",
)
_DELIVERY = _into(
    "deliveries",
    'id, channel, target, kind, "group", high, priority, state, created, due, grouped_until, '
    "expires, attempts, closed",
)
_TOLD = _into("delivery_alerts", "delivery, alert")
_ENTRY = _into("entries", "source, key, entry_hash, first_seen, last_seen")
_PAGE = _into("pages", "key, source, url, entry, first_seen, error, missed")


def _written(articles: int, now: datetime) -> Iterator[tuple[str, Row]]:
    """Yield the rows of each article, the oldest first, each with its statement."""
    chance = random.Random(15)
    step = timedelta(days=1) / A_DAY
    told = _alert_body()
    story = ""
    for number in range(1, articles + 1):
        seen = now - (articles - number) * step
        begins = not story or chance.random() < 0.7
        story = f"sty_{number:016x}" if begins else story
        yield from _article(chance, number, seen, story, begins=begins)
        if chance.random() < _MATCHED:
            yield from _found(chance, number, seen, story, told)
        if now - seen < _LISTED:
            yield from _listed(chance, number, seen)


def _article(
    chance: random.Random, number: int, seen: datetime, story: str, *, begins: bool
) -> Iterator[tuple[str, Row]]:
    source, name, at = _source(number), f"art_{number:016x}", as_text(seen)
    key = f"https://bron{source}.example/{number}"
    subject, does, about = map(chance.choice, (_SUBJECTS, _DOES, _ABOUT))
    title, lead = f"{subject} {does} {about}", f"De {subject.lower()} {does} {about}."
    body = f"{lead} Dat staat in stuk {number}. Een woordvoerder wil er nog niets over zeggen. " * 4
    texts = title, lead, body, "nl", at, "feed", at, 0, 1, name
    yield _ARTICLE, (number, name, key, key, outlet(source), f"bron-{source}", *texts)
    yield _REVISION, (name, 1, at, name, "")
    if begins:
        yield _STORY, (story, at)
    copy = (None, None) if begins else (f"art_{number - 1:016x}", 0.9)
    yield _MEMBER, (number, story, at, *copy, 0, 1)


def _found(
    chance: random.Random, number: int, seen: datetime, story: str, told: str
) -> Iterator[tuple[str, Row]]:
    name, at = f"art_{number:016x}", as_text(seen + timedelta(seconds=20))
    hits = '[{"field": "body", "start": 3, "end": 12, "text": "gemeente"}]'
    rules = {int(chance.paretovariate(0.6)) % RULES for _ in range(chance.choice((1, 1, 2, 3)))}
    for rule in rules:
        yield _MATCH, (name, 1, story, f"regel-{rule}", "hash", hits, at)
        alert = f"alr_{number:016x}{rule:08x}"
        body = told.replace("NAAM", name).replace("VERHAAL", story).replace("MELDING", alert)
        kind = "story", "alert.story", "normal"
        yield _ALERT, (alert, f"regel-{rule}", story, *kind, name, outlet(0), at, body)
    for channel in _CHANNELS:
        delivery = f"dlv_{number:016x}{channel}"
        ok = chance.random() < 0.9
        state = ("told", None, delivery) if ok else ("untold", "silenced", None)
        text = "De gemeente verlengt de proef.", "[]", json.dumps([f"regel-{min(rules)}"])
        passage = story, channel, "", f"psg_{number}", name, "lead", *text, *state
        yield _PASSAGE, (*passage, at, at if ok else None, at)
        if ok:
            times = "delivered", at, at, at, at, 1, at
            yield _DELIVERY, (delivery, channel, "", "alert.story", story, 0, "normal", *times)
            yield _TOLD, (delivery, alert)


def _listed(chance: random.Random, number: int, seen: datetime) -> Iterator[tuple[str, Row]]:
    source, polled = _source(number), datetime.fromtimestamp(seen.timestamp() // 300 * 300, UTC)
    key, at = f"https://bron{source}.example/{number}", as_text(polled)
    yield _ENTRY, (f"bron-{source}", key, key, at, at)
    missed = ("http-status status=403", at) if chance.random() < 0.002 else (None, None)
    entry = json.dumps({"url": key, "title": f"Stuk {number}"})
    yield _PAGE, (key, f"bron-{source}", key, entry, at, *missed)


def _source(number: int) -> int:
    return number * 7_919 % OUTLETS


def _alert_body() -> str:
    """The body of an alert, with names to be replaced."""
    article = AlertedArticle(
        id="NAAM", outlet=outlet(0), source="bron-0", title="Gemeente verlengt proef", lead="",
        url="https://bron0.example/1", author=None, published=_BEGUN, first_seen=_BEGUN,
        partial=False,
    )  # fmt: skip  # a made-up article
    alert = ArticleAlert(
        id="MELDING", kind=EventKind.STORY, rule=RuleRef("regel-0", "Regel"), story="VERHAAL",
        event="story", created=_BEGUN, article=article,
    )  # fmt: skip  # a made-up alert
    return str(alert_to_row(alert)["body"])


def _finish(db: sqlite3.Connection, now: datetime) -> None:
    """Write what follows from the articles: sources, counters, totals, days."""
    at, soon = as_text(now), as_text(now + timedelta(minutes=5))
    columns = (
        "id, outlet, url, enabled, added, next_poll, interval, last_poll, last_success, last_new, "
        "first_success, listed, took"
    )
    db.executemany(
        _into("sources", columns),
        [
            (f"bron-{n}", outlet(n), f"https://bron{n}.example/rss", 1, at, soon, 300.0)
            + (at,) * 5
            + (0.4,)
            for n in range(OUTLETS)
        ],
    )
    db.execute(
        "INSERT INTO counters SELECT substr(first_seen, 1, 10), source, 'stored', count(*) "
        "FROM articles GROUP BY 1, 2"
    )
    for table in ("articles", "revisions", "stories"):
        db.execute(
            f"UPDATE totals SET total = (SELECT count(*) FROM {table}) WHERE name = '{table}'"
        )
    db.execute(
        "INSERT INTO cursors (reader, seq, updated) SELECT 'alerts', max(seq), ? FROM revisions",
        [at],
    )
    for n in range(OUTLETS):
        HabitStore(Connection(db)).keep(f"bron-{n}", now)
    fill_match_days(Connection(db))
    db.execute("PRAGMA analysis_limit = 400")
    db.execute("ANALYZE")
