"""The manifest of a case as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_CHECK = """\
HOW TO CHECK THIS
  With the program:     nieuwswacht evidence verify FILE.warc.gz
  Without the program:  docs/evidence.md of Nieuwswacht has some lines of Python that do the
                        same, and the command of OpenSSL that checks a stamp (FILE.DAY.tsr).
  What it rests on:     each record is one gzip member of FILE.warc.gz. Its SHA-256 stands in
                        a line of the chain (FILE.manifest.json). Each line is linked to all
                        lines before it. The last link of a day was noted or stamped.

WHAT IT SHOWS
  That Nieuwswacht received these bytes at these addresses, and that none of them was changed
  since the last link of the day was noted or stamped. If nobody else has a note of it, and
  there is no stamp, the keeper of the evidence could have made all of it later.

WHAT IT DOES NOT SHOW
  Who wrote a text, whether it is true, whether the clock of the outlet or of this machine
  was right, and what other visitors were shown. Titles, outlets and addresses of articles
  are what the database said; the address of each page is in its record.
"""


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """The articles, their pages and the days of the chain, and how to check them."""
    return "\n".join([*_head(manifest), *_articles(manifest), *_days(manifest), _CHECK])


def _head(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield "EVIDENCE: WHAT PAGES SAID WHEN THEY WERE READ"
    yield f"  made       {manifest['made']} (UTC) by {manifest['software']}"
    yield f"  asked for  {manifest['asked']}"
    yield ""


def _articles(manifest: Mapping[str, Any]) -> Iterator[str]:
    for number, article in enumerate(manifest["articles"], 1):
        yield f"ARTICLE {number}: {article['title'] or '(its text is no longer kept)'}"
        yield f"  outlet   {article['outlet']}"
        yield f"  address  {article['url']}"
        yield f"  id       {article['id']}"
        for page in article["pages"]:
            yield f"  text {page['revision']}, read {page['seen']} (UTC) from {page['url']}"
            same = " (the same bytes as a record before it)" if page["kind"] == "revisit" else ""
            yield f"    record   {page['record']}{same}"
            yield f"    SHA-256 of the bytes as received  {page['body_sha256']}"
            yield f"    chain    {page['day']} line {page['line']}"
        if not article["pages"]:
            yield "  nothing of it was kept"
        yield ""


def _days(manifest: Mapping[str, Any]) -> Iterator[str]:
    for day in manifest["days"]:
        yield f"DAY {day['day']}: {len(day['lines'])} lines"
        yield f"  goes on from  {day['link']}"
        yield f"  ends with     {day['head']}"
        yield f"  stamp         {'of an authority, see the .tsr file' if day['stamp'] else 'none'}"
        yield ""
