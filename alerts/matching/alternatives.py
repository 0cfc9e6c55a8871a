"""Which alternatives of a long list may stand in a document, by the patterns that each needs.

A list of a thousand names is mostly a list of what is not there: to ask for each of them costs more
than all else that is done for a rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set as AbstractSet

from alerts.matching.anchors import Planner
from alerts.query.tree import Concept, Node, Or, operands

_LONG = 3  # measured with the shipped pack: of fewer alternatives each is asked


class Alternatives:
    """The alternatives of one list, filed under a pattern that each cannot do without."""

    __slots__ = ("_always", "_filed", "node")

    def __init__(self, node: Or, planner: Planner) -> None:
        """File the alternatives of `node`, which is kept, so that its id is nobody else's."""
        self.node = node
        self._always: list[int] = []  # what a document may hold whatever its words
        self._filed: defaultdict[int, list[int]] = defaultdict(list)
        for place, part in enumerate(node.nodes):
            clauses = planner.clauses(part)
            for pattern in clauses[0] if clauses else ():
                self._filed[pattern].append(place)
            if not clauses:
                self._always.append(place)

    def among(self, present: AbstractSet[int]) -> Sequence[Node]:
        """Those that a document with these patterns may hold, in their order."""
        found = set(self._always)
        for pattern in self._filed.keys() & present:
            found.update(self._filed[pattern])
        return [self.node.nodes[place] for place in sorted(found)]


def file_lists(node: Node, planner: Planner, lists: dict[int, Alternatives]) -> None:
    """Add the long lists of a query to `lists`, by their ids; one in a concept is filed once."""
    waiting, seen = [node], set[int]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Concept):
            if id(node) in seen:
                continue
            seen.add(id(node))
        elif isinstance(node, Or) and len(node.nodes) >= _LONG and id(node) not in lists:
            lists[id(node)] = Alternatives(node, planner)
        waiting += operands(node)
