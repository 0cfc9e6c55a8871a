"""A case: the pages of some articles in one web archive, with the proof that the chain has them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from crawler.errors import StoreError
from crawler.evidence.chain import ChainLine, LineKind, digest, moment
from crawler.evidence.day_files import DayFolder
from crawler.evidence.manifest import manifest_text
from crawler.evidence.members import resource, warcinfo
from crawler.evidence.page_lines import has_bytes
from crawler.frozen import dataclass
from crawler.model import Article
from crawler.store.evidence.kept_pages import KeptPage

FORMAT = "nieuwswacht-evidence 1"
MANIFEST = "urn:nieuwswacht:manifest.json"
READABLE = "urn:nieuwswacht:manifest.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOrder:
    """What is to go into a case: articles and their pages, as somebody `asked` for them.

    `original` gives the pages with these bytes; the first that has them is what others refer to.
    """

    asked: str
    articles: Sequence[Article]
    pages: Sequence[KeptPage]
    original: Callable[[str], Sequence[KeptPage]]


def write_case(
    folder: DayFolder, order: CaseOrder, target: Path, now: datetime, software: str
) -> dict[str, Any]:
    """Write the case to this file, and its manifest beside it for people; returns the manifest.

    Raises:
        StoreError: a record is not what was written, so it would prove nothing.
    """
    originals = _originals(folder, order)
    days = sorted({page.day for page in (*order.pages, *originals)})
    lines = {day: folder.lines(day) for day in days}
    chosen = _chosen(order, originals, lines)
    records = [_record(folder, day, n, lines[day]) for day, n in chosen]
    manifest = {
        "format": FORMAT,
        "made": moment(now),
        "software": software,
        "asked": order.asked,
        "articles": [_article(one, order, lines) for one in order.articles],
        "days": [_day(folder, day, found, chosen) for day, found in lines.items()],
    }
    text = manifest_text(manifest)
    whole = json.dumps(manifest, ensure_ascii=False, indent=1)
    at = moment(now)
    parts = [
        warcinfo(target.name, at, software).data,
        resource(READABLE, at, "text/plain; charset=utf-8", text.encode()),
        resource(MANIFEST, at, "application/json", whole.encode()),
        *records,
    ]
    draft = target.with_name(f".{target.name}.draft")
    draft.write_bytes(b"".join(parts))
    beside_case(target, ".manifest.txt").write_text(text, "utf-8")
    beside_case(target, ".manifest.json").write_text(whole, "utf-8")
    for day in lines:
        if (stamp := folder.stamp(day)).exists():
            beside_case(target, f".{day}.tsr").write_bytes(stamp.read_bytes())
    draft.replace(target)
    return manifest


def beside_case(case: Path, suffix: str) -> Path:
    """A file that stands beside a case under its name."""
    stem = case.name.removesuffix(".gz").removesuffix(".warc")
    return case.with_name(f"{stem}{suffix}")


def _originals(folder: DayFolder, order: CaseOrder) -> list[KeptPage]:
    """The pages that have the bytes, where they are not gone."""
    lines = cache(folder.lines)
    found = (
        next((one for one in order.original(payload) if has_bytes(lines(one.day), one)), None)
        for payload in {page.payload for page in order.pages}
    )
    return [page for page in found if page]


def _chosen(
    order: CaseOrder, originals: Sequence[KeptPage], lines: Mapping[str, Sequence[ChainLine]]
) -> list[tuple[str, int]]:
    """The lines whose records go into the case: of each page its answer, request and metadata."""
    chosen = {(first.day, first.n) for first in originals}
    for page in order.pages:
        chosen.add((page.day, page.n))
        for fields in (line.fields for line in lines[page.day][page.n :]):
            if fields.get("kind") not in {LineKind.REQUEST, LineKind.METADATA}:
                break
            chosen.add((page.day, int(fields["n"])))
    return sorted(chosen)


def _record(folder: DayFolder, day: str, n: int, lines: Sequence[ChainLine]) -> bytes:
    fields = lines[n - 1].fields if n <= len(lines) else {}
    data = folder.read(day, fields.get("offset", 0), fields.get("length", 0))
    if not data or digest(data) != fields.get("sha256"):
        raise StoreError(
            f"the record of {day} line {n} is not what was written: see `nieuwswacht evidence "
            "verify`"
        )
    return data


def _article(
    article: Article, order: CaseOrder, lines: Mapping[str, Sequence[ChainLine]]
) -> dict[str, Any]:
    pages = [page for page in order.pages if page.article == article.id]
    return {
        "id": article.id,
        "url": article.url,
        "outlet": article.outlet,
        "title": article.title,
        "pages": [
            {
                "day": page.day,
                "line": page.n,
                "kind": str(lines[page.day][page.n - 1].fields.get("kind")),
                "revision": page.revision,
                "seen": page.seen,
                "url": page.url,
                "record": page.record,
                "body_sha256": page.payload,
            }
            for page in pages
        ],
    }


def _day(
    folder: DayFolder, day: str, lines: Sequence[ChainLine], chosen: Collection[tuple[str, int]]
) -> dict[str, Any]:
    """The chain of a day: of records in the case what their lines say, of others the digest."""
    stamp = folder.stamp(day)
    return {
        "day": day,
        "link": lines[0].fields.get("link"),
        "head": lines[-1].link,
        "lines": [
            line.entry if (day, n) in chosen else digest(line.entry.encode())
            for n, line in enumerate(lines, 1)
        ],
        "stamp": base64.b64encode(stamp.read_bytes()).decode() if stamp.exists() else None,
    }
