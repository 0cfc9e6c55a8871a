"""A rule applied backwards to the archive, in batches from the newest article down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from alerts.counting import AppliedBatch, AppliedMatch
from alerts.match import Match
from alerts.rules import Rule
from alerts.search import Period, Search, SearchResult
from alerts.store import match_to_row
from crawler.store import Connection, as_text, as_time

# Articles, kept in one transaction; chosen: what a kill costs takes a second to find again.
_BATCH = 200


def applied_backwards(
    db: Connection,
    rule: Rule,
    since: datetime | None,
    reached: str | None = None,
    *,
    size: int = _BATCH,
) -> Iterator[AppliedBatch]:
    """Yield what the rule finds in the archive, in present texts and earlier ones.

    `since` and `reached` are times of publication. With `reached`, an application goes on from
    there; articles of that very moment are read again. `size` is the number of articles in a batch.
    """
    until = as_time(reached) + timedelta(microseconds=1) if reached else None
    search = Search(db, rule.text, concepts=rule.concepts, period=Period(since, until))
    results = (one for one in search if rule.hears(one.found.document.outlet))
    begin = as_text(since) if since else ""
    here = reached or "~"
    while found := list(islice(results, size)):
        here = as_text(found[-1].found.published)
        yield _batch(rule, begin, here, found)
    yield AppliedBatch(rule=rule.id, rule_hash=rule.hash, since=begin, reached=here, ended=True)


def _batch(rule: Rule, since: str, reached: str, found: list[SearchResult]) -> AppliedBatch:
    matches = (
        AppliedMatch(
            article=one.found.document.id,
            revision=one.earlier.revision if one.earlier else one.found.revisions,
            hits=str(match_to_row(Match(rule.id, rule.hash, one.hits))["hits"]),
        )
        for one in found
    )
    return AppliedBatch(
        rule=rule.id, rule_hash=rule.hash, since=since, reached=reached, found=tuple(matches)
    )
