"""How long searches and backtests take over an archive of 100,000 generated articles.

    python benchmarks/bench_archive.py [ARTICLES] [DATABASE] [QUERY ...]

The archive is built in a temporary folder, or kept in DATABASE and used again. Searches are timed
as the command runs them, from a new connection to the last hit. With a QUERY, only that is timed.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rulework import articles, language
from usage import helped

from alerts.document import Document
from alerts.query.parser import Concepts
from alerts.rules.backtest import Backtest
from alerts.rules.book import rule_of
from alerts.search import archived as archive
from alerts.search.results import search
from crawler.store import Connection, Writer, as_text, migrations, open_reader
from crawler.store.archive.words import TermStore

START = datetime(2019, 1, 1, tzinfo=UTC)
# Each word goes into every n-th article. So queries of each kind find something, and the rules of
# the pack meet much that looks like their subject and is not.
PLANTED = {
    3: "Syrië", 8: "kinderen", 10: "terug", 14: "vrouwen", 16: "staat", 25: "rechtbank", 30: "Irak",
    35: "leider", 40: "IS", 45: "veroordeeld", 50: "aanslag", 55: "Koerden", 60: "kamp",
    70: "gevangenis", 90: "kalifaat", 110: "Aleppo", 130: "jihadisten", 170: "repatriëring",
    190: "SDF", 230: "ISIS", 260: "NAVO", 400: "IS-strijders", 450: "Syriëgangers", 700: "Baghouz",
    900: "IS-vrouwen", 1_100: "al-Hol", 1_500: "Canon", 2_000: "Islamitische Staat",
    5_000: "Da'esh", 20_000: "cyberkalifaat",
}  # fmt: skip  # rows of words read better
_OUTLETS = ("NOS", *(f"Krant{number}" for number in range(1, 30)))
_SECTIONS = (
    "binnenland", "buitenland", "economie", "sport", "cultuur", "wetenschap", "politiek", "regio",
    "opinie", "media", "tech", "koningshuis",
)  # fmt: skip  # one row of names reads better
QUERIES = (
    # Words, capitals, patterns.
    "baghouz", "kalifa*", "syrie", "daesh", "nergensgezien", "=IS", "=Is", "=Kalifaat", "==syrie",
    "*kalifaat", "*kalifaten", "?aghouz", "k?lif*ten", "*ing", "дом", "strasse",
    # Phrases and nearness.
    '"van kalifaat"', '"het de van"', '"het de van een"', '"*kalifaten van"', '=="Het IS"',
    "de NEAR/0 het", "de NEAR/3 *kalifaten", "=IS NEAR/20 baghouz", "syrie NEAR/3 kalifaat",
    '"van het" AND baghouz', "(de OR van) NEAR/2 (kalifaat OR syrie) NEAR/1 baghouz",
    # Both, either, not, except, counts.
    "=IS AND baghouz", "title:kalifaat AND syri*", "nergensgezien OR *kalifaten", "title:de",
    "(kalifa* OR baghouz OR baghuz) AND (=IS OR da'esh OR syri* EXCEPT syriza*)",
    "de NOT van", "kalifaat NOT de", "==De NOT de", "kalifaat EXCEPT kalifa*", "=IS EXCEPT is",
    "(syri* OR kinderen) EXCEPT (syri* OR kinderen)",
    "ATLEAST/3 kalifa*", "ATLEAST/30 van", "ATLEAST/50 van",
    # Metadata.
    "outlet:nos AND kalifaat", "syrie AND outlet:nosuch", "source:nos-sport", "source:nosuch",
    "url:*krant7.example*", "url:*nergens*", "syrie AND url:*nergens*",
    'author:"verslaggever 17"', 'syrie AND author:"verslaggever 17"', "section:nosuch", "lang:fr",
    "lang:xx", "syrie NOT lang:nl", "lang:nl NOT outlet:krant*",
)  # fmt: skip  # rows of queries read better
PACK = Path(__file__).parent.parent / "config" / "rules.toml"
RUNS = 3  # of each search; the quickest counts, because other programs use the machine too
WORST = 8


def rows(count: int) -> Iterator[dict[str, Any]]:
    for number, document in enumerate(articles(language(), count, seed=11)):
        published = as_text(START + timedelta(minutes=5 * number))
        yield _row(number, document, _planted(number, document.body), published)


def _planted(number: int, body: str) -> str:
    """The text with the words planted in this article, each at another place."""
    words = body.split(" ")
    for every, word in PLANTED.items():
        if number % every == 0:
            words.insert(every * number // 7 % len(words), word)
    return " ".join(words)


def _row(number: int, document: Document, body: str, published: str) -> dict[str, Any]:
    name = _OUTLETS[number % len(_OUTLETS)]
    return {
        "id": f"art_{number}",
        "key": str(number),
        "url": f"https://{name.lower()}.example/{_SECTIONS[number % 12]}/{number}",
        "outlet": name,
        "source": f"{name.lower()}-{_SECTIONS[number % 7]}",
        "title": document.title,
        "lead": document.lead,
        "body": body,
        "author": f"Verslaggever {number * number % 3_001}" if number % 4 else None,
        "section": _SECTIONS[number % 12] if number % 9 else None,
        "language": "nl" if number % 50 else "fr",
        "published": published,
        "published_from": "feed",
        "first_seen": published,
        "partial": 0,
        "revision": 1,
        "text_hash": str(number),
    }


def build(path: Path, count: int) -> None:
    writer = Writer(path, migrations=[migrations])
    every = rows(count)
    while batch := list(islice(every, 500)):
        writer.run(lambda db: _insert(db, batch))
    writer.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "archive.db"
        if not path.exists():
            build(path, count)
        print(f"{count:,} articles, {path.stat().st_size / 1e6:,.0f} MB")
        _searches(path, sys.argv[3:])
        if not sys.argv[3:]:
            _backtest(path)


def _insert(db: Connection, batch: Sequence[dict[str, Any]]) -> None:
    terms = TermStore(db)
    for row in batch:
        terms.add(db.insert("articles", row))


def _searches(path: Path, asked: Sequence[str]) -> None:
    with PACK.open("rb") as file:
        pack = tomllib.load(file)
    concepts = Concepts(pack["concepts"])
    every = [(query, query) for query in asked or QUERIES]
    if not asked:
        every += [(f"concept {name}", f"@{name}") for name in pack["concepts"]]
        every += [(f"rule {rule['id']}", rule["query"]) for rule in pack["rule"]]
    lines = []
    print(f"{'search':<80} {'found':>6} {'ms':>8}")
    for name, query in every:
        taken = []
        for _ in range(RUNS):
            begin = time.perf_counter()
            found = search(open_reader(path), query, concepts=concepts, limit=20)
            taken.append(time.perf_counter() - begin)
        lines.append((min(taken) * 1e3, f"{name:<80} {len(found):>6} {min(taken) * 1e3:>8.1f}"))
        print(lines[-1][1])
    print(f"the worst {WORST} of {len(lines)}:")
    print("\n".join(line for _, line in sorted(lines, reverse=True)[:WORST]))


def _backtest(path: Path) -> None:
    draft = rule_of(id="draft", text="(kalifa* OR baghouz) AND (=IS OR syri*)")
    held = rule_of(id="held", text="kalifaat AND =IS")
    work = Backtest(draft, held, timezone=ZoneInfo("Europe/Amsterdam"))
    begin = time.perf_counter()
    for each in archive.articles(open_reader(path)):
        work.read(each.number, each.document, each.published, each.story)
    took, report = time.perf_counter() - begin, work.report()
    compared = report.comparison
    assert compared is not None
    print(
        f"backtest of a draft beside a rule: {report.articles:,} articles in {took:.1f} s, "
        f"{report.matches:,} match, {compared.won.count:,} won, {compared.lost.count:,} lost"
    )


if __name__ == "__main__":
    helped(__doc__)
    main()
