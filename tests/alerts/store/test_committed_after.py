"""Whoever follows the log reads each committed record once, in whichever order they appear."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from logs import NOW, Journal, ManyWriters, PlainOrder, StoredJournal, article, read_on, record_of

from alerts.matcher import Matcher
from alerts.rules.book import RuleBook, rule_of
from alerts.store import AlertStore, migrations as alerts_migrations
from crawler.config.files import FirstRun
from crawler.model import LogCursor
from crawler.store import ArticleStore, Writer, migrations

# What happens, in order: a transaction begins, commits or is undone; somebody reads some records.
STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "commit", "abort", "read"]), st.integers(0, 3)),
    max_size=30,
)
Open = Callable[[], AbstractContextManager[Journal]]


@contextmanager
def stored():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "nieuws.db"
        with Writer(path, migrations=[migrations]) as writer:
            yield StoredJournal(writer)


def holds_the_contract(opened: Open, examples: int) -> None:
    """Fail with an example in which a record is lost, read twice, or read out of order."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def contract(steps: list[tuple[str, int]]) -> None:
        with opened() as journal:
            _follow(journal, steps)

    contract()


def _follow(journal: Journal, steps: list[tuple[str, int]]) -> None:
    begun, committed, read, cursor = [], 0, [], LogCursor()
    for number, (step, which) in enumerate(steps):
        if step == "begin":
            begun.append(article(number))
            journal.begin(begun[-1])
        elif step == "read":
            seqs, cursor = read_on(journal, cursor, which + 1)
            assert seqs == sorted(seqs)
            read += seqs
        elif begun:
            getattr(journal, step)(begun.pop(which % len(begun)))
            committed += step == "commit"
    for left in begun:
        journal.commit(left)
    seqs, cursor = read_on(journal, cursor, 1_000)
    read += seqs
    assert len(set(read)) == len(read), "a record is read twice"
    assert len(read) == committed + len(begun), "a record is lost"
    assert read_on(journal, cursor, 1_000) == ([], cursor)
    assert not cursor.seen, "a cursor remembers what it need not"


@pytest.mark.parametrize(
    ("opened", "examples"),
    [(stored, 25), (lambda: nullcontext(ManyWriters()), 500)],
    ids=["the archive", "many writers"],
)
def test_each_record_is_read_once_whatever_the_order_of_commits(
    opened: Open, examples: int
) -> None:
    holds_the_contract(opened, examples)


def test_a_reader_that_goes_by_the_highest_number_loses_what_commits_late() -> None:
    with pytest.raises(AssertionError, match="a record is lost"):
        holds_the_contract(lambda: nullcontext(PlainOrder()), 500)


def test_a_record_that_appears_after_a_later_one_is_matched_and_none_twice(tmp_path: Path) -> None:
    early, late = (article(number, "Het kalifaat is gevallen.") for number in (6, 7))
    log = ManyWriters(last=5)
    rules = RuleBook.build([rule_of(id="kalifaat", text="kalifaat", channels=["desk"])])
    with Writer(tmp_path / "nieuws.db", migrations=[migrations, alerts_migrations]) as writer:
        matcher = Matcher(writer, rules, [], first_run=FirstRun.ALERT, log_of=lambda _: log)
        for each in (early, late):
            writer.run(lambda db, each=each: ArticleStore(db).save(each, now=NOW))
            log.begin(each)

        log.commit(late)
        first = matcher.run_once(NOW).matches
        kept = writer.run(lambda db: AlertStore(db).ledger.cursor("alerts"))
        log.commit(early)
        second, third = matcher.run_once(NOW).matches, matcher.run_once(NOW).matches

    assert (first, second, third) == (1, 1, 0)
    assert kept == LogCursor(5, frozenset({7}))
    assert record_of(6, early) == log.visible[6]
