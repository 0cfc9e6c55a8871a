"""How well copies are recognised: the method in use, compared with simhash, MinHash and others.

All methods judge the same labelled pairs, made from the invented fortnight of the tests: all pairs
of one story, the hard pairs of different stories (items of one template, one event in other words
or a day later, one statement quoted twice), and some random pairs. A method with a threshold gets
the threshold that suits these pairs best. Then the methods put whole streams into stories.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from random import Random

from labelled_pairs import show_pairs
from sqlite_utils import Database

from crawler.store import ArticleStore, Connection, migrations
from crawler.store.stories.index import story_id
from crawler.store.stories.tellings import telling
from crawler.stories.comparison import COMMON
from crawler.stories.near_duplicates import Telling, compare_articles
from crawler.stories.shingles import containment, number_of, shingles, words

sys.path.append(str(Path(__file__).parent.parent / "tests" / "crawler" / "stories"))

from story_stream import (
    Labelled,
    Partition,
    Score,
    b_cubed,
    in_order,
    mould_stream,
    negatives_stream,
    pair_score,
    relations,
    wire_stream,
)
from story_templates import LEARNT, UNSEEN

SEED = 71
PERMUTATIONS = 128
PRIME = (1 << 61) - 1


@dataclass(frozen=True, slots=True)
class Sketched:
    """An article with what the methods compare."""

    story: str
    telling: Telling
    three: frozenset[int]
    five: frozenset[int]
    rare: frozenset[int]
    numbers: frozenset[str]
    simhash: int
    minhash: tuple[int, ...]


def simhash(runs: frozenset[int]) -> int:
    """A hash of 64 bits, each the majority of the runs' bits there (Charikar, 2002)."""
    sums = [0] * 64
    for run in runs:
        for bit in range(64):
            sums[bit] += 1 if run >> bit & 1 else -1
    return sum(1 << bit for bit, total in enumerate(sums) if total > 0)


