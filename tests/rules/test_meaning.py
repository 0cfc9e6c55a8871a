"""The operators, against a second and plainer reading of what they mean.

A text is a row of words here, an occurrence a set of places in it.
"""

import random
from fnmatch import fnmatchcase
from itertools import combinations

from hypothesis import given
from making import SEEDS

from alerts.document import Document
from alerts.evaluate import evaluate
from alerts.parser import parse
from alerts.query import And, AtLeast, Except, Near, Node, Or, Phrase, Word

Found = set[frozenset[int]]


def meaning(node: Node, words: list[str]) -> Found | None:
    """The occurrences, or None when there is no match."""
    match node:
        case Word():
            found = {frozenset({i}) for i, word in enumerate(words) if fnmatchcase(word, node.key)}
        case Phrase():
            found = {
                frozenset(range(i, i + len(node.words)))
                for i in range(len(words) - len(node.words) + 1)
                if all(fnmatchcase(words[i + n], word.key) for n, word in enumerate(node.words))
            }
        case And():
            parts = [meaning(part, words) for part in node.nodes]
            unwanted = [meaning(part, words) for part in node.without]
            if None in parts or any(each is not None for each in unwanted):
                return None
            found = {one for part in parts for one in part or ()}
        case Or():
            found = {one for part in node.nodes for one in meaning(part, words) or ()}
        case Near():
            found = {
                one | other
                for one in meaning(node.left, words) or ()
                for other in meaning(node.right, words) or ()
                if _near(one, other, node)
            }
        case Except():
            dropped = meaning(node.without, words) or set()
            found = {
                one
                for one in meaning(node.node, words) or ()
                if not any(min(one) <= max(d) and min(d) <= max(one) for d in dropped)
            }
        case AtLeast():
            found = meaning(node.node, words) or set()
            if _most_apart(found) < node.count:
                return None
        case _:
            raise TypeError(node)
    return found or None


def _near(one: frozenset[int], other: frozenset[int], node: Near) -> bool:
    if one & other:
        return False
    between = max(min(one), min(other)) - min(max(one), max(other)) - 1
    return between <= node.distance and (not node.ordered or max(one) < min(other))


def _most_apart(found: Found) -> int:
    """How many occurrences there are at most that do not overlap, all choices tried."""
    spans = {(min(one), max(one)) for one in found}
    return max(
        count
        for count in range(len(spans) + 1)
        if any(
            all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(chosen, 2))
            for chosen in combinations(spans, count)
        )
    )


def _query(rng: random.Random, depth: int) -> str:
    if not depth or rng.random() < 0.25:
        return rng.choice(("aa", "bb", "cc", "dd", "aa*", "?b", '"aa bb"', '"bb aa aa"', "aab"))
    one, other = (f"({_query(rng, depth - 1)})" for _ in range(2))
    number = rng.randrange(4)
    return rng.choice(
        (
            f"{one} AND {other}",
            f"{one} OR {other}",
            f"{one} NOT {other}",
            f"{one} NOT {other} NOT {_query(rng, 0)}",
            f"{one} NEAR/{number} {other}",
            f"{one} THEN/{number} {other}",
            f"{one} NEAR/{number} {other} THEN/{number} {_query(rng, 0)}",
            f"{one} EXCEPT {other}",
            f"{_query(rng, 0)} NEAR/{number} ({_query(rng, 0)} THEN/3 {_query(rng, 0)})",
            f"ATLEAST/{rng.randrange(1, 4)} {_query(rng, 0)}",
            f"ATLEAST/2 ({_query(rng, 0)} OR {_query(rng, 0)})",
        )
    )


@given(SEEDS)
def test_operators_mean_what_the_plain_reading_says(rng: random.Random) -> None:
    for _ in range(20):
        query = parse(_query(rng, 3).replace("aa*", "aab*"))
        words = [rng.choice(("aa", "bb", "cc", "aab", "aabx")) for _ in range(rng.randrange(9))]
        expected = meaning(query.node, words)

        found = evaluate(query, Document(body=" ".join(words)))

        assert (found is None) == (expected is None), query.text
        places = {
            place
            for hit in found or ()
            for place in range(len(hit_before(words, hit.start)), len(hit_before(words, hit.end)))
        }
        assert places == {place for one in expected or () for place in one}, query.text


def hit_before(words: list[str], end: int) -> list[str]:
    """The words that begin before an offset."""
    return " ".join(words)[:end].split()
