"""The ledger of passages: owed, told or untold, at every step, after a restart and an upgrade."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from random import Random

import pytest
from deliverydesk import AMSTERDAM, BAGHUZ, Desk, failing, open_desk
from hearing import breaches, heard, hour, read_again, rows, stands
from outbox_desk import give_up, silence
from sqlite_utils import Database

from alerts.alert import EventKind
from alerts.match import Hit, Match
from alerts.outcome import Outcome
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from alerts.store.schema import migrations as alerts_migrations
from alerts.telling import passages_of, sentences_of
from alerts.watch import pulse_since
from crawler.store import ArticleStore, Writer, migrations

SUBJECTS = ("Baghuz", "de Eufraat", "het kalifaat", "de burgemeester", "de brug", "het kamp")
ACTS = (
    "wordt vanavond ontruimd",
    "is weer rustig",
    "raakte beschadigd",
    "kreeg hulp",
    "bleef dicht",
)


@dataclass
class Stream:
    """Articles that grow, shrink, are copied and corrected by chance."""

    chance: Random
    texts: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def next(self) -> tuple[str, int, list[str]]:
        """An outlet, the number of its article, and what that says now."""
        outlet = self.chance.choice(("NOS", "AD", "Trouw"))
        number = self.chance.randint(1, 3)
        text = self.texts.setdefault((outlet, number), self._begun(number))
        for _ in range(self.chance.randint(0, 3)):
            text.insert(self.chance.randint(0, len(text)), self._sentence())
        if len(text) > 6 and self.chance.random() < 0.3:
            text.pop(self.chance.randrange(3, len(text)))
        return outlet, number, text

    def _begun(self, number: int) -> list[str]:
        begun = Random(number)
        return [
            f"{w.capitalize()} nummer {begun.randint(1, 999)} {a}." for w in SUBJECTS for a in ACTS
        ]

    def _sentence(self) -> str:
        number = self.chance.randint(1, 999)
        subject, act = self.chance.choice(SUBJECTS), self.chance.choice(ACTS)
        return f"Na {number} uur: {subject} {act}."


def every_match(desk: Desk) -> Iterator[tuple[str, set[str]]]:
    """Each text that matched as part of a story, with its passages."""
    archive = ArticleStore(desk.writer.run(lambda db: db))
    for row in desk.writer.run(lambda db: db.rows("SELECT * FROM matches")):
        hits = tuple(Hit(**hit) for hit in json.loads(row["hits"]))
        match = Match(row["rule"], "", hits)
        held = {each.number: each for each in archive.revisions(row["article"])}[row["revision"]]
        text = sentences_of(held.title, held.lead, held.body)
        yield row["story"], set(passages_of(text, [match]))


def missing(desk: Desk) -> list[str]:
    """Passages that matched and stand nowhere in the ledger of a receiver."""
    held = {(row.passage.key, row.receiver.channel) for row in rows(desk)}
    return [
        f"{key} of {story} in {channel.plan.id}"
        for story, keys in every_match(desk)
        for key in keys
        for channel in desk.channels
        if (key, channel.plan.id) not in held
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_matched_is_owed_told_or_untold_at_every_step_and_restart(
    tmp_path: Path, seed: int
) -> None:
    path, chance = tmp_path / "nieuws.db", Random(seed)
    desk, stream = open_desk(path), Stream(chance)
    chat = desk.add_channel("desk")
    mail = desk.add_channel("mail", digest=(time(17),))
    mail.view = lambda parcel: view_of(parcel.message, Style("nl", AMSTERDAM))
    desk.rules(baghuz="baghuz OR kalifaat")
    desk.rules(rivier="eufraat", priority="high")
    outage = failing(Outcome.NOT_SENT)
    for step in range(60):
        outlet, number, text = stream.next()
        desk.publish(f"Verslag {number}", "\n".join(text), outlet=outlet, number=number)
        if step == 20:
            silence(desk, rule="baghuz")
        chat.always = mail.always = lambda _: outage if 30 < step < 45 else None  # noqa: B023 - runs before the next turn
        desk.match()
        assert breaches(desk) == []
        read_again(desk)
        desk.send_over(timedelta(minutes=chance.choice((1, 20, 120))))
        assert breaches(desk) == []
        assert missing(desk) == []
        if step % 7 == 0:
            desk.restart()
    desk.send_over(timedelta(days=2))
    desk.restart()

    found = stands(desk)
    assert (found["owed"], breaches(desk), missing(desk)) == (0, [], [])
    assert found["told"] > 100
    assert found["by link"] > 10
    desk.writer.close()


def without_passages(path: Path) -> None:
    """Make this archive one of the schema before there was a ledger of passages."""
    with closing(Database(path)) as db:
        db.execute("DROP TABLE passages")
        db.execute("DROP TABLE passages_kept")
        db.execute("DROP TABLE unconfirmed")
        later = "name IN ('m006_passages', 'm007_wordings', 'm010_decided')"
        db.execute(f"DELETE FROM _sqlite_migrations WHERE {later}")
        db.conn.commit()


def test_an_archive_that_is_brought_up_to_date_tells_nothing_again(tmp_path: Path) -> None:
    path = tmp_path / "nieuws.db"
    desk = open_desk(path)
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa* OR baghuz")
    desk.publish()
    hour(desk)
    desk.publish("Nog niet verzonden", "In Baghuz is de brug open.", number=2)
    desk.match()
    desk.writer.close()
    without_passages(path)

    desk.writer = Writer(path, migrations=[migrations, alerts_migrations])
    assert stands(desk) == {"told": 1, "owed": 1}
    before = len(heard(channel))
    for outlet in ("NOS", "AD"):
        desk.publish("Kop", BAGHUZ.replace("dekens", "tenten"), outlet=outlet)
        hour(desk)
    assert [one for one in heard(channel)[before:] if "kalifaat" in one] == []
    assert stands(desk) == {"told": 2}

    desk.publish("Kop", f"{BAGHUZ} Baghuz is leeg.", outlet="AD")
    hour(desk)

    assert heard(channel)[-1] == "Baghuz is leeg."
    assert desk.store(lambda store: store.passages.kept_since()) is not None
    desk.writer.close()


def test_an_upgraded_archive_knows_since_when_a_passage_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "nieuws.db"
    desk = open_desk(path)
    give_up(desk)
    before = rows(desk)
    desk.writer.close()
    without_decisions(path)

    desk.writer = Writer(path, migrations=[migrations, alerts_migrations])

    (closed,) = {one.closed for one in desk.deliveries() if one.kind is not EventKind.HEALTH}
    assert rows(desk) == before
    assert closed
    assert [row.decided for row in before] == [closed]
    desk.writer.close()


def without_decisions(path: Path) -> None:
    """Make this archive one of the schema that did not keep when a passage was decided."""
    with closing(Database(path)) as db:
        db.execute("DROP INDEX passages_decided")
        db.execute("DROP INDEX passages_untold")
        db.execute("ALTER TABLE passages DROP COLUMN decided")
        db.execute("CREATE INDEX passages_matched ON passages (matched)")
        db.execute("CREATE INDEX passages_untold ON passages (matched) WHERE state = 'untold'")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm010_decided'")
        db.conn.commit()


def test_a_heartbeat_counts_what_was_given_up_since_the_last_one(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    give_up(desk)
    last_beat = desk.clock() - timedelta(hours=1)

    assert desk.store(lambda store: pulse_since(store, last_beat, 0)).untold == 1
    desk.writer.close()
