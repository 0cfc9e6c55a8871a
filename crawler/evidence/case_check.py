"""Whether a case is what was written, which needs nothing but its file."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.errors import StoreError
from crawler.evidence.case import FORMAT, MANIFEST, beside_case
from crawler.evidence.chain import ChainLine, digest, link_after
from crawler.evidence.manifest import manifest_text
from crawler.evidence.members import unpacked_member
from crawler.evidence.verification import (
    Breach,
    SeenStamp,
    StampCheck,
    StampError,
    Verification,
)

_GZIP = zlib.MAX_WBITS | 16
# Bytes. Chosen: what is unpacked at once is at most a thousand times as long.
_CHUNK = 16_384
_NO_CASE = StoreError(
    "this is no case of `nieuwswacht evidence export`, or its manifest is damaged"
)


def verify_case(path: Path, check_stamp: StampCheck | None) -> Verification:
    """Whether every record of a case is one that the chain in it has, and every link follows.

    The manifest has to say the same as its lines and records, in the case and beside it.

    Raises:
        StoreError: this is no case.
    """
    members = list(_members(path.read_bytes()))
    manifest = _manifest(members)
    try:
        return _verified(path, members, manifest, check_stamp)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _NO_CASE from error


def _verified(
    path: Path,
    members: Sequence[bytes],
    manifest: Mapping[str, Any],
    check_stamp: StampCheck | None,
) -> Verification:
    found, expected = Verification(), list[tuple[str, int, Mapping[str, Any]]]()
    _check_readable(found, path, members, manifest)
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
    places = [(day, n) for day, n, _ in expected]
    _check_pages(found, manifest, dict(zip(places, records, strict=False)))
    return found


def _check_readable(
    found: Verification, path: Path, members: Sequence[bytes], manifest: Mapping[str, Any]
) -> None:
    """Whether what people read is what the manifest says, in the case and beside it."""
    text = manifest_text(manifest).encode()
    if _block(members[1]) != text:
        found.find("", 0, Breach.MANIFEST, "the manifest for people is not what was written")
    for suffix, whole in ((".manifest.txt", text), (".manifest.json", _block(members[2]))):
        beside = beside_case(path, suffix)
        if beside.exists() and beside.read_bytes() != whole:
            found.find("", 0, Breach.MANIFEST, f"{beside.name} is not what stands in the case")


def _check_pages(
    found: Verification, manifest: Mapping[str, Any], records: Mapping[tuple[str, int], bytes]
) -> None:
    """Whether the manifest says of each page what its line and its record say."""
    entries = {
        (day["day"], n): line for day in manifest["days"] for n, line in enumerate(day["lines"], 1)
    }
    for article in manifest["articles"]:
        for page in article["pages"]:
            place = (page["day"], page["line"])
            line = ChainLine("", entries[place]).fields
            said = {**page, "id": page["record"], "payload": page["body_sha256"]}
            said["article"] = article["id"]
            names = ("kind", "id", "article", "revision", "seen", "payload")
            same = all(said[name] == line.get(name) for name in names)
            url = f"\r\nWARC-Target-URI: {page['url']}\r\n".encode()
            if not same or url not in _head(records.get(place, b"")):
                what = "the manifest does not say what its line and its record say"
                found.find(*place, Breach.MANIFEST, what)


def _head(member: bytes) -> bytes:
    return (unpacked_member(member) or b"").partition(b"\r\n\r\n")[0] + b"\r\n"


def _block(member: bytes) -> bytes:
    block = (unpacked_member(member) or b"").partition(b"\r\n\r\n")[2]
    return block.removesuffix(b"\r\n\r\n")


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
        if f"WARC-Target-URI: {MANIFEST}".encode() in _head(member):
            try:
                found = json.loads(_block(member))
            except (ValueError, RecursionError):
                break
            if isinstance(found, dict) and found.get("format") == FORMAT:
                return found
    raise _NO_CASE


def _members(data: bytes) -> Iterator[bytes]:
    """The gzip members of a file; what cannot be read is the last one."""
    at = 0
    while at < len(data):
        end = _member_end(data, at)
        yield data[at:end]
        at = end


def _member_end(data: bytes, begin: int) -> int:
    unpacker = zlib.decompressobj(_GZIP)
    for at in range(begin, len(data), _CHUNK):
        try:
            unpacker.decompress(data[at : at + _CHUNK])
        except zlib.error:
            break
        if unpacker.eof:
            return min(at + _CHUNK, len(data)) - len(unpacker.unused_data)
    return len(data)
