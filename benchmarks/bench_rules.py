"""Rule matching, compared with libraries that scan for the same words, in one run.

    python benchmarks/bench_rules.py [ARTICLES]

Every article is raw text never seen before. Ours gives complete answers: every rule that matches,
with all operators and all hits. The others only scan the folded text for the words of the rules;
the rules would still have to be evaluated. Their time includes folding, which they need. They give
overlapping words, because a rule needs each of them. Times are CPU times of one thread: the first
quartile of batches of 25 articles, so that other programs on the machine do not count. "Together"
is what the daemon does: it matches the articles of a batch with one call, so that only their mean
is known.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from itertools import cycle, permutations

from rulework import Language, articles, language, queries
from usage import helped

from alerts.document import Document
from alerts.matching.row import Passages
from alerts.query.parser import Concepts
from alerts.query.tree import Node, Phrase, Word, operands
from alerts.rules.book import Rule, RuleBook, rule_of

SIZES = (100, 1_000, 10_000, 100_000)
WARM, BATCH = 500, 25
MOST_EXPRESSIONS = 10_000  # one regular expression a rule; more would take too long
EXPRESSION_ARTICLES = 4

OURS, TOGETHER = "nieuwswacht", "nieuwswacht, together"

Scan = Callable[[Document], object]
Timed = Callable[[Sequence[Document]], list[float]]


def literals(rules: Iterable[Rule]) -> list[str]:
    """The words that a scanner would have to look for, folded."""
    found: set[str] = set()
    for rule in rules:
        _collect(rule.query.node, found)
    return sorted(found)


def _collect(node: Node, found: set[str]) -> None:
    if isinstance(node, Word):
        found.add(node.key.lstrip("=").replace("*", "").lower())
    elif isinstance(node, Phrase):
        found.add(" ".join(word.key for word in node.words))
    for part in operands(node):
        _collect(part, found)


def folded(document: Document) -> str:
    return Passages(document.texts).folded


def rust_scanner(words: list[str]) -> Scan:
    import ahocorasick_rs

    automaton = ahocorasick_rs.AhoCorasick(words)
    return lambda document: automaton.find_matches_as_indexes(folded(document), overlapping=True)


def rust_scanner_raw(words: list[str]) -> Scan:
    """A scanner without folding and overlaps: it misses words, but shows what a scan costs."""
    import ahocorasick_rs

    automaton = ahocorasick_rs.AhoCorasick(words)
    return lambda document: [automaton.find_matches_as_indexes(text) for text in document.texts]


def c_scanner(words: list[str]) -> Scan:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return lambda document: list(automaton.iter(folded(document)))


def expressions(words: list[str], rules: int) -> Scan:
    """A scan with one regular expression for each rule, as a feed reader would do it."""
    share = max(1, len(words) // rules)
    compiled = [
        re.compile("|".join(rf"\b{re.escape(word)}" for word in words[at : at + share]))
        for at in range(0, len(words), share)
    ]

    def scan(document: Document) -> object:
        text = folded(document)
        return [expression.search(text) for expression in compiled]

    return scan


def one_by_one(scan: Scan) -> Timed:
    """The microseconds that a scan takes for each article."""

    def timed(documents: Sequence[Document]) -> list[float]:
        times = []
        for document in documents:
            begin = time.thread_time()
            scan(document)
            times.append((time.thread_time() - begin) * 1e6)
        return times

    return timed


def together(book: RuleBook) -> Timed:
    """The microseconds for each of some articles that are matched together: their mean."""

    def timed(documents: Sequence[Document]) -> list[float]:
        begin = time.thread_time()
        for _ in book.match_many(documents):
            pass
        return [(time.thread_time() - begin) / len(documents) * 1e6] * len(documents)

    return timed


def measure(scans: dict[str, Timed], documents: list[Document]) -> dict[str, list[float]]:
    """Microseconds an article for each scan; the scans take turns, batch by batch.

    They do so in each order: the first one finds the texts in no cache, and what a scan finds of
    its own there depends on the one before it.
    """
    times: dict[str, list[float]] = {name: [] for name in scans}
    orders = cycle(permutations(scans.items()))
    for at, turns in zip(range(0, len(documents), BATCH), orders):  # noqa: B905 - orders never end
        for name, timed in turns:
            times[name] += timed(documents[at : at + BATCH])
    return times


def better_quarter(times: list[float]) -> float:
    batches = [times[at : at + BATCH] for at in range(0, len(times), BATCH)]
    return sorted(sum(batch) / len(batch) for batch in batches)[len(batches) // 4]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    tongue = language()
    documents = list(articles(tongue, WARM + count, seed=3))
    words = sum(len(text.split()) for document in documents for text in document.texts)
    print(f"{count:,} articles of {words / len(documents):.0f} words; microseconds an article")
    for size in SIZES:
        _compare(tongue, size, documents)


def _compare(tongue: Language, size: int, documents: list[Document]) -> None:
    texts = list(queries(tongue, size))
    gc.collect()
    gc.freeze()  # the garbage collector must not visit the benchmark's own objects
    begin = time.thread_time()
    concepts = Concepts()
    rules = [rule_of(id=str(n), text=text, concepts=concepts) for n, text in enumerate(texts)]
    read = time.thread_time() - begin
    book = RuleBook.build(rules)
    built = time.thread_time() - begin - read
    looked_for = literals(rules)
    scans: dict[str, Scan] = {OURS: book.match}
    if find_spec("ahocorasick_rs"):
        scans |= {"ahocorasick_rs": rust_scanner(looked_for)}
        scans |= {"ahocorasick_rs, raw and leftmost": rust_scanner_raw(looked_for)}
    if find_spec("ahocorasick"):
        scans["pyahocorasick"] = c_scanner(looked_for)
    for document in documents[:WARM]:
        book.match(document)
    gc.collect()
    gc.freeze()  # as a program would that has loaded its rules
    timed = {name: one_by_one(scan) for name, scan in scans.items()}
    times = measure(timed | {TOGETHER: together(book)}, documents[WARM:])
    if size <= MOST_EXPRESSIONS:
        naive = {"re, one a rule": one_by_one(expressions(looked_for, size))}
        times |= measure(naive, documents[WARM : WARM + EXPRESSION_ARTICLES])
    gc.unfreeze()
    matches = sum(len(book.match(document)) for document in documents[:WARM]) / WARM
    print(
        f"\n{size:,} rules, {len(looked_for):,} words: read in {read:.2f} s, "
        f"built in {built:.2f} s; {matches:.2f} matches an article"
    )
    _print(times)


def _print(times: dict[str, list[float]]) -> None:
    ours, many = better_quarter(times[OURS]), better_quarter(times[TOGETHER])
    heads = ("mean", "median", "p99", "articles/s", "ours is", "together")
    print(f"  {'':<34}" + "".join(f"{head:>11}" for head in heads))
    for name, all_times in times.items():
        mean, ordered = better_quarter(all_times), sorted(all_times)
        median, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        print(
            f"  {name:<34}{mean:>11.0f}{median:>11.0f}{p99:>11.0f}{1e6 / mean:>11,.0f}"
            f"{ours / mean:>10.2f}x{many / mean:>10.2f}x"
        )


if __name__ == "__main__":
    helped(__doc__)
    main()
