"""The numbers, as Prometheus reads them."""

from __future__ import annotations

from pathlib import Path

from deliverydesk import Desk, article, open_desk
from prometheus_client.parser import text_string_to_metric_families

from crawler.store import PollStore
from monitor.health.metrics import Metrics
from monitor.health.vitals import Vitals

Numbers = dict[tuple[str, ...], float]


def numbers(desk: Desk, metrics: Metrics) -> Numbers:
    """Each number by its name and the values of its labels, in the order of their names."""
    text = desk.writer.run(metrics.text).decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def metrics_of(desk: Desk, path: Path) -> Metrics:
    vitals = Vitals(desk.writer, desk.clock)
    vitals.ticked()
    return desk.writer.run(lambda db: Metrics(vitals, path, db))


def test_every_number_counts_what_happened_since_the_start(tmp_path: Path) -> None:
    # given a desk with a past that counts no more
    path = tmp_path / "nieuws.db"
    desk = open_desk(path)
    channel = desk.add_channel("desk")
    desk.rules(kalifaat="kalifa*")
    desk.publish("Het kalifaat van vroeger", "Een boek over Bagdad, in een andere tijd.", number=9)
    desk.match()
    desk.clock.forward(minutes=5)
    desk.send()
    metrics = metrics_of(desk, path)

    # when news comes, is matched and is sent
    desk.poll("nos", article(number=1))
    counts = {"polled": 2, "failed": 1}
    desk.writer.run(lambda db: PollStore(db).count_all("nos", counts, desk.clock()))
    desk.publish("Kalifaat gevallen", number=1)
    before = numbers(desk, metrics)
    desk.match()
    waiting = numbers(desk, metrics)
    desk.clock.forward(seconds=100)
    desk.send()
    after = numbers(desk, metrics)

    # then each number says so
    assert len(channel.parcels) == 2
    assert before["nieuwswacht_log_lag",] == 1
    assert before["nieuwswacht_pages_wanted",] == 1
    assert before["nieuwswacht_polls_total", "failed", "nos"] == 1
    assert waiting["nieuwswacht_matches_total", "kalifaat"] == 1
    assert waiting["nieuwswacht_deliveries_pending", "desk"] == 1
    assert ("nieuwswacht_deliveries_total", "desk", "delivered") not in waiting
    assert after["nieuwswacht_log_lag",] == 0
    assert after["nieuwswacht_deliveries_total", "desk", "delivered"] == 1
    assert ("nieuwswacht_deliveries_pending", "desk") not in after
    assert after["nieuwswacht_delivery_seconds_count", "desk"] == 1
    assert after["nieuwswacht_delivery_seconds_sum", "desk"] == 100
    assert after["nieuwswacht_delivery_seconds_bucket", "desk", "60.0"] == 0
    assert after["nieuwswacht_delivery_seconds_bucket", "desk", "300.0"] == 1
    assert after["nieuwswacht_database_bytes",] == path.stat().st_size
    assert numbers(desk, metrics) == after
    desk.writer.close()


def test_labels_are_source_rule_channel_and_outcome_alone(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.add_channel("desk")
    desk.rules(kalifaat="kalifa*")
    metrics = metrics_of(desk, tmp_path / "nieuws.db")
    desk.writer.run(lambda db: PollStore(db).count_all("nos", {"polled": 1}, desk.clock()))
    desk.publish("Kalifaat gevallen", number=1)
    desk.match()
    desk.clock.forward(minutes=5)
    desk.send()

    text = desk.writer.run(metrics.text).decode()

    families = list(text_string_to_metric_families(text))
    labels = {name for family in families for sample in family.samples for name in sample.labels}
    assert labels == {"source", "rule", "channel", "outcome", "le"}
    assert all(family.name.startswith("nieuwswacht_") for family in families)
    desk.writer.close()


def test_the_age_of_the_newest_backup_is_told_where_there_is_one(tmp_path: Path) -> None:
    path, folder = tmp_path / "nieuws.db", tmp_path / "copies"
    folder.mkdir()
    desk = open_desk(path)
    vitals = Vitals(desk.writer, desk.clock)
    metrics = desk.writer.run(lambda db: Metrics(vitals, path, db, folder))
    assert ("nieuwswacht_backup_age_seconds",) not in numbers(desk, metrics)

    (folder / f"nieuws-{desk.clock():%Y%m%dT%H%M%SZ}.db").touch()
    desk.clock.forward(hours=2)

    assert numbers(desk, metrics)["nieuwswacht_backup_age_seconds",] == 7200
    desk.writer.close()
