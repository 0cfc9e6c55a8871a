"""Queries filed under patterns that they cannot do without, and found again by what is present."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from alerts.plan import Clauses
from alerts.vocabulary import ALWAYS

# Numbers that no pattern has: nothing is filed under a needle, or more than one query.
_NEVER, _MORE = -(2**31), 1 - 2**31
_FEW = 4  # patterns of a clause that are looked for one by one

Lists: TypeAlias = dict[int, list[int]]  # queries that are lists of words, and which are there


class Filing:
    """Queries under the patterns of the rarest clause of each one's plan.

    A query that is only a list of words is answered by those of them that are present, so that it
    need not be looked at again.
    """

    def __init__(self) -> None:
        """Start without queries."""
        # For each needle the query that is filed under it, and what must stand there too; side by
        # side, for numbers are read many times faster than objects that lie anywhere. The number of
        # a list of words is inverted.
        self._query, self._also = array("i"), array("i")
        # For each pattern that is no needle, or has more than one: the same, in turns.
        self._more: dict[int, array[int]] = {}
        # What must hold beside that, if it is not all.
        self._rest: dict[int, Clauses] = {}
        self._everywhere: frozenset[int] = frozenset()

    def copy(self) -> Filing:
        """A filing that can be changed without changing this one."""
        filing = Filing()
        filing._query, filing._also = self._query[:], self._also[:]
        filing._more, filing._rest = self._more.copy(), self._rest.copy()
        filing._everywhere = self._everywhere
        return filing

    def add(self, plans: Mapping[int, Clauses], words: Collection[int], needles: int) -> None:
        """File queries with these plans, some of them lists of words; so many needles are known."""
        unknown = needles - len(self._also)
        self._query.extend([0] * unknown)
        self._also.extend([_NEVER] * unknown)
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

    def _pairs(self, anchor: int) -> Sequence[int]:
        """In turns, a query that is filed under a pattern, and what must stand there too."""
        if anchor < 0 or self._also[anchor] == _MORE:
            return self._more.get(anchor, ())
        return () if self._also[anchor] == _NEVER else (self._query[anchor], self._also[anchor])

    def _put(self, anchor: int, pairs: Sequence[int]) -> None:
        if anchor < 0 or len(pairs) != 2:  # noqa: PLR2004 - a query, and what stands beside
            self._more[anchor] = array("i", pairs)
            pairs = (0, _MORE)
        if anchor >= 0:
            self._query[anchor], self._also[anchor] = pairs

    def select(self, present: Collection[int]) -> tuple[list[int], Lists]:
        """The queries that these patterns may fulfil, in order; for lists of words, by which."""
        also, rest = self._also, self._rest
        found, more = list[tuple[int, int]](), list[int]()
        for pattern in present:
            beside = also[pattern] if pattern >= 0 else _MORE
            if beside in present:
                found.append((self._query[pattern], pattern))
            elif beside == _MORE:
                more.append(pattern)
        for pattern in more:
            pairs = iter(self._more.get(pattern, ()))
            for query in pairs:
                if next(pairs) in present:
                    found.append((query, pattern))
        selected, lists = set(self._everywhere), Lists()
        for query, pattern in found:
            if query >= 0:
                selected.add(query)
            else:
                lists.setdefault(~query, []).append(pattern)
        selected.update(lists)
        ordered = sorted(selected)
        return [each for each in ordered if each not in rest or _hold(rest[each], present)], lists


def _beside(plan: Clauses) -> Collection[int]:
    """What to look for at once beside an anchor: most queries end there."""
    return plan[1] if len(plan) > 1 and len(plan[1]) <= _FEW else (ALWAYS,)


def _hold(clauses: Clauses, present: Collection[int]) -> bool:
    """Whether each clause has a pattern that is present."""
    for clause in clauses:  # noqa: SIM110 - a generator costs more than the few there are
        if clause.isdisjoint(present):
            return False
    return True
