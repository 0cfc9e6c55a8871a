"""Jobs that change nothing that is kept: they make questions quicker, and the file smaller."""

from __future__ import annotations

from crawler.store.archive.words import PORTION, TermStore, keep_terms
from crawler.store.connection import Connection
from crawler.store.stories.common_runs import CountKeeper, keep_counts
from crawler.store.stories.index import StoryIndex

# Chosen, as are the other limits here: no job waits for longer than a second.
_FREE_PAGES = 10_000
# Stories that are linked, and articles that are taken out of the index of copies, at once in a
# quiet moment. Chosen: that takes some 20 ms.
_LINKED, _FORGOTTEN = 40, 20


def tidy(db: Connection) -> None:
    """Let questions find their best index, and give free pages back; a job for each day."""
    db.execute("PRAGMA analysis_limit = 400")
    db.execute("PRAGMA optimize").fetchall()
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('merge', 500)")
    db.execute(f"PRAGMA incremental_vacuum({_FREE_PAGES})").fetchall()


def rest(db: Connection) -> bool:
    """Do a part of what waits for a quiet moment; returns whether there is more."""
    CountKeeper(db).rest()
    stories = StoryIndex(db)
    linked, forgotten = stories.link_waiting(_LINKED), stories.forget_expired(_FORGOTTEN)
    stored = TermStore(db).catch_up(least=PORTION, most=PORTION)
    return linked == _LINKED or forgotten == _FORGOTTEN or stored == PORTION


def put_in_order(db: Connection) -> None:
    """Store what the next process, or a search, would otherwise have to work out again."""
    StoryIndex(db).link_waiting()
    keep_counts(db)
    keep_terms(db)
