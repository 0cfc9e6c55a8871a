"""What robots.txt said, as long as it holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.store import RobotsStore, Writer, open_reader

HOUR = timedelta(hours=1)
SITE = "https://krant.example"


def test_rules_are_held_until_their_time(writer: Writer, now: datetime) -> None:
    def job(db) -> None:
        RobotsStore(db).keep(SITE, b"User-agent: *\n\xff", until=now + HOUR, now=now)

    writer.run(job)
    store = RobotsStore(open_reader(writer.path))

    assert store.held(now) == {SITE: (b"User-agent: *\n\xff", now + HOUR)}
    assert store.held(now + HOUR) == {}


def test_newer_rules_take_the_place_of_older_ones_and_old_ones_go(
    writer: Writer, now: datetime
) -> None:
    for site, rules, at in (
        (SITE, b"a", now),
        (SITE, b"b", now),
        ("http://b", b"c", now + 2 * HOUR),
    ):
        writer.run(
            lambda db, site=site, rules=rules, at=at: RobotsStore(db).keep(
                site, rules, until=at + HOUR, now=at
            )
        )

    held = RobotsStore(open_reader(writer.path)).held(now)
    assert {site: rules for site, (rules, _) in held.items()} == {"http://b": b"c"}
