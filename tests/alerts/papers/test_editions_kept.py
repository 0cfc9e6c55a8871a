"""What stays of editions: no word of a forgotten article, nothing for a restore to tell anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from deliverydesk import Desk
from papers_desk import BRIDGE, MONDAY, SUNDAY, issue, went

from alerts.delivery.restoring import PendingChoice, restore_outbox
from alerts.edition import EditionEdits
from alerts.editions.edition_store import EditionStore
from alerts.keeping.forgetting import forget_told
from alerts.wave_log.wave_store import WaveStore
from alerts.waves.wave import Usual, Wave
from crawler.config import StoreSettings
from monitor.running.pruning import Pruning


def test_of_a_forgotten_article_no_edition_and_no_editor_keeps_a_word(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    gone = paper_desk.publish("Kalifaat gevallen")
    paper_desk.publish("Linge onbereikbaar", BRIDGE, lead="", number=3)
    paper_desk.match()
    paper_desk.clock.now = MONDAY
    [key] = issue(paper_desk)
    paper_desk.send(flush=True)
    later = replace(key, day="2026-11-24")
    story = went(paper_desk)[0].stories[0].story
    edits = EditionEdits(notes={story: "Zie ook Kalifaat gevallen"})
    paper_desk.writer.run(lambda db: EditionStore(db).put_edits(later, edits, MONDAY))

    paper_desk.writer.run(lambda db: forget_told(db, gone.article, MONDAY))

    assert [one.title for one in went(paper_desk)[-1].stories] == ["Linge onbereikbaar"]
    assert went(paper_desk)[-1].left_out == 1
    for table in ("editions", "edition_edits", "alerts", "deliveries"):
        rows = paper_desk.writer.run(
            lambda db, name=table: db.execute(f"SELECT * FROM {name}").fetchall()
        )
        assert "Kalifaat gevallen" not in repr(rows), table


def test_old_editions_go_with_the_messages_but_for_the_newest(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Kalifaat gevallen")
    paper_desk.match()
    for day in range(3):
        paper_desk.clock.now = MONDAY + timedelta(days=day)
        issue(paper_desk)
    settings = StoreSettings(keep_messages=timedelta(days=365))
    pruning = Pruning.of(settings, MONDAY + timedelta(days=800))

    counts = paper_desk.writer.run(pruning.counts)
    while paper_desk.writer.run(pruning.step):
        pass

    assert counts["editions"] == pruning.removed["editions"] == 2
    assert [each.key.day for each in went(paper_desk)] == ["2026-11-25"]
    assert issue(paper_desk) == []
    sql = "SELECT body FROM alerts WHERE kind = 'alert.review'"
    bodies = paper_desk.writer.run(lambda db: db.execute(sql).fetchall())
    assert "Kalifaat gevallen" not in repr(bodies)


def test_a_restored_copy_sends_no_edition_that_was_due_before(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY + timedelta(hours=3)  # the copy is of Sunday

    paper_desk.writer.run(lambda db: restore_outbox(db, PendingChoice.HOLD, paper_desk.clock()))

    assert issue(paper_desk) == []
    paper_desk.clock.now = MONDAY + timedelta(days=1)
    assert [each.day for each in issue(paper_desk)] == ["2026-11-24"]


def test_a_restored_copy_tells_nothing_more_of_a_wave(paper_desk: Desk) -> None:
    wave = Wave(began=SUNDAY, high=SUNDAY, told=5, peak=5, usual=Usual(1.0, 4))
    paper_desk.writer.run(lambda db: WaveStore(db).put("kalifaat", wave, 5))

    paper_desk.writer.run(lambda db: restore_outbox(db, PendingChoice.HOLD, MONDAY))

    assert paper_desk.writer.run(lambda db: WaveStore(db).running()) == {}
