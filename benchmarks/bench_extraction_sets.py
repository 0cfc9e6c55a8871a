"""How well articles are read from pages of public sets, compared with trafilatura on the same page.

    python benchmarks/bench_extraction_sets.py [--worst N] PATH [PATH...]

A PATH is a checkout of one of the sets in `extraction_sets.py`. It prints for each set, ours and
trafilatura's: F1 of the text (of runs of four words, or of the parts that people named), the shares
of titles, authors and dates that are right, the pages on which one is worse by more than .3, and
how many flags `partial` are wrong: those of articles whose text is all there. It is not, however
much people wrote out, where the page is closed and says that it has twice as many words. What a
feed would say of an article is not given to either. `--worst` lists the pages on which ours is
worse.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trafilatura
from extraction_sets import SetPage, pages_of

from crawler.errors import PageError
from crawler.model import Article, DateOrigin, FeedEntry, Source, SourceKind
from crawler.pages.extract import extract_page
from crawler.pages.walls import Page, wall_of
from crawler.text.comparable import comparable
from crawler.text.decoding import text_of
from crawler.text.invisible import UNREAD
from crawler.text.plain import plain_text

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SOURCE = Source(
    id="set",
    outlet="Set",
    kind=SourceKind.FEED,
    url="https://set.example/rss.xml",
    every=timedelta(minutes=5),
)
RUN = 4  # words, as scrapinghub's own benchmark counts
FAR = 0.3  # of F1: from here on a page is worse
WHOLE = 0.9  # of the runs of people's text: from here on a text is all there
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")  # those scripts have no spaces
UNSEEN = re.compile(f"[{UNREAD}]")
CLOSED = re.compile(rb'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
COUNTED = re.compile(rb'"wordCount"\s*:\s*"?(\d+)')
CUT = re.compile(r"(?:\.\.\.|…)\W*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read from a page, "" for what was not found."""

    text: str = ""
    title: str = ""
    author: str = ""
    date: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the runs or parts of a text: those found rightly, wrongly, and not at all."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """Their F1; 1 if there was nothing to find and nothing was found."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed) if self else 1.0

    @property
    def recall(self) -> float:
        """The share of what was to be found."""
        return self.right / max(1, self.right + self.missed)

    def __bool__(self) -> bool:
        return bool(self.right or self.wrong or self.missed)


@dataclass(frozen=True, slots=True)
class Result:
    """A page with what both found on it."""

    page: SetPage
    ours: Found
    theirs: Found
    counts: tuple[Counts, Counts]

    @property
    def behind(self) -> float:
        """By how much ours is worse; negative if it is better."""
        return self.counts[1].f1 - self.counts[0].f1

    @property
    def wrong_flag(self) -> bool:
        """Whether the text is called partial although it is as whole as people have it."""
        return (
            self.ours.partial
            and self.counts[0].recall >= WHOLE
            and not CUT.search(self.page.text or self.ours.text)
            and not withheld(self.page)
        )


def withheld(page: SetPage) -> bool:
    """Whether people wrote out what a wall leaves: by what the page says of itself."""
    html = page.html
    words = max(map(int, COUNTED.findall(html)), default=0)
    return bool(CLOSED.search(html)) and words >= 2 * len(WORD.findall(page.text)) > 0


def our(page: SetPage) -> Found:
    """What the crawl reads from the page, without a feed."""
    html = page.html
    try:
        article = extract_page(
            html,
            url=page.url,
            entry=FeedEntry(url=page.url),
            source=SOURCE,
            now=NOW,
            walled=wall_of(Page(url=page.url, body=html)) is not None,
        ).article
    except PageError:
        return Found()
    return Found(
        text=_text(article, html),
        title=article.title,
        author=article.author or "",
        date="" if article.published_from is DateOrigin.FIRST_SEEN else str(article.published),
        partial=article.partial,
    )


def _text(article: Article, html: bytes) -> str:
    """The body, with the lead if the page shows it: people copied no description from the head."""
    page = text_of(html)
    shown = "".join(comparable(plain_text(page[max(0, page.find("<body")) :])).split())
    lead = [
        part for part in article.lead.split("\n\n") if "".join(comparable(part).split()) in shown
    ]
    return "\n\n".join((*lead, article.body))


