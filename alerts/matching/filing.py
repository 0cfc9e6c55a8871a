"""Queries filed under patterns that they need, and found again by the patterns present."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, compress
from typing import TypeAlias

from alerts.matching.anchors import Clauses
from alerts.matching.vocabulary import ALWAYS, Size

_NEVER = -(2**31)  # the number of a pattern that no document holds
_SEVERAL = -(2**31)  # in place of a query: there are several, see `_several`
_FEW = 4  # chosen: a clause with more patterns is not compared at once with the anchor

Lists: TypeAlias = dict[int, list[int]]  # queries that are lists of words, and which are there


class Filing:
    """Queries, each filed under the patterns of the rarest clause of its plan.

    A query that is only a list of words is answered by the words that are present. It need not be
    evaluated.
    """

    def __init__(self) -> None:
        """Start without queries."""
        # For each pattern: the query that is filed under it, and a second pattern that must be
        # present too. Patterns below 0 stand at the end, where Python looks for a negative index.
        # A query that is a list of words has its number inverted (`~`).
        self._query, self._also = array("i", [0]), [_NEVER]
        self._needles = 0
        # For patterns with several queries: query, second pattern, query, ... An array of numbers
        # is read several times faster than objects.
        self._several: dict[int, array[int]] = {}
        # The clauses of each query that are left to compare, if any.
        self._rest: dict[int, Clauses] = {}
        self._everywhere: frozenset[int] = frozenset()

    def copy(self) -> Filing:
        """A filing that can be changed without changing this one."""
        filing = Filing()
        filing._query, filing._also = self._query[:], self._also[:]
        filing._needles, filing._several = self._needles, self._several.copy()
        filing._rest = self._rest.copy()
        filing._everywhere = self._everywhere
        return filing

    def add(self, plans: Mapping[int, Clauses], words: Collection[int], size: Size) -> None:
        """File queries with these plans, some of them lists of words."""
        self._grow(size)
        added: defaultdict[int, list[int]] = defaultdict(list)
        for query, plan in plans.items():
            beside, filed = _beside(plan), ~query if query in words else query
            for anchor in plan[0] if plan else ():
                for also in beside:
                    added[anchor] += (filed, also)
            rest = plan[1:] if ALWAYS in beside else plan[2:]
            if rest:
                self._rest[query] = rest
        for anchor, pairs in added.items():
            self._put(anchor, [*self._pairs(anchor), *pairs])
        self._everywhere |= {query for query, plan in plans.items() if not plan}

    def remove(self, query: int, plan: Clauses) -> None:
        """Take out a query that was filed with this plan."""
        for anchor in plan[0] if plan else ():
            pairs = iter(self._pairs(anchor))
            kept = [
                pair for pair in zip(pairs, pairs, strict=True) if pair[0] not in (query, ~query)
            ]
            self._put(anchor, [*chain.from_iterable(kept)])
        self._rest.pop(query, None)
        self._everywhere -= {query}

    def _grow(self, size: Size) -> None:
        """Make room for patterns that are new."""
        at, new = self._needles, size.needles + size.others - len(self._also)
        self._query[at:at] = array("i", [0] * new)
        self._also[at:at] = [_NEVER] * new
        self._needles = size.needles

    def _pairs(self, anchor: int) -> Sequence[int]:
        """The queries filed under a pattern, each followed by the second pattern that it needs."""
        if anchor in self._several:
            return self._several[anchor]
        return () if self._also[anchor] == _NEVER else (self._query[anchor], self._also[anchor])

    def _put(self, anchor: int, pairs: Sequence[int]) -> None:
        self._several.pop(anchor, None)
        if len(pairs) > 2:  # noqa: PLR2004 - a query, and what stands beside
            self._several[anchor] = array("i", pairs)
            pairs = (_SEVERAL, ALWAYS)
        self._query[anchor], self._also[anchor] = pairs or (0, _NEVER)

    def select(self, present: Collection[int]) -> tuple[list[int], Lists]:
        """The queries that may match, in order, and for lists of words the patterns found."""
        beside = map(self._also.__getitem__, present)
        found: list[tuple[int, int]] = []
        for pattern in compress(present, map(present.__contains__, beside)):
            query = self._query[pattern]
            if query != _SEVERAL:
                found.append((query, pattern))
                continue
            pairs = iter(self._several[pattern])
            for query in pairs:
                if next(pairs) in present:
                    found.append((query, pattern))  # noqa: PERF401 - most often there are two
        selected = [*self._everywhere]
        lists: Lists = {}
        for query, pattern in found:
            if query >= 0:
                selected.append(query)
            else:
                lists.setdefault(~query, []).append(pattern)
        ordered, rest = sorted({*selected, *lists}), self._rest
        return [each for each in ordered if each not in rest or _hold(rest[each], present)], lists


def _beside(plan: Clauses) -> Collection[int]:
    """The second patterns to look for together with an anchor: most queries fail there."""
    return plan[1] if len(plan) > 1 and len(plan[1]) <= _FEW else (ALWAYS,)


def _hold(clauses: Clauses, present: Collection[int]) -> bool:
    """Whether every clause has a pattern that is present."""
    for clause in clauses:  # noqa: SIM110 - a generator costs more than the few there are
        if clause.isdisjoint(present):
            return False
    return True
