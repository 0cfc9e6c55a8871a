"""A case holds what was kept of some articles, and can be checked by whoever has nothing else."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from evidence_desk import DAY, EvidenceDesk
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import StoreError
from crawler.evidence import CaseOrder, verify_case, write_case
from crawler.evidence.case import FORMAT, MANIFEST, READABLE
from crawler.evidence.manifest import manifest_text
from crawler.evidence.members import resource
from crawler.store import ArticleStore, Connection, KeptPages


@pytest.fixture
def case(desk: EvidenceDesk) -> Path:
    """Both texts of an article, of which one has the bytes of another article."""
    desk.saved(1, body=b"<p>hetzelfde</p>")
    desk.keep()
    desk.saved(2, body=b"<p>hetzelfde</p>")
    desk.saved(3)
    desk.keep()
    desk.now += DAY
    desk.saved(2, "b")
    desk.saved(4)
    desk.keep()
    return exported(desk, "art_2")


def _members(data: bytes) -> Iterator[bytes]:
    while data:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        unpacker.decompress(data)
        yield data[: len(data) - len(unpacker.unused_data)]
        data = unpacker.unused_data


def exported(desk: EvidenceDesk, *names: str) -> Path:
    target = desk.directory / "case.warc.gz"

    def job(db: Connection) -> None:
        store, kept = ArticleStore(db), KeptPages(db)
        articles = [one for name in names if (one := store.article(name))]
        order = CaseOrder(
            asked="art_2",
            articles=articles,
            pages=kept.of_articles(names),
            original=kept.with_bytes,
        )
        write_case(desk.folder, order, target, desk.now, "test")

    desk.writer.run(job)
    return target


def test_a_case_has_the_records_the_bytes_they_refer_to_and_a_manifest(case: Path) -> None:
    records = [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "")
        for record in ArchiveIterator(io.BytesIO(case.read_bytes()))
    ]
    article = "https://krant.example/nieuws/2"
    assert records == [
        ("warcinfo", ""),
        ("resource", "urn:nieuwswacht:manifest.txt"),
        ("resource", "urn:nieuwswacht:manifest.json"),
        ("response", "https://krant.example/nieuws/1"),
        *((kind, article) for kind in ("revisit", "request", "metadata")),
        *((kind, article) for kind in ("response", "request", "metadata")),
    ]
    text = (case.parent / "case.manifest.txt").read_text("utf-8")
    assert "ARTICLE 1: Brug 2 dicht" in text
    assert "chain    2026-03-29 line 3" in text
    assert "art_3" not in text  # nothing of other articles
    assert b"art_3" not in (case.parent / "case.manifest.json").read_bytes()


def test_the_lines_of_python_in_the_documentation_check_a_case(case: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text("utf-8")
    code = page.split("```python\n")[2].partition("```")[0]

    def checked() -> str:
        words = [sys.executable, "-I", "-W", "ignore", "-c", code]
        done = subprocess.run(words, cwd=case.parent, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    heads = [
        day["head"] for day in json.loads(case.with_name("case.manifest.json").read_text())["days"]
    ]
    assert [line.split()[-1] for line in checked().splitlines()] == heads
    [info, words, said, first, *rest] = _members(case.read_bytes())
    case.write_bytes(b"".join([info, words, said, first[:4] + b"2026" + first[8:], *rest]))
    assert "AssertionError" in checked()


def test_a_case_is_sound_by_itself_and_each_change_of_it_is_found(case: Path) -> None:
    whole = case.read_bytes()
    found = verify_case(case, None)
    assert (found.first, found.records, found.days) == (None, 7, 2)

    for place in range(40, len(whole), 61):
        data = bytearray(whole)
        data[place] ^= 1
        case.write_bytes(data)
        with contextlib.suppress(StoreError):  # its manifest can no longer be read
            assert verify_case(case, None).first is not None or place < 2_000, place
    case.write_bytes(whole[:-20])
    assert verify_case(case, None).first is not None
    case.write_bytes(whole + whole[-200:])
    assert verify_case(case, None).first is not None


def false_words(_manifest: dict[str, Any]) -> None:
    """Only what people read is another text."""


def false_time(manifest: dict[str, Any]) -> None:
    manifest["articles"][0]["pages"][0]["seen"] = "2020-01-01T00:00:00.000000Z"


def false_address(manifest: dict[str, Any]) -> None:
    manifest["articles"][0]["pages"][0]["url"] = "https://elders.example/"


def false_digest(manifest: dict[str, Any]) -> None:
    manifest["articles"][0]["pages"][0]["body_sha256"] = "0" * 64


@pytest.mark.parametrize("forge", [false_words, false_time, false_address, false_digest])
def test_a_manifest_that_says_something_else_than_the_records_is_found(
    case: Path, forge: Callable[[dict[str, Any]], None]
) -> None:
    [info, _, _, *records] = _members(case.read_bytes())
    manifest = json.loads((case.parent / "case.manifest.json").read_text("utf-8"))
    forge(manifest)
    words = "nothing" if forge is false_words else manifest_text(manifest)
    for path in case.parent.glob("case.manifest.*"):
        path.unlink()
    at = manifest["made"]
    false = [
        resource(READABLE, at, "text/plain", words.encode()),
        resource(MANIFEST, at, "application/json", json.dumps(manifest).encode()),
    ]
    case.write_bytes(b"".join([info, *false, *records]))

    assert {each.breach for each in verify_case(case, None).findings} == {"manifest"}


def test_files_beside_a_case_that_say_something_else_are_found(case: Path) -> None:
    (case.parent / "case.manifest.txt").write_text("nothing")

    [found] = verify_case(case, None).findings
    assert found.what == "case.manifest.txt is not what stands in the case"


@pytest.mark.parametrize("days", [None, [{"day": "2026-03-28", "link": "", "lines": [1]}]])
def test_a_manifest_that_says_nothing_is_refused(case: Path, days: object) -> None:
    [info, words, _, *records] = _members(case.read_bytes())
    said = json.dumps({"format": FORMAT, "days": days}).encode()
    made = resource(MANIFEST, "2026-03-28T00:00:00Z", "application/json", said)
    case.write_bytes(b"".join([info, words, made, *records]))

    with pytest.raises(StoreError, match="manifest is damaged"):
        verify_case(case, None)


def test_a_record_that_was_changed_is_not_exported(desk: EvidenceDesk) -> None:
    desk.saved(2)
    desk.keep()
    archive = desk.folder.archive("2026-03-28")
    data = bytearray(archive.read_bytes())
    data[400] ^= 1
    archive.write_bytes(data)

    with pytest.raises(StoreError, match="2026-03-28 line 3 is not what was written"):
        exported(desk, "art_2")
    assert not (desk.directory / "case.warc.gz").exists()


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.warc.gz"
    path.write_bytes(json.dumps({"format": "x"}).encode())

    with pytest.raises(StoreError, match="this is no case"):
        verify_case(path, None)