def minhash(runs: frozenset[int], factors: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """For each permutation the smallest value of the runs (Broder, 1997)."""
    return tuple(min(((a * run + b) % PRIME for run in runs), default=0) for a, b in factors)


def sketched(stream: Sequence[Labelled]) -> list[Sketched]:
    rng = Random(1)
    factors = [(rng.randrange(1, PRIME), rng.randrange(PRIME)) for _ in range(PERMUTATIONS)]
    told = [telling(one.article, one.story, one.article.first_seen) for one in stream]
    frequency = Counter(run for one in told for run in one.reading.runs)
    return [_sketch(one, frequency, factors) for one in told]


def _sketch(one: Telling, frequency: Counter[int], factors: Sequence[tuple[int, int]]) -> Sketched:
    text_words = words(one.reading.text)
    runs = one.reading.runs
    return Sketched(
        story=one.story,
        telling=one,
        three=runs,
        five=shingles(text_words, 5),
        rare=frozenset(run for run in runs if frequency[run] <= COMMON),
        numbers=frozenset(filter(None, map(number_of, text_words))),
        simhash=simhash(runs),
        minhash=minhash(runs, factors),
    )


def labelled_pairs(articles: Sequence[Sketched]) -> list[tuple[Sketched, Sketched]]:
    rng = Random(2)
    kinds: defaultdict[str, list[Sketched]] = defaultdict(list)
    for one in articles:
        kinds[re.split(r" in other| a day|/", one.story)[0]].append(one)
    alike = [pair for kind in kinds.values() for pair in combinations(kind, 2)]
    same = [pair for pair in alike if pair[0].story == pair[1].story]
    hard = [pair for pair in alike if pair[0].story != pair[1].story]
    chance = [tuple(rng.sample(articles, 2)) for _ in range(10_000)]
    other = [(one, two) for one, two in chance if one.story != two.story]
    return [*same, *rng.sample(hard, min(len(hard), 10_000)), *other]


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / (len(one | other) or 1)


def agreeing(one: Sketched, other: Sketched, least: float) -> bool:
    if not one.numbers or not other.numbers:
        return True
    return containment(one.numbers, other.numbers) >= least


def numbers_guard(one: Sketched, other: Sketched) -> float:
    """Containment without common runs, guarded by all numbers of the text and by time.

    Its thresholds are chosen; the table shows how well they do.
    """
    apart = abs(one.telling.at - other.telling.at)
    late = apart > timedelta(hours=72)
    if min(len(one.rare), len(other.rare)) < 12:
        return (
            containment(one.three, other.three) >= 0.95 and agreeing(one, other, 0.9) and not late
        )
    shared = containment(one.rare, other.rare)
    if late:
        return shared >= 0.9 and agreeing(one, other, 0.7)
    return shared >= 0.75 or (shared >= 0.4 and agreeing(one, other, 0.7))


METHODS: dict[str, Callable[[Sketched, Sketched], float]] = {
    "the same text": lambda a, b: a.telling.reading.text == b.telling.reading.text,
    "simhash, 64 bits": lambda a, b: 1 - (a.simhash ^ b.simhash).bit_count() / 64,
    "MinHash 128, three words": lambda a, b: (
        sum(map(int.__eq__, a.minhash, b.minhash)) / PERMUTATIONS
    ),
    "Jaccard, five words": lambda a, b: jaccard(a.five, b.five),
    "containment, three words": lambda a, b: containment(a.three, b.three),
    "- without common runs": lambda a, b: containment(a.rare, b.rare),
    "- and all numbers, time": numbers_guard,
}


def best(scored: Sequence[tuple[float, bool]]) -> tuple[float, Score]:
    """The threshold with the highest F1, and its score."""
    true = sum(same for _, same in scored)
    right = 0
    top = (1.0, Score(0.0, 0.0))
    ranked = sorted(scored, reverse=True)
    for found, (value, same) in enumerate(ranked, start=1):
        right += same
        last_of_equals = found == len(ranked) or ranked[found][0] != value
        score = Score(right / found, right / true)
        if value and last_of_equals and score.f1 > top[1].f1:
            top = (value, score)
    return top


def in_use(articles: Sequence[Sketched]) -> Callable[[Sketched, Sketched], float]:
    """The method in use, which counts the words of a story's first article alone."""
    firsts = {one.story: one for one in reversed(articles)}
    counts = Counter(run for one in firsts.values() for run in one.three)

    def rare(runs: frozenset[int], most: int) -> frozenset[int]:
        return frozenset(run for run in runs if counts[run] <= most)

    return lambda one, other: compare_articles(one.telling, other.telling, rare).copy


def compare_on_pairs(articles: Sequence[Sketched]) -> None:
    pairs = labelled_pairs(articles)
    true = sum(one.story == other.story for one, other in pairs)
    print(f"\n{len(pairs):,} pairs, {true:,} of them of one story\n")
    print("| method | threshold | precision | recall | F1 |\n|---|---|---|---|---|")
    methods = METHODS | {"in use: - and values, time, quotations": in_use(articles)}
    for name, method in methods.items():
        scored = [(float(method(one, other)), one.story == other.story) for one, other in pairs]
        threshold, score = best(scored)
        print(
            f"| {name} | {threshold:.2f} "
            f"| {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} |"
        )


def joined(
    articles: Sequence[Sketched], method: Callable[[Sketched, Sketched], float], least: float
) -> dict[str, str]:
    """The story of each article: that of the most similar earlier article, or a new one.

    Two articles are similar from `least` on. A run is common if many of the articles so far have
    it, as in a program that reads articles as they come.
    """
    found: dict[str, str] = {}
    so_far: Counter[int] = Counter()
    by_run: defaultdict[int, list[Sketched]] = defaultdict(list)
    now: list[Sketched] = []
    for article in articles:
        so_far.update(article.three)
        one = replace(article, rare=rare_of(article, so_far))
        near = Counter(id(other) for run in one.five for other in by_run[run])
        others = [replace(o, rare=rare_of(o, so_far)) for o in now if near[id(o)]]
        scored = [(method(one, other), -n, other) for n, other in enumerate(others)]
        score, _, original = max(scored, key=lambda each: each[:2], default=(0.0, 0, one))
        name = one.telling.article
        found[name] = found[original.telling.article] if score >= least else story_id(name)
        now.append(article)
        for run in article.five:
            by_run[run].append(article)
    return found


def rare_of(article: Sketched, so_far: Counter[int]) -> frozenset[int]:
    return frozenset(run for run in article.three if so_far[run] <= COMMON)


def in_stories(stream: Sequence[Labelled]) -> dict[str, str]:
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    archive = ArticleStore(db)
    found = {}
    for one in stream:
        with db.transaction():
            saved = archive.save(one.article, now=one.article.first_seen)
        found[one.article.id] = saved.story
    return found


def show(name: str, stream: Sequence[Labelled], found: Partition) -> None:
    truth = {one.article.id: one.story for one in stream}
    firsts: dict[str, str] = {}
    for one in stream:
        firsts.setdefault(one.story, one.article.id)
    swallowed = sum(found[one] != story_id(one) for one in firsts.values()) / len(firsts)
    pairs = pair_score(truth, found)
    print(
        f"| {name} | {len(stream):,} | {pairs.precision:.3f} | {pairs.recall:.3f} "
        f"| {b_cubed(truth, found).f1:.3f} | {swallowed:.1%} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, help="judge the labelled pairs of this file")
    wanted = parser.parse_args()
    if wanted.pairs:
        show_pairs(wanted.pairs)
    else:
        compare_on_streams()


def compare_on_streams() -> None:
    parts = {
        "wires and their copies": [wire_stream(SEED)],
        "with other words, next day, quotations": [
            wire_stream(SEED, double_edits=0),
            negatives_stream(SEED),
        ],
        "moulds it was tuned on": [mould_stream(SEED, LEARNT)],
        "moulds it had not seen": [mould_stream(SEED, UNSEEN)],
    }
    whole = in_order(
        wire_stream(SEED),
        negatives_stream(SEED),
        mould_stream(SEED, LEARNT),
        mould_stream(SEED, UNSEEN),
    )
    articles = sketched(whole)
    compare_on_pairs(articles)
    print("\n| stream | articles | pair precision | recall | B-cubed F1 | swallowed |")
    print("|---|---|---|---|---|---|")
    for name, streams in parts.items():
        stream = in_order(*streams)
        show(name, stream, in_stories(stream))
    begin = time.process_time()
    found = in_stories(whole)
    taken = (time.process_time() - begin) / len(whole)
    show("all together", whole, found)
    for name, least in (
        ("simhash, 64 bits", 1 - 3 / 64),
        ("MinHash 128, three words", 0.5),
        ("containment, three words", 0.4),
        ("- and all numbers, time", 1.0),
    ):
        show(f"all, by {name}, from {least:.2f}", whole, joined(articles, METHODS[name], least))
    unseen = in_order(mould_stream(SEED, UNSEEN))
    by_numbers = joined(sketched(unseen), numbers_guard, 1.0)
    show("moulds it had not seen, by all numbers", unseen, by_numbers)
    right, wrong, missed = relations(whole)
    print(f"\nRelated stories: {right} right, {wrong} wrong, {missed} missed.")
    print(f"\nSaving all together took {taken * 1000:.1f} ms of processor time an article.")


if __name__ == "__main__":
    main()
