"""What is kept as evidence can be replayed: the same articles come of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from evidence_desk import START, EvidenceDesk
from webarchives import BRIDGE, news_page

from crawler.history import HistoryFile, RecordKind, Selection, outlets_by_host
from crawler.model import Source, SourceKind

KRANT = Source(
    id="krant",
    outlet="Krant",
    kind=SourceKind.FEED,
    url="https://krant.example/rss",
    every=timedelta(minutes=5),
)
SELECTION = Selection(hosts=outlets_by_host([KRANT]), now=START + timedelta(days=9))


def test_each_page_that_was_kept_is_read_again_at_the_time_it_came(desk: EvidenceDesk) -> None:
    for words in ("open", "dicht"):
        text = [f"{BRIDGE}De brug is {words}, zegt wethouder Jansen.", BRIDGE * 3]
        desk.saved(1, words, body=news_page(f"De brug is {words}", text, "2026-03-28T20:00:00Z"))
        desk.now += timedelta(minutes=5)
    desk.keep()

    file = HistoryFile(path=desk.folder.archive("2026-03-28"), selection=SELECTION)
    batches = list(file.batches())

    pages = [page for batch in batches for page in batch.pages]
    assert [(page.article.title, page.at) for page in pages] == [
        ("De brug is open", START),
        ("De brug is dicht", START + timedelta(minutes=5)),
    ]
    counts = sum((batch.counts for batch in batches), Counter[RecordKind]())
    assert counts == {RecordKind.OTHER: 5}  # how it was asked for, and what it belongs to
