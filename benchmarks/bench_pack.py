"""How well the shipped pack does on labelled articles, rule by rule, and what it takes.

    python benchmarks/bench_pack.py [--list] [FILE ...]
    python benchmarks/bench_pack.py --times [CHECKOUT ...]

Without a file it takes the invented articles of `tests/quality/articles`. The format of a file
stands in `tests/quality/labelled_articles.py`, so that articles can be measured that nobody may
copy into a repository. With `--list` it prints what was missed and what was found without reason.

With `--times` it prints the microseconds of processor time for an article: for the invented ones,
for long ones that are each made of twelve of them, and for generated ones about nothing. Each
CHECKOUT, another version of the project, takes its own pack through the same articles.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rulework import articles, language
from usage import helped

from alerts.document import Document
from alerts.rules.book import RuleBook
from alerts.rules.file import read_rules

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "quality"))
TOGETHER = 12
TURNS = 5


def main(names: list[str], *, listed: bool) -> None:
    from labelled_articles import articles_of, bundled_articles, falsely_called, rule_scores
    from scores import report

    articles = articles_of(map(Path, names)) if names else bundled_articles()
    started = time.process_time()
    pack = pack_of(ROOT)
    built = time.process_time()
    scores = rule_scores(pack, articles).values()
    matched = time.process_time()
    for score in scores:
        wanted, found = score.right + len(score.missed), score.right + len(score.false)
        print(
            f"{score.name:<12} recall {score.right:3}/{wanted:<3} {score.recall:.3f}   "
            f"precision {score.right:3}/{found:<3} {score.precision:.3f}"
        )
    others = [each for each in articles if not each.relevant]
    false = falsely_called(pack, others)
    missed = [str(each) for each in articles if each.rules and not pack.match(each.document)]
    print(f"relevant articles that call no rule: {len(missed)} of {len(articles) - len(others)}")
    print(f"articles on other subjects that call a rule: {len(false)} of {len(others)}")
    print(f"built in {built - started:.2f} s, matched in {matched - built:.2f} s of CPU time")
    if listed:
        print(report(scores))


def pack_of(tree: Path) -> RuleBook:
    """The pack of a checkout; earlier versions gave it otherwise."""
    read = read_rules(tree / "config" / "rules.toml", channels=["console"])
    return read.sound() if hasattr(read, "sound") else read.book


def lots() -> Iterator[tuple[str, Sequence[Document]]]:
    """Yield the articles to be timed, by what they are."""
    from labelled_articles import bundled_articles

    every = bundled_articles()
    yield "the invented ones", [each.document for each in every]
    for name, relevant in (("long, of the subject", True), ("long, on others", False)):
        parts = [each.document for each in every if each.relevant == relevant]
        yield name, [_joined(parts[at : at + TOGETHER]) for at in range(0, len(parts), 4)]
    yield "generated", list(articles(language(), 500, seed=5))


def _joined(parts: Sequence[Document]) -> Document:
    body = "\n".join(f"{part.lead} {part.body}" for part in parts)
    return Document(title=parts[0].title, lead=parts[0].lead, body=body)


def print_times(tree: Path) -> None:
    """Print what the pack of this checkout takes; the checkout is that of PYTHONPATH."""
    pack = pack_of(tree)
    for name, documents in lots():
        words = sum(len(text.split()) for each in documents for text in each.texts)
        took = min(_timed(pack, documents) for _ in range(TURNS))
        print(f"  {took:7.0f}  {name} ({words / len(documents):.0f} words)")


def _timed(pack: RuleBook, documents: Sequence[Document]) -> float:
    begun = time.process_time()
    for document in documents:
        pack.match(document)
    return (time.process_time() - begun) / len(documents) * 1e6


if __name__ == "__main__":
    helped(__doc__)
    flags, given = ("--list", "--times", "--of"), sys.argv[1:]
    names = [each for each in given if each not in flags]
    if "--of" in given:
        print_times(Path(names[0]))
    elif "--times" in given:
        for tree in (*map(Path, names), ROOT):
            print(f"the pack of {tree.name}", flush=True)
            place = {**os.environ, "PYTHONPATH": str(tree)}
            subprocess.run([sys.executable, __file__, "--of", tree], env=place, check=True)
    else:
        main(names, listed="--list" in given)
