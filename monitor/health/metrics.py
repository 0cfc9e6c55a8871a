"""What a daemon does and what waits, in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path

from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from alerts.message import DeliveryState
from alerts.store import READER, AlertStore
from crawler.store import ArticleStore, Connection, PollStore, backups_in
from monitor.health.vitals import LAG_BOUNDS, Vitals

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds from queueing to acceptance; chosen, from a console to a digest of the next morning.
_DELIVERY_BOUNDS = (1.0, 5.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 43200.0)
# The counters of a poll by the outcome that they count; the rest of "polled" brought a list.
_OUTCOMES = ("unchanged", "failed")


class Metrics:
    """The numbers of one daemon; they are read from the database when somebody asks.

    Polls and articles count from midnight UTC, all else from the daemon's start. What falls back
    to 0 counts on: that is what `rate()` and `increase()` expect.
    """

    def __init__(
        self, vitals: Vitals, database: Path, db: Connection, backups: Path | None = None
    ) -> None:
        self._vitals, self._database, self._backups = vitals, database, backups
        self._closed_until = vitals.began
        self._match = AlertStore(db).reading.newest_match()
        self._matches: Counter[str] = Counter()
        self._outcomes: Counter[tuple[str, str]] = Counter()
        self._seconds: defaultdict[str, list[float]] = defaultdict(lambda: [0.0])
        self._within: defaultdict[str, Counter[float]] = defaultdict(Counter)

    def text(self, db: Connection) -> bytes:
        """All of them, as Prometheus reads them."""
        self._follow(db)
        return generate_latest(_Collected(self._all(db)))

    def _follow(self, db: Connection) -> None:
        reading = AlertStore(db).reading
        self._match, found = reading.matches_after(self._match)
        self._matches.update(found)
        for delivery in reading.closed_after(self._closed_until):
            assert delivery.closed is not None
            self._closed_until = max(self._closed_until, delivery.closed)
            self._outcomes[delivery.channel, delivery.state.value] += 1
            if delivery.state is DeliveryState.DELIVERED:
                seconds = (delivery.closed - delivery.created).total_seconds()
                self._seconds[delivery.channel][0] += seconds
                self._within[delivery.channel][_bound(seconds, _DELIVERY_BOUNDS)] += 1

    def _all(self, db: Connection) -> Iterator[Metric]:
        yield from _polls(PollStore(db).counters(self._vitals.now()))
        yield from self._alerts(db)
        yield from self._process(db)

    def _alerts(self, db: Connection) -> Iterator[Metric]:
        store = AlertStore(db)
        rules = [((rule,), n) for rule, n in sorted(self._matches.items())]
        yield _counter("matches", "Texts that matched.", ["rule"], rules)
        outcomes = sorted(self._outcomes.items())
        yield _counter("deliveries", "Deliveries that ended.", ["channel", "outcome"], outcomes)
        waiting = [((name,), n) for name, n in store.reading.pending_by_channel().items()]
        yield _gauge("deliveries_pending", "Deliveries that wait.", ["channel"], waiting)
        took = HistogramMetricFamily(
            "nieuwswacht_delivery_seconds", "From queueing to acceptance.", labels=["channel"]
        )
        for channel, within in sorted(self._within.items()):
            buckets = _buckets(within, _DELIVERY_BOUNDS)
            took.add_metric([channel], buckets, self._seconds[channel][0])
        yield took
        unread = ArticleStore(db).last_seq() - store.ledger.cursor(READER).seq
        yield _gauge("log_lag", "Texts that the rules have not seen.", [], [((), unread)])

    def _process(self, db: Connection) -> Iterator[Metric]:
        vitals = self._vitals
        wanted = PollStore(db).pages_wanted()
        yield _gauge("pages_wanted", "Pages still to be fetched.", [], [((), wanted)])
        waiting = vitals.writer.waiting()
        yield _gauge("writer_queue", "Jobs that wait for the writer.", [], [((), waiting)])
        for name, what, path in (
            ("database_bytes", "Size of the database.", self._database),
            ("wal_bytes", "Size of its log of writes.", _beside(self._database, "-wal")),
        ):
            yield _gauge(name, what, [], [((), _size(path))])
        yield from self._backup()
        tick = vitals.tick.timestamp() if vitals.tick else 0
        yield _gauge("last_tick_timestamp_seconds", "When work was taken up.", [], [((), tick)])
        yield HistogramMetricFamily(
            "nieuwswacht_loop_lag_seconds",
            "How late the loop of the crawl is.",
            buckets=_buckets(vitals.lags, LAG_BOUNDS),
            sum_value=vitals.lag_seconds,
        )

    def _backup(self) -> Iterator[Metric]:
        """How old the newest copy is, where copies are made and there is one."""
        copies = backups_in(self._backups, self._database) if self._backups else []
        if copies:
            age = (self._vitals.now() - copies[0].at).total_seconds()
            yield _gauge("backup_age_seconds", "Age of the newest backup.", [], [((), age)])


class _Collected:
    """Metrics in the form in which the library takes them."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _polls(counters: Mapping[str, Mapping[str, int]]) -> Iterator[Metric]:
    polls, stored = [], []
    for source, counts in counters.items():
        told = {name: counts.get(name, 0) for name in _OUTCOMES}
        told["read"] = counts.get("polled", 0) - sum(told.values())
        polls += [((source, outcome), max(0, n)) for outcome, n in told.items()]
        stored.append(((source,), counts.get("stored", 0)))
    yield _counter("polls", "Polls of a source.", ["source", "outcome"], polls)
    yield _counter("articles_stored", "New articles.", ["source"], stored)


_Samples = Iterable[tuple[tuple[str, ...], float]]


def _counter(name: str, what: str, labels: list[str], samples: _Samples) -> Metric:
    family = CounterMetricFamily(f"nieuwswacht_{name}", what, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _gauge(name: str, what: str, labels: list[str], samples: _Samples) -> Metric:
    family = GaugeMetricFamily(f"nieuwswacht_{name}", what, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _bound(seconds: float, bounds: Iterable[float]) -> float:
    return next((bound for bound in bounds if seconds <= bound), float("inf"))


def _buckets(within: Mapping[float, int], bounds: Iterable[float]) -> list[tuple[str, float]]:
    """Each bound with how many stayed within it, the last without a bound."""
    every = [*bounds, float("inf")]
    names = [*(str(bound) for bound in every[:-1]), "+Inf"]
    return list(zip(names, accumulate(within[bound] for bound in every), strict=True))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
