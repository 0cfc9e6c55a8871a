"""What reading an article from a page costs, compared with trafilatura alone on the same page.

The pages are those of the tests, as saved and with what makes real ones heavy: inline data, styles
and a menu. Target: at most 1.1 times trafilatura (docs/architecture.md, "What a page costs").
"""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trafilatura

from crawler.model import FeedEntry, Source, SourceKind
from crawler.pages.extract import extract_article
from crawler.pages.walls import Page, wall_of

PAGES = Path(__file__).parent.parent / "tests" / "crawler" / "pages"
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
URL = "https://krant.example/buitenland/kop-van-een-artikel"
ROUNDS = 15
SOURCE = Source(
    id="krant",
    outlet="Krant",
    kind=SourceKind.FEED,
    url="https://krant.example/rss.xml",
    every=timedelta(minutes=5),
)
MENU = "".join(f'<li class="menu-item"><a href="/{n}">Rubriek {n}</a></li>' for n in range(300))
DATA = ",".join(f'"k{n}":"{n * 7919}"' for n in range(5_000))
STYLES = "".join(f".c{n}{{margin:{n}px}}" for n in range(3_000))
WEIGHT = (
    f"<nav class='main'><ul>{MENU}</ul></nav>"
    f"<script>window.__DATA__={{{DATA}}}</script><style>{STYLES}</style>"
).encode()


def read(html: bytes) -> None:
    """Do what the crawl does with a page once it has its bytes."""
    wall = wall_of(Page(url=URL, body=html))
    extract_article(
        html,
        url=URL,
        entry=FeedEntry(url=URL, title="Kop"),
        source=SOURCE,
        now=NOW,
        walled=wall is not None,
    )


def milliseconds(function: Callable[[bytes], object], pages: list[bytes]) -> float:
    """CPU time per page, the median of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for page in pages:
            function(page)
        rounds.append((time.process_time() - start) / len(pages))
    return 1_000 * statistics.median(rounds)


def main() -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)  # trafilatura reports each page without text
    saved = [path.read_bytes() for path in sorted(PAGES.glob("*/*/page.html"))]
    heavy = [page.replace(b"</body>", WEIGHT + b"</body>") for page in saved]
    print(f"{'pages':24}{'kB':>6}{'trafilatura':>14}{'ours':>10}{'ratio':>8}")
    for name, pages in (("as saved", saved), ("with a site's weight", heavy)):
        ours, bare = milliseconds(read, pages), milliseconds(trafilatura.extract, pages)
        size = statistics.mean(map(len, pages)) / 1_000
        print(f"{name:24}{size:6.0f}{bare:11.2f} ms{ours:7.2f} ms{ours / bare:8.2f}")


if __name__ == "__main__":
    main()
