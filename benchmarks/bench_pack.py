"""How well the shipped pack does on labelled articles, rule by rule.

    python benchmarks/bench_pack.py [--list] [FILE ...]

Without a file it takes the invented articles of `tests/quality/articles`. The format of a file
stands in `tests/quality/labelled_articles.py`, so that articles can be measured that nobody may
copy into a repository. With `--list` it prints what was missed and what was found without reason.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from alerts.rules.file import read_rules

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "quality"))


def main(names: list[str], *, listed: bool) -> None:
    from labelled_articles import articles_of, bundled_articles, falsely_called, rule_scores
    from scores import report

    articles = articles_of(map(Path, names)) if names else bundled_articles()
    started = time.process_time()
    pack = read_rules(ROOT / "config" / "rules.toml", channels=["console"]).sound()
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


if __name__ == "__main__":
    main([arg for arg in sys.argv[1:] if arg != "--list"], listed="--list" in sys.argv)
