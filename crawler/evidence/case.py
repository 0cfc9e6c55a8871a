"""A case: the pages of some articles in one web archive, with the proof that the chain has them."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import StoreError
from crawler.evidence.chain import ChainLine, LineKind, digest, link_after, moment
from crawler.evidence.day_files import DayFolder
from crawler.evidence.manifest import manifest_text
from crawler.evidence.members import resource, unpacked_member, warcinfo
from crawler.evidence.verification import (
    Breach,
    SeenStamp,
    StampCheck,
    StampError,
    Verification,
)
from crawler.model import Article
from crawler.store.evidence.kept_pages import KeptPage

FORMAT = "nieuwswacht-evidence 1"
_MANIFEST = "urn:nieuwswacht:manifest.json"
_READABLE = "urn:nieuwswacht:manifest.txt"
_GZIP = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOrder:
    """What is to go into a case: articles and their pages, as somebody `asked` for them.

    `original` gives the pages with these bytes, of which the first has them and others refer to it.
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
    lines = {day: folder.lines(day) for day in _days(order)}
    chosen = _chosen(order, lines)
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
        resource(_READABLE, at, "text/plain; charset=utf-8", text.encode()),
        resource(_MANIFEST, at, "application/json", whole.encode()),
        *records,
    ]
    draft = target.with_name(f".{target.name}.draft")
    draft.write_bytes(b"".join(parts))
    stem = target.name.removesuffix(".gz").removesuffix(".warc")
    target.with_name(f"{stem}.manifest.txt").write_text(text, "utf-8")
    target.with_name(f"{stem}.manifest.json").write_text(whole, "utf-8")
    for day in lines:
        if (stamp := folder.stamp(day)).exists():
            target.with_name(f"{stem}.{day}.tsr").write_bytes(stamp.read_bytes())
    draft.replace(target)
    return manifest


def _days(order: CaseOrder) -> list[str]:
    originals = (page for one in order.pages for page in order.original(one.payload)[:1])
    return sorted({page.day for page in (*order.pages, *originals)})


def _chosen(order: CaseOrder, lines: Mapping[str, Sequence[ChainLine]]) -> list[tuple[str, int]]:
    """The lines whose records go into the case: of each page its answer, request and metadata."""
    chosen = set[tuple[str, int]]()
    for page in order.pages:
        chosen.add((page.day, page.n))
        for fields in (line.fields for line in lines[page.day][page.n :]):
            if fields.get("kind") not in {LineKind.REQUEST, LineKind.METADATA}:
                break
            chosen.add((page.day, int(fields["n"])))
        chosen |= {(first.day, first.n) for first in order.original(page.payload)[:1]}
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


def verify_case(path: Path, check_stamp: StampCheck | None) -> Verification:
    """Whether every record of a case is one that the chain in it has, and every link follows.

    Raises:
        StoreError: this is no case.
    """
    members = list(_members(path.read_bytes()))
    manifest = _manifest(members)
    found, expected = Verification(), list[tuple[str, int, Mapping[str, Any]]]()
    for day in manifest["days"]:
        expected += _checked_day(found, day)
        _check_case_stamp(found, day, check_stamp)
    records = members[3:]
    for place, (day, n, fields) in enumerate(expected):
        found.records += 1
        if place >= len(records):
            found.find(day, n, Breach.CUT, "its record is not there")
        elif digest(records[place]) != fields.get("sha256"):
            found.find(day, n, Breach.RECORD, f"its record ({fields.get('id')}) was changed")
    if len(records) > len(expected):
        found.find("", 0, Breach.SURPLUS, "records follow that belong to no line")
    return found


def _checked_day(
    found: Verification, day: Mapping[str, Any]
) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Yield the lines of a day whose records should be there.

    Notes if the links of its lines do not lead to its head.
    """
    name, link = str(day["day"]), str(day["link"])
    for n, line in enumerate(day["lines"], 1):
        shown = line.startswith("{")
        link = link_after(link, digest(line.encode()) if shown else line)
        fields = ChainLine("", line).fields if shown else {}
        if shown and fields.get("n") != n:
            found.find(name, n, Breach.ORDER, f"here should be line {n}")
        if fields:
            yield name, n, fields
    if link != day["head"]:
        found.find(name, 0, Breach.HEAD, "its lines do not lead to the link with which it ends")
    found.days += 1
    found.lines += len(day["lines"])
    found.head_day, found.head = name, str(day["head"])


def _check_case_stamp(
    found: Verification, day: Mapping[str, Any], check: StampCheck | None
) -> None:
    name = str(day["day"])
    if not day.get("stamp"):
        found.stamps.append(SeenStamp(name, None, "no stamp"))
    elif check is None:
        found.stamps.append(SeenStamp(name, None, "not checked"))
    else:
        try:
            at = check(base64.b64decode(day["stamp"]), str(day["head"]))
        except (StampError, binascii.Error) as error:
            found.stamps.append(SeenStamp(name, None, str(error)))
            found.find(name, 0, Breach.STAMP, f"its stamp: {error}")
        else:
            found.stamps.append(SeenStamp(name, at))


def _manifest(members: Sequence[bytes]) -> dict[str, Any]:
    for member in members[2:3]:
        head, _, block = (unpacked_member(member) or b"").partition(b"\r\n\r\n")
        if f"WARC-Target-URI: {_MANIFEST}".encode() in head:
            try:
                found = json.loads(block.removesuffix(b"\r\n\r\n"))
            except ValueError:
                break
            if isinstance(found, dict) and found.get("format") == FORMAT:
                return found
    raise StoreError("this is no case of `nieuwswacht evidence export`, or its manifest is damaged")


def _members(data: bytes) -> Iterator[bytes]:
    """The gzip members of a file; what cannot be read is the last one."""
    while data:
        unpacker = zlib.decompressobj(_GZIP)
        try:
            unpacker.decompress(data)
        except zlib.error:
            yield data
            return
        size = len(data) - len(unpacker.unused_data)
        yield data[:size]
        data = data[size:] if unpacker.eof else b""
