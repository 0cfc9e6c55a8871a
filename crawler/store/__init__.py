"""The archive in one SQLite file: one writer, any number of readers."""

from crawler.store.archive.aliases import AliasStore
from crawler.store.archive.articles import ArticleStore
from crawler.store.archive.word_lookup import Lookups, Span
from crawler.store.database import open_reader, savepoint
from crawler.store.ledger.facts import FactStore, MissedPage
from crawler.store.ledger.gaps import Gap, GapStore
from crawler.store.ledger.pages import PageQueue
from crawler.store.ledger.polls import PollStore
from crawler.store.ledger.robots_answers import RobotsStore
from crawler.store.records import (
    FetchedPage,
    Poll,
    Saved,
    SourceState,
    WantedPage,
    as_text,
    as_time,
)
from crawler.store.schema.closing import put_in_order
from crawler.store.schema.migrations import migrations
from crawler.store.stories.common_runs import keep_counts
from crawler.store.writer import Writer

__all__ = [
    "AliasStore",
    "ArticleStore",
    "FactStore",
    "FetchedPage",
    "Gap",
    "GapStore",
    "Lookups",
    "MissedPage",
    "PageQueue",
    "Poll",
    "PollStore",
    "RobotsStore",
    "Saved",
    "SourceState",
    "Span",
    "WantedPage",
    "Writer",
    "as_text",
    "as_time",
    "keep_counts",
    "migrations",
    "open_reader",
    "put_in_order",
    "savepoint",
]