def their(page: SetPage) -> Found:
    """What trafilatura reads from the page."""
    found = trafilatura.bare_extraction(
        page.html, url=page.url, include_comments=False, with_metadata=True
    )
    if found is None:
        return Found()
    assert not isinstance(found, dict)
    return Found(
        text=found.text or "",
        title=found.title or "",
        author=found.author or "",
        date=found.date or "",
    )


def counts(page: SetPage, text: str) -> Counts:
    """How the text compares with what people found on the page."""
    if page.has or page.lacks:
        flat = " ".join(text.split())
        right = sum(" ".join(part.split()) in flat for part in page.has)
        wrong = sum(" ".join(part.split()) in flat for part in page.lacks)
        return Counts(right, wrong, len(page.has) - right)
    told, found = _runs(page.text), _runs(text)
    right = (told & found).total()
    return Counts(right, found.total() - right, told.total() - right)


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(unicodedata.normalize("NFKC", UNSEEN.sub("", text)).lower())
    if len(words) < RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(RUN)), strict=False))


def result(page: SetPage) -> Result:
    """What both read from the page."""
    logging.disable(logging.CRITICAL)  # trafilatura reports each page without text
    ours, theirs = our(page), their(page)
    return Result(page, ours, theirs, (counts(page, ours.text), counts(page, theirs.text)))


def f1(results: Sequence[Result], side: int) -> float:
    """The mean of the pages; of parts, that of all parts together, as their set counts."""
    all_counts = [one.counts[side] for one in results]
    if not results[0].page.has:
        return statistics.mean(one.f1 for one in all_counts)
    return Counts(
        sum(one.right for one in all_counts),
        sum(one.wrong for one in all_counts),
        sum(one.missed for one in all_counts),
    ).f1


def share(pairs: Iterable[tuple[str, str]], *, field: str) -> str:
    """The share of what people wrote down that was found, "-" if they wrote nothing."""
    told = [(truth, found) for truth, found in pairs if truth]
    if not told:
        return "-"
    return f"{sum(_same(truth, found, field) for truth, found in told) / len(told):.2f}"


def _same(truth: str, found: str, field: str) -> bool:
    if field == "date":
        return truth[:10] == found[:10]
    wanted, words = (set(WORD.findall(text.lower())) for text in (truth, found))
    if field == "author":  # some name all, some the first: half of the words of either
        return 2 * len(wanted & words) >= max(1, min(len(wanted), len(words)))
    return wanted == words


def row(name: str, results: Sequence[Result]) -> str:
    """The line of a set."""
    worse = sum(one.behind > FAR for one in results)
    better = sum(one.behind < -FAR for one in results)
    shares = [
        share(((getattr(r.page, field), getattr(found(r), field)) for r in results), field=field)
        for field in ("title", "author", "date")
        for found in (lambda r: r.ours, lambda r: r.theirs)
    ]
    flags = sum(one.ours.partial for one in results)
    wrong = sum(one.wrong_flag for one in results)
    return (
        f"{name:20}{len(results):6}{f1(results, 0):7.3f}{f1(results, 1):7.3f}{worse:7}{better:7}  "
        + "".join(f"{one:>6}" for one in shares)
        + f"{flags:8}{wrong:6}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--worst", type=int, default=0, metavar="N")
    options = parser.parse_args()
    print(f"{'':26}{'F1':>14}{'worse by .3':>14}  {'title':>12}{'author':>12}{'date':>12}  partial")
    sides = f"{'ours':>6}{'theirs':>6}"
    print(f"{'set':20}{'pages':>6}{'ours':>7}{'theirs':>7}{'ours':>7}{'theirs':>7}  {sides * 3}"
          f"{'flags':>8}{'wrong':>6}")  # fmt: skip  # two lines of one head
    everything: list[Result] = []
    with ProcessPoolExecutor(2) as workers:
        for path in options.paths:
            name, pages = pages_of(path)
            if not name:
                sys.exit(f"{path}: no set that is known here")
            results = list(workers.map(result, pages, chunksize=4))
            everything += results
            print(row(name, results), flush=True)
    worse = sorted(everything, key=lambda one: one.behind, reverse=True)
    for one in worse[: options.worst]:
        ours, theirs = (one.f1 for one in one.counts)
        print(f"{ours:.2f} {theirs:.2f} {one.page.file} {one.page.url}")
    print(f"pages worse by more than {FAR}: {sum(one.behind > FAR for one in everything)}")


if __name__ == "__main__":
    main()
